"""Lanes, leases and fences on a real server; what happens to them when it goes away."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, LiteralString

import psycopg
import pytest

from core.errors import StoreError
from core.inbox import Job, LeaseLost
from core.settings import Serve
from core.store.connect import check_server, migrate_database
from core.store.embedded import EmbeddedPostgres
from core.store.inbox import PostgresInbox
from core.wiring.inbox import connect_inbox
from tests.integration.conftest import FAST

pytestmark = pytest.mark.anyio

NOW = timedelta()
SERVE = Serve(concurrency=4, lease_seconds=1, drain_seconds=5, attempts=2)


@pytest.fixture
def database(module_database: str) -> str:
    with psycopg.connect(module_database, autocommit=True) as conn:
        conn.execute("truncate job, sent, heartbeat")
    return module_database


@pytest.fixture
async def inbox(database: str) -> AsyncIterator[PostgresInbox]:
    async with connect_inbox(database, SERVE) as opened:
        yield opened


def message(person: str = "telegram:42", chat: str = "42", **more: object) -> dict[str, Any]:
    return {"person": person, "text": "비밀", "place": {"platform": "telegram", "chat": chat}, **more}


async def claimed(inbox: PostgresInbox, queue: str = "in") -> Job:
    job = await inbox.claim(queue)
    assert job is not None
    return job


def rows(conninfo: str, query: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo, autocommit=True) as conn:
        return conn.execute(query).fetchall()


async def test_twenty_deliveries_of_one_event_are_one_job(inbox: PostgresInbox) -> None:
    put = await asyncio.gather(*(inbox.put("in", "tg:1", "a", {"n": n}) for n in range(20)))
    assert sorted(put) == [False] * 19 + [True]
    job = await claimed(inbox)
    await inbox.finish(job)
    assert not await inbox.put("in", "tg:1", "a", {})  # known after it has ended, too
    assert await inbox.claim("in") is None


async def test_a_lane_is_one_at_a_time_in_order_over_all_queues(inbox: PostgresInbox) -> None:
    for n, queue in enumerate(("in", "out", "in", "out")):
        await inbox.put(queue, f"a{n}", "a", {"n": n})
    await inbox.put("out", "b", "b", {})
    for n, queue in enumerate(("in", "out", "in", "out")):
        other = "out" if queue == "in" else "in"
        job = await claimed(inbox, queue)
        assert job.payload["n"] == n
        assert await inbox.claim(queue) is None or n < 2  # lane b's job waits in `out`
        if other == "out" and n == 0:
            free = await claimed(inbox, "out")
            assert free.key == "b"
            await inbox.finish(free)
        assert await inbox.claim(other) is None
        await inbox.finish(job)
    assert await inbox.oldest() is None


async def test_a_retry_holds_its_lane_and_a_failure_lets_it_go(inbox: PostgresInbox) -> None:
    await inbox.put("in", "1", "a", {})
    await inbox.put("in", "2", "a", {})
    first = await claimed(inbox)
    await inbox.retry(first, timedelta(seconds=0.3), "busy")
    assert await inbox.claim("in") is None
    await asyncio.sleep(0.3)
    again = await claimed(inbox)
    assert (again.id, again.attempts, again.lost) == (first.id, 2, 0)
    assert again.token != first.token
    await inbox.fail(again, "gone")
    assert (await claimed(inbox)).key == "2"


async def test_work_for_later_is_not_due(inbox: PostgresInbox) -> None:
    await inbox.put("in", "1", "a", {}, run_at=datetime.now(UTC) + timedelta(seconds=0.3))
    assert await inbox.claim("in") is None
    assert await inbox.oldest() is None
    await asyncio.sleep(0.3)
    assert (await inbox.oldest() or NOW) < timedelta(seconds=5)
    await claimed(inbox)


async def test_only_platforms_asked_for(inbox: PostgresInbox) -> None:
    await inbox.put("in", "1", "a", message())
    assert await inbox.claim("in", ["slack"]) is None
    assert await inbox.claim("in", []) is None
    assert await inbox.claim("in", ["slack", "telegram"]) is not None


async def test_a_lower_id_never_commits_later(inbox: PostgresInbox, database: str) -> None:
    """procrastinate's trap 5: the order of ids and of commits differed, and fetching broke."""
    with psycopg.connect(database) as slow:
        slow.execute("insert into job (queue, key, lane, payload) values ('in', 'slow', 'a', '{}')")
        late = asyncio.create_task(inbox.put("in", "late", "a", {}))
        await inbox.put("in", "other", "b", {})  # another lane goes its way
        assert (await claimed(inbox)).key == "other"
        await asyncio.sleep(0.1)
        assert not late.done()
        slow.commit()
    await late
    first = await claimed(inbox)
    assert first.key == "slow"
    assert await inbox.claim("in") is None
    await inbox.finish(first)
    second = await claimed(inbox)
    assert (second.key, second.id > first.id) == ("late", True)


