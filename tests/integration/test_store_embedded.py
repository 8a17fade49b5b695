"""The embedded server comes up whatever happened to it before (notes/storage.md §1)."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import psycopg
import pytest

from core.errors import StoreError
from core.store import embedded
from core.store.embedded import EmbeddedPostgres

FAST = "fsync = off\nshared_buffers = 16MB\n"
ROOT = Path(__file__).parents[2]


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """One folder for the module: initdb is the slow part. The name has what shells stumble over."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("내 자료 'x") / "postgres", config=FAST)
    with psycopg.connect(server.start()) as connection:
        connection.execute("create table kept as select 7 as n")
    yield server
    server.stop()


@pytest.fixture
def server(made: EmbeddedPostgres) -> EmbeddedPostgres:
    """Running, with one row in `kept`."""
    made.start()
    return made


def kept(conninfo: str) -> int:
    with psycopg.connect(conninfo) as connection:
        row = connection.execute("select n from kept").fetchone()
    assert row is not None
    return int(row[0])


def pid_file(server: EmbeddedPostgres) -> Path:
    return server.folder / "postmaster.pid"


def postmaster(server: EmbeddedPostgres) -> int:
    return int(pid_file(server).read_text().split("\n")[0])


def test_a_second_start_attaches_and_a_second_stop_does_nothing(server: EmbeddedPostgres) -> None:
    pid = postmaster(server)
    assert kept(server.start()) == 7
    assert postmaster(server) == pid
    assert server.running()
    assert server.stop()
    assert not server.running()
    assert not server.stop()
    assert kept(server.start()) == 7


def test_a_stale_pid_file_of_a_dead_process_is_replaced(server: EmbeddedPostgres) -> None:
    lines = pid_file(server).read_text().split("\n")
    server.stop()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    pid_file(server).write_text("\n".join([str(dead.pid), *lines[1:]]))
    shutil.chown(pid_file(server), (server.folder / "PG_VERSION").owner())
    assert kept(server.start()) == 7


def test_a_reused_pid_is_neither_trusted_nor_signalled(server: EmbeddedPostgres) -> None:
    """After a container restart the pid in the file is some other program's."""
    lines = pid_file(server).read_text().split("\n")
    server.stop()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        try:
            pid_file(server).write_text("\n".join([str(other.pid), *lines[1:]]))
            assert not server.running()
            assert not server.stop()
            assert other.poll() is None
            pid_file(server).write_text("\n".join([str(other.pid), *lines[1:]]))
            assert kept(server.start()) == 7
            assert other.poll() is None
        finally:
            other.kill()


@pytest.mark.parametrize("text", ["", "no number", "99999999"])
def test_a_damaged_pid_file_does_not_stop_a_start(server: EmbeddedPostgres, text: str) -> None:
    server.stop()
    pid_file(server).write_text(text)
    assert kept(server.start()) == 7


def test_a_killed_postmaster_comes_back_with_its_data(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as connection:
        connection.execute("insert into kept select 7 from generate_series(1, 1000)")
    os.kill(postmaster(server), signal.SIGKILL)
    assert kept(server.start()) == 7
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (1001,)
        connection.execute("delete from kept where ctid <> (select min(ctid) from kept)")


def test_two_processes_at_once_make_one_server(tmp_path: Path) -> None:
    """Both race on a folder that does not exist yet; the server outlives them."""
    folder = tmp_path / "data" / "postgres"
    code = (
        "import sys; from pathlib import Path; from core.store.embedded import EmbeddedPostgres;"
        f"print(EmbeddedPostgres(Path(sys.argv[1]), config={FAST!r}).start())"
    )
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in racing]
    server = EmbeddedPostgres(folder)
    try:
        assert [process.returncode for process in racing] == [0, 0], said
        assert said[0] == said[1]
        assert said[0][1] == ""
        assert server.running()
        masters = [
            process
            for process in psutil.process_iter(["cmdline"])
            if str(folder) in (process.info["cmdline"] or ())
        ]
        assert len(masters) == 1
    finally:
        assert server.stop()


