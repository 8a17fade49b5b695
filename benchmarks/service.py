"""The whole service under load and faults: `python -m benchmarks.service [--users 200] [scenario …]`.

Scenarios: plain, faults, sigterm, sigkill, replicas; latency, overhead, idle, and soak where it is named.
Each starts the service anew against the loopback Telegram and Slack, which outlive it as other processes.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from core.settings import load_settings
from core.store.connect import open_database
from core.store.embedded import EmbeddedPostgres
from tests.doubles.crowd import FAULTS, QUESTIONS, Crowd, Running, Seen, Service, Telegram, set_faults
from tests.doubles.slack import Remote

ROOT = Path(__file__).parents[1]
HANG = 12.0
ROUND = 4.0  # seconds between two questions of a person
UNPACED = {"TELEGRAM__MESSAGES_PER_SECOND": "10000", "SLACK__MESSAGES_PER_SECOND": "10000"}
LATER = 5.0  # Slack delivers what a dead process did not acknowledge once more after 3 s, behind newer events


@contextmanager
def _stage(limits: bool, **more: str) -> Iterator[Service]:
    """Doubles, a database with the samples, and the service still to be started."""
    from bots.commands.etl import import_paths

    with TemporaryDirectory(prefix="gongsi-service-") as folder:
        data = Path(folder)
        server = EmbeddedPostgres(data / "postgres")
        url = server.start()
        settings = load_settings()
        settings = settings.model_copy(
            update={
                "database": settings.database.model_copy(update={"url": url}),
                "paths": settings.paths.model_copy(update={"data": data}),
            }
        )
        open_database(settings)
        import_paths([ROOT / "samples"], settings, quiet=True)
        try:
            options = ("--limits", "channel") if limits else ()
            with (
                Telegram.start(*(() if limits else ("--no-limits",))) as telegram,
                Remote.start(0, *options) as slack,
            ):
                yield Service(telegram, slack, url, data, more)
        finally:
            server.stop()


def _told(name: str, seen: Seen, seconds: float, more: str = "") -> bool:
    faults = f"{seen.lost} lost, {seen.doubled} doubled, {seen.disordered} disordered"
    faults += f" ({seen.overtaken} of Slack's)" if seen.overtaken else ""
    print(
        f"{name:9} {seen.asked:5} asked, {faults}, {seen.orphans} orphan placeholders, {seconds:.1f} s {more}"
    )
    for text in seen.strange[:5]:
        print(f"    strange: {text!r}")
    return seen.right


def plain(users: int) -> bool:
    return _crowd("plain", users, faults=False)


def faults(users: int) -> bool:
    return _crowd("faults", users, faults=True)


def _crowd(name: str, users: int, *, faults: bool) -> bool:
    with _stage(limits=False) as service, service.start() as running:
        running.wait_ready()
        if faults:
            set_faults(service.telegram, service.slack, HANG, **FAULTS)
        crowd, started = Crowd(service.telegram, service.slack, users), time.monotonic()
        _rounds(crowd)
        seen = crowd.finish(300)
        return _told(name, seen, time.monotonic() - started, _flow(running))


def _rounds(crowd: Crowd, between: Callable[[int], None] = lambda _: None) -> None:
    for n in range(len(QUESTIONS)):
        crowd.ask(n)
        between(n)
        time.sleep(ROUND)


def sigterm(users: int) -> bool:
    """Ended in the middle, as an operator does, and started again."""
    with _stage(limits=False) as service:
        set_faults(service.telegram, service.slack, HANG, **FAULTS)
        crowd, started = Crowd(service.telegram, service.slack, users), time.monotonic()
        with service.start() as first:
            first.wait_ready()
            crowd.ask(0)
            crowd.ask(1)
            code, took = first.terminate()
        with service.start():
            crowd.ask(2)
            seen = crowd.finish(300)
        good = _told("sigterm", seen, time.monotonic() - started, f"exit {code} in {took:.1f} s")
        return good and code == 0 and took <= 20


def sigkill(users: int) -> bool:
    """Killed twice in the middle of it, with faults on."""
    with _stage(limits=False) as service:
        set_faults(service.telegram, service.slack, HANG, **FAULTS)
        crowd, started = Crowd(service.telegram, service.slack, users), time.monotonic()
        for n in range(2):
            with service.start() as running:
                running.wait_ready()
                crowd.ask(n)
                time.sleep(1.0)
                running.process.kill()
        with service.start():
            crowd.ask(2)
            seen = crowd.finish(300)
        return _told("sigkill", seen, time.monotonic() - started)


def replicas(users: int) -> bool:
    """Two at once on one database; the one that started first, and polls, is killed in the middle."""
    with _stage(limits=False) as service:
        set_faults(service.telegram, service.slack, HANG, **FAULTS)
        crowd, started = Crowd(service.telegram, service.slack, users), time.monotonic()
        with service.start() as first:
            first.wait_ready()
            with service.start() as second:
                second.wait_ready()
                crowd.ask(0)
                time.sleep(1.0)
                crowd.ask(1)
                first.process.kill()
                time.sleep(LATER)
                crowd.ask(2)
                seen = crowd.finish(300)
        return _told("replicas", seen, time.monotonic() - started)


def latency() -> bool:
    """20 people at a time, the platforms' limits enforced: from a message to its first visible text."""
    with _stage(limits=True) as service, service.start() as running:
        running.wait_ready()
        waited = []
        for round_ in range(5):
            people = [1_000 * (round_ + 1) + n for n in range(20)]
            asked = {}
            for person in people:
                asked[person] = time.monotonic()
                service.telegram.do("user_says", chat=person, text=QUESTIONS[person % 3][0])
            while asked:
                rooms = service.telegram.do("transcript")
                seen = [p for p in asked if any(one["bot"] for one in rooms.get(str(p), ()))]
                waited += [time.monotonic() - asked.pop(person) for person in seen]
                time.sleep(0.02)
            time.sleep(2.0)
        waited.sort()
        floods = service.telegram.do("counts")
        p50, p95 = waited[len(waited) // 2], waited[int(len(waited) * 0.95)]
        first = f"first visible text p50 {p50:.2f} s, p95 {p95:.2f} s"
        print(f"latency   {len(waited)} messages, {first}; calls: {floods}")
        return p95 <= 1.5


def overhead() -> bool:
    """CPU of the service for a message that needs neither model nor retrieval."""
    with _stage(limits=False, **UNPACED) as service, service.start() as running:
        running.wait_ready()
        process = psutil.Process(running.process.pid)
        _commands(service, running, 200)
        before = _cpu(process)
        count = _commands(service, running, 1_000)
        spent = (_cpu(process) - before) / count * 1000
        print(f"overhead   {count} commands, {spent:.2f} ms CPU each, {_memory(process):.0f} MB")
        return spent <= 5


def soak() -> bool:
    """Memory over 50,000 messages."""
    with _stage(limits=False, **UNPACED) as service, service.start() as running:
        running.wait_ready()
        process = psutil.Process(running.process.pid)
        sizes = []
        for _ in range(10):
            _commands(service, running, 5_000)
            sizes.append(_memory(process))
        print("soak       50,000 commands, MB after each 5,000: " + " ".join(f"{size:.0f}" for size in sizes))
        return sizes[-1] <= sizes[2] * 1.05


def idle() -> bool:
    with _stage(limits=False) as service, service.start() as running:
        running.wait_ready()
        process = psutil.Process(running.process.pid)
        time.sleep(5)
        before = _cpu(process)
        time.sleep(30)
        share = (_cpu(process) - before) / 30 * 100
        print(f"idle       {share:.2f} % of a core, {_memory(process):.0f} MB")
        return share <= 2


def _commands(service: Service, running: Running, count: int) -> int:
    """`count` times /usage, half on each platform, until all are delivered."""
    target = running.metric("gongsi_delivered") + count
    for n in range(count // 2):  # few enough in each chat that its own pace holds nothing back
        service.telegram.do("user_says", chat=n % 500 + 1, text="/usage")
        service.slack.do("dm", team="T1", user=f"U{n % 500 + 1}", text="help")
    while running.metric("gongsi_delivered") < target:
        time.sleep(1.0)  # every look costs the service 4 ms of CPU
    return count


def _flow(running: Running) -> str:
    return f"({running.metric('gongsi_retried'):.0f} put off)"


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _memory(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 1e6)


CROWDS: dict[str, Callable[[int], bool]] = {
    one.__name__: one for one in (plain, faults, sigterm, sigkill, replicas)
}
OTHERS: dict[str, Callable[[], bool]] = {one.__name__: one for one in (latency, overhead, idle, soak)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("scenarios", nargs="*")
    given = parser.parse_args()
    known = [*CROWDS, *OTHERS]
    if unknown := set(given.scenarios) - set(known):
        parser.error(f"{', '.join(sorted(unknown))}: one of {', '.join(known)}")
    missed = []
    for name in given.scenarios or [name for name in known if name != "soak"]:
        good = CROWDS[name](given.users) if name in CROWDS else OTHERS[name]()
        missed += [] if good else [name]
    if missed:
        print(f"missed: {', '.join(missed)}")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
