"""`gongsi etl extract` and `gongsi etl refresh`: DART into the archive, and from there into the database."""

import asyncio
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bots.commands.etl import report
from bots.progress import progress
from core.errors import DartUnavailable, GongsiError, StoreError
from core.korean import korean_today
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from core.etl.extract import Fetched


def extract(
    plan: Annotated[
        bool, typer.Option("--plan", help="목록만 받아, 몇 번 부르고 얼마나 걸릴지 알려 줍니다")
    ] = False,
) -> None:
    fetched = asyncio.run(_extract(load_settings(), plan=plan))
    if fetched:
        _finish(fetched)


def refresh() -> None:
    """What was fetched before is loaded even when OpenDART gives nothing now; then that is said."""
    from core.etl.refresh import import_fetched
    from core.wiring import open_archive, open_destination, remember_success, waiting_filings

    settings = load_settings()
    fetched, failure = None, None
    try:
        fetched = asyncio.run(_extract(settings))
    except StoreError:
        raise
    except GongsiError as error:
        failure = error
    rows = asyncio.run(waiting_filings(settings))
    if rows:
        with open_destination(settings) as destination:
            outcome = import_fetched(
                rows, open_archive(settings), settings.paths.data, destination, progress()
            )
        report(outcome)
    else:
        sys.stdout.write("새로 넣을 공시가 없습니다.\n")
    if failure:
        raise failure
    if fetched:
        _finish(fetched)
    remember_success(settings, "refresh")


async def _extract(settings: Settings, *, plan: bool = False) -> "Fetched | None":
    """What was fetched; None for a plan."""
    from core.wiring import extract_status, open_extract

    async with open_extract(settings, progress()) as made:
        await made.list_new(settings.universe, korean_today())
        listing = made.calls
        status = await asyncio.to_thread(extract_status, settings)
        said = _plan(listing, status, settings.dart.calls_per_second, settings.dart.daily_limit)
        if plan:
            sys.stdout.write(said)
            return None
        sys.stderr.write(said)
        return await made.fetch()


def _plan(listing: int, status: Mapping[str, Any], per_second: float, daily_limit: int) -> str:
    """Every document is one call; retries come on top."""
    calls, left = status["to_fetch"], status["calls_left"]
    minutes = max(1, round(calls / per_second / 60)) if calls else 0
    days = -(-(calls - left) // daily_limit) if calls > left else 0
    more = f" (모자라서 {days:,}일 더 이어서 실행해야 합니다)" if days else ""
    lines = [
        ("목록 호출", f"{listing:,}번 (끝남)"),
        ("원본 호출", f"{calls:,}번 (받을 공시 {calls:,}건)" if calls else "0번 (새로 받을 공시가 없습니다)"),
        ("예상 시간", f"적어도 {minutes:,}분" if calls else "-"),
        ("오늘 남은 호출", f"{left:,}번{more}"),
    ]
    return "".join(f"{name}: {value}\n" for name, value in lines)


def _finish(fetched: "Fetched") -> None:
    """Raises what stopped the run, or DartUnavailable when some documents could not be had."""
    for rcept_no, reason in fetched.failed:
        sys.stderr.write(f"받지 못함 {rcept_no}: {reason}\n")
    absent = f", 원본 없음 {fetched.absent:,}건" if fetched.absent else ""
    left = f", 남음 {fetched.left:,}건" if fetched.left else ""
    sys.stdout.write(f"받음 {fetched.fetched:,}건{absent}{left}\n")
    if fetched.stopped:
        raise fetched.stopped
    if fetched.failed:
        raise DartUnavailable("받지 못한 공시는 같은 명령을 다시 실행하면 받습니다.")
