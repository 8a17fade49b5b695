"""Where profiles are kept: LangGraph's store, under one person across platforms.

`person` is a platform's name of somebody (`telegram:123`). Persons linked by a one-time code share a profile.
What is read, changed and put back is so under a lock of the person, whichever process does it.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from langgraph.store.base import BaseStore

from core.errors import InputError
from core.model import Level
from core.ports import Turns
from core.profile.judgement import LevelJudge
from core.profile.profile import Profile, made_anew
from core.profile.signals import Reader

_KEY = "profile"
_CODE_LASTS = timedelta(minutes=10)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read as another
_LENGTH = 8
_NO_CODE = "연결 코드가 없거나 시간이 지났어요. 새 코드를 받아 주세요."
_LINKING = "link"  # one at a time everywhere: of two who link each other, one finds it done


def _now() -> datetime:
    return datetime.now(UTC)


class LinkCode(NamedTuple):
    person: str
    taken_by: str | None


class LinkCodes(Protocol):
    """All methods raise StoreError. Persons are labels as kept here."""

    async def put(self, code: str, person: str, until: datetime) -> None: ...

    async def get(self, code: str) -> LinkCode | None: ...

    async def take(self, code: str, by: str, now: datetime) -> bool:
        """Whether it is theirs: the first's who gives it in time, who may give it again."""
        ...

    async def drop(self, persons: Sequence[str]) -> None:
        """Codes that these got or gave."""
        ...


@dataclass(frozen=True, slots=True)
class Profiles:
    """`turns` must not be those under which conversations run: their connections would wait for ours."""

    store: BaseStore
    reader: Reader
    turns: Turns
    codes: LinkCodes
    judge: LevelJudge | None = None
    now: Callable[[], datetime] = _now

    async def get(self, person: str) -> Profile:
        return await self._get(await self._one(person))

    async def put(self, person: str, profile: Profile) -> None:
        async with self._held(person) as one:
            await self._put(one, profile)

    def read(self, profile: Profile, text: str, at: datetime) -> Profile:
        """The profile after a message of this time; the same message again changes nothing."""
        at = at.astimezone(UTC)
        return profile if profile.counted(text, at) else profile.after(text, at, self.reader)

    async def note(
        self, person: str, text: str, at: datetime, made: tuple[Profile, Profile] | None = None
    ) -> None:
        """Count a message of the person, once. `made`: a profile as it was got, and after this message.

        Where a language model judges too, it is asked of messages with `made`: buttons have no words.
        """
        async with self._held(person) as one:
            kept = await self._get(one)
            after = made[1] if made and made[0] == kept else self.read(kept, text, at)
            if after == kept:
                return
            await self._put(one, after)
        if made and self.judge:
            await self._let_judge(self.judge, person, after)

    async def _let_judge(self, judge: LevelJudge, person: str, profile: Profile) -> None:
        """Without holding the person, who may write on or be forgotten meanwhile: then it counts no more."""
        words = profile.own_words()
        judgement = await judge.judge(words) if words else None
        if judgement is None:
            return
        async with self._held(person) as one:
            kept = await self._get(one)
            if kept.recent and kept.recent[-1] == profile.recent[-1]:
                await self._put(one, kept.judged(judgement))

    async def lock(self, person: str, level: Level | None) -> None:
        """Answer at this level from now on; None: at the inferred one again."""
        async with self._held(person) as one:
            await self._put(one, replace(await self._get(one), lock=level))

    async def names(self, person: str) -> list[str]:
        """Every name that the person is known by, as platforms give them."""
        return [_name(label) for label in await self._names(await self._one(person))]

    async def forget(self, person: str) -> None:
        """Delete the profile, its messages, and every name it was reached by."""
        async with self._held(person) as one:
            names = await self._names(one)
            await self.store.adelete(("profile", one), _KEY)
            await self.codes.drop([one, *names])
            for name in names:
                await self.store.adelete(("person", name), _KEY)
            await self.store.adelete(("names", one), _KEY)

    async def export(self, person: str) -> dict[str, Any]:
        """All that is kept of a person, as JSON."""
        one = await self._one(person)
        kept = await self.store.aget(("profile", one), _KEY)
        return {"person": one, "names": await self._names(one), "profile": kept.value if kept else None}

    async def link_code(self, person: str) -> str:
        """A code that another platform's person gives within ten minutes to become the same one.

        Codes got before are void.
        """
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        async with self._held(person) as one:
            await self.codes.drop([one, *await self._names(one)])
            await self.codes.put(code, one, self.now() + _CODE_LASTS)
        return code

    async def link(self, person: str, code: str) -> None:
        """Make `person` the one who got the code; what both wrote becomes one profile.

        Raises InputError. The same person giving the same code again is not told that it is used: their
        message may be handled twice, the first time perhaps not to its end.
        """
        asked = code.strip().upper()
        async with self.turns.turn(_LINKING):
            found = await self.codes.get(asked)
            if found is None:
                raise InputError(_NO_CODE)
            one, other = await self._one(_name(found.person)), await self._one(person)
            if not found.taken_by and one == other:
                raise InputError("이미 연결된 계정이에요.")
            if not await self.codes.take(asked, _label(person), self.now()):
                raise InputError(_NO_CODE)
            if one != other:
                first, second = sorted((one, other))
                async with self.turns.turn(_lane(first)), self.turns.turn(_lane(second)):
                    await self._join(one, other)

    async def _join(self, one: str, other: str) -> None:
        """Names last: until they say so the two are still two, and joining them again makes the same."""
        here, there = await self._get(other), await self._get(one)
        said = {(datetime.fromisoformat(one.at), one.text): one for one in [*here.recent, *there.recent]}
        both = [said[key] for key in sorted(said)]
        await self._put(one, made_anew(both, self.reader, lock=there.lock or here.lock))
        names = sorted({one, other, *await self._names(one), *await self._names(other)})
        await self.store.aput(("names", one), _KEY, {"names": names}, index=False)
        for name in names:
            await self.store.aput(("person", name), _KEY, {"is": one}, index=False)
        await self.store.adelete(("profile", other), _KEY)
        await self.store.adelete(("names", other), _KEY)

    @asynccontextmanager
    async def _held(self, person: str) -> AsyncIterator[str]:
        """The person's label, theirs alone until the end; they may be linked while we wait for it."""
        one = await self._one(person)
        while True:
            async with self.turns.turn(_lane(one)):
                now = await self._one(person)
                if now == one:
                    yield one
                    return
            one = now

    async def _get(self, one: str) -> Profile:
        kept = await self.store.aget(("profile", one), _KEY)
        return Profile.from_json(kept.value, self.reader) if kept else Profile()

    async def _put(self, one: str, profile: Profile) -> None:
        await self.store.aput(("profile", one), _KEY, profile.to_json(), index=False)

    async def _one(self, person: str) -> str:
        """The label of the one that a name stands for."""
        name = _label(person)
        kept = await self.store.aget(("person", name), _KEY)
        return str(kept.value["is"]) if kept else name

    async def _names(self, one: str) -> list[str]:
        kept = await self.store.aget(("names", one), _KEY)
        return list(kept.value["names"]) if kept else [one]


def _label(person: str) -> str:
    """LangGraph allows no period in one."""
    return person.replace("%", "%25").replace(".", "%2E")


def _name(label: str) -> str:
    return label.replace("%2E", ".").replace("%25", "%")


def _lane(one: str) -> str:
    return f"profile:{one}"
