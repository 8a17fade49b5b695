"""Files of brokers' reports → the database, one at a time; one that cannot be read stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import UnreadableFiling
from core.etl.reports.parse import open_report, parse_report, report_id
from core.model import Company
from core.ports import Progress
from core.report import ParsedReport, Report


@dataclass(frozen=True, slots=True)
class ReportDestination:
    """Where reports go. `quarantine(source, None)` forgets an earlier refusal."""

    companies: Sequence[Company]
    find: Callable[[str], Report | None]
    load: Callable[[ParsedReport], bool]
    quarantine: Callable[[str, str | None], None]


@dataclass(slots=True)
class ReportOutcome:
    """What became of each file; warnings and refusals by file name."""

    loaded: list[Report] = field(default_factory=list)
    unchanged: list[Report] = field(default_factory=list)
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


def import_reports(files: Sequence[Path], to: ReportDestination, progress: Progress) -> ReportOutcome:
    outcome = ReportOutcome()
    progress.start("리포트를 읽어 넣는 중", len(files))
    try:
        for file in files:
            _import_one(file, to, outcome)
            progress.advance()
    finally:
        progress.finish()
    return outcome


def _import_one(file: Path, to: ReportDestination, outcome: ReportOutcome) -> None:
    source = str(file.resolve())
    try:
        data = open_report(file)
        stored = to.find(report_id(data))
        if stored:
            outcome.unchanged.append(stored)
            to.quarantine(source, None)
            return
        parsed = parse_report(data, file.name, to.companies)
    except UnreadableFiling as error:
        to.quarantine(source, str(error))
        outcome.quarantined.append((file.name, str(error)))
        return
    outcome.warnings += [(file.name, warning) for warning in parsed.warnings]
    (outcome.loaded if to.load(parsed) else outcome.unchanged).append(parsed.report)
    to.quarantine(source, None)
