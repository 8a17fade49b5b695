"""Which period a question asks about, as Figure.period spells it."""

import re
from datetime import date
from itertools import pairwise

# Year, month and kind of a period as Figure.period spells it; a fiscal year may begin in April (`~`).
PERIOD = re.compile(r"(?:\d{4}\.\d{2}~)?(\d{4})(?:\.(\d{2}))?(?: (누적|3개월|말))?$")
_YEAR = re.compile(r"(?<!\d)(?:(20\d{2})|(\d{2}))\s*(?:년도?|사업\s*연도|FY)|FY\s*(20\d{2})")
_RELATIVE = {"재작년": 2, "작년": 1, "지난해": 1, "전년": 1, "올해": 0, "금년": 0}
_MONTH_END = re.compile(r"(?:(\d{1,2})\s*월|(상반기|반기)|([1-4])\s*분기)?\s*(?:\d{1,2}일)?\s*말(?!고|씀|해)")
_THREE_MONTHS = re.compile(r"석\s*달|3\s*개월|세\s*달|분기만|4월부터 6월|4\s*[~-]\s*6월|7\s*[~-]\s*9월")
_QUARTER = re.compile(r"([1-4])\s*분기")
_QUARTERS = re.compile(r"1\s*(?:분기)?\s*[·,~∼와과-]\s*([2-4])\s*분기")  # both of them, from January on
_SPAN = re.compile(r"(\d{1,2})\s*월?\s*(?:에서|부터|[~∼-])\s*(\d{1,2})\s*월")


_UNTIL = re.compile(r"(?:들어|초부터|1월부터).{0,12}?(\d{1,2})\s*월\s*까지")
_REPORT = re.compile(r"\s*(?:도)?\s*(?:결산|사업|반기|분기|감사|[1-4]분기)?\s*보고서")
_COMPARED_WITH = re.compile(
    r"(?:\d{2,4}\s*년|작년|지난해|전년)[^,.?년]{0,10}?(?:에\s*비해|보다|대비|에\s*견줘|과\s*비교|와\s*비교)"
)


def find_period(text: str, today: date, *, year: int | None = None) -> str | None:
    """`2024`, `2022.06 누적`, `2022.06 3개월`, `2022.06 말`; None when no year can be told.

    `year` is that of the turn before, for a follow-up that names months alone.
    """
    text = _COMPARED_WITH.sub(" ", text)  # what is compared with is not what is asked
    if len(years := list(_YEAR.finditer(text))) > 1:
        for found in reversed(years):
            if report := _REPORT.match(text, found.end()):
                text = text[: found.start()] + text[report.end() :]
    said = _year(text, today)
    if said is None and year and not (_SPAN.search(text) or _QUARTER.search(text) or "반기" in text):
        return None
    year = said or year
    three = bool(_THREE_MONTHS.search(text))
    if year is None:
        return None
    if until := _UNTIL.search(text):
        return _flow(year, int(until[1]), three=three)
    span = _SPAN.search(text)
    if span:
        first, last = int(span[1]), int(span[2])
        return _flow(year, last, three=three or last - first == 2) if first < last else None
    if several := _QUARTERS.search(text):
        return _flow(year, int(several[1]) * 3, three=False)
    quarter = _QUARTER.search(text)
    end = _MONTH_END.search(text)
    if end and (end[1] or end[2] or end[3]):
        month = int(end[1]) if end[1] else 6 if end[2] else int(end[3]) * 3
        return f"{year}.{month:02d} 말" if 1 <= month <= 12 else None
    if quarter:
        month = int(quarter[1]) * 3
        return f"{year}.{month:02d} 3개월" if three or month in (6, 12) else _flow(year, month, three=False)
    if re.search(r"상반기|반기", text):
        return _flow(year, 6, three=three)
    if end or re.search(r"연말|년\s*말", text):
        return f"{year}.12 말"
    month_only = re.search(r"년\s*(\d{1,2})\s*월", text)
    if month_only and 1 <= int(month_only[1]) <= 12:
        return f"{year}.{int(month_only[1]):02d} 말" if "말" in text else str(year)
    return str(year)


def periods_named(text: str, today: date) -> list[tuple[str, ...]]:
    """Each period that a text names with its year, the latest first, each as the ways to read it: a bare
    year beside `2분기` may be that quarter of the year. The year of a report that is spoken of is none."""
    years = [found for found in _YEAR.finditer(text) if not _REPORT.match(text, found.end())]
    if len(years) < 2:
        return []
    starts = [0, *(found.start() for found in years[1:]), len(text)]
    spans = [text[a:b] for a, b in pairwise(starts)]
    found = [one for one in (find_period(span.replace("보다", " "), today) for span in spans) if one]
    tail = next((one[4:] for one in found if one[4:]), "")
    read = {one: tuple(dict.fromkeys((one if one[4:] else one + tail, one))) for one in found}
    return sorted(read.values(), key=lambda ways: (ways[0][:4], ways[0][5:7] or "12"), reverse=True)


def three_months_said(text: str) -> bool:
    return bool(_THREE_MONTHS.search(text))


def three_months_of(text: str, period: str) -> str | None:
    """`석 달만 떼어서` after `2025.09 누적`: `2025.09 3개월`; None when no three months are asked."""
    return f"{period[:7]} 3개월" if _THREE_MONTHS.search(text) and period.endswith("누적") else None


def shift_year(period: str, by: int) -> str:
    """`2022.06 누적` → `2021.06 누적` for -1."""
    return f"{int(period[:4]) + by}{period[4:]}"


def _flow(year: int, month: int, *, three: bool) -> str | None:
    if not 1 <= month <= 12:
        return None
    if three:
        return f"{year}.{month:02d} 3개월"
    return str(year) if month == 12 else f"{year}.{month:02d} 누적"


def _year(text: str, today: date) -> int | None:
    found = _YEAR.search(text)
    if found:
        if found[1] or found[3]:
            return int(found[1] or found[3])
        return 2000 + int(found[2])
    for word, back in _RELATIVE.items():
        if re.search(rf"{word}(?!\s*(?:대비|보다|과|와|에 비해|동기))", text):
            return today.year - back
    return None
