"""One thing to be learnt: what is asked, what is shown, what is to be said. Values, and their files."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from core.errors import InputError
from core.model import Level

Kind = Literal["answer", "interpretation"]


@dataclass(frozen=True, slots=True)
class Record:
    """`instruction` and `input` are joined by one line break to what the user says, as LLaMA-Factory does.

    `answer`: the very prompt the bot sends, and the draft it expects (`{{F1}}` for figures, `[1]` for
    sources). `interpretation`: excerpts of a filing (and of a report) and what an analyst makes of them.
    `day` is that of the newest source: records are split by it. `tokens` counts all of it, None when no
    tokenizer was given. `terms` are words the output explains, `topics` its headings.
    """

    kind: Kind
    level: Level
    system: str
    instruction: str
    input: str
    output: str
    corp_code: str
    corp_name: str
    day: date
    sources: Sequence[str]
    origin: str
    topics: Sequence[str] = ()
    terms: Sequence[str] = ()
    tokens: int | None = None

    @property
    def id(self) -> str:
        said = "\x1f".join((self.system, self.instruction, self.input, self.output))
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()

    @property
    def prompt(self) -> str:
        return f"{self.instruction}\n{self.input}" if self.input else self.instruction


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is not learnt from, and why, in Korean."""

    record: Record
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    train: Sequence[Record]
    validation: Sequence[Record]
    test: Sequence[Record]
    rejected: Sequence[Rejected] = ()
    cut: date | None = None  # first day of `validation`
    held_out: Sequence[str] = field(default=())  # companies of `test`

    @property
    def parts(self) -> dict[str, Sequence[Record]]:
        return {"train": self.train, "validation": self.validation, "test": self.test}


def row(record: Record) -> dict[str, Any]:
    """The alpaca columns, and beside them what the row came from."""
    return {
        "instruction": record.instruction,
        "input": record.input,
        "output": record.output,
        "system": record.system,
        "meta": {
            "id": record.id,
            "kind": record.kind,
            "level": record.level.value,
            "corp_code": record.corp_code,
            "corp_name": record.corp_name,
            "day": record.day.isoformat(),
            "sources": list(record.sources),
            "origin": record.origin,
            "topics": list(record.topics),
            "terms": list(record.terms),
            "tokens": record.tokens,
        },
    }


def record_of(row: dict[str, Any]) -> Record:
    meta = row["meta"]
    return Record(
        kind=meta["kind"],
        level=Level(meta["level"]),
        system=row["system"],
        instruction=row["instruction"],
        input=row["input"],
        output=row["output"],
        corp_code=meta["corp_code"],
        corp_name=meta["corp_name"],
        day=date.fromisoformat(meta["day"]),
        sources=tuple(meta["sources"]),
        origin=meta["origin"],
        topics=tuple(meta["topics"]),
        terms=tuple(meta["terms"]),
        tokens=meta["tokens"],
    )


def write_records(path: Path, records: Iterable[Record]) -> None:
    """A JSON array, as LLaMA-Factory reads it."""
    text = json.dumps([row(record) for record in records], ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")


def read_records(path: Path) -> list[Record]:
    """Raises InputError for a file that `write_records` did not write."""
    try:
        return [record_of(row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"데이터셋 파일이 아닙니다: {path}") from None


def with_tokens(records: Sequence[Record], counts: Sequence[int]) -> list[Record]:
    return [replace(record, tokens=count) for record, count in zip(records, counts, strict=True)]
