"""A person's level as a belief over three ordered levels, per topic and overall.

The model is an adjacent-category one (Agresti, Categorical Data Analysis §8.3), Bayes' rule in logarithms:
each signal moves the odds of intermediate over beginner by `lower` and of advanced over intermediate by
`upper`. A signal of knowledge moves both up, one of not knowing both down, one of a common term up and then
down, so that evidence for a level never lowers a higher expectation: the signs are fixed, only the sizes are
fitted (tools/profile/fit.py). What was said before counts less with every message and every day, is kept
overall and per topic: what was shown in one topic tells less of a topic never spoken of. Doubts count less
afterwards than knowledge (slow demotion). Messages sent within a minute
are one burst, whose order does not matter. The level is the one of least expected cost, answering below a
person's level costing more than above. With no evidence the prior speaks, which is intermediate.

A language model's judgements (core.profile.judgement) move that prior and nothing else: towards their weight
in cues.toml and never past it, however many come. 0.5 nats a step from the prior reach no other level.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from core.model import Level
from core.profile.cues import load_directions, load_fixed, read_toml
from core.profile.signals import Reading

LEVELS = (Level.BEGINNER, Level.INTERMEDIATE, Level.ADVANCED)
TOPICS = ("재무제표", "자본조달", "지배구조", "밸류에이션", "시장·공시일반")
_RULES = 3  # raise when the code here or in signals.py changes what a message shows
_BURST = 60.0  # seconds
_DISOWNED = 0.2  # of earlier knowledge that remains when it is said to be another's
_DAY = 86_400.0
_JUDGED = 0.5  # of the way that one judgement of a language model goes towards its weight


@dataclass(frozen=True, slots=True)
class Weights:
    """weights.toml, made by tools/profile/fit.py; `signals`: name → (lower, upper) in nats."""

    version: str
    prior: tuple[float, float]
    signals: Mapping[str, tuple[float, float]]
    overall: float
    topic: float
    elsewhere: float
    doubt: float
    keep: float
    half_life_days: float
    below: float


@dataclass(frozen=True, slots=True)
class Odds:
    """Evidence in nats: for knowing (`up_*`) and against it (`down_*`), at the lower and the upper step."""

    up_lower: float = 0.0
    up_upper: float = 0.0
    down_lower: float = 0.0
    down_upper: float = 0.0

    def plus(self, other: "Odds", share: float = 1.0) -> "Odds":
        return Odds(
            self.up_lower + share * other.up_lower,
            self.up_upper + share * other.up_upper,
            self.down_lower + share * other.down_lower,
            self.down_upper + share * other.down_upper,
        )

    def faded(self, up: float, down: float) -> "Odds":
        return Odds(self.up_lower * up, self.up_upper * up, self.down_lower * down, self.down_upper * down)

    def steps(self, doubt: float = 1.0) -> tuple[float, float]:
        return self.up_lower + doubt * self.down_lower, self.up_upper + doubt * self.down_upper


_NONE = Odds()


@dataclass(frozen=True, slots=True)
class Belief:
    """Probabilities of the three levels, and the level of least expected cost."""

    beginner: float
    intermediate: float
    advanced: float
    level: Level

    @property
    def confidence(self) -> float:
        """How probable the level is, 0 to 1."""
        return (self.beginner, self.intermediate, self.advanced)[LEVELS.index(self.level)]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is remembered of a person. The same messages at the same times make the same estimate."""

    messages: int = 0
    at: float | None = None  # of the newest message, seconds since 1970
    overall: Odds = _NONE  # before the current burst
    topics: Mapping[str, Odds] = field(default_factory=dict)
    burst: Odds = _NONE
    burst_topics: Mapping[str, Odds] = field(default_factory=dict)
    about: Mapping[str, float] = field(default_factory=dict)  # topics of the current burst and their weights
    judged: tuple[float, float] = (0.0, 0.0)  # by a language model: nats at the lower and the upper step

    def belief(self, weights: Weights) -> Belief:
        """The level at which to answer now."""
        lower, upper = _sum(_sum(weights.prior, self.judged), self.burst.steps())
        total = sum(self.about.values())
        new = sum(weight for topic, weight in self.about.items() if topic not in self.topics)
        share = weights.overall * (1 - (1 - weights.elsewhere) * (new / total if total else 0.0))
        lower, upper = _sum((lower, upper), self.overall.steps(weights.doubt), share)
        for topic, weight in self.about.items():
            past = self.topics.get(topic, _NONE).steps(weights.doubt)
            lower, upper = _sum((lower, upper), past, weights.topic * weight / total)
        return decide(lower, upper, weights.below)

    def belief_in(self, topic: str, weights: Weights) -> Belief | None:
        """The level in a topic; None when nothing told of it."""
        past, now = self.topics.get(topic), self.burst_topics.get(topic)
        if past is None and now is None:
            return None
        steps = _sum(_sum(weights.prior, self.judged), (now or _NONE).steps())
        steps = _sum(steps, (past or _NONE).steps(weights.doubt), weights.topic + weights.overall)
        return decide(*steps, weights.below)

    def to_json(self) -> dict[str, Any]:
        def plain(odds: Odds) -> list[float]:
            return [odds.up_lower, odds.up_upper, odds.down_lower, odds.down_upper]

        return {
            "messages": self.messages,
            "at": self.at,
            "overall": plain(self.overall),
            "topics": {topic: plain(odds) for topic, odds in self.topics.items()},
            "burst": plain(self.burst),
            "burst_topics": {topic: plain(odds) for topic, odds in self.burst_topics.items()},
            "about": dict(self.about),
            "judged": list(self.judged),
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Estimate":
        return Estimate(
            messages=kept["messages"],
            at=kept["at"],
            overall=Odds(*kept["overall"]),
            topics={topic: Odds(*odds) for topic, odds in kept["topics"].items()},
            burst=Odds(*kept["burst"]),
            burst_topics={topic: Odds(*odds) for topic, odds in kept["burst_topics"].items()},
            about=kept["about"],
            judged=(kept["judged"][0], kept["judged"][1]),
        )


def observe(estimate: Estimate, reading: Reading, at: datetime, weights: Weights) -> Estimate:
    """The estimate after one more message. A message older than the newest counts as of the same moment."""
    now = at.timestamp() if estimate.at is None else max(at.timestamp(), estimate.at)
    gap = 0.0 if estimate.at is None else now - estimate.at
    if gap >= _BURST:
        estimate = _close(estimate, gap, weights)
    if is_disowned(reading):
        estimate = replace(
            estimate,
            overall=estimate.overall.faded(_DISOWNED, 1.0),
            topics={topic: odds.faded(_DISOWNED, 1.0) for topic, odds in estimate.topics.items()},
            burst=estimate.burst.faded(_DISOWNED, 1.0),
            burst_topics={topic: odds.faded(_DISOWNED, 1.0) for topic, odds in estimate.burst_topics.items()},
        )
    evidence = evidence_of(reading, weights)
    about = dict(estimate.about) if gap < _BURST or not reading.topics else {}
    for topic, weight in reading.topics.items():
        about[topic] = about.get(topic, 0.0) + weight
    topics = reading.topics or estimate.about  # a follow-up that names no topic is about the one before
    burst_topics = dict(estimate.burst_topics)
    for topic in topics:
        burst_topics[topic] = burst_topics.get(topic, _NONE).plus(evidence)
    return replace(
        estimate,
        messages=estimate.messages + 1,
        at=now,
        burst=estimate.burst.plus(evidence),
        burst_topics=burst_topics,
        about=about,
    )


def judge(estimate: Estimate, level: Level, weights: Weights) -> Estimate:
    """The estimate after a language model's judgement of what was written so far."""
    lower, upper = weights.signals[f"judged_{level}"]
    old = estimate.judged
    new = (old[0] + _JUDGED * (lower - old[0]), old[1] + _JUDGED * (upper - old[1]))
    return replace(estimate, judged=new)


def _close(estimate: Estimate, gap: float, weights: Weights) -> Estimate:
    """The burst becomes memory, and memory fades: with each burst, and with time."""
    aged = 0.5 ** (gap / _DAY / weights.half_life_days)
    kept = weights.keep
    topics = dict(estimate.topics)
    for topic, odds in estimate.burst_topics.items():
        topics[topic] = topics.get(topic, _NONE).faded(kept, kept).plus(odds)
    return replace(
        estimate,
        overall=estimate.overall.faded(kept, kept).plus(estimate.burst).faded(aged, aged),
        topics={topic: odds.faded(aged, aged) for topic, odds in topics.items()},
        burst=_NONE,
        burst_topics={},
        judged=(estimate.judged[0] * aged, estimate.judged[1] * aged),
    )


def evidence_of(reading: Reading, weights: Weights) -> Odds:
    directions = load_directions()
    odds = _NONE
    for signal in reading.signals:
        lower, upper = weights.signals.get(signal.name, (0.0, 0.0))
        moved = (lower * signal.strength, upper * signal.strength)
        odds = odds.plus(Odds(0, 0, *moved) if directions[signal.name] == "down" else Odds(*moved, 0, 0))
    return odds


def is_disowned(reading: Reading) -> bool:
    """Whether the writer says that earlier words were another's: they copied them and do not know them."""
    names = {signal.name for signal in reading.signals}
    doubts = {
        "meaning",
        "confess",
        "simpler",
        "baffled",
        "asked_beginner",
        "asked_intermediate",
        "asked_advanced",
    }
    return "disowned" in names and bool(names & doubts)


def decide(lower: float, upper: float, below: float) -> Belief:
    """Belief from the log odds of the two steps; `below` is the cost of one level too low, 1 of too high."""
    scores = (0.0, lower, lower + upper)
    most = max(scores)
    masses = [math.exp(score - most) for score in scores]
    shares = [mass / sum(masses) for mass in masses]
    costs = [
        sum(
            share * ((true - said) * below if true > said else said - true)
            for true, share in enumerate(shares)
        )
        for said in range(3)
    ]
    level = LEVELS[min(range(3), key=lambda said: (costs[said], abs(said - 1)))]
    return Belief(shares[0], shares[1], shares[2], level)


def _sum(one: tuple[float, float], other: tuple[float, float], share: float = 1.0) -> tuple[float, float]:
    return one[0] + share * other[0], one[1] + share * other[1]


def _version() -> str:
    """Of the estimator: changes with these rules (the number) and with every file it reads."""
    files = sorted((resources.files("core.profile")).iterdir(), key=lambda file: file.name)
    files += sorted((resources.files("core.profile") / "glossary").iterdir(), key=lambda file: file.name)
    told = hashlib.sha256(b"".join(file.read_bytes() for file in files if file.name.endswith(".toml")))
    return f"{_RULES}-{told.hexdigest()[:12]}"


@cache
def load_weights() -> Weights:
    row = read_toml("weights.toml")
    return Weights(
        version=_version(),
        prior=(row["prior"]["lower"], row["prior"]["upper"]),
        signals={**load_fixed(), **{name: (pair[0], pair[1]) for name, pair in row["signals"].items()}},
        **row["memory"],
        **row["cost"],
    )
