"""Figures of periodic reports: labels left, periods and measures above."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from core.etl.document import Cell, Table
from core.etl.equity import equity_periods
from core.etl.fiscal import Calendar, balance_at
from core.etl.headings import Column, Row, account_and_segment, counts, names_company, row_of
from core.etl.periods import period_of
from core.etl.place import Place
from core.etl.rows import LabelColumns, bear_costs, keyed_by_day, movements
from core.etl.scales import Unit
from core.etl.units import TableUnits, table_units, unit_for, unit_words
from core.etl.values import Shown, is_number, shown
from core.etl.xbrl import foreign, told, unit_of
from core.korean import parse_amount, squeeze
from core.model import Figure
from core.totals import is_total

_TABLE_PERIOD = re.compile(r"제\s*\d+\s*\(?[당전]*\)?\s*기|[당전]+\s*(?:기|반기|분기)|\d{4}\s*년")
_TITLE_MEASURE = re.compile(
    r"감가상각비|매출(?:액)?(?!\s*(?:원가|채권|총이익|처))|영업이익|영업손익|당기순이익|시장점유율|점유율|생산능력|생산실적|가동률|연구개발비용?|수주잔고"
)
_EARNED = re.compile(r"^매출$|매출액$|순?(?:이익|손익|손실)$|비용$")
_SPENT = re.compile(r"(?:매입|투자|매출)액$")
_ANOTHER_TERM = re.compile(r"전(?:전)?(?:기|반기|분기)")
_BOTH_TERMS = re.compile(r"당(?:기|반기|분기)말?(?:와|과|\s?및|ㆍ|,)\s?전(?:기|반기|분기)")
_NOTES = re.compile(r"\s*(?:※|\(\*|\*|\(?주\d)")
_WHOSE = re.compile(
    r"(?:회사|기업|법인|기관|업체|거래처|성)\s?명|^\s*(?:회사|종속기업|법인|발행회사|상호|성\s*명|이\s*름)\s*$|명\s?칭"
)
_MAX_LABEL = 300  # characters; the longest of the real filings has 160, and every figure repeats its labels
_MAX_PERIOD = 60
_TITLED = {"매출": "매출액", "점유율": "시장점유율", "연구개발비용": "연구개발비"}


class _Stands(NamedTuple):
    """Where a cell stands: in a table of persons or companies, in one of what went on `당기 중`, in a row
    that moves a balance (False) or is part of one (True), among the flows of 자본변동표.
    """

    whose: bool
    during: bool
    balance: bool | None
    of_equity: bool
    borne: str | None


def periodic_figures(
    table: Table, place: Place, calendar: Calendar, rows: Mapping[str, Unit] | None = None
) -> Iterator[Figure]:
    """`rows` are units of rows by their labels, squeezed, where the table's own leave them open."""
    grid = table.grid
    head = table.header_rows or _head_of(grid)
    heads = [_join(grid[row][column].text for row in range(head)) for column in range(len(grid[0]))]
    inner = [grid[head - 1][column].text if head > 1 else "" for column in range(len(grid[0]))]
    first_value = _first_value_column(grid, head)
    named = [at for at in range(first_value) if not unit_words(heads[at]).stated]  # 이자율(%) names no row
    values = [at for at in range(len(heads)) if at not in named]
    units = table_units(table.unit)
    corner = " ".join(
        dict.fromkeys(grid[row][column].text for row in range(head) for column in range(first_value))
    )
    caption = corner if period_of(corner, calendar, balance=None) else _table_caption(table.captions)
    measure = _caption_measure(place.caption)
    whose = any(_WHOSE.search(grid[head - 1][at].text) for at in named) if head else False
    moved = movements(grid, head, named)
    borne = place.borne if bear_costs(grid[head:], named) else None
    label_columns = LabelColumns(grid, head, named, calendar)
    by_row = equity_periods(grid, head, calendar) if place.statement == "자본변동표" else None
    flows = {at for at, period in (by_row or {}).items() if not (period or "").endswith("말")}
    columns: dict[int, Column] = {}
    below = [""] * len(heads)
    parent = ""
    for row_no in range(head, len(grid)):
        cells = grid[row_no]
        if _is_subheader(row_no, cells, first_value, calendar):
            below = [cell.text if cell.row == row_no else "" for cell in cells]
            columns.clear()
            continue
        labels = label_columns.of(row_no)
        if not labels:
            labels = [parent] if parent else []
        elif not any(cell.text.strip(" -") for cell in cells[first_value:]):
            parent = labels[-1]
        by_day = keyed_by_day(labels)
        whole: Row | None = None
        for at in values:
            cell = cells[at]
            number = shown(cell.text)
            if number is None or cell.row != row_no or cell.column != at:
                continue
            if label_columns.apart or cell.rowspan > 1:
                row = row_of(tuple(label_columns.of(row_no, at, cell.rowspan) or labels))
            else:
                row = whole = whole or row_of(tuple(labels))
            if max(len(row.name), len(heads[at]), len(below[at])) > _MAX_LABEL:
                continue
            column = columns.get(at)
            if column is None:
                column = columns[at] = Column(heads[at], below[at], caption, calendar, inner[at])
            counted = units
            if rows and (unit := rows.get(squeeze(row.name))) in units.known:
                counted = TableUnits((unit,), unit)
            stands = _Stands(
                whose,
                place.during and moved is None,
                None if moved is None or column.at_day else moved.balance(row_no),
                row_no in flows,
                borne,
            )
            figure = _figure(table, cell, number, row, column, counted, place, measure, stands)
            if figure is None:
                continue
            if by_day and not column.dated:
                figure = figure._replace(period=None)
            if figure.period is None and row.when:
                figure = figure._replace(period=_said_by_row(row.when, figure.account, place, calendar))
            if (
                figure.period is None
                and not by_day
                and (ends := _own_ends(labels, figure.account, place, calendar))
            ):
                figure = figure._replace(period=ends)
            if by_row is not None:
                figure = figure._replace(period=by_row[row_no])
            elif (
                cell.colspan > 1
                and len({heads[c] for c in range(at, min(at + cell.colspan, len(heads)))}) > 1
            ):
                figure = figure._replace(period=None)  # one value under two headers: of which of them?
            if cell.fact is None:
                yield figure
            else:
                yield from told(figure, cell.fact, calendar, column, sure=place.statement is not None)


