"""Telegram's way out."""

import logging
import zlib
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from telegram import InputFile, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bots import texts
from bots.channel import Busy, ChannelError, Gone, MessageLost, Moved, Refused, Unreachable
from bots.message import Incoming, Place, Reply, says
from bots.telegram.bot import TelegramBot, seconds_of
from bots.telegram.pace import ChatPace, Pace
from bots.telegram.rendering import TelegramPart, render
from core.settings import Telegram

_TOAST = 200  # characters of an answer to a callback query
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_DRAFTLESS = 10_000  # chats remembered at most; one that was forgotten refuses once more
_FRAME_TIMEOUT = 3.0  # seconds; the text behind a frame waits for it
_log = logging.getLogger(__name__)


class TelegramChannel:
    """Implements `bots.channel.Channel`; `second` is what a second of the pace lasts, for tests.

    No call of Telegram's has a key that makes it idempotent. A message is opened as a placeholder and then
    edited, which may be repeated. Frames of a stream are awaited, never left running: one that arrived after
    the final text would write over it.

    An `open` whose answer was lost leaves a placeholder behind whose id nobody knows, and none is looked for.
    A bot has no history to look into. Trying the ids between the question's and the next known one can change
    nothing of others, since a bot edits only what it wrote, but it can of the bot's own: editMessageText with
    the placeholder's words leaves a placeholder as it is ("not modified") and writes over a digest, an alert
    or an answer in another topic that was opened in between and is written before our edit arrives. A call
    that harms no text (editMessageCaption is refused for one) tells that a message is the bot's, not that
    nobody will write into it: that is known of this inbox alone, not of a second program or database with
    the same token, and a deletion cannot be taken back. In private chats ids are those of all chats together,
    so that of a busy bot any few of them would miss it as well.
    """

    def __init__(
        self, bot: TelegramBot, settings: Telegram, link_hosts: Collection[str], *, second: float = 1.0
    ) -> None:
        self._bot = bot
        self._hosts = frozenset(link_hosts)
        self._pace = Pace(settings.messages_per_second, second)
        self._draftless: set[str] = set()  # private chats that refused a draft
        self._drafts = True  # whether the server knows of drafts

    def render(self, reply: Reply) -> Sequence[TelegramPart]:
        return render(reply, self._hosts)

    async def open(self, place: Place, mark: str, *, reply_to: str | None, again: bool) -> str:  # noqa: ARG002
        """`again` changes nothing: a bot has no history to look into. Only in groups is a reply marked as
        one: there it tells whose question it answers."""
        answered = ReplyParameters(int(reply_to), allow_sending_without_reply=True) if reply_to else None
        async with self._turn(place):
            message = await self._bot.send_message(
                int(place.chat),
                texts.WRITING,
                message_thread_id=_thread(place),
                reply_parameters=None if place.private else answered,
                link_preview_options=_NO_PREVIEW,
            )
            return str(message.message_id)

    def streams_into_message(self, place: Place) -> bool:
        return not place.private or not self._drafts or place.chat in self._draftless

    async def show(self, place: Place, mark: str, message: str | None, text: str) -> None:
        if message is None and self.streams_into_message(place):
            return
        parts = self.render(says(text))
        try:
            if parts and await self._pace.frame(place.chat, private=place.private):
                await self._frame(place, mark, message, parts[0])
        except RetryAfter as error:
            self._hold(place, error)
        except (BadRequest, InvalidToken) as error:  # 404, a method unknown, is the library's InvalidToken
            if message is None:
                self._stream_by_edits(place, error)
        except (TelegramError, Busy):
            pass

    async def _frame(self, place: Place, mark: str, message: str | None, part: TelegramPart) -> None:
        if message is None:
            await self._bot.send_message_draft(
                int(place.chat),
                zlib.crc32(mark.encode()) or 1,
                part.text,
                message_thread_id=_thread(place),
                entities=part.entities,
                read_timeout=_FRAME_TIMEOUT,
            )
        else:
            await self._bot.edit_message_text(
                part.text,
                int(place.chat),
                int(message),
                entities=part.entities,
                link_preview_options=_NO_PREVIEW,
                read_timeout=_FRAME_TIMEOUT,
            )

    def _stream_by_edits(self, place: Place, error: TelegramError) -> None:
        if isinstance(error, InvalidToken):
            self._drafts = False
        else:
            if len(self._draftless) >= _DRAFTLESS:
                self._draftless.clear()
            self._draftless.add(place.chat)
        _log.info("텔레그램이 초안을 받지 않아 메시지를 고쳐 쓰며 보여 줍니다.")

    async def write(self, place: Place, message: str, part: TelegramPart) -> None:
        async with self._turn(place):
            try:
                await self._write(place, message, part)
            except BadRequest as error:
                said = error.message.lower()
                if "message is not modified" in said:
                    return
                if "entit" not in said:  # can't parse entities, entity … ends after the end
                    raise
                _log.warning("텔레그램이 서식을 받지 않아 글만 보냅니다.")
                await self._write(place, message, TelegramPart(part.text, (), part.keyboard))

    async def _write(self, place: Place, message: str, part: TelegramPart) -> None:
        await self._bot.edit_message_text(
            part.text,
            int(place.chat),
            int(message),
            entities=part.entities,
            reply_markup=part.keyboard,
            link_preview_options=_NO_PREVIEW,
        )

    async def discard(self, place: Place, message: str) -> None:
        """A message that is gone already, or too old for a bot to delete, is no error."""
        async with self._turn(place):
            try:
                await self._bot.delete_message(int(place.chat), int(message))
            except BadRequest as error:
                _log.debug("지우지 못한 메시지: %s", error.message)

    async def busy(self, place: Place) -> None:
        if not self._pace.chat(place.chat, private=place.private).typing():
            return
        try:
            await self._bot.send_chat_action(
                int(place.chat),
                ChatAction.TYPING,
                message_thread_id=_thread(place),
                read_timeout=_FRAME_TIMEOUT,
            )
        except RetryAfter as error:
            self._hold(place, error)
        except TelegramError as error:
            _log.debug("보이지 못한 상태: %s", type(error).__name__)

    async def answer_button(self, incoming: Incoming, toast: str | None) -> None:
        """Telegram takes it for about a minute after the press, and once."""
        if incoming.handle is None:
            return
        try:
            await self._bot.answer_callback_query(incoming.handle, toast[:_TOAST] if toast else None)
        except TelegramError as error:
            _log.debug("답하지 못한 단추: %s", type(error).__name__)

    async def send_home(self, incoming: Incoming, reply: Reply) -> None:
        """Telegram has no such page."""

    async def send_document(self, place: Place, name: str, text: str) -> None:
        async with self._turn(place):
            await self._bot.send_document(
                int(place.chat),
                InputFile(text.encode(errors="replace"), filename=name),
                message_thread_id=_thread(place),
            )

    @asynccontextmanager
    async def _turn(self, place: Place) -> AsyncIterator[None]:
        """Wait for the chat's turn, then raise ChannelError for whatever Telegram says to the call."""
        await self._pace.turn(place.chat, private=place.private)
        try:
            yield
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                self._hold(place, error)
            raise _translated(error) from error

    def _hold(self, place: Place, error: RetryAfter) -> None:
        self._chat(place).hold(timedelta(seconds=seconds_of(error)))

    def _chat(self, place: Place) -> ChatPace:
        return self._pace.chat(place.chat, private=place.private)


def _thread(place: Place) -> int | None:
    return int(place.thread) if place.thread else None


def _translated(error: TelegramError) -> ChannelError:
    """BadRequest is a NetworkError to the library, and a revoked token (InvalidToken) nobody's fault whose
    reply waits: with a new one it is delivered."""
    if isinstance(error, RetryAfter):
        return Busy(timedelta(seconds=seconds_of(error)))
    if isinstance(error, ChatMigrated):
        return Moved(str(error.new_chat_id))
    if isinstance(error, Forbidden):
        return Gone("텔레그램 대화방에 쓸 수 없습니다.")
    if not isinstance(error, BadRequest):
        return Unreachable(f"텔레그램에 보내지 못했습니다({type(error).__name__}).")
    said = error.message.lower()
    if "chat not found" in said:
        return Gone("없는 텔레그램 대화방입니다.")
    if any(lost in said for lost in ("message to edit not found", "can't be edited", "message_id_invalid")):
        return MessageLost("고칠 텔레그램 메시지가 없습니다.")
    return Refused(f"텔레그램이 거절했습니다: {error.message}")
