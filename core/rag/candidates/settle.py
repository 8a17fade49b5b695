"""Between what accounts' names chose and the cell whose labels say most: which of them answers, if any."""

from collections.abc import Sequence

from core.model import AnswerFigure, Figure
from core.rag.candidates.scope import is_wanted
from core.rag.figures.comparison import told_together
from core.rag.figures.selection import compared
from core.rag.language.accounts import account_groups
from core.rag.language.bands import band_asked, of_band
from core.rag.language.sides import on_side
from core.rag.question.asked import units_asked
from core.rag.question.sought import Sought
from core.totals import is_total

_MORE = 0.12  # of what the question's telling words weigh: clearly more
_MOST_SAID = 0.6
_DIGITS = 4  # fewer are the same by chance


def settle(
    sought: Sought, chosen: Sequence[AnswerFigure], found: Sequence[Figure], cells: Sequence[Figure]
) -> list[AnswerFigure]:
    """`chosen`, unless the first of `found` says clearly more of the question; nothing where neither says all
    that the question calls by name. `cells` are all that were looked at."""
    band = band_asked(sought.question.text)
    text = sought.question.text
    chosen = [
        one
        for one in chosen
        if all(of_band(band, cell) and _is_meant(text, cell, cells) for cell in one.cells)
    ]
    chosen = _one_thing(sought, chosen)
    sources = [cell for one in chosen for cell in one.cells]
    again = [cell for cell in cells if any(_same_number(cell, one) for one in sources)]
    again = [cell for cell in again if _is_meant(text, cell, ())]
    least = _told(sought, sources, again) + _MORE * sought.total
    lacking = bool(chosen) and sought.missing(sources) and all(sought.missing([cell]) for cell in again)
    if found:
        first, *others = found
        beside = {c.unit: c for c in sources if (c.rcept_no, c.table) == (first.rcept_no, first.table)}
        more = lacking or sought.weigh(first) > least
        if not chosen or _of_other_kind(sought, sources, found) or more:
            answering = [first, *(beside.get(one.unit, one) for one in others if one.unit != first.unit)]
            answering += [one for one in others if one.unit == first.unit]  # of men and of women
            return [one for cell in answering for one in compared(sought.question, cell, cells)]
    # what is worked out stands in no cell: 1분기, out of the half year and the second quarter
    elif not (chosen and chosen[0].source is None) and any(
        _says_better(sought, cell, sources, least) for cell in cells
    ):
        return []  # something else is meant, which no one cell says
    return [] if lacking else list(chosen)


def _is_meant(text: str, cell: Figure, cells: Sequence[Figure]) -> bool:
    """Whether a cell is of what the text wants and of the side it asks for, where some of `cells` are."""
    return is_wanted(text, cell) and cell in on_side(text, [*cells, cell])


def _told(sought: Sought, cells: Sequence[Figure], again: Sequence[Figure]) -> float:
    """What the labels of cells say together; where their numbers stand `again`, of words that find cells."""
    told: dict[str, float] = {}
    for cell in (*cells, *again):
        for word, weight in sought.told(cell).items():
            if cell in cells or word not in sought.light:
                told[word] = max(weight, told.get(word, 0.0))
    return sum(told.values())


def _same_number(one: Figure, other: Figure) -> bool:
    """Whether a number stands again, in a line that may say more of it: 기본주당이익 of a statement is the
    기본 보통주 주당이익 of a note. The sum of a table says only what the table is of."""
    same = (one.corp_code, one.value, one.unit, one.period, one.basis)
    if same != (other.corp_code, other.value, other.unit, other.period, other.basis) or one.unit == "%":
        return False  # 100 % of one subsidiary and of the next
    told = len(one.value.normalize().as_tuple().digits) >= _DIGITS
    return told and one.table != other.table and not is_total(one.row.rpartition(" > ")[2])


def _one_thing(sought: Sought, chosen: Sequence[AnswerFigure]) -> Sequence[AnswerFigure]:
    """Of several accounts not asked side by side the one that says most: 주석의 금융비용 가운데 이자비용."""
    cells = [cell for one in chosen for cell in one.cells]
    several = len(account_groups(sought.question.accounts)) > 1 and not sought.conjoined
    bases = {cell.basis for cell in cells if cell.basis}
    if not several or len({cell.corp_code for cell in cells}) != 1 or len(bases) > 1:
        return chosen
    return max(told_together(chosen), key=lambda group: sum(map(sought.weigh, group[0].cells[:1])))


def _of_other_kind(sought: Sought, sources: Sequence[Figure], found: Sequence[Figure]) -> bool:
    """Whether `found` is of a unit asked that the chosen figures are not of, or of both sexes asked."""
    if any(one.unit == found[0].unit for one in found[1:]):
        return True
    kinds = units_asked(sought.question.text) - {"원"}
    lacking = kinds & {one.unit for one in found} and not kinds & {cell.unit for cell in sources}
    return bool(lacking) and not sought.question.compare


def _says_better(sought: Sought, cell: Figure, sources: Sequence[Figure], least: float) -> bool:
    alike = any(
        (cell.corp_code, cell.period, cell.unit) == (one.corp_code, one.period, one.unit) for one in sources
    )
    return alike and sought.weigh(cell) > least and sought.said(cell) >= _MOST_SAID
