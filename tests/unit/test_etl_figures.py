"""Every number with its unit, sign, period, basis and segment; or no figure at all."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.etl.figures import extract_figures
from core.etl.read import read_document
from core.model import Figure, Filing

NAME = "20250814000111.xml"
HALF = "2025.06"


def figures(inner: str, *, period: str | None = HALF, acode: str = "11012", head: str = "") -> list[Figure]:
    text = (
        f'<DOCUMENT><DOCUMENT-NAME ACODE="{acode}">반기보고서</DOCUMENT-NAME>'
        f'<COMPANY-NAME AREGCIK="09900077">가온전자</COMPANY-NAME><BODY>{head}{inner}</BODY></DOCUMENT>'
    )
    form = "11011" if (period or "").endswith(".12") else "11012"
    filing = Filing(NAME[:14], "09900077", "가온전자", "보고서", form, date(2025, 8, 14), period=period)
    return extract_figures(read_document(text.encode(), NAME), filing)


def section(inner: str, title: str = "1. 요약재무정보") -> str:
    return f"<SECTION-1><TITLE>{title}</TITLE>{inner}</SECTION-1>"


def table(head: list[str], *rows: list[str], unit: str | None = "백만원") -> str:
    over = f"<TABLE><TR><TD>(단위 : {unit})</TD></TR></TABLE>" if unit else ""
    heads = "".join(f"<TH>{text}</TH>" for text in head)
    body = "".join("<TR>" + "".join(f"<TD>{text}</TD>" for text in row) + "</TR>" for row in rows)
    return f"{over}<TABLE><THEAD><TR>{heads}</TR></THEAD><TBODY>{body}</TBODY></TABLE>"


def one(found: list[Figure], account: str) -> Figure:
    (figure,) = [f for f in found if f.account == account]
    return figure


# ── values ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("unit", "scale"),
    [("원", 1), ("천원", 10**3), ("백만원", 10**6), ("억원", 10**8)],
)
def test_amounts_are_scaled_to_won(unit: str, scale: int) -> None:
    figure = one(figures(section(table(["구분", "2024년"], ["매출액", "1,234"], unit=unit))), "매출액")
    assert (figure.value, figure.unit, figure.scale) == (Decimal(1234 * scale), "원", scale)
    assert figure.cell == "1,234"


@pytest.mark.parametrize("cell", ["(1,234)", "△1,234", "△ 1,234", "▲1,234", "-1,234"])
def test_losses_are_negative(cell: str) -> None:
    figure = one(figures(section(table(["구분", "2024년"], ["영업이익(손실)", cell]))), "영업이익(손실)")
    assert figure.value == Decimal(-1_234_000_000)


@settings(deadline=None)  # other work shares the cores
@given(st.integers(-(10**12), 10**12))
def test_any_amount_comes_back(number: int) -> None:
    cell = f"({abs(number):,})" if number < 0 else f"{number:,}"
    figure = one(figures(section(table(["구분", "2024년"], ["매출액", cell]))), "매출액")
    assert figure.value == Decimal(number) * 10**6


def test_per_share_people_and_ratio_rows_are_not_scaled() -> None:
    found = figures(
        section(
            table(
                ["구분", "2024년"],
                ["매출액", "1,000"],
                ["주당순이익", "3,210"],
                ["직원수", "512"],
                ["영업이익률(%)", "12.5"],
                ["기본주당이익(원)", "3,200"],
            )
        )
    )
    assert one(found, "매출액").value == Decimal(1_000_000_000)
    assert (one(found, "주당순이익").value, one(found, "주당순이익").unit) == (Decimal(3210), "원")
    assert (one(found, "직원수").value, one(found, "직원수").unit) == (Decimal(512), "명")
    assert (one(found, "영업이익률").value, one(found, "영업이익률").unit) == (Decimal("12.5"), "%")
    assert one(found, "기본주당이익").value == Decimal(3200)


def test_a_ratio_without_its_percent_sign_is_not_money() -> None:
    found = figures(section(table(["구분", "2024년"], ["매출액", "1,000"], ["영업이익률", "12.5"])))
    assert [f.account for f in found] == ["매출액"]


def test_a_cell_without_a_unit_is_no_figure() -> None:
    assert figures(section(table(["구분", "2024년"], ["매출액", "1,234"], unit=None))) == []


@pytest.mark.parametrize("cell", ["-", "", "해당없음", "1,234 ~ 2,000", "(1,234", "제31기", "2025.06.30"])
def test_what_is_no_number_is_no_figure(cell: str) -> None:
    found = figures(section(table(["구분", "2024년"], ["영업비용", "1"], ["매출액", cell])))
    assert [f.account for f in found] == ["영업비용"]


def test_of_several_units_the_label_picks_or_none() -> None:
    head = ["구분", "당기말 수량", "당기말 시장가치", "당기말 합산"]
    found = figures(section(table(head, ["누리바이오", "10", "20", "30"], unit="천주, 백만원")))
    assert [(f.unit, f.value) for f in found] == [("주", Decimal(10_000)), ("원", Decimal(20_000_000))]
    earned = [["당기순이익", "1"], ["가중평균유통주식수", "2"], ["기본주당이익", "3"]]
    found = figures(section(table(["구분", "당기"], *earned, unit="백만원, 천주, 원")))
    assert [(f.unit, f.value) for f in found] == [
        ("원", Decimal(1_000_000)),
        ("주", Decimal(2_000)),
        ("원", Decimal(3)),
    ]


def test_a_rate_is_a_rate_under_a_header_of_periods() -> None:
    """`율` ends the row's label, not the header that follows it."""
    found = figures(section(table(["구분", "제31기 당반기"], ["가동률", "78.5"], ["이자율", "4.2"])))
    assert found == []  # the table counts 백만원, and nothing says %


