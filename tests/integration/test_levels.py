"""One question at three levels: other words, another length, other evidence; the same figures and sources."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from bots.commands.ask import finish
from core.model import Answer, Level
from core.profile.glossary import load_glossary
from core.rag.answering import Answering
from core.settings import Settings
from core.wiring.answering import open_answering

pytestmark = pytest.mark.anyio

GOLD = Path(__file__).parents[1] / "gold" / "samples.jsonl"
TODAY = date(2025, 11, 24)
COUNT = 20
_KEPT = re.compile(
    r"“[^”]*”|「[^」]*」|‘[^’]*’|^※.*$", re.MULTILINE
)  # what filings are quoted with, and marks
BEGINNER, INTERMEDIATE, ADVANCED = Level


def questions() -> list[str]:
    """Twenty of those that are answered by figures, spread over the samples' gold."""
    rows = map(json.loads, GOLD.read_text(encoding="utf-8").splitlines())
    asked = [
        row["question"]
        for row in rows
        if not row["after"] and not row["level"] and row["expect"].get("figures")
    ]
    return asked[:: len(asked) // COUNT][:COUNT]


@pytest.fixture(scope="module")
async def answered(samples: Settings) -> AsyncIterator[dict[str, Mapping[Level, Answer]]]:
    async with open_answering(samples) as answering:
        yield {text: await _at_each(answering, text) for text in questions()}


async def _at_each(answering: Answering, text: str) -> Mapping[Level, Answer]:
    made = {}
    for level in Level:
        done, _ = await finish(answering, text, conversation=uuid4().hex, today=TODAY, level=level)
        made[level] = done.answer
    return made


async def test_figures_and_what_they_are_read_from_are_the_same(
    answered: dict[str, Mapping[Level, Answer]],
) -> None:
    assert len(answered) == COUNT
    for text, made in answered.items():
        assert not any(answer.refused for answer in made.values()), text
        figures = {_figures(answer) for answer in made.values()}
        assert len(figures) == 1, text
        assert figures != {frozenset()}, text
        sources = [{citation.filing.rcept_no for citation in answer.citations} for answer in made.values()]
        assert sources[0] == sources[1] == sources[2], text


async def test_no_term_above_a_beginner_stays_unexplained(
    answered: dict[str, Mapping[Level, Answer]],
) -> None:
    """In our own sentences; what a filing says is quoted as it stands, and explained below too."""
    glossary, left = load_glossary(), {}
    for text, made in answered.items():
        answer = made[BEGINNER].text
        terms = glossary.above(_KEPT.sub(" ", answer), BEGINNER)
        unexplained = [term.name for term in terms if term.plain not in answer]
        if unexplained:
            left[text] = unexplained
    assert left == {}


async def test_words_and_length_differ(answered: dict[str, Mapping[Level, Answer]]) -> None:
    glossary = load_glossary()
    above = dict.fromkeys(Level, 0)
    for text, made in answered.items():
        beginner, middle, advanced = (made[level].text for level in Level)
        assert len({beginner, middle, advanced}) == 3, text
        assert "근거 셀" in advanced, text
        assert "근거 셀" not in beginner + middle, text
        for level in Level:
            terms = glossary.above(made[level].text, BEGINNER)
            above[level] += sum(term.plain not in made[level].text for term in terms)
    lengths = {level: sum(len(made[level].text) for made in answered.values()) for level in Level}
    assert len(set(lengths.values())) == 3
    assert lengths[ADVANCED] > lengths[INTERMEDIATE]
    assert 0 == above[BEGINNER] < above[INTERMEDIATE] < above[ADVANCED]


def test_evidence_grows_with_the_level(samples: Settings) -> None:
    routes = [samples.retrieval.route(level) for level in Level]
    assert routes[0].top_k < routes[1].top_k < routes[2].top_k
    assert routes[0].context_chars < routes[1].context_chars < routes[2].context_chars
    assert len({route.prompt for route in routes}) == 3


def _figures(answer: Answer) -> frozenset[tuple[object, ...]]:
    return frozenset(
        (one.value, one.unit, one.period, one.basis, one.source and one.source.rcept_no)
        for one in answer.figures
    )
