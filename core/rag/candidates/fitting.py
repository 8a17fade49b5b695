"""Whether a figure is of the kind and of the time asked: no share where a rise is asked, no 최근매출액 of a
form, which names no year, where the sales of a year are.

And which passages may be told where no figure is.
"""

import re
from collections.abc import Sequence

from core.korean import squeeze
from core.model import AnswerFigure, Figure, Hit, Question
from core.rag.candidates.belonging import asks_statement
from core.rag.language.accounts import key
from core.rag.question.asked import units_asked
from core.rag.question.intent import speaks_of_event

_ROSE = re.compile(
    r"얼마나\s*(?:더\s*)?(?:올[랐라]|오르|오른|내[렸려]|내린|비싸|싸|뛰|뛴|상승|하락)|[상하](?:승|락)(?:률|폭)"
)
_SHARE, _SHARE_SAID = re.compile(r"비중|점유율|구성비"), re.compile(r"비중|점유율|구성비|비율|차지")
_HELD = re.compile(r"보유|들고|가지고|갖고|남아|누적")
_NAMES = re.compile(r"뭐뭐|무엇무엇|어디어디|누구누구")
_COMPARED = re.compile(r"^[\s-]*(?:최근\s?(?:사업\s?연도\s?)?매출|자기자본(?!대비)|자산총[액계])")
_ITEM = re.compile(r"\d{1,2}\.\s")  # 2. 투자내역: of a form
_COMPARES = re.compile(r"매출|자본|자산|대비|규모|덩치|몇\s?[배%]|퍼센트|비[율중]|수익|벌")
_BEFORE_IT = re.compile(r"(?:증자|변경|합병|감자|분할)\s?전(?![가-힣])")
_ASKS_BEFORE = re.compile(
    r"(?<![가-힣])전[에의엔]?(?![가-힣])|[가-힣]전(?:에|의|엔|\s)|원래|기존|당초|발행주식|총수|이미|지금|현재"
)
_MONEY = ("원", "%")


def fits_kind(question: Question, figure: AnswerFigure) -> bool:
    text = question.text
    if _NAMES.search(text) and not units_asked(text) and not question.accounts:
        return False  # 편입된 회사들은 뭐뭐: no amount is a name
    cell = figure.cells[0]
    of_form = figure.period is None or _ITEM.match(cell.row)
    if of_form and _COMPARED.search(figure.label) and not _COMPARES.search(text):
        return False  # what a form compares its event with, whatever of the event is asked
    labels = f"{figure.label} {cell.row} {cell.column}"
    if figure.unit == "%" and _ROSE.search(text) and not _SHARE_SAID.search(text) and _SHARE.search(labels):
        return False
    if _BEFORE_IT.search(labels) and not _ASKS_BEFORE.search(text):
        return False  # 증자전 발행주식총수 is no number of the new shares
    flow = (figure.period or "").endswith(("누적", "3개월"))
    of_day = (question.period or "").endswith("말")
    return not (flow and of_day and _HELD.search(text) and figure.unit not in _MONEY)


def asks_of_report(question: Question) -> bool:
    """Whether an account of the statements of a period is asked, and nothing that happened."""
    dated = question.intent == "figure" and question.period and asks_statement(question)
    return bool(dated) and not speaks_of_event(question.text)


def fits_time(question: Question, figure: Figure) -> bool:
    """Whether a figure of a form, which leaves its year open, may be of the time asked: only where something
    that happened is asked, or the figure by its very name."""
    named = key(figure.account) in squeeze(question.text)
    return figure.period is not None or named or not asks_of_report(question)


def telling_hits(question: Question, hits: Sequence[Hit], told: Sequence[AnswerFigure]) -> list[Hit]:
    """Without event filings where what no figure tells is a report's: the 매출액 of a year, or what is asked
    of 연결 or 별도, of which a form says nothing."""
    if told:
        return list(hits)
    if asks_of_report(question):
        return [hit for hit in hits if hit.filing.period]
    if question.basis and question.companies:
        saying = {hit.filing.rcept_no for hit in hits if question.basis in hit.chunk.indexed}
        return [hit for hit in hits if hit.filing.period or hit.filing.rcept_no in saying]
    return list(hits)
