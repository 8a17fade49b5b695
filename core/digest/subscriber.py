"""Who is told, where and when: plain values between the store and what talks to people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

MARKET = "*"  # among `watched`: what is important in the whole market


@dataclass(frozen=True, slots=True)
class Address:
    """A place where people talk, as bots.message.Place without what that can do."""

    platform: str
    chat: str
    thread: str | None
    private: bool


@dataclass(frozen=True, slots=True)
class Subscriber:
    """`person` set it last; None when that person was forgotten. `at` is a time of Seoul, None the usual one.

    `empty`: told also when there is nothing. `instant`: names of kinds told as they come.
    `watched`: corp_codes, MARKET among them. `since`: what was received before is not told.
    """

    id: int
    address: Address
    person: str | None
    at: time | None = None
    active: bool = True
    empty: bool = False
    instant: Sequence[str] = ()
    watched: Sequence[str] = ()
    since: date | None = None

    @property
    def whole_market(self) -> bool:
        return MARKET in self.watched
