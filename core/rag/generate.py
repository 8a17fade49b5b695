"""The brief a writer gets: the same evidence for every writer, as values and as a prompt."""

from collections.abc import Sequence
from functools import cache
from importlib import resources

from core.model import AnswerFigure, Brief, Evidence, Level, Question, Term
from core.settings import Route


def write_brief(
    question: Question,
    level: Level,
    route: Route,
    evidence: Sequence[Evidence],
    figures: Sequence[AnswerFigure],
    terms: Sequence[Term],
) -> Brief:
    system = f"{_prompt('common')}\n{_prompt(route.prompt)}"
    sources = "\n\n".join(
        f"[{piece.n}] {piece.filing.corp_name} › {piece.filing.report_nm} › {piece.section}\n{piece.text}"
        for piece in evidence
    )
    numbers = "\n".join(_figure_line(figure) for figure in figures) or "(없음)"
    glossary = "\n".join(f"- {term.name}: {term.plain}" for term in terms) or "(없음)"
    prompt = f"[근거]\n{sources}\n\n[수치]\n{numbers}\n\n[용어]\n{glossary}\n\n[질문]\n{question.text}"
    return Brief(question, level, evidence, figures, terms, system, prompt)


def _figure_line(figure: AnswerFigure) -> str:
    what = " ".join(part for part in (figure.period, figure.basis, figure.label) if part)
    formula = f" = {figure.formula}" if figure.formula else ""
    disputed = " (같은 공시 안에 다른 값이 있음: 하나만 말하지 말 것)" if figure.disputed else ""
    return f"- {what}{formula} = {figure.text}{disputed}"


@cache
def _prompt(name: str) -> str:
    return (resources.files("core.rag") / "prompts" / f"{name}.md").read_text(encoding="utf-8")
