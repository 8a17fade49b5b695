"""Fetched filings → Markdown and Parquet, by the same way as files a person points at."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from core.etl.archive import Archive
from core.etl.engine import Engine
from core.etl.pipeline import Outcome, transform_filings
from core.etl.shards import Shards
from core.etl.source import Source
from core.ports import Progress

_BROUGHT = 100  # zips of a distant archive on this disk at once


def transform_fetched(
    rows: Sequence[Mapping[str, Any]],
    archive: Archive,
    shards: Shards,
    progress: Progress,
    engine: Engine | None = None,
) -> Outcome:
    """`transform_filings` of the archive's zips of these rows; raises StoreError when one is not there."""
    whole = Outcome()
    size = max(len(rows), 1) if archive.is_local else _BROUGHT
    for at in range(0, len(rows), size):
        with ExitStack() as stack:
            sources = [
                Source(
                    stack.enter_context(archive.local(row["rcept_no"], shards.folder / "raw")),
                    row["rcept_no"],
                    row,
                )
                for row in rows[at : at + size]
            ]
            whole += transform_filings(sources, shards, progress, engine)
    return whole
