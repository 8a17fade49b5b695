"""What a language model that judges levels adds to the estimate: a right one, dice, a flatterer.

`python -m benchmarks.level_judge GOLD…`: histories through the client that the service uses, against a
double of an Ollama server. As in the service, a message is answered before it is judged. `moved` is the
furthest that the log odds of two neighbouring levels came to lie from those without a judge (nats),
`changed` the share of messages answered at another level.
"""

import asyncio
import json
import math
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bots.histories import read_histories
from core.models.ollama_judge import OllamaJudge, prompt
from core.profile.estimate import Belief
from core.profile.judgement import LevelJudge
from core.profile.profile import Profile
from core.profile.scorecard import LEVELS, Told, score
from core.profile.signals import Reader
from core.settings import load_settings
from core.wiring.models import build_reader
from tests.doubles.ollama import Ollama, serve


def main() -> None:
    reader, dice = build_reader(), random.Random(6)  # noqa: S311  # no secret
    for path in map(Path, sys.argv[1:]):
        rows = read_histories(path, labelled=True)
        plain = [list(_unjudged(row, reader)) for row in rows]
        print(f"{path.name}\n{'':16}macro-F1  messages  below   ECE    moved  changed")
        _show("no judge", rows, plain, plain)
        gold = dict(_prompts(rows, reader))
        judges: dict[str, Callable[[str], str]] = {
            "right": gold.__getitem__,
            "random": lambda _: dice.choice(LEVELS),
            "always beginner": lambda _: "beginner",
            "always advanced": lambda _: "advanced",
        }
        for name, says in judges.items():
            _show(name, rows, plain, asyncio.run(_judged(rows, reader, says)))


async def _judged(
    rows: list[dict[str, Any]], reader: Reader, says: Callable[[str], str]
) -> list[list[Belief]]:
    def reply(shown: str) -> list[str]:
        quote = shown.splitlines()[-1].split(". ", 1)[1][:12]
        return [json.dumps({"level": says(shown), "quote": quote}, ensure_ascii=False)]

    with serve(Ollama(reply=reply)) as double:
        llm = load_settings().llm.model_copy(update={"ollama_host": double.host, "model": "m"})
        judge = OllamaJudge(llm, 30.0)
        return [[step.belief async for step in _steps(row, reader, judge)] for row in rows]


@dataclass(frozen=True, slots=True)
class Step:
    profile: Profile
    belief: Belief


async def _steps(row: dict[str, Any], reader: Reader, judge: LevelJudge) -> Any:
    profile = Profile()
    for message in row["messages"]:
        profile = profile.after(message["text"], datetime.fromisoformat(message["at"]), reader)
        yield Step(profile, profile.belief())
        words = profile.own_words()
        if words and (judgement := await judge.judge(words)):
            profile = profile.judged(judgement)


def _unjudged(row: dict[str, Any], reader: Reader) -> Iterator[Belief]:
    profile = Profile()
    for message in row["messages"]:
        profile = profile.after(message["text"], datetime.fromisoformat(message["at"]), reader)
        yield profile.belief()


def _prompts(rows: list[dict[str, Any]], reader: Reader) -> Iterator[tuple[str, str]]:
    """What the model is shown, with the gold level: terse openings are shown of several people, once each."""
    for row in rows:
        profile = Profile()
        for message in row["messages"]:
            profile = profile.after(message["text"], datetime.fromisoformat(message["at"]), reader)
            yield prompt(profile.own_words()), message["level"]


def _show(name: str, rows: list[dict[str, Any]], plain: list[list[Belief]], made: list[list[Belief]]) -> None:
    told = [
        Told(row, [b.level for b in beliefs], [_shares(b) for b in beliefs], {})
        for row, beliefs in zip(rows, made, strict=True)
    ]
    card = score(told)
    pairs = [(a, b) for one, other in zip(plain, made, strict=True) for a, b in zip(one, other, strict=True)]
    moved = max(abs(_step(a, at) - _step(b, at)) for a, b in pairs for at in (0, 1))
    changed = sum(a.level != b.level for a, b in pairs) / len(pairs)
    print(
        f"{name:16}{card['final']['macro_f1']:.3f}     {card['messages']['accuracy']:.3f}     "
        f"{card['messages']['below']:.3f}   {card['calibration_error']:.3f}  {moved:.2f}   {changed:.1%}"
    )


def _shares(belief: Belief) -> tuple[float, float, float]:
    return belief.beginner, belief.intermediate, belief.advanced


def _step(belief: Belief, at: int) -> float:
    shares = _shares(belief)
    return math.log(shares[at + 1] / shares[at])


if __name__ == "__main__":
    main()
