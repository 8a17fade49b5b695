"""COPY load against PGVectorStore.add_documents, same rows, same server, one run: `make bench-load`.

Both are given the same chunks with the same vectors and, ours, the same morphemes, made beforehand: no
analysis and no embedding is timed on either side. PGVectorStore gets what its users give it: documents
with metadata, a table by its own `init_vectorstore_table`, the synchronous API, an embedder that looks
its vectors up; it writes text, vector and metadata. Ours writes more: filings, passages, figures,
chunks, BM25 keywords with their statistics, the links between amendments, and the vector index beyond
8,000 chunks. PGVectorStore is timed over its first 1,000 rows of an empty table without an index of
vectors, where it is fastest.

Then, on the loaded table, the share of new rows from which building an index anew beats adding to it.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any, LiteralString
from uuid import NAMESPACE_OID, uuid5

import numpy as np
import psycopg
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_postgres import Column, ColumnDict, PGEngine, PGVectorStore
from psycopg import sql

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.corpus import REAL
from core.etl.filing import read_filing
from core.etl.source import discover
from core.model import Transformed
from core.store.bulk import Bulk
from core.store.connect import check_server, migrate_database
from core.store.embedded import EmbeddedPostgres
from core.store.index import Model, _copy_chunks, insert_chunks

_DIM = 256
_WORDS = 120  # terms of a chunk, as measured over real ones
_VOCABULARY = 40_000
_SPACE = uuid5(NAMESPACE_OID, "gongsi:bench")


class Known(Embeddings):
    """Vectors made beforehand, in the order of the texts."""

    def __init__(self, vectors: "np.ndarray[Any, Any]") -> None:
        self._rows = vectors.tolist()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        taken, self._rows = self._rows[: len(texts)], self._rows[len(texts) :]
        return list(taken)

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError


def copies(filings: Sequence[Transformed], chunks: int) -> list[Transformed]:
    """Real filings again and again under new numbers, until there are so many chunks."""
    made: list[Transformed] = []
    total = 0
    for number, one in enumerate(cycle(filings)):
        if total >= chunks:
            return made
        rcept_no = f"{one.filing.rcept_no[:8]}{number:06}"
        made.append(
            replace(
                one,
                filing=replace(one.filing, rcept_no=rcept_no, corp_code=f"C{number // len(filings):07}"),
                passages=[replace(p, rcept_no=rcept_no) for p in one.passages],
                chunks=[
                    replace(c, rcept_no=rcept_no, chunk_id=str(uuid5(_SPACE, f"{rcept_no} {c.ordinal}")))
                    for c in one.chunks
                ],
                figures=[f._replace(rcept_no=rcept_no) for f in one.figures],
            )
        )
        total += len(one.chunks)
    return made


def analysed(count: int, rng: np.random.Generator) -> tuple[list[list[str]], "np.ndarray[Any, Any]"]:
    """Terms by Zipf's law and vectors in clusters, as many as there are chunks."""
    ranks = np.minimum(rng.zipf(1.3, size=(count, _WORDS)), _VOCABULARY)
    centres = rng.normal(size=(200, _DIM))
    vectors = centres[rng.integers(0, 200, count)] + 0.6 * rng.normal(size=(count, _DIM))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [[f"단어{rank}/N" for rank in row] for row in ranks], vectors.astype(np.float32)


def ours(conn: psycopg.Connection[Any], filings: Sequence[Transformed], rng: np.random.Generator) -> float:
    """Seconds to load in batches of 1,000 chunks, indexes and statistics settled."""
    prepared = []
    batch: list[Transformed] = []
    for one in [*filings, None]:
        if batch and (one is None or sum(len(f.chunks) for f in batch) + len(one.chunks) > 1_000):
            prepared.append((batch, *analysed(sum(len(f.chunks) for f in batch), rng)))
            batch = []
        if one:
            batch.append(one)
    model = Model("benchmark", _DIM, "benchmark")
    bulk = Bulk(conn)
    started = time.perf_counter()
    bulk.begin(sum(len(terms) for _, terms, _ in prepared))
    for batch, terms, vectors in prepared:
        refused = bulk.put(
            batch,
            lambda c, chunks, terms=terms, vectors=vectors: insert_chunks(  # type: ignore[misc]
                c, chunks, terms, vectors, model, {}
            ),
        )
        assert not refused, refused  # noqa: S101
    bulk.end()
    return time.perf_counter() - started


