"""Which filing an amendment supersedes, decided anew from all filings of the company at hand.

An amendment names its original by title and date alone, and the date is often wrong (its own date,
another format, two candidates on one day: notes/dart.md), so the contents decide where it counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg

# 정정명령부과 and 정정제출요구 mark an original that DART wants amended, not the amendment.
_AMENDING = re.compile(r"\[(기재정정|첨부정정|첨부추가|정정|변경등록|발행조건확정)\]")
_PREFIX = re.compile(r"^(\s*\[[^\]]*\])+")
_WRAPPER = re.compile(r"^주요사항보고서\((.+)\)$")
_CLOSING = re.compile(r"\((\d{4}\.\d{2})\)$")
_ALIKE = 0.5  # share of equal lines above which two event filings tell of one event


@dataclass(frozen=True, slots=True)
class Receipt:
    """What linking needs to know of a filing."""

    rcept_no: str
    report_nm: str
    period: str | None
    rcept_dt: date
    amends: bool
    first_filed: date | None

    @property
    def subject(self) -> tuple[str, str | None]:
        """What the filing is about: its report and, for a periodic one, the closing month."""
        name = report_key(self.report_nm)
        closing = _CLOSING.search(name)
        period = self.period or (closing[1] if closing else None)
        return _CLOSING.sub("", name), period


@dataclass(slots=True)
class _Chain:
    """An original and its amendments, oldest first; the original itself may be unknown."""

    members: list[Receipt]
    dates: set[date] = field(default_factory=set)

    def add(self, receipt: Receipt) -> None:
        self.members.append(receipt)
        self.dates.add(receipt.rcept_dt)
        # An amendment that gives its own date as the original's says nothing (seen in real ones).
        if receipt.first_filed and receipt.first_filed != receipt.rcept_dt:
            self.dates.add(receipt.first_filed)


def amends(report_nm: str) -> bool:
    """Whether the report's name says that it corrects an earlier filing."""
    return _AMENDING.search(report_nm.replace(" ", "")) is not None


def report_key(report_nm: str) -> str:
    """The name without its `[기재정정]`, wrapper, spaces and the several middle dots in use."""
    name = re.sub(r"\s", "", _PREFIX.sub("", report_nm))
    name = re.sub(r"[ㆍ·・‧⋅]", "·", name)
    wrapped = _WRAPPER.match(name)
    return wrapped[1] if wrapped else name


def supersessions(receipts: list[Receipt], alike: Callable[[str, str], float]) -> dict[str, str]:
    """Amendment → the filing it supersedes, by rcept_no; amendments left unresolved are missing.

    `alike(a, b)` is how much of the shorter of two filings stands in the other, 0 to 1.
    """
    chains: dict[tuple[str, str | None], list[_Chain]] = {}
    links = {}
    for receipt in sorted(receipts, key=lambda receipt: receipt.rcept_no):
        known = chains.setdefault(receipt.subject, [])
        chain = _chain_of(receipt, known, alike) if receipt.amends else None
        if chain is None:
            chain = _Chain([])
            known.append(chain)
        else:
            links[receipt.rcept_no] = chain.members[-1].rcept_no
        chain.add(receipt)
    return links


def _chain_of(receipt: Receipt, chains: list[_Chain], alike: Callable[[str, str], float]) -> _Chain | None:
    if not chains:
        return None
    hint = receipt.first_filed if receipt.first_filed != receipt.rcept_dt else None
    dated = [chain for chain in chains if hint in chain.dates]
    # A periodic report of one closing month is one report, whatever date the amendment gives.
    sure = dated or (chains if receipt.subject[1] or hint is None else [])
    if len(sure) == 1:
        return sure[0]

    def likeness(chain: _Chain) -> tuple[float, str]:
        newest = chain.members[-1].rcept_no
        return alike(receipt.rcept_no, newest), newest

    if sure:
        return max(sure, key=likeness)
    # The date fits none: the original may not be here at all, so only the contents can tell.
    best = max(chains, key=likeness)
    return best if likeness(best)[0] >= _ALIKE else None


def link_amendments(conn: psycopg.Connection[Any], corp_code: str) -> None:
    """Set supersedes and superseded_by of a company's filings; the same in any order of loading."""
    receipts = [
        Receipt(*row)
        for row in conn.execute(
            "select rcept_no, report_nm, period, rcept_dt, amends, first_filed"
            " from filing where corp_code = %s",
            [corp_code],
        )
    ]
    links = supersessions(receipts, lambda one, other: _alike(conn, one, other))
    conn.execute(
        """
        update filing set supersedes = new.supersedes, superseded_by = new.superseded_by
        from (
            select f.rcept_no, back.older as supersedes, ahead.newer as superseded_by
            from filing f
            left join unnest(%(newer)s::text[], %(older)s::text[]) back (newer, older)
                on back.newer = f.rcept_no
            left join unnest(%(newer)s::text[], %(older)s::text[]) ahead (newer, older)
                on ahead.older = f.rcept_no
            where f.corp_code = %(corp_code)s
        ) new
        where filing.rcept_no = new.rcept_no
          and (filing.supersedes, filing.superseded_by)
              is distinct from (new.supersedes, new.superseded_by)
        """,
        {"newer": list(links), "older": list(links.values()), "corp_code": corp_code},
    )


def _alike(conn: psycopg.Connection[Any], one: str, other: str) -> float:
    first, second = _lines(conn, one), _lines(conn, other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else 0.0


def _lines(conn: psycopg.Connection[Any], rcept_no: str) -> set[str]:
    """What is said in a filing: its lines, and its figures apart from where they stand."""
    rows = conn.execute(
        """
        select distinct btrim(line) from passage, regexp_split_to_table(text, '\\n') line
        where rcept_no = %(rcept_no)s and btrim(line) <> ''
        union all
        select distinct account_key || '=' || cell from figure where rcept_no = %(rcept_no)s
        """,
        {"rcept_no": rcept_no},
    )
    return {line for (line,) in rows}
