"""The Slack channel against the double: one message per mark, whole final texts, no 429 of our own making."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bots.channel import Busy, ChannelError, Gone, MessageLost, Refused, Unreachable
from bots.message import Bullets, Button, Heading, Home, Incoming, Paragraph, Place, Reply, Span, Table, says
from bots.slack.adapter import open_slack
from bots.slack.channel import SlackChannel
from bots.slack.errors import SlackRefused
from bots.texts.slack import HOME_NOT_WATCHED, PLACEHOLDER, WORKING
from tests.doubles.slack import Message, Slack, serve
from tests.doubles.slack.bot import settings_for

pytestmark = pytest.mark.anyio


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serve() as double:
        double.deliveries.faults.hang_seconds = 30
        yield double


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace of hundredths of seconds, but for the tests of the pace."""
    if "pace" not in request.fixturenames:
        monkeypatch.setattr("bots.slack.pace.POST_SECONDS", 0.01)
        monkeypatch.setattr("bots.slack.channel.FRAME_SECONDS", 0.05)


@pytest.fixture
def pace() -> None:
    """As fast as in service."""


@pytest.fixture
async def channel(slack: Slack) -> AsyncIterator[SlackChannel]:
    async with open_slack(settings_for(slack.base_url)) as adapter:
        yield adapter.channel


class Thread:
    """A question in a channel's thread, or in the pane."""

    def __init__(self, slack: Slack, *, pane: bool = False) -> None:
        self.slack = slack
        slack.deliveries.send = lambda *_: None  # type: ignore[method-assign,assignment]  # nobody listens
        if pane:
            root = slack.people.open_assistant("T1", "U1")
            self.id = slack.api.teams["T1"].im("U1").id
            self.question = slack.people.dm("T1", "U1", "매출은?", thread=root)
        else:
            self.id = "C1"
            self.question = root = slack.people.mention("T1", "C1", "U1", "매출은?")
        self.place = Place("slack", f"T1/{self.id}", root, private=pane)

    def answers(self) -> list[Message]:
        return [m for m in self.slack.visible("T1", self.id, self.place.thread) if m.ts > self.question]


REPLY = Reply(
    blocks=[
        Heading("매출"),
        Paragraph([Span("가온전자", bold=True), Span("의 매출은 3조원입니다. <@U9> & 끝")]),
    ],
    buttons=[[Button("더 쉽게", "/simpler")]],
)


async def opened(channel: SlackChannel, thread: Thread, again: bool = False, mark: str = "job/0") -> str:
    return await channel.open(thread.place, mark, reply_to=thread.question, again=again)


async def write(channel: SlackChannel, thread: Thread, message: str, reply: Reply = REPLY) -> None:
    await channel.write(thread.place, message, channel.render(reply)[0])


@pytest.mark.parametrize("pane", [False, True])
async def test_an_answer_is_opened_and_written(slack: Slack, channel: SlackChannel, pane: bool) -> None:
    thread = Thread(slack, pane=pane)
    message = await opened(channel, thread)
    (shown,) = thread.answers()
    assert shown.streaming == pane
    assert shown.text == ("" if pane else PLACEHOLDER)
    await write(channel, thread, message)
    await write(channel, thread, message)  # changes nothing
    (shown,) = thread.answers()
    assert not shown.streaming
    assert shown.text == "매출\n가온전자의 매출은 3조원입니다. &lt;@U9&gt; &amp; 끝"
    assert [block["type"] for block in shown.blocks] == ["header", "rich_text", "actions"]
    posted = next((call for call in slack.calls if call.method == "chat.postMessage"), None)
    assert pane == (posted is None)
    if posted:
        assert posted.args["unfurl_links"] is posted.args["unfurl_media"] is False


