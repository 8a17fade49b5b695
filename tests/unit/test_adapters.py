"""Receiving goes on after everything, and spins over nothing."""

import asyncio
from typing import Any, cast

import pytest

from bots.adapters import Shared, _receive
from core.errors import InputError, StoreError


@pytest.mark.anyio
async def test_a_database_that_is_away_is_not_asked_without_a_pause() -> None:
    """A service whose server was gone took a third of a core, for ever."""
    shared, tried = Shared(cast(Any, None), cast(Any, None), cast(Any, None), receiving=True), 0

    async def run() -> None:
        nonlocal tried
        tried += 1
        raise StoreError("데이터베이스에 닿을 수 없습니다.")

    receiving = asyncio.create_task(_receive(shared, run, lambda: False))
    await asyncio.sleep(0.2)
    assert tried == 1
    shared.closing.set()
    async with asyncio.timeout(1):
        await receiving
    assert tried == 1


@pytest.mark.anyio
async def test_what_no_pause_can_mend_ends_it() -> None:
    shared = Shared(cast(Any, None), cast(Any, None), cast(Any, None), receiving=True)

    async def run() -> None:
        raise InputError("토큰을 모릅니다.")

    with pytest.raises(InputError, match="토큰"):
        await _receive(shared, run, lambda: False)
