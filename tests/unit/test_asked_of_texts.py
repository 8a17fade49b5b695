"""What is asked in words: whose act it is, what an amendment says, limits, footnotes."""

import asyncio
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.amendment import Change
from core.model import Chunk, Company, Filing, Hit, Level
from core.ports import Corpus
from core.profile.glossary import load_glossary
from core.rag.amendment import amendment_of
from core.rag.choice import only_when_or_why
from core.rag.language.accounts import find_accounts
from core.rag.language.companies import find_companies
from core.rag.language.wording import copula
from core.rag.passages.evidence import gather
from core.rag.passages.picks import Asked
from core.rag.question.expansion import expanded, formal_words
from core.rag.question.intent import asks_bound, asks_original
from core.rag.question.roles import labels_asked
from core.rag.refusal import refuse
from core.rag.understand import understand

TODAY = date(2025, 11, 24)
GAON = Company("1", "가온전자")
HANBIT = [Company("2", "한빛반도체"), Company("3", "한빛약품"), Company("4", "한빛오토링크")]


def intent(text: str) -> str:
    return understand(text, named=find_companies(text, [GAON]), today=TODAY, lay=lambda _: []).intent


@pytest.mark.parametrize(
    "text",
    [
        "월급 250인데 적금 깨서 가온전자 몰빵해도 되나",
        "대출 받아서 가온전자 들어가면 어떨까요",
        "내 돈 오백만원 가온전자에 묻어 두면 괜찮을까",
        "가온전자 목표가 얼마야?",
    ],
)
def test_who_speaks_of_their_own_money_asks_for_advice(text: str) -> None:
    assert intent(text) == "advice"


@pytest.mark.parametrize(
    "text", ["가온전자 배당이 5년 뒤에는 얼마가 될지 예측해줘", "가온전자 2027년 매출액은?"]
)
def test_a_forecast_is_a_prediction(text: str) -> None:
    assert intent(text) == "prediction"


@pytest.mark.parametrize(
    "text",
    [
        "가온전자 공장 완공 목표가 몇 년 밀린 거야?",
        "가온전자가 2033년까지 안 밝히는 항목은?",
        "가온전자 계약은 2031년 언제 끝나나요?",
        "가온전자 투자금은 자기 돈과 빌린 돈이 몇 대 몇이야?",
        "가온전자 예상 투자금액은?",
    ],
)
def test_what_a_filing_says_of_days_to_come_is_answered(text: str) -> None:
    assert intent(text) not in ("advice", "prediction")


def test_a_front_of_several_names_means_them_all() -> None:
    assert find_companies("한빛 공시에 나온 금액은?", HANBIT) == (HANBIT, True)


def test_a_name_without_its_foreign_legal_form() -> None:
    abroad = Company("5", "ABC Ent.")
    assert find_companies("ABC 계약은?", [abroad]) == ([abroad], False)


def test_a_company_that_is_not_here_is_no_chat() -> None:
    question = understand(
        "다누리는 2024년에 흑자 났나요?",
        named=([], False),
        today=TODAY,
        lay=lambda _: [],
        terms=("다누리/N",),
    )
    assert refuse(question, [])[0] == "not_in_corpus"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("무엇 때문에 배를 주문해?", "목적"),
        ("1년에 몇 톤 규모야?", "투자규모"),
        ("앞서 나온 관련 공시는 며칠 자야?", "관련공시일"),
        ("왜 정정됐어?", "정정사유"),
    ],
)
def test_labels(text: str, label: str) -> None:
    assert label in labels_asked(text)


def test_the_amendment_says_when_its_original_came() -> None:
    assert not asks_original("무슨 사유로 정정됐고, 처음 공시는 언제 냈던 건가요?")
    assert asks_original("정정 전 금액은?")


