"""One process at a time: an advisory lock held on a connection of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg

from core.errors import StoreError

_ASK = 5.0  # seconds between two looks at whether the lock is still ours, or free
_CONNECT = 10


class LeadLost(StoreError):
    """The connection that held the lock is gone: another process may lead by now."""


@asynccontextmanager
async def leading(conninfo: str, name: str) -> AsyncIterator[None]:
    """Entered once no other process of this database leads `name`; waits for as long as one does.

    Raises LeadLost out of the body, which is cancelled, when the connection breaks.
    """
    connection = await _acquire(conninfo, name)
    body = asyncio.current_task()
    lost = False

    async def watch() -> None:
        nonlocal lost
        try:
            while True:
                await asyncio.sleep(_ASK)
                async with asyncio.timeout(_CONNECT):
                    await connection.execute("select 1")
        except (psycopg.Error, TimeoutError):
            lost = True
            if body:
                body.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if lost and body and body.uncancel() == 0:
            raise LeadLost("데이터베이스와의 연결이 끊겨 받는 일을 내려놓았습니다.") from None
        raise
    finally:
        watching.cancel()
        with suppress(psycopg.Error):
            await connection.close()


async def _acquire(conninfo: str, name: str) -> psycopg.AsyncConnection[tuple[bool]]:
    """Asks again and again instead of waiting in the server: a wait there ends with its connection."""
    while True:
        with suppress(psycopg.Error):
            connection = await psycopg.AsyncConnection.connect(
                conninfo, autocommit=True, connect_timeout=_CONNECT
            )
            try:
                while True:
                    cursor = await connection.execute(
                        "select pg_try_advisory_lock(hashtextextended(%s, 1))", [f"lead:{name}"]
                    )
                    row = await cursor.fetchone()
                    if row and row[0]:
                        return connection
                    await asyncio.sleep(_ASK)
            except BaseException:
                await connection.close()
                raise
        await asyncio.sleep(_ASK)
