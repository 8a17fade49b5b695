"""What a user points at: files, folders, zips and manifests → one source per filing."""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import InputError, UnreadableFiling
from core.etl.document import Document
from core.etl.read import MAX_BYTES
from core.etl.zips import BROKEN_ZIP
from core.korean import bare_name
from core.model import Filing

_RCEPT_NO = re.compile(r"(?<!\d)(\d{14})(?!\d)")
_SUFFIXES = frozenset((".xml", ".html", ".htm", ".zip"))
_MANIFEST = "manifest.jsonl"
_MAX_MEMBERS = 500
_MAX_RATIO = 200  # real filings compress about tenfold
_PERIOD = re.compile(r"\((\d{4})\.(\d{2})\)")
_AMENDMENT = re.compile(r"^(?:\[[^\]]*\])+")
_MAIN_ACODES = re.compile(rb"ACODE=\"(\d{5})\"")
_AUDIT = {"00760": "F001", "00761": "F002"}
_PERIODIC = {"사업보고서": "11011", "반기보고서": "11012", "분기보고서": "11013"}


@dataclass(frozen=True, slots=True)
class Source:
    """One filing on disk; `row` is its line of a manifest in the words of list.json."""

    path: Path
    rcept_no: str | None
    row: Mapping[str, Any] | None = None


def discover(paths: Sequence[Path]) -> list[Source]:
    """Every filing under the paths, in name order. Raises InputError for a path that is not there."""
    found: dict[Path, Source] = {}
    manifests: dict[Path, dict[str, Mapping[str, Any]]] = {}  # each read once, however many files it names
    for path in paths:
        if not path.exists():
            raise InputError(f"그런 파일이나 폴더가 없습니다: {path}")
        for file in _files(path):
            beside = file.parent / _MANIFEST
            if beside not in manifests:
                manifests[beside] = _manifest(beside) if beside.is_file() else {}
            found.setdefault(file.resolve(), _source(file, manifests[beside].get(file.name)))
    return [found[key] for key in sorted(found)]


def _files(path: Path) -> Iterator[Path]:
    if path.name.endswith(".jsonl"):
        for row in _manifest(path).values():
            yield path.parent / str(row["file"])
    elif path.is_dir():
        yield from (f for f in path.rglob("*") if f.is_file() and f.suffix.lower() in _SUFFIXES)
    else:
        yield path


def _source(file: Path, row: Mapping[str, Any] | None) -> Source:
    if not file.is_file():
        raise InputError(f"manifest에 적힌 파일이 없습니다: {file}")
    named = _RCEPT_NO.search(file.name)
    return Source(file, str(row["rcept_no"]) if row else named[1] if named else None, row)


def _manifest(path: Path) -> dict[str, Mapping[str, Any]]:
    rows: dict[str, Mapping[str, Any]] = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path.name}은 UTF-8로 저장해야 합니다.") from None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not _RCEPT_NO.fullmatch(str(row["rcept_no"])) or not isinstance(row["file"], str):
                raise ValueError
            rows[row["file"]] = row
        except (ValueError, KeyError, TypeError):
            raise InputError(
                f"{path.name} {number}번째 줄에 file과 14자리 rcept_no가 있어야 합니다."
            ) from None
    return rows


def open_source(source: Source) -> tuple[bytes, str, list[str]]:
    """(bytes, member name, notes). Raises UnreadableFiling for a zip that is broken or unsafe."""
    if source.path.stat().st_size > MAX_BYTES:
        raise UnreadableFiling(f"{source.path.name}: 너무 큰 파일입니다.")
    with source.path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            file.seek(0)
            return file.read(), source.path.name, []
    return _open_zip(source)


def _open_zip(source: Source) -> tuple[bytes, str, list[str]]:
    name = source.path.name
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            _refuse_unsafe(members, name)
            texts = [m for m in members if Path(m.filename).suffix.lower() in _SUFFIXES - {".zip"}]
            if not texts:
                raise UnreadableFiling(f"{name}: zip 안에 공시 문서가 없습니다.")
            chosen = _choose(archive, texts, source)
            notes = (
                []
                if len(texts) == 1
                else [f"zip의 {len(texts)}개 가운데 {chosen.filename}을(를) 읽었습니다."]
            )
            return _read_member(archive, chosen, name), chosen.filename, notes
    except BROKEN_ZIP:
        raise UnreadableFiling(f"{name}: 깨진 zip 파일입니다.") from None


def _refuse_unsafe(members: Sequence[zipfile.ZipInfo], name: str) -> None:
    if len(members) > _MAX_MEMBERS:
        raise UnreadableFiling(f"{name}: zip 안의 파일이 너무 많습니다({len(members):,}개).")
    for member in members:
        parts = re.split(r"[\\/]", member.filename)
        if ".." in parts or member.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise UnreadableFiling(f"{name}: zip 안에 바깥을 가리키는 경로가 있습니다.")
        if member.flag_bits & 0x1:
            raise UnreadableFiling(f"{name}: 암호가 걸린 zip입니다.")
        if member.file_size > MAX_BYTES or member.file_size > _MAX_RATIO * max(member.compress_size, 1024):
            raise UnreadableFiling(f"{name}: 풀면 지나치게 커지는 zip입니다.")


