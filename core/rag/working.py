"""What is to be computed of the figures told, with what else that takes from their filings."""

from collections.abc import Sequence

from core.model import AnswerFigure, Question
from core.ports import Corpus
from core.rag.arithmetic import asks_share, worked_out
from core.rag.holding import of_holding
from core.rag.pieces import asks_each, each


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
