"""Telegram's flood limits: a chat about once a second, a group 20 times a minute, all of them 30 a second."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field
from time import monotonic

from tests.doubles.telegram.refusal import Refusal

COUNTED = {
    "sendmessage",
    "editmessagetext",
    "editmessagereplymarkup",
    "sendmessagedraft",
    "senddocument",
}


@dataclass
class _Bucket:
    size: float
    rate: float
    level: float = 0.0
    at: float = field(default_factory=monotonic)

    def wait(self) -> float:
        """Seconds until one more fits."""
        now = monotonic()
        self.level = max(0.0, self.level - (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (self.level + 1 - self.size) / self.rate)


@dataclass
class Limits:
    """`second` is how long a second lasts, for tests that have no minute; edits and drafts count as sends."""

    enforced: bool = True
    second: float = 1.0
    chat_burst: int = 5
    group_minute: int = 20
    overall: int = 30
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _groups: defaultdict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _all: _Bucket | None = None

    def count(self, method: str, chat: int) -> None:
        """Raises a 429 that says how long to wait; what was refused does not count."""
        if not self.enforced or method not in COUNTED:
            return
        bucket = self._chats.setdefault(chat, _Bucket(self.chat_burst, 1 / self.second))
        self._all = self._all or _Bucket(self.overall, self.overall / self.second)
        wait = max(bucket.wait(), self._all.wait(), self._group(chat) if chat < 0 else 0.0)
        if wait > 0:
            raise flooded(wait)
        bucket.level += 1
        self._all.level += 1
        if chat < 0:
            self._groups[chat].append(monotonic())

    def _group(self, chat: int) -> float:
        minute = 60 * self.second
        sent = self._groups[chat]
        while sent and sent[0] < monotonic() - minute:
            sent.popleft()
        return sent[0] + minute - monotonic() if len(sent) >= self.group_minute else 0.0


def flooded(wait: float) -> Refusal:
    seconds = max(1, math.ceil(wait))
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
