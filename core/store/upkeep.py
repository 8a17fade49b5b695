"""What search indexes need besides being written to: what amendments and reloads left dead taken out."""

from typing import Any

import psycopg
from psycopg import sql

_TABLES = ("chunk", "keyword", "report_chunk")


def reindex(conn: psycopg.Connection[Any]) -> list[str]:
    """Rebuild the vector and keyword indexes, then vacuum their tables; the names of the indexes.

    Searches and loads go on meanwhile (`concurrently`), which is why `conn` has to be in autocommit. In this
    order because a vacuum repairs an HNSW graph element by element (pgvector's README, Vacuuming); dead
    vectors left in it took recall@10 from 1.0 to .88 (index.py). What an earlier run that was killed left
    half built is dropped.
    """
    half_built: list[str] = []
    whole: list[str] = []
    rows = conn.execute(
        """
        select c.relname, i.indisvalid from pg_index i
        join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
        join pg_class t on t.oid = i.indrelid
        where t.relname = any(%s) and t.relnamespace = current_schema()::regnamespace
            and a.amname in ('hnsw', 'gin')
        order by c.relname
        """,
        [list(_TABLES)],
    )
    for name, valid in rows.fetchall():
        (whole if valid else half_built).append(name)
    for name in half_built:
        conn.execute(sql.SQL("drop index concurrently if exists {}").format(sql.Identifier(name)))
    for name in whole:
        conn.execute(sql.SQL("reindex index concurrently {}").format(sql.Identifier(name)))
    conn.execute("vacuum (analyze) chunk, keyword")
    return whole
