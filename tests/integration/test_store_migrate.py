"""Migrations apply once, whoever runs them; a server that cannot serve says so."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from core.errors import StoreError
from core.settings import Database, Settings, load_settings
from core.store import connect
from core.store.connect import check_server, locate_database, migrate_database
from core.store.migrate import migrate


def outside(url: str) -> Settings:
    return load_settings().model_copy(update={"database": Database(url=url)})


def test_a_second_run_changes_nothing(empty_database: str) -> None:
    check_server(empty_database)
    first = migrate(empty_database)
    assert first[0] == "0001_filings"
    assert first == sorted(first)
    assert migrate(empty_database) == []


def test_concurrent_runs_apply_each_migration_once(empty_database: str) -> None:
    with ThreadPoolExecutor(4) as several:
        list(several.map(check_server, [empty_database] * 4))
        runs = list(several.map(migrate, [empty_database] * 4))
    applied = [name for run in runs for name in run]
    assert applied
    assert len(applied) == len(set(applied))
    assert sum(bool(run) for run in runs) == 1


def test_a_newer_database_is_refused(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("insert into migration (name) values ('9999_future')")
    with pytest.raises(StoreError, match=r"새것입니다.*9999_future"):
        migrate_database(database)


def test_a_failing_migration_leaves_nothing(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = "create table half (n int); select * from nowhere;"
    monkeypatch.setattr("core.store.migrate._scripts", lambda: iter([("0001_broken", broken)]))
    with pytest.raises(StoreError):
        migrate_database(empty_database)
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("select to_regclass('half')").fetchone() == (None,)
        assert connection.execute("select count(*) from migration").fetchone() == (0,)


def test_an_outside_server_is_checked_and_migrated(empty_database: str) -> None:
    assert connect.open_database(outside(empty_database)) == empty_database
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("select count(*) from filing").fetchone() == (0,)
    with pytest.raises(StoreError, match="켜고 끄지 않습니다"):
        connect.close_database(outside(empty_database))


def test_an_outside_server_that_is_too_old(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "_POSTGRES", 99)
    with pytest.raises(StoreError, match="PostgreSQL 99 이상"):
        locate_database(outside(empty_database))
    monkeypatch.setattr(connect, "_POSTGRES", 15)
    monkeypatch.setattr(connect, "_PGVECTOR", (9, 0))
    with pytest.raises(StoreError, match="pgvector"):
        locate_database(outside(empty_database))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://me:s3cret@127.0.0.1:1/gongsi", "서버가 꺼져 있거나"),
        ("postgresql+psycopg://me:s3cret@127.0.0.1:1/gongsi", "서버가 꺼져 있거나"),
        ("postgresql://me:s3cret@nowhere.invalid/gongsi", "연결하지 못했습니다"),
        ("host=/nowhere password=s3cret", "서버가 꺼져 있거나"),
        ("mysql://me:s3cret@127.0.0.1/gongsi", "database.url"),
    ],
)
def test_an_unreachable_server_is_one_sentence_without_the_password(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as caught:
        locate_database(outside(url))
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_an_unprivileged_user_is_told(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("drop role if exists reader")
        connection.execute("create role reader login")
        connection.execute("drop extension if exists vector cascade")
    try:
        with pytest.raises(StoreError, match="권한이 없습니다"):
            check_server(make_conninfo(database, user="reader"))
    finally:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("drop role reader")


def test_the_embedded_folder_is_under_paths_data(tmp_path: Path) -> None:
    settings = load_settings()
    paths = settings.paths.model_copy(update={"data": tmp_path})
    settings = settings.model_copy(update={"paths": paths})
    try:
        conninfo = connect.open_database(settings)
        assert str(tmp_path / "postgres") in conninfo
        assert migrate_database(conninfo) == []
    finally:
        assert connect.close_database(settings)
