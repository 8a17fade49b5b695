"""Ask, and get the answer as it is written: one turn of one conversation at a time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from langgraph.graph.state import CompiledStateGraph

from core.model import Answer, Level, Question
from core.ports import Turns
from core.profile.profiles import Profiles
from core.rag.graph import Asker, Turn


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
    """The whole answer; always the last event."""

    answer: Answer
    question: Question
    timings_ms: dict[str, int]


Event = Text | Restart | Done


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
    ) -> AsyncIterator[Event]:
        """Events of one turn. Turns of one `conversation` never overlap, over any number of processes."""
        async with self.turns.turn(conversation):
            work: Any = None
            stream: AsyncIterator[Any] = self.graph.astream(
                {"text": text},
                {"configurable": {"thread_id": conversation}},
                context=Asker(person, level, today),
                stream_mode=["custom", "updates"],
                durability="exit",  # 60 → 10 checkpoint rows for ten turns (notes/storage.md §3)
            )
            async for mode, chunk in stream:
                if mode == "updates":
                    for update in chunk.values():
                        work = update.get("work", work)
                elif chunk["type"] == "text":
                    yield Text(chunk["text"])
                else:
                    yield Restart(chunk["reason"])
            yield Done(work.answer, work.question, work.timings_ms)

    async def forget(self, conversation: str) -> None:
        """Delete what a conversation left behind."""
        async with self.turns.turn(conversation):
            saver = self.graph.checkpointer
            if saver and not isinstance(saver, bool):
                await saver.adelete_thread(conversation)
