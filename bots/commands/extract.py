"""`gongsi etl extract` and `gongsi etl refresh`: DART into the archive, and from there into the database."""

import asyncio
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bots.commands.etl import load_transformed, report
from bots.progress import progress
from core.errors import DartUnavailable, GongsiError, StoreError
from core.korean import korean_today
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from core.etl.extract import Fetched
    from core.etl.extract_tables import Asked


def extract(
    plan: Annotated[
        bool, typer.Option("--plan", help="목록만 받아, 몇 번 부르고 얼마나 걸릴지 알려 줍니다")
    ] = False,
) -> None:
    fetched, asked = asyncio.run(_extract(load_settings(), plan=plan))
    if fetched:
        _finish(fetched, asked)


def refresh(
    full: Annotated[
        bool, typer.Option("--full", help="목록을 universe.since부터 다시 받아, 빠진 공시를 채웁니다")
    ] = False,
) -> None:
    """What was fetched before is loaded even when OpenDART gives nothing now; then that is said."""
    from core.etl.refresh import transform_fetched
    from core.wiring.etl import open_archive, open_shards
    from core.wiring.extract import remember_success, supplements_used, waiting_filings

    settings = load_settings()
    fetched, asked, failure = None, None, None
    try:
        fetched, asked = asyncio.run(_extract(settings, full=full))
    except StoreError:
        raise
    except GongsiError as error:
        failure = error
    rows = asyncio.run(waiting_filings(settings))
    if rows:
        made = transform_fetched(rows, open_archive(settings), open_shards(settings), progress())
        report(made.then(load_transformed(settings)))
        supplements_used(settings, [row["rcept_no"] for row in rows])
    else:
        sys.stdout.write("새로 넣을 공시가 없습니다.\n")
    if failure:
        raise failure
    if fetched:
        _finish(fetched, asked)
    remember_success(settings, "refresh")


async def _extract(
    settings: Settings, *, plan: bool = False, full: bool = False
) -> "tuple[Fetched | None, Asked | None]":
    """What was fetched and asked; None for a plan.

    OpenDART's tables come last: calls that are left for today go to documents first.
    """
    from core.wiring.extract import extract_status, link_filings, open_extract

    statements = settings.universe.statements
    async with open_extract(settings, progress()) as (made, tables):
        await made.list_new(settings.universe, korean_today(), full=full)
        listing = made.calls
        await asyncio.to_thread(link_filings, settings)
        status = await asyncio.to_thread(extract_status, settings)
        asks = await tables.calls(statements=statements)
        said = _plan(listing, status, asks, settings.dart.calls_per_second, settings.dart.daily_limit)
        if plan:
            sys.stdout.write(said)
            return None, None
        sys.stderr.write(said)
        fetched = await made.fetch()
        return fetched, None if fetched.stopped else await tables.fetch(statements=statements)


def _plan(listing: int, status: Mapping[str, Any], asks: int, per_second: float, daily_limit: int) -> str:
    """Every document is one call, `asks` are those of OpenDART's tables; retries come on top."""
    documents, left = status["to_fetch"], status["calls_left"]
    calls = documents + asks
    minutes = max(1, round(calls / per_second / 60)) if calls else 0
    days = -(-(calls - left) // daily_limit) if calls > left else 0
    more = f" (모자라서 {days:,}일 더 이어서 실행해야 합니다)" if days else ""
    fetch = f"{documents:,}번 (받을 공시 {documents:,}건)" if documents else "0번 (새로 받을 공시가 없습니다)"
    lines = [
        ("목록 호출", f"{listing:,}번 (끝남)"),
        ("원본 호출", fetch),
        *([("재무제표·주요정보 호출", f"{asks:,}번")] if asks else []),
        ("예상 시간", f"적어도 {minutes:,}분" if calls else "-"),
        ("오늘 남은 호출", f"{left:,}번{more}"),
    ]
    return "".join(f"{name}: {value}\n" for name, value in lines)


def _finish(fetched: "Fetched", asked: "Asked | None") -> None:
    """Raises what stopped the run, or DartUnavailable when some documents or tables could not be had."""
    failed = [*fetched.failed, *(asked.failed if asked else ())]
    for rcept_no, reason in failed:
        sys.stderr.write(f"받지 못함 {rcept_no}: {reason}\n")
    absent = f", 원본 없음 {fetched.absent:,}건" if fetched.absent else ""
    left = f", 남음 {fetched.left:,}건" if fetched.left else ""
    tables = f", 재무제표·주요정보 {asked.kept:,}건" if asked and asked.kept else ""
    sys.stdout.write(f"받음 {fetched.fetched:,}건{absent}{left}{tables}\n")
    stopped = fetched.stopped or (asked.stopped if asked else None)
    if stopped:
        raise stopped
    if failed:
        raise DartUnavailable("받지 못한 공시는 같은 명령을 다시 실행하면 받습니다.")
