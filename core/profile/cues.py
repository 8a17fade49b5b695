"""The patterns behind the signals, read from cues.toml and misconceptions.toml."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Cue:
    """`direction` is `down`, `mid` or `up`; `needs_terms`: it counts only beside a term used."""

    name: str
    direction: str
    pattern: re.Pattern[str]
    needs_terms: bool


@cache
def load_cues() -> Sequence[Cue]:
    return tuple(
        Cue(name, cue["direction"], re.compile("|".join(cue["patterns"])), cue.get("needs_terms", False))
        for name, cue in read_toml("cues.toml").items()
        if "patterns" in cue
    )


@cache
def load_says() -> dict[str, str]:
    """What each signal says of its writer, in Korean."""
    return {name: cue["says"] for name, cue in read_toml("cues.toml").items()}


@cache
def load_directions() -> dict[str, str]:
    return {name: cue["direction"] for name, cue in read_toml("cues.toml").items()}


@cache
def load_fixed() -> dict[str, tuple[float, float]]:
    """Weights of signals that no labelled history has, as weights.toml has those of the others."""
    return {
        name: (cue["weight"][0], cue["weight"][1])
        for name, cue in read_toml("cues.toml").items()
        if "weight" in cue
    }


@cache
def load_morphemes() -> dict[str, str]:
    """Signal by morpheme (`form/TAG`): everyday talk about money, and the Sino-Korean words of the trade."""
    return {
        morpheme: name
        for name, cue in read_toml("cues.toml").items()
        for morpheme in cue.get("morphemes", ())
    }


@cache
def load_misconceptions() -> Sequence[re.Pattern[str]]:
    rows = read_toml("misconceptions.toml")["misconception"]
    return tuple(re.compile(row["claim"], re.IGNORECASE) for row in rows)


def words(name: str) -> re.Pattern[str]:
    """A list of registers.toml as one pattern."""
    return re.compile("|".join(read_toml("registers.toml")[name]))


def read_toml(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("core.profile") / name).read_text(encoding="utf-8"))
