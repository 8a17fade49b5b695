"""A message, a button, an arrival → what is said: the same for every platform.

Messages are data. What they may do is decided here: who may ask, how often, what of it is private.
"""

import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4

from bots import texts
from bots.apology import apology
from bots.message import Incoming, Reply, says
from bots.plain_text import plain_text
from bots.talk import account, answers, commands
from bots.talk.parts import Jobs, NoJobs, NoWatches, Order, Parts, Show, Watches
from core.errors import InputError, ModelError
from core.korean import korean_today
from core.model import Level
from core.people import Limits, Talk
from core.settings import Settings

_ENDLESS = Limits()


@dataclass(frozen=True, slots=True)
class Conversation:
    parts: Parts

    async def reply(self, incoming: Incoming, show: Show) -> Reply | None:
        """What is to be said to an event; None: nothing.

        `show` gets the whole text so far while an answer is written. The same event again, after a crash, has
        the same effects as once. Raises StoreError, and whatever else is no fault of the person:
        bots.apology is for whoever gives up.
        """
        match incoming.kind:
            case "left":
                await self.parts.watches.stop(incoming.place)
                return None
            case "moved":
                await self.parts.watches.move(incoming.place, incoming.text)
                return None
            case "home":
                return await account.home(self.parts, incoming) if self._allowed(incoming) else None
        try:
            if incoming.kind == "joined":
                refused = await self._let_in(incoming, question=False)
                return refused or await self._run(commands.HELLO, Order(incoming, "", show))
            if incoming.kind == "button":
                return await self._pressed(incoming, show)
            return await self._heard(incoming, show)
        except _Silent:
            return None
        except (InputError, ModelError) as error:
            return apology(error)

    def fixed(self, level: Level | None, today: date | None) -> "Conversation":
        """The same, answering at this level as of this day: what `gongsi chat --level` is started with."""
        return Conversation(replace(self.parts, level=level, today=today))

    async def warm(self) -> None:
        """Load what the first question would load (Kiwi: 3 s), by asking one that nobody remembers."""
        lane = f"warm:{uuid4().hex}"
        async for _ in self.parts.answering.ask(texts.EXAMPLES[0], conversation=lane, today=korean_today()):
            pass
        await self.parts.answering.forget(lane)

    async def forget(self, names: Sequence[str]) -> None:
        """Everything of a person that is not in a job being done; for `Reply.forget_after`."""
        await account.forget_names(self.parts, names)

    async def tidy(self, before: datetime) -> None:
        """Delete what was counted, answered or felt before, and memories that no turn will read again."""
        await self.parts.usage.prune(before)
        for lane in await self.parts.talks.prune(before):
            await self.parts.answering.prune(lane)

    async def _heard(self, incoming: Incoming, show: Show) -> Reply | None:
        text = cleaned(incoming.text)
        typed = None if incoming.quoted else commands.typed(text)
        name, rest = typed or ("", text)
        command = commands.find(name) if typed else commands.ASK
        if command is not None and command.admins and incoming.person not in self.parts.access.admins:
            command = None
        longest = self.parts.access.question_chars
        asks = command is commands.ASK and 0 < len(rest) <= longest
        if refused := await self._let_in(incoming, question=asks):
            return refused
        if command is None:
            return says(texts.unknown_command(f"/{name}"))
        if len(rest) > longest:
            return says(texts.too_long(len(rest), longest))
        if not text:
            return says(texts.EMPTY)
        return await self._run(command, Order(incoming, rest, show))

    async def _run(self, command: commands.Command, order: Order) -> Reply:
        """What is private is told in private: there, if the person was ever there, else not at all."""
        incoming = order.incoming
        if incoming.place.private or not command.is_private(order.text):
            return await command.run(self.parts, order)
        elsewhere = await account.private_place(self.parts, incoming)
        if elsewhere is None:
            return says(texts.privately(f"/{command.name}"))
        return replace(await command.run(self.parts, order), only_to=elsewhere)

    async def _pressed(self, incoming: Incoming, show: Show) -> Reply | None:
        parts = self.parts
        kind, _, rest = incoming.text.partition(":")
        first, _, second = rest.partition(":")
        if refused := await self._let_in(incoming, question=kind in ("simpler", "deeper", "next")):
            return Reply(toast=_words(refused))
        if kind == "forget":
            return await account.confirmed(parts, incoming, first, second)
        if kind not in ("good", "bad", "simpler", "deeper", "next"):
            return Reply(toast=texts.UNKNOWN_BUTTON)
        answered = await parts.talks.answered(first)
        if answered is None or answered.room != incoming.place.room:  # a button is whatever a client sends
            return Reply(toast=texts.OLD_BUTTON)
        match kind:
            case "good" | "bad":
                return await answers.feel(parts, incoming, answered, kind)
            case "simpler" | "deeper":
                return await answers.ask_again(parts, incoming, answered, kind, show)
        at = int(second) if second.isascii() and second.isdecimal() and len(second) < 3 else -1
        return await answers.ask_next(parts, incoming, answered, at, show)

    async def _let_in(self, incoming: Incoming, *, question: bool) -> Reply | None:
        """None: let in. Raises _Silent where even a refusal would be too much."""
        parts, place = self.parts, incoming.place
        private, allowed = place.private, self._allowed(incoming)
        endless = place.platform == "console"
        access = parts.access
        verdict = await parts.usage.admit(
            incoming.key,
            incoming.person,
            None if private else place.room,
            incoming.at,
            _ENDLESS
            if endless
            else Limits(access.daily_questions, access.chat_daily_questions, access.per_minute),
            question=question and allowed,
            talk=Talk(place.lane, place.chat, place.thread, private) if allowed else None,
        )
        if verdict in ("blocked", "silent"):
            raise _Silent
        if verdict == "flood":
            return says(texts.too_fast(access.per_minute))
        if not allowed:
            return says(texts.not_allowed(incoming.person))
        if verdict == "person":
            return says(texts.PERSON_SPENT)
        return says(texts.ROOM_SPENT) if verdict == "room" else None

    def _allowed(self, incoming: Incoming) -> bool:
        """The person, the chat or the workspace is on the list, or there is none; admins always are."""
        access, person, room = self.parts.access, incoming.person, incoming.place.room
        named = {person, room, person.partition("/")[0], room.partition("/")[0]}
        return (
            incoming.place.platform == "console"
            or not access.allow
            or bool(named & {*access.allow, *access.admins})
        )


class _Silent(Exception):
    """Nothing is to be said."""


def cleaned(text: str) -> str:
    """One line of composed Hangul, without what no database takes."""
    return " ".join(unicodedata.normalize("NFC", text.replace("\x00", "")).split())


def _words(reply: Reply) -> str:
    return plain_text(reply.blocks)


@asynccontextmanager
async def open_conversation(
    settings: Settings, watches: Watches | None = None, jobs: Jobs | None = None
) -> AsyncIterator[Conversation]:
    """All parts over the database. Without `watches` nothing is pushed, without `jobs` nothing waits."""
    from core.wiring.answering import open_answering
    from core.wiring.people import open_people

    async with AsyncExitStack() as stack:
        answering = await stack.enter_async_context(open_answering(settings))
        usage, talks = await stack.enter_async_context(open_people(settings))
        parts = Parts(answering, usage, talks, watches or NoWatches(), jobs or NoJobs(), settings.access)
        yield Conversation(parts)
