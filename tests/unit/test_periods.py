"""Periods as people write them: each way to write one time reads as that time."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rag.figures.selection import fits_period
from core.rag.language.periods import closing_said, find_period, period_before, periods_named

TODAY = date(2025, 11, 24)
YEARS = ("2022년", "22년", "'22년", "’22", "2022", "FY2022", "FY22", "2022년도", "22년도", "2022 사업연도")
SPANS = {
    "": "2022",
    "상반기": "2022.06 누적",
    "반기": "2022.06 누적",
    "1H": "2022.06 누적",
    "반년치": "2022.06 누적",
    "1~6월": "2022.06 누적",
    "1월부터 6월까지": "2022.06 누적",
    "2분기": "2022.06 3개월",
    "2Q": "2022.06 3개월",
    "2분기 누적": "2022.06 누적",
    "3분기 누적": "2022.09 누적",
    "4~6월": "2022.06 3개월",
    "4분기": "2022.12 3개월",
    "하반기": "2022 하반기",
    "6월말": "2022.06 말",
    "6월 말": "2022.06 말",
    "6월 30일": "2022.06 말",
    "6/30": "2022.06 말",
    "반기말": "2022.06 말",
    "3분기 말": "2022.09 말",
    "말": "2022.12 말",
    "12월 31일": "2022.12 말",
    "6월": "2022.06",
    "5월": "2022.05",
}
PARTICLES = ("", "에", "의", " 기준", "은", " 거", "에는", " 좀")


@given(st.sampled_from(YEARS), st.sampled_from(sorted(SPANS)), st.sampled_from(PARTICLES), st.booleans())
def test_every_way_to_write_a_year_and_a_span_of_it(year: str, span: str, particle: str, glued: bool) -> None:
    if glued and (year[-1].isdigit() or span[:1].isdigit()):
        glued = False  # 20226월: nobody writes so
    asked = f"가온전자 {year}{'' if glued else ' '}{span}{particle} 값은 얼마야?"
    assert find_period(asked, TODAY) == SPANS[span], asked


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("2Q22 매출", "2022.06 3개월"),
        ("1H22", "2022.06 누적"),
        ("22.2Q", "2022.06 3개월"),
        ("22상반기", "2022.06 누적"),
        ("2022.06.30 잔액", "2022.06 말"),
        ("반기말(22.6.30)", "2022.06 말"),
        ("22.6말", "2022.06 말"),
        ("작년 4분기", "2024.12 3개월"),
        ("재작년 말", "2023.12 말"),
        ("올해 상반기", "2025.06 누적"),
    ],
)
def test_short_and_relative_ways(words: str, period: str) -> None:
    assert find_period(words, TODAY) == period


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("2021년 상반기 순이익은? 22년 말고 21년이요", "2021.06 누적"),
        ("2022년이 아니라 2021년 매출", "2021"),
        ("2022년 2분기 말고 상반기 누적", "2022.06 누적"),
        ("3개월 말고 2025년 3분기 누적", "2025.09 누적"),
        ("2022년에 자회사 말고 본사가 낸", "2022"),
        ("기말 장부가액은? 2022년 6월말 거", "2022.06 말"),
        ("2024년 기말 잔액", "2024.12 말"),
        ("2022년 반기 기말 잔액", "2022.06 말"),
    ],
)
def test_what_is_not_meant_and_where_the_end_belongs(words: str, period: str) -> None:
    assert find_period(words, TODAY) == period


@pytest.mark.parametrize(
    "words", ["10년 만기 사채", "3년간 매출", "2,022억원", "제25-2회 사채", "정말 얼마", "20년 전 이야기"]
)
def test_what_is_no_period(words: str) -> None:
    assert find_period(words, TODAY) is None


def test_the_day_of_an_act_closes_no_period() -> None:
    assert find_period("2025년 6월 30일에 공시한 계약", TODAY) == "2025.06"
    assert find_period("2025년 6월 30일 현재 잔액", TODAY) == "2025.06 말"


def test_a_month_is_neither_its_year_nor_the_months_before_it() -> None:
    assert fits_period("2022.06", "2022.06 말")
    assert not fits_period("2022.06", "2022.06 누적")
    assert not fits_period("2024.12", "2024")
    assert fits_period("2024.12", "2024.12 말")


def test_half_a_year_that_no_filing_gives_is_no_other_half() -> None:
    assert not any(fits_period("2022 하반기", has) for has in ("2022.06 누적", "2022", "2022.12 말"))


def test_a_year_that_is_only_compared_with() -> None:
    assert period_before("그 적자가 2023년에 비하면 얼마나 줄었어?", TODAY, "2024") == ("2023",)
    assert period_before("2021년 대비 2022년 상반기", TODAY, "2022.06 누적") == ("2021.06 누적", "2021")
    assert period_before("기초(21년말)랑 비교한 증감", TODAY, "2022.06 말") == ("2021.12 말",)
    assert period_before("2021년 대비", TODAY, "2022.06 말") == ("2021.06 말", "2021.12 말", "2021")
    asked = find_period("1분기보다 2022년 2분기 매출이 늘었어?", TODAY)
    assert asked == "2022.06 3개월"
    assert period_before("2022년 2분기가 1분기보다", TODAY, asked) == ("2022.03 3개월", "2022.03 누적")
    assert period_before("2022년 1분기가 직전 분기 대비", TODAY, "2022.03 3개월") == ("2021.12 3개월",)
    assert period_before("작년보다 늘었나", TODAY, None) == ()
    assert periods_named("21년말 대비 22년 6월말에", TODAY) == [("2022.06 말",), ("2021.12 말",)]
    assert len(periods_named("2021년 상반기, 그러니까 21년", TODAY)) == 1
    assert periods_named("2024년 감사보고서에 나온 2023, 2024년 숫자", TODAY) == [("2024",), ("2023",)]


@given(st.text(alphabet="0123456789년월일분기반말고상하QH'/.~- 까지부터누적FYh전", max_size=40))
def test_any_text_reads_as_a_period_or_as_none(text: str) -> None:
    period = find_period(text, TODAY)
    assert period is None or period[:4].isdigit()


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("22.1~6월", "2022.06 누적"),
        ("2022.1~6월", "2022.06 누적"),
        ("2022.01~2022.06", "2022.06 누적"),
        ("22.4~22.6", "2022.06 3개월"),
        ("22.1.1~6.30", "2022.06 누적"),
        ("2024.1.1~12.31", "2024"),
        ("2022년 1월 1일부터 6월 30일까지", "2022.06 누적"),
    ],
)
def test_months_from_one_to_another(text: str, period: str) -> None:
    assert find_period(text, TODAY) == period


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("당반기말 잔액", "06"),
        ("반기말(기말) 합계", "06"),
        ("3분기말 재고", "09"),
        ("당기말 총액", ""),
        ("2022년 반기말", None),
        ("전기말 잔액", None),
        ("재고자산은?", None),
    ],
)
def test_an_end_without_its_year_is_of_the_newest_report(text: str, month: str | None) -> None:
    assert closing_said(text) == month
