"""Whatever a cell, a label or a header says: no exception, and no date, phone or page that is a figure."""

import re
from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.etl.correction import parse_date
from core.etl.fiscal import Calendar
from core.etl.labels import clean_account, is_no_measure, measure_of
from core.etl.narrate import change
from core.etl.periods import period_of
from core.etl.units import SILENT, table_units, unit_for, unit_words
from core.etl.values import is_number, shown
from core.korean import amount, parse_amount, particle

steady = settings(deadline=None, derandomize=True, max_examples=150)
PIECES = (
    *(
        "1",
        "12",
        "2024",
        "999",
        "０１",
        "٣",
        "२",
        "²",
        "½",
        "Ⅳ",
        "①",
        ",",
        ".",
        "-",
        "−",
        "△",
        "▲",
        "(",
        ")",
        "+",
        " ",
    ),
    *(
        "%",
        "％",
        "원",
        "백만원",
        "천주",
        "(단위 : ",
        "제",
        "기",
        "당",
        "전",
        "반기",
        "분기",
        "년",
        "월",
        "일",
        "말",
        "현재",
    ),
    *(
        "~",
        "/",
        ":",
        "\u00a0",
        "\n",
        "\u200b",
        "\u202e",
        "＝",
        "===",
        "가",
        "A",
        "e",
        "NaN",
        "Infinity",
        "\x00",
        "9" * 40,
    ),
)
messy = st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(max_size=60))
CALENDARS = (
    Calendar(2024, 12, 12, 31, {30: (2023, 12)}, (2024, 1)),
    Calendar(2024, 6, 3, None, {}, None, "1분기"),
    Calendar(1, 1, None),
)
PERIOD = re.compile(r"\d{1,4}(?:\.\d{2}(?:~\d{1,4}\.\d{2})?(?: (?:누적|3개월|말))?)?")
days = st.dates(date(1950, 1, 1), date(2099, 12, 31))
numbers = st.decimals(-(10**30), 10**30, allow_nan=False, places=8)


@steady
@given(messy)
def test_nothing_raises(text: str) -> None:
    number = shown(text)
    assert number is None or (number.value.is_finite() and number.value == parse_amount(number.cell))
    assert number is None or is_number(text)
    clean_account(text)
    measure_of(text)
    is_no_measure(text)
    unit = unit_for(unit_words(text, "계"), SILENT, number.unit if number else "", table_units(text))
    assert unit is None or unit[1] >= 1


@steady
@given(messy, st.sampled_from(CALENDARS), st.sampled_from((True, False, None)), st.booleans())
def test_a_period_is_spelled_as_one_or_untold(
    text: str, calendar: Calendar, balance: bool | None, three: bool
) -> None:
    period = period_of(text, calendar, balance=balance, three=three)
    assert not period or PERIOD.fullmatch(period)


@steady
@given(messy)
def test_a_day_is_of_our_time_or_none(text: str) -> None:
    day = parse_date(text)
    assert day is None or day.year >= 1900


@steady
@given(
    days,
    st.sampled_from(
        ("%Y.%m.%d", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m", "%Y-%m", "%Y년", "%Y년 %m월", "%m/%d", "'%y.%m")
    ),
)
def test_a_date_is_no_number(day: date, form: str) -> None:
    assert shown(day.strftime(form)) is None


@steady
@given(
    st.sampled_from(("02-{}-{}", "02){}-{}", "(02){}-{}", "010-{}-{}", "+82-2-{}-{}", "{}-{}", "T. {}-{}")),
    st.integers(100, 9999),
    st.integers(0, 9999),
)
def test_a_telephone_is_no_number(form: str, exchange: int, line: int) -> None:
    assert shown(form.format(exchange, f"{line:04d}")) is None


@steady
@given(
    st.integers(0, 2000),
    st.sampled_from(
        ("{}쪽", "p.{}", "p. {}", "{}/{}", "- {} -", "제{}호", "제{}조", "{}:{}", "주석 {}", "제 {} 기")
    ),
)
def test_a_page_or_an_ordinal_is_no_number(number: int, form: str) -> None:
    assert shown(form.format(number, number)) is None


@steady
@given(st.text(alphabet="①②³½ⅣⅫ㈠㎜%", min_size=1, max_size=6))
def test_signs_that_only_look_like_digits_are_none(text: str) -> None:
    assert shown(text) is None
    assert parse_amount(text) is None


@steady
@given(numbers, st.sampled_from(("원", "%", "주", "명")))
def test_any_amount_can_be_said(value: Decimal, unit: str) -> None:
    assert amount(value, unit).endswith(unit)


@steady
@given(numbers, numbers)
def test_any_two_amounts_can_be_compared(now: Decimal, before: Decimal) -> None:
    said = change(now, before)
    assert said is None or "\n" not in said


@steady
@given(messy, st.sampled_from(("은/는", "이/가", "을/를", "과/와", "으로/로")))
def test_any_word_takes_a_particle(word: str, pair: str) -> None:
    assume(word)
    assert particle(word, pair).startswith(word)


@steady
@given(st.integers(0, 10**18 - 1), st.integers(0, 10**10 - 1))
def test_digits_are_kept_to_the_last(whole: int, decimals: int) -> None:
    text = f"{whole:,}.{decimals:010d}"
    assert parse_amount(text) == Decimal(text.replace(",", ""))


def test_an_eleventh_decimal_is_no_number() -> None:
    """Decimal would have to round what a unit multiplies."""
    assert parse_amount("0.1234567891") == Decimal("0.1234567891")
    assert parse_amount("0.12345678912") is None
