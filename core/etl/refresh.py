"""Fetched filings → Markdown and Parquet, by the same way as files a person points at."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from core.etl.archive import Archive
from core.etl.engine import Engine
from core.etl.pipeline import Outcome, transform_filings
from core.etl.shards import Shards
from core.etl.source import Source
from core.etl.supplement import SUFFIX
from core.ports import Progress

_BROUGHT = 100  # zips of a distant archive on this disk at once


def transform_fetched(
    rows: Sequence[Mapping[str, Any]],
    archive: Archive,
    shards: Shards,
    progress: Progress,
    engine: Engine | None = None,
) -> Outcome:
    """`transform_filings` of what the archive has of these rows; raises StoreError when that is nothing."""
    whole = Outcome()
    size = max(len(rows), 1) if archive.is_local else _BROUGHT
    for at in range(0, len(rows), size):
        with ExitStack() as stack:
            sources = [_source(row, archive, shards.folder / "raw", stack) for row in rows[at : at + size]]
            whole += transform_filings(sources, shards, progress, engine)
    return whole


def _source(row: Mapping[str, Any], archive: Archive, folder: Path, stack: ExitStack) -> Source:
    """The zip and what stands beside it, or that alone where DART has no original."""
    rcept_no = row["rcept_no"]
    beside = archive.has(rcept_no, SUFFIX)
    supplement = stack.enter_context(archive.local(rcept_no, folder, SUFFIX)) if beside else None
    if supplement and not archive.has(rcept_no):
        return Source(supplement, rcept_no, row, supplement)
    return Source(stack.enter_context(archive.local(rcept_no, folder)), rcept_no, row, supplement)
