"""Finance terms with their level, a plain explanation, and the lay words people say instead."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from core.model import Level, Term

_RANK = {Level.BEGINNER: 0, Level.INTERMEDIATE: 1, Level.ADVANCED: 2}


@dataclass(frozen=True)
class Glossary:
    terms: Sequence[Term]

    def find(self, text: str) -> list[Term]:
        """Terms that occur in the text, longest first, none inside another, in the text's order."""
        covered = [False] * len(text)
        found: list[tuple[int, Term]] = []
        lowered = text.lower()
        for term in sorted(self.terms, key=lambda term: -len(term.name)):
            name = term.name.lower()
            at = lowered.find(name)
            while at >= 0:
                if not any(covered[at : at + len(name)]) and _stands_alone(name, lowered, at):
                    covered[at : at + len(name)] = [True] * len(name)
                    found.append((at, term))
                    break
                at = lowered.find(name, at + 1)
        return [term for _, term in sorted(found, key=lambda pair: pair[0])]

    def above(self, text: str, level: Level) -> list[Term]:
        """Terms of the text that a reader of this level wants explained."""
        return [term for term in self.find(text) if _RANK[term.level] > _RANK[level]]

    def formal(self, text: str) -> list[str]:
        """Formal names for the lay words of a text, in its order."""
        found = []
        for term in self.terms:
            for word in term.lay:
                at = _lay_at(word, text)
                if at is not None:
                    found.append((at, term.name))
                    break
        return [name for _, name in sorted(found)]


def _stands_alone(name: str, text: str, at: int) -> bool:
    """Latin names are whole words (PER is not in PERIOD); Korean ones take particles and compounds."""
    if not name.isascii():
        return True
    after = text[at + len(name) : at + len(name) + 1]
    return not (text[at - 1 : at].isascii() and text[at - 1 : at].isalnum() and at) and not (
        after.isascii() and after.isalnum()
    )


def _lay_at(word: str, text: str) -> int | None:
    """Where the lay word begins a word of the text; particles may follow it."""
    found = re.search(rf"(?<![가-힣A-Za-z0-9]){re.escape(word)}", text)
    return found.start() if found else None


@cache
def load_glossary() -> Glossary:
    file = resources.files("core.profile") / "glossary.toml"
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["term"]
    return Glossary(
        tuple(
            Term(r["name"], Level(r["level"]), r["topic"], r["plain"], tuple(r.get("lay", ()))) for r in rows
        )
    )
