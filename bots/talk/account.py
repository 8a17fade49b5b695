"""What a person may know, have and do about themselves: level, accounts, usage, export, oblivion."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from bots import texts
from bots.answer_blocks import text_blocks
from bots.message import Button, Document, Home, Incoming, Place, Reply, says
from bots.talk.parts import Order, Parts
from bots.texts.level import level_named, level_text
from core.errors import InputError

_FREE = ("자동", "auto")
_OWN = 8  # hex digits that tell whose confirmation it is


async def level(parts: Parts, order: Order) -> Reply:
    """Show it with its reasons, fix it, or let it be inferred again."""
    profiles, person = parts.answering.profiles, order.incoming.person
    if not order.text:
        known = level_text(await profiles.get(person), parts.level)
        return Reply(blocks=text_blocks(known, {}))
    fixed = None if order.text.lower() in _FREE else level_named(order.text)
    if fixed is None and order.text.lower() not in _FREE:
        raise InputError(texts.LEVEL_WHICH)
    await profiles.lock(person, fixed)
    return says(texts.level_fixed(fixed) if fixed else texts.LEVEL_FREE)


async def home(parts: Parts, incoming: Incoming) -> Reply:
    profile = await parts.answering.profiles.get(incoming.person)
    watched = await parts.watches.watched(incoming.place)
    digest = await parts.watches.digest_time(incoming.place)
    return Reply(home=Home(profile.level.korean, watched, digest))


async def usage(parts: Parts, order: Order) -> Reply:
    limit = None if order.incoming.place.platform == "console" else parts.access.daily_questions
    spent = await parts.usage.spent(order.incoming.person, order.incoming.at, limit)
    return says(texts.usage(spent.questions, spent.limit))


async def link(parts: Parts, order: Order) -> Reply:
    profiles, person = parts.answering.profiles, order.incoming.person
    if not order.text:
        return says(texts.link_code(await profiles.link_code(person)))
    await profiles.link(person, order.text)
    return says(texts.LINKED)


async def reset(parts: Parts, order: Order) -> Reply:
    await parts.answering.forget(order.incoming.place.lane)
    return says(texts.RESET)


async def export(parts: Parts, order: Order) -> Reply:
    """All that is stored of them under any of their names, as one file."""
    names = await parts.answering.profiles.names(order.incoming.person)
    everything: dict[str, Any] = {
        "profile": await parts.answering.profiles.export(order.incoming.person),
        **await parts.usage.export(names),
        **await parts.talks.export(names),
        "watches": {name: await parts.watches.export(name) for name in names},
        "messages": [row for name in names for row in await parts.jobs.export_person(name)],
    }
    text = json.dumps(everything, ensure_ascii=False, indent=2, default=str)
    return Reply(blocks=says(texts.EXPORTED).blocks, document=Document(texts.EXPORT_NAME, text))


async def forget(parts: Parts, order: Order) -> Reply:
    """Asks first: it cannot be undone."""
    own = _own(order.incoming.person)
    yes = Button(texts.FORGET_YES, f"forget:{own}:yes")
    no = Button(texts.FORGET_NO, f"forget:{own}:no")
    return Reply(blocks=says(texts.FORGET_ASK).blocks, buttons=[[yes, no]])


async def confirmed(parts: Parts, incoming: Incoming, own: str, said: str) -> Reply:
    if own != _own(incoming.person):
        return Reply(toast=texts.NOT_YOURS)
    if said != "yes":
        return Reply(toast=texts.KEPT, blocks=says(texts.KEPT).blocks)
    names = await parts.answering.profiles.names(incoming.person)
    await forget_names(parts, names)
    return Reply(blocks=says(texts.FORGOTTEN).blocks, forget_after=names)


async def forget_names(parts: Parts, names: Sequence[str]) -> None:
    """Everything of a person but the job that asks for it, who has these names. Again is the same as once:
    the profile, which knows the names, goes last."""
    talks = await parts.talks.talks(names)
    for talk in talks:
        if talk.private:
            await parts.answering.forget(talk.lane)
        else:
            await parts.answering.forget_persons(talk.lane, names)
    for name in names:
        platform = name.partition(":")[0]
        own = {
            f"{platform}:{talk.chat}"
            for talk in talks
            if talk.private and talk.lane.startswith(f"{platform}:")
        }
        await parts.watches.forget(name)
        await parts.jobs.forget_person(name, sorted(own))
    await parts.usage.forget(names)
    await parts.talks.forget(names)
    for name in names:
        await parts.answering.profiles.forget(name)


async def private_place(parts: Parts, incoming: Incoming) -> Place | None:
    """Where the person talks to the bot alone on this platform, if they ever did."""
    platform = incoming.place.platform
    for talk in await parts.talks.talks([incoming.person]):
        if talk.private and talk.lane.startswith(f"{platform}:"):
            return Place(platform, talk.chat, talk.thread)
    return None


def _own(person: str) -> str:
    return hashlib.sha256(person.encode()).hexdigest()[:_OWN]
