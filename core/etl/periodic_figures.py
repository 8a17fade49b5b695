"""Figures of periodic reports: labels left, periods and measures above.

What a row's labels and a column's header say is found once, not again at every crossing of the two.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from core.etl.document import Cell, Table
from core.etl.labels import clean_account, is_no_measure, measure_of
from core.etl.periods import Calendar, period_of
from core.etl.place import Place, basis_in
from core.etl.units import table_units, unit_for
from core.etl.values import Shown, is_number, shown
from core.korean import parse_amount
from core.model import Figure

_TOTAL = re.compile(r"^(?:합\s*계|총\s*계|계|전체|전사|합계\(.*\))$")
_NO_NAME = frozenset(
    ("", "구분", "과목", "항목", "내용", "금액", "계정과목", "사업부문", "부문", "품목", "계", "합계")
)
# Every branch of these begins with a letter of its own: `re` then skips to where one of them stands.
_BALANCE_ACCOUNT = re.compile(
    r"자산$|부채$|자본$|산총계$|채총계$|본총계$|미지급|선급|선수금|미수|예수금|자본금|잉여금$|채권$|채무$|차입금$|사채$|현금및현금성자산$|예금$|재고|지분$|직원수|주식수|부채비율|유동비율|잔액|총액\(말\)"
)
_FLOW_ACCOUNT = re.compile(r"급여|매출|이익|비용|손익|원가|배당금|투자액|지출|취득액")
_TABLE_PERIOD = re.compile(r"제\s*\d+\s*\(?[당전]*\)?\s*기|[당전]+\s*(?:기|반기|분기)|\d{4}\s*년")
_MEASURE = re.compile(
    r"매출|이익|손익|손실|비용|급여|자산|부채|자본|금액|수$|수량|비중|비율|율$|율\(|률|단가|가액|장부|원가|투자|배당|잔액|취득|실적|능력|인원|근속"
)


_TITLE_MEASURE = re.compile(
    r"매출(?:액)?(?!\s*(?:원가|채권|총이익|처))|영업이익|영업손익|당기순이익|시장점유율|점유율|생산능력|생산실적|가동률|연구개발비용?|수주잔고"
)
_TITLED = {"매출": "매출액", "점유율": "시장점유율", "연구개발비용": "연구개발비"}


class _Row:
    """What the labels of a row say; the last of them names the account."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.name = " > ".join(labels)
        self.label = labels[-1] if labels else ""
        self.basis = basis_in(self.label)
        self.account = clean_account(self.label)
        self.no_measure = is_no_measure(self.account)
        others = map(clean_account, labels[:-1])
        self.part = " ".join(o for o in others if o not in _NO_NAME and o != self.account)
        if _MEASURE.search(self.part) and not _MEASURE.search(self.account):  # 주당 현금배당금 > 보통주
            self.account, self.part = self.part, self.account


class _Column:
    """What a header says: `head` over the whole column, `sub` since the last row of sub-headers."""

    def __init__(self, head: str, sub: str, caption: str, calendar: Calendar) -> None:
        self.name = " ".join(filter(None, (head, sub)))
        self.head = head
        self.measure = measure_of(head)
        self.no_measure = is_no_measure(self.measure)
        words = head + sub
        self._at_end = "말" in words
        self._at_day = self._at_end or "현재" in words
        self._running = bool(re.search(r"3\s*개월|누적", words))
        self._said = (f"{head} {sub}" if sub else head, sub, caption)
        self._calendar = calendar
        self._periods: dict[bool | None, str | None] = {}

    def balance(self, account: str) -> bool | None:
        """Whether the account is an amount at a day here; None when only the period's words can tell."""
        at_day, over_time = _nature(account)
        if at_day and not self._at_end and not self._running:
            return True
        return False if over_time and not self._at_day else None

    def period(self, balance: bool | None) -> str | None:
        """The first that header with sub-header, sub-header and caption name."""
        if balance not in self._periods:
            found = (period_of(said, self._calendar, balance=balance) for said in self._said if said)
            self._periods[balance] = next(filter(None, found), None)
        return self._periods[balance]


@lru_cache(maxsize=8192)
def _nature(account: str) -> tuple[bool, bool]:
    """(is usually an amount at a day, is usually one over a time)."""
    at_day = _BALANCE_ACCOUNT.search(account.replace(" ", ""))
    return bool(at_day), bool(_FLOW_ACCOUNT.search(account))


