"""A row of `job`, put alone or within a transaction that also says why (migrations/0013_inbox.sql)."""

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

OUT = "out"  # the queue of messages of our own


async def put_job(
    conn: AsyncConnection[Any],
    key: str,
    lane: str,
    payload: Jsonb,
    run_at: datetime | None = None,
    *,
    queue: str = OUT,
) -> bool:
    """False when the key was put before, whatever became of it."""
    cursor = await conn.execute(
        """
        insert into job (queue, key, lane, payload, run_at)
        values (%s, %s, %s, %s, coalesce(%s, now())) on conflict (key) do nothing
        """,
        [queue, key, lane, payload, run_at],
    )
    return cursor.rowcount > 0
