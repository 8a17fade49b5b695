"""A first estimate of a person's level from the words they use; replaced by a model of evidence later.

Terms used count for the level that owns them, asking what a term means counts for beginner.
Nothing said means intermediate: the neutral prior of data/profile's label guide.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from core.model import Level
from core.profile.glossary import Glossary

_ASKS_MEANING = re.compile(r"(뭐야|뭐예요|뭔가요|무슨\s*(뜻|말)|뜻이|쉽게|설명해)")
_DECAY = 0.8  # a person learns: what was said five messages ago counts a third
_ENOUGH = 0.6
_ORDER = (Level.BEGINNER, Level.INTERMEDIATE, Level.ADVANCED)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Decayed evidence for each level, in `_ORDER`; `messages` counts what was seen."""

    beginner: float = 0.0
    intermediate: float = 0.0
    advanced: float = 0.0
    messages: int = 0

    @property
    def level(self) -> Level:
        weights = (self.beginner, self.intermediate, self.advanced)
        if max(weights) < _ENOUGH:
            return Level.INTERMEDIATE
        return _ORDER[weights.index(max(weights))]

    @property
    def source(self) -> str:
        """`inferred` once there is evidence, else `default`."""
        return "inferred" if max(self.beginner, self.intermediate, self.advanced) >= _ENOUGH else "default"

    def to_json(self) -> dict[str, Any]:
        return {
            "beginner": self.beginner,
            "intermediate": self.intermediate,
            "advanced": self.advanced,
            "messages": self.messages,
        }

    @staticmethod
    def from_json(kept: dict[str, Any]) -> "Estimate":
        return Estimate(**kept)


def observe(estimate: Estimate, text: str, glossary: Glossary) -> Estimate:
    """The estimate after one more message."""
    gained = dict.fromkeys(_ORDER, 0.0)
    terms = glossary.find(text)
    if _ASKS_MEANING.search(text):
        gained[Level.BEGINNER] += 1.0
    else:
        for term in terms:
            gained[term.level] += 0.5 if term.level is Level.BEGINNER else 1.0
    if glossary.formal(text) and not terms:
        gained[Level.BEGINNER] += 1.0
    return replace(
        estimate,
        beginner=estimate.beginner * _DECAY + gained[Level.BEGINNER],
        intermediate=estimate.intermediate * _DECAY + gained[Level.INTERMEDIATE],
        advanced=estimate.advanced * _DECAY + gained[Level.ADVANCED],
        messages=estimate.messages + 1,
    )
