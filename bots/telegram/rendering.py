"""Reply → Telegram messages: text with entities, which unlike markup cannot fail to parse."""

import logging
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bots.columns import aligned, one_line, widths
from bots.message import Block, Bullets, Button, Heading, Paragraph, Reply, Span, Table
from bots.telegram.split import Mark, Marked, entities, split, trimmed

_DART = "dart.fss.or.kr"
_LONG_QUOTE = 200  # characters; a longer quote is folded
_CALLBACK_BYTES = 64
_LINK = MessageEntity.TEXT_LINK
# What Telegram makes a link of by itself: addresses, mail, names of people and bots. Of domains without
# a scheme only the usual ones; the end of a sentence ("늘었습니다.ROE는") is no domain.
_SELF_LINKING = re.compile(
    r"[a-z][a-z0-9+.-]*://\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![a-z0-9_@])@[a-z]\w{3,}"
    r"|(?:[\w-]+\.)+(?:com|net|org|kr|io|me|co|biz|info|xyz|site|online|top|shop|store|app|dev|ru|cn|jp|us|tv|gg"
    r"|ly|to|cc|link|click|club|vip|live|pro)(?![a-z0-9])(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"://\S*://|@")  # what else is glued to an address: …911은https://evil.example/@bot
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TelegramPart:
    """One message."""

    text: str
    entities: Sequence[MessageEntity] = ()
    keyboard: InlineKeyboardMarkup | None = None


def render(reply: Reply, hosts: Collection[str]) -> list[TelegramPart]:
    """`hosts`: where links may go besides DART; others are shown as text that nobody can press."""
    writer = _Writer(hosts)
    for block in reply.blocks:
        writer.block(block)
    pieces = [trimmed(piece) for piece in split(Marked("".join(writer.text), writer.marks))]
    shown = [TelegramPart(piece.text, entities(piece)) for piece in pieces if piece.text]
    keyboard = _keyboard(reply.buttons)
    if shown and keyboard:
        shown[-1] = TelegramPart(shown[-1].text, shown[-1].entities, keyboard)
    return shown


class _Writer:
    """The text so far and its marks, in characters."""

    def __init__(self, hosts: Collection[str]) -> None:
        self._hosts = {_DART, *(host.lower() for host in hosts)}
        self._length = 0
        self._gap = ""
        self.text: list[str] = []
        self.marks: list[Mark] = []

    def block(self, block: Block) -> None:
        self._add(self._gap)
        self._gap = "\n\n"
        start = self._length
        match block:
            case Heading():
                self._span(Span(block.text, bold=True))
                self._gap = "\n"
            case Paragraph():
                self._spans(block.spans)
                if block.quote:
                    long = self._length - start > _LONG_QUOTE
                    self._mark(
                        MessageEntity.EXPANDABLE_BLOCKQUOTE if long else MessageEntity.BLOCKQUOTE, start
                    )
            case Bullets():
                for number, item in enumerate(block.items):
                    self._add("\n• " if number else "• ")
                    self._spans(item)
            case Table() if block.rows:
                self._add("\n".join(_ruled(block.rows)))
                self._mark(MessageEntity.PRE, start)

    def _spans(self, spans: Sequence[Span]) -> None:
        for span in spans:
            self._span(span)

    def _span(self, span: Span) -> None:
        """Code and links are not mixed with other formatting: Telegram takes them apart again."""
        if span.link and self._allowed(span.link):
            self._formatted(span.text, _LINK, span.link)
        elif span.code:
            self._formatted(span.text, MessageEntity.CODE)
        else:
            kind = MessageEntity.BOLD if span.bold else None
            done = 0
            for found in _SELF_LINKING.finditer(span.text):
                if not self._allowed(found.group()) or _ANOTHER.search(found.group(), 1):
                    self._formatted(span.text[done : found.start()], kind)
                    self._formatted(found.group(), MessageEntity.CODE)
                    done = found.end()
            self._formatted(span.text[done:], kind)

    def _formatted(self, text: str, kind: str | None, url: str | None = None) -> None:
        start = self._length
        self._add(text)
        if kind:
            self._mark(kind, start, url)

    def _mark(self, kind: str, start: int, url: str | None = None) -> None:
        if self._length > start:
            self.marks.append(Mark(start, self._length, kind, url))

    def _add(self, text: str) -> None:
        """Halves of surrogate pairs cannot be sent; they come from cut texts."""
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
        self.text.append(whole)
        self._length += len(whole)

    def _allowed(self, url: str) -> bool:
        try:
            parts = urlsplit(url if "://" in url else f"https://{url}")
            host = parts.hostname
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and host in self._hosts and "@" not in parts.netloc


def _ruled(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A line under the header: nothing else sets it off in a `pre`."""
    header, *lines = aligned(rows)
    yield header
    yield "  ".join("-" * wide for wide in widths(one_line(rows)))
    yield from lines


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    """A value that is too long would have the whole message refused, for a button."""
    fitting = [
        [button for button in row if 0 < len(button.value.encode()) <= _CALLBACK_BYTES and button.label]
        for row in rows
    ]
    if sum(map(len, fitting)) < sum(map(len, rows)):
        _log.error("값이 64바이트를 넘는 단추를 뺐습니다.")
    keys = [
        [InlineKeyboardButton(one.label, callback_data=one.value) for one in row] for row in fitting if row
    ]
    return InlineKeyboardMarkup(keys) if keys else None