async def test_a_rolled_back_put_leaves_nothing(inbox: PostgresInbox, database: str) -> None:
    with psycopg.connect(database) as slow:
        slow.execute("insert into job (queue, key, lane, payload) values ('in', 'k', 'a', '{}')")
        late = asyncio.create_task(inbox.put("in", "k", "a", {"n": 2}))
        await asyncio.sleep(0.05)
        slow.rollback()
    assert await late
    assert (await claimed(inbox)).payload["n"] == 2


async def test_a_stale_token_changes_nothing(inbox: PostgresInbox, database: str) -> None:
    await inbox.put("in", "1", "a", message())
    stale = await claimed(inbox)
    await inbox.sent(stale, 0, "10")
    await inbox.retry(stale, NOW, "x")
    job = await claimed(inbox)
    assert job.sent == {0: "10"}
    before = rows(database, "select * from job, sent")
    for change in (
        inbox.keep(stale, {}),
        inbox.sent(stale, 0, "11"),
        inbox.unsent(stale),
        inbox.finish(stale),
        inbox.retry(stale, NOW, "y"),
        inbox.fail(stale, "y"),
    ):
        with pytest.raises(LeaseLost):
            await change
    assert rows(database, "select * from job, sent") == before
    assert await inbox.beat([stale]) == {stale.id}
    assert await inbox.beat([job]) == set()
    assert await inbox.beat([]) == set()


async def test_the_reply_and_its_messages_survive_the_worker(inbox: PostgresInbox) -> None:
    await inbox.put("in", "1", "a", {})
    job = await claimed(inbox)
    await inbox.sent(job, 0, "10")
    await inbox.sent(job, 1, "11")
    await inbox.sent(job, 0, "12")  # opened anew
    await inbox.keep(job, {"reply": 1})
    await asyncio.sleep(1.05)
    assert await inbox.reap() == 1
    again = await claimed(inbox)
    assert (again.result, again.sent, again.lost) == ({"reply": 1}, {0: "12", 1: "11"}, 1)
    await inbox.unsent(again)
    assert await inbox.sent_for("1") == {}


async def test_a_job_that_kills_its_workers_is_given_up(inbox: PostgresInbox, database: str) -> None:
    await inbox.put("in", "1", "a", {})
    await inbox.put("in", "2", "a", {})
    for lost in range(SERVE.attempts + 1):
        job = await claimed(inbox)
        assert (job.key, job.lost) == ("1", lost)
        with psycopg.connect(database, autocommit=True) as conn:
            conn.execute("update job set lease_until = now() where state = 'doing'")
        assert await inbox.reap() == 1
        assert await inbox.reap() == 0
    assert (await claimed(inbox)).key == "2"
    assert rows(database, "select state, error from job where key = job_key('1')") == [
        ("failed", "lease ran out too often")
    ]


async def test_an_edit_finds_what_was_sent_for_the_question(inbox: PostgresInbox) -> None:
    await inbox.put("in", "q", "a", message())
    question = await claimed(inbox)
    for part in range(3):
        await inbox.sent(question, part, f"q{part}")
    await inbox.finish(question)
    await inbox.put("in", "q/1", "a", message(replaces="q"))
    edit = await claimed(inbox)
    assert await inbox.sent_for("q") == {0: "q0", 1: "q1", 2: "q2"}
    await inbox.sent(edit, 0, "e0")  # the old one was gone
    await inbox.finish(edit)
    assert await inbox.sent_for("q") == {0: "e0", 1: "q1", 2: "q2"}
    assert await inbox.sent_for("?") == {}


async def test_what_has_ended_keeps_nothing_of_a_person(inbox: PostgresInbox, database: str) -> None:
    for key in ("done", "failed", "forgotten"):
        await inbox.put("in", key, f"telegram:42:{key}", message(key=key))
    for _ in range(2):
        job = await claimed(inbox)
        await inbox.keep(job, {"reply": "비밀"})
        await (inbox.finish(job) if job.key == "done" else inbox.fail(job, "gone"))
    assert await inbox.forget_person("telegram:42", []) == 1
    kept = rows(database, "select key, state, lane, payload, result, token from job order by id")
    assert kept == [
        (sha256(key.encode()).hexdigest()[:32], state, "", {}, None, None)
        for key, state in (("done", "done"), ("failed", "failed"), ("forgotten", "done"))
    ]
    assert not await inbox.put("in", "forgotten", "telegram:42:forgotten", message())


