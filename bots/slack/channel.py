"""Slack's way out: bots.channel.Channel over the Web API."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bots.answer_blocks import unlinked
from bots.channel import Busy, ChannelError, MessageLost, Part, Refused, Unreachable
from bots.message import Incoming, Place, Reply
from bots.slack.errors import UNFIT, SlackRefused, translated
from bots.slack.home import home_view
from bots.slack.lookup import find, metadata
from bots.slack.pace import FRAME_SECONDS, Pace
from bots.slack.rendering import SlackPart, escape, render
from bots.slack.workspaces import Workspace, Workspaces
from bots.texts import slack as texts
from core.errors import StoreError

T = TypeVar("T")

FRAME = 3_000  # characters of an unfinished text that are shown
STREAM = 11_000  # of the 12,000 that a stream takes
_UNFINISHED = re.compile(r"[A-Za-z]\S*$")  # may become an address, which is told only as a whole
REMEMBERED = 4_096


@dataclass(slots=True)
class _Open:
    """A message that is being written. `still`: no more frames."""

    streaming: bool = False
    still: bool = False
    shown: str = ""
    at: float = field(default_factory=time.monotonic)
    lock: asyncio.Lock = field(
        default_factory=asyncio.Lock
    )  # a frame on its way never follows the final text


class SlackChannel:
    """Answers in threads that one person reads (the assistant pane, threads of a DM) are streamed.

    In a channel they are redrawn by chat.update: a stream has one recipient there, and everybody else sees
    its first piece until it ends (docs.slack.dev/reference/methods/chat.startStream; agentconnect #1494).
    """

    def __init__(self, workspaces: Workspaces, messages_per_second: float) -> None:
        self._workspaces = workspaces
        self._pace = Pace(messages_per_second)
        self._open: OrderedDict[tuple[str, str], _Open] = OrderedDict()
        self._ims: OrderedDict[str, str] = OrderedDict()

    def render(self, reply: Reply) -> Sequence[Part]:
        return render(reply)

    def streams_into_message(self, place: Place) -> bool:  # noqa: ARG002
        return True

    async def open(self, place: Place, mark: str, *, reply_to: str | None, again: bool) -> str:
        workspace, channel = await self._where(place)
        if again:
            with translated():
                found = await find(workspace.client, channel, place.thread, mark, reply_to)
            if found:
                return found
        await self._pace.post(place.chat)
        if place.private and place.thread and self._pace.frame(workspace.team, "chat.startStream"):
            # a stream is refused where Slack has none, and limited more tightly: a message will do there
            with suppress(Busy, Refused):
                return await self._stream(workspace, channel, place, mark)
        posted = await self._call(
            place.chat,
            "chat.postMessage",
            workspace.client.chat_postMessage(
                channel=channel,
                text=texts.PLACEHOLDER,
                thread_ts=place.thread,
                metadata=metadata(mark),
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        message = str(posted["ts"])
        _keep(self._open, (place.chat, message), _Open())
        return message

    async def show(self, place: Place, mark: str, message: str | None, text: str) -> None:  # noqa: ARG002
        if message is None:
            return
        opened = self._opened(place, message)
        if opened.still or opened.lock.locked() or time.monotonic() - opened.at < FRAME_SECONDS:
            return
        with suppress(ChannelError):
            workspace, channel = await self._where(place)
            async with opened.lock:
                opened.at = time.monotonic()
                if opened.streaming:
                    await self._append(workspace, channel, message, opened, text)
                else:
                    await self._redraw(workspace, channel, message, opened, text)

    async def write(self, place: Place, message: str, part: Part) -> None:
        workspace, channel = await self._where(place)
        opened = self._opened(place, message)
        async with opened.lock:
            opened.still = True
            if opened.streaming:
                await self._stop(workspace, channel, message)
                opened.streaming = False
            await self._update(workspace, channel, message, part)
        self._open.pop((place.chat, message), None)

    async def discard(self, place: Place, message: str) -> None:
        workspace, channel = await self._where(place)
        opened = self._opened(place, message)
        async with opened.lock:
            opened.still = True
            with suppress(MessageLost):
                if opened.streaming:
                    await self._stop(workspace, channel, message)
                await self._pace.send(workspace.team, "chat.delete")
                await self._call(
                    workspace.team, "chat.delete", workspace.client.chat_delete(channel=channel, ts=message)
                )
        self._open.pop((place.chat, message), None)

    async def busy(self, place: Place) -> None:
        """Slack shows it in the pane alone, and ends it itself when the bot writes."""
        if not (place.private and place.thread):
            return
        with suppress(ChannelError):
            workspace, channel = await self._where(place)
            with translated():
                await workspace.client.assistant_threads_setStatus(
                    channel_id=channel, thread_ts=place.thread, status=texts.WORKING
                )

    async def answer_button(self, incoming: Incoming, toast: str | None) -> None:
        """The press itself was acknowledged when it was stored."""
        if not toast:
            return
        with suppress(ChannelError):
            workspace, channel = await self._where(incoming.place)
            await self._pace.send(workspace.team, "chat.postEphemeral")
            await self._call(
                workspace.team,
                "chat.postEphemeral",
                workspace.client.chat_postEphemeral(
                    channel=channel,
                    user=_user(incoming),
                    text=escape(toast),
                    thread_ts=incoming.place.thread,
                ),
            )

    async def send_home(self, incoming: Incoming, reply: Reply) -> None:
        if reply.home is None:
            return
        workspace, _ = await self._where(incoming.place)
        await self._pace.send(workspace.team, "views.publish")
        await self._call(
            workspace.team,
            "views.publish",
            workspace.client.views_publish(user_id=_user(incoming), view=home_view(reply.home)),
        )

    async def send_document(self, place: Place, name: str, text: str) -> None:
        workspace, channel = await self._where(place)
        await self._pace.post(place.chat)
        await self._call(
            place.chat,
            "files",
            workspace.client.files_upload_v2(
                channel=channel, thread_ts=place.thread, filename=name, title=name, content=text
            ),
        )

    # -- calls --------------------------------------------------------------------------------------------

    async def _where(self, place: Place) -> tuple[Workspace, str]:
        """The workspace and the channel's id; of a person's id (`T1/U2`), that of the DM with them."""
        team, _, channel = place.chat.partition("/")
        try:
            workspace = await self._workspaces.of(team)
        except StoreError:
            raise Unreachable("설치된 워크스페이스를 찾지 못했습니다.") from None
        if not channel.startswith(("U", "W")):
            return workspace, channel
        known = self._ims.get(place.chat)
        if known is None:
            opened = await self._call(
                team, "conversations.open", workspace.client.conversations_open(users=channel)
            )
            known = str(opened["channel"]["id"])
            _keep(self._ims, place.chat, known)
        return workspace, known

    async def _call(self, where: str, method: str, call: Awaitable[T]) -> T:
        """Once. A 429 holds `method` back in `where`, for whoever comes next."""
        try:
            with translated():
                return await call
        except Busy as busy:
            self._pace.hold(where, method, busy.after)
            raise

    async def _stream(self, workspace: Workspace, channel: str, place: Place, mark: str) -> str:
        """A stream takes no metadata before its end: its first block carries the mark (lookup.marked)."""
        block = {
            "type": "context",
            "block_id": mark,
            "elements": [{"type": "plain_text", "text": texts.WORKING}],
        }
        started = await self._call(
            workspace.team,
            "chat.startStream",
            workspace.client.chat_startStream(
                channel=channel,
                thread_ts=place.thread or "",
                chunks=[{"type": "blocks", "blocks": [block]}],
            ),
        )
        message = str(started["ts"])
        _keep(self._open, (place.chat, message), _Open(streaming=True))
        return message

    async def _append(
        self, workspace: Workspace, channel: str, message: str, opened: _Open, text: str
    ) -> None:
        """What is new of the text. A stream only grows: a text that changed waits for its end."""
        text = unlinked(_UNFINISHED.sub("", text))
        if not text.startswith(opened.shown) or len(text) > STREAM:
            opened.still = True
            return
        new = text[len(opened.shown) :]
        if not new or not self._pace.frame(workspace.team, "chat.appendStream"):
            return
        try:
            await self._call(
                workspace.team,
                "chat.appendStream",
                workspace.client.chat_appendStream(channel=channel, ts=message, markdown_text=escape(new)),
            )
        except Busy:
            return
        except SlackRefused:  # Slack closed it: after five minutes, or a silent gap (python-slack-sdk #1859)
            opened.streaming = False
            return
        except Unreachable:  # it may have grown or not
            opened.still = True
            return
        opened.shown = text

    async def _redraw(
        self, workspace: Workspace, channel: str, message: str, opened: _Open, text: str
    ) -> None:
        shown = unlinked(text if len(text) <= FRAME else text[:FRAME] + texts.CUT)
        if not shown or shown == opened.shown or not self._pace.frame(workspace.team, "chat.update"):
            return
        await self._call(
            workspace.team,
            "chat.update",
            workspace.client.chat_update(channel=channel, ts=message, text=escape(shown), blocks=[]),
        )
        opened.shown = shown

    async def _stop(self, workspace: Workspace, channel: str, message: str) -> None:
        """Fine where Slack had stopped it before."""
        with suppress(SlackRefused):
            await self._call(
                workspace.team,
                "chat.stopStream",
                workspace.client.chat_stopStream(channel=channel, ts=message),
            )

    async def _update(self, workspace: Workspace, channel: str, message: str, part: SlackPart) -> None:
        """The part with its blocks; where they are refused, with simpler ones, then as text."""
        refused: SlackRefused | None = None
        for blocks in (part.blocks, part.simple, []):
            try:
                await self._replace(workspace, channel, message, part.text, blocks)
            except SlackRefused as error:
                if error.code not in UNFIT:
                    raise
                refused = error
            else:
                return
        raise refused or Refused("슬랙이 글을 받지 않았습니다.")

    async def _replace(
        self, workspace: Workspace, channel: str, message: str, text: str, blocks: Sequence[dict[str, Any]]
    ) -> None:
        for last in (False, True):
            await self._pace.send(workspace.team, "chat.update")
            try:
                await self._call(
                    workspace.team,
                    "chat.update",
                    workspace.client.chat_update(channel=channel, ts=message, text=text, blocks=list(blocks)),
                )
            except SlackRefused as error:
                # a stream that an earlier process began
                if last or error.code != "streaming_state_conflict":
                    raise
                await self._stop(workspace, channel, message)
            else:
                return

    def _opened(self, place: Place, message: str) -> _Open:
        key = (place.chat, message)
        if key not in self._open:
            _keep(self._open, key, _Open())
        return self._open[key]


def _keep(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    """The newest few thousand: nothing but speed is lost with the others."""
    known[key] = value
    if len(known) > REMEMBERED:
        known.popitem(last=False)


def _user(incoming: Incoming) -> str:
    return incoming.person.rpartition("/")[2]
