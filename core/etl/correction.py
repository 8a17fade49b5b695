"""What an amendment says of itself: which report it corrects, and the 정정사항 rows."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher

from core.etl.document import Block, Cell, Correction, Paragraph, Table
from core.korean import squeeze

_DATE = re.compile(r"(\d{4})\s*(?:[-./년]\s*)?(\d{1,2})\s*(?:[-./월]\s*)?(\d{1,2})")
_NAMED = re.compile(r"정정(?:대상|관련)공시서류(?!.*제출일)")
_FILED = re.compile(r"(?:최초|정정.{0,30})제출일")  # not `주주명부 제출일` of a table inside a cell
_MAX_CHANGES = 60
_MAX_LABEL = 100  # the patterns above search it
_MAX_LINES = 200  # of a cell; beyond, it is told whole: comparing takes the square of them
_FIRST_YEAR = 1900
_LABEL = re.compile(r"[^\d.]{1,30}")  # an unchanged line before a changed one names it: `양수기준일`


def parse_date(text: str) -> date | None:
    """`2025-07-28`, `2023.03.17`, `2026년 7월 7일`, `20250814`; None for anything unparsable."""
    found = _DATE.search(text)
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if day.year >= _FIRST_YEAR else None  # 0001.01.01 stands for none


def read_correction(blocks: Sequence[Block]) -> Correction:
    """Both forms of §5.2.9: label and value in one paragraph, or in neighbouring cells."""
    pairs = list(labelled(blocks))
    changes = [change for block in blocks if isinstance(block, Table) for change in _changes(block)]
    first_filed = _value(pairs, _FILED)
    return Correction(
        corrected_report=_value(pairs, _NAMED),
        first_filed=parse_date(first_filed) if first_filed else None,
        reason=_value(pairs, re.compile(r"정정사유")),
        changes=tuple(changes[:_MAX_CHANGES]),
    )


def labelled(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """(label without spaces, value) of `label : value` lines and of rows that begin with a label."""
    for block in blocks:
        if isinstance(block, Paragraph):
            label, colon, value = block.text.partition(":")
            if colon:
                yield squeeze(label)[:_MAX_LABEL], value.strip()
            continue
        for row in block.grid:
            texts = list(dict.fromkeys(cell.text for cell in row if cell.text))
            if len(texts) >= 2:
                yield squeeze(texts[0])[:_MAX_LABEL], texts[1]


def _changes(table: Table) -> list[tuple[str, str, str]]:
    """Rows under 정정전 | 정정후 columns; the item may span two (5-column form), the reason is no item."""
    for at, row in enumerate(table.grid):
        names = [squeeze(cell.text) for cell in row]
        before = next((i for i, n in enumerate(names) if re.match(r"정정(?:전|이전)", n)), None)
        after = next((i for i, n in enumerate(names) if re.match(r"정정(?:후|이후)", n)), None)
        if before is None or after is None:
            continue
        named = [i for i in range(max(before, 1)) if not names[i].startswith("정정사유")]
        items: dict[tuple[Cell, Cell], dict[str, None]] = {}
        for line in table.grid[at + 1 :]:
            said = {line[i].text: None for i in named if line[i].text and line[i] is not line[before]}
            items.setdefault((line[before], line[after]), {}).update(said)
        return [
            change
            for (old, new), said in items.items()
            for change in _changed("\n".join(said), old.text, new.text)
        ]
    return []


def _changed(item: str, before: str, after: str) -> list[tuple[str, str, str]]:
    """Line by line where that can be told; unchanged lines are left out.

    Names may stand in one cell and their values in the next two (§5.1.8). The names end where the values
    do: the breaks that a form puts before its first value are gone by now.
    """
    whole = " ".join(item.split())
    if before == after:
        return [(whole, before, after)] if whole else []
    names, old, new = item.split("\n"), before.split("\n"), after.split("\n")
    if len(old) == len(new) > 1 and len(names) >= len(old):
        over, names = names[: -len(old)], names[-len(old) :]
        found = zip(names, old, new, strict=True)
        return [(" ".join((*over, name)), one, other) for name, one, other in found if one != other]
    if max(len(old), len(new)) > _MAX_LINES:
        return [(whole, before, after)]
    changes = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        label = old[i - 1] if i and k and _LABEL.fullmatch(old[i - 1]) and old[i - 1] == new[k - 1] else ""
        place = " ".join(f"{whole} {label}".split())
        if j - i == m - k:
            changes += [(place, one, other) for one, other in zip(old[i:j], new[k:m], strict=True)]
        else:
            changes.append((place, "\n".join(old[i:j]), "\n".join(new[k:m])))
    return changes


def _value(pairs: Sequence[tuple[str, str]], label: re.Pattern[str]) -> str | None:
    return next((value for name, value in pairs if label.search(name) and value), None)
