"""Which period a question asks about, as Figure.period spells it.

People write one time in many ways: `'22 2Q`, `22.6.30`, `2022년6월말`. Each is first spelled one way (`2022년
6월 말`), and what is said not to be meant is left out (`22년 말고`); only then is the period read.
"""

import re
from datetime import date
from itertools import pairwise

# Year, month and kind of a period as Figure.period spells it; a fiscal year may begin in April (`~`).
PERIOD = re.compile(r"(?:\d{4}\.\d{2}~)?(\d{4})(?:\.(\d{2}))?(?: (누적|3개월|말))?$")
_RELATIVE = {"지지난해": 2, "재작년": 2, "작년": 1, "지난해": 1, "전년": 1, "올해": 0, "금년": 0}
_LASTS = (  # 10년 만기: a length of time, no year
    r"(?!\s*(?:간|동안|만에|만기|이상|이하|넘|짜리|물(?!류)|뒤|후(?!반)|전(?=\s|에|부터|$)|째|차(?!입)|이내|마다|거치))"
)
_MONTH = r"(0?[1-9]|1[0-2])"
_CLOSINGS = {"3": "31", "6": "30", "9": "30", "12": "31"}  # month: the last day of its quarter
_ACT = r"(?!\s*(?:자(?=\s|로|에)|에?\s*(?:공시|정정|제출|보고|체결|발행|결정|접수|낸|냈|맺|끝)))"
# Each way to write a time, and the one way that is read below.
_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"FY\s*'?(?:20)?(\d{2})(?!\d)|(?<!\d)(?:20)?(\d{2})\s*FY", re.IGNORECASE), r"20\1\2년"),
    (
        re.compile(rf"(?<![\d.,])(?:20)?(\d{{2}})([./-]){_MONTH}\2(\d{{1,2}})(?![\d.,])\s*일?"),
        r"20\1년 \3월 \4일",
    ),
    (  # 22.1~6월, 2022.01~2022.06
        re.compile(
            rf"(?<![\d.,])(?:20)?(\d{{2}})[./]{_MONTH}\s*월?\s*[~∼-]\s*(?:20)?\1[./]{_MONTH}(?![\d.,])월?"
        ),
        r"20\1년 \2~\3월",
    ),
    (
        re.compile(rf"(?<![\d.,])(?:20)?(\d{{2}})[./]{_MONTH}\s*월?\s*[~∼-]\s*{_MONTH}\s*월"),
        r"20\1년 \2~\3월",
    ),
    (re.compile(rf"(?<![\d.,])20(\d{{2}})[./-]{_MONTH}(?![\d,.%]|\s*월?\s*[~∼])"), r"20\1년 \2월"),
    (re.compile(rf"(?<![\d.,])(\d{{2}})[./]{_MONTH}(?=\s?월|\s?말)"), r"20\1년 \2월"),
    (re.compile(r"(?<![\dA-Za-z])([1-4])Q\s*'?(?:20)?(\d{2})(?!\d)", re.IGNORECASE), r"20\2년 \1분기"),
    (re.compile(r"(?<![\dA-Za-z])([12])H\s*'?(?:20)?(\d{2})(?!\d)", re.IGNORECASE), r"20\2년 \1H"),
    (re.compile(r"(?<!\d)(?:20)?(\d{2})[.\s년]*([1-4])Q(?![A-Za-z])", re.IGNORECASE), r"20\1년 \2분기"),
    (re.compile(r"(?<![\dA-Za-z])([1-4])Q(?![A-Za-z])", re.IGNORECASE), r"\1분기"),
    (re.compile(r"(?<!\d)(?:20)?(\d{2})[.\s년]*([12])H(?![A-Za-z])", re.IGNORECASE), r"20\1년 \2H"),
    (re.compile(r"(?<![\dA-Za-z])1H(?![A-Za-z])", re.IGNORECASE), "상반기"),
    (re.compile(r"(?<![\dA-Za-z])2H(?![A-Za-z])", re.IGNORECASE), "하반기"),
    (re.compile(rf"['‘’`](\d{{2}})년?(?!\d){_LASTS}"), r"20\1년"),
    (re.compile(r"(?<![\d.,])(\d{2})\s?(?=(?:상|하)?반기|[1-4]\s?분기)"), r"20\1년 "),
    (re.compile(rf"(?<![\d.,])([0-3]\d)\s*년도?(?!\d*월간){_LASTS}"), r"20\1년"),
    (
        re.compile(
            r"(?<![\d.,A-Za-z'-])(20[0-4]\d)(?![\d%A-Za-z년]|[.,]\d|\s*(?:원|주|명|건|개|대|억|만|조|년))"
        ),
        r"\1년",
    ),
    (re.compile(r"(20\d{2})(?:\s*(?:년도|년|사업\s*연도|회계\s*연도))+"), r"\1년"),
    (re.compile(r"(?<![\d./])(\d{1,2})/(\d{1,2})(?![\d/])"), r"\1월 \2일"),
    (  # 22.1.1~6.30
        re.compile(
            r"(20\d{2}년\s*1월)\s*1일\s*[~∼-]\s*(?:(3)[./]31|(6)[./]30|(9)[./]30|(12)[./]31)(?![\d.])"
        ),
        r"\1~\2\3\4\5월",
    ),
    (re.compile(r"(\d{1,2})\s*월\s*1일\s*(?=부터|에서|[~∼-])"), r"\1월"),
    (re.compile(r"반\s*년(?:\s*치|\s*간|\s*동안)?(?!\s*(?:전|만|새|사이))"), "상반기"),
)
_CLOSING_DAY = re.compile(rf"(?<!\d)(\d{{1,2}})\s*월\s*(\d{{1,2}})\s*일{_ACT}(?!\s*까지)")
_FROM_TO = re.compile(
    r"(20\d{2})년\s*(\d{1,2})월\s*(?:[~∼-]|부터|에서)\s*(?:\1년\s*)?(\d{1,2})월(?:\s*말)?(?!\s*\d{1,2}\s*일)"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})년")
