"""Slack as the service uses it: a way out (`channel`), and a way in that is started and stopped."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import stamina
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bots.channel import Busy, Unreachable
from bots.slack.channel import SlackChannel
from bots.slack.oauth import oauth_flow
from bots.slack.receive import Greeting, Receiver, Store
from bots.slack.socket_mode import Socket
from bots.slack.workspaces import (
    TIMEOUT,
    Installations,
    InstalledWorkspaces,
    Workspaces,
    connect,
    open_socket_url,
    web_client,
)
from core.errors import InputError
from core.settings import Slack

if TYPE_CHECKING:
    from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

logger = logging.getLogger(__name__)

PATH = "/slack/events"
START_SECONDS = 60.0  # Slack may be away that long when we start


class SlackAdapter:
    """`channel` works before `start`: a worker needs no more."""

    def __init__(
        self, settings: Slack, channel: SlackChannel, workspaces: Workspaces, session: aiohttp.ClientSession
    ) -> None:
        self.channel = channel
        self._settings = settings
        self._workspaces = workspaces
        self._session = session
        self._receiver: Receiver | None = None
        self._socket: Socket | None = None
        self._runner: web.AppRunner | None = None

    async def start(
        self, inbox: Store, *, greeting: Greeting | None = None, installations: Installations | None = None
    ) -> None:
        """Begin to receive. Raises InputError for wrong settings, Unreachable when Slack stays away."""
        settings, client = self._settings, web_client(self._settings, self._session)
        secret = settings.signing_secret.get_secret_value()
        if settings.mode == "http" and not secret:
            raise InputError(
                "HTTP로 받으려면 서명을 확인할 값이 필요합니다: api.slack.com/apps 에서 앱을 골라"
                " Basic Information의 Signing Secret을 slack.signing_secret(GONGSI_SLACK__SIGNING_SECRET)에"
                " 넣으세요."
            )
        flow = None
        if installations is not None and settings.client_id:
            flow = oauth_flow(settings, installations, client)
        self._receiver = Receiver(
            self._workspaces,
            inbox,
            client=client,
            signing_secret=secret,
            greeting=greeting,
            oauth_flow=flow,
        )
        if settings.mode == "http" or flow is not None:
            await self._listen(self._receiver, flow)
        if settings.mode == "socket":
            await self._connect(self._receiver, client)

    @property
    def silent_seconds(self) -> float:
        """For /readyz: how long nothing can have arrived by the socket; 0 in HTTP mode."""
        return self._socket.silent_seconds if self._socket else 0.0

    @property
    def port(self) -> int:
        """The port that HTTP mode listens on."""
        if self._runner is None:
            raise RuntimeError("HTTP로 받고 있지 않습니다.")
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Take nothing new; what was taken is in the inbox. `channel` goes on working."""
        if self._socket is not None:
            await self._socket.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._receiver is not None:
            await self._receiver.close()
        self._socket = self._runner = self._receiver = None

    async def _connect(self, receiver: Receiver, client: AsyncWebClient) -> None:
        url = ""
        async for attempt in stamina.retry_context(
            on=(Unreachable, Busy), timeout=START_SECONDS, attempts=None
        ):
            with attempt:
                url = await open_socket_url(self._settings, self._session)
        self._socket = Socket(receiver.app, self._settings.app_token.get_secret_value(), client)
        self._socket.open(url)

    async def _listen(self, receiver: Receiver, flow: "AsyncOAuthFlow | None") -> None:
        """aiohttp's access log is off: the address OAuth comes back to carries its code."""
        app = receiver.app.web_app(path=PATH, port=self._settings.port)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
        await self._runner.setup()
        try:
            # whatever stands in front with the https address may be on another machine
            await web.TCPSite(self._runner, "0.0.0.0", self._settings.port).start()  # noqa: S104
        except OSError:
            raise InputError(
                f"포트 {self._settings.port}를 열지 못했습니다(slack.port): 이미 쓰이고 있습니다."
            ) from None
        logger.info("Slack: listening on port %d%s", self.port, " with OAuth" if flow else "")


async def check_slack(settings: Slack) -> str:
    """For `gongsi doctor`: who the bot is. Raises InputError with the remedy, Unreachable, Busy."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        said = f"OAuth 앱 {settings.client_id}"
        if settings.bot_token.get_secret_value():
            one = await connect(settings, session)
            if one.missing:
                raise InputError(
                    f"슬랙 앱에 권한이 모자랍니다({', '.join(one.missing)}): gongsi slack manifest가 출력하는"
                    " 것을 api.slack.com/apps 의 App Manifest에 붙이고 Install App에서 다시 설치하세요."
                )
            said = f"워크스페이스 {one.workspace.team}에서 {one.workspace.bot_user}(으)로 말합니다"
        if settings.mode == "socket":
            await open_socket_url(settings, session)
        return said


@asynccontextmanager
async def open_slack(
    settings: Slack, installations: Installations | None = None
) -> AsyncIterator[SlackAdapter]:
    """Know who we are. Raises InputError when a token is wrong, Unreachable when Slack stays away."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        workspaces: Workspaces
        if settings.bot_token.get_secret_value():
            async for attempt in stamina.retry_context(
                on=(Unreachable, Busy), timeout=START_SECONDS, attempts=None
            ):
                with attempt:
                    workspaces = await connect(settings, session)
        elif installations is not None and settings.client_id:
            workspaces = InstalledWorkspaces(installations, settings, session)
        else:
            raise InputError("슬랙을 쓰려면 slack.bot_token이나 slack.client_id가 필요합니다.")
        channel = SlackChannel(workspaces, settings.messages_per_second)
        adapter = SlackAdapter(settings, channel, workspaces, session)
        try:
            yield adapter
        finally:
            await adapter.stop()
