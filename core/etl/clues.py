"""What a filing tells of the one it amends or withdraws, and the values by which one event is known."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice

from core.amendment import Clues, Fact
from core.etl.correction import labelled, parse_date
from core.etl.document import Cell, Document, Section, Table
from core.etl.labels import clean_account
from core.etl.receipt import withdraws
from core.etl.values import is_number
from core.korean import squeeze
from core.model import Filing

_CORRECTION = "정정신고"
_WITHDRAWN = re.compile(r"철회.{0,30}(?:신고서|서류|공시)|(?:신고서|서류|공시).{0,30}(?:명칭|종류)")
_FILED = re.compile(r"(?:제출|접수)일")
_DAY = re.compile(r"^\d{4}\s*[-./년]\s*\d{1,2}")
_NUMBER = re.compile(r"^(?:[IVXⅠ-Ⅻ]+\.|\d+(?:-\d+)*\.|[가-하]\.|\(\d+\)|[\s.ㆍ·-])+")
_MAX_FACTS = 400  # cells; an event form has some 20 to 150
_MAX_LABEL = 60
_MAX_VALUE = 1000
_EMPTY = frozenset(("", "-"))


def read_clues(document: Document, filing: Filing) -> Clues:
    """`facts` of event forms alone: a periodic report is known by its period."""
    own = [
        section
        for section in document.sections
        if not section.attached and not section.title.startswith(_CORRECTION)
    ]
    named = document.correction.corrected_report if document.correction else None
    return Clues(
        named=named or _withdrawn(document, filing)[0],
        links=tuple(document.links),
        titles=tuple(dict.fromkeys(filter(None, (bare_title(section.title) for section in own)))),
        facts=() if filing.period else tuple(islice(_facts(own), _MAX_FACTS)),
    )


def first_filed(document: Document, filing: Filing) -> date | None:
    """When the filing that this one corrects or withdraws was received, as it says."""
    if document.correction:
        return document.correction.first_filed
    said = _withdrawn(document, filing)[1]
    return parse_date(said) if said else None


def bare_title(title: str) -> str:
    return _NUMBER.sub("", squeeze(title))


def _withdrawn(document: Document, filing: Filing) -> tuple[str | None, str | None]:
    """The report and the day a 철회신고서 names."""
    if not withdraws(filing.report_nm):
        return None, None
    pairs = [pair for section in document.sections for pair in labelled(section.blocks)]
    day = next((value for label, value in pairs if _FILED.search(label) and parse_date(value)), None)
    name = next(
        (value for label, value in pairs if _WITHDRAWN.search(label) and not _FILED.search(label)), None
    )
    return name, day


def _facts(sections: Sequence[Section]) -> Iterator[Fact]:
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield from _of_table(block)


def _of_table(table: Table) -> Iterator[Fact]:
    over = ""
    for row_no, row in enumerate(table.grid):
        cells = [cell for cell in dict.fromkeys(row) if cell.text]
        if len(cells) == 1:  # `9. 기타 투자판단과 관련한 중요사항`, and its text in the next row
            if over and cells[0].row == row_no:
                yield _fact(table, (over,), cells[0])
            over = cells[0].text if len(cells[0].text) <= _MAX_LABEL else ""
            continue
        over = ""
        first = next((at for at, cell in enumerate(cells) if at and _is_value(cell.text)), len(cells) - 1)
        labels = [cell.text for cell in cells[:first]]
        for place, cell in enumerate(cells[first:]):
            if cell.row == row_no and cell.text not in _EMPTY and labels:
                head = _head(table, cell) if len(cells) > first + 1 else ""
                yield _fact(table, (*labels, head or (str(place + 1) if place else "")), cell)


def _is_value(text: str) -> bool:
    return text == "-" or is_number(text) or bool(_DAY.match(text))


def _head(table: Table, cell: Cell) -> str:
    """The nearest words above it in its column."""
    for row_no in range(cell.row - 1, -1, -1):
        text = table.grid[row_no][cell.column].text
        if text and not _is_value(text):
            return text if len(text) <= _MAX_LABEL else ""
    return ""


def _fact(table: Table, labels: Sequence[str], cell: Cell) -> Fact:
    label = " > ".join(name for name in map(clean_account, labels) if name)
    return Fact(label, cell.text[:_MAX_VALUE], (table.number, cell.row, cell.column))


@lru_cache(maxsize=16384)
def token(line: str) -> str:
    """One line of a value as it is compared: a day or a number is itself, however it is written."""
    day = parse_date(line) if _DAY.match(line) and len(line) <= 14 else None
    bare = squeeze(line).lstrip("-·ㆍ※").rstrip(".")
    return f"{day:%Y%m%d}" if day else bare.replace(",", "") if is_number(line) else bare
