"""What an operator sees: health, readiness, metrics, the doctor, and how `gongsi serve` begins and ends."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from bots.check import Check
from bots.doctor import examine
from core.settings import Settings
from tests.doubles import opendart as dart_double
from tests.doubles.crowd import ROOT, Running, Service, Telegram, free_port
from tests.doubles.slack import APP_TOKEN, Remote
from tests.doubles.telegram.server import TOKEN

pytestmark = pytest.mark.anyio

QUESTION = "가온전자 2024년 영업이익은?"
WRONG = "7000000001:AAF-wrong-canary-5521"
NAMES = (
    *(f"gongsi_{name}_total" for name in ("claimed", "delivered", "retried", "failed", "lost", "outages")),
    "gongsi_inbox_oldest_seconds",
    "gongsi_first_text_seconds_count",
    "gongsi_reply_seconds_count",
)


@pytest.fixture(scope="module")
def doubles() -> Iterator[tuple[Telegram, Remote]]:
    with Telegram.start("--no-limits") as telegram, Remote.start() as slack:
        yield telegram, slack


@pytest.fixture(scope="module")
def service(
    doubles: tuple[Telegram, Remote], samples: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Service:
    folder = tmp_path_factory.mktemp("operate")
    return Service(*doubles, samples.database.url, folder, {"DART__KEY": "d" * 40})


@pytest.fixture(scope="module")
def running(service: Service) -> Iterator[Running]:
    with service.start() as process:
        process.wait_ready()
        yield process
        code, seconds = process.terminate()
        assert code == 0
        assert seconds < 10


def get(running: Running, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{running.health}{path}", timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def ready(running: Running) -> tuple[int, dict[str, Any]]:
    code, body = get(running, "/readyz")
    return code, {name: check["state"] for name, check in json.loads(body)["checks"].items()}


def until(true: Any, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


@contextmanager
def away(conninfo: str) -> Iterator[None]:
    """The database takes nobody, and whoever was in is out."""
    name = conninfo_to_dict(conninfo)["dbname"]
    door = sql.SQL("alter database {} with allow_connections {}")
    with psycopg.connect(make_conninfo(conninfo, dbname="postgres"), autocommit=True) as conn:
        conn.execute(door.format(sql.Identifier(str(name)), sql.Literal(False)))
        conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
        try:
            yield
        finally:
            conn.execute(door.format(sql.Identifier(str(name)), sql.Literal(True)))


def test_alive_and_ready_with_stale_filings(running: Running) -> None:
    assert get(running, "/healthz") == (200, "ok\n")
    code, states = ready(running)
    assert (code, states) == (200, {"inbox": "ok", "parts": "ok", "freshness": "warn", "model": "off"})


def test_metrics_count_and_name_nobody(running: Running, service: Service) -> None:
    before = running.metric("gongsi_delivered")
    service.telegram.do("user_says", chat=774198, text=f"{QUESTION} 카나리아")
    until(lambda: running.metric("gongsi_delivered") > before)
    code, said = get(running, "/metrics")
    assert code == 200
    assert all(re.search(rf"^{name} \d", said, re.MULTILINE) for name in NAMES)
    assert running.metric("gongsi_reply_seconds_count") >= 1
    assert set(re.findall(r"(\w+)=\"", said)) <= {"le"}
    assert not [trace for trace in ("774198", "카나리아", TOKEN) if trace in said]


def test_a_platform_without_a_sign_of_life_is_not_ready(running: Running, service: Service) -> None:
    with psycopg.connect(service.database, autocommit=True) as conn:
        conn.execute("delete from heartbeat where part = 'telegram'")
    code, states = ready(running)
    assert (code, states["parts"]) == (503, "fail")
    until(lambda: ready(running)[0] == 200)  # the next beat


def test_not_ready_while_the_database_is_away_and_ready_again(running: Running, service: Service) -> None:
    with away(service.database):
        until(lambda: ready(running)[0] == 503)
        assert get(running, "/healthz")[0] == 200
        assert TOKEN not in get(running, "/readyz")[1]
        service.telegram.do("user_says", chat=774199, text=QUESTION)
    until(lambda: ready(running)[0] == 200)
    until(lambda: "영업이익은" in str(service.telegram.do("transcript", chat=774199)).partition("}")[2])


def ran(service: Service, *commands: tuple[str, dict[str, str]]) -> list[tuple[int, str]]:
    """Exit codes and outputs of commands that ran at the same time."""
    common = {
        "PATHS__DATA": str(service.data),
        "DATABASE__URL": service.database,
        "LLM__BACKEND": "extractive",
        "TELEGRAM__API_BASE_URL": service.telegram.url,
        "SLACK__API_BASE_URL": service.slack.base_url,
    }
    with ExitStack() as stack:
        processes = []
        for words, chosen in commands:
            settings = {**common, "HEALTH__PORT": str(free_port()), **chosen}
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", "from bots.cli import main; main()", *words.split()],
                    cwd=ROOT,
                    env={**os.environ, **{f"GONGSI_{k}": v for k, v in settings.items()}},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
            )
            stack.callback(process.kill)
            processes.append(process)
        said = [process.communicate(timeout=60)[0] for process in processes]
        return [(process.returncode, text) for process, text in zip(processes, said, strict=True)]


def test_what_cannot_work_is_said_at_once(service: Service) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        slack = {"SLACK__BOT_TOKEN": "xoxb-T1-double", "SLACK__APP_TOKEN": "xapp-wrong-canary-5521"}
        cases: dict[str, dict[str, str]] = {
            "토큰이 없습니다": {},
            "BotFather": {"TELEGRAM__TOKEN": WRONG},
            "slack.app_token": slack,
            f"127.0.0.1:{port}를 다른 프로그램이 씁니다": {"TELEGRAM__TOKEN": TOKEN, "HEALTH__PORT": port},
        }
        outcomes = ran(service, *(("serve", chosen) for chosen in cases.values()))
    for named, (code, said) in zip(cases, outcomes, strict=True):
        plain = [line for line in said.splitlines() if not line.startswith("{")]
        assert code == 2, said
        assert len(plain) == 1, said
        assert named in plain[0]
        assert "canary-5521" not in said


# -- gongsi doctor ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(service: Service, samples: Settings) -> Iterator[Settings]:
    """Everything switched on, against the doubles."""
    with ExitStack() as stack:
        known = [{"corp_code": "00126380", "corp_name": "삼성전자", "stock_code": "005930"}]
        dart = stack.enter_context(dart_double.serve(dart_double.OpenDart(known, [], {})))
        yield changed(
            samples,
            telegram={"token": SecretStr(TOKEN), "api_base_url": service.telegram.url},
            slack={
                "bot_token": SecretStr("xoxb-T1-double"),
                "app_token": SecretStr(APP_TOKEN),
                "api_base_url": service.slack.base_url,
            },
            dart={"key": SecretStr(dart_double.KEY), "api_base_url": dart.url},
            access={"allow": ["telegram:42"]},
            universe={"companies": ["all"]},
            health={"port": 0},
        )


def changed(settings: Settings, **sections: dict[str, Any]) -> Settings:
    parts = {name: getattr(settings, name).model_copy(update=update) for name, update in sections.items()}
    return settings.model_copy(update=parts)


async def checks(settings: Settings) -> dict[str, Check]:
    return {check.name: check async for check in examine(settings)}


async def test_the_doctor_finds_nothing(whole: Settings) -> None:
    found = await checks(whole)
    assert {name: check.state for name, check in found.items() if check.state != "ok"} == {"언어 모델": "off"}
    assert "PostgreSQL" in found["데이터베이스"].said
    assert "@gongsi_talk_bot" in found["텔레그램"].said


@pytest.mark.parametrize(
    ("section", "update", "name", "remedy"),
    [
        ("telegram", {"token": SecretStr(WRONG)}, "텔레그램", "BotFather"),
        ("slack", {"bot_token": SecretStr("xoxb-wrong-canary-5521")}, "슬랙", "slack.bot_token"),
        ("slack", {"app_token": SecretStr("xapp-wrong-canary-5521")}, "슬랙", "slack.app_token"),
        ("slack", {"bot_token": SecretStr("xoxb-T9-double")}, "슬랙", "files:write"),
        ("slack", {"mode": "http"}, "슬랙", "Signing Secret"),
        ("slack", {"api_base_url": "http://127.0.0.1:9/api/"}, "슬랙", "닿지 못했습니다"),
        ("telegram", {"api_base_url": "http://127.0.0.1:9"}, "텔레그램", "api_base_url"),
        ("dart", {"key": SecretStr("canary-5521" * 4)}, "OpenDART", "opendart.fss.or.kr"),
    ],
)
async def test_the_doctor_names_what_is_wrong_and_what_to_do(
    whole: Settings,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    section: str,
    update: dict[str, Any],
    name: str,
    remedy: str,
) -> None:
    service.slack.do("add_team", id="T9", scopes=["chat:write"])
    monkeypatch.setattr("core.wiring.checks.check_index", lambda _: None)  # seconds, and tried above
    found = await checks(changed(whole, **{section: update}))
    assert [check.name for check in found.values() if check.state == "fail"] == [name]
    assert remedy in found[name].said + found[name].remedy
    assert "canary-5521" not in repr(found)


async def test_the_doctor_sees_a_taken_port(whole: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.wiring.checks.check_index", lambda _: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = await checks(changed(whole, health={"port": taken.getsockname()[1]}))
    assert (found["상태 포트"].state, "health.port" in found["상태 포트"].remedy) == ("warn", True)


def test_the_doctor_at_the_terminal(service: Service, tmp_path: Path) -> None:
    """0 when all that is on works; 3 and the remedies when the database is down, as JSON too."""
    on = {"TELEGRAM__TOKEN": TOKEN}
    down = {**on, "DATABASE__URL": "postgresql://gongsi:canary-5521@127.0.0.1:9/gongsi"}
    fine, failed, listed = ran(service, ("doctor", on), ("doctor", down), ("doctor --json", down))
    assert fine[0] == 0, fine[1]
    assert "✓ 텔레그램: @gongsi_talk_bot" in fine[1]
    assert failed[0] == 3
    assert "✗ 데이터베이스: 데이터베이스에 연결하지 못했습니다" in failed[1]
    assert "    → gongsi db start; 밖의 서버라면 database.url" in failed[1]
    assert "✓ 텔레그램" in failed[1]  # the others are tried
    assert "canary-5521" not in failed[1]
    assert {check["name"]: check["state"] for check in json.loads(listed[1])}["데이터베이스"] == "fail"
