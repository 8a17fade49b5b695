"""What the buttons under an answer say of whoever presses them, as messages that a profile is made of."""

from typing import Literal

from core.model import Level

Reaction = Literal["good", "bad", "simpler", "deeper"]


def said(reaction: Reaction, level: Level) -> str:
    """`level` is that of the answer. `good` tells that it suits (cues.toml), `bad` nothing but that what was
    believed may be wrong: it fades like with any message that shows nothing."""
    return {
        "good": f"답이 도움이 됐음({level.korean})",
        "bad": f"답이 아쉬웠음({level.korean})",
        "simpler": "더 쉽게",
        "deeper": "더 자세히",
    }[reaction]
