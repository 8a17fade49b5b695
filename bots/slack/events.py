"""What Slack tells → Incoming. Pure: docs.slack.dev/reference/events and /interaction payloads."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bots.message import Incoming, Place
from bots.talk.commands import find

Json = Mapping[str, Any]

LONGEST = 40_000  # characters: Slack's own limit of a message
# A person's message all the same: with a file, or shown in the channel besides its thread.
_SPOKEN = (None, "file_share", "thread_broadcast")
_MARKUP = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def from_message(team: str, bot_user: str, event: Json) -> Incoming | None:
    """A question from `message` or `app_mention`; None for what the bot has no business with.

    One post may be told of as both, each with an event_id of its own: the key is the post's. A message that
    was shared without a word of one's own is read as `quoted`.
    """
    user, channel, ts = event.get("user"), event.get("channel"), event.get("ts")
    if event.get("subtype") not in _SPOKEN or event.get("bot_id") or event.get("hidden"):
        return None
    if not user or not channel or not ts or user == bot_user:
        return None
    text, thread = str(event.get("text") or ""), event.get("thread_ts")
    private = event.get("channel_type") == "im" or str(channel).startswith("D")
    if not private:
        if event.get("type") != "app_mention" and not re.search(f"<@{re.escape(bot_user)}[>|]", text):
            return None
        thread = thread or ts
    asked = readable(text, bot_user)
    shared = "" if asked else _shared(event)
    return Incoming(
        key=f"slack:{team}:{channel}:{ts}",
        kind="message",
        place=Place("slack", f"{team}/{channel}", thread, private),
        person=f"slack:{team}/{user}",
        text=(asked or readable(shared, bot_user))[:LONGEST],
        at=_at(ts),
        message=ts,
        quoted=bool(shared),
    )


def _shared(event: Json) -> str:
    """The text of the first message that was shared with the post; what links unfurl to is no such."""
    attachments = event.get("attachments")
    for attached in attachments if isinstance(attachments, list) else ():
        if isinstance(attached, Mapping) and attached.get("is_share"):
            return str(attached.get("text") or "")
    return ""


def from_home(team: str, event: Json) -> Incoming | None:
    """App Home's own tab was opened; the same event tells of its messages tab."""
    if event.get("tab") != "home":
        return None
    user, ts = event["user"], str(event.get("event_ts", ""))
    channel = event.get("channel") or user
    return Incoming(
        key=f"slack:{team}:home:{user}:{ts}",
        kind="home",
        place=Place("slack", f"{team}/{channel}"),
        person=f"slack:{team}/{user}",
        text="",
        at=_at(ts),
    )


def home_again(pressed: Incoming) -> Incoming:
    """After a command of App Home: draw it anew."""
    return replace(pressed, key=f"{pressed.key}:home", kind="home", text="")


def from_left(team: str, event: Json, event_id: str) -> Incoming | None:
    """Uninstalled, or the bot's token revoked; a person's own token is none of ours."""
    if event["type"] == "tokens_revoked" and not event.get("tokens", {}).get("bot"):
        return None
    return Incoming(
        key=f"slack:{team}:left:{event_id}",
        kind="left",
        place=Place("slack", f"{team}/", None, private=False),
        person=f"slack:{team}/",
        text="",
        at=datetime.now(UTC),
    )


def from_action(body: Json) -> Incoming | None:
    """A button, feedback buttons included.

    In App Home there is no message: its buttons carry commands, which are as if typed to the bot in person.
    """
    action, user = body["actions"][0], body["user"]["id"]
    team = (body.get("team") or {}).get("id") or body["user"].get("team_id")
    value = action.get("value")
    if not value or not team:
        return None
    container = body.get("container") or {}
    channel = container.get("channel_id") or (body.get("channel") or {}).get("id")
    message = container.get("message_ts")
    pressed = str(action.get("action_ts") or body.get("trigger_id"))
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    private = channel is None or str(channel).startswith("D")
    if not private:
        thread = thread or message
    return Incoming(
        key=f"slack:{team}:{channel or 'home'}:{message or user}:{pressed}",
        kind="button" if channel else "message",
        place=Place("slack", f"{team}/{channel or user}", thread, private),
        person=f"slack:{team}/{user}",
        text=str(value),
        at=_at(pressed),
        message=message,
        handle=body.get("trigger_id"),
    )


def from_command(body: Json, place: Place) -> Incoming:
    """A slash command, to be answered in `place`."""
    team, trigger = body["team_id"], body["trigger_id"]
    return Incoming(
        key=command_key(body),
        kind="message",
        place=place,
        person=f"slack:{team}/{body['user_id']}",
        text=_typed(readable(body.get("text", ""), "")[:LONGEST]),
        at=datetime.now(UTC),
        handle=trigger,
    )


def _typed(text: str) -> str:
    """`level 초급` behind `/gongsi` is the command `/level 초급`; whatever begins otherwise is a question."""
    name = text.partition(" ")[0].removeprefix("/")
    return f"/{text.removeprefix('/')}" if find(name) else text


def command_key(body: Json) -> str:
    return f"slack:{body['team_id']}:{body['trigger_id']}"


def readable(text: str, bot_user: str) -> str:
    """Slack's markup as people read it, without the mention of the bot.

    docs.slack.dev/messaging/formatting-message-text#retrieving-messages
    """

    def shown(found: re.Match[str]) -> str:
        target, label = found[1], found[2]
        if target[0] == "@":
            return "" if target[1:] == bot_user else f"@{label or target[1:]}"
        if target[0] == "#":
            return f"#{label or target[1:]}"
        if target[0] == "!":
            return label or "@" + target[1:].partition("^")[0]
        if not label or label == re.sub(r"^(https?://|mailto:|tel:)", "", target):
            return label or target
        return f"{label} ({target})"

    plain = _MARKUP.sub(shown, text)
    plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"[ \t]{2,}", " ", plain).strip()


def _at(ts: str) -> datetime:
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):  # not a time: the event is no older than now
        return datetime.now(UTC)
