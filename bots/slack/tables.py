"""A table as Slack's `table` block, or as lines of fixed-width text."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

# docs.slack.dev/reference/block-kit/blocks/table-block
ROWS, COLUMNS, CELLS = 100, 20, 9_000  # of 10,000 characters in all cells
WIDE = 100

_NUMBER = re.compile(r"^[-+−△▲▼(]*\s*[\d,.]+\s*(%p?|배|원|주|명|조|억|만|천|백만|\)|[\d,.\s])*$")


def is_number(text: str) -> bool:
    return bool(_NUMBER.match(text.strip())) or text.strip() in ("-", "–", "—", "")


def table_block(rows: Sequence[Sequence[str]]) -> dict[str, Any] | None:
    """None when the table is beyond Slack's limits."""
    cells = sum(max(len(cell), 1) for row in rows for cell in row)
    if not rows or not rows[0] or len(rows) > ROWS or len(rows[0]) > COLUMNS or cells > CELLS:
        return None
    return {
        "type": "table",
        "column_settings": [
            {"align": "right" if right else "left", "is_wrapped": not right} for right in _right(rows)
        ],
        # an empty text is refused
        "rows": [
            [{"type": "raw_text", "text": cell if cell.strip() else " "} for cell in row] for row in rows
        ],
    }


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with aligned columns, numbers set right; if that is too wide, cells with bars between."""
    flat = [[" ".join(cell.split()) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*flat, strict=True)]
    if sum(widths) > WIDE:  # such lines are wrapped, where padding only tears them apart
        return [" | ".join(row) for row in flat]
    right = _right(flat)
    lines = []
    for row in flat:
        cells = [
            " " * (wide - width(cell)) + cell if to_right else cell + " " * (wide - width(cell))
            for cell, wide, to_right in zip(row, widths, right, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def width(text: str) -> int:
    """Columns in a fixed-width font: Hangul and Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _right(rows: Sequence[Sequence[str]]) -> list[bool]:
    """Columns of numbers, the header aside."""
    return [
        all(map(is_number, column[1:])) and any(cell.strip() for cell in column[1:])
        for column in zip(*rows, strict=True)
    ]
