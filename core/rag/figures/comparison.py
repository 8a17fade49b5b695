"""What a figure is compared with: the period before it, or all the years of its row."""

import re
from collections.abc import Sequence
from operator import attrgetter

from core.model import AnswerFigure, Figure
from core.rag.figures.disputes import belong
from core.rag.language.periods import PERIOD
from core.rag.language.shown import computed, rate, shown

MOVED = (" 증감률", " 차이")  # how labels of what moved end
LOSS = re.compile(r"손익|이익|손실")  # what of a negative value is a loss, and no outflow or deduction
_COUNTED = ("주", "명", "건", "개", "대")
_MOST_YEARS = 5
_A_YEAR = re.compile(r"\d{4}(?=\.)")
_THING = attrgetter("rcept_no", "basis", "segment", "unit")
# What figures of one row of one table have in common, and those of one line in the tables of a section.
_ROW = attrgetter("rcept_no", "table", "row_no", "basis", "segment", "unit")
_COLUMN = attrgetter("rcept_no", "table", "column_no", "account", "basis", "segment", "unit")
LINE = attrgetter("rcept_no", "section", "account", "row", "basis", "segment", "unit")


def with_comparison(
    figure: Figure, found: Sequence[Figure], since: Sequence[str] = (), *, counted: bool = False
) -> list[AnswerFigure]:
    """The figure, the one of the period before it in the same row (or of `since`, if that is asked), and the
    rate between them; `counted`: for shares or people how many more or fewer, not the rate."""
    before = earlier(figure, found, since)
    if before is None or before.disputed:
        return [shown(figure)]
    now, then = shown(figure), shown(before)
    if figure.unit == "%":  # ratios differ by percentage points; a rate of a rate misleads
        points = figure.value - before.value
        formula = f"{now.text} - {then.text}"
        return [now, then, computed(f"{now.label} 차이", points, "%p", formula, (figure, before))]
    if _unlike(figure.period, before.period):
        return [now, then]  # half a year is no change from a whole one
    if figure.unit in _COUNTED and counted:
        difference = figure.value - before.value
        formula = f"{now.text} - {then.text}"
        return [now, then, computed(f"{now.label} 차이", difference, figure.unit, formula, (figure, before))]
    if figure.value < 0 and before.value < 0 and LOSS.search(now.label):
        difference = figure.value - before.value
        formula = f"{now.text} - ({then.text})"
        return [now, then, computed(f"{now.label} 차이", difference, figure.unit, formula, (figure, before))]
    if before.value <= 0 or figure.value < 0:
        return [now, then]  # a rate over a loss says nothing
    moved = (figure.value - before.value) / before.value * 100
    formula = f"({now.text} - {then.text}) ÷ {then.text} × 100"
    return [now, then, rate(f"{now.label} 증감률", moved, formula, (figure, before))]


def _unlike(one: str | None, other: str | None) -> bool:
    """Whether two periods are spans of other lengths."""
    lengths = [_months(period) for period in (one, other)]
    return None not in lengths and lengths[0] != lengths[1]


def _months(period: str | None) -> int | None:
    """How many months a period spans; None of an end or a month."""
    read = PERIOD.match(period or "")
    if not read or read[3] == "말" or "~" in (period or ""):
        return None
    if read[3] == "3개월":
        return 3
    return int(read[2]) if read[3] else None if read[2] else 12


def told_together(figures: Sequence[AnswerFigure]) -> list[list[AnswerFigure]]:
    """A figure with the earlier one and the rate that belong to it, or with what contradicts it."""
    groups: list[list[AnswerFigure]] = []
    for figure in figures:
        last = groups[-1] if groups else None
        if last and (_compares(figure, last) or belong(last[0], figure)):
            last.append(figure)
        else:
            groups.append([figure])
    return groups


def _compares(figure: AnswerFigure, group: Sequence[AnswerFigure]) -> bool:
    if figure.disputed or group[0].disputed:
        return False
    if figure.formula:
        return figure.label.endswith(MOVED) and group[0].source in figure.operands
    return group[0].label == figure.label and len(group) == 1 and _earlier_of(figure.source, group[0].source)


def _earlier_of(one: Figure | None, other: Figure | None) -> bool:
    """Whether it is the same thing at an earlier time, not that of another company, part or table."""
    if one is None or other is None or one.period == other.period:
        return False
    return _THING(one) == _THING(other)


def trend_of(figure: Figure, found: Sequence[Figure]) -> list[AnswerFigure]:
    """The figure and those of other years in its row, newest first."""
    kind, own = PERIOD.match(figure.period or ""), _ROW(figure)
    row = {
        other.period: other
        for other in found
        if _ROW(other) == own
        and not other.disputed
        and (said := PERIOD.match(other.period or ""))
        and kind
        and said[3] == kind[3]
    }
    return [shown(row[period]) for period in sorted(row, key=str, reverse=True)[:_MOST_YEARS]]


def earlier(figure: Figure, found: Sequence[Figure], since: Sequence[str] = ()) -> Figure | None:
    """The figure of the period that a reader compares with, or of the first of `since` that is there."""
    wanted = since or _previous_periods(figure.period)
    own = _ROW(figure)
    row = [other for other in found if _ROW(other) == own]
    for period in wanted:
        for other in row:
            if other.period == period:
                return other
    # a table a period: the same row and part in another table; a row a period: the same column of another row
    line, column = LINE(figure), _COLUMN(figure)
    return _alone([one for one in found if LINE(one) == line], wanted) or _alone(
        [one for one in found if _COLUMN(one) == column and one.row_no != figure.row_no], wanted
    )


def _alone(same: Sequence[Figure], wanted: Sequence[str]) -> Figure | None:
    """The figure of the first period wanted of which there is just one value."""
    for period in wanted:
        values = {other.value: other for other in same if other.period == period}
        if len(values) == 1:
            return next(iter(values.values()))
    return None


def _previous_periods(period: str | None) -> list[str]:
    """What a reader compares with: the same span a year before; a balance with the last year end."""
    parts = PERIOD.match(period or "")
    if not parts:
        return []
    if period and "~" in period:
        return [_A_YEAR.sub(lambda year: str(int(year[0]) - 1), period)]
    year, month, kind = int(parts[1]), parts[2], parts[3]
    if month is None:
        return [str(year - 1)]
    if kind == "말":
        return [f"{year - 1}.12 말", f"{year - 1}.{month} 말"]
    return [f"{year - 1}.{month} {kind}"]
