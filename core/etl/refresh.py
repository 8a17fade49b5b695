"""Fetched filings → the database, by the same way as files a person points at."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from core.etl.archive import Archive
from core.etl.pipeline import Destination, Outcome, import_filings
from core.etl.source import Source
from core.ports import Progress

_BROUGHT = 100  # zips of a distant archive on this disk at once


def import_fetched(
    rows: Sequence[Mapping[str, Any]], archive: Archive, folder: Path, to: Destination, progress: Progress
) -> Outcome:
    """`import_filings` of the archive's zips of these rows; raises StoreError when one is not there."""
    whole = Outcome()
    size = max(len(rows), 1) if archive.is_local else _BROUGHT
    for at in range(0, len(rows), size):
        with ExitStack() as stack:
            sources = [
                Source(
                    stack.enter_context(archive.local(row["rcept_no"], folder / "raw")), row["rcept_no"], row
                )
                for row in rows[at : at + size]
            ]
            made = import_filings(sources, folder, to, progress)
        whole.loaded += made.loaded
        whole.unchanged += made.unchanged
        whole.quarantined += made.quarantined
        whole.warnings += made.warnings
    return whole
