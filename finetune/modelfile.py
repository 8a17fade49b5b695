"""What Ollama needs beside the weights: the chat template in its own language, stop words, parameters."""

from dataclasses import dataclass

from core.errors import InputError


@dataclass(frozen=True, slots=True)
class Chat:
    """`template` is a Go template. It starts without the BOS token: llama.cpp puts that in by itself, and
    LLaMA-Factory's own Modelfile would make it two."""

    template: str
    stop: tuple[str, ...]


def _turns(head: str, tail: str) -> str:
    """Every message between a head with its role and a tail; then the head of the answer."""
    said = "".join(
        f'{{{{- {"if" if n == 0 else "else if"} eq .Role "{role}" }}}}{head % role}{{{{ .Content }}}}{tail}'
        for n, role in enumerate(("system", "user", "assistant"))
    )
    return f"{{{{- range .Messages }}}}{said}{{{{- end }}}}{{{{- end }}}}{head % 'assistant'}"


_LLAMA3 = Chat(
    _turns("<|start_header_id|>%s<|end_header_id|>\n\n", "<|eot_id|>"),
    ("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>"),
)
_CHATML = Chat(_turns("<|im_start|>%s\n", "<|im_end|>\n"), ("<|im_end|>", "<|endoftext|>"))
_GEMMA = Chat(
    '{{- $system := "" }}{{- range .Messages }}{{- if eq .Role "system" }}{{- $system = .Content }}'
    '{{- else if eq .Role "user" }}<start_of_turn>user\n{{ if $system }}'
    '{{ $system }}\n\n{{- $system = "" }}{{ end }}'
    '{{ .Content }}<end_of_turn>\n{{- else if eq .Role "assistant" }}<start_of_turn>model\n{{ .Content }}'
    "<end_of_turn>\n{{- end }}{{- end }}<start_of_turn>model\n",
    ("<end_of_turn>",),
)
# By the names of LLaMA-Factory's templates.
CHATS = {"llama3": _LLAMA3, "qwen": _CHATML, "qwen3": _CHATML, "qwen3_nothink": _CHATML, "gemma3": _GEMMA}


def chat_of(template: str) -> Chat:
    """Raises InputError."""
    if template not in CHATS:
        raise InputError(f"{template} 대화 형식의 Ollama 틀이 없습니다(있는 것: {', '.join(CHATS)}).")
    return CHATS[template]
