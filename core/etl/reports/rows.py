"""Words → rows; rows whose cells stand under each other → tables, with every cell in its column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.etl.reports.pdf_text import Segment

_NEAR = 4.0  # points


@dataclass(frozen=True, slots=True)
class Row:
    """Segments on one line, from left to right."""

    cells: Sequence[Segment]

    @property
    def top(self) -> float:
        return min(s.top for s in self.cells)

    @property
    def bottom(self) -> float:
        return max(s.bottom for s in self.cells)

    @property
    def size(self) -> float:
        return max(s.size for s in self.cells)

    @property
    def text(self) -> str:
        return " ".join(s.text for s in self.cells)


def rows_of(region: Sequence[Segment]) -> list[Row]:
    rows: list[list[Segment]] = []
    for segment in sorted(region, key=lambda s: (s.top, s.x0)):
        for row in rows[-3:]:
            first = row[0]
            if first.top <= segment.middle <= first.bottom or segment.top <= first.middle <= segment.bottom:
                row.append(segment)
                break
        else:
            rows.append([segment])
    return [Row(sorted(row, key=lambda s: s.x0)) for row in rows]


def tables_apart(rows: Sequence[Row]) -> Iterator[tuple[bool, Sequence[Row]]]:
    """(whether it is a table, its rows) from top to bottom; one line of two parts is no table."""
    run: list[Row] = []
    table: list[Row] = []
    for place, row in enumerate(rows):
        after = rows[place + 1] if place + 1 < len(rows) else None
        if table and (_continues(table, row) or _title_within(table, row, after)):
            table.append(row)
            continue
        if len(table) > 1:
            yield True, table
        else:
            run += table
        table = [row] if len(row.cells) > 1 else []
        if table and run and after is not None and _continues(table, after):
            yield False, run
            run = []
        elif not table:
            run.append(row)
    if len(table) > 1:
        yield True, table
    else:
        run += table
    if run:
        yield False, run


def _continues(table: Sequence[Row], row: Row) -> bool:
    """Whether most cells start, end or centre where a cell of the table's last full row does."""
    above = next(full for full in reversed(table) if len(full.cells) > 1)
    if len(row.cells) < 2 or row.top - table[-1].bottom > 1.5 * row.size:
        return False
    same = sum(any(_under(a, b) for a in above.cells) for b in row.cells)
    return same >= 0.5 * min(len(row.cells), len(above.cells))


def _under(a: Segment, b: Segment) -> bool:
    return _distance(a, b) < _NEAR


def _distance(a: Segment, b: Segment) -> float:
    return min(abs(a.x0 - b.x0), abs(a.x1 - b.x1), abs(a.x0 + a.x1 - b.x0 - b.x1) / 2)


def _title_within(table: Sequence[Row], row: Row, after: Row | None) -> bool:
    """A lone label between two rows of one table, set as they are: `손익계산서` over its lines."""
    if len(row.cells) != 1 or after is None or len(table) < 2 or len(after.cells) < 2:
        return False
    label, first = row.cells[0], table[-1].cells[0]
    alike = label.font == first.font and abs(label.size - first.size) < 0.08 * first.size
    near = row.top - table[-1].bottom < 1.5 * row.size and after.top - row.bottom < 1.5 * row.size
    columns = sum(any(_under(a, b) for a in table[-1].cells[1:]) for b in after.cells[1:])
    return alike and near and abs(label.x0 - first.x0) < 3 * _NEAR and columns >= 0.5 * (len(after.cells) - 1)


def grid(rows: Sequence[Row]) -> list[list[str]]:
    """Cells in the columns of the fullest row, blanks as empty text: a missing number moves no other."""
    columns = max(rows, key=lambda row: len(row.cells)).cells
    return [_placed(row, columns) for row in rows]


def _placed(row: Row, columns: Sequence[Segment]) -> list[str]:
    cells = [""] * len(columns)
    start = 0
    for place, cell in enumerate(row.cells):
        last = len(columns) - len(row.cells) + place  # cells to the right need columns too
        best = min(range(start, last + 1), key=lambda column: _distance(columns[column], cell))
        cells[best] = cell.text
        start = best + 1
    return cells
