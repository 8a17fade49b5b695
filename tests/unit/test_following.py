"""A follow-up about the very cell that was told, and what is no such question."""

from core.model import AnswerFigure, Figure
from core.rag.candidates.following import Following
from core.rag.language.shown import shown
from core.rag.remembered import addresses, recall, remember
from tests.doubles.gaon import GAON
from tests.doubles.notes import asked, cell

BUILD = cell("(73,321)", "영업손익", "건설업", segment="건설업", column_no=5)
FOOD = cell("49,806", "영업손익", "식음료업", segment="식음료업", column_no=3)
BUILD_BEFORE = BUILD._replace(value=BUILD.value * 2, cell="(146,642)", period="2023", table=2)
FOOD_BEFORE = FOOD._replace(value=FOOD.value / 2, cell="24,903", period="2023", table=2)
SALES = cell("900", "매출액", "건설업", segment="건설업", column_no=5, row_no=2)
TABLES = [BUILD, FOOD, BUILD_BEFORE, FOOD_BEFORE, SALES]
SHARES = [
    cell(n, f"{who} > 보통주", f"기{when} 주식수", account="주식수", unit="주", basis=None, row_no=row,
         column_no=column, segment=who, period=period)
    for row, who, then, now in ((1, "한가온", "500", "300"), (2, "두가온", "90", "90"))
    for n, when, column, period in ((then, "초", 3, "2023.12 말"), (now, "말", 4, "2024.12 말"))
]  # fmt: skip
STAFF = [
    cell(pay, row, "1인평균급여액", unit="원", basis=None, row_no=at)
    for at, (row, pay) in enumerate(
        [("가전 부문 > 남", "70"), ("가전 부문 > 여", "50"), ("성별합계 > 남", "80"), ("성별합계 > 여", "60"),
         ("합 계", "75")]
    )
]  # fmt: skip


def after(told: Figure, text: str, *terms: str, around: list[Figure] = TABLES, **of: object) -> Following:
    return Following(asked(text, *terms, told=(told,), **of), [told], around)


def says(following: Following) -> list[tuple[str, int]]:
    return [(one.label, int(one.value)) for one in following.figures()]


def test_how_it_moved_is_of_the_cell_told_not_of_what_its_words_find() -> None:
    moved = after(BUILD, "그 적자가 2023년에 비하면 얼마나 줄었어?", "적자", period="2024", compare=True)
    assert says(moved) == [
        ("건설업 영업손익", -73321),
        ("건설업 영업손익", -146642),
        ("건설업 영업손익 차이", 73321),
    ]


def test_shares_at_the_beginning_are_of_the_same_person() -> None:
    moved = after(
        SHARES[1], "기초랑 비교한 증감은 몇 주야?", around=SHARES, period="2024.12 말", compare=True
    )
    assert says(moved)[-1] == ("한가온 주식수 차이", -200)


def test_another_time_is_of_the_same_line() -> None:
    assert says(after(FOOD, "2023년은?", period="2023")) == [("식음료업 영업손익", 24903)]
    assert says(after(FOOD, "2021년은?", period="2021")) == []


def test_a_part_that_the_table_names_is_of_the_same_measure() -> None:
    assert says(after(FOOD, "그럼 건설업은?", "건설업", period="2024")) == [("건설업 영업손익", -73321)]
    men, women = after(
        STAFF[-1], "남자 직원하고 여자 직원으로 나누면요?", "남자", "여자", around=STAFF, period="2024"
    ).figures()
    assert (int(men.value), int(women.value)) == (80, 60)


def test_what_the_table_does_not_name_or_names_with_something_else_is_no_part() -> None:
    assert says(after(FOOD, "그럼 조선업은?", "조선업", period="2024")) == []
    assert says(after(FOOD, "건설업 수주잔고는?", "건설업", "수주", "잔고", period="2024")) == []


def test_a_basis_that_the_cell_is_not_of_is_another_cell() -> None:
    assert (
        says(after(FOOD, "별도로는 전년보다 늘었어?", "별도", period="2024", basis="별도", compare=True))
        == []
    )


def test_what_is_found_otherwise_must_be_of_the_line_or_the_measure() -> None:
    def holds(following: Following, found: Figure) -> bool:
        one: AnswerFigure = shown(found)
        return following.holds(one)

    moved = after(BUILD, "전년보다 줄었어?", period="2024", compare=True, around=[BUILD])
    assert says(moved) == []
    assert not holds(moved, SALES)
    assert not holds(moved, BUILD)  # it was told already
    assert holds(moved, BUILD_BEFORE)
    named = after(FOOD, "조선업은?", "조선업", period="2024")
    fine = cell("70", "조선업 > 과태료", "금전적제재금액", account="금전적제재금액", table=9)
    assert not holds(named, fine)
    assert not holds(named, FOOD)
    measured = after(FOOD, "조선업 제재금액은?", "조선업", "제재", "금액", period="2024")
    assert holds(measured, fine)


