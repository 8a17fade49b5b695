"""What a level estimate must beat: the commonest level, the last message alone, a count of terms."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.model import Level
from core.profile.glossary import Glossary
from core.profile.profile import Profile
from core.profile.signals import Reader

_AT = datetime.fromtimestamp(0).astimezone()


def majority(rows: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The commonest level of all messages, for every message."""
    level, _ = Counter(message["level"] for row in rows for message in row["messages"]).most_common(1)[0]
    return [[level] * len(row["messages"]) for row in rows]


def last_message(rows: Sequence[dict[str, Any]], reader: Reader) -> list[list[str]]:
    """The same estimator, given each message without what came before."""
    return [[Profile().after(m["text"], _AT, reader).belief().level for m in row["messages"]] for row in rows]


def term_count(rows: Sequence[dict[str, Any]], glossary: Glossary) -> list[list[str]]:
    """The level most of the glossary's terms so far belong to; intermediate before any."""
    told = []
    for row in rows:
        seen: Counter[Level] = Counter()
        levels: list[str] = []
        for message in row["messages"]:
            seen.update(term.level for term in glossary.find(message["text"]))
            levels.append(seen.most_common(1)[0][0] if seen else Level.INTERMEDIATE)
        told.append(levels)
    return told
