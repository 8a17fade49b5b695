"""Parts that a question names beside each other: 호텔ㆍ레저업이랑 IT서비스업 중 영업이익이 더 많은 쪽."""

import re
from collections.abc import Mapping, Sequence

from core.korean import LEGAL_FORM, squeeze
from core.model import Figure, Filing
from core.rag.asked import units_asked
from core.rag.labels import even
from core.rag.lookup import fits
from core.rag.sought import Sought

_COMPARES = re.compile(
    r"가장|제일\s|최대(?!주주)|최소|최고(?!경영)|최저(?!임금)|1위|두\s*번째|순위|순서|비교|각각|더\s*[가-힣]|(?<![비집도나])중에?\s|가운데|합계|합치|합하|합은|합산|더하면|차이"
)
SUPERLATIVE = re.compile(
    r"가장(?!\s*최근)|제일\s|최대(?!\s*(?:몇|주주))|최소|최고(?!경영)|최저(?!임금)|(?<!\d)\d\s?[위등](?![가-힣])|(?<!\d)1\s?[위등](?=[은이을인한])|번째|꼴찌|순위|순으로|줄\s*세"
)
_TOTAL = re.compile(r"소?합?총?계|전체")
_MARKS = re.compile(r"\([^)]*\)|㈜|[\s·ㆍ,.*]|부문$")
_FEWEST, _MOST_SHOWN = 2, 6
_SHORTEST = 2


def among(sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing]) -> list[Figure]:
    """The cells of the named parts, largest first: of one column or row, the one that says most of the
    measure. Empty when fewer than two parts are named or nothing is compared."""
    if not _COMPARES.search(sought.question.text):
        return []
    text = _MARKS.sub("", squeeze(sought.asked))
    tables: dict[tuple[object, ...], dict[str, Figure]] = {}
    for cell in cells:
        for part in _parts(cell, text) if fits(sought.question, cell, filings[cell.rcept_no]) else ():
            side = cell.column_no if part in _MARKS.sub("", squeeze(cell.row)) else -1 - cell.row_no
            where = (cell.rcept_no, cell.table, side, cell.period, cell.basis, cell.unit, _beside(cell, part))
            tables.setdefault(where, {}).setdefault(part, cell)
    whole = even(" ".join(sought.question.accounts))  # 급여 및 퇴직급여 is one account
    named = [
        parts
        for parts in tables.values()
        if len(parts) >= _FEWEST
        and not (len(sought.question.accounts) == 1 and all(map(whole.__contains__, parts)))
    ]
    if not named:
        return []
    parts = max(named, key=lambda parts: _fitness(sought, parts))
    units = units_asked(sought.question.text) - {"원"}
    if units and not sought.question.compare and not units & {cell.unit for cell in parts.values()}:
        return []  # 몇 %: no amount answers it
    return sorted(parts.values(), key=lambda cell: cell.value, reverse=True)[:_MOST_SHOWN]


def _beside(cell: Figure, part: str) -> str:
    """What a row says beside the part, '' of the part's total: `제품 및 상품` of `DX 부문 > 제품 및 상품`."""
    others = [one for label in cell.row.split(" > ") if (one := _bare(label)) != part]
    return "".join(one for one in others if not _TOTAL.fullmatch(one))


def _bare(label: str) -> str:
    return _MARKS.sub("", squeeze(LEGAL_FORM.sub("", label)))


def _parts(cell: Figure, text: str) -> list[str]:
    """The labels of a cell that the text names: a part of the company, or what is measured."""
    labels = [cell.segment or "", *cell.row.split(" > ")]
    return [name for name in dict.fromkeys(map(_bare, labels)) if len(name) >= _SHORTEST and name in text]


def _fitness(sought: Sought, parts: Mapping[str, Figure]) -> tuple[int, float, float, bool, int, bool]:
    """Most of the parts named, then most of the words beside them and least of what is not asked, then the
    statements before a note that allots something else to the same lines, 연결 before what is of neither."""
    cell = next(iter(parts.values()))
    names = "".join(parts)
    told = sought.told(cell).items()
    measure = sum(w for word, w in told if word not in names and not _TOTAL.fullmatch(word))
    whole = sum(one in even(f"{cell.row} {cell.column}") and one not in names for one in sought.wholes)
    basis = {sought.question.basis or "연결": 2, None: 1}.get(cell.basis, 0)
    return (
        len(parts),
        round(measure + sought.mean * whole, 2),
        sought.said(cell),
        "주석" not in cell.section,
        basis,
        cell.period is not None,
    )
