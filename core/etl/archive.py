"""Raw zips by `rcept_no` wherever `archive.url` points, and the line that says a filing is there."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from core.errors import InputError, StoreError


class Archive:
    """`{rcept_no}.zip`, and files of other suffixes beside it, under an fsspec address.

    A file there is whole or is not there.

    Blocking: call from a thread. Raises StoreError when the place cannot be read or written.
    """

    def __init__(self, url: str, default: Path) -> None:
        """Raises InputError for an address that nothing here can open; never with the address in it."""
        try:
            self._fs, self._root = fsspec.url_to_fs(url or default.absolute().as_uri())
        except (ImportError, ValueError):
            kind = url.partition(":")[0]
            raise InputError(
                f"archive.url의 {kind} 저장소를 열 수 없습니다: 주소와 fsspec 꾸러미를 확인하세요."
            ) from None
        self.is_local = isinstance(self._fs, LocalFileSystem)

    def has(self, rcept_no: str, suffix: str = ".zip") -> bool:
        with _reporting("읽지"):
            return bool(self._fs.exists(self._path(rcept_no, suffix)))

    def get(self, rcept_no: str, suffix: str = ".zip") -> bytes:
        with _reporting("읽지"):
            return bytes(self._fs.cat_file(self._path(rcept_no, suffix)))

    def put(self, rcept_no: str, data: bytes, suffix: str = ".zip") -> None:
        """On a disk written beside its place and renamed; object stores replace in one step."""
        with _reporting("쓰지"):
            if self.is_local:
                write_whole(Path(self._path(rcept_no, suffix)), data)
            else:
                self._fs.pipe_file(self._path(rcept_no, suffix), data)

    @contextmanager
    def local(self, rcept_no: str, folder: Path, suffix: str = ".zip") -> Iterator[Path]:
        """As a file of this machine; one brought from elsewhere is gone afterwards."""
        if self.is_local:
            yield Path(self._path(rcept_no, suffix))
            return
        brought = folder / f"{rcept_no}{suffix}"
        with _reporting("읽지"):
            folder.mkdir(parents=True, exist_ok=True)
            self._fs.get_file(self._path(rcept_no, suffix), str(brought))
        try:
            yield brought
        finally:
            brought.unlink(missing_ok=True)

    def _path(self, rcept_no: str, suffix: str) -> str:
        return f"{self._root}/{rcept_no}{suffix}"


class Ledger:
    """raw/filings.jsonl: one line per filing, written after its zip is in the archive.

    A line is the row of list.json with `kind`, `file` (None when DART has no original), `bytes`,
    `sha256` and `fetched_at`. It outlives the database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self) -> list[dict[str, Any]]:
        """Every line. What a crash left of the last one is cut off: its filing is written again."""
        if not self._path.exists():
            return []
        with self._path.open("rb+") as file:
            data = file.read()
            whole = data.rfind(b"\n") + 1
            if whole < len(data):
                file.truncate(whole)
        try:
            return [json.loads(line) for line in data[:whole].splitlines() if line.strip()]
        except ValueError:
            raise InputError(f"{self._path}을 읽을 수 없습니다: JSON이 아닌 줄이 있습니다.") from None

    def add(self, row: Mapping[str, Any], zipped: bytes | None) -> dict[str, Any]:
        """Append and return the line. One write of an append-only file: never half of two lines."""
        line = {
            **row,
            "file": None if zipped is None else f"{row['rcept_no']}.zip",
            "bytes": None if zipped is None else len(zipped),
            "sha256": None if zipped is None else hashlib.sha256(zipped).hexdigest(),
            "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        with _reporting("쓰지"):
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(file, data)
                os.fsync(file)
            finally:
                os.close(file)
        return line


def write_whole(path: Path, data: bytes) -> None:
    """A reader, or the next run after a power cut, sees all of it or nothing. One writer at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")  # what a killed run left is written over
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@contextmanager
def _reporting(did: str) -> Iterator[None]:
    """Other stores raise errors of their own; an address may hold a password, so it is not shown."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"원본 보관소를 {did} 못했습니다({error.strerror or type(error).__name__})."
        ) from None
