"""Reply → Slack messages: rich_text blocks, in which nothing can be mistaken for markup, and a plain text.

mrkdwn and Markdown read characters, so that `**삼성전자(005930)**는` keeps its asterisks (notes/bots.md);
rich_text carries every style beside its text.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bots.message import Block, Bullets, Button, Heading, Paragraph, Reply, Span, Table
from bots.slack.tables import table_block, table_lines

# Slack refuses a message's blocks at 12,000 to 13,200 characters and does not say how it counts (bolt-js
# #2509; #2867 was refused at 11,341 characters of text): the serialised blocks stay below the lowest.
MESSAGE = 11_000
BLOCKS = 45  # of 50
PIECE = 2_500  # characters of one element; twice that, when every one of them is escaped in JSON
HEADER = 150
ACTIONS = 25
LABEL = 75
LINK = 1_000

_Json = dict[str, Any]
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class SlackPart:
    """One message. `simple` has neither tables nor feedback buttons, for servers that refuse those."""

    text: str
    blocks: Sequence[_Json]
    simple: Sequence[_Json]


def render(reply: Reply) -> list[SlackPart]:
    """At least one part where there is anything to show; the buttons stand under the last."""
    parts: list[list[_Json]] = [[]]
    for block in [*_content(reply.blocks), *_buttons(reply.buttons)]:
        last = parts[-1]
        tables = {"table"} & {one["type"] for one in last}  # Slack takes one table a message
        if last and (
            size([*last, block]) > MESSAGE or len(last) >= BLOCKS or (block["type"] == "table" and tables)
        ):
            parts.append([])
        parts[-1].append(block)
    return [SlackPart(_plain(part), part, _simple(part)) for part in parts if part]


def escape(text: str) -> str:
    """Slack's three: docs.slack.dev/messaging/formatting-message-text#escaping."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def size(blocks: Sequence[_Json]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


def clean(text: str) -> str:
    """Without characters that no JSON parser or screen wants."""
    return _CONTROL.sub("", text)


# -- content → blocks, each at most about half a message --------------------------------------------------


def _content(blocks: Sequence[Block]) -> Iterator[_Json]:
    for block in blocks:
        if isinstance(block, Paragraph):
            kind = "rich_text_quote" if block.quote else "rich_text_section"
            for elements in _bounded(_elements(block.spans)):
                yield _rich({"type": kind, "elements": elements})
        elif isinstance(block, Heading):
            yield from _heading(clean(block.text))
        elif isinstance(block, Bullets):
            yield from _bullets(block)
        elif isinstance(block, Table) and block.rows:
            yield from _table(block)


def _heading(text: str) -> Iterator[_Json]:
    if text.strip() and len(text) <= HEADER and "\n" not in text:
        yield {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}
    else:
        for elements in _bounded(_elements([Span(text, bold=True)])):
            yield _rich({"type": "rich_text_section", "elements": elements})


def _bullets(bullets: Bullets) -> Iterator[_Json]:
    items = [
        {"type": "rich_text_section", "elements": elements}
        for item in bullets.items
        for elements in _bounded(_elements(item))
    ]
    for few in _grouped(items):
        yield _rich({"type": "rich_text_list", "style": "bullet", "elements": few})


def _table(table: Table) -> Iterator[_Json]:
    rows = [[clean(cell) for cell in row] for row in table.rows]
    block = table_block(rows)
    if block is not None and size([block]) <= MESSAGE:
        yield block
    else:
        yield from _lines(table_lines(rows))


def _lines(lines: Sequence[str]) -> Iterator[_Json]:
    """Fixed-width text; a block ends at the end of a line where it can."""
    text = ""
    for line in lines:
        if text and len(text) + len(line) >= PIECE:
            yield from _fixed(text)
            text = ""
        text += ("\n" if text else "") + line
    yield from _fixed(text)


def _fixed(text: str) -> Iterator[_Json]:
    for piece in _pieces(text):
        if piece.strip():
            yield _rich({"type": "rich_text_preformatted", "elements": [{"type": "text", "text": piece}]})


def _rich(element: _Json) -> _Json:
    return {"type": "rich_text", "elements": [element]}


def _elements(spans: Sequence[Span]) -> Iterator[_Json]:
    for span in spans:
        text = clean(span.text)
        style = {name: True for name in ("bold", "code") if getattr(span, name)}
        link = span.link if span.link and re.match(r"https?://\S+$", span.link) else None
        for piece in _pieces(text):
            element: _Json = {"type": "text", "text": piece}
            if link and len(link) <= LINK:
                element = {"type": "link", "url": link, "text": piece}
            yield element | ({"style": style} if style else {})


