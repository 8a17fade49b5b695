"""`gongsi doctor`: tries every part and says what to do about those that fail."""

import asyncio
import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from core.settings import load_settings

_MARKS = {"ok": "✓", "off": "·", "warn": "!", "fail": "✗"}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="JSON으로")] = False) -> None:
    """Exit code 3 when a part that is switched on fails."""
    failed = asyncio.run(_doctor(as_json=as_json))
    if failed:
        raise typer.Exit(3)


async def _doctor(*, as_json: bool) -> bool:
    from bots.doctor import examine

    checks = []
    async for check in examine(load_settings()):
        checks.append(check)
        if not as_json:
            sys.stdout.write(f"{_MARKS[check.state]} {check.name}: {check.said}\n")
            if check.remedy:
                sys.stdout.write(f"    → {check.remedy}\n")
            sys.stdout.flush()
    if as_json:
        sys.stdout.write(json.dumps([asdict(check) for check in checks], ensure_ascii=False) + "\n")
    return any(check.state == "fail" for check in checks)
