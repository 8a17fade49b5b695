"""Answers and hits as the JSON of DESIGN.md, and a hit as text of a terminal."""

from decimal import Decimal
from typing import Any

from core.model import Answer, AnswerFigure, Citation, Figure, Hit

_FICTIONAL = " · 가상의 예시"


def answer_json(
    identity: str | None, question: str, answer: Answer, timings_ms: dict[str, int]
) -> dict[str, Any]:
    return {
        "id": identity,
        "question": question,
        "answer": answer.text,
        "level": answer.level.value,
        "level_source": answer.level_source,
        "refused": answer.refused,
        "reason": answer.reason,
        "backend": answer.backend,
        "citations": [_citation_json(citation) for citation in answer.citations],
        "figures": [_figure_json(figure) for figure in answer.figures],
        "amendment": answer.amendment,
        "timings_ms": timings_ms,
    }


def hit_json(rank: int, hit: Hit) -> dict[str, Any]:
    return {
        "rank": rank,
        "score": round(hit.score, 6),
        "chunk_id": hit.chunk.chunk_id,
        "rcept_no": hit.filing.rcept_no,
        "corp_code": hit.filing.corp_code,
        "corp_name": hit.filing.corp_name,
        "report_nm": hit.filing.report_nm,
        "section": hit.section,
        "text": hit.chunk.text,
    }


def hit_text(rank: int, hit: Hit) -> str:
    fictional = _FICTIONAL if hit.filing.fictional else ""
    head = f"{rank}. {hit.filing.corp_name} · {hit.filing.report_nm}{fictional} · {hit.section}"
    body = "\n".join(f"   {line}" for line in hit.chunk.text.strip().splitlines()[:8])
    return f"{head}  ({hit.score:.3f})\n{body}\n   {hit.filing.url}"


def _citation_json(citation: Citation) -> dict[str, Any]:
    filing = citation.filing
    return {
        "n": citation.n,
        "rcept_no": filing.rcept_no,
        "corp_code": filing.corp_code,
        "corp_name": filing.corp_name,
        "report_nm": filing.report_nm,
        "section": citation.section,
        "url": filing.url,
        "quote": citation.quote,
    }


def _figure_json(shown: AnswerFigure) -> dict[str, Any]:
    return {
        "label": shown.label,
        "text": shown.text,
        "value": _number(shown.value),
        "unit": shown.unit,
        "period": shown.period,
        "basis": shown.basis,
        **_cell_json(shown.source),
        "formula": shown.formula,
        "operands": [_operand_json(figure) for figure in shown.operands],
        "verified": shown.verified,
    }


def _operand_json(figure: Figure) -> dict[str, Any]:
    return {
        "label": figure.account,
        "value": _number(figure.value),
        "unit": figure.unit,
        "period": figure.period,
        "basis": figure.basis,
        **_cell_json(figure),
    }


def _cell_json(figure: Figure | None) -> dict[str, Any]:
    if figure is None:
        return dict.fromkeys(("rcept_no", "section", "table", "row", "column"))
    return {
        "rcept_no": figure.rcept_no,
        "section": figure.section,
        "table": figure.table,
        "row": figure.row,
        "column": figure.column,
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
