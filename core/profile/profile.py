"""A person's profile: what is believed of their level, why, and what they fixed themselves.

It is made by replaying messages and by nothing else: the same messages at the same times give the same
profile. The newest messages are kept with it, so that another version of the estimator can make it anew;
older ones hardly count by then (weights.toml, `keep`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from core.model import Level
from core.profile.cues import load_directions, load_says
from core.profile.estimate import TOPICS, Belief, Estimate, Weights, judge, load_weights, observe
from core.profile.judgement import Judgement
from core.profile.pasted import quoted_spans, without
from core.profile.signals import Reader, Reading

_RECENT = 40  # messages kept: what lies further back moves a probability by under 0.02
_TEXT = 300  # characters kept of each
_QUOTE = 60
_SHOWN = 6  # messages that a language model judges by
_REASONS = 6  # kept for each topic; three are shown
_FADES = 0.9  # of a reason's weight, with each further message
_SUPPORTS = {Level.BEGINNER: ("down",), Level.INTERMEDIATE: ("mid", "up"), Level.ADVANCED: ("up", "mid")}


@dataclass(frozen=True, slots=True)
class Reason:
    """`says` is what the words `quote` of a message showed, `direction` down, mid or up, `weight` in nats."""

    topic: str
    says: str
    quote: str
    direction: str
    at: str
    weight: float


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it is kept: its ISO time, its text, and how a language model judged the person by then."""

    at: str
    text: str
    judged: Judgement | None = None

    def to_json(self) -> list[str]:
        return [self.at, self.text, *((self.judged.level, self.judged.quote) if self.judged else ())]

    @staticmethod
    def from_json(row: Sequence[str]) -> "Said":
        return Said(row[0], row[1], Judgement(Level(row[2]), row[3]) if len(row) > 2 else None)


@dataclass(frozen=True, slots=True)
class Profile:
    estimate: Estimate = field(default_factory=Estimate)
    lock: Level | None = None
    recent: Sequence[Said] = ()
    reasons: Sequence[Reason] = ()

    def belief(self, weights: Weights | None = None) -> Belief:
        return self.estimate.belief(weights or load_weights())

    @property
    def level(self) -> Level:
        """The level to answer at: the locked one, or the inferred."""
        return self.lock or self.belief().level

    @property
    def source(self) -> Literal["override", "inferred", "default"]:
        if self.lock:
            return "override"
        return "inferred" if self.reasons else "default"

    def topics(self) -> dict[str, Belief]:
        """The belief in each topic that was spoken of."""
        beliefs = {topic: self.estimate.belief_in(topic, load_weights()) for topic in TOPICS}
        return {topic: belief for topic, belief in beliefs.items() if belief}

    def why(self, topic: str, level: Level) -> list[Reason]:
        """Up to three reasons of a topic, those for the level first."""
        own = [reason for reason in self.reasons if reason.topic == topic]
        return sorted(own, key=lambda one: (one.direction not in _SUPPORTS[level], -one.weight))[:3]

    def after(self, text: str, at: datetime, reader: Reader) -> "Profile":
        """The profile after one more message."""
        weights, reading = load_weights(), reader.read(text)
        estimate = observe(self.estimate, reading, at, weights)
        new = reasons_of(reading, list(reading.topics or self.estimate.about), at, weights)
        kept = [replace(reason, weight=reason.weight * _FADES) for reason in self.reasons]
        return replace(
            self,
            estimate=estimate,
            recent=[*self.recent, _kept(text, at)][-_RECENT:],
            reasons=_strongest([*new, *kept]),
        )

    def counted(self, text: str, at: datetime) -> bool:
        """Whether this message is one of those that made the profile."""
        new = _kept(text, at)
        return any((one.at, one.text) == (new.at, new.text) for one in self.recent)

    def own_words(self) -> list[str]:
        """The newest messages without what was pasted into them: what a language model judges by."""
        newest = (one.text for one in self.recent[-_SHOWN:])
        return [own for text in newest if (own := without(text, quoted_spans(text)).strip())]

    def judged(self, judgement: Judgement) -> "Profile":
        """The profile once a language model judged it, up to the newest message."""
        weights, newest = load_weights(), replace(self.recent[-1], judged=judgement)
        name = f"judged_{judgement.level}"
        size = sum(map(abs, weights.signals[name]))
        new = [
            Reason(
                topic, load_says()[name], _short(judgement.quote), load_directions()[name], newest.at, size
            )
            for topic in self.estimate.about or [""]
        ]
        return replace(
            self,
            estimate=judge(self.estimate, judgement.level, weights),
            recent=[*self.recent[:-1], newest],
            reasons=_strongest([*new, *self.reasons]),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "version": load_weights().version,
            "lock": self.lock,
            "estimate": self.estimate.to_json(),
            "recent": [one.to_json() for one in self.recent],
            "reasons": [
                [one.topic, one.says, one.quote, one.direction, one.at, round(one.weight, 3)]
                for one in self.reasons
            ],
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any], reader: Reader) -> "Profile":
        """As it was put; one of another version of the estimator is made anew from the messages kept."""
        lock = Level(kept["lock"]) if kept.get("lock") else None
        recent = [Said.from_json(row) for row in kept.get("recent", ())]
        if kept.get("version") != load_weights().version:
            return made_anew(recent, reader, lock=lock)
        reasons = [Reason(*row) for row in kept["reasons"]]
        return Profile(Estimate.from_json(kept["estimate"]), lock, recent, reasons)


def _kept(text: str, at: datetime) -> Said:
    return Said(at.isoformat(), text[:_TEXT])


def _short(quote: str) -> str:
    return quote if len(quote) <= _QUOTE else quote[: _QUOTE - 1] + "…"


def replay(messages: Iterable[tuple[datetime, str]], reader: Reader) -> Profile:
    profile = Profile()
    for at, text in messages:
        profile = profile.after(text, at, reader)
    return profile


def made_anew(kept: Iterable[Said], reader: Reader, *, lock: Level | None = None) -> Profile:
    """From messages as they were kept, with the judgements made of them then: no model is asked again."""
    profile = Profile(lock=lock)
    for one in kept:
        profile = profile.after(one.text, datetime.fromisoformat(one.at), reader)
        if one.judged:
            profile = profile.judged(one.judged)
    return profile


def reasons_of(reading: Reading, topics: Sequence[str], at: datetime, weights: Weights) -> list[Reason]:
    """What a message showed, under each topic it was about; under "" when it was about none."""
    says, directions = load_says(), load_directions()
    found = []
    for signal in reading.signals:
        lower, upper = weights.signals.get(signal.name, (0.0, 0.0))
        weight = (abs(lower) + abs(upper)) * signal.strength
        if weight > 0:
            for topic in topics or [""]:
                quote, way = _short(signal.quote), directions[signal.name]
                found.append(Reason(topic, says[signal.name], quote, way, at.isoformat(), weight))
    return found


def _strongest(reasons: Sequence[Reason]) -> list[Reason]:
    kept: dict[str, list[Reason]] = {}
    for reason in sorted(reasons, key=lambda one: -one.weight):
        beside = kept.setdefault(reason.topic, [])
        said = {(one.says, one.quote) for one in beside}
        if len(beside) < _REASONS and (reason.says, reason.quote) not in said:
            beside.append(reason)
    return [reason for beside in kept.values() for reason in beside]
