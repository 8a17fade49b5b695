"""Which questions to offer after an answer: only such as the filings at hand answer, each for itself.

Everything is made from what was found anyway and one look-up of headline accounts: ratios, bases, years and
reasons are offered because their cells or sentences were seen, not because they would be good to know.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.korean import bare_name, particle
from core.model import AnswerFigure, Company, Figure, Filing, Level, Question
from core.ports import Corpus
from core.profile.glossary import Glossary
from core.rag.figures.comparison import trend_of
from core.rag.figures.ratios import OPERATING, PROFIT, SALES, ratio, ratios_asked
from core.rag.figures.selection import choose, is_account
from core.rag.language.accounts import account_groups
from core.rag.language.wording import period_words
from core.rag.passages.statements import statements
from core.rag.question.intent import reason_words
from core.rag.retrieve import Found

_MOST = 3
_LONGEST = 60  # characters: Slack's buttons show 75, Telegram's about half of that
_LIMIT = 60  # figures read of headline accounts, at a time
_HEADLINES = (SALES, OPERATING, PROFIT)
# The ratio that one asks for after an account.
_RATIO_OF = {
    "매출액": "영업이익률",
    "영업이익": "영업이익률",
    "당기순이익": "순이익률",
    "부채총계": "부채비율",
    "자본총계": "부채비율",
}
_TREND = 3  # years
_YEAR = re.compile(r"\d{4}")
_MARKS = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_REASONS = re.compile("|".join((*reason_words("왜"), "기인", "힘입")))


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered: the question, what was found for it, the text, the reader's level."""

    question: Question
    found: Found
    text: str
    level: Level
    filings: Sequence[Filing]


async def suggest(told: Told, corpus: Corpus, glossary: Glossary) -> tuple[str, ...]:
    """At most three, the most telling first; the same for the same answer."""
    if told.question.intent == "ambiguous":
        return _fit(told, _companies(told.question))
    company = next(iter(told.question.companies), None) or _company_cited(told)
    if company is None:
        return ()
    filings = {filing.rcept_no: filing for filing in told.filings}
    main = next((one for one in told.found.figures if one.source and one.verified), None)
    cell = main.source if main else None
    offered: list[str] = []
    if main and cell and cell.corp_code == company.corp_code and _is_periodic(cell, filings):
        offered += await _of_figure(told, company, main, cell, filings, corpus)
    if told.level is Level.BEGINNER and told.question.intent != "definition" and told.found.evidence:
        offered += _words(told, glossary)
    offered += _of_event(told, company)
    if len(_fit(told, offered)) < _MOST:
        offered += await _headlines(told, company, filings, corpus)
    return _fit(told, offered)


def _fit(told: Told, offered: Iterable[str]) -> tuple[str, ...]:
    asked = _squeezed(told.question.text)
    fit = (one for one in offered if len(one) <= _LONGEST and _squeezed(one) != asked)
    return tuple(dict.fromkeys(fit))[:_MOST]


def _is_periodic(cell: Figure, filings: dict[str, Filing]) -> bool:
    return cell.rcept_no in filings and filings[cell.rcept_no].period is not None


async def _of_figure(
    told: Told,
    company: Company,
    main: AnswerFigure,
    cell: Figure,
    filings: dict[str, Filing],
    corpus: Corpus,
) -> list[str]:
    groups = account_groups(told.question.accounts)
    account = next((names[0] for names in groups if is_account(cell, names)), None)
    if account is None or cell.segment or cell.disputed:
        return []
    offered: list[str] = []
    name, near = company.corp_name, told.found.near
    when = period_words(main.period, Level.INTERMEDIATE)
    moved = next((one for one in told.found.figures if one.formula and cell in one.operands), None)
    if moved and moved.value and not reason_words(told.question.text) and _explained(told, account):
        way = "늘었어" if moved.value > 0 else "줄었어"
        offered.append(f"{name} {when} {particle(account, '은/는')} 왜 {way}?")
    if any(_is_other_basis(other, cell) for other in near):
        basis = "별도" if cell.basis == "연결" else "연결"
        offered.append(f"{name} {when} {basis} 기준 {particle(account, '은/는')} 얼마야?")
    rate = _RATIO_OF.get(account)
    if rate and rate not in told.question.text:
        asked = replace(told.question, companies=[company], period=cell.period, basis=cell.basis, text=rate)
        ((above, below, _),) = ratios_asked(rate)
        both = await corpus.figures_named(company.corp_code, [*above, *below], limit=_LIMIT)
        beside = [one for one in (*both, *near) if one.rcept_no == cell.rcept_no]
        if ratio(asked, rate, (above, below), beside, filings, []):
            basis = f"{cell.basis} 기준 " if cell.basis else ""
            offered.append(f"{name} {when} {basis}{particle(rate, '은/는')} 얼마야?")
    if len(trend_of(cell, near)) >= _TREND > len(told.found.figures):
        offered.append(f"{name} {account} 추이를 알려 줘")
    return offered


