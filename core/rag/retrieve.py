"""An understood question → figures and numbered sources: figures first, passages for what they cannot say."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from operator import attrgetter

from core.korean import squeeze
from core.model import AnswerFigure, Evidence, Figure, Filing, Hit, Question, Scope
from core.ports import Corpus, Retriever, Tokenizer
from core.profile.glossary import Glossary
from core.rag.about import about
from core.rag.accounts import account_groups
from core.rag.among import SUPERLATIVE, among, beside
from core.rag.asked import asks_when, telling, units_asked, weigh
from core.rag.background import foreground
from core.rag.belonging import (
    asks_statement,
    astray,
    figures_of_entities,
    of_entities,
    of_whom,
    say_all,
    telling_of,
)
from core.rag.beyond import asks_which, beyond
from core.rag.cells import event_figures, nearest
from core.rag.days import days_asked
from core.rag.events import event_text, event_title, foremost, in_version, whole
from core.rag.evidence import Asked, gather, section_texts
from core.rag.expansion import formal_words
from core.rag.figures import choose
from core.rag.following import Following
from core.rag.intent import asks_bound, asks_business, purpose_words, reason_words, speaks_of_event
from core.rag.lookup import look_up, reports_of
from core.rag.prose import asks_for, named_in, prose_figures
from core.rag.quoted import quoted_figures
from core.rag.ranking import ranking
from core.rag.ratios import ratio, ratios_asked, times
from core.rag.refusal import lacks_number
from core.rag.roles import labels_asked
from core.rag.settle import settle
from core.rag.shown import shown
from core.rag.sought import Sought
from core.rag.toprows import tables_meant, top_rows
from core.rag.understand import bases_asked, spans_asked
from core.rag.working import work_out, work_out_percent
from core.settings import Route

_ANY_NUMBER = re.compile(r"얼마|몇|수량|수치")
_BUSINESS = ("사업의 개요", "주요 제품")  # where a report says what its company does
_PERIOD = attrgetter("period")
_BRACKETS = re.compile(r"\(.*?\)")
_FIGURE_LIMIT = 400  # of a company
_MOST_COMPANIES = 4
_NAME_WEIGHT = 4.5  # of a word that may be a name, in the search for cells
_BY_WORDS = ("figure", "event", "amendment", "text")


@dataclass(frozen=True, slots=True)
class Found:
    """Only figures whose cells, read again, gave the same values; `quoted` are those the evidence's
    statements say. `near` are all figures of the accounts asked, `filings` those of the companies."""

    figures: Sequence[AnswerFigure]
    evidence: Sequence[Evidence]
    quoted: Sequence[AnswerFigure] = ()
    near: Sequence[Figure] = ()
    filings: Sequence[Filing] = ()


@dataclass(frozen=True, slots=True)
class Research:
    """`depth` passages are searched at every level, so that all levels answer from the same sources."""

    corpus: Corpus
    retriever: Retriever
    tokenizer: Tokenizer
    glossary: Glossary
    depth: int

    async def find(self, question: Question, route: Route) -> Found:
        codes = [company.corp_code for company in question.companies]
        formal = formal_words(question.text, question.accounts, self.glossary)
        if question.intent == "amendment":
            formal.append("정정사유")
        if asks_business(question.text):
            formal += _BUSINESS
        labels = labels_asked(question.text)
        hits, listed = await asyncio.gather(self._search(question, formal, codes), self.corpus.filings(codes))
        found = squeeze(" ".join(hit.chunk.indexed for hit in hits))
        question = foreground(question, found, self.tokenizer.terms)
        spoken, own = question, frozenset(telling(question.terms, question))
        said = _BRACKETS.sub("", " ".join(formal))  # 손실 of 영업이익(손실) is not what was asked
        question = replace(question, terms=(*question.terms, *self.tokenizer.terms(said)))
        weights = weigh(question, await self.retriever.weights([*question.terms, *question.before]))
        filings = {filing.rcept_no: filing for filing in listed}
        filings.update((hit.filing.rcept_no, hit.filing) for hit in hits)
        hits = await foremost(question, weights, hits, self.corpus)
        hits = await whole(question, hits, filings, self.corpus)
        lay = {word: term.name for _, word, term in self.glossary.lay_words(question.text)}
        sought = Sought(spoken, weights, lay)
        following = await Following.of(sought, self.corpus, filings)
        followed = following.figures()
        figures, near, ranked = list(followed), list[Figure](), False
        if question.entities and not followed:
            figures = await figures_of_entities(question, filings, hits, self.corpus)
            figures = figures if say_all(sought, figures) else []
        settled = bool(figures) or (question.strict and asks_statement(question))
        if codes and question.accounts and not settled:
            figures, near, ranked = await self._accounts(question, weights, filings, hits)
            if several := times(sought, near, filings):
                figures, ranked = several, True
            if question.strict:  # of reports its own cells were read, each held against the name
                figures = [one for one in figures if not any(filings[c.rcept_no].period for c in one.cells)]
        if not codes or question.strict:
            hits = await about(question, weights, hits, self.corpus)
        if settled and not followed:
            hits = []  # of the company's own accounts, or of another year
        elif (
            not (settled or ranked or ratios_asked(question.text)) and codes and question.intent in _BY_WORDS
        ):
            figures = await self._by_labels(sought, filings, figures)
            figures = await work_out_percent(sought, figures, filings, self.corpus)
            figures = figures if not question.strict or say_all(sought, figures) else []
        text, title = event_text(hits), event_title(hits)
        sought = named_in(sought, text)
        if not only_when_or_why(spoken.text) and not settled:
            figures += await self._by_words(question, weights, filings, hits, figures)
        reports = {rcept_no for rcept_no, filing in filings.items() if filing.period}
        if not followed:
            figures = [
                one
                for one in figures
                if following.holds(one)
                and (one.cells[0].rcept_no in reports or asks_for(sought, one, title, text))
            ]
            if events := {one.source.rcept_no for one in figures if one.source} - reports:
                cells = await self.corpus.figures_of(next(iter(events)))
                if len(events) == 1 and not settled:
                    figures = nearest(sought, figures, cells)
            figures = prose_figures(sought, hits, figures, labels)
        asked = Asked(
            weights,
            own,
            (*reason_words(question.text), *purpose_words(question.text)),
            asks_when(question.text),
            days_asked(spoken),
            text=squeeze(question.text),
            labels=labels,
            rows=not (codes and units_asked(question.text)),
        )
        figures = await in_version(question, figures, filings, self.corpus)
        figures += await work_out(question, figures, self.corpus)
        figures = [figure for figure in figures if figure.verified]
        figures = await of_whom(question, figures, filings, self.corpus)
        if asks_bound(question.text) or beyond(spoken.text, figures):
            figures = []
        elif question.intent == "figure" and question.accounts and codes and not figures:
            # A number of another period is no answer: only whole sentences about nearly all that was asked.
            asked = replace(asked, year=(question.period or "")[:4], prose=True)
            if _of_report(question, filings):
                hits = [hit for hit in hits if hit.filing.period]
        evidence = gather(
            figures,
            hits,
            await self._sections(figures, hits if asked.prefer else ()),
            filings,
            asked,
            route.top_k,
            route.context_chars,
        )
        evidence = telling_of(question, evidence)
        lacking = (following.computes and following.told) or lacks_number(evidence, question)
        lacking = lacking or asks_which(spoken.text)
        if codes and not figures and not reason_words(question.text) and lacking:
            evidence = []
        keys = list(dict.fromkeys((one.filing.rcept_no, one.section) for one in evidence if one.core))
        told = squeeze(" ".join(said for one in evidence for said in one.said[: one.core]))
        cells = await self.corpus.figures_in(keys, within=told) if keys else []
        quoted = quoted_figures(evidence, cells, question, figures)
        quoted = [f for f in quoted if f.cells[0].rcept_no in reports or asks_for(sought, f, title, text)]
        return Found(figures, evidence, quoted, near, list(filings.values()))

    async def _search(self, question: Question, formal: Sequence[str], codes: Sequence[str]) -> list[Hit]:
        """Best first; what the turn before was about comes before everything else."""
        query = " ".join([question.text, *formal, *reason_words(question.text)])
        hits = await self.retriever.search(query, top_k=self.depth, scope=Scope(corp_codes=codes))
        if question.about and not any(hit.filing.rcept_no == question.about for hit in hits):
            hits += await self.retriever.search(query, top_k=2, scope=Scope(rcept_nos=[question.about]))
        return sorted(hits, key=lambda hit: hit.filing.rcept_no != question.about)

    async def _accounts(
        self,
        question: Question,
        weights: Mapping[str, float],
        filings: Mapping[str, Filing],
        hits: Sequence[Hit],
    ) -> tuple[list[AnswerFigure], list[Figure], bool]:
        """Each account asked, of each company and basis asked; all figures of these accounts; whether parts
        were ranked by one."""
        codes = [company.corp_code for company in question.companies]
        focus = list(dict.fromkeys(hit.filing.rcept_no for hit in hits))
        groups = account_groups(question.accounts)
        # 매출액대비 of a contract is no answer about a year's costs.
        events = speaks_of_event(question.text) or (focus and not filings[focus[0]].period)
        names = [name for group in groups for name in group]
        found = await self.corpus.figures(codes, names, limit=_FIGURE_LIMIT * len(codes))
        figures: list[AnswerFigure] = []
        ranked = False
        periods = dict(question.periods)
        for company, basis, span in product(
            question.companies[:_MOST_COMPANIES], bases_asked(question), spans_asked(question)
        ):
            period = periods.get(company.corp_code, span)
            asked = replace(question, companies=[company], basis=basis, period=period)
            own = [
                figure
                for figure in found
                if figure.corp_code == company.corp_code and (events or filings[figure.rcept_no].period)
            ]
            chosen = choose(asked, groups, own, filings, focus, weights)
            if focus and _of_another_event(chosen, filings[focus[0]], filings):
                chosen = []  # its 계약금액 is another contract's
            ranks = ranking(asked, groups, own, filings) if len(question.companies) == 1 else []
            ranked = ranked or bool(ranks)
            if not ranks and not any(one.unit == "%" for one in chosen):
                # 유동비율(유동자산÷유동부채): the ratio, not its parts.
                chosen = await self._ratios(asked, filings, focus) or chosen
            figures += ranks or chosen
        return figures, found, ranked

    async def _by_labels(
        self, sought: Sought, filings: Mapping[str, Filing], figures: Sequence[AnswerFigure]
    ) -> list[AnswerFigure]:
        """Of the reports that tell of the period asked: what the accounts' names alone chose, or the cell
        whose labels say more of the question."""
        if any(one.source and filings[one.source.rcept_no].period is None for one in figures):
            return list(figures)
        reports = reports_of(sought.question, filings)
        words = {**dict.fromkeys(sought.unknown, _NAME_WEIGHT), **sought.in_labels()}
        if not reports or not words:
            return list(figures)
        cells = await self.corpus.labelled(reports, words, limit=_FIGURE_LIMIT)
        question = sought.question
        cells = [c for c in cells if of_entities(question, [c], filings) and not astray(question, c)]
        sought = sought.naming(cells)
        if parts := among(sought, cells, filings):
            return list(map(shown, parts))
        whole = await self._tables(sought, cells) if beside(sought.question.text) else []
        if SUPERLATIVE.search(sought.question.text):  # of one part among many, which no labels tell
            return list(map(shown, top_rows(sought, whole, filings)))
        if parts := among(sought, whole, filings):
            return list(map(shown, parts))
        return settle(sought, figures, look_up(sought, cells, filings), cells)

    async def _tables(self, sought: Sought, cells: Sequence[Figure]) -> list[Figure]:
        """The tables that say most of the question, read whole."""
        meant = tables_meant(sought, cells)
        sections = {(cell.rcept_no, cell.section) for cell in cells if (cell.rcept_no, cell.table) in meant}
        whole = await self.corpus.figures_in(sorted(sections))
        return [one for one in whole if (one.rcept_no, one.table) in meant]

    async def _ratios(
        self, question: Question, filings: Mapping[str, Filing], focus: Sequence[str]
    ) -> list[AnswerFigure]:
        """부채비율 and the like, where no filing states them, from the two accounts they are made of."""
        figures: list[AnswerFigure] = []
        for above, below, name in ratios_asked(question.text):
            codes = [company.corp_code for company in question.companies]
            parts = await self.corpus.figures(codes, [*above, *below], limit=_FIGURE_LIMIT)
            figures += ratio(question, name, (above, below), parts, filings, focus)
        return figures

    async def _by_words(
        self,
        question: Question,
        weights: Mapping[str, float],
        filings: Mapping[str, Filing],
        hits: Sequence[Hit],
        told: Sequence[AnswerFigure],
    ) -> list[AnswerFigure]:
        """Of the event filing that the question is about, of each company's own."""
        if not hits or question.intent not in _BY_WORDS:
            return []
        if not told and _of_report(question, filings):
            return []  # 상반기 매출액: 최근 매출액 of a contract is another year's
        if len(question.companies) > 1 and not told:
            each = [[hit for hit in hits if hit.filing.corp_code == c.corp_code] for c in question.companies]
            return [
                figure
                for own in each[:_MOST_COMPANIES]
                if own and own[0].filing.period is None
                for figure in event_figures(
                    question, weights, await self.corpus.figures_of(own[0].filing.rcept_no)
                )
            ]
        rcept_no = next((one.source.rcept_no for one in told if one.source), hits[0].filing.rcept_no)
        if filings[rcept_no].period is not None:
            return []
        return event_figures(question, weights, await self.corpus.figures_of(rcept_no), told)

    async def _sections(
        self, figures: Sequence[AnswerFigure], hits: Sequence[Hit]
    ) -> dict[tuple[str, str], str]:
        keys = dict.fromkeys((cell.rcept_no, cell.section) for one in figures for cell in one.cells)
        keys |= dict.fromkeys((hit.filing.rcept_no, hit.section) for hit in hits if hit.filing.period)
        return section_texts(await self.corpus.sections(list(keys)))


def _of_report(question: Question, filings: Mapping[str, Filing]) -> bool:
    """Whether an account of a period is asked, which the reports of the companies tell, and no event."""
    named = question.intent == "figure" and question.accounts and question.period
    return bool(named) and not speaks_of_event(question.text) and any(map(_PERIOD, filings.values()))


def only_when_or_why(text: str) -> bool:
    """새 주식이 언제 거래돼: no number of the form, were it the nearest in words, answers that."""
    asks = asks_when(text) or bool(reason_words(text))
    return asks and not asks_bound(text) and not units_asked(text) and not _ANY_NUMBER.search(text)


def _of_another_event(chosen: Sequence[AnswerFigure], best: Filing, filings: Mapping[str, Filing]) -> bool:
    """Whether a figure is an event's other than the one, of the same company, that the question is about."""
    told = [filings[one.source.rcept_no] for one in chosen if one.source]
    return best.period is None and any(
        filing.period is None and filing.corp_code == best.corp_code and filing.rcept_no != best.rcept_no
        for filing in told
    )
