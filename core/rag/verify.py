"""Nothing unsupported reaches a reader: numbers bound to cited sources, citations that exist.

A number of a sentence must stand in a source the sentence cites, or be one of the answer's figures.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.model import AnswerFigure, Citation, Evidence

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_CITED = re.compile(r"\[(\d{1,2})\]")
# After a sentence's full stop; `6. 전환` is a number and `… 늘었다. [1]` one sentence with its source.
_SENTENCES = re.compile(r"(?<=[가-힣\]]\.)\s+(?!\[)(?=\S)")
_LIST_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Verified:
    text: str
    citations: Sequence[Citation]
    dropped: int


def supported(sentence: str, evidence: Sequence[Evidence], figures: Sequence[AnswerFigure]) -> bool:
    """Whether every number of the sentence stands in what it cites or in the answer's figures."""
    cited = {int(n) for n in _CITED.findall(sentence)}
    known = {piece.n: piece for piece in evidence}
    if not cited <= known.keys():
        return False
    said = _numbers(_LIST_MARK.sub("", _CITED.sub("", sentence)))
    if not said:
        return True
    if not cited:
        return False
    allowed: set[str] = set()
    for n in cited:
        piece = known[n]
        allowed |= _numbers(f"{piece.text} {piece.quote} {piece.section} {piece.filing.report_nm}")
    for figure in figures:
        allowed |= _numbers(f"{figure.text} {figure.formula or ''} {_period(figure.period)}")
        allowed.add(str(abs(figure.value)))
        for cell in figure.cells:
            allowed |= _numbers(f"{cell.cell} {cell.row} {cell.column} {cell.table} {_period(cell.period)}")
    return said <= allowed


def verify(draft: str, evidence: Sequence[Evidence], figures: Sequence[AnswerFigure]) -> Verified:
    """The draft without its unsupported sentences, and the sources it still cites."""
    kept: list[str] = []
    dropped = 0
    for line in draft.splitlines():
        sentences = _SENTENCES.split(line)
        good = [s for s in sentences if supported(s, evidence, figures)]
        dropped += len(sentences) - len(good)
        if good or not line.strip():
            kept.append(" ".join(good))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    used = {int(n) for n in _CITED.findall(text)}
    citations = [Citation(e.n, e.filing, e.section, e.quote) for e in evidence if e.n in used]
    return Verified(text, citations, dropped)


def _numbers(text: str) -> set[str]:
    """Numbers as written, thousands separators and leading zeros aside."""
    return {n.replace(",", "").lstrip("0") or "0" for n in _NUMBER.findall(text)}


def _period(period: str | None) -> str:
    """The year and months that wording.period_words says of a period."""
    if not period or "." not in period:
        return period or ""
    if "~" in period:
        return period.replace("~", " ").replace(".", " ")
    year, month = period[:4], int(period[5:7])
    return f"{year} {month} 1 3 {max(month - 2, 1)}"
