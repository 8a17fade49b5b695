"""The inbox on PostgreSQL: lanes, leases, fencing tokens (migrations/0013_inbox.sql, notes/queue.md)."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from core.inbox import Beat, Job, LeaseLost
from core.store.connect import reporting
from core.store.job import put_job

logger = logging.getLogger(__name__)

_BATCH = 1_000  # rows deleted at once: a fraction of a second's locks
_PROBE = 30.0  # seconds without a notification after which the listening connection is tried
_PATIENCE = 3.0  # seconds to get a connection: callers wait and try again, the lease runs meanwhile


@dataclass(frozen=True, slots=True)
class PostgresInbox:
    """core.inbox.Inbox over a pool in autocommit: every method is one transaction.

    Without `listening`, `wait` sleeps its whole time.
    """

    pool: AsyncConnectionPool[Any]
    lease: timedelta
    attempts: int
    _woken: defaultdict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    async def put(
        self, queue: str, key: str, lane: str, payload: Mapping[str, Any], *, run_at: datetime | None = None
    ) -> bool:
        with reporting():
            async with self.pool.connection(timeout=_PATIENCE) as conn:
                return await put_job(conn, key, lane, Jsonb(dict(payload)), run_at, queue=queue)

    async def claim(self, queue: str, platforms: Collection[str] | None = None) -> Job | None:
        rows = await self._fetch(
            """
            update job set state = 'doing', token = gen_random_uuid(), attempts = attempts + 1,
                lease_until = now() + %(lease)s
            where id = (
                select id from job
                where queue = %(queue)s and state = 'todo' and run_at <= now()
                    and (%(platforms)s::text[] is null or payload #>> '{place,platform}' = any(%(platforms)s))
                order by run_at, id limit 1 for update skip locked
            )
            returning id, queue, coalesce(payload->>'key', key), lane, payload, token, attempts, put_at,
                result, lost, (select jsonb_object_agg(part, message) from sent where sent.job = job.id)
            """,
            {
                "queue": queue,
                "lease": self.lease,
                "platforms": None if platforms is None else list(platforms),
            },
        )
        if not rows:
            return None
        *fields, lost, sent = rows[0]
        return Job(*[*fields, {int(part): message for part, message in (sent or {}).items()}, lost])

    async def wait(self, queue: str, at_most: timedelta) -> None:
        woken = self._woken[queue]
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most.total_seconds()):
                await woken.wait()
        woken.clear()

    async def keep(self, job: Job, result: Mapping[str, Any]) -> None:
        await self._fenced(job, "update job set result = %(result)s", {"result": Jsonb(dict(result))})

    async def sent(self, job: Job, part: int, message: str) -> None:
        rows = await self._fetch(
            """
            insert into sent (job, part, message)
            select id, %(part)s, %(message)s from job
            where id = %(id)s and token = %(token)s and state = 'doing' for update
            on conflict (job, part) do update set message = excluded.message returning job
            """,
            {"id": job.id, "token": job.token, "part": part, "message": message},
        )
        if not rows:
            raise _lost()

    async def unsent(self, job: Job) -> None:
        rows = await self._fetch(
            """
            with held as (
                select id from job where id = %(id)s and token = %(token)s and state = 'doing' for update
            ), gone as (delete from sent where job in (select id from held))
            select id from held
            """,
            {"id": job.id, "token": job.token},
        )
        if not rows:
            raise _lost()

    async def sent_for(self, key: str) -> dict[int, str]:
        rows = await self._fetch(
            """
            select distinct on (part) part, message from sent join job on job.id = sent.job
            where job.id in (
                select id from job where key in (job_key(%(key)s), %(key)s)
                union select id from job where replaces = job_key(%(key)s)
            )
            order by part, job.id desc
            """,
            {"key": key},
        )
        return dict(rows)

    async def finish(self, job: Job) -> None:
        await self._fenced(job, "update job set state = 'done', error = null")

    async def retry(self, job: Job, after: timedelta, error: str) -> None:
        await self._fenced(
            job,
            """
            update job set state = 'todo', run_at = now() + %(after)s, error = %(error)s,
                token = null, lease_until = null
            """,
            {"after": after, "error": error},
        )

    async def fail(self, job: Job, error: str) -> None:
        await self._fenced(job, "update job set state = 'failed', error = %(error)s", {"error": error})

    async def beat(self, jobs: Sequence[Job]) -> set[int]:
        rows = await self._fetch(
            """
            update job set lease_until = now() + %(lease)s
            from unnest(%(ids)s::bigint[], %(tokens)s::uuid[]) as held (id, token)
            where job.id = held.id and job.token = held.token and state = 'doing' returning job.id
            """,
            {
                "lease": self.lease,
                "ids": [job.id for job in jobs],
                "tokens": [job.token for job in jobs],
            },
        )
        return {job.id for job in jobs} - {id for (id,) in rows}

    async def reap(self) -> int:
        returned = await self._fetch(
            """
            update job set state = 'todo', lost = lost + 1, token = null, lease_until = null,
                error = 'lease ran out'
            where id in (
                select id from job where state = 'doing' and lease_until < now() and lost < %s
                for update skip locked
            ) returning id
            """,
            [self.attempts],
        )
        failed = 0
        while await self._fetch(  # one at a time: the lane's lock is taken behind the row's
            """
            update job set state = 'failed', lost = lost + 1, error = 'lease ran out too often'
            where id = (
                select id from job where state = 'doing' and lease_until < now() and lost >= %s
                limit 1 for update skip locked
            ) returning id
            """,
            [self.attempts],
        ):
            failed += 1
        return len(returned) + failed

    async def oldest(self) -> timedelta | None:
        ((age,),) = await self._fetch(
            "select now() - min(run_at) from job where state = 'todo' and run_at <= now()"
        )
        found: timedelta | None = age
        return found

    async def retention(self, keep: timedelta) -> int:
        await self._fetch("delete from heartbeat where at < now() - %s returning part", [keep])
        deleted = 0
        while rows := await self._fetch(
            """
            delete from job where id in (
                select id from job where ended_at < now() - %s order by ended_at limit %s
                for update skip locked
            ) returning id
            """,
            [keep, _BATCH],
        ):
            deleted += len(rows)
        return deleted

    async def forget_person(self, person: str, rooms: Collection[str]) -> int:
        values = {"person": person, "rooms": list(rooms)}
        with reporting():
            async with self.pool.connection(timeout=_PATIENCE) as conn, conn.transaction():
                # the lanes' locks before the rows', as everybody takes them who moves a lane up
                await conn.execute(
                    """
                    select job_lock(lane) from (
                        select distinct lane from job where state in ('waiting', 'todo')
                            and job_concerns(payload, %(person)s, %(rooms)s) order by lane
                    ) as lanes
                    """,
                    values,
                )
                # a row that is locked is being claimed, or even finished by now, which waits for the lane
                cursor = await conn.execute(
                    """
                    update job set state = 'done', error = 'forgotten' where id in (
                        select id from job
                        where state in ('waiting', 'todo') and job_concerns(payload, %(person)s, %(rooms)s)
                            and id < coalesce((
                                select max(id) from job
                                where state = 'doing' and payload->>'person' = %(person)s
                            ), id + 1)
                        for update skip locked
                    )
                    """,
                    values,
                )
                return int(cursor.rowcount)

    async def doing(self, persons: Collection[str], before: Job) -> bool:
        rows = await self._fetch(
            "select from job where state = 'doing' and id < %s and payload->>'person' = any(%s) limit 1",
            [before.id, list(persons)],
        )
        return bool(rows)

    async def export_person(self, person: str) -> list[dict[str, Any]]:
        rows = await self._fetch(
            """
            select queue, put_at, payload, result from job
            where state in ('waiting', 'todo', 'doing') and payload->>'person' = %s order by id
            """,
            [person],
        )
        return [
            {"queue": queue, "put_at": put_at.isoformat(), "payload": payload, "result": result}
            for queue, put_at, payload, result in rows
        ]

    async def heartbeat(self, part: str, host: str) -> None:
        await self._fetch(
            """
            insert into heartbeat (part, host) values (%s, %s)
            on conflict (part, host) do update set at = now() returning part
            """,
            [part, host],
        )

    async def heartbeats(self) -> list[Beat]:
        rows = await self._fetch("select part, host, now() - at from heartbeat order by part, host")
        return [Beat(*row) for row in rows]

    @asynccontextmanager
    async def listening(self, conninfo: str) -> AsyncIterator[None]:
        """Meanwhile `wait` is woken by the database, over a connection of its own."""
        task = asyncio.create_task(self._listen(conninfo), name="inbox: listen")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _listen(self, conninfo: str) -> None:
        """For ever: a lost connection costs the speed of notifications, never the work (poll)."""
        pause = 0.1
        while True:
            try:
                # keepalives: a server that vanished without a word is noticed
                async with await psycopg.AsyncConnection.connect(
                    conninfo, autocommit=True, connect_timeout=5, keepalives_idle=10, keepalives_interval=5
                ) as conn:
                    await conn.execute("listen job")
                    for woken in self._woken.values():  # what came while nobody listened
                        woken.set()
                    pause = 0.1
                    while True:
                        async for notice in conn.notifies(timeout=_PROBE):
                            self._woken[notice.payload].set()
                        await conn.execute("select 1")
            except (psycopg.Error, OSError) as error:
                logger.warning("inbox: not listening (%s); again in %.1f s", type(error).__name__, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _fenced(self, job: Job, update: LiteralString, values: Mapping[str, Any] | None = None) -> None:
        rows = await self._fetch(
            update + " where id = %(id)s and token = %(token)s and state = 'doing' returning id",
            {**(values or {}), "id": job.id, "token": job.token},
        )
        if not rows:
            raise _lost()

    async def _fetch(
        self, query: LiteralString, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        with reporting():
            async with self.pool.connection(timeout=_PATIENCE) as conn:
                found: list[tuple[Any, ...]] = await (await conn.execute(query, values)).fetchall()
                return found


def _lost() -> LeaseLost:
    return LeaseLost("다른 프로세스가 이 일을 이어받았습니다.")
