"""A platform without a network: what people see, and what goes wrong with the calls that change it."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

import psycopg

from bots.channel import Busy, ChannelError, Gone, MessageLost, Moved, Refused, Unreachable
from bots.message import Bullets, Heading, Incoming, Paragraph, Place, Reply, Table

EMPTY = "…"


@dataclass
class Shown:
    """A message as people see it. `finals` counts how often its last content was written."""

    id: str
    room: str
    mark: str
    text: str = EMPTY
    finals: int = 0


class Screen(Protocol):
    """What people see; it outlives whoever writes on it."""

    def post(self, room: str, mark: str) -> str: ...

    def edit(self, room: str, message: str, text: str, *, final: bool) -> bool: ...

    def delete(self, room: str, message: str) -> bool: ...

    def find(self, room: str, mark: str) -> str | None: ...

    def shown(self, room: str | None = None) -> list[Shown]:
        """In the order in which they were posted."""
        ...


@dataclass
class Memory:
    """A screen of this process."""

    messages: dict[str, Shown] = field(default_factory=dict)
    posted: int = 0

    def post(self, room: str, mark: str) -> str:
        self.posted += 1
        message = str(self.posted)
        self.messages[message] = Shown(message, room, mark)
        return message

    def edit(self, room: str, message: str, text: str, *, final: bool) -> bool:
        shown = self.messages.get(message)
        if shown is None or shown.room != room:
            return False
        shown.text = text
        shown.finals += final
        return True

    def delete(self, room: str, message: str) -> bool:
        return self.messages.pop(message, None) is not None

    def find(self, room: str, mark: str) -> str | None:
        return next((one.id for one in self.shown(room) if one.mark == mark), None)

    def shown(self, room: str | None = None) -> list[Shown]:
        return [one for one in self.messages.values() if room in (None, one.room)]


class Wall:
    """A screen in a table, for processes that are killed."""

    def __init__(self, conninfo: str) -> None:
        self._conn = psycopg.connect(conninfo, autocommit=True)
        self._conn.execute("select pg_advisory_lock(1)")
        self._conn.execute(
            """
            create table if not exists screen (
                id bigint generated always as identity primary key,
                room text, mark text, text text default '…', finals integer default 0
            )
            """
        )
        self._conn.execute("select pg_advisory_unlock(1)")

    def post(self, room: str, mark: str) -> str:
        return str(
            self._rows("insert into screen (room, mark) values (%s, %s) returning id", room, mark)[0][0]
        )

    def edit(self, room: str, message: str, text: str, *, final: bool) -> bool:
        query = "update screen set text = %s, finals = finals + %s where room = %s and id = %s returning id"
        return bool(self._rows(query, text, int(final), room, message))

    def delete(self, room: str, message: str) -> bool:
        return bool(self._rows("delete from screen where room = %s and id = %s returning id", room, message))

    def find(self, room: str, mark: str) -> str | None:
        found = self._rows("select id from screen where room = %s and mark = %s order by id", room, mark)
        return str(found[0][0]) if found else None

    def shown(self, room: str | None = None) -> list[Shown]:
        query = "select id, room, mark, text, finals from screen where room = coalesce(%s, room) order by id"
        return [Shown(str(row[0]), *row[1:]) for row in self._rows(query, room)]

    def close(self) -> None:
        self._conn.close()

    def _rows(self, query: Any, *values: object) -> list[tuple[Any, ...]]:
        return self._conn.execute(query, values).fetchall()


Faults = Callable[[str, Place], str]
"""What goes wrong with one call of `open`, `show`, `write`, `discard`, `look`, `document`, `home`:

