"""The unit of a cell: what it says itself, what its labels say, what stands over its table."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from core.etl.scales import ASIDE, COUNTERS, CURRENCIES, MONEY, WON, Unit, unit_named

_PARENTHESES = re.compile(r"[(\[（]\s*(?P<said>단\s*위\s*[:：]?\s*)?([^()\[\]（）]{1,12}?)\s*[)\]）]")
# 이마트(주) is a company, 최고(일) the highest of a day: these say a unit only behind what is counted so.
_OF_WORDS = {
    "주": re.compile(
        r"주식|[통선류]주|신주|구주|주권|증권|수량|수\s*$|총수|사채|보유|소유|취득|처분|배정|행사|발행|[합소]\s*계|기초|기말|증감"
    ),
    "개사": re.compile(r"사\s*$|수\s*$|기업|법인"),
    "회": re.compile(r"회|수\s*$|빈도"),
    "호": re.compile(r"수\s*$|세대|주택|가구"),
    "일": re.compile(r"기간|일수|주기|회전"),
}
_AS_STATED = frozenset(("주", "회"))  # may be 천주, may be a turnover in %: only where the table says so
_NO_UNIT = "?"  # counted in something that nothing names: 이사의 수 beside 백만원
# Every branch begins with a character of its own: `re` then skips to where one of them stands.
_KINDS = (
    ("배", re.compile(r"배율$|배수$")),
    ("회", re.compile(r"회전율|횟수")),
    (
        "%",
        re.compile(
            r"(?<!환)율$|률$|(?<!환)율\s*[(\[]|률\s*[(\[]|비중|비율|점유율|증감률|증감율|대비|(?<!\d)%|지분율|이익률|성향|수익률"
        ),
    ),
    (WON, re.compile(r"주당|1주의|E[Pp][Ss]|e[Pp][Ss]")),
    ("명", re.compile(r"주주\s*수|주주수")),
    ("주", re.compile(r"(?:주식|증권)\s*(?:등)?\s*(?:의\s*)?수(?![익수령증입출])|주수(?![가-힣])|발행주식")),
    ("세", re.compile(r"연령|만\s*나이")),
    ("년", re.compile(r"근속|연수$|(?<!\d)년수(?![가-힣])")),
    ("명", re.compile(r"직원\s*수|인원")),
    ("건", re.compile(r"건수(?![가-힣])")),
    ("시간", re.compile(r"시간$")),
    ("일", re.compile(r"일수$")),
    ("개월", re.compile(r"개월수$")),
    ("대", re.compile(r"대수$")),
    ("개", re.compile(r"개수$")),
    ("개사", re.compile(r"(?:회사|법인|기업|업체)의?수$")),
    (_NO_UNIT, re.compile(r"의수$|(?:점포|매장|지점|객실|세대|가입자|회원|고객|이사|위원)수$")),
)
_NAMED = re.compile("|".join(pattern.pattern for _, pattern in _KINDS))
# What the table's unit does not count either.
_OTHER = re.compile(r"^(?:천|만|백만|억|십억)?(?:월|매|점|g|m|bp|bps|세|병|정|두|수|Box|BOX|도즈|외화)$")
# In a table of several units: which of them labels name, what is counted in any, what in money.
_SAYS = re.compile(
    r"시간|인원|대수|개수|건수|(?<![A-Za-z])(?:US\$|[A-Z]{3}(?![A-Za-z])|DR(?![A-Za-z])|TJ|GJ|[kMG]Wh?|tCO2)|달러|유로|엔화|위안|㎡|톤"
)
_SAID = {"인원": "명", "대수": "대", "개수": "개", "건수": "건", "tCO2": "tCO2-eq"}
_SHARES = re.compile(r"수량|주식의?수|주수|거래량|물량|받을주식|발행주식")
_QUANTITY = re.compile(r"수량|거래량|물량|배출량|사용량|생산량|판매량")
_VALUE = re.compile(
    r"금액|가액|가치|원가|주가|보수|급여|매출|이익|손익|손실|비용|자산|부채|자본|총액|잔액|대금|수익|투자|배당금|현금"
)
_AMOUNT = re.compile(r"(?:금액|가액|총액|단가|보수|급여|급여액|매출액|비용|대금)$")
_IN_WON = re.compile(r"원화|환산|원금액")
_IN_FOREIGN = re.compile(r"외화(?!환산)")
_PART = re.compile(r"[,，·、:：]| 및 ")
_SHORT = re.compile(r"[가-힣]{1,3}|[A-Za-z$]{1,6}")


@lru_cache(maxsize=8192)
def unit_in(label: str) -> Unit | None:
    """The unit a label carries in parentheses: `계약금액(원)`, `기본주당순이익(단위 : 원)`, `비율 (%)`."""
    for found in reversed(list(_PARENTHESES.finditer(label))):
        if (known := unit_named(found[2])) and (found["said"] or _counts(known[0], label[: found.start()])):
            return known
    return None


def _counts(unit: str, words: str) -> bool:
    needed = _OF_WORDS.get(unit)
    return needed is None or bool(needed.search(words))


class TableUnits(NamedTuple):
    """Every unit of `(단위 : 억원, %)` in order, one that is not known among several as `?`.

    `only` is the one that counts where no other does, ratios aside.
    """

    known: tuple[Unit, ...] = ()
    only: Unit | None = None

    @property
    def foreign(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.known if unit[0] in CURRENCIES)


@lru_cache(maxsize=8192)
def table_units(unit: str | None) -> TableUnits:
    if not unit:
        return TableUnits()
    if whole := unit_named(unit):
        return TableUnits((whole,), whole)
    parts = [
        re.sub(r"\s", "", piece)
        for part in _PART.split(unit)
        for piece in ([part] if unit_named(part) else part.split("/"))
    ]
    known = tuple(
        unit_named(part) or (_NO_UNIT, 1) for part in parts if unit_named(part) or _SHORT.fullmatch(part)
    )
    if not any(one[0] != _NO_UNIT for one in known):
        return TableUnits()
    counted = [one for one in known if one[0] not in ASIDE] or list(known[:1])
    return TableUnits(known, counted[0] if len(counted) == 1 and counted[0][0] != _NO_UNIT else None)


def of_several(unit: str | None) -> bool:
    """Whether a table counts in two counters that no label tells apart: `천대, 천개`."""
    return bool(unit) and sum(one[0] in COUNTERS for one in table_units(unit).known) > 1


class UnitWords(NamedTuple):
    """What labels say of the unit: the one they carry, that theirs is none of ours, the kind of measure
    (a place in the order of precedence); `text` is theirs without spaces."""

    stated: Unit | None = None
    other: bool = False
    kind: int = len(_KINDS)
    text: str = ""

    @property
    def silent(self) -> bool:
        """Whether they leave it to what stands around them; `금액` chooses among a table's units alone."""
        return not (self.stated or self.other) and self.kind == len(_KINDS)

    @property
    def of_shares(self) -> bool:
        return self.kind < len(_KINDS) and _KINDS[self.kind][0] == "주"


