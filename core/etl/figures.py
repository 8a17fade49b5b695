"""Every number of a filing's tables with its cell, account, unit, period, basis and segment.

Wrong is worse than missing: a cell without a unit is no figure, a period that cannot be told is None.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.etl.document import Cell, Document, Paragraph, Table
from core.etl.labels import clean_account, measure_of
from core.etl.periods import Calendar, calendar_of, period_of
from core.etl.units import table_units, unit_for
from core.korean import parse_amount
from core.model import Figure, Filing

_VALUE = re.compile(
    r"^([(△▲\-−–+ ]*\d[\d,]*(?:\.\d+)?[) ]*)\s*(원|천원|백만원|억원|조원|%|％|주|명|배|개|개사|건|년)?$"
)
_NOT_A_MEASURE = re.compile(
    r"^(?:주석|번호|No\.?|순번|회차|비고|일자|연번|생년월|전화)|(?:일자|날짜|기한|기간|시작일|종료일|기준일|예정일|납입일|상장일|회차|번호|연도|년월)(?:\s*\(.*\))?$"
)
_GENERIC = re.compile(
    r"^(?:보통주식?|종류주식?|기타주식?|우선주|금액|주식수|비율|수량|합계|소계|계|총계|기타|가액|단가)$"
)
_TOTAL = re.compile(r"^(?:합\s*계|총\s*계|계|전체|전사|합계\(.*\))$")
_NO_NAME = frozenset(
    (
        "",
        "구분",
        "과목",
        "항목",
        "내용",
        "금액",
        "계정과목",
        "사업부문",
        "부문",
        "품목",
        "계",
        "합계",
    )
)
_BALANCE_TABLE = re.compile(r"재무상태표|대차대조표")
_FLOW_TABLE = re.compile(r"손익계산서|현금흐름표|자본변동표|이익잉여금처분")
_BALANCE_ACCOUNT = re.compile(
    r"자산$|부채$|자본$|[산채본]총계$|미지급|선급|선수금|미수|예수금|자본금|잉여금$|채권$|채무$|차입금$|사채$|현금및현금성자산$|예금$|재고|지분$|직원수|주식수|부채비율|유동비율|잔액|총액\(말\)"
)
_FLOW_ACCOUNT = re.compile(r"급여|매출|이익|비용|손익|원가|배당금|투자액|지출|취득액")
_HAS_DATE = re.compile(r"\d{4}\s*[년.-]|^\d+\.")
_TABLE_PERIOD = re.compile(r"제\s*\d+\s*\(?[당전]*\)?\s*기|[당전]+\s*(?:기|반기|분기)|\d{4}\s*년")
_CONSOLIDATED, _SEPARATE = "연결", "별도"
_MEASURE = re.compile(
    r"매출|이익|손익|손실|비용|급여|자산|부채|자본|금액|수$|수량|비중|비율|율$|율\(|률|단가|가액|장부|원가|투자|배당|잔액|취득|실적|능력|인원|근속"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a table's surroundings say of all its cells."""

    filing: Filing
    section: str
    basis: str | None
    calendar: Calendar | None
    balance: bool | None


def extract_figures(document: Document, filing: Filing) -> list[Figure]:
    calendar = calendar_of(filing.period, _period_lines(document))
    figures: list[Figure] = []
    for section in document.sections:
        if document.correction and section.title.startswith("정정신고"):
            continue  # its 정정전 column holds numbers that are no longer true
        path = " > ".join(section.path)
        stated = _basis_of_path(section.path, document)
        basis = stated  # a section that is one of the two statements is not talked out of it
        for block in section.blocks:
            if isinstance(block, Paragraph):
                if block.heading and stated is None:
                    basis = _basis_in(block.text) or basis
                continue
            captions = " ".join(block.captions)
            place = _Place(
                filing,
                path,
                stated or _basis_in(captions) or basis,
                calendar,
                _balance_of(captions),
            )
            figures += _periodic(block, place) if calendar else _form(block, place)
    return figures


def _period_lines(document: Document) -> Iterator[str]:
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                if len(block.text) < 80 and "제" in block.text:
                    yield block.text
            else:
                yield from block.captions
                for row in block.grid[: max(block.header_rows, 2)]:
                    yield from dict.fromkeys(cell.text for cell in row)


