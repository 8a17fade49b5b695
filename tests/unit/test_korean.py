"""Numbers and particles as Korean readers write and read them."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.korean import amount, parse_amount, particle

PAIRS = ["은/는", "이/가", "을/를", "과/와", "으로/로"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", "1234"),
        (" 1,234 ", "1234"),
        ("(1,234)", "-1234"),
        ("( 1,234 )", "-1234"),
        ("△1,234", "-1234"),
        ("▲ 1,234", "-1234"),
        ("-1,234", "-1234"),
        ("−1,234", "-1234"),
        ("12.5%", "12.5"),
        ("(12.5)%", "-12.5"),
        ("(12.5%)", "-12.5"),
        ("0", "0"),
        ("+3.0", "3.0"),
    ],
)
def test_cells_are_read(text: str, value: str) -> None:
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        " - ",
        "매출액",
        "(1,234",
        "1,234)",
        "1~2",
        "2025.06.30",
        "1,234원",
        "제31기",
        "9" * 31,
        "1e9",
        "%",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_amount(text) is None


@settings(deadline=None)  # other work shares the cores
@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    value = parse_amount(text)
    assert value is None or value.is_finite()


@settings(deadline=None)  # other work shares the cores
@given(st.integers(-(10**15), 10**15), st.sampled_from(["({})", "△{}", "▲{}", "-{}", "−{}"]))
def test_an_amount_comes_back_in_every_notation(number: int, loss: str) -> None:
    shown = f"{abs(number):,}"
    assert parse_amount(shown if number >= 0 else loss.format(shown)) == number


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("3451234567890", "원", "3조 4,512억원"),
        ("3000000000000", "원", "3조원"),
        ("47310000000", "원", "473억 1,000만원"),
        ("100000000", "원", "1억원"),
        ("99999999", "원", "99,999,999원"),
        ("12340000", "원", "12,340,000원"),
        ("-47310000000", "원", "-473억 1,000만원"),
        ("0", "원", "0원"),
        ("12.3", "%", "12.3%"),
        ("-0.5", "%", "-0.5%"),
        ("37500000", "주", "37,500,000주"),
        ("1234.50", "배", "1,234.50배"),
        ("999999999999", "원", "1조원"),
    ],
)
def test_amounts_are_written(value: str, unit: str, shown: str) -> None:
    assert amount(Decimal(value), unit) == shown


def read_back(text: str) -> int:
    """The won of `-3조 4,512억 10만원`, read independently of the writer."""
    sign = -1 if text.startswith("-") else 1
    total = 0
    for part in text.lstrip("-").removesuffix("원").split():
        scale = {"조": 10**12, "억": 10**8, "만": 10**4}.get(part[-1], 1)
        total += int(part.rstrip("조억만").replace(",", "")) * scale
    return sign * total


@settings(deadline=None)  # other work shares the cores
@given(st.integers(-(10**16), 10**16))
def test_won_is_right_to_the_place_it_is_rounded_to(number: int) -> None:
    size = abs(number)
    step = 10**8 if size >= 10**12 else 10**4 if size >= 10**8 else 1
    assert abs(read_back(amount(Decimal(number), "원")) - number) * 2 <= (step if step > 1 else 0)


@settings(deadline=None)  # other work shares the cores
@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_other_units_are_exact(value: Decimal) -> None:
    assert parse_amount(amount(value, "%")) == value


@pytest.mark.parametrize(
    ("word", "pair", "joined"),
    [
        ("가온전자", "은/는", "가온전자는"),
        ("다솜건설", "은/는", "다솜건설은"),
        ("매출액", "이/가", "매출액이"),
        ("영업손실", "으로/로", "영업손실로"),
        ("매출액", "으로/로", "매출액으로"),
        ("회사", "으로/로", "회사로"),
        ("2024", "은/는", "2024는"),
        ("제31", "이/가", "제31이"),
        ("LG", "을/를", "LG를"),
        ("SKM", "을/를", "SKM을"),
        ("영업이익(손실)", "은/는", "영업이익(손실)은"),
        ("12.5%", "으로/로", "12.5%로"),
    ],
)
def test_particles(word: str, pair: str, joined: str) -> None:
    assert particle(word, pair) == joined


@settings(deadline=None)  # other work shares the cores
@given(st.text(max_size=20), st.sampled_from(PAIRS))
def test_a_particle_is_one_of_the_pair_after_the_whole_word(word: str, pair: str) -> None:
    joined = particle(word, pair)
    assert joined.startswith(word)
    assert joined[len(word) :] in pair.split("/")


@settings(deadline=None)  # other work shares the cores
@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=5))
def test_hangul_goes_by_its_final(word: str) -> None:
    final = (ord(word[-1]) - 0xAC00) % 28
    assert particle(word, "은/는") == word + ("은" if final else "는")
    assert particle(word, "으로/로") == word + ("로" if final in (0, 8) else "으로")
