"""Tokens of the workspaces that installed the Slack app, and OAuth's states, in PostgreSQL."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

from core.store.connect import reporting

STATE_SECONDS = 600

_FIND = """
select bot_token, bot_id, bot_user_id, bot_scopes, bot_refresh_token, bot_token_expires_at
from slack_installation where team = %s
"""
_SAVE = """
insert into slack_installation
    (team, bot_token, bot_id, bot_user_id, bot_scopes, bot_refresh_token, bot_token_expires_at)
values (%(team)s, %(bot_token)s, %(bot_id)s, %(bot_user_id)s, %(bot_scopes)s, %(bot_refresh_token)s,
        %(bot_token_expires_at)s)
on conflict (team) do update set bot_token = excluded.bot_token, bot_id = excluded.bot_id,
    bot_user_id = excluded.bot_user_id, bot_scopes = excluded.bot_scopes,
    bot_refresh_token = excluded.bot_refresh_token, bot_token_expires_at = excluded.bot_token_expires_at,
    saved_at = now()
"""


@dataclass(frozen=True, slots=True)
class PostgresInstallations:
    """A record has bot_token, bot_id, bot_user_id, bot_scopes (comma-separated), bot_refresh_token and
    bot_token_expires_at (seconds since 1970), the last two None without rotation. All raise StoreError."""

    pool: AsyncConnectionPool[Any]

    async def find(self, team: str) -> Mapping[str, Any] | None:
        with reporting():
            async with self.pool.connection() as connection:
                cursor = connection.cursor(row_factory=dict_row)
                row: Mapping[str, Any] | None = await (await cursor.execute(_FIND, [team])).fetchone()
                return row

    async def save(self, team: str, record: Mapping[str, Any]) -> None:
        with reporting():
            async with self.pool.connection() as connection:
                await connection.execute(_SAVE, {**record, "team": team})

    async def delete(self, team: str) -> None:
        with reporting():
            async with self.pool.connection() as connection:
                await connection.execute("delete from slack_installation where team = %s", [team])

    async def renew(
        self, team: str, renew: Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any] | None]]
    ) -> Mapping[str, Any] | None:
        """The record after `renew`, which one process calls at a time: a refresh token is good once.

        None from `renew` leaves it as it is. Raises also what `renew` raises; nothing is changed then.
        """
        with reporting():
            async with self.pool.connection() as connection, connection.transaction():
                cursor = connection.cursor(row_factory=dict_row)
                found: Mapping[str, Any] | None = await (
                    await cursor.execute(_FIND + " for update", [team])
                ).fetchone()
                renewed = await renew(found) if found is not None else None
                if renewed is None:
                    return found
                await connection.execute(_SAVE, {**renewed, "team": team})
                return renewed

    async def issue_state(self) -> str:
        state = token_urlsafe(24)
        with reporting():
            async with self.pool.connection() as connection:
                await connection.execute("delete from slack_oauth_state where expires_at < now()")
                await connection.execute(
                    "insert into slack_oauth_state values (%s, now() + %s * interval '1 second')",
                    [state, STATE_SECONDS],
                )
        return state

    async def consume_state(self, state: str) -> bool:
        """Whether it was issued, is fresh and had not come before."""
        with reporting():
            async with self.pool.connection() as connection:
                cursor = await connection.execute(
                    "delete from slack_oauth_state where state = %s returning expires_at > now()", [state]
                )
                row = await cursor.fetchone()
        return bool(row and row[0])
