"""DART XML (dart3.xsd, dart4.xsd): sections, paragraphs, tables of a DOCUMENT (notes/dart.md §1.5, §5.2)."""

import re
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from core.errors import UnreadableFiling
from core.etl.blocks import BlockList, clean, is_heading, rebreak
from core.etl.correction import parse_date, read_correction
from core.etl.dart_table import DartTable, inner_tables
from core.etl.document import Correction, Document, Reading, Section
from core.etl.grid import MAX_CELLS, expand, too_large
from core.etl.runs import CELLS, NOISE, all_text, block_text
from core.korean import squeeze

Element = etree._Element

_TEXT = frozenset(("P", "SPAN", "A", "IMG-CAPTION"))
_SECTION = re.compile(r"SECTION-\d$|PART$|APPENDIX$")
_EDITOR_HINT = re.compile(r"^▶.*추가$", re.DOTALL)
_COVER_TITLE = re.compile(r"주요사항보고서/거래소신고의무사항")
_NO_TITLE, _COVER = "본문", "표지"
_MAX_NESTED = 20  # tables in tables; real ones stop at 2
# What is longer or deeper is no title: it would stand in every chunk and figure below. Real ones: 28, 3.
_MAX_TITLE, _MAX_DEPTH = 200, 8
_CORRECTION = "정정신고(보고)"
# Their cover is the report's name, officers and phones; the term it states is read apart. Others (증권신고서,
# 대량보유상황보고서) state there what is offered and when.
_FORMAL_COVER = re.compile(r"11[023]\d\d$|0076\d$")
_CONTACT = re.compile(
    r"전화|팩스|주소|소재지|홈페이지|작성책임자|대표이사|담당임원|(?:직책|성명|부서|직위)\)?:?$|귀중$"
)


