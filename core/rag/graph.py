"""profile → understand → route → retrieve → generate → verify, as a LangGraph.

Only `previous` outlives a turn (it carries follow-ups); evidence and drafts are untracked, so that
checkpoints hold no document text and `/forget` has one small thing to delete.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from time import perf_counter
from typing import Annotated, Any, Literal, TypedDict

from langgraph.channels import UntrackedValue
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.store.base import BaseStore
from langgraph.types import Checkpointer

from core.errors import ModelError
from core.model import (
    Answer,
    AnswerFigure,
    Brief,
    Company,
    Evidence,
    Filing,
    Hit,
    Level,
    Question,
    Scope,
)
from core.ports import Corpus, LanguageModel, Retriever, Tokenizer
from core.profile.estimate import Estimate, observe
from core.profile.glossary import Glossary
from core.rag.amendment import amendment_of
from core.rag.asked import asks_when, weigh
from core.rag.cells import cell_figures, event_figures
from core.rag.companies import find_companies
from core.rag.evidence import Asked, gather, section_texts
from core.rag.figures import choose
from core.rag.generate import write_brief
from core.rag.ranking import ranking
from core.rag.ratios import ratio, ratios_asked
from core.rag.refusal import refuse
from core.rag.understand import account_groups, bases_asked, reason_words, understand
from core.rag.verify import supported, verify
from core.settings import Retrieval

_FIGURE_LIMIT = 400
_COVERED = 0.75  # of a question's weight, when it names no company
_FILINGS_READ = 3
_REFUSED = ("advice", "prediction", "private", "off_topic", "ambiguous")


@dataclass(frozen=True, slots=True)
class Deps:
    """The graph's collaborators. `writers` are tried in order; the last one must not fail."""

    corpus: Corpus
    retriever: Retriever
    tokenizer: Tokenizer
    writers: Sequence[LanguageModel]
    glossary: Glossary
    retrieval: Retrieval


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what they fixed for this turn. `person` None leaves no profile behind."""

    person: str | None
    override: Level | None
    today: date


@dataclass(slots=True)
class Work:
    """What the nodes of one turn hand on; never stored."""

    level: Level = Level.INTERMEDIATE
    level_source: str = "default"
    question: Question = field(default_factory=lambda: Question(""))
    filings: dict[str, Filing] = field(default_factory=dict)
    figures: list[AnswerFigure] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    brief: Brief | None = None
    draft: str = ""
    backend: str = ""
    timings_ms: dict[str, int] = field(default_factory=dict)
    answer: Answer | None = None


class Turn(TypedDict, total=False):
    text: str
    previous: dict[str, Any] | None
    work: Annotated[Work, UntrackedValue]


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
    graph.add_edge("verify", END)
    graph.add_edge("refuse", END)
    return graph.compile(checkpointer=checkpointer, store=store)


@dataclass(frozen=True, slots=True)
class _Nodes:
    deps: Deps

    async def profile(self, state: Turn, runtime: Runtime[Asker]) -> Turn:
        """The level to answer at: fixed for this turn, inferred from what was written, or neutral."""
        asker, work = runtime.context, Work()
        if asker.person and runtime.store:
            space = ("profile", asker.person)
            kept = await runtime.store.aget(space, "estimate")
            estimate = Estimate.from_json(kept.value if kept else {})
            estimate = observe(estimate, state["text"], self.deps.glossary)
            await runtime.store.aput(space, "estimate", estimate.to_json(), index=False)
            work.level, work.level_source = estimate.level, estimate.source
        else:
            estimate = observe(Estimate(), state["text"], self.deps.glossary)
            work.level, work.level_source = estimate.level, estimate.source
        if asker.override:
            work.level, work.level_source = asker.override, "override"
        return {"work": work}

    async def understand(self, state: Turn, runtime: Runtime[Asker]) -> Turn:
        work = state["work"]
        companies = await self.deps.corpus.companies()
        previous = _recall(state.get("previous"), companies)
        terms = tuple(self.deps.tokenizer.terms(state["text"]))
        named, _ = find_companies(state["text"], companies)
        codes = [company.corp_code for company in named or (previous.companies if previous else ())]
        question = understand(
            state["text"],
            companies=companies,
            today=runtime.context.today,
            lay=self.deps.glossary.formal,
            terms=terms,
            filed=await self.deps.corpus.accounts_in(codes, state["text"]) if codes else (),
            previous=previous,
        )
        if previous and question.companies and set(question.companies) == set(previous.companies):
            question = replace(question, before=tuple(self.deps.tokenizer.terms(previous.text)))
        work.question = question
        return {"work": work, "previous": _remember(question)}

    def route(self, state: Turn) -> Literal["retrieve", "refuse"]:
        question = state["work"].question
        return "refuse" if question.intent in _REFUSED else "retrieve"

    async def retrieve(self, state: Turn) -> Turn:
        """Figures first; passages for what figures cannot say."""
        work, deps, started = state["work"], self.deps, perf_counter()
        question, route = work.question, self.deps.retrieval.route(work.level)
        corp_codes = [company.corp_code for company in question.companies]
        work.filings = {f.rcept_no: f for f in await deps.corpus.filings(corp_codes)}
        formal = [*question.accounts[:2], *deps.glossary.formal(question.text)]
        if question.intent == "amendment":
            formal.append("정정사유")
        query = " ".join([question.text, *formal, *reason_words(question.text)])
        hits = await deps.retriever.search(
            query, top_k=deps.retrieval.advanced.top_k, scope=Scope(corp_codes=corp_codes)
        )
        question = replace(question, terms=(*question.terms, *deps.tokenizer.terms(" ".join(formal))))
        weights = weigh(question, await deps.retriever.weights([*question.terms, *question.before]))
        work.filings.update((hit.filing.rcept_no, hit.filing) for hit in hits)
        focus = list(dict.fromkeys(hit.filing.rcept_no for hit in hits))
        if corp_codes and question.accounts:
            groups = account_groups(question.accounts)
            names = [name for group in groups for name in group]
            found = await deps.corpus.figures(corp_codes, names, limit=_FIGURE_LIMIT)
            for basis in bases_asked(question):
                asked = replace(question, basis=basis)
                work.figures += ranking(asked, groups, found, work.filings) or choose(
                    asked, groups, found, work.filings, focus, weights
                )
            if not work.figures:
                work.figures = await self._ratios(question, work, focus)
        if not corp_codes:
            hits = await self._about(question, weights, hits)
        work.figures += await self._figures_by_words(question, weights, hits, work)
        work.figures = [figure for figure in work.figures if figure.verified]
        if question.intent == "figure" and question.accounts and not work.figures and corp_codes:
            periodic = [hit for hit in hits if hit.filing.period]
            hits = [hit for hit in hits if hit not in periodic]  # a number of another period is no answer
        keys = [
            (cell.rcept_no, cell.section)
            for figure in work.figures
            for cell in ([figure.source] if figure.source else figure.operands)
        ]
        sections = section_texts(await deps.corpus.sections(list(dict.fromkeys(keys))))
        work.evidence = gather(
            work.figures,
            hits,
            sections,
            work.filings,
            Asked(weights, reason_words(question.text), asks_when(question.text)),
            route.top_k,
            route.context_chars,
        )
        work.timings_ms["retrieve"] = round((perf_counter() - started) * 1000)
        return {"work": work}

    async def _about(
        self, question: Question, weights: Mapping[str, float], hits: Sequence[Hit]
    ) -> list[Hit]:
        """Without a company only filings that say nearly all that was asked: else another company answers.

        A company that is not here is the rarest word of all, so that nothing covers a question about it.
        An account of no company is asked of those alone that event filings tell of.
        """
        whole = sum(weights.values())
        kept: list[Hit] = []
        for rcept_no in list(dict.fromkeys(hit.filing.rcept_no for hit in hits))[:_FILINGS_READ]:
            own = [hit for hit in hits if hit.filing.rcept_no == rcept_no]
            if own[0].filing.period is None:
                text = " ".join(chunk.indexed for chunk in await self.deps.corpus.chunks_of(rcept_no)).lower()
            elif question.accounts:
                continue
            else:
                text = " ".join(hit.chunk.indexed for hit in own).lower()
            if whole and sum(w for form, w in weights.items() if form in text) >= _COVERED * whole:
                kept += own
        return kept

    async def _ratios(self, question: Question, work: Work, focus: Sequence[str]) -> list[AnswerFigure]:
        """부채비율 and the like where no filing states them: computed from the two accounts they are made of."""
        found: list[AnswerFigure] = []
        for above, below, name in ratios_asked(question.text):
            codes = [company.corp_code for company in question.companies]
            figures = await self.deps.corpus.figures(codes, [*above, *below], limit=_FIGURE_LIMIT)
            found += ratio(question, name, (above, below), figures, work.filings, focus)
        return found

    async def _figures_by_words(
        self, question: Question, weights: Mapping[str, float], hits: Sequence[Hit], work: Work
    ) -> list[AnswerFigure]:
        """Of the event filing the question is about, else of the sections it found in reports."""
        if not hits or question.intent not in ("figure", "event", "amendment", "text"):
            return []
        told = next((cell.source.rcept_no for cell in work.figures if cell.source), hits[0].filing.rcept_no)
        if work.filings[told].period is None:
            return event_figures(question, weights, await self.deps.corpus.figures_of(told), work.figures)
        if work.figures or question.accounts or question.intent != "figure":
            return []
        sections = list(dict.fromkeys((hit.filing.rcept_no, hit.section) for hit in hits))
        return cell_figures(question, weights, await self.deps.corpus.figures_in(sections))

    def enough(self, state: Turn) -> Literal["generate", "refuse"]:
        work = state["work"]
        defined = work.question.intent == "definition" and self.deps.glossary.find(work.question.text)
        return "generate" if work.evidence or defined else "refuse"

    async def refuse(self, state: Turn) -> Turn:
        work = state["work"]
        codes = [company.corp_code for company in work.question.companies]
        filings = await self.deps.corpus.filings(codes) if codes else []
        reason, text = refuse(work.question, filings)
        get_stream_writer()({"type": "text", "text": text})
        work.answer = Answer(text, work.level, work.level_source, "extractive", refused=True, reason=reason)
        return {"work": work}

    async def generate(self, state: Turn) -> Turn:
        """Sentences go out as soon as each is whole and supported by what it cites."""
        work, say, started = state["work"], get_stream_writer(), perf_counter()
        terms = self._terms(work)
        route = self.deps.retrieval.route(work.level)
        work.brief = write_brief(work.question, work.level, route, work.evidence, work.figures, terms)
        for writer in self.deps.writers:
            try:
                work.draft = await self._write(writer, work.brief, say)
            except ModelError as error:
                say({"type": "restart", "reason": str(error)})
                continue
            work.backend = writer.name
            break
        work.timings_ms["generate"] = round((perf_counter() - started) * 1000)
        return {"work": work}

    async def _write(self, writer: LanguageModel, brief: Brief, say: Callable[[dict[str, str]], None]) -> str:
        draft, line = "", ""
        async for piece in writer.stream(brief):
            draft += piece
            line += piece
            while "\n" in line:
                whole, line = line.split("\n", 1)
                self._say_line(whole + "\n", brief, say)
        self._say_line(line, brief, say)
        return draft

    def _say_line(self, line: str, brief: Brief, say: Callable[[dict[str, str]], None]) -> None:
        checked = verify(line, brief.evidence, brief.figures).text
        if checked or not line.strip():
            say({"type": "text", "text": checked + ("\n" if line.endswith("\n") else "")})

    def _terms(self, work: Work) -> list[Any]:
        text = work.question.text + " ".join(figure.label for figure in work.figures)
        if work.question.intent == "definition":
            return list(self.deps.glossary.find(text))
        return list(self.deps.glossary.above(text, work.level))

    async def verify(self, state: Turn) -> Turn:
        work, say = state["work"], get_stream_writer()
        checked = verify(work.draft, work.evidence, work.figures)
        notes = []
        terms = work.brief.terms if work.brief else ()
        if terms and work.question.intent != "definition" and work.level is not Level.ADVANCED:
            notes.append("\n".join(["쉬운 풀이", *(f"- {t.name}: {t.plain}" for t in terms[:3])]))
        if checked.dropped:
            notes.append("※ 공시에서 확인하지 못한 문장은 뺐습니다.")
        amendment = await amendment_of([citation.filing for citation in checked.citations], self.deps.corpus)
        if amendment:
            notes.append(f"※ {amendment}")
        if any(citation.filing.fictional for citation in checked.citations):
            notes.append("※ 가상의 예시 회사입니다. 실제 회사나 숫자가 아닙니다.")
        tail = "\n\n".join(notes)
        if tail:
            say({"type": "text", "text": f"\n\n{tail}"})
        text = "\n\n".join(part for part in (checked.text, tail) if part)
        work.answer = Answer(
            text=text,
            level=work.level,
            level_source=work.level_source,
            backend=work.backend,
            citations=checked.citations,
            figures=[f for f in work.figures if supported(f.text, work.evidence, [f]) or f.verified],
            amendment=amendment,
        )
        return {"work": work}


def _remember(question: Question) -> dict[str, Any]:
    return {
        "text": question.text,
        "corp_codes": [company.corp_code for company in question.companies],
        "period": question.period,
        "accounts": list(question.accounts),
        "basis": question.basis,
        "segment": question.segment,
        "intent": question.intent,
    }


def _recall(kept: dict[str, Any] | None, companies: Sequence[Company]) -> Question | None:
    if not kept:
        return None
    return Question(
        text=kept["text"],
        companies=[c for c in companies if c.corp_code in kept["corp_codes"]],
        period=kept["period"],
        accounts=kept["accounts"],
        basis=kept["basis"],
        segment=kept["segment"],
        intent=kept["intent"],
    )
