"""The sum of the table that is of what is asked, where all of it is asked: 유동·비유동 다 합치면.

The row of a sum bears no name of its own: its table's title is what it is the sum of, and the parts that a
question adds up, or says to be in it, are other rows of that table.
"""

import re
from collections.abc import Sequence

from core.model import Figure
from core.rag.figures.arithmetic import ALL, asks_sum
from core.rag.language.labels import even, names, title
from core.rag.question.sought import Sought
from core.totals import is_total

_ALL = re.compile(rf"{ALL}|총액")
_ADDED = re.compile(
    r"((?:[가-힣]{2,}\s?(?:[·ㆍ,/]|이?랑|하고|와|과)\s?)+[가-힣]{2,}?)(?:을|를|까지|도)?\s(?:다|모두|전부)\s?(?:합|더)[쳐치해하한친]"
)
_HELD = re.compile(r"\(((?:[^()]*?(?:반영|포함)[^(),]{0,4},?)+)\)")


def whole(sought: Sought, cells: Sequence[Figure]) -> list[Figure]:
    """The cells that may be meant, one table's beside another's. `cells` fit the period and basis."""
    text = sought.question.text
    if not (asks_sum(text) or _ALL.search(text)):
        return []
    added, held = "".join(_ADDED.findall(text)), "".join(_HELD.findall(text))
    return [
        cell
        for cell in cells
        if not cell.segment
        and is_total(cell.row, whole=True)
        and _is_of(sought, cell)
        and _says_all(sought, cell, cells, added, held)
    ]


def _is_of(sought: Sought, cell: Figure) -> bool:
    """Whether the question says every word of the table's title and of its column."""
    named = names(title(cell.caption))
    said = (*named, *names(cell.column))
    return bool(named) and all(sought.letters(even(word)) == len(even(word)) for word in said)


def _says_all(sought: Sought, total: Figure, cells: Sequence[Figure], added: str, held: str) -> bool:
    """Whether the total says what is asked, but for the parts that are added up, all parts of its table, and
    what a bracket says to be in it."""
    here = [cell for cell in cells if (cell.rcept_no, cell.table) == (total.rcept_no, total.table)]
    rows = even(" ".join(f"{cell.row} {cell.segment or ''}" for cell in here))
    own = [word for word in sought.own if word in added or word in held]
    inside = {word for word in own if any(way in rows for way in sought.ways[word])}
    parts = {even(cell.segment) for cell in here if cell.segment and cell.column == total.column}
    if added and not (parts and all(any(word in part for word in inside) for part in parts)):
        return False
    said = sought.told(total).keys() | inside
    return not sought.unsaid(set(said)) and not sought.lacks_called([total])
