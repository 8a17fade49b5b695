"""What stands below a table of a row marked (*) or (*2): `(*) 통상임금 판결로 인한 …`."""

import re
from collections.abc import Iterable
from itertools import dropwhile, takewhile

MARK = re.compile(r"\(\*\d{0,2}\)")
_NOTE = re.compile(r"(?=\(\*\d{0,2}\))")


def notes_below(text: str, quotes: Iterable[str]) -> list[str]:
    """The notes of rows quoted from a section's text, which say why a number is as it is."""
    lines, found = [line for line in text.splitlines() if line.strip()], []
    for quote in dict.fromkeys(quotes):
        marks = tuple(MARK.findall(quote.split("|")[0]))
        at = next((n for n, line in enumerate(lines) if quote and quote in line), len(lines))
        below = dropwhile(lambda line: line.startswith("|"), lines[at:])
        for line in takewhile(MARK.match, below):
            found += [note.strip() for note in _NOTE.split(line) if marks and note.startswith(marks)]
    return found
