"""The one place where concrete parts are built from settings."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import InputError, ModelError
from core.model import Transformed
from core.ports import Embedder, LanguageModel, Progress, Tokenizer
from core.settings import Settings
from core.store.connect import close_database, locate_database, migrate_database, open_database

if TYPE_CHECKING:
    from psycopg import Connection

    from core.etl.archive import Archive
    from core.etl.extract import Extract
    from core.etl.pipeline import Destination
    from core.etl.reports.pipeline import ReportDestination
    from core.rag.answering import Answering
    from core.store.corpus import PostgresCorpus
    from core.store.search import PostgresRetriever
    from core.store.trial import Trial, TrialPassage

__all__ = [
    "close_database",
    "etl_overview",
    "extract_status",
    "locate_database",
    "migrate_database",
    "newest_filing",
    "open_answering",
    "open_archive",
    "open_database",
    "open_destination",
    "open_extract",
    "open_report_destination",
    "open_search",
    "open_trial",
    "reembed_all",
    "remember_success",
    "states",
    "waiting_filings",
]

_T = TypeVar("_T")
_DICTIONARY_LIMIT = 20_000  # names; Kiwi takes them at about 100,000 a second


def build_tokenizer() -> Tokenizer:
    from core.models.kiwi import KiwiTokenizer

    return KiwiTokenizer()


def build_embedder(settings: Settings, tokenizer: Tokenizer) -> Embedder:
    if settings.embedding.kind == "sentence-transformers":
        from core.models.sentence_transformer import SentenceTransformerEmbedder

        if not settings.embedding.model:
            raise InputError("embedding.model에 모델의 폴더나 이름을 적어 주세요.")
        return SentenceTransformerEmbedder(settings.embedding)
    from core.models.kiwi import KiwiTokenizer
    from core.models.kiwi_static import KiwiStatic

    assert isinstance(tokenizer, KiwiTokenizer)  # noqa: S101  # its vectors are Kiwi's own
    return KiwiStatic(tokenizer)


@contextmanager
def open_destination(settings: Settings) -> "Iterator[Destination]":
    """Where an import puts its filings: one connection, one transaction a filing."""
    from core.etl.pipeline import Destination, Stored
    from core.store.amendments import link_waiting
    from core.store.index import index_chunks
    from core.store.load import load, loaded_from
    from core.store.quarantine import quarantine

    with _indexing(settings) as (connection, tokenizer, embedder):

        def find(made_from: str) -> Stored | None:
            row = loaded_from(connection, made_from)
            return Stored(*row) if row else None

        def put(made: Transformed, made_from: str) -> bool:
            tokenizer.add_names([made.filing.corp_name])
            return load(
                connection,
                made,
                lambda conn, chunks: index_chunks(conn, chunks, tokenizer, embedder),
                made_from=made_from,
            )

        def refuse(source: str, rcept_no: str | None, reason: str) -> None:
            quarantine(connection, source, reason, rcept_no=rcept_no)

        yield Destination(find, put, refuse)
        link_waiting(connection)


@contextmanager
def open_report_destination(settings: Settings) -> "Iterator[ReportDestination]":
    """Where brokers' reports go: tables of their own, one transaction a report."""
    from core.etl.reports.pipeline import ReportDestination
    from core.store.reports import companies, find_report, load_report, quarantine_report

    with _indexing(settings) as (connection, tokenizer, embedder):
        yield ReportDestination(
            companies=companies(connection),
            find=lambda report_id: find_report(connection, report_id),
            load=lambda parsed: load_report(connection, parsed, tokenizer, embedder),
            quarantine=lambda source, reason: quarantine_report(connection, source, reason),
        )


@contextmanager
def _indexing(settings: Settings) -> "Iterator[tuple[Connection[Any], Tokenizer, Embedder]]":
    """A connection, and the analyser and model that what stands there was indexed with."""
    import psycopg

    from core.store.connect import reporting
    from core.store.index import check_fingerprint

    conninfo = open_database(settings)
    with reporting(conninfo), psycopg.connect(conninfo, autocommit=True) as connection:
        tokenizer = build_tokenizer()
        embedder = build_embedder(settings, tokenizer)
        check_fingerprint(connection, embedder, tokenizer)
        tokenizer.add_names(_names(connection))
        yield connection, tokenizer, embedder


