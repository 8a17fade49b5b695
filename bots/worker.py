"""Takes work from the inbox, has replies made and delivers them, until it is told to stop."""

import asyncio
import logging
import os
import random
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiolimiter import AsyncLimiter

from bots import texts
from bots.apology import apology
from bots.backoff import backoff
from bots.channel import Channel
from bots.counters import Counters
from bots.delivery import Delivery, Outcome, nobody
from bots.kept import Kept
from bots.lease import Lease
from bots.logs import places
from bots.message import Incoming, Place, Reply, says
from bots.outgoing import Frames, Outgoing
from core.errors import InputError, StoreError
from core.inbox import Inbox, LeaseLost
from core.settings import Serve

logger = logging.getLogger(__name__)

Talk = Callable[[Incoming, Callable[[str], Awaitable[None]]], Awaitable[Reply | None]]

_POLL = timedelta(seconds=1)
_QUEUES = {"in": 4, "out": 1}  # jobs in hand per platform, for each reply that may be made at once
_TALK = 600.0  # seconds; the model's own limit is llm.total_timeout
_TYPING = (0.5, 4.0)  # seconds before the first and between the others; Telegram shows one for five
_HAND_OVER = 2.0  # seconds for giving leases back


@dataclass(eq=False)
class _Held:
    queue: str
    lease: Lease
    writing: bool  # whether it takes one of the places of replies being made
    task: asyncio.Task[None] | None = None


