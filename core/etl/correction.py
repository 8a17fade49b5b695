"""What an amendment says of itself: which report it corrects, and the 정정사항 rows."""

import re
from collections.abc import Sequence
from datetime import date

from core.etl.document import Block, Correction, Paragraph, Table

_DATE = re.compile(r"(\d{4})\s*(?:[-./년]\s*)?(\d{1,2})\s*(?:[-./월]\s*)?(\d{1,2})")
_LABEL = re.compile(r"정정\s*(?:대상|관련)\s*공시서류")
_MAX_CHANGES = 60
_MAX_LABEL = 100
_FIRST_YEAR = 1900


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
    pairs: list[tuple[str, str]] = []
    changes: list[tuple[str, str, str]] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            label, colon, value = block.text.partition(":")
            if colon:
                pairs.append((_squeeze(label)[:_MAX_LABEL], value.strip()))
            continue
        changes += _changes(block)
        for row in block.grid:
            texts = list(dict.fromkeys(cell.text for cell in row if cell.text))
            if len(texts) >= 2:
                pairs.append((_squeeze(texts[0])[:_MAX_LABEL], texts[1]))
    return Correction(
        corrected_report=_value(pairs, r"정정(?:대상|관련)공시서류(?!.*제출일)"),
        first_filed=parse_date(_value(pairs, r"제출일") or ""),
        reason=_value(pairs, r"정정사유"),
        changes=tuple(changes[:_MAX_CHANGES]),
    )


def _changes(table: Table) -> list[tuple[str, str, str]]:
    """Rows under 정정전 | 정정후 columns; the item column may span two (5-column form)."""
    for at, row in enumerate(table.grid):
        names = [_squeeze(cell.text) for cell in row]
        before = next((i for i, n in enumerate(names) if re.match(r"정정(?:전|이전)", n)), None)
        after = next((i for i, n in enumerate(names) if re.match(r"정정(?:후|이후)", n)), None)
        if before is None or after is None:
            continue
        found: list[tuple[str, str, str]] = []
        for line in table.grid[at + 1 :]:
            items = dict.fromkeys(cell.text for cell in line[: max(before, 1)] if cell.text)
            items.pop(line[before].text, None)
            item = " ".join(" ".join(items).split())
            if line[before].text != line[after].text or item:
                found.append((item, line[before].text, line[after].text))
        return found
    return []


def _value(pairs: Sequence[tuple[str, str]], pattern: str) -> str | None:
    return next((value for label, value in pairs if re.search(pattern, label) and value), None)


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", text)
