"""So much a piece: what was told of so many, divided by how many there are (한 척당, 공장 한 곳당); and what
so many shares get that are held (100주 갖고 있으면 배당금 얼마)."""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from core.model import AnswerFigure
from core.rag.language.shown import computed

_COUNTER = r"척|대|건|개|곳|채|톤|호|세대|명|인|사람|가구|평|주"
_EACH = re.compile(rf"(?:(?:한|하나|1)\s?)?({_COUNTER})\s?당(?=\s|으로|은|이|\?|$)|꼴(?=[이인로]|\s|\?|$)")
_COUNT = re.compile(rf"(?<![\d.,-])(\d{{1,3}}(?:,\d{{3}})*|\d+)\s?({_COUNTER})(?![가-힣]*당)")
_SAYS_EACH = re.compile(r"[주인척명대건개곳톤채평]당|평균|단가|1인|배수")
_STATED = ("주", "명", "인", "사람")  # what is due to each share or person, filings state themselves
_HOLDS = re.compile(
    r"(\d[\d,]*|백|천|만)\s*주(?:를|만|쯤|정도)?\s*(?:갖|가지|가진|보유|들고|있으면|사\s*뒀|사\s*두)"
)
_SPELLED = {"백": 100, "천": 1_000, "만": 10_000}
_PER_SHARE = re.compile(r"(?:1\s*)?주당|1주의|한\s*주당")
_LONGEST = 9  # digits of a number of pieces or shares


def asks_each(text: str) -> bool:
    return bool(_EACH.search(text))


def says_each(label: str) -> bool:
    """Whether a label is of one piece already."""
    return bool(_SAYS_EACH.search(label))


def without_each(text: str) -> str:
    return _EACH.sub(" ", text)


def each(text: str, told: Sequence[AnswerFigure], asked: str, filed: Iterable[str]) -> list[AnswerFigure]:
    """The one amount told, divided by how many pieces the question says, or that `asked` before it, or else
    the texts of the filing; empty where none or several numbers are said."""
    found = _EACH.search(text)
    counter = found[1] if found else None
    amounts = {one.value: one for one in told if one.unit == "원" and one.source and not one.disputed}
    if counter is None or counter in _STATED or len(amounts) != 1:
        return []
    whole = next(iter(amounts.values()))
    if whole.source is None or says_each(whole.label):
        return []
    pieces = _said(counter, [text]) or _said(counter, [asked]) or _said(counter, filed)
    if len(pieces) != 1 or (count := pieces.pop()) < 2:
        return []
    value = (whole.value / count).quantize(Decimal(1), ROUND_HALF_UP)
    label = f"{counter}당 {whole.label}"
    return [computed(label, value, whole.unit, f"{whole.text} ÷ {count:,}{counter}", (whole.source,))]


def _said(counter: str, texts: Iterable[str]) -> set[int]:
    return {
        int(found[1].replace(",", ""))
        for text in texts
        for found in _COUNT.finditer(text)
        if found[2] == counter and len(found[1]) <= _LONGEST
    }


def of_holding(text: str, figures: Sequence[AnswerFigure]) -> list[AnswerFigure]:
    """The first figure per share times the shares that the question says are held; else none."""
    held = _HOLDS.search(text)
    each = next((one for one in figures if one.source and _PER_SHARE.search(one.label)), None)
    if not held or each is None or each.source is None or len(held[1]) > _LONGEST:
        return []
    shares = _SPELLED.get(held[1]) or int(held[1].replace(",", ""))
    value = (each.value * shares).normalize()
    value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    label = f"{shares:,}주에 대한 {_PER_SHARE.sub('', each.label).strip()}"
    return [computed(label, value, each.unit, f"{each.source.cell} × {shares:,}", (each.source,))]
