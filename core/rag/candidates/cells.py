"""Figures found by the words beside and above their cells, where no account names them."""

import re
from collections.abc import Mapping, Sequence

from core.korean import squeeze
from core.model import AnswerFigure, Figure, Question
from core.rag.candidates.extremes import extremes
from core.rag.candidates.fitting import fits_time
from core.rag.figures.selection import fits_period
from core.rag.language.accounts import phrases_said
from core.rag.language.labels import of_another_number
from core.rag.language.shown import shown
from core.rag.question.asked import units_asked
from core.rag.question.ranks import places_asked
from core.rag.question.sought import Sought

_PARENT = 0.5  # a word of the labels around the innermost one
_NEAR = 0.75  # of the best figure's score: its equals in the same table (운영자금, 채무상환자금)
_SIGNS = re.compile(r"\(.*?\)|[^가-힣a-z]")
_LEAST = 0.3  # of what the question says in the filing's own words: less is chance
_MOST = 4
_ABSENT = re.compile(r"불참|빠[지졌진]|안\s*나[왔온]|못\s*나[왔온]|참석\S*\s*(?:않|못|안)")
_PRESENT = re.compile(r"(?<!불)참석(?!\S*\s*(?:않|못|안))|나[왔온]|출석")


def event_figures(
    question: Question,
    weights: Mapping[str, float],
    figures: Sequence[Figure],
    told: Sequence[AnswerFigure] = (),
) -> list[AnswerFigure]:
    """Figures of one event filing that the question speaks of beyond what is `told` already.

    For each unit asked (얼마, 몇 주, 몇 %) those whose labels say most.
    """
    if most := extremes(question, figures):
        return [shown(figure) for figure in most]
    if question.told and places_asked(question.text):
        return []  # of what was told before, which no column ranks
    labels = " ".join(_around(cell.source) for cell in told if cell.source)
    left = {form: weight for form, weight in weights.items() if form not in labels}
    known = {cell.source for cell in told}
    others = [
        figure
        for figure in figures
        if figure not in known
        and not of_another_number(question.text, figure)
        and (figure.period is None or fits_period(question.period or figure.period, figure.period))
    ]
    if question.intent == "figure" and question.accounts and not told:
        # An account was asked by its name: a figure of another name is no answer. Forms say 자기자본.
        spoken = phrases_said(question.accounts, squeeze(question.text))
        names = list(map(squeeze, (*question.accounts, *spoken)))
        others = [
            figure
            for figure in others
            if any(name in _around(figure) for name in names) and fits_time(question, figure)
        ]
    everywhere = " ".join(map(_around, others))
    least = _LEAST * sum(weight for form, weight in left.items() if form in everywhere)
    units = units_asked(question.text) - {cell.unit for cell in told}
    found: list[Figure] = []
    asked: list[str | None] = [*sorted(units)] or [None]
    for unit in asked:
        scored = [(_spoken(figure, left), figure) for figure in others if unit in (None, figure.unit)]
        best = max((score for score, _ in scored), default=0.0)
        if best and best >= (least if unit is None else least / 3):  # a unit asked is half the answer
            found += [figure for score, figure in scored if score >= _NEAR * best][:_MOST]
    return [shown(figure) for figure in figures if figure in found]


def nearest(sought: Sought, told: Sequence[AnswerFigure], cells: Sequence[Figure]) -> list[AnswerFigure]:
    """`told` of an event filing; where another cell of its unit says all that they say and more of what is
    asked, that cell: of one of several persons, of the other side of a contract."""
    kept = list(told)
    if places_asked(sought.question.text):
        return [shown(cell) for cell in extremes(sought.question, cells)] or kept
    for unit in dict.fromkeys(one.unit for one in told):
        own = [one for one in told if one.unit == unit]
        said = {word for one in own for cell in one.cells for word in sought.told(cell)}
        common = {word for word in said if not _only_some(sought, word, own)}
        narrow = sought.own.keys() - common
        among = [cell for cell in cells if cell.unit == unit and common <= sought.told(cell).keys()]
        best = max((len(narrow & sought.told(cell).keys()) for cell in among), default=0)
        if not best:
            continue
        fitting = [cell for cell in among if len(narrow & sought.told(cell).keys()) == best]
        most = max(map(sought.score, fitting))
        found = [cell for cell in fitting if sought.score(cell) == most]
        if len({cell.value for cell in found}) == 1:
            kept = [one for one in kept if one not in own] + [shown(found[0])]
    return _with_absent(sought.question.text, kept, cells)


def _with_absent(text: str, told: Sequence[AnswerFigure], cells: Sequence[Figure]) -> list[AnswerFigure]:
    """How many did not attend, where that is asked: beside or instead of how many did."""
    if not _ABSENT.search(text):
        return list(told)
    kept = []
    for one in told:
        at = one.source
        last = at.row.split(" > ")[-1] if at else ""
        others = [
            cell
            for cell in cells
            if at
            and (cell.table, cell.column_no, cell.unit) == (at.table, at.column_no, at.unit)
            and cell.row.split(" > ")[-1].startswith("불참")
            and abs(cell.row_no - at.row_no) == 1
        ]
        if not (last.startswith("참석") and len(others) == 1):
            kept.append(one)
            continue
        kept += [*([one] if _PRESENT.search(text) else []), shown(others[0])]
    return kept


def _only_some(sought: Sought, word: str, told: Sequence[AnswerFigure]) -> bool:
    """Whether some of the figures say a word that others do not: those others are not asked."""
    saying = [any(word in sought.told(cell) for cell in one.cells) for one in told]
    return any(saying) and not all(saying)


def _spoken(figure: Figure, weights: Mapping[str, float]) -> float:
    """What the labels say of the question; half as much again is lost to labels that say other things.

    계약금액 is the amount of a 계약, 최근매출액 only what it is compared with.
    """
    inner = _SIGNS.sub("", (figure.column or figure.row.split(" > ")[-1]).lower())
    around = _around(figure)
    said = sum(
        weight * (1 if form in inner else _PARENT) for form, weight in weights.items() if form in around
    )
    covered = sum(len(form) for form in weights if form in inner)
    return said * (1 + min(1.0, covered / max(len(inner), 1))) / 2


def _around(figure: Figure) -> str:
    said = f"{figure.account} {figure.segment or ''} {figure.row} {figure.column} {figure.caption}"
    return squeeze(said)  # `평 균근속연수` is a word too
