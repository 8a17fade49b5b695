"""Workers as processes of their own, killed and frozen at the worst moments; what people see stays whole."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from bots.message import Incoming, Place
from core.settings import Serve
from core.store.inbox import PostgresInbox
from core.wiring.inbox import connect_inbox
from tests.doubles.channel import Wall
from tests.doubles.worker import Told, running

pytestmark = pytest.mark.anyio

SERVE = Serve(concurrency=4, lease_seconds=1, drain_seconds=5, attempts=5)


@pytest.fixture
def database(module_database: str) -> str:
    with psycopg.connect(module_database, autocommit=True) as conn:
        conn.execute("truncate job, sent, heartbeat")
        conn.execute("drop table if exists screen")
    return module_database


@pytest.fixture
async def inbox(database: str) -> AsyncIterator[PostgresInbox]:
    async with connect_inbox(database, SERVE) as opened:
        yield opened


@pytest.fixture
def wall(database: str) -> Iterator[Wall]:
    opened = Wall(database)
    yield opened
    opened.close()


async def put(inbox: PostgresInbox, lane: int, n: int = 0) -> None:
    place = Place("slack", f"T/{lane}", private=False)
    incoming = Incoming(f"{lane}/{n}", "message", place, f"slack:T/U{lane}", f"{lane}/{n}", datetime.now(UTC))
    assert await inbox.put("in", incoming.key, place.lane, incoming.to_json())


async def until(true: Callable[[], object], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def counted(conninfo: str, state: str) -> int:
    with psycopg.connect(conninfo, autocommit=True) as conn:
        row = conn.execute("select count(*) from job where state = %s", [state]).fetchone()
        return int(row[0]) if row else 0


def check(wall: Wall, lanes: int, each: int) -> None:
    """One answer to each question, in order, and nothing beside it."""
    for lane in range(lanes):
        shown = wall.shown(f"slack:T/{lane}")
        assert [one.text.split(" (")[0] for one in shown] == [f"답 {lane}/{n}" for n in range(each)]
        assert all(one.finals for one in shown)


async def test_two_processes_do_each_job_once(inbox: PostgresInbox, wall: Wall, database: str) -> None:
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(running(Told(database, database, talk_seconds=0.01, frames=1)))
        for n in range(4):
            for lane in range(20):
                await put(inbox, lane, n)
        await until(lambda: counted(database, "done") == 80)
    check(wall, 20, 4)
    assert len({one.text.split("(")[1] for one in wall.shown()}) == 2  # both had their share
    with psycopg.connect(database, autocommit=True) as conn:
        assert conn.execute("select max(attempts) from job").fetchone() == (1,)


async def test_a_killed_worker_loses_and_doubles_nothing(
    inbox: PostgresInbox, wall: Wall, database: str
) -> None:
    """kill -9 with replies in hand, twice, under faults of the network."""
    told = Told(database, database, talk_seconds=0.1, seed=3)
    for n in range(3):
        for lane in range(16):
            await put(inbox, lane, n)
    for killed in range(2):
        with ExitStack() as stack:
            victim, _ = (stack.enter_context(running(told)) for _ in range(2))
            await until(lambda killed=killed: counted(database, "done") >= 8 * killed + 4)
            victim.signal(signal.SIGKILL)
            assert victim.wait() == -signal.SIGKILL
    with running(told):
        await until(lambda: counted(database, "done") == 48, 30)
    check(wall, 16, 3)


@pytest.mark.parametrize("freeze", ["stop show", "stop open", "stopped open", "stop write"])
async def test_a_frozen_worker_wakes_too_late_to_spoil_anything(
    inbox: PostgresInbox, wall: Wall, database: str, freeze: str
) -> None:
    """SIGSTOP beyond the lease with a call before or behind its effect; the successor answers; SIGCONT."""
    told = Told(database, database, talk_seconds=0.2, freeze=freeze)
    with running(told) as frozen:
        await put(inbox, 0)
        await asyncio.to_thread(frozen.heard, "freezing")
        with running(Told(database, database)) as successor:
            await until(lambda: counted(database, "done") == 1)
            frozen.signal(signal.SIGCONT)
            await asyncio.to_thread(frozen.heard, "lost")
            await asyncio.sleep(0.2)
            check(wall, 1, 1)
            (shown,) = wall.shown()
            if not freeze.endswith("write"):  # before the reply was kept: the successor made its own
                assert shown.text == f"답 0/0 ({successor.pid})"
            frozen.signal(signal.SIGTERM)
            await asyncio.to_thread(frozen.heard, "drained")
            assert frozen.wait() == 0
    with psycopg.connect(database, autocommit=True) as conn:
        row: Any = conn.execute("select attempts, lost, state from job").fetchone()
    assert row == (2, 1, "done")


async def test_a_terminated_worker_hands_over_at_once(
    inbox: PostgresInbox, wall: Wall, database: str
) -> None:
    with running(Told(database, database, lease_seconds=60, talk_seconds=0.5)) as first:
        for lane in range(12):
            await put(inbox, lane)
        await until(lambda: counted(database, "doing"))
        with running(Told(database, database, lease_seconds=60, talk_seconds=0.01)):
            began = time.monotonic()
            first.signal(signal.SIGTERM)
            await until(lambda: counted(database, "done") == 12)
            assert first.wait() == 0
            assert time.monotonic() - began < 4
    check(wall, 12, 1)
