"""A reply on its way to where people see it: every part once, whatever the network does."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal, TypeVar

from bots import texts
from bots.backoff import backoff
from bots.channel import Busy, Channel, ChannelError, Gone, MessageLost, Moved, Unreachable
from bots.kept import Kept
from bots.lease import Lease, patiently
from bots.logs import places
from bots.message import Incoming, Place, says
from bots.outgoing import Outgoing
from core.errors import StoreError
from core.inbox import Inbox, LeaseLost

logger = logging.getLogger(__name__)
T = TypeVar("T")

_TRIES = 5  # calls in a row within one attempt
_BRIEF = timedelta(seconds=2)  # a hold this short is waited out on the spot
_LONGEST_BACKOFF = 10.0  # seconds: the conversation waits meanwhile (notes/queue.md)
_GIVE_UP_AGE = timedelta(minutes=30)
_GIVE_UP_TRIES = 12
_LOOK = 0.5  # seconds between two looks whether an older answer is done
_DETOURS = 3  # new places and apologies within one attempt

Outcome = Literal["delivered", "retried", "failed"]


async def nobody(*_: object) -> None:
    pass


@dataclass(frozen=True)
class Delivery:
    """Delivers replies and ends their jobs.

    `on_gone` hears of places where nothing arrives any more, `on_moved` of the new id of a chat, `on_forget`
    of `Reply.forget_after`, once nothing older of theirs is being done and before the job ends: a death in
    between forgets again. What they raise is logged.
    """

    inbox: Inbox
    channels: Mapping[str, Channel]
    on_gone: Callable[[Place], Awaitable[None]] = nobody
    on_moved: Callable[[Place, str], Awaitable[None]] = nobody
    on_forget: Callable[[Sequence[str]], Awaitable[None]] = nobody
    call_seconds: float = 20.0

    async def outgoing(self, lease: Lease, place: Place, incoming: Incoming | None) -> Outgoing:
        """The messages of a job's reply in `place`, those of earlier attempts and of an edited question
        included. Waits while the database is away."""
        job = lease.job
        sent = dict(job.sent or {})
        reply_to = None
        if incoming is not None and incoming.place.room == place.room:
            reply_to = incoming.message
            edited = incoming.replaces
            if edited is not None:
                sent = {**await patiently(lambda: self.inbox.sent_for(edited)), **sent}
        channel = self.channels[place.platform]
        return Outgoing(
            self.inbox, channel, lease, place, sent, reply_to=reply_to, call_seconds=self.call_seconds
        )

    async def deliver(
        self, lease: Lease, kept: Kept, outgoing: Outgoing, incoming: Incoming | None = None
    ) -> Outcome:
        """Show the reply and finish the job, put it off, or fail it. Raises LeaseLost.

        `outgoing` is for `kept.place`.
        """
        why = ""
        for _ in range(_DETOURS):
            try:
                await self._show(lease, kept, outgoing, incoming)
            except Busy as busy:
                await lease.retry(busy.after + _jitter(1.0), "busy")
                return "retried"
            except Unreachable:
                return await self._unreachable(lease, kept)
            except Moved as moved:
                why = "moved"
                await _told(self.on_moved(kept.place, moved.chat))
                kept = replace(kept, place=replace(kept.place, chat=moved.chat))
            except Gone:
                why = "gone"
                await _told(self.on_gone(kept.place))
                if incoming is None or kept.reply.only_to is None or kept.instead:
                    break
                kept = Kept(says(texts.WRITE_FIRST), incoming.place, instead=True)
            except (LeaseLost, StoreError):
                raise
            except Exception as error:  # Refused, or what an adapter did not foresee
                why = type(error).__name__
                logger.error("job %d: delivery: %s", lease.job.id, places(error))
                if kept.instead or (incoming is not None and incoming.kind == "home"):
                    break
                kept = Kept(says(texts.UNSAID), kept.place, instead=True)
            else:
                if kept.reply.forget_after:
                    await self._forget(lease, kept.reply.forget_after)
                await lease.finish()
                return "delivered"
            if outgoing.place != kept.place:
                outgoing = await self.turned(lease, outgoing, kept.place)
            await lease.keep(kept.to_json())
        await lease.fail(why)
        return "failed"

    async def _forget(self, lease: Lease, names: Sequence[str]) -> None:
        """An answer that is being written in another conversation of theirs keeps rows when it is done. Only
        older jobs are waited for, so that two that forget never wait for each other."""
        while await patiently(lambda: self.inbox.doing(names, lease.job)):  # noqa: ASYNC110  # other processes
            await asyncio.sleep(_LOOK)
        await _told(patiently(lambda: self.on_forget(names)))

    async def _show(self, lease: Lease, kept: Kept, outgoing: Outgoing, incoming: Incoming | None) -> None:
        channel, reply = outgoing.channel, kept.reply
        if incoming is not None and incoming.kind == "button":
            with suppress(ChannelError):  # the time may be over in which it can be answered
                await outgoing.limited(channel.answer_button(incoming, reply.toast))
        if incoming is not None and reply.home is not None:
            await self._reach(lease, lambda: outgoing.limited(channel.send_home(incoming, reply)))
        parts = channel.render(reply) if reply.blocks or reply.buttons else []
        for n, part in enumerate(parts):
            writing = partial(outgoing.write, n, part)
            try:
                await self._reach(lease, writing)
            except MessageLost:
                await outgoing.drop(beyond=n)
                await self._reach(lease, writing)
        await outgoing.drop(beyond=len(parts))
        if reply.document is not None:
            name, text = reply.document.name, reply.document.text
            await self._reach(lease, lambda: outgoing.limited(channel.send_document(kept.place, name, text)))

    async def _reach(self, lease: Lease, call: Callable[[], Awaitable[T]]) -> T:
        """The result of `call`, made up to five times. Raises what the last one raised."""
        held, tries, pauses = timedelta(), 0, backoff(0.2, 3.2)
        while True:
            await lease.sure()
            try:
                return await call()
            except Busy as busy:
                held += max(busy.after, timedelta(seconds=0.1))
                if held > _BRIEF:
                    raise
                pause = (busy.after + _jitter(0.2)).total_seconds()
            except Unreachable:
                tries += 1
                if tries == _TRIES:
                    raise
                pause = next(pauses)
            await asyncio.sleep(pause)

    async def _unreachable(self, lease: Lease, kept: Kept) -> Outcome:
        tries = kept.tries + 1
        age = datetime.now(UTC) - lease.job.put_at
        if tries >= _GIVE_UP_TRIES and age > _GIVE_UP_AGE:
            logger.error("job %d: given up after %d tries", lease.job.id, tries)
            await lease.fail("unreachable")
            return "failed"
        await lease.keep(replace(kept, tries=tries).to_json())
        ceiling = min(_LONGEST_BACKOFF, 0.5 * 2**tries)
        await lease.retry(timedelta(seconds=ceiling / 2) + _jitter(ceiling / 2), "unreachable")
        return "retried"

    async def turned(self, lease: Lease, before: Outgoing, place: Place) -> Outgoing:
        """For a reply that goes to `place` instead; what was opened elsewhere is discarded if it can be."""
        await before.drop(beyond=0)
        await patiently(lambda: self.inbox.unsent(lease.job))
        after = Outgoing(
            self.inbox, self.channels[place.platform], lease, place, {}, call_seconds=self.call_seconds
        )
        after.first = before.first
        return after


def _jitter(seconds: float) -> timedelta:
    return timedelta(seconds=random.uniform(0, seconds))  # noqa: S311


async def _told(call: Awaitable[None]) -> None:
    try:
        await call
    except Exception as error:
        logger.error("callback: %s", places(error))
