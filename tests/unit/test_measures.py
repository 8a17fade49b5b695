"""Two measures asked of one thing: which they are, and the cells of either."""

import pytest

from core.rag.candidates.measured import beside_it, measures
from core.rag.question.measures import halves
from tests.unit.test_lookup import ask, cell


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("가온전자 이자율스왑의 차입금액하고 지급금리는?", ("차입금액", "지급금리")),
        ("가온전자 3회 사채 발행금액이랑 최초 고정금리가 몇 %죠?", ("발행금액", "고정금리")),
        ("가온전자 공장 거래금액이 얼마고 처분손익은 얼마인가요?", ("거래금액", "처분손익")),
        ("통화선도 평가이익, 평가손실이 각각 얼마?", ("평가이익", "평가손실")),
        ("가온전자 판매비와관리비는 얼마?", ()),
        ("나래를 인수하고 나면 지분율은 몇 %?", ()),
        ("가온전자 매출액과 전년 대비 증감률은?", ()),
        ("가온전자 매출액은 얼마?", ()),
    ],
)
def test_measures_side_by_side(text: str, asked: tuple[str, ...]) -> None:
    assert tuple(half.measure for half in halves(text)) == asked


def test_either_is_asked_of_what_stands_before_both() -> None:
    first, second = halves("가온전자 3회 사채의 발행금액이랑 최초 고정금리가 각각 몇 %죠?")
    assert first.text == "가온전자 3회 사채의 발행금액은?"  # asked for in no %
    assert second.text == "가온전자 3회 사채의 최초 고정금리가 몇 %죠?"


BORROWED = cell(180, "나래은행", "차입금액", account="차입금액", at=(2, 3), period=None)
RATE = cell(5, "나래은행", "지급금리", account="지급금리", unit="%", at=(2, 4), period=None)
OTHER_RATE = cell(4, "다솜은행", "지급금리", account="지급금리", unit="%", at=(3, 4), period=None)
TABLE = [BORROWED, RATE, OTHER_RATE]


def test_the_other_measure_stands_in_the_row_of_the_first() -> None:
    sought = ask("나래은행 스왑의 지급금리는?", "나래은행", "스왑", "지급", "금리")
    assert beside_it(sought, "지급금리", BORROWED, TABLE) == RATE
    assert beside_it(sought, "수취금리", BORROWED, TABLE) is None


def test_of_two_of_one_measure_neither_stands_beside() -> None:
    sought = ask("나래은행 스왑의 지급금리는?", "나래은행", "스왑", "지급", "금리")
    second = cell(6, "나래은행", "지급금리 (전기)", account="지급금리", unit="%", at=(2, 5), period=None)
    assert beside_it(sought, "지급금리", BORROWED, [*TABLE, second]) is None


def test_a_cell_is_of_the_measure_that_its_labels_call() -> None:
    sought = ask("나래은행 스왑의 지급금리는?", "나래은행", "스왑", "지급", "금리")
    assert measures(sought, "지급금리", [RATE])
    assert not measures(sought, "지급금리", [BORROWED])
