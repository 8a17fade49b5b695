"""Where profiles are kept: LangGraph's store, under one person across platforms.

`person` is a platform's name of somebody (`telegram:123`). Persons linked by a one-time code share a profile.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from langgraph.store.base import BaseStore

from core.errors import InputError
from core.model import Level
from core.profile.profile import Profile, replay
from core.profile.signals import Reader

_KEY = "profile"
_CODE_LASTS = timedelta(minutes=10)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
_LENGTH = 8


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Profiles:
    store: BaseStore
    reader: Reader
    now: Callable[[], datetime] = _now

    async def get(self, person: str) -> Profile:
        kept = await self.store.aget(("profile", await self._one(person)), _KEY)
        return Profile.from_json(kept.value, self.reader) if kept else Profile()

    async def put(self, person: str, profile: Profile) -> None:
        space = ("profile", await self._one(person))
        await self.store.aput(space, _KEY, profile.to_json(), index=False)

    def read(self, profile: Profile, text: str) -> Profile:
        """The profile after a message that came now; nothing is stored."""
        return profile.after(text, self.now(), self.reader)

    async def lock(self, person: str, level: Level | None) -> None:
        """Answer at this level from now on; None: at the inferred one again."""
        await self.put(person, replace(await self.get(person), lock=level))

    async def forget(self, person: str) -> None:
        """Delete the profile, its messages, and every name it was reached by."""
        one = await self._one(person)
        await self.store.adelete(("profile", one), _KEY)
        for name in await self._names(one):
            await self.store.adelete(("person", name), _KEY)
        await self.store.adelete(("names", one), _KEY)
        for found in await self.store.asearch(("link",), filter={"person": one}, limit=100):
            await self.store.adelete(("link",), found.key)

    async def export(self, person: str) -> dict[str, Any]:
        """All that is kept of a person, as JSON."""
        one = await self._one(person)
        kept = await self.store.aget(("profile", one), _KEY)
        return {"person": one, "names": await self._names(one), "profile": kept.value if kept else None}

    async def link_code(self, person: str) -> str:
        """A code that another platform's person gives within ten minutes to become the same one."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        until = (self.now() + _CODE_LASTS).isoformat()
        value = {"person": await self._one(person), "until": until}
        await self.store.aput(("link",), code, value, index=False)
        return code

    async def link(self, person: str, code: str) -> None:
        """Make `person` the one who got the code; what both wrote becomes one profile. Raises InputError."""
        asked = code.strip().upper()
        kept = await self.store.aget(("link",), asked)
        await self.store.adelete(("link",), asked)  # used once, whatever comes of it
        if kept is None or datetime.fromisoformat(kept.value["until"]) < self.now():
            raise InputError("연결 코드가 없거나 시간이 지났습니다. 새 코드를 받아 주세요.")
        one, other = kept.value["person"], await self._one(person)
        if one == other:
            raise InputError("이미 연결된 계정입니다.")
        here, there = await self.get(other), await self.get(one)
        both = sorted((datetime.fromisoformat(at), text) for at, text in [*here.recent, *there.recent])
        await self.put(one, replay(both, self.reader, lock=there.lock or here.lock))
        await self.store.adelete(("profile", other), _KEY)
        names = sorted({one, other, *await self._names(one), *await self._names(other)})
        await self.store.aput(("names", one), _KEY, {"names": names}, index=False)
        for name in names:
            await self.store.aput(("person", name), _KEY, {"is": one}, index=False)

    async def _one(self, person: str) -> str:
        """The person that a name stands for, as a label: LangGraph allows no period in one."""
        name = person.replace("%", "%25").replace(".", "%2E")
        kept = await self.store.aget(("person", name), _KEY)
        return str(kept.value["is"]) if kept else name

    async def _names(self, one: str) -> list[str]:
        kept = await self.store.aget(("names", one), _KEY)
        return list(kept.value["names"]) if kept else [one]
