"""Figures that one filing tells in two ways: neither is shown without the other."""

import re
from collections.abc import Sequence
from operator import attrgetter

from core.korean import particle
from core.model import AnswerFigure, Evidence, Figure, Level
from core.rag.language.wording import period_words, source_number

_CELL = attrgetter("rcept_no", "table", "row_no", "column_no")
_MEANS = attrgetter("rcept_no", "period", "basis", "unit", "segment")
_SALES = re.compile(r"^수익\((매출액)\)")
_PARENTHESES = re.compile(r"\([^)]*\)|\s")


def rivals(figure: Figure, found: Sequence[Figure]) -> list[Figure]:
    """What else the filing says of a disputed figure, in the order of `found`; none of any other."""
    return [other for other in found if other != figure and contradict(figure, other)]


def contradict(one: Figure, other: Figure) -> bool:
    """One cell read two ways, or one line of a statement with two values."""
    if not (one.disputed and other.disputed):
        return False
    if _CELL(one) == _CELL(other):
        return True
    return _MEANS(one) == _MEANS(other) and one.value != other.value and _line(one) == _line(other)


def belong(one: AnswerFigure, other: AnswerFigure) -> bool:
    return one.source is not None and other.source is not None and contradict(one.source, other.source)


def _line(figure: Figure) -> str:
    return _PARENTHESES.sub("", _SALES.sub(r"\1", figure.account))


def disputed_sentence(group: Sequence[AnswerFigure], evidence: Sequence[Evidence], level: Level) -> str:
    """Every value that the filing gives, with its place; none is called the right one."""
    company = next(e.filing.corp_name for e in evidence if group[0].cells[0] in e.figures)
    said = []
    for shown in group:
        basis = f"{shown.basis} 기준 " if shown.basis else ""
        when = period_words(shown.period, level)
        said.append(f"{when} {basis}{shown.text}({_place(shown)}) [{source_number(shown, evidence)}]".strip())
    what = particle(group[0].label, "은/는")
    beginner = level is Level.BEGINNER
    if len(group) == 1:
        ending = (
            "다른 값도 적혀 있어 확실하지 않아요" if beginner else "다른 값도 적혀 있어 확정할 수 없습니다"
        )
        return f"{company}의 {what} {said[0]}인데, 같은 공시에 {ending}."
    ending = "한 숫자로 말할 수 없어요" if beginner else "하나로 확정할 수 없습니다"
    values = ", ".join(said)
    return f"{company}의 {what} 같은 공시 안에 서로 다르게 적혀 있어 {ending}: {values}."


def _place(shown: AnswerFigure) -> str:
    """`요약재무정보, 표 7 ‘매출액’ 행`; of one cell read two ways also which reading."""
    source = shown.source
    if source is None:
        return ""
    told = {"xbrl": "의 XBRL 표시", "fnltt": ", OpenDART 재무제표"}.get(source.origin, "")
    section = source.section.split(" > ")[-1].lstrip("0123456789-. ")
    table = f"표 {source.table} " if source.table else ""
    return f"{section}, {table}‘{source.row}’ 행{told}"