async def test_forgetting_ends_what_was_queued_before(inbox: PostgresInbox) -> None:
    await inbox.put("in", "group", "g", message(chat="-1"))
    await inbox.put("in", "group 2", "g", message("telegram:7", chat="-1"))
    await inbox.put("out", "digest", "out:p", {"place": {"platform": "telegram", "chat": "42"}, "reply": {}})
    await inbox.put("in", "earlier", "h", message(chat="-2"))
    await inbox.put("in", "forget", "p", message())
    await inbox.put("in", "after", "p", message())
    being_done, earlier, forgetting = [await claimed(inbox) for _ in range(3)]
    assert [being_done.key, earlier.key, forgetting.key] == ["group", "earlier", "forget"]
    await inbox.retry(earlier, timedelta(minutes=1), "busy")
    assert len(await inbox.export_person("telegram:42")) == 4
    assert await inbox.forget_person("telegram:42", ["telegram:42"]) == 2  # `earlier` and `digest`
    assert not await inbox.put("in", "earlier", "h", message(chat="-2"))
    await inbox.finish(forgetting)
    await inbox.finish(being_done)
    assert {(await claimed(inbox)).key, (await claimed(inbox)).key} == {"after", "group 2"}
    assert await inbox.claim("out") is None


async def test_forgetting_and_finishing_at_once_never_deadlock(inbox: PostgresInbox) -> None:
    for n in range(200):
        await inbox.put("in", f"{n}", f"lane {n % 4}", message())

    async def finishing() -> None:
        while (job := await inbox.claim("in")) is not None:
            await inbox.finish(job)

    async def forgetting() -> None:
        for _ in range(20):
            await inbox.forget_person("telegram:42", ["telegram:42"])

    await asyncio.gather(finishing(), finishing(), forgetting(), forgetting())
    assert await inbox.oldest() is None


async def test_old_work_is_deleted(inbox: PostgresInbox, database: str) -> None:
    for n in range(3):
        await inbox.put("in", f"{n}", f"{n}", {})
    for _ in range(2):
        job = await claimed(inbox)
        await inbox.sent(job, 0, "m")
        await inbox.finish(job)
    await inbox.heartbeat("worker", "a:1")
    assert await inbox.retention(timedelta(days=1)) == 0
    assert await inbox.retention(NOW) == 2
    assert rows(database, "select key = job_key('2'), state from job") == [(True, "todo")]
    assert rows(database, "select * from sent") == []
    assert await inbox.heartbeats() == []


async def test_signs_of_life(inbox: PostgresInbox) -> None:
    await inbox.heartbeat("worker", "a:1")
    await inbox.heartbeat("telegram", "a:1")
    await asyncio.sleep(0.1)
    await inbox.heartbeat("worker", "a:1")
    telegram, worker = await inbox.heartbeats()
    assert (telegram.part, worker.part, worker.host) == ("telegram", "worker", "a:1")
    assert telegram.age > worker.age
    assert telegram.age >= timedelta(seconds=0.1)


async def test_waiting_is_woken_by_new_work_and_by_the_next_of_a_lane(
    inbox: PostgresInbox, database: str
) -> None:
    async with connect_inbox(database, SERVE) as other:
        await listener(database)
        await inbox.wait("in", timedelta(seconds=0.1))
        assert await seconds(inbox.wait("in", timedelta(seconds=0.1))) >= 0.1
        assert await seconds(woken(inbox, other.put("in", "1", "a", {}))) < 0.5
        await other.put("in", "2", "a", {})
        job = await claimed(other)
        await inbox.wait("in", timedelta(seconds=0.1))
        assert await seconds(woken(inbox, other.finish(job))) < 0.5
        job = await claimed(other)
        await inbox.wait("in", timedelta(seconds=0.1))
        assert await seconds(woken(inbox, other.retry(job, NOW, "x"))) < 0.5


async def woken(inbox: PostgresInbox, change: Any) -> None:
    waiting = asyncio.create_task(inbox.wait("in", timedelta(seconds=5)))
    await asyncio.sleep(0.05)
    await change
    await waiting


async def seconds(work: Any) -> float:
    began = time.monotonic()
    await work
    return time.monotonic() - began


