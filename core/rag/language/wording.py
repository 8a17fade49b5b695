"""How periods and figures are said to a reader; the same facts at every level, in other words."""

from collections.abc import Sequence

from core.korean import particle
from core.model import AnswerFigure, Evidence, Figure, Level
from core.rag.language.periods import PERIOD

_WORDS = 40  # characters of a sentence that are shown before and behind its number


def period_words(period: str | None, level: Level) -> str:
    """`2022.06 누적` → `2022년 상반기` (beginner), `2022년 1~6월 누적` (others); `2023년 4월~2024년 3월`."""
    parts = PERIOD.match(period or "")
    if not parts:
        return period or ""
    year, month, kind = parts[1], int(parts[2] or 0), parts[3]
    if period and "~" in period:
        return f"{period[:4]}년 {int(period[5:7])}월~{year}년 {month}월"
    if not month:
        return f"{year}년"
    if kind == "말":
        return f"{year}년 {month}월 말"
    if kind == "3개월":
        span = f"{year}년 {month - 2}~{month}월"
        return f"{span} 석 달" if level is Level.BEGINNER else f"{span} 3개월"
    if level is Level.BEGINNER and month == 6:
        return f"{year}년 상반기"
    return f"{year}년 1~{month}월" + ("" if level is Level.BEGINNER else " 누적")


def copula(text: str, level: Level) -> str:
    """`원이에요`, `%예요`, `배예요` to a beginner, `입니다` to others."""
    if level is not Level.BEGINNER:
        return "입니다"
    return "이에요" if text.endswith(")") or particle(text, "은/는").endswith("은") else "예요"


def direction(rate: AnswerFigure, level: Level) -> str:
    """`15.5% 늘었어요`, `15.5% 증가했습니다`, in the reader's words."""
    size = rate.text.removeprefix("-")
    if rate.unit == "%p" and rate.value:
        moved = "높아졌" if rate.value > 0 else "낮아졌"
        return f"{size} {moved}{'어요' if level is Level.BEGINNER else '습니다'}"
    if rate.value == 0:
        return "거의 그대로예요" if level is Level.BEGINNER else "변동이 없습니다"
    up = rate.value > 0
    if lost(rate):  # 적자가 344억원 줄었습니다: the loss is less, the result is more
        return f"적자가 {size} {'줄었' if up else '늘었'}{'어요' if level is Level.BEGINNER else '습니다'}"
    if level is Level.BEGINNER:
        return f"{size} {'늘었어요' if up else '줄었어요'}"
    return f"{size} {'증가' if up else '감소'}했습니다"


def lost(moved: AnswerFigure) -> bool:
    """Whether it is the difference between two losses."""
    return moved.unit != "%p" and len(moved.operands) > 1 and all(cell.value < 0 for cell in moved.operands)


def turned(now: AnswerFigure, before: AnswerFigure) -> str:
    """`흑자로 돌아섰`, `적자로 돌아섰`, or '' when the sign stayed."""
    if before.value < 0 < now.value:
        return "흑자로 돌아섰"
    if now.value < 0 < before.value:
        return "적자로 돌아섰"
    return ""


def source_number(shown: AnswerFigure, evidence: Sequence[Evidence]) -> int:
    """The number of the source that holds one of the figure's cells."""
    return next((e.n for e in evidence if any(cell in e.figures for cell in shown.cells)), 1)


def cell_lines(figures: Sequence[AnswerFigure], evidence: Sequence[Evidence]) -> list[str]:
    """Where each figure stands in its filing, or how it was computed."""
    return [f"- {_cell(shown)} [{source_number(shown, evidence)}]" for shown in figures]


def _around(source: Figure) -> str:
    """The words of the sentence about the number."""
    at = max(0, source.caption.find(source.cell))
    start, end = max(0, at - _WORDS), at + len(source.cell) + _WORDS
    words = source.caption[start:end]
    words = words if start == 0 else f"… {words.split(' ', 1)[-1]}"
    return words if end >= len(source.caption) else f"{words.rsplit(' ', 1)[0]} …"


def _cell(shown: AnswerFigure) -> str:
    source = shown.source
    if source is None:
        return f"{shown.label} = {shown.formula} = {shown.text}"
    if source.origin == "prose":
        return f"{shown.label}: 본문 ‘{_around(source)}’"
    where = f"표 {source.table}, ‘{source.row}’ 행"
    if source.column:
        where += f" × ‘{source.column}’ 열"
    when = f"{shown.period or ''} {shown.basis or ''}".strip()
    named = f"{shown.label}({when})" if when else shown.label
    return f"{named}: {where}의 {source.cell}"
