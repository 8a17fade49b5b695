"""A worker in a process of its own, to be killed and frozen: `python -m tests.doubles.worker '{…}'`.

Says on its standard output, a line each, what a test waits for: `ready`, `freezing`, `lost` when it
lost a lease, `drained`.
"""
# ruff: noqa: T201

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, cast

from bots.message import Incoming, Place, Reply, says
from bots.worker import Worker
from core.settings import Serve
from core.wiring.inbox import connect_inbox
from tests.doubles.channel import FakeChannel, Faults, Wall, hostile, no_faults

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Told:
    """`freeze`: `stop OPERATION` or `stopped OPERATION`, at which it says `freezing` and sends itself
    SIGSTOP, once. `seed`: faults by chance.
    """

    inbox: str
    screen: str
    lease_seconds: int = 1
    talk_seconds: float = 0.05
    frames: int = 2
    looks: bool = True
    seed: int | None = None
    freeze: str = ""
    latency: float = 0.005


class Process:
    """The subprocess, seen from the test."""

    def __init__(self, popen: "subprocess.Popen[str]") -> None:
        self._popen = popen
        self.pid = popen.pid

    def heard(self, line: str) -> None:
        """Return once it has said `line`; fails when it ends before."""
        for said in cast(IO[str], self._popen.stdout):
            if said.strip() == line:
                return
        raise AssertionError(f"ended without saying {line!r}")

    def signal(self, number: int) -> None:
        self._popen.send_signal(number)

    def wait(self, seconds: float = 10) -> int:
        return self._popen.wait(seconds)


@contextmanager
def running(told: Told) -> Iterator[Process]:
    """Ready to claim; killed at the end."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.doubles.worker", json.dumps(asdict(told))],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as popen:
        process = Process(popen)
        try:
            process.heard("ready")
            yield process
        finally:
            popen.kill()


async def main(told: Told) -> None:
    faults = hostile(told.seed) if told.seed is not None else no_faults
    channel = FakeChannel(
        Wall(told.screen), freezing(faults, told.freeze), looks=told.looks, latency=told.latency
    )
    serve = Serve(concurrency=4, lease_seconds=told.lease_seconds, drain_seconds=5, attempts=5)

    async def talk(incoming: Incoming, show: Callable[[str], Awaitable[None]]) -> Reply | None:
        for n in range(told.frames):
            await show(f"{incoming.text} 쓰는 중 {n}")
            await asyncio.sleep(told.talk_seconds / told.frames)
        return says(f"답 {incoming.text} ({os.getpid()})")

    async with connect_inbox(told.inbox, serve) as inbox:
        worker = Worker(inbox, {"telegram": channel, "slack": channel}, talk, serve, call_seconds=1.0)
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stopping.set)
        work = asyncio.create_task(worker.run())
        print("ready", flush=True)
        lost = 0
        while not stopping.is_set():
            if worker.counters.lost > lost:
                lost = worker.counters.lost
                print("lost", flush=True)
            await asyncio.sleep(0.02)
        await worker.drain(5)
        await work
        print("drained", flush=True)


def freezing(faults: Faults, freeze: str) -> Faults:
    how, _, which = freeze.partition(" ")
    left = [which]

    def fault(operation: str, place: Place) -> str:
        if operation in left:
            left.remove(operation)
            print("freezing", flush=True)
            return how
        return faults(operation, place)

    return fault


if __name__ == "__main__":
    asyncio.run(main(Told(**json.loads(sys.argv[1]))))
