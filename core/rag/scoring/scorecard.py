"""How good a ranking is: recall, MRR and nDCG at 10. Pure arithmetic."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Ranked:
    """One query's answer: ids found, best first, and the ids that are right."""

    found: Sequence[str]
    relevant: Collection[str]
    level: str | None = None


def score(rankings: Sequence[Ranked]) -> dict[str, float]:
    """Means over the queries, each in [0, 1]. recall@k is the share of the relevant ids found in k.

    Empty input scores 0. A relevant id counts once, wherever it stands first.
    """
    names = ["recall@1", "recall@5", "recall@10", "mrr@10", "ndcg@10"]
    if not rankings:
        return dict.fromkeys(names, 0.0)
    rows = [(*(recall(one, k) for k in (1, 5, DEPTH)), reciprocal_rank(one), ndcg(one)) for one in rankings]
    return {
        name: sum(column) / len(rankings) for name, column in zip(names, zip(*rows, strict=True), strict=True)
    }


def score_levels(rankings: Sequence[Ranked]) -> dict[str, dict[str, float]]:
    """`score` of each level that occurs, in the order of first occurrence."""
    levels = dict.fromkeys(one.level for one in rankings if one.level)
    return {level: score([one for one in rankings if one.level == level]) for level in levels}


def recall(one: Ranked, k: int) -> float:
    relevant = set(one.relevant)
    return len(relevant.intersection(one.found[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(one: Ranked) -> float:
    ranks = (rank for rank, found in enumerate(one.found[:DEPTH], 1) if found in one.relevant)
    return next((1 / rank for rank in ranks), 0.0)


def ndcg(one: Ranked) -> float:
    """Binary gain, discounted by log2(rank + 1), over that of the best order."""
    found = list(dict.fromkeys(one.found))[:DEPTH]
    gain = sum(1 / math.log2(rank + 1) for rank, name in enumerate(found, 1) if name in one.relevant)
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(set(one.relevant)), DEPTH) + 1))
    return gain / best if best else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
