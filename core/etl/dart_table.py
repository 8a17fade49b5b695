"""One TABLE of DART XML: its rows, and what stands in it that is no cell of its own."""

from dataclasses import dataclass, field

from lxml import etree

from core.etl.grid import RawCell, span
from core.etl.runs import CELLS, NOISE, block_text
from core.etl.xbrl import fact_of

Element = etree._Element

_ROW_GROUPS = frozenset(("THEAD", "TBODY", "TFOOT"))


@dataclass(slots=True)
class DartTable:
    """Rows by the child axis alone: `.//TR` would mix in the rows of nested tables (notes/dart.md §5.2.2).

    `nested` are the tables in its cells, each with the label before its cell; `stray` is text outside
    any cell, which only a broken file has. `keep_nested`: cells hold the text of the tables in them.
    """

    keep_nested: bool
    rows: list[list[RawCell]] = field(default_factory=list)
    header_rows: int = 0
    nested: list[tuple[str, Element]] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)

    @property
    def is_frame(self) -> bool:
        """One cell around other tables."""
        return bool(self.nested) and not self.keep_nested and sum(map(len, self.rows)) == 1

    def read(self, element: Element, *, head: bool = False) -> None:
        self._outside(element.text)
        for child in element:
            if child.tag == "TR":
                self._row(child, head)
            elif child.tag in _ROW_GROUPS:
                self.read(child, head=child.tag == "THEAD")
            elif isinstance(child.tag, str) and child.tag not in NOISE:
                self._outside(block_text(child, tables=True))
            self._outside(child.tail)

    def _row(self, row: Element, head: bool) -> None:
        cells: list[RawCell] = []
        named = True
        self._outside(row.text)
        for child in row:
            if child.tag in CELLS:
                named = named and child.tag == "TH"
                cells.append(self._cell(child, cells[-1][0] if cells else ""))
            elif isinstance(child.tag, str) and child.tag not in NOISE:
                self._outside(block_text(child, tables=True))
            self._outside(child.tail)
        if self.header_rows == len(self.rows) and cells and (head or named):
            self.header_rows += 1
        self.rows.append(cells)

    def _cell(self, element: Element, label: str) -> RawCell:
        get = element.get
        if len(element):
            self.nested += [(label, table) for table in inner_tables(element)]
        text = block_text(element, tables=self.keep_nested)
        code = get("ACODE")
        fact = None if code is None else fact_of(code, get("ACONTEXT"), get("ADECIMAL"))
        return text, span(get("ROWSPAN")), span(get("COLSPAN")), fact

    def _outside(self, text: str | None) -> None:
        if text and not text.isspace():
            self.stray.append(text)


def inner_tables(element: Element) -> list[Element]:
    """The outermost tables in it."""
    found = []
    for table in element.iter("TABLE"):
        parent = table.getparent()
        while parent is not None and parent is not element and parent.tag != "TABLE":
            parent = parent.getparent()
        if parent is element and table is not element:
            found.append(table)
    return found
