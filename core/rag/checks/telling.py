"""What a statement of a filing tells in words, and whether a draft tells the same of the same thing."""

import re
from collections.abc import Callable, Sequence

from core.korean import bare_name, squeeze
from core.rag.checks.sources import Source
from core.rag.language.accounts import ACCOUNT_ENDING, key
from core.rag.language.mentions import negations
from core.rag.language.moods import causal, moods, past
from core.rag.language.named import is_named, same_as
from core.rag.language.phrasing import Terms, adverbs, nouns, unknown, verbs
from core.rag.language.reading import Reading, read

_TOPIC = re.compile(r"([가-힣A-Za-z]{2,})(?:은|는)(?=\s)")
_SELF = frozenset(["회사", "당사", "동사", "이번에", "여기에", "이유", "까닭", "원인", "배경", "결과"])
Speaks = Callable[[str, str], bool]


def told(draft: Reading, sources: Sequence[Source], terms: Terms, speaks: Speaks) -> Source | None:
    """The source with one statement that tells what the draft tells without numbers: its accounts, words,
    direction, negation and mood. Words of several statements, put together, tell what none of them does.

    `speaks`: whether a statement of a company's filing speaks of the one that the draft speaks of.
    """
    for source in sources:
        bare = _without_filer(draft, source)
        words, said = nouns(bare.text, terms), adverbs(bare.text, terms)
        if not words or unknown([*words, *said], source.known):
            continue
        for reading in source.readings:
            here = squeeze(reading.text)
            if (
                not unknown(words, here + source.title)
                and speaks(source.evidence.filing.corp_code, reading.text)
                and not unknown(said, here)
                and _accounts_alike(bare, reading)
                and _moves_alike(bare, reading, terms)
                and done(bare.text, reading, terms)
                and topics_alike(bare.text, reading, source.title)
                and all(told_alike(bare.text[a:b], reading, terms) for a, b in bare.clauses)
            ):
                return source
    return None


def _without_filer(draft: Reading, source: Source) -> Reading:
    """The draft as the statements are read, without the labels of figures, and without the filer's name where
    it is what the draft is about."""
    name = re.escape(bare_name(source.evidence.filing.corp_name))
    return read(re.sub(rf"^\s*{name}[은는이가의]\s", "", draft.text), draft.this_year)


def told_alike(clause: str, reading: Reading, terms: Terms) -> bool:
    """Whether the clause is told as the one of the statement with most of its words is: as so or not so, as
    planned, possible or due, under a condition. What is dropped changes it as much as what is added.

    It has the words of that clause alone, what it is about aside.
    """
    mine = set(terms(clause))
    if not mine:
        return True
    every = [reading.text[a:b] for a, b in reading.clauses]
    theirs = max(every, key=lambda text: len(mine & set(terms(text))))
    about = _TOPIC.match(every[0])
    bare = clause.removeprefix(about[0]) if about else clause
    return not unknown(nouns(bare, terms), squeeze(theirs)) and alike(clause, theirs, terms)


def topics_alike(clause: str, reading: Reading, names: str) -> bool:
    """Whether what the clause is about is what the statement is about, or who filed it."""
    here = squeeze(reading.text)
    return all(
        m[1] in _SELF
        or ACCOUNT_ENDING.search(m[1])  # accounts are compared as such
        or squeeze(m[1]) in names
        or re.search(
            rf"{re.escape(squeeze(m[1]))}(?:\([^()]*\))?(?:[은는가도의에:|]|이(?![며고다라었에입])|$)", here
        )
        for m in _TOPIC.finditer(clause)
    )


def alike(clause: str, theirs: str, terms: Terms) -> bool:
    if moods(clause) != moods(theirs) or (causal(clause) and not causal(theirs)):
        return False
    here, there = negations(clause), negations(theirs)
    if bool(here) != bool(there):
        return False
    if past(clause) and past(theirs) is False and (moods(clause) or _one_end(clause, theirs, terms)):
        return False  # 쓴다, told as 썼다
    return here == there or not _one_end(clause, theirs, terms)  # `인식했습니다`, `인식하지 않았습니다`


def _one_end(clause: str, theirs: str, terms: Terms) -> bool:
    """Whether both end in one word: 늘었습니다, 늘어납니다."""
    ends = [said[-1].rpartition("/")[0] if said else "" for said in (terms(clause), terms(theirs))]
    return ends[0].startswith(ends[1]) or ends[1].startswith(ends[0])


def _accounts_alike(draft: Reading, reading: Reading) -> bool:
    """영업이익률 has every morpheme of 영업이익 and is another account."""
    there, whole = [same_as(account.key) for account in reading.accounts], key(reading.text)
    return all(
        any(is_named(account.key, names) for names in there)
        or (account.key in whole and not any(account.key in name for names in there for name in names))
        for account in draft.accounts
    )


def _moves_alike(draft: Reading, reading: Reading, terms: Terms) -> bool:
    """Each rise or fall of the draft is one of the statement, said in a clause with the same words."""
    for mark in draft.directions:
        words = nouns(draft.text[slice(*draft.moving(mark))], terms)
        if not any(
            (other.value, other.turn) == (mark.value, mark.turn)
            and _same_words(words, reading.text[slice(*reading.moving(other))], terms)
            for other in reading.directions
        ):
            return False
    years = {w.year for w in draft.whens if w.year}
    return years <= {w.year for w in reading.whens}


def done(text: str, reading: Reading, terms: Terms) -> bool:
    """Whether what the text says is done is done in the statement."""
    said = verbs(text, terms)
    return not said or set(said) <= set(verbs(reading.text, terms))


def _same_words(words: Sequence[str], there: str, terms: Terms) -> bool:
    return not unknown(words, squeeze(there)) if words else not nouns(there, terms)
