"""Structured logs: one JSON object a line (plain in a terminal), without secrets and texts of people."""

import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

_LIBRARIES = (
    "aiohttp",
    "apscheduler",
    "httpcore",
    "httpx",
    "psycopg",
    "slack_bolt",
    "slack_sdk",
    "stamina",
    "telegram",
)
_HIDDEN = "•••"
_SHORTEST = 6  # a secret shorter than this would blot out innocent words


class WithoutSecrets(logging.Filter):
    """Replaces every secret of the settings wherever a record holds it, and tracebacks by their places.

    The message of an exception may hold what a person wrote; its type and where it rose do not. The last of
    several fences: httpx logs URLs with Telegram's token in their path, stamina and aiohttp the errors that
    hold them (notes/style.md §0.3).
    """

    def __init__(self, secrets: Iterator[str]) -> None:
        super().__init__()
        self._secrets = sorted({s for s in secrets if len(s) >= _SHORTEST}, key=len, reverse=True)

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.clean(record.getMessage()), None
        _, error, _ = record.exc_info or (None, None, None)
        if error is not None:
            record.exc_info, record.exc_text = None, places(error)
        for name, value in record.__dict__.items():
            if isinstance(value, str):
                record.__dict__[name] = self.clean(value)
        return True

    def clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text


def places(error: BaseException) -> str:
    """The types of an error and of what caused it, each with the places it passed, the last one first."""
    said: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(said) < 5:
        frames = reversed(traceback.extract_tb(seen.__traceback__)[-8:])
        way = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
        said.append(f"{type(seen).__module__}.{type(seen).__qualname__} {way}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return " <- ".join(said)


def secrets(model: BaseModel) -> Iterator[str]:
    """Every SecretStr of the settings; the addresses with a password in them too."""
    for name in type(model).model_fields:
        value: Any = getattr(model, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from secrets(value)
        elif isinstance(value, str) and "://" in value and "@" in value:
            yield value
            yield value.split("://", 1)[1].rsplit("@", 1)[0].partition(":")[2]


def start_logging(settings: BaseModel, level: int = logging.INFO) -> None:
    """To stderr. Libraries are heard from WARNING on, whatever `level` is for us."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(WithoutSecrets(secrets(settings)))
    if sys.stderr.isatty():
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s", "%H:%M:%S"))
    else:
        from pythonjsonlogger.json import JsonFormatter

        handler.setFormatter(
            JsonFormatter(
                "{asctime}{levelname}{name}{message}",
                style="{",
                rename_fields={"asctime": "at", "levelname": "level"},
                json_ensure_ascii=False,
            )
        )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
