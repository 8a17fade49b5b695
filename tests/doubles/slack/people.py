"""What people do in Slack, and what Slack tells the app about it."""

import time
from typing import Any
from uuid import uuid4

from tests.doubles.slack.deliveries import Deliveries, Delivery
from tests.doubles.slack.web_api import WebApi
from tests.doubles.slack.workspace import Channel, Message, Team


class People:
    """Every method acts at once and returns an id; the app is told in the background.

    Texts are as Slack keeps them (`&amp;`, `<#C1|name>`), except those of slash commands, as they are typed.
    """

    def __init__(self, api: WebApi, deliveries: Deliveries) -> None:
        self.api = api
        self.deliveries = deliveries
        self.responses: dict[str, list[dict[str, Any]]] = {}
        self._names: dict[str, tuple[str, str, str]] = {}  # trigger → team, channel, user
        deliveries.on_answer = self._answered

    def mention(
        self, team: str, channel: str, user: str, text: str, thread: str | None = None, *, twice: bool = False
    ) -> str:
        """`<@bot> text` in a channel; `twice`: the app hears of it as app_mention and as message."""
        there, where = self._in(team, channel, user)
        message = self._write(where, user, f"<@{there.bot}> {text}", thread)
        event = self._event(message, where)
        self._tell(there, {**event, "type": "app_mention"})
        if twice:
            kind = "group" if where.kind == "private" else "channel"
            self._tell(there, {**event, "type": "message", "channel_type": kind})
        return message.ts

    def chatter(self, team: str, channel: str, user: str, text: str, **more: Any) -> str:
        """A message that does not mention the bot, told to an app that subscribed to message.channels."""
        there, where = self._in(team, channel, user)
        message = self._write(where, user, text, None)
        self._tell(
            there, {**self._event(message, where), "type": "message", "channel_type": "channel", **more}
        )
        return message.ts

    def dm(self, team: str, user: str, text: str, thread: str | None = None) -> str:
        there = self.api.teams[team]
        where = there.im(user)
        message = self._write(where, user, text, thread)
        self._tell(there, {**self._event(message, where), "type": "message", "channel_type": "im"})
        return message.ts

    def slash(self, team: str, channel: str, user: str, text: str, command: str = "/gongsi") -> str:
        there = self.api.teams[team]
        trigger = uuid4().hex
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        self._names[trigger] = (team, channel, user)
        self.deliveries.send(
            "slash_commands",
            {
                "token": "verification", "team_id": team, "team_domain": team.lower(), "channel_id": channel,
                "channel_name": "directmessage" if channel.startswith("D") else "general", "user_id": user,
                "user_name": user.lower(), "command": command, "text": text, "api_app_id": "A1",
                "is_enterprise_install": "false", "trigger_id": trigger,
                "response_url": self._response(there),
            },
        )  # fmt: skip
        return trigger

    def press(self, team: str, channel: str, ts: str, user: str, label: str) -> str:
        """The button with this label (or value) under a message."""
        there = self.api.teams[team]
        message = there.channels[channel].messages[ts]
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False}
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        return self._press(
            there, user, label, message.blocks, container,
            {"channel": {"id": channel, "name": "x"}, "message": message.shown(metadata=False)},
        )  # fmt: skip

    def press_home(self, team: str, user: str, label: str) -> str:
        there = self.api.teams[team]
        view = there.homes[user]
        return self._press(
            there, user, label, view["blocks"], {"type": "view", "view_id": "V1"}, {"view": view}
        )

    def _press(
        self, team: Team, user: str, label: str, blocks: Any, container: dict[str, Any], more: dict[str, Any]
    ) -> str:
        action = _button(blocks, label)
        trigger = uuid4().hex
        self.deliveries.send(
            "interactive",
            {
                "type": "block_actions", "team": {"id": team.id, "domain": "x"},
                "user": {"id": user, "team_id": team.id},
                "api_app_id": "A1", "token": "verification", "container": container, "trigger_id": trigger,
                "enterprise": None, "is_enterprise_install": False, "response_url": self._response(team),
                "actions": [{**action, "action_ts": self.api.clock.ts()}], **more,
            },
        )  # fmt: skip
        return trigger

    def open_home(self, team: str, user: str, tab: str = "home") -> None:
        there = self.api.teams[team]
        event = {"type": "app_home_opened", "user": user, "channel": there.im(user).id, "tab": tab}
        self._tell(there, {**event, "event_ts": self.api.clock.ts()})

    def open_assistant(self, team: str, user: str) -> str:
        """The ts of the new pane's thread, in which the person writes with `dm(…, thread=ts)`."""
        there = self.api.teams[team]
        where = there.im(user)
        root = Message(self.api.clock.ts(), there.bot, "New Assistant Thread", bot_id=there.bot_id)
        root.metadata = {"event_type": "assistant_thread_context", "event_payload": {}}
        where.messages[root.ts] = root
        thread = {"user_id": user, "context": {"team_id": team}, "channel_id": where.id, "thread_ts": root.ts}
        self._tell(
            there, {"type": "assistant_thread_started", "assistant_thread": thread, "event_ts": root.ts}
        )
        return root.ts

    def uninstall(self, team: str) -> None:
        there = self.api.teams[team]
        there.denied = "account_inactive"
        self._tell(
            there, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [there.bot]}, "event_ts": "1.0"}
        )
        self._tell(there, {"type": "app_uninstalled", "event_ts": self.api.clock.ts()})

    def happen(self, team: str, type: str, **fields: Any) -> None:
        """Any other event."""
        self._tell(self.api.teams[team], {"type": type, "event_ts": self.api.clock.ts(), **fields})

    # -- what Slack makes of it ---------------------------------------------------------------------------

    def _in(self, team: str, channel: str, user: str) -> tuple[Team, Channel]:
        there = self.api.teams[team]
        where = there.channel(channel)
        where.members.add(user)
        return there, where

    def _write(self, where: Channel, user: str, text: str, thread: str | None) -> Message:
        message = Message(self.api.clock.ts(), user, text, thread_ts=thread)
        where.messages[message.ts] = message
        return message

    def _event(self, message: Message, where: Channel) -> dict[str, Any]:
        event: dict[str, Any] = {
            "user": message.user, "text": message.text, "ts": message.ts, "event_ts": message.ts,
            "channel": where.id, "client_msg_id": str(uuid4()),
        }  # fmt: skip
        if message.thread_ts:
            event["thread_ts"] = message.thread_ts
        return event

    def _tell(self, team: Team, event: dict[str, Any]) -> Delivery:
        return self.deliveries.send(
            "events_api",
            {
                "token": "verification", "team_id": team.id, "api_app_id": "A1", "type": "event_callback",
                "event": event, "event_id": f"Ev{uuid4().hex[:10].upper()}", "event_time": int(time.time()),
                "authorizations": [
                    {"enterprise_id": None, "team_id": team.id, "user_id": team.bot, "is_bot": True,
                     "is_enterprise_install": False}
                ],
            },
        )  # fmt: skip

    def _response(self, team: Team) -> str:
        id = uuid4().hex
        self.responses[id] = []
        return f"{self.api.base}/response/{id}"

    def _answered(self, delivery: Delivery) -> None:
        """The acknowledgement of a slash command may carry a sentence that only the person sees."""
        asked = self._names.pop(delivery.payload.get("trigger_id", ""), None)
        if asked and isinstance(delivery.answer, dict) and delivery.answer.get("text"):
            team, channel, user = asked
            self.api.teams[team].ephemerals.append((channel, user, delivery.answer["text"]))


def _button(blocks: Any, label: str) -> dict[str, Any]:
    for block in blocks:
        elements = block.get("elements", []) if block["type"] in ("actions", "context_actions") else []
        for element in [*elements, *([block["accessory"]] if "accessory" in block else [])]:
            action = {
                "action_id": element["action_id"],
                "block_id": block.get("block_id", "b"),
                "type": element["type"],
            }
            for pressed in (element, element.get("positive_button"), element.get("negative_button")):
                if pressed and label in (pressed.get("text", {}).get("text"), pressed.get("value")):
                    return {**action, "value": pressed["value"], "text": pressed["text"]}
    raise LookupError(label)
