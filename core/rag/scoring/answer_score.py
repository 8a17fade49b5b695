"""Whether an answer is right: gold questions and the judgement of one answer. Pure.

A figure is right when one figure of the answer has its value (relative difference at most 0.0005, counts
exactly), unit, period and basis, and the text shows one of `text_any` or the value in another usual way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.model import Answer, AnswerFigure, Level
from core.rag.language.spoken import TOLERANCE, occurs, rounds_to, says

Kind = Literal[
    "figure",
    "change",
    "comparison",
    "event",
    "text",
    "amendment",
    "ambiguous",
    "unanswerable",
    "advice",
    "off-topic",
    "injection",
]
Reason = Literal["not_in_corpus", "ambiguous", "advice", "off_topic", "prediction", "private"]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_RELATIVE = ("원", "배")
_MEASURED = (*_RELATIVE, "%", "주", "명", "개", "건", "척", "사")


class _Gold(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GoldFigure(_Gold):
    """A figure expected. `value` is in the base of `unit`; `period` and `basis` None are not compared."""

    value: Annotated[Decimal, Field(allow_inf_nan=False, max_digits=20)]
    unit: Words
    period: Words | None = None
    basis: Literal["연결", "별도"] | None = None
    rcept_no: str | None = None
    row: str | None = None
    text_any: Sequence[Words] = ()


class Expect(_Gold):
    refused: bool
    reason: Reason | None = None
    figures: Sequence[GoldFigure] = ()
    contains_any: Sequence[Annotated[Sequence[Words], Field(min_length=1)]] = ()
    forbids: Sequence[Words] = ()
    citations_any: Sequence[Words] = ()


class Gold(_Gold):
    """One question and what its answer must and must not say; `after` goes on with that conversation."""

    id: Words
    question: Words
    level: Level | None = None
    after: Words | None = None
    kind: Kind
    expect: Expect


@dataclass(frozen=True, slots=True)
class FigureVerdict:
    """One expected figure. `period` and `basis` are None where the gold gives none.

    `value`, `period`, `basis`: some figure of the answer has the value (and this). `exact`: one of them
    has everything at once and the text shows it. `filing`: one of them was read from the gold's filing.
    """

    gold: GoldFigure
    value: bool
    period: bool | None
    basis: bool | None
    shown: bool
    filing: bool | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is right and wrong about one answer."""

    gold: Gold
    answer: Answer
    milliseconds: float
    level: Level | None
    figures: Sequence[FigureVerdict]
    missing: Sequence[Sequence[str]]
    forbidden: Sequence[str]
    cited: bool | None
    refusal: bool

    @property
    def right(self) -> bool:
        return (
            self.refusal
            and all(figure.exact for figure in self.figures)
            and not self.missing
            and not self.forbidden
            and self.cited is not False
            and not self.invented
        )

    @property
    def invented(self) -> bool:
        """Figures given where none may be given."""
        return self.gold.expect.refused and bool(self.answer.figures)

    @property
    def wrong_figure(self) -> bool:
        """A figure asserted that is forbidden, of a matter to be refused, or beside all the right ones."""
        if self.invented or any(any(c.isdigit() for c in words) for words in self.forbidden):
            return True
        asserted = not self.answer.refused and bool(self.answer.figures)
        return asserted and bool(self.figures) and not any(figure.exact for figure in self.figures)


def judge(gold: Gold, answer: Answer, milliseconds: float, level: Level | None) -> Verdict:
    """`level` is the one the question was asked at, None for the program's own choice."""
    expect = gold.expect
    cited = {citation.filing.rcept_no for citation in answer.citations}
    refusal = answer.refused == expect.refused and expect.reason in (None, answer.reason)
    return Verdict(
        gold=gold,
        answer=answer,
        milliseconds=milliseconds,
        level=level,
        figures=[judge_figure(figure, answer) for figure in expect.figures],
        missing=[words for words in expect.contains_any if not any(occurs(w, answer.text) for w in words)],
        forbidden=[words for words in expect.forbids if occurs(words, answer.text)],
        cited=not cited.isdisjoint(expect.citations_any) if expect.citations_any else None,
        refusal=refusal,
    )


def judge_figure(gold: GoldFigure, answer: Answer) -> FigureVerdict:
    """Amounts in other currencies and counts of years are looked for in the text alone."""
    shown = any(occurs(words, answer.text) for words in gold.text_any)
    if gold.unit not in _MEASURED:
        return FigureVerdict(gold, shown, None, None, shown, None, shown)
    shown = shown or says(answer.text, gold.value, gold.unit)
    same = [figure for figure in answer.figures if figure.unit == gold.unit and _same_value(gold, figure)]
    period = [figure for figure in same if gold.period in (None, figure.period)]
    basis = [figure for figure in same if gold.basis in (None, figure.basis)]
    filing = [figure for figure in same if gold.rcept_no in _filings(figure)]
    return FigureVerdict(
        gold=gold,
        value=bool(same),
        period=bool(period) if gold.period else None,
        basis=bool(basis) if gold.basis else None,
        shown=shown,
        filing=bool(filing) if gold.rcept_no else None,
        exact=shown and any(figure in basis for figure in period),
    )


def _same_value(gold: GoldFigure, figure: AnswerFigure) -> bool:
    if gold.unit in _RELATIVE:
        return _close(figure.value, gold.value)
    if gold.unit != "%":
        return figure.value == gold.value
    # A rate that stands in a cell may be answered as the cell rounds it.
    own_rounding = figure.source is not None and rounds_to(gold.value, figure.value)
    return own_rounding or _close(figure.value, gold.value)


def _close(value: Decimal, expected: Decimal) -> bool:
    return abs(value - expected) <= TOLERANCE * abs(expected)


def _filings(figure: AnswerFigure) -> set[str | None]:
    return {cell.rcept_no for cell in figure.cells}
