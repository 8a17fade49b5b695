"""App Home: the level, what is watched, when the digest comes; its buttons say plain commands."""

from typing import Any

from bots.message import Home
from bots.slack.rendering import LABEL, clean
from bots.texts import slack as texts

SHOWN = 30  # of the 100 blocks that a view may have


def home_view(home: Home) -> dict[str, Any]:
    """The view for views.publish."""
    levels = [_button(f"level{n}", label, value) for n, (label, value) in enumerate(texts.HOME_LEVELS)]
    blocks = [
        _header(texts.HOME_TITLE),
        _section(f"{texts.HOME_LEVEL}: {home.level}"),
        {"type": "actions", "elements": levels},
        {"type": "divider"},
        _header(texts.HOME_WATCHED),
    ]
    for n, name in enumerate(home.watched[:SHOWN]):
        unwatch = _button(f"unwatch{n}", texts.HOME_UNWATCH, f"/unwatch {name}")
        blocks.append({**_section(name), "accessory": unwatch})
    if len(home.watched) > SHOWN:
        blocks.append(_section(texts.home_more(len(home.watched) - SHOWN)))
    if not home.watched:
        blocks.append(_section(texts.HOME_NOT_WATCHED))
    blocks += [
        {"type": "divider"},
        _section(f"{texts.HOME_DIGEST}: {home.digest_time or texts.HOME_NO_DIGEST}"),
    ]
    return {"type": "home", "blocks": blocks}


def _header(text: str) -> dict[str, Any]:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def _section(text: str) -> dict[str, Any]:
    """plain_text: a company's name is no markup."""
    return {
        "type": "section",
        "text": {"type": "plain_text", "text": clean(text)[:3000] or " ", "emoji": False},
    }


def _button(action: str, label: str, value: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": label[:LABEL]}
    return {"type": "button", "action_id": action, "text": text, "value": value[:2000]}
