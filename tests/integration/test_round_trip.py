"""From OpenDART to the database in processes of their own, among faults and deaths."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import psycopg
import pytest

from core.etl.archive import Ledger
from core.korean import korean_today
from core.store.quota import calls_today
from tests.doubles import opendart as double
from tests.doubles.opendart import KEY, serve, zipped
from tests.integration.test_extract import COMPANIES, document, filing, filings

ROOT = Path(__file__).parents[2]
COUNT = 500

FAULTS = [
    "http 500",
    "http 503",
    "http 429",
    "800",
    "900",
    "cut",
    "reset",
    "truncated",
    "page",
    "slow",
    "empty",
]
PROGRAM = "import logging, stamina; logging.basicConfig(level=10); stamina.set_testing(True, attempts=5);"
PROGRAM += "from bots.cli import main; main()"


@dataclass
class Terminal:
    """`gongsi …` as processes of their own, with the settings of one operator."""

    server: double.OpenDart
    database: str
    data: Path

    @property
    def log(self) -> Path:
        """All that any of them said; a pipe would be full and stop them."""
        return self.data.parent / "said.log"

    @contextmanager
    def start(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        settings = {
            "PATHS__DATA": str(self.data),
            "DATABASE__URL": self.database,
            "DART__KEY": KEY,
            "DART__API_BASE_URL": self.server.url,
            "DART__CALLS_PER_SECOND": "600",
            "DART__READ_TIMEOUT": "2",
            "UNIVERSE__COMPANIES": '["all"]',
            "UNIVERSE__KINDS": '["I"]',
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "etl", *arguments],
                cwd=ROOT,
                env={**os.environ, **{f"GONGSI_{name}": value for name, value in settings.items()}},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                yield process
            finally:
                process.kill()
                process.wait()

    def run(self, *arguments: str) -> tuple[int, str]:
        before = self.log.stat().st_size if self.log.exists() else 0
        with self.start(*arguments) as process:
            code = process.wait(timeout=120)
        return code, self.log.read_bytes()[before:].decode()

    def loaded(self) -> int:
        with psycopg.connect(self.database) as conn:
            row = conn.execute("select count(*) from filing").fetchone()
            return int(row[0]) if row else 0

    def killed_when(self, come: Callable[[], bool], *arguments: str) -> None:
        with self.start(*arguments) as process:
            deadline = time.monotonic() + 120
            while not come():
                assert process.poll() is None, self.log.read_text(encoding="utf-8")[-2000:]
                assert time.monotonic() < deadline, self.log.read_text(encoding="utf-8")[-2000:]
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)


@pytest.fixture
def terminal(database: str, tmp_path: Path) -> Iterator[Terminal]:
    today = korean_today()
    rows = filings(COUNT, today - timedelta(days=200))
    made = double.OpenDart(COMPANIES, rows, {row["rcept_no"]: document(row["rcept_no"]) for row in rows})
    with serve(made):
        yield Terminal(made, database, tmp_path / "data")


def every_fault(seed: int) -> Callable[[str, dict[str, str]], str]:
    """Up to three of the faults for each call that is asked, and then it works, nearly always."""
    random = Random(seed)  # noqa: S311
    left: dict[str, list[str]] = {}

    def fault(endpoint: str, params: dict[str, str]) -> str:
        asked = repr((endpoint, sorted(params.items())))
        faults = left.setdefault(asked, random.choices(FAULTS, k=random.choice([0, 0, 1, 1, 2, 3])))
        # these take as long as a patient client waits: a few of them
        rare = random.choices(["", "hang", "drip"], [500, 1, 1])[0]
        return faults.pop() if faults else rare

    return fault


def test_no_filing_is_lost_or_doubled_among_all_faults_and_three_deaths(terminal: Terminal) -> None:
    server, archive = terminal.server, terminal.data / "raw" / "archive"
    ledger = Ledger(terminal.data / "raw" / "filings.jsonl")
    absent = {row["rcept_no"] for row in server.filings[::80]}
    broken = {row["rcept_no"] for row in server.filings[45::100]}
    for rcept_no in absent:
        del server.documents[rcept_no]
    for rcept_no in broken:
        server.documents[rcept_no] = zipped("a.xml", "글자뿐입니다")
    server.fault = every_fault(7)
    terminal.killed_when(lambda: sum(server.sent.values()) >= 120, "extract")
    terminal.killed_when(lambda: sum(server.sent.values()) >= 270, "extract")
    server.daily_limit = len(server.calls) + 60
    code, said = terminal.run("extract")
    assert (code, "자정" in said, "남음" in said) == (3, True, True), said
    with psycopg.connect(terminal.database) as conn:
        counted, closed = calls_today(conn)
        assert closed
        # counted before the call: those of the dead that never reached the server are counted, too
        assert len(server.calls) <= counted <= len(server.calls) + 2 * 5
    asked = len(server.calls)
    # in flight: five of this process when the first was refused, five of the dead one that arrive late
    assert asked <= server.daily_limit + 2 * 5
    # a closed day lists and fetches nothing; what is here is loaded, until that run dies too
    terminal.killed_when(lambda: terminal.loaded() >= 40, "refresh")
    assert len(server.calls) == asked
    loaded = terminal.loaded()
    assert 40 <= loaded < COUNT // 2

    with psycopg.connect(terminal.database, autocommit=True) as conn:
        conn.execute("update dart_calls set day = day - 1")  # midnight in Seoul
    server.daily_limit = 20_000
    code, said = terminal.run("extract", "--plan")
    assert (code, f"원본 호출: {COUNT - len(ledger.lines()):,}번" in said) == (0, True), said
    code, said = terminal.run("refresh")
    assert (code, "남음" in said) == (0, False), said

    assert {path.stem: path.read_bytes() for path in archive.glob("*")} == server.documents
    lines = ledger.lines()
    assert Counter(line["rcept_no"] for line in lines) == Counter(row["rcept_no"] for row in server.filings)
    assert {line["rcept_no"] for line in lines if line["file"] is None} == absent
    again = {rcept_no: count for rcept_no, count in server.sent.items() if count > 1}
    assert sum(again.values()) - len(again) <= 2 * 5  # in flight when it died
    with psycopg.connect(terminal.database) as conn:
        there = {number for (number,) in conn.execute("select rcept_no from filing")}
        assert there == set(server.documents) - broken
        assert {number for (number,) in conn.execute("select rcept_no from quarantine")} == broken
        assert conn.execute("select count(*) from passage where text like '%멈춥니다%'").fetchone() == (
            len(there),
        )

        held = [
            terminal.log.read_bytes(),
            repr(conn.execute("select row, reason from receipt").fetchall()).encode(),
            *(path.read_bytes() for path in terminal.data.rglob("*") if path.is_file()),
        ]
    assert not [text for text in held if KEY.encode() in text]


def test_what_waits_is_loaded_though_dart_is_down(terminal: Terminal) -> None:
    server = terminal.server
    server.filings = server.filings[:5]
    code, said = terminal.run("extract")
    assert code == 0, said
    server.fault = lambda endpoint, params: "http 503"
    code, said = terminal.run("refresh")
    assert (code, "새로 넣음 5건" in said, "503" in said) == (3, True, True), said
    code, said = terminal.run("refresh")
    assert (code, "새로 넣을 공시가 없습니다" in said) == (3, True), said
    server.fault = lambda endpoint, params: ""
    assert terminal.run("refresh")[0] == 0


def test_refresh_brings_what_is_new_into_the_database(terminal: Terminal) -> None:
    server = terminal.server
    server.filings = server.filings[:5]
    server.documents[server.filings[0]["rcept_no"]] = zipped("a.xml", "글자뿐입니다")
    code, said = terminal.run("extract")
    assert (code, "받음 5건" in said) == (0, True), said
    late = filing(f"{korean_today():%Y%m%d}000001")
    server.filings.append(late)
    server.documents[late["rcept_no"]] = document(late["rcept_no"])
    code, said = terminal.run("refresh")
    assert (code, "새로 넣음 5건" in said, "격리 1건" in said, "받음 1건" in said) == (0, True, True, True), (
        said
    )
    late["rm"] = "유철"  # withdrawn on the same day
    code, said = terminal.run("refresh")
    assert (code, "새로 넣을 공시가 없습니다" in said, "받음 0건" in said) == (0, True, True), said
    code, said = terminal.run("status", "--json")
    status = json.loads(said.splitlines()[-1])
    dart = status["dart"]
    assert {name: status[name] for name in ("loaded", "quarantined", "pending")} == {
        "loaded": 5,
        "quarantined": 1,
        "pending": 0,
    }
    assert (dart["absent"], dart["calls_today"]) == (0, len(server.calls))
    assert dart["listed_through"] == str(korean_today())
    with psycopg.connect(terminal.database) as conn:
        withdrawn = conn.execute("select rcept_no from filing where withdrawn").fetchall()
    assert withdrawn == [(late["rcept_no"],)]
