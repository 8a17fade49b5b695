"""Those who talk to the bot: how much they may ask, what they were answered, what they made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from core.model import Level

# `flood`: told once to slow down; `silent`: told already. `person` and `room`: whose day is used up.
Verdict = Literal["ok", "blocked", "flood", "silent", "person", "room"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Questions a Korean day, events a minute; None: as many as one likes."""

    person: int | None = None
    room: int | None = None
    per_minute: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """Questions of a person on one Korean day, and how many it may be."""

    questions: int
    limit: int | None


@dataclass(frozen=True, slots=True)
class Today:
    """What went on since the Korean midnight; `turned_away` counts events that were not let in."""

    questions: int
    persons: int
    turned_away: int
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as its buttons find it. `asked` is what Answering takes as `again`."""

    id: str
    lane: str
    room: str
    person: str
    asked: Mapping[str, Any]
    level: Level
    next: Sequence[str]
    sources: Sequence[Mapping[str, Any]]
    at: datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a person wrote: `chat` and `thread` in the platform's words, `lane` the conversation."""

    lane: str
    chat: str
    thread: str | None
    private: bool


class Usage(Protocol):
    """All methods of both protocols raise StoreError."""

    async def admit(
        self,
        event: str,
        person: str,
        room: str | None,
        at: datetime,
        limits: Limits,
        *,
        question: bool,
        talk: Talk | None = None,
    ) -> Verdict:
        """Count an event of this time and say whether it is let in; the same event again is told the same.

        `room` None: a private chat, which has no day of its own. What is turned away does not count. `talk`
        is where it was written, to be remembered of whoever is let in or has used up a day.
        """
        ...

    async def spent(self, person: str, at: datetime, limit: int | None) -> Spent:
        """`limit` is what holds where no admin fixed another."""
        ...

    async def today(self, at: datetime) -> Today: ...

    async def block(self, person: str, *, blocked: bool) -> None: ...

    async def fix(self, person: str, daily_questions: int | None) -> None:
        """A daily quota of this person's own; None: the same as everybody's."""
        ...

    async def blocked(self) -> list[str]: ...

    async def forget(self, persons: Sequence[str]) -> None:
        """What an admin fixed goes too, but for a block: who is blocked may not lift it so."""
        ...

    async def export(self, persons: Sequence[str]) -> dict[str, Any]: ...

    async def prune(self, before: datetime) -> int: ...


class Talks(Protocol):
    async def talks(self, persons: Sequence[str]) -> list[Talk]:
        """Where they wrote, the newest first."""
        ...

    async def keep(self, answered: Answered) -> None:
        """Instead of what was kept under the same id."""
        ...

    async def answered(self, id: str) -> Answered | None: ...

    async def last_answered(self, lane: str) -> Answered | None: ...

    async def react(self, event: str, person: str, answer: str, kind: str, at: datetime) -> bool:
        """Keep what somebody made of an answer; False if they said the same of it before, by another event"""
        ...

    async def forget(self, persons: Sequence[str]) -> None: ...

    async def export(self, persons: Sequence[str]) -> dict[str, Any]: ...

    async def prune(self, before: datetime) -> list[str]:
        """Delete answers and reactions older than this; lanes that were written in since."""
        ...
