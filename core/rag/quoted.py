"""Figures that the quoted statements of an answer say, each with the cell or the words it stands in.

A quotation shows its numbers to the reader; here they become figures that a program can check, too.
"""

import re
from collections.abc import Iterator, Sequence

from core.korean import squeeze
from core.model import AnswerFigure, Evidence, Figure, Question
from core.rag.figures import fits_period
from core.rag.reading import read
from core.rag.shown import shown
from core.rag.spoken import occurs

_UNITS = ("원", "주", "%", "명", "배")
_PER = re.compile(r"[가-힣]*당")
_NAME = re.compile(
    r"([가-힣A-Za-z][가-힣A-Za-z\s·ㆍ]{1,40}?)(?:은|는|이|가|을|를|의|으로|로|:)?\s*(?:약|총)?[,\s]*$"
)
_SPOKEN = re.compile(r"(?:으?로|은|는|이며|이고|중|을|를|며|고)$|^[조억만천백]*원")
_MOST_WORDS = 3  # of the words before a number, that say what it is
_ESTIMATE = re.compile(r"약\s*$|이상|이하|이내|초과|미만|최대|한도")


def quoted_figures(
    evidence: Sequence[Evidence], figures: Sequence[Figure], question: Question
) -> list[AnswerFigure]:
    """What the statements that answer say: cells of `figures` for rows, words of an event's sentences.

    A sentence of a periodic report names no period of its own that could be relied on, so its numbers
    stay words.
    """
    found: dict[tuple[str, str, str], AnswerFigure] = {}
    for piece in evidence:
        rcept_no = piece.filing.rcept_no
        here = [f for f in figures if (f.rcept_no, f.section) == (rcept_no, piece.section)]
        for said in piece.said[: piece.core]:
            own = _cells(said, here, question)
            if piece.filing.period is None:
                own += [shown(figure) for figure in _sentence_figures(said, piece)]
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


def _sentence_figures(said: str, piece: Evidence) -> Iterator[Figure]:
    """Numbers with a unit after them; `약` and bounds are no values."""
    reading = read(said)
    for number in reading.amounts:  # 제36조 is no amount
        before, after = reading.text[: number.start], reading.text[number.end :]
        if (
            number.unit not in _UNITS
            or number.negative  # it may be a dash
            or _PER.match(after)
            or _ESTIMATE.search(before[-4:])
            or _ESTIMATE.match(after.strip())
        ):
            continue
        named = _NAME.search(before)
        if named is None:
            continue
        words = named[1].split()[-_MOST_WORDS:]
        if ends := [at for at, word in enumerate(words) if _SPOKEN.search(word)]:
            words = words[ends[-1] + 1 :]  # `억원으로 최근 매출액`: what came before
        account = " ".join(words) or "금액"
        yield Figure(
            rcept_no=piece.filing.rcept_no,
            corp_code=piece.filing.corp_code,
            account=account,
            value=number.value,
            unit=number.unit,
            period=None,
            basis=None,
            section=piece.section,
            table=0,
            row=account,
            column="",
            row_no=0,
            column_no=0,
            cell=reading.text[number.start : number.end],
        )
