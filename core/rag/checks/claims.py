"""What a sentence says beside its numbers: periods, rises and falls, deeds, names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.korean import squeeze
from core.rag.checks.binding import Carried, Known, moved, unused
from core.rag.checks.facts import Fact
from core.rag.checks.sources import Source, told
from core.rag.language.mentions import negations
from core.rag.language.named import is_named
from core.rag.language.phrasing import Terms, nouns, unknown, verbs
from core.rag.language.reading import Reading


@dataclass(frozen=True, slots=True)
class Claims:
    """A sentence whose numbers are bound: those at the places of `facts` to facts, those at `words` to
    statements of sources. `names` are words that need no source, `meanings` the glossary's, squeezed.

    `support` takes the numbers of all sources that hold the sentence.
    """

    bare: Reading
    facts: Mapping[int, Fact]
    words: frozenset[int]
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
        bound = {at for at, fact in self.facts.items() if fact.moved} | self.words
        with_numbers = [self.bare.direction_of(a) for a in self.bare.amounts if a.start in bound]
        by_facts = bool(self.facts)
        for mark in self.bare.directions:
            if not mark.turn and mark in with_numbers:
                continue  # bound with its number
            so = moved(mark, self.bare, self.known, self.carried)
            if so is False:
                return "늘고 준 방향이 다름"
            if so is None:
                source = told(self.bare, self.sources, self.terms)
                if source is None:
                    return "늘고 준 것이 근거에 없음"
                self.support.add(source.n)
                return ""
            by_facts = True
            self.support.update(self._sources_of_move(mark.start))
        return self._deeds() if by_facts and not self.words else ""

    def _sources_of_move(self, at: int) -> frozenset[int]:
        named = self.bare.account_of(at, at)
        of = (f for f in self.known.facts if named is None or is_named(named.key, f.names))
        return next((fact.sources for fact in of), frozenset())

    def _deeds(self) -> str:
        """A sentence of facts alone denies nothing, sums nothing up and says nothing more of them."""
        text, facts = self.bare.without_accounts, self.facts.values()
        unmoved = any(fact.moved and not fact.figure.value for fact in facts)  # `변동이 없습니다`
        if negations(text) and not unmoved:
            return "부정하는 말"
        if "누적" in text and not any("누적" in (f.period or "") for f in facts or self.known.facts):
            return "누적이 아님"
        labels = squeeze("".join(fact.figure.label for fact in facts))
        done = [verb for verb in verbs(text, self.terms) if verb not in labels]
        return f"근거에 없는 말: {done[0]}" if done else ""

    def _names(self) -> str:
        held = self.names + "".join(source.known for source in self._held())
        lacking = unknown(nouns(self.bare.without_bases, self.terms), held)
        return f"근거에 없는 말: {lacking[0]}" if lacking else ""

    def _in_words(self) -> str:
        """A sentence without numbers: of a source, or one that tells nothing a source would have to hold."""
        named = nouns(self.bare.text, self.terms)
        if not named and not self.bare.whens and not verbs(self.bare.text, self.terms):
            return ""
        source = told(self.bare, self.sources, self.terms)
        if source is not None:
            self.support.add(source.n)
            return ""
        if named and not self.bare.whens and not unknown(named, self.meanings):
            return ""
        return "근거에 없는 말"
