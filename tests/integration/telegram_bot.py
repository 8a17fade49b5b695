"""The bot's side of a test: settings and connections that lead to the double."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bots.telegram.bot import TelegramBot, telegram_bot
from bots.telegram.channel import TelegramChannel
from bots.telegram.receive import TelegramReceiver
from core.settings import Telegram, load_settings
from tests.doubles.received import Received
from tests.doubles.telegram import TelegramDouble

SECOND = 0.02  # what a second of the limits and of the pace lasts
MENU = {"ask": "질문하기", "help": "도움말"}


def settings(double: TelegramDouble, **changed: Any) -> Telegram:
    changes = {"api_base_url": double.url, "token": double.token, **changed}
    return Telegram.model_validate(load_settings().telegram.model_dump() | changes)


@asynccontextmanager
async def connected(double: TelegramDouble, **changed: Any) -> AsyncIterator[TelegramBot]:
    async with telegram_bot(settings(double, **changed)) as bot:
        yield bot


@asynccontextmanager
async def channel(double: TelegramDouble, second: float = SECOND) -> AsyncIterator[TelegramChannel]:
    """The pace is of `second`, over all chats too; the double's limits are of the same where it has any."""
    async with connected(double) as bot:
        yield TelegramChannel(bot, settings(double), ["news.example.com"], second=second)


@asynccontextmanager
async def receiving(
    double: TelegramDouble, inbox: Received, *, hold: float = 0.05, **changed: Any
) -> AsyncIterator[TelegramReceiver]:
    async with connected(double, **changed) as bot, running(bot, double, inbox, hold, changed) as receiver:
        yield receiver


@asynccontextmanager
async def running(
    bot: TelegramBot, double: TelegramDouble, inbox: Received, hold: float, changed: dict[str, Any]
) -> AsyncIterator[TelegramReceiver]:
    receiver = TelegramReceiver(
        bot, inbox, settings(double, **changed), MENU, wait=timedelta(seconds=1), hold=timedelta(seconds=hold)
    )
    task = asyncio.create_task(receiver.run())
    try:
        yield receiver
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
