"""The connection to Telegram: who the bot is, waited for until the server answers."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from telegram import Bot
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bots.backoff import backoff
from bots.telegram.request import AiohttpRequest
from core.errors import InputError
from core.settings import Telegram

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

PAUSES = (0.5, 30.0)  # seconds, the first and the longest, before Telegram is tried again

_NOT_THE_TOKEN = "0:kept-by-the-request"  # noqa: S105  # the library wants one and would tell it
_log = logging.getLogger(__name__)


class TelegramBot(Bot):
    """The library's Bot, which does not know its token (see AiohttpRequest)."""

    __slots__ = ()

    def __init__(self, settings: Telegram) -> None:
        super().__init__(
            _NOT_THE_TOKEN,
            base_url=lambda _: "",
            request=AiohttpRequest(settings.api_base_url, settings.token, connections=32),
            get_updates_request=AiohttpRequest(settings.api_base_url, settings.token, connections=2),
        )

    async def raw_updates(self, offset: int | None, wait: timedelta) -> list[dict[str, Any]]:
        """As `get_updates`, each update unread: of a batch with one that the library cannot read,
        `get_updates` gives none and writes all of it, people's messages, to the log. Raises TelegramError."""
        seconds = wait.total_seconds()
        updates: list[dict[str, Any]] = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": int(seconds), "allowed_updates": ALLOWED_UPDATES},
            read_timeout=seconds + 5.0,
        )
        return updates


@asynccontextmanager
async def telegram_bot(settings: Telegram) -> AsyncIterator[TelegramBot]:
    """Open for sending and receiving once Telegram has said who the bot is, however long that takes.

    Raises InputError when Telegram does not know the token.
    """
    bot = TelegramBot(settings)
    try:
        await _introduce(bot)
        yield bot
    finally:
        await bot.shutdown()


async def _introduce(bot: TelegramBot) -> None:
    for pause in backoff(*PAUSES):
        try:
            await bot.initialize()
            return
        except InvalidToken:
            raise wrong_token() from None
        except TelegramError as error:
            seconds = seconds_of(error) if isinstance(error, RetryAfter) else pause
            reason = type(error).__name__
            _log.warning("텔레그램 서버에 닿지 않습니다(%s). %.0f초 뒤에 다시 해 봅니다.", reason, seconds)
            await asyncio.sleep(seconds)


def wrong_token() -> InputError:
    """Also said of an address that is no Bot API: both answer 404."""
    return InputError(
        "텔레그램이 토큰을 모릅니다. telegram.token(GONGSI_TELEGRAM__TOKEN)을 BotFather가 준 값으로 고치고,"
        " 주소를 바꿨다면 telegram.api_base_url도 확인하세요."
    )


def seconds_of(error: RetryAfter) -> float:
    """The library gives whole seconds or, asked to by PTB_TIMEDELTA, a timedelta."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
