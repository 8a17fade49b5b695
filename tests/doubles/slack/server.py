"""The double as a server on loopback: Web API, sockets, OAuth pages, uploads and a control endpoint."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.doubles.slack.deliveries import Deliveries
from tests.doubles.slack.faults import Faults
from tests.doubles.slack.limits import Limits, Rates
from tests.doubles.slack.people import People
from tests.doubles.slack.web_api import Refusal, WebApi
from tests.doubles.slack.workspace import SCOPES, Channel, Message, Team

APP_TOKEN = "xapp-1-A1-double"
SIGNING_SECRET = "double-signing-secret"
CLIENT_ID, CLIENT_SECRET = "111.222", "double-client-secret"


@dataclass
class Call:
    """One call of the app; `error`: what was answered, the fault's name where one happened."""

    method: str
    team: str
    args: dict[str, Any]
    error: str = ""


@dataclass
class Slack:
    """Everything a test needs to look at and to make happen."""

    faults: Faults = field(default_factory=Faults)
    limits: Limits = "off"
    latency: float = 0.0
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.api = WebApi(APP_TOKEN, CLIENT_ID, CLIENT_SECRET)
        self.deliveries = Deliveries(self.faults, SIGNING_SECRET)
        self.people = People(self.api, self.deliveries)
        self.rates = Rates(self.limits)
        self.add_team("T1")

    @property
    def base_url(self) -> str:
        return f"{self.api.base}/api/"

    def add_team(self, id: str, scopes: frozenset[str] = SCOPES) -> Team:
        team = Team(id, f"xoxb-{id}-double", f"UBOT{id}", f"B{id}", scopes=scopes)
        self.api.teams[id] = team
        return team

    def set_limits(self, limits: Limits) -> None:
        self.rates = Rates(limits)

    def channel(self, team: str, id: str, *, bot: bool = True) -> Channel:
        return self.api.teams[team].channel(id, bot=bot)

    def visible(self, team: str, channel: str, thread: str | None = None) -> list[Message]:
        """The bot's messages that people see there, oldest first."""
        there = self.api.teams[team]
        return [
            message
            for where, message in there.spoken()
            if where.id == channel and (thread is None or thread in (message.thread_ts, message.ts))
        ]

    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    def throttled(self) -> int:
        """Calls that the limits (not a fault) answered with 429."""
        return sum(call.error == "ratelimited" for call in self.calls)

    async def until(self, true: Callable[[], Any], seconds: float = 10) -> Any:
        """Wait for it; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not (value := true()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return value

    def snapshot(self) -> list[dict[str, Any]]:
        """All the bot said, as JSON."""
        return [
            {"team": team.id, "channel": where.id, "updates": message.updates, "streaming": message.streaming,
             **message.shown(metadata=True)}
            for team in self.api.teams.values()
            for where, message in team.spoken()
        ]  # fmt: skip


class Server:
    """aiohttp's routes; `Slack` holds the state."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.app = web.Application(client_max_size=16 * 2**20)
        self.app.router.add_route("*", "/api/{method}", self.call)
        self.app.router.add_get("/link", self.link)
        self.app.router.add_get("/oauth/v2/authorize", self.authorize)
        self.app.router.add_post("/upload/{id}", self.upload)
        self.app.router.add_post("/response/{id}", self.respond)
        self.app.router.add_post("/control", self.control)

    async def call(self, request: web.Request) -> web.StreamResponse:
        slack, method = self.slack, request.match_info["method"]
        token, args = await _arguments(request)
        team = next((t for t in slack.api.teams.values() if t.token == token), None)
        call = Call(method, team.id if team else "", args)
        slack.calls.append(call)
        if slack.latency:
            await asyncio.sleep(slack.latency)
        fault = slack.faults.draw(method)
        if fault == "rate":
            call.error = fault
            return _throttle(slack.faults.retry_after)
        if fault in ("500", "503"):
            call.error = fault
            return web.Response(status=int(fault), text="<html>error</html>", content_type="text/html")
        if fault == "lost_before":
            call.error = fault
            return _break(request)
        wait = slack.rates.wait(call.team, method, str(args.get("channel", "")))
        if wait:
            call.error = "ratelimited"
            return _throttle(wait)
        try:
            answer = slack.api.answer(method, token, args)
        except Refusal as refusal:
            answer = refusal.answer
            call.error = refusal.answer["error"]
        if fault == "hang":
            await asyncio.sleep(slack.faults.hang_seconds)
        if fault in ("hang", "lost_after"):
            call.error = fault
            return _break(request)
        scopes = ",".join(sorted(team.scopes)) if team else ""
        return web.json_response(answer, headers={"X-OAuth-Scopes": scopes} if scopes else None)

    async def link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.slack.api.tickets:
            return web.Response(status=404)
        self.slack.api.tickets.remove(ticket)
        return await self.slack.deliveries.socket(request)

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """The person agrees; `team` says where it is installed."""
        team = request.query.get("team", "T1")
        code = f"code-{team}-{len(self.slack.calls)}"
        self.slack.api.codes[code] = team
        raise web.HTTPFound(f"{request.query['redirect_uri']}?code={code}&state={request.query['state']}")

    async def upload(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.slack.api.uploads[request.match_info["id"]]["content"] = body.decode()
        return web.Response(text=f"OK - {len(body)}")

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """response_url: at most five times."""
        said = self.slack.people.responses.get(request.match_info["id"])
        if said is None or len(said) >= 5:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        said.append(await request.json())
        return web.json_response({"ok": True})

    async def control(self, request: web.Request) -> web.StreamResponse:
        """`{"do": name, "args": {…}}` from another process: what people do, and the names below."""
        asked = await request.json()
        do, args = asked["do"], asked.get("args", {})
        slack = self.slack
        known: dict[str, Callable[..., Any]] = {
            "add_team": lambda **a: slack.add_team(**a).token,
            "channel": lambda **a: slack.channel(**a).id,
            "im": lambda team, user: slack.api.teams[team].im(user).id,
            "faults": slack.faults.set,
            "limits": slack.set_limits,
            "snapshot": slack.snapshot,
            "throttled": slack.throttled,
            "methods": slack.methods,
            "unacked": lambda: sum(not delivery.acked for delivery in slack.deliveries.all),
            "target": lambda url: setattr(slack.deliveries, "target", url),
        }
        act = known.get(do) or getattr(slack.people, do)
        return web.json_response({"result": act(**args)})


async def _arguments(request: web.Request) -> tuple[str, dict[str, Any]]:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.method == "POST":
        args |= dict(await request.post())
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    token = args.pop("token", "") or (secret if kind == "Bearer" else "")
    if kind == "Basic":
        id, _, secret = base64.b64decode(secret).decode().partition(":")
        args |= {"client_id": id, "client_secret": secret}
    return token, args


def _throttle(seconds: int) -> web.Response:
    body = json.dumps({"ok": False, "error": "ratelimited"})
    return web.Response(
        status=429, text=body, content_type="application/json", headers={"Retry-After": str(seconds)}
    )


def _break(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


@asynccontextmanager
async def serve(slack: Slack | None = None, port: int = 0) -> AsyncIterator[Slack]:
    """The double, listening on loopback in the running loop."""
    slack = slack or Slack()
    runner = web.AppRunner(Server(slack).app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    slack.api.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield slack
    finally:
        await slack.deliveries.close()
        await runner.cleanup()
