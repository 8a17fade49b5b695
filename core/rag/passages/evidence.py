"""Numbered sources for one answer: the rows its figures stand in, then the passages that speak of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.model import AnswerFigure, Evidence, Figure, Filing, Hit, Passage
from core.narration import LEAD, ON_FIGURES
from core.rag.passages.days import DayAsked, days_of
from core.rag.passages.footnotes import MARK, notes_below
from core.rag.passages.statements import Statement, statements
from core.rag.question.asked import gives_unit, says_when

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
_BEFORE = re.compile(r"\(\s*전(?:반|분)?기\s?말?\s*[:：]?\s*[\d,.]+[^\d()]{0,6}\)")
_EXTRAS = 4
_MUCH_MORE = 1.5  # times what figures say of their sentence: then it tells something beside them
_MORE = 0.5  # of what the best statement of the piece says


@dataclass(frozen=True, slots=True)
class Asked:
    """What statements are measured by: the weight of each word form asked, how reasons are given, and
    whether a day is asked, `days` which. `own` are the forms of the question itself, the others say the same
    in filings' words. `prose`: whole sentences alone, of `year` and about nearly all that was asked. `text`
    is the question, squeezed; `labels` are those under which forms say what it asks. Without `rows` no row of
    a report's table is said: none by itself is the number asked."""

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
    cells = _cells_by_section(figures)
    gathered = [
        _source(n, filings[rcept_no], path, sections.get((rcept_no, path), ""), rows, asked)
        for n, ((rcept_no, path), rows) in enumerate(cells.items(), 1)
    ]
    noted = any(MARK.match(one) for piece in gathered for one in piece.said)
    spoken = {row.caption for piece in gathered for row in piece.figures if row.origin == "prose"}
    if answered := {rcept_no for rcept_no, _ in cells}:
        hits = [hit for hit in hits if hit.filing.rcept_no in answered]  # others tell of other periods
    candidates = [c for c in _candidates(hits, asked, figures) if c.statement.quote not in spoken]
    if asked.prose:
        candidates = [c for c in candidates if _answers_in_words(c, asked)]
    picks = _cover(candidates, asked, figures, _dated(hits, asked, spoken), noted)
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
                next(iter(said), here[0].statement).quote,
                hit.chunk.text,
                said=tuple(one.shown for one in said),
                core=len(answers),
            )
        )
    return gathered


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


def _cover(
    candidates: Sequence[_Candidate],
    asked: Asked,
    figures: Sequence[AnswerFigure],
    dated: Sequence[_Candidate],
    reasoned: bool,
) -> list[_Candidate]:
    """Statements that between them speak of all that was asked, the most telling first.

    What the figures answer needs no statement; each further one must tell something new.
    """
    whole = sum(asked.weights.values())
    told = _told_by(figures, asked.weights)
    picks = list(dated)
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
    return _squeeze(_BRACKETS.sub("", found[1])) if found else ""


def _labels(candidate: _Candidate, asked: Asked) -> bool:
    """Whether an event's statement stands under a label that the question names or asks for."""
    label = candidate.label
    if len(label) < _SHORTEST_LABEL or candidate.hit.filing.period is not None:
        return False
    return label in asked.text or any(_squeeze(one) in label for one in asked.labels)


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


def _cells_by_section(figures: Sequence[AnswerFigure]) -> dict[tuple[str, str], list[Figure]]:
    sources: dict[tuple[str, str], list[Figure]] = {}
    for shown in figures:
        for figure in shown.cells:
            of = sources.setdefault((figure.rcept_no, figure.section), [])
            if figure not in of:
                of.append(figure)
    return sources


def _source(n: int, filing: Filing, path: str, text: str, rows: Sequence[Figure], asked: Asked) -> Evidence:
    """The rows of figures; the sentences of those that sentences say are told whole, for they say what of."""
    quote, told = _rows_of(text, rows)
    sentences = dict.fromkeys(row.caption for row in rows if row.origin == "prose")
    notes = notes_below(text, (row_quote(text, row) for row in rows)) if asked.prefer else []
    said = (
        *notes,
        *(
            _without_before(one, rows)
            for one in sentences
            if len(_squeeze(one)) > _MUCH_MORE * len(_named(one, rows))
        ),
    )
    return Evidence(n, filing, path, quote, told, tuple(rows), said=said, core=len(said))


def _without_before(sentence: str, rows: Sequence[Figure]) -> str:
    """Made readable; without the number of the period before in brackets, where that of one is told."""
    row = statements(f"| {sentence} |", form=True) if "|" in sentence else []
    shown = row[0].shown if row else sentence
    told = any(one.period for one in rows if one.caption == sentence)
    return _BEFORE.sub("(…)", shown) if told else shown


def _named(sentence: str, rows: Sequence[Figure]) -> str:
    return _squeeze("".join(f"{row.account}{row.cell}" for row in rows if row.caption == sentence))


def _rows_of(text: str, rows: Sequence[Figure]) -> tuple[str, str]:
    """(the first figure's row, all their rows)."""
    quotes = list(dict.fromkeys(line for line in (row_quote(text, figure) for figure in rows) if line))
    return (quotes[0] if quotes else "", "\n".join(quotes))


def row_quote(text: str, figure: Figure) -> str:
    """The line of the section's table that holds the figure's cell, without its outer bars; else ''."""
    if figure.origin == "prose":
        return figure.caption
    label = _squeeze(figure.row.split(" > ")[-1])
    best = ""
    for line in text.splitlines():
        if line.startswith("|") and figure.cell in line and label in _squeeze(line):
            bare = line.strip("| ").strip()
            if not best or len(bare) < len(best):
                best = bare
    return best


def section_texts(passages: Sequence[Passage]) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    for passage in passages:
        key = (passage.rcept_no, passage.path)
        texts[key] = f"{texts[key]}\n{passage.text}" if key in texts else passage.text
    return texts


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)
