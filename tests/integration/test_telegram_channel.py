"""The real library against the double: what goes out arrives once, at a pace that meets no limit."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from telegram.error import RetryAfter
from telegram.warnings import PTBDeprecationWarning

from bots import texts
from bots.channel import Busy, Channel, Gone, MessageLost, Moved, Refused, Unreachable
from bots.message import Button, Incoming, Paragraph, Place, Reply, Span, says
from bots.telegram.bot import seconds_of
from bots.telegram.channel import TelegramChannel
from bots.telegram.rendering import TelegramPart
from bots.telegram.request import AiohttpRequest
from tests.doubles.received import Received
from tests.doubles.telegram import Faults, Limits, TelegramDouble
from tests.integration.telegram_bot import SECOND, channel, connected, running, settings

pytestmark = pytest.mark.anyio
PERSON, GROUP, SUPERGROUP = 42, -77, -1_001_234_567_890
PRIVATE = Place("telegram", str(PERSON))
ANSWER = Reply([Paragraph([Span("매출액은 "), Span("100억원", bold=True), Span("입니다.")])])


def limits() -> Limits:
    return Limits(second=SECOND)


def group(chat: int = GROUP, thread: str | None = None) -> Place:
    return Place("telegram", str(chat), thread, private=False)


def fresh(**faults: object) -> TelegramDouble:
    """A Telegram where PERSON and GROUP have spoken."""
    telegram = TelegramDouble(limits=limits(), faults=Faults(**faults))  # type: ignore[arg-type]
    telegram.user_says(PERSON, "질문")
    telegram.user_says(GROUP, "질문")
    return telegram


async def deliver(out: Channel, place: Place, reply: Reply, *, reply_to: str | None = None) -> list[str]:
    """What the worker does, shortest: open each part until it is open, write it until it is written."""
    opened = []
    for number, part in enumerate(out.render(reply)):
        opened.append(
            await _at_last(lambda n=number: out.open(place, f"m{n}", reply_to=reply_to, again=False))
        )
        await _at_last(lambda p=part: out.write(place, opened[-1], p))
    return opened


async def _at_last(call):  # type: ignore[no-untyped-def]
    while True:
        try:
            return await call()
        except Busy as busy:
            await asyncio.sleep(busy.after.total_seconds())
        except Unreachable:
            await asyncio.sleep(0.01)


async def stream(out: TelegramChannel, place: Place, tokens: Sequence[str], gap: float) -> str:
    """As the worker: an answer that grows by `tokens`, shown meanwhile. The mark is unused by edits."""
    message = None
    if out.streams_into_message(place):
        message = await out.open(place, "m0", reply_to=None, again=False)
    text = ""
    for token in tokens:
        text += token
        await out.show(place, "m0", message, text)
        await asyncio.sleep(gap)
    message = message or await out.open(place, "m0", reply_to=None, again=False)
    await out.write(place, message, out.render(says(text))[0])
    return text


async def test_an_answer_stands_there_with_its_formatting_and_buttons() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        reply = Reply(ANSWER.blocks, [[Button("도움됨", "useful:1")]])
        await deliver(out, PRIVATE, reply, reply_to="1")
        [shown] = telegram.shown(PERSON)
    assert shown.text == "매출액은 100억원입니다."
    assert shown.body["entities"] == [{"type": "bold", "offset": 5, "length": 5}]
    assert shown.buttons == [[{"text": "도움됨", "callback_data": "useful:1"}]]
    assert "reply_to_message" not in shown.body
    previews = [one.params["link_preview_options"] for one in telegram.calls_of("editMessageText")]
    assert previews == [{"is_disabled": True}]


async def test_groups_see_which_question_is_answered_even_when_it_is_gone() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        await deliver(out, group(), ANSWER, reply_to="1")
        telegram.delete(GROUP, 1)
        await deliver(out, group(), ANSWER, reply_to="1")
        first, second = telegram.shown(GROUP)
    assert first.body["reply_to_message"]["message_id"] == 1
    assert "reply_to_message" not in second.body


async def test_a_topic_is_answered_within() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        telegram.user_says(SUPERGROUP, "질문", thread=9)
        await deliver(out, group(SUPERGROUP, "9"), ANSWER)
        [shown] = telegram.shown(SUPERGROUP)
    assert shown.body["message_thread_id"] == 9


@pytest.mark.parametrize("fault", ["busy", "error", "gateway", "lost_before", "lost_after", "hang"])
async def test_whatever_the_final_edit_meets_there_is_one_final_text(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AiohttpRequest, "read_timeout", 0.2)
    async with fresh() as telegram, channel(telegram) as out:
        telegram.faults.order("editMessageText", fault, "error", "lost_after", fault)  # type: ignore[arg-type]
        await deliver(out, PRIVATE, ANSWER)
        assert telegram.texts(PERSON) == ["매출액은 100억원입니다."]


async def test_an_opening_whose_answer_was_lost_leaves_a_placeholder_and_one_answer() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        telegram.faults.order("sendMessage", "lost_after")
        await deliver(out, PRIVATE, ANSWER)
        assert telegram.texts(PERSON) == [texts.WRITING, "매출액은 100억원입니다."]


async def test_many_answers_through_every_fault_are_each_there_once() -> None:
    faults = Faults(
        seed=5, busy=0.05, error=0.05, gateway=0.05, lost_before=0.05, lost_after=0.05, retry_after=1
    )
    double = TelegramDouble(limits=Limits(enforced=False), faults=faults)
    for person in range(1, 31):
        double.user_says(person, "질문")

    async def answer(out: TelegramChannel, person: int) -> None:
        for number in range(3):
            await deliver(out, Place("telegram", str(person)), says(f"답 {person}-{number}"))

    async with double as telegram, channel(telegram) as out, asyncio.TaskGroup() as tasks:
        for person in range(1, 31):
            tasks.create_task(answer(out, person))
    for person in range(1, 31):
        finals = [text for text in double.texts(person) if text != texts.WRITING]
        assert finals == [f"답 {person}-{number}" for number in range(3)]


async def test_a_long_answer_comes_whole_and_in_order() -> None:
    sentences = [f"{number}번째 문장은 가온전자의 매출액을 말합니다." for number in range(400)]
    async with fresh() as telegram, channel(telegram) as out:
        await deliver(out, PRIVATE, says(" ".join(sentences)))
        texts = telegram.texts(PERSON)
    assert len(texts) > 2
    assert " ".join(texts) == " ".join(sentences)


async def test_what_telegram_refuses_is_told_apart() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        for number, place in enumerate([PRIVATE, group()]):
            await out.open(place, f"m{number}", reply_to=None, again=False)
        part = out.render(ANSWER)[0]
        mine = str(telegram.shown(PERSON)[0].body["message_id"])
        with pytest.raises(MessageLost):
            await out.write(PRIVATE, "999", part)
        with pytest.raises(MessageLost):
            await out.write(PRIVATE, "1", part)  # a person's
        telegram.delete(PERSON, int(mine))
        with pytest.raises(MessageLost):
            await out.write(PRIVATE, mine, part)
        with pytest.raises(Gone):
            await out.open(Place("telegram", "4711"), "m", reply_to=None, again=False)
        with pytest.raises(Refused, match="too long"):
            await out.write(group(), "2", TelegramPart("가" * 4_097))
        telegram.migrate(GROUP, SUPERGROUP)
        with pytest.raises(Moved) as moved:
            await out.write(group(), "2", part)
        assert moved.value.chat == str(SUPERGROUP)
        telegram.block(PERSON)
        with pytest.raises(Gone):
            await out.open(PRIVATE, "m", reply_to=None, again=False)
        telegram.kick(SUPERGROUP)
        with pytest.raises(Gone):
            await out.open(group(SUPERGROUP), "m", reply_to=None, again=False)
        telegram.token = "revoked"
        with pytest.raises(Unreachable):
            await out.open(PRIVATE, "m", reply_to=None, again=False)


async def test_the_same_text_again_is_no_error() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        [message] = await deliver(out, PRIVATE, ANSWER)
        await out.write(PRIVATE, message, out.render(ANSWER)[0])
        assert [one.status for one in telegram.calls_of("editMessageText")] == [200, 400]


async def test_formatting_that_telegram_refuses_costs_the_formatting_alone() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        [message] = await deliver(out, PRIVATE, ANSWER)
        part = out.render(Reply([Paragraph([Span("굵게", bold=True)])]))[0]
        await out.write(PRIVATE, message, TelegramPart("글", part.entities))
        assert telegram.texts(PERSON) == ["글"]


async def test_a_chat_that_must_wait_is_held_and_no_other() -> None:
    telegram = fresh(retry_after=30)
    telegram.user_says(43, "질문")
    async with telegram, channel(telegram) as out:
        telegram.faults.order("sendMessage", "busy")
        with pytest.raises(Busy) as busy:
            await out.open(PRIVATE, "m", reply_to=None, again=False)
        assert busy.value.after == timedelta(seconds=30)
        calls = len(telegram.calls)
        with pytest.raises(Busy) as busy:
            await out.open(PRIVATE, "m", reply_to=None, again=True)
        assert timedelta(seconds=29) < busy.value.after <= timedelta(seconds=30)
        await out.show(PRIVATE, "m", None, "조금씩")
        await out.busy(PRIVATE)
        assert len(telegram.calls) == calls
        await deliver(out, Place("telegram", "43"), ANSWER)


async def test_a_stream_of_300_tokens_meets_no_limit_and_ends_in_the_final_text() -> None:
    """13 seconds of the double's, in both kinds of chat at once; frames and final text all count."""
    tokens = [f"낱말{number} " for number in range(300)]
    async with fresh() as telegram, channel(telegram) as out:
        started = monotonic()
        texts = await asyncio.gather(
            *(stream(out, place, tokens, 13 * SECOND / 300) for place in (PRIVATE, group()))
        )
        lasted = (monotonic() - started) / SECOND
        assert telegram.floods() == 0
        assert telegram.texts(PERSON) == [texts[0].strip()]
        assert telegram.texts(GROUP) == [texts[1].strip()]
        drafts = [one.params["text"] for one in telegram.calls_of("sendMessageDraft", chat=PERSON)]
        edits = telegram.calls_of("editMessageText", chat=GROUP)
        assert len({one.params["draft_id"] for one in telegram.calls_of("sendMessageDraft")}) == 1
    assert drafts == sorted(drafts, key=len)
    assert lasted / 2.5 <= len(drafts) <= lasted / 1.2 + 1
    assert 2 <= len(edits) <= lasted / 3.2 + 2


