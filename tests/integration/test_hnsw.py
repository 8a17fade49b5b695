"""The vectors' own index, which only a corpus above index.EXACT has, against the exact scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np
import psycopg
import pytest

from core.errors import StoreError
from core.model import Chunk, Scope
from core.store.index import EXACT, index_chunks, reembed
from core.store.upkeep import reindex
from tests.integration.test_search import Counted, Words, find

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLUSTERS, PER_FILING = 120, 85
SMALL, LARGE = "09900011", "09900022"  # companies: every tenth filing, and the rest


@dataclass
class Clustered:
    """`문서 7 3` and `질문 7 3` lie near the centre of cluster 7, each at a place of its own."""

    dim: int
    seed: int = 0

    @property
    def fingerprint(self) -> str:
        return f"clustered-{self.dim}-{self.seed}"

    def documents(self, texts: Sequence[str], terms: Sequence[Sequence[str]]) -> "NDArray[np.float32]":
        return np.stack([self.query(text, ()) for text in texts])

    def query(self, text: str, terms: Sequence[str]) -> "NDArray[np.float32]":
        return _place(self.seed, self.dim, text)


@cache
def _place(seed: int, dim: int, text: str) -> "NDArray[np.float32]":
    kind, cluster, number = text.split()
    centre = np.random.default_rng([seed, dim, int(cluster)]).normal(size=dim)
    own = np.random.default_rng([seed, dim, int(cluster), int(number), kind == "질문"]).normal(size=dim)
    made = centre + 0.6 * own
    return np.asarray(made / np.linalg.norm(made), np.float32)


def put(conn: psycopg.Connection[Any], filings: range, embedder: Clustered) -> None:
    """Filings of 85 chunks, each chunk in the next cluster; one call indexes all of them."""
    chunks = []
    for n in filings:
        rcept_no, corp = f"20260515{n:06}", SMALL if n % 10 == 0 else LARGE
        conn.execute(
            "insert into filing (rcept_no, corp_code, corp_name, report_nm, form, rcept_dt, digest,"
            " doc_path) values (%s, %s, '', '', '', %s, '', '')",
            [rcept_no, corp, date(2026, 5, 15)],
        )
        for ordinal in range(PER_FILING):
            number = n * PER_FILING + ordinal
            text = f"문서 {number % CLUSTERS} {number // CLUSTERS}"
            identity = str(uuid5(NAMESPACE_OID, text))
            chunks.append(Chunk(identity, rcept_no, corp, ordinal, 0, "", text))
    index_chunks(conn, chunks, Words(), embedder)


def index_of(conn: psycopg.Connection[Any]) -> str | None:
    row = conn.execute("select indexdef from pg_indexes where indexname = 'chunk_embedding'").fetchone()
    return row[0] if row else None


def exact(filings: range, query: str, corp: str | None, embedder: Clustered) -> set[str]:
    """Texts of the ten chunks nearest to the query, by scoring each."""
    numbers = np.arange(filings.start * PER_FILING, filings.stop * PER_FILING)
    filed = numbers // PER_FILING
    within = numbers[{None: filed >= 0, SMALL: filed % 10 == 0, LARGE: filed % 10 > 0}[corp]]
    texts = [f"문서 {number % CLUSTERS} {number // CLUSTERS}" for number in within.tolist()]
    scores = embedder.documents(texts, ()) @ embedder.query(query, ())
    return {texts[at] for at in np.argsort(-scores)[:10]}


async def recall(database: str, filings: range, embedder: Clustered, corp: str | None = None) -> float:
    """Mean share of the exact ten best that a search through the index finds."""
    shares = []
    for n in range(12):
        query = f"질문 {n * 7 % CLUSTERS} {n}"
        scope = Scope([corp] if corp else [])
        hits = await find(database, query, "dense", scope, embedder, exact=0)
        assert {hit.chunk.corp_code for hit in hits} <= ({corp} if corp else {SMALL, LARGE})
        near = {hit.chunk.text for hit in hits[:10]}
        shares.append(len(near & exact(filings, query, corp, embedder)) / 10)
    return float(np.mean(shares))


def scans(conn: psycopg.Connection[Any]) -> int:
    """How often the planner has used the index; sessions report when they end."""
    row = conn.execute(
        "select idx_scan from pg_stat_user_indexes where indexrelname = 'chunk_embedding'"
    ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.anyio
async def test_the_index_comes_with_the_corpus_and_finds_what_an_exact_scan_finds(database: str) -> None:
    below, above = EXACT // PER_FILING, EXACT // PER_FILING + 1
    everything = range(above + 5)
    first = Clustered(32)
    with psycopg.connect(database, autocommit=True) as conn:
        put(conn, range(below), first)
        assert index_of(conn) is None
        put(conn, range(below, above), first)  # built over what is there
        assert "USING hnsw (embedding halfvec_ip_ops)" in (index_of(conn) or "")
        put(conn, range(above, everything.stop), first)  # and added to
        conn.execute("analyze")

        assert await recall(database, everything, first) >= 0.9
        used = scans(conn)
        assert used > 0
        assert await recall(database, everything, first, LARGE) >= 0.9
        assert scans(conn) > used
        assert await recall(database, everything, first, SMALL) >= 0.9

        for second in (Clustered(48), Clustered(48, seed=1)):  # another size, and the same one
            count = reembed(conn, second, Words(), Counted())
            assert count == everything.stop * PER_FILING
            assert "hnsw" in (index_of(conn) or "")
            # .88 to .98 in nine of ten runs when what was replaced stood in the index
            assert await recall(database, everything, second) >= 0.99
            assert scans(conn) > 0

        # half of the corpus is replaced, as amendments do; a rebuild that was killed left its half behind
        conn.execute("delete from chunk where rcept_no like '%0'")
        conn.execute("create index chunk_embedding_ccnew on chunk using hnsw (embedding halfvec_ip_ops)")
        conn.execute(
            "update pg_index set indisvalid = false where indexrelid = 'chunk_embedding_ccnew'::regclass"
        )
        assert "chunk_embedding" in reindex(conn)
        assert "chunk_embedding_ccnew" not in reindex(conn)
        left = conn.execute("select n_dead_tup from pg_stat_user_tables where relname = 'chunk'").fetchone()
        assert left == (0,)
        assert await recall(database, everything, second, LARGE) >= 0.99


def test_more_dimensions_than_an_index_holds_are_refused_before_they_are_stored(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as conn:
        with pytest.raises(StoreError, match="4,000차원까지"):
            put(conn, range(1), Clustered(4_001))
        assert conn.execute("select count(*) from embedding_model").fetchone() == (0,)
