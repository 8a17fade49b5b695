"""Which rows move a balance, which labels name a row, which periods are not those of the table."""

from decimal import Decimal

import pytest

from core.etl.labels import is_no_measure
from core.model import Figure
from tests.unit.test_etl_figures import HALF, figures, section, table

YEAR = "2024.12"
NOTES = "3. 연결재무제표 주석"


def notes(inner: str, period: str = YEAR, title: str = NOTES) -> list[Figure]:
    return figures(section(inner, title), period=period)


def told(found: list[Figure]) -> dict[str, str | None]:
    """Cell → period."""
    return {f.cell: f.period for f in found}


def grid(head: list[list[str]], *rows: list[str], unit: str = "백만원") -> str:
    """`head` has rows of `text*columns` or `text^rows` where a cell spans."""
    heads = "".join("<TR>" + "".join(map(_head, row)) + "</TR>" for row in head)
    body = "".join("<TR>" + "".join(f"<TD>{text}</TD>" for text in row) + "</TR>" for row in rows)
    over = f"<TABLE><TR><TD>(단위 : {unit})</TD></TR></TABLE>"
    return f"{over}<TABLE><THEAD>{heads}</THEAD><TBODY>{body}</TBODY></TABLE>"


def _head(cell: str) -> str:
    text, _, wide = cell.partition("*")
    text, _, tall = text.partition("^")
    return f'<TH COLSPAN="{wide or 1}" ROWSPAN="{tall or 1}">{text}</TH>'


# ── movements ────────────────────────────────────────────────────────────────────────────────────


def test_rows_between_opening_and_closing_are_flows_whatever_their_columns_are() -> None:
    rows = [
        ["기초순장부금액", "1"],
        ["처분 및 폐기", "(2)"],
        ["환율변동효과 등", "3"],
        ["기말순장부금액", "4"],
    ]
    found = notes("<P>(1) 당기</P>" + table(["구분", "기타유형자산"], *rows))
    assert told(found) == {"1": "2023.12 말", "(2)": "2024", "3": "2024", "4": "2024.12 말"}


def test_what_a_closing_balance_is_made_of_is_at_its_day() -> None:
    rows = [["기초금액", "1"], ["취득", "2"], ["기말금액", "3"], ["취득원가", "4"], ["정부보조금", "(5)"]]
    found = notes("<P>(2) 전기</P>" + table(["구분", "건물"], *rows))
    assert told(found) == {
        "1": "2022.12 말",
        "2": "2023",
        "3": "2023.12 말",
        "4": "2023.12 말",
        "(5)": "2023.12 말",
    }


def test_parts_of_an_opening_balance_are_no_flows() -> None:
    body = (
        '<TR><TD ROWSPAN="2">기초</TD><TD>기초장부금액</TD><TD>1</TD></TR>'
        "<TR><TD>취득원가</TD><TD>2</TD></TR>"
        '<TR><TD COLSPAN="2">대체</TD><TD>3</TD></TR><TR><TD>기말</TD><TD>기말장부금액</TD><TD>4</TD></TR>'
    )
    over = "<P>(1) 당기</P><TABLE><TR><TD>(단위 : 백만원)</TD></TR></TABLE>"
    head = '<THEAD><TR><TH COLSPAN="2">구분</TH><TH>토지</TH></TR></THEAD>'
    found = notes(f"{over}<TABLE>{head}<TBODY>{body}</TBODY></TABLE>")
    assert told(found)["3"] == "2024"
    assert told(found)["2"] == "2023.12 말"
    assert (told(found)["1"], told(found)["4"]) == ("2023.12 말", "2024.12 말")


def test_what_opens_and_closes_with_its_own_name_is_at_a_day() -> None:
    rows = [
        ["기초 대손충당금(손실충당금)", "1"],
        ["대손상각비 계상액", "2"],
        ["기말 대손충당금(손실충당금)", "3"],
    ]
    found = notes(table(["구분", "제31기 반기"], *rows), HALF, "8. 기타 재무에 관한 사항")
    assert told(found) == {"1": "2024.12 말", "2": "2025.06 누적", "3": "2025.06 말"}
    (figure,) = notes(table(["구분", "당기"], ["기초화장품", "1"]))
    assert figure.period == "2024"


