"""`gongsi digest …`: what subscribers are told, now or of a past day."""

import asyncio
import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import InputError
from core.korean import korean_today
from core.settings import load_settings

if TYPE_CHECKING:
    from core.digest.subscriber import Subscriber

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """지켜보는 회사의 공시를 하루에 한 번 모아 알립니다."""


@app.command(
    "run", help="하루 요약을 지금 만들어 보냅니다: 서비스가 받아 갈 곳에 넣으며, 두 번 넣지 않습니다."
)
def run(
    day: Annotated[
        str, typer.Option("--date", metavar="YYYY-MM-DD", help="며칠의 요약인지; 비우면 오늘")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="보내지 않고 보여 주기만 합니다")] = False,
) -> None:
    try:
        asked = date.fromisoformat(day) if day else korean_today()
    except ValueError:
        raise InputError(f"날짜는 2025-08-11 꼴이어야 합니다: {day}") from None
    asyncio.run(_show(asked) if dry_run else _send(asked))


async def _show(day: date) -> None:
    from bots.digest import digest_text
    from bots.jobs import open_sending

    shown = 0
    async with open_sending(load_settings()) as (_, sending):
        async for subscriber, digest in sending.preview(day):
            sys.stdout.write(f"── {_whom(subscriber)} · {digest.level.korean} ──\n{digest_text(digest)}\n\n")
            shown += 1
    sys.stderr.write(f"{shown:,}곳에 보낼 내용입니다. 보내지 않았습니다.\n")


async def _send(day: date) -> None:
    from bots.jobs import open_sending

    async with open_sending(load_settings()) as (_, sending):
        put = await sending.daily(day)
    sys.stdout.write(f"{put:,}곳에 보낼 요약을 넣었습니다.\n" if put else "보낼 요약이 없습니다.\n")


def _whom(subscriber: "Subscriber | None") -> str:
    if subscriber is None:
        return "구독자가 없어, 전체 중요 공시를 보는 사람이 받을 내용"
    at = subscriber.address
    return f"{at.platform}:{at.chat}" + (f":{at.thread}" if at.thread else "")
