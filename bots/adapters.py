"""Each platform as the service runs it: open, receive until told to close, send until all is drained."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bots import texts
from bots.channel import Channel
from bots.talk.commands import menu
from core.errors import StoreError
from core.inbox import Inbox
from core.settings import Settings

_BEAT, _UNHEARD = 10.0, 1.0  # seconds between two signs of life, and between two looks before the first
_AGAIN = 1.0  # seconds before receiving is tried once more
_SILENT = timedelta(seconds=90)  # whoever heard nothing for so long gives none

Lead = Callable[[str], AbstractAsyncContextManager[None]]


@dataclass
class Shared:
    """What the adapters share with the service.

    `channels` fills as platforms answer, so that one that is away holds up no other. `closing` is set when
    nothing more is to be received, `drained` when nothing more is to be sent.
    """

    settings: Settings
    inbox: Inbox
    lead: Lead
    receiving: bool
    channels: dict[str, Channel] = field(default_factory=dict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    drained: asyncio.Event = field(default_factory=asyncio.Event)
    host: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")


Adapter = Callable[[Shared], Coroutine[Any, Any, None]]


def adapters(settings: Settings) -> dict[str, Adapter]:
    """Those that have a token."""
    slack_too = settings.slack.bot_token.get_secret_value() or settings.slack.client_id
    return {
        **({"telegram": telegram} if settings.telegram.token.get_secret_value() else {}),
        **({"slack": slack} if slack_too else {}),
    }


async def telegram(shared: Shared) -> None:
    """Raises InputError for a token that Telegram does not know."""
    from bots.telegram.bot import telegram_bot
    from bots.telegram.channel import TelegramChannel
    from bots.telegram.receive import TelegramReceiver

    ours = shared.settings.telegram
    async with telegram_bot(ours) as bot:
        shared.channels["telegram"] = TelegramChannel(bot, ours, shared.settings.access.link_hosts)
        if shared.receiving:
            lead = partial(shared.lead, "telegram")
            receiver = TelegramReceiver(bot, shared.inbox, ours, dict(menu()), leader=lead)
            await _receive(shared, receiver.run, lambda: _recent(receiver.heard_at))
        await shared.drained.wait()


async def slack(shared: Shared) -> None:
    """Raises InputError for wrong tokens and settings, Unreachable when Slack stays away at the start."""
    from bots.slack.adapter import open_slack
    from bots.slack.receive import Greeting
    from core.wiring.installations import open_installations

    ours = shared.settings.slack
    async with (
        open_installations(shared.settings) as installations,
        open_slack(ours, installations) as adapter,
    ):
        shared.channels["slack"] = adapter.channel
        if shared.receiving:
            greeting = Greeting(texts.EXAMPLES_LEAD, [(text, text) for text in texts.EXAMPLES])
            await adapter.start(shared.inbox, greeting=greeting, installations=installations)
            await _alive(shared, "slack", lambda: adapter.silent_seconds < _SILENT.total_seconds())
            await adapter.stop()
        await shared.drained.wait()


async def _receive(shared: Shared, run: Callable[[], Awaitable[None]], hears: Callable[[], bool]) -> None:
    """`run`, again whenever the lead was lost, until closing; raises what else ends it."""
    beating = asyncio.create_task(_alive(shared, "telegram", hears))
    try:
        while not shared.closing.is_set():
            receiving = asyncio.ensure_future(run())
            await asyncio.wait([receiving, beating], return_when=asyncio.FIRST_COMPLETED)
            receiving.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await receiving
            with suppress(TimeoutError):  # a database that is away refuses at once, again and again
                await asyncio.wait_for(shared.closing.wait(), _AGAIN)
    finally:
        beating.cancel()


async def _alive(shared: Shared, part: str, hears: Callable[[], bool]) -> None:
    """A sign of life every few seconds, while the platform is heard, until closing."""
    while not shared.closing.is_set():
        heard = hears()
        if heard:
            with suppress(StoreError):
                await shared.inbox.heartbeat(part, shared.host)
        with suppress(TimeoutError):
            await asyncio.wait_for(shared.closing.wait(), _BEAT if heard else _UNHEARD)


def _recent(at: datetime | None) -> bool:
    return at is not None and datetime.now(UTC) - at < _SILENT
