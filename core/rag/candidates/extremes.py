"""Which of the things that a form's table lists has most and which least of what is measured there."""

import re
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from core.korean import squeeze
from core.model import Figure, Question
from core.rag.question.asked import units_asked
from core.rag.question.ranks import by_size, places_asked
from core.totals import is_total

_END = re.compile(r"(?:총?액|총계|금액)$")
_MARKS = re.compile(r"\([^()]*\)|[\s\d.,·ㆍ-]")
_FEWEST, _SHORTEST = 2, 2
_LEAST_SAID = 3  # letters of a header that the question says
_COLUMN = attrgetter("table", "column_no", "unit")


def extremes(question: Question, figures: Sequence[Figure]) -> list[Figure]:
    """The largest, the smallest or both of one column of an event filing: that of the cell which was told
    before, the one of which the question names several rows, or the one whose header says most of it; none
    where two columns may be meant."""
    text = question.text
    places = places_asked(text)
    if not places:
        return []
    told = {(place.rcept_no, place.table, place.column_no) for place in question.told}
    units = units_asked(text)
    asked = squeeze(text)
    columns: list[list[Figure]] = []
    headed: dict[int, list[list[Figure]]] = {}
    for _, cells in groupby(sorted(figures, key=_COLUMN), key=_COLUMN):
        column = [cell for cell in cells if not is_total(cell.row.split(" > ")[-1])]
        first = column[0] if column else None
        if first is None or len(column) < _FEWEST:
            continue
        if told:
            if (first.rcept_no, first.table, first.column_no) in told and _lists(column):
                columns.append(column)
            continue
        named = [cell for cell in column if len(_name(cell)) >= _SHORTEST and _name(cell) in asked]
        if units and first.unit not in units:
            continue
        if len(named) >= _FEWEST and _lists(named):
            columns.append(named)
        elif first.column and len(column) > _FEWEST and _lists(column):
            headed.setdefault(_says(first.column, question), []).append(column)
    if not (told or columns) and (most := max(headed, default=0)) >= _LEAST_SAID:
        columns = headed[most]
    percent = [column for column in columns if column[0].unit == "%"]
    if len(columns) > 1 and "%" in units and len(percent) == 1:
        columns = percent
    if len(columns) != 1:
        return []
    ranked = by_size(text, columns[0])
    if not all(-len(ranked) <= place < len(ranked) for place in places):
        return []
    found = [ranked[place] for place in places]
    tied = any(sum(cell.value == one.value for cell in ranked) > 1 for one in found)
    return [] if tied else found


def _lists(column: Sequence[Figure]) -> bool:
    """Whether each row is of another thing, of one kind."""
    return len({cell.row for cell in column}) == len(column) and not any(cell.disputed for cell in column)


def _says(header: str, question: Question) -> int:
    """How many letters of the question's nouns the header of a column has."""
    forms = {term.partition("/")[0] for term in question.terms if term.endswith("/N")}
    bare = squeeze(header)
    return sum(len(form) for form in forms if len(form) >= _SHORTEST and form in bare)


def _name(cell: Figure) -> str:
    """What a row is of, its innermost label that names it: 자산 of `재무내용 > 자산액`."""
    return _END.sub("", _MARKS.sub("", cell.row.split(" > ")[-1]))
