"""`gongsi etl …`: filings on disk into the database."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bots.progress import progress
from core.errors import InputError
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from core.etl.engine import Engine
    from core.etl.pipeline import Outcome
    from core.etl.reports.pipeline import ReportOutcome
    from core.etl.source import Source

app = typer.Typer(no_args_is_help=True)


@app.command("import", help="DART 파일(xml, html, zip, 폴더, manifest.jsonl)을 읽어 넣습니다.")
def import_(paths: Annotated[list[Path], typer.Argument(help="파일이나 폴더")]) -> None:
    outcome = import_paths(paths, load_settings())
    if outcome.quarantined and not (outcome.loaded or outcome.unchanged):
        raise InputError("읽은 공시가 하나도 없습니다.")


def import_paths(paths: Sequence[Path], settings: Settings, *, quiet: bool = False) -> "Outcome":
    """Import and say what happened; `quiet` says nothing when nothing changed."""
    from core.etl.pipeline import transform_filings
    from core.wiring.etl import open_shards

    made = transform_filings(sources_in(paths), open_shards(settings), progress())
    outcome = made.then(load_transformed(settings))
    report(outcome, quiet=quiet)
    return outcome


def sources_in(paths: Sequence[Path]) -> "list[Source]":
    from core.etl.source import discover

    sources = discover(paths)
    if not sources:
        raise InputError(f"공시 파일이 없습니다: {', '.join(map(str, paths))}")
    return sources


def load_transformed(settings: Settings, engine: "Engine | None" = None) -> "Outcome":
    from core.etl.load import load_filings
    from core.wiring.etl import open_destination, open_shards

    with open_destination(settings) as destination:
        return load_filings(open_shards(settings), destination, progress(), engine)


def report(outcome: "Outcome", *, quiet: bool = False) -> None:
    say_problems(outcome)
    if outcome.loaded or outcome.quarantined or not quiet:
        sys.stdout.write(f"{summary('공시', outcome)}\n")


def say_problems(outcome: "Outcome | ReportOutcome") -> None:
    for name, warning in outcome.warnings:
        sys.stderr.write(f"주의 {name}: {warning}\n")
    for name, reason in outcome.quarantined:
        sys.stderr.write(f"격리 {name}: {reason}\n")


def summary(what: str, outcome: "Outcome | ReportOutcome") -> str:
    if not outcome.loaded and not outcome.quarantined:
        return f"바뀐 것이 없습니다: {what} {len(outcome.unchanged)}건이 이미 들어 있습니다."
    parts = [f"새로 넣음 {len(outcome.loaded)}건", f"그대로 {len(outcome.unchanged)}건"]
    if outcome.quarantined:
        parts.append(f"격리 {len(outcome.quarantined)}건")
    return ", ".join(parts)
