"""Adapter → a merged model that says the same, and its GGUF."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from core.errors import InputError
from finetune.licence import licence_of
from finetune.profile import dump
from finetune.record import read_records
from finetune.repair import repair
from finetune.runner import FinetuneFailed, run, stream

# Of the largest logit difference between base + adapter and merged: 3.3e-6 was measured in float32 on a tiny
# model. Merged weights in 16 bits are rounded once more; that bound is a guess, argmax is what counts there.
_MOST = {"float32": 1e-4, "bfloat16": 2.0, "float16": 0.5}
_AGREE = 0.99  # of the positions: the most likely token is the same
_TEXTS = 8


@dataclass(frozen=True, slots=True)
class Exported:
    folder: Path
    logits: Mapping[str, Any]
    repaired: list[str]


def export(adapter: Path, out: Path, *, model: str | None = None) -> Exported:
    """Merged onto the base in its precision, never onto a 4-bit one. Raises InputError or FinetuneFailed."""
    trained = adapter / "train.yaml"
    if not (adapter / "adapter_config.json").is_file() or not trained.is_file():
        raise InputError(f"학습한 어댑터가 없습니다: {adapter}")
    profile = yaml.safe_load(trained.read_text(encoding="utf-8"))
    base = model or profile["model_name_or_path"]
    settings = {
        "model_name_or_path": base,
        "adapter_name_or_path": str(adapter),
        "template": profile["template"],
        "trust_remote_code": False,
        "finetuning_type": "lora",
        "export_dir": str(out),
        "export_size": 5,
        "export_device": "cpu",
        "export_legacy_format": False,
    }
    dump(settings, adapter / "export.yaml")
    offline = Path(base).is_dir()
    stream("launch.py", "export", adapter / "export.yaml", log=adapter / "export.log", offline=offline)
    texts = [f"{r.prompt}\n{r.output}" for r in read_records(Path(profile["dataset_dir"]) / "train.json")]
    logits = run("logits.py", base, adapter, out, said=texts[:_TEXTS], offline=offline)
    repaired = repair(out)
    told = {"base": base, "template": profile["template"], "adapter": str(adapter), "logits": logits}
    (out / "gongsi.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "README.md").write_text(model_card(out.name, profile, told), encoding="utf-8")
    if not equal(logits):
        raise FinetuneFailed(f"합친 모델이 어댑터를 얹은 모델과 다르게 말합니다: {logits}")
    return Exported(out, logits, repaired)


def model_card(name: str, profile: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """Goes with the model wherever it is uploaded, with the notice that its base asks for."""
    family = licence_of(str(told["base"]))
    terms = family.licence if family else "바탕 모델의 라이선스를 따릅니다."
    notice = f"\n**{family.notice}**\n" if family and family.notice else ""
    logits = told["logits"]
    return f"""---
language: ko
base_model: {told["base"]}
tags: [finance, dart, lora]
---
# {name}
{notice}
한국 공시(DART)를 자료에 있는 것만으로 해설하도록 LoRA(rank {profile.get("lora_rank")})로 가르쳤습니다.
공시톡의 검사와 함께 쓰도록 만들었습니다. 투자 조언이 아닙니다.

- 바탕: {told["base"]} ({terms})
- 대화 형식: {told["template"]}
- 합치기 전과의 로짓 차이: 최대 {logits["max_abs_diff"]:.1e} ({logits["dtype"]})
"""


def equal(logits: Mapping[str, Any]) -> bool:
    most = _MOST.get(logits["dtype"], 1e-4)
    return bool(logits["max_abs_diff"] <= most and logits["argmax_agreement"] >= _AGREE)


def to_gguf(merged: Path, llama_cpp: Path, out: Path, kind: str) -> Path:
    """`kind`: f32, f16 or bf16; Ollama quantises what it is given. Raises InputError or FinetuneFailed."""
    if not (llama_cpp / "convert_hf_to_gguf.py").is_file():
        raise InputError(f"llama.cpp의 convert_hf_to_gguf.py가 없습니다: {llama_cpp}")
    stream("gguf.py", llama_cpp, merged, out, kind, log=out.with_suffix(".log"), offline=True)
    if not out.is_file():
        raise FinetuneFailed("GGUF 파일이 만들어지지 않았습니다.")
    return out
