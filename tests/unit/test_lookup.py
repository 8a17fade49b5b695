"""The cell whose labels say what was asked, and none where they do not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.model import AnswerFigure, Figure, Filing, Question
from core.rag.candidates.among import among
from core.rag.candidates.lookup import look_up
from core.rag.candidates.scope import reports_of
from core.rag.candidates.settle import settle
from core.rag.figures.pieces import of_holding
from core.rag.language import labels
from core.rag.language.shown import shown
from core.rag.question.sought import Sought
from tests.doubles.gaon import ANNUAL, GAON

QUARTER = Filing(
    "20251114000911",
    "09900011",
    "가온전자",
    "분기보고서 (2025.09)",
    "11014",
    date(2025, 11, 14),
    period="2025.09",
)
FILINGS = {filing.rcept_no: filing for filing in (ANNUAL, QUARTER)}


def cell(
    value: int,
    row: str,
    column: str = "당기",
    *,
    account: str | None = None,
    period: str | None = "2024.12 말",
    unit: str = "원",
    at: tuple[int, int] = (1, 1),
    caption: str = "",
    table: int = 1,
    segment: str | None = None,
) -> Figure:
    return Figure(
        rcept_no=ANNUAL.rcept_no,
        corp_code=ANNUAL.corp_code,
        account=account or row.split(" > ")[-1],
        value=Decimal(value),
        unit=unit,
        period=period,
        basis="연결",
        section="III. 재무에 관한 사항 > 3. 연결재무제표 주석",
        table=table,
        row=row,
        column=column,
        row_no=at[0],
        column_no=at[1],
        cell=str(value),
        caption=caption,
        segment=segment,
    )


def ask(text: str, *terms: str, **of: object) -> Sought:
    asked = tuple(f"{term}/N" for term in terms)
    question = Question(text, companies=(GAON,), terms=asked, **of)  # type: ignore[arg-type]
    return Sought(question, dict.fromkeys(terms, 2.0) | {"용지": 4.0, "주석": 1.0})


RECEIVABLES = cell(900, "매출채권", caption="연결 재무상태표")
ALLOWANCE = cell(30, "매출채권", "대손충당금", at=(5, 3), table=2, caption="대손충당금 설정내역")
STOCK = cell(500, "재고자산", caption="연결 재무상태표", at=(3, 1))
LAND = cell(70, "용지", "금액", account="금액", caption="재고자산", at=(4, 1), table=3)


def find(sought: Sought, *cells: Figure) -> list[Figure]:
    return look_up(sought, cells, FILINGS)


def test_what_an_account_name_leaves_unsaid_is_told_by_the_other_labels() -> None:
    allowance = ask("매출채권의 대손충당금은 얼마?", "매출", "채권", "대손", "충당금", period="2024.12 말")
    assert find(allowance, RECEIVABLES, ALLOWANCE) == [ALLOWANCE]
    land = ask("재고자산 주석에 있는 용지는 얼마?", "재고", "자산", "주석", "용지", period="2024.12 말")
    assert find(land, STOCK, LAND) == [LAND]
    assert find(ask("재고자산은 얼마?", "재고", "자산", period="2024.12 말"), STOCK, LAND) == [STOCK]


def test_one_of_a_list_is_no_answer_without_its_name() -> None:
    fines = [
        cell(n, f"{who} > 과태료", "금액", account="금액", at=(n, 2))
        for n, who in enumerate(("가람시", "나래시"), 1)
    ]
    assert find(ask("과태료는 얼마?", "과태료"), *fines) == []
    assert find(ask("가람시 과태료는 얼마?", "가람시", "과태료"), *fines) == fines[:1]


def test_the_unit_asked_is_the_unit_told() -> None:
    shares = cell(7, "다솜건설", "보유주식수", account="보유주식수", unit="주", at=(1, 1))
    part = cell(2, "다솜건설", "지분율", account="지분율", unit="%", at=(1, 2))
    both = ask("다솜건설 주식은 몇 주이고 지분율은 몇 %?", "다솜건설", "주식", "지분")
    assert {one.unit for one in find(both, shares, part)} == {"주", "%"}
    assert find(ask("다솜건설 지분은 몇 %?", "다솜건설", "지분"), shares) == []


def test_a_prefix_makes_another_word_and_a_wrong_letter_does_not() -> None:
    minority = cell(8, "비지배지분")
    assert find(ask("지배지분은 얼마?", "지배", "지분"), minority) == []
    assert find(ask("비지배지분은 얼마?", "지배", "지분"), minority) == [minority]
    advertising = cell(4, "광고선전비")
    assert find(ask("광고선젼비는 얼마?", "광고선젼비"), advertising) == [advertising]


def test_both_sexes_asked_are_both_told_and_one_alone_is_not_the_other() -> None:
    pay = [cell(n, sex, "평균급여액", account="평균급여액", at=(n, 1)) for n, sex in ((5, "남"), (4, "여"))]
    assert find(ask("남녀 직원의 평균급여는?", "직원", "평균", "급여"), *pay) == pay
    assert find(ask("여성 직원의 평균급여는?", "직원", "평균", "급여"), *pay) == pay[1:]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("온라인 매출은 얼마?", ("온라인", "매출")),
        ("베트남에서 올린 매출은 얼마?", ("베트남", "매출")),
        ("노을전자한테 판 매출 얼마야?", ("노을전자", "매출")),
        ("노을백화점 2024년 매출은 얼마?", ("노을백화점", "매출")),
    ],
)
def test_the_whole_is_no_answer_about_a_part_that_no_label_names(text: str, terms: Sequence[str]) -> None:
    sales = cell(100, "매출액", period="2024")
    sought = ask(text, *terms, period="2024")
    assert settle(sought, [shown(sales)], find(sought, sales), [sales]) == []
    known = ask("매출은 얼마?", "매출", period="2024")
    assert [one.source for one in settle(known, [shown(sales)], find(known, sales), [sales])] == [sales]


def chosen(sought: Sought, cells: Sequence[Figure], *names: Figure) -> list[Figure | None]:
    told = settle(sought, [shown(one) for one in names], find(sought, *cells), cells)
    return [one.source for one in told]


def test_the_cell_that_says_more_takes_the_place_of_what_the_name_chose() -> None:
    sought = ask("매출채권의 대손충당금은 얼마?", "매출", "채권", "대손", "충당금", period="2024.12 말")
    assert chosen(sought, [RECEIVABLES, ALLOWANCE], RECEIVABLES) == [ALLOWANCE]
    plain = ask("매출채권은 얼마?", "매출", "채권", period="2024.12 말")
    assert chosen(plain, [RECEIVABLES, ALLOWANCE], RECEIVABLES) == [RECEIVABLES]
    unknown = ask("전환사채 계정은 얼마?", "전환", "사채", "계정", period="2024.12 말")
    assert chosen(unknown, [RECEIVABLES], RECEIVABLES) == []


def test_parts_named_beside_each_other_are_all_told_largest_first() -> None:
    parts = [
        cell(n, "영업손익", part, account="영업손익", period="2024", at=(4, n), segment=part)
        for n, part in ((3, "호텔업"), (9, "식음료업"), (5, "건설업"))
    ]
    sought = ask(
        "호텔업이랑 식음료업 중 영업손익이 더 많은 쪽은?", "호텔업", "식음료업", "영업", period="2024"
    )
    assert [one.value for one in among(sought, parts, FILINGS)] == [9, 3]
    assert among(ask("식음료업 비중 영업손익은?", "식음료업", "영업"), parts, FILINGS) == []


def test_reports_that_tell_of_the_period_asked() -> None:
    def of(period: str | None) -> list[str]:
        return reports_of(Question("?", companies=(GAON,), period=period), FILINGS)

    assert of(None)[0] == QUARTER.rcept_no
    assert of("2024") == [ANNUAL.rcept_no, QUARTER.rcept_no]
    assert of("2026") == []


def test_a_holding_gets_so_many_times_what_a_share_gets() -> None:
    dividend = cell(1800, "1주당 배당금")

    def get(text: str) -> list[AnswerFigure]:
        return of_holding(text, [shown(dividend)])

    (made,) = get("100주 갖고 있으면 배당금은 얼마?")
    assert (made.value, made.unit, made.formula) == (Decimal(180_000), "원", "1800 × 100")
    assert get("배당금은 얼마?") == []
    assert of_holding("100주 갖고 있으면?", [shown(STOCK)]) == []


def test_a_count_asked_by_its_unit_need_not_be_named() -> None:
    held = cell(
        117, "홍길동 > 보통주", "기말 주식수", account="소유주식수 주식수", period="2024.12 말", unit="주"
    )
    sought = ask("홍길동 보통주 24년 말에 몇 주 있었나", "홍길동", "보통주", period="2024.12 말")
    assert find(sought, held) == [held]
    assert find(ask("홍길동 보통주는 얼마", "홍길동", "보통주", period="2024.12 말"), held) == []


def test_the_sum_of_a_table_is_not_one_of_its_rows() -> None:
    people = [
        cell(value, row, "직원 수", account="직원 수", unit="명", at=(at, 1))
        for at, (row, value) in enumerate((("본사 > 남", 70), ("본사 > 여", 30), ("합 계", 100)), start=1)
    ]
    assert find(ask("직원이 총 몇 명이야", "직원", period="2024.12 말"), *people) == [people[-1]]
    assert find(ask("직원이 몇 명이야", "직원", period="2024.12 말"), *people) == []


def test_the_negated_word_is_another_word() -> None:
    listed = cell(4, "단순투자", "상장 회사 수", account="회사 수", unit="개", at=(1, 1))
    unlisted = cell(38, "단순투자", "비상장 회사 수", account="회사 수", unit="개", at=(1, 2))
    asked = ask("단순투자 비상장 회사 수", "단순투자", "상장", "회사", period="2024.12 말")
    assert find(asked, listed, unlisted) == [unlisted]
    audit = cell(79, "재무제표 감사", "감사계약내역 보수", account="보수")
    assert ask("비감사용역 보수는 작년에 얼마?", "감사", "보수").missing([audit])
    assert not ask("감사용역 보수는 작년에 얼마?", "감사", "보수").missing([audit])
    where = ask(
        "비현금거래 중 장기차입금 대체는?", "현금", "거래", "장기", "차입금", "대체", period="2024.12 말"
    )
    assert not where.missing([cell(19, "장기차입금 대체")])
    asked = ask("단순투자 상장 회사 수", "단순투자", "상장", "회사", period="2024.12 말")
    assert find(asked, listed, unlisted) == [listed]


def test_a_name_that_no_morpheme_tells_is_found_among_the_labels() -> None:
    pay = cell(500, "한종길 > 사장", "보수총액", account="보수총액", at=(1, 1))
    other = cell(900, "김하나 > 사장", "보수총액", account="보수총액", at=(2, 1))
    asked = ask("한종길 사장 보수총액은 얼마", "종", "길", "보수", "총액", period="2024.12 말")
    assert asked.unknown == ["한종길"]
    assert find(asked.naming([pay, other]), pay, other) == [pay]
    assert find(asked.naming([other]), other) != [pay]  # nobody of this name: nothing is learnt
    assert asked.naming([other]) is asked


def test_parts_of_another_unit_than_asked_are_no_answer() -> None:
    parts = [
        cell(value, row, "장부금액", at=(at, 1))
        for at, (row, value) in enumerate((("가온소재", 5), ("가온물류", 7)), 1)
    ]
    asked = ask("가온소재랑 가온물류 영구성장률은 각각 몇 %", "소재", "물류", "성장률", period="2024.12 말")
    assert among(asked, parts, FILINGS) == []


def test_lines_of_the_statement_are_meant_before_a_note_that_allots_something_to_them() -> None:
    def line(value: int, row: str, *, note: bool, at: int) -> Figure:
        made = cell(value, row, "합 계" if note else "당기", at=(at, 1), table=9 if note else 1)
        return made if note else made._replace(section="III. 재무에 관한 사항 > 2. 연결재무제표")

    allotted = [line(7, "매출원가", note=True, at=1), line(8, "판매비와관리비", note=True, at=2)]
    lines = [line(900, "매출원가", note=False, at=1), line(300, "판매비와관리비", note=False, at=2)]
    asked = ask(
        "매출원가 및 판매비와관리비의 합계",
        "매출",
        "원가",
        "판매",
        "관리비",
        "합계",
        period="2024.12 말",
        accounts=("매출원가", "판매비와관리비"),
    )
    assert among(asked, [*allotted, *lines], FILINGS) == lines


def test_a_row_called_by_one_letter_is_of_the_sex_asked() -> None:
    rows = [
        cell(value, f"물류 > {sex}", "직원수합계", account="직원수합계", unit="명", at=(at, 1))
        for at, (sex, value) in enumerate((("남", 70), ("여", 30)), start=1)
    ]
    asked = ask("물류 여직원 수는 몇 명", "물류", "여직원", period="2024.12 말")
    assert find(asked, *rows) == [rows[1]]


def test_what_is_told_apart_by_a_number_is_of_the_number_asked() -> None:
    levels = [
        cell(value, "지분증권", f"수준 {level}", at=(1, level))
        for level, value in ((1, 90), (2, 20), (3, 25))
    ]
    asked = ask("지분증권 가운데 수준 3은 얼마", "지분", "증권", "수준", period="2024.12 말")
    assert find(asked, *levels) == [levels[2]]
    bonds = [
        cell(value, f"{number}회 무보증사채", at=(at, 1))
        for at, (number, value) in enumerate((("25-1", 100), ("25-2", 330)), start=1)
    ]
    asked = ask("제25-2회 무보증사채는 얼마", "보증", "사채", period="2024.12 말")
    assert find(asked, *bonds) == [bonds[1]]


def test_a_column_that_is_said_whole_is_what_is_measured() -> None:
    pay = cell(207, "한종길 > 대표이사", "보수총액", account="대표이사")
    assert find(ask("한종길 보수총액은 얼마", "한종길", "보수", "총액", period="2024.12 말"), pay) == [pay]


def test_a_rate_asked_by_its_unit_need_not_be_named() -> None:
    share = cell(7, "한빛연금공단", "지분율", account="지분율", unit="%")
    held = ask("한빛연금은 몇 퍼센트 갖고 있었어", "한빛", "연금", period="2024.12 말")
    assert find(held, share) == [share]


def test_what_is_deducted_afterwards_is_not_asked() -> None:
    costs = [
        cell(120, "연구개발비용 총계", at=(1, 1)),
        cell(-8, "(정부보조금)", account="연구개발비용", at=(2, 1)),
    ]
    asked = ask(
        "연구개발비용 총계는 얼마? (정부보조금 차감 전)",
        "연구",
        "개발",
        "비용",
        "정부",
        "보조금",
        period="2024.12 말",
    )
    assert "보조금" not in asked.own
    assert find(asked, *costs) == [costs[0]]


def test_the_sum_of_a_table_is_named_by_its_caption() -> None:
    caption = (
        "12. 투자부동산 > 마. 보고기간종료일 현재 투자부동산의 공정가치는 다음과 같습니다(단위: 백만원)."
    )
    total = cell(900, "합 계", account="합계", caption=caption, at=(3, 1), table=7)
    land = cell(600, "토지", caption=caption, at=(1, 1), table=7)
    other = cell(50, "가온전문투자형부동산투자신탁", "공정가액", at=(1, 1), table=8)
    sought = ask("투자부동산의 공정가치 합계는?", "투자", "부동산", "공정", "가치", "합계")
    assert find(sought, land, other, total) == [total]
    assert shown(total).label == "투자부동산의 공정가치 합계"
    assert shown(land).label == "토지"


@pytest.mark.parametrize(
    ("caption", "title"),
    [
        ("7. 차입금: > 보고기간종료일 현재 차입금의 내역", "차입금"),
        ("카. 당기와 전기 중 경영진 보상내역은 다음과 같습니다(단위: 백만원).", "경영진 보상"),
        ("9. 사채 > (1) 당기말", "사채"),
        ("(1) 당기말 > [국내]", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_caption_says_what_its_table_is_of_and_not_only_when(caption: str, title: str) -> None:
    assert labels.title(caption) == title


def test_what_shares_are_worth_is_not_what_they_cost() -> None:
    count = cell(100, "가온홀딩스", "보유주식수(주)", account="보유주식수", unit="주", at=(1, 1))
    cost = cell(30, "가온홀딩스", "취득원가", account="취득원가", at=(1, 3))
    worth = cell(77, "가온홀딩스", "장부금액(시장가치)", account="장부금액", at=(1, 4))
    sought = ask("가온홀딩스 주식 몇 주 있고 얼마어치야?", "홀딩스", "주식")
    assert find(sought, count, cost, worth) == [count, worth]
    sought = ask("가온홀딩스 주식 몇 주이고 취득원가는 얼마야?", "홀딩스", "주식", "취득", "원가")
    assert set(find(sought, count, cost, worth)) == {count, cost}


def test_a_cost_that_a_table_deducts_is_no_gain() -> None:
    written_off = cell(-269, "가온홀딩스", "손상차손인식액", account="손상차손인식액")
    assert shown(written_off).text == "269원"
    assert shown(cell(-269, "당기순이익")).text == "-269원"


def test_what_the_question_leaves_out_is_no_answer() -> None:
    caption = "12. 유형자산 및 투자부동산 > 다. 당기와 전기 중 감가상각비"
    tangible, property_ = (
        cell(
            value, "합 계", f"당기 {thing}", account="감가상각비", segment=thing, caption=caption, at=(3, at)
        )
        for at, (thing, value) in enumerate((("유형자산", 700), ("투자부동산", 90)))
    )
    sought = ask(
        "투자부동산 빼고 유형자산에서만 나온 감가상각비 합계는?", "유형", "자산", "감가상각비", "합계"
    )
    assert find(sought, tangible, property_) == [tangible]
    assert find(sought, property_) == []


def test_a_compound_of_which_only_the_head_is_known_is_not_answered_by_the_head() -> None:
    debts = cell(900, "부채")
    assert find(ask("가온전자 개약부채 얼마?", "부채"), debts) == []
    assert find(ask("가온전자 부채 얼마?", "부채"), debts) == [debts]
    interest = cell(9, "이자비용", period="2024")
    assert find(ask("순이자비용 얼마?", "이자", "비용", period="2024"), interest) == []
    meant = cell(40, "개약부채")
    assert find(ask("가온전자 개약부채 얼마?", "부채"), debts, meant) == [meant]


def test_a_result_is_no_cash_flow_of_the_same_word() -> None:
    flow = cell(-47, "영업활동으로 인한 현금흐름", period="2024")
    sought = ask("영업손익 얼마?", "영업", "손익", period="2024", accounts=("영업이익", "영업손익"))
    assert find(sought, flow) == []
    result = cell(-7, "영업손익", period="2024")
    assert find(sought, flow, result) == [result]


def test_a_word_of_hangul_is_read_as_the_one_latin_word_that_sounds_so() -> None:
    wafer = cell(13, "원재료 > Wafer", "매입액", account="매입액", at=(1, 1))
    chemical = cell(12, "원재료 > Chemical", "매입액", account="매입액", at=(2, 1))
    sought = ask("웨이퍼 매입액은 얼마?", "웨이퍼", "매입").naming([wafer, chemical])
    assert find(sought, wafer, chemical) == [wafer]
    twice = cell(9, "원재료 > Waver", "매입액", account="매입액", at=(3, 1))
    sought = ask("웨이퍼 매입액은 얼마?", "웨이퍼", "매입").naming([wafer, twice])
    assert find(sought, wafer, twice) == []


@pytest.mark.parametrize(("value", "again"), [(2332, True), (23, False)])
def test_a_number_that_stands_again_counts_with_both_its_labels(value: int, again: bool) -> None:
    """Unless it is so short that it is the same by chance."""
    text = "보통주 주당이익은 얼마?"
    asked = ask(text, "보통주", "주당", "이익", period="2024", accounts=("기본주당이익",))
    sought = replace(asked, weights={"보통주": 4.0, "주당": 2.0, "이익": 2.0})
    statement = cell(value, "기본주당이익", period="2024", caption="손익계산서")
    note = cell(value, "보통주 주당이익", period="2024", table=2, caption="23. 주당이익")
    assert settle(sought, [shown(statement)], [], [statement]) == []
    told = settle(sought, [shown(statement)], [], [statement, note])
    assert [one.source for one in told] == [statement] * again


def test_a_share_of_one_subsidiary_is_not_that_of_the_next() -> None:
    asked = ask("나래 지분율은 몇 %?", "나래", "지분율", accounts=("지분율",))
    shares = [
        cell(100, who, "지분율", account="지분율", unit="%", table=n, at=(n, 1))._replace(cell="100.0")
        for n, who in enumerate(("다솜", "나래 판매법인"), 1)
    ]
    assert settle(asked, [shown(shares[0])], [], shares) == []


def test_a_cost_taken_off_is_told_as_another_table_tells_it() -> None:
    taken = cell(-151_907, "리스부채에 대한 이자비용", period="2024")
    plain = cell(151_907, "이자비용", period="2024", table=2, caption="리스부채의 변동")
    sought = ask("리스부채의 이자비용은 얼마?", "리스", "부채", "이자", "비용", period="2024")
    assert find(sought, taken) == [taken]
    assert find(sought, taken, plain) == [plain]


def test_what_is_measured_of_a_row_alone_under_its_heading_is_the_heading() -> None:
    lender = cell(860, "단기차입금 > 일반대출 > 나래은행 외", "금액", account="나래은행 외")
    other = cell(30, "단기차입금 > 일반대출 > 다솜은행", "금액", account="다솜은행", at=(2, 1))
    sought = ask("단기차입금 중 일반대출은 얼마?", "단기", "차입금", "일반", "대출", period="2024.12 말")
    assert find(sought, lender) == [lender]
    assert find(sought, lender, other) == []


def test_a_gain_is_no_loss_of_the_same_thing() -> None:
    gain = cell(649, "통화선도", "평가이익", account="평가이익", at=(1, 1), period=None)
    loss = cell(756, "통화선도", "평가손실", account="평가손실", at=(1, 2), period=None)
    assert find(ask("통화선도 평가이익은?", "통화", "선도", "평가", "이익"), loss, gain) == [gain]
    assert find(ask("통화선도 평가손실은?", "통화", "선도", "평가", "손실"), loss, gain) == [loss]


def test_a_series_is_told_by_its_number() -> None:
    bonds = [
        cell(n, f"{series}회 무보증사채", "금액", account=f"{series}회 무보증사채", at=(n, 1))
        for n, series in ((320, "24-2"), (205, "26-1"))
    ]
    sought = ask("가온전자 26-1회 무보증사채 잔액은?", "보증", "사채", "잔액", period="2024.12 말")
    assert find(sought, *bonds) == bonds[1:]


def test_a_row_that_leaves_out_what_is_asked_answers_nothing() -> None:
    others = cell(29, "등기이사(사외이사, 감사위원회 위원 제외)", "평균보수", account="평균보수", unit="원")
    words = ("등기", "이사", "감사", "위원", "평균", "보수")
    assert find(ask("등기이사·감사위원 평균보수는?", *words), others) == []
    assert find(ask("등기이사 평균보수는?", "등기", "이사", "평균", "보수"), others) == [others]


def test_what_a_bracket_leaves_out_takes_no_word_along() -> None:
    land = cell(31, "기말", "부동산", segment="부동산", caption="사용권자산의 변동", at=(9, 1))
    leased = cell(2, "기말", "투자부동산", segment="투자부동산", caption="사용권자산의 변동", at=(9, 4))
    words = ("사용", "자산", "부동산", "잔액")
    sought = ask("사용권자산 중 부동산(투자부동산 제외) 잔액은?", *words, period="2024.12 말")
    assert "부동산" in sought.asked
    assert find(sought, leased, land) == [land]


def test_an_examination_must_be_of_where_the_cell_stands() -> None:
    rate = cell(11, "배송사업부", "할인율", account="할인율", unit="%", caption="13. 무형자산 및 영업권")
    pension = cell(4, "배송사업부", "할인율", account="할인율", unit="%", table=2, caption="22. 퇴직급여")
    words = ("영업권", "손상", "검사", "배송사업부", "할인율")
    sought = ask("영업권 손상검사에서 배송사업부 할인율은 몇 %?", *words)
    assert find(sought, rate) == [rate]
    assert find(sought, pension) == []


def test_a_row_that_the_question_hardly_names_takes_no_place_of_the_one_it_does() -> None:
    asked = {"책임준공": 4.0, "공사": 4.0, "대출": 4.0}
    sought = Sought(ask("책임준공 걸린 공사 대출은 얼마?", *asked, period="2024.12 말").question, asked)
    ours = cell(1768, "책임준공", "당기말 대출", account="대출", caption="지급보증")
    other = cell(722, "중도금 보증", "당기말 공사 대출", account="공사 대출", table=2)
    assert find(sought, ours, other) == []


def test_a_ratio_of_two_is_no_share_of_anything_else() -> None:
    ratio = cell(8, "연구개발비 / 매출액 비율", period="2024", unit="%")
    sales = ask("5대 매출처는 매출의 몇 %?", "매출", period="2024")
    assert find(sales, ratio) == []
    spent = ask("연구개발비는 매출의 몇 %?", "연구", "개발비", "매출", period="2024")
    assert find(spent, ratio) == [ratio]
