"""Two measures asked of one thing: 이자율스왑의 차입금액하고 지급금리는, 거래금액이 얼마고 처분손익은.

No cell says both, so that each is asked for itself of what stands before the two.
"""

import re
from dataclasses import dataclass

# How names of measures end: 차입금액, 공정가치, 지급금리, 보유주식수.
_MEASURE = (
    r"[가-힣A-Za-z]*(?:액|가치|이익|손익|손실|수익|비용|원가|금리|이자|[율률]|비율|비중|(?:주식|직원|인원|건|점포|매장)수|인원|단가|가격|잔고"
    r"|총계|합계|한도|매출|배당금|대금|[가-힣]비)"
)
_SAID_MORE = r"(?:\([^()]*\))?"  # 잔액(발행비용 뺀 합계)
_BETWEEN = r"(?:[^\s,?.]+\s){0,3}?"  # 최초 고정금리, 2024년 말 잔액
_BESIDE = re.compile(
    rf"(?P<one>{_MEASURE}){_SAID_MORE}(?:(?:이랑|랑|하고|과|와|,|\s및)\s|[ㆍ·/]\s?)(?P<other>{_BETWEEN}{_MEASURE})"
    r"(?=[은는이가을를도의]?(?:\s|[?.,(]|$|요|좀))"
)
_ASKED_APART = re.compile(
    rf"(?P<one>{_MEASURE}){_SAID_MORE}[이가은는]?\s?(?:얼마|몇\s?\S{{1,2}}?)(?:이)?고,?\s(?P<other>{_BETWEEN}{_MEASURE})"
    r"(?=[은는이가도]?(?:\s|\?|$))"
)
_CHANGE = re.compile(r"증[가감]|감소|성장|전년|대비\s\d")
_EACH = re.compile(r"각각\s?")


@dataclass(frozen=True, slots=True)
class Half:
    """The question about one of the measures alone, and that measure as it is said."""

    text: str
    measure: str


def halves(text: str) -> tuple[Half, ...]:
    """The question about either measure; empty where no two stand side by side.

    The first loses what is said behind the other, which asks for that one's unit: 몇 %죠.
    """
    found = _BESIDE.search(text) or _ASKED_APART.search(text)
    if found is None or _CHANGE.search(found["other"]):
        return ()
    before, other = text[: found.start("one")], found["other"]
    second = _EACH.sub("", before + other + text[found.end() :])
    return Half(f"{before}{found['one']}은?", found["one"]), Half(second, other.split()[-1])
