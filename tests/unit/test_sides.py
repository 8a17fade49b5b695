"""Which of two opposite sides a question asks for, and which one a label is of."""

import pytest

from core.rag.language.sides import conditional, contradicts, on_side, tells_opposite
from tests.unit.test_lookup import ask, cell, find

DENIED = cell(812, "이월결손금", "당기말", table=2, caption="이연법인세자산으로 인식되지 아니한 일시적차이")
AFFIRMED = cell(53, "이월결손금", "당기말", table=3, caption="이연법인세자산으로 인식된 일시적차이")
SILENT = cell(51, "이월결손금", "이연법인세자산", table=4, caption="이연법인세자산의 증감")


@pytest.mark.parametrize(
    ("text", "row", "column", "other"),
    [
        ("법인세효과 반영 후 평가손익은?", "평가손익", "반영 전", True),
        ("법인세효과 반영 후 평가손익은?", "평가손익", "반영후", False),
        ("정부보조금 차감 전 금액은?", "건물", "차감 후 금액", True),
        ("코스닥이 10% 오르면 자본은?", "KOSDAQ > 하락시", "자본", True),
        ("코스닥이 10% 떨어지면 자본은?", "KOSDAQ > 하락시", "자본", False),
        ("환율이 5% 하락할 때 손익은?", "USD > 5% 상승", "손익", True),
        ("환율이 5% 하락할 때 손익은?", "USD의 증가(감소)", "손익", False),
        ("매출이 얼마나 올랐어?", "매출 하락", "금액", False),
        ("적립되지 않은 채무는?", "기금이 적립된 채무", "당기말", True),
        ("적립되지 않은 채무는?", "기금이 적립되지 않은 채무", "당기말", False),
        ("적립된 채무는?", "기금이 적립되지 않은 채무", "당기말", True),
        ("이연자산으로 안 잡은 결손금은?", "결손금", "인식된 금액", True),
        ("이연자산으로 잡지 못한 결손금은?", "인식되지 아니한 결손금", "당기말", False),
        ("안 사용된 한도는?", "미사용액", "당기말", False),
    ],
)
def test_a_label_of_the_other_side_is_told(text: str, row: str, column: str, other: bool) -> None:
    assert contradicts(text, cell(1, row, column)) is other


def test_where_a_label_denies_it_the_silent_are_not_meant() -> None:
    asked = "이연법인세자산으로 인식하지 않은 이월결손금은?"
    assert on_side(asked, [SILENT, DENIED]) == [DENIED]
    assert on_side(asked, [SILENT]) == [SILENT]
    assert on_side("이월결손금은?", [SILENT, DENIED]) == [SILENT, DENIED]


def test_beside_a_column_of_the_side_asked_none_else_is_meant() -> None:
    before, tax, after = (
        cell(n, "평가손익", column, at=(1, at))
        for n, column, at in ((292, "반영 전", 1), (67, "법인세효과", 2), (225, "반영 후", 3))
    )
    elsewhere = cell(7, "평가손익", table=9)
    text = "법인세효과 반영 후 평가손익은?"
    assert on_side(text, [before, tax, after, elsewhere]) == [after, elsewhere]
    assert find(ask(text, "평가", "손익", period="2024.12 말"), before, tax, after) == [after]


def test_the_cell_of_the_side_asked_answers() -> None:
    words = ("이연", "법인세", "자산", "인식", "이월", "결손")
    denied = ask("이연법인세자산으로 인식하지 않은 이월결손금은 얼마?", *words, period="2024.12 말")
    assert find(denied, SILENT, AFFIRMED, DENIED) == [DENIED]
    affirmed = ask("이연법인세자산으로 인식된 이월결손금은 얼마?", *words, period="2024.12 말")
    assert find(affirmed, AFFIRMED, DENIED) == [AFFIRMED]


def test_what_is_asked_for_a_rise_is_of_no_two_times() -> None:
    assert conditional("코스피가 10% 오르면 자본이 얼마나 늘어나나요")
    assert conditional("금리 1% 하락 시 손익은")
    assert not conditional("매출이 얼마나 늘었나요")
    assert not conditional("영업이익이 줄었을 때는 언제")


@pytest.mark.parametrize(
    ("text", "said", "opposite"),
    [
        ("보통주 배당수익률은?", "우선주의 배당수익률은 3.2%입니다.", True),
        ("보통주 배당수익률은?", "보통주 2.7%, 우선주 3.2%입니다.", False),
        ("보통주와 우선주 배당수익률은?", "우선주의 배당수익률은 3.2%입니다.", False),
        ("배당수익률은?", "우선주의 배당수익률은 3.2%입니다.", False),
        ("자기주식 취득은 얼마?", "자기주식 처분금액은 3억원입니다.", True),
    ],
)
def test_a_sentence_of_the_opposite_is_told(text: str, said: str, opposite: bool) -> None:
    assert tells_opposite(text, said) is opposite
