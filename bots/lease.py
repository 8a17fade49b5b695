"""A claimed job in this process's hands, and how sure of it this process may be."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from bots.backoff import backoff
from core.errors import StoreError
from core.inbox import Inbox, Job, LeaseLost

logger = logging.getLogger(__name__)
T = TypeVar("T")


class Lease:
    """`seconds` from the claim or the last beat on, nobody else can have the job.

    Counted from before the database was asked, by the monotonic clock, which runs on while the process is
    stopped (SIGSTOP): one that wakes too late notices before it shows anything. What changes the job raises
    LeaseLost, and waits while the database is away.
    """

    def __init__(self, inbox: Inbox, job: Job, seconds: float, asked: float) -> None:
        self.job = job
        self.ending = False  # finished, put off or failed, or about to be
        self._inbox = inbox
        self._seconds = seconds
        self._until = asked + seconds

    def extended(self, asked: float) -> None:
        """A beat asked for at `asked` (time.monotonic) went through."""
        self._until = asked + self._seconds

    async def sure(self) -> None:
        """Return when a third of the lease is left, having asked for more where it is not.

        To be called before everything that a person would see. Raises LeaseLost; waits while the database
        is away, since nobody else can have taken the job then either, or only before.
        """
        if time.monotonic() < self._until - self._seconds / 3:
            return
        asked = time.monotonic()
        if await patiently(lambda: self._inbox.beat([self.job])):
            raise LeaseLost("다른 프로세스가 이 일을 이어받았습니다.")
        self.extended(asked)

    async def keep(self, result: Mapping[str, Any]) -> None:
        await patiently(lambda: self._inbox.keep(self.job, result))

    async def finish(self) -> None:
        self.ending = True
        await patiently(lambda: self._inbox.finish(self.job))

    async def retry(self, after: timedelta, error: str) -> None:
        self.ending = True
        await patiently(lambda: self._inbox.retry(self.job, after, error))

    async def fail(self, error: str) -> None:
        self.ending = True
        await patiently(lambda: self._inbox.fail(self.job, error))


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """The result of `call`, however long the database is away: what was shown has to be recorded."""
    for pause in backoff(0.1, 2.0):
        try:
            return await call()
        except StoreError as error:
            logger.warning("inbox: %s", error)
        await asyncio.sleep(pause)
    raise AssertionError


async def unbroken(work: Coroutine[Any, Any, T], grace: float = 2.0) -> T:
    """The result of `work`, which a cancellation leaves `grace` seconds to come to its end.

    An opened message whose id nobody recorded would stand there for ever.
    """
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        try:
            await asyncio.wait([task], timeout=grace)
        finally:  # cancelled once more: it is not left running alone
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
