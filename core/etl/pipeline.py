"""Files on disk → documents, chunks and figures → a database, one filing at a time.

Every filing is its own transaction and its files are renamed into place, so an interrupted run
leaves whole filings only and the next run does the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import UnreadableFiling
from core.etl.parquet import write_parquet
from core.etl.read import read_document
from core.etl.source import Source, listing, open_source
from core.etl.transform import transform
from core.model import Transformed
from core.ports import Progress


@dataclass(frozen=True, slots=True)
class Destination:
    """Where filings go; a small set of functions, so that the pipeline knows no database."""

    load: Callable[[Transformed], bool]
    quarantine: Callable[[str, str | None, str], None]


@dataclass(slots=True)
class Outcome:
    """What an import did, by receipt number."""

    loaded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


def import_filings(
    sources: Sequence[Source], folder: Path, destination: Destination, progress: Progress
) -> Outcome:
    """Read, transform, write under `folder` and load each source; a broken one is quarantined."""
    outcome = Outcome()
    progress.start("공시를 읽어 넣는 중", len(sources))
    try:
        for source in sources:
            _import_one(source, folder, destination, outcome)
            progress.advance()
    finally:
        progress.finish()
    return outcome


def _import_one(source: Source, folder: Path, to: Destination, outcome: Outcome) -> None:
    try:
        data, member, notes = open_source(source)
        document = read_document(data, member)
        made = transform(document, listing(document, source, member))
    except UnreadableFiling as error:
        to.quarantine(str(source.path), source.rcept_no, str(error))
        outcome.quarantined.append((source.path.name, str(error)))
        return
    rcept_no = made.filing.rcept_no
    outcome.warnings += [(rcept_no, note) for note in (*notes, *made.warnings)]
    write_parquet(made, folder)
    (outcome.loaded if to.load(made) else outcome.unchanged).append(rcept_no)
