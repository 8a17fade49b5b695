"""Calls to OpenDART, counted by the Korean day in the database: all processes share one key."""

from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from core.errors import QuotaExceeded
from core.store.connect import reporting

_KEPT_BACK = 19  # documents stop at 19,000 calls of 20,000: what is new is still listed (notes/dart.md §2.5)


class PostgresQuota:
    """core.ports.Quota over a pool in autocommit."""

    def __init__(self, pool: AsyncConnectionPool[Any], daily_limit: int) -> None:
        self._pool = pool
        self._limit = daily_limit

    async def take(self, *, listing: bool = False) -> None:
        limit = self._limit + (self._limit // _KEPT_BACK if listing else 0)
        with reporting():
            async with self._pool.connection() as conn:
                cursor = await conn.execute(
                    """
                    insert into dart_calls as d (day, calls) values (korean_day(), 1)
                    on conflict (day) do update set calls = d.calls + 1
                        where not d.closed and d.calls < %s
                    """,
                    [limit],
                )
                if cursor.rowcount:
                    return
        raise QuotaExceeded(
            "오늘 쓸 OpenDART 호출을 다 썼습니다: 한국 시각 자정 뒤에 같은 명령을 실행하면 이어서 합니다."
        )

    async def close(self) -> None:
        with reporting():
            async with self._pool.connection() as conn:
                await conn.execute(
                    """
                    insert into dart_calls (day, closed) values (korean_day(), true)
                    on conflict (day) do update set closed = true
                    """
                )


def calls_today(conn: psycopg.Connection[Any]) -> tuple[int, bool]:
    """How many, and whether OpenDART has said that there are no more."""
    row = conn.execute("select calls, closed from dart_calls where day = korean_day()").fetchone()
    return row or (0, False)
