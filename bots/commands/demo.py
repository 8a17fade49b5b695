"""`gongsi demo`: the bundled samples, one question at three levels, then a talk."""

import asyncio
import sys
from datetime import date
from pathlib import Path
from uuid import uuid4

from bots.commands.ask import talk
from bots.commands.etl import import_paths
from bots.console import Console
from core.model import Level
from core.settings import load_settings

_QUESTION = "가온전자 2024년 영업이익이 얼마나 늘었어? 왜 그런 거야?"
_TODAY = date(2025, 11, 24)  # the samples end in November 2025
_USER = "demo"


def demo() -> None:
    settings = load_settings()
    import_paths([samples()], settings, quiet=True)
    asyncio.run(_demo())


def samples() -> Path:
    """Beside the program in a checkout, inside the package in a wheel."""
    root = Path(__file__).parents[2]
    return next(p for p in (root / "samples", root / "core" / "samples") if p.is_dir())


async def _demo() -> None:
    from bots.conversation import open_conversation

    async with open_conversation(load_settings()) as conversation:
        sys.stdout.write("예시 회사(가온전자, 누리바이오, 다솜건설)는 모두 지어낸 것입니다.\n")
        for level in Level:
            sys.stdout.write(f"\n━━ {level.korean} ━━ {_QUESTION}\n\n")
            guide = f"{_USER}:{uuid4().hex}"
            console = Console(conversation.fixed(level, _TODAY), guide, guide)
            await console.say(_QUESTION)
            await console.leave(forget=True)
        if sys.stdin.isatty():
            sys.stdout.write("\n")
            await talk(Console(conversation.fixed(None, _TODAY), _USER, _USER))
