"""The server: HTTP in front of the methods, and what tests see and do."""

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self

from aiohttp import web

from tests.doubles.telegram.faults import Faults
from tests.doubles.telegram.flood import Limits, flooded
from tests.doubles.telegram.methods import Methods
from tests.doubles.telegram.refusal import Refusal
from tests.doubles.telegram.updates import Updates
from tests.doubles.telegram.world import Shown, World

TOKEN = "7000000001:AAF-a-token-that-no-log-may-hold"
_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(frozen=True)
class Call:
    """One call of the bot. `status` is what Telegram said, 0 where the connection was cut; `fault` why."""

    at: float
    method: str
    chat: int
    status: int
    fault: str | None
    params: dict[str, Any]


class TelegramDouble:
    """A running server, between `async with`. `latency`: seconds before each call is applied."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "gongsi_talk_bot",
        limits: Limits | None = None,
        faults: Faults | None = None,
        latency: float = 0.0,
        port: int = 0,
    ) -> None:
        self.token = token
        self.limits = limits or Limits()
        self.faults = faults or Faults()
        self.latency = latency
        self.world = World(username)
        self.methods = Methods(self.world, self.limits)
        self.updates = Updates(self.world, self.faults)
        self.calls: list[Call] = []
        self.url = ""
        self._port = port
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Also after `stop`, on the port of before and with all that there was."""
        self._closing.clear()
        app = web.Application(client_max_size=50 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_post("/control/{name}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.updates.resume()

    async def stop(self) -> None:
        self._closing.set()
        self.updates.pause()
        if self._runner:
            await self._runner.cleanup()

    # What people do.

    def user_says(
        self,
        chat: int,
        text: str,
        *,
        user: int | None = None,
        reply_to: int | None = None,
        thread: int | None = None,
        entities: list[dict[str, Any]] | None = None,
        **fields: Any,
    ) -> int:
        """The id of the message. In a private chat the person is the chat; `entities` are found in the text
        where none are given; `fields` are more of the message (a photo, a forward)."""
        return self.world.says(
            chat, text, user or abs(chat), reply_to=reply_to, thread=thread, entities=entities, **fields
        )

    def edit_message(self, chat: int, message: int, text: str) -> None:
        self.world.edits(chat, message, text)

    def press(self, chat: int, message: int, data: str, *, user: int | None = None) -> str:
        """The id of the press: `toast` tells what the bot said to it."""
        return self.world.press(chat, message, data, user or abs(chat))

    def block(self, user: int) -> None:
        self.world.membership(user, user, "member", "kicked")

    def unblock(self, user: int) -> None:
        self.world.membership(user, user, "kicked", "member")

    def kick(self, chat: int, *, user: int = 1) -> None:
        self.world.membership(chat, user, "member", "kicked")

    def invite(self, chat: int, *, user: int = 1) -> None:
        self.world.membership(chat, user, "left", "member")

    def migrate(self, chat: int, new: int, *, user: int = 1) -> None:
        self.world.migrate(chat, new, user)

    def delete(self, chat: int, message: int) -> None:
        self.world.chats[chat].messages[message].deleted = True

    # What people see, and what the bot did.

    def shown(self, chat: int) -> list[Shown]:
        """The bot's messages that are there now, in order."""
        room = self.world.chat(chat)
        return [one for one in room.messages.values() if one.by_bot and not one.deleted]

    def texts(self, chat: int) -> list[str]:
        return [one.text for one in self.shown(chat)]

    def transcript(self, chat: int | None = None) -> dict[str, list[dict[str, Any]]]:
        """Every message by chat, as JSON: of a process of its own the only sight."""
        rooms = [self.world.chat(chat)] if chat is not None else list(self.world.chats.values())
        return {
            str(room.id): [
                {"id": number, "bot": one.by_bot, "text": one.text, "edits": one.edits, "body": one.body}
                for number, one in room.messages.items()
                if not one.deleted
            ]
            for room in rooms
        }

    def toast(self, press: str) -> str | None:
        """None while the button still waits."""
        return self.world.presses[press]

    def calls_of(self, *methods: str, chat: int | None = None) -> list[Call]:
        wanted = {method.lower() for method in methods}
        return [one for one in self.calls if one.method in wanted and chat in (None, one.chat)]

    def floods(self) -> int:
        """429s that the bot earned; those of faults are not its own."""
        return sum(one.status == 429 and one.fault is None for one in self.calls)

    def counts(self) -> dict[str, int]:
        """Calls by method and status, and how many updates wait."""
        counted = Counter(f"{one.method} {one.status}" for one in self.calls)
        return {**counted, "pending": len(self.world.pending), "floods": self.floods()}

    def set_faults(self, **chances: Any) -> None:
        """For a process of its own: the chances of Faults."""
        for name, chance in chances.items():
            setattr(self.faults, name, chance)

    # HTTP.

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        if request.match_info["token"] != self.token:
            return _answer(Refusal(401, "Unauthorized"))
        params = await _params(request)
        if self.latency:
            await asyncio.sleep(self.latency)
        fault = self.faults.pick(method)
        if fault == "lost_before":
            return self._cut(request, method, params, fault)
        if fault == "gateway":
            self._record(method, params, 502, fault)
            return web.Response(status=502, text=_PAGE, content_type="text/html")
        try:
            if fault == "busy":
                raise flooded(self.faults.retry_after)
            if fault == "error":
                raise Refusal(500, "Internal Server Error")
            result = await self._apply(method, params)
        except Refusal as refusal:
            self._record(method, params, refusal.code, fault)
            return _answer(refusal)
        if fault == "lost_after":
            return self._cut(request, method, params, fault)
        self._record(method, params, 200, fault)
        if fault == "hang":
            await asyncio.wait(
                {asyncio.ensure_future(self._closing.wait())}, timeout=self.faults.hang_seconds
            )
        return web.json_response({"ok": True, "result": result})

    async def _apply(self, method: str, params: dict[str, Any]) -> Any:
        if method == "getupdates":
            return await self.updates.get(params)
        hooks = {
            "setwebhook": self.updates.set_webhook,
            "deletewebhook": self.updates.delete_webhook,
            "getwebhookinfo": self.updates.webhook_info,
        }
        return hooks[method](params) if method in hooks else self.methods.call(method, params)

    def _cut(
        self, request: web.Request, method: str, params: dict[str, Any], fault: str
    ) -> web.StreamResponse:
        self._record(method, params, 0, fault)
        if request.transport:
            request.transport.abort()
        return web.Response()

    def _record(self, method: str, params: dict[str, Any], status: int, fault: str | None) -> None:
        chat = params.get("chat_id")
        number = int(chat) if isinstance(chat, (int, str)) and str(chat).lstrip("-").isdigit() else 0
        self.calls.append(Call(monotonic(), method, number, status, fault, params))

    async def _control(self, request: web.Request) -> web.Response:
        """The public methods above, by name, with JSON arguments."""
        name = request.match_info["name"]
        if name not in _CONTROLS:
            return web.json_response({"error": f"one of {sorted(_CONTROLS)}"}, status=404)
        arguments = await request.json() if request.can_read_body else {}
        return web.json_response({"result": getattr(self, name)(**arguments)})


_CONTROLS = {
    "user_says", "edit_message", "press", "block", "unblock", "kick", "invite", "migrate", "delete",
    "transcript", "texts", "toast", "counts", "set_faults",
}  # fmt: skip


def _answer(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.answer, status=refusal.code)


async def _params(request: web.Request) -> dict[str, Any]:
    """Query, form, multipart or JSON; values of forms are JSON where Telegram takes objects and booleans."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return found | await request.json()
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            found[name] = (value.filename, value.file.read())
        else:
            written = str(value)
            plain = name == "text" or not re.match(r"[\[{]|(true|false)$", written)
            found[name] = written if plain else json.loads(written)
    return found
