"""A number that only a sentence says answers where its own clause says what is asked, and nowhere else."""

from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from core.model import AnswerFigure, Chunk, Evidence, Figure, Filing, Hit, Level, Question
from core.models.kiwi import KiwiTokenizer
from core.rag.candidates.prose import prose_figures
from core.rag.candidates.quoted import quoted_figures
from core.rag.candidates.subject import asks_for, named_in
from core.rag.language.shown import shown
from core.rag.language.wording import cell_lines
from core.rag.passages.evidence import gather
from core.rag.passages.picks import Asked
from core.rag.passages.sentences import numbers_said, period_of
from core.rag.passages.statements import Statement
from core.rag.question.roles import labels_asked
from core.rag.question.sought import Sought

EVENT = Filing("20250512800911", "09900011", "가온전자", "타법인주식양수결정", "B001", date(2025, 5, 12))
REPORT = Filing(
    "20250318000911", "09900011", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
)
TITLE = (
    "타법인주식양수결정 가온전자는 다솜소재 주식을 양수하기로 결정했으며, 양수금액은 900억원이라고 공시했다."
)
FILINGS = {EVENT.rcept_no: EVENT, REPORT.rcept_no: REPORT}
PAYING = (
    "가온전자는 다솜소재 주식을 양수하기로 결정했으며, 양수금액은 900억원이라고 2025년 5월 12일 공시했다.\n"
    "| 7. 거래대금지급 | - 양수금액 90,000,000,000원 중 60,000,000,000원은 "
    "1차 거래대금 지급일에 지급될 예정이며, 30,000,000,000원은 2차 거래대금 지급일에 지급될 예정 |\n"
    "- 다솜소재의 이사회가 정한 보상금은 20억원 이내에서 정할 예정입니다.\n"
    "- 계약해지 시 위약금은 45억원이며, 이행보증금은 12억원입니다.\n"
    "| 6. 주요 계약조건 | 대금지급 조건 등 | 선급금(30%), 중도금(20%), 잔금(50%) |"
)
NOTES = (
    "당기말 현재 연결회사는 물류센터 토지 취득과 관련하여 매입약정을 체결하고 있으며, "
    "이와 관련하여 향후 추가로 지출될 것으로 예상되는 금액은 432,493백만원(전기말: 112,243백만원)입니다.\n"
    "회사는 2024년 7월 3일 하도급법 위반으로 과징금 3,200백만원을 부과받았습니다.\n"
    "회사는 2025년 2월 26일자로 무보증사채 330,000백만원(발행비용 959백만원)을발행하였습니다."
)


@cache
def tokenizer() -> KiwiTokenizer:
    return KiwiTokenizer()


def ask(text: str, period: str | None = None) -> Sought:
    terms = tokenizer().terms(text)
    sought = Sought(Question(text, period=period, terms=terms), {t.partition("/")[0]: 3.0 for t in terms})
    return named_in(sought, PAYING)


def hits(text: str, filing: Filing) -> list[Hit]:
    return [Hit(Chunk("c", filing.rcept_no, filing.corp_code, 0, 0, "가온전자", text), filing, "본문", 1.0)]


def answers(text: str, told: list[AnswerFigure] | None = None) -> list[AnswerFigure]:
    return prose_figures(ask(text), hits(PAYING, EVENT), told or [], labels_asked(text))


def reported(text: str, period: str | None = "2024.12 말") -> list[AnswerFigure]:
    return prose_figures(ask(text, period), hits(NOTES, REPORT), [], [])


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("다솜소재 거래대금 1차 지급액은 얼마야?", [60]),
        ("다솜소재 거래대금 2차 지급액은 얼마야?", [30]),
        ("다솜소재 거래대금 1차, 2차 지급액은 각각 얼마야?", [60, 30]),
        ("다솜소재 인수 대금을 두 번에 나눠 낸다는데 각각 얼마씩이야?", [60, 30]),
        ("다솜소재 계약해지 위약금은 얼마인가요?", [4.5]),
        ("다솜소재 계약의 이행보증금은 얼마인가요?", [1.2]),
        ("다솜소재 이사회가 정한 보상금 한도는 얼마까지예요?", [2]),
    ],
)
def test_the_number_of_the_clause_that_says_what_is_asked(text: str, values: list[float]) -> None:
    found = answers(text)
    assert [one.value for one in found] == [Decimal(str(value)) * 10**9 for value in values]
    assert all(one.verified and one.source and one.source.origin == "prose" for one in found)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("대금지급 조건에서 선급금은 몇 %야?", 30), ("계약 중도금은 몇 퍼센트?", 20), ("계약 잔금 비율은?", 50)],
)
def test_what_stands_in_brackets_is_of_what_stands_before_them(text: str, rate: int) -> None:
    assert [int(one.value) for one in answers(text)] == [rate]


@pytest.mark.parametrize(
    "text",
    [
        "다솜소재 거래대금 3차 지급액은 얼마야?",
        "다솜소재 거래대금 1차, 2차, 3차 지급액은 각각 얼마야?",
        "다솜소재 계약해지 손해배상금은 얼마인가요?",
        "다솜소재 이사회가 정한 보상금은 얼마였어?",  # the most it may be is not what it was
        "다솜소재 자문 수수료는 얼마야?",
        "다솜소재 이행보증금은 몇 %야?",
        "다솜소재 지연이자 비율은 몇 %야?",
        "다솜소재 위약금을 부담하는 회사는 어디야?",
        "가장 큰 위약금은 얼마야?",
        "한빛통신 계약해지 위약금은 얼마인가요?",
        "다솜소재 직원은 몇 명이야?",
    ],
)
def test_what_no_clause_says_gives_none(text: str) -> None:
    assert answers(text) == []


