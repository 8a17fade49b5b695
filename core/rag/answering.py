"""Ask, and get the answer as it is written: one turn of one conversation at a time."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypedDict, Unpack

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph

from core.model import Answer, Level, Question
from core.ports import Turns
from core.profile.profiles import Profiles
from core.rag.remembered import Memory, is_of
from core.rag.turn import Asker, Turn


@dataclass(frozen=True, slots=True)
class Text:
    """A verified piece of the answer, to be shown at once."""

    text: str


@dataclass(frozen=True, slots=True)
class Restart:
    """The writer failed before anything was shown; another writer begins. What is shown stays."""

    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; always the last event. `asked` is what to give as `again` to have it anew."""

    answer: Answer
    question: Question
    timings_ms: dict[str, int]
    asked: Memory


Event = Text | Restart | Done


class More(TypedDict, total=False):
    """What Asker takes of the question itself."""

    again: Memory | None
    shown: Level | None
    offered: bool
    quoted: bool


@dataclass(frozen=True, slots=True)
class Answering:
    graph: CompiledStateGraph[Turn, Asker, Turn, Turn]
    turns: Turns
    profiles: Profiles

    async def ask(
        self,
        text: str,
        *,
        conversation: str,
        today: date,
        person: str | None = None,
        level: Level | None = None,
        at: datetime | None = None,
        event: str | None = None,
        replaces: str | None = None,
        **more: Unpack[More],
    ) -> AsyncIterator[Event]:
        """Events of one turn. Turns of one `conversation` never overlap, over any number of processes.

        `at` is the time of the message (now, if None); for the others see Asker.
        """
        asker = Asker(person, level, today, at or datetime.now(UTC), event, replaces, **more)
        async with self.turns.turn(conversation):
            work: Any = None
            asked: Memory = {}
            stream: AsyncIterator[Any] = self.graph.astream(
                {"text": text},
                {"configurable": {"thread_id": conversation}},
                context=asker,
                stream_mode=["custom", "updates"],
                durability="exit",  # 60 → 10 checkpoint rows for ten turns (notes/storage.md §3)
            )
            async for mode, chunk in stream:
                if mode == "updates":
                    for update in chunk.values():
                        work = update.get("work", work)
                        asked = update.get("previous") or asked
                elif chunk["type"] == "text":
                    yield Text(chunk["text"])
                else:
                    yield Restart(chunk["reason"])
            yield Done(work.answer, work.question, work.timings_ms, asked)

    async def forget(self, conversation: str) -> None:
        """Delete what a conversation left behind."""
        async with self.turns.turn(conversation):
            await self._saver.adelete_thread(conversation)

    async def forget_persons(self, conversation: str, persons: Sequence[str]) -> None:
        """Delete what these left behind in a conversation of many; what another asked last is kept."""
        config: RunnableConfig = {"configurable": {"thread_id": conversation}}
        async with self.turns.turn(conversation):
            memory = (await self.graph.aget_state(config)).values
            await self._saver.adelete_thread(conversation)
            previous = memory.get("previous")
            if previous and not is_of(previous, persons):
                before = memory.get("before")
                kept: Turn = {
                    "event": memory.get("event"),
                    "previous": previous,
                    "before": None if is_of(before, persons) else before,
                }
                await self.graph.aupdate_state(config, kept, as_node="remember")

    async def prune(self, conversation: str) -> None:
        """Delete checkpoints that no turn will read again."""
        async with self.turns.turn(conversation):
            await self._saver.aprune([conversation])

    @property
    def _saver(self) -> BaseCheckpointSaver[Any]:
        saver = self.graph.checkpointer
        assert isinstance(saver, BaseCheckpointSaver)  # noqa: S101  # core.wiring compiles it so
        return saver
