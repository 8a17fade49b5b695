"""Slots run once over processes, are caught up once, and are taken over from those that died."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import time_machine
from psycopg_pool import AsyncConnectionPool

from bots.jobs import _command, operator_place, scheduled
from bots.message import Place
from core.errors import StoreError
from core.schedule import Job, every, running, tick
from core.settings import load_settings
from core.store.connect import open_pool
from core.store.schedule import PostgresIncidents, PostgresRuns
from core.wiring.digest import Digests
from tests.doubles.subscribed import jobs, sending

ROOT = Path(__file__).parents[2]
LEASE = timedelta(seconds=30)
MORNING = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # a Monday, 9 o'clock in Seoul


def counting(done: list[datetime], name: str = "refresh", minutes: int = 10) -> Job:
    async def run() -> None:
        done.append(datetime.now(UTC))
        await asyncio.sleep(0.01)

    return Job(name, every(minutes), run)


async def with_two(conninfo: str, use: Callable[[PostgresRuns, PostgresRuns], Awaitable[None]]) -> None:
    async with (
        open_pool(conninfo, autocommit=True) as first,
        open_pool(conninfo, autocommit=True) as second,
    ):
        await use(PostgresRuns(first), PostgresRuns(second))


def outcomes(conninfo: str) -> list[str | None]:
    with psycopg.connect(conninfo) as conn:
        return [outcome for (outcome,) in conn.execute("select outcome from job_run order by slot")]


def test_two_schedulers_run_each_slot_once(database: str) -> None:
    done: list[datetime] = []

    async def use(first: PostgresRuns, second: PostgresRuns) -> None:
        for minute in range(60):
            now = MORNING + timedelta(minutes=minute)
            await asyncio.gather(*(tick(counting(done), runs, now, LEASE) for runs in (first, second, first)))

    asyncio.run(with_two(database, use))
    assert len(done) == 6
    assert outcomes(database) == ["ok"] * 6


def test_after_a_downtime_only_the_latest_slot_is_caught_up_and_none_after_a_restart(database: str) -> None:
    done: list[datetime] = []

    async def use(first: PostgresRuns, second: PostgresRuns) -> None:
        assert await tick(counting(done), first, MORNING, LEASE)
        later = MORNING + timedelta(hours=5, minutes=3)
        assert await tick(counting(done), second, later, LEASE)  # another process, hours later
        assert not await tick(counting(done), first, later + timedelta(minutes=1), LEASE)
        assert not await tick(counting(done), first, MORNING, LEASE)  # a clock that is behind

    asyncio.run(with_two(database, use))
    assert len(done) == 2


def test_the_next_slot_waits_for_a_run_that_takes_long(database: str) -> None:
    started = asyncio.Event()

    async def use(first: PostgresRuns, second: PostgresRuns) -> None:
        release = asyncio.Event()

        async def run() -> None:
            started.set()
            await release.wait()

        slow = asyncio.create_task(tick(Job("refresh", every(10), run), first, MORNING, LEASE))
        await started.wait()
        done: list[datetime] = []
        assert not await tick(counting(done), second, MORNING + timedelta(minutes=10), LEASE)
        assert await tick(counting(done, "digest"), second, MORNING, LEASE)  # another job goes on
        release.set()
        assert await slow
        assert await tick(counting(done), second, MORNING + timedelta(minutes=11), LEASE)

    asyncio.run(with_two(database, use))


def test_a_failure_is_its_outcome_and_says_nothing_of_a_strangers_error(database: str) -> None:
    async def use(first: PostgresRuns, _: PostgresRuns) -> None:
        async def known() -> None:
            raise StoreError("데이터베이스가 없습니다.")

        async def unknown() -> None:
            raise ValueError("token 12345")

        assert await tick(Job("a", every(1), known), first, MORNING, LEASE)
        assert await tick(Job("b", every(1), unknown), first, MORNING, LEASE)

    asyncio.run(with_two(database, use))
    assert sorted(map(str, outcomes(database))) == ["ValueError", "데이터베이스가 없습니다."]


PROGRAM = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from core.schedule import Job, every, tick
from core.store.connect import open_pool
from core.store.schedule import PostgresRuns

async def work():
    print("begun", flush=True)
    await asyncio.sleep(60)

async def run():
    async with open_pool(sys.argv[1], autocommit=True) as pool:
        now = datetime.fromisoformat(sys.argv[2])
        await tick(Job("refresh", every(10), work), PostgresRuns(pool), now, timedelta(seconds=0.6))

asyncio.run(run())
"""


def test_a_run_whose_process_was_killed_is_taken_over_after_its_lease(database: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, database, MORNING.isoformat()],
        stdout=subprocess.PIPE,
        env=environment,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"begun\n"
        done: list[datetime] = []

        async def alive(first: PostgresRuns, _: PostgresRuns) -> None:
            await asyncio.sleep(1.0)  # longer than its lease, which it extends
            assert not await tick(counting(done), first, MORNING, LEASE)

        asyncio.run(with_two(database, alive))
        program.send_signal(signal.SIGKILL)

    async def after(first: PostgresRuns, second: PostgresRuns) -> None:
        await asyncio.sleep(0.7)
        ran = await asyncio.gather(*(tick(counting(done), runs, MORNING, LEASE) for runs in (first, second)))
        assert sorted(ran) == [False, True]

    asyncio.run(with_two(database, after))
    assert len(done) == 1
    with psycopg.connect(database) as conn:
        assert conn.execute("select attempts, outcome from job_run").fetchall() == [(2, "ok")]