@pytest.mark.parametrize("pane", [False, True])
@pytest.mark.parametrize("fault", ["lost_after", "500", "lost_before", "503"])
async def test_a_posting_whose_answer_was_lost_is_not_repeated(
    slack: Slack, channel: SlackChannel, pane: bool, fault: Any
) -> None:
    thread = Thread(slack, pane=pane)
    method = "chat.startStream" if pane else "chat.postMessage"
    slack.faults.next(method, fault)
    with pytest.raises(Unreachable):
        await opened(channel, thread)
    # while it cannot be told, nothing is posted
    slack.faults.next("conversations.replies", "500", "rate")
    for _ in range(2):
        with pytest.raises((Unreachable, Busy)):
            await opened(channel, thread, again=True)
    message = await opened(channel, thread, again=True)
    assert message == await opened(channel, thread, again=True)
    await write(channel, thread, message)
    assert len(thread.answers()) == 1
    other = await opened(channel, thread, mark="job/1")
    assert other != message
    assert await opened(channel, thread, again=True, mark="job/1") == other


async def test_a_posting_is_found_behind_many_messages(slack: Slack, channel: SlackChannel) -> None:
    slack.deliveries.send = lambda *_: None  # type: ignore[method-assign,assignment]
    place = Place("slack", "T1/C1", None, private=False)
    slack.channel("T1", "C1")
    message = await channel.open(place, "digest/1", reply_to=None, again=False)
    for number in range(450):
        slack.people.chatter("T1", "C1", "U1", str(number))
    assert await channel.open(place, "digest/1", reply_to=None, again=True) == message
    assert slack.methods().count("conversations.history") == 3


async def test_a_stream_grows_and_ends_as_the_final_text(slack: Slack, channel: SlackChannel) -> None:
    thread = Thread(slack, pane=True)
    message = await opened(channel, thread)
    (shown,) = thread.answers()
    assert shown.blocks[0]["elements"][0]["text"] == WORKING
    await asyncio.sleep(0.06)
    await channel.show(thread.place, "job/0", message, "매출은 <3조")
    assert thread.answers()[0].text == "매출은 &lt;3조"
    await asyncio.sleep(0.06)
    await channel.show(thread.place, "job/0", message, "매출은 <3조원>이고")
    assert thread.answers()[0].text == "매출은 &lt;3조원&gt;이고"
    await write(channel, thread, message)
    (shown,) = thread.answers()
    assert not shown.streaming
    assert shown.text.startswith("매출\n가온전자")
    await channel.show(thread.place, "job/0", message, "늦게 온 조각")
    assert thread.answers()[0].text.startswith("매출\n가온전자")


async def test_a_stream_never_has_a_link_of_the_model(slack: Slack, channel: SlackChannel) -> None:
    thread = Thread(slack, pane=True)
    message = await opened(channel, thread)
    whole = "매출은 [여기](https://evil.example/x)와 evil.com에 있습니다"
    for end in range(8, len(whole) + 1):
        await asyncio.sleep(0.03)
        await channel.show(thread.place, "job/0", message, whole[:end])
        shown = thread.answers()[0].text
        assert "](" not in shown
        assert "://" not in shown
        assert "evil." not in shown
    assert shown.startswith("매출은 [여기] (https[:]//evil[.]example/x)와 evil[.]com에 ")


async def test_a_stream_that_slack_closed_loses_no_text(slack: Slack, channel: SlackChannel) -> None:
    thread = Thread(slack, pane=True)
    message = await opened(channel, thread)
    slack.api.stream_seconds = 0.0
    await asyncio.sleep(0.06)
    await channel.show(thread.place, "job/0", message, "매출은")
    await asyncio.sleep(0.06)
    await channel.show(thread.place, "job/0", message, "매출은 3조")  # goes on by chat.update
    assert thread.answers()[0].text == "매출은 3조"
    await write(channel, thread, message)
    assert thread.answers()[0].text.startswith("매출\n가온전자")


async def test_a_stream_of_a_process_that_died_is_written_by_another(
    slack: Slack, channel: SlackChannel
) -> None:
    thread = Thread(slack, pane=True)
    message = await opened(channel, thread)
    async with open_slack(settings_for(slack.base_url)) as successor:
        await write(successor.channel, thread, message)
    (shown,) = thread.answers()
    assert not shown.streaming
    assert shown.text.startswith("매출\n가온전자")


async def test_where_streams_are_refused_a_message_is_redrawn(slack: Slack, channel: SlackChannel) -> None:
    thread = Thread(slack, pane=True)
    slack.faults.next("chat.startStream", "rate")
    message = await opened(channel, thread)
    assert thread.answers()[0].text == PLACEHOLDER
    await asyncio.sleep(0.06)
    await channel.show(thread.place, "job/0", message, "매출은 3조")
    assert thread.answers()[0].text == "매출은 3조"
    await write(channel, thread, message)


