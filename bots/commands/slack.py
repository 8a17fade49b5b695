"""`gongsi slack`: what Slack wants to know of the bot."""

import json
import sys
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True)


@app.callback()
def slack() -> None:
    """One command in a group stays a group."""


@app.command(
    help="슬랙 앱의 manifest를 출력합니다: api.slack.com/apps 의 Create New App → From a manifest에 붙이세요."
)
def manifest(
    http: Annotated[
        str | None,
        typer.Option(
            "--http", help="Socket Mode 대신 HTTP로 받을 때, 밖에서 보이는 https 주소", metavar="URL"
        ),
    ] = None,
    redirect: Annotated[
        str | None,
        typer.Option(
            "--redirect", help="여러 워크스페이스에 설치하게 할 때, OAuth가 돌아올 https 주소", metavar="URL"
        ),
    ] = None,
) -> None:
    from bots.slack.manifest import manifest as made
    from core.errors import InputError

    for address in (http, redirect):
        if address is not None and not address.startswith("https://"):
            raise InputError(f"https://로 시작하는 주소가 필요합니다: {address}")
    sys.stdout.write(json.dumps(made(http=http, redirect=redirect), ensure_ascii=False, indent=2) + "\n")
