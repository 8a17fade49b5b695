"""A worker in this process: replies made, shown, delivered and never lost, within its bounds."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, LiteralString

import psycopg
import pytest

from bots.kept import Kept
from bots.message import Incoming, Place, Reply, says
from bots.texts import FAILED, STORE_DOWN
from bots.worker import Worker
from core.errors import InputError, StoreError
from core.settings import Serve
from core.store.connect import check_server, migrate_database
from core.store.embedded import EmbeddedPostgres
from core.store.inbox import PostgresInbox
from core.wiring.inbox import connect_inbox
from tests.doubles.channel import FakeChannel, Memory, hostile, scripted
from tests.integration.conftest import FAST

pytestmark = pytest.mark.anyio

SERVE = Serve(concurrency=4, lease_seconds=1, drain_seconds=5, attempts=2)
Show = Callable[[str], Awaitable[None]]


def asked(key: str, chat: str = "42", kind: str = "message", **more: Any) -> Incoming:
    platform: Literal["telegram", "slack"] = more.pop("platform", "telegram")
    place = more.pop("place", Place(platform, chat))
    values: dict[str, Any] = {"key": key, "kind": kind, "place": place, "person": f"{platform}:{chat}"}
    return Incoming(**{**values, "text": key, "at": datetime.now(UTC), **more})


async def put(inbox: PostgresInbox, incoming: Incoming) -> None:
    assert await inbox.put("in", incoming.key, incoming.place.lane, incoming.to_json())


async def echo(incoming: Incoming, show: Show) -> Reply | None:
    return says(f"답 {incoming.text}")


@pytest.fixture
def database(module_database: str) -> str:
    execute(module_database, "truncate job, sent, heartbeat")
    return module_database


@pytest.fixture
async def inbox(database: str) -> AsyncIterator[PostgresInbox]:
    async with connect_inbox(database, SERVE) as opened:
        yield opened


def execute(conninfo: str, query: LiteralString) -> list[tuple[Any, ...]]:
    with psycopg.connect(conninfo, autocommit=True) as conn:
        cursor = conn.execute(query)
        return cursor.fetchall() if cursor.description else []


@asynccontextmanager
async def working(
    inbox: PostgresInbox,
    channels: FakeChannel | Mapping[str, FakeChannel],
    talk: Callable[[Incoming, Show], Awaitable[Reply | None]] = echo,
    serve: Serve = SERVE,
    **more: Any,
) -> AsyncIterator[Worker]:
    if isinstance(channels, FakeChannel):
        channels = {"telegram": channels}
    worker = Worker(inbox, channels, talk, serve, **{"call_seconds": 0.5, **more})
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        await worker.drain(0)
        await task


async def until(true: Callable[[], object], seconds: float = 10) -> float:
    """Seconds until it is true."""
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return time.monotonic() - began


def ended(conninfo: str, jobs: int = 1) -> Callable[[], bool]:
    def all_ended() -> bool:
        return execute(conninfo, "select count(*) from job where ended_at is not null") == [(jobs,)]

    return all_ended


def texts(screen: Memory, room: str | None = None) -> list[str]:
    return [one.text for one in screen.shown(room)]


async def test_a_reply_grows_in_its_message(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory())

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        for n in range(3):
            await show(f"쓰는 중 {n}")
            await until(lambda n=n: texts(channel.screen) == [f"쓰는 중 {n}"])
        return await echo(incoming, show)

    async with working(inbox, channel, talk) as worker:
        await put(inbox, asked("1"))
        await until(ended(database))
    assert texts(channel.screen) == ["답 1"]
    assert channel.calls["open"] == 1
    counters = worker.counters
    assert (counters.claimed, counters.delivered, counters.failed, counters.lost) == (1, 1, 0, 0)
    assert 0 < counters.first[0] < counters.done[0] < 5
    assert [beat.part for beat in await inbox.heartbeats()] in ([], ["worker"])


async def test_drafts_need_no_message(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory(), drafts=True)

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        await show("쓰는 중")
        await until(lambda: channel.frames)
        assert texts(channel.screen) == []
        return await echo(incoming, show)

    async with working(inbox, channel, talk):
        await put(inbox, asked("1"))
        await until(ended(database))
    assert texts(channel.screen) == ["답 1"]


async def test_nothing_to_say_leaves_nothing(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory())

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        if incoming.kind == "message":
            await show("…")
            await until(lambda: texts(channel.screen))
        return None

    async with working(inbox, channel, talk):
        await put(inbox, asked("1"))
        await put(inbox, asked("2", kind="button"))
        await until(ended(database, 2))
    assert texts(channel.screen) == []
    assert channel.answered == [("2", None)]


async def test_every_failure_is_said_and_no_word_of_a_person_logged(
    inbox: PostgresInbox, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    channel = FakeChannel(Memory())

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        raise InputError("너무 깁니다.") if incoming.key == "1" else ValueError("비밀")

    async with working(inbox, channel, talk):
        await put(inbox, asked("1"))
        await put(inbox, asked("비밀"))
        await put(inbox, asked("3", kind="joined"))
        await until(ended(database, 3))
    assert texts(channel.screen) == ["너무 깁니다.", FAILED]
    assert "ValueError test_worker.py:" in caplog.text
    assert "비밀" not in caplog.text


async def test_a_database_that_was_away_for_the_talk_is_asked_again(
    inbox: PostgresInbox, database: str
) -> None:
    channel = FakeChannel(Memory())
    failures = {"1": 1, "2": 99}

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        failures[incoming.key] -= 1
        if failures[incoming.key] >= 0:
            raise StoreError("데이터베이스에 연결하지 못했습니다 (host=db).")
        return await echo(incoming, show)

    async with working(inbox, channel, talk):
        await put(inbox, asked("1", "1"))
        await put(inbox, asked("2", "2"))
        await until(ended(database, 2))
    assert sorted(texts(channel.screen)) == sorted(["답 1", STORE_DOWN])
    assert failures == {"1": -1, "2": 99 - SERVE.attempts - 1}


async def test_what_cannot_be_read_fails_and_the_lane_goes_on(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory())
    await inbox.put("in", "bad", "telegram:42:", {"place": {"platform": "telegram"}, "text": "비밀"})
    await put(inbox, asked("1"))
    async with working(inbox, channel) as worker:
        await until(ended(database, 2))
    assert texts(channel.screen) == ["답 1"]
    assert worker.counters.failed == 1


async def test_a_job_that_killed_its_workers_gets_an_apology(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory())
    await put(inbox, asked("1"))
    for _ in range(SERVE.attempts):
        assert await inbox.claim("in")
        execute(database, "update job set lease_until = now() - interval '1 s'")
        await inbox.reap()

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        raise AssertionError("not asked again")

    async with working(inbox, channel, talk):
        await until(ended(database))
    assert texts(channel.screen) == [FAILED]


async def test_typing_is_shown_where_it_takes_a_while(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory())

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        if incoming.key == "slow":
            await until(lambda: channel.calls["busy"])
        return await echo(incoming, show)

    async with working(inbox, channel, talk):
        await put(inbox, asked("1"))
        await until(ended(database))
        assert channel.calls["busy"] == 0
        await put(inbox, asked("slow"))
        await until(ended(database, 2))


async def test_an_edit_keeps_the_earlier_answer_until_there_is_another(
    inbox: PostgresInbox, database: str
) -> None:
    channel = FakeChannel(Memory())

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        await show("쓰는 중")
        return None if incoming.text == "같음" else await echo(incoming, show)

    async with working(inbox, channel, talk):
        await put(inbox, asked("1"))
        await until(ended(database))
        channel.frames.clear()
        await put(inbox, asked("1/1", replaces="1", text="같음"))
        await until(ended(database, 2))
        assert texts(channel.screen) == ["답 1"]
        await put(inbox, asked("1/2", replaces="1", text="다름"))
        await until(ended(database, 3))
    assert texts(channel.screen) == ["답 다름"]
    assert channel.frames == []


async def test_a_held_chat_holds_nobody_else(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory(), lambda operation, place: "busy 60" if place.chat == "held" else "")
    serve = SERVE.model_copy(update={"concurrency": 1})
    async with working(inbox, channel, serve=serve):
        for n in range(3):
            await put(inbox, asked(f"h{n}", "held"))
        await put(inbox, asked("1", "free"))
        assert await until(ended(database)) < 2
    assert texts(channel.screen, "telegram:free") == ["답 1"]
    assert execute(database, "select count(*) from job where state = 'waiting'") == [(2,)]


async def test_a_platform_that_hangs_holds_no_other(inbox: PostgresInbox, database: str) -> None:
    screen = Memory()
    channels = {
        "telegram": FakeChannel(screen, lambda operation, place: "hang" if operation == "open" else ""),
        "slack": FakeChannel(screen),
    }
    serve = SERVE.model_copy(update={"concurrency": 2})
    async with working(inbox, channels, serve=serve, call_seconds=30) as worker:
        for n in range(30):
            await put(inbox, asked(f"t{n}", f"{n}"))
        await until(lambda: worker.counters.claimed == 8)  # its share
        for n in range(5):
            await put(inbox, asked(f"s{n}", f"T/{n}", platform="slack"))
        assert await until(ended(database, 5)) < 3


async def test_a_stuck_stream_slows_neither_the_writer_nor_its_answer(
    inbox: PostgresInbox, database: str
) -> None:
    channel = FakeChannel(Memory(), scripted("show: hang"))
    talked: list[float] = []

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        began = time.monotonic()
        for n in range(50):
            await show(f"{n}")
            await asyncio.sleep(0.002)
        talked.append(time.monotonic() - began)
        return await echo(incoming, show)

    async with working(inbox, channel, talk, call_seconds=30):
        await put(inbox, asked("1"))
        assert await until(ended(database)) < 4
    assert talked[0] < 1
    assert texts(channel.screen) == ["답 1"]


async def test_a_stream_that_meets_a_hold_goes_on_behind_it(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory(), scripted("open: busy 0.1"))

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        await show("쓰는 중")
        await until(lambda: texts(channel.screen) == ["쓰는 중"])
        return await echo(incoming, show)

    async with working(inbox, channel, talk):
        await put(inbox, asked("1"))
        await until(ended(database))
    assert texts(channel.screen) == ["답 1"]


async def test_a_lost_lease_stops_the_work(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory())
    cancelled = asyncio.Event()

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        execute(database, "update job set token = gen_random_uuid()")
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return None

    async with working(inbox, channel, talk) as worker:
        await put(inbox, asked("1"))
        await asyncio.wait_for(cancelled.wait(), 2)
        await until(lambda: worker.counters.lost)
    assert texts(channel.screen) == []
    assert (worker.counters.lost, worker.counters.delivered) == (1, 0)


async def test_a_long_reply_keeps_its_lease(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory())

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        await asyncio.sleep(SERVE.lease_seconds * 1.6)
        return await echo(incoming, show)

    async with working(inbox, channel, talk) as worker:
        await put(inbox, asked("1"))
        await until(ended(database))
    assert (worker.counters.claimed, worker.counters.lost) == (1, 0)
    assert [(beat.part, beat.host) for beat in await inbox.heartbeats()] == [("worker", worker.host)]


async def test_draining_finishes_what_is_in_hand_and_hands_over_the_rest(
    inbox: PostgresInbox, database: str
) -> None:
    channel = FakeChannel(Memory(), looks=True)
    begun: list[str] = []

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        begun.append(incoming.key)
        await show("쓰는 중")
        await asyncio.sleep(0.3 if incoming.key == "short" or begun.count("long") > 1 else 60)
        return await echo(incoming, show)

    async with connect_inbox(database, SERVE) as another:
        first = Worker(inbox, {"telegram": channel}, talk, SERVE)
        running = asyncio.create_task(first.run())
        for key in ("short", "long"):
            await put(inbox, asked(key, key))
        await until(lambda: len(begun) == 2)
        async with working(another, channel, talk) as second:
            await put(inbox, asked("next", "short"))
            began = time.monotonic()
            await first.drain(0.8)
            await running
            assert 0.5 < time.monotonic() - began < 1.2
            assert first.counters.delivered == 1
            assert await until(lambda: begun.count("long") == 2) < 0.5  # at once, not when a lease runs out
            await until(lambda: second.counters.delivered)
    assert texts(channel.screen, "telegram:long") == ["답 long"]
    assert texts(channel.screen, "telegram:short")[0] == "답 short"


async def test_digests_are_paced_and_hold_no_answer_back(inbox: PostgresInbox, database: str) -> None:
    channel = FakeChannel(Memory())
    async with working(inbox, channel, out_per_second=20.0):
        for n in range(20):
            for _ in range(2):
                kept = Kept(says(f"요약 {n}"), Place("telegram", f"{n}"))
                await inbox.put("out", f"o{n}", f"out:{n}", kept.to_json())
        began = time.monotonic()
        await put(inbox, asked("1", "3"))
        assert await until(lambda: "답 1" in texts(channel.screen)) < 0.6
        await until(ended(database, 21))
        assert time.monotonic() - began > 19 / 20 * 0.9
    assert len(channel.screen.shown()) == 21


@pytest.mark.parametrize("looks", [True, False])
async def test_each_question_has_one_answer_in_order_under_faults(
    inbox: PostgresInbox, database: str, looks: bool
) -> None:
    channel = FakeChannel(Memory(), hostile(7), looks=looks)

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        await show("쓰는 중")
        await asyncio.sleep(0.005)
        return await echo(incoming, show)

    async with working(inbox, channel, talk, SERVE.model_copy(update={"concurrency": 16}), call_seconds=0.3):
        for n in range(3):
            await asyncio.gather(*(put(inbox, asked(f"{lane}/{n}", f"{lane}")) for lane in range(30)))
        await until(ended(database, 90), 40)
    for lane in range(30):
        finals = [one.text for one in channel.screen.shown(f"telegram:{lane}") if one.finals]
        assert finals == [f"답 {lane}/{n}" for n in range(3)]
    orphans = [one for one in channel.screen.shown() if not one.finals]
    assert len(orphans) <= (0 if looks else 12)


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    with TemporaryDirectory(prefix="gongsi-test-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", config=FAST)
        conninfo = server.start()
        check_server(conninfo)
        migrate_database(conninfo)
        yield server
        server.stop()


async def test_an_outage_of_the_database_loses_nothing(own_server: EmbeddedPostgres) -> None:
    """It goes away, for longer than the lease, while one reply is being made and one is delivered."""
    conninfo = own_server.start()
    going, away, delivering = asyncio.Event(), asyncio.Event(), asyncio.Event()

    class Slow(FakeChannel):
        async def open(self, place: Place, mark: str, *, reply_to: str | None, again: bool) -> str:
            if place.chat == "delivered" and not delivering.is_set():
                delivering.set()
                await away.wait()
            return await super().open(place, mark, reply_to=reply_to, again=again)

    channel = Slow(Memory())

    async def talk(incoming: Incoming, show: Show) -> Reply | None:
        if incoming.key == "made":
            going.set()
            await away.wait()
        return await echo(incoming, show)

    async with (
        connect_inbox(conninfo, SERVE) as inbox,
        working(inbox, channel, talk, call_seconds=30) as worker,
    ):
        await put(inbox, asked("made", "made"))
        await put(inbox, asked("delivered", "delivered"))
        await going.wait()
        await delivering.wait()
        await asyncio.to_thread(own_server.stop)
        away.set()
        await until(lambda: worker.counters.outages)
        await asyncio.to_thread(own_server.start)
        put_again = (
            "insert into job (queue, key, lane, payload) select 'in', 'c', 'c', payload from job limit 1"
        )
        execute(conninfo, put_again)
        assert await until(ended(conninfo, 3), 15) < 12
    for name in ("made", "delivered"):
        assert f"답 {name}" in texts(channel.screen, f"telegram:{name}")
    assert sum(bool(one.finals) for one in channel.screen.shown()) == 3
