"""The most and the least of what a form's table lists, and who was absent: the cells asked and no others."""

from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from core.model import Chunk, Figure, Filing, Hit, Question, address
from core.models.kiwi import KiwiTokenizer
from core.rag.candidates.cells import event_figures, nearest
from core.rag.candidates.extremes import extremes
from core.rag.candidates.fitting import fits_kind, telling_hits
from core.rag.language.shown import shown
from core.rag.passages.announced import announced
from core.rag.passages.events import of_type_named
from core.rag.passages.rows import rows_of_others
from core.rag.question.intent import asks_pay
from core.rag.question.sought import Sought

EVENT = Filing("20250512000911", "09900011", "가온전자", "매수선택권행사", "B001", date(2025, 5, 12))
REPORT = Filing(
    "20250318000911", "09900011", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
)
HELD = "매수선택권행사 사채의권면금액(원)"


@cache
def tokenizer() -> KiwiTokenizer:
    return KiwiTokenizer()


def asks(text: str, told: tuple[Figure, ...] = ()) -> Question:
    return Question(text, terms=tuple(tokenizer().terms(text)), told=[address(cell) for cell in told])


def cell(row: str, value: int, row_no: int, column: str = HELD, unit: str = "원", table: int = 7) -> Figure:
    label = row.split(" > ")[-1]
    return Figure(
        EVENT.rcept_no, EVENT.corp_code, label, Decimal(value), unit, None, None, "행사내역", table, row,
        column, row_no, 4, f"{value:,}",
    )  # fmt: skip


PERSONS = [cell(name, value, n) for n, (name, value) in enumerate(
    (("서도현", 270), ("문가람", 180), ("반하늘", 230), ("도새론", 84))
)]  # fmt: skip
SHARES = [
    cell(f"재무내용 > {name}", value, n, "비중(%)(A/B)", "%", 9)
    for n, (name, value) in enumerate((("자산액", 12), ("매출액", 17), ("부채액", 28)))
]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("제일 많이 받은 사람이랑 제일 적게 받은 사람은 누구?", ["서도현", "도새론"]),
        ("그럼 두 번째로 많은 사람은?", ["반하늘"]),
        ("아홉 명 중 9번째로 많은 사람은?", []),
        ("도새론은 얼마?", []),
    ],
)
def test_the_column_told_before_is_ranked(text: str, rows: list[str]) -> None:
    assert [one.row for one in extremes(asks(text, (PERSONS[1],)), [*PERSONS, *SHARES])] == rows


def test_rows_named_or_a_header_named_tell_the_column() -> None:
    every = [*PERSONS, *SHARES]
    shares = extremes(asks("자산·매출·부채 중 비중이 가장 큰 건 몇 %, 제일 작은 건 몇 %?"), every)
    assert [one.value for one in shares] == [28, 12]
    assert [one.row for one in extremes(asks("권면금액 제일 많이 가져간 사람은?"), every)] == ["서도현"]
    assert extremes(asks("계약 중 제일 큰 건?"), every) == []
    tied = [*PERSONS, cell("한겨울", 270, 9)]
    assert extremes(asks("권면금액 제일 많이 가져간 사람은?"), tied) == []


def test_what_no_column_ranks_is_no_figure_of_another() -> None:
    question = asks("그중 두 번째로 많은 사람은?", (cell("어디", 1, 0, table=1),))
    assert event_figures(question, {"사람": 1.0}, PERSONS) == []


def test_who_was_absent_is_told_beside_or_instead() -> None:
    there = cell("14. 이사회결의일 > 사외이사 참석여부 > 참석 (명)", 8, 3, "", "명", 2)
    absent = cell("사외이사 참석여부 > 불참 (명)", 1, 4, "", "명", 2)

    def told(text: str) -> list[int]:
        sought = Sought(asks(text), {"사외이사": 2.0, "참석": 2.0})
        return [int(one.value) for one in nearest(sought, [shown(there)], [there, absent])]

    assert told("사외이사가 몇 명 참석하고 몇 명 빠졌죠?") == [8, 1]
    assert told("사외이사는 몇 명 불참했어?") == [1]
    assert told("사외이사는 몇 명 참석했어?") == [8]


