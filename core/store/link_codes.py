"""One-time codes in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from core.profile.profiles import LinkCode
from core.store.connect import reporting


@dataclass(frozen=True, slots=True)
class PostgresLinkCodes:
    """core.profile.profiles.LinkCodes over a pool in autocommit."""

    pool: AsyncConnectionPool[Any]

    async def put(self, code: str, person: str, until: datetime) -> None:
        with reporting():
            async with self.pool.connection() as connection, connection.transaction():
                await connection.execute("delete from link_code where until < now() - interval '1 day'")
                await connection.execute(
                    "insert into link_code (code, person, until) values (%s, %s, %s)", [code, person, until]
                )

    async def get(self, code: str) -> LinkCode | None:
        with reporting():
            async with self.pool.connection() as connection:
                cursor = connection.cursor(row_factory=dict_row)
                await cursor.execute("select person, taken_by from link_code where code = %s", [code])
                row = await cursor.fetchone()
        return LinkCode(**row) if row else None

    async def take(self, code: str, by: str, now: datetime) -> bool:
        with reporting():
            async with self.pool.connection() as connection:
                cursor = await connection.execute(
                    """
                    update link_code set taken_by = %(by)s
                    where code = %(code)s and (taken_by is null and until >= %(now)s or taken_by = %(by)s)
                    """,
                    {"code": code, "by": by, "now": now},
                )
        return bool(cursor.rowcount)

    async def drop(self, persons: Sequence[str]) -> None:
        with reporting():
            async with self.pool.connection() as connection:
                await connection.execute(
                    "delete from link_code where person = any(%(of)s) or taken_by = any(%(of)s)",
                    {"of": list(persons)},
                )
