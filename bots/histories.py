"""Chat histories as JSONL: `user`, `messages` of `at` and `text`, and for scorecards the gold levels."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bots.jsonl import rows
from core.errors import InputError
from core.model import Level
from core.profile.estimate import Belief
from core.profile.profile import Profile
from core.profile.signals import Reader

_LEVELS = [level.value for level in Level]


def read_histories(path: Path, *, labelled: bool = False) -> list[dict[str, Any]]:
    """Raises InputError naming the line that is wrong; `labelled` asks for `level` of user and messages."""
    return [_history(row, where, labelled=labelled) for where, row in rows(path)]


def _history(row: dict[str, Any], where: str, *, labelled: bool) -> dict[str, Any]:
    messages = row.get("messages")
    if not isinstance(row.get("user"), str | int) or not isinstance(messages, list) or not messages:
        raise InputError(f"{where}에 user와 messages가 있어야 합니다.")
    for number, message in enumerate(messages, 1):
        if not isinstance(message, dict) or not isinstance(message.get("text"), str):
            raise InputError(f"{where}의 {number}번째 메시지에 text가 있어야 합니다.")
        if _time(message.get("at")) is None:
            raise InputError(f"{where}의 {number}번째 메시지의 at이 2026-03-02T09:12:00+09:00 꼴이 아닙니다.")
        if labelled and message.get("level") not in _LEVELS:
            raise InputError(
                f"{where}의 {number}번째 메시지에 level(beginner, intermediate, advanced)이 있어야 합니다."
            )
    if labelled and row.get("level") not in _LEVELS:
        raise InputError(f"{where}에 level(beginner, intermediate, advanced)이 있어야 합니다.")
    return row


def _time(text: Any) -> datetime | None:
    """A time without a zone is taken as UTC: only the gaps matter."""
    try:
        at = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def replayed(row: dict[str, Any], reader: Reader) -> Iterator[tuple[Profile, Belief]]:
    """The profile and the belief after each message."""
    profile = Profile()
    for message in row["messages"]:
        at = _time(message["at"])
        assert at is not None  # noqa: S101  # _history made sure
        profile = profile.after(message["text"], at, reader)
        yield profile, profile.belief()


def told(row: dict[str, Any], steps: Iterable[tuple[Profile, Belief]]) -> dict[str, Any]:
    """What `profile replay` prints of a history (DESIGN.md, Commands)."""
    made = list(steps)
    profile, belief = made[-1]
    return {
        "user": row["user"],
        "level": belief.level,
        "confidence": round(belief.confidence, 3),
        "levels": [one.level for _, one in made],
        **_why(profile),
    }


def profile_json(user: str, profile: Profile) -> dict[str, Any]:
    belief = profile.belief()
    return {
        "user": user,
        "level": profile.level,
        "level_source": profile.source,
        "confidence": round(belief.confidence, 3),
        "messages": profile.estimate.messages,
        **_why(profile),
    }


def _why(profile: Profile) -> dict[str, Any]:
    topics = profile.topics()
    shown = [one for topic, told in topics.items() for one in profile.why(topic, told.level)]
    return {
        "topics": {topic: told.level for topic, told in topics.items()},
        "topic_confidence": {topic: round(told.confidence, 3) for topic, told in topics.items()},
        "evidence": [
            {
                "topic": one.topic or None,  # a message that named none
                "quote": one.quote,
                "says": one.says,
                "direction": one.direction,
                "at": one.at,
                "weight": round(one.weight, 3),
            }
            for one in shown or profile.why("", profile.level)
        ],
    }
