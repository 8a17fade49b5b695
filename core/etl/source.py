"""What a user points at: files, folders, zips and manifests → one source per filing."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import InputError, UnreadableFiling
from core.etl.attachments import attach
from core.etl.detail_type import detail_type
from core.etl.document import Document
from core.etl.members import AUDITS, DOCUMENTS, read_main, read_others
from core.etl.read import MAX_BYTES, read_document
from core.etl.receipt import bare_report
from core.etl.supplement import SUFFIX
from core.korean import bare_name, squeeze
from core.model import Filing

_RCEPT_NO = re.compile(r"(?<!\d)([0-9]{14})(?!\d)")
_SUFFIXES = DOCUMENTS | {".zip"}
_MANIFEST = "manifest.jsonl"
_PERIOD = re.compile(r"\(([12][0-9]{3})\.(0[1-9]|1[0-2])\)")
_CORP_CODE = re.compile(r"[0-9]{8}|N[0-9]{7}")
_PERIODIC_NAME = re.compile(r"(사업보고서|반기보고서|분기보고서)(?:\(|$)")  # no 사업보고서제출기한연장신고서
_PERIODIC = {"사업보고서": "11011", "반기보고서": "11012", "분기보고서": "11013"}


@dataclass(frozen=True, slots=True)
class Source:
    """One filing on disk; `row` is its line of a manifest in the words of list.json.

    `supplement` is the file of OpenDART's tables beside it, and `path` the same where there is no document.
    """

    path: Path
    rcept_no: str | None
    row: Mapping[str, Any] | None = None
    supplement: Path | None = None


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
    rcept_no = str(row["rcept_no"]) if row else named[1] if named else None
    beside = file.with_name(f"{rcept_no}{SUFFIX}")
    return Source(file, rcept_no, row, beside if beside.is_file() else None)


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
    """The main document: (bytes, member name, notes). Raises UnreadableFiling for a broken or unsafe zip."""
    if source.path.stat().st_size > MAX_BYTES:
        raise UnreadableFiling(f"{source.path.name}: 너무 큰 파일입니다.")
    if not _is_zip(source.path):
        return source.path.read_bytes(), source.path.name, []
    return read_main(source.path, source.rcept_no)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def read_source(source: Source) -> tuple[Document, str, list[str]]:
    """(the main document with those attached to it in its zip, member name, notes).

    An attachment that cannot be read is a note. Raises UnreadableFiling for the main document alone.
    """
    data, member, notes = open_source(source)
    main = read_document(data, member)
    others: list[Document] = []
    for name, attached in read_others(source.path, member) if _is_zip(source.path) else ():
        try:
            if attached is None:
                raise UnreadableFiling(f"{name}: zip에서 꺼낼 수 없습니다.")
            others.append(read_document(attached, name))
        except UnreadableFiling as error:
            notes.append(f"첨부를 읽지 못했습니다. {error}")
    return attach(main, others), member, notes


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
        corp_code=_corp_code(row.get("corp_code"), document.corp_code) or _stand_in(corp_name),
        corp_name=corp_name,
        report_nm=report_nm,
        form=_form(report_nm, document, source, rcept_no, period),
        rcept_dt=_day(str(row.get("rcept_dt") or rcept_no[:8]), source),
        stock_code=str(row["stock_code"]).strip() or None if row.get("stock_code") else None,
        period=period,
        withdrawn="철" in str(row.get("rm") or ""),
        fictional=bool(row.get("fictional")),
    )


def _corp_code(*said: object) -> str | None:
    """The first that is one: it names a folder, and a document may say `../../x`."""
    return next((str(one) for one in said if _CORP_CODE.fullmatch(str(one))), None)


def _report_name(document: Document) -> str:
    prefix = "[기재정정]" if document.correction else ""
    bare = document.title.strip()
    if document.acode in AUDITS or document.acode is None or not document.period_to:
        return prefix + bare
    squeezed = bare.replace(" ", "")
    return f"{prefix}{squeezed} ({document.period_to:%Y.%m})"


def _period(report_nm: str, document: Document) -> str | None:
    found = _PERIOD.search(report_nm)
    if found:
        return f"{found[1]}.{found[2]}"
    bare = bare_report(report_nm)
    periodic = _PERIODIC_NAME.match(bare) or document.acode in AUDITS
    if periodic and document.shape != "exchange" and document.period_to:
        return f"{document.period_to:%Y.%m}"
    return None


def _form(report_nm: str, document: Document, source: Source, rcept_no: str, period: str | None) -> str:
    """`reprt_code` of a periodic report, else the detail type that stands in for it (DESIGN.md)."""
    if document.acode in AUDITS:
        return AUDITS[document.acode]
    bare = bare_report(report_nm)
    periodic = _PERIODIC_NAME.match(bare)
    if periodic:
        code = _PERIODIC[periodic[1]]
        return "11014" if code == "11013" and _third_quarter(document, period) else code
    exchange = document.shape == "exchange" or rcept_no[8] in "89"
    return detail_type(bare, source.row or {}, exchange=exchange)


def _third_quarter(document: Document, period: str | None) -> bool:
    """Months from the start of the fiscal year; the ACODE says 11013 for both (note §1.12)."""
    if not period:
        return False
    start = document.period_from.month if document.period_from else 1
    return (int(period[5:7]) - start) % 12 >= 7


def _stand_in(corp_name: str) -> str:
    """Exchange filings carry no corp_code: one that is stable and can be told from DART's digits."""
    number = int(hashlib.blake2b(squeeze(corp_name).encode(), digest_size=6).hexdigest(), 16)
    return f"N{number % 10**7:07d}"


def _day(text: str, source: Source) -> date:
    try:
        return date.fromisoformat(text.replace("-", ""))
    except ValueError:
        raise UnreadableFiling(f"{source.path.name}: 접수일을 알 수 없습니다: {text}") from None
