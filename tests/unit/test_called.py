"""What a question calls by name: the column that bears it, the line of a statement, dealings with whom."""

import pytest

from core.model import Question
from core.rag.candidates.belonging import of_entities
from core.rag.candidates.cells import event_figures
from core.rag.candidates.dealings import asks_dealings
from core.rag.language.labels import of_another_number
from core.rag.question.asked import units_asked
from core.rag.question.words import NOT_ASKED
from tests.unit.test_lookup import FILINGS, ask, cell, find

SET_ASIDE = "대손충당금 설정내역"


def test_the_column_that_bears_the_name_is_meant_and_not_the_one_beside_it() -> None:
    owed = cell(543, "합 계", "채권 금액", account="채권 금액", caption=SET_ASIDE, at=(9, 1))
    lost = cell(4, "합 계", "대손충당금", account="대손충당금", caption=SET_ASIDE, at=(9, 2))
    text = "떼일까 봐 쌓아둔 돈(대손충당금)이 전체 채권 합계로 얼마"
    asked = ask(text, "대손충당금", "채권", "합계", period="2024.12 말")
    assert find(asked, owed, lost) == [lost]


def test_the_line_of_a_statement_is_meant_before_what_a_note_says_of_a_part() -> None:
    line = cell(1904, "투자부동산", "당기말", caption="연결 재무상태표")._replace(section="2. 연결재무제표")
    leased = cell(186, "기말", "투자부동산", account="투자부동산", table=9, caption="사용권자산 변동")
    asked = ask("투자부동산은 얼마", "투자", "부동산", period="2024.12 말")
    assert find(asked, leased, line) == [line]
    assert find(asked, leased) == [leased]


def test_lines_that_disagree_answer_nothing_though_a_note_says_a_little_more() -> None:
    caption = "연결 재무상태표"
    lines = [
        cell(value, "투자부동산", "당기말", caption=caption, table=at)._replace(section="2. 재무제표")
        for at, value in enumerate((1904, 2004), start=1)
    ]
    note = cell(186, "기말", "투자부동산", account="투자부동산", table=9, caption="주석의 변동")
    asked = ask("주석 투자부동산은 얼마", "투자", "부동산", "주석", period="2024.12 말")
    assert find(asked, note, *lines) == []


def test_what_happens_on_a_condition_is_measured_by_what_the_table_is_of() -> None:
    caption = "외화에 대한 원화 환율 10% 변동시 당기손익에 미치는 영향"
    risk = [
        cell(value, "합 계", f"10% {side}시", account=f"10% {side}시", caption=caption, at=(3, at))
        for at, (side, value) in enumerate((("상승", -54), ("하락", 54)))
    ]
    terms = ("원화", "환율", "당기", "손익", "외화")
    asked = ask("원화 환율이 10% 오르면 당기손익은 외화 합쳐 얼마", *terms, period="2024.12 말")
    assert find(asked, *risk) == risk[:1]


@pytest.mark.parametrize(
    ("text", "dealings"),
    [
        ("다솜건설 상대로 올린 매출은?", True),
        ("다솜건설과의 거래에서 올린 매출은?", True),
        ("다솜건설에게 빌려준 돈은?", True),
        ("다솜건설에 판 금액은?", True),
        ("다솜건설이 올린 매출은?", False),
        ("다솜건설 매출은?", False),
    ],
)
def test_dealings_with_another_are_not_its_own(text: str, dealings: bool) -> None:
    question = Question(text, entities=(("다솜건설", "다솜건설"),))
    assert asks_dealings(question) is dealings
    own = cell(104, "다솜건설 주식회사", "매출액", caption="요약 경영성과")
    with_it = cell(35, "다솜건설 주식회사", "매출 등", caption="특수관계자와의 거래내역")
    assert of_entities(question, [own], FILINGS) is not dealings
    if dealings:
        assert of_entities(question, [with_it], FILINGS)


def test_the_instalment_asked_is_told_and_no_other() -> None:
    rates = [
        cell(100 + n, f"{n}차 > 2025-0{n}-04", "콜옵션 상환율", unit="%", period=None, at=(n, 1))
        for n in (1, 2, 3)
    ]
    text = "콜옵션 3차의 상환율이 어떻게 되지?"
    assert units_asked(text) == {"%"}
    assert [of_another_number(text, one) for one in rates] == [True, True, False]
    found = event_figures(Question(text, intent="event"), {"콜옵션": 4.0, "상환": 4.0}, rates)
    assert [one.value for one in found] == [103]
    assert "%" not in units_asked("환율이 어떻게 되지?")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("매입채무는 얼마? 미지급금은 빼고요.", "매입채무는 얼마?"),
        ("사용권자산은? 투자부동산으로 분류된 건 빼고 연결로", "사용권자산은? 연결로"),
        ("매입채무는? 미지급금 말고요", "매입채무는?"),
    ],
)
def test_what_is_left_out_is_not_asked(text: str, left: str) -> None:
    assert " ".join(NOT_ASKED.sub(" ", text).split()).startswith(left)
    assert "미지급금" not in NOT_ASKED.sub(" ", text)
    assert "투자부동산" not in NOT_ASKED.sub(" ", text)


def test_what_something_is_because_of_is_not_asked() -> None:
    building = cell(818, "건물", "당기말")
    cause = ask("건물 사기로 약정한 것 때문에 앞으로 더 쓸 돈은?", "건물", "약정")
    assert cause.missing([building])
    assert not ask("작년에 불난 것 때문에 남은 건물은 얼마?", "건물").missing([building])
