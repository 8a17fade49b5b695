"""Write chunks, their vectors and their keywords; everything within the caller's transaction."""

import asyncio
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from core.errors import FingerprintMismatch, StoreError
from core.model import Chunk
from core.ports import Embedder, MorphemeVectors, Progress, Tokenizer
from core.store.keywords import copy_keywords
from core.store.load import lock_keywords

# Up to here a search reads every chunk in scope and no vector index is kept; see search.py.
EXACT = 8_000
_BATCH = 500
_STORED = "select term, vector from morpheme_vector where fingerprint = %s and term = any(%s)"
_HNSW_DIMENSIONS = 4_000  # of halfvec, as pgvector's README says


@dataclass(frozen=True, slots=True)
class Model:
    """What made vectors and terms; all of one database are of one model."""

    fingerprint: str
    dim: int
    tokenizer: str


def index_chunks(
    conn: psycopg.Connection[Any],
    chunks: Sequence[Chunk],
    tokenizer: Tokenizer,
    embedder: Embedder,
) -> None:
    """Add chunks whose filing stands in `filing` already. Writers wait for each other, at the end.

    Raises FingerprintMismatch when the stored vectors or terms were made by another model.
    """
    if not chunks:
        return
    with conn.transaction():
        terms, vectors = embed_texts(conn, [chunk.indexed for chunk in chunks], tokenizer, embedder)
        _copy_chunks(conn, chunks, vectors)
        copy_keywords(conn, [chunk.chunk_id for chunk in chunks], terms)
        ensure_vector_index(conn)


def insert_chunks(
    conn: psycopg.Connection[Any],
    chunks: Sequence[Chunk],
    terms: Sequence[Sequence[str]],
    vectors: Any,
    model: Model,
    words: Mapping[str, bytes],
) -> None:
    """Add chunks that were analysed elsewhere by `model`, and leave the vector index to the caller.

    `words` are the vectors of morphemes among their terms that are to be kept.

    Raises FingerprintMismatch as index_chunks.
    """
    if not chunks:
        return
    with conn.transaction():
        lock_keywords(conn)
        _claim(conn, model)
        _keep(conn, model.fingerprint, words)
        _copy_chunks(conn, chunks, vectors)
        copy_keywords(conn, [chunk.chunk_id for chunk in chunks], terms)


def embed_texts(
    conn: psycopg.Connection[Any], texts: Sequence[str], tokenizer: Tokenizer, embedder: Embedder
) -> tuple[Sequence[Sequence[str]], Any]:
    """Terms and vectors of texts by the one model of this database; what is new of it is kept.

    Raises FingerprintMismatch when the stored vectors or terms were made by another model.
    """
    check_fingerprint(conn, embedder, tokenizer)
    terms = tokenizer.terms_many(texts)
    new = _recall(conn, embedder, terms)
    vectors = embedder.documents(texts, terms)
    with conn.transaction():
        lock_keywords(conn)
        _claim(conn, _model(embedder, tokenizer))
        if isinstance(embedder, MorphemeVectors) and new:
            _keep(conn, embedder.fingerprint, embedder.vectors(new))
    return terms, vectors


async def query_vector(
    conn: psycopg.AsyncConnection[Any], embedder: Embedder, query: str, terms: Sequence[str]
) -> Any:
    """Shape (dim,), with the stored vectors of words that this process has not met yet."""
    if isinstance(embedder, MorphemeVectors) and (missing := embedder.missing(set(terms))):
        async with conn.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(_STORED, [embedder.fingerprint, missing])
            embedder.remember(dict(await cursor.fetchall()))
    return await asyncio.to_thread(embedder.query, query, terms)


def check_fingerprint(
    conn: psycopg.Connection[Any], embedder: Embedder, tokenizer: Tokenizer | None = None
) -> None:
    """Raises FingerprintMismatch when what is stored was made by another model or analyser."""
    _check(conn, embedder.fingerprint, tokenizer.fingerprint if tokenizer else None)


