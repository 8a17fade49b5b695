"""One line of a statement told two ways in one filing: 요약재무정보 and 재무제표 that do not agree.

Only lines that mean the same wherever they stand: 기타 and 지배기업 소유주지분 name many things, the notes
name parts by the account's name, and 현금흐름표 turns signs around.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from core.model import Figure

_COMPARED = frozenset(("요약재무정보", "재무상태표", "손익계산서", "포괄손익계산서"))
_SAME = {"수익(매출액)": "매출액", "매출": "매출액"}
_LINES = frozenset(
    (
        *("자산총계", "유동자산", "비유동자산", "부채총계", "유동부채", "비유동부채", "자본총계", "자본금"),
        *("현금및현금성자산", "재고자산", "유형자산", "무형자산", "이익잉여금"),
        *(
            "매출액",
            "영업수익",
            "매출원가",
            "매출총이익",
            "판매비와관리비",
            "영업이익",
            "영업손실",
            "법인세비용",
        ),
        *("당기순이익", "당기순손실", "반기순이익", "반기순손실", "분기순이익", "분기순손실", "총포괄손익"),
    )
)
_PARENTHESES = re.compile(r"\([^)]*\)")


def mark(figures: list[Figure], statements: Mapping[int, str]) -> list[Figure]:
    """The same figures, `disputed` where tables differ by more than the coarser one rounds away.

    `statements` are kinds by table number.
    """
    lines: dict[tuple[str, str, str, str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, figure in enumerate(figures):
        if statements.get(figure.table) not in _COMPARED or figure.segment or figure.disputed:
            continue
        line = _line(figure.account)
        if line and figure.period and figure.basis:
            key = line, figure.period, figure.basis, figure.unit
            lines[key][figure.table].append(place)
    for tables in lines.values():
        single = [places[0] for places in tables.values() if len(places) == 1]
        if _differ([figures[place] for place in single]):
            for place in single:
                figures[place] = figures[place]._replace(disputed=True)
    return figures


def _line(account: str) -> str | None:
    squeezed = account.replace(" ", "")
    name = _SAME.get(squeezed) or _PARENTHESES.sub("", squeezed)
    return name if name in _LINES else None


def _differ(figures: Sequence[Figure]) -> bool:
    return any(
        abs(one.value - other.value) > max(one.scale, other.scale) for one, other in combinations(figures, 2)
    )
