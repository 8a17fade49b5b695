"""Numbers of quoted statements become figures that keep their place; estimates and bounds do not."""

from datetime import date
from decimal import Decimal

import pytest

from core.model import Evidence, Figure, Filing, Question
from core.rag.candidates.quoted import is_shown, of_issue, quoted_figures

EVENT = Filing("20250703000111", "09900011", "가온전자", "신규시설투자등", "I001", date(2025, 7, 3))
REPORT = Filing(
    "20250814000111", "09900011", "가온전자", "반기보고서", "11012", date(2025, 8, 14), period="2025.06"
)
QUESTION = Question("얼마예요?", period="2025.06 누적")


def evidence(said: str, filing: Filing = EVENT, core: int = 1) -> Evidence:
    return Evidence(1, filing, "본문", said, said, said=(said,), core=core)


def cell(row: str, text: str, period: str | None) -> Figure:
    return Figure(
        REPORT.rcept_no,
        REPORT.corp_code,
        row,
        Decimal(text),
        "%",
        period,
        None,
        "본문",
        7,
        row,
        "반기",
        1,
        1,
        text,
    )


@pytest.mark.parametrize(
    ("said", "account", "value", "unit"),
    [
        (
            "해지일까지 이행실적은 1,113,933,150원이며, 나머지는 없습니다.",
            "이행실적",
            "1113933150",
            "원",
        ),
        ("투자금액을 원화 환산 시 8조 5,080억원이며", "투자금액을 원화 환산 시 금액", "8508000000000", "원"),
        ("최대주주의 지분율은 12.5%입니다", "최대주주의 지분율", "12.5", "%"),
    ],
)
def test_a_sentence_of_an_event_gives_its_figures(said: str, account: str, value: str, unit: str) -> None:
    asked = QUESTION if unit == "원" else Question("몇 %예요?")
    (found,) = quoted_figures([evidence(said)], [], asked)
    assert found.verified
    assert found.source is not None
    assert (found.source.account, found.value, found.unit) == (account, Decimal(value), unit)
    assert found.source.cell in said


def test_a_number_of_another_unit_than_asked_gives_none() -> None:
    said = "투자금액은 300억원으로 자기자본의 15.8%입니다."
    assert [one.unit for one in quoted_figures([evidence(said)], [], QUESTION)] == ["원"]


@pytest.mark.parametrize(
    "said",
    [
        "투자금액은 약 300억원입니다.",
        "손실은 300억원 이상으로 보입니다.",
        "2025년 7월 3일에 결의했습니다.",
        "1,234원",
    ],
)
def test_estimates_bounds_dates_and_bare_numbers_give_none(said: str) -> None:
    assert quoted_figures([evidence(said)], [], QUESTION) == []


def test_what_is_not_said_as_the_answer_gives_none() -> None:
    assert quoted_figures([evidence("이행실적은 1,113원입니다.", core=0)], [], QUESTION) == []


def test_a_row_of_a_report_gives_its_cell_of_the_period_asked() -> None:
    figures = [cell("스마트폰", "22.6", "2025.06 누적"), cell("스마트폰", "20.0", "2024")]
    found = quoted_figures([evidence("스마트폰: 반기 22.6%, 2024년 20.0%", REPORT)], figures, QUESTION)
    assert [(one.value, one.period) for one in found] == [(Decimal("22.6"), "2025.06 누적")]
    assert quoted_figures([evidence("태블릿: 반기 22.6%", REPORT)], figures, QUESTION) == []


def test_a_sentence_of_a_report_names_no_period_to_rely_on() -> None:
    assert quoted_figures([evidence("연구개발비는 612억원입니다.", REPORT)], [], QUESTION) == []


def row(label: str, text: str, value: int, unit: str = "원", scale: int = 1) -> Figure:
    return cell(label, text, "2025.06 누적")._replace(value=Decimal(value), unit=unit, scale=scale)


def test_a_short_cell_is_shown_by_its_own_row_or_with_its_unit() -> None:
    fine = row("한강노동청 > 과태료", "1", 1_000_000, scale=1_000_000)
    assert not is_shown(fine, "- 2021년 1월 18일 과태료(50만원)를 납부하였습니다. [1]")
    assert is_shown(fine, "- 2021년 7월 과태료 1백만원을 납부하였습니다. [1]")
    assert is_shown(fine, "- 한강노동청: 처벌 과태료, 금액 1 (단위: 백만원) [1]")


def test_the_cell_of_another_issue_is_not_that_asked() -> None:
    asked = Question("12-1회 사채 이자율은?")
    assert not of_issue(row("11-2회 사채 이자율", "4.35", 4, "%"), asked)
    assert of_issue(row("12-1회 사채 이자율", "4.10", 4, "%"), asked)
    assert of_issue(row("사채 이자율", "4.10", 4, "%"), asked)


def test_where_no_number_is_asked_a_sentence_gives_none() -> None:
    said = "투자금액은 300억원으로 자기자본의 15.8%입니다."
    assert quoted_figures([evidence(said)], [], Question("신주는 언제 상장되나요?")) == []
