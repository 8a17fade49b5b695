"""The jobs of the schedule: new filings, digests, tidying up, and a word to the operator."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bots.digest import digest_job
from bots.kept import Kept
from bots.message import Place, says
from bots.texts import alerts
from core.errors import GongsiError
from core.korean import korean_time
from core.model import Level
from core.schedule import Job, daily, every, office_hours, weekly
from core.settings import Settings

if TYPE_CHECKING:
    from core.digest.sending import Sending
    from core.profile.profiles import Profiles
    from core.wiring.digest import Digests

_GONGSI = (sys.executable, "-c", "from bots.cli import main; main()")
REFRESH = (*_GONGSI, "etl", "refresh")
_LONGEST = timedelta(hours=3)  # a refresh of a whole day's filings of the market takes some 20 minutes
_KEPT = 4_000  # characters of what a refresh said
_STALE = "refresh"

Retention = Callable[[datetime], Awaitable[object]]
"""Deletes what ended before the given time."""


class RefreshFailed(GongsiError):
    """The message is the last line that the command said."""


@asynccontextmanager
async def open_sending(
    settings: Settings, profiles: "Profiles | None" = None
) -> "AsyncIterator[tuple[Digests, Sending]]":
    """Raises StoreError. `profiles`: those of the service; without them the store is opened here."""
    from core.digest.sending import Sending
    from core.profile.glossary import load_glossary
    from core.wiring.answering import open_profiles
    from core.wiring.digest import open_digests

    known = contextlib.nullcontext(profiles) if profiles else open_profiles(settings)
    async with open_digests(settings) as digests, known as people:

        async def level(person: str | None) -> Level:
            """A group whose subscriber was forgotten is told what is between the two ends."""
            return (await people.get(person)).level if person else Level.INTERMEDIATE

        yield digests, Sending(digests.outbox, settings.digest, load_glossary(), level, digest_job)


def scheduled(
    settings: Settings,
    digests: "Digests",
    sending: "Sending",
    retention: Sequence[Retention] = (),
    refresh: Sequence[str] = REFRESH,
) -> list[Job]:
    """What `core.schedule.running` is to run; `retention` beyond what digests and runs leave behind."""
    chosen = settings.schedule
    jobs = [
        Job("digest", every(1), lambda: _counted(sending.daily())),
        Job("instant", every(1), lambda: _counted(sending.instant())),
        Job(
            "retention",
            daily(chosen.nightly),
            lambda: _tidy([digests.outbox.forget, digests.runs.forget, *retention], chosen.keep_days),
        ),
    ]
    if chosen.refresh and settings.dart.key.get_secret_value():
        alone = asyncio.Lock()  # two refreshes at once would only be refused by the lock of Extract

        async def command(*words: str) -> str:
            async with alone:
                return await _command(words)

        jobs += [
            Job("refresh", office_hours(chosen.refresh_minutes), lambda: command(*refresh)),
            Job("nightly", daily(chosen.nightly), lambda: command(*refresh, "--full")),
            Job("reindex", weekly(chosen.nightly), lambda: command(*_GONGSI, "db", "reindex")),
        ]
        if operator := operator_place(chosen.operator):
            jobs.append(Job("freshness", every(10), lambda: _watch_over(settings, digests, operator)))
    return jobs


def operator_place(text: str) -> Place | None:
    """`telegram:42`, `slack:T1/C2`; None for an empty setting. A positive Telegram id is a person's chat."""
    platform, _, chat = text.partition(":")
    if platform == "telegram" and chat:
        return Place("telegram", chat, None, not chat.startswith("-"))
    if platform == "slack" and chat:
        return Place("slack", chat, None, "/D" in chat or "/U" in chat)
    return None


async def _counted(put: Awaitable[int]) -> str | None:
    count = await put
    return f"ok: {count}" if count else None


async def _tidy(retention: Sequence[Retention], keep_days: int) -> None:
    before = datetime.now(UTC) - timedelta(days=keep_days)
    for forget in retention:
        await forget(before)


async def _command(command: Sequence[str], longest: timedelta = _LONGEST) -> str:
    """The command in a process of its own: neither its work nor its end is this loop's.

    Raises RefreshFailed; ends the process and its children when it takes too long or we are to stop.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(longest.total_seconds()):
            said = await _last_line(process)
            code = await process.wait()
    except TimeoutError:
        raise RefreshFailed(f"{longest} 안에 끝나지 않아 멈췄습니다.") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if code:
        raise RefreshFailed(f"종료 코드 {code}: {said}")
    return "ok"


async def _last_line(process: asyncio.subprocess.Process) -> str:
    """Of standard error, read to its end: a full pipe would stop the process."""
    assert process.stderr is not None  # noqa: S101  # it was asked for
    tail = b""
    while piece := await process.stderr.read(_KEPT):
        tail = (tail + piece)[-_KEPT:]
    lines = tail.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


async def _watch_over(settings: Settings, digests: "Digests", operator: Place) -> str | None:
    """Tell the operator once when filings have not come for too long, and once when they do again."""
    last = await digests.runs.last_refresh()
    if last is None:
        return None
    if datetime.now(UTC) - last > timedelta(hours=settings.schedule.stale_hours):
        said = says(alerts.stale(korean_time(last)))
        told = await digests.incidents.open(
            _STALE, last, f"alert:{operator.lane}", Kept(said, operator).to_json()
        )
    else:
        said = says(alerts.FRESH_AGAIN)
        told = await digests.incidents.close(_STALE, f"alert:{operator.lane}", Kept(said, operator).to_json())
    return "ok: told" if told else None
