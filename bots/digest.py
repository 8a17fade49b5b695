"""A digest as a message, and as the job that delivers it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bots.kept import Kept
from bots.message import Block, Bullets, Heading, Paragraph, Place, Platform, Reply, Span
from core.digest.digest import Digest, Group
from core.digest.item import Item
from core.digest.subscriber import Subscriber

_FICTIONAL = " (가상의 예시)"
_WEEKDAYS = "월화수목금토일"
_HOW = "바꾸기: /digest · 지켜보는 회사: /watch"


def digest_job(subscriber: Subscriber, digest: Digest) -> tuple[str, Mapping[str, Any]]:
    """core.digest.sending.Pack: the lane, and the payload of queue `out`."""
    place = place_of(subscriber)
    return f"digest:{place.lane}", Kept(digest_reply(digest), place).to_json()


def place_of(subscriber: Subscriber) -> Place:
    at = subscriber.address
    platform: Platform = at.platform  # type: ignore[assignment]  # what Watches stored
    return Place(platform, at.chat, at.thread, at.private)


def digest_reply(digest: Digest) -> Reply:
    return Reply(blocks=list(_blocks(digest)))


def _blocks(digest: Digest) -> Iterator[Block]:
    yield Heading(_heading(digest))
    if not digest.items:
        yield Paragraph([Span("지켜보는 곳의 새 공시가 없습니다.")])
    if digest.first:
        yield Paragraph([Span(digest.first)])
    for group in digest.groups:
        yield from _company(group, digest)
    if digest.more:
        yield Paragraph([Span(f"그 밖에 {digest.more:,}건이 더 있습니다.")])
    if digest.term:
        yield Paragraph([Span(digest.term.name, bold=True), Span(f": {digest.term.plain}")], quote=True)
    yield Paragraph([Span(_HOW)])


def _heading(digest: Digest) -> str:
    count = len(digest.items) + digest.more
    if digest.instant:
        return f"새 공시 {count:,}건"
    day = f"{digest.day.month}월 {digest.day.day}일({_WEEKDAYS[digest.day.weekday()]})"
    companies = f" · {len(digest.groups)}개 회사" if len(digest.groups) > 1 and not digest.more else ""
    return f"{day} 공시 {count:,}건{companies}" if count else f"{day} 공시 없음"


def _company(group: Group, digest: Digest) -> Iterator[Block]:
    name = [Span(group.company, bold=True), *([Span(_FICTIONAL)] if group.fictional else [])]
    for place, item in enumerate(group.items):
        head = [*name, Span("\n")] if place == 0 else []
        said = (f"정정한 까닭: {item.why}" if item.why else "") if item.changes else item.first
        yield Paragraph([*head, *_title(item, digest.day), *([Span(f"\n{said}")] if said else [])])
        if facts := list(_facts(item)):
            yield Bullets(facts)
        if item.cells:
            yield Paragraph([Span("근거 셀", bold=True), Span("\n" + "\n".join(item.cells))], quote=True)


def _title(item: Item, day: date) -> Sequence[Span]:
    filing = item.filing
    title = Span(item.title, link=filing.url)
    if filing.rcept_dt == day:
        return [title]
    at = filing.rcept_dt
    year = f"{at.year}년 " if at.year != day.year else ""
    return [title, Span(f" ({year}{at.month}월 {at.day}일 접수)")]


def _facts(item: Item) -> Iterator[Sequence[Span]]:
    for change in item.changes:
        yield [Span("정정", bold=True), Span(f" {change}")]
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
