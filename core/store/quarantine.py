"""What could not be read, with the reason, until it can."""

from typing import Any

import psycopg


def quarantine(
    conn: psycopg.Connection[Any],
    source: str,
    reason: str,
    *,
    rcept_no: str | None = None,
    digest: str | None = None,
) -> None:
    """Remember why `source`, a path or one inside an archive, was refused; the last reason wins."""
    conn.execute(
        """
        insert into quarantine (source, rcept_no, reason, digest) values (%s, %s, %s, %s)
        on conflict (source) do update set rcept_no = excluded.rcept_no, reason = excluded.reason,
            digest = excluded.digest, at = now()
        """,
        [source, rcept_no, reason, digest],
    )


def release(conn: psycopg.Connection[Any], source: str) -> bool:
    """Forget a refusal because the file now reads; True when there was one."""
    return conn.execute("delete from quarantine where source = %s", [source]).rowcount > 0


def quarantined(conn: psycopg.Connection[Any]) -> list[tuple[str, str | None, str]]:
    """(source, rcept_no, reason), by source."""
    return conn.execute("select source, rcept_no, reason from quarantine order by source").fetchall()
