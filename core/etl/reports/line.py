"""A line of a report's first page, and the words by which reports say what became of an opinion."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_CHANGE_WORDS = {
    "유지": r"유지|maintain(?:ed)?|reiterated?|unchanged|no\s*change",
    "상향": r"상향(?:\s*조정)?|인상|upgraded?|raised?|up",
    "하향": r"하향(?:\s*조정)?|인하|downgraded?|cut|lowered|down",
    "신규": r"신규(?:\s*(?:편입|제시|커버리지))?|재개|initiated?|new|resumed?",
}
CHANGE = rf"(?:{'|'.join(_CHANGE_WORDS.values())})(?![가-힣A-Za-z])"
# after a rating or a price: `(유지)`, `[상향]`, ` Maintain`
SAID_AFTER = rf"(?:\s*(?:[(\[（]\s*)?(?P<change>{CHANGE})[)\]）]?)?"
LABELS = {
    "target": r"(?:목표\s*주가|적정\s*주가|목표\s*가격?|target\s*price|price\s*target|fair\s*value|\bT/?P\b)",
    "rating": r"(?:투자\s*의견|투자\s*등급|\brating\b|recommendation)",
}
EARLIER = r"(?:기존|종전|직전|이전|변경\s*전|\bprevious|\bprior|\bold)"
_ALONE = re.compile(
    rf"\W*(?:(?:{EARLIER}\s*)?{LABELS['target']}|{LABELS['rating']})\s*(?:\([^()]{{0,20}}\))?\W*",
    re.IGNORECASE,
)

_BARE = re.compile(r"[\d,.\s]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a table's row with its cells joined by ` | `; `size` is its font's."""

    text: str
    page: int | None = 1
    size: float = 0.0


def change_word(text: str | None) -> str | None:
    """유지, 상향, 하향 or 신규 for whichever word says so."""
    for word, pattern in _CHANGE_WORDS.items():
        if text and re.fullmatch(pattern, text.strip(), re.IGNORECASE):
            return word
    return None


def label_over_value(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """`목표주가 | 85,000원` for a table that has its labels in one row and their values in the next.

    Not where numbers go on below: a history or a list of peers.
    """
    for place, (above, below) in enumerate(pairwise(rows)):
        after = rows[place + 2] if place + 2 < len(rows) else ()
        for column, (label, value) in enumerate(zip(above, below, strict=False)):
            goes_on = column < len(after) and any(c.isdigit() for c in after[column])
            if len(above) == len(below) and _ALONE.fullmatch(label) and not goes_on:
                yield f"{label} | {value}"


def with_values_below(lines: Sequence[Line]) -> Iterator[Line]:
    """Labels that stand alone get the line under them, where boxes of key facts have their values.

    Not where bare numbers go on: a chart's legend stands over the numbers of its axis.
    """
    for place, line in enumerate(lines):
        axis = all(_BARE.fullmatch(below.text) for below in lines[place + 1 : place + 3])
        if place + 1 < len(lines) and not axis and len(line.text) < 40 and _ALONE.fullmatch(line.text):
            yield Line(f"{line.text} {lines[place + 1].text}", line.page, line.size)
        else:
            yield line
