"""An understood question → figures and numbered sources: figures first, passages for what they cannot say."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from core.korean import squeeze
from core.model import AnswerFigure, Evidence, Figure, Filing, Hit, Question, Scope
from core.ports import Corpus, Retriever, Tokenizer
from core.profile.glossary import Glossary
from core.rag.candidates.belonging import of_whom, telling_of
from core.rag.candidates.fitting import telling_hits
from core.rag.candidates.quoted import quoted_figures
from core.rag.choice import Choice
from core.rag.figures.beyond import asks_which, beyond
from core.rag.figures.working import work_out
from core.rag.language.periods import closing_said, quarter_said
from core.rag.passages.announced import announced, begins_within
from core.rag.passages.days import days_asked
from core.rag.passages.events import changed, foremost, in_version, of_type_named, whole
from core.rag.passages.evidence import gather
from core.rag.passages.parties import of_parties, parties, written_whole
from core.rag.passages.picks import Asked
from core.rag.passages.rows import section_texts
from core.rag.question.asked import asks_one, asks_when, telling, units_asked, weigh
from core.rag.question.background import foreground
from core.rag.question.expansion import formal_words
from core.rag.question.intent import (
    asks_bound,
    asks_business,
    asks_pay,
    asks_what_changed,
    purpose_words,
    reason_words,
)
from core.rag.question.kinds import Part, parts_asked, ways_of, wordless
from core.rag.question.roles import labels_asked
from core.rag.question.sought import Sought
from core.rag.refusal import lacks_account, lacks_number
from core.settings import Route

_DEEP = 3  # times the depth: read for a thing of the kind asked alone
_BUSINESS = ("사업의 개요", "주요 제품")  # where a report says what its company does
_column_of = attrgetter("rcept_no", "table", "column_no")  # of whom another row is: 박정우, 전대영
_OF_IT = 0.2  # of what the question's words weigh, in the labels of a figure that alone answers it
_WHOLE_PERIOD = re.compile(r"누적$|말$|^\d{4}$")  # no month, no quarter
_BRACKETS = re.compile(r"\(.*?\)")


@dataclass(frozen=True, slots=True)
class Found:
    """Only figures whose cells, read again, gave the same values; `quoted` are those the evidence's
    statements say. `near` are all figures of the accounts asked, `filings` those of the companies.
    `unnamed` is who the question names, where no filing of the company does."""

    figures: Sequence[AnswerFigure]
    evidence: Sequence[Evidence]
    quoted: Sequence[AnswerFigure] = ()
    near: Sequence[Figure] = ()
    filings: Sequence[Filing] = ()
    unnamed: Sequence[str] = ()


def _newest_end(question: Question, listed: Sequence[Filing]) -> str | None:
    """`당반기말`, `2분기` without a year: the end or the quarter of the newest report that closes so."""
    if len(question.companies) != 1:
        return None
    ends = [filing.period for filing in listed if filing.period and not filing.withdrawn]
    if (quarter := quarter_said(question.text)) is not None:
        return max((f"{end[:7]} 3개월" for end in ends if end[5:7] == quarter), default=None)
    month = closing_said(question.text)
    closing = (f"{end[:7]} 말" for end in ends if (month is not None and end[5:7] == month) or month == "")
    return max(closing, default=None)


def _after_all(question: Question, listed: Sequence[Filing]) -> bool:
    """Whether the period asked ends after that of every report: what is said of others does not tell it."""
    ends = [filing.period for filing in listed if filing.period]
    return bool(ends and question.period and question.period[:7] > max(ends))


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
        firms = written_whole(question.text, hits) if codes else {}
        hits, deep = hits[: self.depth], hits if codes else ()
        hits = list(dict.fromkeys([*hits, *(hit for having in firms.values() for hit in having)]))
        found = squeeze(" ".join(hit.chunk.indexed for hit in hits))
        question = replace(question, period=question.period or _newest_end(question, listed))
        question = foreground(question, found, self.tokenizer.terms)
        spoken, own = question, frozenset(telling(question.terms, question))
        said = _BRACKETS.sub("", " ".join(formal))  # 손실 of 영업이익(손실) is not what was asked
        question = replace(question, terms=(*question.terms, *self.tokenizer.terms(said)))
        weights = weigh(question, await self.retriever.weights([*question.terms, *question.before]))
        filings = {filing.rcept_no: filing for filing in listed}
        filings.update((hit.filing.rcept_no, hit.filing) for hit in hits)
        named = parties(spoken, self.tokenizer.names)
        hits, unnamed = await of_parties(question, hits, named, self.corpus)
        deep = [hit for hit in deep if hit.filing.period or hit.filing in {one.filing for one in hits}]
        hits = await foremost(question, weights, hits, self.corpus)
        hits = of_type_named(spoken, await whole(question, hits, filings, self.corpus))
        lay = {word: term.name for _, word, term in self.glossary.lay_words(question.text)}
        choice = Choice(self.corpus, question, Sought(spoken, weights, lay), weights, filings, labels)
        chosen = await choice.make(hits)
        figures, hits = list(chosen.figures), list(chosen.hits)
        others = (*named.firm, *named.loose, *firms) if hits and hits[0].filing.period else ()
        if asks_what_changed(spoken.text) and not spoken.accounts and (amended := changed(hits)):
            figures, hits, deep = [], amended, ()
        figures = await in_version(question, figures, filings, self.corpus)
        figures += await work_out(question, figures, self.corpus)
        figures = [figure for figure in figures if figure.verified]
        figures = await of_whom(question, figures, filings, self.corpus)
        figures = [_dated(figure, question, filings) for figure in figures]
        # A number of another period is no answer: only whole sentences about nearly all that was asked.
        prose = False
        if asks_bound(question.text) or beyond(spoken.text, figures):
            figures = []
        else:
            prose = bool(question.intent == "figure" and question.accounts and codes and not figures)
        hits = telling_hits(spoken, hits, figures)
        parts = parts_asked(spoken, weights)
        asked = Asked(
            weights,
            own,
            (*reason_words(question.text), *purpose_words(question.text)),
            asks_when(question.text),
            days_asked(spoken),
            prose=prose,
            year=(question.period or "")[:4] if prose else "",
            text=squeeze(question.text),
            labels=labels,
            rows=not (codes and (units_asked(question.text) or asks_pay(question.text))),
            parts=parts,
            ways={word: (name,) for word, name in lay.items()} | ways_of(spoken),
            deep=telling_hits(spoken, deep, figures),
            named=others,
            alone=_answers_alone(figures, chosen.sought, parts),
        )
        if any(part.most > 1 for part in asked.parts):
            within = [hit for hit in {*hits, *asked.deep} if begins_within(hit)]
            texts = await self._sections((), within)
            hits, asked = announced(hits, texts), replace(asked, deep=announced(asked.deep, texts))
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
        lacking = chosen.unfollowed or asks_which(spoken.text)
        lacking = lacking or (not wordless(asked.parts, counts=False) and lacks_number(evidence, question))
        lacking = lacking or (not wordless(asked.parts, counts=True) and lacks_account(evidence, spoken))
        lacking = lacking or (question.intent == "figure" and _after_all(question, listed))
        if codes and not figures and not reason_words(question.text) and lacking:
            evidence = []
        keys = list(dict.fromkeys((one.filing.rcept_no, one.section) for one in evidence if one.core))
        told = squeeze(" ".join(said for one in evidence for said in one.said[: one.core]))
        cells = await self.corpus.figures_in(keys, within=told) if keys else []
        quoted = quoted_figures(evidence, cells, question, figures)
        told_in = {_column_of(cell) for figure in figures for cell in figure.cells if cell.column}
        quoted = [
            one
            for one in quoted
            if chosen.asks_for(one)
            and not (chosen.lacks(one) or any(_column_of(cell) in told_in for cell in one.cells))
        ]
        return Found(figures, evidence, quoted, chosen.near, list(filings.values()), unnamed)

    async def _search(self, question: Question, formal: Sequence[str], codes: Sequence[str]) -> list[Hit]:
        """Best first; what the turn before was about comes before everything else."""
        query = " ".join([question.text, *formal, *reason_words(question.text)])
        hits = await self.retriever.search(query, top_k=_DEEP * self.depth, scope=Scope(corp_codes=codes))
        if question.about and not any(hit.filing.rcept_no == question.about for hit in hits):
            hits += await self.retriever.search(query, top_k=2, scope=Scope(rcept_nos=[question.about]))
        return sorted(hits, key=lambda hit: hit.filing.rcept_no != question.about)

    async def _sections(
        self, figures: Sequence[AnswerFigure], hits: Sequence[Hit]
    ) -> dict[tuple[str, str], str]:
        keys = dict.fromkeys((cell.rcept_no, cell.section) for one in figures for cell in one.cells)
        keys |= dict.fromkeys((hit.filing.rcept_no, hit.section) for hit in hits if hit.filing.period)
        return section_texts(await self.corpus.sections(list(keys)))


def _answers_alone(figures: Sequence[AnswerFigure], sought: Sought, parts: Sequence[Part]) -> bool:
    """Whether one number is asked and there it is."""
    source = figures[0].source if len(figures) == 1 and not figures[0].formula else None
    if source is None or sought.question.intent != "figure" or not asks_one(sought.question.text):
        return False
    counted = all(part.kinds[0].number for part in parts)
    return len(parts) < 2 and counted and sought.heavy(source) >= _OF_IT * sought.total


def _dated(figure: AnswerFigure, question: Question, filings: Mapping[str, Filing]) -> AnswerFigure:
    """With the period asked, where its table tells none and its report is of that very period."""
    asked, source = question.period, figure.source
    if figure.period or source is None or not asked or not _WHOLE_PERIOD.search(asked):
        return figure
    own = filings[source.rcept_no].period in (asked[:7], f"{asked}.12")
    return replace(figure, period=asked) if own else figure
