"""Numbered sources for one answer: the rows its figures stand in, then the passages that speak of it."""

from collections.abc import Mapping, Sequence

from core.model import AnswerFigure, Evidence, Filing, Hit
from core.narration import LEAD, ON_FIGURES
from core.rag.language.sides import tells_opposite
from core.rag.passages.days import day_named, days_of
from core.rag.passages.kinds import leads
from core.rag.passages.numbers import asks_number, tell_number, tells_kind, tells_other
from core.rag.passages.parties import names_it
from core.rag.passages.picks import (
    ABOUT,
    MORE,
    Asked,
    Candidate,
    cover,
    is_labelled,
    label_of,
    more_of,
    weigh,
)
from core.rag.passages.rows import MARK, cells_by_section, notes_below, rows_of_others, source_of
from core.rag.passages.statements import Statement, statements
from core.rag.question.asked import gives_unit
from core.rag.question.kinds import wordless

_MIN_TEXT = 400  # a piece shorter than this says too little to be worth its number
_SURE = 4  # characters of a cell that stand in no other row by chance
_EXTRAS = 4
_OF_ITS_DAY, _MOST_ROWS = 0.6, 2  # of what the question's own words weigh; rows of one day
_TOLD, _TOLD_OF_NUMBER = 0.25, 0.45  # of what is asked, that passages must say between them to be shown


def gather(
    figures: Sequence[AnswerFigure],
    hits: Sequence[Hit],
    sections: Mapping[tuple[str, str], str],
    filings: Mapping[str, Filing],
    asked: Asked,
    top_k: int,
    context_chars: int,
) -> list[Evidence]:
    """At most `context_chars` of text; the rows of figures and the pieces that answer are never cut.

    `sections` are texts by (rcept_no, path).
    """
    cells = cells_by_section(figures)
    gathered = [
        source_of(
            n, filings[rcept_no], path, sections.get((rcept_no, path), ""), rows, noted=bool(asked.prefer)
        )
        for n, ((rcept_no, path), rows) in enumerate(cells.items(), 1)
    ]
    noted = any(MARK.match(one) for piece in gathered for one in piece.said)
    spoken = {row.caption for piece in gathered for row in piece.figures if row.origin == "prose"}
    if answered := {rcept_no for rcept_no, _ in cells}:
        hits = [hit for hit in hits if hit.filing.rcept_no in answered]  # others tell of other periods
    unsaid = spoken | rows_of_others(figures, asked.text, sections)
    candidates = [c for c in _candidates(hits, asked, figures) if c.statement.quote not in unsaid]
    if asked.alone:
        candidates = [c for c in candidates if not tells_other(c.statement.shown, figures[0])]
    if asked.named and any(one.hit.filing.period for one in candidates):
        telling = [one for one in candidates if _names_all(asked.named, one.statement.shown)]
        candidates = telling or candidates
    if asked.prose:
        candidates = [c for c in candidates if _answers_in_words(c, asked)]
    dated = _dated(hits, asked, spoken)
    first = [*dated, *_of_kinds(hits, asked, figures, days=bool(dated))]
    if rows := _of_that_day(hits, asked) if not figures else []:
        others = [one for one in (*first, *candidates) if one.statement.row and one.hit.filing.period]
        first = [*rows, *(one for one in first if one not in others)]
        candidates = [one for one in candidates if one not in others]
    if (
        not figures
        and asks_number(asked)
        and any(one.hit.filing.period and tells_kind(one, asked) for one in first)
    ):
        candidates = []  # of one number asked one is told, and nothing beside it
    picks = cover(candidates, asked, figures, first, noted)
    if not (figures or first or asked.prefer) and _far(picks, asked):
        return []
    notes = {pick.statement: _notes_of(pick, sections) for pick in picks}
    if asked.prefer and any(notes.values()):  # a note says why; what only sounds like a reason does not
        most = max(weigh(pick.forms, asked.weights) for pick in picks)
        picks = [p for p in picks if notes[p.statement] or weigh(p.forms, asked.weights) >= MORE * most]
    left = context_chars - sum(len(piece.text) for piece in gathered)
    for hit in list(dict.fromkeys([*(pick.hit for pick in picks), *hits]))[:top_k]:
        here = [c for c in candidates if c.hit is hit]
        core = [pick for pick in picks if pick.hit is hit]
        if not core and (left < _MIN_TEXT or not here):
            continue
        left -= len(hit.chunk.text)
        answers = dict.fromkeys(pick.statement for pick in core)
        more = (c.statement for c in more_of(core, here, asked.weights)[:_EXTRAS])
        answers |= {note: None for one in list(answers) for note in notes.get(one, ())}
        said = answers | dict.fromkeys(more)
        gathered.append(
            Evidence(
                len(gathered) + 1,
                hit.filing,
                hit.section,
                (next(iter(said), None) or here[0].statement).quote,
                hit.chunk.text,
                said=tuple(one.shown for one in said),
                core=len(answers),
            )
        )
    return gathered


def _names_all(names: Sequence[str], text: str) -> bool:
    return all(names_it(name, text) for name in names)


def _far(picks: Sequence[Candidate], asked: Asked) -> bool:
    """Whether what a report says is of too little of what was asked to be shown instead of an answer."""
    if not picks or picks[0].hit.filing.period is None:
        return False
    if asks_number(asked) and not tell_number(picks, asked):
        return True
    said = " ".join(pick.statement.shown for pick in picks).lower()
    told = sum(
        weight
        for form, weight in asked.weights.items()
        if form in said or any(way.lower() in said for way in asked.ways.get(form, ()))
    )
    return told < (_TOLD if asked.rows else _TOLD_OF_NUMBER) * sum(asked.weights.values())


