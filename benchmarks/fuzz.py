"""Mutated filings through read, listing, transform and Parquet: `make fuzz`.

Each is read or refused in one Korean sentence, within a second of CPU a 100 kB; whatever else happens
is a failure, and its bytes are kept under data/fuzz. Exit code 1 when there is one.
"""

import argparse
import multiprocessing
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import FrameType

import pyarrow.parquet  # noqa: F401 - core.etl.parquet loads it late: the time of no filing

from benchmarks.mutation import mutated, shapes_in
from core.errors import UnreadableFiling
from core.etl.document import Document, Table
from core.etl.parquet import Made, write_shard
from core.etl.source import Source, listing, open_source, read_source
from core.etl.transform import transform
from core.korean import parse_amount
from core.model import Transformed

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "samples", ROOT.parent / "shared" / "data" / "filings")
KEPT = ROOT / "data" / "fuzz"
FLOOR = 0.5  # seconds; of a small document
RATE = 100_000  # bytes a second
# Characters written for each read: 8.4 in the most tabular of the real filings, whose figures repeat labels.
GROWTH, ROOM = 60, 200_000
_MEMORY = 6 * 1024**3
_BATCH = 25
_SENTENCE = re.compile(r"[^\n]{1,400}")
_HANGUL = re.compile("[가-힣]")


class TooSlow(BaseException):
    """Not an Exception: nothing that is being tested may catch it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`failure` says what is wrong, `refusal` why the filing was not read; neither: it was read.

    `seconds` of CPU, `size` the larger of the file and the document in it.
    """

    number: int
    size: int
    seconds: float
    refusal: str | None = None
    failure: str | None = None

    @property
    def rate(self) -> float:
        """Seconds a 100 kB, small documents counted as FLOOR's size."""
        return self.seconds / max(self.size / RATE, FLOOR)


def examine(name: str, data: bytes, folder: Path, *, number: int = 0, twice: bool = True) -> Verdict:
    """Every promise about one file, which is written to `folder`; `twice` compares two runs."""
    path = folder / name
    path.write_bytes(data)
    source = Source(path, re.findall(r"\d{14}", name)[0])
    size, started = len(data), time.process_time()
    refusal = failure = None
    try:
        document, made = _run(source)
        write_shard(folder, 0, [Made("", made, rcept_no=made.filing.rcept_no)])
        seconds = time.process_time() - started
        size = max(size, len(open_source(source)[0]))
        failure = _broken_promise(document, made, size) or _not_again(source, made, twice)
    except UnreadableFiling as error:
        seconds = time.process_time() - started
        refusal = str(error)
        if not _SENTENCE.fullmatch(refusal) or not _HANGUL.search(refusal):
            failure = f"no Korean sentence: {refusal!r}"
    except TooSlow:
        seconds, failure = time.process_time() - started, "too slow: stopped"
    except Exception as error:
        seconds, failure = time.process_time() - started, _where(error)
    if seconds > max(FLOOR, size / RATE) and not failure:
        failure = f"too slow: {seconds:.1f} s for {size:,} bytes"
    return Verdict(number, size, seconds, refusal, failure)


def _run(source: Source) -> tuple[Document, Transformed]:
    document, member, _ = read_source(source)
    return document, transform(document, listing(document, source, member))


def _where(error: Exception) -> str:
    """The exception and the innermost line of our own that it came through."""
    trace, at = error.__traceback__, ""
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if f"{ROOT}/core" in file:
            at = f"{Path(file).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {at}: {str(error)[:200]}"


def _broken_promise(document: Document, made: Transformed, size: int) -> str | None:
    grids = {b.number: b.grid for s in document.sections for b in s.blocks if isinstance(b, Table)}
    for figure in made.figures:
        value = parse_amount(figure.cell)
        if figure.cell not in grids[figure.table][figure.row_no][figure.column_no].text:
            return f"a figure is not in its cell: {figure.cell!r}"
        if value is None or value * figure.scale != figure.value:
            return f"a figure is not what its cell reads as: {figure.cell!r}"
        if not figure.unit or not figure.account:
            return f"a figure without unit or account: {figure.cell!r}"
    if not re.fullmatch(r"[\w-]+/\d{4}/\w+/\d{14}", made.filing.path):
        return f"a path of the document's making: {made.filing.path[:100]!r}"
    cells = [(f.table, f.row_no, f.column_no, f.origin) for f in made.figures]
    if len(cells) != len(set(cells)):
        return "a cell gives two figures"
    written = _written(made)
    if written > GROWTH * size + ROOM:
        return f"output of {written:,} characters from {size:,} bytes"
    return None


