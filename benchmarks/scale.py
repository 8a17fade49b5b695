"""Transform and load of thousands of filings, killed in the middle of each: `make bench-scale`.

    python benchmarks/scale.py [--filings 5000] [--large 20] [--folder FOLDER] [--engine process|ray]

Generates the corpus (corpus.py), runs `gongsi etl transform` and `gongsi etl load` on it as a person
would, kills both with SIGKILL half-way, runs them again to the end and once more, and prints times,
peak memory (RSS of the command and its processes, sampled; PostgreSQL's own apart), sizes, and what that
means for every listed company in a year. Extraction is not part of it: OpenDART's own pace bounds that.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.corpus import REAL, Corpus, generate

# A year of all listed companies. Reports a company and their mean XML in MB (notes/dart.md §1.1); the
# counts of the other kinds are our assumption.
_COMPANIES = 2_600
_YEAR = {
    "사업보고서": (1, 8.07),
    "반기보고서": (1, 4.4),
    "분기보고서": (2, 3.65),
    "주요사항보고서": (4, 0.038),
    "지분공시": (12, 0.20),
    "거래소 공시": (30, 0.011),
}


@dataclass(frozen=True, slots=True)
class Run:
    seconds: float
    cpu: float  # seconds, of the command and its processes
    peak_mb: float


def gongsi(data: Path, *arguments: str, stop_when: Callable[[], bool] | None = None) -> Run:
    """One command; SIGKILL as soon as `stop_when` says so."""
    started = time.monotonic()
    process: psutil.Process = psutil.Popen(
        [sys.executable, "-c", "from bots.cli import main; main()", *arguments],
        env={**os.environ, "GONGSI_PATHS__DATA": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak, family = 0.0, [process]
    cpu: dict[int, float] = {}
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        family = [process, *_children(process)]
        used = {one.pid: _used(one) for one in family}
        peak = max(peak, sum(rss for rss, _ in used.values()) / 1e6)
        cpu |= {pid: seconds for pid, (_, seconds) in used.items() if seconds}
        if stop_when and stop_when():
            process.send_signal(signal.SIGKILL)
        time.sleep(0.3)
    process.wait()
    if stop_when:
        _, left = psutil.wait_procs(family[1:], timeout=10)
        if left:
            print(f"!! {len(left)} processes outlived the kill")
    return Run(time.monotonic() - started, sum(cpu.values()), peak)


def _children(process: psutil.Process) -> list[psutil.Process]:
    """Without the database server, which the command may have started and which stays."""
    try:
        return [p for p in process.children(recursive=True) if "postgres" not in p.name()]
    except psutil.Error:
        return []


def _used(process: psutil.Process) -> tuple[float, float]:
    """(bytes resident, CPU seconds); zeros of one that has gone."""
    try:
        times = process.cpu_times()
        return float(process.memory_info().rss), times.user + times.system
    except psutil.Error:
        return 0.0, 0.0


def shards(data: Path) -> int:
    return len(list((data / "parquet" / "filings").glob("*.parquet")))


def loaded(url: str) -> int:
    with psycopg.connect(url) as conn:
        row = conn.execute("select count(*) from filing").fetchone()
    return int(row[0]) if row else 0


def size(folder: Path) -> float:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6


@dataclass(frozen=True, slots=True)
class Halted:
    """A command killed halfway and run again: `first_new` s of the second run until it got further."""

    killed: Run
    before: int
    rest: Run
    first_new: float
    again: Run

    @property
    def seconds(self) -> float:
        return self.killed.seconds + self.rest.seconds

    @property
    def cpu(self) -> float:
        return self.killed.cpu + self.rest.cpu

    def speed(self, corpus: Corpus) -> str:
        return (
            f"{corpus.filings / self.seconds:.0f} filings/s, {corpus.xml_bytes / 1e6 / self.seconds:.2f} MB/s"
            f" of XML, CPU {self.cpu:.0f} s, peak {max(self.killed.peak_mb, self.rest.peak_mb):.0f} MB;"
            f" a second run {self.again.seconds:.1f} s"
        )


def halted(data: Path, command: Sequence[str], done: Callable[[], int], half: int) -> Halted:
    killed = gongsi(data, *command, stop_when=lambda: done() >= half)
    before = done()
    started = time.monotonic()
    first_new = 0.0

    def note() -> bool:
        nonlocal first_new
        if not first_new and done() > before:
            first_new = time.monotonic() - started
        return False

    rest = gongsi(data, *command, stop_when=note)
    return Halted(killed, before, rest, first_new, gongsi(data, *command))


def transform(data: Path, source: Path, corpus: Corpus, engine: list[str]) -> tuple[float, float]:
    command = ("etl", "transform", str(source), *engine)
    run = halted(data, command, lambda: shards(data), corpus.filings // 200)
    print(
        f"transform: killed after {run.before} shards, {run.killed.seconds:.0f} s; the rest in"
        f" {run.rest.seconds:.0f} s (first new shard after {run.first_new:.1f} s), {shards(data)} shards"
    )
    print(f"transform: {run.speed(corpus)}")
    print(
        f"transform: Parquet {size(data / 'parquet'):.0f} MB in {4 * shards(data)} files,"
        f" Markdown {size(data / 'docs'):.0f} MB (XML {corpus.xml_bytes / 1e6:.0f} MB)"
    )
    return run.seconds, run.cpu


def load(data: Path, url: str, corpus: Corpus, engine: list[str]) -> tuple[float, float]:
    run = halted(data, ("etl", "load", *engine), lambda: loaded(url), corpus.filings // 2)
    print(
        f"load: killed at {run.before} filings, {run.killed.seconds:.0f} s; the rest in"
        f" {run.rest.seconds:.0f} s (first new filing after {run.first_new:.1f} s),"
        f" {loaded(url)} of {corpus.filings} loaded"
    )
    print(f"load: {run.speed(corpus)}")
    return run.seconds, run.cpu


def tables(url: str) -> float:
    with psycopg.connect(url) as conn:
        whole = conn.execute("select pg_database_size(current_database())").fetchone()
        rows = conn.execute(
            "select relname, pg_table_size(oid) / 1e6, pg_total_relation_size(oid) / 1e6, reltuples::bigint"
            " from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace"
            " and pg_total_relation_size(oid) > 1e6 order by 3 desc"
        ).fetchall()
        indexes = conn.execute(
            "select indexrelname, pg_relation_size(indexrelid) / 1e6 from pg_stat_user_indexes"
            " where pg_relation_size(indexrelid) > 1e6 order by 2 desc"
        ).fetchall()
    for name, table, total, count in rows:
        print(f"  {name}: {count:,} rows, table {table:.0f} MB, with indexes {total:.0f} MB")
    print("  indexes: " + ", ".join(f"{name} {mb:.0f} MB" for name, mb in indexes))
    megabytes = float(whole[0]) / 1e6 if whole else 0.0
    print(f"database: {megabytes:.0f} MB")
    return megabytes


def project(corpus: Corpus, seconds: float, cpu: float, parquet: float, docs: float, database: float) -> None:
    """By bytes of XML: time and disk follow them (see corpus.py)."""
    filings = sum(count for count, _ in _YEAR.values()) * _COMPANIES
    megabytes = sum(count * mb for count, mb in _YEAR.values()) * _COMPANIES
    factor = megabytes / (corpus.xml_bytes / 1e6)
    kinds = ", ".join(f"{kind} {count} × {mb} MB" for kind, (count, mb) in _YEAR.items())
    print(f"\nevery listed company for a year ({_COMPANIES:,} companies; each {kinds}):")
    print(f"  {filings:,} filings, {megabytes / 1000:.0f} GB of XML, {factor:.0f} times this run")
    print(
        f"  {factor * seconds / 3600:.0f} hours at the pace of this run ({factor * cpu / 3600:.0f} core-hours"
        f" without PostgreSQL), Parquet {factor * parquet / 1000:.0f} GB,"
        f" Markdown {factor * docs / 1000:.0f} GB, database {factor * database / 1000:.0f} GB"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--filings", type=int, default=5_000)
    parser.add_argument("--large", type=int, default=20)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--engine", default="process")
    asked = parser.parse_args()
    if not REAL.is_dir():
        sys.exit("../shared/data/filings is not beside this checkout")
    with tempfile.TemporaryDirectory(prefix="gongsi-scale-", ignore_cleanup_errors=True) as scratch:
        folder = asked.folder or Path(scratch)
        corpus = generate(folder / "corpus", asked.filings, asked.large)
        print(
            f"corpus: {corpus.filings:,} filings of {corpus.companies:,} companies,"
            f" {corpus.xml_bytes / 1e6:.0f} MB of XML, {corpus.zip_bytes / 1e6:.0f} MB zipped;"
            f" {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        data, engine = folder / "data", ["--engine", asked.engine]
        made = transform(data, folder / "corpus", corpus, engine)
        url = _url(data)
        empty = _megabytes(url)
        put = load(data, url, corpus, engine)
        database = tables(url) - empty
        seconds, cpu = made[0] + put[0], made[1] + put[1]
        project(corpus, seconds, cpu, size(data / "parquet"), size(data / "docs"), database)
        gongsi(data, "db", "stop")


def _url(data: Path) -> str:
    gongsi(data, "db", "start")
    gongsi(data, "db", "migrate")
    shown = subprocess.run(
        [sys.executable, "-c", "from bots.cli import main; main()", "db", "url"],
        env={**os.environ, "GONGSI_PATHS__DATA": str(data)},
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.strip()


def _megabytes(url: str) -> float:
    with psycopg.connect(url) as conn:
        row = conn.execute("select pg_database_size(current_database()) / 1e6").fetchone()
    return float(row[0]) if row else 0.0


if __name__ == "__main__":
    main()
