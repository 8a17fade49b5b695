"""Rows of the keyword index: what a chunk's words are and how much each weighs in BM25."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import psycopg

_DIMENSIONS = 16_777_216
_ENTRIES = 16_000  # of a sparsevec; a chunk has some 120 terms


def copy_keywords(
    conn: psycopg.Connection[Any], chunk_ids: Sequence[Any], terms: Sequence[Sequence[str]]
) -> None:
    """Add the rows of chunks that stand in `chunk`, for a caller that holds the lock of writers.

    The weights are those of keyword_weights(), worked out here: the function took a third of a load.
    """
    ids = _term_ids(conn, {word for row in terms for word in row})
    avgdl, k1, b = conn.execute("select avgdl, k1, b from keyword_statistics").fetchone() or (1.0, 1.2, 0.75)
    # one statement, so that the counting trigger runs once
    statement = "copy keyword (chunk_id, terms, counts, length, weights) from stdin"
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for chunk_id, row in zip(chunk_ids, terms, strict=True):
            counted = sorted((ids[word], n) for word, n in Counter(row).most_common(_ENTRIES))
            term_ids, counts = [term for term, _ in counted], [n for _, n in counted]
            weights = _weights(counts, len(row), avgdl, k1, b)
            copy.write_row((chunk_id, _array(term_ids), _array(counts), len(row), _sparse(term_ids, weights)))


def _weights(counts: Sequence[int], length: int, avgdl: float, k1: float, b: float) -> list[float]:
    n = np.array(counts, float)
    made: list[float] = (n * (k1 + 1) / (n + k1 * (1 - b + b * length / avgdl))).astype(np.float32).tolist()
    return made


def _array(numbers: Iterable[int]) -> str:
    """PostgreSQL's text form: psycopg looks at every element, which took half of the time of a COPY."""
    return f"{{{','.join(map(str, numbers))}}}"


def _sparse(term_ids: Sequence[int], weights: Sequence[float]) -> str:
    entries = ",".join(f"{term}:{weight:.9g}" for term, weight in zip(term_ids, weights, strict=True))
    return f"{{{entries}}}/{_DIMENSIONS}"


def _term_ids(conn: psycopg.Connection[Any], words: set[str]) -> dict[str, int]:
    asked = sorted(words)
    conn.execute(
        "insert into term (term) select w from unnest(%s::text[]) w"
        " where not exists (select from term where term = w)",
        [asked],
    )
    return dict(conn.execute("select term, id from term where term = any(%s)", [asked]).fetchall())
