"""Slack's limits: lengths of what is posted, and how often a method may be called.

Lengths: docs.slack.dev/reference/block-kit. The whole of a message's blocks is cut at about 13,200 characters
(`msg_blocks_too_long`, bolt-js #2509), counted in a way nobody documents (#2867: 11,341 characters of text
in rich_text were refused): here the serialised blocks are counted, the strictest reading.
Tiers: docs.slack.dev/apis/web-api/rate-limits.
"""

import json
import time
from collections import defaultdict, deque
from typing import Any, Literal

BLOCKS_JSON = 13_200
MARKDOWN = 12_000
TEXT = 40_000
TIERS = {
    "apps.connections.open": 1,
    "chat.startStream": 2,
    "chat.stopStream": 2,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.open": 3,
    "chat.appendStream": 4,
    "views.publish": 4,
    "chat.postEphemeral": 4,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
}
PER_MINUTE = {1: 30, 2: 20, 3: 50, 4: 100}  # tier 1 is 1+; sockets are opened in bursts
POSTS = ("chat.postMessage", "chat.startStream")
KINDS = {
    "actions", "context", "context_actions", "divider", "header", "markdown", "rich_text", "section", "table",
}  # fmt: skip

Limits = Literal["off", "channel", "all"]


class Rates:
    """`channel`: one post a second and channel with a small burst; `all`: the tiers of the methods too."""

    def __init__(self, limits: Limits, burst: int = 3) -> None:
        self.limits = limits
        self.burst = burst
        self._posts: dict[tuple[str, str], tuple[float, float]] = {}
        self._calls: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def wait(self, team: str, method: str, channel: str) -> int:
        """Seconds of Retry-After; 0 lets the call through."""
        if self.limits == "off":
            return 0
        now = time.monotonic()
        if method in POSTS:
            left, at = self._posts.get((team, channel), (float(self.burst), now))
            left = min(self.burst, left + now - at)
            if left < 1:
                return 1
            self._posts[team, channel] = (left - 1, now)
        tier = TIERS.get(method)
        if self.limits == "all" and tier:
            calls = self._calls[team, method]
            while calls and calls[0] < now - 60:
                calls.popleft()
            if len(calls) >= PER_MINUTE[tier]:
                return max(1, int(calls[0] + 60 - now))
            calls.append(now)
        return 0


def refusal(text: str, blocks: Any) -> str | None:
    """The error of a message with this content, None when it is fine."""
    if len(text) > TEXT:
        return "msg_too_long"
    if blocks is None:
        return None if text else "no_text"
    if not isinstance(blocks, list) or any(not isinstance(block, dict) for block in blocks):
        return "invalid_blocks_format"
    if len(blocks) > 50 or any(_wrong(block) for block in blocks):
        return "invalid_blocks"
    if sum(block["type"] == "table" for block in blocks) > 1:
        return "invalid_attachments"
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN:
        return "msg_blocks_too_long"
    if len(json.dumps(blocks, ensure_ascii=False)) > BLOCKS_JSON:
        return "msg_blocks_too_long"
    return None if text or blocks else "no_text"


def refused_view(view: dict[str, Any]) -> bool:
    """A home view: docs.slack.dev/reference/views/home-tab-views; 250 kB, 100 blocks."""
    blocks = view.get("blocks", [])
    return view.get("type") != "home" or not 0 < len(blocks) <= 100 or any(map(_wrong, blocks))


def _wrong(block: dict[str, Any]) -> bool:
    kind = block.get("type")
    if kind not in KINDS:
        return True
    elements = block.get("elements", [])
    if kind == "section":
        return not 0 < len(block.get("text", {}).get("text", "")) <= 3000
    if kind == "header":
        return not 0 < len(block["text"]["text"]) <= 150 or block["text"]["type"] != "plain_text"
    if kind == "markdown":
        return not 0 < len(block["text"]) <= MARKDOWN
    if kind == "actions":
        ids = [element["action_id"] for element in elements]
        return not 0 < len(elements) <= 25 or len(set(ids)) < len(ids) or any(map(_wrong_button, elements))
    if kind == "context":
        return not 0 < len(elements) <= 10
    if kind == "context_actions":
        return not 0 < len(elements) <= 5
    if kind == "rich_text":
        return not elements or any(map(_wrong_rich, elements))
    if kind == "table":
        return _wrong_table(block)
    return False


def _wrong_button(element: dict[str, Any]) -> bool:
    return not 0 < len(element["text"]["text"]) <= 75 or len(element.get("value", "")) > 2000


def _wrong_rich(element: dict[str, Any]) -> bool:
    inner = element.get("elements", [])
    kind = element.get("type")
    if kind == "rich_text_list":
        return not inner or element.get("style") not in ("bullet", "ordered") or any(map(_wrong_rich, inner))
    if kind not in ("rich_text_section", "rich_text_quote", "rich_text_preformatted") or not inner:
        return True
    return any(
        part.get("type") not in ("text", "link", "user", "channel", "emoji")
        or (part["type"] == "text" and not part.get("text"))
        or (part["type"] == "link" and not part.get("url", "").startswith(("http://", "https://")))
        for part in inner
    )


def _wrong_table(block: dict[str, Any]) -> bool:
    rows = block.get("rows", [])
    cells = [cell for row in rows for cell in row]
    return (
        not 0 < len(rows) <= 100
        or any(not 0 < len(row) <= 20 for row in rows)
        or any(cell.get("type") != "raw_text" or not cell.get("text") for cell in cells)
        or sum(len(cell["text"]) for cell in cells) > 10_000
    )
