"""Profiles, licences and the preflight: what cannot run, or may not, is said before it runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError
from finetune import licence
from finetune.export import equal, model_card
from finetune.preflight import Check, Shape, needed_gib, preflight
from finetune.profile import dump, faults, load_profile, profiles
from finetune.train import latest, refuse

LLAMA_8B = {
    "num_hidden_layers": 32, "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32,
    "num_key_value_heads": 8, "vocab_size": 128256,
}  # fmt: skip
VERSIONS = {
    "torch": "2.13.0+cpu",
    "transformers": "5.6.0",
    "llamafactory": "0.9.5",
    "peft": "0.18.1",
    "trl": "0.24.0",
}
GPU = {"name": "RTX 4090", "free_gib": 23.5, "total_gib": 24.0, "bf16": True}


def machine(**changed: Any) -> dict[str, Any]:
    return {
        "versions": VERSIONS | {"bitsandbytes": "0.50.2"},
        "gpus": [GPU],
        "templates": ["llama3"],
        **changed,
    }


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    told = {
        "records": {"train": 900, "validation": 90, "test": 90},
        "tokens": {"most": 1000, "counted_by": "토크나이저"},
    }
    (tmp_path / "statistics.json").write_text(json.dumps(told), encoding="utf-8")
    return tmp_path


@pytest.fixture
def llama(tmp_path: Path) -> Path:
    folder = tmp_path / "Llama-3.1-8B"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(LLAMA_8B), encoding="utf-8")
    return folder


def checks(profile: dict[str, Any], name: str | None = "llama-x", **changed: Any) -> dict[str, list[Check]]:
    found: dict[str, list[Check]] = {}
    for one in preflight(profile, machine(**changed), name, accepted=False, free=200 * 2**30):
        found.setdefault(one.what, []).append(one)
    return found


@pytest.mark.parametrize("name", profiles())
def test_every_profile_that_is_shipped_can_run(name: str) -> None:
    assert faults(load_profile(name, {})) == []


def test_the_profiles_of_the_recipe() -> None:
    recipe = load_profile("qlora-8b", {})
    assert (recipe["lora_rank"], recipe["lora_alpha"]) == (8, 16)
    assert (recipe["cutoff_len"], recipe["learning_rate"], recipe["warmup_ratio"]) == (1024, 1e-4, 0.1)
    assert recipe["quantization_bit"] == 4
    whole = load_profile("lora-8b-bf16", {})
    assert "quantization_bit" not in whole
    assert whole["lora_target"] == recipe["lora_target"] == "all"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"resize_vocab": True}, "resize_vocab와 quantization_bit"),
        ({"additional_target": "embed_tokens"}, "additional_target"),
        ({"use_cpu": True}, "CPU에서는 bf16"),
        ({"fp16": True}, "bf16과 fp16"),
        ({"save_steps": 150}, "save_steps"),
        ({"eval_strategy": "epoch"}, "eval_strategy"),
        ({"finetuning_type": "full"}, "lora만"),
        ({"trust_remote_code": True}, "trust_remote_code"),
        ({"template": ""}, "template가 없습니다"),
    ],
)
def test_what_cannot_run_is_refused(changed: dict[str, Any], said: str) -> None:
    assert said in " ".join(faults(load_profile("qlora-8b", changed)))


def test_a_profile_of_ones_own_extends_one_that_is_shipped(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("extends: qlora-8b\nlora_rank: 16\nflash_attn: null\n", encoding="utf-8")
    profile = load_profile(str(path), {"max_steps": 20, "template": None})
    assert (profile["lora_rank"], profile["max_steps"], profile["template"]) == (16, 20, "llama3")
    assert "flash_attn" not in profile
    dump(profile, tmp_path / "out" / "train.yaml")
    assert load_profile(str(tmp_path / "out" / "train.yaml"), {}) == profile


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "extends: own\n"])
def test_no_profile(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text.replace("own", str(path)), encoding="utf-8")
    with pytest.raises(InputError):
        load_profile(str(path), {})
    with pytest.raises(InputError, match="있는 것: cpu-smoke"):
        load_profile("nothing", {})


@pytest.mark.parametrize(
    ("model", "name", "said"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "gongsi", "‘Llama’로 시작"),
        ("meta-llama/Llama-3.1-8B-Instruct", "llama-dart-analyst", None),
        ("someone/llama-3-Korean-Bllossom-8B", "bllossom-x", "‘Llama’로 시작"),
        ("me/x", "me/llama-x", "라이선스를 모릅니다"),
        ("LGAI-EXAONE/EXAONE-4.0-1.2B", "exaone-x", "상업적으로"),
        ("naver-hyperclovax/HyperCLOVAX-SEED", "x", "조건을 확인"),
        ("kakaocorp/kanana-1.5-8b-instruct", "anything", None),
        ("Qwen/Qwen3-8B", "anything", None),
    ],
)
def test_licences(model: str, name: str, said: str | None) -> None:
    found = licence.faults(model, name, accepted=False)
    assert (said is None and not found) or (said is not None and said in found[0])


def test_consent_does_not_change_the_duty_of_the_name() -> None:
    assert licence.faults("meta-llama/Llama-3.1-8B", "gongsi", accepted=True)
    assert not licence.faults("LGAI-EXAONE/EXAONE-4.0", "x", accepted=True)
    assert not licence.faults("me/x", None, accepted=True)


def test_the_shape_of_llama_has_eight_billion_parameters() -> None:
    shape = Shape(32, 4096, 14336, 32, 8, 128256, tied=False)
    assert shape.parameters == 8_030_261_248


def test_an_8b_model_fits_24_gib_in_4_bits_alone() -> None:
    shape = Shape(32, 4096, 14336, 32, 8, 128256, tied=False)
    assert needed_gib(shape, load_profile("qlora-8b", {})) < 12
    assert needed_gib(shape, load_profile("lora-8b-bf16", {})) > 17


def test_all_is_well(dataset: Path, llama: Path) -> None:
    profile = load_profile("qlora-8b", {"model_name_or_path": str(llama), "dataset_dir": str(dataset)})
    found = checks(profile)
    assert {one.verdict for group in found.values() for one in group} == {"ok"}
    refuse([one for group in found.values() for one in group])


@pytest.mark.parametrize(
    ("changed", "told", "what", "said"),
    [
        ({}, {"gpus": []}, "GPU", "GPU가 없습니다"),
        ({}, {"gpus": [GPU | {"free_gib": 6.0}]}, "GPU", "빈 6.0GiB"),
        ({}, {"gpus": [GPU | {"bf16": False}]}, "GPU", "bf16을 못 씁니다"),
        ({}, {"versions": VERSIONS}, "GPU", "bitsandbytes"),
        ({}, {"versions": VERSIONS | {"peft": None}}, "환경", "peft"),
        ({}, {"versions": VERSIONS | {"transformers": "4.40.1"}}, "환경", "너무 낮은"),
        ({"template": "nobody"}, {}, "대화 형식", "nobody"),
        ({"dataset_dir": "none-here"}, {}, "데이터셋", "데이터셋이 없습니다"),
        ({"model_name_or_path": "./none-here"}, {}, "모델", "모델 폴더가 없습니다"),
    ],
)
def test_what_is_missing_is_named(
    changed: dict[str, Any], told: dict[str, Any], what: str, said: str, dataset: Path, llama: Path
) -> None:
    named = {"model_name_or_path": str(llama), "dataset_dir": str(dataset)} | changed
    found = checks(load_profile("qlora-8b", named), **told)
    assert said in " ".join(one.said for one in found[what] if one.verdict == "fail")
    with pytest.raises(InputError, match="학습할 수 없습니다"):
        refuse(found[what])


def test_records_that_would_be_cut_are_warned_of(dataset: Path, llama: Path) -> None:
    named = {"model_name_or_path": str(llama), "dataset_dir": str(dataset), "cutoff_len": 512}
    (one,) = checks(load_profile("qlora-8b", named))["데이터셋"]
    assert one.verdict == "warn"
    assert "1000토큰" in one.said


def test_the_last_checkpoint_is_that_of_most_steps(tmp_path: Path) -> None:
    for name in ("checkpoint-9", "checkpoint-100", "checkpoint-20", "checkpoint-x"):
        (tmp_path / name).mkdir()
    assert latest(tmp_path) == tmp_path / "checkpoint-100"
    assert latest(tmp_path / "checkpoint-9") is None


def test_a_model_card_carries_the_notice() -> None:
    told = {
        "base": "meta-llama/Llama-3.1-8B",
        "template": "llama3",
        "logits": {"max_abs_diff": 0.01, "dtype": "bfloat16"},
    }
    card = model_card("llama-x", {"lora_rank": 8}, told)
    assert "Built with Llama" in card
    assert "base_model: meta-llama/Llama-3.1-8B" in card


@pytest.mark.parametrize(
    ("dtype", "most", "agree", "same"),
    [
        ("float32", 9e-5, 1.0, True),
        ("float32", 2e-4, 1.0, False),
        ("bfloat16", 0.5, 0.995, True),
        ("bfloat16", 0.5, 0.9, False),
    ],
)
def test_merged_and_adapted_say_the_same(dtype: str, most: float, agree: float, same: bool) -> None:
    assert equal({"dtype": dtype, "max_abs_diff": most, "argmax_agreement": agree}) is same
