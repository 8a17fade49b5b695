"""The inbox of the service."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from core.settings import Serve, Settings
from core.store.connect import open_database

if TYPE_CHECKING:
    from core.store.inbox import PostgresInbox


@asynccontextmanager
async def open_inbox(settings: Settings) -> "AsyncIterator[PostgresInbox]":
    """Raises StoreError when the database cannot be had now; later outages are lived through."""
    async with connect_inbox(open_database(settings), settings.serve) as inbox:
        yield inbox


@asynccontextmanager
async def connect_inbox(conninfo: str, serve: Serve) -> "AsyncIterator[PostgresInbox]":
    """The same, over a database that is there and migrated."""
    from core.store.connect import open_pool
    from core.store.inbox import PostgresInbox

    pool = open_pool(conninfo, autocommit=True)
    # By default a pool tries again at 1, 2, 4 … 64 s: after an outage of one minute it stays down for
    # another. Giving up early, it tries anew for whoever asks next.
    pool.reconnect_timeout = 2.0
    async with pool:
        inbox = PostgresInbox(pool, timedelta(seconds=serve.lease_seconds), serve.attempts)
        async with inbox.listening(conninfo):
            yield inbox


def lead(settings: Settings, name: str) -> "AbstractAsyncContextManager[None]":
    """`core.store.leader.leading` of the service's database."""
    from core.store.leader import leading

    return leading(open_database(settings), name)
