"""Terms as Kiwi finds them, on fictional companies and on text nobody should send."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models.kiwi import KiwiTokenizer
from core.models.kiwi_static import KiwiStatic


@pytest.fixture(scope="session")
def kiwi() -> KiwiTokenizer:
    """One analyser for all tests here; names are added before and after it loads."""
    tokenizer = KiwiTokenizer()
    tokenizer.add_names(["가온전자"])
    assert tokenizer.terms("가온전자") == ["가온전자/N"]
    tokenizer.add_names(["다솜건설", "누리바이오"])
    return tokenizer


@pytest.fixture(scope="session")
def static(kiwi: KiwiTokenizer) -> KiwiStatic:
    return KiwiStatic(kiwi)


@pytest.mark.parametrize(
    ("forms", "shared"),
    [
        (["부채가 올랐다", "부채는 오르고", "부채를 올라서"], {"부채/N", "오르/VV"}),
        (["매출이 늘었습니다", "매출은 늘고", "매출도 늘어서"], {"매출/N", "늘/VV"}),
        (["배당금을 지급했습니다", "배당금 지급하는"], {"배당금/N", "지급/N"}),
        (["영업이익률", "영업이익이"], {"영업/N", "이익/N"}),
        (["1,234,567원", "1234567원"], {"1234567/SN", "원/N"}),
        (["EBITDA가", "Ebitda는"], {"ebitda/SL"}),
    ],
)
def test_inflected_forms_share_their_terms(
    kiwi: KiwiTokenizer, forms: Sequence[str], shared: set[str]
) -> None:
    for form in forms:
        assert shared <= set(kiwi.terms(form)), form


@pytest.mark.parametrize("name", ["가온전자", "다솜건설", "누리바이오"])
@pytest.mark.parametrize("particle", ["", "의", "는", "가", "에서", "와"])
def test_a_company_stays_whole_with_its_particle(kiwi: KiwiTokenizer, name: str, particle: str) -> None:
    assert kiwi.terms(f"{name}{particle} 매출")[0] == f"{name}/N"


def test_many_texts_are_analysed_as_one_by_one(kiwi: KiwiTokenizer) -> None:
    texts = ["가온전자의 매출이 늘었다.", "", "다솜건설은 배당을 결정했다.", "\x00"]
    assert kiwi.terms_many(texts) == [kiwi.terms(text) for text in texts]


def test_broken_characters_are_spaces(kiwi: KiwiTokenizer) -> None:
    assert kiwi.terms("\x00매출\ud800증가\udfff") == ["매출/N", "증가/N"]
    kiwi.add_names(["\x00", "\ud800", "", "가" * 1_000])  # nothing of use, and no error


@pytest.mark.parametrize("run", ["a" * 200_000, "1" * 200_000, "가" * 3_000, "<" * 200_000])
def test_a_run_without_a_space_ends_in_time_and_in_short_terms(kiwi: KiwiTokenizer, run: str) -> None:
    started = perf_counter()
    found = kiwi.terms(run)
    assert perf_counter() - started < 10  # 200,000 × "a" in one piece: 23 s
    assert all(len(term) <= 104 for term in found)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(), max_size=60))
def test_any_text_has_terms_that_postgresql_can_hold(kiwi: KiwiTokenizer, text: str) -> None:
    for term in kiwi.terms(text):
        form, slash, tag = term.rpartition("/")
        assert form
        assert slash
        assert tag
        assert "\x00" not in term
        term.encode()


def test_vectors_are_unit_length_and_blind_to_order_and_company(
    kiwi: KiwiTokenizer, static: KiwiStatic
) -> None:
    terms = kiwi.terms_many(["매출이 크게 늘었다", "누리바이오 EBITDA 123"])
    rows = static.documents(["", ""], [terms[0], ["x/SL", "1/SN"]])
    assert rows.shape == (2, static.dim)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0, 0.0], abs=1e-5)
    assert np.array_equal(static.query("", terms[0][::-1]), rows[0])


def test_words_of_like_meaning_are_nearer(static: KiwiStatic) -> None:
    debt, loan, tree = (static.query("", [word]) for word in ("부채/N", "빚/N", "나무/N"))
    assert debt @ loan > debt @ tree + 0.1


def test_remembered_vectors_are_the_same_bits(kiwi: KiwiTokenizer, static: KiwiStatic) -> None:
    words = ["매출/N", "늘/VV", "배당/N"]
    other = KiwiStatic(kiwi)
    assert other.missing({*words, "7/SN"}) == sorted(words)
    other.remember(static.vectors(words))
    assert other.missing(set(words)) == []
    assert np.array_equal(other.query("", words), static.query("", words))
