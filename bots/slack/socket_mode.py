"""Socket Mode: one connection that is looked after."""

import asyncio
import logging
import time

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack.logs import library_logger

logger = logging.getLogger(__name__)

# aiohttp gives a pong half of this; an abort is noticed and mended within one to two of them.
PING_SECONDS = 2.0
LOOK_SECONDS = 1.0


class Socket:
    """`client` asks for the addresses of sockets: the handler's own would not know the settings' Slack."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self._handler = AsyncSocketModeHandler(
            app, app_token, logger=library_logger(), web_client=client, ping_interval=PING_SECONDS
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._seen = 0.0

    def open(self, url: str) -> None:
        """Begin to connect to `url`, the answer of apps.connections.open; the library goes on trying."""
        self._handler.client.wss_uri = url
        connecting = self._handler.connect_async()  # type: ignore[no-untyped-call]
        self._tasks = [asyncio.ensure_future(connecting), asyncio.ensure_future(self._look())]

    @property
    def silent_seconds(self) -> float:
        """How long there has been no connection; 0 while there is one."""
        return time.monotonic() - self._seen if self._seen else 0.0

    async def close(self) -> None:
        """Slack delivers to another socket, or later to this one's successor, what was not acknowledged."""
        client = self._handler.client
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _look(self) -> None:
        """An address serves one connection, but the library retries it for ever: make it ask for another."""
        client = self._handler.client
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await client.is_connected():
                self._seen = 0.0
                continue
            if not self._seen:
                logger.warning("Slack: the socket is lost; connecting again")
                self._seen = time.monotonic()
            client.wss_uri = None
