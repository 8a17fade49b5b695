"""Files on disk → documents, chunks and figures → a database, one filing at a time.

Reading and transforming run in a pool of processes, loading in this one, in the order of the sources.
Every filing is its own transaction and its files are renamed into place, so an interrupted run
leaves whole filings only and the next run does the rest.
"""

import hashlib
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from multiprocessing import get_context
from pathlib import Path

from core.errors import GongsiError, UnreadableFiling
from core.etl.parquet import write_parquet
from core.etl.source import Source, listing, read_source
from core.etl.transform import transform
from core.model import Transformed
from core.ports import Progress

_ALONE = 8  # sources; below this, starting processes (0.5 s each) takes longer than they save


@dataclass(frozen=True, slots=True)
class Stored:
    """A filing that is loaded: its number and its Markdown under `docs/`."""

    rcept_no: str
    doc_path: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where filings go; a small set of functions, so that the pipeline knows no database.

    `find` tells what was made of the same input, `load` False when the same content is there already.
    """

    find: Callable[[str], Stored | None]
    load: Callable[[Transformed, str], bool]
    quarantine: Callable[[str, str | None, str], None]


@dataclass(slots=True)
class Outcome:
    """What an import did, by receipt number."""

    loaded: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Refused:
    reason: str


_Made = tuple[Transformed, list[str]] | _Refused


def import_filings(
    sources: Sequence[Source],
    folder: Path,
    destination: Destination,
    progress: Progress,
    *,
    processes: int | None = None,
) -> Outcome:
    """Read, transform, write under `folder` and load each source; a broken one is quarantined.

    A source that was loaded by the same rules is not read again. `processes` None: one a core.
    """
    outcome = Outcome()
    progress.start("공시를 읽어 넣는 중", len(sources))
    try:
        fresh: list[tuple[Source, str]] = []
        for source in sources:
            made_from = _input(source)
            known = destination.find(made_from)
            if known and (folder / "docs" / known.doc_path).is_file():
                outcome.unchanged.append(known.rcept_no)
                progress.advance()
            else:
                fresh.append((source, made_from))
        made = _made([source for source, _ in fresh], folder, processes or os.cpu_count() or 1)
        for (source, made_from), result in zip(fresh, made, strict=True):
            _put(source, made_from, result, destination, outcome)
            progress.advance()
    finally:
        progress.finish()
    return outcome


def _put(source: Source, made_from: str, made: _Made, to: Destination, outcome: Outcome) -> None:
    if isinstance(made, _Refused):
        to.quarantine(str(source.path), source.rcept_no, made.reason)
        outcome.quarantined.append((source.path.name, made.reason))
        return
    transformed, notes = made
    rcept_no = transformed.filing.rcept_no
    outcome.warnings += [(rcept_no, note) for note in (*notes, *transformed.warnings)]
    (outcome.loaded if to.load(transformed, made_from) else outcome.unchanged).append(rcept_no)


def _made(sources: Sequence[Source], folder: Path, processes: int) -> Iterator[_Made]:
    """What `make` gives for each source, in order; at most two filings a process wait to be loaded."""
    if len(sources) < _ALONE or processes == 1:
        yield from (make(source, folder) for source in sources)
        return
    # forkserver: the importing process has threads (Kiwi, psycopg), which a fork would not survive
    pool = ProcessPoolExecutor(
        min(processes, len(sources)), get_context("forkserver"), initializer=_leave_interrupts_to_the_parent
    )
    waiting: deque[Future[_Made]] = deque()
    try:
        for source in sources:
            waiting.append(pool.submit(make, source, folder))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise GongsiError(
            "공시를 읽던 프로세스가 죽었습니다(메모리 부족일 수 있습니다)."
            " 같은 명령을 다시 실행하면 이어서 합니다."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def make(source: Source, folder: Path) -> _Made:
    """Read and transform one source and write its files. Depends on nothing but its arguments."""
    try:
        document, member, notes = read_source(source)
        made = transform(document, listing(document, source, member))
    except UnreadableFiling as error:
        return _Refused(str(error))
    write_parquet(made, folder)
    return made, notes


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _input(source: Source) -> str:
    """Names the bytes of a source, what its manifest says of it, and the rules that read it."""
    digest = hashlib.blake2b(_rules(), digest_size=16)
    digest.update(repr((source.rcept_no, sorted((source.row or {}).items()))).encode())
    with source.path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


@cache
def _rules() -> bytes:
    """Changes with any code that transforms: nobody has to remember to raise a version."""
    digest = hashlib.blake2b(digest_size=16)
    for package in ("core", "core.etl"):
        for file in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".toml")) and (
                package == "core.etl" or file.name in ("korean.py", "model.py")
            ):
                digest.update(file.read_bytes())
    return digest.digest()
