"""What people do in Slack reaches the inbox once, stored before it is acknowledged, by socket and by HTTP."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bots.channel import Unreachable
from bots.message import Button, Home, Incoming, Reply, says
from bots.slack.adapter import check_slack, open_slack
from bots.texts.slack import SLASH_IN_DM, SLASH_IN_THREAD
from core.errors import InputError
from tests.doubles.slack import Slack, serve
from tests.doubles.slack.bot import GREETING, MemoryInbox, bot, settings_for

pytestmark = pytest.mark.anyio
MODES = pytest.mark.parametrize("mode", ["socket", "http"])


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serve() as double:
        yield double


async def one(inbox: MemoryInbox) -> Incoming:
    return await asyncio.wait_for(inbox.fresh.get(), 10)


@MODES
async def test_a_mention_is_asked_in_its_thread(slack: Slack, mode: str) -> None:
    async with bot(slack, mode) as (_, inbox):
        ts = slack.people.mention("T1", "C1", "U1", "삼성전자 &amp; &lt;매출&gt; <#C9|general> <@U7|kim>")
        asked = await one(inbox)
        later = slack.people.mention("T1", "C1", "U2", "그럼 작년은?", thread=ts)
        followed = await one(inbox)
        await slack.deliveries.settle()
    assert asked.key == f"slack:T1:C1:{ts}"
    assert asked.text == "삼성전자 & <매출> #general @kim"
    assert (asked.person, asked.message) == ("slack:T1/U1", ts)
    assert (asked.place.chat, asked.place.thread, asked.place.private) == ("T1/C1", ts, False)
    assert (followed.place.thread, followed.message) == (ts, later)
    assert asked.place.lane == followed.place.lane == inbox.kept[asked.key][0]
    assert all(delivery.acked and delivery.attempts == 1 for delivery in slack.deliveries.all)
    assert slack.methods().count("auth.test") == 1


@MODES
async def test_a_direct_message_is_a_conversation_of_its_own(slack: Slack, mode: str) -> None:
    async with bot(slack, mode) as (_, inbox):
        slack.people.dm("T1", "U1", "네이버 <https://dart.fss.or.kr|dart.fss.or.kr> 부채는?")
        asked = await one(inbox)
        pane = slack.people.open_assistant("T1", "U1")
        slack.people.dm("T1", "U1", "영업이익은?", thread=pane)
        in_pane = await one(inbox)
        await slack.until(lambda: slack.api.teams["T1"].prompts)
    assert asked.text == "네이버 dart.fss.or.kr 부채는?"
    assert asked.place.private
    assert asked.place.thread is None
    assert in_pane.place.chat == asked.place.chat
    assert in_pane.place.thread == pane
    title, message = GREETING.prompts[0]
    assert slack.api.teams["T1"].prompts == {pane: [{"title": title, "message": message}]}


@MODES
async def test_one_post_told_twice_is_one_question(slack: Slack, mode: str) -> None:
    slack.faults.set(redelivered=1.0)
    async with bot(slack, mode) as (_, inbox):
        slack.people.mention("T1", "C1", "U1", "매출은?", twice=True)
        await slack.deliveries.settle()
    assert inbox.puts == 4
    assert len(inbox.kept) == 1


@MODES
async def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again(slack: Slack, mode: str) -> None:
    slack.deliveries.ack_seconds = 0.3
    async with bot(slack, mode, MemoryInbox(fails=2)) as (_, inbox):
        slack.people.mention("T1", "C1", "U1", "매출은?")
        await one(inbox)
        await slack.deliveries.settle()
    (delivery,) = slack.deliveries.all
    assert delivery.attempts == inbox.puts == 3
    assert delivery.statuses == ([] if mode == "socket" else [500, 500, 200])


@MODES
async def test_the_acknowledgement_waits_for_the_inbox(slack: Slack, mode: str) -> None:
    async with bot(slack, mode, MemoryInbox(slow=0.3)) as (_, inbox):
        began = time.monotonic()
        slack.people.dm("T1", "U1", "매출은?")
        await slack.deliveries.settle()
    assert inbox.kept
    assert 0.3 <= time.monotonic() - began < 3


@MODES
async def test_messages_of_one_conversation_are_stored_in_order(slack: Slack, mode: str) -> None:
    async with bot(slack, mode, MemoryInbox(slow=0.01)) as (_, inbox):
        for number in range(10):
            slack.people.dm("T1", "U1", str(number))
            if mode == "http":  # requests overtake each other on their way
                await slack.deliveries.settle()
        await slack.deliveries.settle()
    assert [incoming.text for incoming in inbox.all] == [str(number) for number in range(10)]


@MODES
async def test_what_is_not_meant_for_the_bot_is_silently_acknowledged(slack: Slack, mode: str) -> None:
    async with bot(slack, mode) as (_, inbox):
        people = slack.people
        people.chatter("T1", "C1", "U1", "점심 뭐 먹지?")
        people.chatter("T1", "C1", "U1", "<@UBOTT1> 고침", subtype="message_changed", hidden=True)
        people.chatter("T1", "C1", "U1", "<@UBOTT1> 다른 봇", bot_id="B9", subtype="bot_message")
        people.chatter("T1", "C1", "UBOTT1", "<@UBOTT1> 나")
        people.chatter("T1", "C1", "U1", "나감", subtype="channel_leave")
        people.open_home("T1", "U1", tab="messages")
        people.happen(
            "T1", "reaction_added", user="U1", reaction="eyes", item={"type": "message", "channel": "C1"}
        )
        await slack.deliveries.settle()
        people.chatter("T1", "C1", "U1", "보세요 <@UBOTT1> 매출은?", subtype="thread_broadcast")
        assert (await one(inbox)).text == "보세요 매출은?"
    assert len(inbox.kept) == 1
    assert all(delivery.attempts == 1 for delivery in slack.deliveries.all)


@MODES
async def test_a_slash_command_is_answered_in_a_thread_of_its_own(slack: Slack, mode: str) -> None:
    slack.channel("T1", "C1")
    slack.channel("T1", "C2", bot=False)
    team = slack.api.teams["T1"]
    async with bot(slack, mode) as (_, inbox):
        trigger = slack.people.slash("T1", "C1", "U1", "삼성전자 <매출>은?")
        asked = await one(inbox)
        slack.people.slash("T1", "C2", "U1", "/level 초급", command="/ask")
        apart = await one(inbox)
        slack.people.slash("T1", team.im("U1").id, "U1", "도움")
        in_person = await one(inbox)
        await slack.until(lambda: len(team.ephemerals) == 3)
    (post,) = slack.visible("T1", "C1")
    assert post.text == "<@U1> 님의 질문: 삼성전자 &lt;매출&gt;은?"
    assert asked.text == "삼성전자 <매출>은?"
    assert (asked.key, asked.place.thread, asked.place.private) == (f"slack:T1:{trigger}", post.ts, False)
    im = f"T1/{team.im('U1').id}"
    assert (apart.place.chat, apart.place.private, apart.text) == (im, True, "/level 초급")
    assert in_person.place.chat == im
    assert [said for _, _, said in team.ephemerals] == [SLASH_IN_THREAD, SLASH_IN_DM, SLASH_IN_DM]


async def test_a_slash_command_delivered_again_is_posted_once(slack: Slack) -> None:
    slack.channel("T1", "C1")
    slack.deliveries.ack_seconds = 0.5
    async with bot(slack, "socket", MemoryInbox(fails=1)) as (_, inbox):
        slack.people.slash("T1", "C1", "U1", "매출은?")
        asked = await one(inbox)
        await slack.deliveries.settle()
    (post,) = slack.visible("T1", "C1")
    assert asked.place.thread == post.ts
    assert inbox.puts == 2


async def test_a_slash_command_is_answered_in_person_when_slack_is_slow(slack: Slack) -> None:
    slack.channel("T1", "C1")
    slack.faults.next("chat.postMessage", "hang")
    slack.faults.next("conversations.open", "500")
    async with bot(slack) as (_, inbox):
        slack.people.slash("T1", "C1", "U1", "매출은?")
        asked = await one(inbox)
        await slack.deliveries.settle()
    assert asked.place.chat == "T1/U1"
    assert slack.deliveries.all[0].attempts == 1


@MODES
async def test_buttons_come_as_what_they_say(slack: Slack, mode: str) -> None:
    async with bot(slack, mode) as (adapter, inbox):
        ts = slack.people.mention("T1", "C1", "U1", "매출은?")
        asked = await one(inbox)
        buttons = [
            [Button("도움됨", "good:1"), Button("아쉬움", "bad:1")],
            [Button("더 쉽게", "/simpler")],
        ]
        reply = Reply(blocks=says("답").blocks, buttons=buttons)
        channel = adapter.channel
        message = await channel.open(asked.place, "m", reply_to=ts, again=False)
        await channel.write(asked.place, message, channel.render(reply)[0])
        slack.people.press("T1", "C1", message, "U2", "더 쉽게")
        pressed = await one(inbox)
        slack.people.press("T1", "C1", message, "U2", "아쉬움")
        rated = await one(inbox)
        home = Reply(home=Home("중급", ["가온전자"], None))
        await channel.send_home(pressed, home)
        slack.people.press_home("T1", "U2", "그만 받기")
        at_home, again = await one(inbox), await one(inbox)
        await slack.deliveries.settle()
    assert (pressed.kind, pressed.text, pressed.message) == ("button", "/simpler", message)
    assert pressed.place == asked.place
    assert pressed.person == "slack:T1/U2"
    assert pressed.handle
    assert rated.text == "bad:1"
    assert rated.key != pressed.key
    im = slack.api.teams["T1"].im("U2").id
    assert (at_home.kind, again.kind, again.person) == ("message", "home", "slack:T1/U2")
    assert inbox.kept[at_home.key][0] == inbox.kept[again.key][0] == at_home.place.lane
    assert (at_home.text, at_home.place.chat, at_home.message) == ("/unwatch 가온전자", f"T1/{im}", None)
    assert all(delivery.attempts == 1 for delivery in slack.deliveries.all)


@MODES
async def test_the_home_tab_asks_for_itself_in_a_lane_of_its_own(slack: Slack, mode: str) -> None:
    async with bot(slack, mode) as (_, inbox):
        slack.people.open_home("T1", "U1")
        opened = await one(inbox)
    assert (opened.kind, opened.person) == ("home", "slack:T1/U1")
    assert opened.place.chat == f"T1/{slack.api.teams['T1'].im('U1').id}"
    assert inbox.kept[opened.key][0] != opened.place.lane


@MODES
async def test_an_uninstalled_workspace_has_left(slack: Slack, mode: str) -> None:
    async with bot(slack, mode) as (_, inbox):
        slack.people.uninstall("T1")
        await slack.deliveries.settle()
    assert [(incoming.kind, incoming.place.chat) for incoming in inbox.all] == [("left", "T1/")] * 2


async def test_a_request_with_a_wrong_signature_or_an_old_one_is_refused(slack: Slack) -> None:
    async with bot(slack, "http") as (_, inbox), aiohttp.ClientSession() as session:
        url = slack.deliveries.target
        event = {
            "type": "message",
            "channel_type": "im",
            "user": "U1",
            "channel": "D1",
            "ts": "1.1",
            "text": "?",
        }
        body = json.dumps({"type": "event_callback", "team_id": "T1", "event": event})

        async def post(headers: dict[str, str], body: str = body) -> tuple[int, str]:
            form = {"Content-Type": "application/json", **headers}
            async with session.post(url, data=body, headers=form) as response:
                return response.status, await response.text()

        signed = slack.deliveries.signed(body)
        assert (await post({**signed, "X-Slack-Signature": "v0=" + "0" * 64}))[0] == 401
        assert (await post({}))[0] == 401
        assert (await post(signed, body.replace("?", "!")))[0] == 401
        assert (await post(slack.deliveries.signed(body, time.time() - 400)))[0] == 401
        assert not inbox.kept
        assert (await post(signed))[0] == 200
        challenge = json.dumps({"type": "url_verification", "challenge": "c0ffee"})
        assert await post(slack.deliveries.signed(challenge), challenge) == (200, '{"challenge": "c0ffee"}')
    assert len(inbox.kept) == 1


async def test_a_socket_that_is_refreshed_or_broken_is_opened_again(slack: Slack) -> None:
    slack.deliveries.ack_seconds = 1.0
    async with bot(slack) as (adapter, inbox):
        await slack.until(lambda: slack.deliveries.sockets)
        await slack.deliveries.refresh()
        slack.people.dm("T1", "U1", "하나")
        assert (await one(inbox)).text == "하나"
        (socket,) = slack.deliveries.sockets
        began = time.monotonic()
        slack.deliveries.kill(socket)
        slack.people.dm("T1", "U1", "둘")
        assert (await one(inbox)).text == "둘"
        assert time.monotonic() - began < 4
        assert adapter.silent_seconds < 4
        await slack.deliveries.settle()
        # an address is lost between being given and being used
        slack.api.tickets.clear()
        slack.faults.next("apps.connections.open", "500", "lost_after")
        slack.deliveries.kill(next(iter(slack.deliveries.sockets)))
        slack.people.dm("T1", "U1", "셋")
        assert (await asyncio.wait_for(inbox.fresh.get(), 20)).text == "셋"


@pytest.mark.parametrize(
    ("chosen", "named"),
    [
        ({"bot_token": SecretStr("xoxb-wrong")}, "slack.bot_token"),
        ({"app_token": SecretStr("xapp-wrong")}, "slack.app_token"),
        ({"mode": "http", "signing_secret": SecretStr("")}, "slack.signing_secret"),
        ({"bot_token": SecretStr("")}, "slack.bot_token"),
    ],
)
async def test_a_wrong_setting_is_named_with_its_remedy(
    slack: Slack, chosen: dict[str, Any], named: str
) -> None:
    with pytest.raises(InputError, match=named) as refused:
        async with open_slack(settings_for(slack.base_url, **chosen)) as adapter:
            await adapter.start(MemoryInbox())
    assert "wrong" not in str(refused.value)


async def test_the_doctor_knows_slack(slack: Slack) -> None:
    assert "UBOTT1" in await check_slack(settings_for(slack.base_url))
    with pytest.raises(InputError, match=r"slack\.app_token"):
        await check_slack(settings_for(slack.base_url, app_token=SecretStr("xapp-wrong")))
    slack.api.teams["T1"].scopes -= {"files:write"}
    with pytest.raises(InputError, match=r"files:write.*gongsi slack manifest"):
        await check_slack(settings_for(slack.base_url))
    slack.faults.next("auth.test", "503")
    with pytest.raises(Unreachable):
        await check_slack(settings_for(slack.base_url))


async def test_a_start_waits_for_slack(slack: Slack) -> None:
    slack.faults.next("auth.test", "500", "rate", "lost_before")
    slack.faults.next("apps.connections.open", "503")
    async with bot(slack) as (_, inbox):
        slack.people.dm("T1", "U1", "매출은?")
        assert await one(inbox)
