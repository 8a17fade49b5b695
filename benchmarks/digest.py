"""Digests of one day for 1,000 subscribers: how fast they are put, and each once through kills.

Half of the subscribers watch the three companies of the bundled samples, half the whole market; what is put
is what `gongsi digest run` puts. The program is killed with SIGKILL four times on the way, then ends; then
again as two processes at once.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import LiteralString

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))
from bots.digest import digest_job
from core.digest.sending import Sending
from core.digest.subscriber import MARKET, Address
from core.etl.filing import read_filing
from core.etl.source import discover
from core.model import Level
from core.profile.glossary import load_glossary
from core.settings import Digest
from core.store.connect import check_server, migrate_database, open_pool
from core.store.digests import PostgresOutbox
from core.store.embedded import EmbeddedPostgres
from core.store.load import load
from core.store.subscriptions import PostgresSubscriptions

ROOT = Path(__file__).parents[1]
_JOBS: LiteralString = "select count(*) from job"
_LEVELS = list(Level)
_DAYS = (date(2025, 6, 9), date(2025, 7, 4), date(2025, 8, 11))
_BEFORE = datetime(2025, 6, 2, 9, tzinfo=UTC)


async def _subscribe(conninfo: str, count: int) -> None:
    codes = ["09900011", "09900022", "09900033"]
    settings = Digest(time="18:30", items=20, per_second=15)
    async with open_pool(conninfo, autocommit=True) as pool:
        made = PostgresSubscriptions(pool, datetime.fromisoformat(f"2025-01-01T{settings.time}").time())
        for number in range(count):
            address = Address("telegram", str(number), None, True)
            watched = codes if number % 2 else [MARKET]
            await made.watch(address, f"telegram:{number}", watched, _BEFORE)


async def _put(conninfo: str, day: date) -> int:
    async def level(person: str | None) -> Level:
        return _LEVELS[int((person or "0").rpartition(":")[2]) % len(_LEVELS)]

    async with open_pool(conninfo, autocommit=True) as pool:
        settings = Digest(time="18:30", items=20, per_second=15)
        sending = Sending(PostgresOutbox(pool), settings, load_glossary(), level, digest_job)
        return await sending.daily(day)


def _count(conninfo: str, query: LiteralString) -> int:
    with psycopg.connect(conninfo) as conn:
        ((count,),) = conn.execute(query).fetchall()
        return int(count)


def _program(conninfo: str, day: date) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  # ourselves
        [sys.executable, __file__, "--put", str(day), "--database", conninfo], env=os.environ
    )


def _killed(conninfo: str, day: date, count: int) -> int:
    """How many times it was killed in the middle."""
    kills = 0
    for step in range(1, 5):
        enough = _count(conninfo, _JOBS) + count // 6
        with _program(conninfo, day) as program:
            while _count(conninfo, _JOBS) < enough and program.poll() is None:
                time.sleep(0.005)
            kills += program.poll() is None
            program.send_signal(signal.SIGKILL)
        print(f"  killed {step}: {_count(conninfo, _JOBS):,} jobs", flush=True)
    with _program(conninfo, day) as program:
        program.wait()
    return kills


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=1_000)
    parser.add_argument("--put", type=date.fromisoformat)
    parser.add_argument("--database")
    arguments = parser.parse_args()
    if arguments.put:
        asyncio.run(_put(arguments.database, arguments.put))
        return
    with tempfile.TemporaryDirectory(prefix="gongsi-bench-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            _measure(server.start(), arguments.subscribers)
        finally:
            server.stop()


def _measure(conninfo: str, count: int) -> None:
    check_server(conninfo)
    migrate_database(conninfo)
    with psycopg.connect(conninfo, autocommit=True) as conn:
        load(conn, [read_filing(source)[0] for source in discover([ROOT / "samples"])], lambda _, __: None)
    asyncio.run(_subscribe(conninfo, count))
    whole, killed, twice = _DAYS
    started = time.perf_counter()
    put = asyncio.run(_put(conninfo, whole))
    seconds = time.perf_counter() - started
    print(f"{put:,} digests put in {seconds:.1f} s ({put / seconds:.0f}/s), one process")
    kills = _killed(conninfo, killed, count)
    programs = [_program(conninfo, twice) for _ in range(2)]
    for program in programs:
        program.wait()
    jobs = _count(conninfo, _JOBS)
    items = _count(conninfo, "select count(*) from digest_item")
    apart = _count(
        conninfo,
        """
        select count(*) from digest_item d join subscriber s on s.id = d.subscriber
        where not exists (select from job j where j.key like 'digest:' || s.id || ':%'
                              and j.put_at = d.told_at and j.payload::text like '%' || d.rcept_no || '%')
        """,
    )
    print(f"{kills} kills in the middle, then two processes at once: {jobs:,} jobs, {items:,} items")
    print(f"items told without a message that names them: {apart}")
    if apart or jobs != len(_DAYS) * count:
        sys.exit("not each once")


if __name__ == "__main__":
    main()
