"""Ratios that filings often leave to the reader, computed from figures of one filing, period and basis."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from core.korean import squeeze
from core.model import AnswerFigure, Figure, Filing, Question
from core.rag.figures.selection import choose
from core.rag.language.accounts import account_groups, spoken_as
from core.rag.language.shown import computed, rate, shown
from core.rag.question.asked import asks_percent
from core.rag.question.sought import Sought

_Names = tuple[str, ...]
SALES: _Names = ("매출액", "수익(매출액)", "영업수익")
_DEBT: _Names = ("부채총계", "부채 총계")
_EQUITY: _Names = ("자본총계", "자본 총계")
PROFIT: _Names = ("당기순이익", "당기순이익(손실)", "당기순손실", "반기순이익", "분기순이익")
OPERATING: _Names = ("영업이익", "영업이익(손실)", "영업손익", "영업손실")
_TWO = 2
_TIMES = re.compile(r"몇\s*배")
_SUBJECT = re.compile(r"^(?:이(?!자)|가|은|는|도)")
_MEASURE = re.compile(r"^\)?(?:의|하고|과|와|이?랑|대비|에비|보다|에견)")  # (자본)하고
_WHOLE = re.compile(r"^\)?(?:의|대비|에비)")
_RATIOS: tuple[tuple[re.Pattern[str], str, _Names, _Names], ...] = (
    (
        re.compile(r"부채\s*비율|(?:자본|자기\s*돈).{0,12}(?:부채|빚).{0,8}(?:비율|%)"),
        "부채비율",
        _DEBT,
        _EQUITY,
    ),
    (re.compile(r"유동\s*비율"), "유동비율", ("유동자산",), ("유동부채",)),
    (re.compile(r"자기\s*자본\s*비율"), "자기자본비율", _EQUITY, ("자산총계", "자산 총계")),
    (re.compile(r"영업\s*이익\s*률"), "영업이익률", OPERATING, SALES),
    (re.compile(r"매출\s*원가\s*[율률]"), "매출원가율", ("매출원가", "영업원가"), SALES),
    (
        re.compile(r"판관비\s*[율률]|판매비와\s*관리비\s*[율률]"),
        "판관비율",
        ("판매비와관리비", "판매비와 관리비", "판매비 및 관리비"),
        SALES,
    ),
    (re.compile(r"매출\s*총이익\s*률"), "매출총이익률", ("매출총이익",), SALES),
    (re.compile(r"(?<!자본)순이익\s*률"), "순이익률", PROFIT, SALES),
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
    if not above or not below or not _of_one(above, below):
        return []
    value = above.value / below.value * 100
    formula = f"{above.account} {above.cell} ÷ {below.account} {below.cell} × 100"
    label = f"{above.segment or ''} {name}".strip()
    return [rate(label, value, formula, (above, below), decimals=2), shown(above), shown(below)]


def times(sought: Sought, found: Sequence[Figure], filings: Mapping[str, Filing]) -> list[AnswerFigure]:
    """`자본하고 견주면 빚이 몇 배`: how many times one of two accounts is the other, and both; empty where
    the sentence does not tell which is which."""
    if not _TIMES.search(sought.question.text) or not (pair := _pair(sought, _MEASURE, found, filings)):
        return []
    above, below = pair
    value = (above.value / below.value).quantize(Decimal("0.0001"))
    said = value.quantize(Decimal("0.01"))
    label = f"{shown(below).label} 대비 {shown(above).label} 배수"
    formula = f"{shown(above).text} ÷ {shown(below).text}"
    return [computed(label, value, "배", formula, pair, f"{said}배"), *map(shown, pair)]


def in_percent(question: Question) -> list[list[str]]:
    """The names of two accounts of which one is asked in percent of the other: 영업이익이 매출의 몇 %."""
    if question.compare or not asks_percent(question.text):
        return []
    # 매출액대비 of a contract's form is what a report leaves to be worked out
    names = [group[0].removesuffix("대비").strip() for group in account_groups(question.accounts)]
    return account_groups(names)


def percent(sought: Sought, found: Sequence[Figure], filings: Mapping[str, Filing]) -> list[AnswerFigure]:
    """The two of `in_percent`, and the rate between them."""
    asked = replace(sought.question, accounts=[group[0] for group in in_percent(sought.question)])
    pair = _pair(replace(sought, question=asked), _WHOLE, found, filings)
    if not pair or pair[0].value <= 0:
        return []
    above, below = pair
    label = f"{shown(below).label} 대비 {shown(above).label} 비율"
    formula = f"{shown(above).text} ÷ {shown(below).text} × 100"
    return [rate(label, above.value / below.value * 100, formula, pair, decimals=2), *map(shown, pair)]


def _pair(
    sought: Sought, measure: re.Pattern[str], found: Sequence[Figure], filings: Mapping[str, Filing]
) -> tuple[Figure, Figure] | None:
    """(what is measured, what it is measured by) of the two accounts asked, told by their particles."""
    question = sought.question
    groups = account_groups(question.accounts)
    if len(groups) != _TWO or question.since or len(question.companies) != 1:
        return None
    text = squeeze(question.text)
    marks = [_particles(text, spoken_as(group, text)) for group in groups]
    subjects = [bool(_SUBJECT.search(mark)) for mark in marks]
    if subjects.count(True) != 1 or not measure.search(marks[subjects.index(False)]):
        return None
    ordered = sorted(range(_TWO), key=lambda at: not subjects[at])
    alone = replace(question, compare=False)
    above, below = (_first(choose(alone, [groups[at]], found, filings, [])) for at in ordered)
    if not above or not below or not _of_one(above, below) or sought.missing((above, below)):
        return None
    return above, below


def _particles(text: str, said: Sequence[str]) -> str:
    """What stands behind the last place that an account is named at."""
    places = [(at + len(one)) for one in said if (at := text.rfind(one)) >= 0]
    return text[max(places) :] if places else ""


def _of_one(above: Figure, below: Figure) -> bool:
    """Whether two figures are of one filing, basis and end of period, and the lower one is positive."""
    return below.value > 0 and (above.rcept_no, above.basis, above.unit, (above.period or "")[:7]) == (
        below.rcept_no,
        below.basis,
        below.unit,
        (below.period or "")[:7],
    )


def _first(chosen: Sequence[AnswerFigure]) -> Figure | None:
    first = chosen[0] if chosen else None
    return first.source if first and first.verified and first.source and not first.source.disputed else None
