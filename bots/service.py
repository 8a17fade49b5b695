"""`gongsi serve` and `gongsi worker`: adapters, worker, schedule, health in one loop; drains on SIGTERM."""

import asyncio
import logging
import signal
from collections.abc import Collection
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial

from bots.adapters import Shared, adapters
from bots.conversation import Conversation, open_conversation
from bots.health import serve_health
from bots.jobs import Retention, open_sending, scheduled
from bots.metrics import Metrics
from bots.readiness import probes
from bots.watches import Watches
from bots.worker import Worker
from core.errors import InputError
from core.inbox import Inbox
from core.schedule import running
from core.settings import Settings
from core.wiring.inbox import lead, open_inbox

logger = logging.getLogger(__name__)

_CLOSE = 5.0  # seconds for connections to end once nothing is left to send


async def serve(settings: Settings, *, receiving: bool = True) -> None:
    """Until SIGTERM or SIGINT; a second one ends it at once. `receiving` False: answers only, beside others.

    Raises InputError for tokens and settings that cannot work, StoreError when there is no database to
    start with. What was received stands in the inbox by then, and whoever starts next goes on with it.
    """
    platforms = adapters(settings)
    if not platforms:
        raise InputError(
            "텔레그램도 슬랙도 토큰이 없습니다: GONGSI_TELEGRAM__TOKEN이나 GONGSI_SLACK__BOT_TOKEN을 넣거나,"
            " 토큰 없이 보려면 gongsi serve --demo 를 쓰세요."
        )
    async with AsyncExitStack() as stack:
        inbox = await stack.enter_async_context(open_inbox(settings))
        shared = Shared(settings, inbox, partial(lead, settings), receiving)
        _close_on_signals(shared.closing)
        digests, sending = await stack.enter_async_context(open_sending(settings))
        watches = Watches(digests.subscriptions, settings.digest, digests.listed)
        conversation = await stack.enter_async_context(open_conversation(settings, watches, inbox))
        await conversation.warm()
        worker = Worker(
            inbox,
            shared.channels,
            conversation.reply,
            settings.serve,
            on_gone=watches.stop,
            on_moved=watches.move,
            on_forget=conversation.forget,
            out_per_second=settings.digest.per_second,
        )
        metrics = Metrics(worker.counters)
        parts = ["worker", *(platforms if receiving else ())]
        await stack.enter_async_context(
            serve_health(settings.health, probes(settings, inbox, parts), metrics.registry)
        )
        sampling = asyncio.create_task(metrics.sample(inbox))
        stack.callback(sampling.cancel)
        tasks = [asyncio.create_task(run(shared), name=name) for name, run in platforms.items()]
        tasks.append(asyncio.create_task(worker.run(), name="worker"))
        try:
            async with AsyncExitStack() as scheduling:
                if receiving:
                    jobs = scheduled(settings, digests, sending, retention=_retention(inbox, conversation))
                    await scheduling.enter_async_context(running(jobs, digests.runs))
                logger.info("started: %s", ", ".join(platforms))
                await _until(shared.closing, tasks)
        finally:
            await _end(shared, worker, tasks)
        for task in tasks:
            if not task.cancelled() and (error := task.exception()):
                raise error


async def _until(closing: asyncio.Event, tasks: Collection["asyncio.Task[None]"]) -> None:
    """Until closing is set, or a part has ended, which none does by itself."""
    waiting = asyncio.create_task(closing.wait())
    await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


async def _end(shared: Shared, worker: Worker, tasks: Collection["asyncio.Task[None]"]) -> None:
    """Receive nothing more, finish what is in hand, let the connections go."""
    shared.closing.set()
    logger.info("draining")
    await worker.drain(shared.settings.serve.drain_seconds)
    shared.drained.set()
    _, late = await asyncio.wait(tasks, timeout=_CLOSE)
    for task in late:  # one that was still waiting for its platform to answer for the first time
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    logger.info("stopped")


def _retention(inbox: Inbox, conversation: Conversation) -> list[Retention]:
    async def jobs(before: datetime) -> None:
        await inbox.retention(datetime.now(UTC) - before)

    return [jobs, conversation.tidy]


def _close_on_signals(closing: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def close(number: signal.Signals) -> None:
        if closing.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        closing.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, close, number)
