"""Figures that the quoted statements of an answer say, each with the cell or the words it stands in.

A quotation shows its numbers to the reader; here they become figures that a program can check, too.
"""

from collections.abc import Iterator, Sequence, Set

from core.korean import squeeze
from core.model import AnswerFigure, Evidence, Figure, Question
from core.rag.figures.selection import fits_period
from core.rag.language.shown import shown
from core.rag.language.spoken import occurs
from core.rag.passages.sentences import ORDINAL, figure_of, numbers_said
from core.rag.passages.statements import Statement
from core.rag.question.asked import units_asked


def quoted_figures(
    evidence: Sequence[Evidence],
    figures: Sequence[Figure],
    question: Question,
    told: Sequence[AnswerFigure] = (),
) -> list[AnswerFigure]:
    """What the statements that answer say: cells of `figures` for rows, words of an event's sentences.

    A sentence of a periodic report names no period of its own that could be relied on, so its numbers
    stay words. So do the other numbers of a sentence of which one is `told` as the answer.
    """
    spoken = {cell.caption for one in told for cell in one.cells if cell.origin == "prose"}
    units, ordinals = units_asked(question.text), set(ORDINAL.findall(question.text))
    found: dict[tuple[str, str, str], AnswerFigure] = {}
    for piece in evidence:
        rcept_no = piece.filing.rcept_no
        here = [f for f in figures if (f.rcept_no, f.section) == (rcept_no, piece.section)]
        for said in piece.said[: piece.core]:
            own = _cells(said, here, question)
            if piece.filing.period is None and said not in spoken:
                own += [shown(figure) for figure in _sentence_figures(said, piece, units, ordinals)]
            for one in own:
                found.setdefault((rcept_no, str(one.value), one.unit), one)
    return [one for one in found.values() if one.verified]


def _cells(said: str, figures: Sequence[Figure], question: Question) -> list[AnswerFigure]:
    """Cells whose own label and text the statement shows, of the period and basis asked."""
    bare = squeeze(said)
    return [
        shown(figure)
        for figure in figures
        if squeeze(figure.row.split(" > ")[-1]) in bare
        and occurs(figure.cell, said)
        and (question.basis is None or figure.basis in (None, question.basis))
        and (figure.period is None or fits_period(question.period, figure.period))
    ]


def _sentence_figures(said: str, piece: Evidence, units: Set[str], ordinals: Set[str]) -> Iterator[Figure]:
    """Numbers of the units and instalments asked, of any unit where none is; bounds are no values."""
    for number in numbers_said(Statement(said, said)):
        if (
            number.own.strip()
            and not number.bound
            and (not units or number.amount.unit in units)
            and ordinals <= set(ORDINAL.findall(number.own))
        ):
            yield figure_of(number, piece.filing, piece.section, None, None)