def _check(conn: psycopg.Connection[Any], fingerprint: str, tokenizer: str | None) -> None:
    row = conn.execute("select fingerprint, tokenizer from embedding_model").fetchone()
    if row is None:
        return
    for stored, current in zip(row, (fingerprint, tokenizer or row[1]), strict=True):
        if stored != current:
            raise FingerprintMismatch(
                f"저장된 벡터는 다른 모델({stored})의 것이라 지금 모델({current})로 찾을 수 없습니다:"
                " gongsi etl load --reembed 로 다시 임베딩하세요."
            )


def reembed(
    conn: psycopg.Connection[Any], embedder: Embedder, tokenizer: Tokenizer, progress: Progress
) -> int:
    """Analyse and embed every stored chunk anew, in one transaction; the number of chunks.

    Until it commits, searches go on with the old vectors only if they started before: the table is
    rewritten under an exclusive lock.
    """
    dim = embedder.dim  # may load a model, which nobody should wait for
    with conn.transaction():
        lock_keywords(conn)
        conn.execute("lock table chunk in access exclusive mode")
        rows = conn.execute(
            "select chunk_id, header || E'\\n' || content from chunk order by rcept_no, ordinal"
        ).fetchall()
        conn.execute("delete from embedding_model")
        conn.execute("delete from morpheme_vector where fingerprint <> %s", [embedder.fingerprint])
        conn.execute("delete from keyword")
        _empty(conn, dim)
        _claim(conn, _model(embedder, tokenizer))
        progress.start("다시 임베딩", len(rows))
        try:
            for batch in _batches(rows):
                _reembed_batch(conn, batch, embedder, tokenizer)
                progress.advance(len(batch))
        finally:
            progress.finish()
        conn.execute("alter table chunk alter column embedding set not null")
        ensure_vector_index(conn)
        conn.execute("analyze chunk")  # of a rewritten table the planner knows no size, and scans it
    return len(rows)


def set_weighting(conn: psycopg.Connection[Any], k1: float, b: float) -> bool:
    """Weigh every keyword by these BM25 parameters; False when that is so already."""
    with conn.transaction():
        row = conn.execute("select k1, b from keyword_statistics").fetchone()
        if row == (k1, b):
            return False
        lock_keywords(conn)
        conn.execute("update keyword_statistics set k1 = %s, b = %s", [k1, b])
        conn.execute("select weigh_keywords()")
    return True


def _model(embedder: Embedder, tokenizer: Tokenizer) -> Model:
    return Model(embedder.fingerprint, embedder.dim, tokenizer.fingerprint)


def _claim(conn: psycopg.Connection[Any], model: Model) -> None:
    """The first to write decides the model; checked again, now that nobody else writes."""
    claimed = conn.execute(
        "insert into embedding_model (fingerprint, dim, tokenizer) values (%s, %s, %s)"
        " on conflict do nothing returning dim",
        [model.fingerprint, model.dim, model.tokenizer],
    ).fetchone()
    if claimed is None:
        _check(conn, model.fingerprint, model.tokenizer)
    else:
        _resize(conn, model.dim)


def _resize(conn: psycopg.Connection[Any], dim: int) -> None:
    """Give the vector column of a table without chunks this size."""
    row = conn.execute(
        "select atttypmod from pg_attribute where attrelid = 'chunk'::regclass and attname = 'embedding'"
    ).fetchone()
    if row != (dim,):
        _empty(conn, dim)
        conn.execute("alter table chunk alter column embedding set not null")


