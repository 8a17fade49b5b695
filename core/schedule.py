"""Named jobs whose slots run once over all processes, and are caught up once after a downtime.

`Runs` (core/store/schedule.py) is the source of truth: APScheduler only wakes this up every minute
(its own job store ran each slot twice with two processes and forgot missed ones: notes/storage.md §6).
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from core.errors import GongsiError
from core.korean import korean_time

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

_log = logging.getLogger(__name__)
_SEOUL = ZoneInfo("Asia/Seoul")
_OFFICE = (time(7), time(19))  # DART takes filings from 7 to 19 on weekdays; the exchange's come until 18
_LEASE = timedelta(seconds=60)
_LATE = 3600  # seconds after which APScheduler would skip a wake-up that could not start in time

Slot = Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True)
class Job:
    """`slot` gives the latest slot at or before a time; what `run` returns is kept as the outcome."""

    name: str
    slot: Slot
    run: Callable[[], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Run:
    """A slot that this process has; `token` fences it."""

    job: str
    slot: datetime
    token: UUID


class Runs(Protocol):
    """All raise StoreError."""

    async def begin(self, job: str, slot: datetime, lease: timedelta) -> Run | None:
        """The slot, unless it or a later one was begun before, or another of the job is running.

        A run whose lease is over without an end was of a process that died: it is taken over.
        """
        ...

    async def beat(self, run: Run, lease: timedelta) -> bool:
        """Extend the lease; False when the run was taken over."""
        ...

    async def end(self, run: Run, outcome: str) -> None: ...


def every(minutes: int) -> Slot:
    """Every so many minutes of the day in Seoul, from midnight."""

    def slot(now: datetime) -> datetime:
        here = korean_time(now)
        past = (here.hour * 60 + here.minute) % minutes
        return here.replace(second=0, microsecond=0) - timedelta(minutes=past)

    return slot


def office_hours(minutes: int) -> Slot:
    """Every so many minutes from 7 to 19 on weekdays, every hour at other times."""
    often, hourly = every(minutes), every(60)

    def slot(now: datetime) -> datetime:
        here = korean_time(now)
        open_ = here.weekday() < 5 and _OFFICE[0] <= here.time() <= _OFFICE[1]
        return often(now) if open_ else hourly(now)

    return slot


def daily(at: str) -> Slot:
    """Once a day at `HH:MM` of Seoul."""
    hour, minute = map(int, at.split(":"))

    def slot(now: datetime) -> datetime:
        today = korean_time(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
        return today if today <= now else today - timedelta(days=1)

    return slot


def weekly(at: str) -> Slot:
    """Once a week, on Sunday at `HH:MM` of Seoul: the exchange is closed on both sides of it."""
    each_day = daily(at)

    def slot(now: datetime) -> datetime:
        latest = each_day(now)
        return latest - timedelta(days=(latest.weekday() + 1) % 7)

    return slot


async def tick(job: Job, runs: Runs, now: datetime, lease: timedelta = _LEASE) -> bool:
    """Run the job's latest slot if nobody has; whether this process ran it. Its errors are its outcome."""
    run = await runs.begin(job.name, job.slot(now), lease)
    if run is None:
        return False
    work = asyncio.ensure_future(job.run())
    beat = asyncio.ensure_future(_beat(run, runs, lease, work))
    try:
        outcome = await work or "ok"
    except asyncio.CancelledError:
        if not beat.done() or beat.result():  # the program ends: the next one takes the slot over
            raise
        _log.error("job %s was taken over by another process", job.name)
        return False
    except GongsiError as error:
        outcome = str(error)
    except Exception as error:
        _log.error("job %s failed: %s", job.name, type(error).__name__)
        outcome = type(error).__name__
    finally:
        work.cancel()
        beat.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beat
    await runs.end(run, outcome)
    return True


async def _beat(run: Run, runs: Runs, lease: timedelta, work: "asyncio.Future[str | None]") -> bool:
    """Extend the lease while the work goes on; False, and it is stopped, when it was taken over."""
    while True:
        await asyncio.sleep(lease.total_seconds() / 3)
        with contextlib.suppress(GongsiError):  # a database that is away may be back before the lease is over
            if not await runs.beat(run, lease):
                work.cancel()
                return False


@asynccontextmanager
async def running(jobs: Sequence[Job], runs: Runs) -> "AsyncIterator[AsyncIOScheduler]":
    """Jobs are run in this loop until the context ends; what was missed is caught up at once.

    On the way out running jobs are cancelled; a process that goes on takes their slots over.
    """
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from apscheduler.triggers.cron import CronTrigger

    scheduler = AsyncIOScheduler(
        timezone=_SEOUL, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _LATE}
    )

    awake: set[asyncio.Task[object]] = set()

    async def wake(job: Job) -> None:
        if task := asyncio.current_task():
            awake.add(task)
            task.add_done_callback(awake.discard)
        try:
            await tick(job, runs, datetime.now(UTC))
        except GongsiError as error:
            _log.error("job %s could not begin or end: %s", job.name, error)

    for job in jobs:
        trigger = CronTrigger(second=0, timezone=_SEOUL)
        scheduler.add_job(
            wake, trigger, args=[job], id=job.name, name=job.name, next_run_time=datetime.now(UTC)
        )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it logs each skipped overlap
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=False)  # cancels what runs
        await asyncio.gather(*awake, return_exceptions=True)


@cache
def _closed(year: int) -> frozenset[date]:
    """Days of a year on which the Korea Exchange is closed, weekends apart.

    Public and bank holidays (Workers' Day is one of the latter up to 2025), and the last day of the year
    that would be a trading day (Business Regulation of KRX's Stock Market, Article 5).
    """
    import holidays

    found = set(holidays.country_holidays("KR", years=year, categories=("public", "bank")))
    last = date(year, 12, 31)
    while last.weekday() >= 5 or last in found:
        last -= timedelta(days=1)
    return frozenset({*found, last})


def korean_trading_day(day: date) -> bool:
    """Whether the Korea Exchange trades. A holiday decreed after the library's release is not known."""
    return day.weekday() < 5 and day not in _closed(day.year)
