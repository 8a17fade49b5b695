"""`{{F1}}` in a draft → the text of the answer's first figure: nobody mistypes what he does not type."""

import re
from collections.abc import Sequence

from core.korean import particle
from core.model import AnswerFigure

_PLACEHOLDER = re.compile(r"\{\{\s*F(\d{1,3})\s*\}\}")
_MOVES = re.compile(
    r"^\s*(?:포인트\s*)?(?:만큼\s*)?(?:늘|줄|증가|감소|상승|하락|높아|낮아|오르|올랐|떨어|성장|개선|악화)"
)
_LOSS = re.compile(r"^\s*(?:의|규모의)?\s*(?:[가-힣]{0,4}손실|적자|순?유출)")
_PARTICLES = {
    "은": "은/는", "는": "은/는", "이": "이/가", "가": "이/가", "을": "을/를", "를": "을/를",
    "과": "과/와", "와": "과/와", "으로": "으로/로", "로": "으로/로",
}  # fmt: skip
_PARTICLE = re.compile(r"(으로|[은는이가을를과와로])(?=[\s,.)]|$)")


def placeholder(n: int) -> str:
    return f"{{{{F{n}}}}}"


def fill(sentence: str, figures: Sequence[AnswerFigure]) -> str:
    """Known placeholders filled, the unit not doubled and the particle agreeing; others stay as they are.

    `{{F3}} 감소` of -5.3% is `5.3% 감소`: the word says the sign.
    """
    done, at = "", 0
    for match in _PLACEHOLDER.finditer(sentence):
        n = int(match[1])
        if not 1 <= n <= len(figures):
            continue
        figure, rest = figures[n - 1], sentence[match.end() :]
        text = figure.text
        signed = _MOVES.match(rest) if figure.formula else _LOSS.match(rest)
        if signed and text.startswith("-"):
            text = text[1:]
        at_end = match.end()
        if rest.startswith(figure.unit) and not rest.startswith(f"{figure.unit}p"):
            at_end += len(figure.unit)
        after = _PARTICLE.match(sentence, at_end)
        if after:
            text, at_end = particle(text, _PARTICLES[after[1]]), after.end()
        done += sentence[at : match.start()] + text
        at = at_end
    return done + sentence[at:]