async def test_a_backlog_behind_a_busy_lane_costs_nothing(inbox: PostgresInbox, database: str) -> None:
    """procrastinate's trap 6: 5,000 jobs behind one lock, 105 ms a fetch."""

    async def cost() -> float:
        return sorted([await seconds(inbox.claim("in")) for _ in range(40)])[20]

    assert await inbox.claim("in") is None
    free = await cost()
    await inbox.put("in", "0", "busy", {})
    await claimed(inbox)
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(
            "insert into job (queue, key, lane, payload)"
            " select 'in', 'b' || n, 'busy', '{}' from generate_series(1, 5000) as n"
        )
    assert await inbox.claim("in") is None
    assert await cost() < free * 3 + 0.002


@pytest.mark.parametrize("seed", range(4))
async def test_every_lane_is_first_in_first_out_whatever_happens(
    inbox: PostgresInbox, database: str, seed: int
) -> None:
    """Four workers claim, put off, fail, lose and finish by chance; a lane never doubles nor overtakes."""
    rng = Random(seed)  # noqa: S311
    begun: dict[str, list[int]] = defaultdict(list)
    busy: set[str] = set()
    ended: list[str] = []

    async def putting() -> None:
        for n in range(60):
            lane = rng.choice("abcde")
            await inbox.put(rng.choice(["in", "out"]), f"{n}", lane, {"lane": lane, "n": n})

    async def working() -> None:
        while len(ended) < 60:
            job = await inbox.claim(rng.choice(["in", "out"]))
            if job is None:
                await asyncio.sleep(0.002)
                continue
            lane, n = job.payload["lane"], job.payload["n"]
            assert lane not in busy
            busy.add(lane)
            assert begun[lane] == [] or n >= begun[lane][-1]
            begun[lane].append(n)
            await asyncio.sleep(rng.uniform(0, 0.003))
            busy.discard(lane)
            drawn = rng.random()
            if drawn < 0.2:
                await inbox.retry(job, timedelta(seconds=rng.uniform(0, 0.02)), "x")
            elif drawn < 0.3 and job.lost < SERVE.attempts:
                await expire(job)
            else:
                ended.append(job.key)
                await (inbox.fail(job, "x") if drawn < 0.4 else inbox.finish(job))

    async def expire(job: Job) -> None:
        async with inbox.pool.connection() as conn:
            await conn.execute("update job set lease_until = now() - interval '1 s' where id = %s", [job.id])
        await inbox.reap()

    async with asyncio.timeout(20):
        await asyncio.gather(putting(), *(working() for _ in range(4)))
    assert sorted(ended) == sorted(str(n) for n in range(60))
    assert rows(database, "select distinct state in ('done', 'failed') from job") == [(True,)]


async def test_a_closed_listener_comes_back(inbox: PostgresInbox, database: str) -> None:
    before = await listener(database)
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("select pg_terminate_backend(%s)", [before])
    assert await listener(database, other_than=before) != before
    await inbox.wait("in", NOW)
    await inbox.wait("in", NOW)
    assert await seconds(woken(inbox, inbox.put("in", "1", "a", {}))) < 0.5


async def listener(conninfo: str, other_than: int = 0) -> int:
    """Its process id, once it listens."""
    query: LiteralString = (
        "select pid from pg_stat_activity where datname = current_database() and query = 'listen job'"
    )
    async with asyncio.timeout(8):
        while not (found := [pid for (pid,) in rows(conninfo, query) if pid != other_than]):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return int(found[0])


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedPostgres]:
    """A server that a test may stop."""
    with TemporaryDirectory(prefix="gongsi-test-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", config=FAST)
        conninfo = server.start()
        check_server(conninfo)
        migrate_database(conninfo)
        yield server
        server.stop()


@asynccontextmanager
async def stopped(server: EmbeddedPostgres) -> AsyncIterator[None]:
    await asyncio.to_thread(server.stop)
    try:
        yield
    finally:
        await asyncio.to_thread(server.start)


async def test_an_outage_is_a_store_error_and_then_over(own_server: EmbeddedPostgres) -> None:
    conninfo = own_server.start()
    async with connect_inbox(conninfo, SERVE) as inbox:
        await inbox.put("in", "1", "a", {})
        async with stopped(own_server):
            attempts = (inbox.put("in", "2", "a", {}), inbox.claim("in"), inbox.oldest())
            for refused in await asyncio.gather(*attempts, return_exceptions=True):
                assert isinstance(refused, StoreError)
            assert await seconds(inbox.wait("in", timedelta(seconds=0.1))) < 1
        async with asyncio.timeout(5):
            while True:
                try:
                    job = await claimed(inbox)
                    break
                except StoreError:
                    await asyncio.sleep(0.05)
        await inbox.finish(job)
        await listener(conninfo)
        await inbox.wait("in", NOW)
        assert await seconds(woken(inbox, inbox.put("in", "3", "a", {}))) < 0.5
