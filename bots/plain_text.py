"""A reply as plain text: for the terminal, and for whoever has no markup."""

import re
from collections.abc import Sequence

from bots.columns import aligned
from bots.message import Block, Bullets, Heading, Paragraph, Span, Table

_SOURCE = re.compile(r"\[\d+\]$")


def plain_text(blocks: Sequence[Block]) -> str:
    """Blocks apart by an empty line, a heading right above what it is of; addresses behind what they link."""
    text = ""
    for before, block in zip([None, *blocks], blocks, strict=False):
        gap = "\n" if isinstance(before, Heading) else "\n\n"
        text += (gap if text else "") + _block(block)
    return text


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _run(block.spans)
        case Heading():
            return block.text
        case Bullets():
            return "\n".join(f"- {_run(item)}" for item in block.items)
        case Table():
            return "\n".join(aligned(block.rows))


def _run(spans: Sequence[Span]) -> str:
    return "".join(span.text + _link(span) for span in spans)


def _link(span: Span) -> str:
    """A source's number needs no address: the list of sources has it."""
    return f" {span.link}" if span.link and span.link != span.text and not _SOURCE.match(span.text) else ""
