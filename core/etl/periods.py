"""Which period a column speaks of: `2022.06 누적`, `2022.06 3개월`, `2022.06 말`, `2024`, `2024.12 말`.

Spelled as in data/answers/README.md. What cannot be told stays None: a wrong period is a wrong number.
"""

import re
from functools import lru_cache

from core.etl.fiscal import Calendar, Month, balance_at

_TERM = re.compile(
    r"제\s*(\d{1,3})\s*(?:\(\s*(?:당|전|전전)\s*\)\s*)?기?\s*(?:\(\s*(?:당|전|전전)\s*\)\s*)?(3분기|1분기|분기|반기)?"
)
_RELATIVE = re.compile(r"(?<![가-힣])(전전|당|전)\s*(기|반기|분기|3분기|1분기)(?!순?(?:손익|이익|손실))")
_MONTH_END = re.compile(r"(\d{4})\s*년\s*(\d{1,2})\s*월\s*(?:(\d{1,2})\s*일)?\s*(말|현재)?")
_RANGE = re.compile(r"(\d{4})\s*년\s*(\d{1,2})\s*월?\s*[~∼～-]\s*(?:(\d{4})\s*년\s*)?(\d{1,2})\s*월")
_DATE = re.compile(r"(\d{4})[.\-/](\d{1,2})[.\-/](\d{1,2})")
_MONTHS = re.compile(r"(\d{4})\s*[년.\-/]\s*(\d{1,2})")
# 2023년분 is what was allotted for a year, whenever it was used.
_YEAR = re.compile(r"(?<!\d)(20\d{2}|19\d{2})\s*(?:년도?|사업연도)(?!\s*\d|\s?분(?!기))")
_QUARTER = re.compile(r"(\d{4})\s*년?도?\s*(?:제?\s*([1-4])\s*분기|(상)반기|(반기))")
_SAYS_WHEN = re.compile(r"[년연기]|\d{4}[.\-/]")  # every pattern above needs one of these
_THREE_MONTHS = re.compile(r"3\s*개월(?!\s*(?:이내|초과|이하|미만|이상|[~∼～]))")
_LETTER_SPACED = re.compile(r"3 개 월|누 적|[전당] 기|[전당] 반 기|[전당] 분 기")
_BACK = {"당": 0, "전": 1, "전전": 2}
_DECEMBER = 12


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    return _LETTER_SPACED.sub(lambda found: found[0].replace(" ", ""), re.sub(r"\s+", " ", text))


def period_of(text: str, calendar: Calendar, *, balance: bool | None, three: bool = False) -> str | None:
    """The period that a header or caption names: None when it names none, '' when nothing places it.

    `balance` True for amounts at a day, False for flows, None when only the words can tell
    (then 말 or 현재 makes a balance, anything else a flow). `three`: other words say 3개월.
    """
    if not _SAYS_WHEN.search(text):
        return None
    words = _words(text)
    at_end = "말" in words or "현재" in words
    is_balance = at_end if balance is None else balance
    three = three or bool(_THREE_MONTHS.search(words))
    start: Month | None = None
    found = _RANGE.search(words)
    if found:
        start = int(found[1]), int(found[2])
        end: Month | None = (int(found[3] or found[1]), int(found[4]))
        is_balance = False
    elif _MONTH_END.search(words) or _DATE.search(words):
        dates = [(int(y), int(m)) for y, m in _MONTHS.findall(words)]
        end = max(dates)
        if len(dates) > 1:
            start = min(dates)
        elif balance is not False:
            is_balance = True
    elif found := _QUARTER.search(words):
        month = int(found[2]) * 3 if found[2] else 6
        end = (int(found[1]), month) if calendar.year_end == _DECEMBER else None
    else:
        if not (found := _TERM.search(words)) or "기" not in found[0]:
            found = _RELATIVE.search(words) or _YEAR.search(words)
        if not found:
            return None
        end = _stage(found, calendar)
    if end is None or not 1 <= end[1] <= _DECEMBER:
        return ""
    return balance_at(end) if is_balance else calendar.flow(end, three=three, start=start) or ""


def _stage(found: re.Match[str], calendar: Calendar) -> Month | None:
    """Where 제54기 반기, 당기, 전반기말, 2024년 end."""
    if found.re is _YEAR:
        if calendar.year_end != _DECEMBER:
            return None  # it may be named after its start or its end
        year = int(found[1])
        return (year, calendar.month) if year == calendar.year else (year, _DECEMBER)
    back = _BACK[found[1]] if found.re is _RELATIVE else calendar.back(int(found[1]))
    if back is None:
        return None
    return calendar.interim(back, found[2]) if found[2] not in (None, "기") else calendar.closing(back)
