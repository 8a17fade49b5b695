"""What is quoted says a thing of the kind asked: a name, a day, so many, beside the words asked."""

from datetime import date
from functools import cache

import pytest

from core.model import Chunk, Filing, Hit, Question
from core.models.kiwi import KiwiTokenizer
from core.rag.passages.kinds import leads
from core.rag.passages.statements import statements
from core.rag.question.kinds import parts_asked, ways_of
from core.rag.question.roles import labels_asked

REPORT = Filing(
    "20250318000911", "09900011", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
)
EVENT = Filing("20250512800911", "09900011", "가온", "투자판단", "I001", date(2025, 5, 12))
GROUP = """가. 기업집단에 관한 사항
2024년말 현재 가온그룹에는 33개의 국내 계열회사가 있습니다. 이중 상장사는 총 6개사입니다.
나. 윤리지원인에 관한 사항
| 구 분 |  | 내 용 |
| --- | --- | --- |
| 1. 인적사항 | 성명 | 서도현 |
| 1. 인적사항 | 출생연월 | 1970.02 |
※ 윤리지원인은 관련 법령의 요건을 충족하고 있습니다."""
CONTRACTS = """다. 경영상의 주요 계약
| 계약 상대방 | 항 목 | 내 용 |
| --- | --- | --- |
| Sentra | 계약 유형 | 상호 특허 사용 계약 |
| Sentra | 체결기간 | 2019.01.01~2026.12.31 |
| Dolmen | 체결시기 | 2015.03.02 |
라. 매출처
주요 매출처는 Borealis, Camden Telecom, Sentra 등입니다. 3대 매출처에 대한 매출비중은 약 21% 수준입니다."""
PATENTS = """당사는 세계적으로 총 8,120건의 특허를 보유하고 있습니다.
[국가별 등록 건수(2024년말 누적)]
(단위: 건)
| 구분 | 한국 | 미국 | 계 |
| --- | --- | --- | --- |
| 등록건수 | 3,020 | 4,100 | 8,120 |
2024년 중 국내 특허 210건, 미국 특허 190건 등을 등록하였습니다."""
SOLD = """제외된 종속기업은 다음과 같습니다.
| 소재지 | 회사명 | 사유 |
| --- | --- | --- |
| 국내 | 주식회사 다솜소재 | 합병 |
| 국내 | 주식회사 누리식품 | 종속기업의 지분매각 |
| 국내 | 주식회사 한빛몰 | 종속기업의 지분매각 |"""
JOINED = """당기 중 신규로 연결재무제표에 포함된 종속기업은 다음과 같습니다.
| 소재지 | 회사명 | 사유 |
| --- | --- | --- |
| 국내 | 주식회사 새봄유통 | 신규설립 |
| 국내 | 주식회사 큰들물산 | 지분취득 |
당기 중 연결재무제표에서 제외된 종속기업은 다음과 같습니다.
| 소재지 | 회사명 | 사유 |
| --- | --- | --- |
| 국내 | 주식회사 다솜소재 | 합병 |
| 국내 | 주식회사 가온전자서비스 | 합병 |
| 국내 | 주식회사 누리식품 | 종속기업의 지분매각 |"""
NOTED = (
    "| 2. 계약내역 | 계약금액(원) | 1,500,000,000 |\n"
    "| 9. 기타 | - 상기 계약금액은 USD 1,200,000에 공시일의 최초 고시 매매기준율"
    "(1 USD = 1,250.00 KRW)을 적용하여 산출함 - 평가한 사업부의 가치는 9조 5,000억원(USD 83억)에서 "
    "11조 1,000억원(USD 97억)의 범위에 있을 것으로 산출됨 |"
)
MILL = (
    "| 2. 주요내용 | ○ 투자 개요 : 제철소 건설 - 생산능력 : 연간 120만톤(열연) "
    "○ 목적 : 공급망 강화 ○ 장소 : 남동부 테네시 주 ○ 건설기간 : 2027년 3분기 ~ 2030년 1분기 |\n"
    "| 3. 이사회결의일(결정일) | 2025-05-11 |"
)


@cache
def tokenizer() -> KiwiTokenizer:
    return KiwiTokenizer()


def told(text: str, *passages: str, filing: Filing = REPORT) -> list[str]:
    question = Question(text, terms=tokenizer().terms(text))
    weights = {term.partition("/")[0]: 3.0 for term in question.terms}
    hits = [
        Hit(Chunk(str(n), filing.rcept_no, filing.corp_code, n, n, "가온전자", one), filing, "본문", 1.0)
        for n, one in enumerate(passages)
    ]
    parts = parts_asked(question, weights)
    return [
        one.statement.shown for one in leads(parts, hits, (), ways_of(question), labels_asked(question.text))
    ]


