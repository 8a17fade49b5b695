"""Commands that run in the fine-tuning environment, which the bot's own never imports."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from core.errors import GongsiError, InputError

HERE = Path(__file__).parent
_FOLDER = ".venv-finetune"


class FinetuneFailed(GongsiError):
    """A command of the fine-tuning environment ended badly; what it said is on stderr."""

    exit_code = 3


def python() -> Path:
    """Of the environment: `GONGSI_FINETUNE_PYTHON`, else that of `make finetune-env`. Raises InputError."""
    named = os.environ.get("GONGSI_FINETUNE_PYTHON")
    candidates = [Path(named)] if named else [
        folder / _FOLDER / "bin" / "python" for folder in (Path.cwd(), HERE.parent)
    ]  # fmt: skip
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise InputError("파인튜닝 환경이 없습니다. make finetune-env를 먼저 실행해 주세요.")


def environment(*, offline: bool) -> dict[str, str]:
    """One thread a core at most; nothing of this program's settings or keys goes along."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GONGSI_")}
    kept |= {"TOKENIZERS_PARALLELISM": "false", "DISABLE_VERSION_CHECK": "0", "PYTHONUNBUFFERED": "1"}
    if offline:
        kept |= {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}
    return kept


def run(script: str, *arguments: str | Path, said: Iterable[Any] = (), offline: bool = True) -> Any:
    """What a script of `finetune/env` prints as JSON, given JSON lines. Raises InputError, FinetuneFailed."""
    done = subprocess.run(  # noqa: S603  # our own scripts
        [str(python()), str(HERE / "env" / script), *map(str, arguments)],
        input="\n".join(json.dumps(one, ensure_ascii=False) for one in said),
        capture_output=True,
        text=True,
        check=False,
        env=environment(offline=offline),
    )
    if done.returncode:
        sys.stderr.write(done.stderr[-2000:])
        raise FinetuneFailed(f"{script}이 멈췄습니다(위의 오류를 보세요).")
    return json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else None


def stream(script: str, *arguments: str | Path, log: Path, offline: bool) -> None:
    """Run with its output in `log` and the lines that tell of progress on stderr. Raises FinetuneFailed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("w", encoding="utf-8") as kept,
        subprocess.Popen(  # noqa: S603
            [str(python()), str(HERE / "env" / script), *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment(offline=offline),
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101  # asked for above
        try:
            for line in process.stdout:
                kept.write(line)
                if shown := _telling(line):
                    sys.stderr.write(f"{shown}\n")
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace")[-1500:]
        sys.stderr.write(f"{tail}\n")
        raise FinetuneFailed(f"LLaMA-Factory가 멈췄습니다. 기록: {log}")


def _telling(line: str) -> str:
    """`{'loss': 2.31, … 'epoch': 0.5}` lines; bars and warnings stay in the log."""
    start = line.find("{'")
    return line[start:].strip() if start >= 0 and ("loss" in line or "runtime" in line) else ""
