"""Durable work: what came in is stored before it is acknowledged, and done once, in order per conversation.

The recipe and its measurements are in notes/queue.md. `core/store/inbox.py` implements it on PostgreSQL.
"""

from collections.abc import Mapping, Sequence
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
    opened for its parts: a later attempt delivers the same reply into the same messages.
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


class Inbox(Protocol):
    """Every method raises StoreError when the database cannot be had; nothing is half done then."""

    async def put(
        self, queue: str, key: str, lane: str, payload: Mapping[str, Any], *, run_at: datetime | None = None
    ) -> bool:
        """Store work; False when `key` was stored before, whatever became of it. Committed on return."""
        ...

    async def claim(self, queue: str) -> Job | None:
        """The oldest job that is due and first of its lane, under a new token and lease."""
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

    async def sent_for(self, key: str) -> dict[int, str]:
        """Part → message id of what was sent for the event `key`, done or not."""
        ...

    async def finish(self, job: Job) -> None:
        """Done. Raises LeaseLost."""
        ...

    async def retry(self, job: Job, after: timedelta, error: str) -> None:
        """Claimable again after `after`; its lane waits meanwhile. `error` has no text of a person."""
        ...

    async def fail(self, job: Job, error: str) -> None:
        """Given up; the lane goes on. Raises LeaseLost."""
        ...

    async def beat(self, jobs: Sequence[Job]) -> set[int]:
        """Extend the leases; returns ids of those that were lost."""
        ...

    async def reap(self) -> int:
        """Give expired leases back, fail those that were tried too often; returns how many."""
        ...

    async def oldest(self) -> timedelta | None:
        """How long the oldest due job has waited; None when nothing waits."""
        ...
