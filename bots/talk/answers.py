"""A question → the answer's reply, and what the buttons under it do."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from bots import texts
from bots.answer_blocks import answer_blocks, kept_sources, sources_block
from bots.message import Button, Incoming, Reply, says
from bots.talk.parts import Parts, Show
from core.model import Answer, Level
from core.people import Answered
from core.profile.reactions import Reaction, said

if TYPE_CHECKING:
    from core.rag.answering import More

Felt = Literal["good", "bad"]
Depth = Literal["simpler", "deeper"]

_ID = 16  # hex digits of the event's hash: a button carries 64 bytes
_ENDS: dict[Depth, tuple[Level, str]] = {
    "simpler": (Level.BEGINNER, texts.SIMPLEST),
    "deeper": (Level.ADVANCED, texts.DEEPEST),
}
_LABEL = 60  # characters of a suggestion that a button shows


async def ask(parts: Parts, incoming: Incoming, text: str, show: Show) -> Reply:
    return await _answer(parts, incoming, text, show, {"quoted": incoming.quoted})


async def ask_next(parts: Parts, incoming: Incoming, answered: Answered, at: int, show: Show) -> Reply:
    """A suggested question, which stands for itself whatever was asked since."""
    if not 0 <= at < len(answered.next):
        return Reply(toast=texts.OLD_BUTTON)
    return await _answer(parts, incoming, answered.next[at], show, {"offered": True})


async def ask_again(parts: Parts, incoming: Incoming, answered: Answered, depth: Depth, show: Show) -> Reply:
    """The question of that answer once more, a step beside the level it was answered at."""
    await parts.talks.react(incoming.key, incoming.person, answered.id, depth, incoming.at)
    end, told = _ENDS[depth]
    if answered.level is end:
        await _note(parts, incoming, depth, answered.level)
        return Reply(toast=told)
    again: More = {"again": answered.asked, "shown": answered.level}
    reply = await _answer(parts, incoming, said(depth, answered.level), show, again)
    return Reply(blocks=reply.blocks, buttons=reply.buttons, toast=texts.AGAIN[depth])


async def feel(parts: Parts, incoming: Incoming, answered: Answered, felt: Felt) -> Reply:
    """What somebody thinks of an answer tells of their level, once."""
    if await parts.talks.react(incoming.key, incoming.person, answered.id, felt, incoming.at):
        await _note(parts, incoming, felt, answered.level)
    return Reply(toast=texts.THANKS[felt])


async def sources(parts: Parts, incoming: Incoming) -> Reply:
    last = await parts.talks.last_answered(incoming.place.lane)
    if last is None or not last.sources:
        return says(texts.NO_SOURCES)
    return Reply(blocks=[sources_block(last.sources, parts.access.link_hosts, quotes=True)])


async def _note(parts: Parts, incoming: Incoming, reaction: Reaction, level: Level) -> None:
    await parts.answering.profiles.note(incoming.person, said(reaction, level), incoming.at)


async def _answer(parts: Parts, incoming: Incoming, text: str, show: Show, more: "More") -> Reply:
    from core.rag.answering import Done, Text

    done: Done | None = None
    shown = ""
    async for event in parts.answering.ask(
        text,
        conversation=incoming.place.lane,
        today=parts.day(incoming),
        person=incoming.person,
        level=parts.level,
        at=incoming.at,
        event=incoming.key,
        replaces=incoming.replaces,
        **more,
    ):
        match event:
            case Text(piece):
                shown += piece
                await show(shown)
            case Done():
                done = event
    assert done is not None  # noqa: S101  # Answering promises it
    answer, id = done.answer, answer_id(incoming.key)
    await parts.talks.keep(
        Answered(
            id,
            incoming.place.lane,
            incoming.place.room,
            incoming.person,
            done.asked,
            answer.level,
            answer.suggestions,
            kept_sources(answer),
            incoming.at,
        )
    )
    return Reply(blocks=answer_blocks(answer, parts.access.link_hosts), buttons=buttons(id, answer))


def answer_id(event: str) -> str:
    return hashlib.sha256(event.encode()).hexdigest()[:_ID]


def buttons(id: str, answer: Answer) -> Sequence[Sequence[Button]]:
    """What one may think of it, and what one may ask next; a refusal has no depth."""
    row = [Button(texts.GOOD, f"good:{id}"), Button(texts.BAD, f"bad:{id}")]
    if not answer.refused:
        row += [Button(texts.SIMPLER, f"simpler:{id}"), Button(texts.DEEPER, f"deeper:{id}")]
    return [row, *([Button(one[:_LABEL], f"next:{id}:{at}")] for at, one in enumerate(answer.suggestions))]
