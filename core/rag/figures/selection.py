"""A question about a number is answered from figures: chosen by account, period and basis, never by a model.

A figure of another period, basis or segment than asked is no answer: errors of this field are real
numbers of the wrong year or account (notes/field.md, dart-rag experiment 11).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from core.korean import LETTER
from core.model import AnswerFigure, Figure, Filing, Question
from core.rag.figures.comparison import earlier, trend_of, with_comparison
from core.rag.figures.disputes import rivals
from core.rag.figures.quarters import three_months
from core.rag.language.accounts import key
from core.rag.language.labels import even, names, of_another_number, sexes_asked
from core.rag.language.periods import PERIOD, recency
from core.rag.language.shown import shown
from core.rag.question.asked import units_asked

_PARENTHESES = re.compile(r"\([^)]*\)")
_CONSOLIDATED = "연결"
# What a column may say beside a part of the company.
_NO_SEGMENT = re.compile(
    r"연결|별도|누적|개월|당기|전기|반기|분기|금액|매출|이익|손익|비용|부채|자산|자본|합계|총계|부문$|\d|[()]|급여|배당|현금|재무|공시|보고|귀속|지분|잉여"
)
# Words before an account that make it another one: the cash of the beginning, the growth of sales.
_OTHER_MEASURE = re.compile(r"기초|기말|전기|당기초|증가|감소|변동|평균|예상|목표|최근|직전")
_SHARE_KIND = re.compile(r"(?:보통|종류|기타|우선)주식?")
_MATURITY = re.compile(r"만기|할인되지")
_NO_TABLE = ("금액", "연결", "별도")  # words of a question that tell no table from another
_QUARTER_END = re.compile(r"\.(?:03|06|09|12) ")
_TERM = re.compile(r"제\s*(\d{1,3})\s*기")
_TREND = re.compile(r"추이|해마다|매년|연도별|최근\s*\d\s*(?:개\s*)?년|\d{4}\s*년?부터.{0,12}까지")
_MOVED = re.compile(
    r"몇\s*배|배가\s|곱절|[낮높]아졌|%\s?p|(?:[\d%몇]|퍼센트)\s?포인트|(?:반년|일\s*년|1년)\s*(?:만|새|사이)"
)
_HOW_MANY = re.compile(r"몇\s*(?:주|명|건|개|대|사람)")
_MAX_ACCOUNTS = 3
_MEASURED = ("원", "%", "배")  # what is no count
_KIND = re.compile(r"[가-힣](?:수|[률율]|비율|비중)$|수량$|인원$")  # how a count or a rate is called


def choose(
    question: Question,
    groups: Sequence[Sequence[str]],
    found: Sequence[Figure],
    filings: Mapping[str, Filing],
    focus: Sequence[str],
    weights: Mapping[str, float] | None = None,
) -> list[AnswerFigure]:
    """The figures that answer, most asked-for first, each followed by what it is compared with.

    `groups` are the names of each account asked about; `focus` are receipt numbers as retrieval
    ranked them, which decides between event filings of one company; `weights` of the words asked
    decide between tables that both have the account.
    """
    if not question.segment:
        question = replace(question, segment=segment_named(question, found))
    trend = bool(_TREND.search(question.text))
    if trend:
        question = replace(question, period=None)  # from the newest backwards
    rank = {rcept_no: place for place, rcept_no in enumerate(focus)}
    answers: list[AnswerFigure] = []
    for group in groups[:_MAX_ACCOUNTS]:
        keys = list(map(key, group))

        def best_of(period: str | None, keys: Sequence[str] = keys) -> Figure | None:
            asked = replace(question, period=period)
            fitting = [
                figure
                for figure in found
                if figure.rcept_no in filings
                and _names(figure, keys) < len(keys)
                and _of_unit(asked, figure)
                and _fits(asked, figure, filings[figure.rcept_no])
            ]
            first = _foremost(fitting, partial(_fitness, asked, filings=filings, keys=keys, rank=rank))
            order = partial(_order, asked, found=found, filings=filings, keys=keys, weights=weights or {})
            best = min(first, key=order, default=None)
            return best and _told_apart(asked, best, fitting)

        best = best_of(question.period)
        if best is None:
            answers += three_months(question.period, best_of, found)
        elif best.disputed:
            answers += map(shown, (best, *rivals(best, found)))
        else:
            answers += trend_of(best, found) if trend else compared(question, best, found)
    return list(dict.fromkeys(answers))


def compared(question: Question, figure: Figure, found: Sequence[Figure]) -> list[AnswerFigure]:
    """The figure, and what it is compared with where a comparison is asked: the number of another year than
    asked is one more to be taken for the answer."""
    if not (question.compare or _MOVED.search(question.text)):
        return [shown(figure)]
    told = with_comparison(figure, found, question.since, counted=bool(_HOW_MANY.search(question.text)))
    others = [earlier(figure, found, ways) for ways in question.listed]
    return told + [shown(one) for one in others if one and not one.disputed]


def _fits(question: Question, figure: Figure, filing: Filing) -> bool:
    if of_another_number(question.text, figure):
        return False
    if question.basis and figure.basis and figure.basis != question.basis:
        return False
    if question.basis == "별도" and figure.basis is None and filing.period:
        return False
    if question.segment:
        if _key(question.segment) not in _key(f"{figure.segment or ''}{figure.row}{figure.column}"):
            return False
    elif figure.segment:
        return False
    term = _TERM.search(question.text)
    if term and question.period is None and f"제{term[1]}기" not in _key(figure.column):
        return False
    if filing.period is None:  # an event: its cells seldom name a period, and no quarter is asked of it
        if figure.period and question.period:  # a year of the company that is bought
            return fits_period(question.period, figure.period)
        return not _QUARTER_END.search(question.period or "")
    return figure.period is not None and fits_period(question.period, figure.period)


def _told_apart(question: Question, best: Figure, fitting: Sequence[Figure]) -> Figure | None:
    """The best, or the one column of its row that the question names; None where others fit as well and say
    other amounts: columns that it does not name, or several rows of the part that it names."""
    where = (best.rcept_no, best.table, best.unit, best.period, best.basis)
    others = [
        one
        for one in fitting
        if (one.rcept_no, one.table, one.unit, one.period, one.basis) == where
        and abs(one.value) != abs(best.value)
    ]
    beside = [one for one in others if one.row_no == best.row_no]
    if beside and not _says_column(question, best):
        named = [one for one in beside if _says_column(question, one)]
        return named[0] if len(named) == 1 else None
    if not question.segment or _key(question.segment) == _key(best.segment or ""):
        return best
    alike = any((one.column_no, one.account) == (best.column_no, best.account) for one in others)
    return None if alike else best


def _says_column(question: Question, figure: Figure) -> bool:
    """Whether the question says what the column names, or it is the sum of the others."""
    told = [even(word) for word in names(figure.column)]
    text = even(question.text)
    return not told or any(word in text for word in told)


def _of_unit(question: Question, figure: Figure) -> bool:
    """Whether a figure may answer in its unit: 얼마 is money, and a count or a column of rates only where
    that is named."""
    units = units_asked(question.text)
    if not units or figure.unit in units or question.compare:
        return True
    kind = _KIND.search(figure.column or figure.row)
    if figure.unit in _MEASURED and not (figure.column and kind):
        return True
    return units == {"원"} and kind is not None and kind[0] in _key(question.text)


def segment_named(question: Question, found: Sequence[Figure]) -> str | None:
    """A part of the company that the question names: `SDC는 얼마나`, `메모리 반도체를`."""
    company = "".join(company.corp_name for company in question.companies)
    accounts = " ".join(question.accounts)
    words = {word for figure in found if figure.segment for word in figure.segment.split()}
    if len(sexes := sexes_asked(question.text) & words) == 1:
        return sexes.pop()
    for word in sorted(words, key=lambda word: (-len(word), word)):
        if len(word) < 2 or _NO_SEGMENT.search(word) or word in company or word in accounts:
            continue
        if word in question.text and re.search(rf"(?<!{LETTER}){re.escape(word)}", question.text):
            return word
    return None


def fits_period(asked: str | None, has: str) -> bool:
    """Whether a figure of period `has` answers a question about `asked`."""
    if asked is None or asked == has:
        return True
    if "~" in has:  # of a fiscal year that does not begin in January, while questions speak of calendar years
        return False
    want, have = PERIOD.match(asked), PERIOD.match(has)
    if not want or not have or want[1] != have[1]:
        return False
    if want[2] is None:  # a whole year: its flow, or its end
        return have[2] is None or (have[2], have[3]) == ("12", "말")
    if want[2] and want[3] is None:  # a month: what was so at its end, for no report tells its flow
        return (have[2], have[3]) == (want[2], "말")
    if want[3] == "3개월":  # the year is not its last quarter; the first quarter is three months
        return (want[2], have[2], have[3]) == ("03", "03", "누적")
    if want[2] == "12":  # 2024.12 누적 is the year
        return have[2] is None or (have[2] == "12" and want[3] == have[3])
    if want[2] != have[2]:
        return False
    return have[3] != "3개월"  # 누적 and 말 are told apart by the account


def _foremost(figures: Sequence[Figure], fitness: Callable[[Figure], tuple[object, ...]]) -> list[Figure]:
    """Those of the least fitness: what comes after looks through all figures for each of them."""
    ranked = [(fitness(figure), figure) for figure in figures]
    least: Any = min((rank for rank, _ in ranked), default=None)
    return [figure for rank, figure in ranked if rank == least]


def _fitness(
    question: Question,
    figure: Figure,
    filings: Mapping[str, Filing],
    keys: Sequence[str],
    rank: Mapping[str, int],
) -> tuple[object, ...]:
    """Smaller is better."""
    return (
        key(figure.account) not in keys,
        _names(figure, keys),
        of_basis(question, figure),
        recency(figure.period) if question.period is None else 0,
        figure.period is not None and figure.period.endswith("3개월"),
        rank.get(figure.rcept_no, len(rank)) if filings[figure.rcept_no].period is None else 0,
    )


def _order(
    question: Question,
    figure: Figure,
    found: Sequence[Figure],
    filings: Mapping[str, Filing],
    keys: Sequence[str],
    weights: Mapping[str, float],
) -> tuple[object, ...]:
    """Smaller is better, among those of one fitness."""
    filing = filings[figure.rcept_no]
    return (
        undiscounted(question.text, figure),
        question.compare and filing.period is not None and earlier(figure, found, question.since) is None,
        -round(
            sum(
                w
                for form, w in weights.items()
                if form in f"{figure.caption} {figure.section}".lower()
                and form not in _NO_TABLE
                and not any(form in k for k in keys)
            ),
            3,
        ),
        "주석" in figure.section,
        -abs(figure.value)
        if "주석" in figure.section and filing.period
        else 0,  # the whole, not a part of it
        figure.disputed,
        filing.period is not None and earlier(figure, found) is None,
        -int(filing.rcept_no[:8]),
        figure.origin == "fnltt",  # the document's own lines first
        figure.table,
        figure.row_no,
        figure.column_no,
    )


def undiscounted(text: str, figure: Figure) -> bool:
    """Whether a cell is of an analysis by maturity that is not asked for: what will be paid in all years to
    come, interest included, and no balance (K-IFRS 1107.39, 1116.58)."""
    return bool(_MATURITY.search(figure.caption)) and not _MATURITY.search(text)


def of_basis(question: Question, figure: Figure) -> int:
    """Smaller is better: the basis asked, 연결 where none is; figures of no basis; the other."""
    return {question.basis or _CONSOLIDATED: 0, None: 1}.get(figure.basis, 2)


def is_account(figure: Figure, names: Sequence[str]) -> bool:
    """Whether one of the names is the figure's account."""
    keys = list(map(key, names))
    return _names(figure, keys) < len(keys)


def _names(figure: Figure, keys: Sequence[str]) -> int:
    """The place of the name that is the figure's account; len(keys) when none is.

    A name inside another is another account: 급여 is not 순확정급여자산, 매출액 not 최근매출액. Only whole
    words before it, the labels over a form's cell, may differ: 계약내역 계약금액.
    """
    words = _PARENTHESES.sub("", figure.account).split()
    while len(words) > 1 and _SHARE_KIND.fullmatch(words[-1]):
        words.pop()  # 1주당 배당금 보통주식
    if any(map(_OTHER_MEASURE.match, words[:-1])):
        words = ["".join(words)]
    endings = {key("".join(words[at:])) for at in range(len(words))}
    for place, one in enumerate(keys):
        if one in endings:
            return place
    return len(keys)


def _key(text: str) -> str:
    return re.sub(r"[\s()·ㆍ,]", "", text).lower()
