"""core.profile.profiles.LinkCodes within one process: for tests that need no database."""

from collections.abc import Sequence
from datetime import datetime

from core.profile.profiles import LinkCode


class LocalLinkCodes:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, datetime, str | None]] = {}

    async def put(self, code: str, person: str, until: datetime) -> None:
        self.kept[code] = (person, until, None)

    async def get(self, code: str) -> LinkCode | None:
        return LinkCode(self.kept[code][0], self.kept[code][2]) if code in self.kept else None

    async def take(self, code: str, by: str, now: datetime) -> bool:
        person, until, taken = self.kept.get(code, ("", now, "nobody"))
        if taken != by and (taken is not None or until < now):
            return False
        self.kept[code] = (person, until, by)
        return True

    async def drop(self, persons: Sequence[str]) -> None:
        self.kept = {
            code: row for code, row in self.kept.items() if row[0] not in persons and row[2] not in persons
        }
