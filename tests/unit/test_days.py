"""The day asked is that of the row whose label says it; both versions where both are asked."""

import asyncio
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.amendment import Change
from core.model import Chunk, Filing, Hit, Question
from core.models.kiwi import KiwiTokenizer
from core.ports import Corpus
from core.rag.amendment import amendment_of
from core.rag.passages.days import days_asked, days_of
from core.rag.passages.evidence import gather
from core.rag.passages.picks import Asked
from core.rag.passages.rows import notes_below
from core.rag.passages.statements import statements
from core.rag.question.intent import asks_both, asks_original, purpose_words

FORM = """
| 2. 사채발행일자 | 2023년 12월 07일 |
| 4. 사채만기일 | 2028년 12월 07일 |
| 6. 매수선택권 행사일 | 2025년 08월 18일 |
| 7. 행사대가 | 금액(원) | 1,035,529,000 |
| 8. 행사대가 지급(예정)일 | 2025년 09월 07일 |
| 9. 전환에 관한 사항 | 전환청구기간 | 시작일 | 2024년 12월 07일 |
| 9. 전환에 관한 사항 | 전환청구기간 | 종료일 | 2028년 11월 07일 |
| 10. 이사회결의일(결정일) | 2025년 08월 14일 |
관련 공시일: 2025년 8월 11일 주요사항보고서(전환사채 매수 결정)
1차 대금 지급일: 2026년 4월 30일 2차 대금 지급일: 2027년 4월 30일
"""
SHOWN = [one.shown for one in statements(FORM, form=True)]


@cache
def tokenizer() -> KiwiTokenizer:
    return KiwiTokenizer()


def days(text: str) -> list[str]:
    question = Question(text, terms=tokenizer().terms(text))
    return [SHOWN[at].split("›")[-1].strip() for day in days_asked(question) for at in days_of(day, SHOWN)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("만기일은 언제야?", ["4. 사채만기일: 2028년 12월 07일"]),
        ("만기가 며칠이지", ["4. 사채만기일: 2028년 12월 07일"]),
        ("사채 발행은 언제 했어?", ["2. 사채발행일자: 2023년 12월 07일"]),
        ("매수금액이 얼마고 돈은 언제 줌?", ["8. 행사대가 지급(예정)일: 2025년 09월 07일"]),
        ("이사회 결의일 알려줘", ["10. 이사회결의일(결정일): 2025년 08월 14일"]),
        ("전환청구는 언제부터 해?", ["시작일: 2024년 12월 07일"]),
        ("전환청구는 언제 끝나?", ["종료일: 2028년 11월 07일"]),
        ("전환청구기간은 언제부터 언제까지야?", ["시작일: 2024년 12월 07일", "종료일: 2028년 11월 07일"]),
        (
            "만기일은 언제고 발행일은?",
            ["4. 사채만기일: 2028년 12월 07일", "2. 사채발행일자: 2023년 12월 07일"],
        ),
        (
            "매수 결정은 언제 공시했었고 행사일은 언제임",
            [
                "관련 공시일: 2025년 8월 11일 주요사항보고서(전환사채 매수 결정)",
                "6. 매수선택권 행사일: 2025년 08월 18일",
            ],
        ),
    ],
)
def test_each_day_asked_is_that_of_the_row_that_says_it(text: str, found: list[str]) -> None:
    assert days(text) == found


@pytest.mark.parametrize(
    "text", ["매수금액이 얼마야?", "제일 큰 금액은?", "동일 계열사야?", "왜 매수했어?", "대주주는 언제야?"]
)
def test_where_no_day_is_asked_or_none_says_it_there_is_none(text: str) -> None:
    assert days(text) == []


def test_the_day_stands_beside_the_figure() -> None:
    event = Filing("20250818000911", "1", "가온전자", "전환사채매수선택권행사", "B001", date(2025, 8, 18))
    text = "매수금액이 얼마고 돈은 언제 줌?"
    asked = days_asked(Question(text, terms=tokenizer().terms(text)))
    hit = Hit(Chunk("c", event.rcept_no, "1", 0, 0, "h", FORM), event, "본문", 1.0)
    (piece,) = gather([], [hit], {}, {}, Asked({"금액": 1.0}, days=asked), 3, 5_000)
    assert "8. 행사대가 지급(예정)일: 2025년 09월 07일" in piece.said[: piece.core]


@pytest.mark.parametrize(
    "text",
    [
        "끝나는 날이 원래 언제였고 언제로 바뀐거임?",
        "계약상대가 정정 전이랑 후에 어떻게 달라졌나요?",
        "정정 전후로 계약 이름이 어떻게 달라졌습니까?",
        "정정 전에는 몇 개월이었고 지금은?",
        "원래 얼마였는데 얼마로 늘어난 거야?",
    ],
)
def test_before_and_after_are_both_asked(text: str) -> None:
    assert asks_both(text)
    assert not asks_original(text)


@pytest.mark.parametrize(
    "text",
    [
        "정정 전에 계약상대가 뭐였어?",
        "처음 공시했을 때는 얼마였는데요?",
        "처음 공시한 종료일은 언제였어?",
        "원래 계약금액은?",
    ],
)
def test_what_stood_before_alone_is_asked(text: str) -> None:
    assert asks_original(text)
    assert not asks_both(text)


AMENDED = Filing("20250703000915", "1", "가온전자", "[기재정정]공급계약체결", "I001", date(2025, 7, 3))
LONG = (
    "상기 계약은 계약상대의 선택에 따라 계약일자로부터 {}개월 이내에 "
    "장기운송계약으로 변동될 수 있으며 금액이 바뀔 수 있습니다."
)


class _Amended:
    async def changes(self, _: str) -> list[Change]:
        return [
            Change("9. 기타 중요사항", LONG.format(6), LONG.format(8)),
            Change("3. 계약상대", "글로벌 기업", "아라모터스(가상)"),
            Change("6. 양수예정일자", "양수기준일 2025-03-15", "양수기준일 2025-03-31"),
        ]

    async def chunks_of(self, _: str) -> list[Any]:
        return [SimpleNamespace(text="| 6. 양수예정일자 | 양수기준일 | 2025-03-31 |")]


def told(text: str) -> str:
    return asyncio.run(amendment_of([AMENDED], cast(Corpus, _Amended()), text)) or ""


def test_the_change_asked_is_told_first_and_long_texts_where_they_differ() -> None:
    said = told("계약상대가 어떻게 바뀌었어?")
    assert said.index("글로벌 기업 → 아라모터스") < said.index("기타 중요사항")
    assert "6개월 이내에" in said
    assert "8개월 이내에" in said


def test_what_changed_by_another_name_is_not_called_unchanged() -> None:
    assert "그대로입니다" not in told("양수기준일이 바뀌었나요?")


def test_notes_stand_below_the_table_of_the_row() -> None:
    text = (
        "| 구분 | 당기 |\n| 과거근무원가(*2) | 125 |\n| 기타 | 3 |\n\n"
        "(*1) 전입액입니다.(*2) 임금 판결 때문입니다.\n\n다음"
    )
    assert notes_below(text, ["과거근무원가(*2) | 125"]) == ["(*2) 임금 판결 때문입니다."]
    assert notes_below(text, ["기타 | 3"]) == []


def test_what_something_is_for_is_said_with_other_words_than_why() -> None:
    assert "위한" in purpose_words("발행 목적이 뭐야?")
    assert purpose_words("발행 금액이 얼마야?") == ()
