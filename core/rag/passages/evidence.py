"""Numbered sources for one answer: the rows its figures stand in, then the passages that speak of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.korean import squeeze
from core.model import AnswerFigure, Evidence, Filing, Hit
from core.narration import LEAD, ON_FIGURES
from core.rag.passages.days import DayAsked, days_of
from core.rag.passages.footnotes import MARK, notes_below
from core.rag.passages.kinds import leads
from core.rag.passages.parties import names_it
from core.rag.passages.rows import cells_by_section, rows_of_others, source_of
from core.rag.passages.statements import Statement, statements
from core.rag.question.asked import gives_unit, says_when
from core.rag.question.kinds import Part, wordless

_MIN_TEXT = 400  # a piece shorter than this says too little to be worth its number
_MOST_PICKS = 4
_GAIN = 0.1  # of the question's weight: what a statement must add to be said
_ABOUT = 0.7  # of the question's weight: a statement that may stand beside a figure that answers
_REASON = 0.5  # of the question's weight, on top, for a statement that gives a reason when one is asked
_WHEN = 0.15  # likewise for a statement that names a day when one is asked
_ON_TOPIC = 0.3  # of the question's weight: the day of something else is no answer to "when"
_DAY = re.compile(r"\d{4}\s*[-.년/]\s*\d{1,2}\s*[-.월/]\s*\d{1,2}")
_LABEL = 0.4  # likewise for the value of a form under the label asked
_SHORTEST_LABEL = 2
_SURE = 4  # characters of a cell that stand in no other row by chance
_LABELLED = re.compile(r"(?:.*› )?(?:[-ㆍ·○ㅇ※*\s]|\(?\d{1,2}[).])*\s*([^:：›]{2,40}?)\s*[:：]\s*")
_BRACKETS = re.compile(r"\([^)]*\)")
_EXTRAS = 4
_TOLD, _TOLD_OF_NUMBER = 0.25, 0.45  # of what is asked, that passages must say between them to be shown
_MORE = 0.5  # of what the best statement of the piece says


@dataclass(frozen=True, slots=True)
class Asked:
    """What statements are measured by: the weight of each word form asked, how reasons are given, and
    whether a day is asked, `days` which. `own` are the forms of the question itself, the others say the same
    in filings' words. `prose`: whole sentences alone, of `year` and about nearly all that was asked. `text`
    is the question, squeezed; `labels` are those under which forms say what it asks. Without `rows` no row of
    a report's table is said: none by itself is the number asked. `parts` ask things of a kind; `ways` are
    other spellings of words asked, `deep` more of what was found, read for such things alone; `named` is
    who else the question names: what a report says of others is no answer where it speaks of them."""

    weights: Mapping[str, float]
    own: frozenset[str] = frozenset()
    prefer: Sequence[str] = ()
    when: bool = False
    days: Sequence[DayAsked] = ()
    prose: bool = False
    year: str = ""
    text: str = ""
    labels: Sequence[str] = ()
    rows: bool = True
    parts: Sequence[Part] = ()
    ways: Mapping[str, Sequence[str]] = field(default_factory=dict)
    deep: Sequence[Hit] = ()
    named: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    statement: Statement
    forms: frozenset[str]
    label: str = ""  # of `약정기간: 2024.9.27~2029.9.30`


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
    if asked.named and any(one.hit.filing.period for one in candidates):
        telling = [one for one in candidates if _names_all(asked.named, one.statement.shown)]
        candidates = telling or candidates
    if asked.prose:
        candidates = [c for c in candidates if _answers_in_words(c, asked)]
    dated = _dated(hits, asked, spoken)
    first = [*dated, *_of_kinds(hits, asked, figures, days=bool(dated))]
    picks = _cover(candidates, asked, figures, first, noted)
    if not (figures or first or asked.prefer) and _far(picks, asked):
        return []
    notes = {pick.statement: _notes_of(pick, sections) for pick in picks}
    if asked.prefer and any(notes.values()):  # a note says why; what only sounds like a reason does not
        most = max(_weigh(pick.forms, asked.weights) for pick in picks)
        picks = [p for p in picks if notes[p.statement] or _weigh(p.forms, asked.weights) >= _MORE * most]
    left = context_chars - sum(len(piece.text) for piece in gathered)
    for hit in list(dict.fromkeys([*(pick.hit for pick in picks), *hits]))[:top_k]:
        here = [c for c in candidates if c.hit is hit]
        core = [pick for pick in picks if pick.hit is hit]
        if not core and (left < _MIN_TEXT or not here):
            continue
        left -= len(hit.chunk.text)
        answers = dict.fromkeys(pick.statement for pick in core)
        more = (c.statement for c in _more(core, here, asked.weights)[:_EXTRAS])
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


def _far(picks: Sequence[_Candidate], asked: Asked) -> bool:
    """Whether what a report says is of too little of what was asked to be shown instead of an answer."""
    if not picks or picks[0].hit.filing.period is None:
        return False
    said = " ".join(pick.statement.shown for pick in picks).lower()
    told = sum(
        weight
        for form, weight in asked.weights.items()
        if form in said or any(way.lower() in said for way in asked.ways.get(form, ()))
    )
    return told < (_TOLD if asked.rows else _TOLD_OF_NUMBER) * sum(asked.weights.values())


def _answers_in_words(candidate: _Candidate, asked: Asked) -> bool:
    statement, report = candidate.statement, candidate.hit.filing.period is not None
    least = (_ABOUT if report else _ABOUT / 2) * _weigh(asked.own, asked.weights)
    said = candidate.forms | {form for form in asked.own if gives_unit(form, statement.shown)}
    if not report and _labels(candidate, asked):
        return True
    return (
        not statement.row
        and not ON_FIGURES.search(statement.shown)
        and (not report or asked.year in statement.shown)
        and _weigh(said & asked.own, asked.weights) >= least
    )


def _candidates(hits: Sequence[Hit], asked: Asked, figures: Sequence[AnswerFigure]) -> list[_Candidate]:
    """Rows of a long report's tables only where no figure was found: a figure knows its period."""
    found = []
    told = {cell.cell for one in figures for cell in one.cells if len(cell.cell) >= _SURE}
    for hit in hits:
        for statement in statements(hit.chunk.text, form=hit.filing.period is None):
            if figures and hit.filing.period and ON_FIGURES.search(statement.shown):
                continue  # our own sentence on a row: a figure says it for the period and basis asked
            lower = statement.shown.lower()
            if statement.row and hit.filing.period and not asked.rows:
                continue
            if statement.row and any(cell in statement.quote for cell in told):
                continue  # a figure says it
            forms = frozenset(form for form in asked.weights if form in lower)
            if forms and hit.filing.period is None:  # `자산총액비중 : 42.7%` for 비중
                forms |= {form for form in asked.own if gives_unit(form, statement.shown)}
            label = label_of(statement.shown)
            one = _Candidate(hit, statement, forms, label)
            if not _labels(one, asked) and statement.under:
                one = _Candidate(hit, statement, forms, label_of(f"{statement.under}: ") or label)
            if (forms or _labels(one, asked)) and not (statement.row and figures and hit.filing.period):
                found.append(one)
    return found


