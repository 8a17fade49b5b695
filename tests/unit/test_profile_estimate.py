"""The estimate: bounded, monotone, order-stable in a burst, robust, replayable; and as good as promised."""

import importlib.util
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.histories import read_histories, replayed, told
from core.model import Level
from core.models.kiwi import KiwiTokenizer
from core.profile.cues import load_directions
from core.profile.estimate import Belief, Estimate, load_weights, observe
from core.profile.glossary import load_glossary
from core.profile.profile import Profile, replay
from core.profile.scorecard import Told, score
from core.profile.signals import Reader, Reading, Signal

ROOT = Path(__file__).parents[2]
DEV = ROOT.parent / "shared" / "data" / "profile" / "dev.jsonl"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLAIN = Reader(load_glossary(), lambda _: ())
BEGINNER, INTERMEDIATE, ADVANCED = Level
FILED = "「당사는 사모 전환사채의 전환가액을 조정하고 조기상환청구권 행사로 상환할 예정임을 공시합니다」"
EXPERT = "가온전자 전환가액 리픽싱 조항 원문이랑 희석 후 EPS 가정까지 보여줘"
NOVICE = "유상증자가 뭐예요? 제 돈이 없어지는 건가요"

readings = st.builds(
    lambda names, topic: Reading([Signal(n, s, "") for n, s in names.items()], {topic: 1.0} if topic else {}),
    st.dictionaries(
        st.sampled_from(sorted(load_directions())), st.sampled_from([1.0, 1.585, 2.0]), max_size=5
    ),
    st.sampled_from(["재무제표", "자본조달", None]),
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_glossary(), KiwiTokenizer().terms)


def seen(made: Sequence[Reading], gap: timedelta = timedelta(minutes=5)) -> Estimate:
    estimate = Estimate()
    for at, reading in enumerate(made):
        estimate = observe(estimate, reading, START + at * gap, load_weights())
    return estimate


def belief(made: Sequence[Reading], gap: timedelta = timedelta(minutes=5)) -> Belief:
    return seen(made, gap).belief(load_weights())


def height(one: Belief) -> float:
    return one.intermediate + 2 * one.advanced


def after(*texts: str, gap: timedelta = timedelta(minutes=5)) -> Profile:
    return replay(((START + at * gap, text) for at, text in enumerate(texts)), PLAIN)


def test_silence_is_intermediate() -> None:
    assert Profile().level is INTERMEDIATE
    assert Profile().source == "default"
    assert after("안녕하세요").level is INTERMEDIATE
    assert after("가온전자").level is INTERMEDIATE


def test_levels_are_told_apart() -> None:
    assert after(NOVICE).level is BEGINNER
    assert after("가온전자 영업이익률 3년치 비교해 줘").level is INTERMEDIATE
    assert after(EXPERT).level is ADVANCED


@given(st.lists(readings, max_size=12))
def test_a_belief_is_bounded(made: list[Reading]) -> None:
    one = belief(made)
    assert all(0 <= share <= 1 for share in (one.beginner, one.intermediate, one.advanced))
    assert one.beginner + one.intermediate + one.advanced == pytest.approx(1)
    assert 0 <= one.confidence <= 1
    assert one.level in Level


@given(st.lists(readings, min_size=1, max_size=6), st.data())
def test_more_knowledge_never_lowers_and_more_doubt_never_raises(
    made: list[Reading], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(made) - 1))
    name = data.draw(
        st.sampled_from([n for n, d in load_directions().items() if d != "mid" and n != "disowned"])
    )
    changed = list(made)
    more = [*made[place].signals, Signal(name, 1.0, "")]
    changed[place] = replace(made[place], signals=more)
    before, now = height(belief(made)), height(belief(changed))
    if any(signal.name == "disowned" for reading in made for signal in reading.signals):
        return  # more doubt may make it a disowning, which takes knowledge away: never raises either
    if load_directions()[name] == "up":
        assert now >= before - 1e-9
    else:
        assert now <= before + 1e-9


