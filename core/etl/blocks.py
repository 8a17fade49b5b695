"""Paragraphs and tables in order; what stands over a table (unit, captions) is attached to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.etl.document import Block, Cell, Paragraph, Table
from core.korean import parse_amount

# `(단위 백만원)`, `단위 : 원`; `3개월 단위 복리계산` and `현금창출단위집단` state none.
_UNIT = re.compile(
    r"(?:[(\[〔（]\s*단\s*위\s*[:：]?|(?<!창출)단\s*위\s*[:：])\s*"
    r"((?:[^()\]）〕]|\([^()]{1,12}\)){1,120})[)\]）〕]?"  # 톤(tCO2-eq), 천USD, 천CNY and ten more
)
_HEADING = re.compile(
    r"^(?:[IVX]{1,4}\.|\d{1,2}(?:-\d{1,2})?\.(?!\d)|[가-하]\.|\(?\d{1,2}\)|\([가-하]\)|[①-⑳]|[<〈【\[].{1,40}[>〉】\]]$)\s*\S"
)
# A note that begins, or a sentence that announces tables, has a unit of its own or none.
_ANNOUNCES = re.compile(r"^\s*(?:\d{1,2}(?:\.\d+)*\.?\s+\S|\d{1,2}\.\S|[가-하]\.\s)|다음과\s*같|아래와\s*같")
_MAX_HEADING = 60
# Lost line breaks (§5.2.5): `…문서입니다.2) 상기` → two lines, never inside a number.
_GLUED = re.compile(r"[.)](?:(?<=[가-힣)].)(?=(?:\d{1,2}\)|[가-하]\.|-) ?[가-힣])|(?<=\.)(?=- [가-힣]))")
_CAPTION_KEPT = 6
_MAX_CAPTION = 160
_MAX_LAID_OUT = 8  # cells of a table that only lays out text


def clean(text: str) -> str:
    """Single spaces, no-break and ideographic ones included; line breaks kept, lines stripped."""
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def rebreak(text: str) -> str:
    return _GLUED.sub("\\g<0>\n", text)


def is_heading(line: str, *, bold: bool) -> bool:
    if len(line) > _MAX_HEADING or line.endswith(("다.", "니다", ",")):
        return False
    return bold or bool(_HEADING.match(line))


def unit_of(text: str) -> str | None:
    """`백만원` of `(단위 : 백만원)`; None when the text states no unit."""
    if "위" not in text:  # nine cells in ten
        return None
    found = _UNIT.search(text)
    return found[1].strip() if found else None


@dataclass(slots=True)
class BlockList:
    """The blocks of one section as they come."""

    _blocks: list[Block] = field(default_factory=list)
    _heading: str | None = None  # rules every table under it
    _captions: list[str] = field(default_factory=list)  # since the last table
    _unit: str | None = None  # of the next table
    _note_unit: str | None = None  # of the tables that one sentence announces: (1) 당기, (2) 전기

    def paragraph(self, line: str, *, heading: bool) -> None:
        if not line:
            return
        unit = unit_of(line)
        if unit and len(line) < 40:
            self._unit = unit
            rest = _UNIT.sub("", line).strip()
            if rest.strip(" ()[]"):
                self.caption(rest.strip(" ()[]"))
                self._blocks.append(Paragraph(rest))
            return
        if unit or _ANNOUNCES.search(line):
            self._note_unit = unit
        if heading:
            self._heading = line
            self._captions.clear()
        else:
            self.caption(line)
        self._blocks.append(Paragraph(line, heading))

    def table(self, number: int, grid: Sequence[Sequence[Cell]], header_rows: int, group: str | None) -> None:
        """A layout table becomes text over the next one; any other takes what was gathered."""
        if not grid or not any(cell.text for row in grid for cell in row):
            return
        lines = _layout_lines(grid)
        if lines is not None:
            self._layout(lines)
            return
        self._blocks.append(
            Table(number, grid, header_rows, self._unit or self._note_unit, self._over(), group)
        )
        self._unit = None
        self._captions.clear()

    def finish(self) -> list[Block]:
        return self._blocks

    def _layout(self, lines: Sequence[str]) -> None:
        for line in lines:
            unit = unit_of(line)
            if unit:
                self._unit = unit
                line = _UNIT.sub("", line).strip(" ()[]")
            if line:
                self.caption(line)
                self._blocks.append(Paragraph(line))

    def caption(self, line: str) -> None:
        """A line that names the next table."""
        if line:
            self._captions = [*self._captions[-_CAPTION_KEPT:], line[:_MAX_CAPTION]]

    def _over(self) -> tuple[str, ...]:
        return (*((self._heading,) if self._heading else ()), *self._captions)


def _layout_lines(grid: Sequence[Sequence[Cell]]) -> list[str] | None:
    """The lines of a table that only lays out text: one column, or a row of captions and a unit."""
    texts: list[str] = []
    for row_no, row in enumerate(grid):
        texts += [c.text for column, c in enumerate(row) if c.text and c.row == row_no and c.column == column]
        if len(texts) > _MAX_LAID_OUT and len(row) > 1:
            return None
    if len(grid[0]) == 1 or len(texts) == 1:
        return [line for text in texts for line in text.split("\n")]
    has_unit = any(map(unit_of, texts))
    if has_unit and all(len(text) < 60 and not parse_amount(text) for text in texts):
        return texts
    return None
