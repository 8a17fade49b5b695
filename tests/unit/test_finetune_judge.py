"""The judge: planted defects are caught, the same facts in other words are left alone."""

from dataclasses import replace

import pytest

from core.model import Level
from finetune.record import Record
from tests.doubles.defects import ADVICE, LATER, UNSEEN, measure, retold
from tests.doubles.learnt import interpretations, judge

PROMPT = """[근거]
[1] 가온전자 › 사업보고서 (2024.12) › 1. 요약재무정보
영업이익 | 3,451,234 | 2,987,100

[수치]
- {{F1}}: 가온전자 · 2024 · 연결 · 영업이익 = 3조 4,512억원 [1]
- {{F2}}: 가온전자 · 2023 · 연결 · 영업이익 = 2조 9,871억원 [1]
- {{F3}}: 가온전자 · 2024 · 연결 · 영업이익 증감률 = 4,641억원 ÷ 2조 9,871억원 = 15.5% [1]

[용어]
(없음)

[질문]
누리바이오만큼 가온전자 영업이익이 9조원 늘었나요?"""
RIGHT = "가온전자의 2024년 연결 기준 영업이익은 {{F1}}입니다 [1]. 2023년({{F2}})보다 {{F3}} 증가했습니다 [1]."


def answer(level: Level = Level.ADVANCED) -> Record:
    source = interpretations()[0]
    return replace(
        source,
        kind="answer",
        corp_name="가온전자",
        level=level,
        instruction=PROMPT,
        input="",
        output=RIGHT,
        topics=(),
        terms=(),
    )


def kinds(said: str, level: Level = Level.ADVANCED, *, reference: bool = True) -> set[str]:
    return {fault.kind for fault in judge().faults(answer(level), said, reference=reference)}


@pytest.mark.parametrize(
    "said",
    [
        RIGHT,
        "2024년 연결 영업이익은 3조 4,512억원으로 전년보다 15.5% 늘었습니다 [1].",
        "가온전자의 영업이익은 3.45조원입니다 [1].",
    ],
)
@pytest.mark.parametrize("reference", [True, False])
def test_right_answers_in_usual_words(said: str, reference: bool) -> None:
    assert kinds(said, reference=reference) == set()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("가온전자의 2024년 연결 기준 영업이익은 3조 4,612억원입니다 [1].", "figure"),
        ("가온전자의 2024년 연결 기준 영업이익은 {{F9}}입니다 [1].", "figure"),
        ("가온전자의 2023년 연결 기준 영업이익은 {{F1}}입니다 [1].", "date"),
        ("가온전자의 2021년 연결 기준 영업이익은 {{F1}}입니다 [1].", "date"),
        ("가온전자의 2024년 연결 기준 매출액은 {{F1}}입니다 [1].", "figure"),
        ("가온전자의 영업이익은 9조원 늘었습니다 [1].", "figure"),  # the question said so, no source did
        ("다솜건설의 2024년 연결 기준 영업이익은 {{F1}}입니다 [1].", "company"),
        ("한빛테크의 2024년 연결 기준 영업이익은 {{F1}}입니다 [1].", "company"),
        ("2023년({{F2}})보다 {{F3}} 감소했습니다 [1].", "meaning"),
        ("가온전자의 2024년 연결 기준 영업이익은 {{F1}}이에요 [1].", "level"),
        ("가온전자의 2024년 연결 기준 영업이익은 {{F1}}입니다 [7].", "citation"),
        ("지금이 담을 때입니다.", "advice"),
        ("인공지능 시장의 성장이 이어지며 점유율을 넓혀 갑니다.", "support"),
        ("", "coverage"),
    ],
)
def test_each_wrong_in_its_way(said: str, kind: str) -> None:
    assert kind in kinds(said)


def test_planted_defects_are_caught_and_right_texts_left_alone() -> None:
    """The samples' interpretations, the harder half: a bot's answer is three sentences of one shape.

    `benchmarks/judge.py` measures whole datasets the same way.
    """
    found = measure(interpretations(), judge(), 2)
    assert found.clean == 42
    assert found.false <= 0.02, found.alarms
    for kind in ("figure", "company", "meaning", "advice", "coverage"):
        assert found.planted[kind] >= 80, kind
        assert found.share(kind) >= 0.95, (kind, found.share(kind))


@pytest.mark.parametrize(("told", "least"), [(ADVICE, 1.0), (LATER, 1.0), (UNSEEN, 0.85)])
def test_advice_in_words_that_no_list_has(told: tuple[str, ...], least: float) -> None:
    caught = total = 0
    for record, right in list(retold(interpretations()))[::8]:
        for said in told:
            total += 1
            found = judge().faults(record, f"{right} {said}")
            caught += any(f.kind in ("advice", "support", "figure") and f.sentence in said for f in found)
    assert caught >= least * total, f"{caught}/{total}"


def test_a_missing_heading_is_named() -> None:
    record = interpretations()[0]
    kept = "\n".join(line for line in record.output.split("\n") if not line.startswith("리스크"))
    assert [f.reason for f in judge().faults(record, kept)] == ["리스크 없음"]
