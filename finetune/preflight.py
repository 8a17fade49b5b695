"""Whether a profile can be trained on this machine: each check with a verdict, before hours are spent."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from finetune import licence
from finetune.profile import faults

Verdict = Literal["ok", "warn", "fail"]
_GIB = 2**30
_BYTES = {4: 0.56, 8: 1.06, None: 2.0}  # of a weight; 4-bit NF4 with its scales is about 4.5 bits
_VERSIONS = {"torch": "2.4", "transformers": "4.55", "llamafactory": "0.9.5", "peft": "0.18", "trl": "0.18"}


@dataclass(frozen=True, slots=True)
class Check:
    what: str
    verdict: Verdict
    said: str


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a model's config.json."""

    layers: int
    hidden: int
    inner: int
    heads: int
    kv_heads: int
    vocabulary: int
    tied: bool

    @property
    def parameters(self) -> int:
        kv = self.hidden * self.kv_heads // self.heads
        attention = 2 * self.hidden**2 + 2 * self.hidden * kv
        layer = attention + 3 * self.hidden * self.inner + 2 * self.hidden
        embeddings = self.vocabulary * self.hidden * (1 if self.tied else 2)
        return self.layers * layer + embeddings + self.hidden


def shape_of(model: str) -> Shape | None:
    """None when the model is a name, not a folder here."""
    path = Path(model) / "config.json"
    if not path.is_file():
        return None
    said = json.loads(path.read_text(encoding="utf-8"))
    heads = said["num_attention_heads"]
    return Shape(
        layers=said["num_hidden_layers"],
        hidden=said["hidden_size"],
        inner=said["intermediate_size"],
        heads=heads,
        kv_heads=said.get("num_key_value_heads", heads),
        vocabulary=said["vocab_size"],
        tied=bool(said.get("tie_word_embeddings")),
    )


def needed_gib(shape: Shape, profile: Mapping[str, Any]) -> float:
    """An estimate of GPU memory, computed and not measured: weights (embeddings are never 4-bit), LoRA with
    Adam in 32 bits, activations with checkpointing, logits in 32 bits twice, and 1.5 GiB of CUDA's own."""
    bits = profile.get("quantization_bit")
    embeddings = shape.vocabulary * shape.hidden * (1 if shape.tied else 2)
    weights = (shape.parameters - embeddings) * _BYTES[bits] + embeddings * 2
    kv = shape.hidden * shape.kv_heads // shape.heads
    sides = 2 * (shape.hidden * 2) + 2 * (shape.hidden + kv) + 3 * (shape.hidden + shape.inner)
    lora = shape.layers * sides * profile.get("lora_rank", 8) * 16
    tokens = profile.get("per_device_train_batch_size", 1) * profile.get("cutoff_len", 1024)
    kept = tokens * shape.hidden * shape.layers * 2
    working = tokens * (shape.inner * 6 + shape.hidden * 16) * 2
    logits = tokens * shape.vocabulary * 4 * 2
    return float((weights + lora + kept + working + logits) / _GIB + 1.5)


def preflight(
    profile: Mapping[str, Any],
    machine: Mapping[str, Any],
    name: str | None,
    *,
    accepted: bool,
    free: int | None = None,
) -> list[Check]:
    """`machine` is what `finetune/env/inspect_machine.py` says; `free` bytes of the disk, None to look."""
    checks = [Check("프로필", "fail", said) for said in faults(profile)] or [
        Check("프로필", "ok", "맞습니다.")
    ]
    checks += _versions(machine)
    checks += _template(profile, machine)
    model = str(profile.get("model_name_or_path", ""))
    refused = licence.faults(model, name, accepted=accepted)
    family = licence.licence_of(model)
    checks += [Check("라이선스", "fail", said) for said in refused]
    if not refused:
        said = (
            f"{family.licence}{f', 알림: {family.notice}' if family.notice else ''}"
            if family
            else "직접 확인함"
        )
        checks.append(Check("라이선스", "ok", said))
    shape = shape_of(model)
    if shape is None and model.startswith((".", "/", "data/")):
        checks.append(Check("모델", "fail", f"모델 폴더가 없습니다: {model}"))
    checks += _memory(profile, machine, shape)
    checks += _disk(profile, shape, free)
    checks += _data(profile)
    return checks


