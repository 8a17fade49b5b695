"""Row and column labels of a table: what they name, without numbering, units and marks."""

import re
from functools import lru_cache

_NUMBERING = re.compile(
    r"^(?:[\s\-ㆍ·•*※▷▶]|\d{1,2}(?:-\d{1,2})?[.)](?!\d)|\(\d{1,2}\)|[가-하][.)]\s|\([가-하]\)|[①-⑳]|[IVXⅠ-Ⅻ]{1,5}\.)+\s*"
)
_UNIT_PARENTHESES = re.compile(
    r"\s*[(\[（]\s*(?:단\s*위\s*[:：]\s*[^)\]）]{0,60}|원|천원|백만원|억원|주|천주|%|％|명|배|원/주|개|건|회|대|천대|시간|개월|톤|t?CO\s?2[^)]{0,6}|TJ|[KkMG]Wh?|㎡|USD|천?US\$)\s*[)\]）]"
)
_FOOTNOTE = re.compile(r"\s*\((?:\*\d*|주\d*|주석[\s\d,.]*)\)|(?<!\*)\*+\d*$|\s*\(주석[^)]{0,60}\)")
# North Kent Wind is a company, 일자리안정자금 a grant.
_NO_MEASURE = re.compile(
    r"주석|번호(?!이동)|No(?![A-Za-z])|순번|회차|비고|일자(?!리)|연번|생년월|전화(?:번호)?$"
)
_NO_MEASURE_END = re.compile(
    r"(?:일자|날짜|기한|기간|시작일|종료일|기준일|예정일|납입일|상장일|회차|번호|연도|년월|수준|순위|등급|코드)(?:\s*\(.{0,60}\))?$"
)
_MARKED = re.compile(r"[(\[（*]")  # without one of these there are no units and no notes to take off
_PERIOD_WORDS = re.compile(
    r"제\s*\d+\s*\(?[당전]*\)?\s*기|(?<![가-힣])\(?\s*[당전]{1,3}\s*\)?\s*(?:기|반기|[1-4]?\s*분기)(?!순?(?:손익|이익|손실))말?|(?!\d{4}\s?년도?\s?(?:분(?!기)|\d{1,2}\s?[차회]))\d{4}[\s.년]*(?:\d{1,2}[\s.월]*(?:\d{1,2}일?)?)?|반기|[1-4]?\s*분기|누적|3개월(?!\s*(?:이내|초과|이하|미만|이상))|현재|(?<![가-힣])기\s?[초말](?![가-힣])|말\b"
)
_LETTER_SPACED = re.compile(r"(?:[가-힣] )+[가-힣]")  # `소 계`
_SPACED_WORD = re.compile(r"(?<!\S)(?:\S ){1,5}[가-힣](?!\S)")  # `당반기 누 적`, `3 개 월`, `직 원 수`
_EMPTY = re.compile(r"\(\s*\)|^\s*\)|\(\s*$")  # what the period's words leave of their brackets
_OF_BEFORE = re.compile(r"(?<![가-힣])전(?=(?:기|반기|분기)(?:순손익|순이익|순손실|총포괄))")
_BRACKETS = re.compile(r"^[\[【]\s*(.*?)\s*[\]】]$")


@lru_cache(maxsize=16384)
def clean_account(label: str) -> str:
    """A row label without numbering, brackets, units and notes: `1. 영업이익(주석 5)` → `영업이익`."""
    text = " ".join(label.split())
    numbering = _NUMBERING.match(text)
    text = text[numbering.end() :] if numbering else text
    if _MARKED.search(text):
        text = _FOOTNOTE.sub("", _UNIT_PARENTHESES.sub("", text)).strip()
    inner = _BRACKETS.match(text)
    text = inner[1] if inner else text
    if text[1:2] == " " and _LETTER_SPACED.fullmatch(text):
        text = text.replace(" ", "")
    if "전" in text:
        text = _OF_BEFORE.sub("당", text)  # 전기순손익 is what 당기순손익 was then
    return text.strip(" :：")


@lru_cache(maxsize=8192)
def measure_of(head: str) -> str:
    """A column header without its period words and units: what it measures or which part it is."""
    text = _UNIT_PARENTHESES.sub("", head) if _MARKED.search(head) else head
    text = _SPACED_WORD.sub(lambda word: word[0].replace(" ", ""), text)
    text = _PERIOD_WORDS.sub(" ", _FOOTNOTE.sub("", text))
    text = _EMPTY.sub(" ", text)
    return clean_account(" ".join(text.split()).strip("() ~.말") if "(" not in text else text.strip(" ~.말"))


def is_no_measure(name: str) -> bool:
    """A cleaned label over dates, numberings and the like: what stands there is no figure."""
    return bool(_NO_MEASURE.match(name) or _NO_MEASURE_END.search(name))
