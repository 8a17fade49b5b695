"""How updates reach the bot: long polling, or a webhook that is called until it answers 2xx."""

import asyncio
import contextlib
import re
from collections import defaultdict, deque
from typing import Any

import aiohttp

from tests.doubles.telegram.faults import Faults
from tests.doubles.telegram.refusal import Refusal, bad_request
from tests.doubles.telegram.world import World

Params = dict[str, Any]


class Updates:
    """At most one of polling and webhook; a newer poll ends an older one with 409."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self.webhook: Params | None = None
        self.refused = 0  # answers of the webhook that were not 2xx
        self._again: list[Params] = []
        self._poll: asyncio.Event | None = None  # set to end the poll that waits
        self._pump: asyncio.Task[None] | None = None

    async def get(self, params: Params) -> list[Params]:
        """Raises Refusal."""
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first",
            )
        if self._poll:
            self._poll.set()
        mine = self._poll = asyncio.Event()
        try:
            self._confirm(int(params.get("offset") or 0))
            await self._something(float(params.get("timeout") or 0), mine)
        finally:
            if self._poll is mine:
                self._poll = None
        if mine.is_set():
            raise Refusal(
                409,
                "Conflict: terminated by other getUpdates request;"
                " make sure that only one bot instance is running",
            )
        return self._batch(params)

    def _confirm(self, offset: int) -> None:
        """All before `offset` are gone for good, but for those whose fate it is to come twice."""
        done = [update for update in self._world.pending if update["update_id"] < offset]
        self._world.pending = [one for one in self._world.pending if one["update_id"] >= offset]
        self._again += [update for update in done if self._faults.twice()]

    async def _something(self, seconds: float, ended: asyncio.Event) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not self._world.pending and not ended.is_set():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return
            self._world.arrived.clear()
            waits = [asyncio.ensure_future(one.wait()) for one in (self._world.arrived, ended)]
            await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()

    def _batch(self, params: Params) -> list[Params]:
        limit = int(params.get("limit") or 100)
        wanted = params.get("allowed_updates") or []
        if wanted:
            self._world.pending = [one for one in self._world.pending if any(kind in one for kind in wanted)]
        again, self._again = self._again, []
        return [*again, *self._world.pending][:limit]

    def set_webhook(self, params: Params) -> bool:
        secret = str(params.get("secret_token") or "")
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        if params.get("drop_pending_updates"):
            self._world.pending.clear()
        self.pause()
        self.webhook = params if params.get("url") else None
        self.resume()
        return True

    def delete_webhook(self, params: Params) -> bool:
        if params.get("drop_pending_updates"):
            self._world.pending.clear()
        self.pause()
        self.webhook = None
        return True

    def webhook_info(self, _: Params) -> Params:
        url = self.webhook["url"] if self.webhook else ""
        waiting = len(self._world.pending)
        return {"url": url, "has_custom_certificate": False, "pending_update_count": waiting}

    def pause(self) -> None:
        if self._pump:
            self._pump.cancel()

    def resume(self) -> None:
        if self.webhook:
            self._pump = asyncio.create_task(self._push_all(self.webhook))

    async def _push_all(self, hook: Params) -> None:
        """Chats at once, the updates of a chat one after the other."""
        lanes: defaultdict[int, deque[Params]] = defaultdict(deque)
        seen: set[int] = set()
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            while True:
                for update in [one for one in self._world.pending if one["update_id"] not in seen]:
                    seen.add(update["update_id"])
                    lane = lanes[_chat(update)]
                    lane.append(update)
                    if len(lane) == 1:
                        tasks.create_task(self._push_lane(session, hook, lane))
                self._world.arrived.clear()
                await self._world.arrived.wait()

    async def _push_lane(self, session: aiohttp.ClientSession, hook: Params, lane: deque[Params]) -> None:
        pause = 0.02
        while lane:
            if not await self._push(session, hook, lane[0]):
                self.refused += 1
                await asyncio.sleep(pause)
                pause = min(pause * 2, 1.0)
                continue
            if self._faults.twice():
                await self._push(session, hook, lane[0])
            pause = 0.02
            done = lane.popleft()
            self._world.pending = [one for one in self._world.pending if one is not done]

    async def _push(self, session: aiohttp.ClientSession, hook: Params, update: Params) -> bool:
        secret = hook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": str(secret)} if secret else {}
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            timeout = aiohttp.ClientTimeout(total=10)
            async with session.post(hook["url"], json=update, headers=headers, timeout=timeout) as answer:
                return 200 <= answer.status < 300
        return False


def _chat(update: Params) -> int:
    body = next(value for key, value in update.items() if key != "update_id")
    return int((body.get("message") or body)["chat"]["id"])