SILENT = UnitWords()


@lru_cache(maxsize=16384)
def unit_words(*labels: str) -> UnitWords:
    """Of the labels of a row or the header of a column, the innermost last."""
    for label in reversed(labels):
        known = unit_in(label)
        if known:
            return UnitWords(stated=known)
        if any(_OTHER.match(re.sub(r"\s", "", found[2])) for found in _PARENTHESES.finditer(label)):
            return UnitWords(other=True)
    text = re.sub(r"\s", "", " ".join(labels))  # `직 원 수` and `평 균근속연수` are words too
    kind = len(_KINDS)
    if _NAMED.search(text):
        kind = next(place for place, (_, pattern) in enumerate(_KINDS) if pattern.search(text))
    return UnitWords(None, False, kind, text)


def unit_for(row: UnitWords, column: UnitWords, suffix: str, units: TableUnits) -> Unit | None:
    """The unit of a cell: its own suffix, its labels', then the table's; None when nothing says it.

    A ratio, a number of things or a per-share row is never scaled by the table's 백만원, and money of a
    table in dollars is no 원.
    """
    if suffix:
        return unit_named(suffix)
    for words in (column, row):
        if words.stated:
            return words.stated
        if words.other:
            return None
    known = units.known
    kind = min(row.kind, column.kind)
    if kind == len(_KINDS):
        only = units.only
        return only if only and only[0] == WON else _of_table(row.text, column.text, units)
    name = _KINDS[kind][0]
    if name == "%":
        said = not known or ("%", 1) in known or "%" in row.text or "%" in column.text
        return ("%", 1) if said else None
    if name == WON:
        return None if units.foreign else (WON, 1)
    if name == _NO_UNIT:
        only = units.only
        return None if only is None or only[0] in MONEY else only
    counted = next((unit for unit in known if unit[0] == name), None)
    return counted if counted or name in _AS_STATED else (name, 1)