_TIME = (
    r"(?:20\d{2}년|재?작년|지난해|올해|금년|(?:상|하)?반기|[1-4]\s*분기|\d{1,2}\s*월|누적"
    r"|3\s*개월|석\s*달|연간|말)"
)
_NOT_MEANT = re.compile(
    rf"(?<![가-힣]){_TIME}(?:\s*{_TIME})*\s*(?:거|것|꺼|치|분|기준|실적|자료|보고서)?(?:은|는|이|가|을|를)?\s*"
    r"(?:말고|아니고|아니라|아닌|빼고|제외하고)"
)
_CLOSES = re.compile(
    r"(?:(\d{1,2})\s*월|(상반기|반기)|([1-4])\s*분기)\s*(?:\d{1,2}일)?\s*(?:기?말)(?!고|씀|해|레)"
)
_CLOSING = re.compile(
    r"(?<![전가-힣])(?:당\s?)?(?:(?P<half>반기)|(?P<quarter>[1-3])\s?분기|(?:당\s?)?기)\s?말(?!고|씀|해|레)"
)
_LATEST = 9000
_YEAR_CLOSES = re.compile(r"(?<=[년기도해연])\s*말(?!고|씀|해|레)")
_THREE_MONTHS = re.compile(r"석\s*달|3\s*개월|세\s*달|분기만|4월부터 6월|4\s*[~-]\s*6월|7\s*[~-]\s*9월")
_QUARTER = re.compile(r"([1-4])\s*분기")
_A_QUARTER = re.compile(r"(?<!\d)([1-4])\s?분기(?!\s?말)")
_QUARTERS = re.compile(r"1\s*(?:분기)?\s*[·,~∼와과-]\s*([2-4])\s*분기")  # both of them, from January on
_SPAN = re.compile(r"(?<!\d)(\d{1,2})\s*월?\s*(?:에서|부터|[~∼-])\s*(?:20\d{2}년\s*)?(\d{1,2})\s*월")
_HALF_BEFORE = re.compile(r"(?:반년|6개월|여섯\s*달)\s*전(?!\s*(?:대비|보다|과\s|와\s|에\s*비))")
_UNTIL = re.compile(r"(?:들어|초부터|1월부터).{0,12}?(\d{1,2})\s*월\s*까지")
_REPORT = re.compile(r"\s*(?:도)?\s*(?:결산|사업|반기|분기|감사|[1-4]분기)?\s*보고서")
_COMPARED_WITH = re.compile(
    r"(?:20\d{2}년|작년|지난해|전년)[^,.?년]{0,10}?(?:에\s*비(?:해|하|교)|보다|대비|에\s*견줘|(?:과|와|하고|이?랑)\s*비교)"
)
_QUARTER_BEFORE = re.compile(
    r"(?:([1-4])\s*분기|(?:직전|전|지난)\s*분기)\s*(?:말\s*)?(?:보다|대비|에\s*비(?:해|하|교)|에\s*견줘|(?:과|와|하고|이?랑)\s*비교)"
)
_PASSED_OVER = r"(?!\s*(?:대비|보다|과|와|에\s*비|동기|(?:하고|이?랑)\s*비교))"


