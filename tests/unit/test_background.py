"""Clauses that only say how a question came up are left out, those that a filing could answer are not."""

import pytest

from core.model import Company, Question
from core.rag.question.background import foreground

GAON = Company("1", "가온전자")
FOUND = "가온전자사업보고서선불충전금은신탁에맡긴현금이다매출액은"
NOUNS = ("뉴스", "친구", "회의", "선불", "충전금", "신탁", "매출액", "현금", "동생", "주식")


def terms(text: str) -> list[str]:
    return [f"{noun}/N" for noun in NOUNS if noun in text]


def kept(text: str, *companies: Company) -> str:
    question = Question(text, companies=companies or (GAON,), terms=terms(text))
    left = foreground(question, FOUND, terms)
    assert list(left.terms) == terms(left.text)
    return left.text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("어제 뉴스에서 봤는데요, 가온전자 매출액은 얼마였나요", "가온전자 매출액은 얼마였나요"),
        ("친구가 그러던데 가온전자 매출액이 얼마래?", "가온전자 매출액이 얼마래?"),
        ("현금이 신탁에 묶여 있다던데 가온전자 현금이 얼마야?", "가온전자 현금이 얼마야?"),
        ("가온전자 매출액 알려줘 빨리 회의 들어가야 돼", "가온전자 매출액 알려줘"),
        (
            "저는 동생이 권해서요, 가온전자 매출액이 궁금해요. 얼마인가요?",
            "가온전자 매출액이 궁금해요. 얼마인가요?",
        ),
    ],
)
def test_how_a_question_came_up_is_left_out(text: str, left: str) -> None:
    assert kept(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "선불충전금이 신탁에 묶여 있어서요, 가온전자 현금은 얼마야?",  # the filing says it: it may narrow
        "2023년에는 적었다던데, 가온전자 매출액은 얼마야?",
        "가온전자가 뉴스에 나왔던데, 매출액은 얼마야?",
        "뉴스에서 봤는데 그거 얼마야?",  # nothing else would be left to answer by
    ],
)
def test_what_a_filing_could_mean_stays(text: str) -> None:
    assert kept(text) == text
