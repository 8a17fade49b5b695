"""How long an answer takes as the corpus grows: `make bench-answering`.

    python -m benchmarks.answering [--chunks 10000 30000 100000] [--folder FOLDER]

Simulated filings (corpus.py) are loaded up to each size. At each size the questions of the answer sets are
asked of simulated companies in one warm process: once as whole turns (profile, understanding, retrieval,
figures, writing with the extractive writer, verification, what to ask next, memory), once for the steps of
the graph that make the answer alone: understand, retrieve (figures among it), generate, verify (what to ask
next among it). Beside it, on the same table, the same texts go to a plain similarity search of LangChain's
PGVectorStore, embedding included. `--folder` keeps the corpus and the database for another run.
"""

import argparse
import asyncio
import json
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpus import REAL, generate

if TYPE_CHECKING:
    from core.rag.answering import Answering

ROOT = Path(__file__).parents[1]

GOLD = (
    ROOT.parent / "shared" / "data" / "answers" / "dev.jsonl",
    ROOT / "tests" / "gold" / "real-a.jsonl",
    ROOT / "tests" / "gold" / "real-b.jsonl",
)
TODAY = date(2025, 11, 24)
LATER = 1_000_000  # chunks that the growth is drawn out to
_PER_ROUND = 1_600  # chunks of the 27 filings, of which the two large ones hold nearly all
_NEAREST = 10
_STEPS = ("understand", "retrieve", "generate", "verify")


def questions(folder: Path, seed: int = 7) -> list[str]:
    """Those of the sets that stand for themselves, of a simulated company instead of the real one."""
    real = [json.loads(line) for line in (REAL / "manifest.jsonl").read_text("utf-8").splitlines()]
    copies = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    reports = {row["report_nm"] + row["rcept_dt"]: row["corp_name"] for row in real}
    named: dict[str, list[str]] = {}
    for row in copies:
        named.setdefault(reports[row["report_nm"] + row["rcept_dt"]], []).append(row["corp_name"])
    rng = random.Random(seed)  # noqa: S311  # no secret
    asked = []
    for path in GOLD:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            name = next((one for one in sorted(named, key=len, reverse=True) if one in row["question"]), None)
            if name and not row["after"]:
                asked.append(row["question"].replace(name, rng.choice(named[name])))
    return asked


@dataclass
class Times:
    """Seconds of each question, in the order asked: a whole turn, its steps, a similarity search."""

    turns: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)


async def measure(asked: Sequence[str]) -> tuple[int, Times]:
    """The chunks there are, and how long the questions took among them."""
    import psycopg

    from core.settings import load_settings
    from core.store.connect import open_database
    from core.store.vectors import open_vectors
    from core.wiring.answering import open_answering
    from core.wiring.models import build_embedder, build_tokenizer

    settings = load_settings()
    conninfo = open_database(settings)
    with psycopg.connect(conninfo, autocommit=True) as conn:
        conn.execute("vacuum analyze chunk")
        row = conn.execute("select count(*) from chunk").fetchone()
    assert row is not None  # noqa: S101
    tokenizer = build_tokenizer()
    times = Times()
    async with (
        open_answering(settings) as answering,
        open_vectors(conninfo, tokenizer, build_embedder(settings.embedding, tokenizer)) as vectors,
    ):
        for warm in (True, False):
            for number, text in enumerate(asked[:30] if warm else asked):
                ways = [(_turn, times.turns), (_steps, times.steps)]
                for way, seconds in ways if number % 2 else reversed(ways):  # the second finds pages read
                    seconds.append(await way(answering, text, f"bench:{number}"))
                    await answering.forget(f"bench:{number}")
                started = time.perf_counter()
                await vectors.store.asimilarity_search(text, k=_NEAREST)
                times.searches.append(time.perf_counter() - started)
            if warm:
                times = Times()
    return int(row[0]), times


async def _turn(answering: "Answering", text: str, lane: str) -> float:
    started = time.perf_counter()
    async for _ in answering.ask(text, conversation=lane, today=TODAY):
        pass
    return time.perf_counter() - started


async def _steps(answering: "Answering", text: str, lane: str) -> float:
    """Seconds from the start of each step to its end, of those in _STEPS together."""
    from core.rag.turn import Asker

    asker = Asker(None, None, TODAY, datetime.now(UTC))
    begun: dict[str, float] = {}
    seconds = 0.0
    async for task in answering.graph.astream(
        {"text": text}, {"configurable": {"thread_id": lane}}, context=asker, stream_mode="tasks"
    ):
        if task["name"] not in _STEPS:
            continue
        if "input" in task:
            begun[task["name"]] = time.perf_counter()
        else:
            seconds += time.perf_counter() - begun[task["name"]]
    return seconds


def told(count: int, times: Times) -> float:
    """Prints a row; the 95th percentile of the turns in ms."""
    (turn, turn95), (steps, steps95), (search, search95) = map(
        _percentiles, (times.turns, times.steps, times.searches)
    )
    print(
        f"{count:9,} chunks  turn p50 {turn:6.1f}  p95 {turn95:6.1f} ms   "
        f"its steps p50 {steps:6.1f}  p95 {steps95:6.1f} ms   "
        f"similarity search p50 {search:5.1f}  p95 {search95:5.1f} ms   {steps95 / search95:4.1f}x",
        flush=True,
    )
    return turn95


def _percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th, in ms."""
    ordered = sorted(seconds)
    return ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.95)] * 1000


def run(folder: Path, sizes: Sequence[int]) -> None:
    from bots.commands.etl import import_paths
    from core.settings import load_settings
    from core.store.connect import close_database

    os.environ |= {"GONGSI_PATHS__DATA": str(folder / "data"), "GONGSI_LLM__BACKEND": "extractive"}
    settings = load_settings()
    points: list[tuple[int, float]] = []
    made = 0
    try:
        for size in sizes:
            part, before = folder / f"market-{size}", made
            made = 27 * math.ceil(size / _PER_ROUND)
            if not part.exists():
                generate(part, made - before, made, seed=size, start=before)
            import_paths([part], settings, quiet=True)
            count, times = asyncio.run(measure(questions(part)))
            points.append((count, told(count, times)))
    finally:
        close_database(settings)
    (a, first), (b, last) = points[0], points[-1]
    if b > a:
        power = math.log(last / first) / math.log(b / a)
        print(f"grows with chunks^{power:.2f}: {last * (LATER / b) ** power:,.0f} ms at {LATER:,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if not REAL.is_dir():
        sys.exit("../shared/data/filings is not beside this checkout")
    if asked.folder:
        run(asked.folder.absolute(), asked.chunks)
    else:
        with tempfile.TemporaryDirectory(prefix="gongsi-answering-") as folder:
            run(Path(folder), asked.chunks)


if __name__ == "__main__":
    main()
