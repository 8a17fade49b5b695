"""Many workspaces: installed by OAuth, tokens in PostgreSQL, renewed, and deleted when the app is removed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bots.channel import Gone, Unreachable
from bots.message import Place, says
from bots.slack.adapter import SlackAdapter, open_slack
from bots.slack.oauth import InstallationStore
from core.errors import StoreError
from core.store.connect import open_pool
from core.store.installations import PostgresInstallations
from tests.doubles.slack import Slack, serve
from tests.doubles.slack.bot import MemoryInbox, oauth_settings

pytestmark = [
    pytest.mark.anyio,
    # slack_sdk 3.48 with aiohttp 3.14: of its call of oauth.v2.access
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
]
RECORD = {
    "bot_token": "xoxb-T7", "bot_id": "B7", "bot_user_id": "U7", "bot_scopes": "chat:write",
    "bot_refresh_token": None, "bot_token_expires_at": None,
}  # fmt: skip


@pytest.fixture
async def installations(database: str) -> AsyncIterator[PostgresInstallations]:
    async with open_pool(database, size=4) as pool:
        yield PostgresInstallations(pool)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serve() as double:
        double.add_team("T2")
        yield double


async def install(slack: Slack, adapter: SlackAdapter, team: str) -> int:
    """A person opens the install page, agrees, and comes back; the last page's status."""
    bot = f"http://127.0.0.1:{adapter.port}"
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{bot}/slack/install?team={team}") as page:
            link = (await page.text()).split('<a href="')[1].split('"')[0].replace("&amp;", "&")
            cookie = page.headers["Set-Cookie"].split(";")[0]
        assert link.startswith(f"{slack.api.base}/oauth/v2/authorize")
        async with session.get(link, allow_redirects=False) as agreed:
            back = agreed.headers["Location"].replace("https://bot.example", bot)
        async with session.get(back, headers={"Cookie": cookie}) as done:
            status = done.status
        async with session.get(back, headers={"Cookie": cookie}) as again:
            assert again.status == 401  # the state is good once
    return status


@pytest.mark.parametrize("rotation", [None, 43_200, 60])
async def test_a_workspace_installs_asks_and_leaves(
    slack: Slack, installations: PostgresInstallations, rotation: int | None
) -> None:
    slack.api.rotation_seconds = rotation
    settings = oauth_settings(
        slack.base_url, mode="http", redirect_url="https://bot.example/slack/oauth_redirect"
    )
    inbox = MemoryInbox()
    async with open_slack(settings, installations) as adapter:
        await adapter.start(inbox, installations=installations)
        slack.deliveries.target = f"http://127.0.0.1:{adapter.port}/slack/events"
        with pytest.raises(Gone):
            await adapter.channel.open(Place("slack", "T2/C1"), "m", reply_to=None, again=False)
        assert await install(slack, adapter, "T2") == 200
        if rotation == 60:  # a renewed token lasts
            slack.api.rotation_seconds = 43_200
        slack.people.mention("T2", "C1", "U1", "매출은?")
        asked = await asyncio.wait_for(inbox.fresh.get(), 10)
        message = await adapter.channel.open(asked.place, "m", reply_to=asked.message, again=False)
        await adapter.channel.write(asked.place, message, adapter.channel.render(says("3조"))[0])
        assert [shown.text for shown in slack.visible("T2", "C1")] == ["3조"]
        kept = await installations.find("T2")
        assert kept is not None
        assert kept["bot_token"] == slack.api.teams["T2"].token
        assert kept["bot_user_id"] == "UBOTT2"
        assert "UINSTALLER" not in str(kept)
        renewals = [c for c in slack.calls if c.args.get("grant_type") == "refresh_token"]
        assert len(renewals) == (1 if rotation == 60 else 0)
        slack.people.uninstall("T2")
        await slack.deliveries.settle()
        assert await installations.find("T2") is None
        assert {incoming.kind for incoming in inbox.all} == {"message", "left"}
        with pytest.raises(Gone):
            await adapter.channel.open(asked.place, "m2", reply_to=None, again=False)
        await adapter.stop()


async def test_a_refresh_token_that_slack_forgot_ends_the_installation(
    slack: Slack, installations: PostgresInstallations
) -> None:
    await installations.save("T2", {**RECORD, "bot_refresh_token": "forgotten", "bot_token_expires_at": 10})
    place = Place("slack", "T2/C1")
    async with open_slack(oauth_settings(slack.base_url), installations) as adapter:
        slack.faults.next("oauth.v2.access", "503", "")
        with pytest.raises(Unreachable):
            await adapter.channel.open(place, "m", reply_to=None, again=False)
        with pytest.raises(Gone, match="invalid_refresh_token"):
            await adapter.channel.open(place, "m", reply_to=None, again=False)


async def test_a_token_is_renewed_by_one_of_many(installations: PostgresInstallations) -> None:
    await installations.save("T7", {**RECORD, "bot_refresh_token": "r1", "bot_token_expires_at": 10})
    used: list[Any] = []

    async def renew(record: Any) -> Any:
        if record["bot_token_expires_at"] > 10:
            return None
        used.append(record["bot_refresh_token"])
        await asyncio.sleep(0.1)
        return {**record, "bot_token": "xoxb-new", "bot_refresh_token": "r2", "bot_token_expires_at": 99}

    renewed = await asyncio.gather(*(installations.renew("T7", renew) for _ in range(3)))
    assert used == ["r1"]
    assert {record["bot_token"] for record in renewed if record} == {"xoxb-new"}
    assert await installations.renew("T8", renew) is None


async def test_what_fails_while_renewing_changes_nothing(installations: PostgresInstallations) -> None:
    await installations.save("T7", RECORD)

    async def fail(record: Any) -> Any:
        raise Gone("x")

    with pytest.raises(Gone):
        await installations.renew("T7", fail)
    assert await installations.find("T7") == RECORD


async def test_a_state_is_good_once_and_not_for_long(installations: PostgresInstallations) -> None:
    state = await installations.issue_state()
    assert await installations.consume_state(state)
    assert not await installations.consume_state(state)
    assert not await installations.consume_state("forged")
    late = await installations.issue_state()
    async with installations.pool.connection() as connection:
        await connection.execute("update slack_oauth_state set expires_at = now() - interval '1 second'")
    assert not await installations.consume_state(late)


async def test_the_library_finds_and_deletes_what_it_saved(installations: PostgresInstallations) -> None:
    await installations.save("T7", RECORD)
    store = InstallationStore(installations)
    found = await store.async_find_installation(enterprise_id=None, team_id="T7", user_id="U1")
    assert found is not None
    assert (found.bot_token, found.bot_id, found.team_id) == ("xoxb-T7", "B7", "T7")
    await store.async_delete_all(enterprise_id=None, team_id="T7")
    assert await store.async_find_bot(enterprise_id=None, team_id="T7") is None


async def test_a_database_away_is_said_in_korean(database: str) -> None:
    async with open_pool(f"{database} dbname=nowhere", size=1) as pool:
        pool.timeout = 0.2
        with pytest.raises(StoreError, match="데이터베이스"):
            await PostgresInstallations(pool).find("T1")
