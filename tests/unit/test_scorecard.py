"""The measures against values worked out by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rag.scoring.scorecard import Ranked, percentile, score, score_levels


def test_two_relevant_at_ranks_two_and_six() -> None:
    card = score([Ranked(["x", "a", "y", "z", "w", "b"], ["a", "b"])])
    gain = 1 / math.log2(3) + 1 / math.log2(7)
    assert card == pytest.approx(
        {
            "recall@1": 0.0,
            "recall@5": 0.5,
            "recall@10": 1.0,
            "mrr@10": 0.5,
            "ndcg@10": gain / (1 + 1 / math.log2(3)),
        }
    )


def test_a_relevant_id_past_rank_ten_counts_for_nothing() -> None:
    found = [f"x{n}" for n in range(10)] + ["a"]
    assert set(score([Ranked(found, ["a"])]).values()) == {0.0}


def test_an_id_found_twice_counts_once() -> None:
    card = score([Ranked(["a", "a", "a"], ["a", "b"])])
    assert card["recall@10"] == 0.5
    assert card["ndcg@10"] == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_means_are_over_queries_and_nothing_scores_zero() -> None:
    card = score([Ranked(["a"], ["a"]), Ranked([], ["a"]), Ranked(["x", "a"], ["a"]), Ranked(["x"], [])])
    assert card["mrr@10"] == (1 + 0 + 0.5 + 0) / 4
    assert card["recall@1"] == 0.25
    assert set(score([]).values()) == {0.0}


def test_more_relevant_ids_than_ranks_can_still_be_perfect() -> None:
    names = [f"a{n}" for n in range(12)]
    card = score([Ranked(names, names)])
    assert card["ndcg@10"] == pytest.approx(1.0)
    assert card["recall@10"] == pytest.approx(10 / 12)


def test_levels_are_scored_apart_in_order_of_appearance() -> None:
    cards = score_levels(
        [
            Ranked(["a"], ["a"], "beginner"),
            Ranked(["x"], ["a"], "advanced"),
            Ranked(["x"], ["a"], "beginner"),
            Ranked(["a"], ["a"]),
        ]
    )
    assert list(cards) == ["beginner", "advanced"]
    assert [card["mrr@10"] for card in cards.values()] == [0.5, 0.0]


def test_percentile_is_the_nearest_rank() -> None:
    values = [40.0, 10.0, 30.0, 20.0]
    assert [percentile(values, share) for share in (0, 0.25, 0.5, 0.95, 1)] == [10, 10, 20, 40, 40]
    assert percentile([], 0.5) == 0.0


@given(st.lists(st.sampled_from("abcdefghijkl")), st.sets(st.sampled_from("abcdefghijkl")))
def test_every_measure_stays_within_one(found: list[str], relevant: set[str]) -> None:
    assert all(0.0 <= value <= 1.0 + 1e-12 for value in score([Ranked(found, relevant)]).values())
