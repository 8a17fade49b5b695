"""Paragraphs and tables in order; what stands over a table (unit, captions) is attached to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.etl.document import Block, Cell, Paragraph, Table
from core.etl.place import note_title
from core.korean import parse_amount

# `(단위 백만원)`, `단위 : 원`; `3개월 단위 복리계산` and `현금창출단위집단` state none.
_UNIT = re.compile(
    r"(?:[(\[〔（]\s*단\s*위\s*[:：]?|(?<!창출)단\s*위\s*[:：])\s*"
    r"((?:[^()\]）〕]|\([^()]{1,12}\)){1,120})[)\]）〕]?"  # 톤(tCO2-eq), 천USD, 천CNY and ten more
)
_HEADING = re.compile(
    r"^(?:[IVX]{1,4}\.|\d{1,2}(?:-\d{1,2})?\.(?!\d)|[가-하]\.|\(?\d{1,2}\)|\([가-하]\)|[①-⑳]|[<〈【\[].{1,40}[>〉】\]]$)\s*\S"
)
_MARKS = re.compile(
    r"\s*(?:(?P<roman>[IVXⅠ-Ⅻ]{1,4}\.)|(?P<number>\d{1,2}(?:-\d{1,2})?\.(?!\d))|(?P<letter>[가-하]\.)"
    r"|(?P<item>\(\d{1,2}\))|(?P<point>\d{1,2}\))|(?P<sub>\(?[가-하]\))|(?P<circle>[①-⑳]))"
)
_DEPTHS = {"roman": 0, "number": 1, "letter": 2, "": 3, "item": 3, "point": 4, "sub": 5, "circle": 6}
# A note that begins, or a sentence that announces tables, has a unit of its own or none.
_ANNOUNCES = re.compile(r"^\s*(?:\d{1,2}(?:\.\d+)*\.?\s+\S|\d{1,2}\.\S|[가-하]\.\s)|다음과\s*같|아래와\s*같")
_ANNOUNCED = re.compile(r"^[^.]{0,4}\.?[^.]*(?:다음과|아래와)\s*같[^.]*\.?$")  # one sentence, marked or not
_MAX_HEADING = 60
# Lost line breaks (§5.2.5): `…문서입니다.2) 상기`, `…다음과 같습니다.(1) 당반기` and `27. 특수관계자와의
# 거래:가. 당반기` → two lines, never inside a number.
_GLUED = re.compile(
    r"[.)](?:(?<=[가-힣)].)(?=(?:\d{1,2}\)|[가-하]\.|-) ?[가-힣])|(?<=\.)(?=- [가-힣]))"
    r"|\.(?<=[가-힣)].)(?=\(\d{1,2}\) ?[가-힣][^.]{0,30}$)|:(?<=[가-힣)].)(?=[가-하]\. ?[가-힣])"
    r"|(?<=다)\.(?= [가-하]\. [가-힣])",
    re.MULTILINE,
)
_FOOTNOTE = re.compile(r"\(\*[\d,*]*\)")
_ANY_PERIOD = re.compile(r"제?\d{0,4}\(?[당전]{0,2}\)?(?:기|반기|분기|년)말?(?:\d{1,2}월말?)?|[\d.]{4,10}")
_PERIOD_ALONE = re.compile(
    r"[\s(\d가-하)\-.<>〈〉\[\]]{0,8}?\s*(?:제\s*\d{1,3}\s*)?\(?[당전]{0,2}\)?\s*(?:기|반기|분기)\s*말?[\s)\]>〉]*"
)
_OWN_COLUMNS = 6  # names in a header that no other table has by chance
_BROKEN = re.compile(r"\(([^()\n]*)\n([^()\n]*)\)")  # (단위 : tCO, 2 as a run of its own, -eq)
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
    return _GLUED.sub("\\g<0>\n", text).replace("\n ", "\n")


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
    _titles: list[tuple[str, str]] = field(default_factory=list)  # (mark, line), the outermost first
    _captions: list[str] = field(default_factory=list)  # since the last table
    _unit: str | None = None  # of the next table
    _note_unit: str | None = None  # of the tables that one sentence announces: (1) 당기, (2) 전기
    _last: Table | None = None

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
        mark = _mark(line)
        if heading or (mark and _ANNOUNCED.search(line)):
            self._title(line, mark)
        elif mark == "number" and (title := note_title(line)):
            self._title(title, mark)
        else:
            self._close(mark)
            self.caption(line)
        self._blocks.append(Paragraph(line, heading))

    def _title(self, line: str, mark: str) -> None:
        """It is over what follows until one as deep comes: `(1) 당기` until `(2)`, `나.` or `28.`"""
        self._close(mark)
        while self._titles and _DEPTHS[self._titles[-1][0]] >= _DEPTHS[mark]:
            self._titles.pop()
        self._titles.append((mark, line[:_MAX_CAPTION]))
        self._captions.clear()

    def _close(self, mark: str) -> None:
        marks = [one for one, _ in self._titles] if mark else []
        if mark in marks:
            del self._titles[marks.index(mark) :]
            self._captions.clear()

    def table(self, number: int, grid: Sequence[Sequence[Cell]], header_rows: int, group: str | None) -> None:
        """A layout table becomes text over the next one; any other takes what was gathered."""
        if not grid or not any(cell.text for row in grid for cell in row):
            return
        lines = _layout_lines(grid)
        if lines is not None:
            self._layout(lines)
            return
        over, unit = self._over(), self._unit or self._note_unit
        if unit is None and self._last and _continues(self._last, grid, header_rows, over):
            unit = self._last.unit
        table = Table(number, grid, header_rows, unit, over, group)
        self._blocks.append(table)
        self._last = table
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
        return (*(line for _, line in self._titles), *self._captions)


def _continues(
    last: Table, grid: Sequence[Sequence[Cell]], header_rows: int, captions: Sequence[str]
) -> bool:
    """Whether a table without a unit is the one before it, of another period or on the next page.

    It has the same columns, and nothing but a period is said over it; `구분 | 당기 | 전기` alone are the
    columns of many, so that most of its rows must be the same then.
    """
    if len(grid[0]) != len(last.grid[0]) or header_rows != last.header_rows:
        return False
    head = max(header_rows, 1)
    heads, others = _names(grid[:head]), _names(last.grid[:head])
    said = captions[-1] if captions else ""
    if heads != others or not (not captions or said in last.captions or _PERIOD_ALONE.fullmatch(said)):
        return False
    if len(heads) >= _OWN_COLUMNS:
        return True
    rows = _names([row[:1] for row in grid[head:]])
    return len(rows & _names([row[:1] for row in last.grid[head:]])) * 2 > len(rows)


def _names(rows: Sequence[Sequence[Cell]]) -> set[str]:
    texts = ("".join(_FOOTNOTE.sub("", cell.text).split()) for row in rows for cell in row)
    return {text for text in texts if text and not _ANY_PERIOD.fullmatch(text)}


def _mark(line: str) -> str:
    """The kind of its numbering; '' where it has none."""
    found = _MARKS.match(line)
    return str(found.lastgroup) if found else ""


def _layout_lines(grid: Sequence[Sequence[Cell]]) -> list[str] | None:
    """The lines of a table that only lays out text: one column, or a row of captions and a unit."""
    texts: list[str] = []
    for row_no, row in enumerate(grid):
        texts += [c.text for column, c in enumerate(row) if c.text and c.row == row_no and c.column == column]
        if len(texts) > _MAX_LAID_OUT and len(row) > 1:
            return None
    if len(grid[0]) == 1 or len(texts) == 1:
        return [line for text in texts for line in _BROKEN.sub(r"(\1\2)", text).split("\n")]
    has_unit = any(map(unit_of, texts))
    if has_unit and all(len(text) < 60 and not parse_amount(text) for text in texts):
        return texts
    return None
