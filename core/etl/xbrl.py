"""The XBRL attributes of a cell in newer XML: its element, period, basis, parts and precision.

`<TE ACODE="ifrs-full_Revenue" ACONTEXT="CFY2024dFY_…Axis_ifrs-full_ConsolidatedMember" ADECIMAL="-6">`; in
2023 all of it in one: `ACODE="ifrs-full_Revenue|CFY2023dTQQ_…|-6|KRW|"` (notes/dart.md §1.7; spellings of
CFY/PFY/BPFY, d/e and FY/HY/FQ/TQ with A = 누적, Q = 3개월 as public readers of 70 companies' filings saw
them). ANEGATED is left aside: a figure is what its cell shows under its label.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from core.etl.document import Fact
from core.etl.fiscal import Calendar, Month, balance_at
from core.etl.headings import Column
from core.model import Figure

_ELEMENT = re.compile(r"(?:ifrs-full|ifrs|dart|dart-gcd|entity\d+)_\w+$")
_PERIOD = re.compile(r"(BPFY|PFY|CFY)(\d{4})([de])(FY|HY|FQ|TQ)([AQ]?)(?:_|$)")
_CURRENCY = re.compile(r"[A-Z]{3}$")
_BACK = {"CFY": 0, "PFY": 1, "BPFY": 2}
_STAGES = {"HY": "반기", "FQ": "1분기", "TQ": "3분기"}
_BASES = {"ConsolidatedMember": "연결", "SeparateMember": "별도"}
_WHOLE = "ReportedAmountMember"  # 공시금액: the sum of an axis, no part of it
_DECEMBER = 12


def fact_of(acode: str, context: str | None, decimals: str | None) -> Fact | None:
    """None for a code that names no XBRL element (`X23`, `FRN_AMT`)."""
    currency = None
    if "|" in acode:
        acode, *rest = acode.split("|")
        rest += [""] * 3
        context, decimals, currency = context or rest[0], decimals or rest[1], rest[2] or None
    if not _ELEMENT.match(acode):
        return None
    digits = int(decimals) if decimals and re.fullmatch(r"-?\d{1,2}", decimals) else None
    return Fact(acode, context or "", digits, currency)


@dataclass(frozen=True, slots=True)
class Context:
    """`period` and `basis` as Figure spells them, None when untold; `part` is another axis's member."""

    period: str | None
    basis: str | None
    part: str | None


@lru_cache(maxsize=4096)
def _read(context: str) -> tuple[tuple[str, ...] | None, str | None, str | None]:
    """(the parts of the period, 연결 or 별도, the member of any other axis)."""
    found = _PERIOD.match(context)
    members = [name for name in context.split("_") if name.endswith("Member")]
    bases = {_BASES[member] for member in members if member in _BASES}
    parts = [m.removesuffix("Member") for m in members if m not in _BASES and m != _WHOLE]
    return found and found.groups(), bases.pop() if len(bases) == 1 else None, " ".join(parts) or None


def context_of(text: str, calendar: Calendar) -> Context:
    said, basis, part = _read(text)
    return Context(_period(said, calendar) if said else None, basis, part)


def _period(said: tuple[str, ...], calendar: Calendar) -> str | None:
    prefix, year, kind, stage, span = said
    back = _BACK[prefix]
    end: Month | None = calendar.closing(back) if stage == "FY" else calendar.interim(back, _STAGES[stage])
    if stage == "FY" and back == 0 and calendar.stage:  # the current year of an interim report has not closed
        return None
    if end is None or (int(year) != end[0] and calendar.year_end == _DECEMBER):
        return None
    if kind == "e":
        return balance_at(end) if span != "Q" else None
    if stage == "FY":
        return calendar.flow(end, three=False) if not span else None
    return calendar.flow(end, three=span == "Q") if span else None


def told(figure: Figure, fact: Fact, calendar: Calendar, column: Column, *, sure: bool) -> list[Figure]:
    """The figure as its attributes tell it; two, both disputed, when the table tells otherwise.

    `sure`: the table is a statement, so that its columns are at a day or over a time and not both.
    A concept alone leaves the telling to the table.
    """
    figure = figure._replace(concept=fact.concept)
    context = context_of(fact.context, calendar)
    scale = _scale(figure, fact)
    if not context.period and not context.basis and scale == figure.scale:
        return [figure._replace(segment=figure.segment or context.part)]
    own = figure._replace(
        period=context.period or figure.period,
        basis=context.basis or figure.basis,
        segment=figure.segment or context.part,
        value=figure.value / figure.scale * scale,
        scale=scale,
        origin="xbrl",
    )
    if (
        scale == figure.scale
        and figure.basis in (None, own.basis)
        and _agree(figure.period, own.period, column, sure=sure)
    ):
        return [own]
    return [own._replace(disputed=True), figure._replace(segment=own.segment, disputed=True)]


def _agree(table: str | None, xbrl: str | None, column: Column, *, sure: bool) -> bool:
    """What was only guessed of the table's period gives way: that of a caption, the day or the time of a
    note's line, 누적 under a header that does not say whether it is 3개월."""
    if table is None or xbrl is None or table == xbrl or not column.dated:
        return True
    if _end(table) != _end(xbrl):
        return False
    if table.endswith("말") != xbrl.endswith("말"):
        return not (sure or column.at_day or column.running)
    return not column.running


def _end(period: str) -> str:
    return f"{period}.12" if len(period) == 4 else period.split("~")[-1][:7]


def _scale(figure: Figure, fact: Fact) -> int:
    """What ADECIMAL says a cell of money is multiplied by.

    It is the precision of the value: -6 beside 1,234,000,000 in a table of 원 is no other unit, and 0 stands
    in tables of 천원 too (seen on totals), so only a negative one that the digits contradict tells a scale.
    """
    if figure.unit != "원" or fact.decimals is None or fact.decimals >= 0 or not figure.value:
        return figure.scale
    scale = 10**-fact.decimals
    rounded = scale > figure.scale and figure.value % scale == 0
    return figure.scale if rounded else scale


def unit_of(fact: Fact) -> tuple[str, int] | None:
    """The unit where no table states one: 원 where the currency says so and ADECIMAL is a scale."""
    if fact.currency == "KRW" and fact.decimals is not None and fact.decimals < 0:
        return "원", 10**-fact.decimals
    return None


def foreign(fact: Fact) -> bool:
    return bool(fact.currency and _CURRENCY.match(fact.currency)) and fact.currency != "KRW"
