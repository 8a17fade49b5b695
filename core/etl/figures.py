"""Every number of a filing's tables with its cell, account, unit, period, basis and segment.

Wrong is worse than missing: a cell without a unit is no figure, a period that cannot be told is None.
"""

from collections.abc import Iterator, Sequence

from core.etl.disputes import mark
from core.etl.document import Block, Document, Paragraph, Section, Table
from core.etl.fiscal import Calendar, calendar_of
from core.etl.form_figures import dated, form_figures
from core.etl.namesakes import tell_apart
from core.etl.periodic_figures import periodic_figures
from core.etl.place import (
    SUMMARY,
    Place,
    balance_of,
    basis_in,
    basis_noted,
    basis_of_path,
    borne_of,
    caption_of,
    during_of,
    is_note,
    note_title,
    statement_of,
)
from core.etl.remarks import remarked
from core.etl.scales import COUNTERS, Unit
from core.etl.units import of_several
from core.korean import squeeze
from core.model import Figure, Filing

_MAX_LABEL = 300
_SHORTEST_REMARK = 20
_NOTES = 2  # blocks under a table that may still be of it
_PAGES = 6  # further pages of a table among them
_NOTED = 100  # characters that tell one note from another; a caption is cut


def extract_figures(document: Document, filing: Filing) -> list[Figure]:
    calendar = calendar_of(document, filing, _period_lines(document))
    figures: list[Figure] = []
    statements: dict[int, str] = {}
    for section in document.sections:
        if _corrects(document, section):
            continue
        path = " > ".join(section.path)
        stated = basis_of_path(section.path, section.acode)
        note = ""
        counted: list[tuple[Table, Place]] = []
        basis = stated  # a section that is one of the two statements is not talked out of it
        noted: set[str] = set()  # what the notes right under the table before say, is of that table
        under = False
        for at, block in enumerate(section.blocks):
            if isinstance(block, Paragraph):
                under = under and is_note(block.text)
                if under:
                    noted.add(block.text[:_NOTED])
                note = note_title(block.text) or note
                if block.heading and stated is None:
                    basis = basis_in(block.text) or basis
                continue
            captions = " ".join(caption for caption in block.captions if caption[:_NOTED] not in noted)
            noted.clear()
            under = True
            place = Place(
                filing,
                path,
                caption_of([note, *block.captions]),
                stated
                or _basis_below(block, section.blocks[at + 1 : at + 1 + _PAGES])
                or basis_in(captions)
                or basis,
                balance_of(block.captions),
                statement_of(section.path, block.captions),
                during_of(block.captions),
                borne_of(block.captions),
            )
            if place.statement:
                statements[block.number] = place.statement
            figures += (
                tell_apart(
                    block,
                    periodic_figures(block, place, calendar),
                    statement=place.statement not in (None, SUMMARY),
                )
                if calendar
                else form_figures(block, place)
            )
            if calendar and of_several(block.unit):
                counted.append((block, place))
        if calendar and counted:
            figures += _of_rows(counted, figures, calendar)
    if calendar:
        return mark(figures, statements)
    return remarked(dated(figures, _paragraphs(document)), _remarks(document))


def _corrects(document: Document, section: Section) -> bool:
    """Whether it is the table of corrections: its 정정전 column holds what is no longer true."""
    return bool(document.correction) and section.title.startswith("정정신고")


def _of_rows(
    counted: Sequence[tuple[Table, Place]], figures: Sequence[Figure], calendar: Calendar
) -> Iterator[Figure]:
    """Tables of two counters, `(단위 : 천대, 천개)`: a row is in the one that another table of the section
    has the same row in."""
    section, told = counted[0][1].section, {figure.table for figure in figures}
    units: dict[str, set[Unit]] = {}
    for figure in figures:
        if figure.section == section and figure.unit in COUNTERS:
            units.setdefault(squeeze(figure.row), set()).add((figure.unit, figure.scale))
    rows = {row: of.copy().pop() for row, of in units.items() if len(of) == 1}
    for table, place in counted:
        if table.number not in told:
            yield from tell_apart(table, periodic_figures(table, place, calendar, rows))


def _basis_below(table: Table, blocks: Sequence[Block]) -> str | None:
    """연결 or 별도 as the notes right under a table, or under its last page, say it:
    `※ 별도 기준의 내수ㆍ수출 매출 현황입니다.`
    """
    pages = 0
    while pages < len(blocks) and _is_page(table, blocks[pages]):
        pages += 1
    for block in blocks[pages : pages + _NOTES]:
        text = block.text if isinstance(block, Paragraph) else block.grid[0][0].text if block.grid else ""
        if not text.lstrip().startswith("※"):
            return None
        if said := basis_noted(text):
            return said
    return None


def _is_page(table: Table, block: Block) -> bool:
    """Whether a block is the same table on the next page: the same header, right under it."""
    head = max(table.header_rows, 1)
    return (
        isinstance(block, Table)
        and block.header_rows == table.header_rows
        and len(block.grid) > head
        and [[cell.text for cell in row] for row in block.grid[:head]]
        == [[cell.text for cell in row] for row in table.grid[:head]]
    )


def _paragraphs(document: Document) -> Iterator[str]:
    for section in document.sections:
        yield from (block.text for block in section.blocks if isinstance(block, Paragraph))


def _remarks(document: Document) -> Iterator[str]:
    """What stands in the paragraphs and the long cells of a form, but for its table of corrections."""
    for section in document.sections:
        if _corrects(document, section):
            continue
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.text
            else:
                cells = dict.fromkeys(cell for row in block.grid for cell in row)
                yield from (cell.text for cell in cells if len(cell.text) >= _SHORTEST_REMARK)


def _period_lines(document: Document) -> Iterator[str]:
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                if len(block.text) < 80 and "제" in block.text:
                    yield block.text
            else:
                yield from block.captions
                for row in block.grid[: max(block.header_rows, 2)]:
                    yield from dict.fromkeys(cell.text for cell in row if len(cell.text) < _MAX_LABEL)
