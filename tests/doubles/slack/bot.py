"""The smallest bot around the Slack adapter: an inbox in memory, and a loop that says what it was told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from pydantic import SecretStr

from bots.channel import Busy, Unreachable
from bots.message import Home, Incoming, Reply, says
from bots.slack.adapter import SlackAdapter, open_slack
from bots.slack.receive import Greeting
from core.errors import StoreError
from core.settings import Slack as SlackSettings
from tests.doubles.slack.server import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET, Slack

GREETING = Greeting("무엇이 궁금하세요?", [("실적", "삼성전자 작년 영업이익은?")])


def settings_for(base_url: str, **chosen: Any) -> SlackSettings:
    """Settings of a bot in workspace T1 of the double."""
    values: dict[str, Any] = {
        "bot_token": SecretStr("xoxb-T1-double"),
        "app_token": SecretStr(APP_TOKEN),
        "signing_secret": SecretStr(SIGNING_SECRET),
        "api_base_url": base_url,
        "mode": "socket",
        "port": 0,
        "client_id": "",
        "client_secret": SecretStr(""),
        "redirect_url": "",
        "messages_per_second": 100.0,
    }
    # port 0, which the system chooses, is no setting: built without validation
    return SlackSettings.model_construct(**{**values, **chosen})


def oauth_settings(base_url: str, **chosen: Any) -> SlackSettings:
    installed = {
        "client_id": CLIENT_ID,
        "client_secret": SecretStr(CLIENT_SECRET),
        "bot_token": SecretStr(""),
    }
    return settings_for(base_url, **installed, **chosen)


@dataclass
class MemoryInbox:
    """`fails`: so many puts raise StoreError."""

    fails: int = 0
    slow: float = 0.0
    puts: int = 0
    kept: dict[str, tuple[str, Incoming]] = field(default_factory=dict)
    fresh: asyncio.Queue[Incoming] = field(default_factory=asyncio.Queue)

    async def put(self, queue: str, key: str, lane: str, payload: Mapping[str, Any]) -> bool:
        self.puts += 1
        await asyncio.sleep(self.slow)
        if self.fails:
            self.fails -= 1
            raise StoreError("데이터베이스에 연결하지 못했습니다.")
        if key in self.kept:
            return False
        incoming = Incoming.from_json(payload)
        self.kept[key] = (lane, incoming)
        self.fresh.put_nowait(incoming)
        return True

    @property
    def all(self) -> list[Incoming]:
        return [incoming for _, incoming in self.kept.values()]


@asynccontextmanager
async def bot(
    slack: Slack, mode: str = "socket", inbox: MemoryInbox | None = None, **chosen: Any
) -> AsyncIterator[tuple[SlackAdapter, MemoryInbox]]:
    """The adapter, receiving from the double."""
    inbox = inbox or MemoryInbox()
    async with open_slack(settings_for(slack.base_url, mode=mode, **chosen)) as adapter:
        await adapter.start(inbox, greeting=GREETING)
        if mode == "http":
            slack.deliveries.target = f"http://127.0.0.1:{adapter.port}/slack/events"
        try:
            yield adapter, inbox
        finally:
            await adapter.stop()


@asynccontextmanager
async def echoing(
    adapter: SlackAdapter, inbox: MemoryInbox, answer: Callable[[Incoming], Reply] | None = None
) -> AsyncIterator[None]:
    """Answer whatever comes in until the block ends."""
    task = asyncio.ensure_future(
        _echo(adapter, inbox, answer or (lambda incoming: says(f"답: {incoming.text}")))
    )
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _echo(adapter: SlackAdapter, inbox: MemoryInbox, answer: Callable[[Incoming], Reply]) -> None:
    lanes: dict[str, asyncio.Lock] = {}
    async with asyncio.TaskGroup() as group:
        while True:
            incoming = await inbox.fresh.get()
            lock = lanes.setdefault(incoming.place.lane, asyncio.Lock())
            group.create_task(_answer(adapter, incoming, answer, lock))


async def _answer(
    adapter: SlackAdapter, incoming: Incoming, answer: Callable[[Incoming], Reply], lock: asyncio.Lock
) -> None:
    channel = adapter.channel
    async with lock:
        if incoming.kind == "left":
            return
        if incoming.kind == "home":
            home = Reply(home=Home("중급", ["가온전자"], "18:30"))
            await patiently(lambda again: channel.send_home(incoming, home))
            return
        for number, part in enumerate(channel.render(answer(incoming))):
            mark = f"{incoming.key}/{number}"
            opening = partial(channel.open, incoming.place, mark, reply_to=incoming.message)
            message: str = await patiently(lambda again, opening=opening: opening(again=again))  # type: ignore[misc]
            writing = partial(channel.write, incoming.place, message, part)
            await patiently(lambda _, writing=writing: writing())  # type: ignore[misc]


async def patiently(call: Callable[[bool], Any], tries: int = 60) -> Any:
    """Call until it is through; `again` from the second time on."""
    for number in range(tries):
        try:
            return await call(number > 0)
        except Busy as busy:
            await asyncio.sleep(min(busy.after, timedelta(seconds=2)).total_seconds())
        except Unreachable:
            await asyncio.sleep(0.05)
    raise TimeoutError
