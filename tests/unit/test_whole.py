"""The sum of the table that is of what is asked, where all of it is asked."""

from dataclasses import replace

from core.rag.candidates.settle import settle
from core.rag.candidates.whole import whole
from core.rag.language.shown import shown
from core.rag.question.sought import Sought
from tests.unit.test_lookup import ask, cell, find

AT = "2024.12 말"
CAPTION = "4. 금융상품: > (2) 대여투자상품"
HERE = cell(40, "주식", at=(1, 1), segment="유동항목", caption=CAPTION)
LONG = cell(60, "주식", at=(2, 1), segment="비유동항목", caption=CAPTION)
SUM = cell(100, "계", at=(3, 1), caption=CAPTION)
STATEMENT = cell(60, "대여투자상품", table=2, caption="연결 재무상태표")
WORDS = ("대여", "투자", "상품", "유동", "비유동")


def rare(text: str, *words: str) -> Sought:
    return replace(ask(text, *words, period=AT), weights=dict.fromkeys(words, 4.0))


def test_the_sum_answers_where_all_its_parts_are_added_up() -> None:
    sought = rare("대여투자상품 유동·비유동 다 합치면 얼마?", *WORDS)
    assert find(sought, STATEMENT, HERE, LONG, SUM) == [SUM]
    told = settle(sought, [shown(STATEMENT)], [SUM], [STATEMENT, HERE, LONG, SUM])
    assert [one.source for one in told] == [SUM]


def test_of_some_of_its_parts_it_is_no_sum() -> None:
    third = cell(5, "주식", at=(4, 1), segment="해외항목", caption=CAPTION)
    sought = rare("대여투자상품 유동·비유동 다 합치면 얼마?", *WORDS)
    assert whole(sought, [HERE, LONG, third, SUM]) == []
    assert find(sought, HERE, LONG, third, SUM) == []


def test_a_bracket_may_say_what_is_in_it() -> None:
    caption = "10. 차용증서:"
    rows = [
        cell(90, "소 계", at=(1, 1), caption=caption),
        cell(-2, "할인차금", at=(2, 1), caption=caption),
        cell(88, "계", at=(3, 1), caption=caption),
    ]
    sought = rare("차용증서 총액(할인차금 반영) 얼마?", "차용", "증서", "할인", "차금", "반영")
    assert find(sought, *rows) == rows[2:]
    other = rare("차용증서 총액(보증료 반영) 얼마?", "차용", "증서", "보증료", "반영")
    assert find(other, *rows) == []


def test_a_table_of_more_than_what_is_asked_is_not_summed() -> None:
    wider = cell(300, "계", table=3, caption="대여투자상품 및 예치상품")
    sought = rare("대여투자상품 모두 얼마?", "대여", "투자", "상품")
    assert whole(sought, [wider]) == []
