"""OpenDART's tables of one kind of disclosure (DS004, DS005): their names and what their fields are called.

event_tables.json is made from the specification by tools/opendart/make.py.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from core.etl.receipt import bare_report, wrapped_report

HOLDINGS = frozenset(("majorstock", "elestock"))  # DS004: asked by company alone, without days
_KIND = re.compile(r"\((?:일반|약식)\)$")


@dataclass(frozen=True, slots=True)
class EventTable:
    """`labels` are the fields in the order of the form, with their units: `시설자금 (원)`."""

    endpoint: str
    group: str
    name: str
    labels: Mapping[str, str]


@cache
def event_tables() -> Mapping[str, EventTable]:
    """By endpoint (`piicDecsn`)."""
    return {
        endpoint: EventTable(endpoint, one["group"], one["name"], one["labels"])
        for endpoint, one in _specification().items()
    }


def event_of(report_nm: str) -> EventTable | None:
    """The table that holds what a report of this name (list.json) tells; None when there is none."""
    name = wrapped_report(report_nm) or _KIND.sub("", bare_report(report_nm))
    endpoint = _by_report().get(_key(name))
    return event_tables()[endpoint] if endpoint else None


@cache
def _by_report() -> Mapping[str, str]:
    return {_key(one["report"]): endpoint for endpoint, one in _specification().items()}


@cache
def _specification() -> dict[str, dict[str, Any]]:
    made: dict[str, dict[str, Any]] = json.loads(
        (resources.files("core.etl") / "event_tables.json").read_text(encoding="utf-8")
    )
    return made


def _key(name: str) -> str:
    """Without spaces and the several middle dots in use."""
    return re.sub(r"[\sㆍ·・‧⋅]", "", name)
