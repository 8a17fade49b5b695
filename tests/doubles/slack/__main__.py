"""`python -m tests.doubles.slack --port 8100`: prints its address, then serves until it is stopped."""

import argparse
import asyncio
import signal
import sys
from typing import get_args

from tests.doubles.slack.limits import Limits
from tests.doubles.slack.server import Slack, serve


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--limits", choices=get_args(Limits), default="off")
    parser.add_argument("--teams", type=int, default=1)
    chosen = parser.parse_args()
    slack = Slack(limits=chosen.limits)
    for number in range(2, chosen.teams + 1):
        slack.add_team(f"T{number}")
    async with serve(slack, chosen.port):
        sys.stdout.write(f"{slack.api.base}\n")
        sys.stdout.flush()
        stopped = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stopped.set)
        await stopped.wait()


asyncio.run(main())