def _answers_in_words(candidate: Candidate, asked: Asked) -> bool:
    statement, report = candidate.statement, candidate.hit.filing.period is not None
    least = (ABOUT if report else ABOUT / 2) * weigh(asked.own, asked.weights)
    said = candidate.forms | {form for form in asked.own if gives_unit(form, statement.shown)}
    if not report and is_labelled(candidate, asked):
        return True
    return (
        not statement.row
        and not ON_FIGURES.search(statement.shown)
        and (not report or asked.year in statement.shown)
        and weigh(said & asked.own, asked.weights) >= least
    )


def _candidates(hits: Sequence[Hit], asked: Asked, figures: Sequence[AnswerFigure]) -> list[Candidate]:
    """Rows of a long report's tables only where no figure was found: a figure knows its period."""
    found = []
    told = {cell.cell for one in figures for cell in one.cells if len(cell.cell) >= _SURE}
    for hit in hits:
        for statement in statements(hit.chunk.text, form=hit.filing.period is None):
            if hit.filing.period and (figures or not asked.rows) and ON_FIGURES.search(statement.shown):
                continue  # our own sentence on a row: a figure says it, or it is no figure of what is asked
            if tells_opposite(asked.text, statement.shown):
                continue
            lower = statement.shown.lower()
            if statement.row and hit.filing.period and not asked.rows:
                continue
            if statement.row and any(cell in statement.quote for cell in told):
                continue  # a figure says it
            forms = frozenset(form for form in asked.weights if form in lower)
            if forms and hit.filing.period is None:  # `자산총액비중 : 42.7%` for 비중
                forms |= {form for form in asked.own if gives_unit(form, statement.shown)}
            label = label_of(statement.shown)
            one = Candidate(hit, statement, forms, label)
            if not is_labelled(one, asked) and statement.under:
                one = Candidate(hit, statement, forms, label_of(f"{statement.under}: ") or label)
            if (forms or is_labelled(one, asked)) and not (statement.row and figures and hit.filing.period):
                found.append(one)
    return found


def _dated(hits: Sequence[Hit], asked: Asked, spoken: set[str]) -> list[Candidate]:
    """What the event filing asked about says of each day asked."""
    first = hits[0].filing if hits else None
    if first is None or first.period or not asked.days:
        return []
    said = [
        Candidate(
            hit, one, frozenset(f for f in asked.weights if f in one.shown.lower()), label_of(one.shown)
        )
        for hit in hits
        if hit.filing == first
        for one in statements(hit.chunk.text, form=True)
        if not LEAD.search(one.shown)
    ]
    shown = [one.statement.shown for one in said]
    found = dict.fromkeys(said[place] for day in asked.days for place in days_of(day, shown))
    return [one for one in found if one.statement.quote not in spoken]


def _of_that_day(hits: Sequence[Hit], asked: Asked) -> list[Candidate]:
    """The rows of a report's tables that are of the day asked, where their table is about what is asked."""
    day = day_named(asked.text)
    if day is None:
        return []
    found = []
    for hit in (*hits, *asked.deep):
        if hit.filing.period is None:
            continue
        for one in statements(hit.chunk.text, form=False):
            if one.row and day_named(one.shown) == day:
                said = f"{one.shown} {one.over} {one.before}".lower()
                forms = frozenset(form for form in asked.weights if form in said)
                if weigh(forms & asked.own, asked.weights) >= _OF_ITS_DAY * weigh(
                    frozenset(asked.own & asked.weights.keys()), asked.weights
                ):
                    found.append(Candidate(hit, one, forms))
    quotes = {one.statement.quote: one for one in reversed(found)}
    return sorted(quotes.values(), key=lambda one: -weigh(one.forms, asked.weights))[:_MOST_ROWS]


def _of_kinds(
    hits: Sequence[Hit], asked: Asked, figures: Sequence[AnswerFigure], *, days: bool
) -> list[Candidate]:
    """What says a thing of the kind asked, for each part that no figure and no day of an event answers."""
    parts = wordless(asked.parts, counts=not figures) if figures or asked.prose else asked.parts
    parts = [part for part in parts if not (days and part.kinds[0].name in ("day", "span"))]
    found = []
    deep = [hit for hit in asked.deep if not asked.named or _names_all(asked.named, hit.chunk.indexed)]
    for one in leads(parts, hits, deep, asked.ways, asked.labels):
        if tells_opposite(asked.text, one.statement.shown):
            continue
        if one.hit.filing.period and not _names_all(
            asked.named, f"{one.statement.shown} {one.statement.over} {one.statement.under}"
        ):
            continue
        said = f"{one.statement.shown} {one.statement.over} {one.statement.before}".lower()
        forms = frozenset(form for form in asked.weights if form in said)
        found.append(Candidate(one.hit, one.statement, forms))
    return found


def _notes_of(pick: Candidate, sections: Mapping[tuple[str, str], str]) -> list[Statement]:
    """What stands below its table of a row that was picked."""
    if not pick.statement.row:
        return []
    text = sections.get((pick.hit.filing.rcept_no, pick.hit.section), pick.hit.chunk.text)
    return [Statement(note, note) for note in notes_below(text, [pick.statement.quote])]
