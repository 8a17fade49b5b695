"""자본변동표: its columns are parts of equity, so rows, not headers, say when.

`2021.01.01 (기초자본)` … `2021.06.30 (기말자본)`: the rows between two dated ones are flows between them.
"""

import re
from collections.abc import Sequence

from core.etl.document import Cell
from core.etl.fiscal import Calendar, Month, balance_at, before

_DAY = re.compile(r"(\d{4})\s*[년.\-/]\s*(\d{1,2})\s*[월.\-/]\s*(\d{1,2})")


def equity_periods(grid: Sequence[Sequence[Cell]], head: int, calendar: Calendar) -> dict[int, str | None]:
    """The period of every row below the header; None where no dated rows enclose it."""
    dated: dict[int, tuple[Month, bool]] = {}
    for row_no in range(head, len(grid)):
        found = _DAY.search(grid[row_no][0].text)
        if found and 1 <= int(found[2]) <= 12:
            dated[row_no] = ((int(found[1]), int(found[2])), int(found[3]) == 1)
    periods: dict[int, str | None] = {}
    following: dict[int, tuple[Month, bool]] = {}
    for row_no in range(len(grid) - 1, head, -1):
        if after := dated.get(row_no) or following.get(row_no):
            following[row_no - 1] = after
    first: Month | None = None
    for row_no in range(head, len(grid)):
        if row_no in dated:
            month, opens = dated[row_no]
            periods[row_no] = balance_at(before(month) if opens else month)
            first = month if opens else None
            continue
        closes = following.get(row_no)
        periods[row_no] = (
            calendar.flow(closes[0], three=False, start=first)
            if first and closes and not closes[1] and first <= closes[0]
            else None
        )
    return periods
