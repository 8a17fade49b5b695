"""What an amendment changed: its 정정사항 table, and what that leaves out (notes/dart.md §5.2.10)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.amendment import Change, Fact
from core.etl.clues import token
from core.korean import squeeze


def differences(before: Sequence[Fact], after: Sequence[Fact]) -> list[tuple[Fact, Fact]]:
    """Values under the same labels that differ, where the labels stand once in either form.

    What only one of them has may be the doing of a newer form, and is no change.
    """
    old, new = _once(before), _once(after)
    return [
        (old[label], fact)
        for label, fact in new.items()
        if label in old and _tokens(old[label].value) != _tokens(fact.value)
    ]


def merge(listed: Sequence[Change], found: Sequence[tuple[Fact, Fact]]) -> list[Change]:
    """Listed ones first, with their cells where both filings are here; then what the table leaves out."""
    told = list(listed)
    unlisted: list[Change] = []
    for was, fact in found:
        at = next((at for at, change in enumerate(told) if _tells(change, was, fact)), None)
        if at is None:
            unlisted.append(Change(fact.label, was.value, fact.value, False, was.cell, fact.cell))
        elif told[at].after_cell is None:
            told[at] = replace(told[at], before_cell=was.cell, after_cell=fact.cell)
    return [*told, *unlisted]


def _once(facts: Sequence[Fact]) -> Mapping[str, Fact]:
    count = Counter(squeeze(fact.label) for fact in facts)
    return {key: fact for fact in facts if count[key := squeeze(fact.label)] == 1}


def _tells(change: Change, was: Fact, fact: Fact) -> bool:
    """Whether a listed change is that of this cell: its values are lines of the cell's."""
    before, after = _tokens(change.before), _tokens(change.after)
    gone, come = _tokens(was.value) - _tokens(fact.value), _tokens(fact.value) - _tokens(was.value)
    return gone <= before and come <= after and bool(gone & before or come & after)


def _tokens(text: str) -> set[str]:
    return {token(line) for line in text.split("\n")} - {"", "-"}
