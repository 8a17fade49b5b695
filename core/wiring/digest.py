"""Subscriptions, digests and the schedule over the database."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from core.model import Company
from core.settings import Settings
from core.store.connect import open_database

if TYPE_CHECKING:
    from core.store.digests import PostgresOutbox
    from core.store.schedule import PostgresIncidents, PostgresRuns
    from core.store.subscriptions import PostgresSubscriptions


@dataclass(frozen=True, slots=True)
class Digests:
    """All that digests need of the database, over one pool. `listed`: companies that DART knows (slow)."""

    subscriptions: "PostgresSubscriptions"
    outbox: "PostgresOutbox"
    runs: "PostgresRuns"
    incidents: "PostgresIncidents"
    listed: Callable[[], Sequence[Company]]


@asynccontextmanager
async def open_digests(settings: Settings, *, size: int = 4) -> AsyncIterator[Digests]:
    """Raises StoreError. `size`: connections; the service's ticks and commands share them."""
    from core.store.connect import open_pool
    from core.store.digests import PostgresOutbox
    from core.store.schedule import PostgresIncidents, PostgresRuns
    from core.store.subscriptions import PostgresSubscriptions

    async with open_pool(open_database(settings), size=size, autocommit=True) as pool:
        yield Digests(
            PostgresSubscriptions(pool, time.fromisoformat(settings.digest.time)),
            PostgresOutbox(pool),
            PostgresRuns(pool),
            PostgresIncidents(pool),
            lambda: _listed(settings),
        )


def _listed(settings: Settings) -> list[Company]:
    """Listed companies of corpCode.xml, as Extract last received it; none where it never did."""
    from core.errors import DartError
    from core.etl.universe import corporations

    try:
        zipped = (settings.paths.raw / "corpCode.zip").read_bytes()
        return [Company(c.corp_code, c.corp_name, c.stock_code) for c in corporations(zipped) if c.stock_code]
    except (OSError, DartError):
        return []
