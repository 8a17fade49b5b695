"""What is known of a filing that a digest may tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.amendment import Change
from core.model import Figure, Filing


@dataclass(frozen=True, slots=True)
class Received:
    """`lead` is our first sentence of an event filing (core/narration.py), None where there is none.

    `figures`: of a form all its cells, of a periodic report the lines of sales and profits.
    `changes` are those of an amendment, `corrects` what it corrects, `withdrawn_by` the 철회신고서.
    `equity` is the newest total equity that the company has reported.
    """

    filing: Filing
    lead: str | None = None
    figures: Sequence[Figure] = ()
    changes: Sequence[Change] = ()
    corrects: str | None = None
    withdrawn_by: str | None = None
    equity: Figure | None = None