def periodic_figures(table: Table, place: Place, calendar: Calendar) -> Iterator[Figure]:
    grid = table.grid
    head = table.header_rows or (1 if _looks_like_header(grid) else 0)
    heads = [_join(grid[row][column].text for row in range(head)) for column in range(len(grid[0]))]
    first_value = _first_value_column(grid, head)
    units = table_units(table.unit)
    caption = _table_caption(table.captions)
    measure = _caption_measure(place.caption)
    columns: dict[int, _Column] = {}
    below = [""] * len(heads)
    parent = ""
    for row_no in range(head, len(grid)):
        cells = grid[row_no]
        if _is_subheader(cells, first_value, calendar):
            below = [cell.text for cell in cells]
            columns.clear()
            continue
        labels = list(dict.fromkeys(cell.text for cell in cells[:first_value] if cell.text))
        if not labels:
            labels = [parent] if parent else []
        elif not any(cell.text.strip(" -") for cell in cells[first_value:]):
            parent = labels[-1]
        row: _Row | None = None
        for at in range(first_value, len(cells)):
            cell = cells[at]
            number = shown(cell.text)
            if number is None or cell.row != row_no or cell.column != at:
                continue
            row = row or _Row(labels)
            column = columns.get(at)
            if column is None:
                column = columns[at] = _Column(heads[at], below[at], caption, calendar)
            figure = _figure(table, cell, number, row, column, units, place, measure)
            if figure:
                yield figure


def _figure(
    table: Table,
    cell: Cell,
    number: Shown,
    row: _Row,
    column: _Column,
    units: Sequence[tuple[str, int]],
    place: Place,
    measure: str | None,
) -> Figure | None:
    if row.no_measure or column.no_measure:
        return None
    unit = unit_for((*row.labels, column.head), number.unit, units)
    if unit is None:
        return None
    account, segment = _account_and_segment(row, column, measure)
    if not account:
        return None
    balance = column.balance(account) if place.balance is None else place.balance
    return Figure(
        rcept_no=place.filing.rcept_no,
        corp_code=place.filing.corp_code,
        account=account,
        value=number.value * unit[1],
        unit=unit[0],
        period=column.period(balance),
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


def _account_and_segment(row: _Row, column: _Column, titled: str | None) -> tuple[str, str | None]:
    """Which of row, column and title names the measure, and which the part of the company."""
    account, measure, part = row.account, column.measure, row.part
    if measure in _NO_NAME:
        if titled and not _MEASURE.search(
            account
        ):  # `나. 부문별 영업이익 현황`, `< 스마트폰 시장점유율 추이 >`
            named = " ".join(p for p in (part, "" if _TOTAL.match(account) else account) if p)
            return titled, named or None
        return account, part or None
    if _TOTAL.match(account):
        return measure, part or None
    if _MEASURE.search(measure) and not _MEASURE.search(account):
        return measure, " ".join(p for p in (part, account) if p) or None
    if _TOTAL.match(measure):
        return account, part or None
    return account, " ".join(p for p in (part, measure) if p) or None


def _join(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))


def _looks_like_header(grid: Sequence[Sequence[Cell]]) -> bool:
    return len(grid) > 1 and not any(is_number(c.text) and parse_amount(c.text) for c in grid[0])


def _first_value_column(grid: Sequence[Sequence[Cell]], head: int) -> int:
    """The first column in which a third of the filled cells are numbers."""
    width = len(grid[0])
    for column in range(1, width):
        texts = [row[column].text for row in grid[head:] if row[column].text]
        numbers = sum(1 for text in texts if text == "-" or is_number(text))
        if texts and numbers * 3 >= len(texts) and numbers:
            return column
    return min(1, width - 1) if width > 1 else 0


def _is_subheader(row: Sequence[Cell], first_value: int, calendar: Calendar) -> bool:
    """A row inside the body that renames the periods: `| 2022년 1월~6월 | 2021년 1월~12월`."""
    said = False
    for cell in row[first_value:]:
        if cell.text:
            if not period_of(cell.text, calendar, balance=None) or parse_amount(cell.text) is not None:
                return False
            said = True
    return said


@lru_cache(maxsize=1024)
def _caption_measure(title: str) -> str | None:
    """The one thing that a title says its table measures, by the name it has as an account."""
    said = {_TITLED.get(word, word) for word in _TITLE_MEASURE.findall(title.rsplit(" > ", 1)[-1])}
    return said.pop() if len(said) == 1 else None


def _table_caption(captions: Sequence[str]) -> str:
    """The nearest caption that names a period, for tables whose columns name none."""
    for caption in reversed(captions):
        if len(caption) < 60 and _TABLE_PERIOD.search(caption):
            return caption
    return ""
