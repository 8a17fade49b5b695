"""Whether a message was posted, when Slack's answer to the posting was lost.

Slack has no idempotency key. A message carries its mark in its metadata; a stream, which takes none before it
is stopped, as the id of its first block.
"""

import time
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

EVENT = "gongsi_message"
PAGE, PAGES = 200, 5
DAY = 86_400


def metadata(mark: str) -> dict[str, Any]:
    """Any app of the workspace can read it: the mark alone, nothing of a person."""
    return {"event_type": EVENT, "event_payload": {"id": mark}}


async def find(
    client: AsyncWebClient, channel: str, thread: str | None, mark: str, since: str | None
) -> str | None:
    """The ts of the bot's message with `mark` in the thread, or the channel, after `since`; None if none is.

    Without `since`, of the last day: a mark is a number of the database's, and another database begins anew.
    Errors are the library's.
    """
    since = since or f"{time.time() - DAY:.6f}"
    cursor = None
    for _ in range(PAGES):
        wanted: dict[str, Any] = {
            "channel": channel,
            "include_all_metadata": True,
            "limit": PAGE,
            "oldest": since,
            "cursor": cursor,
        }
        if thread:
            page = await client.conversations_replies(ts=thread, **wanted)
        else:
            page = await client.conversations_history(**wanted)
        for message in page["messages"]:
            if marked(message, mark):
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return None


def marked(message: dict[str, Any], mark: str) -> bool:
    known = message.get("metadata") or {}
    if known.get("event_type") == EVENT:
        return bool(known.get("event_payload", {}).get("id") == mark)
    return any(block.get("block_id") == mark for block in message.get("blocks", []))
