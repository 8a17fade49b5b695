"""Filings gone wrong: mutations of real shapes, in markup, words and numbers, then served wrong.

Every choice comes from the `random.Random` that is passed in: a seed, or hypothesis, names the document.
"""

import re
import tomllib
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.serving import served, size
from core.etl.sanitise import decode

_HOSTILE = tomllib.loads(Path(__file__).with_name("hostile.toml").read_text(encoding="utf-8"))
_REPEATED = re.compile(r"^(.+) × (\d+)$", re.DOTALL)
_LARGE = 120_000  # characters; of a longer filing one window is mutated: a document takes milliseconds
_WINDOW = 40_000
_TAG = re.compile(r"<[^<>]*>")
_CELL = re.compile(r"<(?:TD|TE|TU|TH|td|th)\b")
_NUMBER = re.compile(r"\d[\d,.]*")
_TEXT = re.compile(r">([^<>]{2,})<")
_ATTRIBUTE = re.compile(r'\b[A-Za-z]+="([^"<>]*)"')
_KEY = re.compile(r'\b(?:AREGCIK|ACODE|AUNIT|AUNITVALUE|ACONTEXT|ADECIMAL|ACLASS)="([^"<>]*)"')


def _words(name: str) -> tuple[str, ...]:
    """A list of hostile.toml; `x × 30` there is thirty of them."""
    return tuple(_REPEATED.sub(lambda found: found[1] * int(found[2]), word) for word in _HOSTILE[name])


@dataclass(frozen=True, slots=True)
class Shape:
    """A filing as bytes, before anything happens to it."""

    name: str
    data: bytes


def shapes_in(*folders: Path) -> list[Shape]:
    """Every filing below, the members of zips too, in name order."""
    found: list[Shape] = []
    for file in sorted(file for folder in folders for file in folder.glob("*")):
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                found += [Shape(name, archive.read(name)) for name in sorted(archive.namelist())]
        elif file.suffix == ".xml":
            found.append(Shape(file.name, file.read_bytes()))
    return found


def mutated(shapes: Sequence[Shape], rng: Random) -> tuple[str, bytes]:
    """(file name, bytes): one of the shapes with one to four things wrong."""
    text = _window(decode(rng.choice(shapes).data)[0], rng)
    for _ in range(rng.randint(1, 4)):
        text = rng.choice(_TEXT_MUTATIONS)(text, rng)
    if rng.randrange(16) == 0:  # most of these are refused at once
        text = rng.choice((_doctype, _cut_short))(text, rng)
    return served(text, rng)


def _window(text: str, rng: Random) -> str:
    """A large filing's head and one stretch of its body; one time in thirty the whole."""
    if len(text) <= _LARGE or rng.randrange(30) == 0:
        return text
    body = text.find("<BODY>") + len("<BODY>")
    start = rng.randrange(body, len(text) - _WINDOW)
    return f"{text[:body]}{text[start : start + _WINDOW]}</BODY></DOCUMENT>"


def _place(text: str, rng: Random, pattern: re.Pattern[str] = _TAG) -> tuple[int, int]:
    """Where the pattern next stands, from somewhere; anywhere when it does not."""
    at = rng.randrange(len(text) + 1)
    found = pattern.search(text, at) or pattern.search(text)
    if not found:
        return at, at
    return found.span(found.lastindex or 0)


def _put(text: str, where: tuple[int, int], new: str) -> str:
    return text[: where[0]] + new + text[where[1] :]


def _replace(pattern: re.Pattern[str], choices: Sequence[str]) -> Callable[[str, Random], str]:
    def replace(text: str, rng: Random) -> str:
        for _ in range(rng.randint(1, 6)):
            text = _put(text, _place(text, rng, pattern), rng.choice(choices))
        return text

    return replace


def _insert(choices: Sequence[str]) -> Callable[[str, Random], str]:
    def insert(text: str, rng: Random) -> str:
        for _ in range(rng.randint(1, 6)):
            end = _place(text, rng)[1]
            text = _put(text, (end, end), rng.choice(choices))
        return text

    return insert


def _drop_tags(text: str, rng: Random) -> str:
    for _ in range(size(rng, 30)):
        text = _put(text, _place(text, rng), "")
    return text


def _double_tags(text: str, rng: Random) -> str:
    for _ in range(size(rng, 30)):
        start, end = _place(text, rng)
        text = _put(text, (end, end), text[start:end])
    return text


