"""The one cell whose labels say what was asked: row, column, part, caption and section together.

Accounts found by name (figures.py) miss whatever else a question says: 매출채권 of 매출채권의 대손충당금,
재고자산 of 재고자산 가운데 용지. Here every word that tells is held against every label of a cell. A cell
answers only when the names of accounts in the question are all its own, and no other cell fits as well.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from core.korean import squeeze
from core.model import AnswerFigure, Figure, Filing, Question
from core.rag.accounts import ACCOUNT_ENDING, account_groups, spoken_as
from core.rag.asked import telling, units_asked
from core.rag.comparison import with_comparison
from core.rag.figures import fits_period
from core.rag.periods import PERIOD
from core.rag.shown import shown

# Words that many labels have or none needs to have; they decide between cells, and no cell is found by them.
_LIGHT = frozenset(
    """금액 잔액 액수 규모 수치 합계 총계 총액 전체 모두 계정 장부 내역 현황 주석 재무상태표 손익 계산서 정보 시점
    확인 기재 가운데 기말 기초 반기 당기 전기 연결 별도 누적 재무 요약 감사 반기보고서 기간 발표 제시 표시 수준 산출
    대비 증가 감소 증감 변화 계산 비교 사이 동안 쪽 이상 이하 기록 종류 얘기 부문 사업 사업부 회계 제표 재무제표
    전년 동기 직전 지난 분기 보유 금년 소재지 이번 하나 시간 인원 수량 비율 비중 퍼센트 가격 가액 가치""".split()
)
_LIGHT_WEIGHT = 0.25
_NEARLY = 0.9  # of the best cell's score: its equals, which must say the same number
_LEAST = 0.5  # of what the question's telling words weigh
_WEAK = 0.6  # a word that only stands over the table
_SAID = 0.3  # of a mean word's weight: labels that the question says whole
_MORE = 0.1  # of what the question's telling words weigh: clearly more
_MOST_REPORTS = 2
_PREFIX = "비무미불희총순"  # 비유동자산 is no 유동자산
_TOKEN = re.compile(r"[가-힣A-Za-z&]+")
_NO_LABEL = re.compile(r"^(?:제|기|말|반기말?|당기말?|전기말?|당반기말?|전반기말?|년|월|누적|개월|주|원|당|전|및|등|의)$")
_STEM_END = re.compile(
    r"(?:이?랑은?|에서만|에서는?|으로는?|로는?|에는?|까지|부터|하고|한테|에게|보다|이?라고|이며|이고|고|은|는|이|가|을|를|의|도|과|와|만|요|다)$"
)
_EOJEOL = re.compile(r"[가-힣A-Za-z&]{3,}")


@dataclass(frozen=True)
class Sought:
    """What a question asks of labels: the weight of each word that tells, and the text it stands in."""

    question: Question
    weights: Mapping[str, float]
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", squeeze(self.question.text))

    @cached_property
    def words(self) -> dict[str, float]:
        own = telling(self.question.terms, self.question)
        return {
            form: self.weights.get(form, 1.0) * (_LIGHT_WEIGHT if form in _LIGHT else 1.0)
            for form, term in own.items()
            if term.endswith(("/N", "/SL", "/XR"))
        }

    @cached_property
    def ways(self) -> dict[str, tuple[str, ...]]:
        """What labels may say for each word: itself, or the names of the account it is said for."""
        groups = [(spoken_as(names, self.text), names) for names in account_groups(self.question.accounts)]
        return {
            word: (word, *(squeeze(n) for said, names in groups if any(word in s for s in said) for n in names))
            for word in self.words
        }

    @cached_property
    def total(self) -> float:
        return sum(weight for word, weight in self.words.items() if word not in _LIGHT)

    @cached_property
    def named(self) -> list[frozenset[str]]:
        """The words of each thing in the text that is called as accounts are: `대손충당금`, `전환사채`."""
        found = []
        for run in _EOJEOL.findall(self.question.text):
            stem = _STEM_END.sub("", run)
            inside = frozenset(word for word in self.words if word in stem.lower() and word not in _LIGHT)
            if inside and ACCOUNT_ENDING.search(stem):
                found.append(inside)
        return found

    def covered(self, figure: Figure) -> dict[str, float]:
        """Word → how much of its weight the labels of a figure say."""
        strong, weak = labels(figure), squeeze(f"{figure.caption} {figure.section}")
        found = {}
        for word, weight in self.words.items():
            if any(self._says(way, strong) for way in self.ways[word]):
                found[word] = weight
            elif any(self._says(way, weak) for way in self.ways[word]):
                found[word] = weight * _WEAK
        return found

    def _says(self, word: str, text: str) -> bool:
        at = text.find(word)
        while at >= 0:
            before = text[at - 1] if at else ""
            if before not in _PREFIX or not before or before + word in self.text:
                return True
            at = text.find(word, at + 1)
        return False

    def said(self, figure: Figure) -> float:
        """The share of the labels' own words that the question says."""
        tokens = {
            token
            for token in map(str.lower, _TOKEN.findall(_spaceless(figure)))
            if len(token) > 1 and not _NO_LABEL.match(token)
        }
        if not tokens:
            return 0.0
        return sum(len(t) for t in tokens if t in self.text) / sum(map(len, tokens))

    def missing(self, figures: Iterable[Figure]) -> bool:
        """Whether something the question calls as accounts are called is in none of the figures' labels."""
        told = [self.covered(figure) for figure in figures]
        return any(not any(named <= set(one) for one in told) for named in self.named)


    def asked_of_labels(self) -> dict[str, float]:
        """What to look for in labels, with its weight."""
        return {way: weight for word, weight in self.words.items() for way in self.ways[word]}


