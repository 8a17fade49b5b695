"""What people ask of an event, and under which labels its form says so (roles.toml)."""

import re
import tomllib
from functools import cache
from importlib import resources


@cache
def _roles() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    file = resources.files("core.rag.question") / "roles.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))["role"]
    return tuple((re.compile("|".join(role["asks"])), tuple(role["labels"])) for role in table)


def labels_asked(text: str) -> list[str]:
    """Labels under which a form says what is asked, as forms write them."""
    return list(dict.fromkeys(label for asks, labels in _roles() if asks.search(text) for label in labels))
