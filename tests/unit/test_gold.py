"""The project's own questions: every kind is there, and what they expect stands in the filings' own bytes."""

import json
import re
import zipfile
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from bots.commands.evaluate_answers import read_gold
from core.model import Level
from core.rag.scoring.answer_score import Kind

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "gold" / "samples.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
ANSWERED = [pytest.param(row, id=row["id"]) for row in ROWS if row["evidence"]]
SCALES = (Decimal(1), Decimal(10) ** 6)  # 원, 백만원


@cache
def words_of(rcept_no: str) -> str:
    """The characters of a sample without markup and spaces; not read by the program's own reader."""
    path = ROOT / "samples" / f"{rcept_no}.xml"
    if path.is_file():
        data = path.read_bytes()
    else:
        with zipfile.ZipFile(path.with_suffix(".zip")) as archive:
            data = archive.read(path.name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp949")
    return re.sub(r"[\s　]+", "", re.sub(r"<[^>]*>|&cr;", " ", text))


def test_there_are_enough_questions_of_every_kind_and_level() -> None:
    gold = read_gold(FILE)
    assert len(gold) >= 150
    kinds = Counter(one.kind for one in gold)
    assert set(kinds) == set(get_args(Kind))
    levels = Counter(one.level for one in gold)
    assert all(levels[level] >= 30 for level in (None, *Level))
    assert sum(one.after is not None for one in gold) >= 15
    figures = [figure for one in gold for figure in one.expect.figures]
    assert {figure.basis for figure in figures} == {"연결", "별도", None}
    endings = Counter((figure.period or "").rpartition(" ")[2] for figure in figures)
    assert min(endings["누적"], endings["3개월"], endings["말"], endings["2023"]) >= 5


@pytest.mark.parametrize("row", ANSWERED)
def test_evidence_stands_in_a_cited_filing(row: dict[str, Any]) -> None:
    for part in row["evidence"].split(" / "):
        wanted = re.sub(r"\s+", "", part)
        assert any(wanted in words_of(name) for name in row["expect"]["citations_any"]), part


@pytest.mark.parametrize("row", ANSWERED)
def test_figures_are_numbers_of_their_evidence(row: dict[str, Any]) -> None:
    found = re.findall(r"\(?\d[\d,]*(?:\.\d+)?\)?", row["evidence"])
    shown = {Decimal(text.strip("()").replace(",", "")) * (-1 if "(" in text else 1) for text in found}
    for figure in row["expect"]["figures"]:
        value = Decimal(str(figure["value"]))
        assert any(value == number * scale for number in shown for scale in SCALES), figure


def test_a_refusal_expects_no_figure_and_nothing_forbids_its_own_answer() -> None:
    for row in ROWS:
        expect = row["expect"]
        if expect["refused"]:
            assert not expect["figures"], row["id"]
            assert not expect["citations_any"], row["id"]
        right = [text for figure in expect["figures"] for text in figure["text_any"]]
        right += [text for words in expect["contains_any"] for text in words]
        for forbidden in expect["forbids"]:
            assert all(forbidden not in text for text in right), row["id"]
