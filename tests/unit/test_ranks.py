"""Which places of a ranking are asked, and which labels of a table are totals."""

import pytest

from core.rag.question.ranks import asks_rank, by_size, places_asked
from core.totals import is_no_part, is_total, says_total
from tests.doubles.notes import cell


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("매출이 가장 큰 부문은?", (0,)),
        ("작년에 돈을 제일 적게 번 사업은?", (-1,)),
        ("가장 큰 곳과 작은 곳은?", (0, -1)),
        ("가장 적은 커머스 부문", (-1,)),
        ("가장 큰 품목과 두 번째는 뭐야?", (0, 1)),
        ("두 번째로 적은 곳", (-2,)),
        ("매출 순으로 줄 세우면 1위, 2위는?", (0, 1)),
        ("상위 3개를 매출 순으로", (0, 1, 2)),
        ("제일 컸던 부문과 적자를 낸 부문", (0, -1)),
        ("최저 몇 달러까지 떨어졌어?", (-1,)),
        ("부문별 매출 순위", ()),
    ],
)
def test_places(text: str, places: tuple[int, ...]) -> None:
    assert asks_rank(text)
    assert places_asked(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "최대주주는 누구야?",
        "발행 최대 한도는?",
        "최저 조정가액은?",
        "최소 매출의 10%",
        "가장 최근 계약은?",
        "1등급",
    ],
)
def test_what_ranks_nothing(text: str) -> None:
    assert not asks_rank(text)
    assert places_asked(text) == ()


def test_the_greatest_loss_is_the_least_profit() -> None:
    cells = [cell(n, f"{n}번", "영업손익") for n in ("5", "-3", "-9")]
    assert [int(one.value) for one in by_size("손실이 가장 큰 곳", cells)] == [-9, -3, 5]
    assert [int(one.value) for one in by_size("손익이 제일 큰 곳과 적자를 낸 곳", cells)] == [5, -3, -9]


@pytest.mark.parametrize("label", ["합 계", "계(*)", "총 합 계", "소 계", "전체", "합계(A)"])
def test_totals(label: str) -> None:
    assert is_total(label)
    assert says_total(label)
    assert is_total(label, whole=True) == (label != "소 계")


def test_the_total_of_something() -> None:
    for label in ("자산총계", "관계기업 계", "DX 부문 소계", "합계 당기"):
        assert says_total(label)
        assert not is_total(label)
    for label in ("신세계", "계약금액", "계열회사", "총계약원가의 변동", "단순투자"):
        assert not is_no_part(label)
    assert is_no_part("내부거래조정")
    assert is_no_part("사업 기타")