def _pieces(text: str) -> Iterator[str]:
    """Stretches of at most PIECE characters that together are the text, cut at a break where there is one."""
    while len(text) > PIECE:
        cut = max(text.rfind(mark, PIECE // 2, PIECE) for mark in ("\n", ". ", " "))
        cut = PIECE if cut < 0 else cut + 1
        yield text[:cut]
        text = text[cut:]
    if text:
        yield text


def _bounded(elements: Iterator[_Json]) -> Iterator[list[_Json]]:
    """Paragraphs without any text are none: Slack refuses them."""
    for few in _grouped(list(elements)):
        if any(element.get("text", "").strip() for element in few):
            yield few


def _grouped(items: Sequence[_Json]) -> Iterator[list[_Json]]:
    """Runs whose JSON stays below about half a message."""
    few: list[_Json] = []
    for item in items:
        if few and size([*few, item]) > MESSAGE // 2:
            yield few
            few = []
        few.append(item)
    if few:
        yield few


# -- buttons ----------------------------------------------------------------------------------------------


def _buttons(rows: Sequence[Sequence[Button]]) -> Iterator[_Json]:
    """`good:…` and `bad:…` at the head of a row become Slack's own feedback buttons."""
    number = 0
    for row in rows:
        shown = [button for button in row if clean(button.label).strip()]
        if [button.value.partition(":")[0] for button in shown[:2]] == ["good", "bad"]:
            number += 1
            yield _feedback(shown[0], shown[1], f"f{number}")
            shown = shown[2:]
        for start in range(0, len(shown), ACTIONS):
            elements = []
            for button in shown[start : start + ACTIONS]:
                number += 1
                elements.append(_button(button, f"b{number}"))
            yield {"type": "actions", "elements": elements}


def _label(button: Button) -> _Json:
    label = clean(button.label)
    return {"type": "plain_text", "text": label if len(label) <= LABEL else label[: LABEL - 1] + "…"}


def _button(button: Button, action: str) -> _Json:
    return {"type": "button", "action_id": action, "text": _label(button), "value": button.value}


def _feedback(good: Button, bad: Button, action: str) -> _Json:
    element = {
        "type": "feedback_buttons",
        "action_id": action,
        "positive_button": {"text": _label(good), "value": good.value},
        "negative_button": {"text": _label(bad), "value": bad.value},
    }
    return {"type": "context_actions", "elements": [element]}


# -- blocks → what stands in for them ---------------------------------------------------------------------


def _simple(blocks: Sequence[_Json]) -> list[_Json]:
    """Without the youngest blocks, which not every plan and client shows (notes/bots.md, Unverified)."""
    simple: list[_Json] = []
    for block in blocks:
        if block["type"] == "table":
            simple += _lines(table_lines([[cell["text"] for cell in row] for row in block["rows"]]))
        elif block["type"] == "context_actions":
            feedback = block["elements"][0]
            buttons = [feedback["positive_button"], feedback["negative_button"]]
            elements = [
                {"type": "button", "action_id": f"{feedback['action_id']}-{n}", **button}
                for n, button in enumerate(buttons)
            ]
            simple.append({"type": "actions", "elements": elements})
        else:
            simple.append(block)
    return simple


def _plain(blocks: Sequence[_Json]) -> str:
    """What notifications and old clients show; never empty."""
    lines = [line for block in blocks if (line := _said(block))]
    return "\n".join(lines) or "…"


def _said(block: _Json) -> str:
    kind = block["type"]
    if kind == "header":
        return escape(block["text"]["text"])
    if kind == "table":
        return escape("\n".join(" | ".join(cell["text"] for cell in row) for row in block["rows"]))
    if kind != "rich_text":
        return ""
    element = block["elements"][0]
    if element["type"] == "rich_text_list":
        return "\n".join(f"• {_inline(item['elements'])}" for item in element["elements"])
    return _inline(element["elements"])


def _inline(elements: Sequence[_Json]) -> str:
    """A link cut into pieces is one again."""
    said = ""
    for url, few in groupby(elements, key=lambda element: element.get("url")):
        text = "".join(element["text"] for element in few)
        label = " ".join(escape(text).replace("|", "¦").split())
        said += f"<{escape(url)}|{label}>" if url and label else escape(text)
    return said
