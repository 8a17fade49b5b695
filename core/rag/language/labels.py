"""What the labels of a cell say, made ready to be held against a question."""

import re
from functools import lru_cache

from core.korean import squeeze
from core.model import Figure

TOKEN = re.compile(r"[가-힣A-Za-z&]+(?:\d+(?![\d.,]))?")  # 이마트24
INNER = re.compile(r"(?<=\S)\([^()]*\)")  # brackets behind a name
_PLAIN_UNITS = frozenset(("원", "%", "주", "명"))
_EARNED = re.compile(r"(?<=[가-힣])(?:이익|손실)(?!잉여|준비|률)")
_RATE = re.compile(r"(?<=[가-힣])율(?![가-힣])")  # 가동율 is 가동률
_LETTER_SPACED = re.compile(r"(?<=[가-힣]) (?=[가-힣](?:\s|$))")
_NO_NAME = re.compile(
    r"^(?:제|기|말|[당전]*(?:기|반기|분기)[말초]?|년|월|누적|개월|주|원|당|전|및|등|의|합계|소계|총계|계|금액|구분)$"
)
# How a row is called that is of men or of women, and how people ask for it.
SEXES = (("남", re.compile(r"남자|남성|남직원|남녀")), ("여", re.compile(r"여자|여성|여직원|남녀")))
_NUMBERED = re.compile(
    r"(?:(?P<word>[가-힣A-Za-z]{2,})\s?(?P<behind>\d{1,3})(?![\d.,%조억만천원주명건개배척년월일분기호위차회인]|\s?[년월일분%조억만])"
    r"|(?<![\d.-])(?P<before>\d{1,3}(?:-\d{1,3})?)\s?(?P<kind>회차?|차)(?![가-힣]))"
)


@lru_cache(maxsize=4096)  # the question's for every cell
def _numbers(text: str) -> dict[str, set[str]]:
    """What is told apart by a number → its numbers: 수준 3, 제25-2회, 2차."""
    found: dict[str, set[str]] = {}
    for one in _NUMBERED.finditer(text):
        word = one["word"] or one["kind"][0]
        found.setdefault(word, set()).add(one["behind"] or one["before"])
    return found


def of_another_number(text: str, figure: Figure) -> bool:
    """Whether its labels number something that the question gives another number: 수준 1 for 수준 3."""
    asked = _numbers(text)
    has = _numbers(f"{figure.row} {figure.column}") if asked else {}
    return any(not numbers & has[word] for word, numbers in asked.items() if word in has)


def even(text: str) -> str:
    """Squeezed, and one word for profit and loss: `영업이익(손실)` is the 영업손익 of another filing."""
    return _EARNED.sub("손익", _RATE.sub("률", squeeze(text).replace("(손실)", "").replace("(이익)", "")))


def labels(figure: Figure) -> tuple[str, str]:
    """(what names the cell, what stands around it); what is in brackets only explains a name."""
    unit = "" if figure.unit in _PLAIN_UNITS else figure.unit  # 차입금 under USD is in 달러
    named = f"{figure.row} {figure.column} {figure.account} {unit}"
    bare = INNER.sub(" ", named)
    aside = " ".join(INNER.findall(named)) if len(bare) != len(named) else ""
    return even(bare), even(f"{figure.caption} {figure.section} {figure.segment or ''} {aside}")


def unspaced(label: str) -> str:
    """With its letter-spaced words joined: `합 계` as `합계`."""
    return _LETTER_SPACED.sub("", label)


def names(*said: str) -> list[str]:
    """The words of labels that name something, letter-spaced ones joined; times and totals name nothing."""
    text = " ".join(map(unspaced, dict.fromkeys(said)))
    return [token for token in TOKEN.findall(text) if len(token) > 1 and not _NO_NAME.match(token)]


def names_of(figure: Figure) -> list[str]:
    return names(figure.account, *figure.row.split(" > "), figure.column)
