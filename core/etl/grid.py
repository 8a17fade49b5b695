"""Table rows with spans → an expanded rectangle."""

from collections.abc import Sequence

from core.errors import UnreadableFiling
from core.etl.document import Cell, Fact

_MAX_SPAN = 300
MAX_CELLS = 2_000_000  # in a filing; the largest read here expands to 39,048, its widest table to 11,020
# Of one table, for each cell and each character filed; the real ones come to 3.7 and 4.6.
_GROWTH = 30
_ROOM_CELLS, _ROOM_CHARACTERS = 10_000, 100_000


RawCell = tuple[str, int, int, Fact | None]
"""(text, rowspan, colspan, XBRL attributes) of a cell before its place is known."""


def span(value: str | None) -> int:
    """ROWSPAN or COLSPAN as an int in 1..300; nonsense counts as 1."""
    if value is None or value == "1":
        return 1
    try:
        return min(max(int(value), 1), _MAX_SPAN)
    except ValueError:
        return 1


def too_large() -> UnreadableFiling:
    return UnreadableFiling("표의 칸이 지나치게 많은 파일입니다.")


def expand(rows: Sequence[Sequence[RawCell]]) -> tuple[tuple[Cell, ...], ...]:
    """Every position filled: a spanned cell repeats as the same object, gaps are empty cells.

    Row spans are cut at the last row, as browsers do. Raises UnreadableFiling where spans would make many
    times what is filed: 1.2 MB can otherwise ask for gigabytes; cutting the table would lose cells unseen.
    """
    height = len(rows)
    places: list[dict[int, Cell]] = [{} for _ in rows]
    most = min(MAX_CELLS, _ROOM_CELLS + _GROWTH * sum(map(len, rows)))
    characters = _ROOM_CHARACTERS + _GROWTH * sum(len(cell[0]) for row in rows for cell in row)
    total = 0
    for row_no, row in enumerate(rows):
        line, column = places[row_no], 0
        for text, rowspan, colspan, fact in row:
            while column in line:
                column += 1
            if rowspan == colspan == 1:
                line[column] = Cell(text, row_no, column, 1, 1, fact)
                column += 1
                total += 1
                continue
            down = min(rowspan, height - row_no)
            total += down * colspan
            characters -= down * colspan * len(text)
            if total > most or characters < 0:
                raise too_large()
            cell = Cell(text, row_no, column, down, colspan, fact)
            for below in places[row_no : row_no + down]:
                for right in range(column, column + colspan):
                    below.setdefault(right, cell)
            column += colspan
    width = max((max(line, default=-1) + 1 for line in places), default=0)
    if width * height > most:
        raise too_large()
    columns = range(width)
    return tuple(
        tuple(map(line.__getitem__, columns))
        if len(line) == width
        else tuple(line.get(column) or Cell("", row_no, column) for column in columns)
        for row_no, line in enumerate(places)
    )
