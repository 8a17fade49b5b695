"""What is suggested is answered: every suggestion over a part of the gold questions is asked."""

import json
import re
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from bots.commands.ask import finish
from core.model import Level
from core.rag.answering import Answering
from core.settings import Settings
from core.wiring.answering import open_answering

pytestmark = pytest.mark.anyio

GOLD = Path(__file__).parents[1] / "gold" / "samples.jsonl"
TODAY = date(2025, 11, 24)


@pytest.fixture(scope="module")
async def answering(samples: Settings) -> AsyncIterator[Answering]:
    async with open_answering(samples) as opened:
        yield opened


async def ask(answering: Answering, text: str, level: Level | None = None):  # type: ignore[no-untyped-def]
    done, _ = await finish(answering, text, conversation=uuid4().hex, today=TODAY, level=level)
    return done.answer


async def test_nine_of_ten_suggestions_are_answered(answering: Answering) -> None:
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    offered: dict[str, Level] = {}
    asked = [row for row in rows if not row["after"]][::3]
    with_any = 0
    for row in asked:
        answer = await ask(answering, row["question"], Level(row["level"]) if row["level"] else None)
        with_any += bool(answer.suggestions)
        assert len(answer.suggestions) <= 3
        assert row["question"] not in answer.suggestions
        offered.update(dict.fromkeys(answer.suggestions, answer.level))
    answered = [one for one, level in offered.items() if not (await ask(answering, one, level)).refused]
    assert with_any >= 0.8 * len(asked)
    assert len(offered) > 30
    assert len(answered) >= 0.9 * len(offered), set(offered) - set(answered)
    assert any("왜" in one for one in offered)
    assert any("별도" in one for one in offered)
    assert any(re.search("비율|률", one) for one in offered)


async def test_they_are_the_same_for_the_same_answer_and_answer_what_they_say(answering: Answering) -> None:
    question = "가온전자 2024년 영업이익은?"
    first, again = await ask(answering, question), await ask(answering, question)
    assert first.suggestions == again.suggestions != ()
    for one in first.suggestions:
        answer = await ask(answering, one)
        if "별도" in one:
            assert answer.figures[0].basis == "별도"
        if "왜" in one:
            assert "때문" in answer.text
        if "률" in one:
            assert answer.figures[0].formula
    beginner = await ask(answering, question, Level.BEGINNER)
    words = [one for one in beginner.suggestions if one.endswith("뭐야?")]
    assert words == [] or "영업이익은" in (await ask(answering, words[0])).text


async def test_they_cost_next_to_nothing(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.rag import graph

    spent: list[float] = []

    async def timed(*told: object) -> tuple[str, ...]:
        started = time.thread_time()
        made = await suggest(*told)  # type: ignore[arg-type]
        spent.append(time.thread_time() - started)
        return made

    suggest = graph.suggest
    monkeypatch.setattr(graph, "suggest", timed)
    for year in (2022, 2023, 2024) * 5:
        await ask(answering, f"가온전자 {year}년 영업이익은?")
    assert sorted(spent)[len(spent) // 2] < 0.01
