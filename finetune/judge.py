"""What is wrong with an explanation, given what its writer was shown; the same for data and for models."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from core.korean import squeeze
from core.model import Level, Term
from core.profile.glossary import Glossary
from core.rag.language.accounts import key
from core.rag.language.mentions import Amount, negations, plain
from core.rag.language.named import is_named, same_as
from core.rag.language.phrasing import Terms, nouns, unknown, verbs
from core.rag.language.reading import CITED, Reading, read
from core.rag.language.whens import When
from finetune.chrf import chrf, far, likeness, ngrams
from finetune.clean import calls
from finetune.names import Names
from finetune.polarity import contradicts
from finetune.record import Record
from finetune.shown import HEADING, Seen, Shown, Told, parts, sentences
from finetune.wording import hard_words, in_brackets, unexplained

NAMES = {
    "figure": "숫자", "date": "날짜", "company": "회사", "meaning": "뜻", "advice": "투자 의견",
    "support": "근거",    "coverage": "빠진 항목", "level": "말투와 풀이", "citation": "출처",
}  # fmt: skip
KINDS = tuple(NAMES)
_SAME = 0.55  # chrF of a clause and the one it retells
_AS_NEAR = 0.02  # clauses as near as the nearest: one of them may be of another company or year
_NEW = 0.5  # of a sentence's words: more that were not shown, and it is of something else
_ENDING = re.compile(r"(?:다|요|음|함|됨|임)$")  # what has none is a heading
_REGISTER = {"beginner": re.compile(r"요$"), "other": re.compile(r"니다$")}
_MONTH_OR_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*(?:[~∼-]\s*\d{1,2}\s*)?([월일])(?![가-힣]*간)")
_SHORTEST = 6
_KEPT = 64  # prompts remembered as read


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` is one of KINDS; `reason` is Korean."""

    kind: str
    sentence: str
    reason: str

    @property
    def told(self) -> str:
        return f"{NAMES[self.kind]}: {self.reason}"


@dataclass(frozen=True)
class Judge:
    """`names` are the companies that may be confused; `proper` finds proper nouns of a text, `terms` its
    morphemes as core.ports.Tokenizer does."""

    glossary: Glossary
    names: Sequence[str]
    proper: Names
    terms: Terms
    _seen: dict[tuple[str, str], Seen] = field(default_factory=dict, compare=False, repr=False)

    def faults(self, record: Record, said: str, *, reference: bool = True) -> list[Fault]:
        """Of what was said in place of the record's output, which is right.

        `reference` False: the output itself is in question, and only what is shown is true.
        """
        true = record.output if reference else ""
        return list(_Reading(self, record, self._read(record.prompt, true), said).faults())

    def _read(self, prompt: str, true: str) -> Seen:
        if (prompt, true) not in self._seen:
            if len(self._seen) >= _KEPT:
                self._seen.pop(next(iter(self._seen)))
            self._seen[prompt, true] = Seen(Shown(prompt, true), self.glossary, self.terms)
        return self._seen[prompt, true]


