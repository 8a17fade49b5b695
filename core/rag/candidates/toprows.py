"""Which row of a table has most: 순손실이 제일 컸던 종속회사, 매출이 가장 큰 지역.

Rows are ranked within one column of one table, and only when the labels that all of them share say all that
narrows the question down: the rows of another table would be ranked as readily.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import product
from operator import attrgetter

from core.korean import squeeze
from core.model import Figure, Filing
from core.rag.candidates.scope import fits
from core.rag.language.labels import even, names
from core.rag.question.asked import units_asked
from core.rag.question.listed import listed, meant
from core.rag.question.ranks import in_place, ranked_by
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
_KIND = attrgetter("rcept_no", "section", "caption", "account", "column", "unit", "period", "basis")


def tables_meant(sought: Sought, cells: Sequence[Figure]) -> list[tuple[str, int]]:
    """(receipt number, table) of those whose cells say most, best first, then of those that are told apart
    from one of these by no caption."""
    best: dict[tuple[str, int], float] = {}
    under: dict[tuple[str, int], tuple[str, str, str]] = {}
    for cell in cells:
        where = (cell.rcept_no, cell.table)
        best[where] = max(best.get(where, 0.0), sought.weigh(cell))
        under[where] = (cell.rcept_no, cell.section, cell.caption)
    ranked = sorted(best, key=lambda where: -best[where])
    first = ranked[:_MOST_TABLES]
    captions = {under[where] for where in first if under[where][2]}
    return first + [where for where in ranked[_MOST_TABLES:] if under[where] in captions][:_MOST_TABLES]


def top_rows(sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing]) -> list[Figure]:
    """The rows with most, or with least where that is asked, of the column that says most; `cells` are those
    of whole tables. Empty where no column's shared labels say what is asked."""
    text = sought.question.text
    units = units_asked(text) & {cell.unit for cell in cells}
    by = units_asked(ranked_by(text)) & units or units  # 시장가치가 제일 큰 곳은 몇 주: by what it is worth
    ranked = [
        (weight, rows)
        for measure, rows in _columns(sought, cells, filings, by)
        if (weight := _shared(sought, measure, rows)) is not None
    ]
    if not ranked:
        return []
    best = max(weight for weight, _ in ranked)
    alike = [rows for weight, rows in ranked if weight >= _NEARLY * best]
    alike = [_with_rest(rows, alike) for rows in alike]
    most = max(map(len, alike))  # a note on some of them alone ranks fewer
    first, *others = (in_place(text, rows) for rows in alike if len(rows) == most)
    values = [cell.value for cell in first]
    if not all([cell.value for cell in other] == values for other in others):
        return []
    return [*first, *_beside(sought, first, units - by, cells, filings)]


def _with_rest(rows: list[Figure], alike: Sequence[list[Figure]]) -> list[Figure]:
    """With the rows of another table under the same caption that measures the same of other things, where
    both have some and say the same of those: directors, and the five who were paid most."""
    own = {_thing(cell): cell.value for cell in rows}
    for others in alike:
        told = {_thing(cell): cell.value for cell in others}
        shared = own.keys() & told.keys()
        if (
            _KIND(rows[0]) == _KIND(others[0])
            and len(own) == len(rows)
            and len(told) == len(others)
            and shared
            and all(own[one] == told[one] for one in shared)
        ):
            rows = [*rows, *(cell for cell in others if _thing(cell) not in own)]
            own = {**told, **own}
    return rows


def _thing(cell: Figure) -> str:
    """What a row is of: 김기남 of `김기남 > 회장(前대표이사)`."""
    return squeeze(cell.row.split(" > ")[0])


def _beside(
    sought: Sought,
    first: Sequence[Figure],
    units: Set[str],
    cells: Sequence[Figure],
    filings: Mapping[str, Filing],
) -> list[Figure]:
    """What else is asked of the rows that have most: 몇 주, of each just one cell."""
    found: list[Figure] = []
    for cell, unit in product(first, sorted(units)):
        same = [
            one
            for one in cells
            if (one.rcept_no, one.table, one.row_no, one.unit)
            == (cell.rcept_no, cell.table, cell.row_no, unit)
            and fits(sought.question, one, filings[one.rcept_no])
        ]
        if len(same) != 1:
            return []
        found += same
    return found


def _columns(
    sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing], units: Set[str]
) -> Iterator[tuple[str, list[Figure]]]:
    """(label, rows) of each column, and (label, columns) of each row."""
    groups: dict[tuple[object, ...], dict[str, Figure]] = {}
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
    names = listed(sought.question.text)
    for (measure, *_), rows in groups.items():
        if names:  # these alone, all of them
            if of_names := [rows[label] for label in meant(names, rows)]:
                yield str(measure), of_names
            continue
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
    for word in () if listed(sought.question.text) else common:  # which rows are meant, the names tell
        if not all(word in even(cell.row) for cell in rows) and re.search(
            _BOTH_KINDS.format(rf"[가-힣]*{re.escape(word)}[가-힣]*"), caption
        ):
            return None  # 관계기업 및 공동기업: which of the rows are which?
    return round(sum(told[0][word] for word in common) + sought.mean * asked, 3)
