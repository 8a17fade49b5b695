"""Where a slash command is answered: Slack shows nobody what was typed, so an answer needs a post first."""

import asyncio
import logging
from collections import OrderedDict
from typing import Any

from bots.channel import ChannelError
from bots.message import Place
from bots.slack.errors import translated
from bots.slack.events import Json, command_key, readable
from bots.slack.lookup import find, metadata
from bots.slack.rendering import escape
from bots.slack.workspaces import Workspace
from bots.texts import slack as texts

logger = logging.getLogger(__name__)

PATIENCE = 1.2  # seconds: Slack waits three for the acknowledgement, which comes after the inbox
QUOTED = 300
REMEMBERED = 1_024


class SlashPlaces:
    """In a channel of the bot's, the thread of a post that repeats the question; else the DM with the person.

    chat.postMessage tells whether the bot is in the channel; asking beforehand would need channels:read.
    """

    def __init__(self) -> None:
        self._posts: OrderedDict[str, str] = OrderedDict()

    async def place(self, workspace: Workspace, body: Json, *, again: bool) -> tuple[Place, str]:
        """The place, and the sentence that the person alone sees. Never raises ChannelError."""
        team, channel, user = body["team_id"], body["channel_id"], body["user_id"]
        if not channel.startswith("D"):
            try:
                async with asyncio.timeout(PATIENCE):
                    ts = await self._post(workspace, channel, body, again=again)
                return Place("slack", f"{team}/{channel}", ts, private=False), texts.SLASH_IN_THREAD
            except (ChannelError, TimeoutError) as error:
                logger.info("Slack: a command is answered in person (%s)", type(error).__name__)
        return Place("slack", f"{team}/{await im(workspace, user)}"), texts.SLASH_IN_DM

    async def _post(self, workspace: Workspace, channel: str, body: Json, *, again: bool) -> str:
        """The question as a post, once: Slack may deliver the command again."""
        key = command_key(body)
        if key in self._posts:
            return self._posts[key]
        client = workspace.client
        with translated():
            ts = await find(client, channel, None, key, None) if again else None
            if ts is None:
                asked = readable(str(body.get("text", "")), "")
                posted: Any = await client.chat_postMessage(
                    channel=channel,
                    text=f"<@{body['user_id']}> {texts.ASKED} {escape(asked[:QUOTED])}",
                    metadata=metadata(key),
                    unfurl_links=False,
                    unfurl_media=False,
                )
                ts = str(posted["ts"])
        self._posts[key] = ts
        if len(self._posts) > REMEMBERED:
            self._posts.popitem(last=False)
        return ts


async def im(workspace: Workspace, user: str) -> str:
    """The DM's id, whose lane is that of messages there; the person's, which will do, if Slack is slow."""
    try:
        async with asyncio.timeout(PATIENCE):
            with translated():
                opened = await workspace.client.conversations_open(users=user)
            return str(opened["channel"]["id"])
    except (ChannelError, TimeoutError):
        return user
