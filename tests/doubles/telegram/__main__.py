"""`python -m tests.doubles.telegram --port 8081`: a Telegram that outlives the bots that tests kill."""

import argparse
import asyncio
import json
import sys

from tests.doubles.telegram.faults import Faults
from tests.doubles.telegram.flood import Limits
from tests.doubles.telegram.server import TOKEN, TelegramDouble


async def _serve(port: int, token: str, faults: dict[str, float], *, limited: bool) -> None:
    double = TelegramDouble(port=port, token=token, limits=Limits(enforced=limited), faults=Faults(**faults))
    async with double:
        sys.stdout.write(f"{double.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--faults", type=json.loads, default={}, help='JSON, e.g. {"busy": 0.05, "seed": 7}')
    parser.add_argument("--no-limits", action="store_true")
    given = parser.parse_args()
    asyncio.run(_serve(given.port, given.token, given.faults, limited=not given.no_limits))


if __name__ == "__main__":
    main()
