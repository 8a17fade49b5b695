"""The figures of an answer as facts that a sentence may state: account, period, basis, unit, company."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.model import AnswerFigure, Evidence
from core.rag.figures.comparison import MOVED
from core.rag.language.accounts import key
from core.rag.language.mentions import Amount
from core.rag.language.named import same_as
from core.rag.language.periods import PERIOD
from core.rag.language.shown import shown
from core.rag.language.spoken import TOLERANCE, rounds_to
from core.rag.language.whens import When


@dataclass(frozen=True, slots=True)
class Fact:
    """`names` are keys of its account, `sources` the evidence its cells stand in.

    A fact that compares two periods (`moved`) has the earlier of them in `since`.
    """

    figure: AnswerFigure
    names: frozenset[str]
    corp_code: str
    segment: str
    sources: frozenset[int]
    moved: bool = False
    since: str | None = None

    @property
    def across(self) -> bool:
        """Whether it is worked out of several parts, all of which its label names."""
        return len({cell.segment for cell in self.figure.operands}) > 1

    @property
    def period(self) -> str | None:
        return self.figure.period or None  # '' of a sentence that names none

    @property
    def basis(self) -> str | None:
        return self.figure.basis


def facts_of(figures: Sequence[AnswerFigure], evidence: Sequence[Evidence]) -> list[Fact]:
    """Each figure and each cell it was computed from, once, in the answer's order.

    A disputed one is no fact: only the sentence that names both values may say it (disputes.py).
    """
    figures = [figure for figure in figures if not figure.disputed]
    found = [_fact(figure, evidence) for figure in figures if figure.cells]
    known = {cell for figure in figures if figure.source for cell in figure.cells}
    for figure in figures:
        for cell in figure.operands:
            if cell not in known:
                known.add(cell)
                found.append(_fact(shown(cell), evidence))
    return found


def _fact(figure: AnswerFigure, evidence: Sequence[Evidence]) -> Fact:
    cell = figure.cells[0]
    moved = figure.source is None and figure.label.endswith(MOVED)
    names = {figure.label} | ({cell.account} if figure.source or moved else set())
    if moved:
        names.add(shown(cell).label)
    segment = cell.segment or ""
    if figure.source:  # of a long description the label shows some words only (shown.py)
        segment = " ".join(word for word in segment.split() if word in figure.label)
    return Fact(
        figure=figure,
        names=frozenset(name for said in names for name in (key(said), *same_as(said))),
        corp_code=cell.corp_code,
        segment=segment,
        sources=frozenset(e.n for e in evidence if any(one in e.figures for one in figure.cells)),
        moved=moved,
        since=figure.operands[1].period if moved else None,
    )


def is_amount(said: Amount, fact: Fact) -> bool:
    """Whether the number and its unit are the fact's, sign aside, as far as its digits go."""
    size, unit = abs(fact.figure.value), fact.figure.unit
    if said.unit != unit:
        return False
    if unit in ("%", "%p", "배"):
        return rounds_to(size, said.value)
    off = said.value - size
    near = off * 2 <= said.step and -off * 2 < said.step  # 1,675억 5,000만 is 1,676억 in fewer digits
    return off == 0 or (unit == "원" and near and abs(off) <= TOLERANCE * size)


def fits(said: When, period: str | None, year: int | None, like: str | None) -> bool:
    """Whether a period named is the figure's; `year` is what `전년` counts from, `like` a period whose
    span `전년 동기` takes."""
    parts = PERIOD.match(period or "")
    wanted = said.year if said.year is not None else year + said.shift if year else None
    if not parts or wanted is None or int(parts[1]) != wanted:
        return False
    month, kind = int(parts[2] or 12), parts[3] or ""
    alike = PERIOD.match(like or "")
    if said.same or (said.base and not said.kind):
        span = (int(alike[2] or 12), alike[3] or "") if alike else (12, "")
        return (month, kind) == span or (not said.same and month == 12)
    if said.kind == "말" and said.month is None:
        return (month, kind) == (12, "말")
    if said.month is not None and said.month != month:
        return False
    accepted = {
        "": ("", "말") if month == 12 else (),
        "누적": ("누적", "3개월") if month == 3 else ("누적", ""),
        "3개월": ("3개월", "누적") if month == 3 else ("3개월",),
        "말": ("말",),
        "월": ("말",),
        "분기": ("3개월", "말", "누적") if month == 3 else ("3개월", "말"),
        "반기": ("누적", "말"),
    }
    return kind in accepted.get(said.kind, ())


def size_sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)
