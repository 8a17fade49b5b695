"""A band that a question narrows an amount down to: 3년 넘게 못 받은 매출채권, 만기 1년 이내인 차입금.

The amount of all bands together is no answer to it, and filings name bands in their own few words.
"""

import re
from functools import lru_cache

from core.korean import squeeze
from core.model import Figure

_BAND = re.compile(
    r"(?<![\d.년월일-])(\d{1,3})\s?(년|개월|일|세|%)\s?(?:(넘|초과|이상|지난|지나)|(안\s?넘|이하|이내|미만|못\s?미))"
)
_OVER, _UNDER = "초과|이상|경과", "이하|이내|미만"


@lru_cache(maxsize=64)  # of one question, for every cell
def band_asked(text: str) -> re.Pattern[str] | None:
    """What labels, squeezed, say of the band asked; None where none is."""
    found = _BAND.search(text)
    if not found:
        return None
    return re.compile(rf"(?<!\d){found[1]}{found[2]}(?:을|를)?(?:{_OVER if found[3] else _UNDER})")


def of_band(band: re.Pattern[str] | None, figure: Figure) -> bool:
    """Whether a figure is of the band, or none is asked."""
    return band is None or bool(band.search(squeeze(f"{figure.row} {figure.column} {figure.caption}")))
