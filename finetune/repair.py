"""What transformers 5 no longer writes where Ollama's importer of safetensors looks (convert_llama.go)."""

import json
from pathlib import Path
from typing import Any


def repair(folder: Path) -> list[str]:
    """What was changed, in Korean; nothing the second time.

    `rope_parameters` → top-level `rope_theta`, `rope_scaling`: without them Ollama takes 500000 and no
    scaling, silently. chat_template.jinja → `tokenizer_config.json`: Ollama reads only that.
    """
    return [*_rope(folder / "config.json"), *_template(folder)]


def _rope(path: Path) -> list[str]:
    config = _read(path)
    before = json.dumps(config)
    parameters = config.get("rope_parameters") or {}
    if "rope_theta" in parameters:
        config.setdefault("rope_theta", parameters["rope_theta"])
    if parameters.get("rope_type", "default") != "default":
        config.setdefault("rope_scaling", {k: v for k, v in parameters.items() if k != "rope_theta"})
    if "dtype" in config:
        config.setdefault("torch_dtype", config["dtype"])
    if json.dumps(config) == before:
        return []
    _write(path, config)
    return ["config.json에 rope_theta와 rope_scaling을 옛 자리에도 적음"]


def _template(folder: Path) -> list[str]:
    path, template = folder / "tokenizer_config.json", folder / "chat_template.jinja"
    if not path.is_file() or not template.is_file():
        return []
    config = _read(path)
    if config.get("chat_template"):
        return []
    _write(path, config | {"chat_template": template.read_text(encoding="utf-8")})
    return ["tokenizer_config.json에 대화 형식을 적음"]


def _read(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
