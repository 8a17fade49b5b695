"""Everything, small, on a CPU, from nothing: `make finetune-smoke`.

A tiny random model is trained on the bundled samples and put behind the bot: dataset → LoRA by
LLaMA-Factory → merge → equal logits → create in an Ollama-protocol double that runs the merged model by
transformers → the real `ollama` client → evaluation → the bot answers with its checks on. Exit 1 when a
step does not do what it must.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ollama

from core.settings import load_settings
from finetune.deploy import create, deployment
from finetune.interpret import SYSTEM
from finetune.record import read_records
from finetune.repair import repair
from finetune.runner import HERE, python
from finetune.train import read as read_training

ROOT = HERE.parent
HOME = Path("data/finetune-smoke")
NAME, BASE = "llama-smoke-analyst", "llama-smoke-base"
SETTINGS = {
    "GONGSI_PATHS__DATA": str(HOME / "data"),
    "GONGSI_LLM__NUM_PREDICT": "300",
    "GONGSI_LLM__TEMPERATURE": "0",
    **{
        f"GONGSI_RETRIEVAL__{level}__CONTEXT_CHARS": "600"
        for level in ("BEGINNER", "INTERMEDIATE", "ADVANCED")
    },
}


def gongsi(*arguments: str, **more: str) -> str:
    """What a command prints; its progress is seen. Raises CalledProcessError."""
    code = "from bots.cli import main; main()"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"GONGSI_LLM__BACKEND": "extractive"} | SETTINGS | more,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout.strip()


@contextmanager
def server() -> Iterator[str]:
    """The address of the double, in the fine-tuning environment."""
    with subprocess.Popen(  # noqa: S603
        [str(python()), "tests/doubles/ollama_engine.py", str(HOME / "ollama")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stdin is not None  # noqa: S101  # asked for above
        assert process.stdout is not None  # noqa: S101
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def say(what: str) -> None:
    sys.stdout.write(f"[{time.monotonic() - STARTED:4.0f}초] {what}\n")
    sys.stdout.flush()


def must(held: bool, what: str) -> None:
    say(f"{'✓' if held else '✗'} {what}")
    if not held:
        sys.exit(1)


def main() -> None:
    data, tiny, lora, merged = (str(HOME / name) for name in ("dataset", "tiny", "lora", "merged"))
    gongsi("etl", "import", "samples")
    say(gongsi("finetune", "dataset", "--seeds", "--out", data, "--cutoff", "2048", "--per-company", "15"))
    made = subprocess.run(  # noqa: S603
        [str(python()), str(HERE / "env" / "tiny.py"), f"{data}/train.json", tiny],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    say(f"무작위 모델: {made.stdout}")
    say(gongsi("finetune", "train", "--profile", "cpu-smoke", "--model", tiny, "--data", data, "--out", lora))
    trained = read_training(Path(lora))
    losses = trained.losses
    must(losses[max(losses)] < losses[min(losses)] / 2, f"손실이 반 아래로 줄었습니다: {trained.told}")
    must((Path(lora) / "training_loss.png").is_file(), "손실 그림이 있습니다.")
    say(gongsi("finetune", "export", lora, "--out", merged))
    logits = json.loads((Path(merged) / "gongsi.json").read_text(encoding="utf-8"))["logits"]
    must(
        logits["max_abs_diff"] <= 1e-4, f"합친 모델의 로짓이 같습니다: 최대 차이 {logits['max_abs_diff']:.1e}"
    )
    must(logits["moved_from_base"] > 1, f"바탕 모델과는 다릅니다: {logits['moved_from_base']:.1f}")
    with server() as host:
        serve(host, data, tiny, merged)
    gongsi("db", "stop")
    say("모두 되었습니다.")


def serve(host: str, data: str, tiny: str, merged: str) -> None:
    common = ("--name", NAME, "--host", host)
    repair(Path(tiny))
    say(gongsi("finetune", "deploy", merged, *common, "--force"))
    settings = load_settings().llm
    base = deployment(Path(tiny), BASE, SYSTEM, template="llama3", base=tiny)
    create(ollama.Client(host=host), base, settings, lambda _: None)
    evaluation = str(HOME / "evaluation")
    said = gongsi(
        "finetune", "eval", "--base", BASE, "--tuned", NAME, "--data", data, "--part", "validation",
        "--limit", "12",
        "--out", evaluation, "--host", host,
    )  # fmt: skip
    say(said)
    report = f"{evaluation}/evaluation.json"
    verdict = json.loads(Path(report).read_text(encoding="utf-8"))["verdict"]
    refused = fails("finetune", "deploy", merged, *common, "--evaluation", report)
    must(refused == (verdict != "ok"), f"배포가 평가({verdict})를 따랐습니다.")
    gongsi("finetune", "deploy", merged, *common, "--force")
    say(gongsi("finetune", "rollback", NAME, "--host", host))
    answered = answers(host, trained_questions(Path(data)))
    mine = [one for one in answered if one["backend"] == f"ollama:{NAME}"]
    must(
        bool(mine),
        f"봇이 이 모델의 글로 답했습니다: {len(mine)}/{len(answered)}개 질문 (나머지는 검사에 걸려 다시 씀)",
    )
    shown = mine[0]
    say(f"물음: {shown['question']}\n{shown['answer']}")
    checked = all(figure["verified"] for figure in shown["figures"]) and bool(shown["citations"])
    must(checked, "그 답의 숫자와 출처가 확인되었습니다.")


def fails(*arguments: str) -> bool:
    try:
        gongsi(*arguments)
    except subprocess.CalledProcessError as error:
        return error.returncode in (2, 3)
    return False


def trained_questions(data: Path) -> list[tuple[str, str]]:
    """Ten that the model has seen: a model of a million parameters knows no others."""
    records = [r for r in read_records(data / "train.json") if r.kind == "answer" and "{{F1}}" in r.output]
    return [
        (r.prompt.strip().splitlines()[-1], r.level.value) for r in records[:: max(1, len(records) // 10)]
    ][:10]


def answers(host: str, asked: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Of the bot, its checks on, with the model in the double as its writer."""
    batch = HOME / "questions.jsonl"
    rows = [{"id": str(n), "question": text, "level": level} for n, (text, level) in enumerate(asked)]
    batch.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    more = {"GONGSI_LLM__BACKEND": "ollama", "GONGSI_LLM__MODEL": NAME, "GONGSI_LLM__OLLAMA_HOST": host}
    said = gongsi("ask", "--batch", str(batch), "--today", "2025-11-24", **more)
    return [json.loads(line) for line in said.splitlines()]


STARTED = time.monotonic()

if __name__ == "__main__":
    main()
