"""Figures that the quoted statements of an answer say, each with the cell or the words it stands in.

A quotation shows its numbers to the reader; here they become figures that a program can check, too.
"""

import re
from collections.abc import Iterator, Sequence, Set

from core.korean import squeeze
from core.model import AnswerFigure, Evidence, Figure, Question
from core.rag.figures.selection import fits_period
from core.rag.language.shown import shown
from core.rag.language.spoken import occurs, says
from core.rag.passages.sentences import ORDINAL, figure_of, numbers_said
from core.rag.passages.statements import Statement
from core.rag.question.asked import asks_any_number, units_asked
from core.rag.question.kinds import ordinals_of

_COUNT = re.compile(r"규모|갯수|개수")
_SURE = 4  # digits that stand in no other place by chance


def quoted_figures(
    evidence: Sequence[Evidence],
    figures: Sequence[Figure],
    question: Question,
    told: Sequence[AnswerFigure] = (),
) -> list[AnswerFigure]:
    """What the statements that answer say: cells of `figures` for rows, words of an event's sentences.

    A sentence of a periodic report names no period of its own that could be relied on, so its numbers
    stay words. So do the other numbers of a sentence of which one is `told` as the answer, and all where no
    number is asked: the day or the reason of a contract is not its amount.
    """
    spoken = {cell.caption for one in told for cell in one.cells if cell.origin == "prose"}
    units, ordinals = units_asked(question.text), set(ORDINAL.findall(question.text))
    asks_number = bool(units or asks_any_number(question.text) or _COUNT.search(question.text))
    found: dict[tuple[str, str, str], AnswerFigure] = {}
    for piece in evidence:
        rcept_no = piece.filing.rcept_no
        here = [f for f in figures if (f.rcept_no, f.section) == (rcept_no, piece.section)]
        for said in piece.said[: piece.core]:
            own = _cells(said, here, question)
            if piece.filing.period is None and said not in spoken and asks_number:
                own += [shown(figure) for figure in _sentence_figures(said, piece, units, ordinals)]
            for one in own:
                found.setdefault((rcept_no, str(one.value), one.unit), one)
    return [one for one in found.values() if one.verified]


def is_shown(figure: Figure, text: str) -> bool:
    """Whether a line of a text says the figure: a sentence its number, a row its cell. A cell of few digits,
    `1` of a table in millions, is said only by its own row or with its unit."""
    return any(_says(figure, line) for line in text.splitlines())


def _says(figure: Figure, said: str) -> bool:
    if not occurs(figure.cell, said):
        return False
    if figure.origin == "prose" or sum(map(str.isdigit, figure.cell)) >= _SURE:
        return True
    bare = squeeze(said).lstrip("-ㆍ·")
    own = [squeeze(label) for label in figure.row.split(" > ")]
    return any(bare.startswith(label) for label in own) or says(said, figure.value, figure.unit)


def of_issue(figure: Figure, question: Question) -> bool:
    """Whether it is of the issue asked, as far as both say one: 24-2회 is not 26-1회."""
    asked, own = ordinals_of(question.text), ordinals_of(f"{figure.row} {figure.segment or ''}")
    return not asked or not own or bool(asked & own)


def _cells(said: str, figures: Sequence[Figure], question: Question) -> list[AnswerFigure]:
    """Cells whose own label and text the statement shows, of the period and basis asked."""
    bare = squeeze(said)
    return [
        shown(figure)
        for figure in figures
        if squeeze(figure.row.split(" > ")[-1]) in bare
        and _says(figure, said)
        and of_issue(figure, question)
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
