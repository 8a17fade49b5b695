"""Where filings and reports go, and what is stored of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from core.ports import Embedder, Progress, Tokenizer
from core.settings import Embedding, Settings
from core.store.connect import open_database
from core.wiring.models import THREADS, build_embedder, build_models, build_tokenizer

if TYPE_CHECKING:
    from psycopg import Connection

    from core.etl.archive import Archive
    from core.etl.load import Destination
    from core.etl.reports.pipeline import ReportDestination
    from core.etl.shards import Shards
    from core.report import Report, ReportSection


_T = TypeVar("_T")


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


def _analysers(embedding: Embedding) -> int:
    """How many processes may hold the models at once: Kiwi takes 670 MB; PyTorch uses all cores by itself."""
    import psutil

    from core.etl.engine import cores

    if embedding.kind == "sentence-transformers":
        return 1
    return int(max(1, min(cores() // THREADS, psutil.virtual_memory().available // 1_000_000_000)))


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

    return with_connection(settings, anew)


def reindex(settings: Settings) -> list[str]:
    """Rebuild the search indexes while they are used; their names."""
    from core.store.upkeep import reindex as rebuild

    return with_connection(settings, rebuild)


def states(settings: Settings) -> dict[str, int]:
    """Filings by state: `loaded`, `quarantined`, `pending`."""
    from core.store.load import states as count

    return with_connection(settings, count)


def newest_filing(settings: Settings) -> date | None:
    """The day the newest loaded filing was received; None when nothing is loaded."""
    from core.store.load import newest

    return with_connection(settings, newest)


def with_connection(settings: Settings, use: Callable[[Any], _T]) -> _T:
    import psycopg

    from core.store.connect import reporting

    conninfo = open_database(settings)
    with reporting(conninfo), psycopg.connect(conninfo, autocommit=True) as connection:
        return use(connection)


def stored_reports(settings: Settings) -> "list[tuple[Report, list[ReportSection]]]":
    """Brokers' reports that `etl reports` loaded, oldest first."""
    from core.store.reports import every_report

    return with_connection(settings, every_report)