@pytest.mark.usefixtures("pace")
async def test_frames_and_posts_keep_within_slacks_limits(slack: Slack, channel: SlackChannel) -> None:
    slack.set_limits("all")
    thread, pane = Thread(slack), Thread(slack, pane=True)

    async def answer(where: Thread, mark: str) -> None:
        while True:
            try:
                message = await channel.open(where.place, mark, reply_to=where.question, again=False)
                break
            except Busy as busy:
                await asyncio.sleep(busy.after.total_seconds())
        await channel.show(where.place, mark, message, "너무 이르다")
        text = ""
        for number in range(20):
            text += f"{number} "
            await channel.show(where.place, mark, message, text)
            await asyncio.sleep(0.1)
        await channel.write(where.place, message, channel.render(says(text))[0])

    await asyncio.gather(*(answer(where, f"{where.id}/{n}") for n in range(3) for where in (thread, pane)))
    assert slack.throttled() == 0
    assert "chat.appendStream" in slack.methods()
    assert "너무 이르다" not in str([call.args for call in slack.calls])
    assert all(message.text.endswith("19 ") for where in (thread, pane) for message in where.answers())


async def test_a_429_holds_that_method_there_alone(slack: Slack, channel: SlackChannel) -> None:
    thread, slack.faults.retry_after = Thread(slack), 2
    slack.faults.next("chat.postMessage", "rate")
    with pytest.raises(Busy) as busy:
        await opened(channel, thread)
    assert busy.value.after.total_seconds() == 2
    calls = len(slack.calls)
    with pytest.raises(Busy):  # without a call
        await opened(channel, thread)
    assert len(slack.calls) == calls
    slack.channel("T1", "C2")
    await channel.open(Place("slack", "T1/C2", None, private=False), "m", reply_to=None, again=False)


@pytest.mark.usefixtures("pace")
async def test_a_busy_channel_is_put_off_rather_than_waited_for(channel: SlackChannel, slack: Slack) -> None:
    slack.channel("T1", "C1")
    place = Place("slack", "T1/C1", None, private=False)
    began = time.monotonic()
    done = await asyncio.gather(
        *(channel.open(place, str(n), reply_to=None, again=False) for n in range(8)), return_exceptions=True
    )
    assert time.monotonic() - began < 4
    assert sum(isinstance(one, Busy) for one in done) >= 3
    assert not any(isinstance(one, BaseException) and not isinstance(one, Busy) for one in done)


ERRORS: list[tuple[str, type[ChannelError]]] = [
    ("unknown", Gone),
    ("outside", Gone),
    ("archived", Gone),
    ("uninstalled", Gone),
    ("revoked", Gone),
    ("elsewhere", Gone),
    ("forged", Refused),
    ("scope", Refused),
]


@pytest.mark.parametrize(("what", "kind"), ERRORS)
async def test_slacks_refusals_are_told_apart(
    slack: Slack, channel: SlackChannel, what: str, kind: type[ChannelError]
) -> None:
    team, place = slack.api.teams["T1"], Place("slack", "T1/C1", None, private=False)
    if what != "unknown":
        slack.channel("T1", "C1", bot=what != "outside").archived = what == "archived"
    if what in ("uninstalled", "revoked"):
        team.denied = {"uninstalled": "account_inactive", "revoked": "token_revoked"}[what]
    if what == "elsewhere":
        place = Place("slack", "T9/C1", None, private=False)
    if what == "forged":
        team.token = "xoxb-another"
    if what == "scope":
        team.scopes = frozenset()
    with pytest.raises(kind) as refused:
        await channel.open(place, "m", reply_to=None, again=False)
    assert not isinstance(refused.value, MessageLost)
    assert "xoxb" not in str(refused.value)


async def test_a_message_that_somebody_deleted_is_lost(slack: Slack, channel: SlackChannel) -> None:
    thread = Thread(slack)
    message = await opened(channel, thread)
    del slack.api.teams["T1"].channels["C1"].messages[message]
    with pytest.raises(MessageLost):
        await write(channel, thread, message)
    await channel.show(thread.place, "job/0", message, "x")
    await channel.discard(thread.place, message)


