"""What `gongsi doctor` and /readyz ask of the parts; every failure is a GongsiError that says what to do."""

from datetime import datetime
from typing import Any

from core.errors import InputError, ModelError
from core.settings import Settings
from core.store.connect import locate_database, migrate_database
from core.wiring.etl import with_connection

_SAMSUNG = "00126380"  # any company that will always be there


def check_database(settings: Settings) -> str:
    """`PostgreSQL 18.4, pgvector 0.8.5`, after bringing the schema up to date."""
    migrate_database(locate_database(settings))

    def versions(connection: Any) -> str:
        row = connection.execute(
            "select current_setting('server_version'), extversion from pg_extension where extname = 'vector'"
        ).fetchone()
        return f"PostgreSQL {row[0].split()[0]}, pgvector {row[1]}"

    return with_connection(settings, versions)


def check_index(settings: Settings) -> None:
    """Raises FingerprintMismatch when stored vectors are of another model than the settings'."""
    from core.store.index import check_fingerprint
    from core.wiring.models import build_models

    tokenizer, embedder = build_models(settings.embedding)
    with_connection(settings, lambda connection: check_fingerprint(connection, embedder, tokenizer))


async def check_model(settings: Settings) -> None:
    """Raises ModelError when Ollama, or the model in it, is not there."""
    from core.models.ollama import available

    if missing := await available(settings.llm):
        raise ModelError(missing)


async def check_dart(settings: Settings) -> None:
    """One call of company.json with the key."""
    from core.etl.opendart import OpenDart
    from core.store.connect import open_pool
    from core.store.quota import PostgresQuota

    async with (
        open_pool(locate_database(settings), size=1, autocommit=True) as pool,
        OpenDart(settings.dart, PostgresQuota(pool, settings.dart.daily_limit)) as dart,
    ):
        if await dart.company(_SAMSUNG) is None:
            raise InputError("OpenDART가 기업개황을 주지 않습니다: 인증키를 확인하세요.")


def last_refresh(settings: Settings) -> datetime | None:
    """When `refresh` last did all that it was asked."""

    def ask(connection: Any) -> datetime | None:
        row = connection.execute("select at from etl_success where stage = 'refresh'").fetchone()
        return row[0] if row else None

    return with_connection(settings, ask)
