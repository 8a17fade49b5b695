"""When scheduled jobs ran, and what an operator was told of."""

import os
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from core.schedule import Run
from core.store.connect import reporting
from core.store.job import put_job

_ATTEMPTS = 3  # a slot that kills its process is not tried for ever
_OUTCOME = 300  # characters
_HOST = f"{socket.gethostname()}:{os.getpid()}"


class PostgresRuns:
    """core.schedule.Runs over a pool in autocommit."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def begin(self, job: str, slot: datetime, lease: timedelta) -> Run | None:
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                # One at a time for a job: whoever waited sees the slot that the other began.
                await conn.execute("select pg_advisory_xact_lock(hashtextextended('job:' || %s, 0))", [job])
                cursor = await conn.execute(
                    """
                    insert into job_run as r (job, slot, host, lease_until)
                    select %(job)s, %(slot)s, %(host)s, now() + %(lease)s
                    where not exists (
                        select from job_run where job = %(job)s
                            and (slot > %(slot)s or (ended_at is null and lease_until > now()))
                    )
                    on conflict (job, slot) do update
                        set token = gen_random_uuid(), host = excluded.host, started_at = now(),
                            attempts = r.attempts + 1, lease_until = excluded.lease_until
                        where r.ended_at is null and r.lease_until <= now() and r.attempts < %(attempts)s
                    returning token
                    """,
                    {"job": job, "slot": slot, "host": _HOST, "lease": lease, "attempts": _ATTEMPTS},
                )
                begun = await cursor.fetchone()
                return Run(job, slot, begun[0]) if begun else None

    async def beat(self, run: Run, lease: timedelta) -> bool:
        with reporting():
            async with self._pool.connection() as conn:
                cursor = await conn.execute(
                    """
                    update job_run set lease_until = now() + %s
                    where job = %s and slot = %s and token = %s and ended_at is null
                    """,
                    [lease, run.job, run.slot, run.token],
                )
                return bool(cursor.rowcount)

    async def end(self, run: Run, outcome: str) -> None:
        with reporting():
            async with self._pool.connection() as conn:
                await conn.execute(
                    """
                    update job_run set ended_at = now(), outcome = %s
                    where job = %s and slot = %s and token = %s and ended_at is null
                    """,
                    [outcome[:_OUTCOME], run.job, run.slot, run.token],
                )

    async def forget(self, before: datetime) -> int:
        """Delete runs and incidents that ended before; how many runs. The last of each job stays."""
        with reporting():
            async with self._pool.connection() as conn:
                await conn.execute("delete from incident where ended_at < %s", [before])
                cursor = await conn.execute(
                    """
                    delete from job_run r where ended_at < %s
                        and slot < (select max(slot) from job_run o where o.job = r.job)
                    """,
                    [before],
                )
                return int(cursor.rowcount)

    async def last_refresh(self) -> datetime | None:
        """When a refresh last did all that it was asked; else when one was first tried."""
        with reporting():
            async with self._pool.connection() as conn:
                row = await (
                    await conn.execute(
                        """
                        select coalesce((select at from etl_success where stage = 'refresh'),
                                        (select min(started_at) from job_run where job = 'refresh'))
                        """
                    )
                ).fetchone()
                return row[0] if row else None


class PostgresIncidents:
    """Messages to an operator: one when something goes wrong, one when it is right again."""

    def __init__(self, pool: AsyncConnectionPool[Any]) -> None:
        self._pool = pool

    async def open(self, name: str, since: datetime, lane: str, payload: Mapping[str, Any]) -> bool:
        """Tell of it, once; False when it was told before."""
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                cursor = await conn.execute(
                    "insert into incident (name, since) values (%s, %s) on conflict do nothing", [name, since]
                )
                return bool(cursor.rowcount) and await put_job(
                    conn, f"alert:{name}:{since.isoformat()}", lane, Jsonb(dict(payload))
                )

    async def close(self, name: str, lane: str, payload: Mapping[str, Any]) -> bool:
        """Tell that it is over; False when nothing of this name was open."""
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                row = await (
                    await conn.execute(
                        """
                        update incident set ended_at = now() where name = %s and ended_at is null
                        returning since
                        """,
                        [name],
                    )
                ).fetchone()
                return row is not None and await put_job(
                    conn, f"alert:{name}:{row[0].isoformat()}:over", lane, Jsonb(dict(payload))
                )
