"""A merged model → GGUF by llama.cpp's converter: `python gguf.py LLAMA_CPP MERGED OUT.gguf TYPE`.

LLAMA_CPP holds convert_hf_to_gguf.py, conversion/ and gguf-py/ (llama.cpp's sources, or the sdist of
llama-cpp-python under vendor/llama.cpp). Real tokenizers are known to the converter by a hash; a made-up one
of Llama 3's kind is taken for llama-bpe. Runs in the fine-tuning environment.
"""

import sys
from typing import Any


def main(llama_cpp: str, merged: str, out: str, kind: str) -> None:
    sys.path[:0] = [f"{llama_cpp}/gguf-py", llama_cpp]
    from conversion import base

    cls = next(c for c in vars(base).values() if isinstance(c, type) and "get_vocab_base_pre" in c.__dict__)
    known: Any = cls.get_vocab_base_pre

    def guess(self: object, tokenizer: object) -> str:
        try:
            return str(known(self, tokenizer))
        except NotImplementedError:
            if getattr(tokenizer, "convert_tokens_to_ids")("<|start_header_id|>") is None:  # noqa: B009
                raise
            return "llama-bpe"

    cls.get_vocab_base_pre = guess
    import convert_hf_to_gguf

    sys.argv = ["convert_hf_to_gguf.py", merged, "--outfile", out, "--outtype", kind]
    convert_hf_to_gguf.main()


if __name__ == "__main__":
    main(*sys.argv[1:5])
