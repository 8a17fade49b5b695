"""The brief a writer gets: the same evidence for every writer, as values and as a prompt that fits."""

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from core.model import AnswerFigure, Brief, Evidence, Level, Question, Term
from core.rag.language.phrasing import planted
from core.rag.language.wording import source_number
from core.rag.placeholders import placeholder
from core.settings import Route

_REWRITE_TOKENS = (
    1_500  # of the room: what a complaint about a draft adds to the prompt (core/rag/writing.py)
)
_LEAST = 80  # tokens of a source; less says nothing
# What frames a prompt. A line of a filing or of a question that looks so would be read as a source of its
# own, or as a figure of the answer; in round brackets it is what it says.
_FRAME = re.compile(r"^([^\S\n]*)\[[^\S\n]*(\d{1,3}|근거|수치|용어|질문|고칠 문장)[^\S\n]*\]", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{(?=\{)")
_STATEMENT_END = re.compile(r"\n|(?<=[가-힣]\.)\s")


def tokens(text: str) -> int:
    """An upper estimate: one per non-ASCII character, one per two ASCII ones. Not measured."""
    wide = sum(not c.isascii() for c in text)
    return wide + (len(text) - wide + 1) // 2


def write_brief(
    question: Question,
    level: Level,
    route: Route,
    evidence: Sequence[Evidence],
    figures: Sequence[AnswerFigure],
    terms: Sequence[Term],
    room: int,
) -> Brief:
    """`room` is how many tokens system and prompt may take; sources are cut from the last one backwards."""
    system = f"{_prompt('common')}\n{_prompt(route.prompt)}"
    numbers = "\n".join(_figure_line(n, f, evidence) for n, f in enumerate(figures, 1)) or "(없음)"
    glossary = "\n".join(f"- {term.name}: {term.plain}" for term in terms) or "(없음)"
    rest = f"[수치]\n{numbers}\n\n[용어]\n{glossary}\n\n[질문]\n{_unframed(question.text)}"
    left = room - _REWRITE_TOKENS - tokens(system) - tokens(rest)
    sources = "\n\n".join(_sources(evidence, left))
    return Brief(question, level, evidence, figures, terms, system, f"[근거]\n{sources}\n\n{rest}")


def _sources(evidence: Sequence[Evidence], left: int) -> list[str]:
    """Each source with its number, as many whole statements of it as fit."""
    said = []
    for piece in evidence:
        where = f"{piece.filing.corp_name} › {piece.filing.report_nm} › {piece.section}"
        head = f"[{piece.n}] {' '.join(where.split())}\n"
        left -= tokens(head) + 2
        if left < _LEAST:
            break
        text = _cut(_unframed(_without_orders(piece.text)), left)
        left -= tokens(text)
        said.append(head + text)
    return said


def _without_orders(text: str) -> str:
    """Without sentences that give orders to whoever reads the filing for others."""
    if not planted(text):
        return text
    return "\n".join(part for part in _STATEMENT_END.split(text) if part and not planted(part))


def _unframed(text: str) -> str:
    return _PLACEHOLDER.sub("{ ", _FRAME.sub(r"\1(\2)", text))


def _cut(text: str, most: int) -> str:
    if tokens(text) <= most:
        return text
    end = 0
    for part in _STATEMENT_END.finditer(text):
        if tokens(text[: part.start()]) > most:
            break
        end = part.start()
    return text[:end]


def _figure_line(n: int, figure: AnswerFigure, evidence: Sequence[Evidence]) -> str:
    company = next(
        (e.filing.corp_name for e in evidence if any(cell in e.figures for cell in figure.cells)), ""
    )
    what = " · ".join(part for part in (company, figure.period, figure.basis, figure.label) if part)
    formula = f" = {figure.formula}" if figure.formula else ""
    disputed = " (같은 공시 안에 다른 값이 있음: 하나만 말하지 말 것)" if figure.disputed else ""
    shown = f"{what}{formula} = {figure.text}{disputed}"
    return f"- {placeholder(n)}: {shown} [{source_number(figure, evidence)}]"


@cache
def _prompt(name: str) -> str:
    return (resources.files("core.rag") / "prompts" / f"{name}.md").read_text(encoding="utf-8")
