"""What the cited filings say, statement by statement, to hold a sentence against."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.korean import squeeze
from core.model import Evidence
from core.rag.language.accounts import key
from core.rag.language.mentions import Amount, When, negations
from core.rag.language.named import is_named, same_as
from core.rag.language.phrasing import Terms, nouns, planted, unknown, verbs
from core.rag.language.reading import Reading, read
from core.rag.passages.statements import LIST_MARKS, statements

_LEAD_IN = re.compile(
    r"^(?:또한|그리고|한편|다만|공시에(?:따르면|의하면)|보고서에(?:따르면|의하면)|회사는|특히|실제로),?"
)
_ENDING = re.compile(r"(?<=[었았였했렸졌혔섰갔왔됐])(?:습니다|어요|다)$|(?:입니다|이에요|예요|이다)$")
_WORD = re.compile(r"[가-힣A-Za-z]{2,}")
_DAY_PARTICLE = re.compile(r"^(?:에는|에|부터|까지|자로|자|이며|입니다)")
_WORD_ENDING = re.compile(r"(?:은|는|이|가|을|를|의|도|로|으로|하는|된|되는|했습니다|합니다)$")
_CUT = " …"  # a statement too long for its reader ends so
_COVERS = 0.5  # of a sentence's nouns: what one statement must hold of a sentence without numbers


@dataclass(frozen=True)
class Source:
    """One piece of evidence as statements that may be quoted; what gives orders is none."""

    evidence: Evidence

    @property
    def n(self) -> int:
        return self.evidence.n

    @cached_property
    def readings(self) -> list[Reading]:
        form = self.evidence.filing.period is None
        said = [*self.evidence.said, *(s.shown for s in statements(self.evidence.text, form=form))]
        return [read(one) for one in dict.fromkeys(said) if not planted(one)]

    @cached_property
    def header(self) -> str:
        filing = self.evidence.filing
        amended = "정정" if filing.supersedes or filing.superseded_by else ""
        return squeeze(f"{filing.corp_name} {filing.report_nm} {self.evidence.section} {amended}")

    @cached_property
    def known(self) -> str:
        """All of it, squeezed, for looking words up."""
        return self.header + "".join(squeeze(reading.text) for reading in self.readings)

    @cached_property
    def whole(self) -> dict[str, Reading]:
        return {_bare(reading.text): reading for reading in self.readings}

    def quoted(self, sentence: str) -> bool:
        """Whether the sentence is one of the statements, whole or cut short with its mark."""
        bare = _bare(sentence)
        if sentence.rstrip().endswith(_CUT.strip()):
            head = bare.rstrip("…")
            return len(head) > len(bare) // 2 and any(one.startswith(head) for one in self.whole)
        return bare in self.whole


def _bare(text: str) -> str:
    """Squeezed, and without what a writer may put before or make of a quotation's ending."""
    return _ENDING.sub("", _LEAD_IN.sub("", squeeze(text).lstrip(LIST_MARKS)).rstrip("."))


@dataclass(frozen=True, slots=True)
class Held:
    """A number of a sentence and the statement that says it."""

    source: Source
    reading: Reading
    amount: Amount | When


_FILED = re.compile(
    r"\s?(?:정정\s)?공시"
)  # … 예정일은 9월 5일이라고 6월 9일 공시했다: the day of filing alone


def holding(
    draft: Reading, said: Amount | When, sources: Sequence[Source], terms: Terms, year: int | None
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
    if not _done(draft.text[a:b], reading, terms):
        return False
    if isinstance(said, When) or isinstance(other, When):
        return _label_of_day(draft, said.start, said.end) in squeeze(reading.text[left:right])
    mine = draft.account_of(said.start, said.end)
    theirs = reading.account_of(other.start, other.end)
    another = mine and theirs and a <= mine.start and not is_named(mine.key, same_as(theirs.key))
    if mine and another and mine.key not in key(reading.text[left:right]):
        return False
    way, way_there = draft.direction_of(said), reading.direction_of(other)
    if way and (way_there is None or way.value != way_there.value):
        return False
    basis, own = draft.basis_of(said), reading.basis_of(other)
    if basis and basis != own and not (own is None and basis in source.header):
        return False
    return _same_period(draft, said, source, reading, other, year)


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


def told(draft: Reading, sources: Sequence[Source], terms: Terms) -> Source | None:
    """The source that tells what a sentence without numbers tells: its words, its direction, its negation."""
    words = nouns(draft.text, terms)
    if not words:
        return None
    for source in sources:
        if unknown(words, source.known):
            continue
        for reading in source.readings:
            here = squeeze(reading.text)
            if len(unknown(words, here + source.header)) > (1 - _COVERS) * len(words):
                continue
            if (
                bool(negations(draft.text)) == bool(negations(reading.text))
                and _moves_alike(draft, reading, terms)
                and _done(draft.text, reading, terms)
            ):
                return source
    return None


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


def _done(text: str, reading: Reading, terms: Terms) -> bool:
    """Whether what the text says is done is done in the statement."""
    done = verbs(text, terms)
    return not done or set(done) <= set(verbs(reading.text, terms))


def _same_words(words: Sequence[str], there: str, terms: Terms) -> bool:
    return not unknown(words, squeeze(there)) if words else not nouns(there, terms)


_UNPLAIN = re.compile(r"[|`<>\\{}$]|\]\(|https?:|www\.|^\s*#|\*\*|__")


def unplain(text: str) -> bool:
    """Tables, links, code and markup: nothing of them can be held against a source sentence by sentence."""
    return bool(_UNPLAIN.search(text))
