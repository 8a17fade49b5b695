"""The real library against the double: what comes in is stored once, before Telegram hears of it."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import pytest

from bots.telegram.bot import telegram_bot
from bots.telegram.receive import TelegramReceiver
from core.errors import InputError
from tests.doubles.received import Received
from tests.doubles.telegram import Faults, TelegramDouble
from tests.integration.telegram_bot import MENU, connected, receiving, running, settings

pytestmark = pytest.mark.anyio
GROUP, SUPERGROUP, PERSON = -77, -1_001_234_567_890, 42


async def eventually(true: Callable[[], object], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # what is waited for is the double's, which has no event for it
            await asyncio.sleep(0.01)


async def settled(telegram: TelegramDouble) -> None:
    """Every update was taken and confirmed."""
    await eventually(lambda: not telegram.world.pending)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def hooked(telegram: TelegramDouble, inbox: Received) -> AsyncIterator[str]:
    """A bot that listens at the URL given, registered."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/any/path"
    hook = {"mode": "webhook", "webhook_url": url, "webhook_secret": "s3cret", "port": port}
    async with receiving(telegram, inbox, **hook):
        await eventually(lambda: telegram.updates.webhook)
        yield url


async def test_a_private_message_is_kept_with_all_that_an_answer_needs() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            number = telegram.user_says(PERSON, " 가온전자 매출액은? ")
            [incoming] = await inbox.first(1)
        assert incoming.key == f"telegram:{PERSON}:{number}"
        assert (incoming.kind, incoming.text, incoming.person) == (
            "message",
            "가온전자 매출액은?",
            "telegram:42",
        )
        assert incoming.place.private
        assert incoming.place.thread is None
        assert incoming.message == str(number)
        assert inbox.lanes[incoming.key] == "telegram:42:"


async def test_a_group_is_left_alone_unless_it_speaks_to_the_bot() -> None:
    async with TelegramDouble() as telegram, connected(telegram) as bot:
        inbox = Received()
        async with running(bot, telegram, inbox, 0.05, {}):
            telegram.user_says(GROUP, "오늘 점심 뭐 먹지", user=5)
            telegram.user_says(GROUP, "/ask@other_bot 매출은?", user=5)
            telegram.user_says(GROUP, "/unknown 명령", user=5)
            telegram.user_says(GROUP, "@other_bot 매출은?", user=5)
            telegram.user_says(GROUP, "😀 가온전자 @Gongsi_Talk_Bot 매출은?", user=5)
            telegram.user_says(GROUP, "/ask@gongsi_talk_bot 영업이익은?", user=6)
            telegram.user_says(GROUP, "/ask 부채는?", user=6)
            await inbox.first(3)
            mine = (await bot.send_message(GROUP, "답입니다")).message_id
            telegram.user_says(GROUP, "더 자세히", user=7, reply_to=mine)
            await inbox.first(4)
            await settled(telegram)
        assert [one.text for one in inbox.kept.values()] == [
            "😀 가온전자 매출은?",
            "/ask 영업이익은?",
            "/ask 부채는?",
            "더 자세히",
        ]
        assert not any(one.place.private for one in inbox.kept.values())


async def test_groups_can_be_switched_off() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox, groups="off"):
            telegram.user_says(GROUP, "/ask@gongsi_talk_bot 매출은?")
            telegram.user_says(PERSON, "안녕")
            await inbox.first(1)
            await settled(telegram)
        assert [one.text for one in inbox.kept.values()] == ["안녕"]


async def test_a_topic_is_a_place_of_its_own_and_a_reply_in_a_plain_group_is_not() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            telegram.user_says(SUPERGROUP, "/ask 매출은?", user=5, thread=9)
            telegram.user_says(SUPERGROUP, "/ask 부채는?", user=5, message_thread_id=3)
            first, second = await inbox.first(2)
        assert first.place.thread == "9"
        assert inbox.lanes[first.key] == f"telegram:{SUPERGROUP}:9"
        assert second.place.thread is None


