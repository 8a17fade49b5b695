"""One leads; when its connection goes, so does the lead, and another takes over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest

from core.errors import StoreError
from core.store.leader import LeadLost, leading

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.leader._ASK", 0.05)


class Process:
    """Leads whenever it may, until it loses the lead; `ended` by what."""

    def __init__(self, database: str, name: str = "telegram") -> None:
        self.leads = asyncio.Event()
        self.ended: BaseException | None = None
        self.task = asyncio.create_task(self._run(database, name))

    async def _run(self, database: str, name: str) -> None:
        try:
            async with leading(database, name):
                self.leads.set()
                try:
                    await asyncio.Event().wait()
                finally:
                    self.leads.clear()
        except BaseException as error:
            self.ended = error
            raise


@asynccontextmanager
async def process(database: str, name: str = "telegram") -> AsyncIterator[Process]:
    one = Process(database, name)
    try:
        yield one
    finally:
        one.task.cancel()
        with suppress(asyncio.CancelledError, StoreError):
            await one.task


async def leads(one: Process, seconds: float = 5) -> None:
    await asyncio.wait_for(one.leads.wait(), seconds)


def terminate(database: str) -> int:
    """Whoever holds an advisory lock loses its connection; how many."""
    with psycopg.connect(database, autocommit=True) as conn:
        cursor = conn.execute(
            """
            select pg_terminate_backend(pid) from pg_locks
            where locktype = 'advisory' and granted
                and database = (select oid from pg_database where datname = current_database())
            """
        )
        return len(cursor.fetchall())


async def test_one_leads_and_the_next_when_it_leaves(module_database: str) -> None:
    async with process(module_database) as first:
        await leads(first)
        async with process(module_database) as second, process(module_database, "slack") as apart:
            await leads(apart)  # another name is another lead
            await asyncio.sleep(0.3)
            assert not second.leads.is_set()
            first.task.cancel()
            await leads(second)
    assert isinstance(first.ended, asyncio.CancelledError)


async def test_a_terminated_leader_learns_it_and_another_takes_over(module_database: str) -> None:
    async with process(module_database) as first:
        await leads(first)
        async with process(module_database) as second:
            await asyncio.sleep(0.1)
            assert terminate(module_database) == 1
            await leads(second)
            with pytest.raises(LeadLost):
                await asyncio.wait_for(first.task, 5)
            assert not first.leads.is_set()  # its body was cancelled
            assert first.task.cancelling() == 0
            assert second.leads.is_set()


async def test_a_cancellation_from_outside_stays_one_though_the_lead_is_lost_too(
    module_database: str,
) -> None:
    async with process(module_database) as first:
        await leads(first)
        terminate(module_database)
        first.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first.task


async def test_what_the_body_raises_is_not_a_lost_lead(module_database: str) -> None:
    with pytest.raises(ValueError, match="ours"):
        async with leading(module_database, "telegram"):
            raise ValueError("ours")
    async with process(module_database) as next_one:
        await leads(next_one)


async def test_whoever_waits_outlives_its_own_connection(module_database: str) -> None:
    async with process(module_database) as first:
        await leads(first)
        async with process(module_database) as second:
            await asyncio.sleep(0.2)
            with psycopg.connect(module_database, autocommit=True) as conn:
                conn.execute(
                    """
                    select pg_terminate_backend(pid) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()
                        and pid not in (select pid from pg_locks where locktype = 'advisory' and granted)
                    """
                )
            await asyncio.sleep(0.2)
            assert not second.leads.is_set()
            first.task.cancel()
            await leads(second)