@pytest.mark.parametrize("pane", [False, True])
async def test_what_will_not_be_written_is_removed(slack: Slack, channel: SlackChannel, pane: bool) -> None:
    thread = Thread(slack, pane=pane)
    await channel.discard(thread.place, await opened(channel, thread))
    assert thread.answers() == []


async def test_refused_blocks_become_simpler_and_then_text(
    slack: Slack, channel: SlackChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = Thread(slack)
    message = await opened(channel, thread)
    reply = Reply(
        blocks=[Table([["구분", "2024"], ["매출액", "3조 4,512억원"]]), Bullets([[Span("하나")]])],
        buttons=[[Button("도움됨", "good:1"), Button("아쉬움", "bad:1")]],
    )
    await write(channel, thread, message, reply)
    kinds = [block["type"] for block in thread.answers()[0].blocks]
    assert kinds == ["table", "rich_text", "context_actions"]
    monkeypatch.setattr("tests.doubles.slack.limits.KINDS", {"rich_text", "actions"})
    await write(channel, thread, message, reply)
    kinds = [block["type"] for block in thread.answers()[0].blocks]
    assert kinds == ["rich_text", "rich_text", "actions"]
    monkeypatch.setattr("tests.doubles.slack.limits.KINDS", set())
    await write(channel, thread, message, reply)
    (shown,) = thread.answers()
    assert shown.blocks == []
    assert "매출액 | 3조 4,512억원" in shown.text


async def test_a_refused_call_is_not_tried_as_text(slack: Slack, channel: SlackChannel) -> None:
    thread = Thread(slack)
    message = await opened(channel, thread)
    slack.api.teams["T1"].scopes = frozenset()
    with pytest.raises(SlackRefused, match="missing_scope"):
        await write(channel, thread, message)
    assert slack.methods().count("chat.update") == 1


def press(place: Place) -> Incoming:
    return Incoming("k", "button", place, "slack:T1/U1", "/level 초급", datetime.now(UTC))


async def test_the_surfaces_around_messages(slack: Slack, channel: SlackChannel) -> None:
    thread, team = Thread(slack, pane=True), slack.api.teams["T1"]
    await channel.busy(thread.place)
    assert team.statuses == [(thread.id, thread.place.thread, WORKING)]
    await channel.answer_button(press(thread.place), "초급으로 <바꿨습니다>")
    await channel.answer_button(press(thread.place), None)
    assert team.ephemerals == [(thread.id, "U1", "초급으로 &lt;바꿨습니다&gt;")]
    await channel.send_home(press(thread.place), Reply(home=Home("초급", [], None)))
    assert HOME_NOT_WATCHED in str(team.homes["U1"])
    await channel.send_home(
        press(thread.place), Reply(home=Home("고급", [f"회사{n}" for n in range(80)], "08:00"))
    )
    assert "외 50곳" in str(team.homes["U1"])
    by_person = Place("slack", "T1/U1")
    await channel.send_document(by_person, "내정보.json", "{}")
    (sent,) = [message for message in slack.visible("T1", thread.id) if message.files]
    assert (sent.files[0]["name"], sent.files[0]["content"]) == ("내정보.json", "{}")
    message = await channel.open(by_person, "digest/1", reply_to=None, again=False)
    await channel.write(by_person, message, channel.render(says("요약"))[0])
    assert await channel.open(by_person, "digest/1", reply_to=None, again=True) == message
    assert slack.methods().count("conversations.open") == 1


async def test_what_surrounds_an_answer_never_fails_it(slack: Slack, channel: SlackChannel) -> None:
    slack.faults.set(lost_before=1.0)
    thread = Thread(slack, pane=True)
    await channel.busy(thread.place)
    await channel.answer_button(press(thread.place), "말")
    await asyncio.sleep(0.06)
    await channel.show(thread.place, "job/0", "1.1", "조각")
    with pytest.raises(Unreachable):
        await channel.send_home(press(thread.place), Reply(home=Home("초급", [], None)))
