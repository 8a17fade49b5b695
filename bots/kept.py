"""A reply on its way, as the inbox keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from bots.message import Place, Reply


@dataclass(frozen=True, slots=True)
class Kept:
    """What a job keeps of its reply from when it is made (`Job.result`); the payload of queue `out`.

    What goes through `out` is put into a lane that is not the conversation's, or questions would wait for it.

    `place` is where it goes, `tries` how many attempts did not reach the platform, `instead` that it is
    what is said instead of a reply that was refused.
    """

    reply: Reply
    place: Place
    tries: int = 0
    instead: bool = False

    def to_json(self) -> dict[str, Any]:
        return dict(_KEPT.dump_python(self, mode="json"))

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Kept":
        return _KEPT.validate_python(dict(kept))


_KEPT: TypeAdapter[Kept] = TypeAdapter(Kept)
