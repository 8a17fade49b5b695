"""A table as lines of equally wide characters."""

import re
import unicodedata
from collections.abc import Sequence

_NUMBER = re.compile(r"[(+\-−△▲▼]*\s*[\d,.]+\s*[^\d\s]{0,3}\)?|[-–—]?")


def lines(rows: Sequence[Sequence[str]]) -> str:
    """The first row is the header. Columns of numbers are set right, the others left."""
    cells = [[" ".join(cell.split()) for cell in row] for row in rows]
    columns = list(zip(*cells, strict=True))
    widths = [max(map(width, column)) for column in columns]
    right = [all(map(_NUMBER.fullmatch, column[1:])) and any(column[1:]) for column in columns]
    drawn = [
        "  ".join(map(_padded, row, widths, right)).rstrip()
        for row in (*cells[:1], ["-" * width for width in widths], *cells[1:])
    ]
    return "\n".join(drawn)


def width(text: str) -> int:
    """Columns on a screen: Hangul, Hanja and full-width signs take two, combining marks none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _padded(cell: str, columns: int, right: bool) -> str:
    space = " " * (columns - width(cell))
    return space + cell if right else cell + space
