"""The bundled samples in a database, and subscribers that watch them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from bots.digest import digest_job
from core.digest.sending import Sending
from core.digest.subscriber import Address
from core.etl.pipeline import make
from core.etl.source import discover
from core.model import Level, Transformed
from core.profile.glossary import load_glossary
from core.settings import Digest
from core.store.connect import open_pool
from core.store.digests import PostgresOutbox
from core.store.load import load
from core.store.subscriptions import PostgresSubscriptions

SAMPLES = Path(__file__).parents[2] / "samples"
GAON, NURI, DASOM = "09900011", "09900022", "09900033"
CONTRACT, AMENDED = "20250512800912", "20250811800913"
SETTINGS = Digest(time="18:30", items=20, per_second=1_000_000)
LONG_AGO = datetime(2025, 1, 2, 9, tzinfo=UTC)


@cache
def samples() -> list[Transformed]:
    made = (make(source, "")[0].filing for source in discover([SAMPLES]))
    return [filing for filing in made if filing]


def load_samples(conninfo: str, filings: Sequence[Transformed] | None = None) -> None:
    with psycopg.connect(conninfo, autocommit=True) as conn:
        load(conn, samples() if filings is None else filings, lambda conn, chunks: None)


def place(number: int) -> Address:
    return Address("telegram", str(number), None, True)


async def subscribe(
    pool: AsyncConnectionPool[Any], number: int, codes: Sequence[str], at: datetime = LONG_AGO, **more: Any
) -> None:
    """At a time before the samples, so that all of them are news."""
    subscriptions = PostgresSubscriptions(pool, time(18, 30))
    await subscriptions.watch(place(number), f"telegram:{number}", codes, at)
    if more:
        await subscriptions.set(place(number), f"telegram:{number}", at, **more)


def sending(pool: AsyncConnectionPool[Any], level: Level = Level.INTERMEDIATE, **more: Any) -> Sending:
    async def known(_: str | None) -> Level:
        return level

    return Sending(
        PostgresOutbox(pool), more.pop("settings", SETTINGS), load_glossary(), known, digest_job, **more
    )


@asynccontextmanager
async def pooled(conninfo: str) -> AsyncIterator[AsyncConnectionPool[Any]]:
    async with open_pool(conninfo, autocommit=True) as pool:
        yield pool


def jobs(conninfo: str) -> dict[str, dict[str, Any]]:
    """What was put into the inbox, by key."""
    with psycopg.connect(conninfo, autocommit=True) as conn:
        return dict(conn.execute("select key, payload from job order by id").fetchall())


def told(conninfo: str) -> list[tuple[str, str]]:
    """(chat, rcept_no) of every item."""
    with psycopg.connect(conninfo, autocommit=True) as conn:
        return conn.execute(
            "select chat, rcept_no from digest_item d join subscriber s on s.id = d.subscriber order by 1, 2"
        ).fetchall()


def text_of(payload: dict[str, Any]) -> str:
    """All words of a reply."""
    spans = []
    for block in payload["reply"]["blocks"]:
        spans += [[{"text": block["text"]}]] if block["kind"] == "heading" else []
        spans += [block["spans"]] if block["kind"] == "paragraph" else []
        spans += block["items"] if block["kind"] == "bullets" else []
    return "\n".join("".join(span["text"] for span in line) for line in spans)
