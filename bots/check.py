"""The state of one part, as `gongsi doctor` and /readyz tell it."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "off", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """`said`: what was found; `remedy`: what to do, where there is something to do."""

    name: str
    state: State
    said: str
    remedy: str = ""