def _is_other_basis(other: Figure, cell: Figure) -> bool:
    same = (other.account, other.period, other.unit, other.segment)
    return (
        same == (cell.account, cell.period, cell.unit, None)
        and {other.basis, cell.basis} == {"연결", "별도"}
        and not other.disputed
    )


def _explained(told: Told, account: str) -> bool:
    """Whether a passage found gives a reason beside the account."""
    return any(
        account in one.shown and _REASONS.search(one.shown)
        for piece in told.found.evidence
        for one in statements(piece.text, form=piece.filing.period is None)
        if not one.row
    )


def _words(told: Told, glossary: Glossary) -> Iterator[str]:
    """What the answer was about, for whoever knows the word for it at most."""
    labels = " ".join(figure.label for figure in told.found.figures)
    for term in glossary.find(f"{labels} {told.question.text}"):
        if term.level is Level.BEGINNER and f"{term.name}: " not in told.text:
            yield f"{particle(term.name, '이/가')} 뭐야?"
            return


def _of_event(told: Told, company: Company) -> Iterator[str]:
    """What else there is to ask of an event filing that answered."""
    for piece in told.found.evidence:
        filing = piece.filing
        if filing.corp_code != company.corp_code or filing.period or not piece.core:
            continue
        event = _MARKS.sub("", filing.report_nm).split("ㆍ")[-1].strip()
        if filing.supersedes and told.question.intent != "amendment":
            yield f"{company.corp_name} {event}에서 무엇이 정정됐어?"
        return


async def _headlines(told: Told, company: Company, filings: dict[str, Filing], corpus: Corpus) -> list[str]:
    """What a reader of any filing wants to know of the company, of the newest year or quarter."""
    offered: list[str] = []
    groups = [names for names in _HEADLINES if names[0] not in told.question.text]
    names = [name for group in groups for name in group]
    found = await corpus.figures_named(company.corp_code, names, limit=_LIMIT)
    period = max((one.period or "" for one in found if _YEAR.fullmatch(one.period or "")), default=None)
    for group in groups:
        asked = Question(text=group[0], companies=[company], accounts=group, period=period, intent="figure")
        first = next(iter(choose(asked, [group], found, filings, [])), None)
        if first and first.verified and first.source and not first.disputed:
            when = period_words(first.period, Level.INTERMEDIATE)
            offered.append(f"{company.corp_name} {when} {particle(group[0], '은/는')} 얼마야?")
    return offered


def _company_cited(told: Told) -> Company | None:
    filing = next((piece.filing for piece in told.found.evidence if piece.core), None)
    return Company(filing.corp_code, filing.corp_name) if filing else None


def _companies(question: Question) -> Iterator[str]:
    """The question, of each company that it may mean: its name for the part of it that was written."""
    for company in question.companies:
        name = bare_name(company.corp_name)
        parts = (name[:end] for end in range(len(name), 1, -1))
        part = next((part for part in parts if part in question.text), None)
        yield (
            question.text.replace(part, company.corp_name, 1)
            if part
            else f"{company.corp_name} {question.text}"
        )


def _squeezed(text: str) -> str:
    return re.sub(r"[\s?.!]", "", text)
