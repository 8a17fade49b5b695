"""Universe → list → document: what DART has that we have not, once each, through any crash.

A document is in the archive before its line is in raw/filings.jsonl, and there before the database
knows. Whatever the order of death, the next run finds the document where it got to.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from core.errors import DartError, GongsiError, QuotaExceeded
from core.etl.archive import Archive, Ledger, write_whole
from core.etl.opendart import OpenDart
from core.etl.universe import ALL, resolve
from core.ports import Progress, Reach, Receipts
from core.settings import Universe

_YEAR = timedelta(days=365)
_DAY_SECONDS = 24 * 3600
_OVERLAP = timedelta(days=3)  # asked again: the last day was not over
# Once a day further back: a filing is marked withdrawn (철) or corrected (정) weeks after it was received.
# A company's filings of a kind fit one page of 100 either way, so by company that costs no call more; all
# listed companies' come to some 7 pages a day of business, 300 calls of 19,000.
_MARKS = timedelta(days=60)
_PARALLEL = 5  # a large document takes about a second: five at once reach five calls a second
_GIVE_UP = 5  # documents in a row that failed four times each: OpenDART is down


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one run did; `stopped` is why it ended before all was there."""

    fetched: int
    absent: int
    failed: Sequence[tuple[str, str]]
    left: int
    stopped: GongsiError | None


class Extract:
    """One run at a time: the caller holds the lock."""

    def __init__(
        self, dart: OpenDart, receipts: Receipts, archive: Archive, raw: Path, progress: Progress
    ) -> None:
        self._dart = dart
        self._receipts = receipts
        self._archive = archive
        self._ledger = Ledger(raw / "filings.jsonl")
        self._corp_codes = raw / "corpCode.zip"
        self._progress = progress

    @property
    def calls(self) -> int:
        """How many calls of OpenDART were made, retries included."""
        return self._dart.calls

    async def list_new(self, universe: Universe, today: date, *, full: bool = False) -> int:
        """List what is new since the last time, and marks that came since; how many are to be fetched.

        `full`: from `universe.since` on, as if nothing had been listed, for what an earlier list lacked.

        Each window is remembered with its filings, so an interrupted listing goes on where it was.
        Raises InputError, DartError.
        """
        since = universe.since or today - _YEAR
        await self._receipts.adopt(await asyncio.to_thread(self._ledger.lines))
        corps = await self._universe(universe)
        self._progress.start("공시 목록을 받는 중", len(universe.kinds))
        try:
            for kind in universe.kinds:
                listed = await self._receipts.listed(kind)
                begins = {corp: since if full else _begin(listed.get(corp), since, today) for corp in corps}
                for begin, group in _groups(begins):
                    await self._list(kind, group, begin, today)
                    await self._receipts.marked(group, kind, today)
                self._progress.advance()
        finally:
            self._progress.finish()
        return len(await self._receipts.pending())

    async def fetch(self) -> Fetched:
        """Every pending document to the archive. A document that fails stays pending, others go on."""
        pending = await self._receipts.pending()
        run = _Run(iter(pending))
        self._progress.start("공시 원본을 받는 중", len(pending))
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(_PARALLEL, len(pending))):
                    group.create_task(self._work(run))
        finally:
            self._progress.finish()
        left = len(pending) - run.fetched - run.absent
        return Fetched(run.fetched, run.absent, run.failed, left, run.stopped)

    async def _universe(self, universe: Universe) -> Sequence[str]:
        """DART's list of companies is asked for once a day."""
        path = self._corp_codes
        if not path.exists() or time.time() - path.stat().st_mtime > _DAY_SECONDS:
            await asyncio.to_thread(write_whole, path, await self._dart.corp_codes())
        return await asyncio.to_thread(lambda: resolve(universe, path.read_bytes()))

    async def _list(self, kind: str, corps: Sequence[str], begin: date, today: date) -> None:
        """By company or all at once, whichever is fewer calls; the latter has to be asked once to know."""
        apart = ALL not in corps
        if apart and (len(corps) == 1 or len(corps) <= await self._dart.pages(begin, today, kind)):
            for corp in corps:
                async for window in self._dart.filings(begin, today, kind, corp):
                    await self._remember(window.rows, [corp], kind, window.since, window.through)
            return
        wanted = set(corps)
        async for window in self._dart.filings(begin, today, kind):
            rows = [
                row
                for row in window.rows
                if (row["corp_code"] in wanted if apart else (row.get("stock_code") or "").strip())
            ]
            await self._remember(rows, corps, kind, window.since, window.through)

    async def _remember(
        self, rows: Sequence[dict[str, Any]], corps: Sequence[str], kind: str, since: date, through: date
    ) -> None:
        await self._receipts.add([{**row, "kind": kind} for row in rows], corps, kind, since, through)

    async def _work(self, run: "_Run") -> None:
        """What concerns all stops every worker, each after the document it has in hand."""
        for row in run.rows:
            try:
                await self._one(row, run)
            except GongsiError as error:
                run.stopped = run.stopped or error
            if run.stopped:
                return
            self._progress.advance()

    async def _one(self, row: dict[str, Any], run: "_Run") -> None:
        try:
            await self._fetch(row, run)
            run.in_a_row = 0
        except QuotaExceeded:
            raise
        except DartError as error:
            run.failed.append((row["rcept_no"], str(error)))
            run.in_a_row += 1
            await self._receipts.settle(row["rcept_no"], "pending", str(error))
            if run.in_a_row >= _GIVE_UP:
                raise

    async def _fetch(self, row: dict[str, Any], run: "_Run") -> None:
        rcept_no = row["rcept_no"]
        if await asyncio.to_thread(self._archive.has, rcept_no):  # a run died before the line
            zipped: bytes | None = await asyncio.to_thread(self._archive.get, rcept_no)
        else:
            zipped = await self._dart.document(rcept_no)
            if zipped is not None:
                await asyncio.to_thread(self._archive.put, rcept_no, zipped)
        await asyncio.to_thread(self._ledger.add, row, zipped)
        await self._receipts.settle(rcept_no, "absent" if zipped is None else "fetched")
        if zipped is None:
            run.absent += 1
        else:
            run.fetched += 1


class _Run:
    """What the workers of one fetch share."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self.rows = rows
        self.fetched = self.absent = self.in_a_row = 0
        self.failed: list[tuple[str, str]] = []
        self.stopped: GongsiError | None = None


def _begin(known: Reach | None, since: date, today: date) -> date:
    """The day to list from: after what is known, unless that begins later than is wanted now."""
    if known is None or known.since > since:
        return since
    asked = known.marked is not None and known.marked >= today
    return max(since, known.through - (_OVERLAP if asked else _MARKS))


def _groups(begins: dict[str, date]) -> list[tuple[date, list[str]]]:
    groups: defaultdict[date, list[str]] = defaultdict(list)
    for corp, begin in begins.items():
        groups[begin].append(corp)
    return sorted(groups.items())