def _figure(
    table: Table,
    cell: Cell,
    number: Shown,
    row: Row,
    column: Column,
    units: TableUnits,
    place: Place,
    measure: str | None,
    stands: _Stands,
) -> Figure | None:
    if row.no_measure or column.no_measure:
        return None
    unit = unit_for(row.unit, column.unit, number.unit, units)
    if cell.fact:
        unit = None if unit and unit[0] == "원" and foreign(cell.fact) else unit or unit_of(cell.fact)
    if unit is None:
        return None
    by_column = stands.whose or column.changes or (column.unit.stated is not None and row.unit.silent)
    listed = (stands.whose or row.listed) and not names_company(column.name)
    account, segment = account_and_segment(row.account, row.part, column.measure, measure, by_column, listed)
    if row.account not in ("", account) and (stands.of_equity or stands.balance is False):
        # 기타 of 자본 합계 is no 자본, 처분 및 폐기 of 기타유형자산 no 기타유형자산
        account, segment = row.account, _joined(row.part, column.measure)
    if stands.borne:  # 매출원가 of 유형자산 상각 is no 매출원가
        account, segment = stands.borne, _joined(row.account, column.measure)
    if not account:
        return None
    return Figure(
        rcept_no=place.filing.rcept_no,
        corp_code=place.filing.corp_code,
        account=account,
        value=number.value * unit[1],
        unit=unit[0],
        period=column.period(
            row.end or account,
            balance=_balance(account, column, place, during=stands.during)
            if stands.balance is None
            else stands.balance,
        ),
        basis=row.basis or place.basis,
        section=place.section,
        table=table.number,
        row=row.name or account,
        column=column.name,
        row_no=cell.row,
        column_no=cell.column,
        cell=number.cell,
        scale=unit[1],
        caption=place.caption,
        segment=segment,
    )


def _joined(*parts: str) -> str | None:
    return " ".join(part for part in parts if part and not is_total(part)) or None


