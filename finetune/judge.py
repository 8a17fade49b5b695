"""What is wrong with an explanation, given what its writer was shown; the same for data and for models."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from typing import Any

from core.korean import squeeze
from core.model import Level, Term
from core.profile.glossary import Glossary
from core.rag.accounts import key
from core.rag.mentions import Amount, When, negations, plain
from core.rag.named import is_named, same_as
from core.rag.phrasing import Terms, nouns, unknown, verbs
from core.rag.reading import CITED, Reading, read
from finetune.chrf import chrf, likeness, ngrams
from finetune.clean import calls
from finetune.polarity import contradicts
from finetune.record import Record
from finetune.shown import HEADING, Shown, Told, parts, sentences
from finetune.wording import hard_words, in_brackets, unexplained

NAMES = {
    "figure": "숫자", "date": "날짜", "company": "회사", "meaning": "뜻", "advice": "투자 의견",
    "support": "근거",    "coverage": "빠진 항목", "level": "말투와 풀이", "citation": "출처",
}  # fmt: skip
KINDS = tuple(NAMES)
_SAME = 0.55  # chrF of a clause and the one it retells
_AS_NEAR = 0.02  # clauses as near as the nearest: one of them may be of another company or year
_NEW = 0.5  # of a sentence's words: more that were not shown, and it is of something else
_ORGANISATION = re.compile(
    r"(?<![가-힣A-Za-z])[가-힣A-Za-z]{1,8}(?:전자|바이오|건설|화학|제약|증권|테크|홀딩스|산업|중공업|생명|에너지|물산"
    r"|소프트|엔터테인먼트|통신|반도체|모빌리티|은행|카드|해운|항공|식품)(?=[은는이가을를의에과와도,\s.]|$)"
)
_ENDING = re.compile(r"(?:다|요|음|함|됨|임)$")  # what has none is a heading
_REGISTER = {"beginner": re.compile(r"요$"), "other": re.compile(r"니다$")}
_MONTH_OR_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*(?:[~∼-]\s*\d{1,2}\s*)?([월일])(?![가-힣]*간)")
_SHORTEST = 6

_NOUNS = ("NNG", "NNP", "XSN", "SL", "XPN", "MM")

Names = Callable[[str], Sequence[str]]


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

    def faults(self, record: Record, said: str, *, reference: bool = True) -> list[Fault]:
        """Of what was said in place of the record's output, which is right.

        `reference` False: the output itself is in question, and only what is shown is true.
        """
        true = record.output if reference else ""
        return list(_Reading(self, record, _shown(record.prompt, true), said).faults())


@lru_cache(maxsize=16)
def _shown(prompt: str, true: str) -> Shown:
    """Two models answer the same prompt, and reading it takes the most time."""
    return Shown(prompt, true)


@dataclass(frozen=True)
class _Reading:
    judge: Judge
    record: Record
    shown: Shown
    said: str

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
        for name in [n for n in self.judge.names if n in said.text] + _ORGANISATION.findall(said.text):
            if squeeze(name) not in self._known:
                yield Fault("company", said.text, f"자료에 없는 이름: {name}")
                return
        for name in self.judge.proper(said.text):
            if squeeze(name) not in self._known:
                yield Fault("company", said.text, f"자료에 없는 이름: {name}")
                return

    @cached_property
    def _known(self) -> str:
        shown = self.shown
        explained = "".join(t.plain for t in self.judge.glossary.find(shown.text + shown.reference))
        return squeeze(shown.text + shown.reference + explained + self.record.corp_name)

    @cached_property
    def _done(self) -> frozenset[str]:
        """Stems, which are too short to be looked up in a text."""
        shown = f"{self.shown.text}\n{self.shown.reference}\n"
        shown += "".join(term.plain for term in self.judge.glossary.find(shown))
        return frozenset(verbs(shown, self.judge.terms))

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
            near = [(likeness(mine, grams), true) for told in self.shown.told for true, grams in told.parts]
            best = max((score for score, _ in near), default=0.0)
            if best < _SAME:
                continue
            if all(contradicts(clause, true) for score, true in near if score >= best - _AS_NEAR):
                yield Fault("meaning", said.text, "자료와 반대되는 말")
                return

    def _support(self, whole: str, said: Reading) -> Iterator[Fault]:
        """Opinions come in more words than a list has: most of what a sentence names must have been shown."""
        named, done = nouns(said.text, self.judge.terms), verbs(said.text, self.judge.terms)
        new = unknown(named, self._known) + [verb for verb in done if verb not in self._done]
        words = [*named, *done]
        if whole.lstrip().startswith("- ") or len(new) <= _NEW * len(words):
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


def proper_nouns(tokenize: Callable[[str], Sequence[Any]]) -> Names:
    """Proper nouns of Kiwi of three letters and more (it takes many a syllable for a name), and whose a
    sentence's matter is: a company Kiwi does not know falls into common nouns (`삼정전기의 2024년 …`)."""

    def names(text: str) -> list[str]:
        morphemes = list(tokenize(text))
        found = [m.form for m in morphemes if m.tag == "NNP" and len(m.form) > 2]
        head = list(takewhile(lambda m: m.tag in _NOUNS, morphemes))
        after = morphemes[len(head)] if len(head) < len(morphemes) else None
        whole = text[: head[-1].start + head[-1].len] if head else ""
        if len(whole) > 2 and " " not in whole and after and after.tag == "JKG":
            found.append(whole)
        return found

    return names
