"""What a question asks, part by part: the words right before `은` or `얼마`, and whether labels say them."""

import re
from collections.abc import Iterable
from dataclasses import replace

from core.korean import squeeze
from core.model import AnswerFigure
from core.rag.figures.selection import is_account
from core.rag.question.asked import parts_of
from core.rag.question.sought import Sought

_HALF = 0.5  # of what the words right before `은` weigh
_BESIDE = 3  # words between two things asked side by side
_TELLING = 3.0  # weight of words: a part of a question with less has no subject of its own
_AND = re.compile(r"(?:과|와|랑|하고|및|,)$")


def named_in(sought: Sought, text: str) -> Sought:
    """The same, with those of its unknown words that stand in a text: names, then."""
    bare = squeeze(text)
    found = frozenset(word for word in sought.unknown if word in bare)
    return replace(sought, names=sought.names | found, _told={}) if found else sought


def asks_for(sought: Sought, figure: AnswerFigure, title: str, text: str) -> bool:
    """Whether a figure's labels say what some part of the question names right before `은` or `얼마`; of what
    is compared the question names both sides. `title` and `text` are those of the event filing."""
    title, text = squeeze(title), squeeze(text)
    return sought.question.compare or any(_of_subject(part, figure, title, text) for part in asks(sought))


def _of_subject(sought: Sought, figure: AnswerFigure, title: str, text: str) -> bool:
    """Whether the labels say half of it, but for words of the title, which all labels stand under, and those
    that the filing never uses, other than the last: 인텔 of `인텔 양수가액은`. `전환가액과 최저 조정가액을`
    names two things."""
    pieces = sought.asked.lower().split()
    last = max((at for at, piece in enumerate(pieces) if any(w in piece for w in sought.subject)), default=0)
    ways = [[w for w in sought.subject if w not in title and (w in text or w in pieces[last])]]
    beside = filter(_AND.search, pieces[max(0, last - _BESIDE) : last])
    ways += [[w for w in sought.words if w in piece and w not in title] for piece in beside]
    told = {word for cell in figure.cells for word in sought.told(cell)}
    head = [word for word in sought.words if pieces and word in pieces[last]]
    named = any(is_account(cell, sought.question.accounts) for cell in figure.cells)
    if (named or (head and all(word in told for word in head))) and all(
        word in text or word in told for word in sought.subject
    ):
        return True  # `포항 CAM9 투자금액 얼마`: what stands last is asked, the filing says the rest

    def weigh(words: Iterable[str]) -> float:
        return sum(sought.words[word] for word in words)

    return any(weigh(word for word in way if word in told) >= _HALF * weigh(way) for way in ways)


def asks(sought: Sought) -> list[Sought]:
    """The parts of a question that ask one thing each, as far as each names its own."""
    texts = parts_of(sought.question.text, listed=False)
    if len(texts) == 1:
        return [sought]
    parts = [_of_part(sought, text) for text in texts]
    return parts if all(part.total >= _TELLING for part in parts) else [sought]


def _of_part(sought: Sought, text: str) -> Sought:
    question, bare = sought.question, squeeze(text)
    terms = [term for term in question.terms if term.partition("/")[0] in bare]
    accounts = [name for name in question.accounts if squeeze(name) in bare]
    return replace(
        sought, question=replace(question, text=text, terms=terms, accounts=accounts, before=()), _told={}
    )