def _choose(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], source: Source) -> zipfile.ZipInfo:
    """`{rcept_no}.xml` by exact name and a main report's ACODE; never the first (OpenDartReader #46, #47)."""
    exact = [m for m in members if source.rcept_no and Path(m.filename).stem == source.rcept_no]
    mains = [m for m in members if _acode(archive, m) not in _AUDIT]
    for candidates in ([m for m in exact if m in mains], mains, exact):
        if candidates:
            return max(candidates, key=lambda member: member.file_size)
    return max(members, key=lambda member: member.file_size)


def _acode(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str | None:
    with archive.open(member) as file:
        found = _MAIN_ACODES.search(file.read(4096))
    return found[1].decode("ascii") if found else None


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """Sizes in a zip's directory may lie: stop reading at the bound."""
    with archive.open(member) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableFiling(f"{name}: 풀면 지나치게 커지는 zip입니다.")
    return data


def listing(document: Document, source: Source, member: str) -> Filing:
    """The manifest's row where there is one, else what the document says of itself."""
    row = source.row or {}
    named = _RCEPT_NO.search(member)
    rcept_no = source.rcept_no or (named[1] if named else None)
    if not rcept_no:
        raise UnreadableFiling(
            f"{source.path.name}: 파일 이름에 접수번호 14자리가 없습니다 (예: 20250318000123.xml)."
        )
    corp_name = bare_name(str(row.get("corp_name") or document.corp_name or ""))
    if not corp_name:
        raise UnreadableFiling(f"{source.path.name}: 회사 이름을 찾지 못했습니다.")
    report_nm = str(row.get("report_nm") or _report_name(document))
    period = _period(report_nm, document)
    return Filing(
        rcept_no=rcept_no,
        corp_code=str(row.get("corp_code") or document.corp_code or _stand_in(corp_name)),
        corp_name=corp_name,
        report_nm=report_nm,
        form=_form(report_nm, document, rcept_no, period),
        rcept_dt=_day(str(row.get("rcept_dt") or rcept_no[:8]), source),
        stock_code=str(row["stock_code"]).strip() or None if row.get("stock_code") else None,
        period=period,
        withdrawn="철" in str(row.get("rm") or ""),
        fictional=bool(row.get("fictional")),
    )


def _report_name(document: Document) -> str:
    prefix = "[기재정정]" if document.correction else ""
    bare = document.title.strip()
    if document.acode in _AUDIT or document.acode is None or not document.period_to:
        return prefix + bare
    squeezed = bare.replace(" ", "")
    return f"{prefix}{squeezed} ({document.period_to:%Y.%m})"


def _period(report_nm: str, document: Document) -> str | None:
    found = _PERIOD.search(report_nm)
    if found:
        return f"{found[1]}.{found[2]}"
    bare = _AMENDMENT.sub("", report_nm).replace(" ", "")
    periodic = bare.startswith(tuple(_PERIODIC)) or document.acode in _AUDIT
    if periodic and document.shape != "exchange" and document.period_to:
        return f"{document.period_to:%Y.%m}"
    return None


def _form(report_nm: str, document: Document, rcept_no: str, period: str | None) -> str:
    """`reprt_code` of a periodic report, else the detail type that stands in for it (DESIGN.md)."""
    if document.acode in _AUDIT:
        return _AUDIT[document.acode]
    bare = _AMENDMENT.sub("", report_nm).replace(" ", "")
    for name, code in _PERIODIC.items():
        if bare.startswith(name):
            return "11014" if code == "11013" and _third_quarter(document, period) else code
    if document.shape == "exchange" or rcept_no[8] in "89":
        return "I002" if "공정공시" in bare or "잠정" in bare else "I001"
    return "B001"


def _third_quarter(document: Document, period: str | None) -> bool:
    """Months from the start of the fiscal year; the ACODE says 11013 for both (note §1.12)."""
    if not period:
        return False
    start = document.period_from.month if document.period_from else 1
    return (int(period[5:7]) - start) % 12 >= 7


def _stand_in(corp_name: str) -> str:
    """Exchange filings carry no corp_code: one that is stable and can be told from DART's digits."""
    squeezed = re.sub(r"\s", "", corp_name).lower()
    number = int(hashlib.blake2b(squeezed.encode(), digest_size=6).hexdigest(), 16)
    return f"N{number % 10**7:07d}"


def _day(text: str, source: Source) -> date:
    try:
        return date.fromisoformat(text.replace("-", ""))
    except ValueError:
        raise UnreadableFiling(f"{source.path.name}: 접수일을 알 수 없습니다: {text}") from None
