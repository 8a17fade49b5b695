"""The writer against a double of the server, and against a port where nothing listens."""

import asyncio
import socket
import time

import pytest

from core.errors import ModelError
from core.model import Brief, Level, Question
from core.models.ollama import OllamaWriter, available, fits
from core.settings import Llm
from tests.doubles.ollama import Ollama, serve


def _nobody() -> Llm:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    return Llm(
        backend="ollama",
        ollama_host=f"http://127.0.0.1:{port}",
        model="m",
        num_ctx=512,
        num_predict=64,
        temperature=0.0,
        connect_timeout=1.0,
        read_timeout=1.0,
    )


def _brief(prompt: str) -> Brief:
    return Brief(Question(prompt), Level.BEGINNER, (), (), (), "지시", prompt)


async def _read(brief: Brief) -> str:
    return "".join([piece async for piece in OllamaWriter(_nobody()).stream(brief)])


def test_a_refused_connection_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="연결하지 못했습니다"):
        asyncio.run(_read(_brief("매출액은?")))


def test_a_server_that_is_not_there_is_named_as_the_reason() -> None:
    assert "연결하지 못했습니다" in (asyncio.run(available(_nobody())) or "")


def test_a_prompt_that_will_not_fit_is_not_sent() -> None:
    assert not fits(_brief("가" * 500), 512, 64)
    with pytest.raises(ModelError, match="길어"):
        asyncio.run(_read(_brief("가" * 500)))


def _ask(double: Ollama, prompt: str = "매출액은?", num_ctx: int = 512) -> str:
    settings = _nobody().model_copy(update={"ollama_host": double.host, "num_ctx": num_ctx})

    async def read() -> str:
        return "".join([piece async for piece in OllamaWriter(settings).stream(_brief(prompt))])

    return asyncio.run(read())


def _state(double: Ollama) -> str | None:
    return asyncio.run(available(_nobody().model_copy(update={"ollama_host": double.host})))


def test_the_pieces_join_to_the_answer_and_the_limits_are_sent() -> None:
    with serve(Ollama()) as double:
        assert _ask(double) == "매출액은 100억원입니다."
    (request,) = double.requests
    assert request["options"] == {"num_ctx": 512, "num_predict": 64, "temperature": 0.0}
    assert request.get("think") is None


def test_a_thinking_model_is_told_not_to_think() -> None:
    with serve(Ollama(capabilities=("completion", "thinking"))) as double:
        assert _ask(double) == "매출액은 100억원입니다."
    assert double.requests[0]["think"] is False


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("stall", "제때 답하지"),
        ("404", "모델이 없습니다"),
        ("400", "HTTP 400"),
        ("503", "붐빕니다"),
        ("error", "쓰다가 멈췄습니다"),
        ("cut", "도중에 끊겼습니다"),
        ("undone", "끝맺지 못하고"),
        ("length", "길이를 넘어"),
        ("garbage", "읽을 수 없는"),
        ("empty", "빈 답"),
    ],
)
def test_every_fault_is_one_korean_sentence(fault: str, words: str) -> None:
    with serve(Ollama(fault)) as double, pytest.raises(ModelError, match=words):
        _ask(double)


def test_a_prompt_cut_in_silence_is_noticed() -> None:
    with serve(Ollama(context=512)) as double, pytest.raises(ModelError, match="일부만"):
        _ask(double, "가" * 1500, num_ctx=2048)


def test_available_tells_a_model_that_is_there_from_one_that_is_not() -> None:
    with serve(Ollama()) as double:
        assert _state(double) is None
    with serve(Ollama(models=("other:latest",))) as double:
        assert "m 모델이 없습니다" in (_state(double) or "")


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_available_gives_up_within_connect_timeout(fault: str) -> None:
    with serve(Ollama(fault)) as double:
        start = time.monotonic()
        assert "제때 답하지" in (_state(double) or "")
        assert time.monotonic() - start < 1.8
