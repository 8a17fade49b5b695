"""The writer against a port where nothing listens."""

import asyncio
import socket

import pytest

from core.errors import ModelError
from core.model import Brief, Level, Question
from core.models.ollama import OllamaWriter, available, fits
from core.settings import Llm


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
