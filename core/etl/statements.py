"""The financial statements of a periodic or audit report: which table is which, with its lines as figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.etl.document import Document, Table
from core.etl.place import statement_of
from core.model import Figure


@dataclass(frozen=True, slots=True)
class Statement:
    """`kind` as place.statement_of names it, `basis` 연결 or 별도; `lines` in the order of the table."""

    kind: str
    basis: str | None
    table: int
    lines: Sequence[Figure]


def statements_of(document: Document, figures: Sequence[Figure]) -> list[Statement]:
    """In document order; `figures` are those of the document. Tables without a figure are none."""
    by_table: dict[int, list[Figure]] = {}
    for figure in figures:
        by_table.setdefault(figure.table, []).append(figure)
    found = []
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table) and (lines := by_table.get(block.number)):
                kind = statement_of(section.path, block.captions)
                if kind:
                    found.append(Statement(kind, lines[0].basis, block.number, lines))
    return found
