"""A merged model into Ollama, tried by a chat; the one before it is kept and can be put back."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import ollama

from core.errors import InputError, ModelError
from core.settings import Llm
from finetune import licence
from finetune.modelfile import chat_of

_FAILURES = (ollama.ResponseError, ConnectionError, httpx.HTTPError, ValueError)
_UPLOAD = 3600.0  # seconds of silence while a blob of many GB is hashed or quantised
_TRIED = "다음 글을 한 문장으로 설명하세요.\n[1] 가온전자는 보통주 1주당 1,800원의 결산배당을 결정했습니다."
_LINE = re.compile(r'^(?P<head>\s*model\s*=\s*)"[^"]*"(?P<tail>.*)$')
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Deployment:
    """`weights`: a .gguf file, or the folder of a merged model. `quantize`: of Ollama, e.g. q4_K_M."""

    weights: Path
    name: str
    template: str
    system: str
    base: str
    quantize: str | None = None

    @property
    def files(self) -> list[Path]:
        if self.weights.is_file():
            return [self.weights]
        kept = [*self.weights.glob("*.safetensors"), *self.weights.glob("*.json")]
        return sorted(path for path in kept if path.name != "gongsi.json")


def deployment(
    weights: Path,
    name: str,
    system: str,
    *,
    template: str | None = None,
    base: str | None = None,
    quantize: str | None = None,
) -> Deployment:
    """With what `export` wrote beside the model. Raises InputError, also for a name the licence forbids."""
    folder = weights if weights.is_dir() else weights.parent
    told: dict[str, Any] = {}
    if (folder / "gongsi.json").is_file():
        told = json.loads((folder / "gongsi.json").read_text(encoding="utf-8"))
    if not weights.exists() or not (template or told.get("template")) or not (base or told.get("base")):
        raise InputError(f"{weights}: 합친 모델이 없거나, --template과 --model을 알 수 없습니다.")
    made = Deployment(weights, name, template or told["template"], system, base or told["base"], quantize)
    refused = licence.faults(made.base, name, accepted=True)
    if refused:
        raise InputError(refused[0])
    if weights.is_dir() and not any(weights.glob("*.safetensors")):
        raise InputError(f"합친 모델이 없습니다: {weights}")
    return made


def deploy(made: Deployment, settings: Llm, say: Say) -> str:
    """What the model said when tried. The model of this name before it is NAME-previous from now on; one that
    does not answer makes way for it again. Raises ModelError."""
    with _asking(settings) as client:
        kept = _keep(client, made.name)
        if kept:
            say(f"지금의 {made.name}은 {kept}(으)로 남겨 둡니다.")
        try:
            create(client, made, settings, say)
            return _try(client, made.name, settings)
        except (ModelError, *_FAILURES):
            if kept:
                client.copy(kept, made.name)
                say(f"{made.name}을 이전 모델로 되돌렸습니다.")
            elif _full(made.name) in _names(client):
                client.delete(made.name)
                say(f"{made.name}을 지웠습니다.")
            raise


def create(client: ollama.Client, made: Deployment, settings: Llm, say: Say) -> None:
    """Raises ModelError, and what the client raises."""
    chat = chat_of(made.template)
    files = {}
    for path in made.files:
        say(f"올리는 중: {path.name} ({path.stat().st_size / 2**20:,.0f}MB)")
        files[path.name] = client.create_blob(path)
    last = ""
    for part in client.create(
        made.name,
        files=files,
        quantize=made.quantize,
        template=chat.template,
        system=made.system,
        parameters={
            "num_ctx": settings.num_ctx,
            "stop": list(chat.stop),
            "temperature": settings.temperature,
        },
        license=licence_text(made.base),
        stream=True,
    ):
        if part.status and part.status != last:
            last = part.status
            say(last)
    if last != "success":
        raise ModelError("Ollama가 모델을 다 만들지 못했습니다.")


def rollback(name: str, settings: Llm) -> str:
    """The model before the last deployment, back in its name. Raises InputError, ModelError."""
    with _asking(settings) as client:
        previous = _previous(name)
        if previous not in _names(client):
            raise InputError(f"되돌릴 모델이 없습니다: {previous}")
        client.copy(previous, name)
        return _try(client, name, settings)


def licence_text(base: str) -> list[str] | None:
    family = licence.licence_of(base)
    if family is None:
        return None
    return [part for part in (family.licence, family.notice) if part]


def switch(settings_file: Path, name: str) -> None:
    """`llm.model` of a settings.toml, its comment kept. Raises InputError."""
    lines = settings_file.read_text(encoding="utf-8").splitlines(keepends=True)
    inside = False
    for n, line in enumerate(lines):
        if line.lstrip().startswith("["):
            inside = line.strip().startswith("[llm]")
        if inside and (found := _LINE.match(line.rstrip("\n"))):
            lines[n] = f"{found['head']}{json.dumps(name, ensure_ascii=False)}{found['tail']}\n"
            settings_file.write_text("".join(lines), encoding="utf-8")
            return
    raise InputError(f"{settings_file}의 [llm]에 model이 없습니다.")


def refuse_worse(report: Mapping[str, Any]) -> None:
    """Raises InputError for an evaluation whose tuned model says more wrong figures than its base, or fewer
    right ones on the bot's own questions."""
    if report.get("verdict") != "ok":
        raise InputError(
            f"평가에서 바탕 모델보다 나쁩니다: {', '.join(report.get('worse', ['평가가 없습니다']))}"
        )


def _keep(client: ollama.Client, name: str) -> str | None:
    if _full(name) not in _names(client):
        return None
    client.copy(name, _previous(name))
    return _previous(name)


def _names(client: ollama.Client) -> set[str]:
    return {_full(model.model or "") for model in client.list().models}


def _full(name: str) -> str:
    return name if ":" in name else f"{name}:latest"


def _previous(name: str) -> str:
    """`llama-x` → `llama-x-previous:latest`; a name that must begin with Llama still does."""
    model, _, tag = _full(name).partition(":")
    return f"{model}-previous:{tag}"


def _try(client: ollama.Client, name: str, settings: Llm) -> str:
    shown = client.show(name)
    said = client.chat(
        name,
        messages=[{"role": "user", "content": _TRIED}],
        think=False if "thinking" in (shown.capabilities or []) else None,
        options={"num_ctx": settings.num_ctx, "num_predict": 200, "temperature": 0},
    )
    text = (said.message.content or "").strip()
    if not text or "\ufffd" in text or "<|" in text:
        raise ModelError(f"모델이 제대로 말하지 못합니다: {text[:80]!r}")
    return text


class _asking:  # noqa: N801  # a context manager
    """A client whose failures are ModelErrors."""

    def __init__(self, settings: Llm) -> None:
        timeout = httpx.Timeout(_UPLOAD, connect=settings.connect_timeout)
        self._client = ollama.Client(host=settings.ollama_host, timeout=timeout)

    def __enter__(self) -> ollama.Client:
        return self._client

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._client._client.close()
        if isinstance(error, _FAILURES):
            raise ModelError(f"Ollama와 이야기하지 못했습니다: {str(error).splitlines()[0][:200]}") from error
