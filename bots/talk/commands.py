"""The commands: one table of their names, what they do and what they are for.

Telegram's menu and Slack's help are made from it (`menu`).
"""

import re
from dataclasses import dataclass

from bots import texts
from bots.message import Bullets, Heading, Paragraph, Reply, Span, says
from bots.talk import account, admin, answers
from bots.talk.parts import Handler, Order, Parts

# `/level@gongsi_bot 초급`; a slash of another width comes from Korean keyboards.
_COMMAND = re.compile(r"[/／]([^\s@/／]{1,40})(?:@\w{1,64})?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """`private`: the answer is the person's alone; with `unless_told`, only when nothing stands behind it."""

    name: str
    korean: str
    run: Handler
    says: str
    private: bool = False
    unless_told: bool = False
    admins: bool = False

    def is_private(self, text: str) -> bool:
        return self.private and not (self.unless_told and text)


async def _start(parts: Parts, order: Order) -> Reply:
    hello = texts.HELLO if order.incoming.place.private else texts.HELLO_GROUP
    return Reply(
        blocks=[
            Paragraph([Span(hello)]),
            Heading(texts.EXAMPLES_LEAD),
            Bullets([[Span(example)] for example in texts.EXAMPLES]),
            Paragraph([Span(texts.DISCLAIMER)]),
        ]
    )


async def _help(parts: Parts, order: Order) -> Reply:
    commands = [[Span(f"/{one.name}", code=True), Span(f" (/{one.korean}) {one.says}")] for one in _SHOWN]
    return Reply(
        blocks=[
            Paragraph([Span(texts.HELP_LEAD)]),
            Heading(texts.HELP_COMMANDS),
            Bullets(commands),
            Paragraph([Span(texts.DISCLAIMER)]),
        ]
    )


async def _ask(parts: Parts, order: Order) -> Reply:
    if not order.text:
        return says(texts.ASK_WHAT)
    return await answers.ask(parts, order.incoming, order.text, order.show)


async def _watch(parts: Parts, order: Order) -> Reply:
    return says(await parts.watches.watch(order.incoming.place, order.incoming.person, order.text))


async def _unwatch(parts: Parts, order: Order) -> Reply:
    return says(await parts.watches.unwatch(order.incoming.place, order.incoming.person, order.text))


async def _digest(parts: Parts, order: Order) -> Reply:
    return says(await parts.watches.settings(order.incoming.place, order.incoming.person, order.text))


async def _sources(parts: Parts, order: Order) -> Reply:
    return await answers.sources(parts, order.incoming)


def _told(name: str, korean: str, run: Handler, **more: bool) -> Command:
    return Command(name, korean, run, texts.COMMAND_SAYS[name], **more)


_SHOWN = (
    _told("ask", "질문", _ask),
    _told("level", "수준", account.level, private=True, unless_told=True),
    _told("sources", "근거", _sources),
    _told("watch", "관심", _watch),
    _told("unwatch", "관심해제", _unwatch),
    _told("digest", "요약", _digest),
    _told("reset", "새로", account.reset),
    _told("usage", "사용량", account.usage, private=True),
    _told("link", "연결", account.link, private=True),
    _told("export", "내보내기", account.export, private=True),
    _told("forget", "잊기", account.forget),
    _told("help", "도움말", _help),
    _told("start", "시작", _start),
)
_ADMIN = Command("admin", "운영", admin.admin, texts.ADMIN_SAYS, private=True, admins=True)
_BY_NAME = {name: one for one in (*_SHOWN, _ADMIN) for name in (one.name, one.korean)}
_BARE = ("help", "도움말")  # Slack keeps what begins with a slash for itself
ASK, HELLO = _BY_NAME["ask"], _BY_NAME["start"]


def find(name: str) -> Command | None:
    """By its English or Korean name, in any case."""
    return _BY_NAME.get(name.lower())


def typed(text: str) -> tuple[str, str] | None:
    """(name, what stands behind it) of a command; None for a question."""
    if text in _BARE:
        return text, ""
    found = _COMMAND.fullmatch(text)
    return (found[1], (found[2] or "").strip()) if found else None


def menu() -> list[tuple[str, str]]:
    """(name, what it is for) for a platform's own menu: Latin names, which Telegram insists on."""
    return [(one.name, one.says) for one in _SHOWN]
