"""The number asked where no cell has it: that of the clause that says what is asked.

Everything a cell's labels must say of a question (sought.py) a sentence must say too; and of several numbers
in one sentence only those answer whose own clauses say what tells them apart.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.korean import parse_amount, squeeze
from core.model import AnswerFigure, Figure, Filing, Hit, Question
from core.narration import LEAD, ON_FIGURES
from core.rag.candidates.subject import asks
from core.rag.figures.beyond import beyond
from core.rag.figures.selection import fits_period
from core.rag.language.labels import TOKEN, even
from core.rag.language.shown import shown
from core.rag.passages.events import event_title
from core.rag.passages.picks import label_of
from core.rag.passages.sentences import ORDINAL, UNITS, Said, figure_of, numbers_said, period_of
from core.rag.passages.statements import Statement, statements
from core.rag.question.asked import LIGHT, units_asked
from core.rag.question.ranks import asks_rank
from core.rag.question.sought import Sought
from core.rag.question.words import NOT_ASKED

_LEAST = 0.5  # of what the question's telling words weigh
_SUBJECT = 0.6  # of what the words right before `은` weigh
_SHORTEST_STEM = 2
_NEARLY = 0.93  # of the best number's score: its equals, which must say the same
_CLEARLY = 3.0  # times what the words of another number of the sentence weigh
_MORE = 0.12  # of what the question's words weigh: clearly more than the cells say
_ORDINAL_WEIGHT = 4.5
_NUMBER = re.compile(r"\d\s?(?:천|백|십|만|억|조)*\s?(?:원|주|%|명|배)")
_CONTAINED = re.compile(r"(?:\([^()]*\))?[이가을를]?\s?포함")
_LIMIT = re.compile(r"한도|최대|상한|얼마까지|몇\s?\S{1,3}까지|이내")
_LIMIT_SAID = " 한도 최대 상한 이내 까지"
_PARTS = re.compile(r"각각|나눠|나누어|나눠서|얼마씩|따로|구분해")
_NEUTRAL = re.compile(r"(?:금액|가액|잔액|주식수|비율|인원|배수|한도|대금)$")


def prose_figures(
    sought: Sought, hits: Sequence[Hit], told: Sequence[AnswerFigure], roles: Sequence[str]
) -> list[AnswerFigure]:
    """`told`, and for each part of the question that they leave unsaid what a sentence of `hits` says.

    `roles` are labels under which forms say what is asked.
    """
    if asks_rank(sought.question.text):
        return list(told)  # one of many, which no sentence ranks
    title = event_title(hits)
    parts = [_stemmed(part) for part in asks(sought)]
    figures = list(told)
    for part in parts:
        cells = [cell for one in figures for cell in one.cells]
        unsaid = beyond(part.question.text, figures)
        if cells and not unsaid and not part.missing([_titled(cell, title) for cell in cells]):
            continue
        found = _Search(part, sought, roles, title).answer(hits)
        least = 0.0 if unsaid else max(map(part.weigh, cells), default=0.0) + _MORE * part.total
        if not found or (len(parts) == 1 and cells and found.score <= least):
            continue
        known = {(one.value, one.unit) for one in figures} if len(parts) > 1 else set()
        said = [shown(one) for one in found.figures if (one.value, one.unit) not in known]
        figures = [*figures, *said] if len(parts) > 1 else said
    return figures


def _stemmed(sought: Sought) -> Sought:
    """The same, to which 지급될 says 지급액."""
    found = replace(sought, _told={})
    for word in found.words:
        if len(word) > _SHORTEST_STEM and word.endswith("액"):
            found.ways[word] = (*found.ways[word], even(word[:-1]))
    return found


def _titled(cell: Figure, title: str) -> Figure:
    """A cell of an event filing with what all of its cells are of."""
    return cell._replace(caption=f"{cell.caption} {title}", origin="titled") if title else cell


@dataclass(frozen=True, slots=True)
class Found:
    figures: Sequence[Figure]
    score: float


@dataclass(frozen=True, slots=True)
class _One:
    """A number that may answer: `features` are the words and ordinals asked that its own clause says."""

    said: Said
    figure: Figure
    features: frozenset[str]
    score: float
    sentence: int


@dataclass(frozen=True)
class _Search:
    """`sought` is a part of the question, `whole` all of it: an event filing is about the whole by itself,
    a sentence of a report must say so."""

    sought: Sought
    whole: Sought
    roles: Sequence[str]
    title: str

    @property
    def question(self) -> Question:
        return self.sought.question

    @cached_property
    def ordinals(self) -> frozenset[str]:
        return frozenset(f"{n}차" for n in ORDINAL.findall(self.question.text))

    @cached_property
    def limit(self) -> bool:
        return bool(_LIMIT.search(self.question.text))

    @cached_property
    def excluded(self) -> list[str]:
        """Words of what is not asked: `매각예정으로 넘어간 것은 제외`."""
        out = " ".join(found[0] for found in NOT_ASKED.finditer(self.question.text))
        return [word for word in self.terms if word in squeeze(out)]

    @cached_property
    def terms(self) -> list[str]:
        return [
            term.partition("/")[0]
            for term in self.question.terms
            if term.endswith(("/N", "/SL")) and len(term) > 3
        ]

    def _measures(self, label: str) -> bool:
        """Whether what a label says is measured, its last word, is what is asked or only a kind of number."""
        last = TOKEN.findall(label)[-1:]
        return bool(last) and bool(_NEUTRAL.search(last[0]) or self.sought.letters(even(last[0])))

    @cached_property
    def parts(self) -> bool:
        return bool(_PARTS.search(self.question.text))

    def answer(self, hits: Sequence[Hit]) -> Found | None:
        units = units_asked(self.question.text) & set(UNITS)
        figures: list[Figure] = []
        score = 0.0
        for unit in sorted(units):
            found = list(self._candidates(hits, unit))
            best = max((one.score for one in found), default=0.0)
            if not best:
                continue
            first = next(one for one in found if one.score == best)
            beside = [one for one in found if one.sentence == first.sentence]
            chosen = self._choose(beside)
            values = {one.figure.value for one in chosen}
            rivals = [one for one in found if one.sentence != first.sentence and one.score >= _NEARLY * best]
            if chosen and all(one.figure.value in values for one in rivals):
                figures += [one.figure for one in chosen]
                score = max(score, best)
        return Found(figures, score) if figures else None

    def _choose(self, beside: Sequence[_One]) -> list[_One]:
        """Of the numbers of one sentence those that are asked; none where two are meant as much."""
        if self.ordinals:
            own = [one for one in beside if one.features & self.ordinals]
            said = frozenset[str]().union(*(one.features & self.ordinals for one in own))
            if len(self.ordinals) > 1 or said:
                if said != self.ordinals or len(own) != len(said):
                    return []
                return own
        if self.parts and len(beside) > 1:
            return [one for one in beside if not one.said.whole]
        most = [one for one in beside if not any(one.features < other.features for other in beside)]
        if len({one.figure.value for one in most}) <= 1:
            return most[:1]
        weighed = sorted(most, key=self._weighs)
        if self._weighs(weighed[-1]) >= _CLEARLY * self._weighs(weighed[-2]):
            return weighed[-1:]  # `무보증사채 3,300억원(발행비용 9억원)을 발행`
        apart = {one.features for one in most}
        return most if len(apart) == len(most) and self.sought.conjoined else []

    def _weighs(self, one: _One) -> float:
        return sum(self.sought.words.get(word, _ORDINAL_WEIGHT) for word in one.features)

    def _candidates(self, hits: Sequence[Hit], unit: str) -> Iterator[_One]:
        texts: dict[str, str] = {}
        for hit in hits:
            if hit.filing.period is None:
                texts[hit.filing.rcept_no] = f"{texts.get(hit.filing.rcept_no, '')}\n{hit.chunk.indexed}"
        place = 0
        for sentence, (hit, statement) in enumerate(_in_words(hits)):
            labelled = hit.filing.period is None and _under(statement, self.roles)
            for said in numbers_said(statement):
                if said.amount.unit != unit or said.bound != self.limit:
                    continue
                if _CONTAINED.match(said.reading.text, said.amount.end):
                    continue  # `공정가치는 전환금 364백만원이 포함된 금액`: of what it is a part of
                period = period_of(said, hit.filing)
                if not self._fits(said, period, hit.filing):
                    continue
                place += 1
                group = "연결" in squeeze(hit.section) or "연결회사" in said.reading.text
                basis = "연결" if group else None
                figure = figure_of(
                    said, hit.filing, hit.section, period if hit.filing.period else None, basis
                )
                context = texts.get(hit.filing.rcept_no)
                one = self._weighed(said, figure, sentence, place, context, labelled)
                if one:
                    yield one

    def _fits(self, said: Said, period: str | None, filing: Filing) -> bool:
        """Whether a number is of the period asked; of the report's own where none is."""
        asked, closing = self.question.period, filing.period
        if closing is None:
            years = {str(when.year) for when in said.reading.whens if when.year}
            return asked is None or asked[:4] in (years or {f"{filing.rcept_dt:%Y}"})
        if not period:
            year, month = (asked or closing)[:4], int((asked or "")[5:7] or 0)
            days = [w for w in said.reading.whens if w.kind == "일" and w.end <= said.amount.start]
            of_day = any(str(day.year) == year and month in (0, day.month) for day in days)
            return of_day or (period == "" and (asked or closing)[:7] in (closing, closing[:4]))
        return fits_period(asked, period) if asked else period[:7] in (closing, closing[:4])

    def _weighed(
        self, said: Said, figure: Figure, sentence: int, place: int, context: str | None, labelled: bool
    ) -> _One | None:
        own = said.own + (_LIMIT_SAID if said.bound else "")
        alone = figure._replace(
            row=own, account="", caption=f"{said.statement.under} {said.reading.text}", row_no=place
        )
        told = self.sought.told(alone)
        ordinals = {f"{n}차" for n in ORDINAL.findall(said.own)} & self.ordinals
        features = frozenset(w for w, weight in told.items() if weight >= self.sought.words[w]) | ordinals
        if not labelled:
            around = alone._replace(caption=f"{alone.caption} {context or ''}", table=-1)
            words = self.sought.words
            subject = [word for word in self.sought.subject if word not in squeeze(self.title)]
            if (
                not said.label
                or not self._measures(figure.account)
                or any(squeeze(word) in squeeze(said.reading.text) for word in self.excluded)
                or not any(word not in LIGHT for word in features)
                or self.sought.heavy(around) < _LEAST * self.sought.total
                or sum(words[w] for w in subject if w in told) < _SUBJECT * sum(words[w] for w in subject)
                or self.sought.missing([around])
                or (context is None and self.whole.missing([around]))
            ):
                return None
        score = sum(told.values()) + _ORDINAL_WEIGHT * (len(ordinals) + labelled)
        return _One(said, figure, features, score, sentence)


def _in_words(hits: Sequence[Hit]) -> Iterator[tuple[Hit, Statement]]:
    """The filings' own sentences with numbers: our sentences and rows only say what cells say."""
    seen: set[str] = set()
    for hit in hits:
        for statement in statements(hit.chunk.text, form=hit.filing.period is None):
            if not _NUMBER.search(statement.shown) or statement.shown in seen:
                continue
            if LEAD.search(statement.shown) or ON_FIGURES.search(statement.shown):
                continue
            if statement.row and (
                hit.filing.period or parse_amount(statement.quote.split("|")[-1]) is not None
            ):
                continue
            seen.add(statement.shown)
            yield hit, statement


def _under(statement: Statement, roles: Sequence[str]) -> bool:
    labels = (squeeze(statement.under), label_of(statement.shown))
    return any(squeeze(role) in label for role in roles for label in labels if label)
