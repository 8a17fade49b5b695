"""What is to be computed of the figures told, with what else that takes from their filings."""

from collections.abc import Mapping, Sequence

from core.korean import squeeze
from core.model import AnswerFigure, Filing, Question
from core.ports import Corpus
from core.rag.figures.arithmetic import asks_share, worked_out
from core.rag.figures.pieces import asks_each, each, of_holding
from core.rag.figures.ratios import in_percent, percent
from core.rag.language.accounts import spoken_as
from core.rag.question.sought import Sought

_FIGURE_LIMIT = 400
_TWO = 2


async def work_out(question: Question, told: Sequence[AnswerFigure], corpus: Corpus) -> list[AnswerFigure]:
    """A share needs the whole, which stands in the same table; so much a piece how many pieces there are."""
    text = question.text
    where = sorted({(one.source.rcept_no, one.source.section) for one in told if one.source})
    cells = await corpus.figures_in(where) if asks_share(text) else []
    filed: list[str] = []
    if asks_each(text):
        filed = [chunk.text for rcept_no, _ in where for chunk in await corpus.chunks_of(rcept_no)]
    worked = [*each(text, told, question.text_before, filed), *worked_out(text, told, cells)]
    return [*worked, *of_holding(text, [*told, *worked])]


async def work_out_percent(
    sought: Sought, told: Sequence[AnswerFigure], filings: Mapping[str, Filing], corpus: Corpus
) -> list[AnswerFigure]:
    """One account in percent of another, where that is asked of reports and no figure told states just that:
    부채비율 is no part of the assets."""
    names = in_percent(sought.question)
    events = any(filings[one.source.rcept_no].period is None for one in told if one.source)
    if len(names) != _TWO or events:
        return list(told)
    codes = [company.corp_code for company in sought.question.companies]
    found = await corpus.figures(codes, [name for group in names for name in group], limit=_FIGURE_LIMIT)
    said = [spoken_as(group, squeeze(sought.question.text)) for group in names]
    words = [[word for word in sought.own if any(word in one for one in phrases)] for phrases in said]

    def states(one: AnswerFigure) -> bool:
        told_by = sought.told(one.source) if one.source else {}
        return all(not group or any(word in told_by for word in group) for group in words)

    if any(one.unit == "%" and states(one) for one in told):
        return list(told)
    return percent(sought, found, filings) or [one for one in told if one.unit != "%"]
