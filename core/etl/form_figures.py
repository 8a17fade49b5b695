"""Figures of event forms: label cells to the left of each value, column headers where there are some."""

import re
from collections.abc import Iterable, Iterator, Sequence

from core.etl.document import Cell, Table
from core.etl.labels import clean_account, is_no_measure
from core.etl.place import Place
from core.etl.units import TableUnits, table_units, unit_of_labels
from core.etl.values import Shown, is_number, shown
from core.model import Figure
from core.totals import is_total

_GENERIC = re.compile(r"^(?:보통주식?|종류주식?|기타주식?|우선주|금액|주식수|비율|수량|기타|가액|단가)$")
_YEARS = re.compile(
    r"(당해|전전|전)\s*[연년]도\s*\(\s*(\d{4})\s*년(?:\s*1\s*월?\s*[~∼～-]\s*(\d{1,2})\s*월)?\s*\)"
)
_BALANCE = re.compile(r"(?:자산|부채|자본)(?:총계)?$|자본금$")
_DECEMBER = 12
_ITEM = re.compile(r"\d{1,2}\.\s?[가-힣]")
_LONGEST_HEAD = 45
_LONGEST_LABEL = 60
_COLUMNS = 3  # of a table; a form has labels and values
_LISTED = 5  # columns of a list of persons or purchases: its header stands over every cell of a row
_HAS_DATE = re.compile(r"\d{4}\s*[년.-]|^\d+\.")


def form_figures(table: Table, place: Place) -> Iterator[Figure]:
    units = table_units(table.unit)
    if table.header_rows and len(set(table.grid[0])) >= _COLUMNS:
        yield from _under_header(table, place, units)
        return
    heads: list[str] = []
    columns: list[int] = []
    item = ""  # `3. 계약상대방`, whose `-최근 매출액` stands in a row of its own
    group: Cell | None = None  # its rows alone stand under its headers
    group_heads: list[str] = []
    for row_no, row in enumerate(table.grid):
        cells = [cell for column, cell in enumerate(row) if cell.column == column]
        if _are_heads(cells):
            heads, columns = [cell.text for cell in row], [cell.column for cell in cells]
        elif _are_group_heads(cells, row_no):
            group, group_heads = row[0], [cell.text for cell in row]
        first = cells[0].text if cells and cells[0].row == row_no else ""
        item = first if _ITEM.match(first) else item
        listed = len(columns) >= _LISTED and columns == [cell.column for cell in cells]
        labels: list[str] = [item] if item and first.startswith("-") and len(first) > 1 else []
        for cell in cells:
            number = shown(cell.text)
            if number is None:
                if _is_label(cell):
                    labels.append(cell.text)
                continue
            if cell.row != row_no:
                continue
            over = group_heads if row[0] is group else heads if len(labels) < 2 or listed else []
            head = over[cell.column] if cell.column < len(over) and over[cell.column] not in labels else ""
            figure = _figure(table, cell, labels, head, number, units, place, listed=listed)
            if figure:
                yield figure


def _under_header(table: Table, place: Place, units: TableUnits) -> Iterator[Figure]:
    """A table whose header is marked as one names every value by its column, `변동 수량 취득(+)`, and by the
    row: the groups that span it, or in a list of persons the first cell alone.
    """
    head = table.header_rows
    columns = range(len(table.grid[0]))
    heads = [
        " ".join(dict.fromkeys(table.grid[row][column].text for row in range(head))) for column in columns
    ]
    for row_no in range(head, len(table.grid)):
        labels: list[str] = []
        grouped = False
        for column, cell in enumerate(table.grid[row_no]):
            number = shown(cell.text) if cell.column == column else None
            if number is not None and cell.row == row_no:
                figure = _figure(table, cell, labels, heads[column], number, units, place, listed=not grouped)
                if figure:
                    yield figure
            elif number is None and cell.column == column and _is_label(cell):
                labels.append(cell.text)
                grouped = grouped or cell.rowspan > 1


def _is_label(cell: Cell) -> bool:
    return 0 < len(cell.text) < _LONGEST_LABEL and cell.text != "-"


def _are_heads(cells: Sequence[Cell]) -> bool:
    return len(cells) >= 3 and all(
        0 < len(c.text) < _LONGEST_HEAD and not _HAS_DATE.search(c.text) and not is_number(c.text)
        for c in cells
    )


def _are_group_heads(cells: Sequence[Cell], row_no: int) -> bool:
    """`- 재무내용(원) | | 양수대상(A) | 당사전체(B)`: over the rows of a group, its corner empty."""
    if len(cells) < 2 or cells[1].text or cells[0].row != row_no or cells[0].rowspan == 1:
        return False
    return _are_heads([cells[0], *cells[2:]])


def _figure(
    table: Table,
    cell: Cell,
    labels: Sequence[str],
    head: str,
    number: Shown,
    units: TableUnits,
    place: Place,
    *,
    listed: bool,
) -> Figure | None:
    if not labels and not head:
        return None
    naming = (
        labels[:1] if listed and head else labels[-3:]
    )  # whose it is, not why: 노갑선 > 최대주주 > 경영권 확보
    named = [*naming, head] if head else list(naming)
    unit = unit_of_labels(named, number.unit, units)
    accounts = [clean_account(label) for label in named]
    if unit is None or is_no_measure(accounts[-1]):
        return None
    account = accounts[-1]
    if _GENERIC.match(account) or is_total(account) or len(account) < 3 or head:
        account = " ".join(dict.fromkeys(a for a in accounts if a))
    if not account:
        return None
    return Figure(
        rcept_no=place.filing.rcept_no,
        corp_code=place.filing.corp_code,
        account=account,
        value=number.value * unit[1],
        unit=unit[0],
        period=None,
        basis=None,
        section=place.section,
        table=table.number,
        row=" > ".join(labels) or head,
        column=head,
        row_no=cell.row,
        column_no=cell.column,
        cell=number.cell,
        scale=unit[1],
        caption=place.caption,
    )


def dated(figures: Sequence[Figure], paragraphs: Iterable[str]) -> list[Figure]:
    """With the periods that a note gives for 당해연도, 전년도 and 전전년도: `당해년도 (2023년 1~6월)`.

    Without such a note they stay None: 당해연도 may be the last full year or part of the present one.
    """
    said = {m[1]: (m[2], int(m[3] or _DECEMBER)) for text in paragraphs for m in _YEARS.finditer(text)}
    return [_dated(figure, said) for figure in figures] if said else list(figures)


def _dated(figure: Figure, said: dict[str, tuple[str, int]]) -> Figure:
    of = re.match(r"(당해|전전|전)\s*[연년]도", figure.row)
    if of is None or of[1] not in said:
        return figure
    year, month = said[of[1]]
    end = f"{year}.{month:02d} 말"
    flow = year if month == _DECEMBER else f"{year}.{month:02d} 누적"
    account = figure.account.removeprefix(figure.row).strip() or figure.account
    return figure._replace(account=account, period=end if _BALANCE.search(account) else flow)