def find_period(text: str, today: date, *, year: int | None = None) -> str | None:
    """`2024`, `2022.06 누적`, `2022.06 3개월`, `2022.06 말`, `2022.06` (a month, or what was so then),
    `2022 하반기`; None when no year can be told.

    `year` is that of the turn before, for a follow-up that names months alone.
    """
    text = _QUARTER_BEFORE.sub(" ", _COMPARED_WITH.sub(" ", _even(text)))  # compared with, not asked
    if len(years := list(_YEAR.finditer(text))) > 1:
        for found in reversed(years):
            if report := _REPORT.match(text, found.end()):
                text = text[: found.start()] + text[report.end() :]
    return _read(text, today, year)


def periods_named(text: str, today: date) -> list[tuple[str, ...]]:
    """Each period that a text names with its year, the latest first, each as the ways to read it: a bare
    year beside `2분기` may be that quarter of the year. The year of a report that is spoken of is none."""
    text = _even(text)
    for named in reversed(list(_YEAR.finditer(text))):
        if report := _REPORT.match(text, named.end()):
            text = text[: named.start()] + text[report.end() :]
    years = list(_YEAR.finditer(text))
    if len(years) < 2:
        return []
    starts = [0, *(found.start() for found in years[1:]), len(text)]
    found = [one for one in (_read(text[a:b], today, None) for a, b in pairwise(starts)) if one]
    tail = next((one[4:] for one in found if one[4:]), "")
    read = {(ways := _ways(one, tail))[0]: ways for one in reversed(found)}
    return sorted(read.values(), key=lambda ways: (ways[0][:4], ways[0][5:7] or "12"), reverse=True)


