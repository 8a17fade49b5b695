"""Transformed filings on disk: Markdown and three Parquet files each, renamed into place."""

import os
from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from core.model import Chunk, Figure, Passage, Transformed

if TYPE_CHECKING:
    import pyarrow as pa


def write_parquet(made: Transformed, folder: Path) -> None:
    """`docs/{path}.md`, `parquet/{chunks,figures,passages}/{rcept_no}.parquet` under `folder`."""
    rcept_no = made.filing.rcept_no
    _replace(folder / "docs" / f"{made.filing.path}.md", made.markdown.encode())
    for kind, rows in (
        ("chunks", made.chunks),
        ("figures", made.figures),
        ("passages", made.passages),
    ):
        _replace(folder / "parquet" / kind / f"{rcept_no}.parquet", _parquet(kind, rows))


def _parquet(kind: str, rows: Sequence[Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    schema = _schema(kind)
    columns = [list(map(attrgetter(name), rows)) for name in schema.names]
    table = pa.Table.from_arrays(
        [pa.array(column, type=kind_of) for column, kind_of in zip(columns, schema.types, strict=True)],
        schema=schema,
    )
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _schema(kind: str) -> "pa.Schema":
    import pyarrow as pa

    noun = {"chunks": Chunk, "figures": Figure, "passages": Passage}[kind]
    types: dict[Any, Any] = {int: pa.int64(), bool: pa.bool_(), Decimal: pa.decimal128(38, 8)}
    return pa.schema([(name, types.get(kind, pa.string())) for name, kind in get_type_hints(noun).items()])


def _replace(path: Path, data: bytes) -> None:
    """A reader sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)
