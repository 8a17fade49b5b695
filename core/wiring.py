"""The one place where concrete parts are built from settings."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import InputError, ModelError
from core.ports import Embedder, LanguageModel, Progress, Tokenizer
from core.settings import Embedding, Settings
from core.store.connect import close_database, locate_database, migrate_database, open_database

if TYPE_CHECKING:
    from psycopg import Connection

    from core.etl.archive import Archive
    from core.etl.extract import Extract
    from core.etl.extract_tables import ExtractTables
    from core.etl.load import Destination
    from core.etl.reports.pipeline import ReportDestination
    from core.etl.shards import Shards
    from core.rag.answering import Answering
    from core.store.corpus import PostgresCorpus
    from core.store.search import PostgresRetriever
    from core.store.trial import Trial, TrialPassage

__all__ = [
    "close_database",
    "etl_overview",
    "extract_status",
    "fetched",
    "link_filings",
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
    "open_shards",
    "open_trial",
    "reembed_all",
    "remember_success",
    "states",
    "supplements_used",
    "waiting_filings",
]

_T = TypeVar("_T")
# One Kiwi on two threads is as fast as two Kiwis (106,000 against 98,000 morphemes a second) in half the
# memory; on many, Python's lock holds them back.
_THREADS = 2


def build_tokenizer(threads: int | None = None) -> Tokenizer:
    from core.models.kiwi import KiwiTokenizer

    return KiwiTokenizer(threads)


def build_embedder(embedding: Embedding, tokenizer: Tokenizer) -> Embedder:
    if embedding.kind == "sentence-transformers":
        from core.models.sentence_transformer import SentenceTransformerEmbedder

        if not embedding.model:
            raise InputError("embedding.model에 모델의 폴더나 이름을 적어 주세요.")
        return SentenceTransformerEmbedder(embedding)
    from core.models.kiwi import KiwiTokenizer
    from core.models.kiwi_static import KiwiStatic

    assert isinstance(tokenizer, KiwiTokenizer)  # noqa: S101  # its vectors are Kiwi's own
    return KiwiStatic(tokenizer)


def open_shards(settings: Settings) -> "Shards":
    from core.etl.shards import Shards

    return Shards(settings.paths.data)


@contextmanager
def open_destination(settings: Settings) -> "Iterator[Destination]":
    """Where transformed filings go: one connection, which nobody else uses."""
    from core.store.bulk import open_bulk

    tokenizer, embedder = build_models(settings.embedding)  # neither loads anything yet
    with open_bulk(open_database(settings), tokenizer, embedder) as bulk:
        yield bulk.destination(partial(build_models, settings.embedding), _analysers(settings.embedding))


def build_models(embedding: Embedding) -> tuple[Tokenizer, Embedder]:
    """In whatever process analyses: settings are sent there, models are not."""
    tokenizer = build_tokenizer(_THREADS)
    return tokenizer, build_embedder(embedding, tokenizer)


def _analysers(embedding: Embedding) -> int:
    """How many processes may hold the models at once: Kiwi takes 670 MB; PyTorch uses all cores by itself."""
    import psutil

    from core.etl.engine import cores

    if embedding.kind == "sentence-transformers":
        return 1
    return int(max(1, min(cores() // _THREADS, psutil.virtual_memory().available // 1_000_000_000)))


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
    from core.store.load import company_names

    conninfo = open_database(settings)
    with reporting(conninfo), psycopg.connect(conninfo, autocommit=True) as connection:
        tokenizer = build_tokenizer()
        embedder = build_embedder(settings.embedding, tokenizer)
        check_fingerprint(connection, embedder, tokenizer)
        tokenizer.add_names(company_names(connection))
        yield connection, tokenizer, embedder


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
    from core.store.load import company_names
    from core.store.search import PostgresRetriever
    from core.store.vectors import open_vectors

    conninfo = open_database(settings)
    tokenizer = build_tokenizer()
    embedder = build_embedder(settings.embedding, tokenizer)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        check_fingerprint(connection, embedder, tokenizer)
        set_weighting(connection, settings.retrieval.k1, settings.retrieval.b)
        tokenizer.add_names(company_names(connection))
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
    embedder = build_embedder(settings.embedding, tokenizer)
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
            prompt_tokens=settings.llm.num_ctx - settings.llm.num_predict,
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
    from core.store.load import company_names
    from core.store.reports import reembed_reports

    tokenizer = build_tokenizer()
    embedder = build_embedder(settings.embedding, tokenizer)

    def anew(connection: Any) -> int:
        tokenizer.add_names(company_names(connection))
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


def fetched(settings: Settings) -> list[dict[str, Any]]:
    """Lines of raw/filings.jsonl of what is in the archive, the last of each filing; no database."""
    from core.etl.archive import Ledger
    from core.etl.supplement import SUFFIX

    archive = open_archive(settings)
    lines = {line["rcept_no"]: line for line in Ledger(settings.paths.raw / "filings.jsonl").lines()}
    return [line for number, line in lines.items() if line["file"] or archive.has(number, SUFFIX)]


@asynccontextmanager
async def open_extract(
    settings: Settings, progress: Progress
) -> "AsyncIterator[tuple[Extract, ExtractTables]]":
    """Raises StoreError when another process extracts."""
    from core.etl.extract import Extract
    from core.etl.extract_tables import ExtractTables
    from core.etl.opendart import OpenDart
    from core.store.connect import open_pool
    from core.store.quota import PostgresQuota
    from core.store.receipts import PostgresReceipts, extracting
    from core.store.supplements import PostgresSupplements

    archive = open_archive(settings)
    conninfo = open_database(settings)
    async with (
        extracting(conninfo),
        open_pool(conninfo, size=4, autocommit=True) as pool,
        OpenDart(settings.dart, PostgresQuota(pool, settings.dart.daily_limit)) as dart,
    ):
        yield (
            Extract(dart, PostgresReceipts(pool), archive, settings.paths.raw, progress),
            ExtractTables(dart, PostgresSupplements(pool), archive, progress),
        )


def etl_overview(settings: Settings) -> dict[str, Any]:
    """What `overview` of core/store/overview.py tells."""
    from core.store.overview import overview

    return _with_connection(settings, overview)


def remember_success(settings: Settings, stage: str) -> None:
    """A stage has done all that it was asked."""
    from core.store.overview import succeeded

    _with_connection(settings, lambda connection: succeeded(connection, stage))


async def waiting_filings(settings: Settings) -> list[dict[str, Any]]:
    """Rows of list.json of filings that are fetched and wait to be loaded, oldest first."""
    from core.store.connect import open_pool
    from core.store.receipts import PostgresReceipts

    async with open_pool(open_database(settings), size=1, autocommit=True) as pool:
        return await PostgresReceipts(pool).unloaded()


def supplements_used(settings: Settings, rcept_nos: Sequence[str]) -> None:
    """OpenDART's tables of these filings have been read."""
    from core.store.supplements import use_supplements

    _with_connection(settings, lambda connection: use_supplements(connection, rcept_nos))


def link_filings(settings: Settings) -> int:
    """Link amendments that were listed, marked or loaded since; of how many companies."""
    from core.store.amendments import link_waiting

    return _with_connection(settings, link_waiting)


def extract_status(settings: Settings) -> dict[str, Any]:
    """`to_fetch`, `to_load`, `absent`, `listed_through` of receipts.py; `calls_today`, `calls_left`."""
    from core.store.quota import calls_today
    from core.store.receipts import progress_of_extract

    def ask(connection: Any) -> dict[str, Any]:
        calls, closed = calls_today(connection)
        left = 0 if closed else max(0, settings.dart.daily_limit - calls)
        return {**progress_of_extract(connection), "calls_today": calls, "calls_left": left}

    return _with_connection(settings, ask)
