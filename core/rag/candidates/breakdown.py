"""What an amount that was told is made up of: the shares that are 상장주식, the rows whose sum it is.

Its name seldom tells where, but the sum does: a column of its section that adds up to that very amount.
"""

from collections.abc import Sequence
from decimal import Decimal

from core.model import Figure
from core.totals import is_no_part, says_total

_ROUNDED = Decimal("0.0005")  # relative: each part is rounded, and so is the sum
_FEWEST = 2
_Side = tuple[int, int, bool]


def breakdown(told: Figure, around: Sequence[Figure]) -> list[Figure]:
    """The parts, of the same measure where several columns add up so; empty where two tables part it in
    different ways. What is left over in the end (기타) is no part."""
    own = (told.rcept_no, told.section, told.unit, told.period, told.basis)
    sides: dict[_Side, list[Figure]] = {}
    for cell in around:
        if (cell.rcept_no, cell.section, cell.unit, cell.period, cell.basis) == own and not cell.disputed:
            sides.setdefault((cell.table, cell.column_no, True), []).append(cell)
            sides.setdefault((cell.table, cell.row_no, False), []).append(cell)
    found = [
        parts
        for (*_, down), cells in sides.items()
        if len(parts := [one for one in cells if not _sums(one, told, down=down)]) >= _FEWEST
        and abs(sum(one.value for one in parts) - told.value) <= abs(told.value) * _ROUNDED
    ]
    found = [[one for one in parts if not is_no_part(one.row.split(" > ")[-1])] for parts in found]
    same = [parts for parts in found if parts and parts[0].account == told.account] or found
    ways = {tuple(sorted(one.value for one in parts)) for parts in same}
    return same[0] if len(ways) == 1 else []


def _sums(cell: Figure, told: Figure, *, down: bool) -> bool:
    """Whether it is a sum of others of its column, or row: a total, or the very amount again."""
    labels = cell.row.split(" > ") if down else [cell.column]
    return any(map(says_total, labels)) or cell.value == told.value
