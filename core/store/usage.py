"""How often people ask, counted by the Korean day and by the minute, each event once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString, get_args

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from core.korean import korean_time
from core.people import Limits, Spent, Today, Verdict
from core.store.connect import reporting

# What the event was told before, what an admin fixed, the minute before it (and behind it: what was written
# in several chats is not weighed in the order in which it was written), and the questions of its day: the
# person's and the room's.
_SO_FAR: LiteralString = """
    with today as (select person, room from usage where day = %(day)s and question and verdict = 'ok'
        and (person = %(person)s or room = %(room)s))
    select
        (select verdict from usage where event = %(event)s),
        coalesce(r.blocked, false),
        r.daily_questions,
        minute.passed,
        minute.flooded,
        (select count(*) from today where person = %(person)s),
        (select count(*) from today where room = %(room)s)
    from (
        select
            count(*) filter (where verdict in ('ok', 'person', 'room')) as passed,
            coalesce(bool_or(verdict = 'flood'), false) as flooded
        from usage
        where person = %(person)s
            and at > %(at)s - interval '1 minute' and at < %(at)s + interval '1 minute'
    ) as minute
    left join person_rule r on r.person = %(person)s
"""


class PostgresUsage:
    """core.people.Usage over a pool in autocommit."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def admit(
        self, event: str, person: str, room: str | None, at: datetime, limits: Limits, *, question: bool
    ) -> Verdict:
        """Events of one person are weighed one after the other, and questions in one room likewise: counting
        and inserting apart would let through as many as come at once."""
        day = korean_time(at).date()
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                lanes = sorted(f"usage:{one}" for one in (person, room) if one)
                await conn.execute(
                    "select pg_advisory_xact_lock(hashtextextended(one, 0)) from unnest(%s::text[]) one",
                    [lanes],
                )
                cursor = await conn.execute(
                    _SO_FAR, {"event": event, "person": person, "room": room, "day": day, "at": at}
                )
                (so_far,) = await cursor.fetchall()
                if told := so_far[0]:
                    return _verdict(told)
                verdict = _decide(limits, question, *so_far[1:])
                await conn.execute(
                    """
                    insert into usage (event, person, room, at, day, question, verdict)
                    values (%s, %s, %s, %s, %s, %s, %s)
                    """,
                    [event, person, room or "", at, day, question, verdict],
                )
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
        rows = await self._fetch(
            "select at, question, verdict from usage where person = any(%(persons)s) order by at",
            {"persons": list(persons)},
        )
        return {"usage": [{**row, "at": row["at"].isoformat()} for row in rows]}

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


def _decide(
    limits: Limits,
    question: bool,
    blocked: bool,
    own_limit: int | None,
    passed: int,
    flooded: bool,
    own: int,
    shared: int,
) -> Verdict:
    limit = limits.person if own_limit is None else own_limit
    if blocked:
        return "blocked"
    if limits.per_minute is not None and passed >= limits.per_minute:
        return "silent" if flooded else "flood"
    if question and limit is not None and own >= limit:
        return "person"
    if question and limits.room is not None and shared >= limits.room:
        return "room"
    return "ok"


def _verdict(kept: str) -> Verdict:
    return next(one for one in get_args(Verdict) if one == kept)
