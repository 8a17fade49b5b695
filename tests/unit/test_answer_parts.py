"""What passages say, which cells the words point at, rankings, ratios and trends."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.model import Chunk, Figure, Filing, Hit, Question
from core.rag.candidates.cells import event_figures
from core.rag.candidates.lookup import look_up
from core.rag.figures.ranking import ranking
from core.rag.figures.ratios import ratio, ratios_asked
from core.rag.figures.selection import choose
from core.rag.passages.evidence import gather
from core.rag.passages.picks import Asked
from core.rag.passages.statements import statements
from core.rag.question.asked import telling, units_asked, weigh
from core.rag.question.sought import Sought
from tests.doubles.gaon import ANNUAL, GAON

CONTRACT = Filing(
    "20250512800912", "09900011", "가온전자", "단일판매ㆍ공급계약체결", "I001", date(2025, 5, 12)
)
FILINGS = {filing.rcept_no: filing for filing in (ANNUAL, CONTRACT)}
BASE = Figure(
    rcept_no=ANNUAL.rcept_no, corp_code="09900011", account="영업이익", value=Decimal(5), unit="원",
    period="2024", basis="연결", section="III", table=1, row="영업이익", column="", row_no=1, column_no=1,
    cell="5",
)  # fmt: skip
EVENT = BASE._replace(rcept_no=CONTRACT.rcept_no, period=None, basis=None, section="계약")


def ask(text: str, *terms: str, intent: str = "figure", **more: object) -> Question:
    return replace(Question(text, companies=(GAON,), terms=terms, intent=intent), **more)  # type: ignore[arg-type]


def even(question: Question) -> dict[str, float]:
    return weigh(question, dict.fromkeys(question.terms, 1.0))


def test_rows_of_a_form_are_labels_and_a_value_and_long_cells_are_sentences() -> None:
    table = "| 2. 계약내역 | 계약금액(원) | 755,108 |\n| --- | --- | --- |\n| 3. 계약상대 | - |  |\n"
    note = f"| 9. 기타 | 1) 첫째 조건은 {'가' * 80}입니다.2) 대금은 2026년에 지급합니다. |"
    said = [one.shown for one in statements(table + note, form=True)]
    assert said[0] == "2. 계약내역 › 계약금액(원): 755,108"
    assert said[-1] == "2) 대금은 2026년에 지급합니다."
    assert not any("계약상대" in one for one in said)


def test_rows_of_a_report_carry_the_headers_of_their_columns() -> None:
    table = "| 구분 | 2024년 | 2023년 |\n| --- | --- | --- |\n| 스마트폰 | 22.6% | 20.0% |"
    (row,) = statements(table, form=False)
    assert (row.shown, row.quote) == ("스마트폰: 2024년 22.6%, 2023년 20.0%", "스마트폰 | 22.6% | 20.0%")


@given(st.text(alphabet="가나다. |-\n1)①2:", max_size=200), st.booleans())
def test_every_quote_stands_in_the_text(text: str, form: bool) -> None:
    for one in statements(text, form=form):
        assert one.quote in text


def test_words_of_asking_and_of_the_company_tell_nothing() -> None:
    question = ask("가온전자 잔금은 얼마?", "가온전자/N", "잔금/N", "얼마/N", "2024/SN")
    assert telling(question.terms, question) == {"잔금": "잔금/N"}
    assert units_asked("몇 주이고 몇 %예요?") == {"주", "%"}


def test_an_event_figure_is_taken_by_its_labels_and_unit() -> None:
    amount = EVENT._replace(account="계약금액", row="2. 계약내역 > 계약금액(원)", row_no=1)
    sales = EVENT._replace(account="최근매출액", row="2. 계약내역 > 최근매출액(원)", row_no=2)
    share = EVENT._replace(account="매출액대비", row="2. 계약내역 > 매출액대비(%)", unit="%", row_no=3)
    question = ask("계약은 얼마 규모예요?", "계약/N", "규모/N", intent="event")
    found = event_figures(question, even(question), [amount, sales, share])
    assert [one.label for one in found] == ["계약금액"]
    equity = EVENT._replace(account="자기자본", row="2. 투자내역 > 자기자본(원)", row_no=4, period="2024")
    named = ask("작년 말 자기자본은 얼마?", "자기/N", "자본/N", accounts=("자본총계",), period="2024.12 말")
    found = event_figures(named, even(named), [amount, equity])
    assert [one.label for one in found] == ["자기자본"]
    other = ask("부채비율은 몇 %예요?", "부채/N", "비율/N", accounts=("부채비율",))
    assert event_figures(other, even(other), [amount, sales, share]) == []


def test_a_cell_of_a_report_answers_only_when_its_labels_say_nearly_all_and_agree() -> None:
    share = BASE._replace(
        account="시장점유율", segment="스마트폰", row="스마트폰", unit="%", caption="시장점유율"
    )
    question = ask("스마트폰 시장 점유율은?", "스마트폰/N", "시장/N", "점유/N", period="2024")
    sought = Sought(question, even(question))
    assert look_up(sought, [share], FILINGS) == [share]
    rival = share._replace(value=Decimal(9), cell="9", row_no=2)
    assert look_up(sought, [share, rival], FILINGS) == []
    assert look_up(Sought(replace(question, period="2023"), even(question)), [share], FILINGS) == []


def test_parts_are_ranked_within_one_table() -> None:
    parts = [
        BASE._replace(value=Decimal(value), cell=str(value), segment=name, row=name, row_no=value)
        for value, name in ((3, "가전 부문"), (9, "반도체 부문"), (5, "화면 부문"), (17, "합계"))
    ]
    most = ask("영업이익이 가장 큰 부문은?")
    assert [one.source.segment for one in ranking(most, [["영업이익"]], parts, FILINGS) if one.source] == [
        "반도체 부문"
    ]
    every = ask("부문별 영업이익을 순서대로")
    assert [int(one.value) for one in ranking(every, [["영업이익"]], parts, FILINGS)] == [9, 5, 3]
    assert ranking(ask("영업이익은?"), [["영업이익"]], parts, FILINGS) == []


def test_a_ratio_is_computed_of_one_filing_and_basis_only() -> None:
    debt = BASE._replace(
        account="부채총계", value=Decimal(50), cell="50", period="2024.12 말", row="부채총계"
    )
    equity = debt._replace(account="자본총계", value=Decimal(200), cell="200", row="자본총계", row_no=2)
    question = ask("2024년 부채비율은?", period="2024")
    ((above, below, name),) = ratios_asked(question.text)
    made, *parts = ratio(question, name, (above, below), [debt, equity], FILINGS, [])
    assert (made.value, made.text) == (Decimal("25.00"), "25.00%")
    assert made.formula == "부채총계 50 ÷ 자본총계 200 × 100"
    assert [one.source for one in parts] == [debt, equity]
    apart = equity._replace(basis="별도")
    assert ratio(question, name, (above, below), [debt, apart], FILINGS, []) == []


def test_a_trend_is_the_years_of_one_row_newest_first() -> None:
    years = [
        BASE._replace(value=Decimal(n), cell=str(n), period=str(2020 + n), column_no=n) for n in (2, 3, 4)
    ]
    question = ask("영업이익 추이는?", accounts=("영업이익",))
    found = choose(question, [["영업이익"]], years, FILINGS, [])
    assert [one.period for one in found] == ["2024", "2023", "2022"]


def test_each_statement_said_must_tell_something_new() -> None:
    text = "잔금은 30%입니다.\n계약은 2026년에 끝납니다.\n잔금은 나중에 냅니다."
    chunk = Chunk("1", CONTRACT.rcept_no, "09900011", 0, 0, "가온전자 › 계약", text)
    question = ask("계약 잔금은?", "계약/N", "잔금/N")
    (piece,) = gather([], [Hit(chunk, CONTRACT, "계약", 1.0)], {}, FILINGS, Asked(even(question)), 3, 1_000)
    assert (piece.core, piece.said[:2]) == (2, ("잔금은 30%입니다.", "계약은 2026년에 끝납니다."))
    assert piece.quote in text


def test_lost_line_breaks_part_statements_and_footnote_marks_do_not() -> None:
    text = (
        "지급일: 2025년 4월 30일- 양수금액은 나누어 지급할 예정임3) 자금은 보유자금(주1) 참고)임"
        " ㅇ 공급 기간은 15년임"
    )
    assert [one.shown for one in statements(text, form=True)] == [
        "지급일: 2025년 4월 30일",
        "- 양수금액은 나누어 지급할 예정임",
        "3) 자금은 보유자금(주1) 참고)임",
        "ㅇ 공급 기간은 15년임",
    ]
