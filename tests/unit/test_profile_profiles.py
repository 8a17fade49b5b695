"""Profiles as they are kept: one person over platforms, locked, exported, forgotten; and asked for depth."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from langgraph.store.memory import InMemoryStore

from bots.histories import profile_json, read_histories, replayed, told
from bots.level_picture import picture
from bots.texts.level import level_text
from core.errors import InputError
from core.model import Level
from core.profile.asks_depth import only_asks_depth, shifted
from core.profile.glossary import load_glossary
from core.profile.profile import Profile
from core.profile.profiles import Profiles
from core.profile.reactions import said
from core.profile.scorecard import Told, agreement, calibration_error, score
from core.profile.signals import Reader
from tests.doubles.link_codes import LocalLinkCodes
from tests.doubles.turns import LocalTurns

PLAIN = Reader(load_glossary(), lambda _: ())
EXPERT = "전환가액 리픽싱 조항 원문이랑 희석 후 EPS 가정"
CANARY = "카나리아곡괭이 유상증자가 뭐예요?"


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=3)
        return self.at


@pytest.fixture
def profiles() -> Profiles:
    return Profiles(InMemoryStore(), PLAIN, LocalTurns(), LocalLinkCodes(), now=Clock())


async def say(profiles: Profiles, person: str, *texts: str) -> Profile:
    for text in texts:
        await profiles.note(person, text, profiles.now())
    return await profiles.get(person)


def run(made: Any) -> Any:
    return asyncio.run(made)


def everything(profiles: Profiles) -> Iterator[str]:
    for space, items in profiles.store._data.items():  # type: ignore[attr-defined]
        for key, item in items.items():
            yield f"{space} {key} {json.dumps(item.value, ensure_ascii=False)}"
    yield from map(str, profiles.codes.kept.items())  # type: ignore[attr-defined]


def test_a_profile_outlives_the_session(profiles: Profiles) -> None:
    kept = run(say(profiles, "cli:me.too", EXPERT, EXPERT))
    assert kept.level is Level.ADVANCED
    assert kept.estimate.messages == 2
    assert run(profiles.get("cli:other")) == Profile()


def test_a_lock_holds_until_it_is_taken_off(profiles: Profiles) -> None:
    async def story() -> None:
        await profiles.lock("a", Level.BEGINNER)
        kept = await say(profiles, "a", EXPERT, EXPERT)
        assert (kept.level, kept.source) == (Level.BEGINNER, "override")
        await profiles.lock("a", None)
        kept = await profiles.get("a")
        assert (kept.level, kept.source) == (Level.ADVANCED, "inferred")

    run(story())


def test_forgetting_leaves_nothing(profiles: Profiles) -> None:
    async def story() -> None:
        await say(profiles, "telegram:1", CANARY)
        code = await profiles.link_code("telegram:1")
        await profiles.link("slack:U.1", code)
        await profiles.link_code("telegram:1")
        assert any("카나리아" in kept for kept in everything(profiles))
        await profiles.forget("slack:U.1")

    run(story())
    assert list(everything(profiles)) == []


def test_all_that_is_kept_is_exported(profiles: Profiles) -> None:
    run(say(profiles, "telegram:1", CANARY))
    kept = run(profiles.export("telegram:1"))
    assert CANARY in json.dumps(kept, ensure_ascii=False)
    assert run(profiles.export("nobody"))["profile"] is None


def test_linked_accounts_are_one_person(profiles: Profiles) -> None:
    async def story() -> None:
        await say(profiles, "telegram:1", EXPERT)
        await say(profiles, "slack:U1", "영업권 손상검사 회수가능액 주석")
        await profiles.link("slack:U1", (await profiles.link_code("telegram:1")).lower())
        one, other = await profiles.get("telegram:1"), await profiles.get("slack:U1")
        assert one == other
        assert one.estimate.messages == 2
        assert set(one.topics()) >= {"자본조달", "재무제표"}
        await say(profiles, "slack:U1", EXPERT)
        assert (await profiles.get("telegram:1")).estimate.messages == 3

    run(story())


def test_a_code_works_once_and_not_for_long(profiles: Profiles) -> None:
    async def story() -> None:
        code = await profiles.link_code("telegram:1")
        await profiles.link("slack:U1", code)
        for wrong in (code, "AAAA", ""):
            with pytest.raises(InputError, match="연결 코드"):
                await profiles.link("slack:U2", wrong)
        late = await profiles.link_code("telegram:1")
        profiles.now.at += timedelta(minutes=20)  # type: ignore[attr-defined]
        with pytest.raises(InputError, match="연결 코드"):
            await profiles.link("slack:U2", late)
        with pytest.raises(InputError, match="이미 연결"):
            await profiles.link("slack:U1", await profiles.link_code("telegram:1"))

    run(story())


def test_of_two_who_give_a_code_at_once_one_is_linked(profiles: Profiles) -> None:
    async def story() -> None:
        await say(profiles, "telegram:1", EXPERT)
        code = await profiles.link_code("telegram:1")
        tried = [profiles.link(person, code) for person in ("slack:U1", "slack:U2", "slack:U3")]
        told = await asyncio.gather(*tried, return_exceptions=True)
        assert [type(one) for one in told].count(type(None)) == 1
        assert len(await profiles.names("telegram:1")) == 2

    run(story())


def test_a_code_given_twice_by_one_message_is_given_once(profiles: Profiles) -> None:
    async def story() -> None:
        code = await profiles.link_code("telegram:1")
        await profiles.link("slack:T.1/U1", code)
        await profiles.link("slack:T.1/U1", code)  # the worker died before it said so
        assert await profiles.names("telegram:1") == ["slack:T.1/U1", "telegram:1"]
        newer = await profiles.link_code("slack:T.1/U1")
        newest = await profiles.link_code("telegram:1")
        with pytest.raises(InputError, match="연결 코드"):
            await profiles.link("cli:me", newer)
        await profiles.link("cli:me", newest)
        assert len(await profiles.names("cli:me")) == 3

    run(story())


def test_a_message_counts_once_however_often_it_is_handled(profiles: Profiles) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    async def story() -> None:
        known = await profiles.get("a")
        after = profiles.read(known, EXPERT, at)
        await profiles.note("a", EXPERT, at, (known, after))
        once = await profiles.get("a")
        await profiles.note("a", EXPERT, at.astimezone(timezone(timedelta(hours=9))), (once, once))
        assert profiles.read(once, EXPERT, at) == once == await profiles.get("a")
        await profiles.note("a", EXPERT, at + timedelta(seconds=1))
        assert (await profiles.get("a")).estimate.messages == 2

    run(story())


def test_messages_handled_at_once_all_count(profiles: Profiles) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    async def story() -> None:
        known = await profiles.get("a")
        await asyncio.gather(
            *(
                profiles.note("a", text, at, (known, profiles.read(known, text, at)))
                for text in ("배당은?", EXPERT, "사외이사가 뭐예요?")
            )
        )
        assert (await profiles.get("a")).estimate.messages == 3

    run(story())


def test_what_helped_tells_of_the_level_and_what_did_not_of_none(profiles: Profiles) -> None:
    async def believed(*texts: str) -> tuple[float, float]:
        belief = (await say(profiles, "".join(texts) or "nobody", *texts)).belief()
        return belief.beginner, belief.advanced

    neutral = run(believed())
    assert run(believed(said("good", Level.BEGINNER)))[0] > neutral[0]
    assert run(believed(said("good", Level.ADVANCED)))[1] > neutral[1]
    assert run(believed(said("bad", Level.ADVANCED))) == neutral
    assert run(believed(said("simpler", Level.ADVANCED)))[0] > neutral[0]


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("쉽게", True),
        ("더 쉽게 설명해줘", True),
        ("쉽게 좀 말해 주세요ㅠㅠ", True),
        ("더 자세히", True),
        ("자세하게 알려줘", True),
        ("영업이익을 쉽게 설명해줘", False),
        ("쉽게 말해서 빚이 얼마야?", False),
        ("배당은?", False),
    ],
)
def test_a_wish_for_another_depth_stands_alone(text: str, alone: bool) -> None:
    assert only_asks_depth(text) is alone


def test_a_wish_shifts_one_step() -> None:
    assert shifted(Level.INTERMEDIATE, "쉽게") is Level.BEGINNER
    assert shifted(Level.INTERMEDIATE, "더 자세히") is Level.ADVANCED
    assert shifted(Level.BEGINNER, "더 쉽게") is Level.BEGINNER
    assert shifted(Level.ADVANCED, "영업이익은?") is Level.ADVANCED


def test_the_level_is_told_with_its_reasons(profiles: Profiles) -> None:
    profile = run(say(profiles, "a", EXPERT, "사외이사가 뭐예요?"))
    text = level_text(profile)
    assert "자본조달: 고급" in text
    assert "“전환가액, 리픽싱, 희석 후 EPS” → 고급 용어를 맞게 씀" in text
    assert "지배구조: 초급" in text
    assert max(text.count("→", start) for start in [text.index("지배구조")]) <= 3
    assert "아직" in level_text(Profile())
    assert level_text(profile, Level.BEGINNER).startswith("지금 수준: 초급 (고정")


def history(*texts: str) -> dict[str, Any]:
    return {
        "user": "u1",
        "messages": [
            {"at": f"2026-03-02T09:{at:02}:00+09:00", "text": text} for at, text in enumerate(texts)
        ],
    }


def test_a_replay_prints_what_the_design_says() -> None:
    row = history(EXPERT, "배당은?", "그게 뭐예요?")
    made = told(row, replayed(row, PLAIN))
    assert set(made) == {"user", "level", "confidence", "levels", "topics", "topic_confidence", "evidence"}
    assert len(made["levels"]) == 3
    assert made["level"] == made["levels"][-1]
    assert made["topics"]["자본조달"] == "advanced"
    assert {one["topic"] for one in made["evidence"]} <= {*made["topics"], None}
    assert json.loads(json.dumps(made, ensure_ascii=False)) == made
    profile = list(replayed(row, PLAIN))[-1][0]
    assert profile_json("u1", profile)["messages"] == 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("[]", "1번째 줄이 JSON 객체가 아닙니다"),
        ("{", "1번째 줄이 JSON이 아닙니다"),
        ('{"user": "a"}', "user와 messages"),
        ('{"user": "a", "messages": []}', "user와 messages"),
        ('{"user": "a", "messages": [3]}', "1번째 메시지에 text"),
        ('{"user": "a", "messages": [{"text": "x"}]}', "1번째 메시지의 at"),
        ('{"user": "a", "messages": [{"text": "x", "at": "어제"}]}', "1번째 메시지의 at"),
    ],
)
def test_a_bad_history_is_told_in_a_sentence(tmp_path: Path, row: str, said: str) -> None:
    file = tmp_path / "h.jsonl"
    file.write_text(row, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_histories(file)


def test_a_scorecard_wants_gold_levels(tmp_path: Path) -> None:
    file = tmp_path / "h.jsonl"
    file.write_text(json.dumps(history("a")), encoding="utf-8")
    with pytest.raises(InputError, match="level"):
        read_histories(file, labelled=True)
    assert read_histories(file)


def test_agreement_is_counted_by_hand() -> None:
    made = agreement(
        [
            ("beginner", "beginner"),
            ("intermediate", "beginner"),
            ("advanced", "advanced"),
            ("advanced", "beginner"),
        ]
    )
    assert made["accuracy"] == 0.5
    assert made["mean_error"] == 0.75
    assert (made["below"], made["above"]) == (0.5, 0.0)
    assert made["macro_f1"] == pytest.approx((0.5 + 0 + 2 / 3) / 3, abs=1e-3)
    assert agreement([("beginner", "beginner"), ("advanced", "advanced")])["quadratic_kappa"] == 1.0
    assert calibration_error(["beginner", "advanced"], [(0.75, 0.25, 0.0), (0.75, 0.25, 0.0)]) == 0.25


def test_flips_and_convergence() -> None:
    row = {**history("a", "b", "c", "d"), "level": "beginner", "kind": "plain"}
    for message in row["messages"]:
        message["level"] = "beginner"
    one = Told(row, ["intermediate", "beginner", "intermediate", "beginner"], [(1.0, 0.0, 0.0)] * 4, {})
    card = score([one])
    assert card["flips_per_conversation"] == 3
    assert card["messages_to_converge"] == 4
    assert card["kinds"] == {"plain": 1.0}


def test_a_picture_escapes_what_people_wrote() -> None:
    row = {**history("<script>&"), "level": "beginner"}
    row["messages"][0]["level"] = "beginner"
    drawn = picture(Told(row, ["advanced"], [(0.1, 0.2, 0.7)], {}))
    assert drawn.startswith("<svg")
    assert "<script>" not in drawn
    assert "고급 (초급)" in drawn