"" nothing · `busy 0.3` · `down` not applied · `lost` applied, the answer is not heard · `hang` applied, no
answer · `gone` · `moved -100` · `refused` · `missing` (the message was deleted) · `stop` the process is
frozen right before it is applied · `stopped` right after.
"""


def no_faults(operation: str, place: Place) -> str:
    return ""


def scripted(*faults: str) -> Faults:
    """`open: down` and the like, each once, in order, whenever that operation comes."""
    left = [tuple(fault.split(": ")) for fault in faults]

    def fault(operation: str, place: Place) -> str:
        for n, (name, what) in enumerate(left):
            if name == operation:
                del left[n]
                return what
        return ""

    return fault


def hostile(seed: int, hang: float = 0.01) -> Faults:
    """The faults under which notes/bots.md measured what adapters lose, by chance."""
    rng = random.Random(seed)  # noqa: S311

    def fault(operation: str, place: Place) -> str:
        drawn = rng.random()
        for share, what in ((0.05, "busy 0.2"), (0.08, "down"), (0.03, "lost"), (hang, "hang")):
            if drawn < share:
                return what
            drawn -= share
        return ""

    return fault


class FakeChannel:
    """bots.channel.Channel. `looks`: an opening is looked up by its mark as in Slack; else it is posted
    again as in Telegram, whose private chats show drafts (`drafts`) instead of growing messages."""

    def __init__(
        self,
        screen: Screen,
        faults: Faults = no_faults,
        *,
        looks: bool = False,
        drafts: bool = False,
        limit: int = 4096,
        latency: float = 0.0,
    ) -> None:
        self.screen = screen
        self.faults = faults
        self.calls: Counter[str] = Counter()
        self.frames: list[tuple[str, str]] = []  # mark, text
        self.answered: list[tuple[str, str | None]] = []  # key of the press, toast
        self.homes: list[Incoming] = []
        self.documents: list[tuple[str, str]] = []  # room, name
        self._looks = looks
        self._drafts = drafts
        self._limit = limit
        self._latency = latency

    def render(self, reply: Reply) -> Sequence[str]:
        text = "\n".join(_lines(reply))
        return [text[at : at + self._limit] for at in range(0, max(len(text), 1), self._limit)]

    async def open(self, place: Place, mark: str, *, reply_to: str | None, again: bool) -> str:
        if again and self._looks:
            found = await self._call("look", place, lambda: self.screen.find(place.room, mark))
            if found is not None:
                return str(found)
        return str(await self._call("open", place, lambda: self.screen.post(place.room, mark)))

    def streams_into_message(self, place: Place) -> bool:
        return not (self._drafts and place.private)

    async def show(self, place: Place, mark: str, message: str | None, text: str) -> None:
        self.frames.append((mark, text))
        with suppress(ChannelError):
            await self._call(
                "show",
                place,
                lambda: message is not None and self.screen.edit(place.room, message, text, final=False),
            )

    async def write(self, place: Place, message: str, part: str) -> None:
        if not await self._call(
            "write", place, lambda: self.screen.edit(place.room, message, part, final=True)
        ):
            raise MessageLost("지워진 메시지입니다.")

    async def discard(self, place: Place, message: str) -> None:
        if not await self._call("discard", place, lambda: self.screen.delete(place.room, message)):
            raise MessageLost("지워진 메시지입니다.")

    async def busy(self, place: Place) -> None:
        self.calls["busy"] += 1

    async def answer_button(self, incoming: Incoming, toast: str | None) -> None:
        self.answered.append((incoming.key, toast))

    async def send_home(self, incoming: Incoming, reply: Reply) -> None:
        await self._call("home", incoming.place, lambda: self.homes.append(incoming))

    async def send_document(self, place: Place, name: str, text: str) -> None:
        await self._call("document", place, lambda: self.documents.append((place.room, name)))

    async def _call(self, operation: str, place: Place, apply: Callable[[], Any]) -> Any:
        self.calls[operation] += 1
        await asyncio.sleep(self._latency)
        fault, _, detail = self.faults(operation, place).partition(" ")
        if fault == "busy":
            raise Busy(timedelta(seconds=float(detail)))
        if fault == "down":
            raise Unreachable("연결이 끊겼습니다.")
        if fault == "gone":
            raise Gone("차단되었습니다.")
        if fault == "moved":
            raise Moved(detail)
        if fault == "refused":
            raise Refused("받지 않습니다.")
        if fault == "missing":
            raise MessageLost("지워진 메시지입니다.")
        if fault == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        result = apply()
        if fault == "stopped":
            os.kill(os.getpid(), signal.SIGSTOP)
        if fault == "lost":
            raise Unreachable("답을 듣지 못했습니다.")
        if fault == "hang":
            await asyncio.sleep(3_600)
        return result


def _lines(reply: Reply) -> Iterator[str]:
    for block in reply.blocks:
        match block:
            case Heading():
                yield block.text
            case Paragraph():
                yield "".join(span.text for span in block.spans)
            case Bullets():
                yield from ("".join(span.text for span in item) for item in block.items)
            case Table():
                yield from (" ".join(row) for row in block.rows)
