"""What Slack keeps: workspaces, their conversations and messages."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

Kind = Literal["channel", "private", "im", "mpim"]
PREFIX = {"C": "channel", "G": "private", "D": "im", "M": "mpim"}

SCOPES = frozenset(
    {
        "app_mentions:read", "assistant:write", "channels:history", "chat:write", "commands", "files:write",
        "groups:history", "im:history", "im:write", "mpim:history", "users:read",
    }
)  # fmt: skip


class Clock:
    """Slack's `ts`: unique and growing within the double."""

    def __init__(self) -> None:
        self._last = 0

    def ts(self) -> str:
        self._last = max(self._last + 1, int(time.time() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


@dataclass
class Message:
    ts: str
    user: str
    text: str = ""
    blocks: list[Any] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    bot_id: str | None = None
    streaming: bool = False
    started: float = 0.0
    files: list[dict[str, Any]] = field(default_factory=list)
    updates: int = 0

    def shown(self, *, metadata: bool) -> dict[str, Any]:
        """The message as Slack's API gives it."""
        shown: dict[str, Any] = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.bot_id:
            shown["bot_id"] = self.bot_id
        if self.files:
            shown["files"] = self.files
        if metadata and self.metadata is not None:
            shown["metadata"] = self.metadata
        return shown


@dataclass
class Channel:
    id: str
    kind: Kind
    members: set[str]
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    def thread(self, root: str) -> list[Message]:
        return [m for m in self.messages.values() if root in (m.ts, m.thread_ts)]

    def top(self) -> list[Message]:
        return [m for m in self.messages.values() if m.thread_ts in (None, m.ts)]


@dataclass
class Team:
    """`denied`: why the token is refused (account_inactive, token_revoked); None while it is good."""

    id: str
    token: str
    bot: str
    bot_id: str
    channels: dict[str, Channel] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    scopes: frozenset[str] = SCOPES
    denied: str | None = None
    refresh: str | None = None
    expires: float | None = None
    statuses: list[tuple[str, str, str]] = field(default_factory=list)
    prompts: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    ephemerals: list[tuple[str, str, str]] = field(default_factory=list)  # channel, user, text
    _ims: dict[str, str] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    def channel(self, id: str, *, bot: bool = True) -> Channel:
        """The channel, made on first use with the bot in it (or not)."""
        if id not in self.channels:
            kind: Any = PREFIX[id[0]]
            self.channels[id] = Channel(id, kind, {self.bot} if bot else set())
        return self.channels[id]

    def im(self, user: str) -> Channel:
        if user not in self._ims:
            self._ims[user] = f"D{self.id[1:]}{next(self._numbers):05d}"
            self.channels[self._ims[user]] = Channel(self._ims[user], "im", {user, self.bot})
        return self.channels[self._ims[user]]

    def spoken(self) -> Iterable[tuple[Channel, Message]]:
        """Every message of the bot."""
        for channel in self.channels.values():
            for message in channel.messages.values():
                if message.user == self.bot:
                    yield channel, message
