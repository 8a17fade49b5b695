"""Exchange filings: HTML forms named .xml (notes/dart.md §1.8, §5.1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml import etree, html

from core.errors import UnreadableFiling
from core.etl.blocks import BlockList, clean, is_heading, rebreak
from core.etl.correction import parse_date, read_correction
from core.etl.document import Block, Correction, Document, Link, Reading, Section
from core.etl.grid import MAX_CELLS, RawCell, expand, span, too_large
from core.korean import squeeze

Element = etree._Element

_TITLE = re.compile(r"^(?P<company>[^/]*)/(?P<report>.*?)/\((?P<date>[\d.]+)\)")
_MAX_TITLE = 500  # it stands in every chunk
_CORRECTION_BLOCK = "LIB_LC000"
_CORRECTION_TITLE = "정정신고(보고)"
_UNSEEN = frozenset(("head", "style", "script", "title"))
_RUNS = frozenset(("span", "a", "b", "i", "u", "font", "strong", "em", "sup", "sub"))
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
# KIND numbers a receipt with 0 where DART's number names the exchange (notes/dart.md §5.1.7).
_LINKED = re.compile(r"[?&;]acptno=(\d{8})0(\d{5})(?!\d)")
_ORGAN = re.compile(r"[?&;]orgid=([A-Z])")
_DIGIT = {"G": "8", "K": "9"}


def read_exchange_html(text: str, reading: Reading) -> Document:
    """Raises UnreadableFiling when there is no table in it, or cells beyond any real filing."""
    parser = html.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise UnreadableFiling("HTML로 읽을 수 없는 파일입니다.") from None
    title = clean(root.findtext(".//title") or "")[:_MAX_TITLE]
    parts = _TITLE.match(title)
    report = clean(parts["report"]) if parts else title
    walk = _Walk((squeeze(report), squeeze(_CORRECTION_TITLE)))
    walk.read(root)
    if not walk.tables:
        raise UnreadableFiling("공시 표가 없는 HTML 파일입니다.")
    correction: Correction | None = None
    sections: list[Section] = []
    if changed := walk.correction.finish():
        correction = read_correction(changed)
        sections.append(Section((_CORRECTION_TITLE,), tuple(changed)))
    main: list[Block] = walk.main.finish()
    sections.append(Section((report or "본문",), tuple(main)))
    filed: date | None = parse_date(parts["date"]) if parts else None
    return Document(
        shape="exchange",
        acode=None,
        corp_code=None,
        corp_name=clean(parts["company"]) if parts else None,
        title=report,
        period_from=None,
        period_to=filed,
        sections=tuple(sections),
        correction=correction,
        reading=reading,
        tables=walk.tables,
        links=tuple(_links(root)),
    )


def _links(root: Element) -> Iterator[Link]:
    """관련공시: other receipts that the form points at, whatever cell they stand in."""
    for anchor in root.iter("a"):
        address = anchor.get("href") or ""
        number, organ = _LINKED.search(address), _ORGAN.search(address)
        if number and organ and organ[1] in _DIGIT:
            text = clean("".join(map(str, anchor.itertext())))
            yield Link(f"{number[1]}{_DIGIT[organ[1]]}{number[2]}", text)


@dataclass(slots=True)
class _Walk:
    """Document order, by events: elements nested thousands deep are no deeper stack.

    `titles` stand as sections' titles already; `tables` counts all, nested ones included.
    """

    titles: tuple[str, ...]
    tables: int = 0
    main: BlockList = field(default_factory=BlockList)
    correction: BlockList = field(default_factory=BlockList)
    _into: BlockList | None = None
    _line: list[str] = field(default_factory=list)
    _cells: int = 0

    def read(self, root: Element) -> None:
        """What is outside tables as paragraphs, each table whole."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if tag in _UNSEEN or tag == "table":
                    walk.skip_subtree()
                if tag in _UNSEEN:
                    continue
                if tag not in _RUNS:
                    self._end_line(element)
                if tag == "table":
                    self._table(element)
                elif element.text:
                    self._line.append(element.text)
                continue
            if tag not in _RUNS and tag not in _UNSEEN:
                self._end_line(element)
            if element.tail:
                self._line.append(element.tail)
        self._end_line(root)

    def _blocks(self, element: Element) -> BlockList:
        library = next((d.get("id") for d in element.iterancestors("div") if _is_library(d)), None)
        return self.correction if library == _CORRECTION_BLOCK else self.main

    def _end_line(self, element: Element) -> None:
        text = clean(_flat("".join(self._line)))
        self._line.clear()
        if not text or squeeze(text) in self.titles:
            return
        for line in rebreak(text).split("\n"):
            self._blocks(element).paragraph(line, heading=is_heading(line, bold=False))

    def _table(self, table: Element) -> None:
        """Then the tables within it: outer ones first, as they begin."""
        blocks = self._blocks(table)
        whole = blocks is self.correction  # its cells are what changed
        for element, label in [(table, ""), *(() if whole else _nested(table))]:
            rows = [
                [_cell(cell, whole) for cell in row if cell.tag in ("td", "th")] for row in _rows(element)
            ]
            grid = expand([row for row in rows if row])
            self._cells += sum(map(len, grid))
            if self._cells > MAX_CELLS:
                raise too_large()
            self.tables += 1
            blocks.caption(label)
            blocks.table(self.tables, grid, 0, element.get("id"))
        if whole:
            self.tables += sum(1 for _ in table.iterdescendants("table"))


def _is_library(element: Element) -> bool:
    return (element.get("id") or "").startswith("LIB_")


def _nested(table: Element) -> Iterator[tuple[Element, str]]:
    """Tables within, and what stands in the cell before theirs."""
    for inner in table.iterdescendants("table"):
        cell = next(inner.iterancestors("td", "th"), None)
        before = None if cell is None else cell.getprevious()
        yield inner, "" if before is None else _cell(before, False)[0]


def _rows(table: Element) -> list[Element]:
    rows: list[Element] = []
    for child in table:
        rows += (
            [child]
            if child.tag == "tr"
            else [r for r in child if r.tag == "tr"]
            if child.tag in _GROUPS
            else []
        )
    return rows


def _cell(element: Element, nested: bool) -> RawCell:
    """`nested`: with the text of tables in it."""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if node is not element and node.tag not in _RUNS:
            parts.append(" " if node.tag in ("td", "th") else "\n")
        if event == "end":
            if node is not element:
                parts.append(_flat(node.tail))
        elif node.tag in _UNSEEN or (node.tag == "table" and not nested):
            walk.skip_subtree()
        else:
            parts.append(_flat(node.text))
    return (
        rebreak(clean("".join(parts))),
        span(element.get("rowspan")),
        span(element.get("colspan")),
        None,
    )


def _flat(text: str | None) -> str:
    """Source line ends are formatting; only <br> breaks a line (§5.1.8)."""
    return (text or "").replace("\r", "").replace("\n", " ")
