"""What a table takes off, (18,077) of 감가상각, as another table tells it by the same name: 18,077."""

from collections.abc import Sequence

from core.model import Figure
from core.rag.figures.comparison import LOSS
from core.rag.language.labels import INNER, even

_DIGITS = 4  # fewer are the same by chance


def without_sign(cell: Figure, cells: Sequence[Figure]) -> Figure:
    """The cell of the same amount, time and name that has no sign; the cell as it is where none has, or where
    what is negative is a loss."""
    if cell.value >= 0 or LOSS.search(cell.account) or sum(map(str.isdigit, cell.cell)) < _DIGITS:
        return cell
    same = (cell.corp_code, -cell.value, cell.unit, cell.period, cell.basis)
    return next(
        (
            one
            for one in cells
            if (one.corp_code, one.value, one.unit, one.period, one.basis) == same and _alike(one, cell)
        ),
        cell,
    )


def _alike(one: Figure, other: Figure) -> bool:
    """감가상각비 and 감가상각."""
    names = [even(INNER.sub("", cell.account)) for cell in (one, other)]
    shorter, longer = sorted(names, key=len)
    return bool(shorter) and longer.startswith(shorter)