def test_a_total_with_its_double_rule_is_a_number() -> None:
    rows = [["자산총계", "1,234====="], ["부채총계", "(56)======================="], ["계", "====="]]
    found = figures(section(table(["구분", "당반기말"], *rows)))
    assert [(f.account, f.cell, f.value / f.scale) for f in found] == [
        ("자산총계", "1,234", 1234),
        ("부채총계", "(56)", -56),
    ]


def test_the_unit_of_one_table_does_not_reach_the_next() -> None:
    first = table(["구분", "2024년"], ["매출액", "1"])
    second = table(["구분", "2024년"], ["영업이익", "2"], unit=None)
    assert [f.account for f in figures(section(first + second))] == ["매출액"]


# ── periods ──────────────────────────────────────────────────────────────────────────────────────


def periods(found: list[Figure], account: str) -> dict[Decimal, str | None]:
    return {f.value / f.scale: f.period for f in found if f.account == account}


def test_three_months_and_the_year_to_date_are_told_apart() -> None:
    grid = (
        "<TABLE><TR><TD>(단위 : 백만원)</TD></TR></TABLE>"
        '<TABLE><THEAD><TR><TH ROWSPAN="2">과목</TH><TH COLSPAN="2">제31기 반기</TH>'
        '<TH COLSPAN="2">제30기 반기</TH></TR>'
        "<TR><TH>3개월</TH><TH>누적</TH><TH>3개월</TH><TH>누적</TH></TR></THEAD><TBODY>"
        "<TR><TD>매출액</TD><TD>11</TD><TD>22</TD><TD>33</TD><TD>44</TD></TR></TBODY></TABLE>"
    )
    caption = "<P>제 31 기 반기 2025.01.01 부터 2025.06.30 까지</P>"
    assert periods(figures(section(caption + grid)), "매출액") == {
        Decimal(11): "2025.06 3개월",
        Decimal(22): "2025.06 누적",
        Decimal(33): "2024.06 3개월",
        Decimal(44): "2024.06 누적",
    }


def test_this_and_last_term_of_a_full_year() -> None:
    found = figures(
        section(table(["구분", "당기", "전기", "전전기"], ["매출액", "3", "2", "1"])), period="2024.12"
    )
    assert periods(found, "매출액") == {Decimal(3): "2024", Decimal(2): "2023", Decimal(1): "2022"}


def test_last_term_of_an_interim_report_is_the_whole_year_and_last_half_is_not() -> None:
    found = figures(section(table(["구분", "당반기", "전반기", "전기"], ["매출액", "3", "2", "1"])))
    assert periods(found, "매출액") == {
        Decimal(3): "2025.06 누적",
        Decimal(2): "2024.06 누적",
        Decimal(1): "2024",
    }


