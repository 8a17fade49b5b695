"""How far a long job is, on stderr: a bar in a terminal, a line every few seconds elsewhere."""

import sys
import time
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

_EVERY_SECONDS = 3.0


@dataclass
class Bar:
    """core.ports.Progress in a terminal."""

    _bar: RichProgress = field(
        default_factory=lambda: RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
    )

    def start(self, what: str, total: int) -> None:
        self._bar.start()
        self._task = self._bar.add_task(what, total=total)

    def advance(self, by: int = 1) -> None:
        self._bar.advance(self._task, by)

    def finish(self) -> None:
        self._bar.stop()


@dataclass
class Lines:
    """core.ports.Progress for logs and pipes."""

    _what: str = ""
    _total: int = 0
    _done: int = 0
    _said: float = 0.0
    _started: float = 0.0

    def start(self, what: str, total: int) -> None:
        self._what, self._total, self._done = what, total, 0
        self._started = self._said = time.monotonic()

    def advance(self, by: int = 1) -> None:
        self._done += by
        if time.monotonic() - self._said >= _EVERY_SECONDS:
            self._said = time.monotonic()
            sys.stderr.write(f"{self._what} {self._done}/{self._total}{self._left()}\n")

    def _left(self) -> str:
        """At the pace so far; nothing is said of less than a minute, nor from the first few."""
        if self._done * 20 < self._total:
            return ""
        seconds = (self._said - self._started) / self._done * (self._total - self._done)
        return f" (남은 시간 약 {seconds / 60:,.0f}분)" if seconds >= 60 else ""

    def finish(self) -> None:
        sys.stderr.write(f"{self._what} {self._done}/{self._total}\n")


def progress() -> Bar | Lines:
    return Bar() if sys.stderr.isatty() else Lines()
