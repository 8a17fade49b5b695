"""Which title is over a table, and until where: its period, its unit, what opens, closes and changes."""

from decimal import Decimal

import pytest

from core.etl.blocks import rebreak
from core.etl.place import caption_of
from core.model import Figure
from tests.unit.test_etl_figures import HALF, figures, section, table

YEAR = "2024.12"
NOTES = "3. 연결재무제표 주석"


def notes(inner: str, period: str = YEAR) -> list[Figure]:
    return figures(section(inner, NOTES), period=period)


def told(found: list[Figure]) -> dict[str, str | None]:
    """Cell → period."""
    return {f.cell: f.period for f in found}


def lines(*said: str) -> str:
    return "".join(f"<P>{line}</P>" for line in said)


def named(*rows: list[str], head: list[str]) -> str:
    return table(["기업명", *head], *rows)


# ── titles ───────────────────────────────────────────────────────────────────────────────────────


def test_a_note_that_begins_ends_the_titles_of_the_note_before() -> None:
    inner = (
        lines("26. 부문별 보고:", "(4) 전반기(누적)")
        + table(["구분", "계"], ["매출액", "1"])
        + lines("27. 특수관계자와의 거래:가. 당반기 및 전반기 중 거래 내역은 다음과 같습니다.(1) 당반기")
        + named(["가온물산㈜", "2"], head=["비유동자산 매입"])
        + lines("(2) 전반기")
        + named(["가온물산㈜", "3"], head=["비유동자산 매입"])
    )
    assert told(notes(inner, HALF)) == {"1": "2024.06 누적", "2": "2025.06 누적", "3": "2024.06 누적"}


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        (
            "차. 연결회사가 당기와 전기 중 받은 배당 내역은 다음과 같습니다.",
            "차. 연결회사가 당기와 전기 중 받은 배당 내역",
        ),
        ("나. 회사의 당기와 전기 중 배당 내역은 다음과 같습니다.", "나. 회사의 당기와 전기 중 배당 내역"),
        ("다. 통화선도회사는 환율변동위험을 회피하고 있습니다.", "다. 통화선도"),
    ],
)
def test_a_sentence_about_the_company_is_no_title_glued_to_the_next(line: str, caption: str) -> None:
    found = notes(lines("42. 특수관계자와의 거래", line) + table(["구분", "당기"], ["합계", "7"]))
    assert [f.caption for f in found] == [f"42. 특수관계자와의 거래 > {caption}"]


def test_a_title_is_over_a_table_until_one_as_deep() -> None:
    inner = (
        lines("5. 영업부문정보 :", "가. 부문의 재무현황", "(1) 당기")
        + table(["구분", "유통업"], ["매출액", "1"])
        + lines("(2) 전기")
        + table(["구분", "유통업"], ["매출액", "2"])
        + lines("나. 지역별 정보")
        + table(["구분", "국내"], ["매출액", "3"])
    )
    found = notes(inner)
    assert told(found) == {"1": "2024", "2": "2023", "3": None}
    assert [f.caption for f in found][1] == "5. 영업부문정보 : > 가. 부문의 재무현황 > (2) 전기"


def test_notes_under_the_table_before_say_no_period() -> None:
    inner = lines("※ 2024년 7월 28일 사외이사가 위원으로 선임되었습니다.", "(사외이사 현황)")
    found = notes(inner + table(["구분", "사외이사 수"], ["현황", "4"], unit="명"))
    assert [(f.value, f.unit, f.period) for f in found] == [(Decimal(4), "명", None)]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("내역은 다음과 같습니다.(1) 당반기", "내역은 다음과 같습니다.\n(1) 당반기"),
        ("27. 거래:가. 당기 중 거래", "27. 거래:\n가. 당기 중 거래"),
        ("전기와 동일합니다. 사. 만기 분석은", "전기와 동일합니다.\n사. 만기 분석은"),
        ("문서입니다(1) 및 (2)", "문서입니다(1) 및 (2)"),
        ("1.2:3 가. 나", "1.2:3 가. 나"),
    ],
)
def test_lost_line_breaks_before_titles(text: str, broken: str) -> None:
    assert rebreak(text) == broken


