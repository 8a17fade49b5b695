"""What comes in and what goes out, the same for every platform. Plain values that JSON carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter

Platform = Literal["telegram", "slack", "console"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where people talk, in the platform's own words.

    `chat`: Telegram's chat id, Slack's `team/channel`. `thread`: a Telegram topic, the ts of a Slack thread.
    """

    platform: Platform
    chat: str
    thread: str | None = None
    private: bool = True

    @property
    def lane(self) -> str:
        """The conversation: order, memory and pace are kept per lane."""
        return f"{self.platform}:{self.chat}:{self.thread or ''}"

    @property
    def room(self) -> str:
        """The chat without its threads: quotas and allow-lists count by it."""
        return f"{self.platform}:{self.chat}"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event of a person. `key` is the same however often and by whatever way it is delivered.

    `kind`: `message` (a question or a command, without the mention of the bot), `button` (`text` is the value
    of the button), `home` (Slack's App Home was opened), `joined` (the bot was added or unblocked: a greeting
    at most), `left` (blocked, kicked, uninstalled), `moved` (`text` is the chat's new id).
    `person` is `telegram:42` or `slack:T1/U2`. `message` is the id of the message written or of that with the
    button; `replaces` the key of the event whose text was edited; `handle` what the platform wants back
    (Telegram's callback query id, Slack's trigger_id). `quoted`: the text was forwarded or shared and is
    somebody else's, to be answered, but no order and no sign of what its sender knows.
    """

    key: str
    kind: Literal["message", "button", "home", "joined", "left", "moved"]
    place: Place
    person: str
    text: str
    at: datetime
    message: str | None = None
    replaces: str | None = None
    handle: str | None = None
    quoted: bool = False

    def to_json(self) -> dict[str, Any]:
        return dict(_INCOMING.dump_python(self, mode="json"))

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Incoming":
        return _INCOMING.validate_python(dict(kept))


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; `link` only to dart.fss.or.kr or a configured host."""

    text: str
    bold: bool = False
    code: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; its spans may hold line breaks. `quote` sets it apart, folded where it is long."""

    spans: Sequence[Span]
    quote: bool = False
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Bullets:
    items: Sequence[Sequence[Span]]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal length, the first the header; numbers are told by their looks and set right."""

    rows: Sequence[Sequence[str]]
    kind: Literal["table"] = "table"


Block = Paragraph | Heading | Bullets | Table


@dataclass(frozen=True, slots=True)
class Button:
    """`value` comes back as the text of a `button` event; at most 64 bytes (Telegram's callback_data)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Home:
    """Slack's App Home; other platforms have none."""

    level: str
    watched: Sequence[str]
    digest_time: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A file for the person alone (`/export`)."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is to be shown, once for all platforms. `buttons` are rows, under the last part.

    `toast` is said to whoever pressed a button, beside or instead of a message. `only_to` is a place that the
    reply goes to instead of where the question came from (what is private, asked in a group). `forget_after`
    are all names of a person of whom nothing may be left once this is delivered: their job is the last of it.
    """

    blocks: Sequence[Block] = ()
    buttons: Sequence[Sequence[Button]] = ()
    toast: str | None = None
    home: Home | None = None
    document: Document | None = None
    only_to: Place | None = None
    forget_after: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        return dict(_REPLY.dump_python(self, mode="json"))

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Reply":
        return _REPLY.validate_python(dict(kept))


def says(text: str) -> Reply:
    """One plain paragraph."""
    return Reply(blocks=[Paragraph([Span(text)])])


_INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)
_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)
