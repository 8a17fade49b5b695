"""What amendments changed, in one line each."""

import re
from collections.abc import Iterable, Sequence

from core.amendment import Change
from core.korean import amount, parse_amount

_SHOWN = 3
_LONGEST = 60  # characters of a value
_AROUND = 2  # words kept on either side of what differs
_NUMBER = re.compile(r"^\s*(?:\((?:본문)?\)\s*)?(?:\d{1,2}(?:-\d{1,2})?[.)]|[가-하][.)]|-)\s*")
_BODY = re.compile(r"^\s*\(본문\)\s*")
_UNIT = re.compile(r"\((원|%|주|명|배)\)")
_GROUP = re.compile(r"^(?:계약내역|투자내역|해지내역|양수내역|양도내역)\s+(?=\S)")
_EMPTY = ("", "-")
_NONE = re.compile(r"해당\s*(?:사항)?\s*(?:이)?\s*없|^\s*-?\s*$")


def told_changes(changes: Sequence[Change], *, exact: bool) -> list[str]:
    """`계약금액 2조 1,400억원 → 2조 6,500억원`, at most three and how many more; `exact`: cells as filed."""
    news = [change for change in _joined(changes) if not _says_nothing(change)]
    news.sort(key=lambda change: max(len(change.before), len(change.after)) > _LONGEST)  # prose comes last
    lines = [_line(change, exact=exact) for change in news]
    more = len(lines) - _SHOWN
    return [*lines[:_SHOWN], *([f"그 밖에 {more}개 항목"] if more > 0 else [])]


def _says_nothing(change: Change) -> bool:
    """A newer form has one more line, in which there is nothing."""
    return change.before.strip() in _EMPTY and bool(_NONE.search(change.after))


def _joined(changes: Iterable[Change]) -> list[Change]:
    """A value that several amendments changed: from what it was at first to what it is now."""
    found: dict[str, Change] = {}
    for change in changes:
        name = "".join(change.item.split())
        first = found.get(name)
        found[name] = (
            Change(first.item, first.before, change.after, first.listed and change.listed)
            if first and "".join(first.after.split()) == "".join(change.before.split())
            else change
        )
    return list(found.values())


def _line(change: Change, *, exact: bool) -> str:
    unit = _UNIT.search(change.item)
    name = _NUMBER.sub("", _BODY.sub("", " ".join(change.item.split())))
    name = _GROUP.sub("", name if exact else _UNIT.sub("", name)).strip()
    before, after = _differing(change.before, change.after)
    if unit and not exact:
        before, after = (_readable(value, unit[1]) for value in (before, after))
    return f"{name} {before} → {after}"


def _readable(text: str, unit: str) -> str:
    value = parse_amount(text)
    return text if value is None else amount(value, unit)


def _differing(before: str, after: str) -> tuple[str, str]:
    """Of two long texts the words that differ, with a few around them."""
    old, new = before.split(), after.split()
    if len(" ".join(old)) <= _LONGEST and len(" ".join(new)) <= _LONGEST:
        return _shown(old), _shown(new)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start, end = max(0, head - _AROUND), max(0, tail - _AROUND)
    return _cut(old, start, end), _cut(new, start, end)


def _cut(words: Sequence[str], start: int, end: int) -> str:
    kept = " ".join(words[start : len(words) - end])
    shown = f"{'…' if start else ''}{kept}"
    if len(shown) > _LONGEST:
        return f"{shown[:_LONGEST].rstrip()}…"
    return f"{shown}{'…' if end else ''}" or "(없음)"


def _shown(words: Sequence[str]) -> str:
    text = " ".join(words)
    return "(없음)" if text in _EMPTY else text
