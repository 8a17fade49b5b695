"""The statements that say a thing of the kind asked beside the words asked, for each part of a question."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from core.korean import LEGAL_FORM, bare_name, squeeze
from core.model import Hit
from core.narration import LEAD, ON_FIGURES
from core.rag.language.sounds import sound_alike
from core.rag.passages.announced import ANNOUNCED
from core.rag.passages.statements import Statement, statements
from core.rag.question.kinds import SURE, Kind, Part, ordinals_of

_CONTEXT = 0.7  # of a word's weight that stands only in the heading or the sentence before
_REST = 0.35  # of the weight of what other parts of the question name
_LEAST, _LEAST_ALL = 0.5, 0.45  # of what a part's own words weigh, and of all
_LEAST_HERE = 0.5  # that a sentence with a number must say itself
_LEAST_KNOWN, _LEAST_NUMBER = 0.35, 0.45  # of what they weigh, known or not
_LEAST_SURE = 0.15  # likewise, beside a thing of a kind that hardly anything else has
_UNSAID = 0.3  # of the weight of a word that nothing read says
# Of a whole score: for a label asked, a row labelled as a name, words beside the thing; less for our own
# summary, a kind that another is meant before, a thing that comes too late to be shown.
_LABELLED, _NAMED, _BESIDE, _LEAD, _SECOND, _LATE = 0.35, 0.8, 0.1, 0.5, 0.05, 0.3
_OF_DAY = 0.15  # for the very time asked
_NEAR, _SHOWN = 40, 220  # characters
_AS_WELL = 0.85  # of the best
_AS_GOOD = 0.97  # of the best: rows that answer beside it
# Likewise, of a table that is announced as the list asked: what such a row is of stands there.
_AS_LISTED = 0.6
_MOST_OVER = 60  # characters of a heading that is said before a row
_NUMBER = re.compile(r"\d")
_LATIN, _HANGUL = re.compile(r"[A-Za-z]{3,}"), re.compile(r"[가-힣]{2,}")
_NAMED_ROW = re.compile(
    r"(?:성\s?명|이름|명칭|상호|회사명|법인명|주주명|감사인|대표이사|대표자|상대방?|계약상대)(?:\s?\([^()]*\))?\s*[:：]\s*\S"
)
_FIRM = re.compile(r"ltd|inc\.|corp|llc|gmbh|㈜|\(주\)|주식회사|s\.a|b\.v")
# Of a company's name, behind which only particles stand: 이마트에브리데이 is another.
_NO_MORE = r"(?!(?!에서|에게|으로|로부|이며|이고|에는|에도|과의|와의|등[이은을의])[가-힣A-Za-z]{2})"
_NUMBERING = re.compile(r"^(?:[가-하]\.|\d+[.)]|[(\[]\d*[)\]]?)\s*|[\[\]:：]")
Ways = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Telling:
    """`statement` of a `hit` that answers; a row with what it leaves unsaid before it."""

    hit: Hit
    statement: Statement


@dataclass(frozen=True, slots=True)
class _Read:
    """A statement with what it says and what stands around it, in lower case."""

    hit: Hit
    statement: Statement
    said: str
    over: str


def leads(
    parts: Sequence[Part], hits: Sequence[Hit], deep: Sequence[Hit], ways: Ways, labels: Sequence[str]
) -> list[Telling]:
    """What says a thing of the kind asked: in the filing found first, else in any. `deep` is more of what was
    found."""
    if not parts or not hits:
        return []
    known = {hit.chunk.chunk_id for hit in hits}
    deeper = [*hits, *(hit for hit in deep if hit.chunk.chunk_id not in known)]
    first = [hit for hit in deeper if hit.filing == hits[0].filing]
    told = tellings(parts, first, ways, labels)
    if not any(told) and len(first) < len(deeper):
        told = tellings(parts, deeper, ways, labels)
    return [one for of_part in told for one in of_part]


def tellings(
    parts: Sequence[Part], hits: Sequence[Hit], ways: Ways, labels: Sequence[str]
) -> list[list[Telling]]:
    """For each part the statements that answer it, best first; `ways` are other spellings of words asked,
    `labels` those under which forms say it. Two parts that ask the same kind are not answered by one."""
    read = _read(hits)
    ways = _sounding(parts, read, ways)
    found: list[list[Telling]] = []
    taken: set[tuple[str, str]] = set()
    told: list[_Read] = []
    for part in parts:
        asked = _Asked(part, _known(part, read, ways), ways, labels)
        every = [(score, one) for one in read if _may(part, one, told) and (score := asked.score(one))]
        scored = [pair for pair in every if (part.kinds[0].name, pair[1].statement.quote) not in taken]
        best = max((score for score, _ in scored), default=0.0)
        if best < _AS_WELL * max((score for score, _ in every), default=0.0):
            scored = []  # what another part is answered by says this, too
        groups = [_group(pair, scored, part.most) for pair in scored if pair[0] == best or part.most > 1]
        good = [rows for score, rows in groups if score >= (_AS_WELL if len(rows) > 1 else 1.0) * best]
        chosen = max(good, key=lambda rows: min(_size(rows), part.most), default=[])[: part.most]
        told += [one for one in chosen if not one.statement.row]
        taken |= {(part.kinds[0].name, one.statement.quote) for one in chosen}
        found.append([Telling(one.hit, asked.titled(one.statement)) for one in chosen])
    return found


def _group(
    first: tuple[float, _Read], scored: Sequence[tuple[float, _Read]], most: int
) -> tuple[float, list[_Read]]:
    """A statement with the other rows of its table that say it as well."""
    best, one = first
    least = _AS_LISTED if _lists(one.statement, most) else _AS_GOOD
    table = _table(one)
    beside = [
        other
        for score, other in scored
        if other is not one
        and one.statement.row
        and other.statement.row
        and _table(other) == table
        and best >= score >= least * best
    ]
    return best, [one, *beside]


def _table(one: _Read) -> tuple[object, str, str]:
    """A sentence announces one table, though a piece may end within it."""
    said = one.statement
    return (one.hit.filing.rcept_no if said.before else one.hit, said.over, said.before)


def _lists(statement: Statement, most: int) -> bool:
    """Whether several things are asked and a row is of a table that the sentence before it announces."""
    return most > 1 and statement.row and bool(ANNOUNCED.search(statement.before))


def _of_another(statement: Statement, part: Part) -> bool:
    """Whether a row is of a firm that is not asked about."""
    label = statement.shown.partition(":")[0].lower()
    return bool(_FIRM.search(label)) and not any(word in label for word in (*part.words, *part.rest))


def _size(rows: Sequence[_Read]) -> int:
    """How many things are named: `Apple, Verizon 등` are two."""
    first = rows[0].statement
    return len(rows) if first.row else first.shown.count(", ") + 1


def _may(part: Part, one: _Read, told: Sequence[_Read]) -> bool:
    """A row of a report is a number asked only in the table below the sentence that another part is answered
    by: figures are chosen elsewhere, by all of their labels."""
    if not one.statement.row or one.hit.filing.period is None or not part.kinds[0].number:
        return True
    before = one.statement.before
    return bool(before) and any(t.hit is one.hit and t.statement.quote.endswith(before) for t in told)


def _read(hits: Sequence[Hit]) -> list[_Read]:
    events: dict[str, str] = {}
    for hit in hits:
        if hit.filing.period is None:  # all of an event's form is of the event
            events[hit.filing.rcept_no] = events.get(hit.filing.rcept_no, "") + hit.chunk.indexed.lower()
    return [
        _Read(
            hit,
            one,
            f"{one.shown}\n{one.under}".lower(),
            events.get(hit.filing.rcept_no) or f"{one.over} {one.before} {hit.section} {beside}".lower(),
        )
        for hit in hits
        for one, beside in _beside(statements(hit.chunk.text, form=hit.filing.period is None))
        if not ON_FIGURES.search(one.shown)
    ]


def _beside(said: Sequence[Statement]) -> Iterator[tuple[Statement, str]]:
    """Each with what the rows say that are about the same thing: `Qualcomm › 계약 유형: 특허 사용 계약`."""
    for name, run in groupby(said, lambda one: one.shown.partition(" › ")[0] if one.row else None):
        rows = list(run)
        named = name and len(rows) > 1 and all(" › " in one.shown for one in rows)
        beside = " ".join(one.shown for one in rows) if named else ""
        yield from ((one, beside) for one in rows)


def _known(part: Part, read: Sequence[_Read], ways: Ways) -> Part:
    """With little left of the words that nothing read says."""
    unsaid = {
        word
        for word in (*part.words, *part.rest)
        if not any(_in(word, one.said, ways) or _in(word, one.over, ways) for one in read)
    }
    words, rest = (
        {word: weight * (_UNSAID if word in unsaid else 1.0) for word, weight in of.items()}
        for of in (part.words, part.rest)
    )
    return replace(part, words=words, rest=rest)


def _sounding(parts: Sequence[Part], read: Sequence[_Read], ways: Ways) -> Ways:
    """With what is written in Latin letters for a name asked in Korean ones: Qualcomm."""
    words = {word for part in parts for word in (*part.words, *part.rest) if _HANGUL.fullmatch(word)}
    latin = {name for one in read for name in _LATIN.findall(one.said)} if words else set()
    alike = {word: [name for name in latin if sound_alike(word, name)] for word in words}
    return {**ways, **{word: (*ways.get(word, ()), *names) for word, names in alike.items() if names}}


def _in(word: str, text: str, ways: Ways) -> bool:
    return word in text or any(way in text for way in ways.get(word, ()))


@dataclass(frozen=True, slots=True)
class _Asked:
    """`asked` is the part as it was asked, `part` with less of the words that nothing says."""

    asked: Part
    part: Part
    ways: Ways
    labels: Sequence[str]

    def score(self, one: _Read) -> float:
        """How well a statement answers the part; 0 where it says nothing of its kind, or of its matter."""
        part, statement = self.part, one.statement
        listed = _lists(statement, part.most)
        context = 1.0 if listed else _CONTEXT
        own, rest = (self._said(words, one.said, one.over, context) for words in (part.words, part.rest))
        whole, others = sum(part.words.values()), _REST * sum(part.rest.values())
        known = _LEAST_NUMBER if part.kinds[0].number else _LEAST_KNOWN
        if own < known * sum(self.asked.words.values()):
            return 0.0
        sure = part.kinds[0].name in SURE
        least, least_all = (_LEAST_SURE, _LEAST_SURE) if sure else (_LEAST, _LEAST_ALL)
        if own < least * whole or own + _REST * rest < least_all * (whole + others):
            return 0.0
        said = ordinals_of(statement.shown)
        if part.ordinals and said and not part.ordinals & said:
            return 0.0  # of another issue
        given = self._given(statement, bare_name(one.hit.filing.corp_name))
        if given is None:
            return 0.0
        kind, start, end = given
        label = squeeze(statement.shown.rpartition(":")[0])
        labelled = bool(label) and any(label.endswith(squeeze(word)) for word in self.labels)
        direct = any(_in(word, one.said, self.ways) for word in (*part.words, *part.rest))
        event = one.hit.filing.period is None
        named = kind.labels or kind.name == "place"
        if not (direct or labelled or listed or (not named if event else statement.row) or sure):
            return 0.0  # it says none of it
        if statement.row and not event and not named and _of_another(statement, part):
            return 0.0
        if not event and kind.number and self._said(part.words, one.said, "") < _LEAST_HERE * whole:
            return 0.0  # a number of something else below the same heading
        if statement.row and kind.labels and not event:
            over = f"{statement.over} {statement.before if listed else ''}".lower()
            once = " ".join(w for w in part.words if self._once(w, over) or _in(w, one.said, self.ways))
            if self._said(part.words, one.said, once) < least * whole:
                return 0.0  # a name below what is about somebody else: the 최대주주 of the 최대주주
        around = one.over if listed else ""
        here = [self._said(words, one.said, around) for words in (part.words, part.rest)]
        told = own + here[0] + _REST * (rest + here[1])
        beside = one.said[max(start - _NEAR, 0) : end + _NEAR]
        score = told / (2 * (whole + others) or 1.0) + _LABELLED * labelled
        score += _NAMED * (kind.labels and statement.row and bool(_NAMED_ROW.search(statement.shown)))
        score += _BESIDE * any(_in(word, beside, self.ways) for word in part.words)
        score -= _LEAD * bool(LEAD.search(statement.shown)) + _SECOND * part.kinds.index(kind)
        score += _OF_DAY * any(time in squeeze(f"{one.statement.shown}{one.over}") for time in part.times)
        score -= _LATE * (end > _SHOWN)
        return max(score, 0.01) * (3 + one.hit.score) / 4

    def _given(self, statement: Statement, company: str) -> tuple[Kind, int, int] | None:
        """The kind of thing asked that a statement says, and where; never the company itself."""
        for kind in self.part.kinds:
            said = statement.shown
            if kind.labels:
                said = re.sub(
                    rf"(?:㈜|\(주\)|주식회사 )?{re.escape(company)}(?:㈜|\(주\)|{_NO_MORE})", "", said
                )
            named = kind.labels and (_NAMED_ROW.search(said) or (statement.row and LEGAL_FORM.search(said)))
            found = named or (None if kind.labels and statement.row else kind.gives.search(said))
            if not found and kind.unit and statement.row:
                shown, _, unit = statement.shown.rpartition("(단위:")
                found = _NUMBER.search(shown) if kind.unit in unit else None
            if found:
                return kind, found.start(), found.end()
        return None

    def _once(self, word: str, over: str) -> bool:
        return sum(over.count(way) for way in (word, *self.ways.get(word, ()))) == 1

    def _said(self, words: Mapping[str, float], said: str, over: str, context: float = _CONTEXT) -> float:
        return sum(
            weight * (1.0 if _in(word, said, self.ways) else context if _in(word, over, self.ways) else 0.0)
            for word, weight in words.items()
        )

    def titled(self, statement: Statement) -> Statement:
        """A row with the heading over it, where that says what is asked and the row does not."""
        over, lower = statement.over, statement.shown.lower()
        if not statement.row or not 0 < len(over) <= _MOST_OVER:
            return statement
        words = (*self.part.words, *self.part.rest)
        if any(not _in(w, lower, self.ways) and _in(w, over.lower(), self.ways) for w in words):
            return replace(statement, shown=f"{_NUMBERING.sub('', over).strip()} › {statement.shown}")
        return statement
