"""One whole answer whatever a model does: split, cut, endless, wrong, silent."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import pytest

from core.errors import ModelError
from core.model import Brief
from core.models.extractive import ExtractiveWriter
from core.rag.writing import Writing, Written
from tests.unit.test_verify import TERMS, brief

RIGHT = "가온전자의 2024년 연결 기준 영업이익은 {{F1}}입니다 [1]."
SHOWN = "가온전자의 2024년 연결 기준 영업이익은 3조 4,512억원입니다 [1]."


@dataclass
class Scripted:
    """Says the drafts given, one a call; ModelError at the end of those that are cut."""

    drafts: Sequence[Sequence[str]]
    cut: bool = False
    name: str = "ollama:m"
    asked: list[str] = field(default_factory=list)

    async def stream(self, brief: Brief) -> AsyncGenerator[str, None]:
        self.asked.append(brief.prompt)
        for piece in self.drafts[min(len(self.asked), len(self.drafts)) - 1]:
            yield piece
        if self.cut:
            raise ModelError("끊겼습니다.")


def write(*writers: Scripted) -> tuple[Written, list[str], list[str]]:
    said: list[str] = []
    failed: list[str] = []
    writing = Writing(brief(), TERMS, said.append, 2025)
    written = asyncio.run(writing.write([*writers, ExtractiveWriter()], failed.append))
    assert "".join(said).strip() == written.text
    return written, said, failed


@pytest.mark.parametrize("size", [1, 2, 3, 7, 500])
def test_placeholders_split_anywhere_are_whole_when_shown(size: int) -> None:
    text = f"{RIGHT} 2023년({{{{F2}}}})보다 {{{{F3}}}} 증가했습니다 [1].\n"
    written, said, _ = write(Scripted([[text[i : i + size] for i in range(0, len(text), size)]]))
    assert written.text == f"{SHOWN} 2023년(2조 9,871억원)보다 15.5% 증가했습니다 [1]."
    assert written.backend == "ollama:m"
    assert not any("{" in piece for piece in said)
    assert written.dropped == 0


def test_a_sentence_goes_out_before_the_model_ends() -> None:
    shown_at: list[int] = []
    count = 0

    class Slow(Scripted):
        async def stream(self, brief: Brief) -> AsyncGenerator[str, None]:
            nonlocal count
            for piece in (RIGHT, " 매출의", " 62%는 수출에서 나왔습니다 [2]."):
                count += 1
                yield piece

    writing = Writing(brief(), TERMS, lambda _: shown_at.append(count), 2025)
    asyncio.run(writing.write([Slow([]), ExtractiveWriter()], print))
    assert shown_at[0] == 2


def test_a_cut_stream_goes_on_without_half_a_sentence_and_without_repeating() -> None:
    written, _, failed = write(Scripted([[RIGHT, " 매출의 62%는 수출"]], cut=True))
    assert written.text.startswith(SHOWN)
    assert written.text.count("영업이익은 3조 4,512억원") == 1
    assert "62%" not in written.text
    assert "40조 1,235억원" in written.text  # what the model had not come to
    assert written.backend == "extractive"
    assert failed == []  # what was shown stands


def test_a_model_that_never_began_is_named_and_the_other_writes_the_whole() -> None:
    written, _, failed = write(Scripted([[]], cut=True))
    assert failed == ["끊겼습니다."]
    assert "2024년 영업이익은 3조 4,512억원" in written.text


def test_a_wrong_sentence_is_rewritten_once_with_its_reason() -> None:
    wrong = "2024년 영업이익은 9조원입니다 [1]."
    model = Scripted([[f"{RIGHT} {wrong}"], ["매출의 62%는 수출에서 나왔습니다 [2]."]])
    written, _, _ = write(model)
    assert written.text == f"{SHOWN}\n매출의 62%는 수출에서 나왔습니다 [2]."
    assert wrong in model.asked[1]
    assert "근거에 없는 숫자" in model.asked[1]
    assert (len(model.asked), written.dropped) == (2, 0)


def test_what_stays_wrong_is_dropped_and_counted() -> None:
    written, _, _ = write(Scripted([[RIGHT, " 2024년 영업이익은 9조원입니다 [1]."]]))
    assert (written.text, written.dropped) == (SHOWN, 1)


def test_nothing_left_or_not_the_figure_asked_for_is_answered_by_the_extractive_writer() -> None:
    for draft in (["2024년 영업이익은 9조원입니다."], ["매출의 62%는 수출에서 나왔습니다 [2]."], ["\n\n"]):
        written, _, _ = write(Scripted([draft]))
        assert "2024년 영업이익은 3조 4,512억원" in written.text
        assert written.backend == "extractive"


def test_a_draft_without_an_end_is_stopped() -> None:
    written, said, _ = write(Scripted([[f"{RIGHT}\n"] * 10_000]))
    assert written.text.count(SHOWN) == 1
    assert len(said) < 50