def _versions(machine: Mapping[str, Any]) -> list[Check]:
    found = machine["versions"]
    wanted = dict(_VERSIONS)
    missing = [name for name in wanted if not found.get(name)]
    if missing:
        return [Check("환경", "fail", f"없는 패키지: {', '.join(missing)} (make finetune-env)")]
    old = [f"{name} {found[name]}" for name, least in wanted.items() if _number(found[name]) < _number(least)]
    if old:
        return [Check("환경", "fail", f"너무 낮은 판: {', '.join(old)}")]
    return [Check("환경", "ok", ", ".join(f"{name} {found[name]}" for name in wanted))]


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("+")[0].split(".")[:3] if part.isdigit())


def _template(profile: Mapping[str, Any], machine: Mapping[str, Any]) -> list[Check]:
    template, known = profile.get("template"), machine.get("templates", ())
    if not template or not known:
        return []
    if template in known:
        return [Check("대화 형식", "ok", str(template))]
    return [Check("대화 형식", "fail", f"LLaMA-Factory에 {template} 형식이 없습니다.")]


def _memory(profile: Mapping[str, Any], machine: Mapping[str, Any], shape: Shape | None) -> list[Check]:
    if profile.get("use_cpu"):
        return [Check("GPU", "ok", "쓰지 않습니다(CPU).")]
    gpus: Sequence[Mapping[str, Any]] = machine.get("gpus", ())
    if not gpus:
        return [Check("GPU", "fail", "GPU가 없습니다. CPU에서는 cpu-smoke 프로필만 돌립니다.")]
    checks = []
    gpu = gpus[0]
    if profile.get("bf16") and not gpu["bf16"]:
        checks.append(Check("GPU", "fail", f"{gpu['name']}은 bf16을 못 씁니다. bf16을 끄고 fp16을 켜세요."))
    if profile.get("quantization_bit") and not machine["versions"].get("bitsandbytes"):
        checks.append(Check("GPU", "fail", "4비트에는 bitsandbytes가 있어야 합니다."))
    if shape is None:
        return [
            *checks,
            Check(
                "GPU", "warn", f"{gpu['name']} {gpu['free_gib']}GiB; 모델이 여기 없어 필요한 크기를 모릅니다."
            ),
        ]
    need = needed_gib(shape, profile)
    said = f"{gpu['name']}: 빈 {gpu['free_gib']}GiB, 어림한 필요량 {need:.1f}GiB"
    verdict: Verdict = "fail" if need > gpu["free_gib"] else "warn" if need > 0.85 * gpu["free_gib"] else "ok"
    return [*checks, Check("GPU", verdict, said)]


def _disk(profile: Mapping[str, Any], shape: Shape | None, free: int | None) -> list[Check]:
    folder = Path(str(profile.get("output_dir", ".")))
    while not folder.exists():
        folder = folder.parent
    left = (shutil.disk_usage(folder).free if free is None else free) / _GIB
    weights = shape.parameters * 2 / _GIB if shape else 16.0
    need = 2.2 * weights + 2  # the merged model, its GGUF, checkpoints
    verdict: Verdict = "ok" if left >= need else "fail"
    return [Check("디스크", verdict, f"빈 {left:.0f}GiB, 합치고 옮기기까지 약 {need:.0f}GiB")]


def _data(profile: Mapping[str, Any]) -> list[Check]:
    folder = Path(str(profile.get("dataset_dir", "")))
    path = folder / "statistics.json"
    if not path.is_file():
        return [Check("데이터셋", "fail", f"데이터셋이 없습니다: {folder} (gongsi finetune dataset)")]
    told = json.loads(path.read_text(encoding="utf-8"))
    counts, most = told["records"], told["tokens"]["most"]
    checks = []
    if not counts["train"]:
        checks.append(Check("데이터셋", "fail", "학습할 기록이 없습니다."))
    if profile.get("eval_dataset") and not counts["validation"]:
        checks.append(
            Check("데이터셋", "fail", "검증 기록이 없습니다. --share를 키우거나 공시를 더 넣으세요.")
        )
    if most > profile.get("cutoff_len", 0):
        checks.append(
            Check(
                "데이터셋",
                "warn",
                f"가장 긴 기록이 {most}토큰({told['tokens']['counted_by']})이라 뒤가 잘릴 수 있습니다.",
            )
        )
    return checks or [Check("데이터셋", "ok", f"학습 {counts['train']:,}건, 검증 {counts['validation']:,}건")]
