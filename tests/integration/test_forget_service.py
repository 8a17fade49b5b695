"""/forget through the whole of it: inbox, worker, watches, digests; nothing is left in any row or log."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from bots import texts
from bots.conversation import Conversation, open_conversation
from bots.jobs import open_sending
from bots.message import Incoming, Place, Reply
from bots.watches import Watches
from bots.worker import Worker
from core.digest.sending import Sending
from core.settings import Serve, Settings
from core.store.inbox import PostgresInbox
from core.wiring.digest import Digests
from core.wiring.inbox import connect_inbox
from tests.doubles.channel import FakeChannel, Faults, Memory, no_faults
from tests.doubles.subscribed import LONG_AGO
from tests.doubles.talker import Talker, labels, limited, nothing, words
from tests.integration.test_forget import traces

pytestmark = pytest.mark.anyio

CANARY, NUMBER, SLACK = "QXCANARY8842", "774198263622", "TCAN8/UCAN8"
ME, ALSO_ME, OTHER = f"telegram:{NUMBER}", f"slack:{SLACK}", "telegram:31415926535"
TRACES = (CANARY, NUMBER, "CAN8")
PRIVATE = Place("telegram", NUMBER)
ROOM = Place("telegram", "-100555", private=False)
DEAF = Place("telegram", "-100777", private=False)  # what is sent there is refused
SERVE = Serve(concurrency=4, lease_seconds=3, drain_seconds=5, attempts=2)
DAY = date(2025, 5, 12)
LATER = datetime.now(UTC) + timedelta(days=1)


@dataclass
class Service:
    settings: Settings
    inbox: PostgresInbox
    digests: Digests
    sending: Sending
    conversation: Conversation
    channels: dict[str, FakeChannel]
    replies: dict[str, Reply | None] = field(default_factory=dict)
    put: list[Incoming] = field(default_factory=list)

    async def talk(self, incoming: Incoming, _: Any) -> Reply | None:
        reply = await self.conversation.reply(incoming, nothing)
        self.replies[incoming.key] = reply
        return reply

    @asynccontextmanager
    async def working(self, on_forget: Any = None) -> AsyncIterator[Worker]:
        watches = self.conversation.parts.watches
        worker = Worker(
            self.inbox,
            self.channels,
            self.talk,
            SERVE,
            on_gone=watches.stop,
            on_moved=watches.move,
            on_forget=on_forget or self.conversation.forget,
        )
        task = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            await worker.drain(0)
            await task

    async def store(self, incoming: Incoming, run_at: datetime | None = None) -> bool:
        self.put.append(incoming)
        return await self.inbox.put(
            "in", incoming.key, incoming.place.lane, incoming.to_json(), run_at=run_at
        )

    async def ended(self) -> None:
        """Until nothing that is due is left to be done."""
        async with asyncio.timeout(20):
            due = "select from job where ended_at is null and run_at < now() + interval '1 hour'"
            while self.rows(due):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def until(self, query: Any) -> None:
        """Until there are such rows."""
        async with asyncio.timeout(20):
            while not self.rows(query):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.settings.database.url, autocommit=True) as conn:
            return conn.execute(query).fetchall()


@dataclass
class Person(Talker):
    """A Talker whose events have the keys that adapters give them, and go through the inbox."""

    service: Service = field(kw_only=True)

    def message(self, text: str, **more: Any) -> Incoming:
        plain = super().message(text, **more)
        number = len(self.service.put)
        made = replace(plain, key=f"{self.place.platform}:{self.place.chat}:{number}", message=f"{number}")
        return replace(made, **more)

    async def hear(self, incoming: Incoming) -> Reply | None:
        assert await self.service.store(incoming)
        await self.service.ended()
        return self.service.replies.get(incoming.key)


@pytest.fixture(scope="module")
async def service(samples: Settings) -> AsyncIterator[Service]:
    def deaf(operation: str, place: Place) -> str:
        return "refused" if place == DEAF else ""

    faults: dict[str, Faults] = {"telegram": deaf, "slack": no_faults}
    async with (
        connect_inbox(samples.database.url, SERVE) as inbox,
        open_sending(samples) as (digests, sending),
    ):
        watches = Watches(digests.subscriptions, samples.digest, digests.listed, now=lambda: LONG_AGO)
        async with open_conversation(samples, watches, inbox) as conversation:
            talk = limited(conversation, per_minute=1_000, admins=["telegram:1"])
            channels = {name: FakeChannel(Memory(), faults[name]) for name in ("telegram", "slack")}
            yield Service(samples, inbox, digests, sending, talk, channels)


async def live(service: Service) -> Person:
    """Everything that leaves a trace, on both platforms; what still waits is put last."""
    me = Person(service.conversation, ME, PRIVATE, service=service)
    here = Person(service.conversation, ME, ROOM, service=service)
    slack = Person(service.conversation, ALSO_ME, Place("slack", "TCAN8/DCAN8", "17.5"), service=service)
    sales = await me.say(f"저는 {CANARY}인데요, 가온전자 2024년 매출액은?")
    await me.press(sales, "도움됨")
    await me.press(sales, labels(sales)[4])
    for command in ("start", "level", "usage", "sources", "digest 07:30", "watch 가온전자"):
        await me.say(f"/{command}")
    await me.say(f"/watch {CANARY}")
    code = words(await me.say("/link")).split()[-1]
    await slack.say(f"/link {code}")
    await slack.say(f"저는 {CANARY}인데요, 누리바이오 영업이익은?")
    await slack.say("/watch 누리바이오")
    await slack.say("", kind="home")
    asked = here.message(f"저는 {CANARY}인데요, 누리바이오 2024년 영업이익은?")
    await here.hear(asked)
    edited = f"{asked.key}:edit"
    await here.say(f"저는 {CANARY}인데요, 누리바이오 2024년 매출액은?", key=edited, replaces=asked.key)
    await here.say("/watch 다솜건설")
    deaf = Person(service.conversation, ME, DEAF, service=service)
    await deaf.say(f"저는 {CANARY}인데요, 가온전자 매출은?")
    admin = Person(service.conversation, "telegram:1", Place("telegram", "1"), service=service)
    await admin.say(f"/admin quota {ME} 90")
    return me


async def wait_in_queues(service: Service, me: Person) -> None:
    """A question in the group and a digest that are not due before tomorrow."""
    here = Person(service.conversation, ME, replace(ROOM, thread="9"), service=service)
    assert await service.store(here.message(f"아직 답하지 않은 {CANARY}"), LATER)
    tomorrow = replace(service.sending, now=lambda: LATER)
    assert await tomorrow.daily(date(2025, 8, 11)) > 0


async def test_nothing_is_left_anywhere_once_the_worker_has_forgotten(
    service: Service, samples: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with service.working():
        other = Person(service.conversation, OTHER, Place("telegram", "31415926535"), service=service)
        await other.say("가온전자 2024년 영업이익은?")
        await other.say("/watch 가온전자")
        await Person(service.conversation, OTHER, ROOM, service=service).say("가온전자 2024년 매출액은?")
        me = await live(service)
        assert await service.sending.daily(DAY) > 0
        await service.ended()
        assert ("failed", "Refused") in service.rows("select state, error from job")
        assert service.channels["slack"].homes
        await wait_in_queues(service, me)

        assert len(traces(samples, *TRACES)) > 20
        theirs = kept_of_other(samples)
        assert len(theirs) > 8
        exported = await me.say("/export")
        assert exported is not None
        assert exported.document is not None
        everything(json.loads(exported.document.text))

        question = await me.say("/forget")
        assert words(await me.press(question, texts.FORGET_YES)) == texts.FORGOTTEN
        await service.ended()
    assert traces(samples, *TRACES) == []
    assert service.rows("select from job where ended_at is null and payload::text like '%31415926535%'")
    assert kept_of_other(samples) == theirs
    assert [(one.address.chat, one.person) for one in await subscribers(service)] == [
        ("31415926535", OTHER),
        (ROOM.chat, None),
    ]
    said = [record.getMessage() + str(record.__dict__.get("exc_text")) for record in caplog.records]
    assert said
    assert not [line for line in said if any(trace in line for trace in TRACES)]
    # delivered once more, by whatever way: known, though nothing tells whose it was
    for incoming in service.put:
        assert not await service.inbox.put("in", incoming.key, incoming.place.lane, incoming.to_json())
    assert traces(samples, *TRACES) == []


async def test_a_death_between_forgetting_and_finishing_forgets_again(
    service: Service, samples: Settings
) -> None:
    forgotten: list[str] = []

    async def dies(names: Sequence[str]) -> None:
        forgotten.extend(names)
        await service.conversation.forget(names)
        await service.conversation.parts.watches.watch(PRIVATE, ME, "가온전자")  # whatever came in between
        await asyncio.Event().wait()

    me = Person(service.conversation, ME, PRIVATE, service=service)
    async with service.working():
        await me.say(f"저는 {CANARY}인데요, 가온전자 2024년 매출액은?")
        question = await me.say("/forget")
    async with service.working(dies):
        pressing = asyncio.create_task(me.press(question, texts.FORGET_YES))
        async with asyncio.timeout(10):
            while not forgotten:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert traces(samples, *TRACES)
    async with service.working():
        assert words(await pressing) == texts.FORGOTTEN
    assert traces(samples, *TRACES) == []
    assert forgotten == [ME]
    shown = [one.text for one in service.channels["telegram"].screen.shown(PRIVATE.room)]
    assert shown[-1] == texts.FORGOTTEN
    assert shown.count(texts.FORGOTTEN) == 2  # of this test and of the one before


async def test_an_answer_that_is_being_written_elsewhere_is_forgotten_too(
    service: Service, samples: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It leaves its rows after the person was forgotten: whoever forgets waits for it, and forgets again."""
    me = Person(service.conversation, ME, PRIVATE, service=service)
    here = Person(service.conversation, ME, ROOM, service=service)
    held, reply = asyncio.Event(), Conversation.reply

    async def slow(conversation: Conversation, incoming: Incoming, show: Any) -> Reply | None:
        if incoming.place == ROOM:
            await held.wait()
        return await reply(conversation, incoming, show)

    monkeypatch.setattr(Conversation, "reply", slow)
    async with service.working():
        question = await me.say("/forget")
        assert await service.store(here.message(f"저는 {CANARY}인데요, 누리바이오 2024년 영업이익은?"))
        await service.until("select from job where state = 'doing'")
        pressing = asyncio.create_task(me.press(question, texts.FORGET_YES))
        await service.until("select from job where state = 'doing' and result is not null")
        held.set()
        assert words(await pressing) == texts.FORGOTTEN
    assert traces(samples, *TRACES) == []
    assert [one.text for one in service.channels["telegram"].screen.shown(ROOM.room)][-1]


