"""An evaluation as one page: a plot, the table, and answers side by side with what is wrong in them."""

from collections.abc import Mapping
from html import escape
from typing import Any

from finetune.chart import Bars, svg
from finetune.evaluate import Marked, Marks
from finetune.judge import NAMES

_WORSE = NAMES | {
    "floor": "숫자가 맞는 답이 절반도 되지 않음",
    "answers.exact": "봇 질문의 숫자",
    "answers.wrong": "봇 질문의 틀린 숫자",
}
_MOST = 40  # answers shown, the worst first
_STYLE = (
    "body{font:15px/1.6 sans-serif;margin:2em auto;max-width:1100px;padding:0 1em}"
    "table{border-collapse:collapse}"
    "td,th{border:1px solid #ccc;padding:.3em .6em;vertical-align:top;text-align:left}"
    "pre{white-space:pre-wrap;"
    "font:inherit;margin:0}.fault{color:#b00020}.verdict{font-size:1.2em;padding:.5em;background:#eef}"
    "details{margin:.6em 0}.side{display:grid;grid-template-columns:1fr 1fr 1fr;gap:1em}"
)


def page(report: Mapping[str, Any], base: Marks, tuned: Marks) -> str:
    """Texts of models and filings are data: everything is escaped."""
    rows = {"모두 맞음": [base.right, tuned.right], "chrF": [base.likeness, tuned.likeness]}
    rows |= {f"{NAMES[kind]} 틀림 없음": [base.clean(kind), tuned.clean(kind)] for kind in NAMES}
    for name, title in (("exact", "봇 질문: 숫자 정확"), ("accuracy", "봇 질문: 모두 맞음")):
        both = [_answer(marks, name) for marks in (base, tuned)]
        if None not in both:
            rows[title] = [value or 0.0 for value in both]
    names = (f"바탕 {base.name}", f"학습 {tuned.name}")
    plot = svg([Bars(f"{report['records']}개 기록", names, rows, percent=True)])
    table = "".join(
        f"<tr><td>{escape(name)}</td><td>{before:.1%}</td><td>{after:.1%}</td>"
        f"<td>{after - before:+.1%}</td></tr>"
        for name, (before, after) in rows.items()
    )
    verdict = (
        "배포해도 됩니다: 숫자·날짜·회사·뜻·의견에서 바탕보다 나빠지지 않았습니다."
        if report["verdict"] == "ok"
        else f"배포하지 마세요. 나빠진 것: {', '.join(_WORSE.get(one, one) for one in report['worse'])}"
    )
    pairs = sorted(
        zip(base.marked, tuned.marked, strict=True), key=lambda pair: len(pair[1].faults), reverse=True
    )
    shown = "".join(_pair(*pair) for pair in pairs[:_MOST])
    return (
        '<!doctype html><html lang="ko"><meta charset="utf-8"><title>파인튜닝 평가</title>'
        f"<style>{_STYLE}</style><h1>파인튜닝 평가</h1><p class=verdict>{escape(verdict)}</p>{plot}"
        f"<table><tr><th></th><th>{escape(names[0])}</th><th>{escape(names[1])}</th><th>차이</th></tr>{table}</table>"
        f"<h2>나란히 보기</h2>{shown}</html>\n"
    )


def _answer(marks: Marks, name: str) -> float | None:
    if not marks.answers:
        return None
    value = marks.answers["figures"]["exact"] if name == "exact" else marks.answers[name]
    return None if value is None else float(value)


def _pair(base: Marked, tuned: Marked) -> str:
    record = base.record
    title = f"{record.corp_name} · {record.level.korean} · {record.prompt.strip().splitlines()[-1][:60]}"
    sides = "".join(
        f"<div><b>{name}</b><pre>{escape(text)}</pre>{faults}</div>"
        for name, text, faults in (
            ("바른 답", record.output, ""),
            ("바탕", base.said, _faults(base)),
            ("학습", tuned.said, _faults(tuned)),
        )
    )
    return (
        f"<details><summary>{escape(title)} — 바탕 {len(base.faults)}, 학습 {len(tuned.faults)}</summary>"
        f"<pre>{escape(record.prompt)}</pre><div class=side>{sides}</div></details>"
    )


def _faults(one: Marked) -> str:
    return "".join(f'<p class="fault">{escape(f.told)}: {escape(f.sentence[:120])}</p>' for f in one.faults)
