"""Numbers and particles as Korean readers write and read them."""

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

_SEOUL = ZoneInfo("Asia/Seoul")
_JO, _EOK, _MAN = Decimal(10) ** 12, Decimal(10) ** 8, Decimal(10) ** 4
_NUMBER = re.compile(r"^[(△▲\-−–+ ]*\d[\d,]*(?:\.\d+)?[)％% ]*$")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NEGATIVE = re.compile(r"^\s*(?:[△▲\-−–]|\()")
_NAMED_ENDINGS = {
    "은/는": ("은", "는"),
    "이/가": ("이", "가"),
    "을/를": ("을", "를"),
    "과/와": ("과", "와"),
    "으로/로": ("으로", "로"),
    "이라고/라고": ("이라고", "라고"),
}
_DIGIT_HAS_FINAL = {"0": True, "1": True, "3": True, "6": True, "7": True, "8": True}
_LATIN_HAS_FINAL = frozenset("lmnr")  # 엘, 엠, 엔, 알
MAX_DIGITS, _MAX_DECIMALS = 18, 10  # together the 28 that Decimal keeps exactly, times any unit too
LEGAL_FORM = re.compile(r"\s*(?:주식회사|\(주\)|㈜)\s*")


def korean_today() -> date:
    """The day in Seoul, where investors ask and DART counts its calls."""
    return korean_time(datetime.now(UTC)).date()


def korean_time(at: datetime) -> datetime:
    return at.astimezone(_SEOUL)


def squeeze(text: str) -> str:
    """Without white space and case: `직 원 수` and `직원수` are one word, EPS and eps one name."""
    return "".join(text.lower().split())


# A letter, in patterns made of a question's words: [가-힣] takes 0.5 ms to compile, a category nothing.
LETTER = r"[^\W\d_]"


def lowered(text: str) -> str:
    """Lower case of the same length, so that places hold in both (İ becomes two characters).

    Patterns are matched on it instead of with re.IGNORECASE, which folds every one of 11,172 syllables.
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower()[:1] or c for c in text)


def bare_name(name: str) -> str:
    """A company's name without its legal form."""
    return LEGAL_FORM.sub("", name).strip()


def parse_amount(text: str) -> Decimal | None:
    """The number a cell shows: `1,234`, `(1,234)`, `(1,234원)`, `△1,234`, `-1,234`, `12.5%`; else None.

    Parentheses and triangles are losses, as in Korean statements; `-` alone is an empty cell.
    """
    stripped = text.strip()
    digits = stripped.replace(",", "")
    if digits.isdecimal() and stripped[0] != ",":  # nine cells in ten: spared the patterns
        return Decimal(digits) if len(digits) <= MAX_DIGITS else None
    if stripped.endswith("원)"):
        stripped = stripped.removesuffix("원)").rstrip() + ")"
    if not stripped or len(stripped) > 60 or not _NUMBER.match(stripped):
        return None
    found = _DIGITS.search(stripped)
    if not found:
        return None
    whole, _, decimals = found[0].replace(",", "").partition(".")
    if len(whole) > MAX_DIGITS or len(decimals) > _MAX_DECIMALS:
        return None
    if stripped.startswith("(") != stripped.rstrip("%％ ").endswith(")"):
        return None
    try:
        value = Decimal(found[0].replace(",", ""))
    except InvalidOperation:
        return None
    return -value if _NEGATIVE.match(stripped) else value


def amount(value: Decimal, unit: str) -> str:
    """`3조 4,512억원`, `473억 1,000만원`, `1,234만원`, `12.3%`, `37,500,000주`.

    Amounts of 원 are rounded half up to 억 from 1조 and to 만 from 1억; all others are exact.
    """
    sign = "-" if value < 0 else ""
    size = abs(value)
    if unit == "원" and size >= _EOK:
        return f"{sign}{_won(size)}원"
    return f"{sign}{_plain(size)}{unit}"


def _won(size: Decimal) -> str:
    step = _EOK if size >= _JO else _MAN
    rounded = (size / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    jo, rest = divmod(rounded, _JO)
    eok, rest = divmod(rest, _EOK)
    man = rest // _MAN
    parts = [(jo, "조"), (eok, "억"), (man, "만")]
    return " ".join(f"{int(count):,}{name}" for count, name in parts if count)


def _plain(size: Decimal) -> str:
    if size == size.to_integral_value():
        return f"{int(size):,}"
    whole, _, fraction = f"{size:f}".partition(".")
    return f"{int(whole):,}.{fraction}"


def particle(word: str, pair: str) -> str:
    """The word with the right one of `은/는`, `이/가`, `을/를`, `과/와`, `으로/로`, by its last sound."""
    with_final, without = _NAMED_ENDINGS[pair]
    if pair == "으로/로" and _ends_in_rieul(word):
        return word + without
    return word + (with_final if _has_final(word) else without)


def _ends_in_rieul(word: str) -> bool:
    last = word[-1:]
    return last in "178" or ("가" <= last <= "힣" and (ord(last) - ord("가")) % 28 == 8)


def _has_final(word: str) -> bool:
    bare = word.rstrip()
    if bare.endswith(")"):  # without the last bracket; a pattern would look for its end from every `(`
        opened = bare.find("(", bare.rfind(")", 0, -1) + 1)
        bare = bare[:opened] if opened >= 0 else bare
    bare = bare.rstrip(" \"'”’)]")
    last = bare[-1:].lower()
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28 != 0
    if last.isdigit():
        return _DIGIT_HAS_FINAL.get(last, False)
    return last in _LATIN_HAS_FINAL
