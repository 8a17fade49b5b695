"""Where the tokens of many Slack workspaces are kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from core.settings import Settings
from core.store.connect import open_database

if TYPE_CHECKING:
    from core.store.installations import PostgresInstallations


@asynccontextmanager
async def open_installations(settings: Settings) -> "AsyncIterator[PostgresInstallations]":
    from core.store.connect import open_pool
    from core.store.installations import PostgresInstallations

    async with open_pool(open_database(settings), size=2) as pool:
        yield PostgresInstallations(pool)
