"""Members of a filing's zip: which is the filing itself, which come with it."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.errors import UnreadableFiling
from core.etl.read import MAX_BYTES
from core.etl.zips import BROKEN_ZIP

DOCUMENTS = frozenset((".xml", ".html", ".htm"))
AUDITS = {"00760": "F001", "00761": "F002"}  # ACODE → detail type
_MAX_MEMBERS = 500
_MAX_RATIO = 200  # real filings compress about tenfold
_ACODE = re.compile(rb"ACODE=\"(\d{5})\"")
_NAMED = 3


def read_main(path: Path, rcept_no: str | None) -> tuple[bytes, str, list[str]]:
    """(bytes, member name, notes). Raises UnreadableFiling for a zip that is broken or unsafe."""
    name = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _refuse_unsafe(members, name)
            texts = [m for m in members if _is_document(m)]
            if not texts:
                raise UnreadableFiling(f"{name}: zip 안에 공시 문서가 없습니다.")
            chosen = _choose(archive, texts, rcept_no)
            others = [Path(m.filename).name for m in members if not _is_document(m)]
            more = f" 외 {len(others) - _NAMED:,}개" if len(others) > _NAMED else ""
            notes = (
                [f"글이 아닌 첨부는 읽지 않았습니다: {', '.join(others[:_NAMED])}{more}"] if others else []
            )
            return _read(archive, chosen, name), chosen.filename, notes
    except BROKEN_ZIP:
        raise UnreadableFiling(f"{name}: 깨진 zip 파일입니다.") from None


def read_others(path: Path, main: str) -> Iterator[tuple[str, bytes | None]]:
    """(member name, bytes) of the other documents in name order, None for one that is broken.

    At most 100 MB in all: what is beyond counts as broken. `path` has passed `read_main`.
    """
    left = MAX_BYTES
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and _is_document(m) and m.filename != main]
        for member in sorted(members, key=lambda m: m.filename):
            left -= member.file_size
            try:
                yield member.filename, _read(archive, member, path.name) if left >= 0 else None
            except (*BROKEN_ZIP, UnreadableFiling):
                yield member.filename, None


def _is_document(member: zipfile.ZipInfo) -> bool:
    return Path(member.filename).suffix.lower() in DOCUMENTS


def _refuse_unsafe(members: Sequence[zipfile.ZipInfo], name: str) -> None:
    if len(members) > _MAX_MEMBERS:
        raise UnreadableFiling(f"{name}: zip 안의 파일이 너무 많습니다({len(members):,}개).")
    for member in members:
        parts = re.split(r"[\\/]", member.filename)
        if re.search(r"[\x00-\x1f\x7f]", member.filename):
            raise UnreadableFiling(f"{name}: zip 안의 파일 이름에 글자가 아닌 것이 있습니다.")
        if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise UnreadableFiling(f"{name}: zip 안에 바깥을 가리키는 경로가 있습니다.")
        if member.flag_bits & 0x1:
            raise UnreadableFiling(f"{name}: 암호가 걸린 zip입니다.")
        if member.file_size > MAX_BYTES or member.file_size > _MAX_RATIO * max(member.compress_size, 1024):
            raise UnreadableFiling(f"{name}: 풀면 지나치게 커지는 zip입니다.")


def _choose(
    archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], rcept_no: str | None
) -> zipfile.ZipInfo:
    """`{rcept_no}.xml` by exact name and a main report's ACODE; never the first (OpenDartReader #46, #47)."""
    exact = [m for m in members if rcept_no and Path(m.filename).stem == rcept_no]
    mains = [m for m in members if _acode(archive, m) not in AUDITS]
    for candidates in ([m for m in exact if m in mains], mains, exact):
        if candidates:
            return max(candidates, key=lambda member: member.file_size)
    return max(members, key=lambda member: member.file_size)


def _acode(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str | None:
    with archive.open(member) as file:
        found = _ACODE.search(file.read(4096))
    return found[1].decode("ascii") if found else None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """Sizes in a zip's directory may lie: stop reading at the bound."""
    with archive.open(member) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableFiling(f"{name}: 풀면 지나치게 커지는 zip입니다.")
    return data
