"""The manifest asks for what the code uses, no more."""

import ast
import json
import re
from pathlib import Path

import pytest

from bots.commands import slack as command
from bots.slack.manifest import COMMANDS, EVENTS, SCOPES, manifest
from core.errors import InputError
from tests.doubles.slack.web_api import HISTORY, NEEDED

BOTS = Path(__file__).parents[2] / "bots"
OF_EVENTS = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "assistant_thread_started": "assistant:write",
}
INSIDE = {"files.upload.v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}
FREE = {"auth.test", "apps.connections.open", "views.publish", "oauth.v2.access"}


def called() -> set[str]:
    """Web API methods in bots/slack, found by the names of the library's functions."""
    found: set[str] = set()
    for file in (BOTS / "slack").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and re.match(
                r"(auth|apps|chat|conversations|views|assistant|files|users|oauth)_\w+", node.attr
            ):
                method = node.attr.replace("_", ".")
                found.update(INSIDE.get(method, (method,)))
    return found & (
        set(NEEDED)
        | FREE
        | {"conversations.replies", "conversations.history"}
        | set().union(*INSIDE.values())
    )


def test_scopes_are_those_of_methods_events_and_commands() -> None:
    methods = called()
    assert {"chat.postMessage", "chat.startStream", "conversations.replies", "views.publish"} <= methods
    needed = {NEEDED[method] for method in methods if method in NEEDED}
    needed |= set(HISTORY.values())
    needed |= {OF_EVENTS[event] for event in EVENTS if event in OF_EVENTS} | {"commands"}
    assert set(SCOPES) == needed
    assert list(SCOPES) == sorted(SCOPES)


def test_sockets_are_the_default_and_http_names_every_address(capsys: pytest.CaptureFixture[str]) -> None:
    command.manifest()
    made = json.loads(capsys.readouterr().out)
    assert made == manifest()
    assert made["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in json.dumps(made)
    command.manifest(http="https://bot.example/", redirect="https://bot.example/slack/oauth_redirect")
    made = json.loads(capsys.readouterr().out)
    url = "https://bot.example/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert made["settings"]["interactivity"]["request_url"] == url
    assert {one["url"] for one in made["features"]["slash_commands"]} == {url}
    assert made["oauth_config"]["redirect_urls"] == ["https://bot.example/slack/oauth_redirect"]
    assert {one["command"] for one in made["features"]["slash_commands"]} == set(COMMANDS)


@pytest.mark.parametrize("address", ["http://bot.example", "bot.example"])
def test_an_address_without_https_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="https"):
        command.manifest(http=address)


def test_slacks_libraries_are_known_to_its_adapter_alone() -> None:
    folders = (BOTS, BOTS.parent / "core")
    users = {
        str(file.relative_to(BOTS.parent).parent)
        for folder in folders
        for file in folder.rglob("*.py")
        if re.search(r"^\s*(from|import) slack_(sdk|bolt)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert users == {"bots/slack"}