def _names(connection: Any) -> list[str]:
    rows = connection.execute(
        "select corp_name, aliases from company limit %s", [_DICTIONARY_LIMIT]
    ).fetchall()
    return [name for corp_name, aliases in rows for name in (corp_name, *aliases)]


@asynccontextmanager
async def open_search(
    settings: Settings,
) -> "AsyncIterator[tuple[PostgresCorpus, PostgresRetriever]]":
    async with AsyncExitStack() as stack:
        corpus, retriever, _ = await _search(settings, stack)
        yield corpus, retriever


async def _search(
    settings: Settings, stack: AsyncExitStack
) -> "tuple[PostgresCorpus, PostgresRetriever, Tokenizer]":
    import psycopg

    from core.store.connect import open_pool
    from core.store.corpus import PostgresCorpus
    from core.store.index import check_fingerprint, set_weighting
    from core.store.search import PostgresRetriever
    from core.store.vectors import open_vectors

    conninfo = open_database(settings)
    tokenizer = build_tokenizer()
    embedder = build_embedder(settings, tokenizer)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        check_fingerprint(connection, embedder, tokenizer)
        set_weighting(connection, settings.retrieval.k1, settings.retrieval.b)
        tokenizer.add_names(_names(connection))
    pool = await stack.enter_async_context(open_pool(conninfo))
    vectors = await stack.enter_async_context(
        open_vectors(conninfo, tokenizer, embedder, candidates=settings.retrieval.candidates)
    )
    retriever = PostgresRetriever(
        pool,
        vectors,
        tokenizer,
        embedder,
        settings.retrieval.dense_weight,
        settings.retrieval.candidates,
    )
    return PostgresCorpus(pool), retriever, tokenizer


@asynccontextmanager
async def open_trial(
    settings: Settings, passages: "Sequence[TrialPassage]", progress: Progress
) -> "AsyncIterator[Trial]":
    """Passages indexed in a scratch schema, for the retrieval scorecard."""
    from core.store.trial import open_trial as trial

    tokenizer = build_tokenizer()
    embedder = build_embedder(settings, tokenizer)
    async with trial(
        open_database(settings), passages, tokenizer, embedder, settings.retrieval, progress
    ) as made:
        yield made


@asynccontextmanager
async def open_answering(settings: Settings) -> "AsyncIterator[Answering]":
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
    from langgraph.store.postgres.aio import AsyncPostgresStore
    from psycopg.rows import dict_row

    from core.profile.glossary import load_glossary
    from core.rag.answering import Answering
    from core.rag.graph import Deps, build_graph
    from core.rag.retrieve import Research
    from core.store.connect import open_pool
    from core.store.turns import PostgresTurns

    async with AsyncExitStack() as stack:
        corpus, retriever, tokenizer = await _search(settings, stack)
        conninfo = open_database(settings)
        # autocommit, prepare_threshold and dict_row are what saver and store require (storage.md §3)
        pool = await stack.enter_async_context(
            open_pool(conninfo, autocommit=True, prepare_threshold=0, row_factory=dict_row)
        )
        locks = await stack.enter_async_context(open_pool(conninfo, autocommit=True))
        saver, store = AsyncPostgresSaver(pool), AsyncPostgresStore(pool)
        await saver.setup()
        await store.setup()
        glossary = load_glossary()
        deps = Deps(
            corpus=corpus,
            tokenizer=tokenizer,
            research=Research(corpus, retriever, tokenizer, glossary, settings.retrieval.advanced.top_k),
            writers=await _writers(settings),
            glossary=glossary,
            retrieval=settings.retrieval,
        )
        yield Answering(build_graph(deps, saver, store), PostgresTurns(locks))


