"""Which figures answer a question: of the turn before, of a named entity, of accounts, of labels, of an
event's form, of sentences; each is tried where those before it are silent."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import product

from core.korean import squeeze
from core.model import AnswerFigure, Figure, Filing, Hit, Question
from core.ports import Corpus
from core.rag.candidates.about import about
from core.rag.candidates.among import among, beside
from core.rag.candidates.belonging import (
    asks_statement,
    astray,
    figures_of_entities,
    of_entities,
    of_its_own,
    say_all,
)
from core.rag.candidates.cells import event_figures, nearest
from core.rag.candidates.dealings import asks_dealings
from core.rag.candidates.fitting import asks_of_report, fits_kind, fits_time
from core.rag.candidates.following import Following
from core.rag.candidates.lookup import look_up
from core.rag.candidates.measured import beside_it, measures
from core.rag.candidates.prose import prose_figures
from core.rag.candidates.scope import reports_of
from core.rag.candidates.settle import settle
from core.rag.candidates.subject import asks_for, named_in
from core.rag.candidates.toprows import tables_meant, top_rows
from core.rag.figures.ranking import ranking
from core.rag.figures.ratios import ratio, ratios_asked, times
from core.rag.figures.selection import choose
from core.rag.figures.working import work_out_percent
from core.rag.language.accounts import account_groups, spoken_as
from core.rag.language.shown import shown
from core.rag.passages.events import event_text, event_title
from core.rag.question.asked import asks_any_number, asks_when, units_asked
from core.rag.question.intent import asks_bound, reason_words, speaks_of_event
from core.rag.question.listed import listed
from core.rag.question.measures import halves
from core.rag.question.ranks import asks_rank
from core.rag.question.sought import Sought
from core.rag.understand import bases_asked, spans_asked

_FIGURE_LIMIT = 400  # of a company
_MOST_COMPANIES = 4
_NAME_WEIGHT = 4.5  # of a word that may be a name, in the search for cells
_LEAST_SAID = 0.4  # of what the question's words weigh: a cell beside it is no figure of the answer
_BY_WORDS = ("figure", "event", "amendment", "text")


@dataclass(frozen=True, slots=True)
class Chosen:
    """`near` are all figures of the accounts asked, `hits` the passages that may still be quoted, `title` and
    `text` what events.py tells of the event filing among these. `unfollowed` when a computation on the turn
    before was asked and could not be made."""

    figures: Sequence[AnswerFigure]
    near: Sequence[Figure]
    hits: Sequence[Hit]
    title: str
    text: str
    sought: Sought
    reports: Set[str]
    unfollowed: bool

    def asks_for(self, figure: AnswerFigure) -> bool:
        """Whether a figure may be what is asked: of an event's form, only if its labels say so."""
        if not fits_kind(self.sought.question, figure):
            return False
        of_report = figure.cells[0].rcept_no in self.reports
        return of_report or asks_for(self.sought, figure, self.title, self.text)

    def lacks(self, figure: AnswerFigure) -> bool:
        """Whether it is a report's and does not say what the question calls, 이자수익 is no 수익, or says too
        little of it: 미상환 잔액 of bonds is no 잔액 of 비지배지분."""
        if figure.cells[0].rcept_no not in self.reports:
            return False
        most = max(map(self.sought.heavy, figure.cells))
        far = most < _LEAST_SAID * self.sought.total and self.sought.missing(figure.cells)
        return far or self.sought.lacks_called(figure.cells)


