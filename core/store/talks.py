"""Where people talk, what their answers' buttons refer to, and what they made of the answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from core.model import Level
from core.people import Answered, Talk
from core.store.connect import reporting


class PostgresTalks:
    """core.people.Talks over a pool in autocommit."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def talks(self, persons: Sequence[str]) -> list[Talk]:
        rows = await self._fetch(
            """
            select lane, chat, thread, private from conversation where person = any(%s)
            order by at desc, lane
            """,
            [list(persons)],
        )
        return [Talk(**row) for row in rows]

    async def keep(self, answered: Answered) -> None:
        await self._execute(
            """
            insert into answered (id, lane, room, person, asked, level, next, sources, at)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (id) do update set asked = excluded.asked, level = excluded.level,
                next = excluded.next, sources = excluded.sources
            """,
            [
                answered.id,
                answered.lane,
                answered.room,
                answered.person,
                Jsonb(dict(answered.asked)),
                answered.level.value,
                list(answered.next),
                Jsonb(list(answered.sources)),
                answered.at,
            ],
        )

    async def answered(self, id: str) -> Answered | None:
        rows = await self._fetch("select * from answered where id = %s", [id])
        return _answered(rows[0]) if rows else None

    async def last_answered(self, lane: str) -> Answered | None:
        rows = await self._fetch(
            "select * from answered where lane = %s order by at desc, id limit 1", [lane]
        )
        return _answered(rows[0]) if rows else None

    async def react(self, event: str, person: str, answer: str, kind: str, at: datetime) -> bool:
        await self._execute(
            """
            insert into feedback (event, person, answer, kind, at) values (%s, %s, %s, %s, %s)
            on conflict do nothing
            """,
            [event, person, answer, kind, at],
        )
        return bool(await self._fetch("select from feedback where event = %s", [event]))

    async def forget(self, persons: Sequence[str]) -> None:
        """Answers to others that repeat a question of theirs are theirs too."""
        names = list(persons)
        await self._execute("delete from feedback where person = any(%s)", [names])
        await self._execute(
            "delete from answered where person = any(%s) or asked ->> 'by' = any(%s)", [names, names]
        )
        await self._execute("delete from conversation where person = any(%s)", [names])

    async def export(self, persons: Sequence[str]) -> dict[str, Any]:
        names = list(persons)
        asked = await self._fetch(
            """
            select at, lane, asked ->> 'text' as question, level, next from answered
            where person = any(%s) order by at
            """,
            [names],
        )
        felt = await self._fetch(
            "select at, answer, kind from feedback where person = any(%s) order by at", [names]
        )
        wrote = await self._fetch(
            "select at, lane, private from conversation where person = any(%s) order by at", [names]
        )
        return {"answers": _plain(asked), "feedback": _plain(felt), "conversations": _plain(wrote)}

    async def prune(self, before: datetime) -> list[str]:
        await self._execute("delete from feedback where at < %s", [before])
        await self._execute("delete from answered where at < %s", [before])
        rows = await self._fetch("select distinct lane from answered order by lane", [])
        return [row["lane"] for row in rows]

    async def _execute(self, query: LiteralString, values: Sequence[Any]) -> None:
        with reporting():
            async with self._pool.connection() as conn:
                await conn.execute(query, values)

    async def _fetch(self, query: LiteralString, values: Sequence[Any]) -> list[dict[str, Any]]:
        with reporting():
            async with self._pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
                await cursor.execute(query, values)
                return list(await cursor.fetchall())


def _answered(row: Mapping[str, Any]) -> Answered:
    return Answered(**{**row, "level": Level(row["level"])})


def _plain(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "at": row["at"].isoformat()} for row in rows]
