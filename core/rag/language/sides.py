"""Which of two opposite sides a question asks for and a label is of: before or after tax, up or down, so or
not so.

The two sides of a thing bear the same words, so that no count of words tells them apart: `인식된` and
`인식되지 아니한`, `반영 전` and `반영 후`, the effect where a price rises and where it falls.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from core.korean import squeeze
from core.model import Figure

_Side = tuple[str, str]  # (what has sides, which of them)
_OTHER = {"전": "후", "후": "전", "상승": "하락", "하락": "상승", "않음": "그러함", "그러함": "않음"}
_TAKEN = re.compile(
    r"(차감|공제|제외|반영|적용|조정)\s?(전(?!기|반|체|년|망|월|분|환|문)|후(?!보|기|속|순|원))"
)
_DENIES = re.compile(
    r"(?P<verb>[가-힣]{2})(?:하|되)지\s?(?:않|아니|못)|안\s(?P<after>[가-힣]{2})(?:된|한|되|하)(?!\s?지)"
    r"|(?P<before>[가-힣]{2})\s?안\s?(?:된|한)(?![가-힣])|(?<![가-힣])미(?P<un>[가-힣]{2})(?:액|분|된|한|$|(?=[\s,(]))"
)
# 안 잡은, 못 잡은, 잡지 않은: put in no books
_UNBOOKED = re.compile(r"(?<![가-힣])[안못]\s?잡[은힌]|잡지\s?(?:않|못)")
_AFFIRMS = re.compile(r"(?P<verb>[가-힣]{2})(?:한|된|하는|되는|하고\s?있는|되어\s?있는)(?![가-힣])")
_OPPOSITES = (("보통주", "우선주"), ("장기", "단기"), ("내수", "수출"), ("취득", "처분"), ("남성", "여성"))
_RESULT = re.compile(r"(?:평가|거래|처분|차)(이익|손실)")
# Only where something rises or falls on a condition: `10% 오르면`; `얼마나 올랐어` asks how much.
_IF = r"[^\s었았렸렀]{0,3}?(?:면(?![가-힣])|\s?시(?![가-힣])|\s?때(?![가-힣])|\s?경우)"
_IF_UP = re.compile(rf"(?:오르|오를|상승|올라|높아[지질]|증가|늘어[나날]|늘|커[지질]){_IF}")
_IF_DOWN = re.compile(rf"(?:내리|내릴|하락|내려|떨어[지질]|낮아[지질]|감소|줄어[들]|줄|작아[지질]){_IF}")
_UP, _DOWN = re.compile(r"상승|증가|절상|강세"), re.compile(r"하락|감소|절하|약세")


def tells_opposite(text: str, said: str) -> bool:
    """Whether a sentence tells of the one of two opposites alone where the text asks of the other alone."""
    return any(
        asked in text and other not in text and other in said and asked not in said
        for pair in _OPPOSITES
        for asked, other in (pair, pair[::-1])
    )


def conditional(text: str) -> bool:
    """Whether something is asked for the case that another rises or falls: of no two times."""
    return bool(_IF_UP.search(text) or _IF_DOWN.search(text))


@lru_cache(maxsize=256)  # the question's for every cell
def _asked(text: str) -> frozenset[_Side]:
    sides = {*_taken(text), *_said_so(text)}
    up, down = bool(_IF_UP.search(text)), bool(_IF_DOWN.search(text))
    if up != down:
        sides.add(("변동", "상승" if up else "하락"))
    return frozenset(side for side in sides if (side[0], _OTHER[side[1]]) not in sides)


@lru_cache(maxsize=4096)  # of one report again for every question
def _labelled(name: str, caption: str) -> frozenset[_Side]:
    sides = {*_taken(name), *_said_so(f"{name} {caption}")}
    sides |= {("변동", "상승")} if _UP.search(name) else set()
    sides |= {("변동", "하락")} if _DOWN.search(name) else set()
    return frozenset(sides)


def _taken(text: str) -> Iterator[_Side]:
    return ((found[1], found[2]) for found in _TAKEN.finditer(squeeze(text)))


def _said_so(text: str) -> Iterator[_Side]:
    for found in _DENIES.finditer(text):
        yield next(filter(None, found.groups())), "않음"
    if _UNBOOKED.search(text):
        yield "인식", "않음"
    for found in _AFFIRMS.finditer(text):
        yield found["verb"], "그러함"


def _sides(figure: Figure) -> frozenset[_Side]:
    return _labelled(f"{figure.row} {figure.column}", figure.caption)


def contradicts(text: str, figure: Figure) -> bool:
    """Whether its labels say the other side of what the text asks."""
    asked = _asked(text)
    said = _sides(figure) if asked else frozenset[_Side]()
    return any((of, _OTHER[side]) in said and (of, side) not in said for of, side in asked)


def of_other_side(text: str, figure: Figure) -> bool:
    """Whether its labels say the loss alone where the gain is asked, or the gain: 평가손실 for 평가이익. The
    one may yet stand under the name of the other, so that such a cell only comes behind."""
    asked, has = _results(text), _results(f"{figure.row} {figure.column}")
    return bool(asked and has) and len(asked) == 1 and not asked & has


@lru_cache(maxsize=4096)  # the question's for every cell
def _results(text: str) -> frozenset[str]:
    return frozenset(_RESULT.findall(text))


def on_side(text: str, cells: Sequence[Figure]) -> list[Figure]:
    """Without the cells that say neither side where others say the one asked: of a deduction those of their
    own row or column, of what is not so those of any table."""
    asked = [side for side in _asked(text) if side[1] in ("전", "후", "않음")]
    if not asked:
        return list(cells)
    kept = list(cells)
    for side in asked:
        saying = [cell for cell in cells if side in _sides(cell)]
        anywhere = side[1] == "않음"
        places = {
            (c.rcept_no, c.table, at) for c in saying for at in (f"row {c.row_no}", f"column {c.column_no}")
        }
        kept = [
            cell
            for cell in kept
            if side in _sides(cell)
            or not (
                (anywhere and saying)
                or (cell.rcept_no, cell.table, f"row {cell.row_no}") in places
                or (cell.rcept_no, cell.table, f"column {cell.column_no}") in places
            )
        ]
    return kept
