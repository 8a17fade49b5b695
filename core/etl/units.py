"""`백만원` → (원, 1,000,000): the base unit and what a cell is multiplied by."""

import re
from collections.abc import Sequence
from functools import lru_cache

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
_RATIO = re.compile(
    r"율$|률$|율\s*[(\[]|률\s*[(\[]|비중|비율|점유율|증감률|증감율|대비|%|지분율|이익률|성향|수익률"
)
_PER_SHARE = re.compile(r"주당|1주의|E[Pp][Ss]|e[Pp][Ss]")
_SHARES = re.compile(r"주식\s*(?:의\s*)?수|주수|발행주식")
_PEOPLE = re.compile(r"직원\s*수|인원")
_YEARS = re.compile(r"근속|연수$|년수|연령|만\s*나이")
_NAMED = re.compile("|".join(p.pattern for p in (_RATIO, _PER_SHARE, _SHARES, _PEOPLE, _YEARS)))
# What the table's unit of money does not count.
_OTHER = re.compile(
    r"^(?:천|만|백만|억|십억)?(?:달러|불|USD|US\$|\$|EUR|유로|€|엔|JPY|￥|위안|CNY|RMB|동|VND|톤|t|ton|㎡|㎥|평|MW|kW|MWh|GWh|kWh"
    r"|L|ℓ|㎘|kg|g|TEU|DWT|CGT|세대|가구|호|실|석|좌|매|회|점|일|개월|월|세|MB|GB|TB|bp|bps|EA|Box|BOX|ha|km|m|도즈|병|정|두|수)$"
)


@lru_cache(maxsize=8192)
def unit_in(label: str) -> tuple[str, int] | None:
    """The unit a label carries in parentheses: `계약금액(원)`, `기본주당순이익(단위 : 원)`, `비율 (%)`."""
    for inner in reversed(_PARENTHESES.findall(label)):
        known = _SCALES.get(re.sub(r"\s", "", inner))
        if known:
            return known
    return None


@lru_cache(maxsize=8192)
def table_units(unit: str | None) -> tuple[tuple[str, int], ...]:
    """Every known unit of `(단위 : 억원, %)`, in order."""
    if not unit:
        return ()
    parts = re.split(r"[,，/·、]| 및 ", re.sub(r"\s", "", unit)) if unit != "원/주" else [unit]
    return tuple(_SCALES[part] for part in parts if part in _SCALES)


@lru_cache(maxsize=8192)
def _squeezed(text: str) -> str:
    """`직 원 수` and `평 균근속연수` are words too."""
    return re.sub(r"\s", "", text)


def unit_for(labels: Sequence[str], suffix: str, units: Sequence[tuple[str, int]]) -> tuple[str, int] | None:
    """The unit of a cell: its own suffix, its labels', then the table's; None when nothing says it.

    A ratio or per-share row is never scaled by the table's 백만원.
    """
    if suffix:
        return _SCALES.get(suffix)
    for label in reversed(labels):
        known = unit_in(label)
        if known:
            return known
        if any(_OTHER.match(re.sub(r"\s", "", inner)) for inner in _PARENTHESES.findall(label)):
            return None
    text = _squeezed(" ".join(labels))
    if not _NAMED.search(text):
        return next((u for u in units if u[0] != "%"), units[0] if units else None)
    if _RATIO.search(text):
        return ("%", 1) if not units or ("%", 1) in units or "%" in text else None
    if _PER_SHARE.search(text):
        return ("원", 1)
    if _SHARES.search(text):
        return next((u for u in units if u[0] == "주"), None)
    if _YEARS.search(text):
        return ("년", 1)
    return next((u for u in units if u[0] == "명"), ("명", 1))
