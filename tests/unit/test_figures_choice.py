"""Which figure answers: never one of another period, basis or segment than asked."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from core.model import AnswerFigure, Figure, Filing, Question
from core.rag.figures.selection import choose
from core.rag.language.shown import shown
from tests.doubles.gaon import ANNUAL, GAON

QUARTER = Filing(
    "20251114000911",
    "09900011",
    "가온전자",
    "분기보고서 (2025.09)",
    "11014",
    date(2025, 11, 14),
    period="2025.09",
)
CONTRACT = Filing(
    "20250512800911", "09900011", "가온전자", "단일판매ㆍ공급계약체결", "I001", date(2025, 5, 12)
)
FILINGS = {filing.rcept_no: filing for filing in (ANNUAL, QUARTER, CONTRACT)}


def figure(
    value: int,
    period: str | None = "2024",
    *,
    basis: str | None = "연결",
    account: str = "영업이익",
    filing: Filing = ANNUAL,
    row_no: int = 1,
    segment: str | None = None,
) -> Figure:
    return Figure(
        rcept_no=filing.rcept_no,
        corp_code=filing.corp_code,
        account=account,
        value=Decimal(value) * 1_000_000,
        unit="원",
        period=period,
        basis=basis,
        section="III. 재무에 관한 사항 > 1. 요약재무정보",
        table=1,
        row=account,
        column="",
        row_no=row_no,
        column_no=1,
        cell=f"({abs(value):,})" if value < 0 else f"{value:,}",
        scale=1_000_000,
        segment=segment,
    )


def ask(found: Sequence[Figure], **question: object) -> list[AnswerFigure]:
    asked = Question("?", companies=(GAON,), **question)  # type: ignore[arg-type]
    return choose(asked, [["영업이익", "영업이익(손실)"]], found, FILINGS, [])


def values(answers: Sequence[AnswerFigure]) -> list[int]:
    return [int(answer.value / 1_000_000) for answer in answers if not answer.formula]


def test_year_asked_is_the_year_answered() -> None:
    found = [
        figure(300, "2023", row_no=2),
        figure(400, "2024"),
        figure(120, "2025.09 누적", filing=QUARTER),
    ]
    assert values(ask(found, period="2024"))[0] == 400


@pytest.mark.parametrize("period", ["2022", "2024.06 누적", "2025.09 3개월"])
def test_another_period_is_no_answer(period: str) -> None:
    found = [figure(400, "2024"), figure(120, "2025.09 누적", filing=QUARTER)]
    assert ask(found, period=period) == []


def test_consolidated_unless_asked_otherwise() -> None:
    found = [figure(250, basis="별도"), figure(400, basis="연결")]
    assert values(ask(found, period="2024")) == [400]
    assert values(ask(found, period="2024", basis="별도")) == [250]


def test_a_segment_is_not_the_company() -> None:
    found = [figure(90, segment="반도체 부문")]
    assert ask(found, period="2024") == []
    assert values(ask(found, period="2024", segment="반도체")) == [90]


def test_without_a_period_the_newest_speaks() -> None:
    found = [
        figure(400, "2024"),
        figure(120, "2025.09 누적", filing=QUARTER),
        figure(40, "2025.09 3개월", filing=QUARTER),
    ]
    assert values(ask(found)) == [120]


def test_change_is_computed_from_the_same_row() -> None:
    rate = ask(
        [figure(400, "2024"), figure(320, "2023"), figure(1, "2023", row_no=9)], period="2024", compare=True
    )[2]
    assert (rate.text, rate.formula is not None) == ("25.0%", True)
    assert [int(operand.value / 1_000_000) for operand in rate.operands] == [400, 320]


def test_no_rate_over_a_loss() -> None:
    answers = ask([figure(400, "2024"), figure(-320, "2023")], period="2024", compare=True)
    assert values(answers) == [400, -320]
    assert all(answer.formula is None for answer in answers)


def test_a_count_answers_only_where_a_count_is_asked() -> None:
    shares = figure(3, "2024.12 말", account="투자주식")._replace(unit="주", column="기말 수량")
    book = figure(5, "2024.12 말", account="투자주식")._replace(column="기말 장부가액", column_no=2)

    def told(text: str, *found: Figure) -> list[str]:
        asked = Question(text, companies=(GAON,), period="2024.12 말")
        return [one.unit for one in choose(asked, [["투자주식"]], found, FILINGS, [])]

    assert told("투자주식은 얼마야", shares) == []
    assert told("투자주식은 몇 주야", shares, book) == ["주"]
    assert told("투자주식 수량은 얼마야", shares) == ["주"]


def test_one_of_several_columns_of_a_row_is_none_unless_it_is_named() -> None:
    cost = figure(9, "2024.12 말", account="건물")._replace(column="취득원가")
    book = figure(5, "2024.12 말", account="건물")._replace(column="장부금액", column_no=2)
    for text, expected in (("건물은 얼마야", []), ("건물 장부금액은 얼마야", [5])):
        asked = Question(text, companies=(GAON,), period="2024.12 말")
        told = choose(asked, [["건물"]], [book, cost] if expected else [cost, book], FILINGS, [])
        assert [one.value / 1_000_000 for one in told] == expected


def test_one_of_several_rows_of_the_part_named_is_none() -> None:
    rows = [
        figure(value, account="급여", row_no=at, segment=f"물류 부문 {who}")
        for at, (who, value) in enumerate((("남", 7), ("여", 6)), start=1)
    ]
    asked = Question("물류 부문 급여는?", companies=(GAON,), period="2024", segment="물류 부문")
    assert choose(asked, [["급여"]], rows, FILINGS, []) == []
    assert choose(asked, [["급여"]], rows[:1], FILINGS, [])


def test_a_column_of_rates_answers_only_where_the_rate_is_named() -> None:
    rate = figure(3, "2024.12 말", account="투자주식")._replace(unit="%", column="기말 지분율")
    asked = Question("투자주식은 얼마야", companies=(GAON,), period="2024.12 말")
    assert choose(asked, [["투자주식"]], [rate], FILINGS, []) == []
    asked = Question("투자주식 지분율은 얼마야", companies=(GAON,), period="2024.12 말")
    assert len(choose(asked, [["투자주식"]], [rate], FILINGS, [])) == 1


def test_what_is_paid_in_all_years_to_come_is_no_balance() -> None:
    note = {"account": "리스부채", "section": "III. 재무에 관한 사항 > 3. 연결재무제표 주석"}
    balance = figure(35, "2024.12 말")._replace(**note, caption="리스부채의 변동")
    paid = figure(43, "2024.12 말")._replace(**note, caption="금융부채의 잔존계약만기", table=0)

    def told(text: str) -> list[Decimal]:
        asked = Question(text, companies=(GAON,), period="2024.12 말")
        return [one.value / 1_000_000 for one in choose(asked, [["리스부채"]], [paid, balance], FILINGS, [])]

    assert told("리스부채는 얼마야") == [35]
    assert told("리스부채의 만기별 합계는 얼마야") == [43]


def test_the_line_of_an_account_is_before_one_that_only_ends_in_its_name() -> None:
    group = ["당기순이익", "당기순이익(손실)", "당기순손실"]
    loss = figure(-57, account="당기순손실")
    owners = figure(-59, account="지배기업 지분 당기순이익(손실)", row_no=0)
    asked = Question("순손실은 얼마야", companies=(GAON,), period="2024")
    (told,) = choose(asked, [group], [owners, loss], FILINGS, [])
    assert told.value / 1_000_000 == -57


def test_a_long_description_of_a_row_is_left_out_of_what_is_told() -> None:
    work = "분ㆍ반기 재무제표 검토 별도 및 연결 재무제표에 대한 감사 내부회계관리제도 감사"
    fee = figure(84, "2024.12 말", account="계약내역 보수", segment=f"한결회계법인 {work}")
    told = shown(fee._replace(row=f"제31기 > 한결회계법인 > {work}"))
    assert told.label == "제31기 한결회계법인 계약내역 보수"
