"""One turn of a conversation at a time, within this process and across processes.

Concurrent turns on one LangGraph thread lose messages while all "succeed" (langgraph #8796;
5 concurrent turns kept 2 messages, notes/storage.md §3).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from psycopg_pool import AsyncConnectionPool


@dataclass(frozen=True, slots=True)
class PostgresTurns:
    """core.ports.Turns. `pool` must be apart from the graph's: a waiting turn holds a connection."""

    pool: AsyncConnectionPool
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock, self.pool.connection() as connection:
            try:
                await connection.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [conversation])
                yield
                await connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [conversation])
            except BaseException:
                # Whoever is cancelled between the server's answer and ours does not know what it holds; back
                # in the pool, such a connection would keep the conversation shut for as long as it lives.
                await connection.close()
                raise
