"""Cells of the very measure that a question says: of 차입금액하고 지급금리 either, in one row of a table."""

from collections.abc import Iterable, Sequence

from core.korean import squeeze
from core.model import Figure
from core.rag.language.accounts import account_groups, spoken_as
from core.rag.language.labels import even
from core.rag.language.sayings import labels_said
from core.rag.question.sought import Sought


def measures(sought: Sought, measure: str, cells: Iterable[Figure]) -> bool:
    """Whether the labels of each cell call what is measured so, or by another name for it."""
    ways = _ways(sought, measure)
    return all(_says(ways, f"{cell.row} {cell.column} {cell.account}") for cell in cells)


def beside_it(sought: Sought, measure: str, cell: Figure, table: Sequence[Figure]) -> Figure | None:
    """The one cell of the measure in the row or column of another cell, of its time; None of several."""
    ways = _ways(sought, measure)
    found = {
        (one.row_no, one.column_no): one
        for one in table
        if one.period in (cell.period, None)
        and (
            (one.row_no == cell.row_no and _says(ways, one.column))
            or (one.column_no == cell.column_no and _says(ways, one.row.rpartition(" > ")[2]))
        )
    }
    found.pop((cell.row_no, cell.column_no), None)
    return next(iter(found.values())) if len(found) == 1 else None


def _ways(sought: Sought, measure: str) -> list[str]:
    """It and the same by other names of its parts: 지급이자율 for 지급금리, which is no 수취금리."""
    text = squeeze(measure)
    groups = account_groups(sought.question.accounts)
    spoken = [*((spoken_as(group, text), group) for group in groups), *labels_said(text)]
    ways = [
        text.replace(said, squeeze(name)) for phrases, names in spoken for said in phrases for name in names
    ]
    return [even(way) for way in (text, *ways)]


def _says(ways: Iterable[str], label: str) -> bool:
    text = even(label)
    return any(way in text for way in ways)
