"""Who watches what and where it is told."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, LiteralString

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from core.digest.subscriber import Address, Subscriber
from core.model import Company
from core.store.connect import reporting
from core.store.digests import SELECT_SUBSCRIBER, subscriber_of

MOST = 200  # companies that one place may watch

_AT: LiteralString = (
    " where s.platform = %(platform)s and s.chat = %(chat)s and s.thread is not distinct from %(thread)s"
)

# One probe of receipt_corp for each company: a whole market's receipts are hundreds of thousands.
_LISTED_CODES: LiteralString = """
    select corp_code from company
    union
    (with recursive listed (code) as (
        select min(row ->> 'corp_code') from receipt
        union all
        select (select min(row ->> 'corp_code') from receipt where row ->> 'corp_code' > listed.code)
        from listed where listed.code is not null
    ) select code from listed where code is not null)
"""
_COMPANIES: LiteralString = """
    select code, coalesce(corp_name, row ->> 'corp_name'),
           case when corp_name is null then nullif(row ->> 'stock_code', '') else stock_code end,
           coalesce(aliases, '{}')
    from (/* codes */) as asked (code)
    left join company on corp_code = code
    left join lateral (
        select row from receipt where corp_name is null and row ->> 'corp_code' = code
        order by rcept_no desc limit 1
    ) as newest on true
    where coalesce(corp_name, row ->> 'corp_name') is not null
    order by code