def read_dart_xml(root: Element, reading: Reading) -> Document:
    name = _first(root, "DOCUMENT-NAME")
    acode = None if name is None else name.get("ACODE")
    walk = _Walk(acode)
    company = _first(root, "COMPANY-NAME")
    body = root.find("BODY")
    walk.body(root if body is None else body)
    period_from, period_to = _period(root)
    schema = next(
        (str(value) for key, value in root.attrib.items() if str(key).endswith("SchemaLocation")), ""
    )
    return Document(
        shape="dart4" if "dart4" in schema else "dart3",
        acode=acode,
        corp_code=None if company is None else (company.get("AREGCIK") or None),
        corp_name=None if company is None else clean(all_text(company))[:_MAX_TITLE],
        title=clean(all_text(name))[:_MAX_TITLE] if name is not None else "",
        period_from=period_from,
        period_to=period_to,
        sections=walk.sections(),
        correction=walk.correction,
        reading=reading,
        tables=walk.tables,
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
    """Document order walk. `tables` counts those of the whole document, dropped ones included."""

    acode: str | None
    tables: int = 0
    correction: Correction | None = None
    _open: list[_Open] = field(default_factory=list)
    _cells: int = 0
    _correcting: bool = False

    def sections(self) -> tuple[Section, ...]:
        made = (Section(o.path, tuple(o.blocks.finish()), self.acode) for o in self._open)
        return tuple(s for s in made if s.blocks and s.title.replace(" ", "") != "목차")

    def body(self, element: Element) -> None:
        self._start((_NO_TITLE,))
        self._children(element, (), None)

    def _start(self, path: tuple[str, ...]) -> None:
        self._open.append(_Open(path, BlockList()))

    def _children(self, element: Element, path: tuple[str, ...], group: str | None) -> None:
        """A TITLE opens a section for what follows it; inside a SECTION-n also for nested sections.

        The bare `목 차` TITLE of a BODY has SECTIONs beside it that are none of its own.
        """
        here = path
        encloses = bool(_SECTION.match(str(element.tag)))
        self._lines(element.text)
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in NOISE:
                pass
            elif tag == "TABLE":
                self._table(child, group)
            elif tag in _TEXT:
                self._paragraph(child)
            elif tag in ("TITLE", "COVER-TITLE"):
                title = clean(all_text(child))
                if len(title) > _MAX_TITLE:
                    self._lines(title)
                elif title and tag == "TITLE" and squeeze(title) != _CORRECTION:
                    here = (*path[: _MAX_DEPTH - 1], title)
                    self._start(here)
            elif tag == "CORRECTION":
                self._correct(child)
            elif tag == "COVER":
                self._cover(child)
            elif tag == "TABLE-GROUP":
                self._children(child, here, (child.get("ACLASS") or "").strip() or None)
            elif _SECTION.match(tag) and self._is_cover(child):
                self.tables += sum(1 for _ in child.iter("TABLE"))
            elif _SECTION.match(tag):
                outer = here if encloses else path
                self._children(child, outer, group)
                self._start(outer or (_NO_TITLE,))  # text after a nested section is the outer one's
            else:  # LIBRARY and whatever else merely wraps
                self._children(child, here if encloses else path, group)
            self._lines(child.tail)

    def _is_cover(self, section: Element) -> bool:
        """The cover table of 주요사항보고서 names officers and their phones."""
        title = section.find("TITLE")
        return title is not None and bool(_COVER_TITLE.search(squeeze(all_text(title))))

    def _cover(self, cover: Element) -> None:
        if _FORMAL_COVER.match(self.acode or "11011"):
            self.tables += sum(1 for _ in cover.iter("TABLE"))
            return
        for person in [e for e in cover.iter("TR", "P") if _CONTACT.search(squeeze(all_text(e)))]:
            parent = person.getparent()
            if parent is not None and parent.tag not in CELLS:
                parent.remove(person)
        self._start((_COVER,))
        self._children(cover, (_COVER,), None)
        self._start((_NO_TITLE,))

    def _correct(self, element: Element) -> None:
        inner = _Walk(self.acode, self.tables, _cells=self._cells, _correcting=True)
        inner._start((_CORRECTION,))
        inner._children(element, (_CORRECTION,), None)
        self.tables, self._cells = inner.tables, inner._cells
        blocks = [block for section in inner.sections() for block in section.blocks]
        self.correction = self.correction or read_correction(blocks)
        self._open += inner._open

    def _paragraph(self, element: Element) -> None:
        text = block_text(element)
        if text and not _EDITOR_HINT.match(text):
            bold = " B" in (element.get("USERMARK") or "") or any(
                " B" in (run.get("USERMARK") or "") for run in element.iter("SPAN")
            )
            self._lines(text, bold=bold)
        for table in inner_tables(element):
            self._table(table, None)

    def _lines(self, text: str | None, *, bold: bool = False) -> None:
        if text and not text.isspace():
            for line in rebreak(clean(text)).split("\n"):
                self._open[-1].blocks.paragraph(line, heading=is_heading(line, bold=bold))

    def _table(self, element: Element, group: str | None, depth: int = 0) -> None:
        """Then the tables within it. A table of one cell only lays out what is in that cell.

        The cells of 정정전 and 정정후 hold whole tables: what changed is told by the cells, so there
        the text of a nested table stays in its cell.
        """
        if depth > _MAX_NESTED:
            raise UnreadableFiling("표가 지나치게 깊이 겹친 파일입니다.")
        self.tables += 1
        number = self.tables
        table = DartTable(keep_nested=self._correcting)
        table.read(element)
        if table.is_frame:
            cell = next(e for e in element.iter() if e.tag in CELLS)
            self._children(cell, self._open[-1].path, group)
            return
        grid = expand(table.rows)
        self._cells += sum(map(len, grid))
        if self._cells > MAX_CELLS:
            raise too_large()
        blocks = self._open[-1].blocks
        blocks.table(number, grid, table.header_rows, group)
        for stray in table.stray:
            self._lines(stray)
        if self._correcting:
            self.tables += sum(1 for _ in element.iter("TABLE")) - 1
            return
        for label, inner in table.nested:
            blocks.caption(label)
            self._table(inner, group, depth + 1)
