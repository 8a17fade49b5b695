"""Whatever bytes come back, they are an answer or one of our errors."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DartUnavailable, GongsiError
from core.etl.answer import read_json, read_page, read_zip
from core.etl.events import event_tables
from core.etl.universe import corporations, resolve
from core.settings import Universe
from tests.doubles.opendart import listed, zipped

ROW = listed("20260318000001", "09900011", "가온전자", "사업보고서 (2025.12)", "A001")
PAGE = {"status": "000", "message": "정상", "page_no": 1, "total_count": 1, "total_page": 1, "list": [ROW]}
ZIP = zipped("CORPCODE.xml", "<result><list><corp_code>09900011</corp_code></list></result>")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_answer_or_an_error(body: bytes) -> None:
    for read in (read_json, read_zip, lambda data: read_page(data, 1), corporations):
        with suppress(GongsiError):
            read(body)


@given(st.sampled_from(sorted(PAGE)), json_values)
def test_any_field_of_a_page_may_be_anything(name: str, value: Any) -> None:
    try:
        rows, pages = read_page(json.dumps(PAGE | {name: value}).encode(), 1)
    except GongsiError:
        return
    assert 0 <= pages < 1_000_000
    assert all(len(row["rcept_no"]) == 14 for row in rows)


@given(st.sampled_from(sorted(ROW)), json_values | st.just("../../etc/passwd"))
def test_a_receipt_number_is_fourteen_digits(name: str, value: Any) -> None:
    body = json.dumps(PAGE | {"list": [ROW, ROW | {name: value}]}).encode()
    try:
        rows, _ = read_page(body, 1)
    except DartUnavailable:
        return
    assert all(row["rcept_no"].isdecimal() and isinstance(row["corp_name"], str) for row in rows)


@settings(deadline=None)
@given(st.integers(0, len(ZIP) - 1), st.integers(1, 255), st.booleans())
def test_a_damaged_zip_is_noticed_or_whole(at: int, flip: int, cut: bool) -> None:
    damaged = bytearray(ZIP)
    damaged[at] ^= flip
    for read in (read_zip, corporations):
        with suppress(GongsiError):
            read(bytes(damaged[:at] if cut else damaged))


def test_a_cut_zip_is_never_whole() -> None:
    for size in range(2, len(ZIP)):
        with pytest.raises(DartUnavailable):
            read_zip(ZIP[:size])


def test_recorded_answers_are_read(shared_data: Path) -> None:
    folder = shared_data / "opendart" / "recorded"
    recorded = {file.stem: file.read_bytes() for file in folder.glob("*.json")}
    assert all(read_json(body) for body in recorded.values())
    rows, pages = read_page(recorded["list"], 1)
    assert (len(rows), pages) == (2, 8)
    assert recorded.keys() >= event_tables().keys()


def test_the_real_list_of_companies_is_read(shared_data: Path) -> None:
    zipped_list = (shared_data / "opendart" / "corpCode.zip").read_bytes()
    every = corporations(zipped_list)
    assert len(every) == 114_929
    assert sum(bool(one.stock_code) for one in every) == 3_942
    wanted = Universe(
        companies=["005930", "카카오", "00164779"], file="", kinds=[], since="", statements=True
    )
    assert resolve(wanted, zipped_list) == ["00126380", "00258801", "00164779"]
