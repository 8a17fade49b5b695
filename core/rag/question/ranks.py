"""Which places of a ranking a question asks for: 가장 큰 부문, 제일 적게 받은 사람, 두 번째, 1위와 2위."""

import re
from collections.abc import Iterable
from functools import lru_cache

from core.model import Figure

_MARK = r"(?:가장|제일|최고로)"
MARK = re.compile(rf"{_MARK}(?!\s*최근)")
_HIGH = r"(?:많|크|큰|커|컸|높|비싼|비싸|길|긴|잘)"
_LOW = r"(?:적(?!자|립|금)|작(?!년|업)|낮|싼|싸|쌌|짧|못|덜)"
# 최대주주, 최대 한도, 최저 조정가액 and 최소 10% rank nothing, nor does 최대 얼마; 최저 얼마까지 does.
_OUTERMOST = r"(?=\s?(?:인|값|치|였|부문|지역|사업|품목|제품|회사|법인|국가|나라)|[은는]\s)"
_REACHED = r"(?=\s?(?:몇|얼마))"
_HIGHEST = rf"최[대고]{_OUTERMOST}|최고{_REACHED}|최다"
_LOWEST = rf"최[소저]{_OUTERMOST}|최저{_REACHED}|꼴[찌등]"
_PLACE = r"(?<!\d)([1-9])\s?[위등](?=[은는이을인한]|[^가-힣]|$)"
_THE_TOP = r"(?:상위|톱|TOP)\s*[1-9]\s?(?:명|인|개|곳|위|개?사)(?=[은는이가]?\s?(?:누구|어디|뭐|무엇|\?|$))"
_RANKS = re.compile(
    rf"가장(?!\s*최근)|제일\s|최고로|{_HIGHEST}|{_LOWEST}|번째|순위|순으로|줄\s*세|{_PLACE}|{_THE_TOP}"
)
# 가장 많이, 제일 매출이 큰, 큰 곳과 작은
_SO = rf"(?:{_MARK}|(?<=[과와랑])(?=\s))\s*(?:(?!{_HIGH}|{_LOW})\S{{1,6}}\s)?"
_MOST = re.compile(rf"{_SO}{_HIGH}|{_HIGHEST}")
_LEAST = re.compile(rf"{_SO}{_LOW}|{_LOWEST}|[과와랑]\s적자")
_NTH = re.compile(
    rf"([1-9]|두|둘|세|셋|네|넷)\s?번째(?:[은는인]|로?\s*(?:\S{{1,6}}\s)?(?:{_HIGH}|({_LOW})))|{_PLACE}"
)
_SPELLED = {"두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4}
TOP = re.compile(r"(?:상위|톱|TOP)\s*([1-9])(?!\d)")
_OF_TOP = re.compile(rf"{TOP.pattern}\s?(?:[가-힣]{{1,4}}\s?)?(?:중|가운데)(?![가-힣]*[요기단])")
# What tells the place, and not of what.
PLACES = re.compile(
    rf"(?:[1-9]|첫|두|둘|세|셋|네|넷)\s?번째|{_PLACE}|{_HIGHEST}|{_LOWEST}|순위|순으로|줄\s*세\S*"
)
PLACED = re.compile(
    rf"(?:{_MARK}|(?:[1-9]|두|둘|세|셋|네|넷)\s?번째로?)\s*(?P<of>(?:(?!{_HIGH}|{_LOW})\S{{1,6}}\s)?)"
    rf"(?P<size>(?:{_HIGH}|{_LOW})(?:은|이|게|던|[았었]\S*)?)|{PLACES.pattern}"
)
SIZES = re.compile(rf"(?:{_HIGH}|{_LOW})(?:은|이|게|던|[았었]\S*)?")
_HIGH_SAID, _LOW_SAID = re.compile(r"많[은이]|큰|크게|컸|높"), re.compile(r"적[게은었]|작[은았]|낮|못")
# Of a loss the most is what is least of the profit.
_OF_LOSS = re.compile(
    rf"(?:손실|적자|손해)\S{{0,2}}\s+(?:\S{{1,6}}\s){{0,2}}(?:{_MARK}|최[대고]|많|큰|컸|크)|{_MARK}\s+\S*(?:손실|적자|손해)"
)


@lru_cache(maxsize=64)  # of one question, at every turn of the search
def asks_rank(text: str) -> bool:
    """Whether it asks for things by how much of something they have: which they are, no name tells."""
    return bool(_RANKS.search(text))


def ranked_by(text: str) -> str:
    """What is said up to the word that ranks: `시장가치가` of `시장가치가 제일 큰 곳은 몇 주`."""
    found = _RANKS.search(text)
    return text[: found.start()] if found else text


@lru_cache(maxsize=64)
def places_asked(text: str) -> tuple[int, ...]:
    """Places from the largest on (0, 1 …), then from the smallest (-1, -2 …); empty where none is told."""
    if not asks_rank(text):
        return ()
    places = {0} if _MOST.search(text) else set[int]()
    places |= {-1} if _LEAST.search(text) else set()
    for nth, low, place in _NTH.findall(text):
        n = _SPELLED.get(nth) or int(nth or place)
        places.add(-n if low else n - 1)
    top = TOP.search(text)
    if places and (of := _OF_TOP.search(text)):  # 상위 5명 중 꼴찌: the fifth
        places = {place % int(of[1]) for place in places if place < int(of[1])}
    elif top:
        places |= set(range(int(top[1])))
    if not places:
        places |= {0} if _HIGH_SAID.search(text) else set()
        places |= {-1} if _LOW_SAID.search(text) else set()
    return tuple(sorted(places, key=lambda place: (place < 0, abs(place))))


def by_size(text: str, cells: Iterable[Figure]) -> list[Figure]:
    """The largest first; where a loss is asked, the greatest loss."""
    cells = list(cells)
    losses = bool(_OF_LOSS.search(text)) and any(cell.value < 0 for cell in cells)
    return sorted(cells, key=lambda cell: cell.value, reverse=not losses)


def is_low(size: str) -> bool:
    """Whether a word ranks from the smallest on."""
    return bool(re.match(_LOW, size))


def in_place(text: str, cells: Iterable[Figure]) -> list[Figure]:
    """Those of the cells that stand at the places asked, the first where none is told; of losses only what is
    one."""
    ranked = by_size(text, cells)
    if _OF_LOSS.search(text) and any(cell.value < 0 for cell in ranked):
        ranked = [cell for cell in ranked if cell.value < 0]
    places = [place for place in places_asked(text) or (0,) if -len(ranked) <= place < len(ranked)]
    return list(dict.fromkeys(ranked[place] for place in places))
