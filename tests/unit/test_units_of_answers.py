"""Questions for tonnes, hours, dollars: which cells answer them, and how an answer says them."""

from decimal import Decimal

import pytest

from core.korean import amount
from core.rag.language.mentions import amounts
from core.rag.question.asked import units_asked
from tests.unit.test_lookup import ask, cell, find


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("몇 대나 만들었어", {"대"}),
        ("몇 천 톤이야", {"톤", "tCO2-eq"}),
        ("특허는 몇 건", {"건"}),
        ("몇 시간 들었지", {"시간"}),
        ("몇 백만 달러야", {"달러"}),
        ("배당은 몇 번 했어", {"회"}),
        ("몇 번째 배당이야", set()),
        ("재고자산회전율은 몇 회야", {"회"}),
        ("자회사는 몇 개 회사야", {"개", "개사"}),
        ("몇 개월 걸려", set()),
    ],
)
def test_units_that_a_question_asks_for(text: str, units: set[str]) -> None:
    assert units_asked(text) == units


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal(704_000_000), "달러", "704,000,000달러"),
        (Decimal(2_544_244), "톤", "2,544,244톤"),
        (Decimal(274_298), "TJ", "274,298TJ"),
        (Decimal(19_267_835), "tCO2-eq", "19,267,835tCO2-eq"),
        (Decimal("4.0"), "회", "4회"),
        (Decimal(233), "개사", "233개사"),
        (Decimal(1_250), "원/톤", "1,250원/톤"),
        (Decimal(260_000_000), "싱가포르달러", "260,000,000싱가포르달러"),
    ],
)
def test_an_amount_is_read_again_with_its_unit(value: Decimal, unit: str, text: str) -> None:
    assert amount(value, unit) == text
    (said,) = amounts(f"배출량은 {text}입니다.")
    assert (said.value, said.unit) == (value, unit)


def test_dollars_are_found_under_the_code_of_their_column() -> None:
    won = cell(9_000, "차입금", "2024.12.31", at=(1, 1))
    dollars = cell(704, "차입금", "2024.12.31 USD", unit="달러", segment="USD", at=(9, 1), table=2)
    euros = cell(7, "차입금", "2024.12.31 EUR", unit="유로", segment="EUR", at=(9, 2), table=2)
    cells = (won, dollars, euros)
    day = "2024.12 말"
    assert find(ask("달러 차입금은 몇 달러야?", "달러", "차입금", period=day), *cells) == [dollars]
    assert find(ask("차입금은 얼마야?", "차입금", period=day), *cells) == [won]
    assert find(ask("차입금은 몇 톤이야?", "차입금", period=day), *cells) == []


def test_what_is_left_over_is_not_the_thing_itself() -> None:
    rest = cell(-544, "감가상각비", "기타유형자산", period="2024", segment="기타유형자산", at=(1, 1))
    whole = cell(783, "감가상각비", "유형자산", period="2024", segment="유형자산", at=(1, 2))
    plain = ask("유형자산 감가상각비는 얼마야?", "유형자산", "감가상각비", period="2024")
    assert find(plain, rest, whole) == [whole]
    assert find(plain, rest) == []
    other = ask("기타유형자산 감가상각비는 얼마야?", "기타유형자산", "감가상각비", period="2024")
    assert find(other, rest, whole) == [rest]