# ── units that go on ─────────────────────────────────────────────────────────────────────────────


def test_the_unit_goes_on_to_the_same_table_of_another_period() -> None:
    rows = [["매출액", "1"], ["영업손익", "(2)"]]
    first = lines("가. 재무현황", "(1) 당기") + table(["구분", "유통업(*1)", "건설업"], *rows)
    second = lines("(*1) 기타.", "(2) 전기") + table(["구분", "유통업", "건설업"], *rows, unit=None)
    assert [(f.period, f.unit, f.scale) for f in notes(first + second)] == [
        (period, "원", 10**6) for period in ("2024", "2024", "2023", "2023")
    ]


@pytest.mark.parametrize(
    ("over", "head"),
    [
        ("다. 임직원 현황", ["구분", "유통업", "건설업"]),
        ("(2) 전기", ["구분", "유통업", "부동산업"]),
        ("(2) 전기", ["구분", "유통업"]),
    ],
)
def test_the_unit_does_not_go_on_to_another_table(over: str, head: list[str]) -> None:
    rows = [["매출액", "1"], ["영업손익", "2"]]
    first = lines("(1) 당기") + table(["구분", "유통업", "건설업"], *[[*row, "3"] for row in rows])
    second = lines(over) + table(head, *[[*row, "4"][: len(head)] for row in rows], unit=None)
    assert {f.period for f in notes(first + second)} == {"2024"}


def test_the_unit_goes_on_to_the_next_page_of_a_table() -> None:
    head = ["법인명", "관계", "채권자", "보증한도", "보증잔액", "내용", "목적"]
    page = [["가온USA", "계열회사", "BOA", "1,328", "10", "지급보증", "운영자금"]]
    other = [["가온UK", "계열회사", "HSBC", "906", "20", "지급보증", "운영자금"]]
    found = notes(
        lines("2) 해외채무보증") + table(head, *page, unit="천US$") + table(head, *other, unit=None)
    )
    assert [(f.cell, f.unit, f.scale) for f in found] == [
        (cell, "달러", 1000) for cell in ("1,328", "10", "906", "20")
    ]


# ── opening, closing, changes ────────────────────────────────────────────────────────────────────


def test_columns_that_open_and_close_are_at_a_day() -> None:
    grid = (
        "<TABLE><TR><TD>(단위 : 백만원)</TD></TR></TABLE><TABLE><TBODY>"
        '<TR><TD ROWSPAN="2">당기</TD><TD COLSPAN="3">일시적차이</TD></TR>'
        "<TR><TD>기초잔액</TD><TD>증감액</TD><TD>기말잔액</TD></TR>"
        "<TR><TD>퇴직급여부채</TD><TD>11</TD><TD>(4)</TD><TD>7</TD></TR></TBODY></TABLE>"
    )
    assert told(notes(grid)) == {"11": "2023.12 말", "(4)": "2024", "7": "2024.12 말"}


def test_changes_of_a_balance_are_over_a_time() -> None:
    rows = [
        ["미수금의 감소(증가)", "1"],
        ["미지급된 유형자산 취득", "2"],
        ["미수금", "3"],
        ["보고기간말 금액", "4"],
    ]
    assert told(notes(table(["구분", "당기"], *rows))) == {
        "1": "2024",
        "2": "2024",
        "3": "2024.12 말",
        "4": "2024.12 말",
    }


def test_what_is_done_to_an_asset_is_over_a_time() -> None:
    head = ["구분", "당기 손상환입", "당기 감가상각비", "당기 처분"]
    assert set(told(notes(table(head, ["유형자산", "1", "2", "3"]))).values()) == {"2024"}


def test_a_note_on_changes_in_what_the_balance_sheet_shows() -> None:
    rows = [["기초", "1"], ["신규추가로 인한 증가", "2"], ["기말", "3"]]
    inner = lines("가. 재무상태표에 인식된 사용권자산의 변동내역은 다음과 같습니다.", "(1) 당기")
    assert told(notes(inner + table(["구분", "부동산"], *rows))) == {
        "1": "2023.12 말",
        "2": "2024",
        "3": "2024.12 말",
    }


