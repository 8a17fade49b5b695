"""Held-out records answered by two models: what is wrong with each, and whether to deploy."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import ollama

from core.errors import InputError, ModelError
from core.ports import Progress
from core.settings import Llm
from finetune.chrf import chrf
from finetune.judge import KINDS, Fault, Judge
from finetune.record import Record

FIGURES = ("figure", "date", "company", "meaning", "advice")  # what no model may get worse at
_FAILURES = (ollama.ResponseError, ConnectionError, httpx.HTTPError, ValueError)
_NOTHING = 0.2  # chrF to the right answer; of answers to other records it is 0.2 to 0.5, of noise below 0.1
_LEAST = 0.5  # of the records: a model whose figures are wrong more often is deployed by nobody
_SLACK = 0.01  # of the records: as much worse is noise in a few hundred answers
Writer = Callable[[Record], str]


@dataclass(frozen=True, slots=True)
class Marked:
    record: Record
    said: str
    faults: Sequence[Fault]
    likeness: float

    @property
    def kinds(self) -> set[str]:
        return {fault.kind for fault in self.faults}

    @property
    def says_nothing(self) -> bool:
        """Whether it is no answer: then nothing wrong in it is no merit."""
        return self.likeness < _NOTHING


@dataclass(frozen=True, slots=True)
class Marks:
    """Of one model; `answers` is the card of `gongsi eval answers`, if it was asked."""

    name: str
    marked: Sequence[Marked]
    answers: Mapping[str, Any] | None = None

    def clean(self, kind: str) -> float:
        """Share of the records answered without such a fault."""
        right = (kind not in one.kinds and not one.says_nothing for one in self.marked)
        return sum(right) / len(self.marked)

    @property
    def right(self) -> float:
        return sum(not one.faults for one in self.marked) / len(self.marked)

    @property
    def likeness(self) -> float:
        return sum(one.likeness for one in self.marked) / len(self.marked)


def mark(name: str, records: Sequence[Record], said: Sequence[str], judge: Judge) -> Marks:
    """Raises InputError for answers that are not as many as the questions."""
    if len(records) != len(said) or not records:
        raise InputError(f"{name}: 답이 {len(said)}개인데 기록은 {len(records)}개입니다.")
    return Marks(
        name,
        [
            Marked(record, text, judge.faults(record, text), chrf(text, record.output))
            for record, text in zip(records, said, strict=True)
        ],
    )


def predictions(path: Path) -> list[str]:
    """`generated_predictions.jsonl` of LLaMA-Factory's do_predict. Raises InputError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [str(json.loads(line)["predict"]) for line in lines if line.strip()]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"예측 파일이 아닙니다: {path}") from None


def ask_all(name: str, records: Sequence[Record], settings: Llm, progress: Progress) -> list[str]:
    """Of a model in Ollama, greedily. Raises ModelError."""
    timeout = httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout)
    client = ollama.Client(host=settings.ollama_host, timeout=timeout)
    said = []
    progress.start(f"{name}에 묻는 중", len(records))
    try:
        for record in records:
            reply = client.chat(
                name,
                messages=[
                    {"role": "system", "content": record.system},
                    {"role": "user", "content": record.prompt},
                ],
                options={"num_ctx": settings.num_ctx, "num_predict": settings.num_predict, "temperature": 0},
            )
            said.append(reply.message.content or "")
            progress.advance()
    except _FAILURES as error:
        raise ModelError(f"{name}: Ollama가 답하지 않았습니다: {str(error).splitlines()[0][:200]}") from error
    finally:
        progress.finish()
        client._client.close()
    return said


def report(base: Marks, tuned: Marks) -> dict[str, Any]:
    """Shares by kind, and `verdict`: `ok`, or `worse` with what the tuned model is worse at."""
    worse = [kind for kind in FIGURES if tuned.clean(kind) < base.clean(kind) - _SLACK]
    if tuned.clean("figure") < _LEAST:
        worse.append("floor")
    worse += _worse_answers(base.answers, tuned.answers)
    return {
        "verdict": "worse" if worse else "ok",
        "worse": worse,
        "records": len(tuned.marked),
        "models": {
            side: {
                "name": marks.name,
                "right": marks.right,
                "chrf": marks.likeness,
                "without": {kind: marks.clean(kind) for kind in KINDS},
                "answers": marks.answers,
            }
            for side, marks in (("base", base), ("tuned", tuned))
        },
    }


def _worse_answers(base: Mapping[str, Any] | None, tuned: Mapping[str, Any] | None) -> list[str]:
    """Where both models answered the gold questions behind the bot's checks."""
    if not base or not tuned:
        return []
    found = []
    for name, sign in (("exact", 1), ("wrong", -1)):
        before, after = base["figures"][name], tuned["figures"][name]
        if before is not None and after is not None and sign * (after - before) < -_SLACK:
            found.append(f"answers.{name}")
    return found
