"""A platform's way out, as a Protocol. Adapters translate their library's errors into these; nothing else
of a library is seen by the rest."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

from bots.message import Incoming, Place, Reply
from core.errors import GongsiError

Part = Any  # what a platform's `render` made of a stretch of a reply; seen by that platform alone


class ChannelError(GongsiError):
    """Base: a message could not be delivered."""


class Busy(ChannelError):
    """429: nothing may be sent to this chat for `after`. Not a failure."""

    def __init__(self, after: timedelta) -> None:
        super().__init__("메신저가 잠시 기다리라고 합니다.")
        self.after = after


class Unreachable(ChannelError):
    """5xx, a lost connection, a time-out: the call may or may not have been applied."""


class Gone(ChannelError):
    """Blocked, kicked, deleted, revoked: nothing will ever arrive there."""


class Moved(ChannelError):
    """The chat has a new id."""

    def __init__(self, chat: str) -> None:
        super().__init__("대화방의 번호가 바뀌었습니다.")
        self.chat = chat


class Refused(ChannelError):
    """The platform says that the call is wrong; the same call will be refused again."""


class MessageLost(Refused):
    """The message to be written into is not there any more (deleted by somebody)."""


class Channel(Protocol):
    """Calls are made once: whoever calls decides on waiting and trying again. All raise ChannelError."""

    def render(self, reply: Reply) -> Sequence[Part]:
        """The reply as one or more messages within the platform's limits, no text missing."""
        ...

    async def open(self, place: Place, mark: str, *, reply_to: str | None, again: bool) -> str:
        """Post an empty placeholder and return its id.

        `mark` names it for ever. `again`: an earlier call with this mark may have been applied, so that a
        platform that can look (Slack: metadata) looks first, and raises when it cannot tell.
        """
        ...

    def streams_into_message(self, place: Place) -> bool:
        """Whether `show` needs an opened message; Telegram's private chats show drafts instead."""
        ...

    async def show(self, place: Place, mark: str, message: str | None, text: str) -> None:
        """What is written so far, where the pace allows it: streams must never cost the final text its
        turn. Swallows every error of its own."""
        ...

    async def write(self, place: Place, message: str, part: Part) -> None:
        """The final content of an opened message; the same call again changes nothing.

        Raises MessageLost when it is gone. Falls back to plain text when the platform refuses the markup.
        """
        ...

    async def discard(self, place: Place, message: str) -> None:
        """Remove an opened message that will not be written."""
        ...

    async def busy(self, place: Place) -> None:
        """`typing…`; swallows errors."""
        ...

    async def answer_button(self, incoming: Incoming, toast: str | None) -> None:
        """Take the press of a button off the waiting; swallows errors."""
        ...

    async def send_home(self, incoming: Incoming, reply: Reply) -> None:
        """Publish `reply.home` (Slack); nothing elsewhere."""
        ...

    async def send_document(self, place: Place, name: str, text: str) -> None:
        """A text file; not idempotent, so `/export` may come twice after a lost response."""
        ...
