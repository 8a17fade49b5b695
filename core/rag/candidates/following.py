"""A follow-up about the very figure that the turn before told: 그 적자가 얼마나 줄었어, 한 척당 얼마꼴이야.

Such a question names nothing of its own to look for, so that a search by its words would find some other
thing. The cell that was told is remembered by its address, and what is asked of it stands beside it: the same
line at another time, the same measure of a part that its table names.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from core.korean import squeeze
from core.model import AnswerFigure, Figure, Filing, address
from core.ports import Corpus
from core.rag.candidates.among import said_of
from core.rag.candidates.breakdown import breakdown
from core.rag.figures.comparison import LINE, earlier
from core.rag.figures.pieces import asks_each, without_each
from core.rag.figures.selection import compared, fits_period
from core.rag.language.accounts import key, phrases_said
from core.rag.language.labels import bare_label, even, names
from core.rag.language.particles import without_particles
from core.rag.language.shown import shown
from core.rag.question.asked import LIGHT, units_asked
from core.rag.question.conditions import colours
from core.rag.question.ranks import asks_rank, in_place, places_asked
from core.rag.question.sought import Sought
from core.totals import says_total

_SHORTEST_MEASURE = 3  # letters: 장부금액
_FEWEST_SAID = 2  # words of a row: 매각예정자산의 대체
_OF_IT = re.compile(r"(?<![가-힣])(?:그|이|저)\s?(?:중|가운데)")
_OF_A_KIND = re.compile(
    r"부문|사업|지역|제품|품목|나라|국가"
)  # a table tells which they are, wherever it stands
_WHATEVER_IT_IS = "항목 회사 법인 종류"  # no 은행, which the parts have to be called
_OF_WHATEVER = frozenset(("적자", "손실", "흑자", "평균"))  # of whatever was told


class Following:
    """`told` are the cells that the turn before told, `earlier` those of the turn before that, `around` all
    of their sections."""

    def __init__(
        self, sought: Sought, told: Sequence[Figure], around: Sequence[Figure], earlier: Sequence[Figure] = ()
    ) -> None:
        self.sought = sought
        self.around = around
        self.earlier = earlier
        basis = sought.question.basis
        told = [cell for cell in told if basis is None or cell.basis == basis]
        self.before = told
        one_row = len({(cell.rcept_no, cell.table, cell.row_no) for cell in told}) == 1
        self.parts = []
        if one_row and not self._names_account:  # `네이버 주식은?` after 몇 주, 얼마어치
            self.parts = [part for cell in told for part in self._parts(cell)]
        if len(told) == 1 and not self.parts:
            self.parts = self._measured(told[0])
        self.told = [cell for cell in told if not self._unsaid(cell)]

    @classmethod
    async def of(cls, sought: Sought, corpus: Corpus, filings: Mapping[str, Filing]) -> "Following":
        places = [place for place in sought.question.told if place.rcept_no in filings]
        before = [place for place in sought.question.told_before if place.rcept_no in filings]
        sections = sorted({(place.rcept_no, place.section) for place in (*places, *before)})
        around = await corpus.figures_in(sections) if sections else []
        at = {address(cell): cell for cell in around}
        told, earlier = ([at[place] for place in of if place in at] for of in (places, before))
        return cls(sought, told, around, earlier)

    @property
    def computes(self) -> bool:
        """Whether it asks how what was told moved, or how much of it is due to a piece."""
        return self.sought.question.compare or asks_each(self.sought.question.text)

    @property
    def of_it(self) -> bool:
        """Whether it asks which part of the one amount told has most: 그 중에 금액이 가장 큰 종목은."""
        question = self.sought.question
        ranks = places_asked(question.text) and not (self._names_account or _OF_A_KIND.search(question.text))
        told = len(self.before) == 1 and self.before[0].period
        return bool(told and ranks and _OF_IT.search(question.text) and not asks_rank(question.text_before))

    def figures(self) -> list[AnswerFigure]:
        """What answers; empty where nothing does, or where it asks of something else."""
        question = self.sought.question
        if self.of_it:
            most = in_place(question.text, breakdown(self.before[0], self.around))
            return [] if any(self._unsaid(one, _WHATEVER_IT_IS) for one in most) else list(map(shown, most))
        if asks_each(question.text):
            return [shown(cell) for cell in self.told[:1]]
        found: list[AnswerFigure] = []
        for then in self.parts or self.told:
            cell = self._at(then)
            if cell is None or cell.disputed:
                continue
            if question.compare:
                now, since = self._between(cell) if cell == then else (cell, question.since)
                moved = compared(replace(question, since=since), now, self.around)
                found += moved if len(moved) > 1 or self.parts or cell != then else []
            elif cell != then or self.parts:
                found.append(shown(cell))
        return found

    def _between(self, cell: Figure) -> tuple[Figure, Sequence[str]]:
        """What is compared, and with which period: `얼마나 늘었는데?` after two times of one line is between
        these."""
        since = self.sought.question.since
        line = [one for one in self.earlier if LINE(one) == LINE(cell) and one.period != cell.period]
        if since or len(line) != 1 or not (line[0].period and cell.period):
            return cell, since
        if not (line[0].period[4:] == cell.period[4:] or line[0].period[-1:] == cell.period[-1:] == "말"):
            return cell, since  # three months and half a year
        then, now = sorted((line[0], cell), key=lambda one: str(one.period))
        return now, (str(then.period),)

    def _at(self, cell: Figure) -> Figure | None:
        """The cell, or that of its line at the period asked."""
        asked = self.sought.question.period
        if not asked or not cell.period or fits_period(asked, cell.period):
            return cell
        return earlier(cell, self.around, [asked])

    def holds(self, figure: AnswerFigure) -> bool:
        """Whether a figure found otherwise may answer.

        Where the question is of what was told, one of the same line, and not the very one that was told;
        where it names no measure (`화성은?`), one of the same measure.
        """
        if self.told and self.computes:
            lines = {(key(cell.account), cell.segment, cell.unit) for cell in self.told}
            return figure.source not in self.told and any(
                (key(cell.account), cell.segment, cell.unit) in lines for cell in figure.cells
            )
        measures = {even(cell.account) for cell in self.before if cell.period}
        source = figure.source
        if source in self.before and not self._names_account and self._unsaid(source):
            return False  # `조선업은?`: the whole, told before
        if not measures or source is None or self._names_account or self.sought.names_company:
            return True
        return even(source.account) in measures or not (said := names(source.account)) or self._says(said)

    def _says(self, measure: Sequence[str]) -> bool:
        """Whether the question itself names what is measured."""
        own = [way for word in self.sought.own for way in self.sought.ways[word]]
        return any(way in even(name) for name in measure for way in own)

    @property
    def _names_account(self) -> bool:
        question = self.sought.question
        return bool(phrases_said(question.accounts, squeeze(question.text)))

    def _unsaid(self, cell: Figure, names: str = "") -> bool:
        """Whether the question names something that the cell's labels do not."""
        told = self.sought.told(cell)
        text = without_each(self.sought.question.text.lower())
        return any(
            word in text
            and word not in told
            and word not in names
            and not (names and word[:1] in names.split())
            for word in self.sought.own
            if word not in LIGHT and word not in _OF_WHATEVER and not colours(word)
        )

    def _parts(self, told: Figure) -> list[Figure]:
        """`남자 직원하고 여자 직원으로 나누면`, `그럼 건설업은`: cells of the told one's column or row that
        the question names by their labels, of the same measure and time; all of those named or none."""
        for beside in (list(self._below(told)), list(self._across(told))):
            named = said_of(self.sought.asked, [name for name, _, _ in beside])
            found = [self._only(name, beside) for name in dict.fromkeys(named)]
            cells = [cell for cell in found if cell is not None]
            said = " ".join(named)
            if cells and len(cells) == len(found) and not any(self._unsaid(cell, said) for cell in cells):
                return cells
        rows = [cell for cell in self._alike(told) if cell.column_no == told.column_no and cell != told]
        said_whole = [cell for cell in rows if self._says_row(cell)]
        return said_whole if len(said_whole) == 1 else []

    def _says_row(self, cell: Figure) -> bool:
        """`매각예정자산으로 대체된 금액`: whether the words of a row are just what it asks of."""
        words = [even(without_particles(one)) for one in names(cell.row.split(" > ")[-1])]
        said = all(self.sought.letters(one) == len(one) for one in words)
        return said and len(words) >= _FEWEST_SAID and not self._unsaid(cell)

    def _measured(self, told: Figure) -> list[Figure]:
        """`장부금액은요?`: what the question names of the row that was told, here or in another table of its
        section, where they agree."""
        if self.sought.names_company or len(units_asked(self.sought.question.text)) > 1:
            return []
        asked, own = squeeze(self.sought.asked), bare_label(told.row.split(" > ")[-1])
        named: dict[str, list[Figure]] = {}
        for cell in self.around:
            last = bare_label(cell.row.split(" > ")[-1])
            if (cell.rcept_no, cell.period, cell.basis, last) != (
                told.rcept_no,
                told.period,
                told.basis,
                own,
            ):
                continue
            for name in {bare_label(cell.account), bare_label(cell.column)} - {own}:
                if len(name) >= _SHORTEST_MEASURE and name in asked and not self._unsaid(cell, own + name):
                    named.setdefault(name, []).append(cell)
        cells = named[max(named, key=len)] if named else []
        return cells[:1] if len({cell.value for cell in cells}) == 1 and told not in cells else []

    def _only(self, name: str, beside: Sequence[tuple[str, int, Figure]]) -> Figure | None:
        """The one cell of that name that is nearest to what was told."""
        ranked = sorted((far, cell) for one, far, cell in beside if one == name)
        nearest = [cell for far, cell in ranked if far == ranked[0][0]]
        return nearest[0] if len(nearest) == 1 else None

    def _below(self, told: Figure) -> Iterator[tuple[str, int, Figure]]:
        """(name, how far from what was told, cell) by the labels of rows."""
        own = [bare_label(label) for label in told.row.split(" > ")]
        for cell in self._alike(told):
            if cell.column_no != told.column_no or cell.row_no == told.row_no:
                continue
            labels = cell.row.split(" > ")
            levels = list(map(bare_label, labels))
            for at, name in enumerate(levels):
                others, same = levels[:at] + levels[at + 1 :], own[:at] + own[at + 1 :]
                total = all(map(says_total, labels[:at] + labels[at + 1 :]))
                if name not in own and (others == same or total):
                    yield name, 0 if others == same else 1, cell

    def _across(self, told: Figure) -> Iterator[tuple[str, int, Figure]]:
        for cell in self._alike(told):
            if cell.row_no == told.row_no and cell.column_no != told.column_no:
                yield bare_label(cell.segment or cell.column), 0, cell

    def _alike(self, told: Figure) -> Iterator[Figure]:
        own = (told.rcept_no, told.table, told.period, told.basis, told.unit)
        return (c for c in self.around if (c.rcept_no, c.table, c.period, c.basis, c.unit) == own)
