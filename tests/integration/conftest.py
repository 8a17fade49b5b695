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

from core.etl.load import load_filings
from core.etl.pipeline import transform_filings
from core.etl.source import discover
from core.settings import Settings, load_settings
from core.store.connect import check_server, migrate_database
from core.store.embedded import EmbeddedPostgres
from core.wiring.etl import open_destination, open_shards

_TEMPLATE = "template_gongsi"
SAMPLES = Path(__file__).parents[2] / "samples"
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


@pytest.fixture(scope="session")
def samples_template(postgres: str, migrated_template: str) -> str:
    """A database with the filings of samples/, to make others from."""
    name = "template_samples"
    with psycopg.connect(postgres, autocommit=True) as connection:
        copy = sql.SQL("create database {} template {}")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(migrated_template)))
    with TemporaryDirectory(prefix="gongsi-test-") as folder:
        settings = settings_for(make_conninfo(postgres, dbname=name), Path(folder))
        outcome = transform_filings(discover([SAMPLES]), open_shards(settings), Quiet())
        with open_destination(settings) as destination:
            load_filings(open_shards(settings), destination, Quiet())
    assert not outcome.quarantined
    return name


@pytest.fixture(scope="module")
def samples(postgres: str, samples_template: str) -> Iterator[Settings]:
    """Settings over the sample filings, in a database of the module's own."""
    with _scratch(postgres, samples_template) as conninfo, TemporaryDirectory() as folder:
        yield settings_for(conninfo, Path(folder))


@pytest.fixture
def fresh_samples(postgres: str, samples_template: str) -> Iterator[Settings]:
    """The same in a database that only this test sees."""
    with _scratch(postgres, samples_template) as conninfo, TemporaryDirectory() as folder:
        yield settings_for(conninfo, Path(folder))


def settings_for(conninfo: str, data: Path) -> Settings:
    """The shipped ones over this database; the writer that needs no model."""
    shipped = load_settings()
    return shipped.model_copy(
        update={
            "database": shipped.database.model_copy(update={"url": conninfo}),
            "paths": shipped.paths.model_copy(update={"data": data}),
            "llm": shipped.llm.model_copy(update={"backend": "extractive"}),
        }
    )


class Quiet:
    """core.ports.Progress."""

    def start(self, what: str, total: int) -> None: ...

    def advance(self, by: int = 1) -> None: ...

    def finish(self) -> None: ...


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
