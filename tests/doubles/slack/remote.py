"""The double in a process of its own, which outlives the bot that a test kills."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Remote:
    """`base_url` is for settings.slack.api_base_url."""

    base: str

    @property
    def base_url(self) -> str:
        return f"{self.base}/api/"

    def do(self, name: str, **args: Any) -> Any:
        """What `Server.control` knows: `do("mention", team="T1", channel="C1", user="U1", text="…")`."""
        body = json.dumps({"do": name, "args": args}).encode()
        request = urllib.request.Request(  # noqa: S310
            f"{self.base}/control", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return json.load(response)["result"]

    @staticmethod
    @contextmanager
    def start(port: int = 0, *options: str) -> "Iterator[Remote]":
        command = [sys.executable, "-m", "tests.doubles.slack", "--port", str(port), *options]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield Remote(process.stdout.readline().strip())
            finally:
                process.terminate()
