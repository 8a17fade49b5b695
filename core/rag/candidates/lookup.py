"""The one cell whose labels say what was asked: row, column, part, caption and section together.

Accounts found by name (figures.py) miss whatever else a question says: 매출채권 of 매출채권의 대손충당금,
재고자산 of 재고자산 가운데 용지. Here every word that tells is held against every label of a cell. A cell
answers only when what the question calls by name is all its own, and no other cell that fits as well says
another number.
"""

import heapq
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from operator import itemgetter

from core.model import Figure, Filing, Question
from core.rag.candidates.deductions import without_sign
from core.rag.candidates.scope import fits
from core.rag.candidates.whole import whole
from core.rag.figures.arithmetic import ALL, asks_sum
from core.rag.figures.selection import of_basis, undiscounted
from core.rag.language.labels import (
    SEXES,
    even,
    names,
    of_statement,
    sexes_asked,
)
from core.rag.language.periods import recency
from core.rag.language.sides import of_other_side, on_side
from core.rag.question.asked import asks_percent, units_asked
from core.rag.question.sought import Sought
from core.totals import is_total

_MOST_TRIED = 40  # cells, where the best leaves something out
_NEARLY = 0.93  # of the best cell's score: its equals, which must say the same number
_LEAST = 0.5  # of what the question's telling words weigh
_MOSTLY = 0.5  # of the letters of a row's names
_ALL_SAID, _EPSILON = 0.99, 1e-6
_ROUNDED = Decimal("0.0005")  # relative: the same amount in 백만원 and in 원
_MONEY = re.compile(r"금액|가액|총액|잔액|몇\s*(?:조|억|만|천)?\s*원")
_NEUTRAL = re.compile(
    r"금액$|가액$|잔액$|^기[초말]자본$|^[남여]$|^최[고저]$|^(?:상승|하락|증가|감소)시$"
)  # of whatever the row names
# 주식수, 직원수: what `몇 주`, `몇 명` ask for without a name.
_COUNT_OF = re.compile(r"수(?:합?계|총계)?$|인원|수량")
_WORTH = re.compile(r"공정가[치액]|시장가[치액]|시가|평가액|장부가액|장부금액")
_RATE = re.compile(r"[률율]$|비율$|비중$")
_ALL_ASKED = re.compile(rf"{ALL}|(?<![가-힣])전체")
_OF_TWO = re.compile(r"[가-힣]\s?(?:및|[와과]\s|ㆍ)\s?[가-힣]")


def look_up(sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing]) -> list[Figure]:
    """The best cell for each unit asked (원, 주, %), all of one table; none where two cells disagree."""
    question = sought.question
    fitting = on_side(question.text, [cell for cell in cells if fits(question, cell, filings[cell.rcept_no])])
    if not fitting or not sought.total:
        return []
    units = units_asked(question.text)
    if question.compare:
        units -= {"%"}  # 몇 % 늘었나
    if units & {cell.unit for cell in fitting}:
        fitting = [cell for cell in fitting if cell.unit in units]
    elif units - {"원"} or (units and _MONEY.search(question.text)):
        return []  # 몇 주, 몇 %: no amount of another kind answers it
    sought.learn(fitting)
    if (total := _best(question, [(1.0, cell) for cell in whole(sought, fitting)])) is not None:
        return [total]
    scored = [(sought.score(cell), cell) for cell in fitting]
    if both := _by_sex(sought, scored):
        return both
    first, scored = _told_apart(sought, scored, len(units) > 1)
    fitting = [cell for _, cell in scored]
    first = first and _called(sought, first, fitting)
    if first is not None and sought.missing([first]) and not sought.conjoined:
        best, highest = first, heapq.nlargest(_MOST_TRIED, scored, key=itemgetter(0))
        first = _first(sought, [one for one in highest if not sought.missing([one[1]])], len(units) > 1)
        if first is not None and _of_another(sought, first, best):
            return []
    if first is None or not _enough(sought, first, fitting) or _one_of_many(sought, first, fitting):
        return []
    found = [first]
    for unit in sorted(units - {first.unit}):
        beside = [(score, cell) for score, cell in scored if cell.unit == unit and _beside(first, cell)]
        beside = _worth(sought, first, beside) if unit == "원" else beside
        if (other := _best(question, beside)) is not None:
            found.append(other)
    if sought.missing(found):
        return []
    return [without_sign(one, fitting, lambda cell: not sought.missing([cell])) for one in found]


