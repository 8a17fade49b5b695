"""Three months that no cell gives, out of running totals around them: 4분기 is the year less 9 months."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.model import AnswerFigure, Figure
from core.rag.language.accounts import key
from core.rag.language.shown import computed, shown

_ASKED = re.compile(r"(\d{4})\.(03|06|09|12) (3개월|누적)")


def around(asked: str | None) -> tuple[str, str] | None:
    """The running totals whose difference is the period asked; None for any other period."""
    found = _ASKED.fullmatch(asked or "")
    if not found or (found[3] == "누적" and found[2] != "03"):
        return None
    year = found[1]
    return {
        "03": (f"{year}.06 누적", f"{year}.06 3개월"),
        "06": (f"{year}.06 누적", f"{year}.03 누적"),
        "09": (f"{year}.09 누적", f"{year}.06 누적"),
        "12": (year, f"{year}.09 누적"),
    }[found[2]]


def three_months(
    asked: str | None, best: Callable[[str], Figure | None], found: Sequence[Figure]
) -> list[AnswerFigure]:
    """`best` gives the figure of the account asked at another period, `found` are all of the account. Empty
    where one is missing, or the two are not of one line."""
    periods = around(asked)
    whole, rest = (best(periods[0]), best(periods[1])) if periods else (None, None)
    if whole is None or rest is None or (whole.period, rest.period) != periods:
        return []
    if whole.rcept_no == rest.rcept_no and (whole.table, whole.row_no) != (rest.table, rest.row_no):
        whole, rest = _of_one_row(whole, rest, found)
    if whole is None or rest is None or whole.basis is None or whole.disputed or rest.disputed:
        return []
    if _line(whole) != _line(rest):
        return []
    label = shown(whole).label
    formula = f"{shown(whole).text} - {shown(rest).text}"
    value = computed(label, whole.value - rest.value, whole.unit, formula, (whole, rest))
    return [replace(value, period=f"{str(asked)[:7]} 3개월")]


def _of_one_row(
    whole: Figure, rest: Figure, found: Sequence[Figure]
) -> tuple[Figure, Figure] | tuple[None, None]:
    """The same two values where one row has them both: a statement that a note tells again."""

    def rows(of: Figure) -> dict[tuple[int, int], Figure]:
        told = (of.rcept_no, of.value, of.period, of.basis, of.segment, of.unit)
        return {
            (one.table, one.row_no): one
            for one in found
            if (one.rcept_no, one.value, one.period, one.basis, one.segment, one.unit) == told
        }

    first, second = rows(whole), rows(rest)
    both = sorted(first.keys() & second.keys())
    return (first[both[0]], second[both[0]]) if both else (None, None)


def _line(figure: Figure) -> tuple[str, str, str | None, str | None, bool]:
    statement = "주석" not in figure.section
    return key(figure.account), figure.unit, figure.basis, figure.segment, statement
