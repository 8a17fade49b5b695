"""How an answer fares when the language model lies: every gold question, every kind of lie, counted.

Run in the root of the checkout: `make adversary`. The samples are asked through the real client against
the double of an Ollama server; exit 1 when a wrong sentence or an invented number reached a reader.
"""

import argparse
import asyncio
import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

GOLD = Path("tests/gold/samples.jsonl")
TODAY = date(2025, 11, 24)


async def ask_all(
    rounds: int, rows: Sequence[dict[str, Any]], double: Any, model_of: Any
) -> list[tuple[str, Any, Any]]:
    """(id, model, answer) of every question of every round, refused ones included."""
    from core.model import Level
    from core.rag.answering import Done
    from core.settings import load_settings
    from core.wiring.answering import open_answering

    found = []
    async with open_answering(load_settings()) as answering:
        for turn in range(rounds):
            threads: dict[str, str] = {}
            for row in rows:
                model = model_of(Random(f"{row['id']}:{turn}"))  # noqa: S311
                double.reply = model
                thread = threads[row["after"]] if row["after"] else f"adversary:{turn}:{row['id']}"
                threads[row["id"]] = thread
                level = Level(row["level"]) if row["level"] else list(Level)[turn % 3]
                async for event in answering.ask(
                    row["question"], conversation=thread, today=TODAY, level=level
                ):
                    done = event
                assert isinstance(done, Done)  # noqa: S101  # Answering promises it
                found.append((row["id"], model, done.answer))
            for thread in set(threads.values()):
                await answering.forget(thread)
    return found


def main() -> int:
    from tests.doubles.analyst import Behaved
    from tests.doubles.hostile import Hostile
    from tests.doubles.ollama import Ollama, serve
    from tests.doubles.prompt import parse
    from tests.doubles.reader import invented, misled, missing

    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--every", type=int, default=1, help="of the questions that start a conversation")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    if options.every > 1:
        rows = [row for row in rows if not row["after"]][:: options.every]
    with serve(Ollama(models=("gongsi-analyst:latest",))) as double:
        os.environ["GONGSI_LLM__OLLAMA_HOST"] = double.host
        os.environ["GONGSI_LLM__BACKEND"] = "ollama"
        hostile = asyncio.run(ask_all(options.rounds, rows, double, Hostile))
        behaved = asyncio.run(ask_all(options.rounds, rows, double, Behaved))
    lies: Counter[str] = Counter()
    wrong = []
    for name, model, answer in hostile:
        lies.update(told.kind for told in model.told)
        if answer.refused or not model.prompts:
            continue
        figures = parse(model.prompts[0]).figures
        wrong += [(name, told.kind, told.text) for told in misled(answer.text, model.told, figures)]
        wrong += [(name, "number", str(n)) for n in invented(answer.text, model.prompts[0])]
    right = [told for _, model, _ in behaved for told in model.told]
    lost = [
        (name, told)
        for name, model, answer in behaved
        if model.prompts
        for told in missing(answer.text, model.told)
    ]
    asked = sum(bool(model.prompts) for _, model, _ in hostile)
    said = f"{asked} drafts, {lies.total()} wrong sentences of {len(lies)} kinds"
    print(f"hostile: {said}, {len(wrong)} got through")
    for one in wrong[: options.show]:
        print("  ", *one)
    print(f"behaved: {len(right)} sentences, {len(lost)} lost ({len(lost) / max(1, len(right)):.1%})")
    for name, told in lost[: options.show]:
        print("  ", name, told.kind, told.text)
    reasons = {
        line
        for _, model, _ in behaved
        for prompt in model.prompts[1:]
        for line in prompt.partition("[고칠 문장]")[2].splitlines()[1:]
    }
    print(*sorted(reasons)[: options.show], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