def test_rows_of_other_persons_are_not_shown() -> None:
    table = (
        "| 행사자명 | 관계 | 권면금액(원) |\n| --- | --- | --- |\n"
        "| 서도현 | 임원 | 270 |\n| 문가람 | 임원 | 180 |\n\n| 문가람 | 본인 | 1,200 |"
    )
    sections = {(EVENT.rcept_no, "행사내역"): table}
    other = rows_of_others([shown(PERSONS[0])], "임원서도현몫은?", sections)
    assert "문가람 | 임원 | 180" in other
    assert not other & {"서도현 | 임원 | 270", "문가람 | 본인 | 1,200"}
    assert rows_of_others([shown(PERSONS[0])], "임원몫은?", sections) == set()


def test_a_contract_s_form_does_not_tell_a_report_s_account() -> None:
    hits = [
        Hit(
            Chunk(str(n), filing.rcept_no, filing.corp_code, n, 0, "가온전자", "계약금액 100"),
            filing,
            "본문",
            1.0,
        )
        for n, filing in enumerate((EVENT, REPORT))
    ]
    sales = Question("2024년 연간 매출액 알려줘", accounts=["매출액"], period="2024", intent="figure")
    assert [hit.filing for hit in telling_hits(sales, hits, ())] == [REPORT]
    assert len(telling_hits(sales, hits, [shown(PERSONS[0])])) == 2
    contract = Question("2024년 계약의 최근 매출액은", accounts=["매출액"], period="2024", intent="figure")
    assert len(telling_hits(contract, hits, ())) == 2


def test_an_amount_is_no_name_and_pay_is_an_amount() -> None:
    assert not fits_kind(Question("새로 편입된 회사들은 뭐뭐 있어?"), shown(PERSONS[0]))
    assert fits_kind(Question("편입된 회사들은 뭐뭐고 금액은 얼마야?"), shown(PERSONS[0]))
    assert asks_pay("서도현 보수 2024년 상반기")
    assert asks_pay("서도현 회장 연봉은?")
    assert not asks_pay("보수 규정이 바뀐 이유는?")


def test_what_a_form_compares_with_or_had_before_is_told_only_where_asked() -> None:
    sales = shown(cell("2. 계약내역 > 최근매출액(원)", 900, 2, "")._replace(account="최근매출액"))
    assert not fits_kind(Question("다솜게임즈 계약 선급금 달러로 얼마야?"), sales)
    assert fits_kind(Question("계약금액은 매출액의 몇 %고 매출액은 얼마야?"), sales)
    before = shown(cell("증자전 발행주식총수 > 보통주식 (주)", 900, 2, "", "주"))
    assert not fits_kind(Question("무상증자로 몇 주 받아?"), before)
    assert fits_kind(Question("증자 전 주식은 몇 주였어?"), before)


def test_a_suit_asked_is_no_other_deal() -> None:
    form = "| 1. 약정 상대방 | 다솜클라우드 |\n| 2. 금액 | USD 450,000,000 |"
    hit = Hit(Chunk("1", EVENT.rcept_no, EVENT.corp_code, 0, 0, "가온전자", form), EVENT, "본문", 1.0)
    assert of_type_named(Question("소송 상대가 누구고 금액은?"), [hit]) == []
    assert of_type_named(Question("약정 상대가 누구고 금액은?"), [hit]) == [hit]
    assert of_type_named(Question("그 소송 상대는?", about=EVENT.rcept_no), [hit]) == [hit]


def test_a_piece_that_begins_within_a_table_has_what_announces_it() -> None:
    header = "| 소재지 | 회사명 | 사유 |\n| --- | --- | --- |\n"
    rows = "| 국내 | 다솜 | 합병 |\n| 국내 | 나래 | 매각 |\n"
    section = f"당기 중 제외된 종속기업은 다음과 같습니다.\n\n{header}{rows}"
    chunk = Chunk("1", REPORT.rcept_no, REPORT.corp_code, 1, 0, "가온전자", f"{header}| 국내 | 나래 | 매각 |")
    hit = Hit(chunk, REPORT, "주석", 1.0)
    found = announced([hit], {(REPORT.rcept_no, "주석"): section})
    assert found[0].chunk.text.startswith("당기 중 제외된 종속기업은 다음과 같습니다.\n| 소재지")
    assert announced([hit], {}) == [hit]
