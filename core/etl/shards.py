"""The folder of transformed filings: which shards are whole, and what of them still counts.

A filing that was transformed anew stands in a later shard; `tidy` takes the earlier one away. Whatever
a killed run left, only whole shards are read.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import fasteners  # type: ignore[import-untyped]

from core.errors import StoreError
from core.etl.parquet import KINDS, Entry, read_entries, read_tables, shard_path, write_tables

_PATIENCE = 10.0  # seconds; of a killed run the system drops the lock at once


@dataclass(frozen=True, slots=True)
class Shards:
    """`docs/` and `parquet/` under `folder`. One process at a time: see `alone`."""

    folder: Path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Raises StoreError when another process transforms or loads here."""
        place = self.folder / "parquet"
        place.mkdir(parents=True, exist_ok=True)
        lock = fasteners.InterProcessLock(place / ".lock")
        if not lock.acquire(timeout=_PATIENCE):
            lock.lockfile.close()
            raise StoreError("다른 곳에서 이미 공시를 변환하거나 넣고 있습니다: 그것이 끝난 뒤에 실행하세요.")
        try:
            yield
        finally:
            lock.release()

    def next_number(self) -> int:
        return max(self._numbers(), default=-1) + 1

    def contents(self) -> "Contents":
        """What counts of every shard: the newest of each filing and of each refused source."""
        found = Contents()
        for number in self._numbers():
            for entry in read_entries(self.folder, number):
                found.add(entry)
        return found

    def tidy(self) -> "Contents":
        """Take away what is superseded and what a killed run left; what counts afterwards."""
        numbers = set(self._numbers())
        for kind in KINDS:
            for file in shard_path(self.folder, kind, 0).parent.glob("*"):
                if file.name.startswith(".") or int(file.stem) not in numbers:
                    file.unlink()
        contents = self.contents()
        for number, inputs in contents.stale.items():
            self._drop(number, inputs)
        for path in contents.stale_docs - {entry.doc_path for entry in contents.filings.values()}:
            (self.folder / "docs" / path).unlink(missing_ok=True)
        return contents

    def _numbers(self) -> list[int]:
        folder = shard_path(self.folder, KINDS[-1], 0).parent
        return sorted(int(file.stem) for file in folder.glob("[0-9]*.parquet"))

    def _drop(self, number: int, inputs: Sequence[str]) -> None:
        """Rewrite a shard without these; the file that makes it whole goes first or is replaced last."""
        import pyarrow.compute as pc

        tables = read_tables(self.folder, number)
        filings = tables["filings"]
        gone = pc.is_in(filings["input"], value_set=_strings(inputs))
        kept = filings.filter(pc.invert(gone))
        if not kept.num_rows:
            for kind in reversed(KINDS):
                shard_path(self.folder, kind, number).unlink()
            return
        rcept_nos = filings.filter(gone)["rcept_no"].drop_null().to_pylist()
        for kind in KINDS[:-1]:
            held = pc.is_in(tables[kind]["rcept_no"], value_set=_strings(rcept_nos))
            tables[kind] = tables[kind].filter(pc.invert(held))
        write_tables(self.folder, number, {**tables, "filings": kept})


@dataclass(slots=True)
class Contents:
    """Filings by rcept_no, refusals by that or else the path; `stale` are inputs by shard."""

    filings: dict[str, Entry] = field(default_factory=dict)
    refusals: dict[str, Entry] = field(default_factory=dict)
    stale: dict[int, list[str]] = field(default_factory=dict)
    stale_docs: set[str] = field(default_factory=set)

    def add(self, entry: Entry) -> None:
        """Entries come in the order they were made."""
        key = entry.rcept_no or str(entry.source)
        self._retire(self.refusals.pop(key, None))
        if entry.refused is not None:
            self.refusals[key] = entry
            return
        older = self.filings.get(key)
        self._retire(older)
        if older and older.doc_path and older.doc_path != entry.doc_path:
            self.stale_docs.add(older.doc_path)
        self.filings[key] = entry

    def by_input(self) -> dict[str, Entry]:
        return {entry.input: entry for entry in (*self.filings.values(), *self.refusals.values())}

    def _retire(self, entry: Entry | None) -> None:
        if entry:
            self.stale.setdefault(entry.shard, []).append(entry.input)


def _strings(values: Sequence[str]) -> object:
    import pyarrow as pa

    return pa.array(values, pa.string())
