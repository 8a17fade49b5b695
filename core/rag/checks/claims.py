"""What a sentence says beside its numbers: periods, rises and falls, deeds, names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from core.korean import squeeze
from core.rag.checks.binding import Carried, Known
from core.rag.checks.facts import Fact
from core.rag.checks.moving import compared, moved, unused, without_comparisons
from core.rag.checks.sources import Source
from core.rag.checks.telling import done, told, told_alike, topics_alike
from core.rag.language.accounts import key
from core.rag.language.mentions import negations
from core.rag.language.moods import causal, moods
from core.rag.language.named import is_named
from core.rag.language.phrasing import Terms, adverbs, nouns, unknown, verbs
from core.rag.language.reading import Reading

_MOVED = re.compile(r"[높낮]아[졌지진집][가-힣]*")  # bound as a move; Kiwi reads 높/VA in it
_SAME_SPAN = re.compile(r"같은(?=\s*(?:기간|해|분기|날))")  # 같습니다 is a claim, and this a period


@dataclass(frozen=True, slots=True)
class Claims:
    """A sentence whose numbers are bound: those at the places of `facts` to facts, those at `words` to
    statements of sources. `names` are words that need no source, `meanings` the glossary's, squeezed, one a
    line.

    `support` takes the numbers of all sources that hold the sentence.
    """

    bare: Reading
    facts: Mapping[int, Fact]
    words: Mapping[int, Reading | None]
    sources: Sequence[Source]
    support: set[int]
    known: Known
    carried: Carried
    terms: Terms
    names: str
    meanings: str

    def fault(self) -> str:
        """Why the sentence may not be said, in Korean; '' when it may."""
        if not (self.bare.amounts or self.support or self.bare.directions):
            return self._ordinals() or self._in_words()
        return self._ordinals() or self._periods() or self._moves() or self._names()

    def _held(self) -> list[Source]:
        return [source for source in self.sources if source.n in self.support]

    def _ordinals(self) -> str:
        cells = [cell for fact in self.facts.values() for cell in fact.figure.cells]
        texts = squeeze("".join(cell.column + cell.row for cell in cells))
        texts += "".join(source.known for source in self._held() or self.sources)
        lacking = any(squeeze(ordinal) not in texts for ordinal in self.bare.ordinals)
        return "기수가 근거에 없음" if lacking else ""

    def _periods(self) -> str:
        if not self.facts:
            return ""
        if not self.words:
            when = unused(self.bare, self.facts)
            return f"{self.bare.text[when.start : when.end].strip()}의 숫자가 없음" if when else ""
        years = {when.year for when in self.bare.whens if when.year}
        said = {int(fact.period[:4]) for fact in self.facts.values() if fact.period}
        held = {w.year for source in self._held() for r in source.readings for w in r.whens}
        return "" if years <= said | held else "기간이 근거에 없음"

    def _moves(self) -> str:
        """Rises and falls, and what else is done: as the facts have it, else as a source tells it whole."""
        bound = {at for at, fact in self.facts.items() if fact.moved} | self.words.keys()
        with_numbers = [self.bare.direction_of(a) for a in self.bare.amounts if a.start in bound]
        if not compared(self.bare, self.facts) and (self.facts or self._told() is None):
            return "견준 것이 근거에 없음"
        for mark in self.bare.directions:
            if not mark.turn and mark in with_numbers:
                continue  # bound with its number
            so = moved(mark, self.bare, self.known, self.carried)
            if so is False:
                return "늘고 준 방향이 다름"
            if so is None:
                source = self._told()
                if source is None:
                    return "늘고 준 것이 근거에 없음"
                self.support.add(source.n)
                return ""
            self.support.update(self._sources_of_move(mark.start))
        unheld = (self.bare.without_accounts[a:b] for a, b in self._unheld())
        return next(filter(None, map(self._deeds, unheld)), "")

    def _told(self) -> Source | None:
        """The source that tells the whole sentence. Where the filings are of several companies, what is said
        of an account without a company's name may be of any of them."""
        company = self.known.company_of(self.bare.text, len(self.bare.text), self.carried)
        filers = {source.evidence.filing.corp_code for source in self.sources}
        if company is None and len(filers) > 1 and self.bare.accounts:
            return None
        return told(self.bare, self.sources, self.terms, partial(self.known.speaks_of, company))

    def _unheld(self) -> Iterator[tuple[int, int]]:
        """What no statement holds: clauses of facts, around these alone where a clause has other numbers,
        and clauses without numbers that no statement of a source of the sentence tells."""
        own = [(one, source.title) for source in self._held() for one in source.readings]
        for a, b in self.bare.clauses:
            facts = [at for at in self.facts if a <= at < b]
            if any(a <= at < b for at in self.words):
                for at in facts:
                    end = next(said.end for said in self.bare.amounts if said.start == at)
                    yield self.bare.window(at, end)
            elif facts or not any(self._tells(one, title, self.bare.text[a:b]) for one, title in own):
                yield a, b

    def _tells(self, statement: Reading, title: str, clause: str) -> bool:
        return (
            bool(nouns(clause, self.terms))
            and topics_alike(clause, statement, title)
            and told_alike(clause, statement, self.terms)
            and done(clause, statement, self.terms)
            and not unknown(adverbs(clause, self.terms), squeeze(statement.text))
        )

    def _sources_of_move(self, at: int) -> frozenset[int]:
        named = self.bare.account_of(at, at)
        of = (f for f in self.known.facts if named is None or is_named(named.key, f.names))
        return next((fact.sources for fact in of), frozenset())

    def _deeds(self, text: str) -> str:
        """What is said of facts alone denies nothing, sums nothing up, weighs nothing, gives no reasons and
        says nothing more of them."""
        facts = self.facts.values()
        unmoved = any(fact.moved and not fact.figure.value for fact in facts)  # `변동이 없습니다`
        if negations(text) and not unmoved:
            return "부정하는 말"
        if how := moods(text):
            return f"근거에 없는 {min(how)}의 말"
        if causal(text):
            return "까닭이 근거에 없음"
        if "누적" in text and not any("누적" in (f.period or "") for f in facts or self.known.facts):
            return "누적이 아님"
        labels = squeeze("".join(fact.figure.label for fact in facts))
        text = _MOVED.sub(" ", _SAME_SPAN.sub("", without_comparisons(text)))
        more = [*verbs(text, self.terms), *adverbs(text, self.terms)]
        more = [word for word in more if word not in labels]
        return f"근거에 없는 말: {more[0]}" if more else ""

    def _names(self) -> str:
        """Words beside a fact that are not of the figures must be those of one statement, not of any."""
        said = nouns(self.bare.without_bases, self.terms)
        if self.words:
            lacking = unknown(said, self.names + "".join(source.known for source in self._held()))
            return f"근거에 없는 말: {lacking[0]}" if lacking else ""
        if bystander := self._bystander():
            return f"근거에 없는 말: {bystander}"
        lacking = unknown(said, self.names)
        if lacking and not self.facts and (source := self._told()):
            self.support.add(source.n)
            return ""
        accounts = [key(account) for fact in self.facts.values() for account in fact.names]
        one_says_all = any(
            not unknown(lacking, source.title + squeeze(reading.text))
            and any(account in key(reading.text) for account in accounts)
            for source in self._held()
            for reading in source.readings
        )
        return f"근거에 없는 말: {lacking[0]}" if lacking and not one_says_all else ""

    def _bystander(self) -> str:
        """An account that none of the numbers and moves is of: `3조원으로 모두 매출액에서 나왔습니다`."""
        bare = self.bare
        spoken = {bare.account_of(said.start, said.end) for said in bare.amounts}
        spoken |= {bare.account_of(mark.start, mark.start) for mark in bare.directions}
        labels = key(" ".join(fact.figure.label for fact in self.facts.values()))
        places = [at for span in self._unheld() for at in range(*span)]
        beside = (a for a in bare.accounts if a.start in places and a not in spoken and a.key not in labels)
        return next((bare.text[a.start : a.end] for a in beside), "")

    def _in_words(self) -> str:
        """A sentence without numbers: of a source, or one that tells nothing a source would have to hold."""
        text = self.bare.text
        named, more = nouns(text, self.terms), [*verbs(text, self.terms), *adverbs(text, self.terms)]
        if not (named or more or self.bare.whens or moods(text)):
            return ""
        source = self._told()
        if source is not None:
            self.support.add(source.n)
            return ""
        if (
            named
            and not self.bare.whens
            and any(self._means(named, one) for one in self.meanings.split("\n"))
        ):
            return ""
        return "근거에 없는 말"

    def _means(self, named: Sequence[str], meaning: str) -> bool:
        """Whether the sentence says of a term what its meaning does."""
        text = self.bare.text
        return (
            not unknown([*named, *adverbs(text, self.terms)], meaning)
            and bool(negations(text)) == bool(negations(meaning))
            and moods(text) <= moods(meaning)
            and set(verbs(text, self.terms)) <= set(verbs(meaning, self.terms))
        )
