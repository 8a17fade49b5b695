"""Which unit a cell has: what is counted in a table of money, in several units, in money of elsewhere."""

from decimal import Decimal

import pytest

from core.etl.scales import unit_named
from tests.unit.test_etl_figures import figures, one, section, table


def told(
    *rows: list[str], head: list[str] | None = None, unit: str | None = "백만원"
) -> list[tuple[str, str]]:
    """`account value` and unit of each figure."""
    found = figures(section(table(head or ["구분", "2024년"], *rows, unit=unit)))
    return [(f"{f.account} {f.value:,f}", f.unit) for f in found]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("백만원", ("원", 10**6)),
        ("천 대", ("대", 10**3)),
        ("만톤(tCO2-eq)", ("톤", 10**4)),
        ("tCO 2-eq", ("tCO2-eq", 1)),
        ("천US$", ("달러", 10**3)),
        ("미화 천불", ("달러", 10**3)),
        ("백만엔", ("엔", 10**6)),
        ("사", ("개사", 1)),
        ("원/주", ("원", 1)),
        ("천원/톤", ("원/톤", 10**3)),
        ("백만원/%", None),
        ("대수", None),
        ("천", None),
        ("", None),
    ],
)
def test_units_as_filings_write_them(text: str, unit: tuple[str, int] | None) -> None:
    assert unit_named(text) == unit


@pytest.mark.parametrize("unit", ["천USD", "천US$", "백만엔", "천달러", "USD, EUR", "미화 천불"])
def test_money_of_another_country_is_never_won(unit: str) -> None:
    rows = [["매출액", "1,234"], ["주당순이익", "2"], ["영업이익률(%)", "12.5"], ["배당금(백만원)", "7"]]
    found = figures(section(table(["구분", "2024년"], *rows, unit=unit)))
    assert [(f.account, f.value) for f in found if f.unit == "원"] == [("배당금", Decimal(7_000_000))]
    assert not [f for f in found if f.account == "주당순이익"]


def test_a_table_of_won_and_dollars_gives_what_says_which() -> None:
    rows = [["차입금 외화금액", "1,000"], ["차입금 원화환산액", "1,300"], ["차입금", "9"]]
    found = figures(section(table(["구분", "2024년 말"], *rows, unit="천USD, 백만원")))
    assert [(f.value, f.unit) for f in found] == [(1_000_000, "달러"), (1_300_000_000, "원")]


def test_a_column_of_a_currency_is_in_it() -> None:
    assert told(
        ["차입금", "704,000", "7,500", "-"],
        head=["구분", "USD", "EUR", "기타"],
        unit="천USD, 천EUR, 천JPY, 천GBP, 천NZD, 천AUD, 천SGD, 천HKD",
    ) == [("차입금 704,000,000", "달러"), ("차입금 7,500,000", "유로")]


def test_a_number_of_things_is_not_scaled_by_the_money_of_its_table() -> None:
    head = ["구분", "당기말 공사건수", "당기말 도급금액", "당기말 가동일수", "이사의 수", "점포수"]
    assert told(["책임준공", "15", "2,254", "181", "9", "33"], head=head) == [
        ("공사건수 15", "건"),
        ("도급금액 2,254,000,000", "원"),
        ("가동일수 181", "일"),
    ]


@pytest.mark.parametrize(
    "name", ["(주)가온전자", "가온전자(주)", "가온전자(주)(*1)", "가온전자 (유)", "(사)가온협회"]
)
def test_the_legal_form_of_a_company_is_no_unit(name: str) -> None:
    found = figures(section(table(["구분", "2024년 말 장부금액"], [name, "1,412"])))
    assert [(f.value, f.unit) for f in found] == [(Decimal(1_412_000_000), "원")]


@pytest.mark.parametrize(
    "name", ["보통주식(주)", "보유주식수 (주)", "신주의 수(주)", "취득(주)", "수량(주)(*1)"]
)
def test_a_number_of_shares_is_in_shares(name: str) -> None:
    found = figures(section(table(["구분", "2024년 말"], [name, "1,412"])))
    assert [(f.value, f.unit) for f in found] == [(Decimal(1_412), "주")]