def test_a_path_too_long_for_a_socket_and_a_foreign_locale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.eucKR")
    server = EmbeddedPostgres(tmp_path / ("d" * 110) / "postgres", config=FAST)
    try:
        with psycopg.connect(server.start()) as connection:
            assert connection.execute("select lower('ÀÉ')").fetchone() == ("àé",)
        assert os.environ["LC_ALL"] == "ko_KR.eucKR"
    finally:
        server.stop()


def test_an_interrupted_initdb_is_begun_anew(tmp_path: Path) -> None:
    staging = tmp_path / ".postgres.new"
    staging.mkdir()
    (staging / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(tmp_path / "postgres", config=FAST)
    try:
        server.start()
        assert not staging.exists()
    finally:
        server.stop()


def test_too_little_space_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 50_000_000, 50_000_000))
    folder = tmp_path / "postgres"
    with pytest.raises(StoreError, match=r"공간이 모자랍니다.*남은 공간 50 MB") as caught:
        EmbeddedPostgres(folder).start()
    assert "\n" not in str(caught.value)
    assert not folder.exists()


def test_a_disk_that_fills_up_during_initdb_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root to mount a small tmpfs")
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(small)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        monkeypatch.setattr(embedded, "_FREE_BYTES", 0)  # pass the check, meet the real ENOSPC
        with pytest.raises(StoreError, match="공간이 모자랍니다"):
            EmbeddedPostgres(small / "postgres").start()
        assert [path.name for path in small.iterdir()] == [".postgres.lock"]
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_an_unwritable_place_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)  # root may write everywhere
    with pytest.raises(StoreError, match="쓸 수 없습니다"):
        EmbeddedPostgres(tmp_path / "a" / "postgres").start()


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "사진.txt").write_text("x")
    with pytest.raises(StoreError, match="데이터베이스도 아닌 폴더"):
        EmbeddedPostgres(folder).start()
    assert [path.name for path in folder.iterdir()] == ["사진.txt"]
    (folder / "PG_VERSION").write_text("14\n")
    with pytest.raises(StoreError, match=r"PostgreSQL 14 판.*기록: .*log"):
        EmbeddedPostgres(folder).start()
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(StoreError, match="파일이 있습니다"):
        EmbeddedPostgres(file).start()
    with pytest.raises(StoreError, match="준비하지 못했습니다"):
        EmbeddedPostgres(file / "postgres").start()


def test_a_damaged_folder_names_its_log(tmp_path: Path, made: EmbeddedPostgres) -> None:
    folder = tmp_path / "postgres"
    made.stop()
    shutil.copytree(made.folder, folder, ignore=shutil.ignore_patterns(".s.*"))
    owner = (made.folder / "PG_VERSION").owner()
    for path in [folder, *folder.rglob("*")]:
        shutil.chown(path, owner)
    (folder / "global" / "pg_control").write_bytes(b"")
    began = time.monotonic()
    with pytest.raises(StoreError, match=r"기록을 보세요: .*postgres/log"):
        EmbeddedPostgres(folder).start()
    assert time.monotonic() - began < 30


def test_a_folder_of_another_user_is_refused(tmp_path: Path, made: EmbeddedPostgres) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root to give a folder away")
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("18\n")
    os.chown(folder / "PG_VERSION", 65534, 65534)
    with pytest.raises(StoreError, match="uid 65534"):
        EmbeddedPostgres(folder).start()


def test_a_folder_deleted_under_its_server_starts_anew(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data" / "postgres")
    server.start()
    (before,) = running(server.folder)
    shutil.rmtree(tmp_path / "data")
    server.start()
    try:
        (after,) = running(server.folder)  # the old one would take the new one's socket with it
        assert after != before
        assert server.running()
    finally:
        server.stop()


def test_a_server_whose_socket_was_removed_is_restarted(server: EmbeddedPostgres) -> None:
    (before,) = running(server.folder)
    (server.folder / ".s.PGSQL.5432").unlink()
    with psycopg.connect(server.start()) as conn:
        assert conn.execute("select 1").fetchone() == (1,)
    assert running(server.folder) != [before]


def running(folder: Path) -> list[int]:
    found = psutil.process_iter(["name", "cmdline"])
    return [p.pid for p in found if p.info["name"] == "postgres" and str(folder) in (p.info["cmdline"] or [])]
