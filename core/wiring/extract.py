"""OpenDART into the archive, and what waits there."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from core.ports import Progress
from core.settings import Settings
from core.store.connect import open_database
from core.wiring.etl import open_archive, with_connection

if TYPE_CHECKING:
    from core.etl.extract import Extract
    from core.etl.extract_tables import ExtractTables


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

    return with_connection(settings, overview)


def remember_success(settings: Settings, stage: str) -> None:
    """A stage has done all that it was asked."""
    from core.store.overview import succeeded

    with_connection(settings, lambda connection: succeeded(connection, stage))


async def waiting_filings(settings: Settings) -> list[dict[str, Any]]:
    """Rows of list.json of filings that are fetched and wait to be loaded, oldest first."""
    from core.store.connect import open_pool
    from core.store.receipts import PostgresReceipts

    async with open_pool(open_database(settings), size=1, autocommit=True) as pool:
        return await PostgresReceipts(pool).unloaded()


def supplements_used(settings: Settings, rcept_nos: Sequence[str]) -> None:
    """OpenDART's tables of these filings have been read."""
    from core.store.supplements import use_supplements

    with_connection(settings, lambda connection: use_supplements(connection, rcept_nos))


def link_filings(settings: Settings) -> int:
    """Link amendments that were listed, marked or loaded since; of how many companies."""
    from core.store.amendments import link_waiting

    return with_connection(settings, link_waiting)


def extract_status(settings: Settings) -> dict[str, Any]:
    """`to_fetch`, `to_load`, `absent`, `listed_through` of receipts.py; `calls_today`, `calls_left`."""
    from core.store.quota import calls_today
    from core.store.receipts import progress_of_extract

    def ask(connection: Any) -> dict[str, Any]:
        calls, closed = calls_today(connection)
        left = 0 if closed else max(0, settings.dart.daily_limit - calls)
        return {**progress_of_extract(connection), "calls_today": calls, "calls_left": left}

    return with_connection(settings, ask)