def _move_part(text: str, rng: Random) -> str:
    start = _place(text, rng)[0]
    end = min(start + size(rng, 20_000), len(text))
    part, rest = text[start:end], text[:start] + text[end:]
    at = _place(rest, rng)[1]
    return rest[:at] + part * rng.randint(0, 3) + rest[at:]


def _odd_spans(text: str, rng: Random) -> str:
    for _ in range(size(rng, 30)):
        end = _place(text, rng, _CELL)[1]
        name = rng.choice(("ROWSPAN", "COLSPAN", "rowspan", "colspan"))
        text = _put(text, (end, end), f' {name}="{rng.choice(_words("spans"))}"')
    return text


def _nest_tables(text: str, rng: Random) -> str:
    depth, end = size(rng, 900), _place(text, rng)[1]
    rows = rng.choice(("<TABLE><TR><TD>", "<TABLE><TBODY><TR><TD>글</TD><TD>", "<table><tr><td>"))
    closing = "</TD></TR></TABLE>" if rows[1] == "T" else "</td></tr></table>"
    return _put(text, (end, end), rows * depth + "1,234" + closing * (depth - rng.randint(0, 1)))


def _nest_tags(text: str, rng: Random) -> str:
    tag, depth, end = rng.choice(_words("nested")), size(rng, 3000), _place(text, rng)[1]
    inner = rng.choice(("", "글", "<TITLE>제목</TITLE>"))
    return _put(text, (end, end), f"<{tag}>{inner}" * depth + f"</{tag}>" * (depth - rng.randint(0, 1)))


def _fill(text: str, rng: Random) -> str:
    """A giant cell, title, paragraph or attribute."""
    filler = rng.choice(_words("fillers"))
    new = filler * (size(rng, 100_000) // len(filler) + 1) + rng.choice(("", "끝", "\n끝"))
    return _put(text, _place(text, rng, rng.choice((_TEXT, _ATTRIBUTE))), new)


def _many_cells(text: str, rng: Random) -> str:
    """Up to 100,000 cells, most of them empty, as one row, one column or between."""
    cell = rng.choice(("<TD></TD>", "<TD/>", "<TD>1</TD>", "<TE ACODE='X'>-</TE>", "<td></td>"))
    count = size(rng, 100_000)
    width = rng.choice((1, 2, 30, count))
    row = f"<TR>{cell * width}</TR>"
    end = _place(text, rng)[1]
    return _put(text, (end, end), f"<TABLE>{row * max(count // width, 1)}</TABLE>")


def _bare_quotes(text: str, rng: Random) -> str:
    for _ in range(size(rng, 30)):
        where = _place(text, rng, _ATTRIBUTE)
        text = _put(text, where, rng.choice(('"Other receivables"', "'", '"', "a>b", "<", "A=B C=", "&")))
    return text


def _doctype(text: str, rng: Random) -> str:
    return rng.choice(_words("doctypes")) + text


def _controls(text: str, rng: Random) -> str:
    for _ in range(size(rng, 30)):
        at = rng.randrange(len(text) + 1)
        text = _put(
            text, (at, at), chr(rng.choice((1, 8, 11, 12, 13, 27, 127, 0x85, 0x2028, 0xFFFE, 0xFFFF)))
        )
    return text


def _cut_short(text: str, rng: Random) -> str:
    return text[: rng.randrange(len(text) + 1)]


def _stray_library(text: str, rng: Random) -> str:
    """`div`s of corrections and subsidiaries opened where they never stand, some of them closed."""
    for _ in range(rng.randint(1, 4)):
        end = _place(text, rng)[1]
        opened = f'<div id="LIB_{rng.choice(("LC000", "LC101", "", "X" * 500))}">'
        text = _put(text, (end, end), opened + rng.choice(("", "</div>", "<table><tr><td>정정전</td></tr>")))
    return text


_TEXT_MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    *(_drop_tags, _double_tags, _move_part, _odd_spans, _nest_tables, _nest_tags, _fill, _many_cells),
    *(
        _bare_quotes,
        _bare_quotes,
        _stray_library,
        _controls,
        _odd_spans,
        _fill,
        _nest_tags,
        _drop_tags,
        _move_part,
    ),
    *(
        _replace(_NUMBER, _words("numbers")),
        _replace(_TEXT, _words("words")),
        _replace(_TEXT, _words("numbers")),
        _replace(_ATTRIBUTE, _words("values")),
    ),
    *(_replace(_KEY, _words("values")), _replace(_KEY, _words("numbers"))),
    *(_insert(_words("entities")), _insert(_words("inserts"))),
)
