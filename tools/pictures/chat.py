"""A conversation as an SVG: bubbles as a phone shows them, for README."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

_SIZE, _LINE, _PAD, _GAP = 14, 21, 12, 10
_WIDE, _NARROW = 13.6, 7.4  # pixels of a full and a half character at 14 px
_ROOM = 520  # pixels of text in a line
_SHEET_WIDE = _ROOM + 2 * _PAD + 76
_SHEET, _BAR, _MINE, _THEIRS = "#dfe7ee", "#517da2", "#d9f5c8", "#ffffff"
_BUTTON, _LINK = "#f3f6f9", "#2a6496"
_SIZES = re.compile(r'<svg[^>]* width="(\d+)" height="(\d+)"')
_HANGING = frozenset((".", ",", ")", "]"))
_FONT = "'Apple SD Gothic Neo','Noto Sans KR','NanumGothic','Malgun Gothic',sans-serif"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style."""

    text: str
    bold: bool = False
    link: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Bubble:
    """`mine`: what the person wrote, on the right. `buttons` are rows under it."""

    runs: Sequence[Run]
    mine: bool = False
    buttons: Sequence[Sequence[str]] = ()


def picture(title: str, bubbles: Sequence[Bubble]) -> str:
    """The sheet is as high as it must be and 620 pixels wide."""
    y, parts = 52.0, []
    for bubble in bubbles:
        drawn, high = _bubble(bubble, y)
        parts += drawn
        y += high + _GAP
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SHEET_WIDE}" height="{y + 6:.0f}"'
    return "\n".join(
        [
            f'{head} font-family="{_FONT}" font-size="{_SIZE}">',
            _box(0, 0, _SHEET_WIDE, y + 6, _SHEET),
            _box(0, 0, _SHEET_WIDE, 38, _BAR),
            f'<text x="16" y="25" fill="white" font-weight="bold">{escape(title)}</text>',
            *parts,
            "</svg>\n",
        ]
    )


def columns(drawn: Sequence[Sequence[str]]) -> str:
    """Pictures side by side, each column one under the other, as one picture."""
    x, deepest, parts = 0, 0, []
    for column in drawn:
        y, widest = 0, 0
        for one in column:
            wide, high = (int(number) for number in _SIZES.findall(one)[0])
            parts.append(one.replace("<svg ", f'<svg x="{x}" y="{y}" ', 1))
            y, widest = y + high + _GAP, max(widest, wide)
        x, deepest = x + widest + _GAP, max(deepest, y)
    return "".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" width="{x}" height="{deepest}">\n', *parts, "</svg>\n"]
    )


def _bubble(bubble: Bubble, y: float) -> tuple[list[str], float]:
    lines = list(_lines(bubble.runs))
    widest = max((sum(_width(run.text) for run in line) for line in lines), default=0)
    labels = max((sum(_width(b) + 28 for b in row) for row in bubble.buttons), default=0)
    wide = max(widest, labels) + 2 * _PAD
    x = _SHEET_WIDE - wide - 16 if bubble.mine else 16.0
    high = len(lines) * _LINE + 2 * _PAD - 4
    fill = _MINE if bubble.mine else _THEIRS
    parts = [_box(x, y, wide, high, fill, corner=12)]
    for n, line in enumerate(lines):
        spans = "".join(_span(run) for run in line)
        at = y + _PAD + 12 + n * _LINE
        parts.append(f'<text x="{x + _PAD:.0f}" y="{at:.0f}" xml:space="preserve">{spans}</text>')
    for row in bubble.buttons:
        high += 4
        each = (wide - 4 * (len(row) - 1)) / len(row)
        for n, label in enumerate(row):
            left = x + n * (each + 4)
            parts.append(_box(left, y + high, each, 30, _BUTTON, corner=8))
            place = f'x="{left + each / 2:.0f}" y="{y + high + 20:.0f}" text-anchor="middle"'
            parts.append(f'<text {place} fill="{_LINK}" font-size="13">{escape(label)}</text>')
        high += 30
    return parts, high


def _box(x: float, y: float, wide: float, high: float, fill: str, *, corner: int = 0) -> str:
    at = f'x="{x:.0f}" y="{y:.0f}" width="{wide:.0f}" height="{high:.0f}"'
    return f'<rect {at} rx="{corner}" fill="{fill}"/>'


def _span(run: Run) -> str:
    style = ' font-weight="bold"' if run.bold else ""
    style += f' fill="{_LINK}"' if run.link else ""
    style += ' font-family="monospace"' if run.code else ""
    return f"<tspan{style}>{escape(run.text)}</tspan>"


def _lines(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Runs broken at line ends, and at the last space before a line is full."""
    line: list[Run] = []
    used = 0.0
    for run in runs:
        for n, piece in enumerate(run.text.split("\n")):
            if n:
                yield line
                line, used = [], 0.0
            for word in _words(piece):
                hangs = word.rstrip() in _HANGING  # a full stop behind a link
                if used + _width(word.rstrip()) > _ROOM and line and not hangs:
                    yield line
                    line, used, word = [], 0.0, word.lstrip()
                line.append(Run(word, run.bold, run.link, run.code))
                used += _width(word)
    if line:
        yield line


def _words(text: str) -> Iterator[str]:
    """Words with the spaces behind them; Korean may break between syllables when a word fills a line."""
    word = ""
    for char in text:
        word += char
        if char == " " or _width(word) > _ROOM:
            yield word
            word = ""
    if word:
        yield word


def _width(text: str) -> float:
    return sum(_WIDE if unicodedata.east_asian_width(c) in "WF" else _NARROW for c in text)