async def test_answers_one_after_the_other_meet_no_limit_either() -> None:
    """Eight parts in a group are sixteen calls; forty chats at once are more than 30 a second."""
    double = fresh()
    people = range(100, 140)
    for person in people:
        double.user_says(person, "질문")
    async with double as telegram, channel(telegram) as out, asyncio.TaskGroup() as tasks:
        for _ in range(2):
            tasks.create_task(deliver(out, group(), says("가나다라. " * 4_000)))
        for person in people:
            tasks.create_task(deliver(out, Place("telegram", str(person)), ANSWER))
    assert double.floods() == 0
    assert len(double.texts(GROUP)) == 12
    assert all(double.texts(person) == ["매출액은 100억원입니다."] for person in people)


async def test_a_faster_pace_does_meet_the_limit() -> None:
    """So that the two tests above can fail."""
    async with fresh() as telegram, channel(telegram, second=SECOND / 50) as out:
        with pytest.raises(Busy):
            await asyncio.gather(*(out.open(PRIVATE, "m", reply_to=None, again=False) for _ in range(10)))
        assert telegram.floods()


@pytest.mark.parametrize("known", [True, False])
async def test_where_drafts_are_refused_the_message_is_rewritten(known: bool) -> None:
    async with fresh() as telegram, channel(telegram) as out:
        assert not out.streams_into_message(PRIVATE)
        telegram.methods.drafts = known
        if known:
            telegram.world.chats[PERSON].kind = "group"  # has the double say BadRequest
        await out.show(PRIVATE, "m", None, "조금씩")
        assert out.streams_into_message(PRIVATE)
        assert out.streams_into_message(Place("telegram", "43")) is not known
        await stream(out, PRIVATE, ["하나 ", "둘 ", "셋"], 2 * SECOND)
        assert telegram.texts(PERSON) == ["하나 둘 셋"]
        assert telegram.shown(PERSON)[0].edits > 1


