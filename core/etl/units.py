"""`백만원` → (원, 1,000,000): the base unit and what a cell is multiplied by."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

_SCALES = {
    "원": ("원", 1),
    "천원": ("원", 10**3),
    "만원": ("원", 10**4),
    "백만원": ("원", 10**6),
    "천만원": ("원", 10**7),
    "억원": ("원", 10**8),
    "십억원": ("원", 10**9),
    "조원": ("원", 10**12),
    "주": ("주", 1),
    "천주": ("주", 10**3),
    "만주": ("주", 10**4),
    "백만주": ("주", 10**6),
    "%": ("%", 1),
    "％": ("%", 1),
    "퍼센트": ("%", 1),
    "명": ("명", 1),
    "배": ("배", 1),
    "원/주": ("원", 1),
    "개": ("개", 1),
    "개사": ("개", 1),
    "건": ("건", 1),
    "년": ("년", 1),
    "시간": ("시간", 1),
    "대": ("대", 1),
    "천대": ("대", 10**3),
    "천개": ("개", 10**3),
}
_PARENTHESES = re.compile(r"[(\[（]\s*(?:단\s*위\s*[:：]?\s*)?([^()\[\]（）]{1,12}?)\s*[)\]）]")
# Every branch begins with a character of its own: `re` then skips to where one of them stands.
_KINDS = (
    (
        "%",
        re.compile(
            r"(?<!환)율$|률$|(?<!환)율\s*[(\[]|률\s*[(\[]|비중|비율|점유율|증감률|증감율|대비|(?<!\d)%|지분율|이익률|성향|수익률"
        ),
    ),
    ("원", re.compile(r"주당|1주의|E[Pp][Ss]|e[Pp][Ss]")),
    ("명", re.compile(r"주주\s*수|주주수")),
    ("주", re.compile(r"(?:주식|증권)\s*(?:등)?\s*(?:의\s*)?수|주수|발행주식")),
    ("년", re.compile(r"근속|연수$|년수|연령|만\s*나이")),
    ("명", re.compile(r"직원\s*수|인원")),
)
_NAMED = re.compile("|".join(pattern.pattern for _, pattern in _KINDS))
# What the table's unit of money does not count.
_OTHER = re.compile(
    r"^(?:천|만|백만|억|십억)?(?:달러|불|USD|US\$|\$|EUR|유로|€|엔|JPY|￥|위안|CNY|RMB|동|VND|톤|t|ton|㎡|㎥|평|MW|kW|MWh|GWh|kWh"
    r"|L|ℓ|㎘|kg|g|TEU|DWT|CGT|세대|가구|호|실|석|좌|매|회|점|일|개월|월|세|MB|GB|TB|bp|bps|EA|Box|BOX|ha|km|m|도즈|병|정|두|수)$"
)
_FOREIGN = re.compile(
    r"(?:미화|미국)?(?:천|만|백만|억|십억)?(?:미?달러|불|USD|US\$|\$|EUR|유로|€|엔|JPY|￥|위안|CNY|RMB|동|VND|GBP|HKD|SGD|AUD|CAD|외화)"
)
# In a table of several units: what is counted in hours, in shares, in money.
_COUNTS = (
    ("시간", re.compile(r"시간$")),
    ("주", re.compile(r"수량|주식의?수|주수|거래량|물량|받을주식|발행주식")),
    (
        "원",
        re.compile(
            r"금액|가액|가치|원가|주가|보수|급여|매출|이익|손익|손실|비용|자산|부채|자본|총액|잔액|대금|수익|투자|배당금|현금"
        ),
    ),
)
_WON = re.compile(r"원화|환산|원금액")


@lru_cache(maxsize=8192)
def unit_in(label: str) -> tuple[str, int] | None:
    """The unit a label carries in parentheses: `계약금액(원)`, `기본주당순이익(단위 : 원)`, `비율 (%)`."""
    for inner in reversed(_PARENTHESES.findall(label)):
        known = _SCALES.get(re.sub(r"\s", "", inner))
        if known:
            return known
    return None


class TableUnits(NamedTuple):
    """Every known unit of `(단위 : 억원, %)`, in order; `foreign` where one is another country's money.

    `only` is the one that counts where no other does, percent aside.
    """

    known: tuple[tuple[str, int], ...] = ()
    foreign: bool = False
    only: tuple[str, int] | None = None


@lru_cache(maxsize=8192)
def table_units(unit: str | None) -> TableUnits:
    if not unit:
        return TableUnits()
    parts = re.split(r"[,，/·、:：]| 및 ", re.sub(r"\s", "", unit)) if unit != "원/주" else [unit]
    known = tuple(_SCALES[part] for part in parts if part in _SCALES)
    counted = [unit for unit in known if unit[0] != "%"] or list(known[:1])
    only = counted[0] if len(counted) == 1 else None
    return TableUnits(known, any(_FOREIGN.match(part) for part in parts), only)


class UnitWords(NamedTuple):
    """What labels say of the unit: the one they carry, that theirs is none of ours, the kind of measure
    (a place in the order of precedence), whether they speak of won beside another money, and which of
    a table's several units they count in."""

    stated: tuple[str, int] | None = None
    other: bool = False
    kind: int = len(_KINDS)
    percent: bool = False
    won: bool = False
    counts: str | None = None

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
        if any(_OTHER.match(re.sub(r"\s", "", inner)) for inner in _PARENTHESES.findall(label)):
            return UnitWords(other=True)
    text = re.sub(r"\s", "", " ".join(labels))  # `직 원 수` and `평 균근속연수` are words too
    kind = len(_KINDS)
    if _NAMED.search(text):
        kind = next(place for place, (_, pattern) in enumerate(_KINDS) if pattern.search(text))
    counts = next((name for name, pattern in _COUNTS if pattern.search(text)), None)
    return UnitWords(None, False, kind, "%" in text, bool(_WON.search(text)), counts)