def test_a_table_of_what_went_on_during_a_year_has_flows() -> None:
    over = "<P>다. 당기와 전기 중 계약부채의 회수액은 다음과 같습니다.</P>"
    assert told(notes(over + table(["구분", "당기", "전기"], ["선수금", "2", "1"]))) == {
        "2": "2024",
        "1": "2023",
    }
    over = "<P>나. 당기말과 전기말 현재 계약부채는 다음과 같습니다.</P>"
    assert told(notes(over + table(["구분", "당기"], ["선수금", "2"]))) == {"2": "2024.12 말"}


@pytest.mark.parametrize(
    ("account", "period"),
    [
        ("가중평균유통보통주식수", "2024"),
        ("발행주식수", "2024.12 말"),
        ("취득원가", "2024.12 말"),
        ("매출원가", "2024"),
    ],
)
def test_the_nature_of_an_account(account: str, period: str) -> None:
    head = ["구분", "2024.12.31"] if account == "취득원가" else ["구분", "당기"]
    unit = "주" if account.endswith("주식수") else "백만원"
    assert told(notes(table(head, [account, "10"], unit=unit))) == {"10": period}


def test_shares_retired_so_far_are_of_the_day_of_the_table() -> None:
    over = "<P>(기준일 : 2025년 06월 30일)</P>"
    found = notes(
        over + table(["구분", "보통주"], ["2. 이익소각", "7"], unit="주"), HALF, "4. 주식의 총수 등"
    )
    assert told(found) == {"7": "2025.06 말"}


def test_bought_and_sold_are_changes_in_number_and_amount() -> None:
    head = [
        ["법인명^3", "기초잔액*1", "증가(감소)*2", "기말잔액*1"],
        ["장부가액^2", "취득(처분)*2", "장부가액^2"],
        ["수량", "금액"],
    ]
    over = "<P>(기준일 : 2025년 06월 30일)</P>"
    found = notes(over + grid(head, ["㈜누리바이오", "1", "2", "3", "4"]), HALF, "상세표")
    assert told(found)["3"] == "2025.06 누적"
    assert told(found)["4"] == "2025.06 말"


# ── periods that are not the table's ─────────────────────────────────────────────────────────────


def test_the_last_fiscal_year_of_another_company_is_no_period_of_this_report() -> None:
    head = [["법인명^2", "최초취득금액^2", "기말잔액^2", "최근사업연도 재무현황*2"], ["총자산", "당기순손익"]]
    over = "<P>(기준일 : 2025년 06월 30일)</P>"
    found = notes(over + grid(head, ["㈜누리바이오", "1", "2", "3", "4"]), HALF, "상세표")
    assert told(found) == {"1": None, "2": "2025.06 말", "3": None, "4": None}


def test_a_row_of_a_day_of_its_own_is_not_of_the_day_of_the_table() -> None:
    over = "<P>(기준일 : 2025년 06월 30일)</P>"
    rows = table(["변동일", "최대주주명", "소유주식수"], ["2023.04.29", "가온생명", "1,263"], unit="주")
    assert told(notes(over + rows, HALF, "VII. 주주에 관한 사항")) == {"1,263": None}


def test_what_was_allotted_for_a_year_is_not_of_that_year() -> None:
    (figure,) = notes(table(["구분", "2023년분 수량"], ["매입", "12"], unit="톤"))
    assert (figure.account, figure.segment, figure.period) == ("2023년분 수량", "매입", None)


# ── labels ───────────────────────────────────────────────────────────────────────────────────────


