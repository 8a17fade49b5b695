"""No token, password or key in anything the service writes, however loud; no text of people as shipped."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from core.settings import Settings
from tests.doubles.crowd import ROOT, Running, Service, Telegram, free_port, set_faults
from tests.doubles.slack import APP_TOKEN, Remote
from tests.doubles.telegram.server import TOKEN

PASSWORD, DART_KEY = "pw-canary-6632-aZ", "c" * 20 + "a6632" + "d" * 15
SIGNING, CLIENT, HOOK = "signing-canary-6632", "client-canary-6632", "hook-canary-6632"
WRONG = "7000000001:AAF-wrong-canary-6632"
SECRETS = (
    TOKEN, TOKEN.partition(":")[2], "xoxb-T1-double", APP_TOKEN, PASSWORD, DART_KEY, SIGNING, CLIENT, HOOK,
    WRONG, "wrong-canary-6632", "ticket=",
)  # fmt: skip
TEXT = "사람의글9917"
FAULTS = {"busy": 0.08, "error": 0.08, "lost_before": 0.05, "lost_after": 0.05}

# Every library at DEBUG, through our handler, and before it through a bare one that cleans nothing.
LOUD = """
import logging, sys
import bots.logs
path = sys.argv.pop(1)
shipped = bots.logs.start_logging
def loud(settings, level=logging.DEBUG):
    shipped(settings, logging.DEBUG)
    for name in [*bots.logs._LIBRARIES, *logging.root.manager.loggerDict]:
        if not name.startswith("gongsi.slack"):
            logging.getLogger(name).setLevel(logging.DEBUG)
    bare = logging.FileHandler(path, encoding="utf-8")
    bare.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    logging.getLogger().handlers.insert(0, bare)
bots.logs.start_logging = loud
from bots.cli import main
main()
"""


@dataclass
class Loud(Service):
    """`program` instead of the shipped one; `bare`: what its bare handler wrote."""

    program: str = LOUD

    @property
    def bare(self) -> Path:
        return self.data / "bare.log"

    @contextmanager
    def start(self, command: str = "serve") -> Iterator[Running]:
        port = free_port()
        settings = {
            "PATHS__DATA": str(self.data),
            "DATABASE__URL": self.database,
            "LLM__BACKEND": "extractive",
            "TELEGRAM__TOKEN": TOKEN,
            "TELEGRAM__API_BASE_URL": self.telegram.url,
            "TELEGRAM__WEBHOOK_SECRET": HOOK,
            "SLACK__BOT_TOKEN": "xoxb-T1-double",
            "SLACK__APP_TOKEN": APP_TOKEN,
            "SLACK__SIGNING_SECRET": SIGNING,
            "SLACK__CLIENT_SECRET": CLIENT,
            "SLACK__API_BASE_URL": self.slack.base_url,
            "DART__KEY": DART_KEY,
            "ACCESS__PER_MINUTE": "1000",
            "SCHEDULE__REFRESH": "false",
            "HEALTH__PORT": str(port),
            **self.more,
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    self.program,
                    *([str(self.bare)] if self.program == LOUD else []),
                    command,
                ],
                cwd=ROOT,
                env={**os.environ, **{f"GONGSI_{name}": value for name, value in settings.items()}},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                yield Running(process, f"http://127.0.0.1:{port}")
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()


@pytest.fixture(scope="module")
def doubles() -> Iterator[tuple[Telegram, Remote]]:
    with Telegram.start("--no-limits") as telegram, Remote.start() as slack:
        yield telegram, slack


@pytest.fixture(scope="module")
def database(samples: Settings) -> Iterator[str]:
    """As somebody with a password."""
    role = f"canary_{uuid4().hex[:6]}"
    known = conninfo_to_dict(samples.database.url)
    with psycopg.connect(samples.database.url, autocommit=True) as conn:
        conn.execute(
            sql.SQL("create role {} superuser login password {}").format(
                sql.Identifier(role), sql.Literal(PASSWORD)
            )
        )
        yield f"postgresql://{role}:{PASSWORD}@/{known['dbname']}?host={known['host']}&port={known['port']}"


def asked(telegram: Telegram, slack: Remote, people: int, mark: str) -> None:
    for n in range(1, people + 1):
        telegram.do("user_says", chat=n, text=f"가온전자 2024년 영업이익은 {TEXT}{mark}?")
        slack.do("dm", team="T1", user=f"U{n}", text=f"누리바이오 2024년 매출액은 {TEXT}{mark}?")
    telegram.do("user_says", chat=1, text=f"/watch {TEXT}{mark}")
    telegram.do("user_says", chat=1, text=f"/{TEXT}{mark}")


def answered(running: Running, jobs: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while running.metric("gongsi_delivered") < jobs:
        assert time.monotonic() < end
        time.sleep(0.2)


def metrics(running: Running) -> str:
    said = ""
    for path in ("/metrics", "/healthz"):
        with urllib.request.urlopen(running.health + path, timeout=10) as answer:  # noqa: S310
            said += answer.read().decode()
    return said


def shown(telegram: Telegram, slack: Remote) -> str:
    return json.dumps([telegram.do("transcript"), slack.do("snapshot")], ensure_ascii=False)


def leaks(text: str, *of: str) -> list[str]:
    """The lines that hold any of them, shortly."""
    return [line[:300] for line in text.splitlines() if any(one in line for one in of)]


def test_no_secret_is_written_or_said_however_loud(
    doubles: tuple[Telegram, Remote], database: str, tmp_path: Path
) -> None:
    telegram, slack = doubles
    service = Loud(telegram, slack, database, tmp_path)
    with service.start() as running:
        running.wait_ready()
        set_faults(telegram, slack, 1.0, **FAULTS)
        asked(telegram, slack, 5, "가")
        answered(running, 12)
        with psycopg.connect(database, autocommit=True) as conn:  # its connections are lost
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        asked(telegram, slack, 5, "나")
        answered(running, 24)
        said = metrics(running)
        set_faults(telegram, slack, 1.0, **dict.fromkeys(FAULTS, 0.0))
        code, _ = running.terminate()
    assert code == 0
    wrong: list[dict[str, str]] = [
        {"TELEGRAM__TOKEN": WRONG},
        {"DATABASE__URL": f"postgresql://gongsi:{PASSWORD}@127.0.0.1:9/gongsi"},
    ]
    with ExitStack() as stack:
        refused = [
            stack.enter_context(Loud(telegram, slack, database, tmp_path, more).start()) for more in wrong
        ]
        assert [one.process.wait(60) for one in refused] == [2, 3]
    ours, bare = service.log.read_text(encoding="utf-8"), service.bare.read_text(encoding="utf-8")
    assert "DEBUG" in ours
    assert "DEBUG" in bare
    for text in (ours, bare, said, shown(telegram, slack)):
        assert not leaks(text, *SECRETS)


def test_as_it_is_shipped_no_text_of_a_person_is_logged(
    doubles: tuple[Telegram, Remote], database: str, tmp_path: Path
) -> None:
    telegram, slack = doubles
    service = Loud(telegram, slack, database, tmp_path, program="from bots.cli import main; main()")
    with service.start() as running:
        running.wait_ready()
        set_faults(telegram, slack, 1.0, **FAULTS)
        asked(telegram, slack, 3, "다")
        answered(running, 8)
        said = metrics(running)
        set_faults(telegram, slack, 1.0, **dict.fromkeys(FAULTS, 0.0))
        code, _ = running.terminate()
    assert code == 0
    log = service.log.read_text(encoding="utf-8")
    assert "started" in log
    for text in (log, said):
        assert not leaks(text, TEXT, *SECRETS)
