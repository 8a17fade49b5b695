"""One turn of a conversation at a time, whatever becomes of those who had one."""

import asyncio
from contextlib import suppress
from random import Random

import psycopg
import pytest

from core.store.connect import open_pool
from core.store.turns import PostgresTurns

pytestmark = pytest.mark.anyio


async def test_turns_of_a_conversation_never_overlap_over_processes(database: str) -> None:
    inside, most = 0, 0
    async with open_pool(database, autocommit=True) as one, open_pool(database, autocommit=True) as other:

        async def take(turns: PostgresTurns) -> None:
            nonlocal inside, most
            async with turns.turn("lane"):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.005)
                inside -= 1

        await asyncio.gather(*(take(PostgresTurns(pool)) for pool in (one, other) for _ in range(5)))
    assert most == 1


async def test_whoever_is_cancelled_or_fails_at_any_moment_leaves_no_lock(database: str) -> None:
    """A lock of a session goes back into the pool with its connection, and shuts the lane for ever."""
    rng = Random(4)  # noqa: S311  # no secret
    async with open_pool(database, autocommit=True) as pool:
        turns = PostgresTurns(pool)

        async def take(fails: bool) -> None:
            async with turns.turn("lane"):
                await asyncio.sleep(0.002)
                if fails:
                    raise RuntimeError

        for attempt in range(120):
            running = asyncio.create_task(take(attempt % 3 == 0))
            await asyncio.sleep(rng.uniform(0, 0.006))
            running.cancel()
            with suppress(RuntimeError, asyncio.CancelledError):
                await running
        with psycopg.connect(database) as conn:
            held = conn.execute("select count(*) from pg_locks where locktype = 'advisory'").fetchone()
        assert held == (0,)
        async with asyncio.timeout(10):
            await take(fails=False)
