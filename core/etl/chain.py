"""Which filing an amendment corrects, and which of a chain answers now.

An amendment names its original by title and date alone, and the date is often wrong: its own, another
format, two candidates on one day, an original years before what is here (notes/dart.md §1.10, §5.1.6).
So report, company, period and organ narrow it down, and the values of the form decide. What is decided
depends on the filings at hand and on nothing else, the order of their coming least of all.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from core.etl.receipt import Receipt, report_key, withdrawn_name, withdraws
from core.etl.said import Read, Said

# Of the weight of two forms' values, what both have. The three real pairs of ../shared/data/filings have
# 0.92 to 1, other filings of one form and of different companies at most 0.17; one customer's next
# contract comes to about 0.5 (tests/unit/test_chain.py).
_ALIKE = 0.65
_DATED = 0.1  # what the right day is worth
_MARKED = 0.04  # and DART's mark that there is a correction: it decides between equals alone
_ELSEWHERE = 0.75  # needed where it gives the day of a filing that is not here
_MARGIN = 0.03


@dataclass(frozen=True, slots=True)
class Place:
    """Where a filing stands in its chain: each is the rcept_no of another one."""

    corrects: str | None = None
    supersedes: str | None = None
    superseded_by: str | None = None
    amended_by: str | None = None
    withdrawn_by: str | None = None


@dataclass(slots=True)
class _Chain:
    """An original and its amendments, oldest first; the original itself may not be here."""

    members: list[Receipt]
    days: set[date] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    withdrawn_by: str | None = None

    def add(self, receipt: Receipt, original: str | None) -> None:
        self.members.append(receipt)
        self.days.add(receipt.rcept_dt)
        self.numbers.add(receipt.rcept_no)
        if receipt.says:
            self.days.add(receipt.says)
        if original:
            self.numbers.add(original)

    @property
    def suffix(self) -> str:
        return self.members[0].suffix

    @property
    def known(self) -> list[Receipt]:
        return [member for member in self.members if member.here]


def places(receipts: Iterable[Receipt], read: Read) -> dict[str, Place]:
    """The place of every filing of one company; `read` gives what is in one of them when it is needed."""
    chains: defaultdict[tuple[str, str | None, bool], list[_Chain]] = defaultdict(list)
    corrects: dict[str, str] = {}
    late: list[Receipt] = []
    said = Said(read)
    ordered = sorted(receipts, key=lambda receipt: receipt.rcept_no)
    for receipt in ordered:
        if not receipt.here:
            late.append(receipt)
            continue
        group = chains[receipt.subject]
        original = _linked(receipt, said)
        chain = _chain_of(receipt, original, group, said) if receipt.amends else None
        if chain is None:
            group.append(chain := _Chain([]))
        else:
            corrects[receipt.rcept_no] = chain.members[-1].rcept_no
        chain.add(receipt, original if receipt.amends else None)
    for receipt in late:
        if receipt.amends and (chain := _chain_unread(receipt, chains[receipt.subject])):
            chain.members.append(receipt)
            chain.members.sort(key=lambda member: member.rcept_no)
    every = [chain for group in chains.values() for chain in group]
    for receipt in ordered:
        if receipt.here and withdraws(receipt.report_nm):
            _withdraw(receipt, every, said)
    made: dict[str, Place] = {}
    for chain in every:
        made |= _placed(chain, corrects, said)
    return made


def _chain_of(receipt: Receipt, original: str | None, group: Sequence[_Chain], said: Said) -> _Chain | None:
    if exact := [chain for chain in group if original in chain.numbers]:
        return exact[0]
    dated = [chain for chain in group if receipt.says in chain.days and chain.suffix == receipt.suffix]
    if receipt.subject[1]:  # one report of one closing month, whatever day it gives
        valid = [chain for chain in group if not all(member.withdrawn for member in chain.members)]
        return next(reversed(dated or valid or group), None)
    if not said.telling(receipt) or not any(
        said.telling(one) for chain in dated or group for one in chain.known
    ):
        day = [
            chain for chain in group if receipt.first_filed in chain.days and chain.suffix == receipt.suffix
        ]
        return day[0] if len(day) == 1 else None  # an attachment alone, or nothing but prose
    least = _ELSEWHERE if receipt.says and not dated else _ALIKE

    def score(place: int) -> float:
        chain = group[place]
        marked = _MARKED if chain.known and chain.known[-1].marked else 0
        return (
            said.likeness(receipt, chain.known, [one.known for one in group])
            + (_DATED if chain in dated else 0)
            + marked
        )

    best = sorted(((score(place), place) for place in range(len(group))), reverse=True)
    if not best or best[0][0] < least or (len(best) > 1 and best[0][0] - best[1][0] < _MARGIN):
        return None
    return group[best[0][1]]


def _chain_unread(receipt: Receipt, group: Sequence[_Chain]) -> _Chain | None:
    """Of an amendment that only DART's list knows: the chain of the period, or the only one marked 정."""
    earlier = [chain for chain in group if chain.members[0].rcept_no < receipt.rcept_no]
    if not receipt.subject[1]:
        earlier = [
            chain
            for chain in earlier
            if chain.suffix == receipt.suffix
            and any(m.marked for m in chain.known[-1:] if m.rcept_no < receipt.rcept_no)
        ]
    return earlier[0] if len(earlier) == 1 else None


def _linked(receipt: Receipt, said: Said) -> str | None:
    """The receipt that a link names, when the link has the report's name and the day that it gives.

    A form's links may also lead to other events; those of other names or days say nothing.
    """
    if not receipt.amends or receipt.says is None:
        return None
    day = f"{receipt.says:%Y%m%d}"
    base = report_key(receipt.report_nm)[0]
    found = {
        number
        for number, text in said.clues(receipt).links
        if number[:8] == day and number < receipt.rcept_no and base in report_key(text)[0]
    }
    return found.pop() if len(found) == 1 else None


def _withdraw(receipt: Receipt, chains: Sequence[_Chain], said: Said) -> None:
    """철회신고서: the filing that it names, by report and by day where it gives one, with its amendments."""
    named = said.clues(receipt).named or withdrawn_name(receipt.report_nm)
    if not named:
        return
    base, suffix = report_key(named)
    found = [
        chain
        for chain in chains
        if chain.members[0].rcept_no < receipt.rcept_no
        and report_key(chain.members[0].report_nm)[0] == base
        and (not suffix or chain.suffix == suffix)
        and (receipt.first_filed is None or receipt.first_filed in chain.days)
        and chain.withdrawn_by is None
    ]
    if len(found) == 1:
        found[0].withdrawn_by = receipt.rcept_no


def _placed(chain: _Chain, corrects: Mapping[str, str], said: Said) -> dict[str, Place]:
    """The newest whole text that is not withdrawn takes the place of those before it."""
    valid: list[Receipt] = []
    beside: dict[str, str] = {}  # filing → the amendment that leaves it in its place
    for member in chain.members:
        if member.withdrawn:
            continue
        before = valid[-1] if valid else None
        if before and (not member.here or not said.whole(member, before)):
            beside[before.rcept_no] = member.rcept_no
        else:
            valid.append(member)
    newer = {one.rcept_no: two.rcept_no for one, two in pairwise(valid)}
    older = {two: one for one, two in newer.items()}
    return {
        member.rcept_no: Place(
            corrects.get(member.rcept_no),
            older.get(member.rcept_no),
            newer.get(member.rcept_no),
            None if member.rcept_no in newer else beside.get(member.rcept_no),
            chain.withdrawn_by if member.rcept_no < (chain.withdrawn_by or "") else None,
        )
        for member in chain.known
    }