@dataclass(frozen=True)
class _Reading:
    judge: Judge
    record: Record
    seen: Seen
    said: str

    @property
    def shown(self) -> Shown:
        return self.seen.shown

    @cached_property
    def text(self) -> str:
        return "\n".join(plain(line) for line in self.shown.filled(self.said).splitlines())

    def faults(self) -> Iterator[Fault]:
        text = unexplained(self.text, self.judge.glossary)
        if not text.strip():
            yield Fault("coverage", "", "빈 글")
            return
        yield from self._coverage(text)
        for whole in sentences(HEADING.sub("", text)):
            said = read(whole)
            if len(said.text) < _SHORTEST:
                continue
            yield from self._advice(said)
            yield from self._names(said)
            yield from self._figures(said)
            yield from self._dates(said)
            yield from self._meaning(said)
            yield from self._support(whole, said)
            yield from self._register(whole, said)
            yield from self._citation(whole, said)
        yield from self._terms(HEADING.sub("", self.text))

    def _coverage(self, text: str) -> Iterator[Fault]:
        parts = HEADING.split(text)
        said = dict(zip(parts[1::2], parts[2::2], strict=True))
        for topic in self.record.topics:
            if len(CITED.sub("", said.get(topic, "")).strip()) < _SHORTEST:
                yield Fault("coverage", "", f"{topic} 없음")

    def _advice(self, said: Reading) -> Iterator[Fault]:
        if calls(said.text):
            yield Fault("advice", said.text, "사라거나 팔라는 말, 값어치에 대한 의견")

    def _names(self, said: Reading) -> Iterator[Fault]:
        known = [name for name in self.judge.names if name in said.text]
        for name in (*known, *self.judge.proper(said.text)):
            if squeeze(name) not in self._known:
                yield Fault("company", said.text, f"자료에 없는 이름: {name}")
                return

    @property
    def _known(self) -> str:
        return self.seen.squeezed + squeeze(self.record.corp_name)

    def _figures(self, said: Reading) -> Iterator[Fault]:
        for amount in said.amounts:
            held = [
                (told, other)
                for told in self.shown.told
                for other in told.reading.amounts
                if same(amount, other)
            ]
            word = said.text[amount.start : amount.end].strip()
            if not held:
                yield Fault("figure", said.text, f"자료에 없는 숫자: {word}")
                continue
            if not any(self._same_account(said, amount, *one) for one in held):
                yield Fault("figure", said.text, f"다른 항목의 숫자: {word}")
                continue
            when = said.when_of(amount.start)
            if when and when.year and not any(self._same_year(when, *one) for one in held):
                yield Fault("date", said.text, f"다른 기간의 숫자: {word}")
            way = said.direction_of(amount)
            ways = [w for told, other in held if (w := told.reading.direction_of(other))]
            if way and ways and all(way.value != w.value for w in ways):
                yield Fault("meaning", said.text, f"늘고 준 방향이 다름: {word}")
            elif self.shown.reference and all(
                denied(said, amount) != denied(told.reading, other) for told, other in held
            ):
                yield Fault("meaning", said.text, f"자료와 달리 부정하거나 긍정함: {word}")

    def _same_account(self, said: Reading, amount: Amount, told: Told, other: Amount) -> bool:
        mine = said.account_of(amount.start, amount.end)
        if mine is None:
            return True
        theirs = told.reading.account_of(other.start, other.end)
        return theirs is None or is_named(mine.key, same_as(theirs.key)) or mine.key in key(told.text)

    def _same_year(self, when: When, told: Told, other: Amount) -> bool:
        theirs = told.reading.when_of(other.start)
        years = {w.year for w in told.reading.whens if w.year}
        return theirs is None or not years or when.year in years

    def _dates(self, said: Reading) -> Iterator[Fault]:
        for number, unit in _MONTH_OR_DAY.findall(said.text):
            if (int(number), unit) not in self.shown.months_and_days:
                yield Fault(
                    "date", said.text, f"자료에 없는 {'달' if unit == '월' else '날'}: {number}{unit}"
                )
                return
        days: dict[tuple[int | None, ...], set[bool]] = {}
        for told in self.shown.told:
            for day in told.reading.whens:
                if day.kind == "일":
                    days.setdefault((day.year, day.month, day.day), set()).add(denied(told.reading, day))
        for when in said.whens:
            word = said.text[when.start : when.end].strip()
            if when.year and when.year not in self.shown.years:
                yield Fault("date", said.text, f"자료에 없는 해: {word}")
            elif when.kind == "일" and (when.year, when.month, when.day) not in days:
                yield Fault("date", said.text, f"자료에 없는 날: {word}")
            elif (
                self.shown.reference
                and when.kind == "일"
                and denied(said, when) not in days[when.year, when.month, when.day]
            ):
                yield Fault("meaning", said.text, f"자료와 달리 부정하거나 긍정함: {word}")

    def _meaning(self, said: Reading) -> Iterator[Fault]:
        """Clause by clause: a statement of many clauses denies one thing and asserts another."""
        for clause in parts(said.text):
            mine = ngrams(clause)
            all_parts = [part for told in self.shown.told for part in told.parts]
            near = [(likeness(mine, grams), true) for true, grams in all_parts if not far(mine, grams)]
            best = max((score for score, _ in near), default=0.0)
            if best < _SAME:
                continue
            if all(contradicts(clause, true) for score, true in near if score >= best - _AS_NEAR):
                yield Fault("meaning", said.text, "자료와 반대되는 말")
                return

    def _support(self, whole: str, said: Reading) -> Iterator[Fault]:
        """Opinions come in more words than a list has: most of what a sentence names must have been shown."""
        if whole.lstrip().startswith("- "):
            return
        named, done = nouns(said.text, self.judge.terms), verbs(said.text, self.judge.terms)
        new = unknown(named, self._known) + [verb for verb in done if verb not in self.seen.done]
        if len(new) <= _NEW * (len(named) + len(done)):
            return
        if new and (_ENDING.search(said.text.rstrip(".?! ")) or self.record.topics):
            yield Fault("support", said.text, f"자료에 없는 말: {', '.join(new[:3])}")

    def _register(self, whole: str, said: Reading) -> Iterator[Fault]:
        """Quotations keep their own endings."""
        if whole.lstrip().startswith("- ") or any(
            squeeze(said.text) in squeeze(t.text) for t in self.shown.told
        ):
            return
        level = self.record.level
        wanted = _REGISTER["beginner" if level is Level.BEGINNER else "other"]
        end = said.text.rstrip(".?! ")
        if (_ENDING.search(end) or self.record.topics) and not wanted.search(end):
            yield Fault("level", said.text, "해요체가 아님" if level is Level.BEGINNER else "합니다체가 아님")

    def _terms(self, text: str) -> Iterator[Fault]:
        if self.record.kind != "interpretation":
            return  # the bot explains words below its answers by itself
        bare = unexplained(text, self.judge.glossary)
        hard = {m.term.name: m.term for m in hard_words(bare, self.record.level, self.judge.glossary)}
        for term in hard.values():
            if explained(term, text):
                continue
            other = re.search(rf"{re.escape(term.name)}\(([^()]+)\)", bare)
            if other and chrf(other[1], in_brackets(term)) >= _SAME:
                yield Fault("meaning", other[0], "용어의 풀이가 다름")
            else:
                yield Fault("level", "", f"풀이 없는 말: {term.name}")

    def _citation(self, whole: str, said: Reading) -> Iterator[Fault]:
        numbers = {int(n) for n in CITED.findall(whole)}
        if numbers - self.shown.numbers:
            yield Fault("citation", said.text, "없는 출처 번호")
        elif not numbers and self.record.kind == "interpretation":
            yield Fault("citation", said.text, "출처 번호 없음")


def denied(said: Reading, what: Amount | When) -> bool:
    """Whether the clause that says a number or a day denies something.

    An analyst may well deny what no filing asserts (`이자율이 0%여서 부담은 없다`); another telling of his
    own words may not.
    """
    left, right = said.clause(what.start)
    return bool(negations(said.text[left:right]) % 2)


def same(mine: Amount, theirs: Amount) -> bool:
    """Equal as far as the coarser of the two is written."""
    return mine.unit == theirs.unit and abs(mine.value - theirs.value) <= max(mine.step, theirs.step) / 2


def explained(term: Term, text: str) -> bool:
    return squeeze(in_brackets(term)) in squeeze(text) or squeeze(term.plain) in squeeze(text)
