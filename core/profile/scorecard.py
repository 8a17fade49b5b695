"""How well levels told agree with labelled histories: every measure and baseline in one place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

LEVELS = ("beginner", "intermediate", "advanced")
_BINS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """A labelled history (`level`, `messages[].level`) with what was told at each message."""

    row: dict[str, Any]
    levels: Sequence[str]
    shares: Sequence[tuple[float, ...]]
    topics: Mapping[str, str]  # the level told in each topic after the last message


def score(told: Sequence[Told]) -> dict[str, Any]:
    """`final` over users (their last message), `messages` over all messages, and by kind where given."""
    pairs = [(one.row["level"], one.levels[-1]) for one in told]
    messages = [
        (message["level"], said)
        for one in told
        for message, said in zip(one.row["messages"], one.levels, strict=True)
    ]
    topics = [
        (level, one.topics[topic])
        for one in told
        for topic, level in one.row.get("topics", {}).items()
        if topic in one.topics
    ]
    shares = [share for one in told for share in one.shares]
    kinds = sorted({str(one.row["kind"]) for one in told if one.row.get("kind")})
    return {
        "users": len(told),
        "final": agreement(pairs),
        "messages": agreement(messages),
        "topics": agreement(topics) if topics else None,
        "calibration_error": calibration_error([gold for gold, _ in messages], shares),
        "flips_per_conversation": round(sum(map(_flips, told)) / len(told), 3),
        "gold_flips_per_conversation": round(
            sum(_changes([m["level"] for m in one.row["messages"]]) for one in told) / len(told), 3
        ),
        "messages_to_converge": round(sum(map(_settled, told)) / len(told), 3),
        "kinds": {
            kind: round(
                _share([one.row["level"] == one.levels[-1] for one in told if one.row.get("kind") == kind]), 3
            )
            for kind in kinds
        },
    }


def agreement(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Of (gold, said): accuracy, macro_f1, quadratic_kappa, mean_error in levels, below, above."""
    places = [(LEVELS.index(gold), LEVELS.index(said)) for gold, said in pairs]
    scores = []
    for level in range(3):
        hits = sum(gold == said == level for gold, said in places)
        either = sum((gold == level) + (said == level) for gold, said in places)
        if either:
            scores.append(2 * hits / either)
    return {
        "accuracy": round(_share([gold == said for gold, said in places]), 3),
        "macro_f1": round(sum(scores) / len(scores), 3),
        "quadratic_kappa": round(_kappa(places), 3),
        "mean_error": round(sum(abs(gold - said) for gold, said in places) / len(places), 3),
        "below": round(_share([said < gold for gold, said in places]), 3),
        "above": round(_share([said > gold for gold, said in places]), 3),
    }


def _kappa(places: Sequence[tuple[int, int]]) -> float:
    golds, saids = Counter(gold for gold, _ in places), Counter(said for _, said in places)
    observed = sum((gold - said) ** 2 for gold, said in places) / len(places)
    by_chance = (
        sum((gold - said) ** 2 * golds[gold] * saids[said] for gold in range(3) for said in range(3))
        / len(places) ** 2
    )
    return 1 - observed / by_chance if by_chance else 1.0


def calibration_error(golds: Sequence[str], shares: Sequence[tuple[float, ...]]) -> float:
    """Expected calibration error of the most probable level, in ten bins of confidence."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for gold, share in zip(golds, shares, strict=True):
        sure = max(share)
        bins.setdefault(min(int(sure * _BINS), _BINS - 1), []).append(
            (sure, LEVELS[share.index(sure)] == gold)
        )
    error = sum(
        abs(sum(sure for sure, _ in found) - sum(right for _, right in found)) for found in bins.values()
    )
    return round(error / len(golds), 3)


def _settled(one: Told) -> int:
    """Messages until the level told is the gold one and stays so; all when it never does."""
    wrong = [
        at
        for at, (message, said) in enumerate(zip(one.row["messages"], one.levels, strict=True), 1)
        if message["level"] != said
    ]
    return min(wrong[-1] + 1, len(one.levels)) if wrong else 1


def _flips(one: Told) -> int:
    return _changes(one.levels)


def _changes(levels: Sequence[str]) -> int:
    return sum(a != b for a, b in pairwise(levels))


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
