"""A table as lines of equally wide characters, for whatever shows text of fixed width."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

_NUMBER = re.compile(r"[-+−△▲▼(\s]*[\d,.](?:%p?|배|원|주|명|조|억|만|천|백만|\)|[\d,.\s])*")
_NOTHING = ("-", "–", "—", "")


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The first row is the header. Columns of numbers are set right, the others left."""
    flat = one_line(rows)
    wide = widths(flat)
    right = numeric(flat)
    for row in flat:
        yield "  ".join(map(_padded, row, wide, right)).rstrip()


def one_line(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows with every cell on one line."""
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Of each column."""
    return [max(map(width, column)) for column in zip(*rows, strict=True)]


def numeric(rows: Sequence[Sequence[str]]) -> list[bool]:
    """Which columns hold numbers alone, the header aside."""
    return [
        all(map(is_number, column[1:])) and any(cell.strip() for cell in column[1:])
        for column in zip(*rows, strict=True)
    ]


def is_number(text: str) -> bool:
    """`3조 4,512억원`, `△5.2%`, `(12)`; a dash or nothing stands for one, too."""
    bare = text.strip()
    return bare in _NOTHING or bool(_NUMBER.fullmatch(bare))


def width(text: str) -> int:
    """Columns on a screen: Hangul, Hanja and full-width signs take two, combining and unseen marks none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _padded(cell: str, columns: int, right: bool) -> str:
    space = " " * (columns - width(cell))
    return space + cell if right else cell + space