def _basis_of_path(path: Sequence[str], document: Document) -> str | None:
    for title in reversed(path):
        squeezed = re.sub(r"\s", "", title)
        if "연결재무제표" in squeezed:
            return _CONSOLIDATED
        if re.search(r"재무제표(?:주석)?$|별도재무", squeezed):
            return _CONSOLIDATED if document.acode == "00761" else _SEPARATE
    return {"00761": _CONSOLIDATED, "00760": _SEPARATE}.get(document.acode or "")


def _basis_in(text: str) -> str | None:
    """연결 or 별도 when the text says exactly one of them."""
    consolidated = bool(re.search(r"연결(?!대상|회사수|에 포함)", text))
    separate = bool(re.search(r"별도|개별", text))
    if consolidated == separate:
        return None
    return _CONSOLIDATED if consolidated else _SEPARATE


def _balance_of(captions: str) -> bool | None:
    squeezed = re.sub(r"\s", "", captions)
    if _BALANCE_TABLE.search(squeezed):
        return True
    if _FLOW_TABLE.search(squeezed):
        return False
    return None


def _periodic(table: Table, place: _Place) -> Iterator[Figure]:
    """Tables of a periodic report: labels left, periods and measures above."""
    grid = table.grid
    head = table.header_rows or (1 if _looks_like_header(grid) else 0)
    heads = [_join(grid[row][column].text for row in range(head)) for column in range(len(grid[0]))]
    first_value = _first_value_column(grid, head)
    units = table_units(table.unit)
    fallback = _table_caption(table.captions)
    below: list[str] = [""] * len(heads)
    parent = ""
    for row_no in range(head, len(grid)):
        row = grid[row_no]
        if _is_subheader(row, first_value, place):
            below = [cell.text for cell in row]
            continue
        labels = list(dict.fromkeys(cell.text for cell in row[:first_value] if cell.text))
        if not labels:
            labels = [parent] if parent else []
        values = [cell for cell in row[first_value:] if cell.text.strip(" -")]
        if not values and labels:
            parent = labels[-1]
        for column in range(first_value, len(row)):
            cell = row[column]
            if cell.row != row_no or cell.column != column:
                continue
            figure = _figure_at(table, cell, labels, (heads[column], below[column]), units, fallback, place)
            if figure:
                yield figure


def _figure_at(
    table: Table,
    cell: Cell,
    labels: Sequence[str],
    heads: tuple[str, str],
    units: Sequence[tuple[str, int]],
    fallback: str,
    place: _Place,
) -> Figure | None:
    text = cell.text
    if not text or len(text) > 40 or text[-1] not in "0123456789)%％원주명배개건년사 ":
        return None
    found = _VALUE.match(text)
    if not found:
        return None
    value = parse_amount(found[1])
    if value is None:
        return None
    head, sub = heads
    label = labels[-1] if labels else ""
    account = clean_account(label)
    column = measure_of(head)
    if _NOT_A_MEASURE.search(account) or _NOT_A_MEASURE.search(column):
        return None
    unit = unit_for([label, head], found[2] or "", units)
    if unit is None:
        return None
    others = [clean_account(other) for other in labels[:-1]]
    account, segment = _account_and_segment(account, others, column)
    if not account:
        return None
    assert place.calendar is not None  # noqa: S101  # periodic reports have one
    balance = place.balance
    if balance is None and _BALANCE_ACCOUNT.search(account.replace(" ", "")) and "말" not in head + sub:
        balance = None if re.search(r"3\s*개월|누적", head + sub) else True
    if balance is None and _FLOW_ACCOUNT.search(account) and not re.search(r"말|현재", head + sub):
        balance = False
    period = next(
        (
            said
            for words in (f"{head} {sub}" if sub else head, sub, fallback)
            if words and (said := period_of(words, place.calendar, balance=balance))
        ),
        None,
    )
    return Figure(
        rcept_no=place.filing.rcept_no,
        corp_code=place.filing.corp_code,
        account=account,
        value=value * unit[1],
        unit=unit[0],
        period=period,
        basis=_basis_in(label) or place.basis,
        section=place.section,
        table=table.number,
        row=" > ".join(labels) or account,
        column=" ".join(part for part in (head, sub) if part),
        row_no=cell.row,
        column_no=cell.column,
        cell=found[1].strip(),
        scale=unit[1],
        segment=segment,
    )


