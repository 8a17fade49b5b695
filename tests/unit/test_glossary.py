"""The glossary: every term usable, found in text as a reader sees it, lay words led to formal names."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Level, Term
from core.profile.glossary import Glossary, load_glossary

TOPICS = {"재무제표", "자본조달", "지배구조", "밸류에이션", "시장·공시일반"}
SMALL = Glossary(
    (
        Term("사채", Level.BEGINNER, "자본조달", "회사가 빌린 돈이에요."),
        Term("전환사채", Level.INTERMEDIATE, "자본조달", "주식으로 바꿀 수 있는 사채예요.", ("CB",)),
        Term("리픽싱", Level.ADVANCED, "자본조달", "바꾸는 값을 다시 정하는 일이에요."),
        Term("PER", Level.INTERMEDIATE, "밸류에이션", "주가를 이익으로 나눈 값이에요."),
        Term("부채총계", Level.INTERMEDIATE, "재무제표", "갚을 돈 전체예요.", ("빚",)),
        Term("급여", Level.BEGINNER, "재무제표", "일한 사람에게 주는 돈이에요.", ("월급", "연봉")),
    )
)
PIECES = ("전환사채", "사채", "리픽싱", "PER", "PERIOD", "빚", "월급", " ", "의 ", "가 ", "x", "İ")


def names(terms: list[Term]) -> list[str]:
    return [term.name for term in terms]


def test_every_term_can_be_shown() -> None:
    terms = load_glossary().terms
    assert terms
    assert [name for name, n in Counter(t.name for t in terms).items() if n > 1] == []
    for term in terms:
        assert term.topic in TOPICS, term.name
        assert term.plain.endswith("."), term.name
        assert term.name == term.name.strip() != "", term.name
        assert all(word.strip() == word != "" for word in term.lay), term.name


def test_a_lay_word_leads_to_one_term() -> None:
    words = Counter(word for term in load_glossary().terms for word in term.lay)
    assert [word for word, n in words.items() if n > 1] == []


def test_there_is_a_term_for_every_level_and_topic() -> None:
    terms = load_glossary().terms
    assert {t.level for t in terms} == set(Level)
    assert {t.topic for t in terms} == TOPICS


def test_it_is_read_once() -> None:
    assert load_glossary() is load_glossary()


def test_the_longest_term_wins_and_none_stands_inside_another() -> None:
    assert names(SMALL.find("전환사채를 발행했다")) == ["전환사채"]
    assert names(SMALL.find("사채와 전환사채")) == ["사채", "전환사채"]


@pytest.mark.parametrize(("text", "found"), [("PER은?", True), ("per 10배", True), ("PERIOD", False)])
def test_latin_terms_are_whole_words(text: str, found: bool) -> None:
    assert bool(SMALL.find(text)) is found


def test_only_terms_above_the_reader_are_explained() -> None:
    text = "사채, 전환사채, 리픽싱"
    assert names(SMALL.above(text, Level.BEGINNER)) == ["전환사채", "리픽싱"]
    assert names(SMALL.above(text, Level.INTERMEDIATE)) == ["리픽싱"]
    assert SMALL.above(text, Level.ADVANCED) == []


@pytest.mark.parametrize(
    ("text", "formal"),
    [
        ("빚이 얼마야?", ["부채총계"]),
        ("월급은 얼마고 빚은?", ["급여", "부채총계"]),
        ("연봉과 월급", ["급여"]),
        ("눈빚", []),
        ("매출액은?", []),
    ],
)
def test_lay_words_become_formal_names_in_the_order_said(text: str, formal: list[str]) -> None:
    assert SMALL.formal(text) == formal


@pytest.mark.parametrize(
    ("lay", "formal"),
    [
        ("빚", "부채총계"),
        ("월급", "급여"),
        ("물건 판 돈", "매출액"),
        ("창고에 쌓인 물건", "재고자산"),
        ("재고", "재고자산"),
        ("현금", "현금및현금성자산"),
        ("자사주", "자기주식"),
    ],
)
@pytest.mark.parametrize("question", ["{}이 얼마야?", "올해 {}은 늘었어?", "{} 알려줘"])
def test_the_shipped_lay_words_lead_to_account_names(lay: str, formal: str, question: str) -> None:
    assert formal in load_glossary().formal(question.format(lay))


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_any_text_is_searched_without_repeats_or_strangers(text: str) -> None:
    found = names(SMALL.find(text))
    assert len(found) == len(set(found))
    assert all(name.lower() in text.lower() for name in found)
    assert set(SMALL.formal(text)) <= {term.name for term in SMALL.terms}
