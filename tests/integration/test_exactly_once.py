"""An event handled twice, as after a crash between the answer and its storing, has the effects of once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from bots.conversation import Conversation, open_conversation
from bots.message import Incoming, Place, Reply
from core.errors import InputError
from core.people import Limits
from core.settings import Settings
from core.wiring.answering import open_profiles
from core.wiring.people import open_people
from tests.doubles.talker import Queued, Talker, Watched, limited, nothing
from tests.doubles.turns import LocalTurns

pytestmark = pytest.mark.anyio

STORIES = {
    "a year back each time": ["가온전자 2024년 매출액은?", "그럼 전년은?", "그럼 전년은?", "별도로는?"],
    "other depths": ["누리바이오 2024년 영업이익은?", "쉽게", "더 자세히", "그럼 당기순이익은?"],
    "what it is about": ["가온전자 공급계약 금액이 얼마야?", "상대방은?", "언제 끝나?", "무엇이 정정됐어?"],
    "which of them": ["가온전자 2024년 부채비율은?", "유동비율은요?", "리픽싱이 뭐예요?", "누리바이오는요?"],
    "refused in between": ["다솜건설 소송 내용은?", "지금 사도 될까?", "그 소송 금액은?", "하늘제약 매출은?"],
    "commands in between": [
        "/level 고급",
        "가온전자 2024년 영업이익은 왜 늘었어?",
        "/level 자동",
        "/reset",
        "그럼 전년은?",
        "전환가액 리픽싱 조항 원문이랑 희석 후 EPS 가정",
    ],
}  # fmt: skip
PRESSED = ["도움됨", "더 쉽게", "더 자세히", "아쉬움"]


@pytest.fixture(scope="module")
async def talk(samples: Settings) -> AsyncIterator[Conversation]:
    async with open_conversation(samples, Watched(), Queued()) as conversation:
        yield limited(conversation, per_minute=1_000)


@dataclass
class Left:
    """What a story leaves behind."""

    replies: list[Any]
    profile: Any
    memory: Any
    usage: int
    feedback: int


async def told(talk: Conversation, texts: Sequence[str], times: int) -> Left:
    me = Talker(talk, f"telegram:{uuid4().int % 10**12}", Place("telegram", uuid4().hex))
    replies: list[Reply | None] = []

    async def hear(incoming: Incoming) -> None:
        for _ in range(times - 1):
            await me.hear(incoming)
        replies.append(await me.hear(incoming))

    for at, text in enumerate(texts):
        await hear(me.message(text))
        last = replies[-1]
        if last and last.buttons:
            label = PRESSED[at % len(PRESSED)]
            values = [b.value for row in last.buttons for b in row if b.label == label]
            for value in values:
                await hear(me.message(value, kind="button"))
    answering = talk.parts.answering
    state = await answering.graph.aget_state({"configurable": {"thread_id": me.place.lane}})
    memory = state.values.get("previous") or {}
    exported = {**await talk.parts.usage.export([me.person]), **await talk.parts.talks.export([me.person])}
    profile = (await answering.profiles.get(me.person)).to_json()
    return Left(
        [reply and reply.to_json()["blocks"] for reply in replies],
        profile,
        {key: value for key, value in memory.items() if key != "by"},
        len(exported["usage"]),
        len(exported["feedback"]),
    )


@pytest.mark.parametrize("story", STORIES)
async def test_twice_is_once(talk: Conversation, story: str) -> None:
    once, twice = await told(talk, STORIES[story], 1), await told(talk, STORIES[story], 3)
    assert twice == once
    assert once.usage >= len(STORIES[story])


async def test_a_crash_after_the_memory_was_written_is_a_replay(talk: Conversation) -> None:
    """The worker dies before the profile is kept; what the graph left by then is as if it had not been."""
    place, person = Place("telegram", uuid4().hex), "telegram:5"
    me = Talker(talk, person, place)
    await me.say("가온전자 2024년 매출액은?")
    follow_up = me.message("그럼 전년은?")
    for _ in range(8):
        running = asyncio.ensure_future(me.hear(follow_up))
        await asyncio.sleep(0.003)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    reply = await me.hear(follow_up)
    assert reply is not None
    assert "36조 1,129억원" in str(reply.to_json())
    assert (await talk.parts.answering.profiles.get(person)).estimate.messages == 2


async def test_conversations_of_one_person_at_once_lose_no_message(talk: Conversation) -> None:
    person = f"telegram:{uuid4().int % 10**12}"
    places = [Place("telegram", f"-{at}{uuid4().hex[:6]}", private=False) for at in range(4)]
    at = datetime(2025, 11, 24, tzinfo=UTC)
    asked = [
        Incoming(uuid4().hex, "message", place, person, f"{n}년 매출액은?", at + timedelta(minutes=n))
        for n, place in enumerate([*places, *places])
    ]  # fmt: skip
    await asyncio.gather(
        *(talk.reply(one, nothing) for one in asked), *(talk.reply(one, nothing) for one in asked)
    )
    assert (await talk.parts.answering.profiles.get(person)).estimate.messages == len(asked)


async def test_of_many_who_redeem_a_code_one_wins(samples: Settings) -> None:
    """Each as in a process of its own: only the database is shared."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(open_profiles(samples)) for _ in range(3)]
        for attempt in range(5):
            owner = f"telegram:77{attempt}"
            code = await opened[0].link_code(owner)
            others = [f"slack:T7/U{attempt}{n}" for n in range(6)]
            told = await asyncio.gather(
                *(opened[n % 3].link(person, code) for n, person in enumerate(others)), return_exceptions=True
            )
            assert [isinstance(one, InputError) for one in told].count(False) == 1
            winner = others[next(n for n, one in enumerate(told) if one is None)]
            assert await opened[0].names(owner) == sorted([owner, winner])