def _told_apart(
    sought: Sought, scored: list[tuple[float, Figure]], by_unit: bool
) -> tuple[Figure | None, list[tuple[float, Figure]]]:
    """The best, and those that it is the best of: where several are, what a thing is worth before what it
    cost, and the table of one thing before that of two."""
    first = _first(sought, scored, by_unit)
    if first is None and "가치" in sought.own:  # 주식 가치
        scored = [one for one in scored if _WORTH.search(f"{one[1].column} {one[1].account}")]
        first = _first(sought, scored, by_unit)
    if first is None:
        alone = [one for one in scored if not _of_note(sought, one[1])]
        if alone and max(map(itemgetter(0), alone)) >= _NEARLY * max(map(itemgetter(0), scored)):
            first = _first(sought, alone, by_unit)
    return first, scored


def _of_note(sought: Sought, cell: Figure) -> bool:
    """Whether only the heading of its note, which is of two things, says what is asked: 투자부동산 of
    `유형자산 및 투자부동산`, where another table of the note is of 투자부동산 alone."""
    heading, _, under = map(even, cell.caption.partition(" > "))
    names = [word for word in sought.own if word not in sought.light and word in heading]
    return bool(names and _OF_TWO.search(cell.caption)) and not any(word in under for word in names)


def _beside(one: Figure, other: Figure) -> bool:
    same = (one.rcept_no, one.table) == (other.rcept_no, other.table)
    return same and (one.row_no == other.row_no or one.column_no == other.column_no)


def _worth(sought: Sought, first: Figure, beside: list[tuple[float, Figure]]) -> list[tuple[float, Figure]]:
    """Of several amounts of one row, none of which the question names, what it is worth: not what it cost."""
    row = [cell for _, cell in beside if cell.row_no == first.row_no]
    if len({abs(cell.value) for cell in row}) < 2 or any(
        sought.letters(even(name)) for cell in row for name in names(cell.column)
    ):
        return beside
    worth = [cell for cell in row if _WORTH.search(f"{cell.column} {cell.account}")]
    return [one for one in beside if one[1] in worth]


def _of_another(sought: Sought, cell: Figure, best: Figure) -> bool:
    """Whether the question says little of its row, and all of the best cell's: 보증 for 책임준공."""
    return _row_said(sought, best) == 1.0 and _row_said(sought, cell) < _MOSTLY


def _row_said(sought: Sought, cell: Figure) -> float:
    """The part of the letters of a row's names that the question says."""
    row = list(map(even, names(cell.row)))
    return sum(map(sought.letters, row)) / max(sum(map(len, row)), 1)


def _measure(figure: Figure, cells: Sequence[Figure]) -> list[str]:
    """What is measured: of a row alone under its heading, 일반대출 > 신한은행 외, what the heading says."""
    heading, _, last = figure.row.rpartition(" > ")
    under = {
        cell.row for cell in cells if cell.table == figure.table and cell.row.startswith(f"{heading} > ")
    }
    alone = bool(heading) and len(under) == 1 and even(last) == even(figure.account)
    return names(heading.rpartition(" > ")[2] if alone else figure.account)


def _enough(sought: Sought, figure: Figure, cells: Sequence[Figure]) -> bool:
    part, of, _ = figure.account.partition(" / ")
    if of and not any(sought.letters(even(name)) for name in names(part)):
        return False  # 연구개발비 / 매출액 비율 is no share of anything else in the sales
    measure = _measure(figure, cells)
    counted = figure.unit in units_asked(sought.question.text) - {"원", "%"}
    if figure.unit == "%" and asks_percent(sought.question.text):
        measure = [name for name in measure if not _RATE.search(name)]  # 몇 % 갖고 있나: 지분율
    column = names(figure.column)
    if column and all(sought.letters(even(name)) == len(even(name)) for name in column):
        measure = column
    if measure and not any(
        sought.letters(even(name)) or _NEUTRAL.search(name) or (counted and _COUNT_OF.search(name))
        for name in measure
    ):
        return False  # what is measured is not what is asked
    return sought.heavy(figure) >= _LEAST * sought.beside_names(sought.told(figure))


def _one_of_many(sought: Sought, first: Figure, cells: Sequence[Figure]) -> bool:
    """Whether its row or column has others that the question speaks of as much, told apart from it only by
    labels that the question does not say: one fine of a list of fines."""
    if sought.said(first) >= _ALL_SAID or _is_whole(sought, first):
        return False
    told, matched = sought.weigh(first) - _EPSILON, sought.matched(first)
    return any(
        _beside(first, cell)
        and (cell.unit, cell.period) == (first.unit, first.period)
        and abs(cell.value) != abs(first.value)
        and sought.weigh(cell) >= told
        and sought.matched(cell) >= matched
        for cell in cells
    )


