"""Pieces that begin within a table, with the sentence that announces it, which says what its rows are of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.model import Hit
from core.rag.passages.statements import statements

ANNOUNCED = re.compile(r"다음과\s?같(?:습니다|다|음)")
_SKIPPED = ("|", "(단위")


def announced(hits: Sequence[Hit], sections: Mapping[tuple[str, str], str]) -> list[Hit]:
    """The hits; those of reports whose table began in the piece before with its announcement put first."""
    return [
        replace(hit, chunk=replace(hit.chunk, text=f"{said}\n{hit.chunk.text}"))
        if (said := _announcement(hit, sections))
        else hit
        for hit in hits
    ]


def begins_within(hit: Hit) -> bool:
    return hit.filing.period is not None and hit.chunk.text.startswith("|")


def _announcement(hit: Hit, sections: Mapping[tuple[str, str], str]) -> str:
    text = sections.get((hit.filing.rcept_no, hit.section), "")
    header, _, *rows = hit.chunk.text.splitlines()[:3] if begins_within(hit) else ("", "")
    at = text.find(f"\n{rows[0]}\n") if rows else -1
    if at < 0:
        return ""
    lines = text[:at].splitlines()
    while lines and (not lines[-1].strip() or lines[-1].startswith(_SKIPPED)):
        lines.pop()
    said = statements(lines[-1], form=False) if lines and header in text[:at] else ()
    return said[-1].quote if said and ANNOUNCED.search(said[-1].quote) else ""
