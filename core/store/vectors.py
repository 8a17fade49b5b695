"""The table `chunk` as a LangChain vector store: the dense leg of a search."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial

import psycopg
from langchain_core.embeddings import Embeddings
from langchain_postgres import PGEngine, PGVectorStore
from langchain_postgres.v2.indexes import DistanceStrategy, HNSWQueryOptions
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from core.model import Scope
from core.ports import Embedder, Tokenizer
from core.store.connect import explain

_METADATA = ["rcept_no", "corp_code", "ordinal", "passage", "header", "visible"]


@dataclass
class _IterativeScan(HNSWQueryOptions):
    """A filter leaves a plain index scan with 3.7 of 10 rows; relaxed_order goes on until it has them."""

    def to_parameter(self) -> list[str]:
        return [*super().to_parameter(), "hnsw.iterative_scan = relaxed_order"]


@dataclass(frozen=True)
class _Texts(Embeddings):
    """LangChain's view of our embedder, for whoever uses the store on its own."""

    tokenizer: Tokenizer
    embedder: Embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [row.tolist() for row in self.embedder.documents(texts, self.tokenizer.terms_many(texts))]

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self.embedder.query(text, self.tokenizer.terms(text))]


@dataclass(frozen=True)
class ChunkVectors:
    """Nearest chunks by inner product; their vectors are unit length, so that is cosine."""

    store: PGVectorStore

    async def nearest(self, vector: Sequence[float], count: int, scope: Scope) -> list[str]:
        """Ids of at most `count` visible chunks in scope, nearest first. Raises StoreError."""
        within: dict[str, object] = {"visible": True}
        if scope.corp_codes:
            within["corp_code"] = {"$in": list(scope.corp_codes)}
        if scope.rcept_nos:
            within["rcept_no"] = {"$in": list(scope.rcept_nos)}
        with _reporting():
            found = await self.store.asimilarity_search_by_vector(list(vector), k=count, filter=within)
        return [str(document.id) for document in found]


@asynccontextmanager
async def open_vectors(
    conninfo: str, tokenizer: Tokenizer, embedder: Embedder, *, candidates: int = 200
) -> AsyncIterator[ChunkVectors]:
    """`candidates` is how many rows one search will ask for.

    The store never gets a HybridSearchConfig: it would keep the first query's words for every
    later one (langchain-postgres issue 288); keywords are ours, in search.py. Raises StoreError.
    """
    engine = PGEngine.from_engine(
        create_async_engine(
            "postgresql+psycopg://",
            async_creator=partial(psycopg.AsyncConnection.connect, conninfo),
            pool_size=4,
            pool_pre_ping=True,
        )
    )
    try:
        with _reporting(conninfo):
            async with await psycopg.AsyncConnection.connect(conninfo) as conn:
                row = await (await conn.execute("select current_schema()")).fetchone()
            store = await PGVectorStore.create(
                engine,
                embedding_service=_Texts(tokenizer, embedder),
                table_name="chunk",
                schema_name=row[0] if row else "public",
                id_column="chunk_id",
                metadata_columns=_METADATA,
                distance_strategy=DistanceStrategy.INNER_PRODUCT,
                index_query_options=_IterativeScan(ef_search=min(1000, max(100, candidates))),
            )
        yield ChunkVectors(store)
    finally:
        await engine.close()


@contextmanager
def _reporting(conninfo: str = "") -> Iterator[None]:
    """As connect.reporting, for what SQLAlchemy wraps."""
    try:
        yield
    except DBAPIError as error:
        raise explain(error.orig if isinstance(error.orig, Exception) else error, conninfo) from None
    except psycopg.Error as error:
        raise explain(error, conninfo) from None