def test_a_report_answers_for_the_period_its_sentence_names() -> None:
    (found,) = reported("물류센터 토지 매입약정으로 앞으로 지출될 것으로 예상되는 금액은 얼마?")
    assert (found.value, found.period) == (Decimal(432493) * 10**6, "2024.12 말")
    (before,) = reported("물류센터 토지 매입약정으로 지출될 예상 금액은 얼마?", "2023.12 말") or [None]
    assert before is None
    (fine,) = reported("하도급법 위반 과징금은 얼마야?", "2024")
    assert fine.value == Decimal(3200) * 10**6
    assert (found.basis, fine.basis) == ("연결", None)  # 연결회사는, 회사는


def test_what_brackets_name_beside_it_is_no_rival() -> None:
    (bond,) = reported("2025년 2월에 발행한 무보증사채 금액은?", "2025.02")
    assert bond.value == Decimal(330000) * 10**6


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("물류센터 토지 매입약정 예상 금액은 얼마?", "2022.12 말"),
        ("물류센터 건물 매각약정 예상 금액은 얼마?", "2024.12 말"),
        ("공정거래법 위반 과징금은 얼마야?", "2024"),
        ("하도급법 위반 과태료는 얼마야?", "2024"),
    ],
)
def test_a_report_that_says_another_thing_or_time_gives_none(text: str, period: str) -> None:
    assert reported(text, period) == []


CELL = Figure(
    EVENT.rcept_no, EVENT.corp_code, "양수금액", Decimal(90 * 10**9), "원", None, None, "본문", 1,
    "2. 양수내역 > 양수금액(원)", "", 1, 1, "90,000,000,000",
)  # fmt: skip


def test_of_several_periods_each_gets_its_own_number() -> None:
    text = "당기와 전기 중 주식보상과 관련하여 인식한 비용은 각각 184백만원, 94백만원입니다."
    found = [(one.cell, period_of(one, REPORT), one.label) for one in numbers_said(Statement(text, text))]
    assert found[0] == ("184백만원", "2024", "주식보상과 관련하여 인식한 비용")
    assert found[1][:2] == ("94백만원", "2023")


def test_a_form_s_number_is_of_what_stands_before_the_particle() -> None:
    assert asks_for(ask("다솜소재 양수금액은 얼마야?"), shown(CELL), TITLE, PAYING)
    assert not asks_for(ask("다솜소재 양수 대금 중 이행보증금은 얼마야?"), shown(CELL), TITLE, PAYING)
    assert not asks_for(ask("다솜소재 양수 계약의 위약금은 얼마야?"), shown(CELL), TITLE, PAYING)
    assert asks_for(
        ask("인텔리전스 양수금액은 얼마야?"), shown(CELL), TITLE, PAYING
    )  # as nobody there calls it
    assert asks_for(ask("양수금액과 최저 보상금을 알려줘"), shown(CELL), TITLE, PAYING)
    assert asks_for(ask("다솜소재 이사회 보상금 양수금액 얼마"), shown(CELL), TITLE, PAYING)  # terse
    assert not asks_for(ask("다솜소재 양수금액 이행보증금 얼마"), shown(CELL), TITLE, PAYING)
    assert asks_for(ask("양수금액이 얼마고, 이행보증금은 얼마야?"), shown(CELL), TITLE, PAYING)


def test_a_cell_that_answers_needs_no_sentence_and_one_part_may_need_one() -> None:
    assert answers("다솜소재 양수금액은 얼마야?", [shown(CELL)]) == [shown(CELL)]
    both = answers("다솜소재 양수금액이 얼마고, 계약해지 위약금은 얼마야?", [shown(CELL)])
    assert [one.label for one in both] == ["양수금액", "위약금"]


def test_the_sentence_is_told_with_its_figure_and_its_other_numbers_are_not() -> None:
    text = "다솜소재 계약해지 위약금은 얼마인가요?"
    found = answers(text)
    (piece, *rest) = gather(found, hits(PAYING, EVENT), {}, FILINGS, Asked({"위약금": 1.0}), 3, 5_000)
    assert piece.quote.endswith("이행보증금은 12억원입니다.")
    assert not any("위약금" in said for other in rest for said in other.said)
    assert not any(one.value == 12 * 10**8 for one in quoted_figures([piece], [], Question(text), found))
    (line,) = cell_lines(found, [piece])
    assert (
        "본문 ‘- 계약해지 시 위약금은 45억원이며" in line or "본문 ‘계약해지 시 위약금은 45억원이며" in line
    )


def test_the_period_before_is_left_out_of_the_sentence_told() -> None:
    found = reported("물류센터 토지 매입약정으로 앞으로 지출될 것으로 예상되는 금액은 얼마?")
    pieces = gather(found, hits(NOTES, REPORT), {}, FILINGS, Asked({"약정": 1.0}), 3, 5_000)
    said = [one for piece in pieces for one in piece.said if "432,493" in one]
    assert said == [pieces[0].said[0]]
    assert "112,243" not in said[0]
    assert isinstance(pieces[0], Evidence)
    assert Level.BEGINNER  # the same at every level
