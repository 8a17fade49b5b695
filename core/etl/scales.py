"""`천대` → (대, 1,000): units as filings write them, each with what a cell is multiplied by."""

import re
from functools import lru_cache

Unit = tuple[str, int]
"""(base unit, what a cell is multiplied by)."""

WON = "원"
_MULTIPLES = {
    "": 1,
    "천": 10**3,
    "만": 10**4,
    "십만": 10**5,
    "백만": 10**6,
    "천만": 10**7,
    "억": 10**8,
    "십억": 10**9,
    "백억": 10**10,
    "천억": 10**11,
    "조": 10**12,
}
_CURRENCIES = {
    "달러": ("미국달러", "미달러", "불", "USD", "US$", "$", "U$"),
    "유로": ("EUR", "€"),
    "엔": ("엔화", "JPY", "￥", "¥"),
    "위안": ("위안화", "CNY", "RMB"),
    "파운드": ("GBP", "£"),
    "동": ("VND",),
    "홍콩달러": ("HKD",),
    "싱가포르달러": ("SGD",),
    "호주달러": ("AUD",),
    "캐나다달러": ("CAD",),
    "뉴질랜드달러": ("NZD",),
    "루피": ("INR",),
    "루피아": ("IDR",),
    "바트": ("THB",),
    "페소": ("MXN",),
    "헤알": ("BRL",),
    "크로네": ("NOK",),
    "프랑": ("CHF",),
}
_COUNTERS = {
    "명": (),
    "주": (),
    "개": ("EA", "ea"),
    "개사": ("사",),
    "건": (),
    "회": (),
    "대": (),
    "척": (),
    "곳": ("개소",),
    "호": (),
    "세대": (),
    "가구": (),
    "실": (),
    "석": (),
    "좌": ("구좌",),
    "DR": (),
    "년": (),
    "개월": (),
    "일": (),
    "시간": (),
}
_QUANTITIES = {
    "톤": ("t", "ton", "Ton", "TON", "M/T", "MT"),
    "kg": ("㎏", "KG", "Kg"),
    "tCO2-eq": ("tCO2", "tCO2eq", "tCO2e", "tCO₂-eq", "tCO₂", "tCO₂eq"),
    "TJ": (),
    "GJ": (),
    "kW": ("KW", "㎾"),
    "MW": (),
    "GW": (),
    "kWh": ("KWh", "KWH", "㎾h"),
    "MWh": ("MWH",),
    "GWh": ("GWH",),
    "㎡": ("m2", "m²"),
    "㎥": ("m3", "m³"),
    "평": (),
    "ha": (),
    "km": (),
    "ℓ": ("L", "리터"),
    "㎘": ("kl", "KL", "kL"),
    "TEU": (),
    "DWT": (),
    "CGT": (),
    "MB": (),
    "GB": (),
    "TB": (),
}
_RATIOS = {"%": ("％", "퍼센트"), "%p": (), "배": ()}
CURRENCIES = frozenset(_CURRENCIES)
MONEY = CURRENCIES | {WON}
COUNTERS = frozenset(_COUNTERS)
ASIDE = frozenset((*_RATIOS, "회"))  # beside another unit these are of what says so alone
_SPELLED = {WON: WON, "KRW": WON} | {
    spelling: unit
    for units in (_CURRENCIES, _COUNTERS, _QUANTITIES, _RATIOS)
    for unit, others in units.items()
    for spelling in (unit, *others)
}
_MULTIPLE = re.compile(f"({'|'.join(sorted(filter(None, _MULTIPLES), key=len, reverse=True))})(?=.)")
_GLOSS = re.compile(r"(?<=.)[(\[（][^()\[\]（）]*[)\]）]?$")  # 톤(tCO2-eq)
_EACH = "|".join(map(re.escape, (*_COUNTERS, *_QUANTITIES, "배럴", "bbl", "lb")))
_PER = re.compile(rf"^([^/]{{1,12}})/({_EACH})$")


@lru_cache(maxsize=2048)
def unit_named(text: str) -> Unit | None:
    """Of one unit as written: `백만원`, `천 대`, `만톤(tCO2-eq)`, `원/톤`; None for what is none.

    `원/주` is 원: what a share earns or costs.
    """
    squeezed = re.sub(r"\s", "", text)
    if per := _PER.match(squeezed):
        each = unit_named(per[1])
        if each is None or each[0] not in MONEY:
            return None
        return each if per[2] == "주" else (f"{each[0]}/{per[2]}", each[1])
    for spelling in (squeezed, _GLOSS.sub("", squeezed)):
        bare = spelling.removeprefix("미화")
        multiple = _MULTIPLE.match(bare)
        for many, one in (("", bare), (multiple[1], bare[multiple.end() :]) if multiple else ("", "")):
            if unit := _SPELLED.get(one):
                return unit, _MULTIPLES[many]
    return None
