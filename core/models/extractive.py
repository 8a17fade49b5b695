"""The writer that needs no model: figures said in the reader's words, then sentences of the sources.

It cannot invent: every figure comes from the brief, every other sentence stands verbatim in a source.
"""

from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass

from core.korean import particle
from core.model import AnswerFigure, Brief, Level
from core.rag.figures.comparison import told_together
from core.rag.figures.disputes import disputed_sentence
from core.rag.language.wording import copula, direction, period_words, source_number, turned
from core.rag.passages.statements import LIST_MARKS

_EXTRA = {Level.BEGINNER: 0, Level.INTERMEDIATE: 1, Level.ADVANCED: 3}  # a piece, beyond what answers
_LONGEST = {Level.BEGINNER: 160, Level.INTERMEDIATE: 240, Level.ADVANCED: 400}


@dataclass(frozen=True, slots=True)
class ExtractiveWriter:
    """core.ports.LanguageModel."""

    name: str = "extractive"

    async def stream(self, brief: Brief) -> AsyncGenerator[str, None]:
        for piece in write(brief):
            yield piece


def write(brief: Brief) -> Iterator[str]:
    if brief.question.intent == "definition" and brief.terms:
        for term in brief.terms[:2]:
            yield f"{particle(term.name, '은/는')} {term.plain}\n"
    for group in told_together(brief.figures):
        if group[0].disputed:
            yield disputed_sentence(group, brief.evidence, brief.level) + "\n"
        else:
            yield _figure_sentence(group, brief) + "\n"
    quoted = list(_quotations(brief))
    if quoted and brief.figures:
        yield {
            Level.BEGINNER: "\n공시에는 이렇게 적혀 있어요.\n",
            Level.INTERMEDIATE: "\n관련 내용\n",
            Level.ADVANCED: "\n공시 원문의 관련 내용\n",
        }[brief.level]
    yield from quoted


def _quotations(brief: Brief) -> Iterator[str]:
    for piece in brief.evidence:
        if piece.core:
            for said in piece.said[: piece.core + _EXTRA[brief.level]]:
                yield f"- {_tidy(said, _LONGEST[brief.level])} [{piece.n}]\n"


def _figure_sentence(group: Sequence[AnswerFigure], brief: Brief) -> str:
    now = group[0]
    before = next((figure for figure in group[1:] if not figure.formula), None)
    rate = next((figure for figure in group if figure.formula), None)
    company = f"{_company(now, brief)}의" + (" 공시에 나온" if _of_another(now, brief) else "")
    when = period_words(now.period, brief.level)
    number = source_number(now, brief.evidence)
    basis = f"{now.basis} 기준 " if now.basis else ""
    what = particle(now.label, "은/는")
    if brief.level is Level.BEGINNER:
        family = {"연결": "(자회사까지 합친 숫자)", "별도": "(회사 하나만 본 숫자)"}.get(now.basis or "", "")
        value = now.text + family
        said = f"{company} {when} {what} {value}{copula(value, brief.level)} [{number}]."
    else:
        said = f"{company} {when} {basis}{what} {now.text}입니다 [{number}]."
    said = " ".join(said.split())
    if before is None:
        return f"{said} 계산: {now.formula} [{number}]." if now.formula else said
    then = f"{period_words(before.period, brief.level)}({before.text})"
    turn = turned(now, before)
    if turn:
        ending = f"{turn}어요" if brief.level is Level.BEGINNER else f"{turn}습니다"
        return f"{said} {then}에서 {ending} [{number}]."
    if rate is None:
        was = copula(before.text, brief.level)
        return f"{said} {period_words(before.period, brief.level)}에는 {before.text}{was} [{number}]."
    return f"{said} {then}보다 {direction(rate, brief.level)} [{number}]."


def _of_another(shown: AnswerFigure, brief: Brief) -> bool:
    """Whether a figure is not its filer's own, but of what is asked about within its filings."""
    named = [name for _, *filed in brief.question.entities for name in filed]
    return brief.question.strict or any(name in shown.label for name in named)


def _company(shown: AnswerFigure, brief: Brief) -> str:
    return next(e.filing.corp_name for e in brief.evidence if shown.cells[0] in e.figures)


def _tidy(sentence: str, longest: int) -> str:
    """Without its list mark, with its full stop, cut at a word when it is too long for the reader."""
    bare = sentence.lstrip(f"{LIST_MARKS} ")
    if len(bare) > longest:
        return bare[:longest].rsplit(" ", 1)[0] + " …"
    return f"{bare}." if bare.endswith(("다", "요")) else bare