AMENDED = Filing(
    "20250703000915",
    "1",
    "가온전자",
    "[기재정정]신규시설투자등",
    "I001",
    date(2025, 7, 3),
    supersedes="20240105000001",
)
FORM = (
    "| 항 목 | 정정사유 | 정정 전 | 정정 후 |\n|---|---|---|---|\n"
    "| 4. 투자기간 | 설비 반입 지연 | 2024-12-31 | 2026-12-31 |"
)


class _Amended:
    async def changes(self, _: str) -> list[Change]:
        return [Change("4. 투자기간", "2024-12-31", "2026-12-31")]

    async def chunks_of(self, _: str) -> list[Any]:
        return [SimpleNamespace(text=FORM)]


def test_an_amendment_says_why_and_by_how_much() -> None:
    said = asyncio.run(amendment_of([AMENDED], cast(Corpus, _Amended()), "왜 정정됐어?"))
    assert said
    assert "정정 사유: 설비 반입 지연" in said
    assert "2026-12-31 (2년 늦어짐)" in said
    assert "2024-01-05 접수" in said


class _AmendedTwice(_Amended):
    async def changes(self, _: str) -> list[Change]:
        return [
            Change("4. 투자기간", "2024-12-31", "2026-12-31"),
            Change("9. 향후 계획", "-", "해당사항 없음"),
        ]

    async def chunks_of(self, rcept_no: str) -> list[Any]:
        more = "\n| 9. 향후 계획 | 서식 변경 | - | 해당사항 없음 |\n\n| 2. 투자내역 | 투자금액(원) | 900 |"
        return [SimpleNamespace(text=FORM + more)]


def test_each_item_has_its_own_reason_and_what_stayed_is_said() -> None:
    corpus = cast(Corpus, _AmendedTwice())
    said = asyncio.run(amendment_of([AMENDED], corpus, "또 정정된 항목이 있나? 사유는?")) or ""
    assert "(사유: 설비 반입 지연)" in said
    assert "(사유: 서식 변경)" in said
    kept = asyncio.run(amendment_of([AMENDED], corpus, "정정하면서 투자금액도 줄였어? 기간이랑")) or ""
    assert "물으신 투자금액은 바뀌지 않고 그대로입니다" in kept


def test_a_limit_is_not_the_ratio() -> None:
    assert asks_bound("부채비율은 얼마 이하로 지켜야 합니까?")
    assert not asks_bound("부채비율이 얼마야?")


def test_a_row_that_answers_brings_its_footnote() -> None:
    text = (
        "| 구분 | 당기 |\n|---|---|\n| 과거근무원가(*) | 125 |\n\n"
        "(*) 임금 판결로 인한 일시적 비용이 포함되어 있습니다."
    )
    report = Filing(
        "20250318000911", "1", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
    )
    hit = Hit(Chunk("c", report.rcept_no, "1", 0, 0, "h", text), report, "주석", 1.0)
    (piece,) = gather([], [hit], {}, {}, Asked({"과거근무원가": 1.0}), 3, 1000)
    assert "판결" in piece.said[1]
    assert piece.core == 2


@pytest.mark.parametrize(
    ("text", "end"), [("3억원", "이에요"), ("7.9%", "예요"), ("100주", "예요"), ("3명", "이에요")]
)
def test_the_copula_follows_the_last_sound(text: str, end: str) -> None:
    assert copula(text, Level.BEGINNER) == end
    assert copula(text, Level.ADVANCED) == "입니다"


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("새 주식이 언제 거래돼?", True),
        ("왜 미뤄졌어?", True),
        ("언제, 얼마에 팔았어?", False),
        ("매출액은?", False),
    ],
)
def test_when_and_why_ask_for_no_number(text: str, only: bool) -> None:
    assert only_when_or_why(text) is only


def test_everyday_words_are_searched_for_as_filings_say_them() -> None:
    glossary = load_glossary()
    text = "이 회사 빚이 얼마나 있어?"
    words = formal_words(text, find_accounts(text, glossary.formal), glossary)
    assert "부채총계" in words
    assert expanded(text, (), glossary).startswith(text)
    assert formal_words("어떤 제품을 만들어?", (), glossary) == []