def test_a_run_that_was_taken_over_is_stopped_and_its_end_changes_nothing(database: str) -> None:
    async def use(first: PostgresRuns, second: PostgresRuns) -> None:
        stopped = False

        async def long() -> None:
            nonlocal stopped
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                stopped = True
                raise

        frozen = asyncio.create_task(
            tick(Job("refresh", every(10), long), first, MORNING, timedelta(seconds=0.6))
        )
        await asyncio.sleep(0.1)
        with psycopg.connect(database, autocommit=True) as conn:
            conn.execute("update job_run set lease_until = now() - interval '1 s'")
        run = await second.begin("refresh", MORNING, LEASE)
        assert run is not None
        assert not await frozen
        assert stopped
        await second.end(run, "ok")

    asyncio.run(with_two(database, use))
    assert outcomes(database) == ["ok"]


@pytest.mark.anyio
async def test_apscheduler_wakes_the_jobs_at_once_and_every_minute(database: str) -> None:
    done: list[datetime] = []
    async with open_pool(database, autocommit=True) as pool:
        with time_machine.travel(datetime(2026, 11, 23, 0, 9, 59, tzinfo=UTC)):
            async with running([counting(done)], PostgresRuns(pool)) as scheduler:
                await wait_for(done, 1)  # the slot of 09:00, missed
                assert str(scheduler.timezone) == "Asia/Seoul"
                await wait_for(done, 2)  # 09:10
    assert len(done) == 2


async def wait_for(done: list[datetime], count: int) -> None:
    for _ in range(250):
        if len(done) >= count:
            break
        await asyncio.sleep(0.02)
    assert len(done) == count


@pytest.mark.anyio
async def test_a_command_is_bounded_and_its_last_word_is_kept(tmp_path: Path) -> None:
    assert await _command([sys.executable, "-c", "print('x' * 1_000_000)"]) == "ok"
    with pytest.raises(Exception, match="종료 코드 3: 마지막 줄"):
        await _command(
            [
                sys.executable,
                "-c",
                "import sys; sys.stderr.write('y' * 99999 + '\\n마지막 줄\\n'); sys.exit(3)",
            ]
        )
    mark = tmp_path / "alive"
    child = f"import time, pathlib; time.sleep(1); pathlib.Path({str(mark)!r}).touch()"
    parent = (
        f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    )
    with pytest.raises(Exception, match="끝나지 않아"):
        await _command([sys.executable, "-c", parent], timedelta(seconds=0.5))
    await asyncio.sleep(1.2)
    assert not mark.exists()  # its children went with it


@pytest.mark.anyio
async def test_the_operator_hears_once_of_an_outage_and_once_of_its_end(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGSI_SCHEDULE__OPERATOR", "slack:T1/C2")
    monkeypatch.setenv("GONGSI_DART__KEY", "k" * 40)
    settings = load_settings()

    async def success(pool: AsyncConnectionPool, hours: int) -> None:
        async with pool.connection() as conn:
            await conn.execute(
                "insert into etl_success values ('refresh', now() - make_interval(hours => %s))"
                " on conflict (stage) do update set at = excluded.at",
                [hours],
            )

    async with open_pool(database, autocommit=True) as pool:
        digests = Digests(None, None, PostgresRuns(pool), PostgresIncidents(pool), list)  # type: ignore[arg-type]
        named = {job.name: job for job in scheduled(settings, digests, sending(pool))}
        assert set(named) == {"digest", "instant", "retention", "refresh", "nightly", "reindex", "freshness"}
        look = named["freshness"].run
        await look()
        for hours in (1, 30, 30, 1, 1, 40):
            await success(pool, hours)
            await look()
            await look()
    found = jobs(database)
    assert [text["reply"]["blocks"][0]["spans"][0]["text"][:7] for text in found.values()].count(
        "다시 정상이에"
    ) == 1
    assert len(found) == 3
    assert all(text["place"]["chat"] == "T1/C2" for text in found.values())


def test_places_of_operators() -> None:
    assert operator_place("telegram:42") == Place("telegram", "42")
    assert operator_place("telegram:-100") == Place("telegram", "-100", private=False)
    assert operator_place("slack:T1/C2") == Place("slack", "T1/C2", private=False)
    assert operator_place("") is None


@pytest.mark.anyio
async def test_old_runs_go_but_the_last_of_each_job(database: str) -> None:
    async with open_pool(database, autocommit=True) as pool:
        runs = PostgresRuns(pool)
        for minutes in (0, 10, 20):
            await tick(counting([]), runs, MORNING + timedelta(minutes=minutes), LEASE)
        assert await runs.forget(datetime.now(UTC) + timedelta(days=1)) == 2
        assert not await tick(counting([]), runs, MORNING + timedelta(minutes=25), LEASE)


@pytest.mark.anyio
async def test_what_runs_is_ended_with_the_schedule_and_another_process_takes_it_over(database: str) -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def long() -> None:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async with open_pool(database, autocommit=True) as pool:
        runs = PostgresRuns(pool)
        async with running([Job("refresh", every(10), long)], runs):
            await asyncio.wait_for(began.wait(), 5)
        assert ended.is_set()
        with psycopg.connect(database, autocommit=True) as conn:
            ((slot, outcome),) = conn.execute("select slot, outcome from job_run").fetchall()
            conn.execute("update job_run set lease_until = now()")
        done: list[datetime] = []
        assert outcome is None
        assert await tick(counting(done), runs, slot, LEASE)
