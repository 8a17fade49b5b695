"""core.ports.Turns within one process: for tests that need no database."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LocalTurns:
    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def turn(self, conversation: str) -> AsyncIterator[None]:
        async with self._locks[conversation]:
            yield
