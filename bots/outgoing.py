"""The messages a reply is written into: opened once, recorded under the fence, shown as they grow."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import TypeVar

from bots.channel import Busy, Channel, ChannelError, Part, Unreachable
from bots.lease import Lease, patiently, unbroken
from bots.logs import places
from bots.message import Place
from core.inbox import Inbox, LeaseLost

logger = logging.getLogger(__name__)
T = TypeVar("T")

_CALL = 20.0  # seconds: an adapter's own time-outs come first; this is for those that it has not


class Outgoing:
    """`sent`: part → id of the message opened for it, of earlier attempts and of an edited question too.

    `first` is when something was first to be seen.
    """

    def __init__(
        self,
        inbox: Inbox,
        channel: Channel,
        lease: Lease,
        place: Place,
        sent: dict[int, str],
        *,
        reply_to: str | None = None,
        call_seconds: float = _CALL,
    ) -> None:
        self.channel = channel
        self.place = place
        self.sent = sent
        self.first: datetime | None = None
        self._inbox = inbox
        self._lease = lease
        self._reply_to = reply_to
        self._call_seconds = call_seconds
        self._doubtful: set[int] = set()  # parts whose opening may have been applied unheard

    def mark(self, part: int) -> str:
        return f"{self._lease.job.id}.{part}"

    async def message(self, part: int) -> str:
        """Id of the message of `part`, opened if there is none. Raises ChannelError, LeaseLost."""
        known = self.sent.get(part)
        return known if known is not None else await unbroken(self._open(part))

    async def write(self, part: int, content: Part) -> None:
        """Raises ChannelError, LeaseLost."""
        message = await self.message(part)
        await self._lease.sure()
        await self.limited(self.channel.write(self.place, message, content))
        self.seen()

    async def show(self, text: str) -> None:
        """A frame of part 0. Raises ChannelError when it cannot be opened, LeaseLost."""
        message = await self.message(0) if self.channel.streams_into_message(self.place) else None
        await self._lease.sure()
        await self.limited(self.channel.show(self.place, self.mark(0), message, text))
        self.seen()

    async def drop(self, beyond: int) -> None:
        """Discard the messages of the parts from `beyond` on, those that can be reached. Raises LeaseLost."""
        for part in sorted(part for part in self.sent if part >= beyond):
            await self._lease.sure()
            if await self._discard(self.sent[part]):
                del self.sent[part]

    async def limited(self, call: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._call_seconds):
                return await call
        except TimeoutError:
            raise Unreachable("메신저가 제때 대답하지 않습니다.") from None

    def seen(self) -> None:
        self.first = self.first or datetime.now(UTC)

    async def _open(self, part: int) -> str:
        await self._lease.sure()
        job = self._lease.job
        again = job.attempts > 1 or part in self._doubtful
        reply_to = self._reply_to if part == 0 else None
        try:
            opening = self.channel.open(self.place, self.mark(part), reply_to=reply_to, again=again)
            message = await self.limited(opening)
        except Unreachable:
            self._doubtful.add(part)
            raise
        try:
            await patiently(lambda: self._inbox.sent(job, part, message))
        except LeaseLost:
            # the successor may have looked it up and be writing into it
            if message not in (await patiently(lambda: self._inbox.sent_for(job.key))).values():
                await self._discard(message)
            raise
        self.sent[part] = message
        return message

    async def _discard(self, message: str) -> bool:
        """Whether it is gone, or can never be discarded."""
        for pause in (0.2, 1.0, 0.0):
            try:
                await self.limited(self.channel.discard(self.place, message))
            except (Busy, Unreachable):
                await asyncio.sleep(pause)
            except ChannelError:  # gone already, or too old to be removed
                return True
            else:
                return True
        return False


class Frames:
    """Shows the newest of what is being written, beside the writer: a slow network never slows it.

    `async with` it around the writing; nothing of it is under way any more behind.
    """

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._text = ""
        self._fresh = asyncio.Event()
        self._closed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def show(self, text: str) -> None:
        """`text` is all that has been written so far."""
        self._text = text
        self._fresh.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="frames")

    async def __aenter__(self) -> "Frames":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """A frame on its way is waited for, shortly: behind the final text it would overwrite it."""
        self._closed.set()
        self._fresh.set()
        if self._task is not None:
            try:
                await asyncio.wait([self._task], timeout=2.0)
            finally:
                self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._fresh.wait()
            self._fresh.clear()
            if self._closed.is_set():
                return
            try:
                await self._outgoing.show(self._text)
            except Busy as busy:
                with suppress(TimeoutError):
                    async with asyncio.timeout(busy.after.total_seconds()):
                        await self._closed.wait()
                self._fresh.set()
            except (ChannelError, LeaseLost):
                return  # the final text meets the same and decides
            except Exception as error:
                logger.error("frames: %s", places(error))
                return
