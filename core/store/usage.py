"""How often people ask, counted by the Korean day and by the minute, each event once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from core.korean import korean_time
from core.people import Limits, Spent, Talk, Today, Verdict
from core.store.connect import reporting


class PostgresUsage:
    """core.people.Usage over a pool in autocommit."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def admit(
        self,
        event: str,
        person: str,
        room: str | None,
        at: datetime,
        limits: Limits,
        *,
        question: bool,
        talk: Talk | None = None,
    ) -> Verdict:
        (row,) = await self._fetch(
            """
            select usage_admit(
                %(event)s, %(person)s, %(room)s, %(at)s, %(day)s, %(question)s,
                %(per_person)s, %(per_room)s, %(per_minute)s,
                %(lane)s, %(chat)s, %(thread)s, %(private)s) as verdict
            """,
            {
                "event": event,
                "person": person,
                "room": room,
                "at": at,
                "day": korean_time(at).date(),
                "question": question,
                "per_person": limits.person,
                "per_room": limits.room,
                "per_minute": limits.per_minute,
                "lane": talk and talk.lane,
                "chat": talk and talk.chat,
                "thread": talk and talk.thread,
                "private": talk and talk.private,
            },
        )
        verdict: Verdict = row["verdict"]
        return verdict

    async def spent(self, person: str, at: datetime, limit: int | None) -> Spent:
        (row,) = await self._fetch(
            """
            select
                (select count(*) from usage
                    where person = %(person)s and day = %(day)s and question and verdict = 'ok') as questions,
                (select daily_questions from person_rule where person = %(person)s) as fixed
            """,
            {"person": person, "day": korean_time(at).date()},
        )
        return Spent(row["questions"], limit if row["fixed"] is None else row["fixed"])

    async def today(self, at: datetime) -> Today:
        (row,) = await self._fetch(
            """
            select
                count(*) filter (where question and verdict = 'ok') as questions,
                count(distinct person) as persons,
                count(*) filter (where verdict <> 'ok') as turned_away,
                (select count(*) from feedback where kind = 'good' and at >= %(midnight)s) as good,
                (select count(*) from feedback where kind = 'bad' and at >= %(midnight)s) as bad
            from usage where day = %(day)s
            """,
            {
                "day": korean_time(at).date(),
                "midnight": korean_time(at).replace(hour=0, minute=0, second=0, microsecond=0),
            },
        )
        return Today(**row)

    async def block(self, person: str, *, blocked: bool) -> None:
        await self._execute(
            """
            insert into person_rule (person, blocked) values (%s, %s)
            on conflict (person) do update set blocked = excluded.blocked
            """,
            [person, blocked],
        )

    async def fix(self, person: str, daily_questions: int | None) -> None:
        await self._execute(
            """
            insert into person_rule (person, daily_questions) values (%s, %s)
            on conflict (person) do update set daily_questions = excluded.daily_questions
            """,
            [person, daily_questions],
        )

    async def blocked(self) -> list[str]:
        rows = await self._fetch("select person from person_rule where blocked order by person", {})
        return [row["person"] for row in rows]

    async def forget(self, persons: Sequence[str]) -> None:
        await self._execute("delete from usage where person = any(%s)", [list(persons)])
        await self._execute("delete from person_rule where person = any(%s) and not blocked", [list(persons)])

    async def export(self, persons: Sequence[str]) -> dict[str, Any]:
        named = {"persons": list(persons)}
        rows = await self._fetch(
            "select at, question, verdict from usage where person = any(%(persons)s) order by at", named
        )
        fixed = await self._fetch(
            """
            select person, blocked, daily_questions from person_rule
            where person = any(%(persons)s) order by person
            """,
            named,
        )
        return {"usage": [{**row, "at": row["at"].isoformat()} for row in rows], "rules": fixed}

    async def prune(self, before: datetime) -> int:
        return await self._execute("delete from usage where at < %s", [before])

    async def _execute(self, query: LiteralString, values: Sequence[Any]) -> int:
        with reporting():
            async with self._pool.connection() as conn:
                cursor = await conn.execute(query, values)
                return int(cursor.rowcount)

    async def _fetch(self, query: LiteralString, values: dict[str, Any]) -> list[dict[str, Any]]:
        with reporting():
            async with self._pool.connection() as conn, conn.cursor(row_factory=dict_row) as cursor:
                await cursor.execute(query, values)
                return list(await cursor.fetchall())
