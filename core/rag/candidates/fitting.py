"""Whether a figure is of the kind asked: no share where a rise is asked, no flow where what is held is."""

import re

from core.model import AnswerFigure, Question

_ROSE = re.compile(
    r"얼마나\s*(?:더\s*)?(?:올[랐라]|오르|오른|내[렸려]|내린|비싸|싸|뛰|뛴|상승|하락)|[상하](?:승|락)(?:률|폭)"
)
_SHARE, _SHARE_SAID = re.compile(r"비중|점유율|구성비"), re.compile(r"비중|점유율|구성비|비율|차지")
_HELD = re.compile(r"보유|들고|가지고|갖고|남아|누적")
_MONEY = ("원", "%")


def fits_kind(question: Question, figure: AnswerFigure) -> bool:
    text = question.text
    cell = figure.cells[0]
    labels = f"{figure.label} {cell.row} {cell.column}"
    if figure.unit == "%" and _ROSE.search(text) and not _SHARE_SAID.search(text) and _SHARE.search(labels):
        return False
    flow = (figure.period or "").endswith(("누적", "3개월"))
    of_day = (question.period or "").endswith("말")
    return not (flow and of_day and _HELD.search(text) and figure.unit not in _MONEY)
