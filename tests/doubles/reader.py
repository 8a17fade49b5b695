"""Whether a reader was misled: apart from core/rag/verify, by what was told and which numbers are true."""

import re
from collections.abc import Sequence
from decimal import Decimal

from core.rag.language.spoken import spoken
from tests.doubles.analyst import Claim, Told
from tests.doubles.prompt import Listed, when

_CITED = re.compile(r"\s*\[\d+\]")
_PARTICLES = re.compile(r"(?<=[원%p주명])(?:으로|[은는이가을를과와로])(?=[\s,.]|$)")
_DATE = re.compile(r"\s?(?:[년월일기.~-]|분기|개월)")  # read as numbers of a day, which `Told` covers
_SHORTEST = 5  # characters
_NOTES = re.compile(r"\n\n(?:근거 셀|쉬운 풀이|※).*", re.DOTALL)


def bare(text: str) -> str:
    """Without citations, spaces, marks and the particles that a filled placeholder changes."""
    text = _PARTICLES.sub("", _CITED.sub("", text))
    return re.sub(r"[\s.​]|^-\s", "", text)


def body(answer: str) -> str:
    """The part a writer wrote."""
    return _NOTES.sub("", answer)


def _years(text: str) -> list[str]:
    return re.findall(r"(20\d{2})년", text)


def misled(answer: str, told: Sequence[Told], figures: Sequence[Listed]) -> list[Told]:
    """The wrong sentences that stand in the answer. What a liar changed may be so by chance: a rate of the
    consolidated accounts is that of the separate ones, and the true figures say both."""
    true = {Claim(f.company, when(f.period), f.basis or "", f.label, f.text) for f in figures}
    seen = {bare(s) for line in body(answer).splitlines() for s in re.split(r"(?<=[다요\]]\.)\s+", line)}
    whole = bare(body(answer))
    return [
        one
        for one in told
        if one.right is False
        and one.claim not in true
        and len(bare(one.text)) > _SHORTEST
        and (bare(one.text) in seen or bare(one.text) in whole)
        and not (one.year and _years(whole.partition(bare(one.text))[0])[-1:] == [one.year])
    ]


def invented(answer: str, prompt: str) -> list[Decimal]:
    """Numbers of the answer that stand nowhere in what the writer was given."""
    true = {one.value for one in spoken(prompt.partition("[질문]")[0])}
    said = spoken(_CITED.sub("", body(answer)))
    return [one.value for one in said if not _DATE.match(one.following) and one.value not in true]


def missing(answer: str, told: Sequence[Told]) -> list[Told]:
    """Right sentences that do not stand in the answer."""
    whole = bare(body(answer)).replace("-", "")
    return [one for one in told if one.right and bare(one.text).replace("-", "") not in whole]
