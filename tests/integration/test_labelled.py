"""Cells found by what their labels say, against the same written out plainly."""

import asyncio
import random
from collections.abc import Mapping

import psycopg
import pytest

from core.settings import Settings
from core.store.connect import open_pool
from core.store.corpus import PostgresCorpus

# brackets and the like are looked for as they stand, longer words beside the shorter that stand in them
WORDS = [
    "순이익",
    "당기순이익",
    "이익",
    "영업이익(손실)",
    "매출",
    "매출채권",
    "채권",
    "자산",
    "자산총계",
    "당기",
    "전기",
    "a|b",
    "합계",
]
LABELS = (
    "select labels, rcept_no, table_no, row_no, column_no, account, origin from figure"
    " where rcept_no = any(%s)"
)
REPORTS = "select rcept_no from filing where period is not null order by rcept_no"


def asked(seed: int) -> dict[str, float]:
    draw = random.Random(seed)  # noqa: S311  # no secret
    return {word: draw.choice([0.25, 0.5, 1.5, 3.0, 4.5]) for word in draw.sample(WORDS, draw.randint(1, 7))}


def score(labels: str, words: Mapping[str, float]) -> float:
    return sum(weight for word, weight in words.items() if word in labels)


@pytest.mark.parametrize("seed", range(12))
def test_the_cells_whose_labels_say_most_come_first(samples: Settings, seed: int) -> None:
    words = asked(seed)
    with psycopg.connect(samples.database.url) as conn:
        reports = [rcept_no for (rcept_no,) in conn.execute(REPORTS)][:2]
        rows = conn.execute(LABELS, [reports]).fetchall()
    labels = {tuple(address): text for text, *address in rows}

    async def found() -> list[float]:
        async with open_pool(samples.database.url) as pool:
            cells = await PostgresCorpus(pool).labelled(reports, words, limit=25)
        where = [
            (one.rcept_no, one.table, one.row_no, one.column_no, one.account, one.origin) for one in cells
        ]
        return [score(labels[address], words) for address in where]

    best = sorted((score(text, words) for text in labels.values()), reverse=True)
    scores = asyncio.run(found())
    assert scores
    assert scores == best[: len(scores)]
    assert len(scores) == 25 or best[len(scores)] < max(words.values()) / 2  # none but light words are left