def unit_for(row: UnitWords, column: UnitWords, suffix: str, units: TableUnits) -> tuple[str, int] | None:
    """The unit of a cell: its own suffix, its labels', then the table's; None when nothing says it.

    A ratio or per-share row is never scaled by the table's 백만원, and money of a table in dollars is no 원.
    """
    if suffix:
        return _SCALES.get(suffix)
    for words in (column, row):
        if words.stated:
            return words.stated
        if words.other:
            return None
    known, foreign, only = units
    kind = min(row.kind, column.kind)
    if kind == len(_KINDS):
        if foreign and not (row.won or column.won):
            return None
        return only or _counted(column.counts or row.counts, known)
    name = _KINDS[kind][0]
    if name == "%":
        percent = not known or ("%", 1) in known or row.percent or column.percent
        return ("%", 1) if percent else None
    if name == "원":
        return None if foreign else ("원", 1)
    if name == "년":
        return ("년", 1)
    counted = next((unit for unit in known if unit[0] == name), None)
    return ("명", 1) if counted is None and name == "명" else counted


def unit_of_labels(labels: Sequence[str], suffix: str, units: TableUnits) -> tuple[str, int] | None:
    """The unit of a form's value by the labels before it, outermost first; outer ones speak for a silent one.

    `보유주식등의 수 및 보유비율 > 주식등의 수` counts shares, `양수내역(원) > 양수금액` won.
    """
    inner = unit_words(labels[-1])
    words = unit_words(*labels) if inner.silent else inner
    unit = unit_for(words, SILENT, suffix, units)
    return ("주", 1) if unit is None and words.of_shares and not units.known else unit


def _counted(name: str | None, known: tuple[tuple[str, int], ...]) -> tuple[str, int] | None:
    """That of several units which the labels call for; None when they leave it open."""
    counted = [unit for unit in known if unit[0] != "%"]
    if not counted:
        return None
    names = {unit[0] for unit in counted}
    if not names & {"원", "주"}:
        return counted[0]  # `(단위 : 천대, 천개)`
    if name is None and len(names) > 1:
        return None
    fitting = [unit for unit in counted if unit[0] == (name or "원")]
    if len(fitting) > 1 and "주" in names:  # `(단위 : 백만원, 천주, 원)`: 원 is what a share earns
        fitting = [unit for unit in fitting if unit[1] != 1]
    return fitting[0] if len(fitting) == 1 else None