def labels(figure: Figure) -> str:
    return squeeze(f"{figure.account} {figure.row} {figure.column} {figure.segment or ''}")


def _spaceless(figure: Figure) -> str:
    """Labels as tokens, letter-spaced words joined: `당반기말 보유주식수`."""
    parts = [figure.account, *figure.row.split(" > "), figure.column]
    return " ".join(re.sub(r"(?<=[가-힣]) (?=[가-힣](?:\s|$))", "", part) for part in dict.fromkeys(parts))


def reports_of(question: Question, filings: Mapping[str, Filing]) -> list[str]:
    """Receipt numbers of the reports that tell of the period asked, the newest two: of its year, or of the
    year after, which compares with it."""
    asked = question.period
    found = [
        filing
        for filing in filings.values()
        if filing.period
        and not filing.superseded_by
        and not filing.withdrawn
        and filing.corp_code in [company.corp_code for company in question.companies]
        and (asked is None or 0 <= int(filing.period[:4]) - int(asked[:4]) <= 1)
    ]
    found.sort(key=lambda f: (f.period != (asked or "")[:7], f.period, f.rcept_no), reverse=False)
    if asked is None:
        found.sort(key=lambda f: (f.period, f.rcept_no), reverse=True)
    return [filing.rcept_no for filing in found[:_MOST_REPORTS]]


def settle(
    sought: Sought,
    chosen: Sequence[AnswerFigure],
    looked_up: Sequence[Figure],
    cells: Sequence[Figure],
) -> list[AnswerFigure]:
    """What accounts' names chose, unless a cell says clearly more of the question; nothing where neither
    says all that the question calls by name."""
    sources = [one.source for one in chosen if one.source] + [c for one in chosen for c in one.operands]
    told: dict[str, float] = {}
    for cell in sources:
        for word, weight in sought.covered(cell).items():
            told[word] = max(weight, told.get(word, 0.0))
    if looked_up:
        more = sum(sought.covered(looked_up[0]).values()) - sum(told.values())
        if not chosen or more > _MORE * sought.total:
            found = [with_comparison(one, cells) if sought.question.compare else [shown(one)] for one in looked_up]
            return [one for group in found for one in group]
    return [] if chosen and sought.missing(sources) else list(chosen)


def look_up(sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing]) -> list[Figure]:
    """The best cell for each unit asked (원, 주, %), all of one table; none where two cells disagree."""
    question = sought.question
    fitting = [cell for cell in cells if _fits(question, cell, filings[cell.rcept_no])]
    if not fitting or not sought.total:
        return []
    units = units_asked(question.text)
    if question.compare:
        units -= {"%"}  # 몇 % 늘었나
    scored = [(_score(sought, cell), cell) for cell in fitting]
    if units & {cell.unit for cell in fitting}:
        scored = [(score, cell) for score, cell in scored if cell.unit in units]
    first = _best(question, scored)
    if first is None or not _enough(sought, first):
        return []
    found = [first]
    for unit in sorted(units - {first.unit}):
        beside = [
            (score, cell)
            for score, cell in scored
            if cell.unit == unit
            and (cell.rcept_no, cell.table) == (first.rcept_no, first.table)
            and (cell.row_no == first.row_no or cell.column_no == first.column_no)
        ]
        if (other := _best(question, beside)) is not None:
            found.append(other)
    return found


def _enough(sought: Sought, figure: Figure) -> bool:
    told = sought.covered(figure)
    heavy = sum(weight for word, weight in told.items() if word not in _LIGHT)
    return heavy >= _LEAST * sought.total and not sought.missing([figure])


def _score(sought: Sought, figure: Figure) -> float:
    mean = sum(sought.words.values()) / max(len(sought.words), 1)
    return sum(sought.covered(figure).values()) + _SAID * mean * sought.said(figure)


def _fits(question: Question, figure: Figure, filing: Filing) -> bool:
    if figure.disputed or (question.basis and figure.basis not in (None, question.basis)):
        return False
    if figure.period is None:  # a table without periods is of its report's
        return question.period is None or bool(filing.period and question.period[:4] == filing.period[:4])
    return fits_period(question.period, figure.period)


def _best(question: Question, scored: Sequence[tuple[float, Figure]]) -> Figure | None:
    """None when its equals say another number."""
    if not scored:
        return None
    best = max(score for score, _ in scored)
    equals = [cell for score, cell in scored if score >= _NEARLY * best]
    first = min(equals, key=lambda cell: _preference(question, cell))
    rank = _preference(question, first)[:4]
    rivals = {(cell.value, cell.unit) for cell in equals if _preference(question, cell)[:4] == rank}
    top = {(cell.value, cell.unit) for score, cell in scored if score >= best - 1e-9}
    if len(rivals) > 1:
        rivals = top & rivals
        first = min(
            (c for s, c in scored if s >= best - 1e-9), key=lambda cell: _preference(question, cell)
        )
        rank = _preference(question, first)[:4]
        rivals = {
            (cell.value, cell.unit)
            for score, cell in scored
            if score >= best - 1e-9 and _preference(question, cell)[:4] == rank
        }
    return first if len(rivals) == 1 else None


def _preference(question: Question, cell: Figure) -> tuple[bool, int, int, bool, int, int, int]:
    """Smaller is better: a period told, the newest, 연결, the span up to the day, document order."""
    parts = PERIOD.match(cell.period or "")
    newest = -(int(parts[1]) * 100 + int(parts[2] or 12)) if parts and question.period is None else 0
    basis = {question.basis or "연결": 0, None: 1}.get(cell.basis, 2)
    three = bool(parts and parts[3] == "3개월")
    return cell.period is None, newest, basis, three, cell.table, cell.row_no, cell.column_no