def test_balances_are_at_a_day_and_flows_are_not() -> None:
    found = figures(
        section(
            table(["구분", "2025년 6월말", "2024년 12월말"], ["자산총계", "10", "9"])
            + table(["구분", "2025년 1월~6월", "2024년 1월~12월"], ["매출액", "5", "8"])
        )
    )
    assert periods(found, "자산총계") == {Decimal(10): "2025.06 말", Decimal(9): "2024.12 말"}
    assert periods(found, "매출액") == {Decimal(5): "2025.06 누적", Decimal(8): "2024"}


def test_the_name_of_a_statement_tells_balance_from_flow() -> None:
    head = ["과목", "당기", "전기"]
    balance = "<P>재무상태표</P>" + table(head, ["기타항목", "10", "9"])
    flow = "<P>손익계산서</P>" + table(head, ["기타항목", "5", "4"])
    assert periods(figures(section(balance), period="2024.12"), "기타항목") == {
        Decimal(10): "2024.12 말",
        Decimal(9): "2023.12 말",
    }
    assert periods(figures(section(flow), period="2024.12"), "기타항목") == {
        Decimal(5): "2024",
        Decimal(4): "2023",
    }


def test_a_period_nobody_states_is_none() -> None:
    assert one(figures(section(table(["구분", "금액"], ["매출액", "1"]))), "매출액").period is None


# ── basis and segments ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "basis"),
    [
        ("2. 연결재무제표", "연결"),
        ("3. 연결재무제표 주석", "연결"),
        ("4. 재무제표", "별도"),
        ("5. 재무제표 주석", "별도"),
        ("1. 사업의 개요", None),
    ],
)
def test_the_section_says_the_basis(title: str, basis: str | None) -> None:
    found = figures(section(table(["구분", "2024년"], ["매출액", "1"]), title))
    assert one(found, "매출액").basis == basis


def test_headings_say_the_basis_until_the_next_one() -> None:
    grid = table(["구분", "2024년"], ["매출액", "1"])
    found = figures(section(f"<P>가. 요약연결재무정보</P>{grid}<P>나. 요약별도재무정보</P>{grid}"))
    assert [f.basis for f in found] == ["연결", "별도"]


@pytest.mark.parametrize(("acode", "basis"), [("00760", "별도"), ("00761", "연결")])
def test_an_audit_report_is_of_one_basis(acode: str, basis: str) -> None:
    found = figures(section(table(["과목", "당기"], ["매출액", "1"]), "재 무 제 표"), acode=acode)
    assert one(found, "매출액").basis == basis


def test_a_part_of_the_company_is_a_segment() -> None:
    found = figures(
        section(
            table(["사업부문", "매출액", "영업이익"], ["반도체 부문", "70", "7"], ["합계", "100", "9"]),
            "2. 매출 현황",
        )
    )
    assert {(f.account, f.segment): int(f.value) // 10**6 for f in found} == {
        ("매출액", "반도체 부문"): 70,
        ("영업이익", "반도체 부문"): 7,
        ("매출액", None): 100,
        ("영업이익", None): 9,
    }


# ── corrections and forms ────────────────────────────────────────────────────────────────────────


def test_numbers_before_and_after_a_correction_table_are_no_figures() -> None:
    correction = (
        "<CORRECTION><TITLE>정정신고(보고)</TITLE><P>3. 정정사유 : 오기</P>"
        + table(["항목", "정정전", "정정후"], ["매출액", "111", "222"])
        + "</CORRECTION>"
    )
    found = figures(section(table(["구분", "2024년"], ["매출액", "222"])), head=correction)
    assert [f.cell for f in found] == ["222"]
    assert "정정" not in found[0].section


FORM = (
    "<html><head><title>다솜건설/단일판매ㆍ공급계약체결/(2025.05.12)</title></head><body>{}"
    '<table><tr><td rowspan="2">2. 계약내역</td><td>계약금액(원)</td><td>47,310,000,000</td></tr>'
    "<tr><td>매출액대비(%)</td><td>12.5</td></tr>"
    "<tr><td colspan='2'>3. 계약상대</td><td>누리바이오</td></tr>"
    "<tr><td colspan='2'>5. 계약기간 시작일</td><td>2025-05-12</td></tr></table></body></html>"
)
BEFORE = (
    '<div id="LIB_LC000"><table><tr><td>정정항목</td><td>정정전</td><td>정정후</td></tr>'
    "<tr><td>계약금액(원)</td><td>40,000,000,000</td><td>47,310,000,000</td></tr></table></div>"
)


