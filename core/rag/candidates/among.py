"""Parts that a question names beside each other: 호텔ㆍ레저업이랑 IT서비스업 중 영업이익이 더 많은 쪽.

What the parts are is told by a table, whose rows or columns bear their names; that they are asked side by
side is told by the sentence: 하남하고 안성, 국내가 많아 유럽이 많아.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from core.model import Figure, Filing
from core.rag.candidates.scope import fits
from core.rag.figures.arithmetic import asks_sum
from core.rag.figures.selection import of_basis
from core.rag.language.labels import SEXES, bare_label, even, marks_off, names
from core.rag.question.asked import LIGHT, units_asked
from core.rag.question.conditions import colours
from core.rag.question.listed import listed, meant
from core.rag.question.ranks import asks_rank, in_place, places_asked, ranked_by
from core.rag.question.sought import Sought
from core.totals import says_total

_COMPARES = re.compile(r"순서|비교|각각|더\s*[가-힣]|(?<![비집도나])중에?\s|가운데|차이")
_JOIN = r"(?:이?랑|하고|와|과|및|이?나|아니면|보다|대비|에\s?비해|vs\.?|[,·ㆍ/&])"
_JOINS = re.compile(rf"{_JOIN}\s*(?:그리고\s*)?$", re.IGNORECASE)
_BESIDE = re.compile(rf"[가-힣A-Za-z)]{_JOIN}\s?[가-힣A-Za-z]", re.IGNORECASE)
_FARTHEST = 12  # characters between two names side by side: `김기남 회장하고 한종희`
_PREDICATE = re.compile(r"(?:^|[가-힣])(?:[아어해커나야까요지니냐])$")
_FEWEST, _MOST_SHOWN = 2, 6
_SHORTEST = 2
_Where = tuple[object, ...]


def beside(text: str) -> bool:
    """Whether the text may name things side by side, or asks which of many has most."""
    return _compares(text) or bool(_BESIDE.search(text)) or _said_twice(text)


def _compares(text: str) -> bool:
    return asks_rank(text) or asks_sum(text) or bool(_COMPARES.search(text))


def among(sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing]) -> list[Figure]:
    """The cells of the named parts, largest first: of one column or row, the one that says most of the
    measure. Empty when fewer than two parts are named, or they are not asked side by side."""
    text = sought.question.text
    if not beside(text):
        return []
    whole = even(" ".join(sought.question.accounts))  # 급여 및 퇴직급여 is one account
    named = [
        parts
        for parts in _named(sought, cells, filings)
        if not (len(sought.question.accounts) == 1 and all(map(whole.__contains__, parts)))
    ]
    if _compares(sought.question.text):
        named = [parts for parts in named if not _lacks(sought, parts)]
    else:
        named = [parts for parts in named if _asked_together(sought, parts)]
    placed = bool(listed(text) and places_asked(text))
    units = units_asked(ranked_by(text) if placed else text) - {"원"}
    if units and not sought.question.compare:  # 몇 %: no amount answers it
        named = [parts for parts in named if units & {cell.unit for cell in parts.values()}]
    if not named:
        return []
    parts = max(named, key=lambda parts: _fitness(sought, parts))
    if placed:
        return in_place(text, parts.values())
    return sorted(parts.values(), key=lambda cell: cell.value, reverse=True)[:_MOST_SHOWN]


def _named(
    sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing]
) -> Iterator[dict[str, Figure]]:
    """Name → cell of the parts that the text names, of each column and row that has two or more."""
    text = bare_label(sought.asked)
    accounts = list(map(bare_label, sought.question.accounts))
    listing = listed(sought.question.text) if asks_rank(sought.question.text) else ()
    parts = [_parts(cell) for cell in cells]
    stands = {
        part: _stands(part, _without(accounts, part, text))
        for part in {part for of in parts for _, part in of}
    }
    tables = {
        (cell.rcept_no, cell.table)
        for cell, of in zip(cells, parts, strict=True)
        if listing or any(stands[part] for _, part in of)
    }
    groups: dict[_Where, dict[str, dict[str, Figure]]] = {}
    for cell, of in zip(cells, parts, strict=True):
        if (cell.rcept_no, cell.table) not in tables:
            continue  # nine in ten
        if not fits(sought.question, cell, filings[cell.rcept_no]):
            continue
        for level, part in of:
            side = cell.column_no if part in bare_label(cell.row) else -1 - cell.row_no
            where = (cell.rcept_no, cell.table, side, level, cell.period, cell.basis, cell.unit)
            groups.setdefault(where, {}).setdefault(part, {}).setdefault(_beside(cell, part), cell)
    for group in groups.values():
        if listing:  # all of them, or none has most
            said = {part: group[part] for part in meant(listing, group)}
        elif any(stands[part] for part in group):
            said = {
                part: group[part]
                for part in said_of(sought.asked, list(group))
                if stands[part] or part not in text  # what tells it from another may be said alone
            }
        else:
            continue
        if all(len(of) == 1 for of in said.values()):  # each has one row: what else that says is its own
            found = [{part: next(iter(of.values())) for part, of in said.items()}]
        else:
            others = dict.fromkeys(other for of in said.values() for other in of)
            found = [{part: of[other] for part, of in said.items() if other in of} for other in others]
            if not any(len(parts) >= _FEWEST for parts in found):
                best = {part: _best(sought, list(of.values())) for part, of in said.items()}
                found = [{part: cell for part, cell in best.items() if cell is not None}]
        yield from (parts for parts in found if len(parts) >= _FEWEST)


def _without(accounts: Sequence[str], part: str, text: str) -> str:
    """The text without the accounts that only begin or end as a part does: 기타 of 기타단기금융부채."""
    for account in accounts:
        if part != account and part in account:
            text = text.replace(account, " ")
    return text


def _best(sought: Sought, rows: Sequence[Figure]) -> Figure | None:
    """The one of a part's rows that says most of the question: 보통주 of a person who has both kinds."""
    ranked = sorted(rows, key=lambda cell: (sought.weigh(cell), sought.matched(cell)), reverse=True)
    scores = [(sought.weigh(cell), sought.matched(cell)) for cell in ranked[:2]]
    return ranked[0] if len(scores) == 1 or scores[0] > scores[1] else None


