"""What a conversation is made of, and the two neighbours that it only speaks to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from bots import texts
from bots.message import Incoming, Place, Reply
from core.korean import korean_time
from core.model import Level
from core.people import Talks, Usage
from core.settings import Access

if TYPE_CHECKING:
    from core.rag.answering import Answering

Show = Callable[[str], Awaitable[None]]


class Watches(Protocol):
    """Who is told of which new filings. `text` is what stands behind the command, maybe nothing.

    `watch`, `unwatch` and `settings` return sentences to be shown, whatever was written.
    """

    async def watch(self, place: Place, person: str, text: str) -> str: ...

    async def unwatch(self, place: Place, person: str, text: str) -> str: ...

    async def settings(self, place: Place, person: str, text: str) -> str: ...

    async def watched(self, place: Place) -> Sequence[str]:
        """Names of what is watched here."""
        ...

    async def digest_time(self, place: Place) -> str | None:
        """`18:30`; None when nothing is sent."""
        ...

    async def forget(self, person: str) -> None: ...

    async def export(self, person: str) -> dict[str, Any]: ...

    async def stop(self, place: Place) -> None:
        """The bot was blocked or thrown out there."""
        ...

    async def move(self, place: Place, chat: str) -> None:
        """The chat has a new id."""
        ...


class Jobs(Protocol):
    """What a conversation needs of core.inbox.Inbox."""

    async def forget_person(self, person: str, rooms: Sequence[str]) -> int:
        """End what waits of the person and for these rooms; not what is being done, which asks for this."""
        ...

    async def export_person(self, person: str) -> list[dict[str, Any]]: ...

    async def oldest(self) -> timedelta | None: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """`level` and `today` are fixed by who starts a terminal; None: the person's, the message's day."""

    answering: "Answering"
    usage: Usage
    talks: Talks
    watches: Watches
    jobs: Jobs
    access: Access
    level: Level | None = None
    today: date | None = None

    def day(self, incoming: Incoming) -> date:
        """The day the message was written on, so that handled later it asks the same."""
        return self.today or korean_time(incoming.at).date()


@dataclass(frozen=True, slots=True)
class Order:
    """A command as it was given: `text` is what stands behind its name."""

    incoming: Incoming
    text: str
    show: Show


Handler = Callable[[Parts, Order], Awaitable[Reply]]


class NoWatches:
    """Watches where nothing is pushed: the terminal."""

    async def watch(self, place: Place, person: str, text: str) -> str:
        return texts.NO_WATCHES

    unwatch = settings = watch

    async def watched(self, place: Place) -> Sequence[str]:
        return ()

    async def digest_time(self, place: Place) -> str | None:
        return None

    async def forget(self, person: str) -> None:
        return None

    async def export(self, person: str) -> dict[str, Any]:
        return {}

    async def stop(self, place: Place) -> None:
        return None

    async def move(self, place: Place, chat: str) -> None:
        return None


class NoJobs:
    """Jobs where messages are answered as they are typed."""

    async def forget_person(self, person: str, rooms: Sequence[str]) -> int:
        return 0

    async def export_person(self, person: str) -> list[dict[str, Any]]:
        return []

    async def oldest(self) -> timedelta | None:
        return None
