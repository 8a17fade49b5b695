"""A document's figures against OpenDART's statements of the same filing: one answer, or both marked.

What both tell alike is kept once, as the document has it, with the XBRL element that OpenDART names.
What only the statements tell is added. What they tell otherwise is kept twice, both disputed: a table
read wrongly by us is then not told as certain.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.korean import amount, squeeze
from core.model import Figure

# A sign may be a matter of how a line is called (이자의 지급 5, -5), but not that of a profit.
_SIGNED = re.compile(r"이익|손익|소득")
_FAMILIES = {
    "재무상태표": "BS",
    "대차대조표": "BS",
    "손익계산서": "IS",
    "현금흐름표": "CF",
    "자본변동표": "SCE",
}
_STATEMENTS = re.compile(r"재무제표(?:등)?$")  # a section of nothing else
_SUMMARY = "요약재무정보"
_MOST_SAID = 20

_Key = tuple[str, str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`document`: its figures, in order. `beyond`: figure of the statements → as it is kept beside those.

    `disputes` are sentences that name the account and both values.
    """

    document: Sequence[Figure]
    beyond: Mapping[Figure, Figure]
    disputes: Sequence[str]


def compare(document: Sequence[Figure], kinds: Mapping[int, str], statements: Sequence[Figure]) -> Agreement:
    """`kinds` of the document's statements (`손익계산서`) by table number."""
    index = _index(document, kinds)
    told: dict[_Key, list[Figure]] = defaultdict(list)
    for figure in statements:
        told[_keys(figure)[-1]].append(figure)
    matched: dict[Figure, str | None] = {}  # of the document → its element
    alike: set[Figure] = set()  # of the statements
    counterparts = {figure: _counterparts(figure, index) for figure in statements}
    for figure, others in counterparts.items():
        for other in others:
            if _equal(other, figure):
                matched[other] = figure.concept
                alike.add(figure)
    known = _Known(figure for figure in document if figure.period and figure not in matched)
    beyond: dict[Figure, Figure] = {}
    disputed: set[Figure] = set()
    disputes: list[str] = []
    for figure, others in counterparts.items():
        if figure in alike:
            continue
        if not others:
            if not known.has(figure):
                beyond[figure] = figure
        elif any(one in alike for one in told[_keys(figure)[-1]]):
            beyond[figure] = figure  # another line of the same name: 유동 and 비유동
        else:
            beyond[figure] = figure._replace(disputed=True)
            disputed.update(others)
            disputes.append(_said(figure, others))
    for key, answered in told.items():
        # The answer has every line of the statements: one that it has with no such value was misread.
        family = {_family(figure.caption) for figure in answered}
        filed = [one for one, of in index.get(key, ()) if of in family and one not in matched]
        if wrong := [one for one in filed if one not in disputed]:
            disputed.update(wrong)
            disputes.append(_said(answered[0], wrong))
    kept = [
        figure._replace(
            concept=figure.concept or matched.get(figure),
            disputed=figure.disputed or figure in disputed,
        )
        if figure in matched or figure in disputed
        else figure
        for figure in document
    ]
    if len(disputes) > _MOST_SAID:
        more = f"공시 문서와 OpenDART 재무제표의 값이 다른 계정이 {len(disputes) - _MOST_SAID:,}개 더 있다."
        disputes = [*disputes[:_MOST_SAID], more]
    return Agreement(kept, beyond, disputes)


def _keys(figure: Figure) -> list[_Key]:
    """What a figure is of, the surest first; the last is its name."""
    of = (figure.period, figure.basis, figure.unit)
    name = ("name " + squeeze(figure.account), *of)
    return [("element " + figure.concept, *of), name] if figure.concept else [name]


def _index(
    document: Iterable[Figure], kinds: Mapping[int, str]
) -> dict[_Key, list[tuple[Figure, str | None]]]:
    """Whole-company figures of statements and 요약재무정보, with the statement they stand in if it is known.

    Changes in equity and notes repeat the names of the other statements for other things.
    """
    index: dict[_Key, list[tuple[Figure, str | None]]] = defaultdict(list)
    for figure in document:
        kind = kinds.get(figure.table)
        family = _family(kind or figure.caption)
        stands = kind == _SUMMARY or family or _STATEMENTS.search(squeeze(figure.section))
        if figure.segment is None and figure.period and stands and family != "SCE":
            for key in _keys(figure):
                index[key].append((figure, family))
    return index


def _family(kind: str) -> str | None:
    squeezed = squeeze(kind)
    return next((family for name, family in _FAMILIES.items() if squeezed.endswith(name)), None)


def _counterparts(figure: Figure, index: Mapping[_Key, Sequence[tuple[Figure, str | None]]]) -> list[Figure]:
    """Those of the same element, else of the same name; changes in equity are no whole-company figures."""
    if figure.segment is not None:
        return []
    own = _family(figure.caption)
    for key in _keys(figure):
        if found := [other for other, family in index.get(key, ()) if family in (None, own)]:
            return found
    return []


class _Known:
    """Figures that the document tells of another period or of a part, by account, basis and value.

    Its own words for the period are surer than ours for the answer's columns, so an equal value there
    says that the line is told already.
    """

    def __init__(self, document: Iterable[Figure]) -> None:
        self._values: defaultdict[tuple[str, str | None, str], list[Figure]] = defaultdict(list)
        for figure in document:
            self._values[squeeze(figure.account), figure.basis, figure.unit].append(figure)

    def has(self, figure: Figure) -> bool:
        others = self._values.get((squeeze(figure.account), figure.basis, figure.unit), ())
        return bool(figure.value) and any(
            _equal(other, figure) and (figure.segment is not None or other.segment is None)
            for other in others
        )


def _equal(filed: Figure, answered: Figure) -> bool:
    """Within one unit of the last digit that the document shows."""
    last = filed.scale * Decimal(1).scaleb(min(0, int(filed.value.as_tuple().exponent)))
    values = filed.value, answered.value
    if abs(values[0] - values[1]) < last:
        return True
    named = _SIGNED.search(filed.account) or _SIGNED.search(answered.account)
    return not named and abs(abs(values[0]) - abs(values[1])) < last


def _said(figure: Figure, others: Sequence[Figure]) -> str:
    values = dict.fromkeys(amount(other.value, other.unit) for other in others)
    exact = dict.fromkeys(f"{other.value:,f}{other.unit}" for other in others)
    answered, both = amount(figure.value, figure.unit), list(values)
    if answered in values:  # alike once rounded
        answered, both = f"{figure.value:,f}{figure.unit}", list(exact)
    return (
        f"{figure.account}({figure.period}, {figure.basis}): 공시 문서는 {', '.join(both)},"
        f" OpenDART 재무제표는 {answered}으로 서로 다르다."
    )
