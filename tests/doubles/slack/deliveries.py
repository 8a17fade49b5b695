"""How events reach the app: envelopes on its sockets, or signed requests to its address, until it acks."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import uuid4

import aiohttp
from aiohttp import web

from tests.doubles.slack.faults import Faults

Kind = Literal["events_api", "slash_commands", "interactive"]
_NUMBERS = count(1)


@dataclass
class Delivery:
    """One thing told to the app. `answer`: what the acknowledgement carried."""

    kind: Kind
    payload: dict[str, Any]
    number: int = field(default_factory=lambda: next(_NUMBERS))
    attempts: int = 0
    acked: bool = False
    answer: Any = None
    statuses: list[int] = field(default_factory=list)


@dataclass
class Deliveries:
    """`target`: the app's URL in HTTP mode; empty in Socket Mode. Slack waits `ack_seconds` (3)."""

    faults: Faults
    signing_secret: str
    target: str = ""
    ack_seconds: float = 3.0
    retry_seconds: float = 0.2
    attempts: int = 60
    all: list[Delivery] = field(default_factory=list)
    sockets: dict[web.WebSocketResponse, Any] = field(default_factory=dict)
    on_answer: Callable[[Delivery], None] | None = None
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: int = 0

    def send(self, kind: Kind, payload: dict[str, Any]) -> Delivery:
        delivery = Delivery(kind, payload)
        self.all.append(delivery)
        task = asyncio.ensure_future(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def settle(self, seconds: float = 20) -> None:
        """Until every delivery so far is acknowledged."""
        async with asyncio.timeout(seconds):
            while self._tasks:
                await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        for task in set(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in list(self.sockets):
            await socket.close()

    async def _deliver(self, delivery: Delivery) -> None:
        repeated = self.faults.happens(self.faults.redelivered)
        while not delivery.acked and delivery.attempts < self.attempts:
            await self._once(delivery)
        if repeated and delivery.kind == "events_api":
            await self._once(delivery)

    async def _once(self, delivery: Delivery) -> None:
        if self.target:
            done = await self._push(delivery)
        else:
            done = await self._envelope(delivery)
        delivery.acked = delivery.acked or done
        if done and self.on_answer:
            self.on_answer(delivery)
        if not done:
            await asyncio.sleep(self.retry_seconds)

    # -- Socket Mode --------------------------------------------------------------------------------------

    async def _envelope(self, delivery: Delivery) -> bool:
        while not self.sockets:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        self._turn += 1
        socket = list(self.sockets)[self._turn % len(self.sockets)]
        id = str(uuid4())
        envelope: dict[str, Any] = {
            "envelope_id": id,
            "type": delivery.kind,
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            envelope |= {
                "retry_attempt": delivery.attempts,
                "retry_reason": "timeout" if delivery.attempts else "",
            }
        delivery.attempts += 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[id] = answer
        try:
            await socket.send_str(json.dumps(envelope))
            if self.faults.happens(self.faults.socket_killed):
                self.kill(socket)
            delivery.answer = await asyncio.wait_for(answer, self.ack_seconds)
        except (TimeoutError, ConnectionError):
            return False
        finally:
            self._waiting.pop(id, None)
        return True

    def kill(self, socket: web.WebSocketResponse) -> None:
        """The connection breaks without a close frame."""
        transport = self.sockets.pop(socket, None)
        if transport is not None:
            transport.abort()

    async def refresh(self) -> None:
        """Slack asks every socket to connect anew and closes it soon after (every few hours)."""
        for socket in list(self.sockets):
            self.sockets.pop(socket)
            await socket.send_str(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        hello = {
            "type": "hello",
            "num_connections": len(self.sockets) + 1,
            "connection_info": {"app_id": "A1"},
        }
        await socket.send_str(json.dumps(hello))
        self.sockets[socket] = request.transport
        try:
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                said = json.loads(message.data)
                answer = self._waiting.get(said.get("envelope_id", ""))
                if answer and not answer.done():
                    answer.set_result(said.get("payload"))
        finally:
            self.sockets.pop(socket, None)
        return socket

    # -- HTTP mode ----------------------------------------------------------------------------------------

    async def _push(self, delivery: Delivery) -> bool:
        if delivery.kind == "events_api":
            body, form = json.dumps(delivery.payload, ensure_ascii=False), "application/json"
        else:
            fields = delivery.payload
            if delivery.kind == "interactive":
                fields = {"payload": json.dumps(delivery.payload, ensure_ascii=False)}
            body, form = urlencode(fields), "application/x-www-form-urlencoded"
        headers = {"Content-Type": form, **self.signed(body)}
        if delivery.attempts:
            headers |= {"X-Slack-Retry-Num": str(delivery.attempts), "X-Slack-Retry-Reason": "http_error"}
        delivery.attempts += 1
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(self.ack_seconds)) as session,
                session.post(self.target, data=body.encode(), headers=headers) as response,
            ):
                delivery.statuses.append(response.status)
                text = await response.text()
        except (TimeoutError, aiohttp.ClientError):
            return False
        json_body = response.content_type == "application/json" and text
        delivery.answer = json.loads(text) if json_body else ({"text": text} if text else None)
        return response.status == 200

    def signed(self, body: str, at: float | None = None) -> dict[str, str]:
        """Slack's v0 signature: docs.slack.dev/authentication/verifying-requests-from-slack."""
        stamp = str(int(at if at is not None else time.time()))
        digest = hmac.new(self.signing_secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest.hexdigest()}"}
