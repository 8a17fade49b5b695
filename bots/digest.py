"""A digest as a message, and as the job that delivers it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bots.kept import Kept
from bots.message import Block, Bullets, Heading, Paragraph, Place, Platform, Reply, Span
from bots.texts import digest as texts
from core.digest.digest import Digest, Group
from core.digest.item import Item
from core.digest.subscriber import Subscriber


def digest_job(subscriber: Subscriber, digest: Digest) -> tuple[str, Mapping[str, Any]]:
    """core.digest.sending.Pack: the lane, and the payload of queue `out`."""
    place = _place(subscriber)
    return f"digest:{place.lane}", Kept(digest_reply(digest), place).to_json()


def _place(subscriber: Subscriber) -> Place:
    at = subscriber.address
    platform: Platform = at.platform  # type: ignore[assignment]  # what Watches stored
    return Place(platform, at.chat, at.thread, at.private)


def digest_reply(digest: Digest) -> Reply:
    return Reply(blocks=list(_blocks(digest)))


def _blocks(digest: Digest) -> Iterator[Block]:
    yield Heading(_heading(digest))
    if not digest.items:
        yield Paragraph([Span(texts.NOTHING_NEW)])
    if digest.first:
        yield Paragraph([Span(digest.first)])
    for group in digest.groups:
        yield from _company(group, digest)
    if digest.more:
        yield Paragraph([Span(texts.more(digest.more))])
    if digest.term:
        yield Paragraph([Span(digest.term.name, bold=True), Span(f": {digest.term.plain}")], quote=True)
    yield Paragraph([Span(texts.HOW)])


def _heading(digest: Digest) -> str:
    count = len(digest.items) + digest.more
    if digest.instant:
        return texts.instant(count)
    companies = len(digest.groups) if len(digest.groups) > 1 and not digest.more else 0
    return texts.heading(digest.day, count, companies)


def _company(group: Group, digest: Digest) -> Iterator[Block]:
    name = [Span(group.company, bold=True), *([Span(texts.FICTIONAL)] if group.fictional else [])]
    for place, item in enumerate(group.items):
        head = [*name, Span("\n")] if place == 0 else []
        said = (texts.amended_why(item.why) if item.why else "") if item.changes else item.first
        yield Paragraph([*head, *_title(item, digest.day), *([Span(f"\n{said}")] if said else [])])
        if facts := list(_facts(item)):
            yield Bullets(facts)
        if item.cells:
            yield Paragraph([Span(texts.CELLS, bold=True), Span("\n" + "\n".join(item.cells))], quote=True)


def _title(item: Item, day: date) -> Sequence[Span]:
    filing = item.filing
    title = Span(item.title, link=filing.url)
    if filing.rcept_dt == day:
        return [title]
    return [title, Span(texts.received(filing.rcept_dt, day))]


def _facts(item: Item) -> Iterator[Sequence[Span]]:
    for change in item.changes:
        yield [Span(texts.AMENDED, bold=True), Span(f" {change}")]
    more = " · ".join(item.more)
    if said := f"{item.first} {more}".strip() if item.changes else more:
        yield [Span(said)]
    if item.note:
        yield [Span(item.note, bold=True)]


def digest_text(digest: Digest) -> str:
    """For a terminal."""
    return "\n".join(line for block in digest_reply(digest).blocks for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield block.text
    elif isinstance(block, Bullets):
        for item in block.items:
            yield f"  - {_plain(item)}"
    elif isinstance(block, Paragraph):
        yield ""
        for line in _plain(block.spans).split("\n"):
            yield f"  | {line}" if block.quote else line


def _plain(spans: Sequence[Span]) -> str:
    return "".join(f"{span.text} <{span.link}>" if span.link else span.text for span in spans)