def test_a_name_is_the_value_of_the_row_below_the_heading_asked() -> None:
    (said,) = told("윤리지원인 이름", GROUP)
    assert said == "윤리지원인에 관한 사항 › 1. 인적사항 › 성명: 서도현"


def test_each_part_is_answered_by_its_own_statement() -> None:
    said = told("국내 계열사는 몇 개사인지, 상장/비상장 나눠서 알려주세요.", GROUP)
    assert "33개의 국내 계열회사" in said[0]
    assert "상장사는 총 6개사" in said[1]


def test_a_row_of_the_one_named_and_no_other_gives_the_days() -> None:
    said = told("센트라랑 맺은 특허 계약 체결기간은?", CONTRACTS)
    assert said[-1].endswith("Sentra › 체결기간: 2019.01.01~2026.12.31")
    assert not any("Dolmen" in one for one in said)


def test_a_list_and_a_rate_are_two_statements() -> None:
    said = told("주요 매출처 3곳은 어디이고, 합쳐서 매출의 어느 정도를 차지하나요?", CONTRACTS)
    assert "Borealis, Camden Telecom" in said[0]
    assert "약 21%" in said[-1]


def test_a_row_below_the_sentence_that_answers_tells_its_part() -> None:
    said = told("2024년말 보유한 특허가 세계에 몇 건이고 그중 미국은?", PATENTS)
    assert "총 8,120건" in said[0]
    assert "미국 4,100" in said[1]


def test_so_many_rows_as_are_asked() -> None:
    said = told("지분매각으로 빠진 종속회사 이름 두 개 알려줘", SOLD)
    assert len(said) == 2
    assert "누리식품" in said[0]
    assert "한빛몰" in said[1]


def test_an_event_is_about_what_its_whole_form_names() -> None:
    said = told("테네시 제철소 연산 몇 만톤짜리고 언제 짓기 시작해서 언제 끝나?", MILL, filing=EVENT)
    assert any("120만톤" in one for one in said)
    assert any("2027년 3분기 ~ 2030년 1분기" in one for one in said)


@pytest.mark.parametrize(
    "text",
    [
        "소액주주는 몇 명이야?",  # of whom nothing is said, though people are counted
        "해외 특허 소송은 몇 건이야?",
        "제철소 투자액은 얼마야?",
    ],
)
def test_a_thing_of_the_kind_without_its_matter_is_none(text: str) -> None:
    assert told(text, GROUP, CONTRACTS) == []


def test_another_issue_is_not_the_one_asked() -> None:
    bonds = "제 37회 신종자본증권은 2024년 11월 28일에 상환하였습니다."
    assert told("3회 신종자본증권은 언제 상환했어?", bonds) == []
    assert told("37회 신종자본증권은 언제 상환했어?", bonds) == [bonds]


def test_a_table_s_caption_ends_with_it() -> None:
    last = statements(PATENTS, form=False)[-1]
    assert "190건" in last.shown
    assert last.over == ""


def test_what_is_listed_are_the_rows_of_the_table_that_a_sentence_announces() -> None:
    left = told("연결에서 2024년 중에 빠진 자회사들 뭐뭐 있나요? 사유도", JOINED)
    assert {one.partition(", ")[0].split()[-1] for one in left} == {"다솜소재", "가온전자서비스", "누리식품"}
    joined = told("2024년에 새로 연결에 편입된 종속회사들은 뭐뭐 있어?", JOINED)
    assert [one.partition(", ")[0].split()[-1] for one in joined] == ["새봄유통", "큰들물산"]


def test_rows_about_the_same_thing_tell_what_each_leaves_unsaid() -> None:
    (said,) = told("센트라 상호 특허 크로스라이선스 계약기간 언제까지야?", CONTRACTS)
    assert said.endswith("Sentra › 체결기간: 2019.01.01~2026.12.31")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("공급 계약 달러로는 얼마야?", "USD 1,200,000"),
        ("공급 계약 적용 환율은?", "1,250.00 KRW"),
        ("사업부 가치를 원화로 얼마에서 얼마 사이로 봤어?", "9조 5,000억원"),
    ],
)
def test_amounts_of_other_currencies_rates_and_ranges(text: str, said: str) -> None:
    assert any(said in one for one in told(text, NOTED, filing=EVENT))


def test_no_exchange_rate_is_none() -> None:
    assert (
        told(
            "공급 계약 적용 환율은 몇 원이야?", "| 2. 계약내역 | 계약금액(원) | 1,500,000,000 |", filing=EVENT
        )
        == []
    )
