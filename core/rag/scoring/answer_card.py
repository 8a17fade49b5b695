"""The scorecard of many answers: shares in [0, 1], None where nothing was there to measure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from core.rag.scoring.answer_score import Verdict
from core.rag.scoring.scorecard import percentile

UNLEVELLED = "default"


def card(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """`accuracy`, rates over figures, citations and refusals, milliseconds, and parts by kind and level."""
    return {
        "questions": len(verdicts),
        "right": sum(verdict.right for verdict in verdicts),
        "accuracy": _share(verdict.right for verdict in verdicts),
        "figures": _figures(verdicts),
        "citation": _share(verdict.cited for verdict in verdicts),
        "refusal": _refusal(verdicts),
        "amendment": _share(verdict.right for verdict in verdicts if verdict.gold.kind == "amendment"),
        "latency_ms": _latency(verdicts),
        "kinds": _parts((verdict.gold.kind, verdict) for verdict in verdicts),
        "levels": _parts((verdict.level or UNLEVELLED, verdict) for verdict in verdicts),
        "failures": [verdict.gold.id for verdict in verdicts if not verdict.right],
    }


def _figures(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    figures = [figure for verdict in verdicts for figure in verdict.figures]
    wrong = [verdict.gold.id for verdict in verdicts if verdict.wrong_figure]
    return {
        "expected": len(figures),
        "exact": _share(figure.exact for figure in figures),
        "value": _share(figure.value for figure in figures),
        "period": _share(figure.period for figure in figures),
        "basis": _share(figure.basis for figure in figures),
        "filing": _share(figure.filing for figure in figures),
        "shown": _share(figure.shown for figure in figures),
        "wrong": _share(verdict.wrong_figure for verdict in verdicts),
        "wrong_answers": wrong,
    }


def _refusal(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Precision over what was refused, recall over what had to be; `reason` over what was refused rightly."""
    rightly = [v for v in verdicts if v.answer.refused and v.gold.expect.refused]
    return {
        "precision": _share(v.gold.expect.refused for v in verdicts if v.answer.refused),
        "recall": _share(v.answer.refused for v in verdicts if v.gold.expect.refused),
        "reason": _share(v.refusal for v in rightly),
    }


def _latency(verdicts: Sequence[Verdict]) -> dict[str, float]:
    times = [verdict.milliseconds for verdict in verdicts]
    return {"p50": round(percentile(times, 0.5), 1), "p95": round(percentile(times, 0.95), 1)}


def _parts(named: Iterable[tuple[str, Verdict]]) -> dict[str, dict[str, Any]]:
    parts: dict[str, list[Verdict]] = defaultdict(list)
    for name, verdict in named:
        parts[name].append(verdict)
    return {
        name: {
            "questions": len(part),
            "right": sum(verdict.right for verdict in part),
            "accuracy": _share(verdict.right for verdict in part),
            "wrong_figure": _share(verdict.wrong_figure for verdict in part),
        }
        for name, part in parts.items()
    }


def _share(held: Iterable[bool | None]) -> float | None:
    measured = [one for one in held if one is not None]
    return round(sum(measured) / len(measured), 4) if measured else None
