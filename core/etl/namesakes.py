"""Rows of one table that bear one name: 외환차이 of 금융수익 and of 금융비용, 소계 of each block.

2 in 100 figures of two large reports had such a namesake with another value. Each becomes a part of the
block that it stands in; the label of its row stays as filed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from core.etl.document import Cell, Table
from core.etl.headings import nature
from core.etl.labels import clean_account
from core.etl.values import is_number
from core.model import Figure
from core.totals import is_total

_LONGEST = 60
_RANGE = re.compile(r"[\d(△-][\d.,%()\s~∼-]*")  # 1.50% ~ 1.80% names nothing
_ROUNDED = 2  # units of the last digit by which parts may miss their sum


def tell_apart(table: Table, figures: Iterable[Figure], *, statement: bool = False) -> list[Figure]:
    """The same figures in the same order. A line of a statement is of the whole company, so that there the
    block is told by the account: `유동자산 당기손익-공정가치측정금융자산`.
    """
    found = list(figures)
    names: dict[int, str] = {}
    for places in _namesakes(found):
        rows = sorted({found[place].row_no for place in places})
        for name in (
            _block(table),
            _sum(table, found, found[places[0]].column_no),
            _group(table),
            _texts(table, rows),
        ):
            told = [name(row) for row in rows]
            if all(told) and len(set(told)) == len(rows):
                names |= {row: text for row, text in zip(rows, told, strict=True) if row not in names}
                break
    if names:
        found = [_named(one, names.get(one.row_no), statement=statement) for one in found]
    return _parts_of_flows(table, found, statement=statement)


def _namesakes(figures: Sequence[Figure]) -> list[list[int]]:
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(figures):
        alike[(one.row, one.column, one.account, one.segment, one.period, one.basis, one.unit)].append(place)
    return [
        places
        for places in alike.values()
        if len(places) > 1
        and len({figures[place].value for place in places}) > 1
        and len({figures[place].row_no for place in places}) == len(places)
    ]


def _named(figure: Figure, name: str | None, *, statement: bool) -> Figure:
    if not name:
        return figure
    if statement:
        return figure._replace(account=f"{clean_account(name)} {figure.account}")
    return figure._replace(segment=" ".join(filter(None, (clean_account(name), figure.segment))))


def _parts_of_flows(table: Table, found: list[Figure], *, statement: bool) -> list[Figure]:
    """What is named like a balance and is a flow is a part of the line that it adds up to: 기타금융부채 of
    이자비용, 비지배지분 of 당기순이익."""
    for place, one in enumerate(found):
        flow = one.period and not one.period.endswith("말") and one.segment is None
        if flow and nature(one.account)[0] and (name := _sum(table, found, one.column_no)(one.row_no)):
            whole = clean_account(name)
            found[place] = (
                one._replace(account=f"{whole} {one.account}")
                if statement
                else one._replace(account=whole, segment=one.account)
            )
    return found


def _block(table: Table) -> Callable[[int], str]:
    """The nearest row above that holds nothing but a label: `(1) 금융수익:`."""
    labels: dict[int, str] = {}
    last = ""
    for row_no, row in enumerate(table.grid):
        texts = {cell.text.strip() for cell in row} - {"", "-"}
        if row_no >= table.header_rows and len(texts) == 1 and not any(map(is_number, texts)):
            last = texts.pop()
        labels[row_no] = last
    return lambda row: labels[row]


def _sum(table: Table, figures: Sequence[Figure], column: int) -> Callable[[int], str]:
    """The nearest row above whose value the rows from the next one on, this one among them, add up to."""
    lines = {one.row_no: one for one in figures if one.column_no == column}
    values = {row: line.value / line.scale for row, line in lines.items()}

    def of(row: int) -> str:
        for above in sorted((other for other in values if other < row), reverse=True):
            if values[above] and _adds_up(values, above, row, len(table.grid)):
                return lines[above].row
        return ""

    return of


def _adds_up(values: dict[int, Decimal], above: int, row: int, end: int) -> bool:
    total = Decimal(0)
    for part in range(above + 1, end):
        total += values.get(part, Decimal(0))
        if part >= row and part > above + 1 and abs(total - values[above]) <= _ROUNDED:
            return True
    return False


def _group(table: Table) -> Callable[[int], str]:
    """For a total, the label that spans the rows right above it: 단기파생상품자산, then 합계."""

    def of(row: int) -> str:
        above = table.grid[row - 1][0]
        total = is_total(clean_account(table.grid[row][0].text))
        return above.text if total and above.rowspan > 1 and above.row + above.rowspan == row else ""

    return of


def _texts(table: Table, rows: Sequence[int]) -> Callable[[int], str]:
    """What else stands in the row and in none of its namesakes: 취득자, 가치평가기법."""
    words = {row: _words(table.grid[row]) for row in rows}
    shared = set.intersection(*map(set, words.values()))
    return lambda row: " ".join(word for word in words[row] if word not in shared)


def _words(row: Sequence[Cell]) -> list[str]:
    texts = dict.fromkeys(cell.text.strip() for cell in row)
    return [
        text
        for text in texts
        if text not in ("", "-") and len(text) <= _LONGEST and not (is_number(text) or _RANGE.fullmatch(text))
    ]
