"""What a conversation remembers between two turns: the question before, and the memory before that.

Plain values, as they are in the checkpoint. `by` is who asked, so that `/forget` finds what is theirs in a
conversation of many.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.model import Address, AnswerFigure, Company, Question, address
from core.rag.figures.comparison import told_together

Memory = Mapping[str, Any]
_MOST_TOLD = 4


def remember(question: Question, by: str | None) -> dict[str, Any]:
    return {
        "text": question.text,
        "corp_codes": [company.corp_code for company in question.companies],
        "period": question.period,
        "accounts": list(question.accounts),
        "basis": question.basis,
        "segment": question.segment,
        "intent": question.intent,
        "compare": question.compare,
        "since": list(question.since),
        "entities": [list(entity) for entity in question.entities],
        "strict": question.strict,
        "by": by,
        "told": [list(place) for place in question.told],
        "told_before": [list(place) for place in question.told_before],
    }


def addresses(figures: Sequence[AnswerFigure]) -> list[list[Any]]:
    """Of the cells told, without what they were compared with."""
    firsts = [group[0].source for group in told_together(figures)]
    return [list(address(cell)) for cell in firsts if cell][:_MOST_TOLD]


def recall(kept: Memory | None, companies: Sequence[Company]) -> Question | None:
    if not kept:
        return None
    return Question(
        text=kept["text"],
        companies=[c for c in companies if c.corp_code in kept["corp_codes"]],
        period=kept["period"],
        accounts=kept["accounts"],
        basis=kept["basis"],
        segment=kept["segment"],
        intent=kept["intent"],
        compare=kept.get("compare", False),
        since=tuple(kept.get("since", ())),
        about=kept.get("about"),
        entities=kept.get("entities", ()),
        strict=kept.get("strict", False),
        told=[Address(*place) for place in kept.get("told", ())],
        told_before=[Address(*place) for place in kept.get("told_before", ())],
    )


def is_of(kept: Memory | None, persons: Sequence[str]) -> bool:
    return bool(kept) and kept is not None and kept.get("by") in persons
