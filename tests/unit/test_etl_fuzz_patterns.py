"""No pattern of the ETL takes the square of its input's length: long cells, titles and attributes exist."""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import core.etl
import core.korean

_LONG = 6_000
_LINEAR = 0.015  # seconds of CPU; reading on from every one of 6,000 places takes from 0.02 to many
_GROWTH = 9
_PIECE = re.compile(r"[가-힣]+|[A-Za-z]+|\d|[^\sA-Za-z\d가-힣\\]")
_JOINTS = ("", " ", "(", "1")
_OFTEN = (
    "(",
    ")",
    "[",
    "<",
    "<P ",
    "</",
    "&",
    "1",
    "1,",
    "20",
    "2024년",
    "가",
    "A",
    "*",
    "-",
    "|",
    "=",
    '"',
    "제1(",
)

# Who calls these gives no more than so many characters.
BOUNDED = {
    "blocks._HEADING": 60,
    "read._HTML": 2_000,
    "sanitise._ENCODING": 3_000,
    "periodic_figures._TABLE_PERIOD": 60,
    "form_figures._HAS_DATE": 30,
    "place._NO_TITLE": 60,
    "narrate._MAIN": 300,
    "disputes._PARENTHESES": 300,
    "narrate_form._COMPARED": 200,
    "narrate_form._SLOT": 200,
    "narrate_form._OPTIONAL": 200,
}
# These see text as it is filed; all others what `clean` leaves, where no two spaces stand together.
RAW = ("read.", "sanitise.", "dart_xml._SECTION", "correction._DATE", "members.", "zips.")


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Compiled ones by their names, those written where they are used by their lines."""
    modules = [importlib.import_module(f"core.etl.{m.name}") for m in pkgutil.iter_modules(core.etl.__path__)]
    for module in [core.korean, *modules]:
        short = module.__name__.rpartition(".")[2]
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{short}.{name}", value
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args:
                said = node.args[0]
                if isinstance(said, ast.Constant) and ast.unparse(node.func) not in (
                    "re.compile",
                    "re.escape",
                ):
                    yield f"{short}:{node.lineno}", re.compile(said.value)


ALL = dict(patterns())


def hostile(pattern: str, *, raw: bool) -> Iterator[str]:
    """What the pattern itself is made of, over and over, and after it something that does not fit."""
    pieces = dict.fromkeys(_PIECE.findall(pattern))
    units = [*_OFTEN, *(piece + joint for piece in pieces for joint in _JOINTS)]
    for unit in dict.fromkeys(units):
        yield unit * (_LONG // len(unit)) + "\x01"
    if raw:
        for opening in ("", "2024", "2024년", "<P", "<TD a", "<?xml"):
            yield opening + " " * _LONG + "\x01"
            yield opening + "\u00a0" * _LONG + "\x01"


@pytest.mark.parametrize("name", ALL)
def test_a_pattern_is_linear(name: str) -> None:
    pattern = ALL[name]
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    for said in hostile(text, raw=name.startswith(RAW)):
        said = said[-BOUNDED.get(name, _LONG + 9) :]
        given = said if isinstance(pattern.pattern, str) else said.encode()
        taken = _seconds(pattern, given)
        if taken > _LINEAR:  # a slow machine, or the square: four times the text takes four times as long
            part = _seconds(pattern, given[-len(given) // 4 :])
            assert taken < _GROWTH * part, f"{taken:.2f} s over {said[:20]!r}…, {part:.3f} s over a quarter"


def test_the_patterns_are_found() -> None:
    assert len(ALL) > 80
    assert BOUNDED.keys() <= ALL.keys()


def test_a_square_is_seen() -> None:
    """The test itself: what it would say of a pattern that looks for a bracket's end from every one."""
    started = time.process_time()
    for said in hostile(r"\([^)]*\)$", raw=False):
        re.search(r"\([^)]*\)$", said)
    assert time.process_time() - started > _LINEAR


def _seconds(pattern: re.Pattern[str] | re.Pattern[bytes], given: str | bytes) -> float:
    """The least disturbed of up to three."""
    least = 1e9
    for _ in range(3):
        started = time.process_time()
        pattern.search(given)  # type: ignore[arg-type]
        least = min(least, time.process_time() - started)
        if least < _LINEAR / 4:
            break
    return least