@pytest.mark.parametrize("corrected", ["", BEFORE])
def test_an_exchange_form_gives_its_amounts_only(corrected: str) -> None:
    filing = Filing("20250512800111", "N0000001", "다솜건설", "단일판매", "I001", date(2025, 5, 12))
    document = read_document(FORM.format(corrected).encode(), "20250512800111.xml")
    found = extract_figures(document, filing)
    assert [(f.account, f.value, f.unit, f.period) for f in found] == [
        ("계약금액", Decimal(47_310_000_000), "원", None),
        ("매출액대비", Decimal("12.5"), "%", None),
    ]


# ── addresses ────────────────────────────────────────────────────────────────────────────────────


def test_a_figure_points_at_its_cell() -> None:
    found = figures(
        section(table(["구분", "2024년", "2023년"], ["매출액", "10", "9"], ["영업이익", "2", "1"]))
    )
    assert [(f.table, f.row_no, f.column_no, f.cell) for f in found] == [
        (2, 1, 1, "10"),
        (2, 1, 2, "9"),
        (2, 2, 1, "2"),
        (2, 2, 2, "1"),
    ]
    assert found[0].section == "1. 요약재무정보"
    assert (found[0].row, found[0].column) == ("매출액", "2024년")


@settings(deadline=None)  # other work shares the cores
@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=4), min_size=1, max_size=4))
def test_any_table_is_survived(rows: list[list[str]]) -> None:
    escaped = [[c.replace("&", "＆").replace("<", "＜").replace("\x00", "") for c in row] for row in rows]
    found = figures(section("<P>글</P>" + table(["구분", "당기", "전기", "말"], *escaped)))
    assert all(f.unit for f in found)


def test_the_innermost_label_says_the_unit() -> None:
    rows = [
        ["구분", "보유주식등의 수 및 보유비율", "보유주식등의 수 및 보유비율"],
        ["구분", "주식등의 수", "비율(%)"],
        ["이번 보고서", "12,800,000", "8.21"],
    ]
    body = "".join("<TR>" + "".join(f"<TD>{text}</TD>" for text in row) + "</TR>" for row in rows)
    found = figures(section(f"<TABLE><TBODY>{body}</TBODY></TABLE>", "보유상황"), period=None, acode="00637")
    assert {(f.cell, f.unit) for f in found} <= {("12,800,000", "주"), ("8.21", "%")}
    form = "<TABLE><TBODY><TR><TD>보유비율</TD><TD>주식등의 수</TD><TD>12,800,000</TD></TR></TBODY></TABLE>"
    (one_,) = figures(section(form, "보유상황"), period=None, acode="00637")
    assert (one_.value, one_.unit) == (Decimal(12_800_000), "주")


def test_a_group_states_its_unit_for_what_leaves_it_open_and_its_headers_name_the_columns() -> None:
    rows = (
        '<TR><TD ROWSPAN="2">- 재무내용(원)</TD><TD></TD>'
        "<TD>양수대상(A)</TD><TD>당사전체(B)</TD><TD>비중(%)</TD></TR>"
        "<TR><TD>매출액</TD><TD>4,652</TD><TD>26,990</TD><TD>17.24</TD></TR>"
        '<TR><TD COLSPAN="2">3. 양수예정가액</TD><TD COLSPAN="3">10,310원</TD></TR>'
    )
    found = figures(section(f"<TABLE><TBODY>{rows}</TBODY></TABLE>", "결정"), period=None, acode="11345")
    assert [(f.account, f.cell, f.unit) for f in found] == [
        ("재무내용 매출액 양수대상(A)", "4,652", "원"),
        ("재무내용 매출액 당사전체(B)", "26,990", "원"),
        ("재무내용 매출액 비중", "17.24", "%"),
        ("양수예정가액", "10,310", "원"),
    ]
