"""DART XML (dart3.xsd, dart4.xsd): sections, paragraphs, tables of a DOCUMENT (notes/dart.md §1.5, §5.2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from core.errors import UnreadableFiling
from core.etl.blocks import BlockList, clean, is_heading, rebreak
from core.etl.correction import parse_date, read_correction
from core.etl.document import Correction, Document, Reading, Section
from core.etl.grid import MAX_CELLS, RawCell, expand, span, too_large
from core.etl.xbrl import fact_of

Element = etree._Element

_NOISE = frozenset(
    [
        "INSERTION",
        "COMMENT",
        "LIBRARYLIST",
        "FILENAME",
        "WARNING",
        "PGBRK",
        "COLGROUP",
        "COL",
        "IMAGE",
        "IMG",
        "IMG-CAPTION",
        "TOC",
        "SUMMARY",
    ]
)
_CELLS = frozenset(("TD", "TH", "TE", "TU"))
_ROW_GROUPS = frozenset(("THEAD", "TBODY", "TFOOT"))
_SECTION = re.compile(r"SECTION-\d$|PART$|APPENDIX$")
_EDITOR_HINT = re.compile(r"^▶.*추가$", re.DOTALL)
_COVER_TITLE = re.compile(r"주요사항보고서/거래소신고의무사항")
_NO_TITLE = "본문"
_MAX_NESTED = 20  # tables in tables; real ones stop at 2, and every level repeats the text of the inner ones


def read_dart_xml(root: Element, reading: Reading) -> Document:
    walk = _Walk()
    name = _first(root, "DOCUMENT-NAME")
    company = _first(root, "COMPANY-NAME")
    body = root.find("BODY")
    walk.body(root if body is None else body)
    period_from, period_to = _period(root)
    schema = next(
        (str(value) for key, value in root.attrib.items() if str(key).endswith("SchemaLocation")), ""
    )
    return Document(
        shape="dart4" if "dart4" in schema else "dart3",
        acode=None if name is None else name.get("ACODE"),
        corp_code=None if company is None else (company.get("AREGCIK") or None),
        corp_name=None if company is None else clean(_text(company)),
        title=clean(_text(name)) if name is not None else "",
        period_from=period_from,
        period_to=period_to,
        sections=walk.sections(),
        correction=walk.correction,
        reading=reading,
    )


def _first(root: Element, tag: str) -> Element | None:
    """Usually a child of the root; a search below reads on to a second one, 9 ms in a large report."""
    child = root.find(tag)
    return root.find(f".//{tag}") if child is None else child


def _period(root: Element) -> tuple[date | None, date | None]:
    """The fiscal period on the cover: TU PERIODFROM / PERIODTO."""
    found: dict[str, date | None] = {}
    for cell in root.iter("TU"):
        unit = cell.get("AUNIT")
        if unit in ("PERIODFROM", "PERIODTO") and unit not in found:
            found[unit] = parse_date(cell.get("AUNITVALUE") or "")
            if len(found) == 2:
                break
    return found.get("PERIODFROM"), found.get("PERIODTO")


@dataclass(slots=True)
class _Open:
    path: tuple[str, ...]
    blocks: BlockList


@dataclass(slots=True)
class _Walk:
    """Document order walk. `numbers` counts tables over the whole filing, dropped ones included."""

    correction: Correction | None = None
    _open: list[_Open] = field(default_factory=list)
    _tables: int = 0
    _cells: int = 0

    def sections(self) -> tuple[Section, ...]:
        made = (Section(o.path, tuple(o.blocks.finish())) for o in self._open)
        return tuple(s for s in made if s.blocks and s.path[-1].replace(" ", "") != "목차")

    def body(self, element: Element) -> None:
        self._start((_NO_TITLE,))
        self._children(element, (), None)

    def _start(self, path: tuple[str, ...]) -> BlockList:
        self._open.append(_Open(path, BlockList()))
        return self._open[-1].blocks

    def _children(self, element: Element, path: tuple[str, ...], group: str | None) -> None:
        """A TITLE opens a section for what follows it; inside a SECTION-n also for nested sections.

        The bare `목 차` TITLE of a BODY has SECTIONs beside it that are none of its own.
        """
        here = path
        encloses = bool(_SECTION.match(str(element.tag)))
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _NOISE:
                continue
            if tag == "TABLE":
                self._table(child, group)
            elif tag in ("P", "SPAN", "A"):
                self._paragraph(child)
            elif tag in ("TITLE", "COVER-TITLE"):
                title = clean(_text(child))
                if title and tag == "TITLE":
                    here = (*path, title)
                    self._start(here)
            elif tag == "CORRECTION":
                self._correction(child)
            elif tag == "COVER":
                self._tables += sum(1 for _ in child.iter("TABLE"))
            elif tag == "TABLE-GROUP":
                self._children(child, here, (child.get("ACLASS") or "").strip() or None)
            elif _SECTION.match(tag):
                if self._is_cover(child):
                    self._tables += sum(1 for _ in child.iter("TABLE"))
                    continue
                outer = here if encloses else path
                self._children(child, outer, group)
                self._start(outer or (_NO_TITLE,))  # text after a nested section is the outer one's
            else:  # LIBRARY and whatever else merely wraps
                self._children(child, here if encloses else path, group)

    def _is_cover(self, section: Element) -> bool:
        """The cover table of 주요사항보고서 names officers and their phones."""
        title = section.find("TITLE")
        return title is not None and bool(_COVER_TITLE.search(_squeeze(title)))

    def _correction(self, element: Element) -> None:
        inner = _Walk(_tables=self._tables, _cells=self._cells)
        inner._start(("정정신고(보고)",))
        inner._children(element, ("정정신고(보고)",), None)
        self._tables, self._cells = inner._tables, inner._cells
        blocks = [block for section in inner.sections() for block in section.blocks]
        self.correction = self.correction or read_correction(blocks)
        self._open += inner._open

    def _paragraph(self, element: Element) -> None:
        text = block_text(element)
        if not text or _EDITOR_HINT.match(text):
            return
        bold = " B" in (element.get("USERMARK") or "") or any(
            " B" in (run.get("USERMARK") or "") for run in element.iter("SPAN")
        )
        blocks = self._open[-1].blocks
        for line in rebreak(text).split("\n"):
            blocks.paragraph(line, heading=is_heading(line, bold=bold))

    def _table(self, element: Element, group: str | None, depth: int = 0) -> None:
        if depth > _MAX_NESTED:
            raise UnreadableFiling("표가 지나치게 깊이 겹친 파일입니다.")
        self._tables += 1
        number = self._tables
        rows, header_rows, nested = _rows(element)
        grid = expand(rows)
        self._cells += sum(map(len, grid))
        if self._cells > MAX_CELLS:
            raise too_large()
        self._open[-1].blocks.table(number, grid, header_rows, group)
        for inner in nested:
            self._table(inner, group, depth + 1)


def _rows(table: Element) -> tuple[list[list[RawCell]], int, list[Element]]:
    """Rows by the child axis alone: `.//TR` would mix in the rows of nested tables (§5.2.2)."""
    rows: list[list[RawCell]] = []
    nested: list[Element] = []
    header_rows = 0
    for row, in_head in _row_elements(table):
        cells = [child for child in row if child.tag in _CELLS]
        if header_rows == len(rows) and cells and (in_head or all(cell.tag == "TH" for cell in cells)):
            header_rows += 1
        rows.append([_cell(cell, nested) for cell in cells])
    return rows, header_rows, nested


def _row_elements(table: Element) -> Iterator[tuple[Element, bool]]:
    for child in table:
        if child.tag == "TR":
            yield child, False
        elif child.tag in _ROW_GROUPS:
            for row in child:
                if row.tag == "TR":
                    yield row, child.tag == "THEAD"


def _cell(element: Element, nested: list[Element]) -> RawCell:
    get = element.get
    if len(element):
        nested += [table for table in element.iter("TABLE") if _outermost(table, element)]
    code = get("ACODE")
    fact = None if code is None else fact_of(code, get("ACONTEXT"), get("ADECIMAL"))
    return block_text(element), span(get("ROWSPAN")), span(get("COLSPAN")), fact


def _outermost(table: Element, cell: Element) -> bool:
    parent = table.getparent()
    while parent is not None and parent is not cell:
        if parent.tag == "TABLE":
            return False
        parent = parent.getparent()
    return True


def block_text(element: Element) -> str:
    """Text of a cell or paragraph: P are lines, SPAN are font runs of one line (§5.2.3–4)."""
    if not len(element):
        return clean(element.text or "")
    lines: list[str] = []
    _collect(element, lines)
    return "\n".join(line for line in map(clean, lines) if line)


def _collect(element: Element, lines: list[str]) -> None:
    current: list[str] = [element.text or ""]
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag not in _NOISE:
            if tag in ("SPAN", "A") or (tag in _CELLS):
                current.append(_run_text(child) + (" " if tag in _CELLS else ""))
            else:
                lines.extend("".join(current).split("\n\n"))
                current = []
                if len(child):
                    _collect(child, lines)
                else:
                    lines.append(child.text or "")
        current.append(child.tail or "")
    lines.append("".join(current))


def _run_text(run: Element) -> str:
    return _text(run).strip("\n")


def _squeeze(element: Element) -> str:
    return re.sub(r"\s", "", _text(element))


def _text(element: Element) -> str:
    return "".join(map(str, element.itertext()))
