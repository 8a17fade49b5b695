"""Digests put into the inbox: whoever is due is told what is new, each filing once.

`Outbox` is implemented by core/store/digests.py. Everything is decided anew from what was told, so that any
number of processes may run this, die at any point and start again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol

from core.digest.digest import Digest, compose
from core.digest.item import tell
from core.digest.kinds import EVERY, kind_of
from core.digest.received import Received
from core.digest.size import IMPORTANT, may_matter
from core.digest.subscriber import Subscriber
from core.korean import korean_time
from core.model import Level
from core.profile.glossary import Glossary
from core.schedule import korean_trading_day
from core.settings import Digest as DigestSettings

_log = logging.getLogger(__name__)
_PAGE = 100  # subscribers read at once
_AWAKE = (
    time(7),
    time(22),
)  # DART takes filings from 7 to 19; what a nightly run finds waits for the morning
_REMEMBERED = 20_000  # scores of filings: some two weeks of the whole market

Pack = Callable[[Subscriber, Digest], tuple[str, Mapping[str, Any]]]
"""The lane and the payload of the job that delivers a digest to a subscriber.

The lane is the subscriber's alone: a job that waits for its turn would hold up the questions of a chat.
"""


@dataclass(frozen=True, slots=True)
class Message:
    """`covers`: what is told with it; `day`: the day whose digest it is, None for one told as it came."""

    subscriber: int
    key: str
    lane: str
    payload: Mapping[str, Any]
    covers: Sequence[str]
    run_at: datetime
    day: date | None


class Outbox(Protocol):
    """All raise StoreError. `unsent`, `named`: received within some days up to `day`, and loaded."""

    async def due(self, day: date, clock: time, usual: time, after: int, limit: int) -> list[Subscriber]:
        """Active ones with an id above `after`, by id, whose time of this day has come untold."""
        ...

    async def subscribers(self, *, instant: bool) -> list[Subscriber]:
        """All active ones that watch something; `instant`: those that are told as it comes."""
        ...

    async def named(self, day: date) -> list[tuple[str, str]]:
        """(rcept_no, report_nm), oldest first."""
        ...

    async def unsent(
        self, subscribers: Sequence[int], day: date, important: Sequence[str]
    ) -> dict[int, list[str]]:
        """What each watches and was not told; of the whole market those that are `important`."""
        ...

    async def received(self, rcept_nos: Sequence[str]) -> list[Received]: ...

    async def put(self, message: Message) -> bool:
        """In one transaction: what it covers is told and its job is in the inbox.

        False, and nothing is done, when any of it was told before, or the subscriber is gone or off.
        """
        ...

    async def nothing(self, subscriber: int, day: date) -> None:
        """The day is done for this subscriber: there was nothing to tell."""
        ...


@dataclass
class Sending:
    """`level` is asked for the person who set a subscription, None where that was forgotten."""

    outbox: Outbox
    settings: DigestSettings
    glossary: Glossary
    level: Callable[[str | None], Awaitable[Level]]
    pack: Pack
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _scores: dict[str, float] = field(default_factory=dict)
    _turn: datetime | None = None

    async def daily(self, day: date | None = None) -> int:
        """Put the digest of everyone who is due; how many were put. `day`: everyone's of that day, now."""
        here = korean_time(self.now())
        if day is None and not korean_trading_day(here.date()):
            return 0
        clock = here.time() if day is None else time.max
        day, usual, put, after = day or here.date(), time.fromisoformat(self.settings.time), 0, 0
        while due := await self.outbox.due(day, clock, usual, after, _PAGE):
            put += await self._tell(due, day)
            after = due[-1].id
        return put

    async def instant(self) -> int:
        """Put what is new of the kinds that subscribers want to hear of at once; how many messages."""
        here = korean_time(self.now())
        if not _AWAKE[0] <= here.time() < _AWAKE[1]:
            return 0
        wanting = await self.outbox.subscribers(instant=True)
        if not wanting:
            return 0
        return await self._tell(wanting, here.date(), await self._kinds(here.date(), wanting))

    async def preview(self, day: date) -> AsyncIterator[tuple[Subscriber | None, Digest]]:
        """What everyone would be told of this day; without subscribers, one of the whole market."""
        found = await self.outbox.subscribers(instant=False)
        async for subscriber, received in self._news(found, day):
            yield subscriber, await self._compose(subscriber, received, day)
        if not found:
            number = f"{day:%Y%m%d}"
            all_day = await self._important(day)
            received = await self.outbox.received([one for one in all_day if one[:8] == number])
            yield None, await self._compose(None, received, day)

    async def _kinds(self, day: date, wanting: Sequence[Subscriber]) -> dict[str, str]:
        """rcept_no → kind of what is new and wanted by anybody."""
        wanted = {kind for subscriber in wanting for kind in subscriber.instant}
        named = [(number, kind_of(name).name) for number, name in await self.outbox.named(day)]
        return {number: kind for number, kind in named if kind in wanted or EVERY in wanted}

    async def _tell(
        self, subscribers: Sequence[Subscriber], day: date, kinds: Mapping[str, str] | None = None
    ) -> int:
        put = 0
        async for subscriber, found in self._news(subscribers, day, kinds):
            try:
                digest = await self._compose(subscriber, found, day, instant=kinds is not None)
                put += await self._send(subscriber, digest)
            except Exception as error:  # one that cannot be told holds back nobody
                _log.error("subscriber %d cannot be told: %s", subscriber.id, type(error).__name__)
        return put

    async def _news(
        self, subscribers: Sequence[Subscriber], day: date, kinds: Mapping[str, str] | None = None
    ) -> AsyncIterator[tuple[Subscriber, list[Received]]]:
        """`kinds`: only these filings, to those who want their kind at once."""
        if not subscribers:
            return
        wide: Sequence[str] = ()
        if any(subscriber.whole_market for subscriber in subscribers):
            wide = await self._important(day)
        unsent = await self.outbox.unsent([subscriber.id for subscriber in subscribers], day, wide)
        if kinds is not None:
            for subscriber in subscribers:
                asked = frozenset(subscriber.instant)
                unsent[subscriber.id] = [
                    number
                    for number in unsent.get(subscriber.id, ())
                    if number in kinds and (EVERY in asked or kinds[number] in asked)
                ]
        numbers = sorted({number for found in unsent.values() for number in found})
        known = {one.filing.rcept_no: one for one in await self.outbox.received(numbers)}
        for subscriber in subscribers:
            yield subscriber, [known[one] for one in unsent.get(subscriber.id, ()) if one in known]
            await asyncio.sleep(0)  # whatever else runs in this loop has its turn

    async def _compose(
        self, subscriber: Subscriber | None, received: Sequence[Received], day: date, *, instant: bool = False
    ) -> Digest:
        level = await self.level(subscriber.person if subscriber else None)
        return compose(received, day, level, self.settings.items, self.glossary, instant=instant)

    async def _important(self, day: date) -> list[str]:
        """Filings of the whole market that matter, scored once each."""
        names = [number for number, name in await self.outbox.named(day) if may_matter(name)]
        missing = [number for number in names if number not in self._scores]
        for at in range(0, len(missing), _PAGE):
            for one in await self.outbox.received(missing[at : at + _PAGE]):
                self._scores[one.filing.rcept_no] = tell([one], Level.INTERMEDIATE).score
        important = [number for number in names if self._scores.get(number, 0) >= IMPORTANT]
        while len(self._scores) > _REMEMBERED:
            del self._scores[next(iter(self._scores))]
        return important

    async def _send(self, subscriber: Subscriber, digest: Digest) -> bool:
        day = None if digest.instant else digest.day
        if day is None and not digest.items:
            return False
        if day and not digest.items and not subscriber.empty:
            await self.outbox.nothing(subscriber.id, day)
            return False
        key = f"digest:{subscriber.id}:{day}" if day else f"push:{subscriber.id}:{max(digest.covers)}"
        run_at = self._next_turn()
        lane, payload = self.pack(subscriber, digest)
        return await self.outbox.put(Message(subscriber.id, key, lane, payload, digest.covers, run_at, day))

    def _next_turn(self) -> datetime:
        """The time of one more message, at the pace of the settings."""
        run_at = max(self._turn or self.now(), self.now())
        self._turn = run_at + timedelta(seconds=1 / self.settings.per_second)
        return run_at
