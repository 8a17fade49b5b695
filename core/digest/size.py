"""How large what a filing tells is, against sales, assets, equity or shares; and so how much it matters."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.digest.kinds import Kind, kind_of
from core.digest.received import Received
from core.digest.results import Line
from core.etl.receipt import amends
from core.model import AnswerFigure, Figure, Level
from core.rag.language.accounts import key
from core.rag.language.shown import computed, shown
from core.rag.language.wording import period_words

IMPORTANT = 60  # what is told to whoever watches the whole market
_MOST = Decimal(40)  # percent that still count: a contract of all sales matters as much as one of 40 %
_RESULTS = Decimal(5)  # percent of change in profit that count as one of size
_TURNED = Decimal(20)  # the most that a change in profit adds, as a turn to profit or loss does
_LARGE = Decimal(10) ** 12  # 원: worth telling whatever the size of the company
_FOR_LARGE = 15
_MINOR = 10  # an amendment that changed no amount matters less than what it amends
_AMOUNT = re.compile(r"\((?:원|%|주|명)\)")
_TENTH = Decimal("0.1")
_OF = {
    "매출액대비": "최근 매출액",
    "자기자본대비": "자기자본",
    "총자산대비": "총자산",
    "자산총액대비": "총자산",
    "주식총수대비비율": "주식총수",
    "감자비율보통주식": "보통주",
}


@dataclass(frozen=True, slots=True)
class Size:
    """`figure` is the cell with the percentage, or computed from cells; `of` what it is a part of."""

    figure: AnswerFigure
    of: str

    @property
    def text(self) -> str:
        return f"{self.of}의 {self.figure.text}"


def size_of(received: Received) -> Size | None:
    """By a cell that gives it; else by shares; else by equity. None when no cell tells."""
    kind = kind_of(received.filing.report_nm)
    found = next(_sizes(kind, _cells(received), received.equity), None)
    return found if found and found.figure.verified and found.figure.value > 0 else None


def _sizes(kind: Kind, cells: Mapping[str, Figure], equity: Figure | None) -> Iterator[Size]:
    for name in kind.percent:
        if (figure := cells.get(name)) and figure.unit == "%":
            yield Size(shown(figure), _OF[name])
    pair = [cells[name] for name in kind.share if name in cells]
    if len(pair) == 2 and pair[1].value > 0:
        yield Size(_ratio("증자 비율", pair[:1], pair[1]), "증자 전 주식")
    money = _money(kind, cells)
    if money and equity and equity.value > 0:
        when = period_words(equity.period, Level.INTERMEDIATE)
        yield Size(_ratio("자기자본 대비", money, equity), f"자기자본({when})")


def _cells(received: Received) -> dict[str, Figure]:
    """By name, the first of each."""
    cells: dict[str, Figure] = {}
    for figure in received.figures:
        if not figure.disputed:
            cells.setdefault(key(figure.account), figure)
    return cells


def _money(kind: Kind, cells: Mapping[str, Figure]) -> list[Figure]:
    return [cells[name] for name in kind.money if name in cells and cells[name].unit == "원"]


def _sum(figures: Sequence[Figure]) -> Decimal:
    return sum((figure.value for figure in figures), Decimal(0))


def _ratio(label: str, parts: Sequence[Figure], whole: Figure) -> AnswerFigure:
    value = (_sum(parts) / whole.value * 100).quantize(_TENTH)
    value = value if value % 1 else value.quantize(Decimal(1))
    said = " + ".join(shown(part).text for part in parts)
    said = f"({said})" if len(parts) > 1 else said
    formula = f"{said} ÷ {shown(whole).text} × 100"
    return computed(label, value, "%", formula, (*parts, whole))


def score(received: Received, size: Size | None, lines: Sequence[Line]) -> float:
    """How much it matters: its kind, and its size in percent or how far the operating profit moved."""
    kind = kind_of(received.filing.report_nm)
    moved = [_TURNED if line.turned else abs(line.rate or Decimal(0)) / _RESULTS for line in lines[:2]]
    grown = min(size.figure.value, _MOST) if size else min(max(moved, default=Decimal(0)), _TURNED)
    weight = kind.weight + grown
    if any(figure.value >= _LARGE for figure in _money(kind, _cells(received))):
        weight += _FOR_LARGE
    if amends(received.filing.report_nm) and not any(_AMOUNT.search(one.item) for one in received.changes):
        weight -= _MINOR
    return float(weight)


def may_matter(report_nm: str) -> bool:
    """Whether a filing of this name can reach IMPORTANT at all."""
    kind = kind_of(report_nm)
    grows = kind.percent or kind.share or kind.money or kind.name == "실적"
    return kind.weight + (_MOST if grows else 0) >= IMPORTANT