def test_a_lender_under_one_years_header_names_that_years_amount() -> None:
    head = [["약정내역^2", "2024.12.31*2", "2023.12.31*2"], ["금융기관명", "한도", "금융기관명", "한도"]]
    found = notes(grid(head, ["일반대출", "가람은행", "300", "나래은행", "200"]))
    assert [(f.row, f.cell, f.period) for f in found] == [
        ("일반대출 > 가람은행", "300", "2024.12 말"),
        ("일반대출 > 나래은행", "200", "2023.12 말"),
    ]


def test_a_range_is_a_value_of_its_column_and_names_no_row() -> None:
    head = ["구분", "매출성장률", "할인율(%)"]
    rows = [["가온유통", "1.0% ~ 1.9%", "7.2"], ["가온식품", "4.1%~12.6%", "9.3"]]
    assert [(f.row, f.cell) for f in notes(table(head, *rows, unit="%"))] == [
        ("가온유통", "7.2"),
        ("가온식품", "9.3"),
    ]


def test_a_row_of_a_company_or_of_a_list_is_named_by_its_column() -> None:
    found = notes(table(["구분", "기업명", "매입 등"], ["관계기업", "㈜누리바이오", "7"]))
    assert [(f.account, f.segment) for f in found] == [("매입 등", "관계기업 ㈜누리바이오")]
    head = ["채무자", "채권자", "목적", "채무보증한도"]
    found = notes(table(head, ["가온USA", "가람은행", "운영자금", "8"]))
    assert [(f.account, f.segment) for f in found] == [("채무보증한도", "가온USA 가람은행 운영자금")]
    head = ["이름", "직위", "보수총액"]
    found = notes(table(head, ["김가온", "대표이사", "9"]))
    assert [(f.account, f.segment) for f in found] == [("보수총액", "김가온 대표이사")]


def test_an_account_in_rows_of_three_labels_stays_the_account() -> None:
    head = ["구분", "부문", "과목", "금액 비중(%)"]
    (figure,) = notes(table(head, ["국내", "유통 부문", "매출액", "9"], unit="%"))
    assert "매출액" in f"{figure.account} {figure.segment}"
    found = notes(table(["구분", "부문", "과목", "당기 매출채권"], ["국내", "유통 부문", "영업이익", "9"]))
    assert found[0].account == "영업이익"


def test_a_flow_of_equity_is_no_equity() -> None:
    over = "<P>자본변동표</P><P>제 14 기 2024.01.01 부터 2024.12.31 까지</P>"
    rows = [["2024.01.01 (기초자본)", "1"], ["기타", "2"], ["2024.12.31 (기말자본)", "3"]]
    found = notes(over + table(["과목", "자본 합계"], *rows), title="4. 재무제표")
    assert [(f.account, f.segment, f.period) for f in found][1] == ("기타", "자본 합계", "2024")


@pytest.mark.parametrize("name", ["North Wind Power LP", "Nova GmbH", "일자리안정자금 수익", "전화수익"])
def test_names_that_begin_like_a_numbering_are_measures(name: str) -> None:
    assert not is_no_measure(name)


def test_an_account_that_a_cost_is_put_in_is_a_part_of_that_cost() -> None:
    over = "<P>나. 당기의 계정과목별 유형자산 상각내역은 다음과 같습니다.</P>"
    rows = [["매출원가", "16"], ["판매비와관리비 등", "2"], ["계", "18"]]
    assert [(f.account, f.segment) for f in notes(over + table(["구분", "당기"], *rows))] == [
        ("유형자산 상각", "매출원가"),
        ("유형자산 상각", "판매비와관리비 등"),
        ("유형자산 상각", None),
    ]
    over = "<P>다. 당기 및 전기 중 퇴직급여의 계정과목별 금액은 다음과 같습니다.</P>"
    head = ["구분", "당기 유형자산", "당기 합계"]
    found = notes(over + table(head, ["판매비와관리비", "3", "4"]))
    assert [(f.account, f.segment) for f in found] == [
        ("퇴직급여", "판매비와관리비 유형자산"),
        ("퇴직급여", "판매비와관리비"),
    ]
    over = "<P>(1) 계정과목별 대손충당금 설정내역</P>"
    assert notes(over + table(["구분", "채권 금액"], ["매출채권", "5"]))[0].account == "매출채권"