async def test_an_edited_message_names_what_it_replaces() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            number = telegram.user_says(PERSON, "매출은?")
            await inbox.first(1)
            telegram.edit_message(PERSON, number, "영업이익은?")
            first, second = await inbox.first(2)
        assert second.replaces == first.key
        assert second.key.startswith(f"telegram:edit:{PERSON}:{number}:")
        assert second.text == "영업이익은?"


async def test_a_button_brings_its_value() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            number = telegram.user_says(PERSON, "매출은?")
            press = telegram.press(PERSON, number, "useful:1")
            _, button = await inbox.first(2)
        assert (button.key, button.kind, button.text) == (f"telegram:button:{press}", "button", "useful:1")
        assert (button.handle, button.message) == (press, str(number))


async def test_blocked_unblocked_taken_in_put_out_and_moved() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            telegram.block(PERSON)
            telegram.unblock(PERSON)
            telegram.invite(GROUP)
            telegram.kick(GROUP)
            telegram.migrate(-78, SUPERGROUP)
            await inbox.first(5)
            await settled(telegram)
        found = [(one.kind, one.place.chat, one.text) for one in inbox.kept.values()]
        assert found == [
            ("left", "42", ""),
            ("joined", "42", ""),
            ("joined", "-77", ""),
            ("left", "-77", ""),
            ("moved", "-78", str(SUPERGROUP)),
        ]


async def test_what_is_no_text_is_told_apart_from_what_is_nothing() -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            telegram.user_says(PERSON, "", photo=photo)
            telegram.user_says(PERSON, "", photo=photo, caption="이 표의 매출은?")
            telegram.user_says(PERSON, "", photo=photo, media_group_id="7")
            telegram.user_says(PERSON, "", photo=photo, media_group_id="7")
            telegram.user_says(PERSON, "", pinned_message=None, new_chat_title="새 이름")
            telegram.user_says(GROUP, "", photo=photo)
            telegram.user_says(PERSON, "끝")
            await inbox.first(4)
            await settled(telegram)
        assert [one.text for one in inbox.kept.values()] == ["", "이 표의 매출은?", "", "끝"]


async def test_a_forward_is_told_apart_from_what_its_sender_says() -> None:
    origin = {"type": "hidden_user", "date": 1_760_000_000, "sender_user_name": "투자방"}
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            telegram.user_says(PERSON, "EV/EBITDA와 순차입금을 보세요", forward_origin=origin)
            telegram.user_says(PERSON, "이게 무슨 말이야?")
            await inbox.first(2)
        assert [one.quoted for one in inbox.kept.values()] == [True, False]


async def test_an_anonymous_administrator_is_the_group_and_other_bots_are_nobody() -> None:
    anonymous = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            chat = telegram.world.chat(SUPERGROUP).public()
            telegram.user_says(SUPERGROUP, "/ask 매출은?", **{"from": anonymous, "sender_chat": chat})
            telegram.user_says(SUPERGROUP, "/ask 부채는?", **{"from": anonymous})
            telegram.user_says(PERSON, "끝")
            first, last = await inbox.first(2)
        assert first.person == f"telegram:{SUPERGROUP}"
        assert last.text == "끝"


async def test_text_that_no_database_takes_is_mended() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            telegram.user_says(PERSON, "가\x00나 \ud83d 다", entities=[])
            [incoming] = await inbox.first(1)
        assert incoming.text == "가나 � 다"


async def test_nothing_is_confirmed_while_the_database_is_away() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        inbox.down = True
        async with receiving(telegram, inbox):
            telegram.user_says(PERSON, "하나")
            telegram.user_says(PERSON, "둘")
            await eventually(lambda: inbox.puts >= 3)
            assert len(telegram.world.pending) == 2
            inbox.down = False
            await inbox.first(2)
            await settled(telegram)
        assert [one.text for one in inbox.kept.values()] == ["하나", "둘"]


