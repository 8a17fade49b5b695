"""A real server for the session, a database of its own for every test that asks for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from core.store.connect import check_server, migrate_database
from core.store.embedded import EmbeddedPostgres

_TEMPLATE = "template_gongsi"
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 64MB\n"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Conninfo of a running server.

    Not under pytest's own temporary folder: every pytest that starts takes that away from other users
    again (0700), and as root the server runs as another user.
    """
    with TemporaryDirectory(prefix="gongsi-test-", ignore_cleanup_errors=True) as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", config=FAST)
        yield server.start()
        server.stop()


@pytest.fixture(scope="session")
def migrated_template(postgres: str) -> str:
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(_TEMPLATE)))
    conninfo = make_conninfo(postgres, dbname=_TEMPLATE)
    check_server(conninfo)
    migrate_database(conninfo)
    return _TEMPLATE


@pytest.fixture
def database(postgres: str, migrated_template: str) -> Iterator[str]:
    """Conninfo of an empty, fully migrated database that only this test sees."""
    with _scratch(postgres, migrated_template) as conninfo:
        yield conninfo


@pytest.fixture(scope="module")
def module_database(postgres: str, migrated_template: str) -> Iterator[str]:
    """The same for all tests of a module, which empty what they fill: making one takes most of a second."""
    with _scratch(postgres, migrated_template) as conninfo:
        yield conninfo


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """Conninfo of a database without any of our tables."""
    with _scratch(postgres, "template1") as conninfo:
        yield conninfo


@contextmanager
def _scratch(server: str, template: str) -> Iterator[str]:
    name = sql.Identifier(f"test_{uuid4().hex[:8]}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template {}").format(name, sql.Identifier(template)))
        try:
            yield make_conninfo(server, dbname=name.as_string().strip('"'))
        finally:
            connection.execute(sql.SQL("drop database {} with (force)").format(name))
