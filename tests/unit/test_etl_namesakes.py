"""Rows of one name in one table: by the block that they stand in; and tables within event forms."""

from decimal import Decimal

from core.model import Figure
from tests.unit.test_etl_figures import figures, section, table
from tests.unit.test_etl_rows import grid, notes


def parts(found: list[Figure]) -> dict[str, tuple[str, str | None]]:
    """Cell → account and segment."""
    return {f.cell: (f.account, f.segment) for f in found}


def test_a_row_that_holds_a_label_alone_names_the_block_below_it() -> None:
    rows = [
        ["(1) 금융수익:", ""],
        ["외환차이", "5"],
        ["계", "6"],
        ["(2) 금융비용:", ""],
        ["외환차이", "7"],
        ["계", "8"],
    ]
    found = notes(table(["구분", "당기"], *rows))
    assert parts(found) == {
        "5": ("외환차이", "금융수익"),
        "6": ("계", "금융수익"),
        "7": ("외환차이", "금융비용"),
        "8": ("계", "금융비용"),
    }
    assert [f.row for f in found] == ["외환차이", "계", "외환차이", "계"]


def test_a_sum_names_the_block_of_its_parts() -> None:
    rows = [
        ["[유동자산]", "30"],
        ["ㆍ현금", "10"],
        ["ㆍ기타", "20"],
        ["[비유동자산]", "75"],
        ["ㆍ토지", "40"],
        ["ㆍ기타", "35"],
    ]
    found = parts(notes(table(["구분", "당기말"], *rows), title="1. 요약재무정보"))
    assert (found["20"], found["35"]) == (("기타", "유동자산"), ("기타", "비유동자산"))
    assert found["10"] == ("현금", None)


def test_in_a_statement_the_account_tells_the_block() -> None:
    rows = [
        ["유동자산", "30"],
        ["현금", "10"],
        ["금융자산", "20"],
        ["비유동자산", "75"],
        ["토지", "40"],
        ["금융자산", "35"],
    ]
    found = notes("<P>재무상태표</P>" + table(["과목", "당기말"], *rows), title="4. 재무제표")
    assert parts(found)["35"] == ("비유동자산 금융자산", None)
    assert all(f.segment is None for f in found)


def test_other_words_of_the_row_tell_namesakes_apart() -> None:
    head = ["현금창출단위", "장부금액", "취득자", "내용"]
    rows = [
        ["편의점 사업부", "12", "가온유통", "사업결합"],
        ["편의점 사업부", "15", "가온식품", "영업점 양수"],
    ]
    found = parts(notes("<P>(1) 당기말</P>" + table(head, *rows)))
    assert {segment for _, segment in found.values()} == {
        "가온유통 사업결합 편의점 사업부",
        "가온식품 영업점 양수 편의점 사업부",
    }


def test_namesakes_that_nothing_tells_apart_stay_as_they_are() -> None:
    found = notes(table(["구분", "당기말"], ["대손충당금", "1"], ["대손충당금", "2"]))
    assert [(f.account, f.segment, f.disputed) for f in found] == [("대손충당금", None, False)] * 2


def test_a_flow_named_like_a_balance_is_a_part_of_what_it_adds_up_to() -> None:
    rows = [["이자비용", "9"], ["- 금융부채", "4"], ["- 기타금융부채", "5"], ["외환차손", "7"]]
    found = parts(notes(table(["구분", "당기 누적"], *rows)))
    assert (found["4"], found["5"]) == (("이자비용", "금융부채"), ("이자비용", "기타금융부채"))
    assert (found["9"], found["7"]) == (("이자비용", None), ("외환차손", None))
    rows = [["당기순이익", "9"], ["당기순이익의 귀속", ""], ["지배주주지분", "4"], ["비지배주주지분", "5"]]
    found = parts(notes("<P>손익계산서</P>" + table(["과목", "당기"], *rows), title="4. 재무제표"))
    assert found["5"] == ("당기순이익 비지배주주지분", None)


def test_a_balance_that_parts_add_up_to_keeps_the_names_of_its_parts() -> None:
    rows = [["금융부채", "9"], ["사채", "4"], ["차입금", "5"]]
    found = parts(notes(table(["구분", "당기말"], *rows)))
    assert found == {"9": ("금융부채", None), "4": ("사채", None), "5": ("차입금", None)}


# ── tables within event forms ────────────────────────────────────────────────────────────────────


def event(inner: str) -> list[Figure]:
    return figures(section(inner, "결정"), period=None, acode="11335")


def test_a_table_within_a_form_names_its_columns_whole() -> None:
    head = [
        ["행사자명^2", "관계^2", "발행 당시 보유 주식*2", "전환에 따라 발행할 주식*2", "비고^2"],
        ["수량", "비율(%)", "수량", "비율(%)"],
    ]
    found = event(grid(head, ["김가온", "본인", "4,163", "2.71", "200", "2.72", "-"], unit=""))
    assert [(f.account, f.cell, f.unit) for f in found] == [
        ("김가온 발행 당시 보유 주식 수량", "4,163", "주"),
        ("김가온 발행 당시 보유 주식 비율", "2.71", "%"),
        ("김가온 전환에 따라 발행할 주식 수량", "200", "주"),
        ("김가온 전환에 따라 발행할 주식 비율", "2.72", "%"),
    ]


def test_a_value_right_of_a_dash_is_under_its_own_header() -> None:
    head = [
        ["취득방법^2", "주식의 종류^2", "기초수량^2", "변동 수량*2", "기말수량^2"],
        ["취득(+)", "처분(-)"],
    ]
    found = event(grid(head, ["수탁자 보유물량", "보통주식", "-", "973", "-", "974"], unit="주"))
    assert [(f.column, f.value, f.unit) for f in found] == [
        ("변동 수량 취득(+)", Decimal(973), "주"),
        ("기말수량", Decimal(974), "주"),
    ]
