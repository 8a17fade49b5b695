"""What OpenDART's tables tell of one filing beside its document, or in its stead.

Kept in the archive as `{rcept_no}.json` beside the zip: table → rows as answered. A table is CFS or OFS
(fnlttSinglAcntAll, 연결 or 별도) or an endpoint of events.py; `{}` says that OpenDART was asked and has none.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from core.errors import UnreadableFiling
from core.etl.document import Block, Document, Paragraph, Reading, Section
from core.etl.document import Table as Grid
from core.etl.events import EventTable, event_tables
from core.etl.grid import expand

SUFFIX = ".json"
STATEMENTS = ("CFS", "OFS")
Row = Mapping[str, str]
Supplement = Mapping[str, Sequence[Row]]
_SPLIT_NUMBER = re.compile(r"(?<=[\d.,])\s*\n\s*(?=\d)")  # `"2.\n980"`
_EMPTY = frozenset(("", "-"))


def write_supplement(tables: Mapping[str, Sequence[Mapping[str, object]]]) -> bytes:
    """The same tables give the same bytes."""
    return json.dumps(tables, ensure_ascii=False, sort_keys=True).encode()


def read_supplement(path: Path) -> Supplement:
    """Raises UnreadableFiling when the file is no supplement; values are strings, None is ''."""
    try:
        tables = json.loads(path.read_bytes())
        return {str(name): [_row(row) for row in rows] for name, rows in tables.items()}
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise UnreadableFiling(f"{path.name}: OpenDART의 표가 아닙니다.") from None


def document_of(supplement: Supplement, corp_name: str, why: str) -> Document | None:
    """A document made of the tables, which says so and `why`; None when they tell of nothing.

    Statements are not in it: transform adds them to any document.
    """
    tables = event_tables()
    sections = [
        _event(tables[name], row, why) for name, rows in supplement.items() if name in tables for row in rows
    ]
    if any(supplement.get(name) for name in STATEMENTS):
        note = f"{why} OpenDART 전체 재무제표(fnlttSinglAcntAll)의 값을 옮겼다."
        sections.append(Section(("OpenDART 전체 재무제표",), [Paragraph(note)]))
    if not sections:
        return None
    return Document(
        shape="opendart",
        acode=None,
        corp_code=None,
        corp_name=corp_name,
        title=sections[0].title,
        period_from=None,
        period_to=None,
        sections=sections,
        correction=None,
        reading=Reading(None, "utf-8", "json"),
    )


def _event(table: EventTable, row: Row, why: str) -> Section:
    note = f"{why} OpenDART {table.group}({table.endpoint})의 값을 옮겼다."
    blocks: list[Block] = [Paragraph(note)]
    if lines := list(_labelled(table, row)):
        grid = expand([[(label, 1, 1, None), (value, 1, 1, None)] for label, value in lines])
        blocks.append(Grid(1, grid))
    return Section((f"OpenDART {table.group}", table.name), blocks)


def _labelled(table: EventTable, row: Row) -> Iterator[tuple[str, str]]:
    """In the order of the form; a field that the specification does not know comes last, by its own name."""
    unknown = [name for name in row if name not in table.labels and name not in _LISTED]
    for name in (*table.labels, *unknown):
        value = _SPLIT_NUMBER.sub("", row.get(name, "")).strip()
        if value not in _EMPTY:
            yield table.labels.get(name, name), value


_LISTED = frozenset(("rcept_no", "rcept_dt", "corp_cls", "corp_code", "corp_name"))  # said by list.json


def _row(row: Mapping[str, object]) -> Row:
    return {str(name): "" if value is None else str(value).replace("\x00", "") for name, value in row.items()}