class Worker:
    """Queue `in`: payload `Incoming.to_json()`; `talk` makes the reply, being handed a function that shows
    all that is written so far. Queue `out`: payload `Kept.to_json()`, started `out_per_second` at
    most, so that digests never hold replies back.

    `serve.concurrency` bounds the replies being made; a job whose reply is made takes none of those places
    while the network keeps it waiting. Each platform has a share of its own of what is in hand: one that
    does not answer holds up no other. `talk` is asked again for an event whose worker died, or when it
    raised StoreError.
    """

    def __init__(
        self,
        inbox: Inbox,
        channels: Mapping[str, Channel],
        talk: Talk,
        serve: Serve,
        *,
        on_gone: Callable[[Place], Awaitable[None]] = nobody,
        on_moved: Callable[[Place, str], Awaitable[None]] = nobody,
        on_forget: Callable[[Sequence[str]], Awaitable[None]] = nobody,
        out_per_second: float = 15.0,
        call_seconds: float = 20.0,
    ) -> None:
        self.counters = Counters()
        self.host = f"{socket.gethostname()}:{os.getpid()}"
        self._inbox = inbox
        self._channels = channels
        self._talk = talk
        self._serve = serve
        self._delivery = Delivery(inbox, channels, on_gone, on_moved, on_forget, call_seconds)
        self._places = asyncio.Semaphore(serve.concurrency)
        self._pace = AsyncLimiter(1, 1 / out_per_second)
        self._held: set[_Held] = set()
        self._room = {queue: asyncio.Event() for queue in _QUEUES}  # set when something in hand has ended
        self._stopping = asyncio.Event()
        self._drained = asyncio.Event()

    async def run(self) -> None:
        """Until `drain`; survives every outage of the database."""
        try:
            async with asyncio.TaskGroup() as group:
                upkeep = [group.create_task(self._every(step)) for step in (self._beat, self._reap)]
                claiming = [group.create_task(self._claiming(queue)) for queue in _QUEUES]
                await asyncio.wait(claiming)
                await self._drained.wait()
                for task in upkeep:
                    task.cancel()
        finally:
            await self._let_go()

    async def drain(self, seconds: float) -> None:
        """Claim nothing more, finish what is in hand within `seconds`, hand over what is left at once."""
        self._stopping.set()
        end = time.monotonic() + seconds
        while (tasks := self._tasks()) and (left := end - time.monotonic()) > 0:
            await asyncio.wait(tasks, timeout=left)
        await self._let_go()
        self._drained.set()

    def _tasks(self) -> list[asyncio.Task[None]]:
        return [held.task for held in self._held if held.task]

    async def _let_go(self) -> None:
        self._stopping.set()
        leases = [held.lease for held in self._held]
        while tasks := self._tasks():
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        for lease in leases:
            await self._hand_over(lease)

    async def _hand_over(self, lease: Lease) -> None:
        with suppress(LeaseLost, StoreError, TimeoutError):  # ended after all; or its lease will run out
            async with asyncio.timeout(_HAND_OVER):
                await self._inbox.retry(lease.job, timedelta(), "handed over")

    async def _claiming(self, queue: str) -> None:
        pauses = backoff(0.2, 5.0)
        while not self._stopping.is_set():
            await (self._places.acquire() if queue == "in" else self._pace.acquire())
            self._room[queue].clear()
            asked = time.monotonic()
            job, pause = None, 0.0
            try:
                if not self._stopping.is_set() and (platforms := self._with_room(queue)):
                    job = await self._inbox.claim(queue, platforms)
                pauses = backoff(0.2, 5.0)
            except Exception as error:  # for ever: a service that claims no more looks alive
                self.counters.outages += 1
                logger.warning("claim: %s", error if isinstance(error, StoreError) else places(error))
                pause = next(pauses)
            if job is not None:
                lease = Lease(self._inbox, job, self._serve.lease_seconds, asked)
                held = _Held(queue, lease, writing=queue == "in")
                if self._stopping.is_set():
                    await self._hand_over(held.lease)
                else:
                    self._start(held)
                continue
            if queue == "in":
                self._places.release()
            if pause:
                await self._unless_stopping(asyncio.sleep(pause))
            else:
                await self._unless_stopping(self._inbox.wait(queue, _POLL), self._room[queue].wait())

    async def _unless_stopping(self, *waits: Coroutine[Any, Any, Any]) -> None:
        tasks = [asyncio.create_task(one) for one in (*waits, self._stopping.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _with_room(self, queue: str) -> list[str]:
        most = _QUEUES[queue] * self._serve.concurrency
        jobs = [held.lease.job for held in self._held if held.queue == queue]
        in_hand = Counter(job.payload["place"]["platform"] for job in jobs)
        return [platform for platform in self._channels if in_hand[platform] < most]

    def _start(self, held: _Held) -> None:
        self.counters.claimed += 1
        held.task = asyncio.create_task(self._work(held), name=f"{held.queue} {held.lease.job.id}")
        self._held.add(held)
        held.task.add_done_callback(lambda _: self._ended(held))

    def _ended(self, held: _Held) -> None:
        self._held.discard(held)
        self._written(held)
        self._room[held.queue].set()

    def _written(self, held: _Held) -> None:
        if held.writing:
            held.writing = False
            self._places.release()

    async def _work(self, held: _Held) -> None:
        lease = held.lease
        try:
            outcome = await self._outcome(held)
        except LeaseLost:
            self.counters.lost += 1
            logger.warning("job %d: lease lost", lease.job.id)
        except Exception as error:  # what cannot be read, or a fault of ours: nothing can be said
            logger.error("job %d: %s", lease.job.id, places(error))
            self.counters.failed += 1
            with suppress(LeaseLost):
                await lease.fail(type(error).__name__)
        else:
            setattr(self.counters, outcome, getattr(self.counters, outcome) + 1)

    async def _outcome(self, held: _Held) -> Outcome:
        lease, job = held.lease, held.lease.job
        incoming = Incoming.from_json(job.payload) if held.queue == "in" else None
        if incoming is None or job.result is not None:
            self._written(held)
            kept = Kept.from_json(job.result or job.payload)
            outgoing = await self._delivery.outgoing(lease, kept.place, incoming)
        else:
            try:
                kept, outgoing = await self._made(held, incoming)
            except StoreError:
                await lease.retry(timedelta(seconds=random.uniform(0.5, 1) * job.attempts), "database")  # noqa: S311
                return "retried"
        outcome = await self._delivery.deliver(lease, kept, outgoing, incoming)
        if outgoing.first is not None and held.queue == "in" and job.result is None:
            self.counters.first.append((outgoing.first - job.put_at).total_seconds())
        if outcome == "delivered" and held.queue == "in":
            self.counters.done.append((datetime.now(UTC) - job.put_at).total_seconds())
        return outcome

    async def _made(self, held: _Held, incoming: Incoming) -> tuple[Kept, Outgoing]:
        """The reply, kept before any of it is final. Raises StoreError, LeaseLost."""
        lease = held.lease
        outgoing = await self._delivery.outgoing(lease, incoming.place, incoming)
        if lease.job.lost and not incoming.replaces:
            # a frame of whoever lost it may still be on its way into that message
            await outgoing.drop(beyond=0)
        async with Frames(outgoing) as frames:
            reply = await self._reply(lease, incoming, frames)
            self._written(held)
        if reply is None:
            if incoming.replaces:
                outgoing.sent.clear()  # what was said before the edit stays
            return Kept(Reply(), incoming.place), outgoing
        kept = Kept(reply, reply.only_to or incoming.place)
        if kept.place != incoming.place:
            outgoing = await self._delivery.turned(lease, outgoing, kept.place)
        await lease.keep(kept.to_json())
        return kept, outgoing

    async def _reply(self, lease: Lease, incoming: Incoming, frames: Frames) -> Reply | None:
        if lease.job.lost >= self._serve.attempts:
            return says(texts.FAILED)  # its workers died over it
        typing = asyncio.create_task(self._typing(incoming.place))
        try:
            async with asyncio.timeout(_TALK):
                # of an edited question the earlier answer stands until there is another
                return await self._talk(incoming, nobody if incoming.replaces else frames.show)
        except LeaseLost:
            raise
        except Exception as error:
            if isinstance(error, StoreError) and lease.job.attempts <= self._serve.attempts:
                raise
            if not isinstance(error, InputError):
                logger.error("job %d: %s: %s", lease.job.id, incoming.kind, places(error))
            return apology(error) if incoming.kind in ("message", "button") else None
        finally:
            typing.cancel()

    async def _typing(self, place: Place) -> None:
        for pause in (_TYPING[0], *[_TYPING[1]] * int(_TALK / _TYPING[1])):
            await asyncio.sleep(pause)
            with suppress(Exception):
                await self._channels[place.platform].busy(place)

    async def _every(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self._serve.lease_seconds / 3)
            try:
                await step()
            except Exception as error:  # for ever, as claiming
                logger.warning("upkeep: %s", error if isinstance(error, StoreError) else places(error))

    async def _beat(self) -> None:
        asked, held_now = time.monotonic(), list(self._held)
        if not held_now:
            return
        lost = await self._inbox.beat([held.lease.job for held in held_now])
        for held in held_now:
            if held.lease.job.id not in lost:
                held.lease.extended(asked)
            elif held in self._held and not held.lease.ending and held.task:
                self.counters.lost += 1
                logger.warning("job %d: lease lost", held.lease.job.id)
                held.task.cancel()

    async def _reap(self) -> None:
        await self._inbox.heartbeat("worker", self.host)
        if returned := await self._inbox.reap():
            logger.warning("inbox: %d leases had run out", returned)
