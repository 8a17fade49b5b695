"""A tiny Llama with a tokenizer of its own, random, for trying everything without a download:
`python tiny.py DATASET FOLDER`. Runs in the fine-tuning environment.

intermediate_size is a multiple of 32, which 4-bit layers on a CPU need (bitsandbytes 0.50).
"""

import json
import pathlib
import sys

import torch
from tokenizers import Regex, Tokenizer, decoders, models, trainers
from tokenizers import pre_tokenizers as pre
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

SPECIAL = [
    "<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>",
    "<|eom_id|>", "<|finetune_right_pad_id|>",
]  # fmt: skip
SPLIT = (  # Llama 3's
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHAT = (
    "{{- bos_token }}{%- for m in messages %}{{- '<|start_header_id|>'"
    " + m['role'] + '<|end_header_id|>\\n\\n'"
    " + m['content'] | trim + '<|eot_id|>' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}"
)
CONTEXT = 8192
VOCABULARY = 2048


def make_tokenizer(texts: list[str]) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre.Sequence(
        [pre.Split(Regex(SPLIT), "isolated"), pre.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(SPECIAL), initial_alphabet=pre.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_special_tokens(SPECIAL)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=SPECIAL[0],
        eos_token=SPECIAL[4],
        pad_token=SPECIAL[6],
        model_max_length=CONTEXT,
        chat_template=CHAT,
        clean_up_tokenization_spaces=False,
    )


def main(dataset: str, folder: str) -> None:
    torch.manual_seed(0)
    rows = json.loads(pathlib.Path(dataset).read_text(encoding="utf-8"))
    keys = ("system", "instruction", "input", "output")
    tokenizer = make_tokenizer(["\n".join(row[key] for key in keys) for row in rows])
    tokenizer.save_pretrained(folder)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        rope_theta=500000.0,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        tie_word_embeddings=False,
        dtype="float32",
    )
    model = LlamaForCausalLM(config)
    model.save_pretrained(folder)
    sys.stdout.write(json.dumps({"parameters": model.num_parameters(), "vocabulary": len(tokenizer)}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
