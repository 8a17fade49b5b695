"""Ratios that filings often leave to the reader, computed from figures of one filing, period and basis."""

import re
from collections.abc import Mapping, Sequence

from core.model import AnswerFigure, Figure, Filing, Question
from core.rag.figures import choose
from core.rag.shown import rate, shown

_Names = tuple[str, ...]
_SALES: _Names = ("매출액", "수익(매출액)", "영업수익")
_DEBT: _Names = ("부채총계", "부채 총계")
_EQUITY: _Names = ("자본총계", "자본 총계")
_PROFIT: _Names = ("당기순이익", "당기순이익(손실)", "당기순손실", "반기순이익", "분기순이익")
_RATIOS: tuple[tuple[re.Pattern[str], str, _Names, _Names], ...] = (
    (
        re.compile(r"부채\s*비율|(?:자본|자기\s*돈).{0,12}(?:부채|빚).{0,8}(?:몇\s*배|비율|%)"),
        "부채비율",
        _DEBT,
        _EQUITY,
    ),
    (re.compile(r"유동\s*비율"), "유동비율", ("유동자산",), ("유동부채",)),
    (re.compile(r"자기\s*자본\s*비율"), "자기자본비율", _EQUITY, ("자산총계", "자산 총계")),
    (
        re.compile(r"영업\s*이익\s*률"),
        "영업이익률",
        ("영업이익", "영업이익(손실)", "영업손익", "영업손실"),
        _SALES,
    ),
    (re.compile(r"매출\s*총이익\s*률"), "매출총이익률", ("매출총이익",), _SALES),
    (re.compile(r"(?<!자본)순이익\s*률"), "순이익률", _PROFIT, _SALES),
)


def ratios_asked(text: str) -> list[tuple[_Names, _Names, str]]:
    """(numerator's names, denominator's names, the ratio's name) of each ratio that is asked."""
    return [(above, below, name) for words, name, above, below in _RATIOS if words.search(text)]


def ratio(
    question: Question,
    name: str,
    parts: tuple[_Names, _Names],
    found: Sequence[Figure],
    filings: Mapping[str, Filing],
    focus: Sequence[str],
) -> list[AnswerFigure]:
    """Empty when the two are not of one filing, period's end and basis, the lower one is not positive, or
    the filing itself tells one of them in two ways."""
    above, below = (_first(choose(question, [names], found, filings, focus)) for names in parts)
    if not above or not below or below.value <= 0:
        return []
    if (above.rcept_no, above.basis, (above.period or "")[:7]) != (
        below.rcept_no,
        below.basis,
        (below.period or "")[:7],
    ):
        return []
    value = above.value / below.value * 100
    formula = f"{above.account} {above.cell} ÷ {below.account} {below.cell} × 100"
    label = f"{above.segment or ''} {name}".strip()
    return [rate(label, value, formula, (above, below), decimals=2), shown(above), shown(below)]


def _first(chosen: Sequence[AnswerFigure]) -> Figure | None:
    first = chosen[0] if chosen else None
    return first.source if first and first.verified and first.source and not first.source.disputed else None
