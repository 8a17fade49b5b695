"""A table as Slack's `table` block, or as lines of fixed-width text."""

from collections.abc import Sequence
from typing import Any

from bots.columns import aligned, numeric, one_line, widths

# docs.slack.dev/reference/block-kit/blocks/table-block
ROWS, COLUMNS, CELLS = 100, 20, 9_000  # of 10,000 characters in all cells
WIDE = 100


def table_block(rows: Sequence[Sequence[str]]) -> dict[str, Any] | None:
    """None when the table is beyond Slack's limits."""
    cells = sum(max(len(cell), 1) for row in rows for cell in row)
    if not rows or not rows[0] or len(rows) > ROWS or len(rows[0]) > COLUMNS or cells > CELLS:
        return None
    return {
        "type": "table",
        "column_settings": [
            {"align": "right" if right else "left", "is_wrapped": not right} for right in numeric(rows)
        ],
        # an empty text is refused
        "rows": [
            [{"type": "raw_text", "text": cell if cell.strip() else " "} for cell in row] for row in rows
        ],
    }


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Aligned; cells with bars between where that is too wide: padding only tears wrapped lines apart."""
    flat = one_line(rows)
    return [" | ".join(row) for row in flat] if sum(widths(flat)) > WIDE else list(aligned(flat))
