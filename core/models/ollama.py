"""The writer that asks an Ollama server; every failure is a ModelError with one Korean sentence."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx
import ollama

from core.errors import ModelError
from core.model import Brief
from core.rag.generate import tokens
from core.settings import Llm

# httpx logs every request at INFO; a reader of our logs has no use for it.
logging.getLogger("httpx").setLevel(logging.WARNING)

FAILURES = (ollama.ResponseError, ConnectionError, httpx.HTTPError, ValueError)
KEEP_ALIVE = "10m"
_SLOW = "Ollama 서버가 제때 답하지 않았습니다."


def fits(brief: Brief, num_ctx: int, num_predict: int) -> bool:
    """Whether prompt and answer fit together; the server would cut the prompt without a word."""
    return tokens(brief.system) + tokens(brief.prompt) + num_predict <= num_ctx


def _check_fits(brief: Brief, num_ctx: int, num_predict: int) -> None:
    if not fits(brief, num_ctx, num_predict):
        raise ModelError("질문과 근거가 길어 모델이 한 번에 읽을 수 없습니다.")


def _trained_for(shown: ollama.ShowResponse) -> int | None:
    """Tokens the model was trained for: the server never gives more, whatever num_ctx says."""
    info = shown.modelinfo or {}
    length = info.get(f"{info.get('general.architecture')}.context_length")
    return length if isinstance(length, int) and length > 0 else None


def _korean(error: Exception) -> ModelError:
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout() | ConnectionError():
            text = "Ollama 서버에 연결하지 못했습니다."
        case httpx.TimeoutException():
            text = "Ollama 모델이 제때 답하지 않았습니다."
        case httpx.HTTPError():
            text = "Ollama의 답이 도중에 끊겼습니다."
        case ollama.ResponseError(status_code=404):
            text = "Ollama에 설정한 모델이 없습니다."
        case ollama.ResponseError(status_code=503):
            text = "Ollama 서버가 붐빕니다. 잠시 뒤에 다시 물어봐 주세요."
        case ollama.ResponseError(status_code=code) if code > 0:
            text = f"Ollama 서버가 요청을 거절했습니다(HTTP {code})."
        case ollama.ResponseError():
            text = "Ollama 모델이 답을 쓰다가 멈췄습니다."
        case _:
            text = "Ollama가 읽을 수 없는 답을 보냈습니다."
    return ModelError(text)


def thinking(shown: ollama.ShowResponse) -> bool | None:
    """To be asked of the model: a thinking one left to itself sends empty content, others refuse it."""
    return False if "thinking" in (shown.capabilities or []) else None


def client_for(settings: Llm, read: float) -> ollama.AsyncClient:
    """`read`: seconds waited for the next bytes. Whoever gets it closes its `_client`."""
    timeout = httpx.Timeout(read, connect=settings.connect_timeout)
    return ollama.AsyncClient(host=settings.ollama_host, timeout=timeout)


async def available(settings: Llm) -> str | None:
    """None when the model can be asked, else the Korean reason; answers within connect_timeout."""
    client = client_for(settings, settings.connect_timeout)
    try:
        async with asyncio.timeout(settings.connect_timeout):
            names = {m.model for m in (await client.list()).models}
    except TimeoutError:
        return _SLOW
    except FAILURES as error:
        return str(_korean(error))
    finally:
        await client._client.aclose()
    name = settings.model if ":" in settings.model else f"{settings.model}:latest"
    return None if name in names else f"Ollama에 {settings.model} 모델이 없습니다."


class OllamaWriter:
    """Implements ports.LanguageModel."""

    def __init__(self, settings: Llm) -> None:
        self._settings = settings

    @property
    def name(self) -> str:
        return f"ollama:{self._settings.model}"

    async def stream(self, brief: Brief) -> AsyncGenerator[str, None]:
        """Pieces as written. Raises ModelError, also for a cut, empty or truncated reply.

        Ends within `llm.total_timeout`, the reader's own time between two pieces included.
        """
        s = self._settings
        _check_fits(brief, s.num_ctx, s.num_predict)
        client = client_for(s, s.read_timeout)
        deadline = asyncio.get_running_loop().time() + s.total_timeout
        try:
            async with aclosing(self._pieces(client, brief)) as pieces:
                while True:
                    # Around each step: a timeout across `yield` would cancel whoever reads.
                    async with asyncio.timeout_at(deadline):
                        piece = await anext(pieces, None)
                    if piece is None:
                        return
                    yield piece
        except TimeoutError:
            raise ModelError("Ollama 모델이 정해진 시간 안에 답을 다 쓰지 못했습니다.") from None
        except FAILURES as error:
            raise _korean(error) from error
        finally:
            await client._client.aclose()

    async def _pieces(self, client: ollama.AsyncClient, brief: Brief) -> AsyncGenerator[str, None]:
        s = self._settings
        try:
            async with asyncio.timeout(s.connect_timeout):
                shown = await client.show(s.model)
        except TimeoutError:
            raise ModelError(_SLOW) from None
        _check_fits(brief, min(s.num_ctx, _trained_for(shown) or s.num_ctx), s.num_predict)
        last, written = None, False
        async for part in await client.chat(
            model=s.model,
            messages=[
                {"role": "system", "content": brief.system},
                {"role": "user", "content": brief.prompt},
            ],
            stream=True,
            think=thinking(shown),
            keep_alive=KEEP_ALIVE,
            options={
                "num_ctx": s.num_ctx,
                "num_predict": s.num_predict,
                "temperature": s.temperature,
            },
        ):
            last = part
            if text := part.message.content:
                written = written or bool(text.strip())
                yield text
        if last is None or not last.done:
            raise ModelError("Ollama의 답이 끝맺지 못하고 끊겼습니다.")
        if last.done_reason == "length":
            raise ModelError("Ollama의 답이 정해진 길이를 넘어 잘렸습니다.")
        if not written:
            raise ModelError("Ollama 모델이 빈 답을 보냈습니다.")
        # A server with less room than num_ctx (a setting or a model file of its own) drops tokens from
        # the middle down to half of that room, with status 200 (ollama/ollama issues 17889, 10980).
        # `tokens` estimates upwards, so only less than a third of it is taken for such a cut; how far
        # down real vocabularies go is not measured, and a smaller cut goes unseen.
        if last.prompt_eval_count and last.prompt_eval_count * 3 < tokens(brief.system + brief.prompt):
            raise ModelError("Ollama가 근거의 일부만 읽고 답했습니다.")
