"""Who talks to the bot, as the database knows them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from core.settings import Settings
from core.store.connect import open_database

if TYPE_CHECKING:
    from core.people import Talks, Usage


@asynccontextmanager
async def open_people(settings: Settings) -> "AsyncIterator[tuple[Usage, Talks]]":
    from core.store.connect import open_pool
    from core.store.talks import PostgresTalks
    from core.store.usage import PostgresUsage

    async with open_pool(open_database(settings), autocommit=True) as pool:
        yield PostgresUsage(pool), PostgresTalks(pool)
