"""The rows of a table by the cells left of their values: their labels, and which of them tell a movement."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from core.etl.document import Cell
from core.etl.fiscal import Calendar
from core.etl.headings import nature
from core.etl.labels import clean_account
from core.etl.periods import period_of
from core.etl.values import is_number

_BALANCE = re.compile(r"누계액$|장부[가금]액$|잔액$|원가$")
_SHARE = r"\(?[△-]?\s?\d{1,3}(?:\.\d+)?\s?%?\)?"
_RANGE = re.compile(rf"{_SHARE}\s?[~∼～]\s?{_SHARE}")  # 1.0% ~ 1.9%: a value of its column, no name
_BEARS = re.compile(r"(?:원가|관리비)(?:\s?등)?(?:\s*\(\*\d*\))?$")
_DAY = re.compile(r"\d{4}\s?[.\-/년]\s?\d{1,2}\s?[.\-/월]\s?\d{1,2}일?")


class Movements(NamedTuple):
    """Rows by what they tell: `flows` between opening and closing, `parts` of what closes right below it."""

    flows: frozenset[int]
    parts: frozenset[int]

    def balance(self, row: int) -> bool | None:
        """Whether a row is at a day, False for a flow; None where this leaves it open."""
        return False if row in self.flows else True if row in self.parts else None


def movements(grid: Sequence[Sequence[Cell]], head: int, columns: Sequence[int]) -> Movements | None:
    """The rows between one that opens (`기초장부금액`) and the next that closes (`기말장부금액`): flows,
    whatever their columns are called. `처분 및 폐기` of 기타유형자산 is no balance; 취득원가, 감가상각누계액
    and 정부보조금 below 기말순장부금액 are what it is made of.

    None where no row opens or closes.
    """
    flows: set[int] = set()
    parts: set[int] = set()
    opened: int | None = None
    ends = closed = False
    for row_no in range(head, len(grid)):
        opens, closes = _at_an_end(grid[row_no], columns)
        ends = ends or opens or closes
        if closed and not (opens or closes) and not _is_flow(grid[row_no], columns):
            parts.add(row_no)
        if opens:
            opened, closed = row_no, False
        elif closes:
            if opened is not None:
                between = range(opened + 1, row_no)
                flows.update(row for row in between if not _is_balance(grid[row], columns))
                closed = True
            opened = None
    if not ends:
        return None
    return Movements(
        frozenset(row for row in flows if not any(_at_an_end(grid[row], columns))), frozenset(parts)
    )


def _at_an_end(row: Sequence[Cell], columns: Sequence[int]) -> tuple[bool, bool]:
    """(opens, closes) as any of its labels says: `기초 > 취득원가`."""
    ends = [nature(clean_account(row[at].text)) for at in columns if row[at].text]
    opens = any(end[2] for end in ends)
    return opens, not opens and any(end[3] for end in ends)


def _is_balance(row: Sequence[Cell], columns: Sequence[int]) -> bool:
    return any(_BALANCE.search(clean_account(row[at].text)) for at in columns)


def _is_flow(row: Sequence[Cell], columns: Sequence[int]) -> bool:
    return any(nature(clean_account(row[at].text))[1] for at in columns)


def bear_costs(rows: Sequence[Sequence[Cell]], columns: Sequence[int]) -> bool:
    """Whether rows are accounts that a cost is put in: 매출원가, 판매비와관리비 등."""
    return any(_BEARS.search(row[at].text) for row in rows for at in columns)


def keyed_by_day(labels: Sequence[str]) -> bool:
    """Whether a row is of a day of its own, `2021.04.29 > 가온생명`: the day of the table is not its day."""
    return bool(labels) and bool(_DAY.fullmatch(labels[0]))


class LabelColumns:
    """Which columns name a row: `named`, and for a value under one period's header only what stands there.

    `2024.12.31 금융기관명 | 한도 | 2023.12.31 금융기관명 | 한도`: each amount has the lender of its own year.
    """

    def __init__(
        self, grid: Sequence[Sequence[Cell]], head: int, named: Sequence[int], calendar: Calendar
    ) -> None:
        self._named = named
        self._grid = grid
        over = grid[0] if head > 1 else ()
        self._of_term = {
            at: cell
            for at, cell in enumerate(over)
            if cell.colspan > 1 and period_of(cell.text, calendar, balance=None)
        }
        self.apart = any(at in self._of_term for at in named)

    def of(self, row_no: int, at: int | None = None, rows: int = 1) -> list[str]:
        """The labels of a row, or of its value in one column: one that spans `rows` is of all of them."""
        row = self._grid[row_no]
        columns: Sequence[int] = self._named
        if self.apart and at is not None:
            own = self._of_term.get(at)
            columns = [
                c
                for c in range(at)
                if (c in columns and c not in self._of_term)
                or (own is not None and self._of_term.get(c) is own and not is_number(row[c].text))
            ]
        spanned = self._grid[row_no : row_no + rows]
        texts = dict.fromkeys(
            ", ".join(dict.fromkeys(one[c].text for one in spanned if one[c].text))
            for c in columns
            if row[c].text
        )
        return [text for text in texts if not _RANGE.fullmatch(text)]
