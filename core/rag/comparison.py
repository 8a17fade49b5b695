"""What a figure is compared with: the period before it, or all the years of its row."""

import re
from collections.abc import Sequence
from decimal import Decimal

from core.model import AnswerFigure, Figure
from core.rag.shown import shown

_PERIOD = re.compile(r"(\d{4})(?:\.(\d{2}))?(?: (누적|3개월|말))?$")
_MOST_YEARS = 5


def with_comparison(figure: Figure, found: Sequence[Figure]) -> list[AnswerFigure]:
    """The figure, the one of the period before it in the same row, and the rate between them."""
    before = earlier(figure, found)
    if before is None:
        return [shown(figure)]
    pair = [shown(figure), shown(before)]
    if figure.unit == "%":
        return [*pair, _points(pair, figure, before)]
    if before.value <= 0 or figure.value < 0:
        return pair  # a rate over a loss says nothing
    rate = (figure.value - before.value) / before.value * 100
    rounded = rate.quantize(Decimal("0.1"))
    return [
        *pair,
        AnswerFigure(
            label=f"{pair[0].label} 증감률",
            text=f"{rounded}%",
            value=rounded,
            unit="%",
            period=figure.period,
            basis=figure.basis,
            source=None,
            formula=f"({pair[0].text} - {pair[1].text}) ÷ {pair[1].text} × 100",
            operands=(figure, before),
            verified=pair[0].verified and pair[1].verified,
        ),
    ]


def trend_of(figure: Figure, found: Sequence[Figure]) -> list[AnswerFigure]:
    """The figure and those of other years in its row, newest first."""
    kind = _PERIOD.match(figure.period or "")
    row = {
        other.period: other
        for other in found
        if (other.rcept_no, other.table, other.row_no, other.basis, other.segment, other.unit)
        == (figure.rcept_no, figure.table, figure.row_no, figure.basis, figure.segment, figure.unit)
        and (said := _PERIOD.match(other.period or ""))
        and kind
        and said[3] == kind[3]
    }
    return [shown(row[period]) for period in sorted(row, key=str, reverse=True)[:_MOST_YEARS]]


def _points(pair: Sequence[AnswerFigure], figure: Figure, before: Figure) -> AnswerFigure:
    """Ratios differ by percentage points; a rate of a rate misleads."""
    difference = figure.value - before.value
    return AnswerFigure(
        label=f"{pair[0].label} 차이",
        text=f"{difference}%p",
        value=difference,
        unit="%p",
        period=figure.period,
        basis=figure.basis,
        source=None,
        formula=f"{pair[0].text} - {pair[1].text}",
        operands=(figure, before),
        verified=pair[0].verified and pair[1].verified,
    )


def earlier(figure: Figure, found: Sequence[Figure]) -> Figure | None:
    wanted = _previous_periods(figure.period)
    row = [
        other
        for other in found
        if other.rcept_no == figure.rcept_no
        and other.table == figure.table
        and other.row_no == figure.row_no
        and other.basis == figure.basis
        and other.segment == figure.segment
        and other.unit == figure.unit
    ]
    for period in wanted:
        for other in row:
            if other.period == period:
                return other
    return _elsewhere(figure, found, wanted)


def _elsewhere(figure: Figure, found: Sequence[Figure], wanted: Sequence[str]) -> Figure | None:
    """A table a period: the same row and part in the table of the period before, if there is just one."""
    same = [
        other
        for other in found
        if (other.rcept_no, other.section, other.account, other.row, other.segment, other.basis, other.unit)
        == (
            figure.rcept_no,
            figure.section,
            figure.account,
            figure.row,
            figure.segment,
            figure.basis,
            figure.unit,
        )
    ]
    for period in wanted:
        values = {other.value: other for other in same if other.period == period}
        if len(values) == 1:
            return next(iter(values.values()))
    return None


def _previous_periods(period: str | None) -> list[str]:
    """What a reader compares with: the same span a year before; a balance with the last year end."""
    parts = _PERIOD.match(period or "")
    if not parts:
        return []
    year, month, kind = int(parts[1]), parts[2], parts[3]
    if month is None:
        return [str(year - 1)]
    if kind == "말":
        return [f"{year - 1}.12 말", f"{year - 1}.{month} 말"]
    return [f"{year - 1}.{month} {kind}"]