def said_of(text: str, parts: Sequence[str]) -> list[str]:
    """Those of the names that the text says: whole, or in what tells them from one said whole (스타필드
    하남하고 안성)."""
    text = marks_off(text)
    whole = [part for part in parts if _stands(part, text)]
    whole = [one for one in whole if not any(one != other and one in other for other in whole)]
    rest = text
    for part in whole:
        rest = rest.replace(part, " ")
    return whole + [part for part in parts if part not in whole and _rest_said(part, whole, rest)]


def _rest_said(part: str, whole: Sequence[str], text: str) -> bool:
    own = {part[at:] for other in whole if (at := _alike(part, other)) >= _SHORTEST}
    return any(len(one) >= _SHORTEST and one in text for one in own)


def _alike(one: str, other: str) -> int:
    """How many letters two names begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)


def _stands(part: str, text: str) -> bool:
    sex = any(part == sex and said.search(text) for sex, said in SEXES)
    return sex or (len(part) >= _SHORTEST and part in text)


def _asked_together(sought: Sought, parts: Mapping[str, Figure]) -> bool:
    """Whether the sentence joins the names, what is measured is asked, and nothing asked is left unsaid."""
    cells = list(parts.values())
    named = even("".join(parts))
    # 몇 주씩: of shares, whatever they are called
    counted = cells[0].unit in units_asked(sought.question.text)
    if not counted and not _measured(sought, parts, cells):
        return False
    said = {word for cell in cells for word in sought.told(cell)} | {
        word for word in sought.own if word in named
    }
    unsaid = [
        word
        for word in sought.own
        if word not in said and word not in LIGHT and not colours(word) and f"{word}별" not in sought.asked
    ]
    if unsaid or _are_accounts(sought, parts):
        return False
    return _joined(sought.asked, list(parts)) or _said_twice(sought.asked)


def _lacks(sought: Sought, parts: Mapping[str, Figure]) -> bool:
    """Whether something called by name is in no part's labels; accounts told whole leave nothing out: not
    what is in both, `금융수익에 잡힌 외환차이와 금융비용에 잡힌 외환차이`."""
    cells = list(parts.values())
    if sought.question.accounts and not _measured(sought, parts, cells):
        return True  # 자산, where the loss is asked
    if _are_accounts(sought, parts) and sought.unsaid(set[str]().union(*map(sought.told, cells))):
        return True
    return sought.lacks_called(cells)


def _measured(sought: Sought, parts: Iterable[str], cells: Sequence[Figure]) -> bool:
    """Whether what is measured of the parts, if labels call it at all, is what is asked."""
    named = even("".join(parts))
    measure = [one for one in names(cells[0].account, cells[0].column, *cells[0].row.split(" > "))
               if even(one) not in named]  # fmt: skip
    return not measure or any(sought.letters(even(one)) for one in measure)


def _are_accounts(sought: Sought, parts: Iterable[str]) -> bool:
    return all(part in even(" ".join(sought.question.accounts)) for part in parts)


def _joined(text: str, parts: Sequence[str]) -> bool:
    spans = sorted(found.span() for part in parts if (found := _spaced(part).search(text)))
    # at most so far apart, the second after a word that joins
    return any(b - a <= _FARTHEST and _JOINS.search(text[a:b]) for (_, a), (b, _) in pairwise(spans))


def _spaced(part: str) -> re.Pattern[str]:
    return re.compile(r"[\s·ㆍ,.]*".join(map(re.escape, part)), re.IGNORECASE)


def _said_twice(text: str) -> bool:
    """국내가 많아 유럽이 많아, 미주가 커요 중국이 커요: what is said of two things in the same words."""
    words = [word.strip(".,?!~") for word in text.split()]
    return any(
        word == other and _PREDICATE.search(word)
        for at, word in enumerate(words)
        for other in words[at + 2 : at + 5]
    )


def _beside(cell: Figure, part: str) -> str:
    """What a row says beside the part, '' of the part's total: `제품 및 상품` of `DX 부문 > 제품 및 상품`."""
    others = [label for label in cell.row.split(" > ") if bare_label(label) != part]
    return "".join(bare_label(label) for label in others if not says_total(label))


def _parts(cell: Figure) -> list[tuple[int, str]]:
    """(place, name) of the labels of a cell: a part of the company, or what is measured."""
    return [
        (level, name)
        for level, label in enumerate((cell.segment or "", *cell.row.split(" > ")))
        if len(name := bare_label(label)) >= _SHORTEST and not says_total(label)
    ]


def _fitness(sought: Sought, parts: Mapping[str, Figure]) -> tuple[int, float, float, int, bool, bool]:
    """Most of the parts named, then most of the words beside them and least of what is not asked, then the
    basis asked, statements before a note that allots something else to the same lines."""
    cell = next(iter(parts.values()))
    names = "".join(parts)
    told = sought.told(cell).items()
    measure = sum(w for word, w in told if word not in names and word not in LIGHT and not says_total(word))
    whole = sum(one in even(f"{cell.row} {cell.column}") and one not in names for one in sought.wholes)
    return (
        len(parts),
        round(measure + sought.mean * whole, 2),
        sought.said(cell),
        -of_basis(sought.question, cell),
        "주석" not in cell.section,
        cell.period is not None,
    )
