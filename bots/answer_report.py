"""The scorecard of answers as a table for a terminal and as a page of failures one can read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.model import AnswerFigure

if TYPE_CHECKING:
    from core.rag.scoring.answer_score import GoldFigure, Verdict

_LEVELS = {"beginner": "초급", "intermediate": "중급", "advanced": "고급", "default": "정하지 않음"}
_KINDS = {
    "figure": "숫자",
    "change": "증감",
    "comparison": "비교",
    "event": "사건",
    "text": "글",
    "amendment": "정정",
    "ambiguous": "모호함",
    "unanswerable": "자료 없음",
    "advice": "투자 판단",
    "off-topic": "공시 밖",
    "injection": "지시 주입",
}
_RATES = {
    "exact": "숫자까지 정확",
    "value": "값",
    "period": "기간",
    "basis": "연결·별도",
    "filing": "읽은 공시",
    "shown": "글에 보임",
}
_REFUSALS = {"precision": "정밀도", "recall": "재현율", "reason": "이유"}


def show(card: dict[str, Any], verdicts: "Sequence[Verdict]") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(title="답의 성적")
    for column, side in (("무엇", "left"), ("문항", "right"), ("맞음", "right"), ("비율", "right")):
        table.add_column(column, justify=side)  # type: ignore[arg-type]  # a str, not the Literal
    table.add_row("모두", str(card["questions"]), str(card["right"]), _percent(card["accuracy"]))
    for names, parts in ((_KINDS, card["kinds"]), (_LEVELS, card["levels"])):
        table.add_section()
        for name, part in parts.items():
            table.add_row(names[name], str(part["questions"]), str(part["right"]), _percent(part["accuracy"]))
    console.print(table)
    for line in _summary(card):
        console.print(line, soft_wrap=True)
    for verdict in verdicts:
        if not verdict.right:
            console.print(
                f"{verdict.gold.id}  {verdict.gold.question}\n    {'; '.join(reasons(verdict))}",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )


def report_text(card: dict[str, Any], verdicts: "Sequence[Verdict]") -> str:
    """Markdown: the summary, then every failure with the question, what was expected, and the answer."""
    failed = [verdict for verdict in verdicts if not verdict.right]
    lines = ["# 답의 성적", "", *(f"- {line}" for line in _summary(card)), ""]
    for title, names, parts in (("종류", _KINDS, card["kinds"]), ("수준", _LEVELS, card["levels"])):
        lines += [f"| {title} | 문항 | 맞음 | 비율 | 틀린 숫자 |", "|---|---:|---:|---:|---:|"]
        for name, part in parts.items():
            lines.append(
                f"| {names[name]} | {part['questions']} | {part['right']} | {_percent(part['accuracy'])} "
                f"| {_percent(part['wrong_figure'])} |"
            )
        lines.append("")
    lines += [f"## 틀린 답 {len(failed)}개", ""]
    for verdict in failed:
        lines += [*_failure(verdict), ""]
    return "\n".join(lines)


def reasons(verdict: "Verdict") -> list[str]:
    """Why an answer is not right, one clause each; empty for a right one."""
    expect, answer = verdict.gold.expect, verdict.answer
    said = []
    if expect.refused and not answer.refused:
        said.append(f"거절해야 하는데({expect.reason or '이유 무관'}) 답함")
    elif answer.refused and not expect.refused:
        said.append(f"답해야 하는데 거절함({answer.reason})")
    elif not verdict.refusal:
        said.append(f"거절 이유가 다름: {answer.reason}, 기대 {expect.reason}")
    if verdict.invented:
        said.append("말하면 안 되는 숫자를 말함")
    for figure in verdict.figures:
        if figure.exact or (answer.refused and not expect.refused):
            continue
        checks = (
            (figure.value, "값이 없음"),
            (figure.period, "기간이 다름"),
            (figure.basis, "연결·별도가 다름"),
            (figure.shown, "글에 보이지 않음"),
        )
        wrong = [name for held, name in checks if held is False]
        if not figure.value:
            wrong = wrong[:1]
        said.append(f"{_expected(figure.gold)}: {', '.join(wrong) or '한 숫자가 다 갖추지 못함'}")
    said += [f"없는 말: {' / '.join(words)}" for words in verdict.missing]
    said += [f"하면 안 되는 말: {words}" for words in verdict.forbidden]
    if verdict.cited is False:
        said.append(f"근거 공시가 다름: {', '.join(expect.citations_any)} 없음")
    return said


def _summary(card: dict[str, Any]) -> list[str]:
    figures, refusal, latency = card["figures"], card["refusal"], card["latency_ms"]
    rates = ", ".join(f"{name} {_percent(figures[key])}" for key, name in _RATES.items())
    refusals = ", ".join(f"{name} {_percent(refusal[key])}" for key, name in _REFUSALS.items())
    wrong = figures["wrong_answers"]
    return [
        f"맞은 답 {card['right']}/{card['questions']} ({_percent(card['accuracy'])})",
        f"기대한 숫자 {figures['expected']}개: {rates}",
        f"틀린 숫자를 말한 답 {len(wrong)}개 ({_percent(figures['wrong'])}) {', '.join(wrong)}".rstrip(),
        f"근거 공시 {_percent(card['citation'])}, 정정 {_percent(card['amendment'])}",
        f"거절 {refusals}",
        f"걸린 시간 p50 {latency['p50']:.0f}ms, p95 {latency['p95']:.0f}ms",
    ]


def _failure(verdict: "Verdict") -> list[str]:
    gold, answer = verdict.gold, verdict.answer
    follows = f", {gold.after} 다음" if gold.after else ""
    wrong = " · **틀린 숫자**" if verdict.wrong_figure else ""
    lines = [f"### {gold.id} ({_KINDS[gold.kind]}{follows}){wrong}", "", f"**{gold.question}**", ""]
    lines += [f"- 왜: {reason}" for reason in reasons(verdict)]
    lines += [f"- 기대: {_expected(figure)}" for figure in gold.expect.figures]
    if gold.expect.refused:
        lines.append(f"- 기대: 거절({gold.expect.reason or '이유 무관'})")
    lines += [f"- 답의 숫자: {_given(figure)}" for figure in answer.figures]
    cited = ", ".join(dict.fromkeys(citation.filing.rcept_no for citation in answer.citations))
    lines += [f"- 답의 근거: {cited or '없음'}", "", *(f"> {line}" for line in answer.text.splitlines())]
    return lines


def _expected(figure: "GoldFigure") -> str:
    parts = (figure.row, figure.period, figure.basis)
    place = " · ".join(part for part in parts if part)
    return f"{figure.value:,}{figure.unit}{f' ({place})' if place else ''}"


def _given(figure: AnswerFigure) -> str:
    place = " · ".join(part for part in (figure.label, figure.period, figure.basis) if part)
    return f"{figure.value:,}{figure.unit} ({place})"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
