"""/forget and /export: a person with a canary in every message does everything, and then was never here."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from bots import texts
from bots.conversation import Conversation, open_conversation
from bots.message import Place
from core.settings import Settings
from tests.doubles.talker import Queued, Talker, Watched, labels, limited, words

pytestmark = pytest.mark.anyio

CANARY = "QXCANARY7731"
NUMBER = "774198263511"
SLACK = "TCAN9/UCAN9"
TRACES = (CANARY, NUMBER, "UCAN9")
EXPORTED = {"usage", "person_rule", "conversation", "answered", "feedback", "subscriber"}
ROOM = Place("telegram", "-100555", private=False)


@pytest.fixture(scope="module")
async def talk(samples: Settings) -> AsyncIterator[Conversation]:
    async with open_conversation(samples, Watched(), Queued()) as conversation:
        yield limited(conversation, per_minute=1_000, admins=["telegram:1"])


def rows(samples: Settings) -> Iterator[str]:
    """Every row of every table as text; bytes as the letters they are."""
    with psycopg.connect(samples.database.url) as conn:
        conn.execute("set bytea_output = 'escape'")
        tables = conn.execute(
            """
            select schemaname, tablename from pg_tables
            where schemaname not in ('pg_catalog', 'information_schema')
            """
        ).fetchall()
        assert {"usage", "answered", "feedback", "conversation", "store", "checkpoint_blobs"} <= {
            name for _, name in tables
        }
        for schema, name in tables:
            query = sql.SQL("select t::text from {} t").format(sql.Identifier(schema, name))
            yield from (f"{name}: {row}" for (row,) in conn.execute(query))


def traces(samples: Settings, *of: str) -> list[str]:
    return [row for row in rows(samples) if any(trace in row for trace in of)]


def kept_of(samples: Settings, person: str) -> list[str]:
    """Rows of a person but for the memory of the room, which is written anew."""
    number = person.partition(":")[2]
    found = traces(samples, number)
    return sorted(row for row in found if not (row.startswith("checkpoint") and ROOM.lane in row))


async def live(talk: Conversation) -> Talker:
    """Everything that can be done, in private, in a group and on both platforms; returns who did it."""
    me = Talker(talk, f"telegram:{NUMBER}", Place("telegram", NUMBER))
    slack = Talker(talk, f"slack:{SLACK}", Place("slack", "TCAN9/DCAN9", "17.5"))
    here = Talker(talk, me.person, ROOM)
    sales = await me.say(f"저는 {CANARY}인데요, 가온전자 2024년 매출액은?")
    await me.say(f"그럼 전년은 {CANARY}?")
    await me.say(f"쉽게 {CANARY}")
    for label in ("도움됨", "아쉬움", "더 쉽게", "더 자세히", labels(sales)[4]):
        await me.press(sales, label)
    for command in ("start", "help", "ask", "level", "watch", "digest", "sources", "usage", "nothing"):
        await me.say(f"/{command} {CANARY}")
    code = words(await me.say("/link")).split()[-1]
    await slack.say(f"/link {code}")
    await slack.say(f"리픽싱 {CANARY}이 뭐예요?")
    await slack.say(f"하늘제약 {CANARY} 매출은?")
    await here.say(f"저는 {CANARY}인데요, 누리바이오 2024년 영업이익은?")
    await here.say(f"/level {CANARY}")
    await Talker(talk, "telegram:1", Place("telegram", "1")).say(f"/admin quota telegram:{NUMBER} 90")
    return me


async def test_a_person_who_forgets_was_never_here(
    talk: Conversation, samples: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    other = Talker(talk, "telegram:31415926535", ROOM)
    alone = Talker(talk, other.person, Place("telegram", "31415926535"))
    await alone.say("가온전자 2024년 영업이익은?")
    await alone.say("/watch 가온전자")
    me = await live(talk)
    mine = await Talker(talk, me.person, ROOM).say(f"저는 {CANARY}인데요, 누리바이오 2024년 매출액은?")
    await other.press(mine, "더 쉽게")  # their answer, my question
    theirs = await other.say("가온전자 2024년 매출액은?")  # asked last in the room
    await other.press(theirs, "도움됨")
    before = [row for row in kept_of(samples, other.person) if CANARY not in row]
    assert len(traces(samples, *TRACES)) > 30
    exported = await me.say("/export")
    assert exported is not None
    assert exported.document is not None
    rules = json.loads(exported.document.text)["rules"]
    assert rules == [{"person": me.person, "blocked": False, "daily_questions": 90}]

    question = await me.say("/forget")
    assert words(question) == texts.FORGET_ASK
    assert words(await me.press(question, texts.FORGET_NO)) == texts.KEPT * 2
    assert traces(samples, *TRACES)
    reply = await me.press(question, texts.FORGET_YES)
    assert words(reply) == texts.FORGOTTEN
    assert reply is not None
    assert me.person in reply.forget_after

    assert traces(samples, *TRACES) == []
    assert kept_of(samples, other.person) == before
    assert len(before) > 8
    assert "36조 1,129억원" in words(await other.say("그럼 전년은?"))
    assert "2조 9,871억원" in words(await alone.say("그럼 전년은?"))
    said = [record.getMessage() + str(record.__dict__.get("exc_text")) for record in caplog.records]
    assert not [line for line in said if any(trace in line for trace in TRACES)]
    watches, jobs = talk.parts.watches, talk.parts.jobs
    assert isinstance(watches, Watched)
    assert isinstance(jobs, Queued)
    assert {told[1] for told in watches.told} == {me.person, f"slack:{SLACK}"}
    assert watches.names == {other.person: ["가온전자"]}
    assert jobs.told == [
        (f"slack:{SLACK}", ("slack:TCAN9/DCAN9",)),
        (me.person, (f"telegram:{NUMBER}",)),
    ]

    await talk.forget(reply.forget_after)  # the worker, after the job
    assert traces(samples, *TRACES) == []
    again = await me.say("/level")
    assert "아직 대화에서 짐작할 것이 없어" in words(again)


async def test_all_of_a_person_is_exported_and_of_nobody_else(talk: Conversation) -> None:
    person = f"telegram:{uuid4().int % 10**12}"
    me = Talker(talk, person, Place("telegram", person.partition(":")[2]))
    sales = await me.say("가온전자 2024년 매출액은?")
    await me.press(sales, "도움됨")
    await me.say("/watch 가온전자")
    reply = await me.say("/내보내기")
    assert reply is not None
    assert reply.document is not None
    kept = json.loads(reply.document.text)
    assert kept["profile"]["person"] == person
    assert [one["question"] for one in kept["answers"]] == ["가온전자 2024년 매출액은?"]
    assert [one["kind"] for one in kept["feedback"]] == ["good"]
    assert len(kept["usage"]) == 4
    assert kept["watches"][person] == {"watched": ["가온전자"]}
    assert kept["messages"] == [{"payload": {"person": person}}]
    assert "31415926535" not in reply.document.text


def test_every_table_that_names_a_person_is_thought_of(samples: Settings) -> None:
    """A new one must be exported and forgotten, or said here why it is not."""
    with psycopg.connect(samples.database.url) as conn:
        found = conn.execute(
            """
            select distinct table_name::text from information_schema.columns
            where table_schema not in ('pg_catalog', 'information_schema')
                and (column_name like '%person%' or column_name = 'taken_by')
            """
        ).fetchall()
    assert {name for (name,) in found} == EXPORTED | {
        "link_code",  # a secret that lasts ten minutes
    }


async def test_only_who_asked_to_be_forgotten_may_confirm(talk: Conversation) -> None:
    me = Talker(talk, "telegram:8", ROOM)
    other = Talker(talk, "telegram:9", ROOM)
    await other.say("/level 고급")
    question = await me.say("/forget")
    assert words(await other.press(question, texts.FORGET_YES)) == texts.NOT_YOURS
    assert "고급 (고정" in words(await Talker(talk, "telegram:9", Place("telegram", "9")).say("/level"))


async def test_who_is_blocked_cannot_lift_it_by_being_forgotten(talk: Conversation) -> None:
    me = Talker(talk, "telegram:10", Place("telegram", "10"))
    await talk.parts.usage.block(me.person, blocked=True)
    await talk.forget([me.person])
    assert await me.say("/start") is None
