"""A schema of its own with all our tables, dropped afterwards: measurements touch nothing of the user's."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from core.store.connect import migrate_database, reporting


@contextmanager
def scratch_schema(conninfo: str) -> Iterator[str]:
    """Conninfo whose connections see only the new schema (and `public` for the vector type)."""
    name = f"scratch_{uuid4().hex[:12]}"
    with reporting(conninfo), psycopg.connect(conninfo, autocommit=True) as conn:
        row = conn.execute(
            "select nspname from pg_extension e join pg_namespace n on n.oid = extnamespace"
            " where extname = 'vector'"
        ).fetchone()
        extension = row[0] if row else "public"
        conn.execute(sql.SQL("create schema {}").format(sql.Identifier(name)))
    inside = make_conninfo(conninfo, options=f"-c search_path={name},{extension}")
    try:
        migrate_database(inside)
        yield inside
    finally:
        with reporting(conninfo), psycopg.connect(conninfo, autocommit=True) as conn:
            conn.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(name)))