def test_three_months_until_something_falls_due_are_no_quarter() -> None:
    head = ["구분", "3개월 이내", "1년 이내"]
    over = "<P>(1) 당기</P>"
    found = notes(over + table(head, ["이자비용", "5", "6"]), HALF)
    assert [(f.segment, f.period) for f in found] == [
        ("3개월 이내", "2025.06 누적"),
        ("1년 이내", "2025.06 누적"),
    ]


# ── amounts in a currency of their own ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("cell", "shown", "value", "unit"),
    [
        ("241,065(USD 164백만)", "241,065", Decimal(241_065_000_000), "원"),
        ("38,787 (US$ 30,000천)", "38,787", Decimal(38_787_000_000), "원"),
        ("USD 264,000천", "264,000", Decimal(264_000_000), "달러"),
        ("US$100백만", "100", Decimal(100_000_000), "달러"),
        ("EUR 7,500천", "7,500", Decimal(7_500_000), "유로"),
    ],
)
def test_an_amount_with_a_currency(cell: str, shown: str, value: Decimal, unit: str) -> None:
    (figure,) = notes(table(["구분", "당기말"], ["장기차입금", cell]))
    assert (figure.cell, figure.value, figure.unit) == (shown, value, unit)


@pytest.mark.parametrize("cell", ["USD SOFR+1.65", "(USD 164백만)", "USD", "US$ 1,863천 외", "CD(3M)+1.03%"])
def test_a_currency_without_one_amount_is_no_figure(cell: str) -> None:
    assert notes(table(["구분", "당기말"], ["장기차입금", cell])) == []


# ── basis and unit of what goes on ───────────────────────────────────────────────────────────────


def test_a_note_under_a_table_says_nothing_of_the_next_one() -> None:
    rows = table(["구분", "제31기 반기"], ["생산능력", "9"], unit="대")
    inner = rows + "<P>※ 생산능력은 연결 기준입니다.</P><P>(가동률)</P>" + rows
    assert [f.basis for f in notes(inner, HALF, "3. 원재료 및 생산설비")] == ["연결", None]


def test_the_note_under_the_last_page_is_of_every_page() -> None:
    head = ["법인명", "관계", "채권자", "보증한도", "보증잔액", "내용", "목적"]
    page = table(head, ["가온USA", "계열회사", "가람은행", "5", "4", "지급보증", "운영자금"], unit="천US$")
    rest = table(head, ["가온UK", "계열회사", "나래은행", "3", "2", "지급보증", "운영자금"], unit=None)
    inner = (
        "<P>1. 신용공여 등 당사는 채무보증을 제공하고 있습니다.</P>"
        + page
        + rest
        + "<P>※ 별도 기준입니다.</P>"
    )
    found = notes(inner, HALF, "X. 대주주 등과의 거래내용")
    assert [(f.cell, f.unit, f.basis) for f in found] == [
        (cell, "달러", "별도") for cell in ("5", "4", "3", "2")
    ]


def test_a_value_that_spans_rows_is_of_all_of_them() -> None:
    body = (
        '<TR><TD>토지</TD><TD>5</TD><TD ROWSPAN="2">9</TD></TR><TR><TD>건물</TD><TD>6</TD></TR>'
        "<TR><TD>기계</TD><TD>7</TD><TD>8</TD></TR>"
    )
    over = "<TABLE><TR><TD>(단위 : 백만원)</TD></TR></TABLE>"
    head = "<THEAD><TR><TH>담보자산</TH><TH>당기말 장부금액</TH><TH>당기말 담보한도액</TH></TR></THEAD>"
    found = notes(f"{over}<TABLE>{head}<TBODY>{body}</TBODY></TABLE>")
    assert {f.cell: f.row for f in found} == {
        "5": "토지",
        "9": "토지, 건물",
        "6": "건물",
        "7": "기계",
        "8": "기계",
    }
