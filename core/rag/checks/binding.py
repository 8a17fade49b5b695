"""A number of a sentence → the fact it states, or the Korean reason why it states none.

The rivals' errors are real numbers of another year, account or basis (notes/field.md): a number is bound
only when everything the sentence says of it is so of the fact.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.korean import squeeze
from core.model import Figure
from core.rag.checks.facts import Fact, fits, is_amount, size_sign
from core.rag.checks.naming import foreign_topic, foreign_word
from core.rag.language.accounts import key
from core.rag.language.mentions import Amount, Mark
from core.rag.language.named import Named, is_named
from core.rag.language.reading import Reading

_ORIGINAL = re.compile(r"정정\s*(?:되기\s*)?전|당초|원래|처음|최초|기존|바뀌기\s*전")
_AMENDED = re.compile(r"정정\s*(?:된\s*)?후|바뀐\s*뒤|정정된|변경\s*후")


@dataclass(frozen=True, slots=True)
class Carried:
    """What the sentence before left said: a sentence without a period speaks of that of the one before."""

    fact: Fact | None = None
    corp_code: str | None = None
    year: int | None = None  # when that sentence told of a year in words alone

    @property
    def spoken_year(self) -> int | None:
        if self.year is None and self.fact and self.fact.period:
            return int(self.fact.period[:4])
        return self.year


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a number states no fact. `final`: it is one of that account, said of another period, basis,
    company or sign, so that no words of a filing can make it right. `phrase`: what the account is called
    beyond its name, squeezed; a filing that calls it so may still say the number."""

    reason: str
    final: bool
    phrase: str = ""


@dataclass(frozen=True)
class Known:
    """What a sentence may state: facts, the companies by name, and filings that were amended."""

    facts: Sequence[Fact]
    companies: Mapping[str, str] = field(default_factory=dict)
    superseded: frozenset[str] = frozenset()
    amending: frozenset[str] = frozenset()

    def company_of(self, text: str, at: int, carried: Carried) -> str | None:
        """corp_code of the last company named before a place, else that of the sentence before."""
        last = max(
            ((text.rfind(name, 0, at), corp) for name, corp in self.companies.items()), default=(-1, "")
        )
        if last[0] >= 0:
            return last[1]
        return carried.corp_code

    def speaks_of(self, company: str | None, filer: str, text: str) -> bool:
        """Whether a statement of a filer may be one of the company: its own, or one that names it."""
        if company in (None, filer):
            return True
        return any(name in text for name, corp in self.companies.items() if corp == company)

    def first(self, fact: Fact) -> Fact:
        """The fact that the answer gives first of the same account: what is meant where no period is said."""
        return next(
            f
            for f in self.facts
            if (f.corp_code, f.segment, f.figure.unit, f.moved)
            == (fact.corp_code, fact.segment, fact.figure.unit, fact.moved)
            and f.names & fact.names
        )


def bind(said: Amount, reading: Reading, known: Known, carried: Carried) -> Fact | Fault:
    """The fact, or what ruled the last fact of this number out."""
    reason = Fault("근거에 없는 숫자", final=False)
    for fact in known.facts:
        if not is_amount(said, fact):
            continue
        if other := _account(said, reading, fact, known, carried):
            reason = other
            continue
        fault = (
            _company(said, reading, fact, known, carried)
            or _basis(said, reading, fact, known, carried)
            or _period(said, reading, fact, known, carried)
            or _sign(said, reading, fact)
            or _version(reading, fact, known)
        )
        if not fault:
            return fact
        reason = Fault(fault, final=True)
    return reason


def _company(said: Amount, reading: Reading, fact: Fact, known: Known, carried: Carried) -> str:
    named = known.company_of(reading.text, said.start, carried)
    several = len({f.corp_code for f in known.facts}) > 1
    left = max((a.end for a in reading.amounts if a.end <= said.start), default=0)
    if len({corp for name, corp in known.companies.items() if name in reading.text[left : said.start]}) > 1:
        return "여러 회사의 숫자를 하나로 적음"
    if named is None:
        return "어느 회사의 숫자인지 없음" if several else ""
    return "" if named == fact.corp_code else "다른 회사의 숫자"


def _account(said: Amount, reading: Reading, fact: Fact, known: Known, carried: Carried) -> Fault | None:
    company = " ".join(known.companies)  # whose it is, `_company` checks
    named = reading.account_of(said.start, said.end)
    reason, phrase = _other_account(said, reading, fact, known, carried), ""
    if named is None:
        topic = foreign_topic(said, reading, fact, company)
        reason = reason or (f"{topic}의 숫자가 아님" if topic else "")
    elif place := foreign_word(said, named, reading, fact, company):
        reason = reason or f"근거에 없는 말: {reading.text[slice(*place)]}"
        phrase = squeeze(reading.text[min(place[0], named.start) : max(place[1], named.end)])
    return Fault(reason, final=False, phrase=phrase) if reason else None


