"""Find chunks: BM25 in our own SQL and cosine, fused by weighted min-max scores in one statement."""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from psycopg import sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from core.model import Chunk, Filing, Hit, Scope
from core.ports import Embedder, Tokenizer
from core.store.connect import reporting
from core.store.index import EXACT, query_vector, vector_literal
from core.store.vectors import ChunkVectors

Mode = Literal["keyword", "dense", "hybrid"]

# Candidates come from the rarest terms of a query, up to so many postings. Over 100,000 chunks (copies
# of 1,262 real ones, keyword leg alone) 20,000 gave the same top 10 as all postings, 8,000 .97 of it.
_POSTINGS = 20_000
_DIMENSIONS = 16_777_216

_VISIBLE = sql.SQL(
    "c.visible"
    " and (%(corps)s::text[] is null or c.corp_code = any(%(corps)s))"
    " and (%(filings)s::text[] is null or c.rcept_no = any(%(filings)s))"
)
_ALL = sql.SQL("select c.chunk_id from chunk c where {visible}").format(visible=_VISIBLE)
_CANDIDATES = sql.SQL("""
    (select chunk_id from keyword k join chunk c using (chunk_id)
      where k.terms && %(rare)s::integer[] and {visible}
      order by k.weights <#> %(idf)s::sparsevec limit %(candidates)s)
    union
    select unnest(%(nearest)s::uuid[])
""").format(visible=_VISIBLE)
# A leg whose scores are all equal says nothing and adds nothing.
_RANK = sql.SQL("""
    with candidate as materialized ({candidates}),
    scored as materialized (
        select chunk_id, -(k.weights <#> %(idf)s::sparsevec) as bm,
               -(c.embedding <#> %(vector)s::halfvec) as cosine
          from candidate join keyword k using (chunk_id) join chunk c using (chunk_id)),
    best as (
        select s.chunk_id, (1 - %(dense)s) * coalesce((bm - low_bm) / nullif(high_bm - low_bm, 0), 0)
               + %(dense)s * coalesce((cosine - low) / nullif(high - low, 0), 0) as score
          from scored s, (select min(bm) as low_bm, max(bm) as high_bm, min(cosine) as low,
                                 max(cosine) as high from scored) as limits
         order by score desc, chunk_id limit %(top_k)s)
    select b.score, c.chunk_id, c.rcept_no, c.corp_code, c.ordinal, c.passage, c.header, c.content,
           p.path, f.corp_name, f.report_nm, f.form, f.rcept_dt, f.stock_code, f.period,
           f.supersedes, f.fictional, f.amended_by
      from best b join chunk c using (chunk_id) join filing f using (rcept_no)
      left join passage p on p.rcept_no = c.rcept_no and p.ordinal = c.passage
     order by b.score desc, b.chunk_id
""")


@dataclass(frozen=True)
class PostgresRetriever:
    """core.ports.Retriever. `dense_weight` is the share of the vectors' score in a hybrid search.

    Within `exact` chunks in scope every one is scored by both legs and the order is exact; beyond, and
    for the vectors alone, the best `candidates` of each leg are.
    """

    pool: AsyncConnectionPool[Any]
    vectors: ChunkVectors
    tokenizer: Tokenizer
    embedder: Embedder
    dense_weight: float = 0.2
    candidates: int = 200
    exact: int = EXACT

    async def search(self, query: str, *, top_k: int, scope: Scope, mode: Mode = "hybrid") -> list[Hit]:
        """Empty when no word of the query is known to either leg. Raises StoreError."""
        terms = await asyncio.to_thread(self.tokenizer.terms, query)
        with reporting():
            async with self.pool.connection() as conn, conn.transaction():
                return await self._search(conn, query, terms, top_k, scope, mode)

    async def weights(self, terms: Sequence[str]) -> dict[str, float]:
        """As core.ports.Retriever. Raises StoreError."""
        with reporting():
            async with self.pool.connection() as conn:
                rows = await conn.execute("select chunks from keyword_statistics")
                (chunks,) = await rows.fetchone()
                known = {term: _idf(df, chunks) for term, df in await _frequencies(conn, terms)}
        return {term: known.get(term, _idf(0, chunks)) for term in terms}

    async def _search(
        self, conn: Any, query: str, terms: list[str], top_k: int, scope: Scope, mode: Mode
    ) -> list[Hit]:
        keywords = await _keywords(conn, terms) if mode != "dense" else []
        vector = await query_vector(conn, self.embedder, query, terms)
        meaning = mode != "keyword" and bool(vector.any())
        if not keywords and not meaning:
            return []
        count = max(self.candidates, top_k)
        parameters = {
            "corps": list(scope.corp_codes) or None,
            "filings": list(scope.rcept_nos) or None,
            "idf": _sparse(keywords),
            "rare": _rarest(keywords),
            "vector": vector_literal(vector),
            "nearest": [],
            "dense": {"keyword": 0.0, "dense": 1.0, "hybrid": self.dense_weight}[mode],
            "candidates": count,
            "top_k": top_k,
            "exact": self.exact,
        }
        every = mode != "dense" and await _few(conn, parameters)
        if meaning and not every:
            parameters["nearest"] = await self.vectors.nearest(vector.tolist(), count, scope)
        statement = _RANK.format(candidates=_ALL if every else _CANDIDATES)
        async with conn.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(statement, parameters)
            return [_hit(row) for row in await cursor.fetchall()]


