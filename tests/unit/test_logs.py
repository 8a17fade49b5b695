"""No secret and no person's text gets into a log line, whichever way it comes."""

import io
import logging
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, SecretStr

from bots.logs import start_logging

TOKEN = "123456:ABC-canary"
PASSWORD = "p4ss-canary"


class Inner(BaseModel):
    token: SecretStr = SecretStr(TOKEN)


class Outer(BaseModel):
    inner: Inner = Inner()
    url: str = f"postgresql://me:{PASSWORD}@host/db"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    said = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", said)
    start_logging(Outer(), logging.DEBUG)
    yield said
    root.handlers[:], root.level = before, level


def test_a_secret_is_hidden_wherever_it_stands(lines: io.StringIO) -> None:
    logger = logging.getLogger("gongsi.test")
    logger.info("GET https://api/bot%s/getMe", TOKEN)
    logger.info("as extra", extra={"address": f"postgresql://me:{PASSWORD}@host/db"})
    logger.warning(f"in the message {TOKEN}")  # noqa: G004  # libraries do this
    logging.getLogger("telegram").warning("bot %s", TOKEN)
    assert "•••" in lines.getvalue()
    assert TOKEN not in lines.getvalue()
    assert PASSWORD not in lines.getvalue()


def test_an_exception_tells_its_type_and_place_but_not_its_text(lines: io.StringIO) -> None:
    def fail() -> None:
        raise ValueError(f"지난달에 산 내 주식 {TOKEN}")

    try:
        try:
            fail()
        except ValueError as error:
            raise RuntimeError("사용자가 쓴 글") from error
    except RuntimeError:
        logging.getLogger("gongsi.test").exception("a job failed", extra={"job": 7})
    said = lines.getvalue()
    assert "builtins.RuntimeError" in said
    assert "builtins.ValueError" in said
    assert "fail" in said
    assert '"job": 7' in said
    for hidden in ("주식", "사용자", TOKEN):
        assert hidden not in said


def test_libraries_are_heard_from_warning_on(lines: io.StringIO) -> None:
    for name in ("httpx", "telegram.ext", "slack_sdk.web", "apscheduler.scheduler"):
        logging.getLogger(name).info("noise")
    assert "noise" not in lines.getvalue()