def _written(made: Transformed) -> int:
    figures = sum(
        len(f.account) + len(f.row) + len(f.column) + len(f.section) + len(f.caption) + len(f.segment or "")
        for f in made.figures
    )
    chunks = sum(len(chunk.header) + len(chunk.text) for chunk in made.chunks)
    passages = sum(len(passage.path) + len(passage.text) for passage in made.passages)
    return len(made.markdown) + passages + chunks + figures


def _not_again(source: Source, made: Transformed, twice: bool) -> str | None:
    if twice and _run(source)[1] != made:
        return "another run makes something else"
    return None


@cache
def _shapes() -> tuple[object, ...]:
    return tuple(shapes_in(*(folder for folder in FOLDERS if folder.is_dir())))


def document(seed: int, number: int) -> tuple[str, bytes]:
    """The file of that number, the same on any machine that has the same shapes."""
    return mutated(_shapes(), Random(f"{seed}/{number}"))  # type: ignore[arg-type]  # noqa: S311


def work(seed: int, numbers: Sequence[int]) -> list[Verdict]:
    verdicts = []
    with tempfile.TemporaryDirectory(prefix="gongsi-fuzz-") as folder:
        for number in numbers:
            name, data = document(seed, number)
            # CPU of both runs and of the checks, doubled: what is slow and ends is told by its seconds
            signal.setitimer(signal.ITIMER_PROF, 4 * max(FLOOR, len(data) / RATE) + 10)
            try:
                verdicts.append(examine(name, data, Path(folder), number=number, twice=number % 4 == 0))
            except TooSlow:
                verdicts.append(Verdict(number, len(data), 99, failure="too slow: stopped in a check"))
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
    return verdicts


def _bounded() -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    signal.signal(signal.SIGPROF, stop)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def run(seed: int, count: int, processes: int) -> Iterator[Verdict]:
    batches = [range(at, min(at + _BATCH, count)) for at in range(0, count, _BATCH)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _bounded) as pool:
        futures = {pool.submit(work, seed, batch): batch for batch in batches}
        for future, batch in futures.items():
            try:
                yield from future.result()
            except BrokenProcessPool:
                yield Verdict(batch[0], 0, 0, failure=f"the process died at one of {batch}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--documents", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=20251124)
    asked.add_argument("--processes", type=int, default=2)
    given = asked.parse_args()
    shutil.rmtree(KEPT, ignore_errors=True)
    started, verdicts, failures = time.monotonic(), [], 0
    for verdict in run(given.seed, given.documents, given.processes):
        verdicts.append(verdict)
        if verdict.failure:
            failures += 1
            KEPT.mkdir(parents=True, exist_ok=True)
            name, data = document(given.seed, verdict.number)
            kept = KEPT / f"{verdict.number}-{name}"
            kept.write_bytes(data)
            print(f"FAILED {kept.relative_to(ROOT)}: {verdict.failure}", flush=True)
        if len(verdicts) % 1000 == 0:
            print(f"… {len(verdicts):,} ({time.monotonic() - started:,.0f} s)", file=sys.stderr, flush=True)
    _report(verdicts, len(_shapes()), time.monotonic() - started)
    sys.exit(1 if failures else 0)


def _report(verdicts: Sequence[Verdict], shapes: int, seconds: float) -> None:
    read = [v for v in verdicts if not v.refusal and not v.failure]
    refused = Counter(_reason(v.refusal) for v in verdicts if v.refusal)
    failed = sum(1 for v in verdicts if v.failure)
    size = sum(v.size for v in verdicts)
    print(f"{len(verdicts):,} documents of {shapes} shapes, {size / 1e6:,.0f} MB, {seconds:,.0f} s")
    print(f"read {len(read):,}, refused {sum(refused.values()):,}, failed {failed:,}")
    for reason, count in refused.most_common():
        print(f"  {count:6,}  {reason}")
    slowest = sorted(verdicts, key=lambda v: v.rate, reverse=True)[:5]
    print("slowest, CPU seconds a 100 kB (less than 50 kB count as 50 kB):")
    for v in slowest:
        print(f"  {v.rate:.3f}  number {v.number}, {v.size:,} bytes, {v.seconds:.2f} s")


def _reason(refusal: str) -> str:
    """The sentence without the file's name and its numbers."""
    said = re.sub(r"\d[\d,]*", "N", refusal.rsplit(": ", 1)[-1] if "접수일" not in refusal else "접수일")
    return said[:80]


if __name__ == "__main__":
    main()
