"""/admin: what is going on, and who may ask how much."""

import re

from bots import texts
from bots.message import Reply, says
from bots.talk.parts import Order, Parts
from core.errors import InputError

_PERSON = re.compile(r"telegram:\d{1,20}|slack:[A-Z0-9]{1,20}/[A-Z0-9]{1,20}|cli:\S{1,60}")
_BASIC = ("기본", "default")
_MOST = 1_000_000


async def admin(parts: Parts, order: Order) -> Reply:
    """Raises InputError for what it does not understand."""
    words = order.text.split()
    match words:
        case [] | ["status" | "현황"]:
            day = await parts.usage.today(order.incoming.at)
            return says(
                texts.admin_status(
                    day.questions,
                    day.persons,
                    day.turned_away,
                    day.good,
                    day.bad,
                    await parts.usage.blocked(),
                    await parts.jobs.oldest(),
                )
            )
        case ["block" | "차단", person]:
            await parts.usage.block(_person(person), blocked=True)
            return says(texts.blocked(person))
        case ["unblock" | "해제", person]:
            await parts.usage.block(_person(person), blocked=False)
            return says(texts.unblocked(person))
        case ["quota" | "횟수", person, number]:
            questions = None if number in _BASIC else _number(number)
            await parts.usage.fix(_person(person), questions)
            return says(texts.quota_fixed(person, questions))
    raise InputError(texts.ADMIN_HELP)


def _person(text: str) -> str:
    if not _PERSON.fullmatch(text):
        raise InputError(texts.ADMIN_HELP)
    return text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST))):
        raise InputError(texts.ADMIN_HELP)
    return int(text)