@given(
    st.lists(readings.filter(lambda r: all(s.name != "disowned" for s in r.signals)), min_size=2, max_size=4)
)
@settings(max_examples=50)
def test_the_order_within_a_burst_does_not_matter(made: list[Reading]) -> None:
    named = [replace(reading, topics=reading.topics or {"재무제표": 1.0}) for reading in made]
    told = {round(height(belief(order, timedelta(seconds=5))), 9) for order in permutations(named)}
    assert len(told) == 1


@given(st.sampled_from([NOVICE, EXPERT, "가온전자 영업이익 알려줘", "", "배당은?", "이게 좋은 건가요?"]))
def test_a_paste_never_raises(text: str) -> None:
    with_paste, without = after(f"{FILED} {text}"), after(text)
    assert height(with_paste.belief()) <= height(without.belief()) + 1e-9


def test_one_odd_message_does_not_undo_a_history() -> None:
    experts = [EXPERT, "현금창출단위 할인율 민감도 주석", "이연법인세 일시적차이 내역과 근거 셀"] * 2
    assert after(*experts, "여기 본사가 어디죠?").level is ADVANCED
    assert after(*experts, NOVICE, EXPERT).level is ADVANCED
    novices = [NOVICE, "전환사채는 뭔데요? 나쁜 거예요?", "그럼 제 주식은 어떻게 되나요"]
    assert after(*novices, "가온전자 PER", "그게 뭐예요? 높으면 좋아요?").level is BEGINNER


def test_a_doubt_in_one_topic_leaves_the_others() -> None:
    profile = after(
        EXPERT,
        "전환청구기간이랑 조기상환청구권 조항도",
        "근데 사외이사는 뭐 하는 사람이에요? 하나도 몰라서요",
    )
    told = profile.topics()
    assert told["자본조달"].level is ADVANCED
    assert told["지배구조"].level is BEGINNER


def test_words_said_to_be_anothers_no_longer_count() -> None:
    copied = "희석 후 EPS 산출 근거와 전환가액 조정 조항 원문"
    assert after(copied).level is ADVANCED
    assert after(copied, "사실 그대로 붙인 거고 EPS가 뭔지도 몰라요").level is BEGINNER
    owned = after(copied, "사실 그대로 붙인 거고 EPS가 뭔지도 몰라요", "그럼 좋은 건가요?")
    assert owned.level is BEGINNER


def test_time_fades_what_was_shown() -> None:
    soon, late = (after(EXPERT, "안녕하세요", gap=gap) for gap in (timedelta(minutes=5), timedelta(days=200)))
    assert soon.belief().advanced > late.belief().advanced


def test_a_message_out_of_order_counts_as_of_now() -> None:
    estimate = seen([PLAIN.read(EXPERT)])
    older = observe(estimate, PLAIN.read("안녕"), START - timedelta(days=3), load_weights())
    assert older.at == estimate.at


def test_the_same_history_makes_the_same_profile_again() -> None:
    texts = [EXPERT, NOVICE, "가온전자 영업이익률 3년치", FILED] * 5
    profile = after(*texts)
    kept = json.loads(json.dumps(profile.to_json(), ensure_ascii=False))
    again = Profile.from_json(kept, PLAIN)
    assert again.to_json() == profile.to_json() == after(*texts).to_json()
    assert again.belief() == profile.belief()


def test_a_profile_of_another_version_is_made_anew() -> None:
    profile = replace(after(EXPERT, NOVICE, EXPERT), lock=BEGINNER)
    old = {**profile.to_json(), "version": "1", "estimate": {"what": "ever"}, "reasons": None}
    again = Profile.from_json(json.loads(json.dumps(old)), PLAIN)
    assert again.belief() == profile.belief()
    assert (again.level, again.source) == (BEGINNER, "override")


