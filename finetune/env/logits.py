"""Whether a merged model says what base + adapter say: `python logits.py BASE ADAPTER MERGED < texts.jsonl`.

Prints one JSON object. Runs in the fine-tuning environment, where the merge was made, in its precision.
"""

import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer


def logits(model: torch.nn.Module, texts: list[str], tokenizer: object) -> list[torch.Tensor]:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = model.to(device).eval()
    with torch.inference_mode():
        ids = [tokenizer(text, return_tensors="pt").input_ids[:, :512].to(device) for text in texts]
        return [model(one).logits[0].float().cpu() for one in ids]


def main(base: str, adapter: str, merged: str) -> None:
    texts = [json.loads(line) for line in sys.stdin]
    tokenizer = AutoTokenizer.from_pretrained(base)
    plain = AutoModelForCausalLM.from_pretrained(base, dtype="auto")
    before = logits(plain, texts, tokenizer)
    adapted = logits(PeftModel.from_pretrained(plain, adapter), texts, tokenizer)
    del plain
    joined = AutoModelForCausalLM.from_pretrained(merged, dtype="auto")
    said = logits(joined, texts, tokenizer)
    agree = [float((a.argmax(-1) == b.argmax(-1)).float().mean()) for a, b in zip(adapted, said, strict=True)]
    report = {
        "texts": len(texts),
        "dtype": str(joined.dtype).removeprefix("torch."),
        "max_abs_diff": max(float((a - b).abs().max()) for a, b in zip(adapted, said, strict=True)),
        "argmax_agreement": sum(agree) / len(agree),
        "moved_from_base": max(float((a - b).abs().max()) for a, b in zip(before, said, strict=True)),
    }
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:4])
