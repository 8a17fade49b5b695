"""A figure as readers write it, its cells read again."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from core.korean import amount, parse_amount
from core.model import AnswerFigure, Figure
from core.rag.language.labels import is_sum, title
from core.rag.language.spoken import spoken

_ASIDE = re.compile(
    r"(?<=\s)\d[\d.]*%?\s?[~∼-]\s?\d[\d.]*%?|^\d[\d.]*%?\s?[~∼-]\s?\d[\d.]*%?|^[÷×+\-(=\s]+|\[[^\]]*\]|\([ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩIVX\s\-+÷×]+\)|[（(]\*\d*[)）]"
)
# A table of movements deducts these, `(269,085)`, as cash flows do what is paid: of a loss of -2,690억 a
# reader reads a gain.
_COST = re.compile(r"(?:손상차손|상각비)(?:누계액|인식액|\s*인식)?$|의\s?(?:지급|상환|취득|납부|매입)액?$")
_EXACT = 4  # decimals of a rate worked out; fewer are said
_LONGEST, _LONGEST_PART = 50, 36  # characters of a label
_DATED = re.compile(r"\(\*\d*\)|\d{4}[.\-/]\s?\d{1,2}[.\-/]\s?\d{1,2}\.?")  # of a bond: they name nothing
_DAY = re.compile(r"\d{4}\s*[.년/-]")


def shown(figure: Figure) -> AnswerFigure:
    """A figure as readers write it; `verified` when its cell, read again, gives the same value."""
    account = _ASIDE.sub(" ", figure.account)
    if figure.segment and _DAY.match(account):  # a row of 자본변동표, whose columns name the account
        account = ""
    thing = title(figure.caption) if is_sum(figure) else _DATED.sub(" ", figure.segment or "")
    label = " ".join(f"{thing} {account}".split()) or figure.account
    if len(label) > _LONGEST:  # descriptions of a row read like a sentence of their own
        parts = [part for part in figure.row.split(" > ") if len(part) <= _LONGEST_PART]
        label = " ".join(dict.fromkeys([*parts, *account.split()]))
    value = abs(figure.value) if _COST.search(figure.account) else figure.value
    return AnswerFigure(
        label=label,
        text=amount(value, figure.unit),
        value=value,
        unit=figure.unit,
        period=figure.period,
        basis=figure.basis,
        source=figure,
        verified=reread(figure),
    )


def reread(figure: Figure) -> bool:
    read = parse_amount(figure.cell)
    if read is None:  # `8조 5,080억` of a sentence
        said = [one.value for one in spoken(figure.cell)]
        read = said[0] if len(said) == 1 else None
    return read is not None and read * figure.scale == figure.value


def computed(
    label: str, value: Decimal, unit: str, formula: str, operands: Sequence[Figure], text: str | None = None
) -> AnswerFigure:
    """A figure of `operands`, of the period and basis of the first; `verified` as theirs."""
    return AnswerFigure(
        label=label,
        text=text or (f"{value}%" if unit == "%" else amount(value, unit)),  # 25.0%
        value=value,
        unit=unit,
        period=operands[0].period,
        basis=operands[0].basis,
        source=None,
        formula=formula,
        operands=tuple(operands),
        verified=all(map(reread, operands)),
    )


def rate(
    label: str, value: Decimal, formula: str, operands: Sequence[Figure], decimals: int = 1
) -> AnswerFigure:
    """A percentage worked out, said to so many decimals: to all it has where these would say that nothing
    moved."""
    value = _rounded(value, _EXACT)
    said = _rounded(value, decimals)
    return computed(label, value, "%", formula, operands, f"{value if value and not said else said}%")


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