def test_a_long_history_made_anew_from_its_newest_messages_is_the_same() -> None:
    texts = [EXPERT, "가온전자 PER", "배당은?", NOVICE] * 40
    profile = after(*texts)
    again = Profile.from_json({**profile.to_json(), "version": "0"}, PLAIN)
    assert height(again.belief()) == pytest.approx(height(profile.belief()), abs=0.02)
    assert len(json.dumps(profile.to_json(), ensure_ascii=False).encode()) < 12_000


def test_reasons_are_quoted_by_topic() -> None:
    profile = after(EXPERT, "사외이사가 뭐예요?")
    why = profile.why("자본조달", ADVANCED)
    assert 1 <= len(why) <= 3
    assert why[0].direction == "up"
    assert why[0].quote == "전환가액, 리픽싱, 희석 후 EPS"
    assert profile.why("지배구조", BEGINNER)[0].direction == "down"


def test_two_thousand_messages_are_replayed_in_time(reader: Reader) -> None:
    texts = [EXPERT, NOVICE, "가온전자 영업이익률 3년치 비교해 줘", FILED + " 무슨 뜻이에요?"] * 500
    reader.read("따뜻하게")
    started = time.process_time()
    replay(((START + timedelta(minutes=at), text) for at, text in enumerate(texts)), reader)
    assert time.process_time() - started < 10


def scored(path: Path, reader: Reader) -> dict[str, Any]:
    rows = []
    for row in read_histories(path, labelled=True):
        steps = list(replayed(row, reader))
        shares = [(b.beginner, b.intermediate, b.advanced) for _, b in steps]
        assert told(row, steps)["levels"] == [b.level for _, b in steps]
        rows.append(Told(row, [b.level for _, b in steps], shares, {}))
    return score(rows)


@pytest.mark.parametrize("gold", ["profile.jsonl", "profile-b.jsonl"])
def test_own_histories_are_told_well(reader: Reader, gold: str) -> None:
    card = scored(ROOT / "tests" / "gold" / gold, reader)
    assert card["final"]["macro_f1"] >= 0.85
    assert card["messages"]["accuracy"] >= 0.75
    assert card["final"]["below"] <= 0.08
    assert card["calibration_error"] <= 0.10


@pytest.mark.skipif(not DEV.exists(), reason="../shared/data/profile is not there")
def test_cross_validation_meets_the_promise_and_the_fit_is_the_model(reader: Reader) -> None:
    """By user, weights fitted inside the folds; and the fit's arithmetic is the estimator's."""
    spec = importlib.util.spec_from_file_location("fit", ROOT / "tools" / "profile" / "fit.py")
    assert spec
    assert spec.loader
    fit = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fit)
    histories = [fit.History(json.loads(line), reader) for line in DEV.read_text().splitlines()]
    weights = load_weights()
    memory = {
        n: getattr(weights, n) for n in ("overall", "topic", "elsewhere", "doubt", "keep", "half_life_days")
    }
    told = []
    for part in fit.folds(histories, 5, 1):
        z, gold, weight = fit.stack([h for h in histories if h not in part], memory)
        sizes = fit.fit(z, gold, weight, 0.002)
        told += [(h, fit.predict(sizes, h.features(memory))) for h in part]
    card = fit.report(told)
    assert card["final"]["macro_f1"] >= 0.85
    assert card["messages"]["accuracy"] >= 0.75
    assert card["final"]["below"] <= 0.08
    assert card["calibration_error"] <= 0.10
    shipped = [[*(weights.signals[name][step] for name in fit.NAMES), weights.prior[step]] for step in (0, 1)]
    for history in histories[:20]:
        z = fit.np.hstack([history.features(memory), fit.np.ones((len(history.gold), 1))])
        shares = fit.softmax(*(fit.np.array(shipped) @ z.T))
        for (_, one), column in zip(replayed(history.row, reader), shares.T, strict=True):
            assert (one.beginner, one.intermediate, one.advanced) == pytest.approx(tuple(column), abs=1e-6)
