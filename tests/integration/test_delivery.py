"""Every part of a reply once to the person's eye, whatever the platform answers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from bots import texts
from bots.delivery import Delivery, Outcome
from bots.kept import Kept
from bots.lease import Lease, unbroken
from bots.message import Document, Home, Incoming, Place, Reply, says
from core.inbox import Job, LeaseLost
from core.settings import Serve
from core.store.inbox import PostgresInbox
from core.wiring.inbox import connect_inbox
from tests.doubles.channel import EMPTY, FakeChannel, Faults, Memory, no_faults, scripted

pytestmark = pytest.mark.anyio

SERVE = Serve(concurrency=4, lease_seconds=5, drain_seconds=5, attempts=2)
GROUP = Place("telegram", "-1", private=False)
PRIVATE = Place("telegram", "42")


@dataclass
class Chat:
    """One inbox, one screen, and deliveries of the jobs of a conversation."""

    inbox: PostgresInbox
    conninfo: str
    screen: Memory = field(default_factory=Memory)
    gone: list[Place] = field(default_factory=list)
    moved: list[tuple[Place, str]] = field(default_factory=list)

    def asked(self, key: str = "q", kind: str = "message", **more: Any) -> Incoming:
        values: dict[str, Any] = {"key": key, "kind": kind, "place": GROUP, "person": "telegram:42"}
        return Incoming(**{**values, "text": "?", "at": datetime.now(UTC), "message": "7", **more})

    async def put(self, incoming: Incoming) -> None:
        assert await self.inbox.put("in", incoming.key, incoming.place.lane, incoming.to_json())

    async def claimed(self) -> Job:
        with psycopg.connect(self.conninfo, autocommit=True) as conn:
            conn.execute("update job set run_at = now() where state = 'todo'")
        job = await self.inbox.claim("in")
        assert job is not None
        return job

    async def deliver(
        self, job: Job, reply: Reply, channel: FakeChannel, incoming: Incoming | None = None
    ) -> Outcome:
        incoming = incoming or Incoming.from_json(job.payload)
        delivery = Delivery(
            self.inbox, {"telegram": channel}, self.hear_gone, self.hear_moved, call_seconds=0.3
        )
        lease = Lease(self.inbox, job, SERVE.lease_seconds, 0.0)  # never sure without asking
        kept = Kept.from_json(job.result) if job.result else Kept(reply, reply.only_to or incoming.place)
        await self.inbox.keep(job, kept.to_json())
        outgoing = await delivery.outgoing(lease, kept.place, incoming)
        return await delivery.deliver(lease, kept, outgoing, incoming)

    async def tell(
        self, text: str, faults: Faults = no_faults, **semantics: Any
    ) -> tuple[Outcome, FakeChannel]:
        await self.put(self.asked())
        channel = FakeChannel(self.screen, faults, **semantics)
        return await self.deliver(await self.claimed(), says(text), channel), channel

    async def hear_gone(self, place: Place) -> None:
        self.gone.append(place)
        raise RuntimeError("what a callback raises stops nothing")

    async def hear_moved(self, place: Place, chat: str) -> None:
        self.moved.append((place, chat))

    def texts(self, room: str | None = None) -> list[str]:
        return [one.text for one in self.screen.shown(room)]

    def state(self, key: str = "q") -> tuple[Any, ...]:
        with psycopg.connect(self.conninfo, autocommit=True) as conn:
            row = conn.execute(
                "select state, error from job where key in (job_key(%s), %s)", [key, key]
            ).fetchone()
        assert row is not None
        return row


@pytest.fixture
async def chat(module_database: str) -> AsyncIterator[Chat]:
    with psycopg.connect(module_database, autocommit=True) as conn:
        conn.execute("truncate job, sent")
    async with connect_inbox(module_database, SERVE) as inbox:
        yield Chat(inbox, module_database)


async def test_every_part_is_opened_then_written(chat: Chat) -> None:
    outcome, channel = await chat.tell("가나다라마바사", limit=3)
    assert outcome == "delivered"
    assert chat.texts() == ["가나다", "라마바", "사"]
    assert (channel.calls["open"], channel.calls["write"]) == (3, 3)
    assert await chat.inbox.sent_for("q") == {0: "1", 1: "2", 2: "3"}
    assert chat.state() == ("done", None)


@pytest.mark.parametrize("fault", ["busy 0.1", "down", "lost", "hang"])
@pytest.mark.parametrize("looks", [True, False])
async def test_a_fault_is_waited_out_on_the_spot(chat: Chat, fault: str, looks: bool) -> None:
    faults = scripted(f"open: {fault}", f"write: {fault}", f"write: {fault}", f"look: {fault}")
    outcome, _ = await chat.tell("답", faults, looks=looks)
    assert outcome == "delivered"
    finals = [one for one in chat.screen.shown() if one.finals]
    assert [one.text for one in finals] == ["답"]
    orphans = len(chat.screen.shown()) - 1  # opened unheard, on a platform that cannot look
    assert orphans == (1 if fault in ("lost", "hang") and not looks else 0)


async def test_a_long_hold_is_no_failure(chat: Chat) -> None:
    outcome, _ = await chat.tell("답", scripted("write: busy 220"))
    assert outcome == "retried"
    assert chat.texts() == [EMPTY]
    assert chat.state() == ("todo", "busy")
    assert await chat.inbox.claim("in") is None
    job = await chat.claimed()
    assert await chat.deliver(job, says("다른 답"), FakeChannel(chat.screen)) == "delivered"
    assert chat.texts() == ["답"]  # what was kept, in the message that was opened


async def test_short_holds_that_never_end_are_a_long_one(chat: Chat) -> None:
    outcome, channel = await chat.tell("답", lambda operation, place: "busy 0.7")
    assert (outcome, channel.calls["open"]) == ("retried", 3)


async def test_a_platform_that_does_not_answer_is_tried_again_later(chat: Chat) -> None:
    outcome, channel = await chat.tell("답", lambda operation, place: "down")
    assert (outcome, channel.calls["open"]) == ("retried", 5)
    assert chat.state() == ("todo", "unreachable")
    job = await chat.claimed()
    assert Kept.from_json(job.result or {}).tries == 1
    channel = FakeChannel(chat.screen, looks=True)
    assert await chat.deliver(job, says(""), channel) == "delivered"
    assert channel.calls["look"] == 1  # an earlier call may have been applied
    assert chat.texts() == ["답"]


async def test_at_last_it_is_given_up(chat: Chat) -> None:
    await chat.put(chat.asked())
    job = await chat.claimed()
    await chat.inbox.keep(job, Kept(says("답"), GROUP, tries=11).to_json())
    await chat.inbox.retry(job, timedelta(), "unreachable")
    job = await chat.claimed()
    down = FakeChannel(chat.screen, lambda operation, place: "down")
    assert await chat.deliver(job, says(""), down) == "retried"  # many tries, but young
    old = replace(await chat.claimed(), put_at=datetime.now(UTC) - timedelta(minutes=31))
    assert await chat.deliver(old, says(""), down) == "failed"
    assert chat.state() == ("failed", "unreachable")


async def test_whoever_blocked_us_is_told_of_and_nothing_else(chat: Chat) -> None:
    outcome, _ = await chat.tell("답", scripted("open: gone"))
    assert (outcome, chat.gone, chat.texts()) == ("failed", [GROUP], [])
    assert chat.state() == ("failed", "gone")


async def test_a_moved_chat_is_followed_and_remembered(chat: Chat) -> None:
    faults = scripted("open: moved -100", "open: busy 60")
    outcome, _ = await chat.tell("답", faults)
    assert (outcome, chat.moved) == ("retried", [(GROUP, "-100")])
    job = await chat.claimed()
    assert await chat.deliver(job, says(""), FakeChannel(chat.screen)) == "delivered"
    assert [(one.room, one.text) for one in chat.screen.shown()] == [("telegram:-100", "답")]


async def test_a_chat_that_moves_for_ever_is_left(chat: Chat) -> None:
    outcome, _ = await chat.tell("답", lambda operation, place: "moved -100")
    assert outcome == "failed"


async def test_a_refused_reply_becomes_an_apology(chat: Chat) -> None:
    outcome, _ = await chat.tell("가나다라", scripted("write: refused"), limit=100)
    assert (outcome, chat.texts()) == ("delivered", [texts.UNSAID])


async def test_a_refused_apology_is_the_end(chat: Chat) -> None:
    outcome, channel = await chat.tell(
        "답", lambda operation, place: "refused" if operation == "write" else ""
    )
    assert (outcome, channel.calls["write"]) == ("failed", 2)
    assert chat.state() == ("failed", "Refused")


async def test_what_an_adapter_did_not_foresee_is_an_apology_too(chat: Chat) -> None:
    class Broken(FakeChannel):
        def render(self, reply: Reply) -> Any:
            if reply == says("답"):
                raise ValueError("비밀")
            return super().render(reply)

    await chat.put(chat.asked())
    assert await chat.deliver(await chat.claimed(), says("답"), Broken(chat.screen)) == "delivered"
    assert chat.texts() == [texts.UNSAID]


async def test_a_deleted_message_is_opened_anew_with_all_behind_it(chat: Chat) -> None:
    await chat.tell("가나다", lambda operation, place: "busy 60" if len(chat.texts()) == 3 else "", limit=1)
    assert chat.texts() == ["가", "나", EMPTY]
    chat.screen.delete(GROUP.room, "2")
    channel = FakeChannel(chat.screen, limit=1)
    assert await chat.deliver(await chat.claimed(), says(""), channel) == "delivered"
    assert chat.texts() == ["가", "나", "다"]


async def test_a_lost_lease_takes_its_message_away(chat: Chat) -> None:
    await chat.put(chat.asked())
    stale = await chat.claimed()

    class Late(FakeChannel):
        async def open(self, place: Place, mark: str, *, reply_to: str | None, again: bool) -> str:
            await chat.inbox.retry(stale, timedelta(), "another took it")
            return await super().open(place, mark, reply_to=reply_to, again=again)

    with pytest.raises(LeaseLost):
        await chat.deliver(stale, says("답"), Late(chat.screen))
    assert chat.texts() == []


async def test_a_message_that_the_successor_found_stays(chat: Chat) -> None:
    await chat.put(chat.asked())
    stale = await chat.claimed()

    class Overtaken(FakeChannel):
        async def open(self, place: Place, mark: str, *, reply_to: str | None, again: bool) -> str:
            opened = await super().open(place, mark, reply_to=reply_to, again=again)
            await chat.inbox.retry(stale, timedelta(), "another took it")
            successor = FakeChannel(chat.screen, looks=True)
            assert await chat.deliver(await chat.claimed(), says(""), successor) == "delivered"
            return opened

    with pytest.raises(LeaseLost):
        await chat.deliver(stale, says("답"), Overtaken(chat.screen))
    assert chat.texts() == ["답"]


async def test_the_reply_to_an_edit_takes_the_place_of_the_earlier_one(chat: Chat) -> None:
    await chat.tell("가나다", limit=1)
    for n, text in enumerate(("라마", "바", "사아자차")):
        await chat.put(chat.asked(f"q/{n}", replaces="q"))
        job = await chat.claimed()
        assert await chat.deliver(job, says(text), FakeChannel(chat.screen, limit=1)) == "delivered"
        assert chat.texts() == list(text)


async def test_what_is_private_goes_elsewhere(chat: Chat) -> None:
    await chat.put(chat.asked())
    reply = replace(says("비밀"), only_to=PRIVATE)
    assert await chat.deliver(await chat.claimed(), reply, FakeChannel(chat.screen)) == "delivered"
    assert (chat.texts(PRIVATE.room), chat.texts(GROUP.room)) == (["비밀"], [])


async def test_who_never_wrote_to_us_is_asked_to(chat: Chat) -> None:
    await chat.put(chat.asked())
    reply = replace(says("비밀"), only_to=PRIVATE)
    channel = FakeChannel(chat.screen, lambda operation, place: "gone" if place == PRIVATE else "")
    assert await chat.deliver(await chat.claimed(), reply, channel) == "delivered"
    assert (chat.texts(PRIVATE.room), chat.texts(GROUP.room)) == ([], [texts.WRITE_FIRST])


async def test_presses_homes_and_files(chat: Chat) -> None:
    press, home = chat.asked("b", "button"), chat.asked("h", "home")
    channel = FakeChannel(chat.screen, scripted("home: down", "document: down"))
    await chat.put(press)
    assert await chat.deliver(await chat.claimed(), Reply(toast="고맙습니다"), channel) == "delivered"
    await chat.put(home)
    shown = Reply(home=Home("초급", [], None))
    assert await chat.deliver(await chat.claimed(), shown, channel) == "delivered"
    await chat.put(chat.asked("d"))
    file = replace(says("여기"), document=Document("내 기록.json", "{}"))
    assert await chat.deliver(await chat.claimed(), file, channel) == "delivered"
    assert channel.answered == [("b", "고맙습니다")]
    assert channel.homes == [home]
    assert channel.documents == [(GROUP.room, "내 기록.json")]
    assert chat.texts() == ["여기"]


async def test_a_refused_home_is_no_message(chat: Chat) -> None:
    await chat.put(chat.asked("h", "home"))
    channel = FakeChannel(chat.screen, scripted("home: refused"))
    assert await chat.deliver(await chat.claimed(), Reply(home=Home("초급", [], None)), channel) == "failed"
    assert chat.texts() == []


async def test_what_is_opened_comes_to_its_end_once_and_is_never_left_running() -> None:
    ended: list[str] = []

    async def opening(seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
            ended.append("opened")
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    for seconds, again in ((0.05, False), (5.0, True)):
        task = asyncio.create_task(unbroken(opening(seconds)))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.sleep(0.01)
        if again:
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)
    assert ended == ["opened", "cancelled"]
