"""What a conversation remembers between two turns: the question before, and the memory before that.

Plain values, as they are in the checkpoint. `by` is who asked, so that `/forget` finds what is theirs in a
conversation of many.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.model import Company, Question

Memory = Mapping[str, Any]


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
        "entities": [list(entity) for entity in question.entities],
        "strict": question.strict,
        "by": by,
    }


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
        about=kept.get("about"),
        entities=kept.get("entities", ()),
        strict=kept.get("strict", False),
    )


def is_of(kept: Memory | None, persons: Sequence[str]) -> bool:
    return bool(kept) and kept is not None and kept.get("by") in persons
