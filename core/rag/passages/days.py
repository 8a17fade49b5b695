"""The days a question asks of an event, and which of its form's rows gives each: found by the words asked
and by holding a day, whatever the row is called."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.korean import squeeze
from core.model import Question
from core.rag.language.companies import called
from core.rag.language.whens import whens
from core.rag.question.asked import parts_of
from core.rag.question.roles import labels_asked

# `지급일은`, `언제`; 제일 and the like are no days.
_WHEN = re.compile(
    r"언제|며칠|날짜|몇\s?월|(?<!보고)기간(?=[은이]?\s*(?:\?|$|어떻|알려|얼마나))"
    r"|(?<![가-힣])(?!제일|매일|유일|내일|요일|평일|파일|단일|동일|통일)[가-힣]+일(?:자|정)?(?=[은는이가을를도과와랑,?·\s]|$)"
)
_SPAN = re.compile(r"기간|언제\s*[~∼-]\s*언제|언제부터.{0,10}언제까지")
_SHORTEST = 2
_HAS = 0.6  # of a label that ends with what is asked: one that has it
_BRACKETS = re.compile(r"\([^()]*\)")
_ROLE = 1.5  # times the rarest word: a label under which forms say what is asked
_FULL_DAY = re.compile(
    r"(?<![\d.])((?:20)?\d\d)\s?[.\-/년]\s?(\d{1,2})\s?[.\-/월]\s?(\d{1,2})(?:\s?일|\.)?(?!\d|\s?[.\-/]\s?\d)"
)
_CENTURY = 2000
Day = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class DayAsked:
    """`words` of the part of the question that asks the day; `labels` forms say it under; `span`: from
    one day to another."""

    words: frozenset[str]
    labels: Sequence[str]
    span: bool = False


def days_asked(question: Question) -> list[DayAsked]:
    """One for each part of the question that asks a day."""
    text = question.text
    names = " ".join(name.lower() for company in question.companies for name in called(company))
    places = _places(squeeze(text), question.terms)
    found = []
    last = 0
    for part in parts_of(text):
        first, last = last, last + len(squeeze(part))
        if not _WHEN.search(part):
            continue
        own = [term.rpartition("/") for at, term in places if first <= at < last]
        words = {
            form for form, _, tag in own if len(form) >= _SHORTEST and form not in names and tag != "MAG"
        }
        done = " ".join(form for form, _, tag in own if tag == "VV")  # 줌 is 주다
        labels = dict.fromkeys([*labels_asked(part), *labels_asked(f"언제 {done}" if done else "")])
        found.append(DayAsked(frozenset(words), list(labels), bool(_SPAN.search(part))))
    return found


def _places(text: str, terms: Sequence[str]) -> list[tuple[int, str]]:
    """Each term with where it stands in the squeezed text, or where the one before it does."""
    found, at = [], 0
    for term in terms:
        here = text.find(term.rpartition("/")[0], at)
        at = here if here >= 0 else at
        found.append((at, term))
    return found


def days_of(asked: DayAsked, statements: Sequence[str]) -> list[int]:
    """The place of the statement whose own words about a day say most of what is asked, and of the other end
    of a span; none where no statement says any of it."""
    around = [_around(one) for one in statements]
    dated = [at for at, words in enumerate(around) if words]
    rare = {
        word: math.log((len(dated) + 1) / (1 + sum(word in around[at] for at in dated)))
        for word in asked.words
    }
    top = max(rare.values(), default=0.0) or 1.0

    def score(at: int) -> float:
        label = _bare(statements[at].rpartition(":")[0])
        role = max((_ends(label, squeeze(one)) for one in asked.labels), default=0.0)
        return sum(weight for word, weight in rare.items() if word in around[at]) + _ROLE * top * role

    best = max(dated, key=lambda at: (score(at), -len(around[at])), default=None)
    if best is None or score(best) <= 0:
        return []
    over = statements[best].rpartition("›")[0]
    beside = [at for at in dated if over and statements[at].rpartition("›")[0] == over]
    return beside if asked.span and len(beside) > 1 else [best]


def _ends(label: str, said: str) -> float:
    """Whether a label ends with what forms say, or has it: the 종료일 of 투자기간."""
    return 1.0 if label.endswith(said) else _HAS if said in label else 0.0


def _around(statement: str) -> str:
    """What a statement says of the days in it, squeezed; '' without a day."""
    days = [when for when in whens(statement, None) if when.kind == "일"]
    return f"{squeeze(statement)} {_bare(statement)}" if days else ""


def _bare(text: str) -> str:
    """Squeezed, without what is in brackets: `지급(예정)일` is a 지급일."""
    return _BRACKETS.sub("", squeeze(text))


def day_named(text: str) -> Day | None:
    """The one full day that a text, or a row of a table, names: `2022년 5월 25일`, `2022.5.25`."""
    named = {_day(found) for found in _FULL_DAY.finditer(text)}
    return named.pop() if len(named) == 1 else None


def _day(found: re.Match[str]) -> Day:
    year, month, day = map(int, found.groups())
    return (year if year > _CENTURY else _CENTURY + year, month, day)
