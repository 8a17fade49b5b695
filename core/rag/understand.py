"""What a question asks, without a language model: companies, period, accounts, basis, intent.

Nothing in the text is obeyed; it is only matched.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date

from core.korean import squeeze
from core.model import Company, Question
from core.rag.language.accounts import find_accounts
from core.rag.language.companies import spellings
from core.rag.language.mentions import ONE_BY_ONE
from core.rag.language.particles import stems_of
from core.rag.language.periods import (
    find_period,
    half_a_year_before,
    period_before,
    periods_named,
    read_beside,
    shift_year,
    three_months_of,
)
from core.rag.language.sides import conditional
from core.rag.question.asides import apart
from core.rag.question.asked import ASIDE, LIGHT, telling
from core.rag.question.intent import intent_of

_COMPARE = re.compile(
    r"전년|직전\s*연도보다|작년(?:과|보다|에 비해|하고)|대비|보다(?!가|니|면)|늘었|늘어|줄었|줄어|증감"
    r"|증가|감소|얼마에서\s*얼마|바뀌었"
    r"|변화|얼마나\s*(?:늘|줄|불)"
    r"|1년\s*(?:새|전|만)|일\s*년\s*(?:새|전|만)|한\s*해\s*전|올랐|내렸|떨어졌|뛰었|불었|(?<!유동)성장|견[주줘]|비교|컸[나던]|움직|당기[와·]\s*전기|전기[와·]\s*당기"
    r"|당(?:반|분)기와\s*전(?:반|분)기|그\s*전\s*해|흑자|적자|전반기|어떻게\s*(?:바뀌|변)|좋아졌|나빠졌|커졌|작아졌"
)
_CONSOLIDATED = re.compile(r"연결|자회사.{0,6}(?:합|까지|포함)|딸린 회사|종속회사.{0,4}(?:합|까지|포함)")
_SEPARATE = re.compile(r"별도|개별|본체만|자회사.{0,4}(?:빼|제외)")
_NOT_THAT_BASIS = re.compile(
    r"(?:연결|별도|개별)(?:\s?(?:기준|재무제표))?\s?(?:은|는|이|가)?\s?(?:말고|아니고|아니라|아닌)"
)
_SEGMENT = re.compile(r"(?<!\d)(?<!\d\s)([A-Za-z가-힣]{1,12})\s*(?:사업)?\s*부문")  # 4개 부문: none of them
_BOTH_SPANS = re.compile(
    r"(?:3\s*개월|석\s*달)치?(?:와|과|랑|하고|,|및).{0,6}누적|누적(?:치|분)?(?:와|과|랑|하고|,|및).{0,8}(?:3\s*개월|석\s*달)"
)
_ABOUT_WHEN = re.compile(
    r"^(?:반년|연초|연말|초|말|반기|상반기|하반기|분기|개월|누적|연결|별도|개별|본체|자회사|종속|전기|당기|동기|직전|직후|연도|기간|기말|부문|사업|증감|차이|변화)"
)
_SAME_WAY = re.compile(r"(?:같은|그런)\s?(?:식|방식|방법)|똑같이|마찬가지로|그렇게도?\s(?:해|보여|알려)")
# 네이버 지분은요?, 매출은 어떻게 됐는데요?: as what was asked before, between the same times
_ALSO = re.compile(r"^(?:그럼\s|그러면\s)?\S{1,14}(?:\s\S{1,10})?(?:은|는|도)\s?요?\s*\?*$")
_HOW_DID_IT_GO = re.compile(r"어떻게\s?(?:됐|되었|돼)")
_YEAR_BEFORE = re.compile(
    r"(?:(?:작년|지난해|전년)도?\s*(?:의\s*)?(?:같은\s*기간|동기간?)|전년|그\s*전\s*해|직전\s*연도|1년\s*전)(?:도|에)?"
    r"(?:은|는|엔|요|\?|$|\s)(?!\s*(?:대비|보다|과\s|와\s|에\s*비|동기|같은))"
)


def understand(
    text: str,
    *,
    named: tuple[Sequence[Company], bool],
    today: date,
    lay: Callable[[str], list[str]],
    terms: Sequence[str] = (),
    filed: Sequence[str] = (),
    previous: Question | None = None,
) -> Question:
    """`named` is what companies.find_companies found in the text, `terms` are its morphemes, `filed`
    accounts of the companies' own figures that stand in it.

    `lay` gives the formal words for lay ones in a text; `previous` is the turn before, if any.
    """
    found, ambiguous = named
    periods = periods_named(text, today)
    told = frozenset(telling(terms, Question(text, companies=found)))
    accounts = find_accounts(apart(text, told).asked, lay, filed)
    period = periods[0][0] if len(periods) > 1 else find_period(text, today)
    question = Question(
        text=text,
        companies=found,
        period=period,
        accounts=accounts,
        basis=_basis(text),
        segment=_segment(text),
        compare=(bool(_COMPARE.search(text)) and not conditional(text)) or len(periods) > 1,
        since=periods[1] if len(periods) > 1 else period_before(text, today, period),
        listed=periods[2:],
        terms=terms,
    )
    if each := _each_period(text, found, today):
        question = replace(question, periods=each, since=(), listed=(), compare=bool(_COMPARE.search(text)))
    if previous is not None:
        another = bool(found) and found != list(previous.companies) and not ambiguous
        if not another or not (question.accounts or _own_subject(question)):  # `그럼 누리바이오는요?`
            question = _carry(question, previous, today, ambiguous=ambiguous)
        elif not previous.companies and question.period and not question.period[4:]:
            # 상반기 순이익은? … 가온전자요, 22년 거: of the half year that was asked
            span = find_period(previous.text, today, year=int(question.period))
            question = replace(question, period=span or question.period)
    return replace(question, intent=intent_of(question, today, ambiguous=ambiguous))


def _each_period(text: str, companies: Sequence[Company], today: date) -> list[tuple[str, str]]:
    """`삼성전자(2022년 반기말)랑 이마트(2024년 말)`: what stands behind each name, if each has its own."""
    lowered = text.lower()
    places = {
        c.corp_code: min((at for n in spellings(c) if (at := lowered.find(n.lower())) >= 0), default=-1)
        for c in companies
    }
    ordered = sorted(places.items(), key=lambda place: place[1])
    if len(ordered) < 2 or ordered[0][1] < 0:
        return []
    ends = [at for _, at in ordered[1:]] + [len(text)]
    found = [(code, find_period(text[at:end], today)) for (code, at), end in zip(ordered, ends, strict=True)]
    named = [(code, period) for code, period in found if period]
    return named if len(named) == len(found) and len({period for _, period in named}) > 1 else []


def _carry(question: Question, previous: Question, today: date, *, ambiguous: bool) -> Question:
    """What a follow-up leaves unsaid is what the turn before said."""
    companies = question.companies
    if not companies or (ambiguous and set(companies) >= set(previous.companies)):
        companies = previous.companies
    if len(previous.companies) > 1:  # the reply to "which of them?" names a part of one
        words = {stem for run in re.findall(r"[가-힣A-Za-z]{2,}", question.text) for stem in stems_of(run)}
        chosen = [c for c in previous.companies if any(part in c.corp_name for part in words)]
        companies = chosen if len(chosen) == 1 else companies
    # `그 계약, 실제로 이행된 건?` asks of another number than the turn before; `늘어난 건가요?` of the same.
    follows = not _own_subject(question)
    if follows and _asks_since(question, previous):
        return replace(
            question,
            companies=companies,
            accounts=previous.accounts,
            period=previous.period,
            since=(str(question.period),),
            basis=question.basis or previous.basis,
        )
    period = _carried_period(question, previous, today)
    bare = not question.accounts and _ALSO.search(question.text)  # `나래 매출은?` stands for itself
    also = not question.period and (bare or _HOW_DID_IT_GO.search(question.text))
    alike = previous.compare and bool(also or _SAME_WAY.search(question.text))
    if alike and period == previous.period and not question.since:
        question = replace(question, since=previous.since)
    return replace(
        question,
        compare=question.compare or alike,
        companies=companies,
        accounts=question.accounts or (previous.accounts if follows else ()),
        period=period,
        since=read_beside(tuple(question.since), period),
        basis=question.basis or previous.basis,
        segment=question.segment,
    )


def _asks_since(question: Question, previous: Question) -> bool:
    """`반년 전에는 얼마였나요? 늘었나요?`: the earlier period is what the turn before is compared with."""
    named, before = question.period, previous.period
    plain = question.compare and not question.accounts and not question.since
    return bool(plain and named and before and named[:7] < before[:7])


def _own_subject(question: Question) -> bool:
    """Whether it names, besides a period, a basis or a part of the company, something to ask about."""
    return _names_beside((question.segment or "").lower(), question, ("/N",))


def _carried_period(question: Question, previous: Question, today: date) -> str | None:
    """`그럼 전년은?` is a year before what was asked, not before today."""
    if previous.period and _YEAR_BEFORE.search(question.text):
        return shift_year(previous.period, -1)
    if previous.period and (closed := half_a_year_before(question.text, previous.period)):
        return closed
    if previous.period and not question.period and (three := three_months_of(question.text, previous.period)):
        return three
    year = int(previous.period[:4]) if previous.period else None
    return question.period or find_period(question.text, today, year=year) or previous.period


def bases_asked(question: Question) -> list[str | None]:
    """`연결과 별도는 각각`: both; else the one asked, or None for whatever is there."""
    text = ONE_BY_ONE.sub(" ", question.text)
    both = _SEPARATE.search(text) and _CONSOLIDATED.search(text)
    return ["연결", "별도"] if both and question.basis is None else [question.basis]


def spans_asked(question: Question) -> list[str | None]:
    """`3개월치와 누적으로`: both spans up to the same day; else the period asked."""
    period = question.period
    if period and period.endswith(("3개월", "누적")) and _BOTH_SPANS.search(question.text):
        return [f"{period[:7]} 3개월", f"{period[:7]} 누적"]
    return [period]


def _basis(text: str) -> str | None:
    """별도 wins: `자회사 다 빼고` also speaks of 자회사. `연결 말고` is no 연결."""
    text = ONE_BY_ONE.sub(" ", _NOT_THAT_BASIS.sub(" ", text))
    separate, consolidated = _SEPARATE.search(text), _CONSOLIDATED.search(text)
    if bool(separate) == bool(consolidated):
        return None
    return "별도" if separate else "연결"


def _segment(text: str) -> str | None:
    found = _SEGMENT.search(text)
    return f"{found[1]} 부문" if found and found[1] not in ("사업", "영업", "전", "각") else None


def names_something(question: Question) -> bool:
    """Whether a question without a known company names something beside accounts: perhaps an unknown one."""
    return _names_beside(squeeze(" ".join(question.accounts)), question, ("/N", "/SL"), LIGHT | ASIDE)


def _names_beside(
    known: str, question: Question, tags: tuple[str, ...], passed: Collection[str] = ()
) -> bool:
    return any(
        term.endswith(tags) and form not in known and form not in passed and not _ABOUT_WHEN.search(form)
        for form, term in telling(question.terms, question).items()
    )
