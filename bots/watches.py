"""What /watch, /unwatch and /digest do, and what they say."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from bots.message import Place
from core.digest.kinds import EVERY, named_kinds
from core.digest.subscriber import MARKET, Address, Subscriber
from core.korean import bare_name, korean_time, particle, squeeze
from core.model import Company
from core.rag.companies import find_companies, spellings
from core.settings import Digest as DigestSettings

if TYPE_CHECKING:
    from core.store.subscriptions import PostgresSubscriptions

_MARKET = "전체 중요 공시"
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
_LISTED = 30  # names shown at once
_USUAL_KINDS = "유상증자, 실적, 최대주주변경"
_WATCH_HOW = f"회사 이름이나 종목코드를 적어 주세요: /watch 삼성전자, /watch 005930, /watch {_MARKET}"
_UNWATCH_HOW = "무엇을 그만 볼까요? 예: /unwatch 삼성전자, /unwatch 모두"
_HOW = (
    "이렇게 바꿉니다: /digest 18:30 (시각), /digest 끄기·켜기, /digest 없는 날에도 (공시가 없어도 알림), "
    f"/digest 즉시 유상증자 (나오자마자 알림: {_USUAL_KINDS}, 전체 …), /digest 즉시 끄기"
)


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
            return f"{await self.listing(place, person)}\n\n{_WATCH_HOW}"
        if _says_market(asked):
            return await self._watch(place, person, [Company(MARKET, _MARKET)])
        known = await self.subscriptions.companies()
        found, ambiguous = find_companies(asked, known)
        if not all(_is_named(company, asked) for company in found) or not found:
            # 삼성전기 is one letter from 삼성전자: another company's own name goes before a guess.
            if other := await self._listed(asked):
                return _not_collected(other)
            if not found:
                return _unknown(asked)
        return _which(found) if ambiguous else await self._watch(place, person, found)

    async def unwatch(self, place: Place, person: str, text: str) -> str:
        subscriber = await self.subscriptions.find(_address(place))
        if subscriber is None or not subscriber.watched:
            return "지켜보는 회사가 없습니다. /watch 회사이름 으로 더할 수 있습니다."
        asked = text.strip()
        if not asked:
            return f"{await self.listing(place, person)}\n\n{_UNWATCH_HOW}"
        if asked in _ALL:
            gone = await self.subscriptions.unwatch(_address(place), None)
            return f"{len(gone)}곳을 모두 그만 지켜봅니다."
        if _says_market(asked):
            if not await self.subscriptions.unwatch(_address(place), [MARKET]):
                return f"{particle(_MARKET, '은/는')} 지켜보고 있지 않았습니다."
            return f"{particle(_MARKET, '을/를')} 그만 지켜봅니다."
        known = await self.subscriptions.companies()
        watched = [company for company in known if company.corp_code in subscriber.watched]
        found, ambiguous = find_companies(asked, watched)
        if ambiguous:
            return _which(found)
        if not found:
            return f"‘{_short(asked)}’ 가운데 지켜보는 회사가 없습니다. 목록은 /watch 로 볼 수 있습니다."
        await self.subscriptions.unwatch(_address(place), [company.corp_code for company in found])
        names = ", ".join(company.corp_name for company in found)
        return f"{particle(names, '을/를')} 그만 지켜봅니다."

    async def listing(self, place: Place, person: str) -> str:  # noqa: ARG002  # as its neighbours
        names = await self.watched(place)
        if not names:
            return "지켜보는 회사가 없습니다."
        more = f" 밖 {len(names) - _LISTED:,}곳" if len(names) > _LISTED else ""
        return f"지켜보는 곳 {len(names):,}: {', '.join(names[:_LISTED])}{more}"

    async def settings(self, place: Place, person: str, text: str) -> str:
        asked, address = " ".join(text.split()), _address(place)
        if not asked:
            return self._shown(await self.subscriptions.find(address))
        change = _change(asked)
        if change is None:
            return f"‘{_short(asked)}’라는 설정은 없습니다.\n{_HOW}"
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
        names = ", ".join(company.corp_name for company in found)
        if not new and subscriber and set(codes) <= set(subscriber.watched):
            return f"{particle(names, '은/는')} 이미 지켜보고 있습니다."
        if len(new) < len(set(codes) - set(subscriber.watched if subscriber else ())) or not new:
            return f"한 대화방에서 지켜볼 수 있는 곳은 {count}곳까지입니다. /unwatch 로 줄인 뒤 더해 주세요."
        said = f"{particle(names, '을/를')} 지켜봅니다."
        if subscriber and not subscriber.active:
            return f"{said} 알림이 꺼져 있으니 /digest 켜기 로 켜 주세요."
        return f"{said} 거래일 {self._clock(subscriber)}에 그날의 공시를 모아 알려 드립니다(바꾸기: /digest)."

    async def _listed(self, asked: str) -> Company | None:
        """The company that DART knows by this very name or code."""
        wanted = squeeze(bare_name(asked))
        for company in await asyncio.to_thread(self.listed):
            names = {squeeze(name) for name in spellings(company)}
            if company.stock_code == asked.upper() or wanted in names:
                return company
        return None

    async def _names(self, codes: Sequence[str]) -> list[str]:
        known = {company.corp_code: company.corp_name for company in await self.subscriptions.companies()}
        named = sorted(known.get(code, code) for code in codes if code != MARKET)
        return [_MARKET, *named] if MARKET in codes else named

    def _clock(self, subscriber: Subscriber | None) -> str:
        at = subscriber.at if subscriber else None
        return f"{at:%H:%M}" if at else self.digest.time

    def _shown(self, subscriber: Subscriber | None) -> str:
        if subscriber is None:
            first = f"/watch 회사이름 을 적으면 거래일 {self.digest.time}에 알려 드립니다."
            return f"아직 알림이 없습니다. {first}\n{_HOW}"
        if not subscriber.active:
            return f"알림이 꺼져 있습니다. /digest 켜기 로 다시 켭니다.\n{_HOW}"
        instant = "없음"
        if subscriber.instant:
            instant = "모든 공시" if EVERY in subscriber.instant else ", ".join(subscriber.instant)
        empty = "공시가 없는 날에도 알림" if subscriber.empty else "공시가 없는 날은 쉼"
        watched = "" if subscriber.watched else "\n지켜보는 회사가 없습니다: /watch 회사이름"
        said = f"하루 요약: 거래일 {self._clock(subscriber)} · {empty} · 나오자마자 알림: {instant}"
        return f"{said}{watched}\n{_HOW}"


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


def _not_collected(company: Company) -> str:
    return (
        f"{particle(company.corp_name, '은/는')} 아직 공시를 모으지 않는 회사입니다. 운영자가 모을"
        " 회사(universe)에 더하면 지켜볼 수 있습니다."
    )


def _unknown(text: str) -> str:
    what = "그 종목코드의 회사를" if _CODE.match(text.upper()) else f"‘{_short(text)}’라는 회사를"
    return f"{what} 찾지 못했습니다. 이름이나 종목코드 여섯 자리로 다시 적어 주세요."


def _which(found: Sequence[Company]) -> str:
    names = ", ".join(
        f"{one.corp_name}({one.stock_code})" if one.stock_code else one.corp_name for one in found[:8]
    )
    return f"어느 회사인가요? {names} 가운데 이름이나 종목코드로 다시 적어 주세요."


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


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"
