"""A figure that its filing tells in two ways: the answer says both, with their places, and picks none."""

import asyncio
from decimal import Decimal

import pytest

from core.model import Brief, Evidence, Figure, Level, Question
from core.models.extractive import ExtractiveWriter, write
from core.rag.figures.disputes import disputed_sentence
from core.rag.figures.ratios import ratio
from core.rag.figures.selection import choose
from core.rag.verify import Verifier
from core.rag.writing import Writing
from tests.doubles.gaon import ANNUAL, GAON
from tests.unit.test_verify import TERMS

SUMMARY = Figure(
    ANNUAL.rcept_no,
    ANNUAL.corp_code,
    "매출액",
    Decimal(100_000_000),
    "원",
    "2024",
    "연결",
    "III. 재무에 관한 사항 > 1. 요약재무정보",
    7,
    "매출액",
    "제31기",
    1,
    1,
    "100",
    10**6,
    disputed=True,
)
STATEMENT = SUMMARY._replace(
    account="수익(매출액)",
    row="수익(매출액)",
    value=Decimal(105_000_000),
    cell="105",
    table=13,
    section="III. 재무에 관한 사항 > 2. 연결재무제표",
)
EARLIER = SUMMARY._replace(period="2023", value=Decimal(90_000_000), cell="90", column_no=2, disputed=False)
XBRL = SUMMARY._replace(basis="별도", origin="xbrl")
GROUPS = [["매출액", "수익(매출액)"]]


def asked(*found: Figure, text: str = "2024년 매출액은?") -> list[Figure | None]:
    question = Question(text, companies=(GAON,), period="2024", compare=True)
    return [a.source for a in choose(question, GROUPS, found, {ANNUAL.rcept_no: ANNUAL}, [])]


def test_both_values_are_chosen_and_no_rate_is_computed() -> None:
    assert asked(SUMMARY, STATEMENT, EARLIER) == [SUMMARY, STATEMENT]


def test_one_cell_read_two_ways_gives_both_readings() -> None:
    assert asked(XBRL, SUMMARY, EARLIER) == [SUMMARY, XBRL]


def test_figures_nobody_disputes_are_compared_as_ever() -> None:
    calm = SUMMARY._replace(disputed=False)
    assert asked(calm, EARLIER) == [calm, EARLIER, None]
    assert asked(calm, EARLIER._replace(disputed=True)) == [calm]


def test_a_ratio_of_a_disputed_figure_is_not_computed() -> None:
    debts = SUMMARY._replace(account="부채총계", row="부채총계", disputed=False)
    parts = (("부채총계",), ("매출액", "수익(매출액)"))
    question = Question("부채비율", companies=(GAON,), period="2024")
    filings = {ANNUAL.rcept_no: ANNUAL}
    assert ratio(question, "부채비율", parts, [debts, SUMMARY, STATEMENT], filings, []) == []
    calm = SUMMARY._replace(disputed=False)
    assert len(ratio(question, "부채비율", parts, [debts, calm], filings, [])) == 3  # and its parts


BOTH = (
    "가온전자의 매출액은 같은 공시 안에 서로 다르게 적혀 있어 {}:"
    " 2024년 연결 기준 1억원(요약재무정보, 표 7 ‘매출액’ 행) [1],"
    " 2024년 연결 기준 1억 500만원(연결재무제표, 표 13 ‘수익(매출액)’ 행) [2]."
)


@pytest.mark.parametrize(
    ("level", "ending"),
    [
        (Level.BEGINNER, "한 숫자로 말할 수 없어요"),
        (Level.INTERMEDIATE, "하나로 확정할 수 없습니다"),
        (Level.ADVANCED, "하나로 확정할 수 없습니다"),
    ],
)
def test_the_answer_names_both_values_with_their_places(level: Level, ending: str) -> None:
    question = Question("2024년 매출액은?", companies=(GAON,), period="2024")
    shown = choose(question, GROUPS, [SUMMARY, STATEMENT, EARLIER], {ANNUAL.rcept_no: ANNUAL}, [])
    evidence = [
        Evidence(n, ANNUAL, f.section, f"{f.row} | {f.cell}", f"{f.row} | {f.cell}", (f,))
        for n, f in enumerate((SUMMARY, STATEMENT), 1)
    ]
    brief = Brief(question, level, evidence, shown, (), "", "")
    written = asyncio.run(Writing(brief, TERMS, str, 2025).write([ExtractiveWriter()], str))
    assert written.text.splitlines()[0] == BOTH.format(ending)
    assert written.dropped == 0
    assert [citation.n for citation in written.citations] == [1, 2]


def test_a_value_whose_rival_is_not_at_hand_is_not_said_for_sure() -> None:
    question = Question("2024년 매출액은?", companies=(GAON,), period="2024")
    shown = choose(question, GROUPS, [SUMMARY], {ANNUAL.rcept_no: ANNUAL}, [])
    evidence = [Evidence(1, ANNUAL, SUMMARY.section, "매출액 | 100", "매출액 | 100", (SUMMARY,))]
    text = "".join(write(Brief(question, Level.INTERMEDIATE, evidence, shown, (), "", "")))
    assert text.splitlines()[0] == (
        "가온전자의 매출액은 2024년 연결 기준 1억원(요약재무정보, 표 7 ‘매출액’ 행) [1]인데,"
        " 같은 공시에 다른 값도 적혀 있어 확정할 수 없습니다."
    )


def test_a_model_that_says_one_of_the_values_is_not_heard() -> None:
    question = Question("2024년 매출액은?", companies=(GAON,), period="2024")
    disputed = choose(question, GROUPS, [SUMMARY, STATEMENT, EARLIER], {ANNUAL.rcept_no: ANNUAL}, [])
    evidence = [
        Evidence(n, ANNUAL, f.section, f"{f.row} | {f.cell}", f"{f.row} | {f.cell}", (f,))
        for n, f in enumerate((SUMMARY, STATEMENT), 1)
    ]
    verifier = Verifier(evidence, disputed, TERMS)
    assert verifier.keep("가온전자의 2024년 연결 기준 매출액은 1억원입니다 [1].") is None
    assert verifier.keep(disputed_sentence(disputed, evidence, Level.ADVANCED)) is not None
