"""The writer against a double of the server, and against a port where nothing listens."""

import asyncio
import socket
import time

import pytest

from core.errors import ModelError
from core.model import Brief, Level, Question
from core.models.ollama import OllamaWriter, available, fits
from core.models.ollama_judge import OllamaJudge
from core.profile.judgement import Judgement
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
        total_timeout=30.0,
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


def _ask(double: Ollama, prompt: str = "매출액은?", **changed: float) -> str:
    settings = _nobody().model_copy(update={"ollama_host": double.host, **changed})

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
        ("show", "제때 답하지"),
    ],
)
def test_every_fault_is_one_korean_sentence(fault: str, words: str) -> None:
    with serve(Ollama(fault)) as double, pytest.raises(ModelError, match=words):
        _ask(double)


def test_a_prompt_cut_in_silence_is_noticed() -> None:
    with serve(Ollama(room=512)) as double, pytest.raises(ModelError, match="일부만"):
        _ask(double, "가" * 1500, num_ctx=2048)


def test_a_prompt_longer_than_the_model_was_trained_for_is_not_sent() -> None:
    with serve(Ollama(context=512)) as double:
        with pytest.raises(ModelError, match="길어"):
            _ask(double, "가" * 500, num_ctx=2048)
        assert double.requests == []
        assert _ask(double, "가" * 400, num_ctx=2048) == "매출액은 100억원입니다."


def test_a_reply_that_drips_without_end_stops_at_the_total_limit() -> None:
    """No piece is late enough for read_timeout; the reader sees what came before."""

    pieces = []

    async def read(double: Ollama) -> None:
        update = {"ollama_host": double.host, "total_timeout": 0.6}
        async for piece in OllamaWriter(_nobody().model_copy(update=update)).stream(_brief("질문")):
            pieces.append(piece)  # noqa: PERF401  # a comprehension would lose them with the error

    dripping = Ollama("trickle", pieces=("글 ",) * 300)
    with serve(dripping) as double, pytest.raises(ModelError, match="정해진 시간 안에"):
        asyncio.run(read(double))
    assert 0 < len(pieces) < 300


def test_a_slow_reader_is_not_cancelled_when_the_time_is_up() -> None:
    async def read(double: Ollama) -> str:
        update = {"ollama_host": double.host, "total_timeout": 0.3}
        writer = OllamaWriter(_nobody().model_copy(update=update)).stream(_brief("질문"))
        await anext(writer)
        await asyncio.sleep(0.5)  # a cancelled reader would not come back from here
        with pytest.raises(ModelError, match="정해진 시간 안에"):
            async for _ in writer:
                pass
        return "살아 있음"

    with serve(Ollama("trickle", pieces=("글 ",) * 300)) as double:
        assert asyncio.run(read(double)) == "살아 있음"


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


JUDGED = ["배당은?", "전환가액 리픽싱 조항 원문"]


def _judge(double: Ollama) -> Judgement | None:
    settings = _nobody().model_copy(update={"ollama_host": double.host})
    return asyncio.run(OllamaJudge(settings, 1.0).judge(JUDGED))


def test_a_level_is_judged_by_structured_output() -> None:
    said = '{"level": "advanced", "quote": "리픽싱 조항"}'
    with serve(Ollama(pieces=(said,), capabilities=("completion", "thinking"))) as double:
        assert _judge(double) == Judgement(Level.ADVANCED, "리픽싱 조항")
    (request,) = double.requests
    assert request["format"]["properties"]["level"]["enum"] == ["beginner", "intermediate", "advanced"]
    assert request["think"] is False
    assert request["options"]["num_ctx"] == 512  # the writer's
    assert request["messages"][-1]["content"] == "1. 배당은?\n2. 전환가액 리픽싱 조항 원문"


@pytest.mark.parametrize(
    "said",
    [
        "고급입니다",
        "",
        '{"level": "expert", "quote": "리픽싱"}',
        '{"level": "advanced"}',
        '{"level": "advanced", "quote": "아무도 쓰지 않은 말"}',
        '{"level": "advanced", "quote": " "}',
    ],
)
def test_a_judgement_that_cannot_be_checked_is_none(said: str) -> None:
    with serve(Ollama(pieces=(said,))) as double:
        assert _judge(double) is None


@pytest.mark.parametrize("fault", ["500", "stall", "show"])
def test_a_server_in_trouble_judges_nobody(fault: str) -> None:
    started = time.monotonic()
    with serve(Ollama(fault=fault)) as double:
        assert _judge(double) is None
    assert time.monotonic() - started < 3
    assert asyncio.run(OllamaJudge(_nobody(), 1.0).judge(JUDGED)) is None
