"""/healthz (the loop turns), /readyz (every part as JSON; 503 when one failed), /metrics (Prometheus)."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bots.check import Check
from core.errors import GongsiError, InputError
from core.settings import Health

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import web
    from prometheus_client import CollectorRegistry

_SECONDS = 5.0  # a part that does not tell its state within these has failed

Probe = tuple[str, Callable[[], Awaitable[Check]]]


@asynccontextmanager
async def serve_health(
    settings: Health, probes: Sequence[Probe], registry: "CollectorRegistry"
) -> "AsyncIterator[None]":
    """Open while the context lasts. Raises InputError when the port is taken."""
    from aiohttp import web
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

    async def alive(_: "web.Request") -> "web.Response":
        return web.Response(text="ok\n")

    async def ready(_: "web.Request") -> "web.Response":
        checks = await asyncio.gather(*(_ask(name, probe) for name, probe in probes))
        failed = any(check.state == "fail" for check in checks)
        said = {check.name: {"state": check.state, "said": check.said} for check in checks}
        body = json.dumps({"ready": not failed, "checks": said}, ensure_ascii=False)
        return web.Response(status=503 if failed else 200, text=body, content_type="application/json")

    async def metrics(_: "web.Request") -> "web.Response":
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/healthz", alive), web.get("/readyz", ready), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError:
        await runner.cleanup()
        raise InputError(
            f"{settings.host}:{settings.port}를 다른 프로그램이 씁니다:"
            " health.port를 바꾸거나 그 프로그램을 끄세요."
        ) from None
    try:
        yield
    finally:
        await runner.cleanup()


async def _ask(name: str, probe: Callable[[], Awaitable[Check]]) -> Check:
    try:
        return await asyncio.wait_for(probe(), _SECONDS)
    except TimeoutError:
        return Check(name, "fail", "시간 안에 답하지 않습니다")
    except GongsiError as error:
        return Check(name, "fail", str(error))
