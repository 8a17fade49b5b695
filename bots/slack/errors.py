"""Slack's errors → `bots.channel`'s, without any of their text beyond Slack's own error word."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bots.channel import Busy, ChannelError, Gone, MessageLost, Refused, Unreachable

# Nothing will arrive there, and only people over there can change that.
GONE = frozenset(
    {
        "account_inactive", "token_revoked",  # uninstalled, or the workspace is closed
        "channel_not_found", "not_in_channel", "is_archived",  # deleted, removed from it, closed
        "user_not_found", "user_not_visible", "user_disabled", "cannot_dm_bot", "messages_tab_disabled",
        "team_access_not_granted",
    }
)  # fmt: skip
LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "cant_delete_message"})
# 200 OK around a failure of Slack's own: the call may have been applied.
TROUBLE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "access_limited"}
)
# The content, not the call, was refused.
UNFIT = frozenset(
    {
        "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "block_mismatch",
        "msg_blocks_too_long", "msg_too_long", "too_many_attachments",
    }
)  # fmt: skip


class SlackRefused(Refused):
    """`code` is Slack's word for what is wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(f"슬랙이 거절했습니다({code}).")
        self.code = code


@contextmanager
def translated() -> Iterator[None]:
    """Library errors inside become ChannelError; their chain is cut, for it may hold what was sent."""
    try:
        yield
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, json.JSONDecodeError) as error:
        raise translate(error) from None


def translate(error: Exception) -> ChannelError:
    if not isinstance(error, SlackApiError):
        return Unreachable("슬랙에 닿지 못했습니다.")
    response = error.response
    # an unparsable body leaves aiohttp's response here, which spells its status differently
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    code = str(response.get("error") or "") if hasattr(response, "get") else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Busy(timedelta(seconds=_seconds(response.headers.get("Retry-After"))))
    if status >= 500 or code in TROUBLE or not code:
        return Unreachable(f"슬랙이 지금 답하지 못합니다({code or status}).")
    if code in GONE:
        return Gone(f"슬랙에 더 보낼 수 없는 곳입니다({code}).")
    if code in LOST:
        return MessageLost(f"고칠 글이 없습니다({code}).")
    return SlackRefused(code)


def _seconds(retry_after: str | None) -> float:
    """Slack sends whole seconds; without them, a second."""
    try:
        return max(1.0, float(retry_after or 1))
    except ValueError:
        return 1.0