def unit_of_labels(labels: Sequence[str], suffix: str, units: TableUnits) -> Unit | None:
    """The unit of a form's value by the labels before it, outermost first; outer ones speak for a silent one.

    `보유주식등의 수 및 보유비율 > 주식등의 수` counts shares, `양수내역(원) > 양수금액` won.
    """
    inner = unit_words(labels[-1])
    words = unit_words(*labels) if inner.silent else inner
    unit = unit_for(words, SILENT, suffix, units)
    return ("주", 1) if unit is None and words.of_shares and not units.known else unit


@lru_cache(maxsize=16384)
def _of_table(row: str, column: str, units: TableUnits) -> Unit | None:
    """What the table's unit line says of labels that say none: its only unit, or the one they call for."""
    unit = units.only or _called_for(row, column, units)
    if unit is None:
        return None
    if unit[0] not in MONEY and (_AMOUNT.search(row) or _AMOUNT.search(column)):
        return None  # an amount beside 명 or 주 is in another unit
    won = _IN_WON.search(row) or _IN_WON.search(column)
    return None if won and unit[0] in CURRENCIES else unit


def _called_for(row: str, column: str, units: TableUnits) -> Unit | None:
    """That of several units which the labels call for; None when they leave it open."""
    counted = [unit for unit in units.known if unit[0] not in ASIDE]
    for words in (column, row):
        if named := [unit for unit in counted if unit[0] in _said(words)]:
            return named[0] if len(named) == 1 else None
    text = f"{row} {column}"
    names = {unit[0] for unit in counted}
    if units.foreign:
        if _IN_FOREIGN.search(text):
            return units.foreign[0] if len(units.foreign) == 1 else None
        if WON in names and not _IN_WON.search(text) and not _QUANTITY.search(text):
            return None
    if "주" in names and (_SHARES.search(column) or (not _VALUE.search(column) and _SHARES.search(row))):
        return _the(counted, "주")
    things = [unit for unit in counted if unit[0] not in MONEY and unit[0] != _NO_UNIT]
    if _QUANTITY.search(column) or (not _VALUE.search(column) and _QUANTITY.search(row)):
        return things[0] if len(things) == 1 and "주" not in names else None
    if WON not in names or not (_VALUE.search(text) or _IN_WON.search(text)):
        return None
    fitting = [unit for unit in counted if unit[0] == WON]
    if len(fitting) > 1 and "주" in names:  # `(단위 : 백만원, 천주, 원)`: 원 is what a share earns
        fitting = [unit for unit in fitting if unit[1] != 1]
    return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=4096)
def _said(text: str) -> frozenset[str]:
    """The units that labels name: `US$`, `투입시간`, `생산능력 대수`."""
    found = (_SAID.get(word, word) for word in _SAYS.findall(text))
    return frozenset(unit[0] for unit in map(unit_named, found) if unit)


def _the(units: Sequence[Unit], name: str) -> Unit | None:
    fitting = [unit for unit in units if unit[0] == name]
    return fitting[0] if len(fitting) == 1 else None
