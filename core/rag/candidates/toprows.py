"""Which row of a table has most: 순손실이 제일 컸던 종속회사, 매출이 가장 큰 지역.

Rows are ranked within one column of one table, and only when the labels that all of them share say all that
narrows the question down: the rows of another table would be ranked as readily.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from core.model import Figure, Filing
from core.rag.candidates.lookup import fits
from core.rag.language.labels import even, names
from core.rag.question.asked import units_asked
from core.rag.question.ranks import in_place
from core.rag.question.sought import Sought
from core.totals import is_no_part

_STATEMENT = re.compile(r"(?:연결)?재무제표$|요약재무정보$")  # its rows are sums of other rows
_BOTH_KINDS = r"[가-힣]+\s?(?:및|과|와|ㆍ)\s?{0}|{0}\s?(?:및|과|와|ㆍ)\s?[가-힣]+"
# what is ranked, where the question says it
_KINDS = ("부문", "지역", "종속", "관계기업", "공동기업", "품목")
_MEASURED = 0.5  # of the letters of a column's words
_NEARLY = 0.85  # of the best column's weight
_FEWEST = 3  # rows; fewer are no ranking
_MOST_TABLES = 6


def tables_meant(sought: Sought, cells: Sequence[Figure]) -> list[tuple[str, int]]:
    """(receipt number, table) of those whose cells say most, best first."""
    best: dict[tuple[str, int], float] = {}
    for cell in cells:
        where = (cell.rcept_no, cell.table)
        best[where] = max(best.get(where, 0.0), sought.weigh(cell))
    return sorted(best, key=lambda where: -best[where])[:_MOST_TABLES]


def top_rows(sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing]) -> list[Figure]:
    """The rows with most, or with least where that is asked, of the column that says most; `cells` are those
    of whole tables. Empty where no column's shared labels say what is asked."""
    ranked = [
        (weight, rows)
        for measure, rows in _columns(sought, cells, filings)
        if (weight := _shared(sought, measure, rows)) is not None
    ]
    if not ranked:
        return []
    best = max(weight for weight, _ in ranked)
    alike = [rows for weight, rows in ranked if weight >= _NEARLY * best]
    most = max(map(len, alike))  # a note on some of them alone ranks fewer
    first, *others = (in_place(sought.question.text, rows) for rows in alike if len(rows) == most)
    values = [cell.value for cell in first]
    return first if all([cell.value for cell in other] == values for other in others) else []


def _columns(
    sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing]
) -> Iterator[tuple[str, list[Figure]]]:
    """(label, rows) of each column, and (label, columns) of each row."""
    groups: dict[tuple[object, ...], dict[str, Figure]] = {}
    units = units_asked(sought.question.text) & {cell.unit for cell in cells}
    for cell in cells:
        if units and cell.unit not in units:
            continue
        if _STATEMENT.search(cell.section.replace(" ", "")) or not fits(
            sought.question, cell, filings[cell.rcept_no]
        ):
            continue
        kind = (cell.rcept_no, cell.table, cell.period, cell.basis, cell.unit)
        if cell.row and not any(map(is_no_part, cell.row.split(" > "))):
            groups.setdefault((cell.column, *kind, cell.column_no), {}).setdefault(cell.row, cell)
        if cell.column and not is_no_part(cell.column):
            groups.setdefault((cell.row, *kind, -1 - cell.row_no), {}).setdefault(cell.column, cell)
    for (measure, *_), rows in groups.items():
        kept = _narrowed(sought, list(rows.values()))
        if len(kept) >= _FEWEST or (len(kept) < len(rows) and len(kept) > 1):
            yield str(measure), kept


def _narrowed(sought: Sought, rows: list[Figure]) -> list[Figure]:
    """Those of the rows that say what only some of them do: 공동기업 among 관계기업."""
    for word in sought.own:
        saying = [cell for cell in rows if word in sought.told(cell)]
        if 1 < len(saying) < len(rows):
            rows = saying
    return rows


def _shared(sought: Sought, measure: str, rows: Sequence[Figure]) -> float | None:
    """What the labels that all rows share say of the question; None when something asked is not said, or
    what is measured is not asked."""
    told = [sought.told(cell) for cell in rows]
    common = set(told[0]).intersection(*told[1:])
    words = names(measure)
    asked = sum(sought.letters(even(word)) for word in words) / max(sum(map(len, words)), 1)
    if sought.unsaid(common) or (words and asked < _MEASURED):
        return None
    caption = rows[0].caption
    around = even(f"{rows[0].section} {caption} {rows[0].row} {rows[0].column} {rows[0].segment or ''}")
    if any(kind in sought.question.text and kind not in around for kind in _KINDS):
        return None
    for word in common:
        if not all(word in even(cell.row) for cell in rows) and re.search(
            _BOTH_KINDS.format(rf"[가-힣]*{re.escape(word)}[가-힣]*"), caption
        ):
            return None  # 관계기업 및 공동기업: which of the rows are which?
    return round(sum(told[0][word] for word in common) + sought.mean * asked, 3)
