"""`gongsi serve` as processes, asked by a crowd through faults and deaths: everything once, in order."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.settings import Settings
from tests.doubles.crowd import FAULTS, Crowd, Seen, Service, Telegram, set_faults
from tests.doubles.slack import Remote

PEOPLE = 6  # on each platform; benchmarks/service.py asks with 200
HANG = 3.0
LATER = 4.0  # Slack delivers what nobody acknowledged once more after 3 s


@pytest.fixture
def stage(fresh_samples: Settings, tmp_path: Path) -> Iterator[Service]:
    with Telegram.start("--no-limits") as telegram, Remote.start() as slack:
        yield Service(telegram, slack, fresh_samples.database.url, tmp_path)


@contextmanager
def crowd(stage: Service) -> Iterator[Crowd]:
    """Its faults begin when the service is up, so that a start is not what is tested."""
    people = Crowd(stage.telegram, stage.slack, PEOPLE)
    yield people
    seen = people.seen()
    assert seen == Seen(asked=PEOPLE * 2 * people.asked, orphans=seen.orphans), stage.log.read_text()[-3_000:]


def rage(stage: Service) -> None:
    set_faults(stage.telegram, stage.slack, HANG, **FAULTS)


def test_a_service_that_is_ended_and_one_that_is_killed_lose_and_double_nothing(stage: Service) -> None:
    with stage.start() as first:
        first.wait_ready()
        rage(stage)
        with crowd(stage) as people:
            people.ask(0)
            code, seconds = first.terminate()
            assert code == 0, stage.log.read_text()[-3_000:]
            assert seconds <= 20
            with stage.start() as second:
                second.wait_ready()
                people.ask(1)
                time.sleep(0.5)
                second.process.kill()
                with stage.start() as third:
                    third.wait_ready()
                    time.sleep(LATER)
                    people.ask(2)
                    people.finish(90)


def test_of_two_replicas_the_one_that_is_left_goes_on(stage: Service) -> None:
    with stage.start() as first:
        first.wait_ready()
        with stage.start() as second:
            second.wait_ready()
            rage(stage)
            with crowd(stage) as people:
                people.ask(0)
                time.sleep(0.5)
                first.process.kill()
                time.sleep(LATER)
                people.ask(1)
                people.finish(90)
