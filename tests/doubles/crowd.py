"""The whole service as processes of its own, and a crowd that asks it on both platforms through faults."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.doubles.slack import APP_TOKEN, Remote
from tests.doubles.telegram.server import TOKEN

ROOT = Path(__file__).parents[2]
TEAM = "T1"
CHANNELS = 40  # Slack takes one message a second in each

# What is asked, and how the one answer to it begins.
QUESTIONS = (
    ("가온전자 2024년 영업이익은?", re.compile(r"^가온전자의 2024년 .*영업이익은")),
    ("누리바이오 2024년 매출액은?", re.compile(r"^누리바이오의 2024년 .*매출액은")),
    ("가온전자 2023년 매출액은?", re.compile(r"^가온전자의 2023년 .*매출액은")),
)
FAULTS = {
    "busy": 0.05,
    "error": 0.05,
    "hang": 0.01,
    "lost_before": 0.03,
    "lost_after": 0.03,
    "duplicate": 0.05,
}
_SLACK_NAMES = {"busy": "rate", "error": "server", "duplicate": "redelivered"}


@dataclass(frozen=True)
class Telegram:
    """The double in a process of its own."""

    url: str

    def do(self, name: str, **args: Any) -> Any:
        return _post(f"{self.url}/control/{name}", args)["result"]

    @staticmethod
    @contextmanager
    def start(*options: str) -> "Iterator[Telegram]":
        command = [sys.executable, "-m", "tests.doubles.telegram", *options]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield Telegram(process.stdout.readline().strip())
            finally:
                process.terminate()


@dataclass
class Seen:
    """What people had seen in the end, over all conversations.

    `overtaken`: of Slack's, where what a dead process had not acknowledged is delivered again behind what was
    asked since, and is answered behind it.
    """

    asked: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    overtaken: int = 0
    orphans: int = 0  # placeholders that nobody will ever fill
    strange: list[str] = field(default_factory=list)

    @property
    def right(self) -> bool:
        return not (self.lost or self.doubled or self.disordered or self.strange)


@dataclass
class Service:
    """`gongsi serve` against the doubles, as often as it is started."""

    telegram: Telegram
    slack: Remote
    database: str
    data: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return self.data / "service.log"

    @contextmanager
    def start(self, command: str = "serve") -> "Iterator[Running]":
        port = free_port()
        settings = {
            "PATHS__DATA": str(self.data),
            "DATABASE__URL": self.database,
            "LLM__BACKEND": "extractive",
            "TELEGRAM__TOKEN": TOKEN,
            "TELEGRAM__API_BASE_URL": self.telegram.url,
            "SLACK__BOT_TOKEN": f"xoxb-{TEAM}-double",
            "SLACK__APP_TOKEN": APP_TOKEN,
            "SLACK__API_BASE_URL": self.slack.base_url,
            "ACCESS__PER_MINUTE": "100000",
            "ACCESS__DAILY_QUESTIONS": "1000000",
            "ACCESS__CHAT_DAILY_QUESTIONS": "1000000",
            "SERVE__LEASE_SECONDS": "6",
            "HEALTH__PORT": str(port),
            "SCHEDULE__REFRESH": "false",
            **self.more,
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", "from bots.cli import main; main()", command],
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


@dataclass
class Running:
    process: "subprocess.Popen[bytes]"
    health: str

    def wait_ready(self, seconds: float = 60.0) -> None:
        """Until every part has given a sign of life."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the service ended with {self.process.returncode}")
            try:
                with urllib.request.urlopen(f"{self.health}/readyz", timeout=5):  # noqa: S310
                    return
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                time.sleep(0.2)
        raise TimeoutError("the service is not ready")

    def terminate(self, seconds: float = 30.0) -> tuple[int, float]:
        """Exit code, and the seconds that the end took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds), time.monotonic() - started

    def metric(self, name: str) -> float:
        with urllib.request.urlopen(f"{self.health}/metrics", timeout=5) as answer:  # noqa: S310
            for line in answer.read().decode().splitlines():
                if line.startswith((f"{name} ", f"{name}_total ")):
                    return float(line.split()[-1])
        raise KeyError(name)


@dataclass
class Crowd:
    """People 1 to `size` on each platform; half of Slack's in direct messages, half in threads."""

    telegram: Telegram
    slack: Remote
    size: int
    threads: dict[int, str] = field(default_factory=dict)
    asked: int = 0

    def ask(self, n: int) -> None:
        """Everybody asks question `n`."""
        text = QUESTIONS[n][0]
        for person in range(1, self.size + 1):
            self.telegram.do("user_says", chat=person, text=text)
            if person % 2:
                thread, channel = self.threads.get(person), f"C{person % CHANNELS}"
                ts = self.slack.do(
                    "mention", team=TEAM, channel=channel, user=f"U{person}", text=text, thread=thread
                )
                self.threads.setdefault(person, ts)
            else:
                self.slack.do("dm", team=TEAM, user=f"U{person}", text=text)
        self.asked += 1

    def seen(self) -> Seen:
        seen = Seen()
        for platform, said in self._conversations():
            disordered = self._judge(said, seen)
            seen.disordered += disordered
            seen.overtaken += disordered and platform == "slack"
        return seen

    def finish(self, seconds: float) -> Seen:
        """What is seen once everything is answered, or when the time is over."""
        end = time.monotonic() + seconds
        seen = self.seen()
        while seen.lost and time.monotonic() < end:
            time.sleep(0.5)
            seen = self.seen()
        time.sleep(3.0)  # a second answer would come now
        return self.seen()

    def _judge(self, said: Sequence[str], seen: Seen) -> bool:
        """Whether it is out of order."""
        order = []
        for text in said:
            answers = [n for n, (_, begins) in enumerate(QUESTIONS) if begins.match(text)]
            if answers:
                order.append(answers[0])
            elif text in ("", "…", "답을 쓰는 중…"):
                seen.orphans += 1
            else:
                seen.strange.append(text[:80])
        counts = Counter(order)
        seen.asked += self.asked
        seen.lost += sum(not counts[n] for n in range(self.asked))
        seen.doubled += sum(count - 1 for count in counts.values())
        return order != sorted(order)

    def _conversations(self) -> Iterator[tuple[str, list[str]]]:
        """(platform, the bot's messages as they read now) of each conversation."""
        rooms = self.telegram.do("transcript")
        for person in range(1, self.size + 1):
            yield "telegram", [one["text"] for one in rooms.get(str(person), ()) if one["bot"]]
        by_place: dict[str, list[str]] = {}
        for message in self.slack.do("snapshot"):
            by_place.setdefault(message.get("thread_ts") or message["channel"], []).append(message["text"])
        for person in range(1, self.size + 1):
            place = self.threads.get(person) or self.slack.do("im", team=TEAM, user=f"U{person}")
            yield "slack", by_place.get(place, [])


def set_faults(telegram: Telegram, slack: Remote, hang_seconds: float, **chances: float) -> None:
    """Names as in FAULTS."""
    telegram.do("set_faults", hang_seconds=hang_seconds, **chances)
    slack.do(
        "faults",
        hang_seconds=hang_seconds,
        **{_SLACK_NAMES.get(name, name): chance for name, chance in chances.items()},
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _post(url: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)
