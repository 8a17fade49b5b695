"""A day's questions and a minute's messages, counted over two workers as over one."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg
import pytest

from bots import texts
from bots.conversation import Conversation, open_conversation
from bots.message import Incoming, Place
from bots.worker import Worker
from core.settings import Serve, Settings
from core.store.inbox import PostgresInbox
from core.wiring.inbox import connect_inbox
from tests.doubles.channel import FakeChannel, Memory
from tests.doubles.talker import limited

pytestmark = pytest.mark.anyio

SERVE = Serve(concurrency=4, lease_seconds=30, drain_seconds=5, attempts=2)
NOON = datetime(2025, 11, 24, 3, tzinfo=UTC)  # in Seoul; the next midnight is twelve hours away
QUESTION = "가온전자 2024년 영업이익은?"


@dataclass
class Chat:
    """Two workers with conversations of their own over one inbox, one screen for both."""

    database: str
    inbox: PostgresInbox
    conversations: tuple[Conversation, Conversation]
    screen: Memory = field(default_factory=Memory)
    keys: list[str] = field(default_factory=list)

    async def put(self, person: int, place: Place, at: datetime, text: str = QUESTION) -> None:
        key = f"telegram:{place.chat}:{len(self.keys)}"
        self.keys.append(key)
        incoming = Incoming(key, "message", place, f"telegram:{person}", text, at)
        await self.inbox.put("in", key, place.lane, incoming.to_json())

    async def work(self, *, per_minute: int, daily: int, room: int = 1_000, replay: float = 0.0) -> None:
        """Until all is done. `replay`: the share of events that lose their worker once, behind the count."""
        rng, again = Random(5), set[str]()  # noqa: S311
        access = {"per_minute": per_minute, "daily_questions": daily, "chat_daily_questions": room}

        def worker(conversation: Conversation) -> Worker:
            talk = limited(conversation, **access).reply

            async def reply(incoming: Incoming, show: object) -> object:
                made = await talk(incoming, show)  # type: ignore[arg-type]
                if incoming.key not in again and rng.random() < replay:
                    again.add(incoming.key)
                    return await talk(incoming, show)  # type: ignore[arg-type]
                return made

            return Worker(self.inbox, {"telegram": FakeChannel(self.screen)}, reply, SERVE)  # type: ignore[arg-type]

        workers = [worker(one) for one in self.conversations]
        tasks = [asyncio.create_task(one.run()) for one in workers]
        async with asyncio.timeout(40):
            while self._open():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        for one in workers:
            await one.drain(1)
        await asyncio.gather(*tasks)
        assert all(one.counters.claimed for one in workers)

    def _open(self) -> int:
        with psycopg.connect(self.database, autocommit=True) as conn:
            row = conn.execute("select count(*) from job where ended_at is null").fetchone()
        return int(row[0]) if row else 0

    def said(self) -> Counter[str]:
        """Answers as one, all else word by word."""
        return Counter(
            "answer" if "영업이익은" in one.text else one.text.strip() for one in self.screen.shown()
        )


@pytest.fixture(scope="module")
async def opened(samples: Settings) -> AsyncIterator[tuple[PostgresInbox, Conversation, Conversation]]:
    async with AsyncExitStack() as stack:
        inbox = await stack.enter_async_context(connect_inbox(samples.database.url, SERVE))
        first = await stack.enter_async_context(open_conversation(samples))
        second = await stack.enter_async_context(open_conversation(samples))
        yield inbox, first, second


@pytest.fixture
def chat(opened: tuple[PostgresInbox, Conversation, Conversation], samples: Settings) -> Chat:
    with psycopg.connect(samples.database.url, autocommit=True) as conn:
        conn.execute("truncate job, sent, usage, answered, conversation")
    inbox, *conversations = opened
    return Chat(samples.database.url, inbox, (conversations[0], conversations[1]))


async def test_exactly_the_days_questions_are_answered(chat: Chat) -> None:
    """One person in five chats at once, so that both workers count at the same time; some twice."""
    for n in range(20):
        await chat.put(42, Place("telegram", f"-{n % 5 + 1}", private=False), NOON + timedelta(minutes=n))
    await chat.put(43, Place("telegram", "43"), NOON)
    await chat.work(per_minute=1_000, daily=6, replay=0.5)
    assert chat.said() == {"answer": 7, texts.PERSON_SPENT: 14}


async def test_commands_and_the_next_day_are_free(chat: Chat) -> None:
    place = Place("telegram", "42")
    for n in range(3):
        await chat.put(42, place, NOON + timedelta(minutes=n))
        await chat.put(42, place, NOON + timedelta(minutes=n), "/usage")
    await chat.put(42, Place("telegram", "-42", private=False), NOON + timedelta(hours=13))
    await chat.work(per_minute=1_000, daily=2)
    said = chat.said()
    assert (said["answer"], said[texts.PERSON_SPENT]) == (3, 1)
    assert sum(said.values()) == 7


async def test_a_room_has_a_day_of_its_own(chat: Chat) -> None:
    for n in range(12):
        await chat.put(n + 1, Place("telegram", "-1", f"{n % 4}", private=False), NOON)
    await chat.work(per_minute=1_000, daily=100, room=5, replay=0.5)
    assert chat.said() == {"answer": 5, texts.ROOM_SPENT: 7}


async def test_a_flood_is_told_once_and_then_meets_silence(chat: Chat) -> None:
    for n in range(30):
        place = Place("telegram", f"-{n % 6 + 1}", private=False)
        await chat.put(42, place, NOON + timedelta(milliseconds=n))
    await chat.put(43, Place("telegram", "43"), NOON)
    await chat.work(per_minute=4, daily=100, replay=0.5)
    assert chat.said() == {"answer": 5, texts.too_fast(4): 1}