@dataclass(frozen=True, slots=True)
class Choice:
    """`question` has the morphemes of its formal words too, `sought` those that were spoken. `filings` are of
    the companies asked and of the passages found; `labels` are of roles asked for: 누구한테."""

    corpus: Corpus
    question: Question
    sought: Sought
    weights: Mapping[str, float]
    filings: Mapping[str, Filing]
    labels: Sequence[str]

    async def make(self, hits: Sequence[Hit]) -> Chosen:
        question, sought, filings = self.question, self.sought, self.filings
        following = await Following.of(sought, self.corpus, filings)
        followed = following.figures()
        figures, near, ranked = list(followed), list[Figure](), False
        if question.entities and not followed:
            figures = await figures_of_entities(question, filings, hits, self.corpus)
            figures = figures if say_all(sought, figures) else []
        settled = bool(figures) or (question.strict and asks_statement(question))
        if question.companies and question.accounts and not settled and not asks_dealings(question):
            figures, near, ranked = await self._accounts(hits)
            if several := times(sought, near, filings):
                figures, ranked = several, True
            if question.strict:  # of reports its own cells were read, each held against the name
                figures = [one for one in figures if not any(filings[c.rcept_no].period for c in one.cells)]
        if not question.companies or question.strict:
            hits = await about(question, self.weights, hits, self.corpus)
        if settled and not followed:
            hits = []  # of the company's own accounts, or of another year
        elif question.companies and not (settled or ranked or ratios_asked(question.text)):
            figures = await self._by_halves(hits, await self._by_labels(figures))
        reports = {rcept_no for rcept_no, filing in filings.items() if filing.period}
        title, text = event_title(hits), event_text(hits)
        sought = named_in(sought, text)
        unfollowed = bool(following.computes and following.told) or following.of_it
        chosen = Chosen(figures, near, hits, title, text, sought, reports, unfollowed)
        if followed or following.of_it:
            return replace(chosen, figures=followed)
        if not settled and not only_when_or_why(sought.question.text):
            figures += await self._by_words(hits, figures)
        figures = [
            one
            for one in figures
            if following.holds(one)
            and chosen.asks_for(one)
            and (settled or not of_its_own(question, one.cells, filings))
        ]
        events = {one.source.rcept_no for one in figures if one.source} - reports
        if len(events) == 1 and not settled:
            figures = nearest(sought, figures, await self.corpus.figures_of(next(iter(events))))
        return replace(chosen, figures=prose_figures(sought, hits, figures, self.labels))

    async def _accounts(self, hits: Sequence[Hit]) -> tuple[list[AnswerFigure], list[Figure], bool]:
        """Each account asked, of each company and basis asked; all figures of these accounts; whether parts
        were ranked by one."""
        question, filings = self.question, self.filings
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
                if figure.corp_code == company.corp_code
                and (filings[figure.rcept_no].period or (events and fits_time(question, figure)))
            ]
            chosen = choose(asked, groups, own, filings, focus, self.weights)
            if focus and _of_another_event(chosen, filings[focus[0]], filings):
                chosen = []  # its 계약금액 is another contract's
            ranks = ranking(asked, groups, own, filings) if len(question.companies) == 1 else []
            ranked = ranked or bool(ranks)
            if not ranks and not any(one.unit == "%" for one in chosen):
                # 유동비율(유동자산÷유동부채): the ratio, not its parts.
                chosen = await self._ratios(asked, focus) or chosen
            figures += ranks or chosen
        return figures, found, ranked

    async def _by_labels(self, figures: Sequence[AnswerFigure]) -> list[AnswerFigure]:
        """Of the reports that tell of the period asked: what the accounts' names alone chose, or the cell
        whose labels say more of the question."""
        sought, filings, question = self.sought, self.filings, self.question
        if question.intent not in _BY_WORDS:
            return list(figures)
        found: list[AnswerFigure] = []
        for basis in bases_asked(question):
            asked = replace(self.sought, question=replace(sought.question, basis=basis))
            own = [one for one in figures if basis is None or basis == question.basis or one.basis == basis]
            found += await replace(self, sought=asked)._labelled(own)
        found = await work_out_percent(sought, found, filings, self.corpus)
        return found if not question.strict or say_all(sought, found) else []

    async def _by_halves(self, hits: Sequence[Hit], figures: list[AnswerFigure]) -> list[AnswerFigure]:
        """Where two measures are asked of one thing and no two were found: each asked for itself, or beside
        the other in its table; both or `figures`."""
        asked = halves(self.question.text)
        told = {(cell.table, cell.row_no, cell.column_no) for one in figures for cell in one.cells}
        if not asked or len(told) > 1 or len(self.question.companies) > 1:
            return figures
        choices = [self._asking(half.text) for half in asked]
        found = [
            [one for one in await choice._alone(hits) if measures(choice.sought, half.measure, one.cells)]
            for choice, half in zip(choices, asked, strict=True)
        ]
        alone = [one.source for figures in found for one in figures]
        if len(alone) == 1 and alone[0]:
            whole = await self.corpus.tables([(alone[0].rcept_no, alone[0].table)])
            lacking = found.index([])
            other = beside_it(choices[lacking].sought, asked[lacking].measure, alone[0], whole)
            found[lacking] = [shown(other)] if other else []
        return [one for figures in found for one in figures] if all(found) else figures

    def _asking(self, text: str) -> "Choice":
        groups = [
            group for group in account_groups(self.question.accounts) if spoken_as(group, squeeze(text))
        ]
        accounts = [name for group in groups for name in group]
        question = replace(self.question, text=text, accounts=accounts)
        return replace(self, question=question, sought=self.sought.asking(question))

    async def _alone(self, hits: Sequence[Hit]) -> list[AnswerFigure]:
        by_name = (await self._accounts(hits))[0] if self.question.accounts else []
        return await self._by_labels(by_name)

    async def _labelled(self, figures: Sequence[AnswerFigure]) -> list[AnswerFigure]:
        """The parts named side by side, the top rows of a ranking, or the one cell that the labels tell;
        `figures` where those say less. The tables that say most of the question are read whole."""
        sought, filings, question = self.sought, self.filings, self.sought.question
        if any(one.source and filings[one.source.rcept_no].period is None for one in figures):
            return list(figures)
        reports = reports_of(question, filings)
        words = {**dict.fromkeys(sought.unknown, _NAME_WEIGHT), **sought.in_labels()}
        if not reports or not words:
            return list(figures)
        cells = await self.corpus.labelled(reports, words, limit=_FIGURE_LIMIT)
        cells = [c for c in cells if of_entities(question, [c], filings) and not astray(question, c)]
        sought = sought.naming(cells)
        listing = bool(listed(question.text) and asks_rank(question.text))
        if not listing and (parts := among(sought, cells, filings)):
            return list(map(shown, parts))
        whole = await self.corpus.tables(tables_meant(sought, cells)) if beside(question.text) else []
        if listing:  # the rows with what else is asked of them, or the parts alone
            rows = top_rows(sought, whole, filings) or among(sought, cells, filings)
            return list(map(shown, rows or among(sought, whole, filings)))
        if asks_rank(question.text):  # of one part among many, which no labels tell
            return list(map(shown, top_rows(sought, whole, filings)))
        if parts := among(sought, whole, filings):
            return list(map(shown, parts))
        return settle(sought, figures, look_up(sought, cells, filings), cells)

    async def _ratios(self, question: Question, focus: Sequence[str]) -> list[AnswerFigure]:
        """부채비율 and the like, where no filing states them, from the two accounts they are made of."""
        figures: list[AnswerFigure] = []
        for above, below, name in ratios_asked(question.text):
            codes = [company.corp_code for company in question.companies]
            parts = await self.corpus.figures(codes, [*above, *below], limit=_FIGURE_LIMIT)
            figures += ratio(question, name, (above, below), parts, self.filings, focus)
        return figures

    async def _by_words(self, hits: Sequence[Hit], told: Sequence[AnswerFigure]) -> list[AnswerFigure]:
        """Of the event filing that the question is about, of each company's own."""
        question = self.question
        if not hits or question.intent not in _BY_WORDS:
            return []
        if not told and asks_of_report(question) and any(one.period for one in self.filings.values()):
            return []
        firsts = {hit.filing.corp_code: hit.filing.rcept_no for hit in reversed(hits)}
        events = [hits[0].filing.rcept_no]
        if told:
            events = [one.source.rcept_no for one in told if one.source][:1] or events
        elif len(question.companies) > 1:
            asked = [company.corp_code for company in question.companies[:_MOST_COMPANIES]]
            events = [firsts[code] for code in asked if code in firsts]
        return [
            figure
            for rcept_no in events
            if self.filings[rcept_no].period is None
            for figure in event_figures(question, self.weights, await self.corpus.figures_of(rcept_no), told)
        ]


def only_when_or_why(text: str) -> bool:
    """새 주식이 언제 거래돼: no number of the form, were it the nearest in words, answers that."""
    asks = asks_when(text) or bool(reason_words(text))
    return asks and not asks_bound(text) and not units_asked(text) and not asks_any_number(text)


def _of_another_event(chosen: Sequence[AnswerFigure], best: Filing, filings: Mapping[str, Filing]) -> bool:
    """Whether a figure is an event's other than the one, of the same company, that the question is about."""
    told = [filings[one.source.rcept_no] for one in chosen if one.source]
    return best.period is None and any(
        filing.period is None and filing.corp_code == best.corp_code and filing.rcept_no != best.rcept_no
        for filing in told
    )
