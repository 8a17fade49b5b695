"""Figures found by the words beside and above their cells, where no account names them."""

from collections.abc import Mapping, Sequence

from core.model import AnswerFigure, Figure, Question
from core.rag.asked import units_asked
from core.rag.figures import fits_period, shown

_PARENT = 0.5  # a word of the labels around the innermost one
_NEAR = 0.75  # of the best figure's score: its equals in the same table (운영자금, 채무상환자금)
_UNIT = 0.15  # of what the question says: a cell in the unit asked
_LEAST = 0.15  # of what the question says: less is chance
_NEARLY_ALL = 0.8  # of what the question says, before a number of a long report is taken for the answer
_MOST = 4


def event_figures(
    question: Question,
    weights: Mapping[str, float],
    figures: Sequence[Figure],
    told: Sequence[AnswerFigure] = (),
) -> list[AnswerFigure]:
    """Figures of one event filing that the question speaks of beyond what is `told` already."""
    labels = " ".join(_around(cell.source) for cell in told if cell.source)
    left = {form: weight for form, weight in weights.items() if form not in labels}
    units = units_asked(question.text) - {cell.unit for cell in told}
    whole = sum(weights.values())
    known = {cell.source for cell in told}
    scored = [
        (_spoken(figure, left) + (_UNIT * whole if figure.unit in units else 0), figure)
        for figure in figures
        if figure not in known
    ]
    best = max((score for score, _ in scored), default=0.0)
    if best < _LEAST * whole or not best:
        return []
    return [shown(figure) for score, figure in scored if score >= _NEAR * best][:_MOST]


def cell_figures(
    question: Question, weights: Mapping[str, float], figures: Sequence[Figure]
) -> list[AnswerFigure]:
    """The one figure of periodic reports whose labels say nearly all that was asked; none when two do."""
    whole = sum(weights.values())
    units = units_asked(question.text)
    scored: list[tuple[float, Figure]] = []
    for figure in figures:
        if units and figure.unit not in units:
            continue
        if question.basis and figure.basis not in (None, question.basis):
            continue
        if figure.period is None or not fits_period(question.period, figure.period):
            continue
        words = f"{_around(figure)} {figure.section.lower()}"
        scored.append((sum(weight for form, weight in weights.items() if form in words), figure))
    if not scored or not whole:
        return []
    best = max(score for score, _ in scored)
    equals = [figure for score, figure in scored if score >= best - 1e-9]
    newest = max(figure.period or "" for figure in equals)
    equals = [figure for figure in equals if figure.period == newest]
    if best < _NEARLY_ALL * whole or len({(figure.value, figure.unit) for figure in equals}) != 1:
        return []
    return [shown(equals[0])]


def _spoken(figure: Figure, weights: Mapping[str, float]) -> float:
    inner = (figure.column or figure.row.split(" > ")[-1]).lower()
    around = _around(figure)
    return sum(
        weight * (1 if form in inner else _PARENT) for form, weight in weights.items() if form in around
    )


def _around(figure: Figure) -> str:
    return f"{figure.account} {figure.segment or ''} {figure.row} {figure.column}".lower()
