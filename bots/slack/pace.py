"""How fast Slack may be called: a message a second and channel, tiers a minute, and what a 429 said.

docs.slack.dev/apis/web-api/rate-limits. Final texts are never held back by a tier (its limit is "at least");
frames of a streamed answer take what is left and never wait.
"""

import asyncio
import time
from collections import defaultdict, deque
from datetime import timedelta
from functools import lru_cache

from aiolimiter import AsyncLimiter

from bots.channel import Busy

POST_SECONDS = 1.0  # between posts in one channel
PATIENCE = 3.0  # seconds waited for a turn; longer, the worker has better to do
FRAME_SECONDS = 1.2  # between frames of one message (notes/bots.md: zero 429s at 1.2 s)
# Frames a minute and workspace: half of tier 3 for chat.update, so that finals have the other half; most of
# tier 4 for chat.appendStream; most of tier 2 for streams, each of which is started and stopped once.
FRAMES = {"chat.update": 25, "chat.appendStream": 80, "chat.startStream": 15}


class Pace:
    """`messages_per_second`: of all workspaces together."""

    def __init__(self, messages_per_second: float) -> None:
        self._all = AsyncLimiter(max(messages_per_second, 1), max(1.0, 1 / messages_per_second))
        self._chat = lru_cache(maxsize=4096)(lambda _: AsyncLimiter(1, POST_SECONDS))
        self._calls: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._held: dict[tuple[str, str], float] = {}

    async def post(self, chat: str) -> None:
        """A turn to post in `chat` (`team/channel`). Raises Busy when it is not soon."""
        self.check(chat, "chat.postMessage")
        await self._turn(self._chat(chat))
        await self._turn(self._all)

    async def send(self, team: str, method: str) -> None:
        """A turn for a call that changes a message. Raises Busy."""
        self.check(team, method)
        await self._turn(self._all)
        self._note(team, method)

    def frame(self, team: str, method: str) -> bool:
        """Whether a frame may go now; counts it when it may."""
        calls = self._calls[team, method]
        self._forget(calls)
        if len(calls) >= FRAMES[method] or not self._all.has_capacity():
            return False
        try:
            self.check(team, method)
        except Busy:
            return False
        self._note(team, method)
        return True

    def check(self, where: str, method: str) -> None:
        """Raises Busy while Slack's last 429 for `method` there holds."""
        until = self._held.get((where, method), 0.0)
        left = until - time.monotonic()
        if left > 0:
            raise Busy(timedelta(seconds=left))
        self._held.pop((where, method), None)

    def hold(self, where: str, method: str, after: timedelta) -> None:
        now = time.monotonic()
        self._held = {held: until for held, until in self._held.items() if until > now}
        self._held[where, method] = now + after.total_seconds()

    async def _turn(self, limiter: AsyncLimiter) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await limiter.acquire()
        except TimeoutError:
            raise Busy(timedelta(seconds=PATIENCE)) from None

    def _note(self, team: str, method: str) -> None:
        calls = self._calls[team, method]
        self._forget(calls)
        calls.append(time.monotonic())

    @staticmethod
    def _forget(calls: deque[float]) -> None:
        while calls and calls[0] < time.monotonic() - 60:
            calls.popleft()