def period_before(text: str, today: date, asked: str | None) -> tuple[str, ...]:
    """The ways to read the year that a text only compares with: `2023년보다`, asked of `2024`; empty without
    one."""
    if asked and asked.endswith("3개월") and (base := _QUARTER_BEFORE.search(_even(text))):
        return _quarter(int(asked[:4]), int(base[1]) if base[1] else int(asked[5:7]) // 3 - 1)
    found = _COMPARED_WITH.search(_even(text))
    named = _read(found[0].replace("보다", " "), today, None) if found and _YEAR.search(found[0]) else None
    return _ways(named, (asked or "")[4:]) if named and named != asked else ()


def _quarter(year: int, quarter: int) -> tuple[str, ...]:
    """The ways to spell its three months; quarter 0 is the last of the year before."""
    year, quarter = (year - 1, 4) if quarter < 1 else (year, quarter)
    three = f"{year}.{quarter * 3:02d} 3개월"
    return (three, f"{year}.03 누적") if quarter == 1 else (three,)


def read_beside(since: tuple[str, ...], asked: str | None) -> tuple[str, ...]:
    """The ways to read an earlier period beside the one that turns out to be asked."""
    return _ways(since[-1], (asked or "")[4:]) if since and not since[-1][4:] else since


def _ways(period: str, tail: str) -> tuple[str, ...]:
    if period[4:] or not tail:
        return (period,)
    ends = (f"{period}.12 말",) if tail.endswith("말") else ()  # of a balance, the end of the year
    return tuple(dict.fromkeys((period + tail, *ends, period)))


def closing_said(text: str) -> str | None:
    """The end of what a text names without its year: `06` for 당반기말, `03` or `09` …, '' for any 당기말."""
    if _names_year(text) or not (found := _CLOSING.search(text)):
        return None
    if found["half"]:
        return "06"
    return f"{int(found['quarter']) * 3:02d}" if found["quarter"] else ""


def quarter_said(text: str) -> str | None:
    """The month that the one quarter ends in which a text names without its year: `06` for 2분기."""
    quarters = set(_A_QUARTER.findall(text))
    return f"{int(quarters.pop()) * 3:02d}" if len(quarters) == 1 and not _names_year(text) else None


def _names_year(text: str) -> bool:
    return _year(_even(text), date.min.replace(year=_LATEST)) is not None


def three_months_said(text: str) -> bool:
    return bool(_THREE_MONTHS.search(text))


def three_months_of(text: str, period: str) -> str | None:
    """`석 달만 떼어서` after `2025.09 누적`: `2025.09 3개월`; None when no three months are asked."""
    return f"{period[:7]} 3개월" if _THREE_MONTHS.search(text) and period.endswith("누적") else None


def recency(period: str | None) -> int:
    """Smaller is later; 0, after all others, of none that closes in a month or a year."""
    parts = PERIOD.match(period or "")
    return -(int(parts[1]) * 100 + int(parts[2] or 12)) if parts else 0


def shift_year(period: str, by: int) -> str:
    """`2022.06 누적` → `2021.06 누적` for -1."""
    return f"{int(period[:4]) + by}{period[4:]}"


def half_a_year_before(text: str, period: str) -> str | None:
    """`반년 전에는` after `2022.06 말`: `2021.12 말`; None when it is not asked, or of no end of a half."""
    half = re.fullmatch(r"(\d{4})\.(06|12) 말", period)
    if not half or not _HALF_BEFORE.search(text) or _YEAR.search(_even(text)):
        return None
    return f"{half[1]}.06 말" if half[2] == "12" else f"{int(half[1]) - 1}.12 말"


def _even(text: str) -> str:
    """The text with its times spelled one way, and without those that are said not to be meant."""
    for written, read in _SPELLINGS:
        text = written.sub(read, text)
    text = text.replace("1H", "상반기").replace("2H", "하반기")
    text = _FROM_TO.sub(r"\1년 \2~\3월", _CLOSING_DAY.sub(_closing, text))
    for denied in reversed(list(_NOT_MEANT.finditer(text))):
        before, after = text[: denied.start()], text[denied.end() :]
        year = _YEAR.match(denied[0])  # 2022년 2분기 말고 상반기: the year is meant
        kept = year and len(denied[0].split(year[0])[1].split()) > 1 and not _YEAR.search(before + after)
        text = f"{before} {year[0] if year and kept else ''} {after}"
    return text


def _closing(day: re.Match[str]) -> str:
    """`6월 30일` closes a period, which `6월 29일` does not."""
    return f"{day[1]}월 말" if _CLOSINGS.get(day[1].lstrip("0")) == day[2] else day[0]


def _read(text: str, today: date, year: int | None) -> str | None:
    said = _year(text, today)
    if said is None and year and not (_SPAN.search(text) or _QUARTER.search(text) or "반기" in text):
        return None
    year = said or year
    if year is None:
        return None
    three = bool(_THREE_MONTHS.search(text))
    if until := _UNTIL.search(text):
        return _flow(year, int(until[1]), three=three)
    span = _SPAN.search(text)
    if span:
        first, last = int(span[1]), int(span[2])
        return _flow(year, last, three=three or last - first == 2) if first < last else None
    if several := _QUARTERS.search(text):
        return _flow(year, int(several[1]) * 3, three=False)
    if end := _CLOSES.search(text):
        month = int(end[1]) if end[1] else 6 if end[2] else int(end[3]) * 3
        return f"{year}.{month:02d} 말" if 1 <= month <= 12 else None
    return _of_part(text, year, three=three)


def _of_part(text: str, year: int, *, three: bool) -> str | None:
    """Of a year of which a quarter, a half or a month is named, or nothing."""
    closes = bool(_YEAR_CLOSES.search(text))  # 기말 of a half that is named is the end of that half
    if quarter := _QUARTER.search(text):
        month = int(quarter[1]) * 3
        if closes and not three:
            return f"{year}.{month:02d} 말"
        alone = month in (6, 12) and "누적" not in text
        return _flow(year, month, three=three or alone)
    if "하반기" in text:
        return f"{year} 하반기"  # no filing gives it: never the half before
    if "반기" in text:
        return f"{year}.06 말" if closes and not three else _flow(year, 6, three=three)
    month_only = re.search(r"년\s*(\d{1,2})\s*월", text)
    if month_only and 1 <= int(month_only[1]) <= 12:
        return f"{year}.{int(month_only[1]):02d}" + (" 말" if closes else "")
    return f"{year}.12 말" if closes else str(year)


def _flow(year: int, month: int, *, three: bool) -> str | None:
    if not 1 <= month <= 12:
        return None
    if three:
        return f"{year}.{month:02d} 3개월"
    return str(year) if month == 12 else f"{year}.{month:02d} 누적"


def _year(text: str, today: date) -> int | None:
    if found := _YEAR.search(text):
        return int(found[1])
    for word, back in _RELATIVE.items():
        if re.search(rf"{word}{_PASSED_OVER}", text):
            return today.year - back
    return None
