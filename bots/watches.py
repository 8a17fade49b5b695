"""What /watch, /unwatch and /digest do, and what they say."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from bots.message import Place
from bots.texts import watches as texts
from core.digest.kinds import EVERY, named_kinds
from core.digest.subscriber import MARKET, Address, Subscriber
from core.korean import bare_name, korean_time, squeeze
from core.model import Company
from core.rag.language.companies import find_companies, spellings
from core.settings import Digest as DigestSettings

if TYPE_CHECKING:
    from core.store.subscriptions import PostgresSubscriptions

_MARKET_SAID = re.compile(
    r"^(?:전체|시장|모든|전\s*종목|market)?\s*(?:중요\s*)?(?:공시|회사|시장|종목)?$", re.IGNORECASE
)
_ALL = {"모두", "전부", "다", "all"}
_ON, _OFF = {"켜기", "켜", "켜줘", "on", "시작"}, {"끄기", "끄", "꺼", "꺼줘", "off", "중지", "그만"}
_CLOCK = re.compile(r"^(?P<hour>\d{1,2}):(?P<minute>\d{2})$")
_SPOKEN = re.compile(
    r"^(?P<half>오전|아침|오후|저녁|밤)?\s*(?P<hour>\d{1,2})\s*시\s*(?:(?P<minute>\d{1,2})\s*분|(?P<thirty>반))?(?:에)?$"
)
_CODE = re.compile(r"^[0-9][0-9A-Z]{5}$")
_EMPTY = re.compile(r"^(?:공시가?\s*)?없는\s*날(?:에도)?\s*(?P<more>.*)$")
_INSTANT = re.compile(r"^즉시\s*(?P<kinds>.*)$")


@dataclass(frozen=True, slots=True)
class Watches:
    """The methods that return texts never raise for what a person wrote; all raise StoreError.

    `listed` gives the companies that DART knows; it reads a large file and is asked only for a name that
    is not here.
    """

    subscriptions: "PostgresSubscriptions"
    digest: DigestSettings
    listed: Callable[[], Sequence[Company]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def watch(self, place: Place, person: str, text: str) -> str:
        asked = text.strip()
        if not asked:
            return f"{await self.listing(place)}\n\n{texts.WATCH_HOW}"
        if _says_market(asked):
            return await self._watch(place, person, [Company(MARKET, texts.MARKET)])
        known = await self.subscriptions.companies()
        found, ambiguous = find_companies(asked, known)
        if not all(_is_named(company, asked) for company in found) or not found:
            # 삼성전기 is one letter from 삼성전자: another company's own name goes before a guess.
            if other := await self._listed(asked):
                return texts.not_collected(other)
            if not found:
                return texts.UNKNOWN_CODE if _CODE.match(asked.upper()) else texts.unknown(asked)
        return texts.which(found) if ambiguous else await self._watch(place, person, found)

    async def unwatch(self, place: Place, person: str, text: str) -> str:  # noqa: ARG002  # as its neighbours
        subscriber = await self.subscriptions.find(_address(place))
        if subscriber is None or not subscriber.watched:
            return texts.NOTHING_TO_UNWATCH
        asked = text.strip()
        if not asked:
            return f"{await self.listing(place)}\n\n{texts.UNWATCH_HOW}"
        if asked in _ALL:
            gone = await self.subscriptions.unwatch(_address(place), None)
            return texts.unwatched_all(len(gone))
        if _says_market(asked):
            if not await self.subscriptions.unwatch(_address(place), [MARKET]):
                return texts.MARKET_NOT_WATCHED
            return texts.unwatched(texts.MARKET)
        watched = await self.subscriptions.named(subscriber.watched)
        found, ambiguous = find_companies(asked, watched)
        if ambiguous:
            return texts.which(found)
        if not found:
            return texts.not_watched(asked)
        await self.subscriptions.unwatch(_address(place), [company.corp_code for company in found])
        return texts.unwatched(_names(found))

    async def listing(self, place: Place) -> str:
        names = await self.watched(place)
        return texts.listed(names) if names else texts.NOTHING

    async def settings(self, place: Place, person: str, text: str) -> str:
        asked, address = " ".join(text.split()), _address(place)
        if not asked:
            return self._shown(await self.subscriptions.find(address))
        change = _change(asked)
        if change is None:
            return f"{texts.no_such_setting(asked)}\n{texts.DIGEST_HOW}"
        saved = await self.subscriptions.set(address, person, korean_time(self.now()), **change)
        return self._shown(saved)

    async def watched(self, place: Place) -> list[str]:
        """Names, the whole market first."""
        subscriber = await self.subscriptions.find(_address(place))
        return await self._names(subscriber.watched) if subscriber else []

    async def digest_time(self, place: Place) -> str | None:
        """`18:30`, None when nothing is sent."""
        subscriber = await self.subscriptions.find(_address(place))
        return self._clock(subscriber) if subscriber and subscriber.active and subscriber.watched else None

    async def forget(self, person: str) -> None:
        await self.subscriptions.forget(person)

    async def export(self, person: str) -> dict[str, Any]:
        """Everything that is kept of what a person set, as JSON."""
        found = await self.subscriptions.of_person(person)
        return {
            "subscriptions": [
                {
                    "platform": one.address.platform,
                    "chat": one.address.chat,
                    "thread": one.address.thread,
                    "watched": await self._names(one.watched),
                    "time": self._clock(one),
                    "active": one.active,
                    "also_on_empty_days": one.empty,
                    "instant": list(one.instant),
                    "since": one.since.isoformat() if one.since else None,
                }
                for one in found
            ]
        }

    async def stop(self, place: Place) -> None:
        """Blocked, left or uninstalled: nothing is sent to this chat any more."""
        await self.subscriptions.stop(place.platform, place.chat)

    async def move(self, place: Place, chat: str) -> None:
        await self.subscriptions.move(place.platform, place.chat, chat)

    async def _watch(self, place: Place, person: str, found: Sequence[Company]) -> str:
        address, now = _address(place), korean_time(self.now())
        codes = [company.corp_code for company in found]
        new, count = await self.subscriptions.watch(address, person, codes, now)
        subscriber = await self.subscriptions.find(address)
        names = _names(found)
        if not new and subscriber and set(codes) <= set(subscriber.watched):
            return texts.watched_already(names)
        if len(new) < len(set(codes) - set(subscriber.watched if subscriber else ())) or not new:
            return texts.too_many(count)
        if subscriber and not subscriber.active:
            return texts.watching_silently(names)
        return texts.watching(names, self._clock(subscriber))

    async def _listed(self, asked: str) -> Company | None:
        """The company that DART knows by this very name or code."""
        wanted = squeeze(bare_name(asked))
        for company in await asyncio.to_thread(self.listed):
            names = {squeeze(name) for name in spellings(company)}
            if company.stock_code == asked.upper() or wanted in names:
                return company
        return None

    async def _names(self, codes: Sequence[str]) -> list[str]:
        known = {company.corp_code: company.corp_name for company in await self.subscriptions.named(codes)}
        named = sorted(known.get(code, code) for code in codes if code != MARKET)
        return [texts.MARKET, *named] if MARKET in codes else named

    def _clock(self, subscriber: Subscriber | None) -> str:
        at = subscriber.at if subscriber else None
        return f"{at:%H:%M}" if at else self.digest.time

    def _shown(self, subscriber: Subscriber | None) -> str:
        if subscriber is None:
            return f"{texts.no_digest(self.digest.time)}\n{texts.DIGEST_HOW}"
        if not subscriber.active:
            return f"{texts.OFF}\n{texts.DIGEST_HOW}"
        instant = texts.NO_KINDS
        if subscriber.instant:
            instant = texts.ALL_KINDS if EVERY in subscriber.instant else ", ".join(subscriber.instant)
        said = [texts.digest(self._clock(subscriber), empty=subscriber.empty, instant=instant)]
        if not subscriber.watched:
            said.append(texts.NOTHING_WATCHED)
        return "\n".join([*said, texts.DIGEST_HOW])


def _address(place: Place) -> Address:
    """A Slack thread is no place to be told of the next days: its channel is."""
    thread = None if place.platform == "slack" else place.thread
    return Address(place.platform, place.chat, thread, place.private)


def _says_market(text: str) -> bool:
    return bool(_MARKET_SAID.match(text.strip(" ‘’'\"")))


def _is_named(company: Company, text: str) -> bool:
    """Whether a name of it stands in the text as it is written."""
    bare = squeeze(text)
    return any(squeeze(name) in bare for name in (*spellings(company), company.stock_code or "") if name)


def _names(companies: Sequence[Company]) -> str:
    return ", ".join(company.corp_name for company in companies)


def _change(text: str) -> dict[str, Any] | None:
    """What /digest is to set; None when it says nothing that can be set."""
    bare = text.lower()
    if bare in _ON:
        return {"active": True}
    if bare in _OFF:
        return {"active": False}
    if found := _EMPTY.match(text):
        return {"empty": found["more"].strip().lower() not in _OFF}
    if found := _INSTANT.match(text):
        asked = found["kinds"].strip()
        chosen = named_kinds(asked)
        if asked.lower() in _OFF:
            return {"instant": []}
        return {"instant": chosen, "active": True} if chosen else None
    at = _time(text)
    return {"at": at, "active": True} if at else None


def _time(text: str) -> time | None:
    found = _CLOCK.match(text) or _SPOKEN.match(text)
    if not found:
        return None
    parts = found.groupdict()
    hour, minute = int(parts["hour"]), int(parts["minute"] or 0) if not parts.get("thirty") else 30
    if parts.get("half") in ("오후", "저녁", "밤") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
