"""Installing in many workspaces: OAuth's pages, with tokens in PostgreSQL (core/store/installations.py)."""

# ruff: noqa: ARG002  # the signatures are slack_sdk's

import logging
from typing import Any
from urllib.parse import urljoin, urlsplit

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack.logs import library_logger
from bots.slack.manifest import SCOPES
from bots.slack.workspaces import Installations
from core.settings import Slack

STATE_SECONDS = 600


def oauth_flow(settings: Slack, installations: Installations, client: AsyncWebClient) -> AsyncOAuthFlow:
    """Pages /slack/install and the one that `slack.redirect_url` names."""
    where = urljoin(settings.api_base_url, "/oauth/v2/authorize")
    return AsyncOAuthFlow(
        client=client,
        logger=library_logger(),
        settings=AsyncOAuthSettings(
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            scopes=SCOPES,
            redirect_uri=settings.redirect_url,
            redirect_uri_path=urlsplit(settings.redirect_url).path or "/slack/oauth_redirect",
            authorization_url=where,
            installation_store=InstallationStore(installations),
            state_store=StateStore(installations),
            state_expiration_seconds=STATE_SECONDS,
            logger=library_logger(),
        ),
    )


class InstallationStore(AsyncInstallationStore):
    """slack_sdk's shape over ours. Of who installed the app nothing is kept."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    @property
    def logger(self) -> logging.Logger:
        return library_logger()

    async def async_save(self, installation: Installation) -> None:
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        if bot.team_id is not None:
            await self._installations.save(bot.team_id, record(bot))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        kept = await self._installations.find(team_id or "")
        return Bot(**kept, team_id=team_id, installed_at=0.0) if kept else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        bot = await self.async_find_bot(enterprise_id=enterprise_id, team_id=team_id)
        if bot is None:
            return None
        return Installation(**record(bot), team_id=team_id, user_id=bot.bot_user_id)

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self._installations.delete(team_id or "")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """A person's own token: none is kept."""


class StateStore(AsyncOAuthStateStore):
    """A state is good once, for ten minutes, in whatever process the person comes back to."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    @property
    def logger(self) -> logging.Logger:
        return library_logger()

    async def async_issue(self, *args: Any, **kwargs: Any) -> str:
        return await self._installations.issue_state()

    async def async_consume(self, state: str) -> bool:
        return await self._installations.consume_state(state)


def record(bot: Bot) -> dict[str, Any]:
    """What is kept of a workspace."""
    return {
        "bot_token": bot.bot_token,
        "bot_id": bot.bot_id,
        "bot_user_id": bot.bot_user_id,
        "bot_scopes": ",".join(bot.bot_scopes),
        "bot_refresh_token": bot.bot_refresh_token,
        "bot_token_expires_at": bot.bot_token_expires_at,
    }
