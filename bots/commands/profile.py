"""`gongsi profile …`: levels inferred from a history, and what is kept of a person."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bots.histories import profile_json, read_histories, replayed, told
from bots.texts.level import level_text
from core.errors import InputError
from core.settings import load_settings

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """대화에서 짐작한 지식 수준을 봅니다."""


@app.command(
    "replay", help="대화 파일(JSONL: user, messages[at, text])에서 수준을 짐작합니다. 저장하지 않습니다."
)
def replay(
    file: Annotated[Path, typer.Argument(help="JSONL 파일", show_default=False)],
) -> None:
    from core.wiring.models import build_reader

    histories = read_histories(file)
    reader = build_reader()
    for row in histories:
        sys.stdout.write(json.dumps(told(row, replayed(row, reader)), ensure_ascii=False) + "\n")


@app.command("show", help="어떤 사람의 지금 수준과 그렇게 본 까닭을 보여 줍니다.")
def show(
    identity: Annotated[str, typer.Argument(metavar="ID", help="ask --user에 쓴 이름, 또는 telegram:123 꼴")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON으로")] = False,
) -> None:
    asyncio.run(_show(identity, as_json=as_json))


async def _show(identity: str, *, as_json: bool) -> None:
    from core.wiring.answering import open_profiles

    person = identity if ":" in identity else f"cli:{identity}"
    async with open_profiles(load_settings()) as profiles:
        profile = await profiles.get(person)
    if not profile.estimate.messages and not profile.lock:
        raise InputError(f"아직 대화한 적이 없는 사람입니다: {identity}")
    if as_json:
        sys.stdout.write(json.dumps(profile_json(identity, profile), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(level_text(profile))
