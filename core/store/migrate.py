"""Apply migrations/*.sql in order, each once, under one advisory lock."""

from collections.abc import Iterator
from importlib import resources

import psycopg
from psycopg import sql

from core.errors import StoreError

_LOCK = 0x60_6E_67_73_69  # any constant, the same in every process


def migrate(conninfo: str) -> list[str]:
    """Bring the database to the newest schema; return the names just applied.

    Raises StoreError when the database has migrations this program does not know; psycopg.Error
    (see connect.reporting) when the server refuses.
    """
    applied = []
    scripts = dict(_scripts())
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        connection.execute(
            "create table if not exists migration"
            " (name text primary key, applied_at timestamptz not null default now())"
        )
        done = {name for (name,) in connection.execute("select name from migration")}
        if unknown := sorted(done - scripts.keys()):
            raise StoreError(
                f"데이터베이스가 이 프로그램보다 새것입니다({unknown[-1]}): 프로그램을 새 판으로 올리세요."
            )
        for name, text in scripts.items():
            if name not in done:
                with connection.transaction():
                    connection.execute(sql.SQL(text))
                    connection.execute("insert into migration (name) values (%s)", [name])
                applied.append(name)
    return applied


def _scripts() -> Iterator[tuple[str, str]]:
    folder = resources.files("core.store") / "migrations"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            yield file.name.removesuffix(".sql"), file.read_text(encoding="utf-8")
