"""Who is due for a digest, what is new for whom, and each told once: core.digest.sending.Outbox in SQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, LiteralString

from psycopg import AsyncConnection, Rollback
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from core.digest.received import Received
from core.digest.results import ACCOUNTS
from core.digest.sending import Message
from core.digest.subscriber import Address, Subscriber
from core.model import Figure, Filing
from core.narration import LEAD
from core.rag.language.accounts import account_groups
from core.store.connect import reporting
from core.store.corpus import SELECT_FIGURE, SELECT_FILING, PostgresCorpus
from core.store.job import put_job
from core.store.load import account_key

WINDOW = 14  # days for which a filing that was loaded late is still told; the longest holidays have ten
_CELLS = 400  # of a form; a registration statement has thousands
_RESULT_KEYS = sorted({account_key(name) for names in account_groups(ACCOUNTS) for name in names})
_EQUITY_KEYS = ["자본총계"]
SELECT_SUBSCRIBER: LiteralString = """
    select s.id, s.platform, s.chat, s.thread, s.private, s.person, s.at, s.active, s.empty, s.instant,
           array(select corp_code from watch w where w.subscriber = s.id order by corp_code), s.since
    from subscriber s
"""


def subscriber_of(row: Sequence[Any]) -> Subscriber:
    """A row of SELECT_SUBSCRIBER."""
    number, platform, chat, thread, private, *more = row
    return Subscriber(number, Address(platform, chat, thread, private), *more)


class PostgresOutbox:
    """`pool` in autocommit."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool
        self._corpus = PostgresCorpus(pool)

    async def due(self, day: date, clock: time, usual: time, after: int, limit: int) -> list[Subscriber]:
        rows = await self._rows(
            SELECT_SUBSCRIBER
            + """
            where s.active and s.id > %(after)s and (s.digested is null or s.digested < %(day)s)
              and coalesce(s.at, %(usual)s) <= %(clock)s
              and exists (select from watch w where w.subscriber = s.id)
            order by s.id limit %(limit)s
            """,
            {"after": after, "day": day, "usual": usual, "clock": clock, "limit": limit},
        )
        return [subscriber_of(row) for row in rows]

    async def subscribers(self, *, instant: bool) -> list[Subscriber]:
        rows = await self._rows(
            SELECT_SUBSCRIBER
            + """
            where s.active and (not %(instant)s or s.instant <> '{}')
              and exists (select from watch w where w.subscriber = s.id) order by s.id
            """,
            {"instant": instant},
        )
        return [subscriber_of(row) for row in rows]

    async def named(self, day: date) -> list[tuple[str, str]]:
        rows = await self._rows(
            """
            select rcept_no, report_nm from filing
            where rcept_dt > %(day)s - %(window)s and rcept_dt <= %(day)s order by rcept_no
            """,
            {"day": day, "window": WINDOW},
        )
        return [(number, name) for number, name in rows]

    async def unsent(
        self, subscribers: Sequence[int], day: date, important: Sequence[str]
    ) -> dict[int, list[str]]:
        """Of a day before the subscription, its own filings alone: so a past day can be shown."""
        rows = await self._rows(
            """
            with fresh as (
                select rcept_no, corp_code, rcept_dt, rcept_no = any(%(important)s) as important
                from filing where rcept_dt > %(day)s - %(window)s and rcept_dt <= %(day)s
            ), wanted as (
                select w.subscriber, f.rcept_no, f.rcept_dt, w.since
                from watch w join fresh f using (corp_code) where w.subscriber = any(%(ids)s)
                union
                select w.subscriber, f.rcept_no, f.rcept_dt, w.since
                from watch w join fresh f on f.important
                where w.subscriber = any(%(ids)s) and w.corp_code = '*'
            )
            select distinct w.subscriber, w.rcept_no from wanted w join subscriber s on s.id = w.subscriber
            where w.rcept_dt >= least(greatest(w.since, s.since), %(day)s)
              and not exists (
                  select from digest_item d where d.subscriber = w.subscriber and d.rcept_no = w.rcept_no)
            order by 1, 2
            """,
            {"ids": list(subscribers), "day": day, "window": WINDOW, "important": list(important)},
        )
        found: defaultdict[int, list[str]] = defaultdict(list)
        for subscriber, rcept_no in rows:
            found[subscriber].append(rcept_no)
        return dict(found)

    async def received(self, rcept_nos: Sequence[str]) -> list[Received]:
        asked = {"rcept_nos": list(rcept_nos)}
        rows = await self._rows(
            SELECT_FILING.replace(" from filing", ", corrects, withdrawn_by, amends from filing")
            + " where rcept_no = any(%(rcept_nos)s) order by rcept_no",
            asked,
        )
        leads = await self._leads(asked)
        figures = await self._figures(asked)
        equity = await self._equity(asked)
        made = []
        for *columns, corrects, withdrawn_by, amends in rows:
            filing = Filing(*columns)
            changes = await self._corpus.changes(filing.rcept_no) if amends else []
            made.append(
                Received(
                    filing,
                    leads.get(filing.rcept_no),
                    figures.get(filing.rcept_no, ()),
                    changes,
                    corrects,
                    withdrawn_by,
                    equity.get(filing.rcept_no),
                )
            )
        return made

    async def put(self, message: Message) -> bool:
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                if await self._told(conn, message):
                    return True
                raise Rollback
        return False

    async def _told(self, conn: AsyncConnection[Any], message: Message) -> bool:
        """False when the transaction is to be undone."""
        # The row is locked first: another process that tells this subscriber waits here, and then finds
        # the day done or the items told.
        cursor = await conn.execute(
            """
            update subscriber set digested = greatest(digested, %(day)s::date)
            where id = %(id)s and active
              and (%(day)s::date is null or digested is null or digested < %(day)s::date)
            """,
            {"id": message.subscriber, "day": message.day},
        )
        if not cursor.rowcount:
            return False
        cursor = await conn.execute(
            """
            insert into digest_item (subscriber, rcept_no)
            select %s, rcept_no from unnest(%s::text[]) as u (rcept_no) on conflict do nothing
            """,
            [message.subscriber, list(message.covers)],
        )
        if cursor.rowcount != len(message.covers):
            return False
        payload = Jsonb(dict(message.payload))
        return await put_job(conn, message.key, message.lane, payload, message.run_at)

    async def nothing(self, subscriber: int, day: date) -> None:
        with reporting():
            async with self._pool.connection() as conn:
                await conn.execute(
                    "update subscriber set digested = greatest(digested, %s) where id = %s", [day, subscriber]
                )

    async def forget(self, before: datetime) -> int:
        """Delete what was told before, of filings too old to be told again; how many."""
        with reporting():
            async with self._pool.connection() as conn:
                cursor = await conn.execute(
                    """
                    delete from digest_item
                    where told_at < least(%s, now() - make_interval(days => %s))
                    """,
                    [before, 2 * WINDOW],
                )
                return int(cursor.rowcount)

    async def _leads(self, asked: Mapping[str, object]) -> dict[str, str]:
        rows = await self._rows(
            """
            select rcept_no, split_part(text, E'\\n', 1) from passage join filing using (rcept_no)
            where rcept_no = any(%(rcept_nos)s) and period is null
              and split_part(text, E'\\n', 1) like '%%공시했%%'
            order by rcept_no, ordinal desc
            """,
            asked,
        )
        return {number: line for number, line in rows if LEAD.match(line)}  # the first passage's stays

    async def _figures(self, asked: Mapping[str, object]) -> dict[str, list[Figure]]:
        rows = await self._rows(
            SELECT_FIGURE
            + """
            join filing using (rcept_no)
            where rcept_no = any(%(rcept_nos)s)
              and case when filing.period is null then ordinal < %(cells)s
                       else segment is null and account_key = any(%(keys)s) end
            order by rcept_no, ordinal
            """,
            {**asked, "keys": _RESULT_KEYS, "cells": _CELLS},
        )
        return _by_filing(rows)

    async def _equity(self, asked: Mapping[str, object]) -> dict[str, Figure]:
        """By event filing: total equity in the company's newest report before it, consolidated first."""
        rows = await self._rows(
            SELECT_FIGURE.replace("select ", "select event.told, ", 1)  # noqa: S608  # all literals
            + """
            join (
                select event.rcept_no as told, report.rcept_no, report.period
                from filing event cross join lateral (
                    select rcept_no, period from filing r
                    where r.corp_code = event.corp_code and r.period is not null and r.form like '110%%'
                      and r.rcept_no < event.rcept_no and not r.withdrawn
                    order by r.period desc, r.rcept_no desc limit 1) report
                where event.rcept_no = any(%(rcept_nos)s) and event.period is null
            ) event (told, report_no, report_period) on figure.rcept_no = event.report_no
            where account_key = any(%(keys)s) and segment is null and not disputed and unit = '원'
              and figure.period = event.report_period || ' 말'
            order by basis = '별도' desc, ordinal desc
            """,
            {**asked, "keys": _EQUITY_KEYS},
        )
        return {event: Figure(*row) for event, *row in rows}  # the last one stays

    async def _rows(self, query: LiteralString, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        with reporting():
            async with self._pool.connection() as conn, conn.cursor(row_factory=tuple_row) as cursor:
                await cursor.execute(query, values)
                rows: list[tuple[Any, ...]] = await cursor.fetchall()
                return rows


def _by_filing(rows: Sequence[Sequence[Any]]) -> dict[str, list[Figure]]:
    found: defaultdict[str, list[Figure]] = defaultdict(list)
    for row in rows:
        figure = Figure(*row)
        found[figure.rcept_no].append(figure)
    return found
