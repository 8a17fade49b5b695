"""What OpenDART's tables tell of fetched filings, into the archive beside them: asked once, after documents.

Statements (fnlttSinglAcntAll) of every periodic report: two calls a report, 연결 and 별도, and one a company
for the month its fiscal year ends in: 8 calls a company a year. Events and holdings (DS005, DS004) only
where DART has no original or it cannot be read: one call each.
"""

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.errors import DartError, GongsiError, InputError, QuotaExceeded
from core.etl.archive import Archive
from core.etl.events import HOLDINGS, EventTable, event_of
from core.etl.opendart import OpenDart
from core.etl.receipt import bare_report
from core.etl.supplement import STATEMENTS, SUFFIX, write_supplement
from core.ports import Progress, Supplements

_PERIODIC = re.compile(r"(사업|반기|분기)보고서\((\d{4})\.(\d{2})\)")
_CODES = {0: ("사업", "11011"), 3: ("분기", "11013"), 6: ("반기", "11012"), 9: ("분기", "11014")}
_FIRST_YEAR = 2015  # OpenDART has none before
_BEFORE = timedelta(days=366)  # an amended event is listed under the day of its first receipt
_GIVE_UP = 5  # in a row: OpenDART is down
_RCEPT_NO = re.compile(r"\d{14}", re.ASCII)