def everything(kept: dict[str, Any]) -> None:
    """What is exported is all that rows hold of them."""
    assert sorted(kept["profile"]["names"]) == sorted((ME, ALSO_ME))
    assert CANARY in json.dumps(kept["profile"]["profile"], ensure_ascii=False)
    assert len(kept["answers"]) >= 4
    assert [one["kind"] for one in kept["feedback"]] == ["good"]
    assert len(kept["usage"]) >= 15
    assert {one["lane"] for one in kept["conversations"]} >= {PRIVATE.lane, ROOM.lane}
    (mine, group), (slack,) = (kept["watches"][name]["subscriptions"] for name in (ME, ALSO_ME))
    assert (mine["watched"], mine["time"], group["watched"]) == (["가온전자"], "07:30", ["다솜건설"])
    assert slack["watched"] == ["누리바이오"]
    queued = [one["payload"]["text"] for one in kept["messages"]]
    assert queued == [f"아직 답하지 않은 {CANARY}", "/export"]
    assert OTHER not in json.dumps(kept)


def kept_of_other(samples: Settings) -> list[str]:
    """Their rows but for the memory of the room, which is written anew, and jobs, which come and go."""
    found = traces(samples, "31415926535")
    return sorted(row for row in found if not re.match(r"checkpoint.*-100555|job:", row))


async def subscribers(service: Service) -> list[Any]:
    found = await service.digests.outbox.subscribers(instant=False)
    assert len(found) == len(service.rows("select from subscriber"))
    return sorted(found, key=lambda one: one.address.chat, reverse=True)
