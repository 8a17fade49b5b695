"""A language model that does all it can to mislead; each `lie_…` makes one kind of wrong sentence."""

from collections.abc import Iterator

from tests.doubles.lies.around import Around
from tests.doubles.lies.claims import Claims
from tests.doubles.lies.figures import Figures
from tests.doubles.lies.measures import Measures
from tests.doubles.lies.partly import Partly
from tests.doubles.lies.sources import Sources
from tests.doubles.lies.words import Words
from tests.doubles.lies.writing import Written
from tests.doubles.prompt import Prompt


class Hostile(Figures, Written, Words, Partly, Measures, Claims, Sources, Around):
    """Twelve kinds of lie a draft, by the sentence."""


class Endless(Hostile):
    """Writes on and on, until it is stopped."""

    def write(self, prompt: Prompt) -> Iterator[str]:
        for _ in range(400):
            yield from super().write(prompt)
