"""No pattern of the ETL takes the square of its input's length: long cells, titles and attributes exist."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import core.etl
import core.korean

_LONG = 24_000
_LINEAR = 0.03  # seconds; a pattern that reads on from every position takes seconds here
_PIECE = re.compile(r"[가-힣]+|[A-Za-z]+|\d|[^\sA-Za-z\d가-힣\\]")
_JOINTS = ("", " ", "(", ")", "1", "\n")
_OFTEN = (" ", "\n", "\u00a0", "(", ")", "[", "<", "<P ", "</", "&", "1", "1,", "20", "2024년", "가", "A", "*", "-", "|", "=", '"')

# Never given more than this many characters: who calls them looks at the length first.
BOUNDED = {
    "blocks._HEADING": 60,
    "read._HTML": 2_000,
    "sanitise._ENCODING": 3_000,
    "periodic_figures._TABLE_PERIOD": 60,
    "form_figures._HAS_DATE": 30,
    "place._NO_TITLE": 60,
}


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    modules = [importlib.import_module(f"core.etl.{m.name}") for m in pkgutil.iter_modules(core.etl.__path__)]
    for module in [core.korean, *modules]:
        for name, value in vars(module).items():
            for at, pattern in enumerate(value if isinstance(value, tuple) else [value]):
                found = pattern[-1] if isinstance(pattern, tuple) else pattern
                if isinstance(found, re.Pattern):
                    yield f"{module.__name__.rpartition('.')[2]}.{name}{at or ''}", found


ALL = dict(patterns())


def hostile(pattern: str) -> Iterator[str]:
    """What the pattern itself is made of, again and again, with something after it that does not fit."""
    pieces = dict.fromkeys(_PIECE.findall(pattern))
    pairs = [piece + joint for piece in pieces for joint in _JOINTS]
    for unit in dict.fromkeys([*_OFTEN, *pairs]):
        yield unit * (_LONG // len(unit)) + "\x01"


@pytest.mark.parametrize("name", ALL)
def test_a_pattern_is_linear(name: str) -> None:
    pattern = ALL[name]
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode()
    for said in hostile(text):
        said = said[-BOUNDED.get(name, _LONG) :]
        given = said if isinstance(pattern.pattern, str) else said.encode()
        started = time.process_time()
        for find in (pattern.search, pattern.match):
            find(given)  # type: ignore[arg-type]
        taken = time.process_time() - started
        assert taken < _LINEAR, f"{taken:.2f} s over {said[:20]!r}…"
