"""Which numbers a Korean text says, however it writes them, and whether it says a given one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.korean import amount

TOLERANCE = Decimal("0.0005")  # relative: what rounding to 억 or to 만 costs at most
SCALES = {
    "조": Decimal(10) ** 12,
    "천억": Decimal(10) ** 11,
    "백억": Decimal(10) ** 10,
    "십억": Decimal(10) ** 9,
    "억": Decimal(10) ** 8,
    "천만": Decimal(10) ** 7,
    "백만": Decimal(10) ** 6,
    "십만": Decimal(10) ** 5,
    "만": Decimal(10) ** 4,
    "천": Decimal(10) ** 3,
}
_PIECE = re.compile(rf"(?<![\d.,])(\d[\d,]*(?:\.\d+)?)\s?({'|'.join(SCALES)})?")
_PERCENT = re.compile(r"\s?(?:[%％]|퍼센트|프로)")
_OTHER_UNIT = re.compile(r"\s?[년월달주명개건배호%％]")
_TABLE_SCALES = (Decimal(10) ** 3, Decimal(10) ** 6, Decimal(10) ** 8)
_MAX_DIGITS = 30
_MAX_DECIMALS = 6
_FOLLOWING = 6  # characters: enough for a unit
_BARE = 1_000  # a smaller number without its unit may be a date, a list mark or a source


@dataclass(frozen=True, slots=True)
class Spoken:
    """One number of a text: `3조 4,512억원` is 3451200000000, `scaled`."""

    value: Decimal
    scaled: bool
    following: str


def spoken(text: str) -> Iterator[Spoken]:
    """Every number of the text, parts of falling scale (`4억 5천만`) joined; signs are left out."""
    last: re.Match[str] | None = None
    value, largest = Decimal(0), Decimal(1)
    for piece in _PIECE.finditer(text):
        if len(piece[1]) > _MAX_DIGITS:
            continue
        scale = SCALES.get(piece[2], Decimal(1))
        joins = (
            last
            and scale < SCALES.get(last[2], Decimal(1))
            and not text[last.end() : piece.start()].strip(" ")
        )
        if last and not joins:
            yield _spoken(text, value, largest, last.end())
            value, largest = Decimal(0), Decimal(1)
        value += Decimal(piece[1].replace(",", "")) * scale
        last, largest = piece, max(largest, scale)
    if last:
        yield _spoken(text, value, largest, last.end())


def _spoken(text: str, value: Decimal, largest: Decimal, end: int) -> Spoken:
    return Spoken(value, largest > 1, text[end : end + _FOLLOWING])


def occurs(needle: str, text: str) -> bool:
    """Whether the text holds the needle, spaces ignored, not as part of another number.

    `278,819` stands in `278,819,290,091`: the same amount in a greater unit.
    """
    pattern = r"\s*".join(map(re.escape, "".join(needle.split())))
    if needle.strip()[:1].isdigit():
        pattern = r"(?<![1-9])(?<![\d.,]0)(?<!\d[.,])" + pattern  # `03월` holds `3월`
    if needle.strip()[-1:].isdigit():
        pattern += r"(?!\d|\.\d)"
    return re.search(pattern, text) is not None


def says(text: str, value: Decimal, unit: str) -> bool:
    """Whether the text shows this amount in a usual way: 조/억/만 mixes, plain digits, a table's 백만원.

    Losses count by their size, for readers write them as `손실 12억원`.
    """
    size = abs(value)
    if occurs(amount(size, unit), text):
        return True
    return any(_is(one, size, unit) for one in spoken(text))


def _is(one: Spoken, size: Decimal, unit: str) -> bool:
    if unit == "%":
        return bool(_PERCENT.match(one.following)) and rounds_to(size, one.value)
    named = one.following.lstrip().startswith(unit)
    bare = one.value >= _BARE and not _OTHER_UNIT.match(one.following)
    if unit != "원":
        return one.value == size and (named or bare)
    if (named or one.scaled or bare) and abs(one.value - size) <= TOLERANCE * size:
        return True
    in_table = bare and not named and not one.scaled
    return in_table and any(abs(one.value * scale - size) < scale for scale in _TABLE_SCALES)


def rounds_to(exact: Decimal, shown: Decimal) -> bool:
    """Whether `shown` is `exact` at the decimals it shows: 9.8 for 9.76, never 10."""
    exponent = shown.as_tuple().exponent
    if not isinstance(exponent, int) or not -_MAX_DECIMALS <= exponent < 0:
        return exact == shown
    return exact.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP) == shown