def _empty(conn: psycopg.Connection[Any], dim: int) -> None:
    """Drop the vectors and their index; null until they are made anew.

    The index is built in the transaction that replaces them, so over what was there before as well:
    zeros left in their place took recall@10 from 1.0 to .88–.98 until the next vacuum; nulls stay out.
    """
    if dim > _HNSW_DIMENSIONS:
        raise StoreError(f"벡터가 너무 깁니다({dim:,}차원): {_HNSW_DIMENSIONS:,}차원까지 씁니다.")
    conn.execute("drop index if exists chunk_embedding")
    conn.execute(
        sql.SQL(
            "alter table chunk alter column embedding drop not null,"
            " alter column embedding type halfvec({}) using null"
        ).format(sql.Literal(dim))
    )


def _recall(conn: psycopg.Connection[Any], embedder: Embedder, terms: Sequence[Sequence[str]]) -> list[str]:
    """Give the embedder the stored vectors it lacks; the terms that are not stored yet."""
    if not isinstance(embedder, MorphemeVectors):
        return []
    words = {word for row in terms for word in row}
    stored = dict(conn.execute(_STORED, [embedder.fingerprint, sorted(words)]).fetchall())
    embedder.remember(stored)
    return sorted(words - stored.keys())


def _keep(conn: psycopg.Connection[Any], fingerprint: str, words: Mapping[str, bytes]) -> None:
    if words:
        conn.execute(
            "insert into morpheme_vector (fingerprint, term, vector)"
            " select %s, * from unnest(%s::text[], %s::bytea[]) on conflict do nothing",
            [fingerprint, list(words), list(words.values())],
        )


def _copy_chunks(conn: psycopg.Connection[Any], chunks: Sequence[Chunk], vectors: Any) -> None:
    """Binary: writing 256 numbers as text takes most of a row's time. A halfvec is sent as its dimension,
    two unused bytes and its halves (`halfvec_recv` of pgvector), which is a bytea to psycopg."""
    statement = (
        "copy chunk (chunk_id, rcept_no, corp_code, ordinal, passage, header, content, embedding)"
        " from stdin (format binary)"
    )
    halves = np.asarray(vectors).astype(">f2")
    head = struct.pack(">HH", halves.shape[1], 0)
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(("bytea", "text", "text", "int4", "int4", "text", "text", "bytea"))
        for chunk, vector in zip(chunks, halves, strict=True):
            copy.write_row(
                (
                    UUID(chunk.chunk_id).bytes,
                    chunk.rcept_no,
                    chunk.corp_code,
                    chunk.ordinal,
                    chunk.passage,
                    chunk.header,
                    chunk.text,
                    head + vector.tobytes(),
                )
            )


def _reembed_batch(
    conn: psycopg.Connection[Any],
    batch: Sequence[tuple[Any, str]],
    embedder: Embedder,
    tokenizer: Tokenizer,
) -> None:
    terms, vectors = embed_texts(conn, [text for _, text in batch], tokenizer, embedder)
    with conn.cursor() as cursor:
        cursor.executemany(
            "update chunk set embedding = %s::halfvec where chunk_id = %s",
            [
                (vector_literal(vector), chunk_id)
                for (chunk_id, _), vector in zip(batch, vectors, strict=True)
            ],
        )
    copy_keywords(conn, [chunk_id for chunk_id, _ in batch], terms)


def ensure_vector_index(conn: psycopg.Connection[Any]) -> None:
    """Built once there are enough chunks to need it; an exact search does without."""
    row = conn.execute("select chunks from keyword_statistics").fetchone()
    if row and row[0] > EXACT:
        conn.execute(
            "create index if not exists chunk_embedding on chunk using hnsw (embedding halfvec_ip_ops)"
        )


def vector_literal(vector: Any) -> str:
    """pgvector's text form; 5 digits hold all that halfvec keeps. One format for all numbers: 4x faster."""
    values = vector.tolist()
    return "[" + ",".join(["%.5g"] * len(values)) % tuple(values) + "]"


def _batches(rows: Sequence[tuple[Any, str]]) -> list[Sequence[tuple[Any, str]]]:
    return [rows[i : i + _BATCH] for i in range(0, len(rows), _BATCH)]
