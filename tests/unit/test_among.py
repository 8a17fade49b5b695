"""Parts named side by side: told by the labels of one table, asked by the sentence that joins them."""

import pytest

from core.rag.candidates.among import among, said_of
from tests.doubles.notes import FILINGS, asked, cell

REGIONS = [
    cell(n, measure, name, account=measure, segment=name, row_no=row, column_no=at)
    for row, measure, values in ((1, "매출액", ("23", "24", "61")), (2, "비유동자산", ("1", "2", "3")))
    for at, (name, n) in enumerate(zip(("국내", "유럽", "미주"), values, strict=True))
]
PAY = [
    cell(
        n, f"{who} > {post}", "보수총액", account="보수총액", segment=who, row_no=at, period=None, basis=None
    )
    for at, (who, post, n) in enumerate(
        [("한가온", "회장", "32"), ("두가온", "부회장", "20"), ("세가온", "부회장", "9")]
    )
]
MALLS = [
    cell(n, f"주식회사 별빛타운{place}", "지분법손익", account="지분법손익", row_no=at)
    for at, (place, n) in enumerate([("강변", "22"), ("호수", "6"), ("언덕", "1")])
]
STOCK = [
    cell(n, f"{part} > {kind}", "기말", account=kind, segment=part, row_no=at)
    for at, (part, kind, n) in enumerate(
        [("가전", "제품", "10"), ("가전", "소 계", "15"), ("반도체", "제품", "5"), ("반도체", "소 계", "8")]
    )
]

INCOME = [cell(n, row, row_no=at) for at, (row, n) in enumerate([("금융수익", "8"), ("금융비용", "7")])]
WHOLE = [
    cell(n, row, "자산", account="자산", row_no=at)
    for at, (row, n) in enumerate([("다솜", "9"), ("나래", "7")])
]
FINANCE = ("금융", "수익", "비용", "외환")


@pytest.mark.parametrize(
    ("text", "terms", "cells", "values"),
    [
        ("국내 매출이 많아 유럽 매출이 많아?", ("국내", "유럽", "매출"), REGIONS, [24, 23]),
        ("국내하고 유럽 매출 알려줘", ("국내", "유럽", "매출"), REGIONS, [24, 23]),
        ("미주, 유럽 매출은 각각?", ("미주", "유럽", "매출"), REGIONS, [61, 24]),
        ("한가온 회장하고 두가온 부회장 보수 누가 더 받았어?", ("한가온", "보수"), PAY, [32, 20]),
        ("두가온이랑 세가온 보수는?", ("보수",), PAY, [20, 9]),
        (
            "별빛타운 강변하고 호수 지분법손익 어디가 더 좋아?",
            ("별빛타운", "강변", "호수", "지분법"),
            MALLS,
            [22, 6],
        ),
        ("가전이랑 반도체 소계는?", ("가전", "반도체", "소계"), STOCK, [15, 8]),
        ("국내 매출은?", ("국내", "매출"), REGIONS, []),
        ("국내 유럽법인 매출은?", ("국내", "유럽", "매출"), REGIONS, []),
        ("한가온하고 모르는이 보수 누가 더 받았어?", ("한가온", "보수"), PAY, []),
        ("국내하고 유럽 영업이익은?", ("국내", "유럽", "영업", "이익"), REGIONS, []),
        ("금융수익에 잡힌 외환차이와 금융비용에 잡힌 외환차이 금액을 각각 알려줘", FINANCE, INCOME, []),
        ("금융수익과 금융비용은 각각?", FINANCE[:3], INCOME, [8, 7]),
        ("다솜하고 나래 중 어디가 적자가 더 커?", ("다솜", "나래", "적자"), WHOLE, []),
        ("다솜하고 나래 중 어디가 자산이 더 커?", ("다솜", "나래", "자산"), WHOLE, [9, 7]),
        ("국내하고 유럽 온라인 매출은?", ("국내", "유럽", "온라인", "매출"), REGIONS, []),
    ],
)
def test_parts(text: str, terms: tuple[str, ...], cells: list, values: list[int]) -> None:  # type: ignore[type-arg]
    accounts = ("금융수익", "금융비용") if cells is INCOME else ("당기순이익",) if cells is WHOLE else ()
    sought = asked(text, *terms, period="2024" if cells is not PAY else None, accounts=accounts)
    assert [int(one.value) for one in among(sought, cells, FILINGS)] == values


def test_names_are_said_whole_or_in_what_tells_them_from_one_that_is() -> None:
    malls = ["별빛타운강변", "별빛타운호수", "별빛타운언덕"]
    assert said_of("별빛타운 강변하고 호수", malls) == malls[:2]
    assert said_of("호수하고 언덕", malls) == []  # nothing tells what they are of
    assert said_of("무선사업이랑 가전", ["무선", "무선사업", "가전"]) == ["무선사업", "가전"]
    assert said_of("남자 직원만", ["남", "여"]) == ["남"]
