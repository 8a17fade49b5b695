"""`gongsi etl extract` and `gongsi etl refresh`: DART into the archive, and from there into the database."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bots.commands.etl import report
from bots.progress import progress
from core.errors import DartUnavailable
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
    settings = load_settings()
    fetched, asked, _ = asyncio.run(_extract(settings, plan=plan))
    if fetched:
        _finish(fetched, asked)


def refresh() -> None:
    from core.etl.refresh import import_fetched
    from core.wiring import open_archive, open_destination

    settings = load_settings()
    fetched, asked, rows = asyncio.run(_extract(settings))
    if rows:
        with open_destination(settings) as destination:
            outcome = import_fetched(
                rows, open_archive(settings), settings.paths.data, destination, progress()
            )
        report(outcome)
    else:
        sys.stdout.write("새로 넣을 공시가 없습니다.\n")
    if fetched:
        _finish(fetched, asked)


async def _extract(
    settings: Settings, *, plan: bool = False
) -> "tuple[Fetched | None, Asked | None, Sequence[dict[str, Any]]]":
    """What was fetched and asked, None for a plan; and the rows that wait to be loaded.

    OpenDART's tables come last: calls that are left for today go to documents first.
    """
    from core.wiring import extract_status, open_extract

    statements = settings.universe.statements
    async with open_extract(settings, progress()) as (made, tables):
        await made.list_new(settings.universe, korean_today())
        status = await asyncio.to_thread(extract_status, settings)
        asks = await tables.calls(statements=statements)
        said = _plan(status, asks, settings.dart.calls_per_second, settings.dart.daily_limit)
        if plan:
            sys.stdout.write(f"{said}\n")
            return None, None, []
        sys.stderr.write(f"{said}\n")
        fetched = await made.fetch()
        asked = None if fetched.stopped else await tables.fetch(statements=statements)
        return fetched, asked, await made.unloaded()


def _plan(status: Mapping[str, Any], asks: int, per_second: float, daily_limit: int) -> str:
    """Every document is one call, `asks` are those of OpenDART's tables; retries come on top."""
    calls, left = status["to_fetch"] + asks, status["calls_left"]
    if not calls:
        return "새로 받을 공시가 없습니다."
    minutes = max(1, round(calls / per_second / 60))
    tables = f"(재무제표와 주요정보 {asks:,}번 포함) " if asks else ""
    documents = f"받을 공시 {status['to_fetch']:,}건"
    said = f"{documents}: OpenDART를 {calls:,}번 {tables}부르며 적어도 {minutes:,}분쯤 걸립니다."
    if calls <= left:
        return f"{said} 오늘 남은 호출은 {left:,}번입니다."
    days = -(-(calls - left) // daily_limit)
    return f"{said} 오늘 남은 호출이 {left:,}번이라 {days:,}일 더 이어서 실행해야 합니다."


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
