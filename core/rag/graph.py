"""profile → understand → route → retrieve → generate → verify, as a LangGraph.

Only the memory of one question outlives a turn (it carries follow-ups), and that before it, so that an event
handled twice begins both times with the same. Texts, evidence and drafts are untracked: checkpoints hold no
document text and `/forget` has one small thing to delete.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.store.base import BaseStore
from langgraph.types import Checkpointer

from core.model import Answer, AnswerFigure, Company, Filing, Level, Question, Term
from core.profile.asks_depth import only_asks_depth, shifted
from core.profile.profile import Profile
from core.rag.amendment import amendment_of
from core.rag.generate import write_brief
from core.rag.language.companies import find_companies
from core.rag.language.sayings import plain
from core.rag.language.spoken import occurs
from core.rag.language.wording import cell_lines
from core.rag.question.asked import units_asked
from core.rag.question.entities import Names, Whose
from core.rag.question.words import numbered
from core.rag.refusal import refuse
from core.rag.remembered import addresses, recall, remember
from core.rag.retrieve import Found
from core.rag.suggest import Told, suggest
from core.rag.turn import Asker, Deps, Turn, Work, begin
from core.rag.understand import understand
from core.rag.writing import Writing

_REFUSED = ("advice", "prediction", "private", "off_topic", "ambiguous")


def build_graph(
    deps: Deps, checkpointer: Checkpointer, store: BaseStore
) -> CompiledStateGraph[Turn, Asker, Turn, Turn]:
    nodes = _Nodes(deps)
    graph = StateGraph(Turn, context_schema=Asker)
    graph.add_node("profile", nodes.profile)
    graph.add_node("understand", nodes.understand)
    graph.add_node("retrieve", nodes.retrieve)
    graph.add_node("refuse", nodes.refuse)
    graph.add_node("generate", nodes.generate)
    graph.add_node("verify", nodes.verify)
    graph.add_edge(START, "profile")
    graph.add_edge("profile", "understand")
    graph.add_conditional_edges("understand", nodes.route)
    graph.add_conditional_edges("retrieve", nodes.enough)
    graph.add_edge("generate", "verify")
    graph.add_node("remember", nodes.remember)
    graph.add_edge("verify", "remember")
    graph.add_edge("refuse", "remember")
    graph.add_edge("remember", END)
    return graph.compile(checkpointer=checkpointer, store=store)


@dataclass(frozen=True, slots=True)
class _Nodes:
    deps: Deps

    async def profile(self, state: Turn, runtime: Runtime[Asker]) -> Turn:
        """The level to answer at: fixed for this turn, inferred from what was written, or neutral."""
        asker, profiles = runtime.context, self.deps.profiles
        known = await profiles.get(asker.person) if asker.person else Profile()
        profile = profiles.read(known, state["text"], asker.at) if asker.own_words else known
        fixed = asker.override is not None
        level = asker.override or shifted(asker.shown or profile.level, state["text"])
        work = Work(level, "override" if fixed else profile.source, known, profile)
        return {"work": work, **begin(state, asker)}

    async def remember(self, state: Turn, runtime: Runtime[Asker]) -> Turn:
        """Keep the profile once the answer is made: a turn that failed and comes again counts once."""
        asker, work = runtime.context, state["work"]
        if asker.person and asker.own_words:
            await self.deps.profiles.note(asker.person, state["text"], asker.at, (work.known, work.profile))
        return {"work": work}

    async def understand(self, state: Turn, runtime: Runtime[Asker]) -> Turn:
        work, asker = state["work"], runtime.context
        companies = await self.deps.corpus.companies()
        memory = asker.again or (None if asker.offered else state.get("previous"))
        previous = recall(memory, companies)
        if previous and (
            asker.again or only_asks_depth(state["text"])
        ):  # the same question, at another depth
            asked = tuple(self.deps.tokenizer.terms(previous.text))
            work.question = replace(previous, terms=asked)
            return {"work": work, "previous": memory}
        text = await plain(state["text"], companies, self.deps.corpus, self.deps.glossary.names)
        terms = tuple(self.deps.tokenizer.terms(text))
        whose = await self._whose(text, companies, previous)
        named = (whose.companies, whose.ambiguous)
        codes = [company.corp_code for company in named[0] or (previous.companies if previous else ())]
        question = understand(
            text,
            named=named,
            today=asker.today,
            lay=self.deps.glossary.formal,
            terms=terms,
            filed=await self.deps.corpus.accounts_in(codes, text) if codes else (),
            previous=previous,
        )
        if previous and question.companies and set(question.companies) == set(previous.companies):
            before = (*self.deps.tokenizer.terms(previous.text), *numbered(previous.text))
            question = replace(
                question,
                before=before,
                about=previous.about,
                told=previous.told,
                told_before=previous.told_before,
                text_before=previous.text,
            )
        question = replace(question, entities=whose.entities, strict=whose.strict)
        work.question = question
        return {"work": work, "previous": remember(question, asker.person)}

    async def _whose(self, text: str, companies: Sequence[Company], previous: Question | None) -> Whose:
        """A question that names no company follows the one before, and what that asked of."""
        names = Names(self.deps.corpus, self.deps.tokenizer, self.deps.glossary)
        named = find_companies(text, companies)
        if named[0] or not previous or not previous.companies:
            return await names.whose(text, named, companies)
        if len(previous.companies) > 1 or not previous.entities:
            return Whose([])
        entities = await names.in_filings_of(previous.companies[0], text) or previous.entities
        return Whose([], entities=entities, strict=previous.strict)

    def route(self, state: Turn) -> Literal["retrieve", "generate", "refuse"]:
        question = state["work"].question
        if question.intent in _REFUSED:
            return "refuse"
        # what a word means stands in the glossary: filings that say it tell of something else
        defined = question.intent == "definition" and self.deps.glossary.find(question.text)
        return "generate" if defined else "retrieve"

    async def retrieve(self, state: Turn) -> Turn:
        work, started = state["work"], perf_counter()
        work.found = await self.deps.research.find(work.question, self.deps.retrieval.route(work.level))
        work.timings_ms["retrieve"] = round((perf_counter() - started) * 1000)
        return {"work": work}

    def enough(self, state: Turn) -> Literal["generate", "refuse"]:
        return "generate" if state["work"].found.evidence else "refuse"

    async def refuse(self, state: Turn) -> Turn:
        work = state["work"]
        codes = [company.corp_code for company in work.question.companies]
        filings = await self.deps.corpus.filings(codes) if codes else []
        reason, text = refuse(work.question, filings, work.found.unnamed)
        get_stream_writer()({"type": "text", "text": text})
        work.answer = Answer(
            text,
            work.level,
            work.level_source,
            "extractive",
            refused=True,
            reason=reason,
            suggestions=await self._suggest(work, text, filings),
        )
        return {"work": work}

    async def generate(self, state: Turn, runtime: Runtime[Asker]) -> Turn:
        """Sentences go out as soon as each is whole and bound to what it cites."""
        work, say, started = state["work"], get_stream_writer(), perf_counter()
        figures, evidence = work.found.figures, work.found.evidence
        terms = self._terms(work, work.question.text + " ".join(figure.label for figure in figures))
        work.brief = write_brief(
            work.question,
            work.level,
            self.deps.retrieval.route(work.level),
            evidence,
            figures,
            terms,
            self.deps.prompt_tokens,
        )
        writing = Writing(
            work.brief,
            self.deps.tokenizer.terms,
            lambda text: say({"type": "text", "text": text}),
            runtime.context.today.year,
        )
        work.written = await writing.write(
            self.deps.writers, lambda reason: say({"type": "restart", "reason": reason})
        )
        work.timings_ms["generate"] = round((perf_counter() - started) * 1000)
        return {"work": work}

    async def _suggest(self, work: Work, text: str, filings: Sequence[Filing]) -> Sequence[str]:
        told = Told(work.question, work.found, text, work.level, filings)
        return await suggest(told, self.deps.corpus, self.deps.glossary)

    def _terms(self, work: Work, text: str) -> list[Term]:
        if work.question.intent == "definition":
            return list(self.deps.glossary.find(text))
        return list(self.deps.glossary.above(text, work.level))

    async def verify(self, state: Turn) -> Turn:
        """What the verified sentences leave to be said: cells, words explained, doubts, amendments."""
        work, say = state["work"], get_stream_writer()
        written, figures = work.written, work.found.figures
        notes = []
        if work.level is Level.ADVANCED and figures:
            notes.append("\n".join(["근거 셀", *cell_lines(figures, work.found.evidence)]))
        cited = [citation.filing for citation in written.citations]
        amendment = await amendment_of(cited, self.deps.corpus, work.question.text)
        if work.question.intent != "definition":
            shown = f"{written.text}\n{amendment or ''}"
            unexplained = [t for t in self._terms(work, shown) if t.plain not in written.text]
            if unexplained:
                notes.append("\n".join(["쉬운 풀이", *(f"- {t.name}: {t.plain}" for t in unexplained)]))
        if written.citations and not figures and units_asked(work.question.text):
            # none of the numbers in what is quoted is claimed to be the one asked
            notes.append("※ 물으신 숫자를 따로 찾지 못해 관련된 대목을 옮겼습니다.")
        if written.dropped:
            notes.append("※ 공시에서 확인하지 못한 문장은 뺐습니다.")
        if amendment:
            notes.append(f"※ {amendment}")
        if any(citation.filing.fictional for citation in written.citations):
            notes.append("※ 가상의 예시 회사입니다. 실제 회사나 숫자가 아닙니다.")
        tail = "\n\n".join(notes)
        if tail:
            say({"type": "text", "text": f"\n\n{tail}"})
        work.answer = Answer(
            text="\n\n".join(part for part in (written.text, tail) if part),
            level=work.level,
            level_source=work.level_source,
            backend=written.backend,
            citations=written.citations,
            figures=[*(f for f in figures if f.verified), *_quoted(work.found, written.text)],
            amendment=amendment,
            suggestions=await self._suggest(work, written.text, work.found.filings),
        )
        events = [citation.filing for citation in written.citations if citation.filing.period is None]
        about = events[0].rcept_no if events else None
        kept = {**(state.get("previous") or {}), "about": about}
        if told := addresses([figure for figure in figures if figure.verified]):
            kept |= {"told": told, "told_before": kept.get("told", [])}
        return {"work": work, "previous": kept}


def _quoted(found: Found, text: str) -> list[AnswerFigure]:
    """Figures of quotations that the text does show, beside those that it was written from."""
    told = {(figure.value, figure.unit) for figure in found.figures}
    return [
        one
        for one in found.quoted
        if (one.value, one.unit) not in told and one.source and occurs(one.source.cell, text)
    ]