Row = Mapping[str, Any]
_Tables = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one run did, in filings; `stopped` is why it ended before all were asked."""

    kept: int
    none: int
    failed: Sequence[tuple[str, str]]
    stopped: GongsiError | None


@dataclass(frozen=True, slots=True)
class _Report:
    """One periodic report and its amendments, oldest first: one answer serves them all."""

    filings: Sequence[Row]

    @property
    def corp_code(self) -> str:
        return str(self.filings[0]["corp_code"])

    def periods(self, acc_mt: int | None) -> list[tuple[int, str]]:
        """(bsns_year, reprt_code) to ask for, the likeliest first; empty when it cannot be told.

        A fiscal year that spans two calendar years was not seen to be named by the one or the other, so
        both are asked; the answer says which filing it is of.
        """
        found = _PERIODIC.match(bare_report(self.filings[0]["report_nm"]))
        assert found  # noqa: S101  # _reports
        name, year, month = found[1], int(found[2]), int(found[3])
        if not 1 <= month <= 12:
            return []
        if acc_mt is None and name != "분기":
            acc_mt = month if name == "사업" else (month + 5) % 12 + 1
        if acc_mt is None:
            return []
        kind, code = _CODES.get((month - acc_mt) % 12, ("", ""))
        if kind != name:  # the company had another fiscal year then
            return []
        ends = year if month <= acc_mt else year + 1
        begins = ends if acc_mt == 12 else ends - 1
        return [(one, code) for one in dict.fromkeys((begins, ends)) if one >= _FIRST_YEAR]


class ExtractTables:
    """One run at a time: the caller holds the lock. `statements` of its methods: whether those are wanted."""

    def __init__(
        self, dart: OpenDart, supplements: Supplements, archive: Archive, progress: Progress
    ) -> None:
        self._dart = dart
        self._supplements = supplements
        self._archive = archive
        self._progress = progress

    async def calls(self, *, statements: bool) -> int:
        """How many calls `fetch` takes at least, documents that are still to be fetched included."""
        due = await self._supplements.due()
        reports = _reports(due) if statements else []
        companies = {report.corp_code for report in reports}
        unknown = companies - (await self._supplements.year_ends(sorted(companies))).keys()
        events = sum(1 for row in due if _lacks_document(row) and event_of(row["report_nm"]))
        return len(STATEMENTS) * len(reports) + len(unknown) + events

    async def fetch(self, *, statements: bool) -> Asked:
        """Ask what is due. What fails stays due, others go on."""
        due = [row for row in await self._supplements.due() if row["document"] != "pending"]
        asks: list[_Report | Row] = [
            row for row in due if _lacks_document(row) and not _PERIODIC.match(bare_report(row["report_nm"]))
        ]
        asks += _reports(due) if statements else []
        kept = none = in_a_row = 0
        failed: list[tuple[str, str]] = []
        stopped: GongsiError | None = None
        self._progress.start("OpenDART의 재무제표와 주요정보를 받는 중", len(asks))
        try:
            for ask in asks:
                try:
                    found, nothing = await (
                        self._report(ask) if isinstance(ask, _Report) else self._event(ask)
                    )
                    kept, none, in_a_row = kept + found, none + nothing, 0
                except (QuotaExceeded, InputError) as error:
                    stopped = error
                except DartError as error:
                    row = ask.filings[-1] if isinstance(ask, _Report) else ask
                    failed.append((row["rcept_no"], str(error)))
                    in_a_row += 1
                    stopped = error if in_a_row >= _GIVE_UP else None
                if stopped:
                    break
                self._progress.advance()
        finally:
            self._progress.finish()
        return Asked(kept, none, failed, stopped)

    async def _report(self, report: _Report) -> tuple[int, int]:
        members = [str(row["rcept_no"]) for row in report.filings]
        asked = await self._known(members[-1]) is not None  # written last: a run died before it was settled
        return await self._keep(members, {} if asked else await self._statements(report, set(members)))

    async def _statements(self, report: _Report, members: set[str]) -> Mapping[str, _Tables]:
        """By the filing that each row names: a report's figures come under its newest amendment."""
        found: defaultdict[str, _Tables] = defaultdict(dict)
        for bsns_year, reprt_code in report.periods(await self._year_end(report.corp_code)):
            for fs_div in STATEMENTS:
                for row in await self._dart.statements(report.corp_code, bsns_year, reprt_code, fs_div):
                    named = str(row.get("rcept_no"))
                    if _RCEPT_NO.fullmatch(named) and row.get("corp_code") == report.corp_code:
                        found[named].setdefault(fs_div, []).append(row)
            if members & found.keys():
                break
        return found

    async def _year_end(self, corp_code: str) -> int | None:
        """The month, from company.json, which is asked once."""
        known = await self._supplements.year_ends([corp_code])
        if corp_code in known:
            return known[corp_code]
        row = await self._dart.company(corp_code) or {}
        month = str(row.get("acc_mt") or "").strip()
        acc_mt = int(month) if re.fullmatch(r"0?[1-9]|1[0-2]", month) else None
        stock_name = str(row.get("stock_name") or "").strip() or None
        await self._supplements.keep_outline(corp_code, stock_name, acc_mt)
        return acc_mt

    async def _event(self, row: Row) -> tuple[int, int]:
        rcept_no, table = str(row["rcept_no"]), event_of(row["report_nm"])
        if table is None:
            await self._supplements.settle([], [rcept_no])
            return 0, 1
        found: Mapping[str, _Tables] = {}
        if await self._known(rcept_no) is None:
            rows: list[Row] = [one for one in await self._rows(table, row) if one.get("rcept_no") == rcept_no]
            found = {rcept_no: {table.endpoint: rows}} if rows else {}
        return await self._keep([rcept_no], found)

    async def _rows(self, table: EventTable, row: Row) -> Sequence[Row]:
        if table.endpoint in HOLDINGS:
            return await self._dart.holdings(table.endpoint, row["corp_code"])
        day = date.fromisoformat(row["rcept_dt"])
        return await self._dart.events(table.endpoint, row["corp_code"], day - _BEFORE, day)

    async def _keep(self, members: Sequence[str], found: Mapping[str, _Tables]) -> tuple[int, int]:
        """(filings with tables, members without). Files are whole, the newest last, before all is settled."""
        told = []
        for rcept_no in (*(found.keys() - set(members)), *members):
            known = await self._known(rcept_no)
            tables = {**(known or {}), **found.get(rcept_no, {})}
            if tables != known:
                await asyncio.to_thread(self._archive.put, rcept_no, write_supplement(tables), SUFFIX)
            elif rcept_no not in members:
                continue  # told before
            if tables:
                told.append(rcept_no)
        none = [rcept_no for rcept_no in members if rcept_no not in told]
        await self._supplements.settle(told, none)
        return len(told), len(none)

    async def _known(self, rcept_no: str) -> _Tables | None:
        """What the archive has; None when nothing was asked of this filing."""
        if not await asyncio.to_thread(self._archive.has, rcept_no, SUFFIX):
            return None
        tables: _Tables = json.loads(await asyncio.to_thread(self._archive.get, rcept_no, SUFFIX))
        return tables


def _reports(due: Sequence[Row]) -> list[_Report]:
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in due:
        if named := _PERIODIC.match(bare_report(row["report_nm"])):
            found[row["corp_code"], "".join(named.groups())].append(row)
    return [_Report(rows) for rows in found.values()]


def _lacks_document(row: Row) -> bool:
    return row["document"] in ("absent", "unreadable")
