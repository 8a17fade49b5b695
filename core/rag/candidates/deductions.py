"""What a table takes off, (18,077) of 감가상각, as another table tells it by the same name: 18,077."""

import re
from collections.abc import Callable, Sequence

from core.model import Figure
from core.rag.figures.comparison import LOSS
from core.rag.language.labels import INNER, even

_DIGITS = 4  # fewer are the same by chance
_COST = re.compile(r"(?:비용?|원가|급여|료)\s*$")


def without_sign(
    cell: Figure, cells: Sequence[Figure], says: Callable[[Figure], bool] | None = None
) -> Figure:
    """The cell of the same amount and time that has no sign, and the same name, or of a cost `says` what is
    asked; the cell as it is where none has, or where what is negative is a loss."""
    if cell.value >= 0:
        return cell
    same = (cell.corp_code, -cell.value, cell.unit, cell.period, cell.basis)
    again = [one for one in cells if (one.corp_code, one.value, one.unit, one.period, one.basis) == same]
    if says and _COST.search(INNER.sub("", cell.account)):
        told = next(filter(says, again), None)
        if told is not None:
            return told
    if LOSS.search(cell.account) or sum(map(str.isdigit, cell.cell)) < _DIGITS:
        return cell
    return next((one for one in again if _alike(one, cell)), cell)


def _alike(one: Figure, other: Figure) -> bool:
    """감가상각비 and 감가상각."""
    names = [even(INNER.sub("", cell.account)) for cell in (one, other)]
    shorter, longer = sorted(names, key=len)
    return bool(shorter) and longer.startswith(shorter)
