"""What the fine-tuning environment has, as one JSON object; runs in it."""

import importlib.metadata
import json
import sys

NAMES = (
    "torch",
    "transformers",
    "llamafactory",
    "peft",
    "trl",
    "datasets",
    "accelerate",
    "bitsandbytes",
    "tensorboard",
)


def versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in NAMES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = None
    return found


def gpus() -> list[dict[str, object]]:
    import torch

    if not torch.cuda.is_available():
        return []
    return [
        {
            "name": torch.cuda.get_device_name(n),
            "free_gib": round(torch.cuda.mem_get_info(n)[0] / 2**30, 1),
            "total_gib": round(torch.cuda.mem_get_info(n)[1] / 2**30, 1),
            "bf16": torch.cuda.is_bf16_supported(),
        }
        for n in range(torch.cuda.device_count())
    ]


def templates() -> list[str]:
    from launch import main  # noqa: F401  # LLaMA-Factory without torchaudio
    from llamafactory.data.template import TEMPLATES

    return sorted(TEMPLATES)


if __name__ == "__main__":
    said = {"python": sys.version.split()[0], "versions": versions()}
    if said["versions"]["torch"]:
        said["gpus"] = gpus()
    if said["versions"]["llamafactory"]:
        said["templates"] = templates()
    sys.stdout.write(json.dumps(said))
