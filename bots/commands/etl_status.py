"""`gongsi etl status`: what is here, how fresh it is, and what is missing."""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.cells import cell_len, set_cell_size

from core.korean import korean_time
from core.settings import load_settings

_WIDTH = 80
_FORMS = {
    "11011": "사업보고서",
    "11012": "반기보고서",
    "11013": "분기보고서(1분기)",
    "11014": "분기보고서(3분기)",
    "B001": "주요사항보고서",
    "C001": "증권신고서(지분증권)",
    "D001": "대량보유 보고",
    "D002": "임원ㆍ주요주주 소유 보고",
    "F001": "감사보고서",
    "F002": "연결감사보고서",
    "I001": "거래소 수시공시",
    "I002": "거래소 공정공시",
}
_KINDS = {
    "A": "정기공시",
    "B": "주요사항보고",
    "C": "발행공시",
    "D": "지분공시",
    "E": "기타공시",
    "F": "외부감사",
    "G": "펀드공시",
    "H": "자산유동화",
    "I": "거래소공시",
    "J": "공정위공시",
}
_STATES = {"loaded": "들어 있음", "to_fetch": "받을 것", "to_load": "넣을 것", "absent": "원본 없음"}


def status(as_json: Annotated[bool, typer.Option("--json", help="JSON으로")] = False) -> None:
    from core.wiring.etl import states
    from core.wiring.extract import etl_overview, extract_status

    settings = load_settings()
    dart = extract_status(settings)
    counts = states(settings)
    counts["pending"] = dart.pop("to_fetch") + dart.pop("to_load")
    found = etl_overview(settings)
    if as_json:
        made = {**counts, "dart": dart, **found}
        sys.stdout.write(json.dumps(made, ensure_ascii=False, default=str) + "\n")
        return
    for line in _lines(counts, dart, found):
        sys.stdout.write(f"{_cut(line)}\n")


def _lines(counts: Mapping[str, int], dart: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    korean = {"loaded": "들어 있음", "quarantined": "격리", "pending": "기다림"}
    yield "  ".join(f"{korean[state]} {count:,}건" for state, count in counts.items())
    yield from _table(found["kinds"])
    yield ""
    yield from _fresh(found["freshness"], dart)
    yield f"증권사 리포트 {found['reports']:,}건"
    yield from _missing(found["missing"], dart["absent"])
    if found["refused"]:
        yield f"격리된 까닭 ({counts['quarantined']:,}건)"
        yield from (f"  {one['count']:,}건 {one['reason']}" for one in found["refused"])
    yield from _open(found["amendments"])


def _table(kinds: list[dict[str, Any]]) -> Iterator[str]:
    if not kinds:
        return
    yield _row("종류", *_STATES.values())
    for one in kinds:
        name = _FORMS.get(one["form"]) or _KINDS.get(one["form"][:1], "그 밖")
        yield _row(name, *(f"{one[state]:,}" if one[state] else "-" for state in _STATES))


def _row(name: str, *cells: str) -> str:
    return set_cell_size(name, 28) + "".join(" " * max(1, 12 - cell_len(cell)) + cell for cell in cells)


def _fresh(fresh: Mapping[str, Any], dart: Mapping[str, Any]) -> Iterator[str]:
    said = []
    if fresh["listed_through"]:
        said.append(f"목록은 {fresh['listed_through']:%Y-%m-%d}까지 받음")
    if fresh["newest"]:
        said.append(f"가장 새 공시 {fresh['newest']:%Y-%m-%d}")
    if fresh["refreshed"]:
        said.append(f"마지막 새로고침 {korean_time(fresh['refreshed']):%Y-%m-%d %H:%M}")
    if said:
        yield ", ".join(said)
    yield f"오늘 OpenDART 호출 {dart['calls_today']:,}번, 남은 호출 {dart['calls_left']:,}번"


def _missing(missing: Mapping[str, Any], absent: int) -> Iterator[str]:
    if absent:
        yield f"DART에 원본이 없는 공시 {absent:,}건"
        yield from map(_filing, missing["absent"])
    if missing["failed"]:
        yield "받지 못한 공시 (다음 실행에서 다시 받음)"
        yield from (f"  {one['count']:,}건 {one['reason']}" for one in missing["failed"])


def _open(amendments: Mapping[str, Any]) -> Iterator[str]:
    if amendments["unlinked"]:
        yield f"원공시가 여기 없거나 알 수 없는 정정 {amendments['unlinked']:,}건"
        yield from map(_filing, amendments["unlinked_newest"])
    if amendments["without_text"]:
        yield f"정정되었으나 정정 본문이 여기 없는 공시 {amendments['without_text']:,}건"
    if amendments["marked"]:
        yield f"정정되었다는 표시(정)만 있고 정정공시가 없는 공시 {amendments['marked']:,}건"


def _filing(one: Mapping[str, Any]) -> str:
    return f"  {one['rcept_no']} {one['corp_name']} {one['report_nm']}"


def _cut(line: str) -> str:
    """To the width of a terminal, in which a Korean letter takes two columns."""
    return line if cell_len(line) <= _WIDTH else set_cell_size(line, _WIDTH - 1).rstrip() + "…"
