"""Finance terms with their level, a plain explanation, their other names, and the lay words people say."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources

from core.korean import lowered
from core.model import Level, Term

_RANK = {Level.BEGINNER: 0, Level.INTERMEDIATE: 1, Level.ADVANCED: 2}
_FILES = ("statements", "accounting", "funding", "governance", "valuation", "market")
_SHORT = 2  # a Korean name this short must begin a word: 상각 is not in 반상각, 감자 not in 왕감자


@dataclass(frozen=True, slots=True)
class Mention:
    """A term's name in a text, at text[start:end]."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True)
class Glossary:
    terms: Sequence[Term]

    def mentions(self, text: str) -> list[Mention]:
        """Every name in the text, the longest first where two overlap, in the text's order."""
        lower = lowered(text)
        covered = [False] * len(text)
        found = []
        for start, name, term in sorted(
            _occurrences(lower, self._names), key=lambda hit: (-len(hit[1]), hit[0])
        ):
            end = start + len(name)
            if not any(covered[start:end]) and _stands_alone(name, lower, start):
                covered[start:end] = [True] * len(name)
                found.append(Mention(term, start, end))
        return sorted(found, key=lambda mention: mention.start)

    def find(self, text: str) -> list[Term]:
        """Terms that occur in the text, each once, none inside another, in the text's order."""
        return list({mention.term.name: mention.term for mention in self.mentions(text)}.values())

    def above(self, text: str, level: Level) -> list[Term]:
        """Terms of the text that a reader of this level wants explained."""
        return [term for term in self.find(text) if _RANK[term.level] > _RANK[level]]

    def formal(self, text: str) -> list[str]:
        """Formal names for the lay words of a text, in its order."""
        return list(dict.fromkeys(term.name for _, _, term in self.lay_words(text)))

    def lay_words(self, text: str) -> list[tuple[int, str, Term]]:
        """(place, lay word, its term) of a text, in its order; particles may follow the word."""
        lower = lowered(text)
        hits = [hit for hit in _occurrences(lower, self._lay) if _begins_word(lower, hit[0])]
        return sorted(hits, key=lambda hit: hit[0])

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name of a term."""
        return frozenset(name for term in self.terms for name in (term.name, *term.also))

    @cached_property
    def _names(self) -> dict[str, list[tuple[str, Term]]]:
        names: dict[str, Term] = {}
        for term in self.terms:
            for name in (term.name, *term.also):
                names.setdefault(lowered(name), term)
                names.setdefault(lowered(name).replace(" ", ""), term)
        return _by_first(names)

    @cached_property
    def _lay(self) -> dict[str, list[tuple[str, Term]]]:
        return _by_first({lowered(word): term for term in self.terms for word in term.lay})


def _by_first(words: dict[str, Term]) -> dict[str, list[tuple[str, Term]]]:
    """By first character: 1,500 names are searched for in one pass over the text."""
    index: dict[str, list[tuple[str, Term]]] = {}
    for word, term in words.items():
        index.setdefault(word[0], []).append((word, term))
    return index


def _occurrences(text: str, index: dict[str, list[tuple[str, Term]]]) -> Iterator[tuple[int, str, Term]]:
    for at, first in enumerate(text):
        for word, term in index.get(first, ()):
            if text.startswith(word, at):
                yield at, word, term


def _stands_alone(name: str, text: str, at: int) -> bool:
    """Latin names are whole words (PER is not in PERIOD); Korean ones take particles and compounds."""
    if not name.isascii():
        return len(name) > _SHORT or _begins_word(text, at)
    after = text[at + len(name) : at + len(name) + 1]
    return not (text[at - 1 : at].isascii() and text[at - 1 : at].isalnum() and at) and not (
        after.isascii() and after.isalnum()
    )


def _begins_word(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    return not ("가" <= before <= "힣" or (before.isascii() and before.isalnum()))


@cache
def load_glossary() -> Glossary:
    folder = resources.files("core.profile") / "glossary"
    terms: list[Term] = []
    for name in _FILES:
        file = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        topic = file.pop("topic")
        for level, entries in file.items():
            for term, said in entries.items():
                entry = {"plain": said} if isinstance(said, str) else said
                lay, also = tuple(entry.get("lay", ())), tuple(entry.get("also", ()))
                terms.append(Term(term, Level(level), topic, entry["plain"], lay, also))
    return Glossary(tuple(terms))
