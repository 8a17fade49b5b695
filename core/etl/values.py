"""The number a cell shows, as filed and as a value."""

import re
from decimal import Decimal
from typing import NamedTuple

from core.korean import MAX_DIGITS, parse_amount

_VALUE = re.compile(
    r"^([(△▲\-−–+ ]*\d[\d,]*(?:\.\d+)?[) ]*)\s*"
    r"(원|천원|백만원|억원|조원|%|％|주|천주|명|배|개|개사|건|년|회|대|천대|톤|만톤|시간)?$"
)
_CURRENCY = r"(?:US\$|USD|EUR|JPY|CNY|GBP|HKD|SGD|VND|AUD|CAD)"
_GLOSS = re.compile(
    rf"(?<=[\d)])\s*\(\s*{_CURRENCY}\s?\d[\d,.]*\s?(?:천|만|백만|억)?\s*\)$"
)  # 241,065(USD 164백만)
_IN_CURRENCY = re.compile(rf"^({_CURRENCY})\s?(\d[\d,]*(?:\.\d+)?)\s?(천|만|백만|억)?$")  # USD 264,000천
_WITHIN = re.compile(r"^\(\s*\d[\d,]*(?:\.\d+)?\s*(원|%|％)\s*\)$")  # (22,240원): a loss
_RULES = "=＝═━"  # two or more: the double rule drawn under a total: `33,930,639,265,588=====`
_MONTH = re.compile(r"(?:19|20)\d\d\.(?:0[1-9]|1[0-2])$")  # 2024.06: an amount would have its comma
_YEAR = re.compile(r"(?:19|20)\d\d$")
_SIGNS = "(△▲-−–+ "
_LETTERS = "UEJCGHSVA"  # with which a currency begins
_MAX_SHOWN = 40


class Shown(NamedTuple):
    """`(1,234)명` is cell `(1,234)`, value -1234, unit 명; a cell without a unit of its own has ''."""

    cell: str
    value: Decimal
    unit: str


def is_number(text: str) -> bool:
    if text.replace(",", "").isdecimal() and text[0] != ",":  # nine numbers in ten
        return True
    if text[:1] in _LETTERS:
        return bool(_IN_CURRENCY.match(text))
    return _begins(text) and bool(_VALUE.match(_unglossed(_unruled(text))) or _WITHIN.match(text))


def shown(text: str) -> Shown | None:
    """None for anything but one number, at most with a unit or a double rule after it."""
    if not text or text == "-":
        return None
    if text[0].isdecimal():
        digits = text.replace(",", "")
        if digits.isdecimal() and text[-1] != "," and len(digits) <= MAX_DIGITS:  # nine numbers in ten
            return Shown(text, Decimal(digits), "")
    elif text[0] in _LETTERS:
        return _in_currency(text)
    elif text[0] not in _SIGNS:
        return None
    text = _unruled(text)
    if len(text) > _MAX_SHOWN:
        return None
    cell, unit = _unglossed(text), ""
    text = cell
    if not (text[0].isdecimal() and text[-1].isdecimal()):  # a sign, a bracket or a unit
        if found := _VALUE.match(text):
            cell, unit = found.groups("")
        elif found := _WITHIN.match(text):
            unit = found[1]
        else:
            return None
    if (not unit and _MONTH.match(cell)) or (unit == "년" and _YEAR.match(cell)):
        return None
    value = parse_amount(cell)
    return None if value is None else Shown(cell.strip(), value, unit)


def _unruled(text: str) -> str:
    bare = text.rstrip(_RULES)
    return bare.rstrip() if len(text) - len(bare) > 1 else text


def _unglossed(text: str) -> str:
    """Without what the same amount is in another currency, which names a multiple of its own."""
    return _GLOSS.sub("", text) if text.endswith(")") else text


def _in_currency(text: str) -> Shown | None:
    found = _IN_CURRENCY.match(text)
    if found is None or (value := parse_amount(found[2])) is None:
        return None
    return Shown(found[2], value, (found[3] or "") + found[1])


def _begins(text: str) -> bool:
    """Most cells are words: their first character spares them the pattern."""
    first = text[:1]
    return first.isdecimal() or (first in _SIGNS and first != "")