async def test_a_code_is_taken_once_even_where_no_lock_holds(samples: Settings) -> None:
    """A connection that dies gives up its locks while its process works on: the code's own row decides."""
    async with open_profiles(samples) as profiles:
        apart = [replace(profiles, turns=LocalTurns()) for _ in range(6)]
        for attempt in range(5):
            owner = f"telegram:78{attempt}"
            code = await profiles.link_code(owner)
            others = [f"slack:T8/U{attempt}{n}" for n in range(6)]
            told = await asyncio.gather(
                *(one.link(person, code) for one, person in zip(apart, others, strict=True)),
                return_exceptions=True,
            )
            assert [isinstance(one, InputError) for one in told].count(False) == 1
            winner = others[told.index(None)]
            assert await profiles.names(owner) == sorted([owner, winner])
            await profiles.link(winner, code)  # the same message, handled again


async def test_a_quota_holds_against_many_at_once(samples: Settings) -> None:
    at = datetime(2025, 11, 24, 14, 59, 30, tzinfo=UTC)  # half a minute before Seoul's midnight
    async with open_people(samples) as (usage, _):
        limits = Limits(person=5, room=8)
        events = [(uuid4().hex, f"telegram:{n % 3}") for n in range(30)]
        verdicts = await asyncio.gather(
            *(
                usage.admit(event, person, "telegram:-1", at, limits, question=True)
                for event, person in events
            )
        )
        assert verdicts.count("ok") == 8
        again = [
            await usage.admit(event, person, "telegram:-1", at, limits, question=True)
            for event, person in events
        ]
        assert again == verdicts
        spent = [(await usage.spent(f"telegram:{n}", at, 5)).questions for n in range(3)]
        assert sum(spent) == 8
        assert max(spent) <= 5
        morning = at + timedelta(minutes=1)
        assert (
            await usage.admit(uuid4().hex, "telegram:0", "telegram:-1", morning, limits, question=True)
            == "ok"
        )
        assert (await usage.spent("telegram:0", morning, 5)).questions == 1


async def test_a_flood_is_told_once_whatever_its_order(samples: Settings) -> None:
    at = datetime(2025, 11, 25, tzinfo=UTC)
    limits = Limits(per_minute=4)
    async with open_people(samples) as (usage, _):
        verdicts = await asyncio.gather(
            *(usage.admit(uuid4().hex, "telegram:f", None, at, limits, question=False) for _ in range(20))
        )
        assert sorted(verdicts) == ["flood", *["ok"] * 4, *["silent"] * 15]
        later = at + timedelta(seconds=60)
        assert await usage.admit(uuid4().hex, "telegram:f", None, later, limits, question=False) == "ok"


async def test_what_is_old_is_pruned_and_conversations_keep_their_memory(
    talk: Conversation, samples: Settings
) -> None:
    me = Talker(talk, "telegram:6", Place("telegram", "6"))
    await me.say("가온전자 2024년 매출액은?")
    for _ in range(3):
        await me.say("그럼 전년은?")
    lane = me.place.lane

    def checkpoints() -> int:
        with psycopg.connect(samples.database.url) as conn:
            row = conn.execute("select count(*) from checkpoints where thread_id = %s", [lane]).fetchone()
            return int(row[0]) if row else 0

    assert checkpoints() == 4
    await talk.tidy(me.message("").at - timedelta(days=1))
    assert checkpoints() == 1
    assert len((await talk.parts.talks.export([me.person]))["answers"]) == 4
    assert "40조" in str((await me.hear(replace(me.message("2024년은?"), key="k"))).to_json())  # type: ignore[union-attr]
    await talk.tidy(me.message("").at)
    assert (await talk.parts.talks.export([me.person]))["answers"] == []
