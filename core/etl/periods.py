"""Which period a column speaks of: `2022.06 누적`, `2022.06 3개월`, `2022.06 말`, `2024`, `2024.12 말`.

Spelled as in data/answers/README.md. What cannot be told stays None: a wrong period is a wrong number.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_TERM = re.compile(
    r"제\s*(\d{1,3})\s*(?:\(\s*(?:당|전|전전)\s*\)\s*)?기?\s*(?:\(\s*(?:당|전|전전)\s*\)\s*)?(3분기|1분기|분기|반기)?"
)
_RELATIVE = re.compile(r"(전전|당|전)\s*(기|반기|분기|3분기|1분기)")
_MONTH_END = re.compile(r"(\d{4})\s*년\s*(\d{1,2})\s*월\s*(?:(\d{1,2})\s*일)?\s*(말|현재)?")
_RANGE = re.compile(r"(\d{4})\s*년\s*(\d{1,2})\s*월?\s*[~∼～-]\s*(?:\d{4}\s*년\s*)?(\d{1,2})\s*월")
_DATE = re.compile(r"(\d{4})[.\-/](\d{1,2})[.\-/](\d{1,2})")
_YEAR = re.compile(r"(?<!\d)(20\d{2}|19\d{2})\s*(?:년도?|사업연도)(?!\s*\d)")
_QUARTER = re.compile(r"(\d{4})\s*년?도?\s*(?:제?\s*([1-4])\s*분기|(상)반기|(반기))")
_LINE_TERM = re.compile(r"제\s*(\d{1,3})\s*(?:\([^)]*\))?\s*기")
_SAYS_WHEN = re.compile(r"[년연기]|\d{4}[.\-/]")  # every pattern above needs one of these
_LETTER_SPACED = re.compile(r"3 개 월|누 적|[전당] 기|[전당] 반 기|[전당] 분 기")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The filing's own period (`2022.06`) and the year in which each numbered term ends."""

    year: int
    month: int
    terms: Mapping[int, int] = field(default_factory=dict)

    @property
    def year_end(self) -> int:
        """Closing month of the fiscal year; that of an interim report is taken as December."""
        return 12

    def year_of(self, term: int) -> int | None:
        if term in self.terms:
            return self.terms[term]
        if not self.terms:
            return None
        known = max(self.terms)
        year = self.terms[known] - (known - term)
        return year if 0 <= known - term <= 12 else None


def calendar_of(period: str | None, lines: Iterable[str]) -> Calendar | None:
    """None for a filing without a period. `lines` are captions and headings that may name terms."""
    if not period:
        return None
    year, month = int(period[:4]), int(period[5:7])
    terms: dict[int, int] = {}
    seen: set[int] = set()
    for line in lines:
        found = _LINE_TERM.search(line)
        if not found:
            continue
        seen.add(int(found[1]))
        years = [int(y) for y in re.findall(r"(?<!\d)(20\d{2}|19\d{2})(?=\s*[년.\-/])", line)]
        if years and max(years) <= year:
            terms.setdefault(int(found[1]), max(years))
    if not terms and seen:
        terms[max(seen)] = year
    return Calendar(year, month, terms)


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    return _LETTER_SPACED.sub(lambda found: found[0].replace(" ", ""), re.sub(r"\s+", " ", text))


def period_of(text: str, calendar: Calendar, *, balance: bool | None) -> str | None:
    """The period a header or caption names, or None.

    `balance` True for amounts at a day, False for flows, None when only the words can tell
    (then 말 or 현재 makes a balance, anything else a flow).
    """
    if not _SAYS_WHEN.search(text):
        return None
    words = _words(text)
    at_end = bool(re.search(r"말|현재", words))
    is_balance = at_end if balance is None else balance
    three = bool(re.search(r"3\s*개월", words))
    found = _RANGE.search(words)
    if found:
        return _flow(int(found[1]), int(found[3]), three=three)
    found = _MONTH_END.search(words) or _DATE.search(words)
    if found:
        dates = [(int(y), int(m)) for y, m in re.findall(r"(\d{4})\s*[년.\-/]\s*(\d{1,2})", words)]
        year, month = max(dates)
        if not 1 <= month <= 12:
            return None
        if is_balance or (len(dates) == 1 and balance is not False):
            return f"{year}.{month:02d} 말"
        return _flow(year, month, three=three)
    found = _QUARTER.search(words)
    if found:
        month = int(found[2]) * 3 if found[2] else 6
        return f"{found[1]}.{month:02d} 말" if is_balance else _flow(int(found[1]), month, three=three)
    stage = _stage(words, calendar)
    if stage is None:
        return None
    year, month = stage
    return f"{year}.{month:02d} 말" if is_balance else _flow(year, month, three=three)


def _flow(year: int, month: int, *, three: bool) -> str:
    if three:
        return f"{year}.{month:02d} 3개월"
    return str(year) if month == 12 else f"{year}.{month:02d} 누적"


def _stage(words: str, calendar: Calendar) -> tuple[int, int] | None:
    """(year, closing month) of 제54기 반기, 당기, 전반기말, 2024년."""
    found = _TERM.search(words)
    if found and ("기" in found[0]):
        year = calendar.year_of(int(found[1]))
        if year is None:
            return None
        if found[2]:
            return year, calendar.month if calendar.month != 12 else {
                "반기": 6,
                "1분기": 3,
                "3분기": 9,
            }.get(found[2], 12)
        if year == calendar.year:
            return year, calendar.month
        return year, calendar.year_end
    found = _RELATIVE.search(words)
    if found:
        back = {"당": 0, "전": 1, "전전": 2}[found[1]]
        if back == 0 or found[2] != "기":
            return calendar.year - back, calendar.month
        return calendar.year - back, calendar.year_end
    found = _YEAR.search(words)
    if found:
        year = int(found[1])
        return year, calendar.month if year == calendar.year else calendar.year_end
    return None