def _dated(hits: Sequence[Hit], asked: Asked, spoken: set[str]) -> list[_Candidate]:
    """What the event filing asked about says of each day asked."""
    first = hits[0].filing if hits else None
    if first is None or first.period or not asked.days:
        return []
    said = [
        _Candidate(
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


def _of_kinds(
    hits: Sequence[Hit], asked: Asked, figures: Sequence[AnswerFigure], *, days: bool
) -> list[_Candidate]:
    """What says a thing of the kind asked, for each part that no figure and no day of an event answers."""
    parts = wordless(asked.parts, counts=not figures) if figures or asked.prose else asked.parts
    parts = [part for part in parts if not (days and part.kinds[0].name in ("day", "span"))]
    found = []
    deep = [hit for hit in asked.deep if not asked.named or _names_all(asked.named, hit.chunk.indexed)]
    for one in leads(parts, hits, deep, asked.ways, asked.labels):
        if one.hit.filing.period and not _names_all(
            asked.named, f"{one.statement.shown} {one.statement.over} {one.statement.under}"
        ):
            continue
        said = f"{one.statement.shown} {one.statement.over} {one.statement.before}".lower()
        forms = frozenset(form for form in asked.weights if form in said)
        found.append(_Candidate(one.hit, one.statement, forms))
    return found


def _cover(
    candidates: Sequence[_Candidate],
    asked: Asked,
    figures: Sequence[AnswerFigure],
    first: Sequence[_Candidate],
    reasoned: bool,
) -> list[_Candidate]:
    """Statements that between them speak of all that was asked, the most telling first.

    What the figures answer needs no statement; each further one must tell something new.
    """
    whole = sum(asked.weights.values())
    told = _told_by(figures, asked.weights)
    picks = list(first)
    quotes = {pick.statement.quote for pick in picks}
    candidates = [one for one in candidates if one.statement.quote not in quotes]
    told = told.union(*(pick.forms for pick in picks))

    def gain(candidate: _Candidate) -> float:
        new = _weigh(candidate.forms - told, asked.weights)
        reason = (
            not reasoned
            and not any(_gives(pick, asked.prefer) for pick in picks)
            and _gives(candidate, asked.prefer)
        )
        dated = any(_DAY.search(pick.statement.shown) for pick in picks)
        new_day = asked.when and not dated and _DAY.search(candidate.statement.shown)
        day = new_day and _weigh(candidate.forms, asked.weights) >= _ON_TOPIC * whole
        again = _weigh(candidate.forms & told, asked.weights) / 20
        labelled = _labels(candidate, asked) and candidate.label not in {pick.label for pick in picks}
        lead = bool(candidate.forms - told) and bool(LEAD.search(candidate.statement.shown))
        return (
            (new + again + (_REASON * reason + _WHEN * bool(day) + _GAIN * lead + _LABEL * labelled) * whole)
            * (2 + candidate.hit.score)
            / 3
        )

    while candidates and len(picks) < _MOST_PICKS:
        best = max(candidates, key=gain)
        if gain(best) < _GAIN * whole:
            break
        picks.append(best)
        told = told | best.forms
    if not picks and figures:
        about = [c for c in candidates if _weigh(c.forms, asked.weights) >= _ABOUT * whole]
        picks = sorted(about, key=lambda c: -_weigh(c.forms, asked.weights))[:1]
    return picks


def _notes_of(pick: _Candidate, sections: Mapping[tuple[str, str], str]) -> list[Statement]:
    """What stands below its table of a row that was picked."""
    if not pick.statement.row:
        return []
    text = sections.get((pick.hit.filing.rcept_no, pick.hit.section), pick.hit.chunk.text)
    return [Statement(note, note) for note in notes_below(text, [pick.statement.quote])]


def label_of(shown: str) -> str:
    """What a statement of a form stands under, squeezed: `약정기간` of `약정기간: 2024.9.27~`; else ''."""
    found = _LABELLED.match(shown)
    return squeeze(_BRACKETS.sub("", found[1])) if found else ""


def _labels(candidate: _Candidate, asked: Asked) -> bool:
    """Whether an event's statement stands under a label that the question names or asks for."""
    label = candidate.label
    if len(label) < _SHORTEST_LABEL or candidate.hit.filing.period is not None:
        return False
    return label in asked.text or any(squeeze(one) in label for one in asked.labels)


def _gives(candidate: _Candidate, words: Sequence[str]) -> bool:
    return any(word in candidate.statement.shown for word in words)


def _more(
    core: Sequence[_Candidate], others: Sequence[_Candidate], weights: Mapping[str, float]
) -> list[_Candidate]:
    """What else a piece says of the matter, in words: a row of a long report needs its header and caption."""
    least = _MORE * max((_weigh(c.forms, weights) for c in core), default=0.0)
    worth = [
        c
        for c in others
        if c not in core
        and _weigh(c.forms, weights) >= least
        and (c.hit.filing.period is None or not c.statement.row)
    ]
    return sorted(worth, key=lambda c: -_weigh(c.forms, weights))


def _told_by(figures: Sequence[AnswerFigure], weights: Mapping[str, float]) -> frozenset[str]:
    cells = [cell for shown in figures for cell in shown.cells]
    labels = " ".join(
        f"{cell.account} {cell.row} {cell.segment or ''} {cell.column}" for cell in cells
    ).lower()
    return frozenset(form for form in weights if form in labels or (figures and says_when(form)))


def _weigh(forms: frozenset[str], weights: Mapping[str, float]) -> float:
    return sum(weights[form] for form in forms)
