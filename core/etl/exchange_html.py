"""Exchange filings: HTML forms named .xml (notes/dart.md §1.8, §5.1)."""

import re
from datetime import date

from lxml import etree, html

from core.errors import UnreadableFiling
from core.etl.blocks import BlockList, clean, rebreak
from core.etl.correction import parse_date, read_correction
from core.etl.document import Correction, Document, Reading, Section
from core.etl.grid import MAX_CELLS, RawCell, expand, span, too_large

Element = etree._Element

_TITLE = re.compile(r"^(?P<company>[^/]*)/(?P<report>.*?)/\((?P<date>[\d.]+)\)")
_CORRECTION_BLOCK = "LIB_LC000"
_CORRECTION_TITLE = "정정신고(보고)"


def read_exchange_html(text: str, reading: Reading) -> Document:
    """Raises UnreadableFiling when there is no table in it, or cells beyond any real filing."""
    try:
        root = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True, no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise UnreadableFiling("HTML로 읽을 수 없는 파일입니다.") from None
    title = clean(root.findtext(".//title") or "")
    parts = _TITLE.match(title)
    report = clean(parts["report"]) if parts else title
    correction: Correction | None = None
    correction_blocks, main_blocks = BlockList(), BlockList()
    number = cells = 0
    for element in root.iter("table", "a"):
        library = _library(element)
        if element.tag == "a":
            continue
        number += 1
        if any(parent.tag == "table" for parent in element.iterancestors()):
            continue
        blocks = correction_blocks if library == _CORRECTION_BLOCK else main_blocks
        rows = [[_cell(cell) for cell in row if cell.tag in ("td", "th")] for row in _rows(element)]
        grid = expand([row for row in rows if row])
        cells += sum(map(len, grid))
        if cells > MAX_CELLS:
            raise too_large()
        blocks.table(number, grid, 0, element.get("id"))
    sections = []
    changed = correction_blocks.finish()
    if changed:
        correction = read_correction(changed)
        sections.append(Section((_CORRECTION_TITLE,), tuple(changed)))
    main = main_blocks.finish()
    if not main and not changed:
        raise UnreadableFiling("공시 표가 없는 HTML 파일입니다.")
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
    )


def _library(element: Element) -> str | None:
    """The id of the enclosing `div[id^=LIB_]`, if any; main tables have none."""
    for parent in element.iterancestors("div"):
        identity = parent.get("id") or ""
        if identity.startswith("LIB_"):
            return identity
    return None


def _rows(table: Element) -> list[Element]:
    groups = [table, *(child for child in table if child.tag in ("thead", "tbody", "tfoot"))]
    return [row for group in groups for row in group if row.tag == "tr"]


def _cell(element: Element) -> RawCell:
    parts: list[str] = []
    for node in element.iter():
        if node.tag == "br":
            parts.append("\n")
        elif isinstance(node.tag, str):
            parts.append(_flat(node.text))
        if node is not element:
            parts.append(_flat(node.tail))
    return (
        rebreak(clean("".join(parts))),
        span(element.get("rowspan")),
        span(element.get("colspan")),
        None,
    )


def _flat(text: str | None) -> str:
    """Source line ends are formatting; only <br> breaks a line (§5.1.8)."""
    return (text or "").replace("\r", "").replace("\n", " ")
