"""What is asked beyond one cell: a total is no answer to it."""

from datetime import date

import pytest

from core.model import AnswerFigure
from core.rag.figures.arithmetic import worked_out
from core.rag.figures.beyond import beyond
from core.rag.language.shown import computed, shown
from core.rag.understand import bases_asked, understand
from tests.unit.test_lookup import cell

TOTAL = shown(cell(900, "양수금액"))
FIRST, SECOND = shown(cell(600, "1차 지급액")), shown(cell(300, "2차 지급액", at=(2, 1)))
MEAN = shown(cell(9, "1인평균 급여액"))
EACH = computed("척당 투자금액", TOTAL.value, "원", "900 ÷ 9", TOTAL.cells)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("대금은 1차, 2차 각각 얼마야?", [TOTAL]),
        ("1차 2차 대금 지급일하고 금액은요?", [TOTAL, FIRST]),
        ("돈을 두 번에 나눠 낸다던데 각각 얼마씩이야", [TOTAL]),
        ("배 한 척당 얼마꼴이야?", [TOTAL]),
        ("평균 얼마야?", [TOTAL]),
        ("선급금 비율대로면 선급금이 얼마가 되나", [TOTAL]),
    ],
)
def test_a_total_is_no_answer_to(text: str, figures: list[AnswerFigure]) -> None:
    assert beyond(text, figures)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("양수금액은 얼마야?", [TOTAL]),
        ("대금은 1차, 2차 각각 얼마야?", [FIRST, SECOND]),
        ("1차 지급액은?", [FIRST]),
        ("2차전지 담당 자회사 배당 얼마야?", [TOTAL]),  # neither a second part nor so much a piece
        ("직원 한 사람당 평균 급여는?", [MEAN]),
        ("배 한 척당 얼마꼴이야?", [EACH]),
    ],
)
def test_but_it_is_to(text: str, figures: list[AnswerFigure]) -> None:
    assert not beyond(text, figures)


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        ("가온전자 별도 매출은? 연결 말고", ["별도"]),
        ("연결이 아니라 별도로 매출은?", ["별도"]),
        ("별도 말고 연결 매출", ["연결"]),
        ("연결과 별도 매출은 각각?", ["연결", "별도"]),
    ],
)
def test_a_basis_that_is_not_meant_is_not_asked(text: str, bases: list[str]) -> None:
    asked = understand(text, named=((), ()), today=date(2025, 11, 24), lay=lambda _: [], terms=(), filed=())
    assert bases_asked(asked) == bases


def test_the_difference_of_two_times_is_told_when_it_is_asked() -> None:
    now, before = (
        shown(cell(value, "상장주식", column, period=period, at=(1, at)))
        for value, column, period, at in ((300, "당기말", "2024.12 말", 1), (500, "전기말", "2023.12 말", 2))
    )
    assert worked_out("상장주식은 얼마야?", [now, before], ()) == []
    [change] = worked_out("상장주식 장부금액 증감액은 얼마야?", [now, before], ())
    assert (change.value, change.unit, change.formula) == (-200, "원", "300원 - 500원")


def test_one_of_those_to_be_added_is_no_sum() -> None:
    assert beyond("임원 보상 합계 얼마(급여+퇴직급여)", [shown(cell(48, "퇴직급여"))])
    assert not beyond("임원 보상 합계 얼마(급여+퇴직급여)", [shown(cell(386, "보상 합계"))])


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("상위 다섯 매출처가 매출의 몇 % 정도 차지해?", True),
        ("해외 비중이 매출에서 몇 퍼센트야?", True),
        ("매출 할인율은 어떻게 돼?", True),
        ("매출이 몇 % 늘었어?", False),
        ("매출이 얼마고 그중 해외가 차지하는 비중은?", False),
    ],
)
def test_the_whole_is_no_share_of_itself(text: str, share: bool) -> None:
    assert beyond(text, [shown(cell(900, "매출액"))]) is share
    assert not beyond(text, [shown(cell(15, "매출 비중", unit="%"))])
