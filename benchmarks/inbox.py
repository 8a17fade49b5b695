"""The durable inbox and its worker, measured on a server of their own: `python benchmarks/inbox.py`.

Beside it stands what procrastinate 3.10.0 did on the same kind of machine (notes/queue.md; not measured
again here). The server keeps fsync on: what is put is on the disk.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import LiteralString

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))
from bots.message import Incoming, Place, Reply, says
from bots.worker import Worker
from core.settings import Serve
from core.store.connect import check_server, migrate_database
from core.store.embedded import EmbeddedPostgres
from core.store.inbox import PostgresInbox
from core.wiring.inbox import connect_inbox
from tests.doubles.channel import FakeChannel, Memory

_SERVE = Serve(concurrency=8, lease_seconds=30, drain_seconds=5, attempts=5)
_BACKLOGS = (0, 200, 1_000, 5_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2_000)
    jobs = parser.parse_args().jobs
    with tempfile.TemporaryDirectory(prefix="gongsi-bench-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        conninfo = server.start()
        try:
            check_server(conninfo)
            migrate_database(conninfo)
            rows = asyncio.run(measured(conninfo, jobs))
        finally:
            server.stop()
    print(f"{'':46}{'공시톡':>16}   procrastinate")
    for name, ours, theirs in rows:
        print(f"{name:46}{ours:>16}   {theirs}")


async def measured(conninfo: str, jobs: int) -> list[tuple[str, str, str]]:
    rows = []
    async with connect_inbox(conninfo, _SERVE) as inbox:
        await asyncio.sleep(0.3)  # the listener
        began = await latencies(inbox, 300)
        rows.append(("insert → start, idle, p50 / p95 ms", _p50_p95(began), "6 / 26"))
        rate = await throughput(inbox, jobs)
        rows.append(("no-op jobs / s (claim and finish)", f"{rate:,.0f}", ""))
        taken, right = await lanes(inbox, 200, 5)
        rows.append(("200 lanes × 5, in order", f"{right}/200 {taken:.1f} s", "200/200"))
        for backlog in _BACKLOGS:
            _sql(conninfo, "truncate job, sent")
            cost = await claim_cost(inbox, conninfo, backlog)
            known = {200: "3", 1_000: "21", 5_000: "105"}.get(backlog, "")
            rows.append((f"claim, {backlog:,} jobs behind one busy lane, ms", f"{cost:.2f}", known))
        _sql(conninfo, "truncate job, sent")
        cost = await claim_cost(inbox, conninfo, 1_000, lanes=200)
        rows.append(("claim, 1,000 jobs behind 200 busy lanes, ms", f"{cost:.2f}", ""))
        _sql(conninfo, "truncate job, sent")
        cpu, rate, done = await whole(inbox, 1_000)
        rows.append(("whole worker, CPU ms a message (put to finish)", f"{cpu:.2f}", ""))
        rows.append(("whole worker, messages / s", f"{rate:,.0f}", ""))
        rows.append(("whole worker, one at a time, p50 / p95 ms", _p50_p95(done), ""))
        rows.append(("whole worker, idle, % of one CPU", f"{100 * await idle(inbox, 5):.2f}", ""))
    return rows


async def latencies(inbox: PostgresInbox, jobs: int) -> list[float]:
    began: list[float] = []
    put_at: dict[str, float] = {}

    async def consume() -> None:
        while len(began) < jobs:
            job = await inbox.claim("in")
            if job is None:
                await inbox.wait("in", timedelta(seconds=1))
                continue
            began.append(time.perf_counter() - put_at[job.key])
            await inbox.finish(job)

    consumer = asyncio.create_task(consume())
    for n in range(jobs):
        put_at[f"l{n}"] = time.perf_counter()
        await inbox.put("in", f"l{n}", f"{n}", {})
        await asyncio.sleep(0.02)
    await consumer
    return began


async def throughput(inbox: PostgresInbox, jobs: int) -> float:
    for n in range(jobs):
        await inbox.put("in", f"t{n}", f"{n}", {})
    began = time.perf_counter()
    await _consumed(inbox, jobs, lambda _: asyncio.sleep(0))
    return jobs / (time.perf_counter() - began)


async def lanes(inbox: PostgresInbox, count: int, each: int) -> tuple[float, int]:
    """Seconds, and how many lanes were done in order, each job taking 10 ms."""
    done: dict[str, list[int]] = defaultdict(list)

    async def work(key: str) -> None:
        _, lane, n = key.split("/")
        await asyncio.sleep(0.01)
        done[lane].append(int(n))

    began = time.perf_counter()
    consuming = asyncio.create_task(_consumed(inbox, count * each, work))
    for n in range(each):
        for lane in range(count):
            await inbox.put("in", f"f/{lane}/{n}", f"{lane}", {})
    await consuming
    return time.perf_counter() - began, sum(order == list(range(each)) for order in done.values())


async def _consumed(inbox: PostgresInbox, jobs: int, work: Callable[[str], Awaitable[object]]) -> None:
    left = jobs

    async def consume() -> None:
        nonlocal left
        while left > 0:
            job = await inbox.claim("in")
            if job is None:
                await inbox.wait("in", timedelta(seconds=0.05))
                continue
            left -= 1
            await work(job.key)
            await inbox.finish(job)

    await asyncio.gather(*(consume() for _ in range(8)))


async def claim_cost(inbox: PostgresInbox, conninfo: str, backlog: int, lanes: int = 1) -> float:
    """Median ms of a claim that finds one free job behind all that."""
    for lane in range(lanes if backlog else 0):
        await inbox.put("in", f"busy {lane}", f"busy {lane}", {})
        assert await inbox.claim("in")  # noqa: S101
    with psycopg.connect(conninfo, autocommit=True) as conn:
        conn.execute(
            "insert into job (queue, key, lane, payload)"
            " select 'in', 'b' || n, 'busy ' || n %% %s, '{}' from generate_series(1, %s) as n",
            [lanes, backlog],
        )
    taken = []
    for n in range(200):
        await inbox.put("in", f"free {n}", f"free {n}", {})
        began = time.perf_counter()
        job = await inbox.claim("in")
        taken.append(time.perf_counter() - began)
        assert job is not None  # noqa: S101
        assert job.key == (f"free {n}" if backlog else job.key)  # noqa: S101
        await inbox.finish(job)
    return statistics.median(taken) * 1_000


async def echo(incoming: Incoming, _: Callable[[str], Awaitable[None]]) -> Reply | None:
    return says(incoming.text)


async def whole(inbox: PostgresInbox, messages: int) -> tuple[float, float, Sequence[float]]:
    """CPU ms a message and messages a second in bulk; seconds to the answer of one at a time."""
    worker = Worker(inbox, {"telegram": FakeChannel(Memory())}, echo, _SERVE)
    running = asyncio.create_task(worker.run())
    cpu, began = time.process_time(), time.perf_counter()
    for n in range(messages):
        await _ask(inbox, f"w{n}", n % 200)
    while worker.counters.delivered < messages:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    cpu, taken = time.process_time() - cpu, time.perf_counter() - began
    worker.counters.done.clear()
    for n in range(100):
        await _ask(inbox, f"x{n}", n)
        while worker.counters.delivered < messages + n + 1:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
    done = list(worker.counters.done)
    await worker.drain(1)
    await running
    return cpu * 1_000 / messages, messages / taken, done


async def idle(inbox: PostgresInbox, seconds: float) -> float:
    worker = Worker(inbox, {"telegram": FakeChannel(Memory())}, echo, _SERVE)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(1)
    cpu = time.process_time()
    await asyncio.sleep(seconds)
    cpu = time.process_time() - cpu
    await worker.drain(1)
    await running
    return cpu / seconds


async def _ask(inbox: PostgresInbox, key: str, chat: int) -> None:
    place = Place("telegram", f"{chat}")
    incoming = Incoming(key, "message", place, f"telegram:{chat}", "영업이익은?", datetime.now(UTC))
    await inbox.put("in", key, place.lane, incoming.to_json())


def _sql(conninfo: str, query: LiteralString) -> None:
    with psycopg.connect(conninfo, autocommit=True) as conn:
        conn.execute(query)


def _p50_p95(seconds: Sequence[float]) -> str:
    cuts = statistics.quantiles(seconds, n=20)
    return f"{statistics.median(seconds) * 1_000:.1f} / {cuts[18] * 1_000:.1f}"


if __name__ == "__main__":
    main()
