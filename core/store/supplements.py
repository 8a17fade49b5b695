"""Filings of which OpenDART's tables were asked, and the outlines of their companies."""

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg
from psycopg_pool import AsyncConnectionPool

from core.store.connect import reporting


class PostgresSupplements:
    """core.ports.Supplements over a pool in autocommit."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def due(self) -> list[dict[str, Any]]:
        found = await self._fetch(
            """
            select r.row || jsonb_build_object('document',
                case when r.state = 'fetched' and q.refused then 'unreadable' else r.state end)
            from receipt as r, lateral (
                select exists (select from quarantine where quarantine.rcept_no = r.rcept_no) as refused) as q
            where not exists (select from supplement as s where s.rcept_no = r.rcept_no)
                and (r.state = 'absent' or q.refused or r.row ->> 'report_nm' ~ '(사업|반기|분기)보고서')
            order by r.rcept_no
            """
        )
        return [row for (row,) in found]

    async def settle(self, kept: Sequence[str], none: Sequence[str]) -> None:
        await self._execute(
            """
            insert into supplement (rcept_no, state)
            select rcept_no, 'kept' from unnest(%s::text[]) as u (rcept_no)
            on conflict (rcept_no) do update set state = 'kept', at = now()
            """,
            [list(kept)],
        )
        await self._execute(
            """
            insert into supplement (rcept_no, state)
            select rcept_no, 'none' from unnest(%s::text[]) as u (rcept_no) on conflict do nothing
            """,
            [list(none)],
        )

    async def year_ends(self, corp_codes: Sequence[str]) -> dict[str, int | None]:
        query: LiteralString = "select corp_code, acc_mt from outline where corp_code = any(%s)"
        return dict(await self._fetch(query, [list(corp_codes)]))

    async def keep_outline(self, corp_code: str, stock_name: str | None, acc_mt: int | None) -> None:
        await self._execute(
            """
            insert into outline (corp_code, stock_name, acc_mt) values (%s, %s, %s)
            on conflict (corp_code) do update
            set stock_name = excluded.stock_name, acc_mt = excluded.acc_mt, at = now()
            """,
            [corp_code, stock_name, acc_mt],
        )

    async def _fetch(self, query: LiteralString, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with reporting():
            async with self._pool.connection() as conn:
                found: list[tuple[Any, ...]] = await (await conn.execute(query, values)).fetchall()
                return found

    async def _execute(self, query: LiteralString, values: Sequence[Any]) -> None:
        with reporting():
            async with self._pool.connection() as conn:
                await conn.execute(query, values)


def use_supplements(conn: psycopg.Connection[Any], rcept_nos: Sequence[str]) -> None:
    """These have been read, even where that changed nothing of their filings."""
    conn.execute(
        "update supplement set state = 'used' where state = 'kept' and rcept_no = any(%s)", [list(rcept_nos)]
    )
