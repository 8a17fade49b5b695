"""A number or day that is no figure → the statement of a filing that says it of the same thing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.korean import squeeze
from core.rag.checks.sources import Source
from core.rag.checks.telling import Speaks, alike, done, topics_alike
from core.rag.language.accounts import key
from core.rag.language.mentions import Amount, negations
from core.rag.language.named import Named, is_named, same_as
from core.rag.language.phrasing import Terms, nouns, unknown
from core.rag.language.reading import Reading
from core.rag.language.whens import When

_WORD = re.compile(r"[가-힣A-Za-z]{2,}")
_DAY_PARTICLE = re.compile(r"^(?:에는|에|부터|까지|자로|자|이며|입니다)")
_WORD_ENDING = re.compile(r"(?:은|는|이|가|을|를|의|도|로|으로|하는|된|되는|했습니다|합니다)$")
_OF = re.compile(r"\s?의\s?(?:약\s?)?")
_FILED = re.compile(r"\s?(?:정정\s)?공시")  # 예정일은 9월 5일이라고 6월 9일 공시했다: the day of filing alone


@dataclass(frozen=True, slots=True)
class Held:
    """A number of a sentence and the statement that says it."""

    source: Source
    reading: Reading
    amount: Amount | When


def holding(
    draft: Reading,
    said: Amount | When,
    sources: Sequence[Source],
    terms: Terms,
    year: int | None,
    speaks: Speaks,
) -> Iterator[Held]:
    """The statements that say this number of the same thing: same unit, sign, period, words and direction.

    `year` is that of the sentence before, for a draft that names none.
    """
    left, right = draft.window(said.start, said.end)
    words = nouns(draft.text[left:right], terms)
    if not words:
        words = nouns(draft.text[: said.start], terms)[-2:]
    if not words:
        return
    filed = "공시" in draft.text
    for source in sources:
        for reading in source.readings:
            if not speaks(source.evidence.filing.corp_code, reading.text):
                continue
            for other in reading.amounts if isinstance(said, Amount) else reading.whens:
                if isinstance(other, When) and _FILED.match(reading.text[other.end :]) and not filed:
                    continue
                if not _same_number(said, other) or (
                    isinstance(said, Amount)
                    and said.unit is None
                    and _glued(draft, said) != _glued(reading, other)
                ):
                    continue
                if _same_matter(draft, said, words, source, reading, other, year, terms):
                    yield Held(source, reading, other)


def _glued(reading: Reading, said: Amount | When) -> str:
    """What stands right behind a number without a unit: the 상 of `3상`."""
    return reading.text[said.end : said.end + 1].strip()


def _same_number(said: Amount | When, other: Amount | When) -> bool:
    if isinstance(said, Amount) and isinstance(other, Amount):
        return (said.value, said.unit, said.negative) == (other.value, other.unit, other.negative)
    if isinstance(said, When) and isinstance(other, When):
        return other.kind == "일" and (said.year, said.month, said.day) == (
            other.year,
            other.month,
            other.day,
        )
    return False


def _same_matter(
    draft: Reading,
    said: Amount | When,
    words: Sequence[str],
    source: Source,
    reading: Reading,
    other: Amount | When,
    year: int | None,
    terms: Terms,
) -> bool:
    left, right = reading.window(other.start, other.end)
    if not nouns(reading.text[left : other.start], terms):  # `가동률은 78%에서 91%로`: of the same subject
        left = min(left, reading.clause(other.start)[0])
    around = squeeze(reading.text[left:right])
    if unknown(words, around + source.header):
        return False
    a, b = draft.window(said.start, said.end)
    if bool(negations(draft.text[a:b])) != bool(negations(reading.text[left:right])):
        return False
    clause, its = draft.clause(said.start), reading.clause(other.start)
    if not alike(draft.text[slice(*clause)], reading.text[slice(*its)], terms):
        return False
    part = draft.part_of(said.start)
    if part and key(part) not in key(around + source.header):
        return False
    if not topics_alike(draft.text[a : said.start], reading, source.header):
        return False
    if not done(draft.text[a:b], reading, terms):
        return False
    if isinstance(said, When) or isinstance(other, When):
        return _label_of_day(draft, said.start, said.end) in squeeze(reading.text[left:right])
    mine = draft.account_of(said.start, said.end)
    theirs = reading.account_of(other.start, other.end)
    another = mine and theirs and a <= mine.start and not is_named(mine.key, same_as(theirs.key))
    if mine and another and mine.key not in key(reading.text[left:right]):
        return False
    if said.unit == "%" and mine and theirs and _share(draft, mine, said) != _share(reading, theirs, other):
        return False
    way, way_there = draft.direction_of(said), reading.direction_of(other)
    if way and (way_there is None or way.value != way_there.value):
        return False
    basis, own = draft.basis_of(said), reading.basis_of(other)
    if basis and basis != own and not (own is None and basis in source.header):
        return False
    return _same_period(draft, said, source, reading, other, year)


def _share(reading: Reading, account: Named, said: Amount) -> bool:
    """Whether the number is a share of the account, `매출액의 6.6%`, and not a value of it."""
    return bool(_OF.fullmatch(reading.text[account.end : said.start]))


def _label_of_day(draft: Reading, start: int, end: int) -> str:
    """The word that a day is given for: `만기일은 2026-07-11`, else `2026-07-11에 만기`."""
    left, right = draft.window(start, end)
    before = _WORD.findall(draft.text[left:start])
    after = _WORD.findall(_DAY_PARTICLE.sub("", draft.text[end:right]))
    word = before[-1] if before else after[0] if after else ""
    return squeeze(_WORD_ENDING.sub("", word))


def _same_period(
    draft: Reading, said: Amount, source: Source, reading: Reading, other: Amount, year: int | None
) -> bool:
    """A statement without a period is of its report's year; one of several years is said with its own."""
    mine, theirs = draft.when_of(said.start), reading.when_of(other.start)
    if mine is None:
        years = {w.year for w in reading.whens if w.kind != "일"}
        return len(years) <= 1 and (year is None or years <= {year, None})
    if theirs is None:
        period = source.evidence.filing.period
        return bool(period) and mine.year == int(str(period)[:4]) and not mine.kind
    return (mine.year, mine.month, mine.kind) == (theirs.year, theirs.month, theirs.kind)
