"""Slack's Web API: one function a method, its errors spelled as in docs.slack.dev/reference/methods."""

# ruff: noqa: N802  # the functions are named as Slack names its methods

import json
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from tests.doubles.slack.limits import MARKDOWN, refusal, refused_view
from tests.doubles.slack.workspace import Channel, Clock, Message, Team

NEEDED: dict[str, str] = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.startStream": "chat:write",
    "chat.appendStream": "chat:write",
    "chat.stopStream": "chat:write",
    "conversations.open": "im:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "assistant.threads.setTitle": "assistant:write",
    "users.info": "users:read",
}
HISTORY = {
    "channel": "channels:history",
    "private": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


class Refusal(Exception):
    """`{"ok": false, "error": …}`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


@dataclass
class WebApi:
    """`stream_seconds`: Slack closes a stream that is so old."""

    app_token: str
    client_id: str
    client_secret: str
    teams: dict[str, Team] = field(default_factory=dict)
    base: str = ""
    stream_seconds: float = 300.0
    clock: Clock = field(default_factory=Clock)
    tickets: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)  # OAuth code → team
    uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    rotation_seconds: int | None = None
    _numbers: Any = field(default_factory=lambda: count(1))

    def team_of(self, method: str, token: str) -> Team | None:
        """Who calls; None for methods that have no workspace. Raises Refusal."""
        if method in ("apps.connections.open", "oauth.v2.access"):
            return None
        if not token:
            raise Refusal("not_authed")
        for team in self.teams.values():
            if team.token == token:
                if team.denied:
                    raise Refusal(team.denied)
                if team.expires and team.expires < time.time():
                    raise Refusal("token_expired")
                needed = NEEDED.get(method)
                if needed and needed not in team.scopes:
                    raise Refusal("missing_scope", needed=needed, provided=",".join(sorted(team.scopes)))
                return team
        raise Refusal("invalid_auth")

    def answer(self, method: str, token: str, args: dict[str, Any]) -> dict[str, Any]:
        """Raises Refusal."""
        team = self.team_of(method, token)
        function = getattr(self, "_" + method.replace(".", "_"), None)
        if function is None:
            raise Refusal("unknown_method")
        if team is None:
            return {"ok": True, **function(token, args)}
        return {"ok": True, **function(team, args)}

    # -- the app ------------------------------------------------------------------------------------------

    def _auth_test(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        return {
            "team_id": team.id,
            "team": team.id,
            "user_id": team.bot,
            "bot_id": team.bot_id,
            "url": self.base,
        }

    def _apps_connections_open(self, token: str, args: dict[str, Any]) -> dict[str, Any]:
        if token != self.app_token:
            raise Refusal("invalid_auth")
        ticket = uuid4().hex
        self.tickets.add(ticket)
        return {"url": f"{self.base.replace('http', 'ws', 1)}/link?ticket={ticket}"}

    def _oauth_v2_access(self, token: str, args: dict[str, Any]) -> dict[str, Any]:
        if (args.get("client_id"), args.get("client_secret")) != (self.client_id, self.client_secret):
            raise Refusal("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            team = next((t for t in self.teams.values() if t.refresh == args.get("refresh_token")), None)
            if team is None or team.refresh is None:
                raise Refusal("invalid_refresh_token")
        else:
            code = self.codes.pop(args.get("code", ""), None)
            if code is None:
                raise Refusal("invalid_code")
            team = self.teams[code]
            team.denied = None
        given: dict[str, Any] = {
            "token_type": "bot", "scope": ",".join(sorted(team.scopes)), "app_id": "A1",
            "bot_user_id": team.bot, "team": {"id": team.id, "name": team.id}, "enterprise": None,
            "is_enterprise_install": False, "authed_user": {"id": "UINSTALLER"},
        }  # fmt: skip
        if self.rotation_seconds is not None:
            number = next(self._numbers)
            team.token, team.refresh = f"xoxe.xoxb-{team.id}-{number}", f"xoxe-{team.id}-{number}"
            team.expires = time.time() + self.rotation_seconds
            given |= {"refresh_token": team.refresh, "expires_in": self.rotation_seconds}
        return {**given, "access_token": team.token}

    # -- conversations ------------------------------------------------------------------------------------

    def _where(self, team: Team, args: dict[str, Any], *, posting: bool = True) -> Channel:
        id = str(args.get("channel") or args.get("channel_id") or "")
        if posting and id.startswith("U"):
            return team.im(id)
        channel = team.channels.get(id)
        if channel is None or (channel.kind != "channel" and team.bot not in channel.members):
            raise Refusal("channel_not_found")
        if team.bot not in channel.members:
            raise Refusal("not_in_channel")
        if posting and channel.archived:
            raise Refusal("is_archived")
        return channel

    def _own(self, team: Team, args: dict[str, Any], missing: str) -> tuple[Channel, Message]:
        channel = self._where(team, args)
        message = channel.messages.get(str(args.get("ts")))
        if message is None or message.user != team.bot:
            raise Refusal(missing)
        return channel, message

    def _conversations_open(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        user = str(args.get("users", ""))
        if not user.startswith("U"):
            raise Refusal("user_not_found")
        return {"channel": {"id": team.im(user).id}}

    def _conversations_history(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._where(team, args, posting=False)
        return self._page(team, channel, channel.top()[::-1], args)

    def _conversations_replies(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._where(team, args, posting=False)
        messages = channel.thread(str(args.get("ts")))
        if not messages:
            raise Refusal("thread_not_found")
        return self._page(team, channel, messages, args, root=str(args.get("ts")))

    def _page(
        self, team: Team, channel: Channel, messages: list[Message], args: dict[str, Any], root: str = ""
    ) -> dict[str, Any]:
        needed = HISTORY[channel.kind]
        if needed not in team.scopes:
            raise Refusal("missing_scope", needed=needed)
        oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9999999999")
        within = [m for m in messages if m.ts == root or oldest < m.ts < latest]
        start, limit = int(args.get("cursor") or 0), int(args.get("limit") or 100)
        page, more = within[start : start + limit], len(within) > start + limit
        metadata = str(args.get("include_all_metadata", "0")) in ("1", "true", "True")
        return {
            "messages": [m.shown(metadata=metadata) for m in page],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + limit) if more else ""},
        }

    # -- messages -----------------------------------------------------------------------------------------

    def _content(self, args: dict[str, Any]) -> tuple[str, list[Any]]:
        text, blocks = str(args.get("text") or ""), _parsed(args.get("blocks"))
        wrong = refusal(text, blocks)
        if wrong:
            raise Refusal(wrong)
        return text, blocks or []

    def _chat_postMessage(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._where(team, args)
        thread = args.get("thread_ts") or None
        if thread and thread not in channel.messages:
            raise Refusal("thread_not_found")
        text, blocks = self._content(args)
        message = self._say(team, channel, text, thread, _parsed(args.get("metadata")))
        message.blocks = blocks
        return {"channel": channel.id, "ts": message.ts, "message": message.shown(metadata=False)}

    def _say(self, team: Team, channel: Channel, text: str, thread: Any, metadata: Any) -> Message:
        message = Message(self.clock.ts(), team.bot, text, [], thread, metadata, team.bot_id)
        channel.messages[message.ts] = message
        return message

    def _chat_postEphemeral(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._where(team, args)
        text, _ = self._content(args)
        team.ephemerals.append((channel.id, str(args["user"]), text))
        return {"message_ts": self.clock.ts()}

    def _chat_update(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        channel, message = self._own(team, args, "message_not_found")
        self._expire(message)
        if message.streaming:
            raise Refusal("streaming_state_conflict")
        text, blocks = self._content(args)
        message.text, message.blocks, message.updates = text, blocks, message.updates + 1
        if "metadata" in args:
            message.metadata = _parsed(args["metadata"])
        return {"channel": channel.id, "ts": message.ts, "text": text}

    def _chat_delete(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        channel, message = self._own(team, args, "message_not_found")
        del channel.messages[message.ts]
        return {"channel": channel.id, "ts": message.ts}

    # -- streams ------------------------------------------------------------------------------------------

    def _expire(self, message: Message) -> None:
        if message.streaming and time.monotonic() - message.started > self.stream_seconds:
            message.streaming = False

    def _chat_startStream(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        channel = self._where(team, args)
        thread = args.get("thread_ts")
        if not thread:
            raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] missing thread_ts"]})
        if thread not in channel.messages:
            raise Refusal("thread_not_found")
        if channel.kind != "im" and not (args.get("recipient_user_id") and args.get("recipient_team_id")):
            raise Refusal("missing_recipient_user_id")
        message = self._say(team, channel, _streamed(args), thread, None)
        message.streaming, message.started = True, time.monotonic()
        message.blocks = [
            block
            for chunk in _parsed(args.get("chunks")) or []
            if chunk.get("type") == "blocks"
            for block in chunk["blocks"]
        ]
        if message.blocks and refusal("", message.blocks):
            del channel.messages[message.ts]
            raise Refusal("invalid_chunks")
        return {"channel": channel.id, "ts": message.ts}

    def _flowing(self, team: Team, args: dict[str, Any]) -> tuple[Channel, Message]:
        channel, message = self._own(team, args, "message_not_found")
        self._expire(message)
        if not message.streaming:
            raise Refusal("message_not_in_streaming_state")
        message.text += _streamed(args)
        if len(message.text) > MARKDOWN:
            raise Refusal("msg_too_long")
        return channel, message

    def _chat_appendStream(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        if not _streamed(args):
            raise Refusal("no_text")
        channel, message = self._flowing(team, args)
        return {"channel": channel.id, "ts": message.ts}

    def _chat_stopStream(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        channel, message = self._flowing(team, args)
        message.streaming = False
        message.blocks += _parsed(args.get("blocks")) or []
        if args.get("metadata"):
            message.metadata = _parsed(args["metadata"])
        return {"channel": channel.id, "ts": message.ts, "message": message.shown(metadata=False)}

    # -- home, assistant, files ---------------------------------------------------------------------------

    def _views_publish(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        view = _parsed(args.get("view")) or {}
        if refused_view(view):
            raise Refusal("invalid_arguments")
        team.homes[str(args["user_id"])] = view
        return {"view": view}

    def _pane(self, team: Team, args: dict[str, Any]) -> Channel:
        channel = self._where(team, args)
        if args.get("thread_ts") not in channel.messages:
            raise Refusal("thread_not_found")
        return channel

    def _assistant_threads_setStatus(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        team.statuses.append((self._pane(team, args).id, args["thread_ts"], args["status"]))
        return {}

    def _assistant_threads_setSuggestedPrompts(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        prompts = _parsed(args.get("prompts")) or []
        if not 0 < len(prompts) <= 4:
            raise Refusal("invalid_arguments")
        self._pane(team, args)
        team.prompts[args["thread_ts"]] = prompts
        return {}

    def _assistant_threads_setTitle(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        self._pane(team, args)
        return {}

    def _files_getUploadURLExternal(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        id = f"F{next(self._numbers):06d}"
        self.uploads[id] = {"id": id, "name": args["filename"], "content": None}
        return {"file_id": id, "upload_url": f"{self.base}/upload/{id}"}

    def _files_completeUploadExternal(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        files = [self.uploads[file["id"]] for file in _parsed(args["files"])]
        if any(file["content"] is None for file in files):
            raise Refusal("file_not_found")
        channel = self._where(team, args, posting=False)
        message = self._say(team, channel, "", args.get("thread_ts") or None, None)
        message.files = files
        return {"files": [{"id": file["id"]} for file in files]}

    def _users_info(self, team: Team, args: dict[str, Any]) -> dict[str, Any]:
        return {"user": {"id": args["user"], "name": str(args["user"]).lower(), "tz": "Asia/Seoul"}}


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value else value


def _streamed(args: dict[str, Any]) -> str:
    chunks = _parsed(args.get("chunks")) or []
    parts = [chunk.get("text", "") for chunk in chunks if chunk.get("type") == "markdown_text"]
    return str(args.get("markdown_text") or "") + "".join(parts)
