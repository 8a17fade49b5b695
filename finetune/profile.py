"""Training profiles: LLaMA-Factory's own YAML, with `extends`, and what is wrong with one before it runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from core.errors import InputError

CONFIGS = Path(__file__).parent / "configs"
Profile = dict[str, Any]


def profiles() -> list[str]:
    return sorted(path.stem for path in CONFIGS.glob("*.yaml"))


def load_profile(name: str, changes: Mapping[str, Any]) -> Profile:
    """Of `configs/NAME.yaml` or a path. Keys that are null, there or in `changes`, are left out: a null in
    a profile takes away what it `extends`. Raises InputError."""
    profile = _read(name) | {key: value for key, value in changes.items() if value is not None}
    return {key: value for key, value in profile.items() if value is not None}


def _read(name: str, depth: int = 0) -> Profile:
    path = Path(name) if name.endswith((".yaml", ".yml")) else CONFIGS / f"{name}.yaml"
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f"그런 프로필이 없습니다: {name} (있는 것: {', '.join(profiles())})") from None
    except yaml.YAMLError as error:
        raise InputError(f"프로필이 YAML이 아닙니다: {path} ({str(error).splitlines()[0]})") from None
    if not isinstance(said, dict):
        raise InputError(f"프로필에 키와 값이 없습니다: {path}")
    base = said.pop("extends", None)
    if base is None:
        return said
    if depth > 2:
        raise InputError(f"프로필이 서로를 끝없이 잇습니다: {path}")
    return _read(base, depth + 1) | said


def faults(profile: Mapping[str, Any]) -> list[str]:
    """What LLaMA-Factory 0.9.5 refuses, or runs without a word and does wrong; Korean sentences."""
    found = []

    def on(key: str) -> bool:
        return bool(profile.get(key))

    if on("resize_vocab") and on("quantization_bit"):
        found.append(
            "resize_vocab와 quantization_bit는 함께 쓸 수 없습니다: 줄인 모델의 임베딩은 늘릴 수 없습니다."
        )
    if on("quantization_bit") and on("additional_target"):
        found.append(
            "quantization_bit와 additional_target은 함께 쓰지 않습니다: 줄인 층은 통째로 학습할 수 없습니다."
        )
    if on("use_cpu") and (on("bf16") or on("fp16")):
        found.append("CPU에서는 bf16, fp16을 끄세요.")
    if on("bf16") and on("fp16"):
        found.append("bf16과 fp16 가운데 하나만 켜세요.")
    if on("load_best_model_at_end"):
        if profile.get("eval_strategy") != profile.get("save_strategy", "steps"):
            found.append("load_best_model_at_end에는 eval_strategy와 save_strategy가 같아야 합니다.")
        elif profile.get("save_steps", 500) % max(1, profile.get("eval_steps", 500)):
            found.append("save_steps는 eval_steps의 배수여야 가장 나은 판을 고를 수 있습니다.")
    if profile.get("finetuning_type") != "lora":
        found.append("finetuning_type은 lora만 다룹니다(합치기와 배포가 그것을 전제로 합니다).")
    if on("trust_remote_code"):
        found.append("trust_remote_code는 켜지 마세요: 모델에 든 프로그램이 이 컴퓨터에서 돕니다.")
    found += [
        f"{key}가 없습니다."
        for key in ("model_name_or_path", "template", "dataset_dir", "dataset", "output_dir", "cutoff_len")
        if not on(key)
    ]
    return found


def dump(profile: Mapping[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dict(profile), allow_unicode=True, sort_keys=False), encoding="utf-8")
