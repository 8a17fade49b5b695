"""An inbox in memory, for tests of what comes in."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bots.message import Incoming
from core.errors import StoreError


class Received:
    """Keeps what was put by its key, in order; `down` is a database that is away."""

    def __init__(self) -> None:
        self.kept: dict[str, Incoming] = {}
        self.lanes: dict[str, str] = {}
        self.puts = 0
        self.down = False
        self._new = asyncio.Event()

    async def put(
        self, queue: str, key: str, lane: str, payload: Mapping[str, Any], *, run_at: datetime | None = None
    ) -> bool:
        await asyncio.sleep(0)
        self.puts += 1
        self._new.set()
        if self.down:
            raise StoreError("데이터베이스에 연결하지 못했습니다.")
        assert queue == "in"
        if key in self.kept:
            return False
        self.kept[key] = Incoming.from_json(payload)
        self.lanes[key] = lane
        return True

    async def first(self, number: int, seconds: float = 5.0) -> list[Incoming]:
        """The first so many, once they are there."""
        async with asyncio.timeout(seconds):
            while len(self.kept) < number:
                self._new.clear()
                await self._new.wait()
        return list(self.kept.values())[:number]
