"""What an amount told is made up of, what a table takes off told without its sign, and holdings by worth."""

from core.rag.candidates.breakdown import breakdown
from core.rag.candidates.deductions import without_sign
from core.rag.candidates.lookup import look_up
from core.rag.figures.arithmetic import worked_out
from core.rag.language.shown import shown
from tests.doubles.notes import FILINGS, asked, cell

LISTED = cell("100", "상장주식", "공정가액", account="공정가액", table=1)
SHARES = [
    cell(n, who, "공정가액", account="공정가액", table=2, row_no=row)
    for row, (who, n) in enumerate([("별빛생명", "70"), ("달빛", "20"), ("기타", "10"), ("합 계", "100")], 1)
]
OTHERS = [
    cell(n, who, "공정가액", account="공정가액", table=3, row_no=row)
    for row, (who, n) in enumerate([("국내", "60"), ("해외", "40")], 1)
]


def test_parts_are_of_the_column_that_adds_up_to_it() -> None:
    around = [LISTED, *SHARES, cell("900", "스타공동기업", "장부금액", table=4)]
    assert [one.row for one in breakdown(LISTED, around)] == ["별빛생명", "달빛"]


def test_no_parts_where_nothing_adds_up_or_two_tables_part_it() -> None:
    assert breakdown(LISTED, [LISTED, *SHARES[:1], *SHARES[2:]]) == []
    assert breakdown(LISTED, [LISTED, *SHARES, *OTHERS]) == []
    assert breakdown(LISTED, [LISTED, *(one._replace(period="2023") for one in SHARES)]) == []


def test_a_deduction_is_told_as_the_same_amount_is_elsewhere() -> None:
    taken = cell("(18,077)", "감가상각")
    cost = cell("18,077", "감가상각비", table=2)
    assert without_sign(taken, [taken, cost]) == cost
    assert without_sign(taken, [taken, cost._replace(account="매출액")]) == taken
    assert without_sign(taken, [taken, cost._replace(period="2023")]) == taken
    loss = cell("(18,077)", "영업손실")
    assert without_sign(loss, [loss, cell("18,077", "영업손실", table=2)]) == loss


def test_the_value_of_a_holding_is_what_it_is_worth() -> None:
    row = [
        cell(n, "VYD Company Limited", name, account=name, column_no=at, caption="상장주식")
        for at, (name, n) in enumerate(
            [("취득원가", "2,300"), ("공정가액", "9,100"), ("장부금액", "9,100")], 1
        )
    ]
    sought = asked("가온전자 VYD 주식 가치는 얼마야?", "vyd", "주식", "가치")
    assert [one.cell for one in look_up(sought, row, FILINGS)] == ["9,100"]


def test_the_table_of_one_of_two_things_that_a_note_is_of() -> None:
    heading = "12. 유형자산 및 투자부동산"
    both = [
        cell(n, "취득 및 자본적지출", "합 계", caption=caption, table=at)
        for at, (n, caption) in enumerate(
            [("765", f"{heading} > (2) 전기"), ("206", f"{heading} > 나. 투자부동산의 변동 > (2) 전기")], 1
        )
    ]
    sought = asked("투자부동산 취득 및 자본적지출 합계는?", "투자", "부동산", "취득", "자본", "지출")
    assert [one.cell for one in look_up(sought, both, FILINGS)] == ["206"]


def test_more_than_two_of_one_measure_are_added() -> None:
    cells = [shown(cell(n, who, "보수", account="보수", row_no=at)) for at, (who, n) in enumerate(
        [("한가온", "3"), ("두가온", "2"), ("세가온", "1")])]  # fmt: skip
    (total,) = worked_out("셋을 합하면?", cells, [])
    assert (total.value, total.label) == (6, "한가온, 두가온, 세가온 합계")
    assert worked_out("셋은?", cells, []) == []
