"""What forms say under the labels asked, what an amendment left as it was, and periods side by side."""

from datetime import date
from decimal import Decimal

import pytest

from core.etl.form_figures import dated
from core.etl.headings import row_of
from core.model import AnswerFigure, Evidence, Figure, Filing, Question
from core.rag.candidates.quoted import quoted_figures
from core.rag.language.mentions import amounts
from core.rag.language.periods import find_period, periods_named
from core.rag.passages.evidence import gather
from core.rag.passages.numbers import tells_other
from core.rag.passages.picks import Asked
from core.rag.passages.statements import statements
from core.rag.question.asked import asks_one
from core.rag.question.roles import labels_asked
from core.rag.understand import spans_asked
from tests.doubles.gaon import GAON

TODAY = date(2025, 11, 24)
EVENT = Filing("20250512800911", "09900011", "가온전자", "공급계약체결", "I001", date(2025, 5, 12))
FIGURE = Figure(
    rcept_no=EVENT.rcept_no, corp_code="09900011", account="당해연도 매출액", value=Decimal(5), unit="원",
    period=None, basis=None, section="양수", table=1, row="당해연도", column="매출액", row_no=1, column_no=1,
    cell="5",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("상대방이랑 어떤 사이길래?", "회사와의 관계"),
        ("평가를 맡은 곳은?", "외부평가기관의 명칭"),
        ("언제까지예요?", "종료일"),
        ("왜 비공개예요?", "유보사유"),
        ("무슨 일로 소송 걸렸어요?", "사건의 명칭"),
        ("만기 전에 돌려 달라고 할 수 있나요?", "조기상환"),
    ],
)
def test_labels_under_which_forms_say_what_is_asked(text: str, label: str) -> None:
    assert label in labels_asked(text)


def test_a_question_of_nothing_a_form_says_asks_for_no_label() -> None:
    assert labels_asked("매출액은 얼마예요?") == []


def test_several_periods_are_named_latest_first_and_a_report_is_none() -> None:
    def named(text: str) -> list[tuple[str, ...]]:
        return periods_named(text, TODAY)

    assert named("2023년 말에서 2024년 6월 말 사이") == [("2024.06 말",), ("2023.12 말",)]
    assert named("2분기(3개월) 이익을 2024년과 2023년끼리")[1] == ("2023.06 3개월", "2023")
    assert named("2023년 상반기 매출, 2024년 반기보고서에 실린 것") == []
    assert named("2024년 매출은?") == []


def test_the_year_of_a_report_is_no_period_where_another_is_named() -> None:
    assert find_period("2023년 말에 얼마? 2024년 반기보고서에 비교로 나온 것", TODAY) == "2023.12 말"
    assert find_period("올해 들어 9월까지", TODAY) == "2025.09 누적"
    assert find_period("2024년에 실제 말고 계약", TODAY) == "2024"


def test_both_spans_asked_side_by_side() -> None:
    both = Question("3개월치와 누적으로 나눠서", companies=(GAON,), period="2025.09 3개월")
    assert spans_asked(both) == ["2025.09 3개월", "2025.09 누적"]
    assert spans_asked(Question("3개월만", companies=(GAON,), period="2025.09 3개월")) == ["2025.09 3개월"]


def test_a_note_dates_the_years_of_a_company_bought() -> None:
    note = "상기 재무정보는 당해연도 (2025년 1~6월), 전년도(2024년) 기준으로 작성하였습니다."
    now, before = dated([FIGURE, FIGURE._replace(row="전년도", account="전년도 자산총계")], [note])
    assert (now.account, now.period) == ("매출액", "2025.06 누적")
    assert (before.account, before.period) == ("자산총계", "2024.12 말")
    assert dated([FIGURE], ["전년도에는 흑자였습니다."]) == [FIGURE]


@pytest.mark.parametrize("label", ["제54기반기말", "제54기반기(당반기)", "2024.01~2024.06", "전기말"])
def test_a_label_that_is_a_period_is_no_part_of_the_company(label: str) -> None:
    row = row_of((label, "매출채권"))
    assert (row.when, row.part) == (label, "")
    assert row_of(("2012.04.01", "매출채권")).when == ""


def test_an_item_of_a_long_cell_keeps_its_label() -> None:
    text = (
        "| 1. 주요내용 | " + "1. 약정기간 : 2024.9.27~2029.9.30 2. 약정 상대방 : 다솜건설 주식회사 " * 2 + "|"
    )
    found = [one for one in statements(text, form=True) if "약정기간" in one.shown]
    assert found
    assert found[0].under == "1. 주요내용"


def test_articles_of_law_are_no_amounts() -> None:
    said = "감독규정 제36조 내지 제38조에 따라 12억원을 냅니다."
    piece = Evidence(1, EVENT, "계약", "", said, said=(said,), core=1)
    assert [one.text for one in quoted_figures([piece], [], Question("얼마?"))] == ["12억원"]
    assert len(amounts(said)) > 1  # why it is read whole


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("계약금액은 3조 4,512억원으로 최근 매출액의 6.6%이고", True),
        ("최근매출액: 40,123,456,000,000원", False),
        ("매출은 40조 1,235억원입니다.", False),
        ("계약은 5년입니다.", False),
    ],
)
def test_what_tells_another_amount_stands_beside_no_answer(said: str, other: bool) -> None:
    amount = Decimal(40_123_456_000_000)
    cell = FIGURE._replace(value=amount)
    sales = AnswerFigure("최근매출액", "40조 1,235억원", amount, "원", "2024", "연결", cell)
    assert tells_other(said, sales) is other


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("작년 매출이 공시에 얼마로 적혔어?", True),
        ("권면총액과 운영자금은?", False),
        ("얼마 규모이고 매출의 몇 퍼센트?", False),
        ("권면총액, 그중 채무상환에 쓸 금액은?", False),
    ],
)
def test_one_thing_is_asked_where_nothing_stands_beside_it(text: str, one: bool) -> None:
    assert asks_one(text) is one


def test_nothing_is_gathered_of_nothing() -> None:
    assert gather([], [], {}, {}, Asked({}), 3, 1000) == []
