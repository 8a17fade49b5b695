"""Durable work: what came in is stored before it is acknowledged, and done once, in order per conversation.

The recipe and its measurements are in notes/queue.md. `core/store/inbox.py` implements it on PostgreSQL.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from core.errors import GongsiError


class LeaseLost(GongsiError):
    """Another worker has the job by now: whatever this one still holds of it must not be shown."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed piece of work. `token` fences it: all that changes the job must still hold it.

    `lane` is the conversation; jobs of a lane are done one at a time in the order they were put, over all
    queues and processes. `result` is the reply once it is made, `sent` the ids of the messages that were
    opened for its parts: a later attempt delivers the same reply into the same messages. `attempts` counts
    the claims, `lost` those whose lease ran out: that often a worker died or froze over the job.
    """

    id: int
    queue: str
    key: str
    lane: str
    payload: Mapping[str, Any]
    token: UUID
    attempts: int
    put_at: datetime
    result: Mapping[str, Any] | None = None
    sent: Mapping[int, str] | None = None
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Beat:
    """A part of the service (worker, telegram, slack) that was alive `age` ago."""

    part: str
    host: str
    age: timedelta


class Inbox(Protocol):
    """Every method raises StoreError when the database cannot be had; nothing is half done then."""

    async def put(
        self, queue: str, key: str, lane: str, payload: Mapping[str, Any], *, run_at: datetime | None = None
    ) -> bool:
        """Store work; False when `key` was stored before, whatever became of it. Committed on return.

        A job holds up its lane until it has ended, while it is not due yet too: what may wait (a digest) goes
        into a lane of its own, or questions of the same conversation wait with it.
        """
        ...

    async def claim(self, queue: str, platforms: Collection[str] | None = None) -> Job | None:
        """The oldest job that is due and first of its lane, under a new token and lease.

        `platforms`: only jobs whose payload says `{"place": {"platform": one of these}}`.
        """
        ...

    async def wait(self, queue: str, at_most: timedelta) -> None:
        """Until something may be claimable. Never raises."""
        ...

    async def keep(self, job: Job, result: Mapping[str, Any]) -> None:
        """Store the reply before any of it is final. Raises LeaseLost."""
        ...

    async def sent(self, job: Job, part: int, message: str) -> None:
        """Store the id of the message that was opened for part `part` of the reply. Raises LeaseLost."""
        ...

    async def unsent(self, job: Job) -> None:
        """Forget the ids stored by `sent`: those messages are not the reply's any more. Raises LeaseLost."""
        ...

    async def sent_for(self, key: str) -> dict[int, str]:
        """Part → message id of what was sent for the event `key` and for the edits of it, done or not."""
        ...

    async def finish(self, job: Job) -> None:
        """Done. Raises LeaseLost."""
        ...

    async def retry(self, job: Job, after: timedelta, error: str) -> None:
        """Claimable again after `after`; its lane waits meanwhile. `error` has no text of a person.

        Raises LeaseLost.
        """
        ...

    async def fail(self, job: Job, error: str) -> None:
        """Given up; the lane goes on. Raises LeaseLost."""
        ...

    async def beat(self, jobs: Sequence[Job]) -> set[int]:
        """Extend the leases; returns ids of those that were lost."""
        ...

    async def reap(self) -> int:
        """Give expired leases back; returns how many.

        A job whose lease has run out more than `serve.attempts` times is failed.
        """
        ...

    async def oldest(self) -> timedelta | None:
        """How long the oldest due job has waited; None when nothing waits."""
        ...

    async def retention(self, keep: timedelta) -> int:
        """Delete what ended longer than `keep` ago, and heartbeats as old; returns how many jobs."""
        ...

    async def forget_person(self, person: str, rooms: Collection[str]) -> int:
        """End what is queued of a person, or for one of their private rooms (`Place.room`), unanswered.

        Never a job that is being done, nor, while a job of theirs is (the one that forgets), what they wrote
        after it. Keys stay, so that a redelivery is still known. What has ended holds nothing of a person
        anyway. Returns how many.
        """
        ...

    async def doing(self, persons: Collection[str], before: Job) -> bool:
        """Whether something of theirs that was put before that job is being done."""
        ...

    async def export_person(self, person: str) -> list[dict[str, Any]]:
        """What is kept of a person's messages at this moment: those that have not been answered yet."""
        ...

    async def heartbeat(self, part: str, host: str) -> None:
        """`part` is alive on `host` (host name and process id)."""
        ...

    async def heartbeats(self) -> list[Beat]:
        """The last sign of life of each part on each host."""
        ...