async def test_what_was_not_stored_comes_to_the_next_process() -> None:
    async with TelegramDouble() as telegram:
        dead = Received()
        dead.down = True
        async with receiving(telegram, dead):
            telegram.user_says(PERSON, "하나")
            await eventually(lambda: dead.puts)
        inbox = Received()
        async with receiving(telegram, inbox):
            [incoming] = await inbox.first(1)
        assert incoming.text == "하나"


async def test_faults_and_doubles_lose_nothing_and_keep_the_order() -> None:
    faults = Faults(seed=7, error=0.1, gateway=0.1, lost_before=0.1, lost_after=0.1, duplicate=0.3)
    async with TelegramDouble(faults=faults) as telegram:
        inbox = Received()
        said = [f"질문 {number}" for number in range(40)]
        async with receiving(telegram, inbox):
            for text in said:
                telegram.user_says(PERSON, text)
                await asyncio.sleep(0.01)
            await inbox.first(40, 30.0)
            await eventually(lambda: inbox.puts > 40, 10.0)
        assert [one.text for one in inbox.kept.values()] == said


async def test_an_update_that_cannot_be_read_is_passed_over_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox):
            telegram.world.update("message", {"text": "비밀 이야기", "chat": {}})
            telegram.user_says(PERSON, "다음")
            [incoming] = await inbox.first(1)
        assert incoming.text == "다음"
        assert "읽지 못한" in caplog.text
        assert "비밀" not in caplog.text


async def test_a_second_poller_is_told_of_and_held_back(caplog: pytest.LogCaptureFixture) -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with receiving(telegram, inbox, hold=0.3), receiving(telegram, inbox, hold=0.3):
            await asyncio.sleep(1.0)
            telegram.user_says(PERSON, "누가 받든")
            await inbox.first(1)
        assert "다른 프로그램이 같은 토큰으로" in caplog.text
        conflicts = [one for one in telegram.calls_of("getUpdates") if one.status == 409]
        assert 1 <= len(conflicts) <= 6


async def test_one_process_polls_and_the_other_stands_by() -> None:
    async with TelegramDouble() as telegram, connected(telegram) as bot:
        inbox = Received()
        one_at_a_time = asyncio.Lock()
        receivers = [
            TelegramReceiver(bot, inbox, settings(telegram), MENU, leader=lambda: one_at_a_time)
            for _ in range(2)
        ]
        first, second = (asyncio.create_task(receiver.run()) for receiver in receivers)
        telegram.user_says(PERSON, "하나")
        await inbox.first(1)
        assert receivers[0].heard_at
        assert receivers[1].heard_at is None
        first.cancel()
        telegram.user_says(PERSON, "둘")
        await inbox.first(2)
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        assert [one for one in telegram.calls_of("getUpdates") if one.status == 409] == []


async def test_a_wrong_token_names_the_setting_and_not_the_token() -> None:
    async with TelegramDouble() as telegram:
        wrong = settings(telegram, token="123:wrong")
        with pytest.raises(InputError, match=r"telegram\.token") as caught:
            async with telegram_bot(wrong):
                pass
        assert "123:wrong" not in str(caught.value)
        assert caught.value.__suppress_context__


async def test_a_token_that_is_revoked_ends_the_receiver() -> None:
    async with TelegramDouble() as telegram, connected(telegram) as bot:
        receiver = TelegramReceiver(bot, Received(), settings(telegram), MENU)
        task = asyncio.create_task(receiver.run())
        await eventually(lambda: telegram.calls_of("setMyCommands"))
        telegram.token = "other"
        telegram.user_says(PERSON, "깨우기")
        with pytest.raises(InputError, match=r"telegram\.token"):
            await asyncio.wait_for(task, 5)


async def test_a_server_that_is_down_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    telegram = TelegramDouble()
    await telegram.start()
    there = settings(telegram)
    await telegram.stop()

    async def connect() -> str | None:
        async with telegram_bot(there) as bot:
            return bot.username

    waiting = asyncio.create_task(connect())
    await eventually(lambda: "텔레그램 서버에 닿지 않습니다" in caplog.text)
    await telegram.start()
    assert await asyncio.wait_for(waiting, 5) == "gongsi_talk_bot"
    await telegram.stop()


