"""The fiscal calendar of one periodic report: which day its columns end on, and what that period is called.

A year does not have to end in December nor to have twelve months: the report itself tells (its kind, the
period on its cover, the dates beside 제 53 기말). What it does not tell stays None.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.etl.document import Document
from core.model import Filing

Month = tuple[int, int]
"""(year, month) at whose end something closes."""

_ANNUAL = frozenset(("11011", "F001", "F002"))
_STAGE_OF_FORM = {"11012": "반기", "11013": "1분기", "11014": "3분기"}
_MONTHS = {"1분기": 3, "반기": 6, "3분기": 9}
_TERM = re.compile(r"제\s*(\d{1,3})\s*(?:\([^)]*\))?\s*기")
_STAGE = re.compile(r"반\s*기|분\s*기")
_DATED = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[년.\-/]\s*(\d{1,2})(?!\d)")
_YEARS = re.compile(r"(?<!\d)(20\d{2}|19\d{2})(?=\s*[년.\-/])")
_MOST_BACK = 12


def before(month: Month, count: int = 1) -> Month:
    """The month `count` months earlier."""
    number = month[0] * 12 + month[1] - 1 - count
    return number // 12, number % 12 + 1


def _between(first: Month, last: Month) -> int:
    return (last[0] - first[0]) * 12 + last[1] - first[1] + 1


@dataclass(frozen=True, slots=True)
class Calendar:
    """Of a report that closes in `year`, `month`.

    `year_end` is the closing month of its fiscal years and `term` the number of its own (제 54 기), each
    None when nothing tells it; `ends` are closing months that the report states of numbered terms,
    `start` is the first month of its own fiscal year as the cover says.
    """

    year: int
    month: int
    year_end: int | None
    term: int | None = None
    ends: Mapping[int, Month] = field(default_factory=dict)
    start: Month | None = None
    stage: str | None = None

    @property
    def own(self) -> Month:
        return self.year, self.month

    def back(self, term: int) -> int | None:
        """How many terms before the report's own."""
        back = None if self.term is None else self.term - term
        return back if back is not None and 0 <= back <= _MOST_BACK else None

    def closing(self, back: int) -> Month | None:
        """Where the fiscal year `back` years before the own one ends; the own one ends with the report."""
        if back == 0:
            return self.own
        if self.term is not None and self.term - back in self.ends:
            return self.ends[self.term - back]
        return self._year_closing(back)

    def _year_closing(self, back: int) -> Month | None:
        if self.year_end is None:
            return None
        return self.year + (self.month > self.year_end) - back, self.year_end

    def interim(self, back: int, stage: str) -> Month | None:
        """Where 1분기, 반기 or 3분기 of that fiscal year ends; a bare 분기 is the report's own."""
        months = _MONTHS.get(stage)
        if months is None or (self.year_end is None and stage == self.stage):
            return (self.year - back, self.month) if self.stage else None
        closing = self._year_closing(back)
        return before(closing, 12 - months) if closing else None

    def begin(self, end: Month) -> Month | None:
        """The first month of the fiscal year in which `end` lies."""
        if end == self.own and self.start:
            return self.start
        earlier = [month for month in self.ends.values() if 0 < _between(month, end) - 1 <= 12]
        if earlier:
            return before(max(earlier), -1)
        if self.year_end is None:
            return None
        return before((end[0] - (end[1] <= self.year_end), self.year_end), -1)

    def flow(self, end: Month, *, three: bool, start: Month | None = None) -> str | None:
        """`2024`, `2024.06 누적`, `2024.06 3개월`; `2023.04~2024.03 누적` where January is not the first.

        `start` is the month that a header names as the first; None when it names none.
        """
        closed = f"{end[0]}.{end[1]:02d}"
        if three:
            return f"{closed} 3개월"
        begin = self.begin(end)
        if start and start != begin:
            if _between(start, end) == 3:
                return f"{closed} 3개월"
            if start[1] != 1 or start[0] != end[0]:
                return None
            begin = start
        if begin is None:
            return None
        if begin == (end[0], 1):
            return str(end[0]) if end[1] == 12 else f"{closed} 누적"
        return f"{begin[0]}.{begin[1]:02d}~{closed} 누적"

    def before_opening(self, flow: str) -> str | None:
        """The balance with which a period of `flow` opens: `2021.12 말` for `2022.06 누적`."""
        if flow.endswith("3개월"):
            return None
        first = (int(flow[:4]), int(flow[5:7])) if "~" in flow else (int(flow[:4]), 1)
        return balance_at(before(first))


def balance_at(month: Month) -> str:
    return f"{month[0]}.{month[1]:02d} 말"


def calendar_of(document: Document, filing: Filing, lines: Iterable[str]) -> Calendar | None:
    """None for a filing without a period. `lines` are captions and headings that may name terms."""
    if not filing.period:
        return None
    own = int(filing.period[:4]), int(filing.period[5:7])
    ends, term = _terms(lines, own)
    start = _start(document, own)
    year_end = own[1] if filing.form in _ANNUAL else _year_end(filing.form, own, ends, start)
    return Calendar(*own, year_end, term, ends, start, _STAGE_OF_FORM.get(filing.form))


def _start(document: Document, own: Month) -> Month | None:
    """The first month on the cover, where cover and listing mean the same report."""
    first, last = document.period_from, document.period_to
    if not first or not last or (last.year, last.month) != own:
        return None
    start = first.year, first.month
    return start if 1 <= _between(start, own) <= 18 else None


def _year_end(form: str, own: Month, ends: Mapping[int, Month], start: Month | None) -> int | None:
    """The closing month that an interim report's kind, cover and 전기말 agree on; None if they do not."""
    said = {end[1] for end in ends.values() if end != own}
    if form == "11012":
        said.add(before(own, 6)[1])
    if start and _between(start, own) in _MONTHS.values():
        said.add(before(start)[1])
    return said.pop() if len(said) == 1 else None


def _terms(lines: Iterable[str], own: Month) -> tuple[dict[int, Month], int | None]:
    """(closing months of whole terms, the number of the report's own term)."""
    ends: dict[int, Month] = {}
    current: Counter[int] = Counter()
    years: dict[int, int] = {}
    seen: set[int] = set()
    for line in lines:
        found = _TERM.findall(line)
        seen.update(map(int, found[:1]))
        if len(set(found)) != 1:
            continue
        number = int(found[0])
        dates = [(int(y), int(m)) for y, m in _DATED.findall(line) if 1 <= int(m) <= 12]
        if dates and (last := max(dates)) <= own:
            if last == own:
                current[number] += 1
            elif not _STAGE.search(line):
                ends.setdefault(number, last)
        said = [int(year) for year in _YEARS.findall(line)]
        if said and max(said) <= own[0]:
            years.setdefault(number, max(said))
    if current:
        term: int | None = current.most_common(1)[0][0]
    elif years:
        term = max(years) + own[0] - years[max(years)]
    else:
        term = max(seen, default=None)
    return {number: end for number, end in ends.items() if term is not None and number < term}, term