def _is_whole(sought: Sought, figure: Figure) -> bool:
    """Whether all of something is asked, and the cell is the sum of its table."""
    whole = any(is_total(label, whole=True) for label in figure.row.split(" > "))
    return whole and (asks_sum(sought.question.text) or bool(_ALL_ASKED.search(sought.question.text)))


def _by_sex(sought: Sought, scored: Sequence[tuple[float, Figure]]) -> list[Figure]:
    """`남녀 직원의 평균급여`: that of the men and of the women, both or none."""
    if len(sexes_asked(sought.question.text)) < len(SEXES):
        return []
    best = [
        _best(sought.question, [(score, cell) for score, cell in scored if sex in cell.row.split(" > ")])
        for sex, _ in SEXES
    ]
    found = [cell for cell in best if cell is not None]
    same = len({(cell.rcept_no, cell.table, cell.column_no) for cell in found}) == 1
    return found if len(found) == len(SEXES) and same and not sought.missing(found) else []


def _best(question: Question, scored: Sequence[tuple[float, Figure]]) -> Figure | None:
    """None when its equals say another number."""
    best = max((score for score, _ in scored), default=0.0)
    if lines := [one for one in scored if one[0] >= _NEARLY * best and _is_line(question, one[1])]:
        scored = lines  # 투자부동산 of the statement, not what of it is leased
        best = max(score for score, _ in lines)
    for nearly in (_NEARLY, 1 - _EPSILON) if scored else ():
        equals = [(_preference(question, cell), cell) for score, cell in scored if score >= nearly * best]
        (rank, *_), first = min(equals, key=lambda one: one[0])
        # A deduction in one table is the same amount in another.
        rivals = sorted(abs(cell.value) for (other, *_), cell in equals if other == rank)
        if all(abs(b - a) <= abs(b) * _ROUNDED for a, b in pairwise(rivals)):
            return first
    return None


def _called(sought: Sought, first: Figure, cells: Sequence[Figure]) -> Figure:
    """That cell of its row whose own labels say what is called by name, where those of the first do not: the
    대손충당금 and not the 채권 of `대손충당금 설정내역`."""
    if sought.calls(first):
        return first
    beside = [
        cell
        for cell in cells
        if (cell.rcept_no, cell.table, cell.row_no, cell.unit, cell.period)
        == (first.rcept_no, first.table, first.row_no, first.unit, first.period)
        and sought.calls(cell)
    ]
    return beside[0] if len(beside) == 1 else first


def _is_line(question: Question, cell: Figure) -> bool:
    """Whether it stands in a statement, in a line that the question calls by its whole name."""
    in_statement = of_statement(cell) and "주석" not in cell.section
    return in_statement and even(cell.row.rpartition(" > ")[2]) in even(question.text)


def _first(sought: Sought, scored: Sequence[tuple[float, Figure]], by_unit: bool) -> Figure | None:
    """The best; of several units asked that of the unit whose best scores most and measures what is asked."""
    if not by_unit:
        return _best(sought.question, scored)
    highest: dict[str, float] = {}
    for score, cell in scored:
        highest[cell.unit] = max(score, highest.get(cell.unit, 0.0))
    best = [
        _best(sought.question, [(score, cell) for score, cell in scored if cell.unit == unit])
        for unit in sorted(highest, key=lambda unit: (-highest[unit], unit))
    ]
    found = [cell for cell in best if cell is not None]
    cells = [cell for _, cell in scored]
    return next((cell for cell in found if _enough(sought, cell, cells)), found[0] if found else None)


def _preference(
    question: Question, cell: Figure
) -> tuple[tuple[bool, bool, bool, bool, int, int, bool], bool, int, int, int]:
    """Smaller is better: the side asked, a period told, the very one asked, the newest, 연결, all months;
    document order."""
    newest = recency(cell.period) if question.period is None else 0
    basis = of_basis(question, cell)
    three = (cell.period or "").endswith("3개월")
    other = question.period is not None and cell.period != question.period
    side = of_other_side(question.text, cell)
    return (
        (undiscounted(question.text, cell), side, cell.period is None, other, newest, basis, three),
        cell.value < 0,
        cell.table,
        cell.row_no,
        cell.column_no,
    )
