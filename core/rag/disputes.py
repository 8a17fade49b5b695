"""Figures that one filing tells in two ways: neither is shown without the other."""

import re
from collections.abc import Sequence
from operator import attrgetter

from core.model import AnswerFigure, Figure

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
