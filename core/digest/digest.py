"""What a subscriber is told of a day: filings by company, what matters most first."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.digest.item import Item, name_alone, tell
from core.digest.received import Received
from core.korean import particle
from core.model import Level, Term
from core.profile.glossary import Glossary

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Group:
    """One company's filings; `fictional` ones must say so."""

    company: str
    items: Sequence[Item]

    @property
    def fictional(self) -> bool:
        return any(item.filing.fictional for item in self.items)


@dataclass(frozen=True, slots=True)
class Digest:
    """`covers` are all receipts that are told with it, those behind `more` and the folded ones included.

    `first` says what matters most where there is more than one filing; `term` is one word explained.
    `instant`: told as it came, not at the end of the day.
    """

    day: date
    level: Level
    groups: Sequence[Group] = ()
    more: int = 0
    covers: Sequence[str] = ()
    first: str = ""
    term: Term | None = None
    instant: bool = False

    @property
    def items(self) -> list[Item]:
        return [item for group in self.groups for item in group.items]


def compose(
    received: Iterable[Received],
    day: date,
    level: Level,
    most: int,
    glossary: Glossary,
    *,
    instant: bool = False,
) -> Digest:
    """At most `most` filings in words; an original that has been replaced by one told before is left out."""
    whole = sorted(received, key=lambda one: one.filing.rcept_no)
    chains = [chain for chain in _chains(whole) if not _outdated(chain, day)]
    items = sorted((_told(chain, level) for chain in chains), key=_order)
    shown = items[:most]
    by_company: defaultdict[str, list[Item]] = defaultdict(list)
    for item in shown:
        by_company[item.filing.corp_code].append(item)
    groups = [Group(own[0].filing.corp_name, own) for own in by_company.values()]
    return Digest(
        day,
        level,
        groups,
        len(items) - len(shown),
        [one.filing.rcept_no for one in whole],
        _first(shown, level),
        _term(shown, level, glossary),
        instant,
    )


def _told(chain: Sequence[Received], level: Level) -> Item:
    try:
        return tell(chain, level)
    except Exception as error:  # whatever a text does to our reading of it, a name and a link can be told
        filing = chain[-1].filing
        _log.error("filing %s cannot be told: %s", filing.rcept_no, type(error).__name__)
        return name_alone(filing, level)


def _order(item: Item) -> tuple[float, str]:
    return -item.score, item.filing.rcept_no


def _chains(received: Sequence[Received]) -> list[list[Received]]:
    """A filing with its amendments and its withdrawal, oldest first."""
    by_number = {one.filing.rcept_no: one for one in received}
    withdrawn = {one.withdrawn_by: one.filing.rcept_no for one in received if one.withdrawn_by}
    chains: defaultdict[str, list[Received]] = defaultdict(list)
    for one in received:
        chains[_root(one.filing.rcept_no, by_number, withdrawn)].append(one)
    return list(chains.values())


def _root(number: str, by_number: Mapping[str, Received], withdrawn: Mapping[str, str]) -> str:
    while True:
        one = by_number[number]
        before = one.filing.supersedes or one.corrects or withdrawn.get(number)
        if before is None or before not in by_number or before >= number:
            return number
        number = before


def _outdated(chain: Sequence[Received], day: date) -> bool:
    """Whether its place has been taken by then by an amendment that is not told with it."""
    last = chain[-1].filing
    newer = last.superseded_by
    return newer is not None and newer[:8] <= f"{day:%Y%m%d}"


def _first(items: Sequence[Item], level: Level) -> str:
    if len(items) < 2:
        return ""
    top = items[0]
    what = f"{top.filing.corp_name}의 {top.title}" + (f"({top.size})" if top.size else "")
    if level is not Level.BEGINNER:
        return f"가장 눈여겨볼 공시는 {what}입니다."
    final = particle(top.title, "이라고/라고").endswith("이라고")
    return f"가장 눈여겨볼 공시는 {what}{'이에' if final else '예'}요."


def _term(items: Sequence[Item], level: Level, glossary: Glossary) -> Term | None:
    if level is not Level.BEGINNER:
        return None
    for item in items:
        if terms := glossary.above(f"{item.title} {item.first}", level):
            return terms[0]
    return None