def _balance(account: str, column: Column, place: Place, *, during: bool) -> bool | None:
    """What the captions say of this account: a note that only speaks of 재무상태표 may hold sales, too, and
    `당기와 전기 중 … 내역` has a flow where no header says otherwise."""
    if place.balance and place.statement is None and _EARNED.search(account):
        return False
    if place.balance is None and "말" not in account and not column.at_day and during:
        return False
    if place.balance is None and column.of_day and "현재" in place.caption.rsplit(" > ", 1)[-1]:
        return True
    return place.balance


def _said_by_row(when: str, account: str, place: Place, calendar: Calendar) -> str | None:
    """`제54기반기말 > 매출채권`, `시설투자 > 2022.01~2022.06`: the period that a label names."""
    return Column(when, "", "", calendar).period(account, balance=place.balance)


def _own_ends(labels: Sequence[str], account: str, place: Place, calendar: Calendar) -> str | None:
    """The period of a cell whose table names none: that day of its report for a row of `기초` or `기말`; the
    whole of it for what was bought or spent under II. 사업의 내용, as the form of these reports has it.
    """
    if place.statement or _ANOTHER_TERM.search(place.caption):
        return None
    if _SPENT.search(account) and place.section.startswith("II. 사업의 내용"):
        return calendar.flow(calendar.own, three=False)
    outer = labels[0].replace(" ", "") if labels else ""
    if outer == "기말":
        return balance_at(calendar.own)
    flow = calendar.flow(calendar.own, three=False) if outer == "기초" else None
    return calendar.before_opening(flow) if flow else None


def _join(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))


def _head_of(grid: Sequence[Sequence[Cell]]) -> int:
    """How many rows of a table that marks none are its header: as many as its corner covers."""
    if len(grid) < 2 or any(is_number(c.text) and parse_amount(c.text) for c in grid[0]):
        return 0
    tall = grid[0][0].rowspan
    numbers = any(is_number(c.text) and parse_amount(c.text) for row in grid[1:tall] for c in row)
    return 1 if numbers or tall >= len(grid) else tall


def _first_value_column(grid: Sequence[Sequence[Cell]], head: int) -> int:
    """The first column in which a third of the filled cells are numbers.

    The very first only where its header measures something and numbers alone stand below: `인원수`.
    """
    width = len(grid[0])
    own = head and width > 1 and all(is_number(row[0].text) for row in grid[head:])
    if own and counts(_join(row[0].text for row in grid[:head])):
        return 0
    for column in range(1, width):
        texts = [row[column].text for row in grid[head:] if row[column].text]
        numbers = sum(1 for text in texts if text == "-" or is_number(text))
        if texts and numbers * 3 >= len(texts) and numbers:
            return column
    return min(1, width - 1) if width > 1 else 0


def _is_subheader(row_no: int, row: Sequence[Cell], first_value: int, calendar: Calendar) -> bool:
    """A row inside the body that renames the periods: `| 2022년 1월~6월 | 2021년 1월~12월`.

    Cells that come down from the header, as 이자율 beside the days of 금액, rename nothing.
    """
    said = False
    for cell in row[first_value:]:
        if cell.text and cell.row == row_no:
            if (
                len(cell.text) > _MAX_PERIOD
                or not period_of(cell.text, calendar, balance=None)
                or parse_amount(cell.text) is not None
            ):
                return False
            said = True
    return said


@lru_cache(maxsize=1024)
def _caption_measure(title: str) -> str | None:
    """The one thing that a title says its table measures, by the name it has as an account."""
    said = {_TITLED.get(word, word) for word in _TITLE_MEASURE.findall(title.rsplit(" > ", 1)[-1])}
    return said.pop() if len(said) == 1 else None


def _table_caption(captions: Sequence[str]) -> str:
    """The nearest caption that names a period, for tables whose columns name none; `※` notes another."""
    for caption in reversed(captions):
        if len(caption) < 60 and not _NOTES.match(caption) and _TABLE_PERIOD.search(caption):
            left = _BOTH_TERMS.sub(
                " ", caption
            )  # of which of them? `…내역은 다음과 같습니다.(1) 당반기` says
            return left if _TABLE_PERIOD.search(left) else ""
    return ""
