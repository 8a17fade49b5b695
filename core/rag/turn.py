"""What one turn of a conversation works with: who asks, what is at hand, and what its steps hand on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, TypedDict

from langgraph.channels import UntrackedValue

from core.model import Answer, Brief, Level, Question
from core.ports import Corpus, LanguageModel, Tokenizer
from core.profile.glossary import Glossary
from core.profile.profile import Profile
from core.profile.profiles import Profiles
from core.rag.remembered import Memory
from core.rag.retrieve import Found, Research
from core.rag.writing import Written
from core.settings import Retrieval


@dataclass(frozen=True, slots=True)
class Deps:
    """The graph's collaborators. `writers` are tried in order; the last one must not fail.

    `prompt_tokens` is what a writer's model can read beside what it writes.
    """

    corpus: Corpus
    tokenizer: Tokenizer
    research: Research
    writers: Sequence[LanguageModel]
    glossary: Glossary
    retrieval: Retrieval
    prompt_tokens: int
    profiles: Profiles


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what they fixed for this turn. `person` None leaves no profile behind.

    `event` names the message, at whose time `at` it counts: handled again it has the same effects as once.
    `replaces` is the event that this one is the edited text of. `again` is the question of an earlier turn,
    to be answered anew a step beside `shown`, the level it was answered at. `offered`: the text is one of
    our suggestions: it stands for itself whatever was asked before, and tells nothing of who chose it.
    `quoted`: the text is somebody else's and tells nothing of who forwarded it.
    """

    person: str | None
    override: Level | None
    today: date
    at: datetime
    event: str | None = None
    replaces: str | None = None
    again: Memory | None = None
    shown: Level | None = None
    offered: bool = False
    quoted: bool = False

    @property
    def own_words(self) -> bool:
        return not (self.offered or self.quoted)


@dataclass(slots=True)
class Work:
    """What the nodes of one turn hand on; never stored."""

    level: Level = Level.INTERMEDIATE
    level_source: str = "default"
    known: Profile = field(default_factory=Profile)
    profile: Profile = field(default_factory=Profile)
    question: Question = field(default_factory=lambda: Question(""))
    found: Found = field(default_factory=lambda: Found((), ()))
    brief: Brief | None = None
    written: Written = field(default_factory=lambda: Written("", (), "", 0))
    timings_ms: dict[str, int] = field(default_factory=dict)
    answer: Answer | None = None


class Turn(TypedDict, total=False):
    text: Annotated[str, UntrackedValue]
    event: str | None
    before: Memory | None
    previous: Memory | None
    work: Annotated[Work, UntrackedValue]


def begin(state: Turn, asker: Asker) -> Turn:
    """An event that was handled before begins with the memory before it, whatever it left the first time."""
    if asker.event is not None and state.get("event") in (asker.event, asker.replaces):
        return {"event": asker.event, "previous": state.get("before")}
    return {"event": asker.event, "before": state.get("previous")}
