"""Which companies to extract: settings and a file of names or codes, against DART's own list."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from core.errors import DartError, InputError
from core.etl.zips import BROKEN_ZIP
from core.settings import Universe

ALL = "*"
_MAX_BYTES = 300 * 1024 * 1024  # CORPCODE.xml had 29 MB in 2026
_CODE_COLUMNS = ("종목코드", "단축코드", "stock_code", "corp_code", "회사명", "종목명", "corp_name")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Corporation:
    """One row of CORPCODE.xml; `stock_code` is empty for the unlisted."""

    corp_code: str
    corp_name: str
    stock_code: str


def resolve(universe: Universe, zipped: bytes) -> list[str]:
    """corp_codes in order, or [ALL] for all listed companies. `zipped` is the answer of corpCode.xml.

    Raises InputError that names what is unknown or means several companies.
    """
    wanted = [*universe.companies, *(_read_file(Path(universe.file)) if universe.file else ())]
    wanted = [one.strip() for one in wanted if one.strip()]
    if not wanted:
        raise InputError(
            '모을 회사가 없습니다: universe.companies에 종목코드나 이름, 또는 "all"(상장사 모두)을 적으세요.'
        )
    if any(one.lower() == "all" for one in wanted):
        return [ALL]
    known = _index(corporations(zipped))
    found: dict[str, None] = {}
    unknown: list[str] = []
    ambiguous: list[str] = []
    for one in wanted:
        matches = known.get(_key(one), [])
        if len(matches) == 1:
            found[matches[0].corp_code] = None
        else:
            (ambiguous if matches else unknown).append(one)
    if unknown:
        raise InputError(f"OpenDART에 없는 회사입니다: {_some(unknown)}")
    if ambiguous:
        raise InputError(f"같은 이름의 회사가 여럿입니다. 종목코드나 고유번호로 적으세요: {_some(ambiguous)}")
    return list(found)


def corporations(zipped: bytes) -> list[Corporation]:
    """Every company of corpCode.xml. Raises DartError when it is not that file."""
    try:
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            member = archive.infolist()[0]
            if member.file_size > _MAX_BYTES:
                raise DartError("OpenDART의 고유번호 파일이 지나치게 큽니다.")
            with archive.open(member) as file:
                made = []
                for _, row in etree.iterparse(
                    file, tag="list", resolve_entities=False, no_network=True, load_dtd=False
                ):
                    code, name, stock = (
                        (row.findtext(tag) or "").strip() for tag in ("corp_code", "corp_name", "stock_code")
                    )
                    made.append(Corporation(code, name, stock))
                    row.clear()
                return made
    except (*BROKEN_ZIP, etree.XMLSyntaxError):
        raise DartError("OpenDART의 고유번호 파일을 읽을 수 없습니다.") from None


def _index(every: Iterable[Corporation]) -> dict[str, list[Corporation]]:
    """By code, and by name: 5,348 names stand twice, so a listed company goes before its namesakes."""
    known: defaultdict[str, list[Corporation]] = defaultdict(list)
    named: defaultdict[str, list[Corporation]] = defaultdict(list)
    for one in every:
        known[_key(one.corp_code)].append(one)
        if one.stock_code:
            known[_key(one.stock_code)].append(one)
        named[_key(one.corp_name)].append(one)
    for name, namesakes in named.items():
        known.setdefault(name, [one for one in namesakes if one.stock_code] or namesakes)
    return known


def _key(text: str) -> str:
    return re.sub(r"\s|주식회사|\(주\)|㈜", "", text).casefold()


def _read_file(path: Path) -> list[str]:
    """One name or code a line, or the first known column of a CSV; KRX writes CP949."""
    try:
        data = path.read_bytes()
    except OSError:
        raise InputError(f"universe.file을 읽을 수 없습니다: {path}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp949", "replace")
    rows = [row for row in csv.reader(text.splitlines()) if row and not row[0].startswith("#")]
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    column = next((header.index(name) for name in _CODE_COLUMNS if name in header), None)
    if column is None:
        return [row[0] for row in rows]
    return [row[column] for row in rows[1:] if len(row) > column]


def _some(names: Sequence[str]) -> str:
    more = f" 밖 {len(names) - _SHOWN:,}개" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
