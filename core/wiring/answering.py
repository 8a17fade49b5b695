"""Search and answering over the database."""

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from core.errors import ModelError
from core.ports import LanguageModel, Progress, Tokenizer
from core.settings import Settings
from core.store.connect import open_database
from core.wiring.models import build_embedder, build_reader, build_tokenizer

if TYPE_CHECKING:
    from langgraph.store.postgres.aio import AsyncPostgresStore
    from psycopg_pool import AsyncConnectionPool

    from core.profile.judgement import LevelJudge
    from core.profile.profiles import Profiles
    from core.rag.answering import Answering
    from core.rag.retrieve import Research
    from core.store.corpus import PostgresCorpus
    from core.store.search import PostgresRetriever
    from core.store.trial import Trial, TrialPassage


@asynccontextmanager
async def open_profiles(settings: Settings) -> "AsyncIterator[Profiles]":
    from core.profile.profiles import Profiles
    from core.store.connect import open_pool
    from core.store.link_codes import PostgresLinkCodes
    from core.store.turns import PostgresTurns

    conninfo = open_database(settings)
    async with _memory(conninfo) as (pool, store), open_pool(conninfo, autocommit=True) as locks:
        yield Profiles(store, build_reader(), PostgresTurns(locks), PostgresLinkCodes(pool))


@asynccontextmanager
async def _memory(conninfo: str) -> "AsyncIterator[tuple[AsyncConnectionPool[Any], AsyncPostgresStore]]":
    """LangGraph's store, ready, and its pool, in which a saver may work too."""
    from langgraph.store.postgres.aio import AsyncPostgresStore
    from psycopg.rows import dict_row

    from core.store.connect import open_pool

    # autocommit, prepare_threshold and dict_row are what saver and store require (storage.md §3)
    async with open_pool(conninfo, autocommit=True, prepare_threshold=0, row_factory=dict_row) as pool:
        store = AsyncPostgresStore(pool)
        await store.setup()
        yield pool, store


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
    # Not prepared: a plan made once for every company took 11 ms where its own takes 2, over 100,000 chunks.
    pool = await stack.enter_async_context(open_pool(conninfo, autocommit=True, prepare_threshold=None))
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

    from core.profile.profiles import Profiles
    from core.rag.answering import Answering
    from core.rag.graph import build_graph
    from core.rag.retrieve import Research
    from core.rag.turn import Deps
    from core.store.connect import open_pool
    from core.store.link_codes import PostgresLinkCodes
    from core.store.turns import PostgresTurns

    async with AsyncExitStack() as stack:
        corpus, retriever, tokenizer = await _search(settings, stack)
        conninfo = open_database(settings)
        pool, store = await stack.enter_async_context(_memory(conninfo))
        # apart: a turn holds a connection while its profile waits for one
        locks = await stack.enter_async_context(open_pool(conninfo, autocommit=True))
        profile_locks = await stack.enter_async_context(open_pool(conninfo, autocommit=True))
        saver = AsyncPostgresSaver(pool)
        await saver.setup()
        reader, top_k = build_reader(tokenizer), settings.retrieval.advanced.top_k
        deps = Deps(
            corpus=corpus,
            tokenizer=tokenizer,
            research=Research(corpus, retriever, tokenizer, reader.glossary, top_k),
            writers=await _writers(settings),
            glossary=reader.glossary,
            retrieval=settings.retrieval,
            prompt_tokens=settings.llm.num_ctx - settings.llm.num_predict,
            profiles=Profiles(
                store,
                reader,
                PostgresTurns(profile_locks),
                PostgresLinkCodes(pool),
                await _judge(settings),
            ),
        )
        # What was loaded stays: one turn in 150 waited 130 ms for the collector to look it through.
        gc.freeze()
        yield Answering(build_graph(deps, saver, store), PostgresTurns(locks), deps.profiles)


async def _judge(settings: Settings) -> "LevelJudge | None":
    from core.models.ollama import available
    from core.models.ollama_judge import OllamaJudge

    if not settings.profile.judge or settings.llm.backend == "extractive" or await available(settings.llm):
        return None
    return OllamaJudge(settings.llm, settings.profile.judge_timeout)


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


@asynccontextmanager
async def open_research(
    settings: Settings,
) -> "AsyncIterator[tuple[PostgresCorpus, Research, Tokenizer, LanguageModel]]":
    """What finds a question's figures and sources, without the graph around it, and the plain writer."""
    from core.models.extractive import ExtractiveWriter
    from core.rag.retrieve import Research

    async with AsyncExitStack() as stack:
        corpus, retriever, tokenizer = await _search(settings, stack)
        glossary, top_k = build_reader(tokenizer).glossary, settings.retrieval.advanced.top_k
        research = Research(corpus, retriever, tokenizer, glossary, top_k)
        yield corpus, research, tokenizer, ExtractiveWriter()
