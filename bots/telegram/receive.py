"""Updates → inbox: each is stored before Telegram is told that it arrived.

The library's Updater and Application are not used: the Updater confirms an update once it stands in a queue
in memory, so that a kill or a database that is down loses it, and its webhook answers 200 before a handler
ran. Here `getUpdates` is called with the next offset, and the webhook answered, once `put` has returned.
Whatever is delivered twice meets its key in the inbox.
"""

import asyncio
import hmac
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bots.backoff import backoff
from bots.telegram.bot import ALLOWED_UPDATES, PAUSES, TelegramBot, seconds_of, wrong_token
from bots.telegram.incoming import Reader
from core.errors import InputError, StoreError
from core.inbox import Inbox
from core.settings import Telegram

QUEUE = "in"
_LONGEST_UPDATE = 1 << 20  # bytes; a message is 4,096 characters, entities and the message it replies to
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
_LOOK_EVERY = 60.0  # seconds between two looks at the webhook
_log = logging.getLogger(__name__)


class TelegramReceiver:
    """`commands`: name → Korean description, in the order of the menu.

    `leader` makes a context that is entered by one process at a time and waits until it may: two that poll
    with one token take each other's connection away (409). With a webhook every process may listen.
    `wait` is how long Telegram keeps a poll open, `hold` how long to stay away after a 409.
    `heard_at` is when Telegram last answered or called this process; None for one that still stands by.
    """

    def __init__(
        self,
        bot: TelegramBot,
        inbox: Inbox,
        settings: Telegram,
        commands: Mapping[str, str],
        *,
        leader: Callable[[], AbstractAsyncContextManager[object]] = nullcontext,
        wait: timedelta = timedelta(seconds=30),
        hold: timedelta = timedelta(seconds=30),
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._settings = settings
        self._commands = commands
        self._leader = leader
        self._wait = wait
        self._hold = hold
        self._reader = Reader(bot.bot, commands, settings.groups)
        self.heard_at: datetime | None = None

    async def run(self) -> None:
        """Until cancelled. Raises InputError for settings that cannot work and for a token that was
        revoked; nothing that was not stored is confirmed then either."""
        if self._settings.mode == "webhook":
            await self._listen()
        else:
            async with self._leader():
                await self._offer_commands()
                await self._poll()

    async def _poll(self) -> None:
        offset: int | None = None
        calm = backoff(*PAUSES)
        webhook_gone = False
        while True:
            try:
                if not webhook_gone:  # left over from the other mode; it holds what came meanwhile
                    webhook_gone = await self._bot.delete_webhook(drop_pending_updates=False)
                    self.heard_at = datetime.now(UTC)  # a poll in which nothing comes is silent for `wait`
                updates = await self._bot.raw_updates(offset, self._wait)
            except Conflict:
                _log.error(
                    "다른 프로그램이 같은 토큰으로 텔레그램 메시지를 받고 있습니다. 하나만 남기세요."
                    " %.0f초 뒤에 다시 해 봅니다.",
                    self._hold.total_seconds(),
                )
                webhook_gone = False
                await asyncio.sleep(self._hold.total_seconds())
            except InvalidToken:
                raise wrong_token() from None
            except TelegramError as error:
                pause = seconds_of(error) if isinstance(error, RetryAfter) else next(calm)
                if not isinstance(error, TimedOut):
                    reason = type(error).__name__
                    _log.warning("텔레그램에서 받지 못했습니다(%s). %.1f초 뒤에 다시 합니다.", reason, pause)
                await asyncio.sleep(pause)
            else:
                calm = backoff(*PAUSES)
                self.heard_at = datetime.now(UTC)
                for update in updates:
                    await self._keep_at_last(update)
                    offset = int(update["update_id"]) + 1

    async def _keep_at_last(self, raw: dict[str, Any]) -> None:
        """Store it, however long the database is away: the update is confirmed after this."""
        for pause in backoff(0.2, 10.0):
            try:
                await self._keep(raw)
                return
            except StoreError:
                _log.error("받은 메시지를 저장하지 못했습니다. %.1f초 뒤에 다시 합니다.", pause)
                await asyncio.sleep(pause)

    async def _keep(self, raw: dict[str, Any]) -> None:
        """Raises StoreError. What the library cannot read is passed over: it would come back for ever."""
        try:
            update = Update.de_json(raw, self._bot)
            incoming = self._reader.read(update)
        except Exception as error:
            _log.error("읽지 못한 텔레그램 업데이트 %s (%s)", raw.get("update_id"), type(error).__name__)
            return
        if incoming:
            await self._inbox.put(QUEUE, incoming.key, incoming.place.lane, incoming.to_json())

    async def _listen(self) -> None:
        """The webhook: at any path (a gateway may rewrite it), for whoever knows the secret."""
        secret = self._settings.webhook_secret.get_secret_value()
        if not self._settings.webhook_url or not secret:
            raise InputError("웹훅에는 telegram.webhook_url과 telegram.webhook_secret이 있어야 합니다.")
        app = web.Application(client_max_size=_LONGEST_UPDATE)
        app.router.add_post("/{path:.*}", self._receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, port=self._settings.port).start()
            await self._offer_commands()
            await self._stay_hooked(secret)
        finally:
            await runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        """200 once it is stored; 503 where it cannot be, and Telegram sends it again."""
        said = request.headers.get(_SECRET_HEADER, "").encode()
        if not hmac.compare_digest(said, self._settings.webhook_secret.get_secret_value().encode()):
            return web.Response(status=403)
        try:
            update = await request.json()
        except ValueError:
            update = None
        if not isinstance(update, dict):
            return web.Response(status=400)
        self.heard_at = datetime.now(UTC)
        try:
            await self._keep(update)
        except StoreError:
            _log.error("받은 메시지를 저장하지 못했습니다. 텔레그램이 다시 보냅니다.")
            return web.Response(status=503)
        return web.Response()

    async def _stay_hooked(self, secret: str) -> None:
        """Register the webhook, and again where somebody took it away (a second bot that polls)."""
        url = self._settings.webhook_url
        calm = backoff(*PAUSES)
        hooked = False
        while True:
            try:
                if not hooked or (await self._bot.get_webhook_info()).url != url:
                    hooked = await self._bot.set_webhook(
                        url, secret_token=secret, allowed_updates=ALLOWED_UPDATES
                    )
                pause = _LOOK_EVERY
                calm = backoff(*PAUSES)
                self.heard_at = datetime.now(UTC)
            except InvalidToken:
                raise wrong_token() from None
            except TelegramError as error:
                pause = seconds_of(error) if isinstance(error, RetryAfter) else next(calm)
                reason = type(error).__name__
                _log.warning("웹훅을 걸지 못했습니다(%s). %.0f초 뒤에 다시 합니다.", reason, pause)
            await asyncio.sleep(pause)

    async def _offer_commands(self) -> None:
        """The menu, for every language and for Korean, which an earlier menu may cover. A menu that cannot
        be set keeps nobody from being answered."""
        menu = [BotCommand(name, text) for name, text in self._commands.items()]
        try:
            await self._bot.set_my_commands(menu)
            await self._bot.set_my_commands(menu, language_code="ko")
        except TelegramError as error:
            _log.warning("명령 메뉴를 바꾸지 못했습니다(%s).", type(error).__name__)
