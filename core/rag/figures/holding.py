"""What a holding of so many shares gets: 100주 갖고 있으면 배당금 얼마, 새 주식 몇 주."""

import re
from collections.abc import Sequence
from decimal import Decimal

from core.model import AnswerFigure
from core.rag.language.shown import computed

_HOLDS = re.compile(
    r"(\d[\d,]*|백|천|만)\s*주(?:를|만|쯤|정도)?\s*(?:갖|가지|가진|보유|들고|있으면|사\s*뒀|사\s*두)"
)
_SPELLED = {"백": 100, "천": 1_000, "만": 10_000}
_PER_SHARE = re.compile(r"(?:1\s*)?주당|1주의|한\s*주당")
_LONGEST = 9  # digits of a holding


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
