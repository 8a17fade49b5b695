"""`gongsi etl extract` and `gongsi etl refresh`: DART into the archive, and from there into the database."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bots.commands.etl import load_transformed, report
from bots.progress import progress
from core.errors import DartUnavailable
from core.korean import korean_today
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from core.etl.extract import Fetched


def extract(
    plan: Annotated[
        bool, typer.Option("--plan", help="목록만 받아, 몇 번 부르고 얼마나 걸릴지 알려 줍니다")
    ] = False,
) -> None:
    settings = load_settings()
    fetched, _ = asyncio.run(_extract(settings, plan=plan))
    if fetched:
        _finish(fetched)


def refresh() -> None:
    from core.etl.refresh import transform_fetched
    from core.wiring import open_archive, open_shards

    settings = load_settings()
    fetched, rows = asyncio.run(_extract(settings))
    if rows:
        made = transform_fetched(rows, open_archive(settings), open_shards(settings), progress())
        report(made.then(load_transformed(settings)))
    else:
        sys.stdout.write("새로 넣을 공시가 없습니다.\n")
    if fetched:
        _finish(fetched)


async def _extract(
    settings: Settings, *, plan: bool = False
) -> "tuple[Fetched | None, Sequence[dict[str, Any]]]":
    """What was fetched, None for a plan; and the rows that wait to be loaded."""
    from core.wiring import extract_status, open_extract

    async with open_extract(settings, progress()) as made:
        await made.list_new(settings.universe, korean_today())
        status = await asyncio.to_thread(extract_status, settings)
        said = _plan(status, settings.dart.calls_per_second, settings.dart.daily_limit)
        if plan:
            sys.stdout.write(f"{said}\n")
            return None, []
        sys.stderr.write(f"{said}\n")
        return await made.fetch(), await made.unloaded()


def _plan(status: Mapping[str, Any], per_second: float, daily_limit: int) -> str:
    """Every document is one call; retries come on top."""
    count, left = status["to_fetch"], status["calls_left"]
    if not count:
        return "새로 받을 공시가 없습니다."
    minutes = max(1, round(count / per_second / 60))
    said = f"받을 공시 {count:,}건: OpenDART를 {count:,}번 부르며 적어도 {minutes:,}분쯤 걸립니다."
    if count <= left:
        return f"{said} 오늘 남은 호출은 {left:,}번입니다."
    days = -(-(count - left) // daily_limit)
    return f"{said} 오늘 남은 호출이 {left:,}번이라 {days:,}일 더 이어서 실행해야 합니다."


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
