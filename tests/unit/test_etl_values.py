"""The number a cell shows, what a header says of its column, and what surrounds a table."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.etl.blocks import rebreak
from core.etl.labels import is_no_measure
from core.etl.place import balance_of, basis_in, basis_of_path
from core.etl.values import is_number, shown
from core.korean import parse_amount


@pytest.mark.parametrize(
    ("text", "cell", "value", "unit"),
    [
        ("1,234", "1,234", "1234", ""),
        ("(1,234)", "(1,234)", "-1234", ""),
        ("△12.5%", "△12.5", "-12.5", "%"),
        ("( 7 ) 명", "( 7 )", "-7", "명"),
        ("3 건", "3", "3", "건"),
        ("0", "0", "0", ""),
        ("12.50", "12.50", "12.50", ""),
    ],
)
def test_a_number_with_at_most_a_unit(text: str, cell: str, value: str, unit: str) -> None:
    assert shown(text) == (cell, Decimal(value), unit)
    assert is_number(text)


@pytest.mark.parametrize(
    "text", ["", "-", "매출액", "1,234 5", "2024.06.30", "제54기", "12-34", ",12", "약 12"]
)
def test_anything_else_is_no_number(text: str) -> None:
    assert shown(text) is None
    assert not is_number(text)


@settings(deadline=None)  # other work shares the cores
@given(st.text(alphabet="0123456789,.()△-+ %원명가１", max_size=44))
def test_a_value_is_what_its_own_cell_reads_as(text: str) -> None:
    """The short way for plain digits and the pattern agree."""
    number = shown(text)
    if number is not None:
        assert is_number(text)
        assert number.value == parse_amount(number.cell)
        assert text.lstrip().startswith(number.cell)
        assert text.rstrip().endswith(number.unit)


@settings(deadline=None)  # other work shares the cores
@given(st.integers(0, 10**18 - 1))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert parse_amount(f"{number:,}") == parse_amount(str(number)) == number


def test_more_digits_than_any_amount_are_no_number() -> None:
    assert parse_amount("9" * 18) is not None
    assert parse_amount("9" * 19) is None


@pytest.mark.parametrize("name", ["번호", "비고", "납입일", "계약일자(예정)", "사업연도", "No."])
def test_dates_and_numberings_are_no_measure(name: str) -> None:
    assert is_no_measure(name)


@pytest.mark.parametrize("name", ["매출액", "일반관리비", "기간손익", "등기번호표"])
def test_names_that_only_begin_or_hold_such_a_word_are_measures(name: str) -> None:
    assert not is_no_measure(name)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("연결 재무상태표", "연결"),
        ("별도 기준", "별도"),
        ("연결 및 별도", None),
        ("연결대상 회사", None),
        ("개별 재무제표", "별도"),
        ("(개별)", "별도"),
        ("개별 취득", None),
        ("별도로 취득", None),
        ("", None),
    ],
)
def test_a_basis_is_one_of_two_or_unsaid(text: str, basis: str | None) -> None:
    assert basis_in(text) == basis


def test_the_innermost_statement_of_a_path_decides() -> None:
    assert basis_of_path(["III. 재무에 관한 사항", "2. 연결재무제표"], None) == "연결"
    assert basis_of_path(["2. 연결재무제표", "4. 재무제표 주석"], None) == "별도"
    assert basis_of_path(["4. 재무제표 주석"], "00761") == "연결"
    assert basis_of_path(["1. 사업의 개요"], None) is None


def test_captions_name_the_kind_of_statement() -> None:
    assert balance_of(["연결 재무 상태표"]) is True
    assert balance_of(["포괄손익계산서"]) is False
    assert balance_of(["주요 제품"]) is None


def test_a_lost_line_break_is_found_but_never_inside_a_number() -> None:
    assert rebreak("문서입니다.2) 상기 (주).- 이하 1.2)가") == "문서입니다.\n2) 상기 (주).\n- 이하 1.2)가"
