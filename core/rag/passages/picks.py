"""Of the statements that speak of what was asked those that between them speak of all of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.korean import squeeze
from core.model import AnswerFigure, Hit
from core.narration import LEAD
from core.rag.passages.days import DayAsked
from core.rag.passages.statements import Statement
from core.rag.question.asked import says_when
from core.rag.question.kinds import Part

_MOST_PICKS = 4
_GAIN = 0.1  # of the question's weight: what a statement must add to be said
ABOUT = 0.7  # of the question's weight: a statement that may stand beside a figure that answers
_REASON = 0.5  # of the question's weight, on top, for a statement that gives a reason when one is asked
_WHEN = 0.15  # likewise for a statement that names a day when one is asked
_ON_TOPIC = 0.3  # of the question's weight: the day of something else is no answer to "when"
_DAY = re.compile(r"\d{4}\s*[-.년/]\s*\d{1,2}\s*[-.월/]\s*\d{1,2}")
_LABEL = 0.4  # likewise for the value of a form under the label asked
_SHORTEST_LABEL = 2
_LABELLED = re.compile(r"(?:.*› )?(?:[-ㆍ·○ㅇ※*\s]|\(?\d{1,2}[).])*\s*([^:：›]{2,40}?)\s*[:：]\s*")
_BRACKETS = re.compile(r"\([^)]*\)")
MORE = 0.5  # of what the best statement of the piece says


@dataclass(frozen=True, slots=True)
class Asked:
    """What statements are measured by: the weight of each word form asked, how reasons are given, and
    whether a day is asked, `days` which. `own` are the forms of the question itself, the others say the same
    in filings' words. `prose`: whole sentences alone, of `year` and about nearly all that was asked. `text`
    is the question, squeezed; `labels` are those under which forms say what it asks. Without `rows` no row of
    a report's table is said: none by itself is the number asked. `parts` ask things of a kind; `ways` are
    other spellings of words asked, `deep` more of what was found, read for such things alone; `named` is
    who else the question names: what a report says of others is no answer where it speaks of them. `alone`:
    one number is asked and a figure tells it, so that no other amount stands beside it."""

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
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    hit: Hit
    statement: Statement
    forms: frozenset[str]
    label: str = ""  # of `약정기간: 2024.9.27~2029.9.30`


def cover(
    candidates: Sequence[Candidate],
    asked: Asked,
    figures: Sequence[AnswerFigure],
    first: Sequence[Candidate],
    reasoned: bool,
) -> list[Candidate]:
    """Statements that between them speak of all that was asked, the most telling first.

    What the figures answer needs no statement; each further one must tell something new.
    """
    whole = sum(asked.weights.values())
    told = _told_by(figures, asked.weights)
    picks = list(first)
    quotes = {pick.statement.quote for pick in picks}
    candidates = [one for one in candidates if one.statement.quote not in quotes]
    told = told.union(*(pick.forms for pick in picks))

    def gain(candidate: Candidate) -> float:
        new = weigh(candidate.forms - told, asked.weights)
        reason = (
            not reasoned
            and not any(_gives(pick, asked.prefer) for pick in picks)
            and _gives(candidate, asked.prefer)
        )
        dated = any(_DAY.search(pick.statement.shown) for pick in picks)
        new_day = asked.when and not dated and _DAY.search(candidate.statement.shown)
        day = new_day and weigh(candidate.forms, asked.weights) >= _ON_TOPIC * whole
        again = weigh(candidate.forms & told, asked.weights) / 20
        labelled = is_labelled(candidate, asked) and candidate.label not in {pick.label for pick in picks}
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
        about = [c for c in candidates if weigh(c.forms, asked.weights) >= ABOUT * whole]
        picks = sorted(about, key=lambda c: -weigh(c.forms, asked.weights))[:1]
    return picks


def label_of(shown: str) -> str:
    """What a statement of a form stands under, squeezed: `약정기간` of `약정기간: 2024.9.27~`; else ''."""
    found = _LABELLED.match(shown)
    return squeeze(_BRACKETS.sub("", found[1])) if found else ""


def is_labelled(candidate: Candidate, asked: Asked) -> bool:
    """Whether an event's statement stands under a label that the question names or asks for."""
    label = candidate.label
    if len(label) < _SHORTEST_LABEL or candidate.hit.filing.period is not None:
        return False
    return label in asked.text or any(squeeze(one) in label for one in asked.labels)


def _gives(candidate: Candidate, words: Sequence[str]) -> bool:
    return any(word in candidate.statement.shown for word in words)


def more_of(
    core: Sequence[Candidate], others: Sequence[Candidate], weights: Mapping[str, float]
) -> list[Candidate]:
    """What else a piece says of the matter, in words: a row of a long report needs its header and caption."""
    least = MORE * max((weigh(c.forms, weights) for c in core), default=0.0)
    worth = [
        c
        for c in others
        if c not in core
        and weigh(c.forms, weights) >= least
        and (c.hit.filing.period is None or not c.statement.row)
    ]
    return sorted(worth, key=lambda c: -weigh(c.forms, weights))


def _told_by(figures: Sequence[AnswerFigure], weights: Mapping[str, float]) -> frozenset[str]:
    cells = [cell for shown in figures for cell in shown.cells]
    labels = " ".join(
        f"{cell.account} {cell.row} {cell.segment or ''} {cell.column}" for cell in cells
    ).lower()
    return frozenset(form for form in weights if form in labels or (figures and says_when(form)))


def weigh(forms: frozenset[str], weights: Mapping[str, float]) -> float:
    return sum(weights[form] for form in forms)
