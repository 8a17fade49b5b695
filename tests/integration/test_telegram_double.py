"""The double says what Telegram says; a double that takes everything would prove nothing."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.doubles.received import Received
from tests.doubles.telegram import Limits, TelegramDouble
from tests.integration.telegram_bot import receiving

pytestmark = pytest.mark.anyio
PERSON, GROUP = 42, -77


class Raw:
    """The Bot API without a library."""

    def __init__(self, session: aiohttp.ClientSession, telegram: TelegramDouble) -> None:
        self._session = session
        self._root = f"{telegram.url}/bot{telegram.token}/"

    async def call(self, method: str, **params: Any) -> tuple[int, str]:
        async with self._session.post(self._root + method, json=params) as answer:
            body = await answer.json()
            return answer.status, str(body.get("description") or body["result"])


@asynccontextmanager
async def raw(limits: Limits | None = None) -> AsyncIterator[tuple[TelegramDouble, Raw]]:
    async with TelegramDouble(limits=limits) as telegram, aiohttp.ClientSession() as session:
        telegram.user_says(PERSON, "안녕")
        telegram.user_says(GROUP, "안녕")
        yield telegram, Raw(session, telegram)


@pytest.mark.parametrize(
    ("mode", "text", "why"),
    [
        ("HTML", "<p>가</p>", 'Unsupported start tag "p"'),
        ("HTML", "a < b", 'Unsupported start tag ""'),
        ("HTML", "<b>가", "Can't find end tag"),
        ("HTML", "<b><i>가</b></i>", "Unexpected end tag"),
        ("MarkdownV2", "17.35%", "Character '.' is reserved"),
        ("MarkdownV2", "*가", "Can't find end of Bold entity"),
        ("MarkdownV2", "`가", "Can't find end of Code entity"),
    ],
)
async def test_markup_that_does_not_parse(mode: str, text: str, why: str) -> None:
    async with raw() as (_, api):
        status, said = await api.call("sendMessage", chat_id=PERSON, text=text, parse_mode=mode)
    assert status == 400
    assert "can't parse entities" in said
    assert why in said


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        ("HTML", '<b>가</b> R&amp;D <a href="https://dart.fss.or.kr">원문</a>'),
        ("MarkdownV2", "*가* R&D [원문](https://dart.fss.or.kr)"),
    ],
)
async def test_markup_that_does(mode: str, text: str) -> None:
    async with raw() as (telegram, api):
        await api.call("sendMessage", chat_id=PERSON, text=text, parse_mode=mode)
        [shown] = telegram.shown(PERSON)
    assert shown.text == "가 R&D 원문"
    assert [(one["type"], one["offset"]) for one in shown.body["entities"]] == [("bold", 0), ("text_link", 6)]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"text": " \n"}, "message text is empty"),
        ({"text": "😀" * 2_049}, "message is too long"),
        ({"entities": [{"type": "bold", "offset": 0, "length": 3}]}, "ends after the end"),
        ({"text": "😀", "entities": [{"type": "bold", "offset": 1, "length": 1}]}, "middle of a UTF-16"),
        ({"chat_id": 4711}, "chat not found"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "가", "callback_data": "가" * 22}]]}},
            "BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_messages_that_are_refused(changed: dict[str, Any], why: str) -> None:
    async with raw() as (telegram, api):
        status, said = await api.call("sendMessage", **{"chat_id": PERSON, "text": "가나", **changed})
        assert (status, why in said) == (400, True), said
        assert telegram.texts(PERSON) == []


async def test_the_longest_text_is_taken_and_trimmed() -> None:
    async with raw() as (telegram, api):
        assert (await api.call("sendMessage", chat_id=PERSON, text="😀" * 2_048 + "\n "))[0] == 200
        assert telegram.texts(PERSON) == ["😀" * 2_048]


async def test_a_chat_takes_five_at_once_and_a_group_twenty_a_minute() -> None:
    async with raw() as (telegram, api):
        said = [await api.call("sendMessage", chat_id=PERSON, text=f"{number}") for number in range(6)]
        assert [status for status, _ in said] == [200] * 5 + [429]
        assert said[5][1] == "Too Many Requests: retry after 1"
        telegram.limits.chat_burst = 100
        said = [await api.call("sendMessage", chat_id=GROUP, text=f"{number}") for number in range(21)]
        assert [status for status, _ in said] == [200] * 20 + [429]
        assert telegram.floods() == 2


async def test_edits_and_drafts_count_as_messages_do() -> None:
    async with raw() as (_, api):
        await api.call("sendMessage", chat_id=PERSON, text="0")
        for number in range(2):
            assert (await api.call("editMessageText", chat_id=PERSON, message_id=2, text=f"{number}b"))[
                0
            ] == 200
            assert (await api.call("sendMessageDraft", chat_id=PERSON, draft_id=1, text="가"))[0] == 200
        assert (await api.call("sendMessageDraft", chat_id=PERSON, draft_id=1, text="가"))[0] == 429


async def test_thirty_a_second_over_all_chats() -> None:
    async with raw() as (telegram, api):
        for person in range(100, 140):
            telegram.user_says(person, "안녕")
        said = [await api.call("sendMessage", chat_id=person, text="가") for person in range(100, 140)]
    assert 429 in [status for status, _ in said]


async def test_updates_wait_until_the_offset_confirms_them_and_not_beside_a_webhook() -> None:
    async with raw() as (telegram, api):
        for _ in range(2):
            assert "안녕" in (await api.call("getUpdates"))[1]
        last = telegram.world.pending[-1]["update_id"]
        assert await api.call("getUpdates", offset=last + 1) == (200, "[]")
        await api.call("setWebhook", url="http://127.0.0.1:9/")
        status, said = await api.call("getUpdates")
        assert (status, "webhook is active" in said) == (409, True)
        status, said = await api.call("setWebhook", url="http://127.0.0.1:9/", secret_token="틀린 비밀")
        assert status == 400


async def test_a_wrong_token_and_an_unknown_method() -> None:
    async with raw() as (telegram, api):
        assert (await api.call("sendPizza"))[0] == 404
        telegram.token = "7:other"
        assert await api.call("getMe") == (401, "Unauthorized")


async def test_in_a_process_of_its_own_it_outlives_the_bot() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.doubles.telegram", "--no-limits", "--faults", '{"seed": 3}', stdout=PIPE
    )
    try:
        assert process.stdout
        there = TelegramDouble()
        there.url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as session:

            async def control(name: str, **arguments: Any) -> Any:
                async with session.post(f"{there.url}/control/{name}", json=arguments) as answer:
                    return (await answer.json())["result"]

            number = await control("user_says", chat=PERSON, text="질문")
            for down in (True, False):  # the first bot ends without having stored it
                inbox = Received()
                inbox.down = down
                async with receiving(there, inbox):
                    while not inbox.puts:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
            [incoming] = await inbox.first(1)
            assert incoming.message == str(number)
            assert [one["text"] for one in (await control("transcript"))[str(PERSON)]] == ["질문"]
            await control("set_faults", busy=1.0)
            assert "getupdates 200" in await control("counts")
    finally:
        process.terminate()
        await process.wait()
