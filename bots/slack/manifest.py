"""The Slack app's manifest: docs.slack.dev/reference/app-manifest. Imports nothing of Slack's library."""

from typing import Any

from bots.texts.slack import ASSISTANT, COMMAND, COMMAND_HINT, DESCRIPTION, HOME_TITLE

COMMANDS = ("/gongsi", "/ask")
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "assistant_thread_started",
    "message.im",
    "tokens_revoked",
)
# What each is for; tests/integration/test_slack_manifest.py holds that none is missing and none is idle.
SCOPES = (
    "app_mentions:read",  # the event app_mention
    "assistant:write",  # the pane: its events, status and suggested prompts
    "channels:history",  # look-up of a posting whose answer was lost, in public channels
    "chat:write",
    "commands",
    "files:write",  # /export
    "groups:history",  # the look-up, in private channels
    "im:history",  # the event message.im, and the look-up
    "im:write",  # conversations.open: answers in person
    "mpim:history",  # the look-up, in group messages
)


def manifest(*, http: str | None = None, redirect: str | None = None) -> dict[str, Any]:
    """`http`: the bot's public https address, for HTTP mode; `redirect`: the address where OAuth ends."""
    request = {"request_url": f"{http.rstrip('/')}/slack/events"} if http else {}
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if redirect:
        oauth["redirect_urls"] = [redirect]
    return {
        "display_information": {"name": HOME_TITLE, "description": DESCRIPTION},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "assistant_view": {"assistant_description": ASSISTANT},
            "bot_user": {"display_name": HOME_TITLE, "always_online": True},
            "slash_commands": [
                {
                    "command": command,
                    "description": COMMAND,
                    "usage_hint": COMMAND_HINT,
                    "should_escape": True,
                    **({"url": request["request_url"]} if request else {}),
                }
                for command in COMMANDS
            ],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": http is None,
            "token_rotation_enabled": False,
        },
    }
