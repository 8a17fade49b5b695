"""An event of others is no answer: who or where a question names must stand in the filing it is told of."""

import asyncio
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.model import AnswerFigure, Chunk, Company, Filing, Hit, Question
from core.models.kiwi import KiwiTokenizer
from core.ports import Corpus
from core.rag.candidates.fitting import fits_kind
from core.rag.passages.parties import names_it, of_parties, parties
from core.rag.refusal import refuse

GAON = Company("09900011", "가온전자")
EVENT = Filing("20250512800911", "09900011", "가온전자", "단일판매ㆍ공급계약체결", "I001", date(2025, 5, 12))
REPORT = Filing(
    "20250318000911", "09900011", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
)
FORM = "| 3. 계약상대 | 테슬라(Tesla, Inc.) |\n| 5. 계약기간 | 종료일 | 2033-12-31 |"
TEXT = "| Qualcomm | 체결기간 | 2018.01.01~2023.12.31 |"


@cache
def tokenizer() -> KiwiTokenizer:
    made = KiwiTokenizer()
    made.add_names([GAON.corp_name])
    return made


def chunk(text: str, filing: Filing) -> Chunk:
    return Chunk(filing.rcept_no, filing.rcept_no, filing.corp_code, 0, 0, "가온전자", text)


class _Corpus:
    async def chunks_of(self, rcept_no: str) -> list[Chunk]:
        return [chunk(FORM, EVENT)]


def kept(text: str) -> tuple[list[str], list[str]]:
    question = Question(text, companies=[GAON])
    hits = [Hit(chunk(FORM, EVENT), EVENT, "본문", 1.0), Hit(chunk(TEXT, REPORT), REPORT, "본문", 0.9)]
    named = parties(question, tokenizer().names)
    found, unnamed = asyncio.run(of_parties(question, hits, named, cast(Corpus, _Corpus())))
    return [hit.filing.report_nm for hit in found], list(unnamed)


def test_the_report_answers_where_the_event_names_another() -> None:
    assert kept("가온전자가 퀄컴이랑 맺은 특허 계약 언제 끝나?") == (["사업보고서"], [])
    assert kept("가온전자 테슬라랑 맺은 계약 언제 끝나?")[0][0] == "단일판매ㆍ공급계약체결"


def test_who_no_filing_names_is_told_to_be_missing() -> None:
    hits, unnamed = kept("가온전자가 엔비디아랑 맺은 계약 언제 끝나?")
    assert (hits, unnamed) == ([], ["엔비디아"])
    reason, text = refuse(Question("…", companies=[GAON]), [EVENT], unnamed)
    assert reason == "not_in_corpus"
    assert text.startswith("엔비디아를 가온전자의 공시에서 찾지 못해")


def test_brackets_and_a_year_may_follow_the_other_side() -> None:
    text = "가온전자가 Qualcomm(칩 회사)하고 22년 상반기에 거래한 금액은?"
    assert kept(text) == (["사업보고서"], [])


def test_a_question_that_names_nobody_keeps_all() -> None:
    assert len(kept("가온전자 공급 계약 언제 끝나?")[0]) == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("현대차", "계약상대: 현대자동차 주식회사"),
        ("아마존게임즈", "계약상대: Amazon Games"),
        ("노키아", "Google(2014.01.), Nokia(2018.10.) 등과의 계약"),
        ("퀄컴", "Qualcomm"),
    ],
)
def test_a_name_is_known_in_either_script_and_cut_short(name: str, text: str) -> None:
    assert names_it(name, text)
    assert not names_it(name, "계약상대: 다솜소재")


def figure(label: str, unit: str, period: str | None = None) -> AnswerFigure:
    return cast(
        AnswerFigure,
        SimpleNamespace(label=label, unit=unit, period=period, cells=[SimpleNamespace(row=label, column="")]),
    )


def test_a_share_is_no_rise_and_a_flow_is_not_held() -> None:
    rise = cast(Any, Question("원재료 값이 얼마나 올랐어?"))
    assert not fits_kind(rise, figure("모듈 비중", "%"))
    assert fits_kind(rise, figure("모듈 가격 상승률", "%"))
    held = Question("연말에 보유한 특허는 몇 건?", period="2024.12 말")
    assert not fits_kind(held, figure("미국", "건", "2024.12 누적"))
    assert fits_kind(held, figure("미국", "건", "2024.12 말"))


def test_what_a_form_compares_with_is_not_its_amount_though_a_remark_dates_it() -> None:
    asked = Question("계약금액이 얼마였죠?")
    assert not fits_kind(asked, figure("최근매출액", "원"))
    sales = figure("최근매출액", "원", "2024")
    sales.cells[0].row = "2. 계약내역 > 최근매출액(원)"  # type: ignore[misc]
    assert not fits_kind(asked, sales)
    assert fits_kind(Question("최근매출액이 얼마였죠?"), sales)
