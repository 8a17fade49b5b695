"""Names as people write them, and names inside other names."""

import pytest

from core.model import Company
from core.rag.language.companies import find_companies, spellings

NAMES = ["케이티", "와이지엔터테인먼트", "SK하이닉스", "신한지주", "카카오", "LG전자", "LG화학", "이마트"]
ALL = [Company(str(n), name) for n, name in enumerate(NAMES)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("KT와 맺은 계약은?", "케이티"),
        ("YG가 재계약한 거", "와이지엔터테인먼트"),
        ("에스케이하이닉스의 매출", "SK하이닉스"),
        ("하이닉스 매출", "SK하이닉스"),
        ("신한금융이 파는 증권", "신한지주"),
        ("신한금융지주는?", "신한지주"),
        ("카카오가 상장폐지된다던데", "카카오"),
        ("카카오요.", "카카오"),
        ("어느 쪽이 커요, 카카오예요?", "카카오"),
        ("카카오주식", "카카오"),
    ],
)
def test_a_company_by_another_spelling_or_with_particles(text: str, name: str) -> None:
    found, ambiguous = find_companies(text, ALL)
    assert ([company.corp_name for company in found], ambiguous) == ([name], False)


@pytest.mark.parametrize("text", ["카카오뱅크 순이익은?", "이마트24 매출", "LG 매출은?", "디지털 전환"])
def test_another_company_is_not_answered_with_one_whose_name_it_begins_with(text: str) -> None:
    assert find_companies(text, ALL)[0] == []


def test_letters_are_spelled_both_ways() -> None:
    assert spellings(Company("1", "HMM")) == {"HMM", "에이치엠엠"}
    assert "KT" in spellings(Company("1", "(주)케이티"))
    assert spellings(Company("1", "누리바이오")) == {"누리바이오"}


def test_a_short_name_counts_beside_a_company_named_in_full_only_where_the_two_are_compared() -> None:
    two = [Company("1", "별빛전자"), Company("2", "달빛오토")]
    both = find_companies("별전 계약이랑 달빛오토 계약 중 어느 쪽이 커?", two)[0]
    assert [company.corp_name for company in both] == ["별빛전자", "달빛오토"]
    assert find_companies("별전 계약을 맺은 달빛오토 매출은?", two)[0] == two[1:]
    twins = [*two, Company("3", "별밤전자")]
    assert find_companies("별전이랑 달빛오토 중 어느 쪽이 커?", twins)[0] == two[1:]
