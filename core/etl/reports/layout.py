"""Words of a page → blocks in reading order: columns apart, tables as rows, lines joined to paragraphs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from core.etl.reports.pdf_text import Page, Segment
from core.etl.reports.rows import Row, grid, rows_of, tables_apart

_MIN_GUTTER = 8.0  # points; between the columns of brokers' reports stand 12 to 25
_FILLED = 0.75  # of a column's width: a line of running text; ragged lines lose one word, some 20 %
_MOST = 4_000  # segments; a page of tables has some 800, more is a drawing and has no columns
_DEEPEST = 12  # columns within columns
_FULL = 8  # lines of running text: more than captions and table cells have
_BULLET = re.compile(r"^(?:[•·▶▷►■□◆◇●○▪✓※☞]|[-–]\s|\(?\d{1,2}[.)]\s|[①-⑳]|[IVX]{1,4}\.\s)")
_ENDS = re.compile(r"(?:[.!?:]|[다요음함임됨])[)\"'”’]?$")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table when `rows` has cells, all rows of the same length.

    `region` numbers the column of text it stands in on its page.
    """

    page: int
    text: str
    size: float = 0.0
    font: str = ""
    region: int = 0
    rows: Sequence[Sequence[str]] = ()


def page_blocks(page: Page) -> list[Block]:
    return [
        block
        for number, region in enumerate(_regions(page.segments, page.height))
        for block in _region_blocks(region, page.number, number)
    ]


def _regions(segments: Sequence[Segment], height: float, depth: int = 0) -> Iterator[Sequence[Segment]]:
    """The page's columns in reading order: what stands above a gutter, its left, its right, what is below."""
    if not segments:
        return
    gutter = _gutter(segments, 0.08 * height) if depth < _DEEPEST else None
    if gutter is None:
        yield segments
        return
    x, top, bottom = gutter
    above = [s for s in segments if s.middle < top]
    below = [s for s in segments if s.middle > bottom]
    within = [s for s in segments if top <= s.middle <= bottom]
    for part in (above, [s for s in within if s.x1 <= x], [s for s in within if s.x1 > x], below):
        yield from _regions(part, height, depth + 1)


def _gutter(segments: Sequence[Segment], min_height: float) -> tuple[float, float, float] | None:
    """(right edge of the left column, top, bottom) of the best empty strip that has running text beside it.

    Columns of a table are empty strips too; what tells them apart is that no side of theirs is filled
    from edge to edge by its lines.
    """
    width = max(_MIN_GUTTER, median(s.size for s in segments))
    best: tuple[float, tuple[float, float, float]] | None = None
    if len(segments) > _MOST:
        return None
    for edge in sorted({round(s.x1) + 1.0 for s in segments}):
        crossing = sorted(
            (s for s in segments if s.x0 < edge + width - 1 and s.x1 > edge), key=lambda s: s.top
        )
        ends = [float("-inf"), *(s.bottom for s in crossing)]
        starts = [*(s.top for s in crossing), float("inf")]
        for top, bottom in zip(ends, starts, strict=True):
            if bottom - top < 0.6 * min_height:
                continue
            score = _two_columns([s for s in segments if top <= s.middle <= bottom], edge, min_height)
            if score and (best is None or score > best[0]):
                best = score, (edge, top, bottom)
    return best[1] if best else None


def _two_columns(within: Sequence[Segment], edge: float, min_height: float) -> float:
    """0 unless the segments are two columns parted at `edge`; more for more and fuller lines beside it."""
    left = [s for s in within if s.x1 <= edge]
    right = [s for s in within if s.x1 > edge]
    if min(len(left), len(right)) < 2 or not (_worded(left) and _worded(right)):
        return 0.0
    height = min(max(s.bottom for s in side) - min(s.top for s in side) for side in (left, right))
    filled = _filled(left), _filled(right)
    # a few lines may have run over from a full column; else both must be tall
    return sum(filled) if height >= min_height or max(filled) > _FULL else 0.0


def _worded(column: Sequence[Segment]) -> bool:
    """Whether it says something: the number columns of a table do not."""
    return sum(_wordy(s.text) for s in column) >= 0.25 * len(column)


def _filled(column: Sequence[Segment]) -> float:
    """The lines of running text that fill the column's width, by their share of it; 0 when too few do."""
    width = max(s.x1 for s in column) - min(s.x0 for s in column)
    shares = [
        (s.x1 - s.x0) / width
        for s in column
        if len(s.text) >= 14 and s.x1 - s.x0 >= _FILLED * width and _wordy(s.text)
    ]
    return sum(shares) if len(shares) >= max(3, 0.2 * sum(_wordy(s.text) for s in column)) else 0.0


def _wordy(text: str) -> bool:
    return sum(c.isalpha() for c in text) >= 0.5 * sum(not c.isspace() for c in text)


def _region_blocks(region: Sequence[Segment], page: int, number: int) -> Iterator[Block]:
    for is_table, rows in tables_apart(rows_of(region)):
        if is_table:
            cells = grid(rows)
            text = "\n".join(" | ".join(row) for row in cells)
            yield Block(page, text, max(r.size for r in rows), rows[0].cells[0].font, number, cells)
        else:
            yield from _paragraphs(rows, page, number)


def _paragraphs(rows: Sequence[Row], page: int, number: int) -> Iterator[Block]:
    if not rows:
        return
    right = max(row.cells[-1].x1 for row in rows)
    runs: list[list[Row]] = [[rows[0]]]
    for row in rows[1:]:
        if _starts(runs[-1], row, right):
            runs.append([])
        runs[-1].append(row)
    slack = [right - row.cells[-1].x1 > 1.2 * row.size for run in runs for row in run[:-1]]
    ragged = sum(slack) > 0.3 * len(slack)
    for run in runs:
        text = run[0].text
        for last, row in pairwise(run):
            space = ragged or _parted(last.cells[-1], row.cells[0], right)
            text += (" " if space else "") + row.text
        yield Block(page, text, run[0].size, run[0].cells[0].font, number)


def _starts(run: Sequence[Row], row: Row, right: float) -> bool:
    last = run[-1]
    first, tail = row.cells[0], last.cells[-1]
    if abs(row.size - last.size) > 0.12 * last.size or first.font != last.cells[0].font:
        return True
    if row.top - last.bottom > 1.1 * row.size or len(row.cells) > 1 or len(last.cells) > 1:
        return True
    if _BULLET.match(first.text):
        return True
    short = tail.x1 < right - 3 * row.size
    return short and (bool(_ENDS.search(last.text)) or first.x0 > last.cells[0].x0 + 0.5 * row.size)


def _parted(tail: Segment, head: Segment, right: float) -> bool:
    """Whether the end of a filled line parts two words: Korean lines are cut inside words too."""
    if tail.open or tail.x1 < right - 1.2 * tail.size or tail.text[-1] in ".,!?)%":
        return True
    return head.text[0].isdigit() or (tail.text[-1].isascii() and head.text[0].isascii())