async def test_a_draft_that_meets_429_is_no_reason_to_give_drafts_up() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        telegram.faults.order("sendMessageDraft", "busy", "error", "lost_after")
        for text in ("가", "가나", "가나다"):
            await out.show(PRIVATE, "m", None, text)
            await asyncio.sleep(2 * SECOND)
        assert not out.streams_into_message(PRIVATE)


async def test_a_frame_shows_no_link_and_is_cut_where_telegram_ends() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        await out.show(PRIVATE, "m", None, "evil.com " + "가" * 5_000)
        [draft] = telegram.calls_of("sendMessageDraft")
    assert draft.status == 200
    assert draft.params["entities"] == [{"type": "code", "offset": 0, "length": 8}]


async def test_typing_is_said_once_for_as_long_as_it_lasts() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        for _ in range(5):
            await out.busy(PRIVATE)
        await out.busy(Place("telegram", "4711"))  # no such chat: swallowed
        assert [one.chat for one in telegram.calls_of("sendChatAction")] == [PERSON, 4711]


async def test_a_button_is_answered_and_an_old_one_is_no_error() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        press = telegram.press(PERSON, 1, "useful:1")
        incoming = Incoming(
            "k", "button", PRIVATE, "telegram:42", "useful:1", datetime.now(UTC), handle=press
        )
        await out.answer_button(incoming, "고맙습니다" * 100)
        assert (telegram.toast(press) or "").startswith("고맙습니다")
        old = Incoming("k", "button", PRIVATE, "telegram:42", "useful:1", datetime.now(UTC), handle="999")
        await out.answer_button(old, None)


