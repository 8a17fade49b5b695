"""The workspaces that the bot is in: whose token speaks for it there, and who it is."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bots.channel import Gone
from bots.slack.errors import SlackRefused, translated
from bots.slack.logs import library_logger
from bots.slack.manifest import SCOPES
from core.errors import InputError
from core.settings import Slack

logger = logging.getLogger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=8, sock_connect=3)
ROTATE_MINUTES = 120  # Slack's tokens live twelve hours
REMEMBERED = 30.0  # seconds an installation is not looked up again


@dataclass(frozen=True, slots=True)
class Workspace:
    team: str
    bot_user: str
    bot_id: str
    client: AsyncWebClient = field(repr=False)


class Workspaces(Protocol):
    async def of(self, team: str) -> Workspace:
        """Raises Gone where the bot is not installed, Unreachable when that cannot be told."""
        ...

    async def left(self, team: str) -> None:
        """The bot was uninstalled: forget its token. Raises StoreError."""
        ...


class Installations(Protocol):
    """Tokens of many workspaces: core/store/installations.py. Every method raises StoreError."""

    async def find(self, team: str) -> Mapping[str, Any] | None: ...

    async def save(self, team: str, record: Mapping[str, Any]) -> None: ...

    async def delete(self, team: str) -> None: ...

    async def renew(self, team: str, renew: "Renew") -> Mapping[str, Any] | None: ...

    async def issue_state(self) -> str: ...

    async def consume_state(self, state: str) -> bool: ...


class Renew(Protocol):
    async def __call__(self, record: Mapping[str, Any]) -> Mapping[str, Any] | None: ...


def web_client(settings: Slack, session: aiohttp.ClientSession, token: str | None = None) -> AsyncWebClient:
    """No retries of the library's: its default repeats a posting whose answer was lost (notes/bots.md).

    The logger has a level of its own, for at DEBUG the library writes every text and OAuth's tokens.
    """
    return AsyncWebClient(
        token,
        base_url=settings.api_base_url,
        session=session,
        retry_handlers=[],
        logger=library_logger(),
    )


class OneWorkspace:
    """The workspace of `slack.bot_token`; `missing`: scopes of the manifest that it did not grant."""

    def __init__(self, workspace: Workspace, missing: Sequence[str] = ()) -> None:
        self.workspace = workspace
        self.missing = missing

    async def of(self, team: str) -> Workspace:
        if team != self.workspace.team:
            raise Gone("이 봇이 없는 슬랙 워크스페이스입니다.")
        return self.workspace

    async def left(self, team: str) -> None:
        logger.warning("Slack: the app was uninstalled from %s; slack.bot_token is of no use any more", team)


async def connect(settings: Slack, session: aiohttp.ClientSession) -> OneWorkspace:
    """auth.test, once. Raises InputError when the token is wrong, Unreachable or Busy when Slack is away."""
    client = web_client(settings, session, settings.bot_token.get_secret_value())
    try:
        with translated():
            who = await client.auth_test()
    except (SlackRefused, Gone) as refused:
        raise InputError(
            "슬랙 봇 토큰이 맞지 않습니다: api.slack.com/apps 에서 앱을 골라 OAuth & Permissions의"
            " Bot User OAuth Token(xoxb-…)을 slack.bot_token(GONGSI_SLACK__BOT_TOKEN)에 넣으세요"
            f" ({refused})."
        ) from None
    granted = {scope.strip() for scope in who.headers.get("x-oauth-scopes", "").split(",")} - {""}
    missing = sorted(set(SCOPES) - granted) if granted else []
    if missing:
        logger.warning("Slack: missing scopes %s; reinstall with `gongsi slack manifest`", ", ".join(missing))
    return OneWorkspace(Workspace(who["team_id"], who["user_id"], who["bot_id"], client), missing)


async def open_socket_url(settings: Slack, session: aiohttp.ClientSession) -> str:
    """apps.connections.open. Raises InputError when the app token is wrong, Unreachable or Busy."""
    client = web_client(settings, session)
    try:
        with translated():
            opened = await client.apps_connections_open(app_token=settings.app_token.get_secret_value())
    except (SlackRefused, Gone) as refused:
        raise InputError(
            "슬랙 앱 토큰이 맞지 않습니다: api.slack.com/apps 에서 앱을 골라 Basic Information의"
            " App-Level Tokens에서 connections:write 권한으로 만든 토큰(xapp-…)을"
            f" slack.app_token(GONGSI_SLACK__APP_TOKEN)에 넣으세요 ({refused})."
        ) from None
    return str(opened["url"])


class InstalledWorkspaces:
    """Every workspace that installed the app by OAuth; tokens near their end are renewed."""

    def __init__(self, installations: Installations, settings: Slack, session: aiohttp.ClientSession) -> None:
        self._installations = installations
        self._settings = settings
        self._session = session
        self._known: dict[str, tuple[Workspace, float]] = {}

    async def of(self, team: str) -> Workspace:
        workspace, until = self._known.get(team, (None, 0.0))
        if workspace is not None and time.monotonic() < until:
            return workspace
        record = await self._installations.find(team)
        if record is None:
            self._known.pop(team, None)
            raise Gone("이 봇이 없는 슬랙 워크스페이스입니다.")
        if _ends_soon(record):
            record = await self._installations.renew(team, self._renewed) or record
        client = web_client(self._settings, self._session, record["bot_token"])
        workspace = Workspace(team, record["bot_user_id"], record["bot_id"], client)
        self._known[team] = (workspace, time.monotonic() + REMEMBERED)
        return workspace

    async def left(self, team: str) -> None:
        self._known.pop(team, None)
        await self._installations.delete(team)

    async def _renewed(self, record: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """None when another process was faster. Raises Unreachable, Busy, Gone."""
        if not _ends_soon(record):
            return None
        rotator = AsyncTokenRotator(
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret.get_secret_value(),
            client=web_client(self._settings, self._session),
        )
        return await rotated(rotator, record)


async def rotated(rotator: AsyncTokenRotator, record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Raises Unreachable or Busy; Gone when Slack does not take the refresh token any more."""
    try:
        with translated():
            try:
                renewed = await rotator.perform_bot_token_rotation(
                    bot=Bot(**record, installed_at=0.0), minutes_before_expiration=ROTATE_MINUTES
                )
            except SlackTokenRotationError as error:
                raise error.api_error from None
    except SlackRefused as refused:
        raise Gone(f"슬랙 토큰을 새로 받지 못했습니다({refused.code}).") from None
    if renewed is None:
        return None
    return {
        **record,
        "bot_token": renewed.bot_token,
        "bot_refresh_token": renewed.bot_refresh_token,
        "bot_token_expires_at": renewed.bot_token_expires_at,
    }


def _ends_soon(record: Mapping[str, Any]) -> bool:
    ends = record.get("bot_token_expires_at")
    return ends is not None and ends < time.time() + ROTATE_MINUTES * 60
