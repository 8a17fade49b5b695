"""`gongsi etl reports`: brokers' reports a user has, kept apart from filings."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bots.commands.etl import say_problems, summary
from bots.progress import progress
from core.errors import InputError
from core.report import Report
from core.settings import load_settings

if TYPE_CHECKING:
    from core.etl.reports.pipeline import ReportOutcome


def reports(
    paths: Annotated[list[Path], typer.Argument(help="증권사 리포트 파일(PDF, md, txt)이나 폴더")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON으로")] = False,
) -> None:
    from core.etl.reports.parse import find_reports
    from core.etl.reports.pipeline import import_reports
    from core.wiring.etl import open_report_destination

    files = find_reports(paths)
    with open_report_destination(load_settings()) as destination:
        outcome = import_reports(files, destination, progress())
    say_problems(outcome)
    if as_json:
        sys.stdout.write(json.dumps(_rows(outcome), ensure_ascii=False) + "\n")
    else:
        for report in outcome.loaded:
            sys.stdout.write(f"{report_line(report)}\n")
        sys.stdout.write(f"{summary('리포트', outcome)}\n")
    if outcome.quarantined and not (outcome.loaded or outcome.unchanged):
        raise InputError("읽은 리포트가 하나도 없습니다.")


def report_line(report: Report) -> str:
    """`가온전자 · 가나증권 2026-05-12 · 매수(유지) · 목표주가 85,000원(상향, 기존 78,000원) · 제목`."""
    said = [report.corp_name, f"{report.broker} {report.published.isoformat()}"]
    if report.rating:
        said.append(_with(report.rating.word, [report.rating.change]))
    if report.target:
        old = f"기존 {report.previous_target.won:,}원" if report.previous_target else None
        said.append(_with(f"목표주가 {report.target.won:,}원", [report.target.change, old]))
    return " · ".join([*said, report.title])


def _with(text: str, notes: list[str | None]) -> str:
    known = [note for note in notes if note]
    return f"{text}({', '.join(known)})" if known else text


def report_json(report: Report) -> dict[str, Any]:
    """The report's claims, each with the words and the page it was read from."""
    return {
        "report_id": report.report_id,
        "file": report.file_name,
        "corp_name": report.corp_name,
        "stock_code": report.stock_code,
        "broker": report.broker,
        "published": report.published.isoformat(),
        "title": report.title,
        "rating": _claim(report.rating),
        "target_price": _claim(report.target),
        "previous_target_price": _claim(report.previous_target),
        "summary": report.summary,
        "pages": report.pages,
        "citation": report.cite(),
    }


def _claim(claim: Any) -> dict[str, Any] | None:
    return {name: getattr(claim, name) for name in claim.__dataclass_fields__} if claim else None


def _rows(outcome: "ReportOutcome") -> list[dict[str, Any]]:
    return [
        *({"state": "loaded", **report_json(report)} for report in outcome.loaded),
        *({"state": "unchanged", **report_json(report)} for report in outcome.unchanged),
        *({"state": "quarantined", "file": name, "reason": why} for name, why in outcome.quarantined),
    ]
