"""What is to be worked out of the figures that answer: times, sums, differences, a share of the whole."""

import re
from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter

from core.korean import LEGAL_FORM, particle
from core.model import AnswerFigure, Figure
from core.rag.figures.comparison import LINE
from core.rag.language.shown import computed, rate, shown
from core.totals import is_total

_TIMES = re.compile(r"몇\s*배|배(?:가|나|로)?\s*(?:됐|되었|늘|커|뛰)|곱절")
_SUM = re.compile(r"합계|합산|더하면|(?<![가-힣])합(?:치|하|쳐|해|[은이]\s)")
# All of something: what else says so is each caller's own.
ALL = r"(?<![가-힣])(?:총|모두|전부|다\s*해|통틀어)|총계"
_APART = re.compile(
    r"차이|격차|얼마나\s*더|얼마\s*더|(?<![가-힣])더\s*(?!하|합|해|자세|상세|알|말|설명)[가-힣]|([많커크높적작낮]\S{0,2})\s(?:\S+\s){1,3}\1"
)
_MORE = {"원": "많은 금액", "%": "높은 정도"}
_CHANGE = re.compile(
    r"[증감]{1,2}액|차액|금액으로|몇\s*(?:조|억|만)?\s*[원명주]\s*(?:이나\s*)?(?:늘|줄|증|감|올|내|오)"
    r"|얼마(?:나|만큼)?\s*(?:늘|줄|증가|감소|올랐|올라|내렸|내려|빠졌|불었)"
)
_SHARE = re.compile(r"비중|차지|몇\s*(?:%|퍼센트|프로)|절반|과반|비율")
_PAIR = 2
_MEASURE = attrgetter("rcept_no", "section", "account", "unit", "period", "basis")


def asks_sum(text: str) -> bool:
    return bool(_SUM.search(text))


def asks_share(text: str) -> bool:
    """Whether it asks which part of a whole something is."""
    return bool(_SHARE.search(text))


def worked_out(text: str, told: Sequence[AnswerFigure], cells: Sequence[Figure]) -> list[AnswerFigure]:
    """What is computed of the figures `told`, each with its formula; `cells` are those of their tables."""
    sources = [one.source for one in told if one.source]
    pair = sources if len(sources) == _PAIR and len(told) - len(sources) <= 1 else []
    if pair and pair[0].period != pair[1].period:
        times = _times(*pair) if _TIMES.search(text) else []
        told_already = any(one.formula and one.unit == pair[0].unit for one in told)
        return [*times, *(_change(*pair) if _CHANGE.search(text) and not told_already else [])]
    if pair and _alike(*pair):
        return [*(_sum(pair) if asks_sum(text) else []), *(_apart(*pair) if _APART.search(text) else [])]
    if asks_sum(text) and len(sources) == len(told) > _PAIR and len(set(map(_MEASURE, sources))) == 1:
        return _sum(sources)
    if len(sources) == 1 and sources[0].unit == "원" and _SHARE.search(text):
        of_itself = re.search(
            rf"(?:전체|총|모든)\s*{re.escape(_name(sources[0]))}|{re.escape(sources[0].account)}\s*(?:전체|총)",
            text,
        )
        return [] if of_itself else _share(sources[0], cells)
    return []


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two cells are of one measure: the same column, or the same row, of one table."""
    same = (one.rcept_no, one.table, one.unit, one.basis) == (
        other.rcept_no,
        other.table,
        other.unit,
        other.basis,
    )
    return same and (one.column_no == other.column_no) != (one.row_no == other.row_no)


def _times(now: Figure, before: Figure) -> list[AnswerFigure]:
    if before.value <= 0 or now.value <= 0 or now.unit != before.unit:
        return []
    value = (now.value / before.value).quantize(Decimal("0.01"))
    return [
        computed(
            f"{_name(now)} 배수", value, "배", f"{shown(now).text} ÷ {shown(before).text}", (now, before)
        )
    ]


def _change(now: Figure, before: Figure) -> list[AnswerFigure]:
    if now.unit != before.unit or now.unit == "%" or not (_alike(now, before) or LINE(now) == LINE(before)):
        return []
    label = f"{_name(now)} 증감액"
    return [
        computed(
            label,
            now.value - before.value,
            now.unit,
            f"{shown(now).text} - {shown(before).text}",
            (now, before),
        )
    ]


def _sum(cells: Sequence[Figure]) -> list[AnswerFigure]:
    value = sum(cell.value for cell in cells)
    names = [_names(cells[0], cells[1])[0], *(_names(cells[0], cell)[1] for cell in cells[1:])]
    formula = " + ".join(shown(cell).text for cell in cells)
    return [computed(f"{', '.join(names)} 합계", Decimal(value), cells[0].unit, formula, tuple(cells))]


def _apart(one: Figure, other: Figure) -> list[AnswerFigure]:
    most, least = sorted((one, other), key=lambda cell: cell.value, reverse=True)
    first, second = _names(most, least)
    more = _MORE.get(one.unit, "많은 수") if least.value >= 0 else "나은 금액"
    label = f"{particle(first, '이/가')} {second}보다 {more}"
    unit = "%p" if one.unit == "%" else one.unit
    then = shown(least).text if least.value >= 0 else f"({shown(least).text})"
    return [computed(label, most.value - least.value, unit, f"{shown(most).text} - {then}", (most, least))]


def _share(part: Figure, cells: Sequence[Figure]) -> list[AnswerFigure]:
    """Of the one total of its column."""
    totals = [
        cell
        for cell in cells
        if (cell.rcept_no, cell.table, cell.column_no) == (part.rcept_no, part.table, part.column_no)
        and cell.row_no != part.row_no
        and (cell.unit, cell.period, cell.basis) == (part.unit, part.period, part.basis)
        and is_total(cell.row.split(" > ")[-1], whole=True)
    ]
    if len(totals) != 1 or not 0 < part.value <= totals[0].value:
        return []
    whole = totals[0]
    formula = f"{shown(part).text} ÷ {shown(whole).text} × 100"
    return [rate(f"{_name(part)} 비중", part.value / whole.value * 100, formula, (part, whole))]


def _name(cell: Figure) -> str:
    return shown(cell).label


def _names(one: Figure, other: Figure) -> tuple[str, str]:
    """The labels by which two cells of one table differ."""
    pairs = zip([*one.row.split(" > "), one.column], [*other.row.split(" > "), other.column], strict=False)
    first, second = next(((a, b) for a, b in pairs if a != b), (_name(one), _name(other)))
    return _bare(first), _bare(second)


def _bare(label: str) -> str:
    return LEGAL_FORM.sub("", label.split("(")[0]).strip()
