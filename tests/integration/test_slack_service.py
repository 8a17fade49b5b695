"""Questions and answers through the whole adapter, with Slack misbehaving, and nothing secret in any log."""

import asyncio
import logging
from collections import Counter

import pytest
from pydantic import SecretStr

from bots.message import Incoming, Reply, says
from bots.slack.adapter import open_slack
from bots.slack.manifest import SCOPES
from core.errors import InputError
from tests.doubles.slack import APP_TOKEN, SIGNING_SECRET, Faults, Remote, Slack, serve
from tests.doubles.slack.bot import MemoryInbox, bot, echoing, settings_for

pytestmark = pytest.mark.anyio
MODES = pytest.mark.parametrize("mode", ["socket", "http"])
SECRETS = ("xoxb-T1-double", APP_TOKEN, SIGNING_SECRET, "ticket=", "xoxb-wrong-canary")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults, not the pace, are what takes time here."""
    monkeypatch.setattr("bots.slack.pace.POST_SECONDS", 0.02)
    monkeypatch.setattr("bots.slack.socket_mode.PING_SECONDS", 1.0)


@MODES
async def test_every_question_has_one_answer_in_its_place_whatever_fails(mode: str) -> None:
    faults = Faults(
        rate=0.05, server=0.05, hang=0.01, lost_before=0.03, lost_after=0.03, redelivered=0.05,
        socket_killed=0.01, hang_seconds=0.3,
    )  # fmt: skip
    users, rounds = 12, 2
    async with serve(Slack(faults=faults)) as slack:
        slack.deliveries.ack_seconds = 1.0
        async with bot(slack, mode) as (adapter, inbox), echoing(adapter, inbox):
            pane = {user: slack.people.open_assistant("T1", f"U{user}") for user in range(users)}
            asked: list[tuple[str, str]] = []
            for number in range(rounds):
                for user in range(users):
                    text = f"{user}의 질문 {number}"
                    where = f"C{user}"
                    root = slack.people.mention("T1", where, f"U{user}", text)
                    asked.append((root, f"답: {text}"))
                    slack.people.dm("T1", f"U{user}", f"디엠 {text}", thread=pane[user] if user % 2 else None)
                    asked.append(("", f"답: 디엠 {text}"))
            team = slack.api.teams["T1"]

            def finals() -> Counter[str]:
                return Counter(
                    m.text for _, m in team.spoken() if m.text.startswith("답:") and not m.streaming
                )

            await slack.until(lambda: len(finals()) == len(asked), 40)
            await slack.deliveries.settle()
            assert finals() == Counter(text for _, text in asked)
            for _, message in team.spoken():
                if message.text.startswith("답:") and (message.thread_ts, message.text) in asked:
                    asked.remove((message.thread_ts, message.text))
            assert all(root == "" for root, _ in asked)
            spoken = [
                m
                for _, m in team.spoken()
                if m.metadata != {"event_type": "assistant_thread_context", "event_payload": {}}
            ]
            assert len(spoken) == sum(finals().values())  # nothing half done is left standing


async def test_the_manifests_scopes_are_enough(caplog: pytest.LogCaptureFixture) -> None:
    async with serve() as slack:
        slack.api.teams["T1"].scopes = frozenset(SCOPES)
        slack.channel("T1", "C1")
        async with bot(slack) as (adapter, inbox), echoing(adapter, inbox):
            slack.people.mention("T1", "C1", "U1", "매출은?")
            slack.people.slash("T1", "C1", "U2", "부채는?")
            slack.people.open_home("T1", "U1")
            slack.people.dm("T1", "U1", "이익은?", thread=slack.people.open_assistant("T1", "U1"))
            team = slack.api.teams["T1"]
            await slack.until(lambda: sum("답:" in m.text for _, m in team.spoken()) == 3 and team.homes)
            await slack.deliveries.settle()
        assert not [call for call in slack.calls if call.error]
    assert "missing scopes" not in caplog.text


async def test_a_question_gets_a_long_answer_in_several_messages() -> None:
    lines = [f"{n}. 가온전자의 매출은 3조 4,512억원입니다." for n in range(1200)]

    def long(incoming: Incoming) -> Reply:
        return says("\n".join(lines))

    async with serve() as slack, bot(slack) as (adapter, inbox), echoing(adapter, inbox, long):
        root = slack.people.mention("T1", "C1", "U1", "모두 알려 줘")
        await slack.until(
            lambda: sum(m.text.count("가온전자") for m in slack.visible("T1", "C1", root)) == 1200, 30
        )
        shown = slack.visible("T1", "C1", root)
        assert len(shown) > 3
        assert "".join(m.text for m in shown).replace("\n", "") == "".join(lines)


async def test_the_double_lives_in_a_process_of_its_own() -> None:
    with Remote.start() as remote:
        async with open_slack(settings_for(remote.base_url)) as adapter:
            inbox = MemoryInbox()
            await adapter.start(inbox)
            async with echoing(adapter, inbox):
                ts = await asyncio.to_thread(
                    remote.do, "mention", team="T1", channel="C1", user="U1", text="매출은?"
                )
                for _ in range(200):
                    said = await asyncio.to_thread(remote.do, "snapshot")
                    if any(m["text"] == "답: 매출은?" and m["thread_ts"] == ts for m in said):
                        break
                    await asyncio.sleep(0.02)
                else:
                    pytest.fail(str(said))
            await adapter.stop()


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger at DEBUG, those of the libraries by name too."""
    names = [
        "",
        "slack_sdk",
        "slack_bolt",
        "aiohttp",
        "aiohttp.client",
        "aiohttp.access",
        "asyncio",
        "stamina",
    ]
    for name in names:
        caplog.set_level(logging.DEBUG, logger=name)  # undone after the test
    return caplog


@MODES
async def test_no_secret_and_no_question_reaches_a_log(
    mode: str, everything_logged: pytest.LogCaptureFixture
) -> None:
    async with serve() as slack:
        slack.deliveries.ack_seconds = 0.5
        with pytest.raises(InputError):
            async with open_slack(settings_for(slack.base_url, bot_token=SecretStr("xoxb-wrong-canary"))):
                pass
        inbox = MemoryInbox(fails=1)
        async with bot(slack, mode, inbox) as (adapter, _), echoing(adapter, inbox):
            slack.people.dm("T1", "U1", "카나리아 질문")
            await slack.until(lambda: slack.visible("T1", slack.api.teams["T1"].im("U1").id))
            if mode == "socket":
                slack.api.tickets.clear()
                slack.faults.next("apps.connections.open", "500")
                slack.deliveries.kill(next(iter(slack.deliveries.sockets)))
                tickets = slack.methods().count("apps.connections.open")
                await slack.until(lambda: slack.methods().count("apps.connections.open") > tickets)
                slack.api.tickets.clear()  # the address is refused: the library says so with all of it
            slack.people.chatter("T1", "C1", "U1", "카나리아 잡담", subtype="bot_message")
            slack.people.dm("T1", "U1", "카나리아 둘")
            await slack.until(lambda: len(inbox.kept) == 2, 20)
            await slack.deliveries.settle()
    said = [record.getMessage() + str(record.exc_text or "") for record in everything_logged.records]
    said.append(everything_logged.text)
    for secret in (*SECRETS, "카나리아"):
        assert not [line for line in said if secret in line], secret
    assert any("slack" in record.name for record in everything_logged.records)
