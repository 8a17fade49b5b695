"""Words of a text without the particles at their ends."""

import re

SHORTEST = 2  # letters of a name
_PARTICLES = re.compile(
    r"(?:으로부터|로부터|에게서|한테서|에서는|에서의|에서|에게|한테|까지|부터|보다|이라는|라는|이며|이고|이나|이랑|랑|하고"
    r"|으로|로|은|는|이|가|을|를|의|와|과|도|만|에|인|측|등|및|께|쪽|이?요|이야|인가요)$"
)


def stems_of(run: str) -> list[str]:
    """The run and what is left of it without particles, longest first."""
    found = [run]
    while (end := _PARTICLES.search(run)) and end.start() >= SHORTEST:
        run = run[: end.start()]
        found.append(run)
    return found


def without_particles(word: str) -> str:
    """Without the particles at its end."""
    while found := _PARTICLES.search(word):
        word = word[: found.start()]
    return word
