"""Many filings at once: what is cheaper done once at the end than for every row is put off.

Searches go on meanwhile: they see whole filings, find without an index what they would find with it,
and rank by keyword weights of a mean length that is at most a doubling of the corpus old. A run that
was killed leaves that state; the next `end` settles it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from core.etl.load import Analysed, Destination, Models
from core.model import Chunk, Transformed
from core.ports import Embedder, Tokenizer
from core.store.connect import reporting
from core.store.index import Model, check_fingerprint, ensure_vector_index, insert_chunks
from core.store.load import Index, company_names, digests, load_each
from core.store.quarantine import quarantine

# Share of new chunks among all from which building the vectors' index anew is faster than adding them to
# it: .08 to .20 in benchmarks/load.py, over 4,000 to 12,000 rows (5 to 9 ms a row added, .5 to 1 built).
# The GIN index of keywords takes a row in .1 ms, and building it pays from a share of half: it stays.
_HNSW_PAYS = 0.1
_ANALYSE = 0.1  # as autovacuum, which comes a minute later


@dataclass
class Bulk:
    """One bulk load on a connection in autocommit that is its own."""

    conn: psycopg.Connection[Any]
    _settled: int = 0
    _many: bool = False

    def begin(self, coming: int) -> None:
        """`coming` is how many chunks are about to be put in."""
        self.conn.execute("set gongsi.bulk = on")
        self._settled = self._chunks()
        share = coming / max(1, coming + self._settled)
        self._many = share > _ANALYSE
        if share > _HNSW_PAYS:
            self.conn.execute("drop index if exists chunk_embedding")

    def put(self, batch: Sequence[Transformed], index: Index) -> dict[str, str]:
        """As load.load_each."""
        refused = load_each(self.conn, batch, index)
        if (chunks := self._chunks()) >= 2 * self._settled:
            self.conn.execute("select settle_keywords()")
            self._settled = chunks
        return refused

    def end(self) -> None:
        """Weights, indexes and the planner's statistics as if every chunk had come alone."""
        self.conn.execute("select settle_keywords()")
        ensure_vector_index(self.conn)
        if self._many:
            self.conn.execute("analyze filing, passage, figure, chunk, keyword, term")
        self.conn.execute("reset gongsi.bulk")

    def destination(self, models: Models, processes: int) -> Destination:
        """What core.etl.load puts filings into; `models` is called by each process that analyses."""

        def put(batch: Sequence[Transformed], analysed: Analysed) -> dict[str, str]:
            def index(conn: psycopg.Connection[Any], chunks: Sequence[Chunk]) -> None:
                if chunks:
                    terms, vectors = analysed.of(dict.fromkeys(chunk.rcept_no for chunk in chunks))
                    model = Model(analysed.embedder, vectors.shape[1], analysed.tokenizer)
                    insert_chunks(conn, chunks, terms, vectors, model, analysed.words)

            return self.put(batch, index)

        return Destination(
            names=lambda: company_names(self.conn),
            digests=lambda: digests(self.conn),
            begin=self.begin,
            put=put,
            end=self.end,
            quarantine=lambda source, rcept_no, reason, digest: quarantine(
                self.conn, source, reason, rcept_no=rcept_no, digest=digest
            ),
            models=models,
            processes=processes,
        )

    def _chunks(self) -> int:
        row = self.conn.execute("select chunks from keyword_statistics").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def open_bulk(conninfo: str, tokenizer: Tokenizer, embedder: Embedder) -> Iterator[Bulk]:
    """Raises FingerprintMismatch when what is stored was made by another model or analyser."""
    with reporting(conninfo), psycopg.connect(conninfo, autocommit=True) as conn:
        check_fingerprint(conn, embedder, tokenizer)
        yield Bulk(conn)
