"""How fast a chat may be written to, so that Telegram need not say so (429)."""

from datetime import timedelta
from time import monotonic

from aiolimiter import AsyncLimiter

from bots.channel import Busy

_CHATS = 10_000  # remembered at most before those at rest are let go
_REST = 120.0  # seconds after which nothing of a chat's past counts any more


class ChatPace:
    """One chat: about one call a second, 20 a minute in groups, of which frames of a stream take what the
    final text does not need.

    Measured against 1 a second with a burst of 5 and 20 a minute (notes/bots.md): frames every 0.2 s met ten
    429s in 13 s, every 1.2 s (3.2 s in groups) none. Four at once and 14 a minute make 18 in any minute: the
    other two are for calls that are late on the way, whose minute Telegram counts from when they arrive
    (16 a minute met 429s on a loaded machine). `second` is what a second lasts, for tests.
    """

    def __init__(self, *, private: bool, second: float) -> None:
        burst, period = (4, 4.2) if private else (4, 17.0)
        self._limiter = AsyncLimiter(burst, period * second)
        self._gap = (1.2 if private else 3.2) * second
        self._rest = _REST * second
        self._typing_for = 4.0 * second
        self._next_frame = 0.0
        self._next_typing = 0.0
        self._held_until = 0.0
        self._used = monotonic()

    @property
    def at_rest(self) -> bool:
        now = monotonic()
        return now > self._held_until and now - self._used > self._rest

    def hold(self, after: timedelta) -> None:
        """Nothing is sent there for so long."""
        self._held_until = max(self._held_until, monotonic() + after.total_seconds())

    async def turn(self) -> None:
        """Wait for room. Raises Busy where the chat came to be held meanwhile."""
        self._used = monotonic()
        await self._limiter.acquire()
        self.check()

    async def frame(self) -> bool:
        """Whether a frame may go now, which then counts: two more calls must fit behind it."""
        now = monotonic()
        if now < max(self._next_frame, self._held_until) or not self._limiter.has_capacity(3):
            return False
        self._next_frame = now + self._gap
        await self.turn()
        return True

    def typing(self) -> bool:
        """Whether `typing…`, which lasts five seconds, is due."""
        now = monotonic()
        if now < max(self._next_typing, self._held_until):
            return False
        self._next_typing = now + self._typing_for
        return True

    def check(self) -> None:
        """Raises Busy while the chat is held."""
        left = self._held_until - monotonic()
        if left > 0:
            raise Busy(timedelta(seconds=left))


class Pace:
    """All chats together and each; `per_second` over all, a fifth of which may go at once."""

    def __init__(self, per_second: float, second: float = 1.0) -> None:
        self._second = second
        self._all = AsyncLimiter(max(1.0, per_second / 5), second * max(1.0, per_second / 5) / per_second)
        self._chats: dict[str, ChatPace] = {}

    def chat(self, chat: str, *, private: bool) -> ChatPace:
        pace = self._chats.get(chat)
        if pace is None:
            if len(self._chats) >= _CHATS:
                self._chats = {name: one for name, one in self._chats.items() if not one.at_rest}
            pace = self._chats[chat] = ChatPace(private=private, second=self._second)
        return pace

    async def turn(self, chat: str, *, private: bool) -> None:
        """Wait until a call to this chat fits. Raises Busy while Telegram has the chat wait.

        The chat's turn comes last, so that the chat counts a call when it goes and not while it queues.
        """
        one = self.chat(chat, private=private)
        one.check()
        await self._all.acquire()
        await one.turn()

    async def frame(self, chat: str, *, private: bool) -> bool:
        """Whether a frame of a stream fits now, which then counts."""
        if not self._all.has_capacity() or not await self.chat(chat, private=private).frame():
            return False
        await self._all.acquire()
        return True