async def test_an_opened_message_can_be_taken_back_twice() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        message = await out.open(PRIVATE, "m", reply_to=None, again=False)
        await out.discard(PRIVATE, message)
        await out.discard(PRIVATE, message)
        assert telegram.texts(PERSON) == []


async def test_a_document_arrives_with_its_name() -> None:
    async with fresh() as telegram, channel(telegram) as out:
        await out.send_document(PRIVATE, "내 기록.json", '{"글": "가나다"}')
        [shown] = telegram.shown(PERSON)
    assert shown.body["document"]["file_name"] == "내 기록.json"
    assert (shown.document or b"").decode() == '{"글": "가나다"}'


async def test_a_question_is_answered_over_polling_with_faults_from_end_to_end() -> None:
    """A loop that echoes stands for the worker: every question has one answer, in order."""
    faults = {"busy": 0.03, "error": 0.05, "lost_before": 0.03, "lost_after": 0.03, "duplicate": 0.1}
    double = TelegramDouble(limits=limits(), faults=Faults(seed=11, **faults))
    async with double as telegram, connected(telegram) as bot:
        inbox = Received()
        out = TelegramChannel(bot, settings(telegram), [], second=SECOND)
        async with running(bot, telegram, inbox, 0.05, {}):
            for number in range(5):
                for person in (1, 2, 3):
                    telegram.user_says(person, f"질문 {number}")
            questions = await inbox.first(15, 20)
        for question in questions:
            await deliver(out, question.place, says(f"답: {question.text}"))
    for person in (1, 2, 3):
        answers = [text for text in double.texts(person) if text != texts.WRITING]
        assert answers == [f"답: 질문 {number}" for number in range(5)]


async def test_seconds_to_wait_are_understood_in_both_of_the_librarys_ways(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert seconds_of(RetryAfter(7)) == 7.0
    monkeypatch.setenv("PTB_TIMEDELTA", "false")
    with pytest.warns(PTBDeprecationWarning):
        assert seconds_of(RetryAfter(7)) == 7.0
