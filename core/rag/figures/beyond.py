"""What a question asks beyond any one cell: its parts, so much a piece, a mean, one's own sum, a share,
which of two is more.

A total is no answer to it, however well its label fits.
"""

import re
from collections.abc import Sequence

from core.korean import squeeze
from core.model import AnswerFigure
from core.rag.figures.pieces import asks_each, says_each
from core.rag.question.asked import units_asked

_INSTALMENT = re.compile(r"(?<!\d)(\d)\s?차(?=[\s,·/와과랑는은가이에도대지금]|$)")
_PARTS = re.compile(
    r"(?:번|차례|회)\S{0,2}\s?(?:나눠|나누어|걸쳐)\S*\s.*?(?:각각|얼마씩)|얼마씩|몇\s?\S{1,2}씩"
)
_MEAN = re.compile(r"평균")
_OWN_SUM = re.compile(r"(?:비율|비중|단가|가격|시세)\s?대로(?:면|라면)|계산\s?(?:좀|해|하면)")
_WHICH = re.compile(r"(?:누가|어디가|뭐가|무엇이|어[느떤]\s?\S+[이가은는])\s(?:\S+\s){0,2}?더\s")
_SUM = re.compile(r"[가-힣]\s?[+＋]\s?[가-힣]")
_GROWS = re.compile(r"늘|줄|증[가감]|감소|[올오]라|오르|떨어|내[려렸]|성장|변[동화]")
_TWO = 2


def asks_which(text: str) -> bool:
    """Whether it asks which of several is more: one of them alone, told or quoted, would mislead."""
    return bool(_WHICH.search(text))


def beyond(text: str, figures: Sequence[AnswerFigure]) -> bool:
    """Whether the figures leave unsaid what makes the question one of parts, a mean, a sum or a share."""
    labels = [
        squeeze(f"{one.label} {one.source.row} {one.source.column}" if one.source else one.label)
        for one in figures
    ]
    asked = set(_INSTALMENT.findall(text))
    if len(asked) >= _TWO and any(not any(f"{n}차" in label for label in labels) for n in asked):
        return True
    if _PARTS.search(text) and not any(
        len({one.value for one in figures if one.unit == unit}) >= _TWO for unit in {o.unit for o in figures}
    ):
        return True
    if asks_which(text) and len({one.value for one in figures}) < _TWO:
        return True  # of two things, one alone says nothing of which is more
    units = units_asked(text)
    if figures and units == {"%"} and not any(one.unit == "%" for one in figures) and not _GROWS.search(text):
        return True  # no amount is a share: the whole is none of itself
    worked_out = any(one.formula for one in figures)
    if _SUM.search(text) and len(figures) == 1 and not worked_out and "계" not in labels[0]:
        return True  # one of those that are to be added
    if (asks_each(text) or _MEAN.search(text)) and not worked_out:
        return not any(map(says_each, labels))
    return bool(_OWN_SUM.search(text)) and not worked_out
