"""/watch, /unwatch and /digest as people write them, and what is kept of who wrote."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time

import psycopg
import pytest
from psycopg.types.json import Jsonb

from bots.message import Place
from bots.watches import Watches
from core.digest.sending import Outbox
from core.model import Company
from core.store.digests import PostgresOutbox
from core.store.subscriptions import MOST, PostgresSubscriptions
from tests.doubles.subscribed import SETTINGS, load_samples, pooled

HERE = Place("telegram", "42")
TEAM = Place("slack", "T1/C2", "1700000000.1", private=False)
ME = "telegram:42"
AT_NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)  # a Monday, 12 o'clock in Seoul


@asynccontextmanager
async def watches(conninfo: str, now: datetime = AT_NOON) -> AsyncIterator[tuple[Watches, Outbox]]:
    load_samples(conninfo)
    async with pooled(conninfo) as pool:
        listed = [Company("00164742", "현대자동차", "005380"), Company("00999999", "가온전지", "999990")]
        made = PostgresSubscriptions(pool, time(18, 30))
        yield Watches(made, SETTINGS, lambda: listed, lambda: now), PostgresOutbox(pool)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("가온전자", "가온전자를 지켜봐요. 거래일 18:30에"),
        ("990011", "가온전자를 지켜봐요."),
        ("누리바이오랑 다솜건설", "누리바이오, 다솜건설을 지켜봐요."),
        ("누리바이요", "누리바이오를 지켜봐요."),
        ("전체 중요 공시", "전체 중요 공시를 지켜봐요."),
        ("전체", "전체 중요 공시를 지켜봐요."),
        ("가온전지", "가온전지는 아직 공시를 모으지 않는 회사예요."),  # one letter from 가온전자
        ("현대차", "‘현대차’라는 회사를 찾지 못했어요."),
        ("005380", "현대자동차는 아직 공시를 모으지 않는 회사예요."),
        ("현대자동차", "현대자동차는 아직 공시를 모으지 않는 회사예요."),
        ("123456", "그 종목코드의 회사를 찾지 못했어요."),
        ("없는회사" * 20, "라는 회사를 찾지 못했어요."),
        ("", "지켜보는 회사가 없어요."),
    ],
)
async def test_watch(database: str, text: str, said: str) -> None:
    async with watches(database) as (made, _):
        assert said in await made.watch(HERE, ME, text)


@pytest.mark.anyio
async def test_an_ambiguous_name_is_asked_about_and_nothing_is_watched(database: str) -> None:
    async with watches(database) as (made, _):
        with psycopg.connect(database, autocommit=True) as conn:
            conn.execute(
                "insert into company values ('1', '한미반도체', '042700'), ('2', '한미약품', '128940')"
            )
        said = await made.watch(HERE, ME, "한미")
        assert said.startswith("어느 회사인가요? 한미반도체(042700), 한미약품(128940)")
        assert await made.watched(HERE) == []


@pytest.mark.anyio
async def test_a_company_that_dart_listed_but_whose_filings_are_not_here_yet_can_be_watched(
    database: str,
) -> None:
    async with watches(database) as (made, _):
        row = {"corp_code": "00164742", "corp_name": "현대자동차", "stock_code": "005380", "report_nm": "x"}
        with psycopg.connect(database, autocommit=True) as conn:
            conn.execute("insert into receipt (rcept_no, row) values ('20261120000001', %s)", [Jsonb(row)])
        assert "현대자동차를 지켜봐요" in await made.watch(HERE, ME, "현대자동차")


@pytest.mark.anyio
async def test_twice_watched_is_watched_once_and_unwatched(database: str) -> None:
    async with watches(database) as (made, _):
        await made.watch(HERE, ME, "전체 중요 공시")
        await made.watch(HERE, ME, "가온전자 누리바이오 다솜건설")
        assert "이미 지켜보고 있어요" in await made.watch(HERE, ME, "가온전자")
        assert await made.listing(HERE) == "지켜보는 곳 4: 전체 중요 공시, 가온전자, 누리바이오, 다솜건설"
        assert await made.unwatch(HERE, ME, "가온전자는") == "가온전자를 그만 지켜봐요."
        assert "지켜보는 회사가 없어요" in await made.unwatch(HERE, ME, "가온전자")
        assert await made.unwatch(HERE, ME, "전체 중요 공시") == "전체 중요 공시를 그만 지켜봐요."
        assert await made.unwatch(HERE, ME, "모두") == "2곳을 모두 그만 지켜봐요."
        assert await made.watched(HERE) == []


@pytest.mark.anyio
async def test_a_place_watches_a_bounded_number(database: str) -> None:
    async with watches(database) as (made, _):
        await made.watch(HERE, ME, "가온전자")
        with psycopg.connect(database, autocommit=True) as conn:
            conn.execute("insert into watch select 1, 'x' || n from generate_series(2, %s) n", [MOST])
        assert f"{MOST}곳까지" in await made.watch(HERE, ME, "누리바이오")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("18:00", "거래일 18:00"),
        ("오후 6시", "거래일 18:00"),
        ("오후 7시 반", "거래일 19:30"),
        ("아침 8시 5분에", "거래일 08:05"),
        ("9시", "거래일 09:00"),
        ("없는 날에도", "공시가 없는 날에도 알림"),
        ("없는 날에도 끄기", "공시가 없는 날은 쉼"),
        ("즉시 유상증자", "나오자마자 알림: 유상증자"),
        ("즉시 실적, 최대주주변경", "나오자마자 알림: 최대주주변경, 실적"),
        ("즉시 전체", "나오자마자 알림: 모든 공시"),
        ("즉시 끄기", "나오자마자 알림: 없음"),
        ("끄기", "알림이 꺼져 있어요"),
        ("켜기", "거래일 18:30"),
        ("25:00", "‘25:00’라는 설정은 없어요."),
        ("즉시 점심", "라는 설정은 없어요."),
        ("", "하루 요약: 거래일 18:30"),
    ],
)
async def test_digest_settings(database: str, text: str, said: str) -> None:
    async with watches(database) as (made, _):
        await made.watch(HERE, ME, "가온전자")
        assert said in await made.settings(HERE, ME, text)


@pytest.mark.anyio
async def test_who_is_due_when(database: str) -> None:
    """Set at noon: a time before noon is first told tomorrow."""
    today = AT_NOON.date()

    async def due(outbox: Outbox, clock: time) -> list[str]:
        found = await outbox.due(today, clock, time(18, 30), 0, 100)
        return [one.address.chat for one in found]

    async with watches(database) as (made, outbox):
        for chat, text in (("1", "09:00"), ("2", "12:30"), ("3", ""), ("4", "끄기"), ("5", "")):
            place = Place("telegram", chat)
            await made.watch(place, f"telegram:{chat}", "가온전자" if chat != "5" else "")
            await made.settings(place, f"telegram:{chat}", text)
        assert await due(outbox, time(12, 29)) == []
        assert await due(outbox, time(12, 30)) == ["2"]
        assert await due(outbox, time(23, 59)) == ["2", "3"]
        await made.settings(Place("telegram", "4"), "telegram:4", "켜기")
        assert await due(outbox, time(18, 30)) == ["2", "3", "4"]
        assert await made.digest_time(Place("telegram", "2")) == "12:30"
        assert await made.digest_time(Place("telegram", "5")) is None


@pytest.mark.anyio
async def test_a_slack_thread_subscribes_its_channel_and_a_topic_itself(database: str) -> None:
    async with watches(database) as (made, _):
        await made.watch(TEAM, "slack:T1/U2", "가온전자")
        assert await made.watched(Place("slack", "T1/C2", private=False)) == ["가온전자"]
        topic = Place("telegram", "-100", "7", private=False)
        await made.watch(topic, ME, "누리바이오")
        assert await made.watched(Place("telegram", "-100", private=False)) == []
        assert await made.watched(topic) == ["누리바이오"]


@pytest.mark.anyio
async def test_forgotten_people_leave_nothing_but_a_groups_subscription(database: str) -> None:
    async with watches(database) as (made, _):
        await made.watch(HERE, ME, "가온전자")
        await made.watch(Place("telegram", "-100", private=False), ME, "누리바이오")
        assert [one["watched"] for one in (await made.export(ME))["subscriptions"]] == [
            ["가온전자"],
            ["누리바이오"],
        ]
        await made.forget(ME)
        assert await made.export(ME) == {"subscriptions": []}
        assert await made.watched(HERE) == []
        assert await made.watched(Place("telegram", "-100", private=False)) == ["누리바이오"]
    with psycopg.connect(database) as conn:
        rows = conn.execute("select row_to_json(s)::text from subscriber s").fetchall()
    assert not any('"42"' in row or ME in row for (row,) in rows)


@pytest.mark.anyio
async def test_a_chat_that_moved_or_is_gone(database: str) -> None:
    old, new = Place("telegram", "-1", private=False), Place("telegram", "-1001", private=False)
    async with watches(database) as (made, _):
        await made.watch(old, ME, "가온전자")
        await made.move(old, "-1001")
        assert (await made.watched(old), await made.watched(new)) == ([], ["가온전자"])
        await made.watch(old, ME, "누리바이오")
        await made.move(old, "-1001")  # what is there already stays
        assert (await made.watched(old), await made.watched(new)) == ([], ["가온전자"])
        await made.stop(new)
        assert await made.watched(new) == []


@pytest.mark.anyio
async def test_text_is_data(database: str) -> None:
    async with watches(database) as (made, _):
        for text in ("'; drop table watch; --", "%s %(id)s {}", "*", "\x00", "a" * 5000, "(", "\\"):
            for act in (made.watch, made.unwatch, made.settings):
                assert len(await act(HERE, ME, text)) < 600
        assert await made.watched(HERE) == []