async def _keywords(conn: Any, terms: Sequence[str]) -> list[tuple[int, int, float]]:
    """(term id, df, idf) of the query's terms that stand in any chunk, rarest first."""
    rows = await conn.execute(
        "select id, df, chunks from term, keyword_statistics where term = any(%s) and df > 0 order by df, id",
        [sorted(set(terms))],
    )
    return [(identity, df, _idf(df, chunks)) for identity, df, chunks in await rows.fetchall()]


async def _frequencies(conn: Any, terms: Sequence[str]) -> list[tuple[str, int]]:
    rows = await conn.execute("select term, df from term where term = any(%s)", [sorted(set(terms))])
    return list(await rows.fetchall())


def _idf(df: int, chunks: int) -> float:
    """As Lucene's: never negative."""
    return math.log(1 + (chunks - df + 0.5) / (df + 0.5))


async def _few(conn: Any, parameters: dict[str, Any]) -> bool:
    """Whether the chunks in scope are few enough to score each."""
    if parameters["corps"] is None and parameters["filings"] is None:
        rows = await conn.execute("select chunks <= %(exact)s from keyword_statistics", parameters)
    else:
        rows = await conn.execute(
            "select count(*) <= %(exact)s from (select from chunk c"
            " where (%(corps)s::text[] is null or c.corp_code = any(%(corps)s))"
            " and (%(filings)s::text[] is null or c.rcept_no = any(%(filings)s))"
            " limit %(exact)s + 1) as within",
            parameters,
        )
    return bool((await rows.fetchone())[0])


def _sparse(keywords: Sequence[tuple[int, int, float]]) -> str:
    entries = ",".join(f"{identity}:{idf:.9g}" for identity, _, idf in sorted(keywords))
    return f"{{{entries}}}/{_DIMENSIONS}"


def _rarest(keywords: Sequence[tuple[int, int, float]]) -> list[int]:
    taken: list[int] = []
    postings = 0
    for identity, df, _ in keywords:
        if taken and postings + df > _POSTINGS:
            break
        taken.append(identity)
        postings += df
    return taken


def _hit(row: dict[str, Any]) -> Hit:
    chunk = Chunk(
        chunk_id=str(row["chunk_id"]),
        rcept_no=row["rcept_no"],
        corp_code=row["corp_code"],
        ordinal=row["ordinal"],
        passage=row["passage"],
        header=row["header"],
        text=row["content"],
    )
    filing = Filing(
        rcept_no=row["rcept_no"],
        corp_code=row["corp_code"],
        corp_name=row["corp_name"],
        report_nm=row["report_nm"],
        form=row["form"],
        rcept_dt=row["rcept_dt"],
        stock_code=row["stock_code"],
        period=row["period"],
        supersedes=row["supersedes"],
        fictional=row["fictional"],
        amended_by=row["amended_by"],
    )
    return Hit(chunk=chunk, filing=filing, section=row["path"] or "", score=row["score"])
