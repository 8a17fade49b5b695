"""`gongsi serve` and `gongsi worker`."""

import asyncio
from typing import Annotated

import typer

from core.errors import InputError
from core.settings import load_settings


def serve(
    demo: Annotated[
        bool,
        typer.Option("--demo", help="토큰 없이, 흉내 내는 텔레그램·슬랙과 예시 공시로 대화를 보여 줍니다"),
    ] = False,
) -> None:
    if demo:
        try:
            from bots.service_demo import demonstrate
        except ModuleNotFoundError as error:
            if error.name and error.name.startswith("tests"):
                raise InputError(
                    "serve --demo는 저장소에서만 됩니다(tests/doubles가 있어야 합니다)."
                ) from None
            raise
        asyncio.run(demonstrate(load_settings()))
        return
    _run(receiving=True)


def worker() -> None:
    _run(receiving=False)


def _run(*, receiving: bool) -> None:
    from bots.logs import start_logging
    from bots.service import serve as run

    settings = load_settings()
    start_logging(settings)
    asyncio.run(run(settings, receiving=receiving))
