"""A number of a sentence is called by its clause, and is of the period that the sentence gives it."""

from datetime import date
from decimal import Decimal

import pytest

from core.model import Filing
from core.rag.language.mentions import amounts
from core.rag.passages.sentences import Said, figure_of, numbers_said, period_of
from core.rag.passages.statements import Statement

REPORT = Filing(
    "20250318000911", "09900011", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
)
EVENT = Filing("20250512800911", "09900011", "가온전자", "타법인주식양수결정", "B001", date(2025, 5, 12))


def said(text: str) -> list[Said]:
    return list(numbers_said(Statement(text, text)))


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (
            "양수대금 900억원 중 600억원은 1차 지급일에 지급될 예정이며, 300억원은 2차 지급일에 지급될 예정",
            ["양수대금", "1차 지급일에 지급될 예정인 금액", "2차 지급일에 지급될 예정인 금액"],
        ),
        (
            (
                "1차 종결 시점에 600억원(USD 5백만)이 지급될 예정이며, "
                "잔액인 300억원은 2차 종결 시점에 지급될 예정임"
            ),
            ["1차 종결 시점에 지급될 예정인 금액", "2차 종결 시점에 지급될 예정인 잔액"],
        ),
        (
            "가온은 지분을 43.2%를 추가 취득(취득 후 지분율: 83.0%)하여 지배력을 얻었습니다.",
            ["", "지분율"],
        ),
        (
            "계약금 100억원은 계약일에, 중도금 200억원은 3월에, 잔금 700억원은 준공 후 지급한다.",
            ["계약금", "중도금", "잔금"],
        ),
        ("선급금(30%), 1차중도금(20%), 잔금(50%)", ["선급금", "1차중도금", "잔금"]),
        ("신주의 재원 : 주식발행초과금 187억원", ["신주의 재원(주식발행초과금)"]),
        (
            "이사회에서 결의한 발행금액인 5,000억원 이내에서 결정할 예정입니다.",
            ["이사회에서 결의한 발행금액 한도"],
        ),
        (
            "이와 관련하여 향후 지출될 것으로 예상되는 금액은 432백만원입니다.",
            ["향후 지출될 것으로 예상되는 금액"],
        ),
        ("신탁계약을 통해 97,000주를 취득하였으며", ["신탁계약을 통해 취득한 주식수"]),
        (
            "매매대금이 산정되는 168,000주에 대한 대금액 386억원",
            ["매매대금이 산정되는 주식수", "168,000주에 대한 대금액"],
        ),
        ("당기 중 810백만원의 배당이 발생하였습니다.", ["배당"]),
        ("투자금액은 최근 매출액의 15.8%입니다.", ["최근 매출액 대비 비율"]),
    ],
)
def test_what_a_number_is_called(text: str, labels: list[str]) -> None:
    assert [one.label for one in said(text)] == labels


@pytest.mark.parametrize(
    "text",
    [
        "투자금액은 약 300억원입니다.",
        "예상금액의 130% 이상으로 정했습니다.",
        "제36조에 따라 냅니다.",
        "투자금액: $58억",
    ],
)
def test_what_is_no_value(text: str) -> None:
    assert said(text) == []


def test_a_limit_and_a_whole_are_told_from_values() -> None:
    whole, part = said("양수대금 900억원 중 600억원은 3월에 지급될 예정이다")
    assert (whole.whole, part.whole) == (True, False)
    assert [one.bound for one in said("한도는 100억원 이내이고 잔액은 30억원입니다.")] == [True, False]


@pytest.mark.parametrize("text", ["USD 70억", "US$ 70억", "$70억", "EUR 70억"])
def test_an_amount_in_another_currency_is_no_won(text: str) -> None:
    (found,) = amounts(text)
    assert found.unit not in (None, "원")
    assert [one.unit for one in amounts("잔액 70억")] == ["원"]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("당기말 현재 예상되는 금액은 432백만원(전기말: 112백만원)입니다.", ["2024.12 말", "2023.12 말"]),
        ("미지급 시 210백만원(전기말 250백만원)의 의무가 있습니다.", ["2024.12 말", "2023.12 말"]),
        ("당기 중 인식한 손상차손은 269백만원입니다.", ["2024"]),
        ("2024년 12월 31일 현재 잔액은 30억원입니다.", ["2024.12 말"]),
        ("2024년 말 수주잔고는 1,120억원으로 전년 말의 640억원보다 늘었습니다.", ["2024.12 말", None]),
        ("과징금은 30억원입니다.", [""]),
    ],
)
def test_the_period_that_a_report_gives_a_number(text: str, periods: list[str | None]) -> None:
    assert [period_of(one, REPORT) for one in said(text)] == periods


def test_an_event_gives_no_period() -> None:
    (one,) = said("잔금은 30억원입니다.")
    assert period_of(one, EVENT) is None
    figure = figure_of(one, EVENT, "본문", None, None)
    assert (figure.account, figure.value, figure.origin) == ("잔금", Decimal("3E9"), "prose")
    assert figure.cell in figure.caption == "잔금은 30억원입니다."


def test_a_part_of_the_company_is_no_part_of_the_name() -> None:
    (one,) = said("전장 부문의 2024년 말 수주잔고는 1,120억원입니다.")
    figure = figure_of(one, REPORT, "본문", "2024.12 말", None)
    assert (figure.segment, figure.account) == ("전장 부문", "수주잔고")


def test_what_is_lost_over_a_year_is_of_the_year_whatever_day_is_named() -> None:
    (one,) = said("2024년 12월 31일 현재 손상평가를 수행한 결과, 인식한 손상차손은 900백만원입니다.")
    assert figure_of(one, REPORT, "본문", "2024.12 말", None).period == "2024"
    assert figure_of(one, REPORT, "본문", "2024.06 말", None).period == "2024.06 누적"
    (one,) = said("2024년 12월 31일 현재 장부금액은 900백만원입니다.")
    assert figure_of(one, REPORT, "본문", "2024.12 말", None).period == "2024.12 말"