def _other_account(said: Amount, reading: Reading, fact: Fact, known: Known, carried: Carried) -> str:
    named = reading.account_of(said.start, said.end)
    if named is None:
        before = carried.fact
        same = before and before.names & fact.names and before.segment == fact.segment
        return "" if same else "어느 계정의 숫자인지 없음"
    if not is_named(named.key, fact.names):
        return f"{reading.text[named.start : named.end]}의 숫자가 아님"
    if named.key not in fact.names and _ambiguous(named, fact, known):
        return "어느 계정의 숫자인지 없음"
    return _part(named, said, reading, fact, carried)


def _ambiguous(named: Named, fact: Fact, known: Known) -> bool:
    return any(
        is_named(named.key, other.names)
        and not other.names & fact.names
        and other.figure.unit == fact.figure.unit
        for other in known.facts
    )


def _part(named: Named, said: Amount, reading: Reading, fact: Fact, carried: Carried) -> str:
    part = reading.part_of(said.start)
    own = key(fact.segment)
    whole_label = fact.segment and key(fact.segment) in named.key
    if fact.across or (part is None and not fact.segment):
        return ""
    if part is not None:
        return "" if key(part) in own else "다른 부문의 숫자"
    if whole_label or (own and own in key(reading.text[: said.start])):
        return ""
    same = carried.fact and carried.fact.segment == fact.segment and named.key in carried.fact.names
    return "" if same else "부문의 숫자를 전체로 적음"


def _basis(said: Amount, reading: Reading, fact: Fact, known: Known, carried: Carried) -> str:
    basis = reading.basis_of(said)
    left = max((a.end for a in reading.amounts if a.end <= said.start), default=0)
    if len({mark.value for mark in reading.bases if left <= mark.start < said.start}) > 1:
        return "연결·별도를 하나로 적음"
    if basis is None:
        before = carried.fact
        usual = before if before and before.names & fact.names else known.first(fact)
        basis = usual.basis
    return "" if basis == fact.basis else "연결·별도가 다름"


def _period(said: Amount, reading: Reading, fact: Fact, known: Known, carried: Carried) -> str:
    when, base = reading.when_of(said.start), reading.base_of(said.start)
    before = carried.fact
    like = before.period if before else known.first(fact).period
    year = int(like[:4]) if like else None
    if subject := next((w for w in reading.whens if not w.base and w.year), None):
        year = subject.year
    if fact.moved and base and not fits(base, fact.since, year, fact.period):
        return "견준 기간이 다름"
    if fact.period is None:
        return "" if when is None else "기간이 근거에 없음"
    if when is not None:
        return "" if fits(when, fact.period, year, like) else "기간이 다름"
    same_account = before is not None and bool(before.names & fact.names)
    usual = before if before and (same_account or before.period) else known.first(fact)
    if carried.year is not None and carried.year != int(fact.period[:4]):
        return "기간이 없음"
    return "" if usual.period == fact.period else "기간이 없거나 다름"


def _sign(said: Amount, reading: Reading, fact: Fact) -> str:
    sign = size_sign(fact.figure.value)
    if fact.moved:
        mark = reading.direction_of(said)
        way = way_of(mark, reading, fact.figure.operands) if mark else None
        if said.negative:
            return "" if sign < 0 and way in (None, -1) else "늘고 준 방향이 다름"
        if way is None:
            return "" if sign >= 0 else "늘고 준 방향이 없음"
        return "" if way == sign else "늘고 준 방향이 다름"
    account = reading.account_of(said.start, said.end)
    loss = reading.is_loss(said, account)
    if "손실" in key(fact.figure.label) and not said.negative:
        return "" if sign > 0 else "부호가 다름"  # 재고자산평가손실: a loss by its name
    return "" if loss == (sign < 0) else "부호가 다름"


def _version(reading: Reading, fact: Fact, known: Known) -> str:
    filings = {cell.rcept_no for cell in fact.figure.cells}
    if _ORIGINAL.search(reading.text) and filings & known.amending:
        return "정정 뒤의 숫자"
    if _AMENDED.search(reading.text) and filings & known.superseded:
        return "정정 전의 숫자"
    return ""


def way_of(mark: Mark, reading: Reading, cells: Sequence[Figure]) -> int:
    """Whether values rise (1) or fall (-1) by what is said of them: losses that shrink do rise."""
    losses = bool(cells) and all(cell.value < 0 for cell in cells)
    return -int(mark.value) if losses and reading.loses(mark) else int(mark.value)
