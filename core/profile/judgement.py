"""What a language model makes of somebody's messages: evidence beside the signals, where it is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.model import Level


@dataclass(frozen=True, slots=True)
class Judgement:
    """`quote` are words of the messages that the model gave as its reason."""

    level: Level
    quote: str


class LevelJudge(Protocol):
    async def judge(self, messages: Sequence[str]) -> Judgement | None:
        """Of a person's own words, the newest last. None when there is none to be had; never raises."""
        ...
