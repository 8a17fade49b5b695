"""A language model that judges levels: bounded, kept with the message, and gone with the person."""

import asyncio
import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langgraph.store.memory import InMemoryStore

from core.model import Level
from core.profile.cues import load_directions
from core.profile.estimate import Estimate, judge, load_weights, observe
from core.profile.glossary import load_glossary
from core.profile.judgement import Judgement
from core.profile.profile import Profile
from core.profile.profiles import Profiles
from core.profile.reactions import said
from core.profile.signals import Reader, Reading, Signal
from tests.doubles.link_codes import LocalLinkCodes
from tests.doubles.turns import LocalTurns

PLAIN = Reader(load_glossary(), lambda _: ())
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
EXPERT = "전환가액 리픽싱 조항 원문이랑 희석 후 EPS 가정"


class Clock:
    at = START

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=3)
        return self.at


@pytest.fixture
def profiles() -> Profiles:
    return Profiles(InMemoryStore(), PLAIN, LocalTurns(), LocalLinkCodes(), now=Clock())


class Judge:
    """Says the same of everybody, and remembers what it was shown."""

    def __init__(self, level: Level | None, meanwhile: Any = None) -> None:
        self.level, self.meanwhile = level, meanwhile
        self.shown: list[Sequence[str]] = []

    async def judge(self, messages: Sequence[str]) -> Judgement | None:
        self.shown.append(messages)
        if self.meanwhile:
            await self.meanwhile()
        return self.level and Judgement(self.level, messages[-1][:10])


async def answer(profiles: Profiles, person: str, *texts: str) -> Profile:
    """As the graph does with a message that it answered."""
    for text in texts:
        at, known = profiles.now(), await profiles.get(person)
        await profiles.note(person, text, at, (known, profiles.read(known, text, at)))
    return await profiles.get(person)


def test_a_model_that_judges_is_one_reason_of_several(profiles: Profiles) -> None:
    judge = Judge(Level.ADVANCED)
    asked = replace(profiles, judge=judge)

    async def story() -> None:
        plain = await answer(profiles, "plain", "가온전자", "매출액은?")
        moved = await answer(asked, "moved", "가온전자", "매출액은?")
        assert moved.belief().advanced > plain.belief().advanced
        assert moved.level is plain.level is Level.INTERMEDIATE
        assert judge.shown == [["가온전자"], ["가온전자", "매출액은?"]]
        assert "언어 모델도 고급으로 봄" in [one.says for one in moved.reasons]
        await asked.note("moved", said("good", Level.ADVANCED), profiles.now())
        assert len(judge.shown) == 2  # buttons have no words
        await answer(asked, "pastes", f"「{'전환가액 리픽싱 조항' * 3}」 이건요?")
        assert judge.shown[2:] == [["이건요?"]]
        again = Profile.from_json({**moved.to_json(), "version": "0"}, PLAIN)
        assert again == moved  # made anew without asking the model again
        assert Profile.from_json(json.loads(json.dumps(moved.to_json())), PLAIN) == moved

    asyncio.run(story())


def test_a_model_that_says_nothing_changes_nothing(profiles: Profiles) -> None:
    asked = replace(profiles, judge=Judge(None))
    once = asyncio.run(answer(asked, "a", EXPERT))
    assert all(one.judged is None for one in once.recent)
    assert once.estimate.judged == (0.0, 0.0)


def test_who_writes_on_or_is_forgotten_while_the_model_thinks(profiles: Profiles) -> None:
    async def story() -> None:
        async def forget() -> None:
            await profiles.forget("a")

        async def write() -> None:
            await profiles.note("a", "배당은?", profiles.now())

        await answer(replace(profiles, judge=Judge(Level.ADVANCED, forget)), "a", EXPERT)
        assert (await profiles.get("a")) == Profile()
        kept = await answer(replace(profiles, judge=Judge(Level.ADVANCED, write)), "a", EXPERT)
        assert [one.judged for one in kept.recent] == [None, None]

    asyncio.run(story())


@given(
    st.lists(st.sampled_from(sorted(load_directions())), max_size=8),
    st.lists(st.sampled_from(list(Level)), max_size=60),
)
def test_a_model_moves_a_step_by_half_a_nat_at_most(shown: list[str], levels: list[Level]) -> None:
    """However often it says so: the odds of two neighbouring levels change by e^0.5 at most."""
    plain, weights = Estimate(), load_weights()
    for at, name in enumerate(shown):
        reading = Reading([Signal(name, 1.0, "")], {"재무제표": 1.0})
        plain = observe(plain, reading, START + timedelta(minutes=at), weights)
    moved = plain
    for level in levels:
        moved = judge(moved, level, weights)
    before, now = plain.belief(weights), moved.belief(weights)
    for low, high in (("beginner", "intermediate"), ("intermediate", "advanced")):
        old, new = (math.log(getattr(one, high) / getattr(one, low)) for one in (before, now))
        assert abs(new - old) <= 0.5 + 1e-6


@pytest.mark.parametrize("level", Level)
def test_a_model_alone_decides_nothing(level: Level) -> None:
    estimate = Estimate()
    for at in range(50):
        estimate = judge(estimate, level, load_weights())
        estimate = observe(estimate, Reading([], {}), START + timedelta(minutes=at), load_weights())
        assert estimate.belief(load_weights()).level is Level.INTERMEDIATE
