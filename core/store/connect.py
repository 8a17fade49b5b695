"""Reach the database: ours or the one `database.url` names, and its errors as Korean sentences."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection, errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from core.errors import StoreError
from core.settings import Settings
from core.store.embedded import EmbeddedPostgres
from core.store.migrate import migrate

_POSTGRES = 15
_PGVECTOR = (0, 8)
_TRUSTED = 1.0  # seconds


def open_database(settings: Settings) -> str:
    """Conninfo of a running, migrated database. Raises StoreError."""
    conninfo = locate_database(settings)
    migrate_database(conninfo)
    return conninfo


def locate_database(settings: Settings) -> str:
    """Conninfo of a running database that is new enough; starts the embedded server if it is down.

    Raises StoreError, never with a password in it.
    """
    if not settings.database.url:
        conninfo = EmbeddedPostgres(settings.paths.postgres).start()
        check_server(conninfo)
        return conninfo
    # SQLAlchemy's spelling of the same address
    conninfo = settings.database.url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        conninfo_to_dict(conninfo)
    except psycopg.Error:
        raise StoreError(
            "database.url을 읽을 수 없습니다: postgresql://사용자:암호@주소:5432/이름 꼴이어야 합니다."
        ) from None
    check_server(conninfo)
    return conninfo


def close_database(settings: Settings) -> bool:
    """Stop the embedded server; True when it was running. Raises StoreError for `database.url`."""
    if settings.database.url:
        raise StoreError("database.url의 서버는 공시톡이 켜고 끄지 않습니다.")
    return EmbeddedPostgres(settings.paths.postgres).stop()


def migrate_database(conninfo: str) -> list[str]:
    """`migrate`, with the server's refusals as StoreError."""
    with reporting(conninfo):
        return migrate(conninfo)


def check_server(conninfo: str) -> None:
    """Raises StoreError unless PostgreSQL ≥ 15 answers and has, or can get, pgvector ≥ 0.8."""
    with reporting(conninfo), psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as db:
        version = db.info.server_version // 10_000
        if version < _POSTGRES:
            raise StoreError(f"PostgreSQL {_POSTGRES} 이상이 필요한데 서버는 {version}입니다.")
        installed = _vector_version(db)
        if installed is None:
            try:
                # pgvector is a trusted extension: the owner of a database may create it
                db.execute("create extension if not exists vector")
            except (errors.UndefinedFile, errors.FeatureNotSupported):
                raise StoreError("PostgreSQL 서버에 pgvector 확장이 없습니다(0.8 이상).") from None
            except errors.InsufficientPrivilege:
                raise StoreError(
                    "pgvector 확장을 켤 권한이 없습니다: 관리자가 create extension vector를 해야 합니다."
                ) from None
            except errors.UniqueViolation:
                pass  # another process created it at the same moment
            installed = _vector_version(db)
        numbers = tuple(int(part) for part in (installed or "0.0").split(".")[:2])
        if numbers < _PGVECTOR:
            raise StoreError(
                f"pgvector 0.8 이상이 필요한데 {installed}입니다: alter extension vector update를 하세요."
            )


def open_pool(conninfo: str, *, size: int = 8, **connection: Any) -> AsyncConnectionPool[Any]:
    """A pool still to be opened (`async with`); `connection` goes to every psycopg connection.

    Connections are checked when taken: after a server restart a default pool failed 3 times in 5
    uses, a checking one never (notes/storage.md §1). One that was checked within the last second is not
    asked again: a service takes ten for a message, and the checks were a seventh of its CPU time.
    """
    checked: WeakKeyDictionary[AsyncConnection[Any], float] = WeakKeyDictionary()

    async def check(taken: AsyncConnection[Any]) -> None:
        now = time.monotonic()
        if now - checked.get(taken, 0.0) > _TRUSTED:
            await AsyncConnectionPool.check_connection(taken)
            checked[taken] = now

    return AsyncConnectionPool(
        conninfo,
        min_size=1,
        max_size=size,
        open=False,
        kwargs=connection or None,
        check=check,
        timeout=30,
    )


@contextmanager
def reporting(conninfo: str = "") -> Iterator[None]:
    """Turn psycopg's errors into StoreError; their own text may hold SQL, values and addresses."""
    try:
        yield
    except (psycopg.Error, PoolTimeout) as error:
        raise explain(error, conninfo) from None


def explain(error: Exception, conninfo: str = "") -> StoreError:
    """One Korean sentence for what the database refused, without the password."""
    if isinstance(error, errors.DiskFull):
        return StoreError("데이터베이스 서버의 디스크가 가득 찼습니다.")
    if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
        return StoreError("데이터베이스에 쓸 권한이 없습니다.")
    if isinstance(error, errors.UndefinedTable | errors.UndefinedColumn):
        return StoreError("데이터베이스가 옛 판입니다: gongsi db migrate를 먼저 하세요.")
    if isinstance(error, errors.TooManyConnections):
        return StoreError("데이터베이스 연결이 너무 많습니다.")
    unreachable = psycopg.OperationalError | psycopg.InterfaceError | PoolTimeout
    if isinstance(error, unreachable) and not isinstance(error, errors.ProgramLimitExceeded):
        return StoreError(f"데이터베이스에 연결하지 못했습니다{_place(conninfo)}{_why(error)}.")
    code = getattr(error, "sqlstate", None) or type(error).__name__
    return StoreError(f"데이터베이스가 요청을 거절했습니다({code}).")


def _why(error: Exception) -> str:
    said = str(error)
    reasons: tuple[tuple[LiteralString, LiteralString], ...] = (
        ("password", ": 사용자나 암호가 맞지 않습니다"),
        ("no pg_hba.conf entry", ": 서버가 이 주소의 접속을 받지 않습니다"),
        ("does not exist", ": 그런 데이터베이스나 사용자가 없습니다"),
        ("resolve", ": 그런 주소가 없습니다"),
        ("refused", ": 서버가 꺼져 있거나 주소가 다릅니다"),
        ("No such file", ": 서버가 꺼져 있거나 주소가 다릅니다"),
        ("timeout", ": 시간 안에 답이 없습니다"),
    )
    return next((korean for english, korean in reasons if english in said), "")


def _place(conninfo: str) -> str:
    try:
        parts = conninfo_to_dict(conninfo)
    except psycopg.Error:
        return ""
    shown = {key: parts[key] for key in ("host", "port", "dbname") if parts.get(key)}
    return f" ({make_conninfo(**shown)})" if shown else ""  # type: ignore[arg-type]


def _vector_version(db: psycopg.Connection[Any]) -> str | None:
    row = db.execute("select extversion from pg_extension where extname = 'vector'").fetchone()
    return row[0] if row else None
