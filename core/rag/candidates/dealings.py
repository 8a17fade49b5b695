"""What a company did with another: what it sold to it, lent to it, owes it; none of it is the other's own."""

import re
from functools import lru_cache

from core.model import Figure, Question

_TABLE = re.compile(r"특수\s*관계자|채권\s*[ㆍ·,]?\s*채무|거래\s*내역")
_SPEAKS = re.compile(
    r"특수\s*관계|거래|내부|채권|채무|매입|구매|대여|빌[려린]|[판팔]|사들|[산샀]\s|받을|줄\s|에게|한테|로부터|에서|상대|향\s|와의|과의"
)
_WITH = (
    r"{}(?:을|를)?\s?(?:상대로|에게|한테|로부터|(?:와|과|하고|랑|이랑)(?:의|한)?\s(?:\S+\s)?거래"
    r"|에(?:다)?\s(?:[판팔]|빌려|대여|갚|줄\s))"
)


def speaks_of_dealings(text: str) -> bool:
    """Whether it may be about dealings, with whomever."""
    return bool(_SPEAKS.search(text))


def asks_dealings(question: Question) -> bool:
    """Whether it asks of dealings with an entity that it names: `스타필드 상대로 올린 매출`."""
    return _are_with(question.text, tuple(name for name, *_ in question.entities))


@lru_cache(maxsize=256)  # the question's for every cell
def _are_with(text: str, entities: tuple[str, ...]) -> bool:
    return any(re.search(_WITH.format(re.escape(name)), text) for name in entities)


def tells_dealings(figure: Figure, *, labels: bool = False) -> bool:
    """Whether its captions say that its table is of dealings; with `labels` its row or column may."""
    said = f"{figure.caption} {figure.section}"
    return bool(_TABLE.search(f"{said} {figure.row} {figure.column}" if labels else said))
