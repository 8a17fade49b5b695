"""What narrows a question down, and what people only say around it."""

import pytest

from core.rag.question.conditions import narrowing

SAID, ACCOUNTS = {"매출액"}, {"매출액"}


def unsaid(text: str, *words: str) -> set[str]:
    return narrowing(text, dict.fromkeys(words, 4.0), SAID, ACCOUNTS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("어제 친구가 그러던데 가온전자 매출액이 얼마예요?", ["어제", "친구"]),
        ("안녕하세요 저는 김철수인데요 가온전자 매출액 알려주세요", ["안녕", "철수"]),
        ("가온전자 매출액 알려줘 빨리 회의 들어가야 돼", ["회의"]),
        ("주가가 많이 빠졌던데, 매출액은 얼마야?", ["주가"]),
    ],
)
def test_a_clause_that_names_nothing_asked_narrows_nothing_down(text: str, words: list[str]) -> None:
    assert unsaid(text, "매출액", *words) == set()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("우주선 부문의 매출액은 얼마야?", "우주선"),
        ("매출액은 우주선 부문에서 얼마야?", "우주선"),
        ("안녕하세요, 담보로 묶여 있는 매출액은요?", "담보"),
    ],
)
def test_a_word_beside_what_is_asked_does(text: str, word: str) -> None:
    assert unsaid(text, "매출액", word) == {word}


def test_what_stands_last_in_a_compound_is_what_is_meant() -> None:
    weights = {"충당금": 4.0, "환입": 4.0, "장기": 4.0}
    assert narrowing("충당금환입은 얼마야?", weights, {"충당금"}, ()) == {"환입"}
    assert narrowing("장기충당금은 얼마야?", weights, {"충당금"}, ()) == set()


def test_what_stands_beside_another_by_a_dot_is_a_thing_of_its_own() -> None:
    weights = {"등기": 4.0, "위원": 4.0}
    assert narrowing("등기이사·감사위원 보수는?", weights, {"위원", "보수"}, ()) == {"등기"}


def test_one_by_one_is_no_basis() -> None:
    weights = {"개별": 4.0}
    assert narrowing("연결 상표권 개별 취득액은?", weights, {"상표권", "취득"}, ()) == {"개별"}
    assert narrowing("개별 기준 상표권 취득액은?", weights, {"상표권", "취득"}, ()) == set()