def theirs(uri: str, filings: Sequence[Transformed], rows: int, rng: np.random.Generator) -> float:
    chunks = [chunk for one in filings for chunk in one.chunks][:rows]
    documents = [
        Document(
            id=str(chunk.chunk_id),
            page_content=chunk.text,
            metadata={
                "rcept_no": chunk.rcept_no,
                "corp_code": chunk.corp_code,
                "ordinal": chunk.ordinal,
                "passage": chunk.passage,
                "header": chunk.header,
            },
        )
        for chunk in chunks
    ]
    engine = PGEngine.from_connection_string(uri.replace("postgresql://", "postgresql+psycopg://", 1))
    types = {
        "rcept_no": "TEXT",
        "corp_code": "TEXT",
        "header": "TEXT",
        "ordinal": "INTEGER",
        "passage": "INTEGER",
    }
    columns: list[Column | ColumnDict] = [Column(name, kind) for name, kind in types.items()]
    engine.init_vectorstore_table("theirs", _DIM, metadata_columns=columns)
    store = PGVectorStore.create_sync(
        engine,
        embedding_service=Known(analysed(len(documents), rng)[1]),
        table_name="theirs",
        metadata_columns=list(types),
    )
    started = time.perf_counter()
    store.add_documents(documents)
    return time.perf_counter() - started


def crossover(conn: psycopg.Connection[Any], share: float) -> None:
    """Seconds for each index to take in this share of the rows, and to be built anew over all."""
    indexes: dict[str, LiteralString] = {
        "chunk": "using hnsw (embedding halfvec_ip_ops)",
        "keyword": "using gin (terms)",
    }
    for table, method in indexes.items():
        name = sql.Identifier(table)
        probe = sql.SQL("create index probe on old {}").format(sql.SQL(method))
        (whole,) = conn.execute(sql.SQL("select count(*) from {}").format(name)).fetchone() or (0,)
        new = int(whole * share)
        conn.execute(
            sql.SQL("create table old as select * from {} limit {}").format(name, sql.Literal(whole - new))
        )
        conn.execute(probe)
        started = time.perf_counter()
        conn.execute(
            sql.SQL("insert into old select * from {} offset {}").format(name, sql.Literal(whole - new))
        )
        if table == "keyword":  # what a GIN index puts aside has to be merged by somebody
            conn.execute("select gin_clean_pending_list('probe')")
        added = time.perf_counter() - started
        conn.execute("drop index probe")
        started = time.perf_counter()
        conn.execute(probe)
        built = time.perf_counter() - started
        conn.execute("drop table old")
        print(
            f"{table} {method}: {new:,} of {whole:,} rows added in {added:.1f} s"
            f" ({added / new * 1000:.2f} ms each), all built in {built:.1f} s"
            f" ({built / whole * 1000:.2f} ms each): pays from a share of {built * new / added / whole:.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--chunks", type=int, default=20_000)
    parser.add_argument("--theirs", type=int, default=1_000)
    asked = parser.parse_args()
    if not REAL.is_dir():
        sys.exit("../shared/data/filings is not beside this checkout")
    filings = copies([read_filing(source)[0] for source in discover([REAL])], asked.chunks)
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory(prefix="gongsi-load-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        uri = server.start()
        try:
            check_server(uri)
            migrate_database(uri)
            with psycopg.connect(uri, autocommit=True) as conn:
                report(conn, uri, filings, asked.theirs, rng)
        finally:
            server.stop()


def report(
    conn: psycopg.Connection[Any],
    uri: str,
    filings: Sequence[Transformed],
    rows: int,
    rng: np.random.Generator,
) -> None:
    slow = theirs(uri, filings, rows, rng)
    print(f"add_documents: {rows:,} rows in {slow:.1f} s, {rows / slow:.0f} rows/s", flush=True)
    chunks = [chunk for one in filings for chunk in one.chunks]
    fast = ours(conn, filings, rng)
    counts = [
        len(filings),
        2 * len(chunks),  # with their keywords
        sum(len(one.figures) for one in filings),
        sum(len(one.passages) for one in filings),
    ]
    print(
        f"COPY load, everything: {len(chunks):,} chunks, {sum(counts):,} rows of filings, chunks, keywords,"
        f" figures and passages in {fast:.1f} s: {len(chunks) / fast:.0f} chunks/s"
        f" ({len(chunks) / fast / (rows / slow):.0f}x), {sum(counts) / fast:,.0f} rows/s"
        f" ({sum(counts) / fast / (rows / slow):.0f}x)",
        flush=True,
    )
    crossover(conn, 0.2)
    conn.execute("drop index if exists chunk_embedding")
    conn.execute("truncate chunk cascade")
    vectors = analysed(len(chunks), rng)[1]
    started = time.perf_counter()
    _copy_chunks(conn, chunks, vectors)
    alone = time.perf_counter() - started
    print(
        f"COPY of the same columns alone (text, vector, metadata): {len(chunks) / alone:,.0f} rows/s,"
        f" {len(chunks) / alone / (rows / slow):.0f}x"
    )


if __name__ == "__main__":
    main()
