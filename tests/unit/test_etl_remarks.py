"""Of which year and basis a form's 최근매출액 and 자기자본 are, as its remarks say."""

from datetime import date
from decimal import Decimal

import pytest

from core.etl.remarks import remarked
from core.model import Figure


def compared(row: str, account: str, period: str | None = None) -> Figure:
    return Figure(
        rcept_no="20250731800911",
        corp_code="09900011",
        account=account,
        value=Decimal(7),
        unit="원",
        period=period,
        basis=None,
        section="단일판매ㆍ공급계약체결",
        table=1,
        row=row,
        column="",
        row_no=1,
        column_no=1,
        cell="7",
    )


SALES = compared("2. 계약내역 > 최근매출액(원)", "최근매출액")
PARTNER = compared("3. 계약상대방 > -최근 매출액(원)", "최근 매출액")
EQUITY = compared("2. 양수내역 > 자기자본(원)(C)", "자기자본(C)")
ASSETS = compared("2. 양수내역 > 총자산(원)(B)", "총자산(B)")
AMOUNT = compared("2. 계약내역 > 계약금액(원)", "계약금액")


@pytest.mark.parametrize(
    ("text", "period", "basis"),
    [
        ("- 상기 2항의 최근 매출액은 2024년말 연결 재무제표 기준임", "2024", "연결"),
        ("'최근매출액'은 최근 사업연도인 2020년도 별도재무제표 기준 매출액임", "2020", "별도"),
        ('- 상기 "2. 계약내역 - 최근매출액"은 2021사업연도 연결재무제표(K-IFRS) 기준입니다.', "2021", "연결"),
        ("- 상기2.의 최근매출액은 2023년 연결재무제표 기준이며, 천원 미만은 버렸습니다.", "2023", "연결"),
        ("최근 매출액은 최근 사업연도말 연결 재무제표 기준입니다.", None, "연결"),
        ("최근매출액은 2024년 3월 31일 연결재무제표 기준입니다.", None, "연결"),  # no calendar year
        ("최근 매출액은 연결 및 별도로 적었습니다.", None, None),
        ("계약금액은 2024년 환율을 적용했습니다.", None, None),
    ],
)
def test_sales_of_a_year(text: str, period: str | None, basis: str | None) -> None:
    told, amount = remarked([SALES, AMOUNT], [text])
    assert (told.period, told.basis) == (period, basis)
    assert amount == AMOUNT


def test_equity_of_a_day_where_the_day_is_said() -> None:
    def of(text: str) -> list[str | None]:
        return [one.period for one in remarked([EQUITY, ASSETS], [text])]

    assert of("상기 자기자본은 21년말 K-IFRS기준 연결자본총계입니다.") == ["2021.12 말", None]
    assert of("'총자산' 및 '자기자본'은 당사의 2022년말 연결재무제표 기준입니다.") == ["2022.12 말"] * 2
    assert of("상기 자기자본은 2024년 연결재무제표 기준입니다.") == ["2024", None]


def test_the_partner_has_a_year_of_its_own() -> None:
    own = "상기 \"2번 계약내역\"의 '최근 매출액'은 2019년 12월 31일 연결재무제표 기준입니다."
    other = "- 상기 \"3번 계약상대방\"의 '최근 매출액'은 2018년 연간 약 43,722억원입니다."
    assert [one.period for one in remarked([SALES, PARTNER], [own])] == ["2019", None]
    assert [one.period for one in remarked([SALES, PARTNER], [own + other])] == ["2019", "2018"]


def test_remarks_that_differ_and_periods_that_are_told_change_nothing() -> None:
    texts = ["최근매출액은 2023년 연결재무제표 기준입니다.", "최근매출액은 2022년 연결재무제표 기준입니다."]
    assert remarked([SALES], texts) == [SALES]
    dated = SALES._replace(period=f"{date(2021, 1, 1):%Y}")
    assert remarked([dated], texts[:1]) == [dated]