"""


class PostgresSubscriptions:
    """`pool` in autocommit. Every method raises StoreError; nothing is half done then.

    `now` is the time in Seoul: a digest whose time has passed today is first told tomorrow.
    """

    def __init__(self, pool: AsyncConnectionPool[Any], usual: time) -> None:
        self._pool = pool
        self._usual = usual

    async def find(self, address: Address) -> Subscriber | None:
        with reporting():
            async with self._pool.connection() as conn:
                return await _find(conn, address)

    async def watch(
        self, address: Address, person: str, corp_codes: Sequence[str], now: datetime
    ) -> tuple[list[str], int]:
        """The corp_codes that were not watched before and are now, and how many are watched in all.

        Those beyond MOST are left out.
        """
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                number = await self._open(conn, address, person, now)
                cursor = await conn.execute(
                    """
                    insert into watch (subscriber, corp_code, since)
                    select %(id)s, code, %(day)s
                    from unnest(%(codes)s::text[]) with ordinality u (code, place)
                    where not exists (select from watch where subscriber = %(id)s and corp_code = code)
                    order by place
                    limit greatest(0, %(most)s - (select count(*) from watch where subscriber = %(id)s))
                    returning corp_code
                    """,
                    {"id": number, "day": now.date(), "codes": list(corp_codes), "most": MOST},
                )
                new = [code for (code,) in await cursor.fetchall()]
                cursor = await conn.execute("select count(*) from watch where subscriber = %s", [number])
                (count,) = await cursor.fetchone() or (0,)
                return new, count

    async def unwatch(self, address: Address, corp_codes: Sequence[str] | None) -> list[str]:
        """What was watched of these (None: of all) and is no longer."""
        with reporting():
            async with self._pool.connection() as conn:
                cursor = await conn.execute(
                    """
                    delete from watch w using subscriber s
                    where s.id = w.subscriber and s.platform = %(platform)s and s.chat = %(chat)s
                      and s.thread is not distinct from %(thread)s
                      and (%(codes)s::text[] is null or w.corp_code = any(%(codes)s))
                    returning w.corp_code
                    """,
                    {**_at(address), "codes": None if corp_codes is None else list(corp_codes)},
                )
                return [code for (code,) in await cursor.fetchall()]

    async def set(
        self,
        address: Address,
        person: str,
        now: datetime,
        *,
        at: time | None = None,
        active: bool | None = None,
        empty: bool | None = None,
        instant: Sequence[str] | None = None,
    ) -> Subscriber:
        """What is None stays. Whoever was off is told from now on what comes from today."""
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                number = await self._open(conn, address, person, now)
                await conn.execute(
                    """
                    update subscriber s set
                        at = coalesce(%(at)s, at), empty = coalesce(%(empty)s, empty),
                        instant = coalesce(%(instant)s::text[], instant),
                        since = case when %(active)s and not active then %(day)s else since end,
                        digested = case
                            when (%(at)s::time is not null or (%(active)s and not active))
                                 and coalesce(%(at)s, at, %(usual)s) <= %(clock)s
                            then greatest(digested, %(day)s) else digested end,
                        active = coalesce(%(active)s, active)
                    where id = %(id)s
                    """,
                    {
                        "id": number,
                        "at": at,
                        "active": active,
                        "empty": empty,
                        "instant": None if instant is None else list(instant),
                        "day": now.date(),
                        "clock": now.time(),
                        "usual": self._usual,
                    },
                )
                found = await _find(conn, address)
        assert found is not None  # noqa: S101  # it was made in this transaction
        return found

    async def of_person(self, person: str) -> list[Subscriber]:
        with reporting():
            async with self._pool.connection() as conn:
                cursor = await conn.execute(
                    SELECT_SUBSCRIBER + " where s.person = %s order by s.id", [person]
                )
                return [subscriber_of(row) for row in await cursor.fetchall()]

    async def forget(self, person: str) -> None:
        """Private subscriptions go with what was put into the inbox for them; of a group's the name goes."""
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                cursor = await conn.execute(
                    "delete from subscriber where person = %s and private returning id", [person]
                )
                await _end_jobs(conn, [number for (number,) in await cursor.fetchall()])
                await conn.execute("update subscriber set person = null where person = %s", [person])

    async def stop(self, platform: str, chat: str) -> int:
        """Nothing can be sent there any more: every subscription of the chat goes; how many."""
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                cursor = await conn.execute(
                    "delete from subscriber where platform = %s and chat = %s returning id", [platform, chat]
                )
                gone = [number for (number,) in await cursor.fetchall()]
                await _end_jobs(conn, gone)
                return len(gone)

    async def move(self, platform: str, chat: str, new: str) -> None:
        """The chat has a new id; a subscription that was made there already stays as it is."""
        with reporting():
            async with self._pool.connection() as conn, conn.transaction():
                await conn.execute(
                    """
                    update subscriber s set chat = %(new)s
                    where platform = %(platform)s and chat = %(chat)s and not exists (
                        select from subscriber o where o.platform = s.platform and o.chat = %(new)s
                            and o.thread is not distinct from s.thread)
                    """,
                    {"platform": platform, "chat": chat, "new": new},
                )
                await conn.execute(
                    "delete from subscriber where platform = %s and chat = %s", [platform, chat]
                )

    async def companies(self) -> list[Company]:
        """Those with filings here, and those of which DART has listed filings that are not here yet."""
        return await self._companies(_LISTED_CODES, [])

    async def named(self, corp_codes: Sequence[str]) -> list[Company]:
        """Of `companies` those with these codes, without looking at the others."""
        return await self._companies("select unnest(%s::text[])", [list(corp_codes)])

    async def _companies(self, codes: LiteralString, values: Sequence[Any]) -> list[Company]:
        with reporting():
            async with self._pool.connection() as conn:
                cursor = await conn.execute(_COMPANIES.replace("/* codes */", codes), values)
                rows = await cursor.fetchall()
        return [Company(code, name, stock, tuple(aliases)) for code, name, stock, aliases in rows]

    async def _open(self, conn: AsyncConnection[Any], address: Address, person: str, now: datetime) -> int:
        """The subscriber's id, made if there is none; told today only if its time is still to come."""
        day: date | None = now.date() if self._usual <= now.time() else None
        cursor = await conn.execute(
            """
            insert into subscriber (platform, chat, thread, private, person, since, digested)
            values (%(platform)s, %(chat)s, %(thread)s, %(private)s, %(person)s, %(since)s, %(digested)s)
            on conflict (platform, chat, thread) do update set person = excluded.person
            returning id
            """,
            {
                **_at(address),
                "private": address.private,
                "person": person,
                "since": now.date(),
                "digested": day,
            },
        )
        (number,) = await cursor.fetchone() or (0,)
        return int(number)


async def _find(conn: AsyncConnection[Any], address: Address) -> Subscriber | None:
    cursor = await conn.execute(SELECT_SUBSCRIBER + _AT, _at(address))
    row = await cursor.fetchone()
    return subscriber_of(row) if row else None


def _at(address: Address) -> dict[str, Any]:
    return {"platform": address.platform, "chat": address.chat, "thread": address.thread}


async def _end_jobs(conn: AsyncConnection[Any], subscribers: Sequence[int]) -> None:
    await conn.execute(
        """
        update job set state = 'done', error = 'unsubscribed'
        where queue = 'out' and state in ('waiting', 'todo') and exists (
            select from unnest(%s::bigint[]) as gone (id)
            where key like 'digest:' || gone.id || ':%%' or key like 'push:' || gone.id || ':%%')
        """,
        [list(subscribers)],
    )