async def test_the_menu_is_set_for_all_and_for_korean() -> None:
    async with TelegramDouble() as telegram, receiving(telegram, Received()):
        await eventually(lambda: len(telegram.methods.menus) == 2)
        menu = [{"command": "ask", "description": "질문하기"}, {"command": "help", "description": "도움말"}]
        assert telegram.methods.menus == {"": menu, "ko": menu}


async def test_the_webhook_takes_updates_and_every_chat_keeps_its_order() -> None:
    async with TelegramDouble(faults=Faults(seed=3, duplicate=0.2)) as telegram:
        inbox = Received()
        async with hooked(telegram, inbox):
            for number in range(30):
                telegram.user_says(PERSON + number % 3, f"{number}")
            await inbox.first(30)
            await settled(telegram)
        for chat in range(3):
            said = [int(one.text) for one in inbox.kept.values() if one.place.chat == str(PERSON + chat)]
            assert said == sorted(said)
        assert inbox.puts > 30


async def test_the_webhook_has_telegram_send_again_what_could_not_be_stored() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        inbox.down = True
        async with hooked(telegram, inbox):
            telegram.user_says(PERSON, "하나")
            await eventually(lambda: telegram.updates.refused >= 2)
            assert telegram.world.pending
            inbox.down = False
            [incoming] = await inbox.first(1)
        assert incoming.text == "하나"


async def test_the_webhook_knows_telegram_by_the_secret_alone() -> None:
    update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}}
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with hooked(telegram, inbox) as url, aiohttp.ClientSession() as session:
            for secret in ({}, {"X-Telegram-Bot-Api-Secret-Token": "틀림"}):
                async with session.post(url, json=update, headers=secret) as answer:
                    assert answer.status == 403
            known = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
            async with session.post(url, data=b"no json", headers=known) as answer:
                assert answer.status == 400
            async with session.post(url, data=BytesIO(b" " * (2 << 20)), headers=known) as answer:
                assert answer.status == 413
        assert inbox.puts == 0


async def test_polling_after_a_webhook_takes_it_away_first() -> None:
    async with TelegramDouble() as telegram:
        inbox = Received()
        async with hooked(telegram, inbox):
            pass
        telegram.user_says(PERSON, "그사이")
        async with receiving(telegram, inbox):
            [incoming] = await inbox.first(1)
        assert incoming.text == "그사이"
        assert telegram.updates.webhook is None


async def test_a_webhook_without_its_settings_says_which() -> None:
    async with TelegramDouble() as telegram, connected(telegram) as bot:
        receiver = TelegramReceiver(bot, Received(), settings(telegram, mode="webhook"), MENU)
        with pytest.raises(InputError, match=r"telegram\.webhook_url"):
            await receiver.run()


async def test_no_log_and_no_error_holds_the_token(caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG the library writes its URL, and with it the token, when it is made."""
    caplog.set_level(logging.DEBUG)
    for name in ("telegram", "telegram.Bot", "telegram.ext", "httpx", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)  # undone after the test
    faults = Faults(seed=1, error=0.1, gateway=0.1, lost_before=0.1, lost_after=0.1, busy=0.1)
    async with TelegramDouble(faults=faults) as telegram:
        inbox = Received()
        async with connected(telegram) as bot, running(bot, telegram, inbox, 0.05, {}):
            for number in range(10):
                telegram.user_says(PERSON, f"{number}")
                await asyncio.sleep(0.02)
            await inbox.first(10, 20)
            assert telegram.token not in repr(bot)
            telegram.faults.order("sendMessage", "lost_after")
            with pytest.raises(Exception, match=r"ServerDisconnected|ClientOSError") as caught:
                await bot.send_message(PERSON, "x")
            assert telegram.token not in repr(caught.getrepr(chain=True, style="long"))
        assert "getUpdates" in caplog.text
        assert telegram.token not in caplog.text
        assert telegram.token.split(":")[1] not in caplog.text
