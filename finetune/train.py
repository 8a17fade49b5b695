"""Training: LLaMA-Factory with a checked profile; goes on where it stopped."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import InputError
from finetune.preflight import Check, preflight
from finetune.profile import Profile, dump, load_profile
from finetune.runner import FinetuneFailed, run, stream

_CHECKPOINT = re.compile(r"checkpoint-(\d+)$")


@dataclass(frozen=True, slots=True)
class Trained:
    """`losses` and `evaluations` by step."""

    folder: Path
    losses: Mapping[int, float]
    evaluations: Mapping[int, float]
    seconds: float

    @property
    def told(self) -> str:
        first, last = self.losses[min(self.losses)], self.losses[max(self.losses)]
        best = f", 검증 손실 {min(self.evaluations.values()):.3f}" if self.evaluations else ""
        return f"손실 {first:.3f} → {last:.3f}{best} ({self.seconds:.0f}초, {max(self.losses)}걸음)"


def checks_of(profile: Profile, name: str | None, *, accepted: bool) -> list[Check]:
    return preflight(profile, run("inspect_machine.py"), name, accepted=accepted)


def refuse(checks: Sequence[Check]) -> None:
    """Raises InputError when a check failed."""
    failed = [f"{check.what}: {check.said}" for check in checks if check.verdict == "fail"]
    if failed:
        raise InputError("학습할 수 없습니다.\n" + "\n".join(f"- {one}" for one in failed))


def train(name: str, changes: Mapping[str, Any], *, resume: bool, accepted: bool) -> Trained:
    """Raises InputError before anything runs, FinetuneFailed when LLaMA-Factory stops."""
    profile = load_profile(name, changes)
    checks = checks_of(profile, None, accepted=accepted)
    refuse(checks)
    folder = Path(profile["output_dir"])
    last = latest(folder)
    if last and not resume:
        raise InputError(f"{folder}에 학습하던 것이 있습니다. --resume으로 잇거나 다른 --out을 주세요.")
    if resume and not last:
        raise InputError(f"{folder}에 이을 것이 없습니다.")
    profile |= {"resume_from_checkpoint": str(last)} if last else {"overwrite_output_dir": True}
    dump(profile, folder / "train.yaml")
    offline = Path(profile["model_name_or_path"]).is_dir()
    stream("launch.py", "train", folder / "train.yaml", log=folder / "train.log", offline=offline)
    return read(folder)


def latest(folder: Path) -> Path | None:
    """The last checkpoint."""
    found = [path for path in folder.glob("checkpoint-*") if _CHECKPOINT.search(path.name)]
    return max(found, key=lambda path: int(path.name.rsplit("-", 1)[1]), default=None)


def read(folder: Path) -> Trained:
    """What was trained there. Raises FinetuneFailed when it did not end."""
    log, results = folder / "trainer_log.jsonl", folder / "train_results.json"
    if not results.is_file() or not log.is_file():
        raise FinetuneFailed(f"학습이 끝나지 않았습니다: {folder} (--resume으로 잇습니다)")
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return Trained(
        folder,
        {row["current_steps"]: row["loss"] for row in rows if row.get("loss") is not None},
        {row["current_steps"]: row["eval_loss"] for row in rows if row.get("eval_loss") is not None},
        json.loads(results.read_text(encoding="utf-8"))["train_runtime"],
    )