async def _writers(settings: Settings) -> list[LanguageModel]:
    """The writers in the order they are tried; the extractive one stands behind Ollama."""
    from core.models.extractive import ExtractiveWriter

    extractive: LanguageModel = ExtractiveWriter()
    if settings.llm.backend == "extractive":
        return [extractive]
    from core.models.ollama import OllamaWriter, available

    missing = await available(settings.llm)
    if missing is None:
        return [OllamaWriter(settings.llm), extractive]
    if settings.llm.backend == "ollama":
        raise ModelError(missing)
    return [extractive]


def states(settings: Settings) -> dict[str, int]:
    """Filings by state: `loaded`, `quarantined`, `pending`."""
    from core.store.load import states as count

    return _with_connection(settings, count)


def newest_filing(settings: Settings) -> date | None:
    """The day the newest loaded filing was received; None when nothing is loaded."""
    from core.store.load import newest

    return _with_connection(settings, newest)


def reembed_all(settings: Settings, progress: Progress) -> int:
    """Make every stored vector anew with the model of the settings; returns how many."""
    from core.store.index import reembed
    from core.store.reports import reembed_reports

    tokenizer = build_tokenizer()
    embedder = build_embedder(settings, tokenizer)

    def anew(connection: Any) -> int:
        tokenizer.add_names(_names(connection))
        return reembed(connection, embedder, tokenizer, progress) + reembed_reports(
            connection, embedder, tokenizer
        )

    return _with_connection(settings, anew)


def _with_connection(settings: Settings, use: Callable[[Any], _T]) -> _T:
    import psycopg

    from core.store.connect import reporting

    conninfo = open_database(settings)
    with reporting(conninfo), psycopg.connect(conninfo, autocommit=True) as connection:
        return use(connection)


def open_archive(settings: Settings) -> "Archive":
    from core.etl.archive import Archive

    return Archive(settings.archive.url, settings.paths.raw / "archive")


@asynccontextmanager
async def open_extract(settings: Settings, progress: Progress) -> "AsyncIterator[Extract]":
    """Raises StoreError when another process extracts."""
    from core.etl.extract import Extract
    from core.etl.opendart import OpenDart
    from core.store.amendments import link_waiting
    from core.store.connect import open_pool
    from core.store.quota import PostgresQuota
    from core.store.receipts import PostgresReceipts, extracting

    archive, conninfo = open_archive(settings), open_database(settings)
    async with (
        extracting(conninfo),
        open_pool(conninfo, size=4, autocommit=True) as pool,
        OpenDart(settings.dart, PostgresQuota(pool, settings.dart.daily_limit)) as dart,
    ):
        yield Extract(dart, PostgresReceipts(pool), archive, settings.paths.raw, progress)
    await asyncio.to_thread(_with_connection, settings, link_waiting)


def etl_overview(settings: Settings) -> dict[str, Any]:
    from core.store import overview

    return _with_connection(settings, overview.overview)


def remember_success(settings: Settings, stage: str) -> None:
    from core.store import overview

    _with_connection(settings, lambda connection: overview.succeeded(connection, stage))


async def waiting_filings(settings: Settings) -> list[dict[str, Any]]:
    """Rows of list.json of filings that are fetched and wait to be loaded, oldest first."""
    from core.store.connect import open_pool
    from core.store.receipts import PostgresReceipts

    async with open_pool(open_database(settings), size=1, autocommit=True) as pool:
        return await PostgresReceipts(pool).unloaded()


def extract_status(settings: Settings) -> dict[str, Any]:
    """`to_fetch`, `to_load`, `absent`, `listed_through` of receipts.py; `calls_today`, `calls_left`."""
    from core.store.quota import calls_today
    from core.store.receipts import progress_of_extract

    def ask(connection: Any) -> dict[str, Any]:
        calls, closed = calls_today(connection)
        left = 0 if closed else max(0, settings.dart.daily_limit - calls)
        return {**progress_of_extract(connection), "calls_today": calls, "calls_left": left}

    return _with_connection(settings, ask)