def test_of_people_and_hours_the_labels_tell_which() -> None:
    head = ["감사참여자", "담당이사 당기", "합계 당기"]
    rows = [["투입 인원수", "1", "52"], ["투입시간", "404", "19,137"]]
    assert [unit for _, unit in told(*rows, head=head, unit="명, 시간")] == ["명", "명", "시간", "시간"]


def test_of_times_and_percent_each_its_own() -> None:
    rows = [["연속 배당횟수", "41"], ["평균 배당수익률", "2.8"]]
    assert told(*rows, unit="회, %") == [("연속 배당횟수 41", "회"), ("평균 배당수익률 2.8", "%")]


def test_prices_and_volumes_of_an_exchange() -> None:
    head = ["종류", "단위", "2024년"]
    rows = [
        ["주가 최고", "US$", "1,657.00"],
        ["주가 최고", "\\환산", "1,980,446"],
        ["거래량 최고(일)", "", "95,468"],
    ]
    assert [unit for _, unit in told(*rows, head=head, unit="US$, 원, DR")] == ["달러", "원", "DR"]
    assert told(["거래량 최고(일)", "25,470"], ["주가 최고", "78,900"], unit="원, 주") == [
        ("거래량 최고(일) 25,470", "주"),
        ("주가 최고 78,900", "원"),
    ]


def test_quantities_stated_by_the_filing() -> None:
    assert told(["온실가스(tCO2-eq)", "19,267"], ["에너지(TJ)", "274"], unit=None) == [
        ("온실가스 19,267", "tCO2-eq"),
        ("에너지 274", "TJ"),
    ]
    assert told(["무상할당 배출권", "1,687"], unit="만톤(tCO2-eq)") == [("무상할당 배출권 16,870,000", "톤")]
    head = ["구분", "2024년 수량", "2024년 장부금액"]
    assert [unit for _, unit in told(["기말", "469", "11"], head=head, unit="톤(tCO2-eq), 백만원")] == [
        "톤",
        "원",
    ]


def test_of_two_counters_none_is_guessed() -> None:
    assert told(["영상기기", "28,072"], ["메모리", "985,823"], unit="천대, 천개") == []


def test_of_two_counters_a_row_has_that_of_the_same_row_of_another_table() -> None:
    rows = [["영상기기", "28,072"], ["메모리", "985,823"], ["콕핏", "5,764"]]
    inner = table(["품목", "2024년 생산능력"], *rows, unit="천대, 천개")
    inner += table(["품목", "2024년 실제 생산 대수"], ["영상기기", "20,877"], unit="천대")
    inner += table(["품목", "2024년 가동 시간"], ["메모리", "39"], unit="시간")
    inner += table(["품목", "2024년 실제 생산 개수"], ["콕핏", "3,952"], unit="천개")
    found = [(f.cell, f.unit, f.scale) for f in figures(section(inner)) if f.table == 2]
    assert found == [("28,072", "대", 1000), ("5,764", "개", 1000)]


def test_an_amount_is_not_counted_in_the_heads_of_its_table() -> None:
    head = ["구분", "인원", "보수총액"]
    assert told(["등기이사", "5", "1,234"], head=head, unit="명") == [("인원 5", "명")]


def test_an_unknown_unit_beside_won_leaves_open_what_says_nothing() -> None:
    assert told(["매출액", "1"], ["설비", "2"], unit="백만원, 기") == [("매출액 1,000,000", "원")]


@pytest.mark.parametrize("head", ["수준", "순위", "신용등급", "종목코드"])
def test_levels_and_codes_are_no_amounts(head: str) -> None:
    found = figures(
        section(table(["구분", "당기말 공정가치", f"당기말 {head}"], ["비상장주식", "13,487", "3"]))
    )
    assert [f.cell for f in found] == ["13,487"]


def test_a_unit_in_a_tables_own_row_wins() -> None:
    found = figures(
        section(table(["구분", "2024년"], ["매출액", "10"], ["생산량(톤)", "20"], ["고객(명)", "30"]))
    )
    assert one(found, "생산량").unit == "톤"
    assert [f.unit for f in found] == ["원", "톤", "명"]


def test_what_only_looks_like_a_number_of_something() -> None:
    rows = [["외주수수료", "7"], ["주식수익증권", "8"], ["2024년 수익", "9"]]
    assert [unit for _, unit in told(*rows)] == ["원", "원", "원"]
