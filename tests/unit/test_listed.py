"""Things listed by name are ranked as a whole; a follow-up that asks for another place asks the same."""

import pytest

from core.model import Figure
from core.rag.candidates.among import among
from core.rag.candidates.toprows import tables_meant, top_rows
from core.rag.question.again import asked_again
from core.rag.question.listed import listed, meant
from core.rag.question.ranks import in_place, places_asked
from tests.doubles.notes import FILINGS, asked, cell

HELD = [
    cell(
        n, f"{who}㈜", f"당기말 {measure}", account=measure, unit=unit, segment=who, row_no=row, column_no=at
    )
    for row, (who, worth, many) in enumerate(
        [("가온전기", "30", "5"), ("가온에스디에스", "90", "2"), ("가온바이오", "60", "7")], 1
    )
    for at, (measure, unit, n) in enumerate([("주식수", "주", many), ("시장가치", "원", worth)], 1)
]
PARTS = ["가전 부문", "디스플레이", "Bauman"]


def paid(table: int, *people: tuple[str, str]) -> list[Figure]:
    return [
        cell(
            n,
            who,
            "보수총액",
            account="보수총액",
            period=None,
            basis=None,
            caption="개인별 보수",
            table=table,
        )
        for who, n in people
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("부문(가전, 디스플레이, 바우만) 중 1등은?", ("가전", "디스플레이", "바우만")),
        ("국내·미주·유럽 중 매출이 가장 큰 곳", ("국내", "미주", "유럽")),
        ("바우만이랑 가전 중 영업이익이 제일 큰 곳", ("바우만", "가전")),
        ("가온(주) 매출이 가장 큰 부문은?", ()),
        ("매출액(연결, 누적)이 가장 큰 부문은?", ()),
        ("국내 매출은 얼마인가요, 유럽은요?", ()),
    ],
)
def test_names_listed(text: str, names: tuple[str, ...]) -> None:
    assert listed(text) == names


def test_each_name_means_one_label_in_either_script() -> None:
    assert meant(["가전", "바우만"], PARTS) == ["가전 부문", "Bauman"]
    assert meant(["SDS", "바이오"], ["가온에스디에스㈜", "가온바이오㈜"]) == [
        "가온에스디에스㈜",
        "가온바이오㈜",
    ]
    assert meant(["가전", "로봇"], PARTS) == []
    assert meant(["가온", "바이오"], ["가온전기", "가온바이오"]) == []


def test_what_is_listed_is_ranked_whole_with_what_else_is_asked_of_it() -> None:
    text = "가온전기, SDS, 바이오 중에 시장가치가 제일 큰 건 어디고 몇 주 갖고 있나요?"
    sought = asked(text, "시장", "가치", period="2024")
    assert [int(one.value) for one in top_rows(sought, HELD, FILINGS)] == [90, 2]
    unknown = asked(text.replace("SDS", "카드"), "시장", "가치", period="2024")
    assert top_rows(unknown, HELD, FILINGS) == []
    assert among(unknown, HELD, FILINGS) == []


def test_people_of_two_tables_under_one_caption_are_ranked_together() -> None:
    directors = paid(1, ("한가온", "32"), ("두가온", "20"), ("세가온", "9"), ("네가온", "5"))
    most_paid = paid(2, ("한가온", "32"), ("다가온", "31"), ("라가온", "26"))
    others = paid(3, ("한가온", "33"), ("마가온", "30"), ("바가온", "3"))
    sought = asked("보수 상위 3명 중 두 번째로 많이 받은 사람은?", "보수")
    assert [int(one.value) for one in top_rows(sought, directors + most_paid, FILINGS)] == [31]
    assert [int(one.value) for one in top_rows(sought, directors + others, FILINGS)] == [20]
    assert tables_meant(sought, directors + most_paid)[-1] == (directors[0].rcept_no, 2)


def test_places_of_the_top_ones() -> None:
    assert places_asked("보수 상위 5명 중 두 번째로 많이 받은 사람") == (1,)
    assert places_asked("보수 상위 5명 중에 가장 적게 받은 사람") == (4,)
    assert places_asked("보수 상위 3명은 누구야?") == (0, 1, 2)


def test_of_losses_only_what_is_one_has_a_place() -> None:
    cells = [cell(n, f"{n}번", "순손익") for n in ("5", "-3", "-9")]
    assert [int(one.value) for one in in_place("순손실이 두 번째로 컸던 곳", cells)] == [-3]
    assert in_place("순손실이 세 번째로 컸던 곳", cells) == []
    assert [int(one.value) for one in in_place("순손실이 가장 작은 곳", cells)] == [-3]


@pytest.mark.parametrize(
    ("text", "before", "again"),
    [
        ("꼴찌는요?", "부문 중 영업이익 1등은 어디?", "부문 중 영업이익 가장 작은 곳은 어디?"),
        ("그럼 제일 작은 지역은?", "매출이 가장 큰 지역은?", "매출이 가장 작은 지역은?"),
        ("두 번째는?", "순손실이 제일 컸던 곳은?", "순손실이 두 번째로 컸던 곳은?"),
        ("다음은요?", "두 번째로 큰 곳은?", "세 번째로 큰 곳은?"),
        ("가장 적게 받은 사람은?", "보수를 제일 많이 받은 사람은?", "보수를 가장 작게 받은 사람은?"),
        ("매출이 가장 작은 곳은?", "영업이익이 가장 큰 곳은?", "매출이 가장 작은 곳은?"),
        ("제일 적은 지역은?", "매출이 가장 큰 부문은?", "제일 적은 지역은?"),
        ("꼴찌는?", "부문별 매출 알려줘", "꼴찌는?"),
    ],
)
def test_another_place_of_what_was_ranked(text: str, before: str, again: str) -> None:
    assert asked_again(text, before) == again


def test_those_that_were_the_top_ones_are_added() -> None:
    again = asked_again("그 세 명 보수를 다 합하면?", "보수 상위 3명 중 두 번째로 많이 받은 사람은? 얼마?")
    assert places_asked(again) == (0, 1, 2)
    assert "합하면" in again
