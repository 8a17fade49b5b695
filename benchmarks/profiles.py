"""What profiles cost: milliseconds a message, seconds for a long history, bytes in PostgreSQL.

`python -m benchmarks.profiles [PROFILES] [GOLD]`: times are of a warm Kiwi over the messages of GOLD, each
measured alone; space is that of PROFILES rows (10,000 if not given) in an embedded server, with indexes and
TOAST, and what 100,000 would take by it: with as many messages as the histories have, and with as many as a
profile keeps.
"""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from langgraph.store.base import PutOp
from langgraph.store.postgres.aio import AsyncPostgresStore

from bots.histories import read_histories
from core.profile.profile import Profile, replay
from core.profile.signals import Reader
from core.store.embedded import EmbeddedPostgres
from core.wiring.models import build_reader

ROOT = Path(__file__).parents[1]
START = datetime.fromisoformat("2026-03-02T09:00:00+09:00")
LONG = 2_000
KEPT = 40
ALL = 100_000


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    gold = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "tests" / "gold" / "profile.jsonl"
    histories = [[m["text"] for m in row["messages"]] for row in read_histories(gold)]
    reader = build_reader()
    reader.read("따뜻하게")
    texts = [text for history in histories for text in history]
    times = list(_each(texts, reader))
    for clock, spent in zip(("wall", "CPU"), map(sorted, zip(*times, strict=True)), strict=True):
        p50, p95 = spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
        print(f"{len(spent)} messages, {clock}: p50 {p50:.2f} ms, p95 {p95:.2f} ms")
    started = time.perf_counter()
    _replayed(list(islice(cycle(texts), LONG)), reader)
    print(f"replay of {LONG} messages: {time.perf_counter() - started:.1f} s")
    short = [_replayed(history, reader) for history in histories]
    starts = (cycle(texts[at:] + texts[:at]) for at in range(0, len(texts), 5))
    full = [_replayed(list(islice(one, KEPT)), reader) for one in starts]
    with TemporaryDirectory(prefix="gongsi-bench-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        conninfo = server.start()
        for name, profiles in (("as these histories", short), (f"{KEPT} messages each", full)):
            size = asyncio.run(_stored(conninfo, profiles, count))
            each = size / count
            print(f"{name}: {each:,.0f} bytes a profile, {ALL}: {each * ALL / 1e6:,.0f} MB")
        server.stop()


def _each(texts: Sequence[str], reader: Reader) -> Iterator[tuple[float, float]]:
    """Milliseconds of the wall clock, and of the processor, which other work does not stretch."""
    profile = Profile()
    for at, text in enumerate(texts):
        started, busy = time.perf_counter(), time.process_time()
        profile = profile.after(text, START + timedelta(minutes=at), reader)
        profile.belief()
        yield (time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000


def _replayed(texts: Sequence[str], reader: Reader) -> Profile:
    return replay(((START + timedelta(minutes=at), text) for at, text in enumerate(texts)), reader)


async def _stored(conninfo: str, profiles: Sequence[Profile], count: int) -> int:
    """Bytes that `count` rows add to an empty table."""
    async with AsyncPostgresStore.from_conn_string(conninfo) as store:
        await store.setup()
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute("truncate store")
        for begin in range(0, count, 500):
            numbers = range(begin, min(begin + 500, count))
            await store.abatch(
                [
                    PutOp(
                        ("profile", f"telegram:{10**9 + n}"),
                        "profile",
                        profiles[n % len(profiles)].to_json(),
                        index=False,
                    )
                    for n in numbers
                ]
            )
    with psycopg.connect(conninfo) as connection:
        (row,) = connection.execute("select pg_total_relation_size('store')").fetchall()
    return int(row[0])


if __name__ == "__main__":
    main()