def test_memory_keeps_where_the_first_cells_stand_and_nothing_of_their_text() -> None:
    figures = after(BUILD, "전년보다 줄었어?", period="2024", compare=True).figures()
    places = addresses(figures)
    assert places == [[BUILD.rcept_no, BUILD.section, 1, 1, 5]]
    kept = {**remember(asked("그럼?", told=(BUILD,)).question, "u1"), "told": places}
    question = recall(kept, [GAON])
    assert question is not None
    assert [place.column_no for place in question.told] == [5]


def test_after_two_times_of_one_line_the_difference_is_between_these() -> None:
    oldest = FOOD_BEFORE._replace(period="2022", cell="99", table=3)
    around = [*TABLES, oldest]

    def between(told: Figure, before: Figure) -> list[str | None]:
        sought = asked("얼마나 늘었는데?", told=(told,), period=told.period, compare=True)
        return [one.period for one in Following(sought, [told], around, [before]).figures()][:2]

    assert between(oldest, FOOD) == ["2024", "2022"]
    assert between(FOOD, BUILD_BEFORE) == ["2024", "2023"]  # another line: the year before
    part = FOOD_BEFORE._replace(period="2023.06 3개월")
    assert between(FOOD, part) == ["2024", "2023"]  # three months are compared with no year


def test_a_time_that_has_no_earlier_one_is_told_alone_where_it_is_asked() -> None:
    assert says(after(FOOD, "전년은?", period="2023", compare=True)) == [("식음료업 영업손익", 24903)]


def test_another_measure_of_the_row_told_may_stand_in_another_table_of_its_section() -> None:
    price = cell(
        "900", "가온바이오", "당기말 시장가치", account="시장가치", segment="가온바이오", period="2024.12 말"
    )
    books = cell("300", "가온바이오", "당기말 장부금액", account="장부금액", segment="가온바이오", table=4,
                 period="2024.12 말")  # fmt: skip
    parted = books._replace(value=books.value / 2, table=5)
    asks = {"period": "2024.12 말"}
    assert says(after(price, "장부금액은요?", around=[price, books], **asks)) == [
        ("가온바이오 장부금액", 300)
    ]
    assert says(after(price, "장부금액은요?", around=[price, books, parted], **asks)) == []  # which of them?
    assert says(after(price, "지분율은요?", "지분율", around=[price, books], **asks)) == []


def test_a_part_is_told_in_every_measure_that_was_told() -> None:
    rows = [
        cell(n, who, column, account=column, unit=unit, row_no=row, column_no=at, segment=who,
             period="2024.12 말")
        for row, who, count, worth in ((1, "가온생명", "10", "500"), (2, "두온", "20", "700"))
        for at, column, unit, n in ((1, "주식수", "주", count), (2, "공정가액", "원", worth))
    ]  # fmt: skip
    question = asked("두온 주식은?", "두온", "주식", told=tuple(rows[:2]), period="2024.12 말")
    assert says(Following(question, rows[:2], rows)) == [("두온 주식수", 20), ("두온 공정가액", 700)]


KINDS = [
    cell(n, row, account=row, section="주석", table=9, row_no=at)
    for at, (row, n) in enumerate(
        [("장기차입금 유동성 대체", "1,929"), ("매각예정자산의 대체", "3,257"), ("건설자산의 대체", "729")], 1
    )
]
HOLDINGS = [
    cell(n, who, "공정가액", account="공정가액", table=8, row_no=row, period="2024.12 말")
    for row, (who, n) in enumerate([("별빛생명", "70"), ("달빛", "30"), ("합 계", "100")], 1)
]
ALL_HOLDINGS = HOLDINGS[2]._replace(row="상장주식", table=7, row_no=1)


def test_a_line_of_the_table_told_is_named_in_other_words() -> None:
    other = after(KINDS[0], "매각예정자산으로 대체된 금액은?", "매각", "예정", "자산", "대체", around=KINDS)
    assert says(other) == [("매각예정자산의 대체", 3257)]
    unsaid = after(KINDS[0], "대체된 재고는?", "대체", "재고", around=KINDS)
    assert says(unsaid) == []


def test_only_the_parts_of_what_was_told_are_ranked_in_it() -> None:
    most = after(ALL_HOLDINGS, "그 중에 금액이 가장 큰 종목은?", "종목", around=[ALL_HOLDINGS, *HOLDINGS])
    assert most.of_it
    assert [one.value for one in most.figures()] == [70]
    none = after(ALL_HOLDINGS, "그 중에 금액이 가장 큰 종목은?", "종목", around=[ALL_HOLDINGS, FOOD])
    assert none.of_it
    assert none.figures() == []
    other = after(ALL_HOLDINGS, "그 중에 제일 큰 건 어느 은행이야?", "은행", around=[ALL_HOLDINGS, *HOLDINGS])
    assert other.figures() == []
    assert not after(ALL_HOLDINGS, "그 중에 가장 큰 부문은?", "부문").of_it
