"""The terminal: a platform of one person, which shows answers as they are written and buttons as numbers."""

import re
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from bots.answer_blocks import text_blocks
from bots.message import Button, Incoming, Place, Reply
from bots.plain_text import plain_text

if TYPE_CHECKING:
    from bots.conversation import Conversation

_PRESSED = re.compile(r"/(\d{1,2})")
_LEVEL = re.compile(r"/(?:level|수준)\s+\S", re.IGNORECASE)


@dataclass
class Console:
    """`user` is who asks (`cli:user` to profiles), `lane` which conversation it is."""

    conversation: "Conversation"
    user: str
    lane: str
    _shown: str = field(default="", init=False)
    _buttons: list[Button] = field(default_factory=list, init=False)

    async def handle(self, line: str) -> None:
        """One line typed: a question, a command, or the number of a button."""
        text = line.strip()
        if not text:
            return
        if _LEVEL.match(text):  # a level chosen now is the person's: that of the session gives way
            self.conversation = self.conversation.fixed(None, self.conversation.parts.today)
        pressed = _PRESSED.fullmatch(text)
        if pressed and 0 < int(pressed[1]) <= len(self._buttons):
            reply = await self._hear(self._buttons[int(pressed[1]) - 1].value, button=True)
        else:
            reply = await self._hear(text)
        if reply and reply.buttons:
            self._buttons = [button for row in reply.buttons for button in row]
            at = 0
            for row in reply.buttons:
                said = " · ".join(f"/{at + n} {button.label}" for n, button in enumerate(row, 1))
                sys.stdout.write(f"{said}\n")
                at += len(row)

    async def say(self, question: str) -> None:
        """One question alone: no buttons, for nobody will press them."""
        await self._hear(question)

    async def leave(self, *, forget: bool) -> None:
        """End this conversation; with `forget` nothing is left of who had it."""
        await self.conversation.parts.answering.forget(self._place.lane)
        if forget:
            await self.conversation.forget([self._person])

    async def _hear(self, text: str, *, button: bool = False) -> Reply | None:
        self._shown = ""
        key, now = f"console:{uuid4().hex}", datetime.now(UTC)
        incoming = Incoming(key, "button" if button else "message", self._place, self._person, text, now)
        reply = await self.conversation.reply(incoming, self._show)
        if reply is None:
            return None
        if reply.toast and not reply.blocks:
            sys.stdout.write(f"({reply.toast})\n")
        if reply.blocks:
            sys.stdout.write(f"{self._rest(reply)}\n")
        if reply.document:
            sys.stdout.write(f"{reply.document.text}\n")
        return reply

    async def _show(self, text: str) -> None:
        sys.stdout.write(text.removeprefix(self._shown))
        sys.stdout.flush()
        self._shown = text

    def _rest(self, reply: Reply) -> str:
        """What was not shown yet; everything again where it is not what was shown."""
        shown = text_blocks(self._shown, {})
        first, rest = reply.blocks[: len(shown)], reply.blocks[len(shown) :]
        if not shown:
            return plain_text(reply.blocks)
        if _bare(plain_text(first)) == _bare(plain_text(shown)):
            return f"\n\n{plain_text(rest)}" if rest else ""
        return f"\n\n{plain_text(reply.blocks)}"

    @property
    def _place(self) -> Place:
        return Place("console", self.lane)

    @property
    def _person(self) -> str:
        return f"cli:{self.user}"


def _bare(text: str) -> str:
    return "".join(text.split())