def test_a_sub_header_has_a_period_of_its_own() -> None:
    rows = [["요약 포괄손익계산서(전반기):", "요약 포괄손익계산서(전반기):"], ["매출", "5"]]
    assert told(notes(table(["구분", "전기"], *rows), HALF)) == {"5": "2024.06 누적"}


# ── what names the row, what the measure ─────────────────────────────────────────────────────────


def test_of_rows_of_companies_the_column_says_what() -> None:
    found = notes(named(["가온신성장투자조합1호", "(620)"], head=["당기 영업손익"]))
    assert [(f.account, f.segment) for f in found] == [("영업손익", "가온신성장투자조합1호")]


def test_what_was_earned_on_an_asset_is_no_asset() -> None:
    found = notes(
        lines("(1) 당기") + table(["구분", "상각후원가 금융자산"], ["이자수익", "7"], ["대손상각비", "8"])
    )
    assert [(f.account, f.period) for f in found] == [("이자수익", "2024"), ("대손상각비", "2024")]


def test_the_result_of_the_year_before_has_the_name_of_this_years() -> None:
    (figure,) = notes(lines("(전기)") + named(["가온건설", "11"], head=["전기순손익"]))
    assert (figure.account, figure.period, figure.column) == ("당기순손익", "2023", "전기순손익")


def test_a_first_column_of_numbers_is_no_label() -> None:
    found = notes(table(["인원수", "보수총액"], ["9", "15,165"]))
    assert [(f.account, f.value, f.unit) for f in found] == [
        ("인원수", Decimal(9), "명"),
        ("보수총액", Decimal(15_165_000_000), "원"),
    ]


def test_a_column_that_states_its_unit_names_no_row() -> None:
    rows = [["담보부차입금", "0.0~13.4", "9"], ["무담보차입금", "0.0~38.5", "8"], ["리스부채", "0.1~3", "7"]]
    found = notes(table(["구분", "연이자율(%)", "당기말"], *rows, ["사채", "3.3", "6"]))
    assert [(f.account, f.cell, f.unit) for f in found][-2:] == [
        ("연이자율", "3.3", "%"),
        ("사채", "6", "원"),
    ]


def test_a_unit_beside_what_is_counted_in_it_is_no_account() -> None:
    head = ["종류", "단위", "2024년"]
    (figure,) = notes(table(head, ["최저", "US$", "1,091.00"], unit="US$, 원"))
    assert (figure.account, figure.unit) == ("최저", "달러")


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        ("(22,240원)", -22240, "원"),
        ("(7.55%)", Decimal("-7.55"), "%"),
        ("4.0회", 4, "회"),
        ("39시간", 39, "시간"),
    ],
)
def test_a_cell_with_its_own_unit(cell: str, value: Decimal, unit: str) -> None:
    (figure,) = notes(table(["구분", "당기"], ["지표", cell], unit=None))
    assert (figure.value, figure.unit) == (value, unit)


def test_a_unit_broken_over_lines_is_one() -> None:
    over = "<TABLE><TR><TD>(단위 : tCO\n<SPAN>2</SPAN>-eq, TJ)</TD></TR></TABLE>"
    found = notes(
        over + table(["구분", "2024년"], ["온실가스(tCO2-eq)", "19"], ["에너지(TJ)", "27"], unit=None)
    )
    assert [(f.unit, f.caption) for f in found] == [("tCO2-eq", ""), ("TJ", "")]


def test_what_a_line_announces_is_its_title_where_it_begins_only_with_a_day() -> None:
    over = [
        "나. 보고기간종료일 현재 회사의 종속기업인 다솜건설 주식회사의 PF 우발부채 내역은 다음과 같습니다."
    ]
    assert (
        caption_of(over) == "나. 보고기간종료일 현재 회사의 종속기업인 다솜건설 주식회사의 PF 우발부채 내역"
    )
    assert caption_of([*over, "다. 통화선도"]) == "다. 통화선도"
