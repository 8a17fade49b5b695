"""Run labelled queries against passages in a scratch schema, each kind of search in turn."""

import time
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from core.model import Chunk, Scope
from core.ports import Embedder, Progress, Tokenizer
from core.settings import Retrieval
from core.store.connect import open_pool, reporting
from core.store.index import index_chunks, set_weighting
from core.store.scratch import scratch_schema
from core.store.search import Mode, PostgresRetriever
from core.store.vectors import open_vectors

_SPACE = uuid.UUID("0d5c3b1e-6f0a-4a57-9f39-0b3b1d0f7d11")
_BATCH = 200


@dataclass(frozen=True, slots=True)
class TrialPassage:
    """`group` is what a query may be restricted to: a filing, a company."""

    id: str
    text: str
    title: str = ""
    group: str = ""
    corp_name: str = ""


@dataclass(frozen=True)
class Trial:
    """Passages indexed and ready to be searched."""

    retriever: PostgresRetriever
    names: dict[str, str]
    groups: dict[str, str]

    async def search(self, text: str, group: str | None, mode: Mode, top_k: int) -> tuple[list[str], float]:
        """Ids of the passages found, best first, and the milliseconds it took."""
        scope = Scope(rcept_nos=[self.groups[group]] if group else [])
        started = time.perf_counter()
        hits = await self.retriever.search(text, top_k=top_k, scope=scope, mode=mode)
        taken = (time.perf_counter() - started) * 1000
        return [self.names[hit.chunk.chunk_id] for hit in hits], taken


@asynccontextmanager
async def open_trial(
    conninfo: str,
    passages: Sequence[TrialPassage],
    tokenizer: Tokenizer,
    embedder: Embedder,
    retrieval: Retrieval,
    progress: Progress,
) -> AsyncIterator[Trial]:
    """Index as `title\\ntext`, search with the shipped settings, drop everything at the end."""
    tokenizer.add_names(sorted({one.corp_name for one in passages if one.corp_name}))
    groups = {group: f"{n:014}" for n, group in enumerate(dict.fromkeys(p.group for p in passages))}
    names = {str(uuid.uuid5(_SPACE, one.id)): one.id for one in passages}
    with scratch_schema(conninfo) as inside:
        with reporting(inside), psycopg.connect(inside) as conn:
            set_weighting(conn, retrieval.k1, retrieval.b)
            _insert_groups(conn, groups.values())
            progress.start("색인", len(passages))
            for start in range(0, len(passages), _BATCH):
                batch = passages[start : start + _BATCH]
                chunks = [_chunk(one, groups[one.group], start + n) for n, one in enumerate(batch)]
                index_chunks(conn, chunks, tokenizer, embedder)
                progress.advance(len(batch))
            progress.finish()
            conn.commit()
            conn.autocommit = True
            conn.execute("analyze chunk, keyword, term, filing")
        async with open_pool(inside, size=2) as pool, open_vectors(inside, tokenizer, embedder) as vectors:
            retriever = PostgresRetriever(
                pool,
                vectors,
                tokenizer,
                embedder,
                dense_weight=retrieval.dense_weight,
                candidates=retrieval.candidates,
            )
            yield Trial(retriever, names, groups)


def _insert_groups(conn: psycopg.Connection[Any], numbers: Iterable[str]) -> None:
    with conn.cursor() as cursor:
        cursor.executemany(
            "insert into filing (rcept_no, corp_code, corp_name, report_nm, form, rcept_dt, digest,"
            " doc_path) values (%s, '', '', '', '', 'epoch', '', '')",
            [(number,) for number in numbers],
        )


def _chunk(one: TrialPassage, rcept_no: str, ordinal: int) -> Chunk:
    return Chunk(
        chunk_id=str(uuid.uuid5(_SPACE, one.id)),
        rcept_no=rcept_no,
        corp_code="",
        ordinal=ordinal,
        passage=0,
        header=one.title.replace("\0", ""),
        text=one.text.replace("\0", ""),
    )
