"""Transformed filings as Parquet: one shard of many filings, four files (`KINDS`) of the same number.

Nothing is lost on the way: what `read_shard` gives equals what `write_shard` was given, so Load needs
neither the original nor another transformation. A value is kept as text, exactly as it was read: a
decimal column would round one, or give it zeros that no cell has.
"""

import json
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from core.amendment import Change, clues_of, clues_row
from core.model import Chunk, Figure, Filing, Passage, Transformed

if TYPE_CHECKING:
    import pyarrow as pa

_NOUNS: dict[str, Any] = {"chunks": Chunk, "figures": Figure, "passages": Passage}
_DERIVED = ("supersedes", "superseded_by", "amended_by")  # from the filings at hand, in the database alone
# The last to appear is the one that says the shard is whole.
KINDS = (*_NOUNS, "filings")


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a shard of one source: a filing, or why there is none (`refused`).

    `input` names the bytes and the rules it was made from. `source` is the file's path, kept of refused
    ones only: the same filing gives the same bytes wherever it lies.
    """

    input: str
    shard: int
    rcept_no: str | None
    corp_name: str | None
    digest: str | None
    doc_path: str | None
    chunks: int
    source: str | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """One source's part of a shard: its input, and a filing or a refusal."""

    input: str
    filing: Transformed | None
    source: str | None = None
    rcept_no: str | None = None
    refused: str | None = None


def shard_path(folder: Path, kind: str, number: int) -> Path:
    return folder / "parquet" / kind / f"{number:06}.parquet"


def write_shard(folder: Path, number: int, made: Sequence[Made]) -> None:
    """The documents, then the shard's files, each renamed into place, the one of `filings` last."""
    import pyarrow as pa

    filings = [one.filing for one in made if one.filing]
    for filing in filings:
        _replace(folder / "docs" / f"{filing.filing.path}.md", filing.markdown.encode())
    tables = {
        kind: pa.concat_tables(
            [_table(kind, getattr(filing, kind)) for filing in filings] or [_schema(kind).empty_table()]
        )
        for kind in _NOUNS
    }
    write_tables(folder, number, {**tables, "filings": _filings(made)})


def write_tables(folder: Path, number: int, tables: "dict[str, pa.Table]") -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for kind in KINDS:
        sink = pa.BufferOutputStream()
        pq.write_table(tables[kind], sink, compression="zstd")
        _replace(shard_path(folder, kind, number), sink.getvalue())


def read_tables(folder: Path, number: int) -> "dict[str, pa.Table]":
    return {kind: _read(folder, kind, number, None) for kind in KINDS}


def read_entries(folder: Path, number: int) -> list[Entry]:
    columns = [field.name for field in fields(Entry) if field.name != "shard"]
    rows = _read(folder, "filings", number, None, columns).to_pylist()
    return [Entry(shard=number, **row) for row in rows]


def read_chunks(folder: Path, number: int, rcept_nos: Collection[str]) -> Iterator[tuple[str, list[Chunk]]]:
    """The chunks of each of these filings that has any, in the order of the shard."""
    for rcept_no, chunks in groupby(_rows("chunks", folder, number, rcept_nos), lambda c: c.rcept_no):
        yield rcept_no, list(chunks)


def read_shard(folder: Path, number: int, rcept_nos: Collection[str]) -> list[Transformed]:
    """These filings as they were written, `markdown` apart, which stands under `docs/`."""
    parts: dict[str, dict[str, list[Any]]] = {}
    for kind in _NOUNS:
        grouped = groupby(_rows(kind, folder, number, rcept_nos), lambda row: row.rcept_no)
        parts[kind] = {rcept_no: list(rows) for rcept_no, rows in grouped}
    return [
        Transformed(
            filing=Filing(**{field.name: row[field.name] for field in _filing_fields()}),
            markdown="",
            **{kind: tuple(parts[kind].get(row["rcept_no"], ())) for kind in _NOUNS},
            changes=tuple(Change(**change) for change in row["changes"]),
            warnings=tuple(row["warnings"]),
            digest=row["digest"],
            first_filed=row["first_filed"],
            filed_as=row["filed_as"],
            clues=clues_of(json.loads(row["clues"])),
        )
        for row in _read(folder, "filings", number, rcept_nos).to_pylist()
    ]