def _account_and_segment(account: str, others: Sequence[str], column: str) -> tuple[str, str | None]:
    """Which of row and column names the measure, and which the part of the company."""
    part = " ".join(other for other in others if other and other not in _NO_NAME and other != account)
    if column in _NO_NAME:
        return account, part or None
    if _MEASURE.search(column) and not _MEASURE.search(account):
        whole = not account or bool(_TOTAL.match(account))
        named = " ".join(p for p in (part, "" if whole else account) if p)
        return column, named or None
    if _TOTAL.match(column):
        return account, part or None
    return account, " ".join(p for p in (part, column) if p) or None


def _form(table: Table, place: _Place) -> Iterator[Figure]:
    """Event forms: label cells to the left of each value, column headers where there are some."""
    units = table_units(table.unit)
    grid = table.grid
    heads: list[str] = []
    for row_no, row in enumerate(grid):
        cells = [cell for column, cell in enumerate(row) if cell.column == column]
        if (
            len(cells) >= 3
            and all(0 < len(c.text) < 30 and not _HAS_DATE.search(c.text) for c in cells)
            and not any(_VALUE.match(c.text) for c in cells)
        ):
            heads = [cell.text for cell in row]
        labels: list[str] = []
        for cell in cells:
            found = _VALUE.match(cell.text) if len(cell.text) <= 40 else None
            value = parse_amount(found[1]) if found else None
            if found is None or value is None:
                if 0 < len(cell.text) < 60:
                    labels.append(cell.text)
                continue
            if cell.row != row_no:
                continue
            head = heads[cell.column] if cell.column < len(heads) and len(labels) < 2 else ""
            if head in labels:
                head = ""
            figure = _form_figure(table, cell, labels, head, found, units, place)
            if figure:
                yield figure


def _form_figure(
    table: Table,
    cell: Cell,
    labels: Sequence[str],
    head: str,
    found: "re.Match[str]",
    units: Sequence[tuple[str, int]],
    place: _Place,
) -> Figure | None:
    if not labels and not head:
        return None
    named = [*labels[-3:], head] if head else list(labels[-3:])
    unit = unit_for(named, found[2] or "", units)
    accounts = [clean_account(label) for label in named]
    if unit is None or _NOT_A_MEASURE.search(accounts[-1]):
        return None
    account = accounts[-1]
    if _GENERIC.match(account) or len(account) < 3 or head:
        account = " ".join(dict.fromkeys(a for a in accounts if a))
    value = parse_amount(found[1])
    if value is None or not account:
        return None
    return Figure(
        rcept_no=place.filing.rcept_no,
        corp_code=place.filing.corp_code,
        account=account,
        value=value * unit[1],
        unit=unit[0],
        period=None,
        basis=None,
        section=place.section,
        table=table.number,
        row=" > ".join(labels) or head,
        column=head,
        row_no=cell.row,
        column_no=cell.column,
        cell=found[1].strip(),
        scale=unit[1],
    )


def _join(texts: Iterator[str]) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))


def _looks_like_header(grid: Sequence[Sequence[Cell]]) -> bool:
    return len(grid) > 1 and not any(_VALUE.match(c.text) and parse_amount(c.text) for c in grid[0])


def _first_value_column(grid: Sequence[Sequence[Cell]], head: int) -> int:
    """The first column in which a third of the filled cells are numbers."""
    width = len(grid[0])
    for column in range(1, width):
        texts = [row[column].text for row in grid[head:] if row[column].text]
        numbers = sum(1 for text in texts if text == "-" or _VALUE.match(text))
        if texts and numbers * 3 >= len(texts) and numbers:
            return column
    return min(1, width - 1) if width > 1 else 0


def _is_subheader(row: Sequence[Cell], first_value: int, place: _Place) -> bool:
    """A row inside the body that renames the periods: `| 2022년 1월~6월 | 2021년 1월~12월`."""
    values = [cell.text for cell in row[first_value:] if cell.text]
    if not values or any(parse_amount(value) is not None for value in values):
        return False
    return all(
        place.calendar is not None and period_of(value, place.calendar, balance=None) for value in values
    )


def _table_caption(captions: Sequence[str]) -> str:
    """The nearest caption that names a period, for tables whose columns name none."""
    for caption in reversed(captions):
        if len(caption) < 60 and _TABLE_PERIOD.search(caption):
            return caption
    return ""
