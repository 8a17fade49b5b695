"""Sections as text, and text as chunks: two stages, tables cut between rows with their head repeated."""

import uuid
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from core.etl.document import Cell, Document, Paragraph, Section, Table
from core.etl.narrate import narrate_figures
from core.etl.narrate_form import narrate_form
from core.korean import squeeze
from core.model import Chunk, Figure, Filing, Passage

TARGET_CHARS = 700
_SPACE = uuid.UUID("0d6f7a0e-52f1-4c3f-9a53-5d0c7a6d4b11")
_MAX_LINE = 2_000
_LEAST_TOLD = 8  # characters; `감사의견은 적정입니다.` tells more than `(1) 당기`


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together; `head` lines are repeated when the piece is cut."""

    lines: Sequence[str]
    head: Sequence[str] = ()


def render_sections(
    document: Document, filing: Filing, figures: Sequence[Figure]
) -> list[tuple[Section, list[Piece]]]:
    """Every section with its text in pieces; the first of an event filing opens with its sentence."""
    by_table: dict[tuple[str, int], list[Figure]] = {}
    for figure in figures:
        if not figure.disputed:  # no sentence tells one of two values as if it were certain
            by_table.setdefault((figure.section, figure.table), []).append(figure)
    rendered = []
    reason = document.correction.reason if document.correction else None
    own = [s for s in document.sections if not (s.attached or s.title.startswith("정정신고"))]
    for section in document.sections:
        pieces: list[Piece] = []
        if filing.period is None and own and section is own[0]:
            tables = [b for s in own for b in s.blocks if isinstance(b, Table)]
            pieces += [Piece([line]) for line in narrate_form(filing, tables, reason)]
        for block in section.blocks:
            if isinstance(block, Paragraph):
                pieces.append(Piece(_wrap(block.text)))
            else:
                path = " > ".join(section.path)
                said = narrate_figures(filing, path, block, by_table.get((path, block.number), []))
                if said:
                    pieces.append(Piece(said))
                pieces.append(_table_piece(block))
        rendered.append((section, pieces))
    return rendered


def _wrap(text: str) -> list[str]:
    """Lines of at most 2,000 characters, cut after a sentence where there is one."""
    lines: list[str] = []
    for line in text.split("\n"):
        start = 0  # no copy of the rest for each line: one of a megabyte would cost its square
        while len(line) - start > _MAX_LINE:
            cut = line.rfind("다. ", start, start + _MAX_LINE) + 3
            cut = cut if cut > start + 3 else start + _MAX_LINE
            lines.append(line[start:cut].strip())
            start = cut
        lines.append(line[start:].strip())
    return [line for line in lines if line]


def _table_piece(table: Table) -> Piece:
    head = [f"(단위: {table.unit})"] if table.unit else []
    rows = [_row(row) for row in table.grid]
    count = max(table.header_rows, 1)
    head += [*rows[:count], "|" + " --- |" * len(table.grid[0])]
    return Piece(rows[count:] or [""], tuple(head))


def _row(row: Sequence[Cell]) -> str:
    """A Markdown row; a cell spanning columns is written once."""
    texts = []
    last: Cell | None = None
    for cell in row:
        repeated = cell is last and cell.colspan > 1
        texts.append("" if repeated else cell.text.replace("\n", " ").replace("|", "\\|"))
        last = cell
    return "| " + " | ".join(texts) + " |"


def passage_text(pieces: Sequence[Piece]) -> str:
    """The section whole: pieces apart by blank lines, as Markdown needs around tables."""
    return "\n\n".join("\n".join(line for line in [*p.head, *p.lines] if line) for p in pieces)


def cut(
    filing: Filing, rendered: Sequence[tuple[Section, Sequence[Piece]]]
) -> tuple[list[Passage], list[Chunk]]:
    """Of attached documents only what the main one does not say: two like pieces would take two places
    among the few that are found. Their passages stay whole."""
    passages: list[Passage] = []
    chunks: list[Chunk] = []
    told: Set[str] = set()
    if any(section.attached for section, _ in rendered):
        told = {
            squeeze(line)
            for section, pieces in rendered
            if not section.attached
            for piece in pieces
            for line in (*piece.head, *piece.lines)
        }
    for ordinal, (section, pieces) in enumerate(rendered):
        path = " > ".join(section.path)
        passages.append(Passage(filing.rcept_no, ordinal, path, passage_text(pieces)))
        header = chunk_header(filing, path)
        for text in _texts(pieces):
            if section.attached and not _tells(text, told):
                continue
            name = f"{filing.rcept_no}/{len(chunks)}/{text}"
            chunks.append(
                Chunk(
                    chunk_id=str(uuid.uuid5(_SPACE, name)),
                    rcept_no=filing.rcept_no,
                    corp_code=filing.corp_code,
                    ordinal=len(chunks),
                    passage=ordinal,
                    header=header,
                    text=text,
                )
            )
    return passages, chunks


def _tells(text: str, told: Set[str]) -> bool:
    """Whether a line of it says more than a caption and was not told."""
    lines = map(squeeze, text.split("\n"))
    return any(len(line) >= _LEAST_TOLD and line not in told for line in lines)


def chunk_header(filing: Filing, path: str) -> str:
    company = f"{filing.corp_name}(가상 예시)" if filing.fictional else filing.corp_name
    return f"{company} › {filing.report_nm} › {path}"


def _texts(pieces: Sequence[Piece]) -> Iterator[str]:
    lines: list[str] = []
    size = 0
    for piece in pieces:
        head = list(piece.head)
        for place, line in enumerate(piece.lines):
            opening = head if place == 0 else []
            added = len(line) + sum(map(len, opening))
            if size and size + added > TARGET_CHARS:
                yield "\n".join(lines)
                lines, size = list(head), sum(map(len, head))
                opening = []
            if line or opening:
                lines += [*opening, *([line] if line else [])]
                size += added
    if lines:
        yield "\n".join(lines)