def _table(kind: str, rows: Sequence[Any]) -> "pa.Table":
    import pyarrow as pa

    columns = {name: list(map(attrgetter(name), rows)) for name in get_type_hints(_NOUNS[kind])}
    if kind == "figures":
        columns["value"] = [str(value) for value in columns["value"]]
    return pa.table(columns, schema=_schema(kind))


def _rows(kind: str, folder: Path, number: int, rcept_nos: Collection[str]) -> Iterator[Any]:
    table = _read(folder, kind, number, rcept_nos)
    columns = [table[name].to_pylist() for name in get_type_hints(_NOUNS[kind])]
    if kind == "figures":
        value = table.schema.get_field_index("value")
        columns[value] = [Decimal(text) for text in columns[value]]
    return (_NOUNS[kind](*row) for row in zip(*columns, strict=True))


def _filings(made: Sequence[Made]) -> "pa.Table":
    import pyarrow as pa

    rows = []
    for one in made:
        row: dict[str, Any] = {
            "input": one.input,
            "source": one.source,
            "rcept_no": one.rcept_no,
            "refused": one.refused,
            "chunks": 0,
        }
        if one.filing:
            filing = one.filing.filing
            row |= {field.name: getattr(filing, field.name) for field in _filing_fields()}
            row |= {
                "doc_path": f"{filing.path}.md",
                "digest": one.filing.digest,
                "chunks": len(one.filing.chunks),
                "warnings": list(one.filing.warnings),
                "changes": [
                    {"item": c.item, "before": c.before, "after": c.after} for c in one.filing.changes
                ],
                "first_filed": one.filing.first_filed,
                "filed_as": one.filing.filed_as,
                "clues": json.dumps(clues_row(one.filing.clues), ensure_ascii=False),
            }
        rows.append(row)
    return pa.Table.from_pylist(rows, schema=_schema("filings"))


def _filing_fields() -> list[Any]:
    return [field for field in fields(Filing) if field.name not in _DERIVED]


def _schema(kind: str) -> "pa.Schema":
    import pyarrow as pa

    types: dict[Any, Any] = {int: pa.int64(), bool: pa.bool_(), date: pa.date32()}
    if kind != "filings":
        hints = get_type_hints(_NOUNS[kind])
        return pa.schema([(name, types.get(hint, pa.string())) for name, hint in hints.items()])
    change = pa.struct([(name, pa.string()) for name in ("item", "before", "after")])
    return pa.schema(
        [
            *((field.name, types.get(field.type, pa.string())) for field in _filing_fields()),
            ("doc_path", pa.string()),
            ("digest", pa.string()),
            ("chunks", pa.int64()),
            ("warnings", pa.list_(pa.string())),
            ("changes", pa.list_(change)),
            ("first_filed", pa.date32()),
            ("filed_as", pa.string()),
            ("clues", pa.string()),
            ("input", pa.string()),
            ("source", pa.string()),
            ("refused", pa.string()),
        ]
    )


def _read(
    folder: Path,
    kind: str,
    number: int,
    rcept_nos: Collection[str] | None,
    columns: Sequence[str] | None = None,
) -> "pa.Table":
    import pyarrow.parquet as pq

    wanted = None if rcept_nos is None else [("rcept_no", "in", list(rcept_nos))]
    # one file, not a folder of them: the dataset reader would look for partitions in its path
    return pq.read_table(shard_path(folder, kind, number), columns=columns, filters=wanted, partitioning=None)


def _replace(path: Path, data: Any) -> None:
    """A reader sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)
