"""People who write to a conversation, and the neighbours that it speaks to."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from bots.conversation import Conversation
from bots.message import Incoming, Place, Reply
from bots.plain_text import plain_text
from core.settings import Access

_START = datetime(2025, 11, 24, 9, tzinfo=UTC)


@dataclass
class Watched:
    """bots.talk.parts.Watches in memory."""

    names: dict[str, list[str]] = field(default_factory=dict)
    told: list[tuple[Any, ...]] = field(default_factory=list)

    async def watch(self, place: Place, person: str, text: str) -> str:
        self.names.setdefault(person, []).append(text)
        return f"{text} 봅니다."

    async def unwatch(self, place: Place, person: str, text: str) -> str:
        self.names.pop(person, None)
        return "그만 봅니다."

    async def settings(self, place: Place, person: str, text: str) -> str:
        return f"요약 {text}"

    async def watched(self, place: Place) -> Sequence[str]:
        return [name for names in self.names.values() for name in names]

    async def digest_time(self, place: Place) -> str | None:
        return "18:30"

    async def forget(self, person: str) -> None:
        self.names.pop(person, None)
        self.told.append(("forget", person))

    async def export(self, person: str) -> dict[str, Any]:
        return {"watched": self.names.get(person, [])}

    async def stop(self, place: Place) -> None:
        self.told.append(("stop", place.chat))

    async def move(self, place: Place, chat: str) -> None:
        self.told.append(("move", place.chat, chat))


@dataclass
class Queued:
    """bots.talk.parts.Jobs in memory."""

    told: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    async def forget_person(self, person: str, rooms: Sequence[str]) -> int:
        self.told.append((person, tuple(rooms)))
        return 0

    async def export_person(self, person: str) -> list[dict[str, Any]]:
        return [{"payload": {"person": person}}]

    async def oldest(self) -> timedelta | None:
        return timedelta(seconds=3)


@dataclass
class Talker:
    """One person in one place; every message a minute after the one before."""

    conversation: Conversation
    person: str
    place: Place
    gap: timedelta = timedelta(minutes=1)
    _count: Iterator[int] = field(default_factory=count)

    async def say(self, text: str, **more: Any) -> Reply | None:
        return await self.hear(self.message(text, **more))

    async def press(self, reply: Reply | None, label: str) -> Reply | None:
        """The button of a reply whose label begins so."""
        assert reply is not None
        (value,) = {b.value for row in reply.buttons for b in row if b.label.startswith(label)}
        return await self.hear(self.message(value, kind="button"))

    def message(self, text: str, **more: Any) -> Incoming:
        at = _START + next(self._count) * self.gap
        return replace(Incoming(uuid4().hex, "message", self.place, self.person, text, at), **more)

    async def hear(self, incoming: Incoming) -> Reply | None:
        return await self.conversation.reply(incoming, nothing)

    async def twice(self, incoming: Incoming) -> Reply | None:
        """Handled, the reply lost on the way to the database, handled again."""
        first = await self.hear(incoming)
        again = await self.hear(incoming)
        assert again == first, incoming.text
        return again


async def nothing(text: str) -> None:
    await asyncio.sleep(0)


def words(reply: Reply | None) -> str:
    assert reply is not None
    return plain_text(reply.blocks) + (reply.toast or "")


def labels(reply: Reply | None) -> list[str]:
    return [button.label for row in reply.buttons for button in row] if reply else []


def limited(conversation: Conversation, **access: Any) -> Conversation:
    """The same with other settings of `[access]`."""
    kept: Mapping[str, Any] = conversation.parts.access.model_dump()
    return Conversation(replace(conversation.parts, access=Access(**{**kept, **access})))
