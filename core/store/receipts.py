"""Filings that DART has listed: which are fetched, and how far the listing reaches."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, LiteralString

import psycopg
from psycopg import errors
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from core.errors import StoreError
from core.ports import Reach
from core.store.connect import reporting


class PostgresReceipts:
    """core.ports.Receipts over a pool in autocommit."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def listed(self, kind: str) -> dict[str, Reach]:
        rows = await self._fetch(
            "select corp_code, since, through, marked from listed where kind = %s", [kind]
        )
        return {corp_code: Reach(*reach) for corp_code, *reach in rows}

    async def marked(self, corp_codes: Sequence[str], kind: str, day: date) -> None:
        with reporting():
            async with self._pool.connection() as conn:
                await conn.execute(
                    "update listed set marked = %s where kind = %s and corp_code = any(%s)",
                    [day, kind, list(corp_codes)],
                )

    async def add(
        self,
        rows: Sequence[Mapping[str, Any]],
        corp_codes: Sequence[str],
        kind: str,
        since: date,
        through: date,
    ) -> None:
        """Windows come in order: one that neither touches nor overlaps what is known replaces it."""
        with reporting():
            async with self._pool.connection() as conn, conn.transaction(), conn.cursor() as cursor:
                await cursor.executemany(
                    """
                    insert into receipt (rcept_no, row) values (%s, %s)
                    on conflict (rcept_no) do update set row = receipt.row || excluded.row
                    """,
                    [(row["rcept_no"], Jsonb(dict(row))) for row in rows],
                )
                await cursor.execute(  # 철: withdrawn after it was loaded
                    "update filing set withdrawn = true where rcept_no = any(%s) and not withdrawn",
                    [[row["rcept_no"] for row in rows if "철" in row.get("rm", "")]],
                )
                await cursor.execute(
                    """
                    insert into listed as l (corp_code, kind, since, through)
                    select code, %(kind)s, %(since)s, %(through)s from unnest(%(codes)s::text[]) as u (code)
                    on conflict (corp_code, kind) do update set at = now(),
                        since = case when excluded.since > l.through + 1 or l.since > excluded.through + 1
                                     then excluded.since else least(l.since, excluded.since) end,
                        through = case when excluded.since > l.through + 1 or l.since > excluded.through + 1
                                       then excluded.through else greatest(l.through, excluded.through) end
                    """,
                    {"codes": list(corp_codes), "kind": kind, "since": since, "through": through},
                )

    async def adopt(self, rows: Sequence[Mapping[str, Any]]) -> None:
        with reporting():
            async with self._pool.connection() as conn, conn.transaction(), conn.cursor() as cursor:
                await cursor.executemany(
                    """
                    insert into receipt as r (rcept_no, row, state) values (%s, %s, %s)
                    on conflict (rcept_no) do update set state = excluded.state, reason = null
                        where r.state = 'pending'
                    """,
                    [
                        (row["rcept_no"], Jsonb(dict(row)), "fetched" if row["file"] else "absent")
                        for row in rows
                    ],
                )

    async def pending(self) -> list[dict[str, Any]]:
        found = await self._fetch("select row from receipt where state = 'pending' order by rcept_no")
        return [row for (row,) in found]

    async def settle(self, rcept_no: str, state: str, reason: str | None = None) -> None:
        with reporting():
            async with self._pool.connection() as conn:
                await conn.execute(
                    "update receipt set state = %s, reason = %s where rcept_no = %s",
                    [state, reason, rcept_no],
                )

    async def unloaded(self) -> list[dict[str, Any]]:
        query: LiteralString = """
            select row from unloaded_receipt
            union
            select r.row from receipt as r join supplement as s using (rcept_no)
            where s.state = 'kept' and r.state <> 'pending'
            """
        return sorted((row for (row,) in await self._fetch(query)), key=lambda row: str(row["rcept_no"]))

    async def _fetch(self, query: LiteralString, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with reporting():
            async with self._pool.connection() as conn:
                found: list[tuple[Any, ...]] = await (await conn.execute(query, values)).fetchall()
                return found


@asynccontextmanager
async def extracting(conninfo: str, patience: str = "5s") -> AsyncIterator[None]:
    """Held by one process at a time. Raises StoreError when another holds it.

    A few seconds' patience: the server needs a moment to notice that a killed one is gone.
    """
    with reporting(conninfo):
        async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as conn:
            await conn.execute("select set_config('lock_timeout', %s, false)", [patience])
            try:
                await conn.execute("select pg_advisory_lock(hashtextextended('gongsi:extract', 0))")
            except errors.LockNotAvailable:
                raise StoreError(
                    "다른 곳에서 이미 공시를 받고 있습니다: 그것이 끝난 뒤에 실행하세요."
                ) from None
            yield


def progress_of_extract(conn: psycopg.Connection[Any]) -> dict[str, Any]:
    """`to_fetch`, `to_load`, `absent` in filings; `listed_through` the oldest day any listing reaches."""
    row = conn.execute(
        """
        select (select count(*) from receipt where state = 'pending'),
               (select count(*) from unloaded_receipt)
                   + (select count(*) from receipt as r join supplement as s using (rcept_no)
                      where s.state = 'kept' and r.state <> 'pending'
                          and not exists (select from unloaded_receipt as u where u.rcept_no = r.rcept_no)),
               (select count(*) from receipt where state = 'absent'),
               (select min(through) from listed)
        """
    ).fetchone()
    return dict(zip(("to_fetch", "to_load", "absent", "listed_through"), row or (0, 0, 0, None), strict=True))
