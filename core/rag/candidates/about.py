"""Which of the filings found a question is about that names no company, or one that files nothing here."""

import re
from collections.abc import Mapping, Sequence

from core.model import Hit, Question
from core.ports import Corpus
from core.rag.candidates.belonging import beside, of_name
from core.rag.question.asked import telling, units_asked
from core.rag.question.entities import OURS
from core.rag.question.kinds import ways_of

_COVERED = 0.75  # of a question's weight
_NAMED = 0.4  # likewise, of a filing that has each of its rarest nouns: whoever is named is named there
_RARE = 0.8  # of the weight of the rarest noun
_FILINGS_READ = 3  # of those found


async def about(
    question: Question, weights: Mapping[str, float], hits: Sequence[Hit], corpus: Corpus
) -> list[Hit]:
    """Those of filings that say nearly all that was asked: else another company answers.

    A company that is not here is the rarest word of all, so that nothing covers a question about it.
    An account of no company is asked of those alone that event filings tell of, and of something named.
    """
    if OURS.search(question.text):
        return []
    named = beside(question)
    if question.accounts and not (question.entities or named):
        return []  # 계약금액이 총 얼마였죠: every contract has one
    whole = sum(weights.values())
    nouns = [
        form for form, term in telling(question.terms, question).items() if "/N" in term or "/SL" in term
    ]
    rarest = max((weights.get(form, 0.0) for form in nouns), default=0.0)
    names = [] if question.accounts else [f for f in nouns if weights.get(f, 0.0) >= _RARE * rarest > 0]
    others = named if question.strict and units_asked(question.text) else []
    ways = ways_of(question) if others else {}
    spelled = [[form, *ways.get(form, ())] for form in others]
    kept: list[Hit] = []
    for rcept_no in list(dict.fromkeys(hit.filing.rcept_no for hit in hits))[:_FILINGS_READ]:
        own = [hit for hit in hits if hit.filing.rcept_no == rcept_no]
        if own[0].filing.period is None:
            text = " ".join(chunk.indexed for chunk in await corpus.chunks_of(rcept_no)).lower()
        elif question.accounts:
            continue
        else:
            text = " ".join(hit.chunk.indexed for hit in own).lower()
        if not all(any(name.lower() in text for name in filed) for _, *filed in question.entities):
            continue
        if not all(any(re.search(rf"(?<!\d){re.escape(way)}", text) for way in one) for one in spelled):
            continue  # a number of its own, but of something else: no 주가 is that of `7,500주가`
        said = {form for form in weights if form in text or of_name(form, question)}
        least = _NAMED if _named(question, names, said) else _COVERED
        if whole and sum(weights[form] for form in said) >= least * whole:
            kept += own
    # of several that fit as well, none is meant: 투자금액이 얼마래?
    return kept if len({hit.filing.corp_code for hit in kept}) == 1 else []


def _named(question: Question, names: Sequence[str], said: set[str]) -> bool:
    """Whether all that is named is said, and of one entity alone something else as well."""
    if question.entities and not question.accounts:
        return len(question.entities) > 1 or any(not of_name(form, question) for form in said)
    return bool(names) and said.issuperset(names)
