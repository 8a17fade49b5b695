"""Values of a form by the words of their labels, never by item number or place in the table.

Forms of KOSPI and KOSDAQ and of different years number and order their rows differently
(notes/dart.md §5.1.4); what a label says is what they share.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from core.etl.blocks import unit_of
from core.etl.document import Cell, Table
from core.etl.labels import clean_account
from core.etl.units import table_units, unit_of_labels
from core.etl.values import Shown, shown
from core.korean import squeeze

_FORMULA = re.compile(r"\([A-D](?:[/÷-][A-D])?\)$|\((?:원|주|%)/?(?:주)?\)|\(명\)", re.IGNORECASE)
_DOTS = str.maketrans("·∙ᆞ‧･", "ㆍㆍㆍㆍㆍ")
_EMPTY = re.compile(
    r"[-–—]?|\(?해당사항\s*(?:없음|없습니다)\.?\)?|해당\s*없음|없음|미해당|N/?A|미정", re.IGNORECASE
)
_MAX_LABEL = 60


@dataclass(frozen=True, slots=True)
class Value:
    """A cell that holds a value, with the labels before it in its row, outermost first."""

    cell: Cell
    labels: Sequence[str]
    table: Table

    @property
    def text(self) -> str:
        return self.cell.text

    def number(self) -> Shown | None:
        """In the base unit its labels or its table state; None when nothing states one."""
        found = shown(self.text)
        if not found:
            return None
        stated = unit_of_labels(self.labels, found.unit, table_units(_unit(self.table)))
        return Shown(found.cell, found.value * stated[1], stated[0]) if stated else None


@dataclass(slots=True)
class Form:
    """The tables of a form by their labels, as written without numbering, units and spaces."""

    tables: Sequence[Table]
    _at: dict[str, list[tuple[Table, int, Cell]]] = field(init=False)

    def __post_init__(self) -> None:
        self._at = defaultdict(list)
        for table in self.tables:
            for row_no, row in enumerate(table.grid):
                for cell in dict.fromkeys(row):
                    if 0 < len(cell.text) <= _MAX_LABEL:
                        self._at[bare_label(cell.text)].append((table, row_no, cell))

    def find(self, patterns: Sequence[str], accept: Callable[[Value], bool]) -> Value | None:
        """What the first pattern that has a value finds; None where one table says two things.

        `계약내역>계약금액` is a label with another before it in its row, `매출액@당기실적` the cell of that
        row under that column, `@납입기일` the first cell under it. Each part is a regular expression for
        the whole label. What is not accepted is no value: a group's label stands before other labels.
        """
        for pattern in patterns:
            path, _, column = pattern.partition("@")
            *around, label = path.split(">")
            values = self._values(label, around, column) if label else self._below(column)
            if around:  # OpenDART's tables write the path as one label
                whole = "".join(f"(?:{part})" for part in (*around, label))
                values = chain(values, self._values(whole, (), column))
            by_table: dict[int, dict[str, Value]] = {}
            for value in filter(accept, values):
                by_table.setdefault(value.table.number, {}).setdefault(value.text, value)
            if by_table:
                said = by_table[min(by_table)]
                return next(iter(said.values())) if len(said) == 1 else None
        return None

    def _places(self, label: str) -> Iterator[tuple[Table, int, Cell]]:
        for known, places in self._at.items():
            if re.fullmatch(label, known):
                yield from places

    def _values(self, label: str, around: Sequence[str], column: str) -> Iterator[Value]:
        for table, row_no, cell in self._places(label):
            row = list(dict.fromkeys(table.grid[row_no]))
            at = row.index(cell)
            before = [bare_label(other.text) for other in row[:at]]
            if not all(any(re.fullmatch(outer, name) for name in before) for outer in around):
                continue
            labels = [other.text for other in row[: at + 1]]
            after = (
                _under(table, row[at + 1 :], column)
                if column
                else [(one, "") for one in row[at + 1 : at + 2]]
            )
            for one, head in after:
                if one.row == row_no and not _EMPTY.fullmatch(one.text.strip()):
                    yield Value(one, [*labels, head] if head else labels, table)

    def _below(self, column: str) -> Iterator[Value]:
        for table, row_no, cell in self._places(column):
            if row_no + cell.rowspan < len(table.grid) and cell.row == row_no:
                one = table.grid[row_no + cell.rowspan][cell.column]
                if not _EMPTY.fullmatch(one.text.strip()):
                    yield Value(one, [cell.text], table)


def _under(table: Table, cells: Sequence[Cell], column: str) -> Iterator[tuple[Cell, str]]:
    """Cells with that header over them, and the header."""
    for cell in cells:
        for head in dict.fromkeys(table.grid[row][cell.column].text for row in range(cell.row)):
            if re.fullmatch(column, bare_label(head)):
                yield cell, head
                break


@lru_cache(maxsize=8192)
def bare_label(text: str) -> str:
    """`2. 계약내역 계약금액 (원)(A)` → `계약내역계약금액`; the number of an item says nothing."""
    bare = squeeze(clean_account(text.translate(_DOTS))).strip(":ㆍ-")
    shorter = _FORMULA.sub("", bare)
    while shorter != bare:
        bare, shorter = shorter, _FORMULA.sub("", shorter)
    return bare


def _unit(table: Table) -> str | None:
    """Over the table or in one of its cells (`2. 변동내용(단위 : 천원)`), when it is only one."""
    if table.unit:
        return table.unit
    said = {unit for row in table.grid for cell in row if (unit := unit_of(cell.text))}
    return said.pop() if len(said) == 1 else None
