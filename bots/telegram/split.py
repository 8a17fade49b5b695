"""Formatted text of any length → pieces that Telegram takes, nothing missing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from telegram import MessageEntity

LIMIT = 4_096  # UTF-16 units of a message (core.telegram.org/bots/api#sendmessage)
_LONG = 400  # characters of formatted text from which on a piece may end inside of it
_ENDS = (
    re.compile(r"\n\s*\n\s*"),  # of a paragraph
    re.compile(r"\n\s*"),
    re.compile(r"[.!?。…][\"'”’)\]]*\s+"),  # of a sentence
    re.compile(r"\s+"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Formatting of the characters from `start` to `end`; `kind` is Telegram's word for it."""

    start: int
    end: int
    kind: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    text: str
    marks: Sequence[Mark] = ()


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def entities(piece: Marked) -> tuple[MessageEntity, ...]:
    """The marks as Telegram wants them: counted in UTF-16 units, outer before inner."""
    at = list(accumulate((1 + (character > "\uffff") for character in piece.text), initial=0))
    return tuple(
        MessageEntity(mark.kind, at[mark.start], at[mark.end] - at[mark.start], url=mark.url)
        for mark in sorted(piece.marks, key=lambda mark: (mark.start, -mark.end))
    )


def split(whole: Marked, limit: int = LIMIT) -> list[Marked]:
    """Ends of paragraphs before lines, sentences and words, and never inside a short mark where that can be
    helped. A long quote or table goes on in the next piece. Put together the pieces are the whole."""
    return list(_pieces(whole, limit))


def _pieces(whole: Marked, limit: int) -> Iterator[Marked]:
    start = 0
    while start < len(whole.text):
        end = _fits(whole.text, start, limit)
        if end < len(whole.text):
            end = _good_end(whole, start, end)
        yield _cut(whole, start, end)
        start = end


def _fits(text: str, start: int, limit: int) -> int:
    """The end of the most characters from `start` that are at most `limit` units, one at least."""
    left = limit
    for end in range(start, len(text)):
        left -= 1 + (text[end] > "\uffff")
        if left < 0:
            return max(end, start + 1)
    return len(text)


def _good_end(whole: Marked, start: int, end: int) -> int:
    """The best place to stop at or before `end`: in the second half for anything but a word."""
    middle = start + (end - start) // 2
    for pattern in _ENDS:
        earliest = start + 1 if pattern is _ENDS[-1] else middle
        ends = (match.end() for match in pattern.finditer(whole.text, earliest, end))
        for candidate in sorted(ends, reverse=True):
            if not _inside_short(whole, candidate):
                return candidate
    cut = min((mark.start for mark in _across(whole, end) if mark.end - mark.start < _LONG), default=end)
    return cut if cut > middle else end


def _inside_short(whole: Marked, position: int) -> bool:
    return any(mark.end - mark.start < _LONG for mark in _across(whole, position))


def _across(whole: Marked, position: int) -> Iterator[Mark]:
    return (mark for mark in whole.marks if mark.start < position < mark.end)


def _cut(whole: Marked, start: int, end: int) -> Marked:
    marks = [
        replace(mark, start=max(mark.start, start) - start, end=min(mark.end, end) - start)
        for mark in whole.marks
        if max(mark.start, start) < min(mark.end, end)
    ]
    return Marked(whole.text[start:end], marks)


def trimmed(piece: Marked) -> Marked:
    """Without the space around it, which Telegram takes away too."""
    start = len(piece.text) - len(piece.text.lstrip())
    if any(mark.start < start for mark in piece.marks):  # the first column of a table is set right by spaces
        start = len(piece.text) - len(piece.text.lstrip("\n"))
    return _cut(piece, start, max(start, len(piece.text.rstrip())))
