"""What filings say of the amendments between them. Standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Address = tuple[int, int, int]
"""Where a cell stands in its filing: table, row_no, column_no, counted as a Figure's."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an amendment changed: a row of its 정정사항 table, or, `listed` False, what that leaves out.

    The addresses are those of the value in the amended filing and in the amendment, where both are here.
    """

    item: str
    before: str
    after: str
    listed: bool = True
    before_cell: Address | None = None
    after_cell: Address | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A value of an event form as filed, with what its labels say: `계약내역 > 계약금액`, `400,000,000`."""

    label: str
    value: str
    cell: Address


@dataclass(frozen=True, slots=True)
class Clues:
    """What tells which filing another one amends or withdraws: hints, of which each may be wrong.

    `named` is the report it says it corrects, `links` are receipts that it points at with the links'
    texts, `titles` its sections' without numbers and spaces, `facts` the values of an event form.
    """

    named: str | None = None
    links: Sequence[tuple[str, str]] = ()
    titles: Sequence[str] = ()
    facts: Sequence[Fact] = ()


def clues_row(clues: Clues) -> dict[str, Any]:
    """As JSON holds them."""
    return {
        "named": clues.named,
        "links": [list(link) for link in clues.links],
        "titles": list(clues.titles),
        "facts": [[fact.label, fact.value, *fact.cell] for fact in clues.facts],
    }


def clues_of(row: dict[str, Any] | None) -> Clues:
    """What `clues_row` gave."""
    if not row:
        return Clues()
    facts = tuple(Fact(label, value, (table, at, column)) for label, value, table, at, column in row["facts"])
    links = tuple((number, text) for number, text in row["links"])
    return Clues(row["named"], links, tuple(row["titles"]), facts)
