"""Files on disk → Markdown and Parquet, many filings a shard. What is there already is not read again.

Every shard is made by one call of `Shard`, a pure function of its sources, wherever it runs. Shards
appear whole (see parquet.py), so a killed run leaves whole filings only and the next does the rest.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import UnreadableFiling
from core.etl.engine import Engine, Here, Processes, cores
from core.etl.filing import read_filing
from core.etl.parquet import Made, write_shard
from core.etl.rules import rules
from core.etl.shards import Contents, Shards
from core.etl.source import Source
from core.ports import Progress

# Small filings, one in four files, took 29 kB of Parquet each, ten in a shard 5.6 kB, a hundred 1 kB (of
# copies; 1.8 ms, .5 and .3 of CPU to write), and 1.3 ms to read back against .05. More gains little, and is
# what a kill loses. 16 MB of XML keep a process under 500 MB.
_SHARD_BYTES = 16_000_000  # of XML, before zip
_SHARD_FILINGS = 100
_ZIPPED = 10  # times smaller, of real filings
_BOOKKEEPING = ("file", "bytes", "sha256", "fetched_at")  # of Extract: a filing is not made of it
_ALONE = 1_000_000  # bytes of XML; below this, starting processes (0.5 s each) takes longer than they save


@dataclass(slots=True)
class Outcome:
    """What a run did, by receipt number; `quarantined` by file name or receipt number."""

    made: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def then(self, put: "Outcome") -> "Outcome":
        """What an import did: this transformation, and the load of what was waiting after it."""
        done = {*put.loaded, *(rcept_no for rcept_no, _ in put.quarantined)}
        return Outcome(
            made=self.made,
            unchanged=[rcept_no for rcept_no in (*self.made, *self.unchanged) if rcept_no not in done],
            loaded=put.loaded,
            quarantined=[*self.quarantined, *put.quarantined],
            warnings=self.warnings,
        )

    def __iadd__(self, other: "Outcome") -> "Outcome":
        for name in ("made", "unchanged", "loaded", "quarantined", "warnings"):
            getattr(self, name).extend(getattr(other, name))
        return self


@dataclass(frozen=True, slots=True)
class Task:
    """One shard to make: its number, and its sources with the inputs they stand for."""

    number: int
    sources: Sequence[tuple[Source, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one source of a shard that was made."""

    name: str
    rcept_no: str | None
    notes: Sequence[str]
    refused: str | None


@dataclass(frozen=True, slots=True)
class Shard:
    """Makes shards under `folder`, which every machine that takes part must see."""

    folder: Path

    def __call__(self, task: Task) -> list[Told]:
        made: dict[str, Made] = {}
        told = []
        for source, made_from in task.sources:
            one, notes = make(source, made_from)
            made[one.rcept_no or made_from] = one  # of one filing twice the later counts
            told.append(Told(source.path.name, one.rcept_no, notes, one.refused))
        write_shard(self.folder, task.number, list(made.values()))
        return told


def transform_filings(
    sources: Sequence[Source], shards: Shards, progress: Progress, engine: Engine | None = None
) -> Outcome:
    """Read and transform each source and write it under `shards`; a broken one is refused with a reason.

    A source that the same rules have seen is not read again. `engine` None: a process a core. Raises
    StoreError when another run is at it.
    """
    outcome = Outcome()
    with shards.alone():
        contents = shards.tidy()
        fresh = _fresh(sources, contents, shards.folder, outcome)
        tasks = list(_tasks(fresh, shards.next_number()))
        progress.start("공시를 변환하는 중", len(fresh))
        try:
            for told in _engine(engine, fresh).map(Shard(shards.folder), tasks):
                _tell(told, outcome)
                progress.advance(len(told))
        finally:
            progress.finish()
        if tasks:
            shards.tidy()
    return outcome


def make(source: Source, made_from: str) -> tuple[Made, Sequence[str]]:
    """A filing or why there is none, and what to say of it. Depends on nothing but its arguments."""
    try:
        transformed, notes = read_filing(source)
    except UnreadableFiling as error:
        refused = Made(made_from, None, str(source.path), source.rcept_no, str(error))
        return refused, []
    made = Made(made_from, transformed, rcept_no=transformed.filing.rcept_no)
    return made, [*notes, *transformed.warnings]


def _fresh(
    sources: Sequence[Source], contents: Contents, folder: Path, outcome: Outcome
) -> list[tuple[Source, str]]:
    known = contents.by_input()
    fresh: list[tuple[Source, str]] = []
    for source in _one_each(sources, outcome):
        made_from = _input(source)
        entry = known.get(made_from)
        if entry and entry.refused is not None:
            outcome.quarantined.append((source.path.name, entry.refused))
        elif entry and (folder / "docs" / str(entry.doc_path)).is_file():
            outcome.unchanged.append(str(entry.rcept_no))
        else:
            fresh.append((source, made_from))
    return fresh


def _one_each(sources: Sequence[Source], outcome: Outcome) -> Iterator[Source]:
    """Of several files of one receipt the last: both would replace each other in every run."""
    last = {source.rcept_no: source for source in sources}
    for source in sources:
        if source.rcept_no is None or last[source.rcept_no] is source:
            yield source
        else:
            other = last[source.rcept_no].path.name
            outcome.warnings.append((source.rcept_no, f"{source.path.name} 대신 {other}을(를) 읽었습니다."))


def _tasks(fresh: Sequence[tuple[Source, str]], number: int) -> Iterator[Task]:
    """Cut in the order of the sources, by sizes alone: the same on any machine."""
    taken: list[tuple[Source, str]] = []
    total = 0
    for source, made_from in fresh:
        size = _size(source)
        if taken and (total + size > _SHARD_BYTES or len(taken) == _SHARD_FILINGS):
            yield Task(number, taken)
            number, taken, total = number + 1, [], 0
        taken.append((source, made_from))
        total += size
    if taken:
        yield Task(number, taken)


def _engine(engine: Engine | None, fresh: Sequence[tuple[Source, str]]) -> Engine:
    if engine:
        return engine
    return Processes(cores()) if sum(_size(source) for source, _ in fresh) > _ALONE else Here()


def _size(source: Source) -> int:
    size = source.path.stat().st_size
    return size * _ZIPPED if source.path.suffix.lower() == ".zip" else size


def _tell(told: Sequence[Told], outcome: Outcome) -> None:
    for one in told:
        if one.refused is not None:
            outcome.quarantined.append((one.name, one.refused))
        else:
            outcome.made.append(str(one.rcept_no))
        outcome.warnings += [(str(one.rcept_no), note) for note in one.notes]


def _input(source: Source) -> str:
    """Names the bytes of a source and its supplement, what its listing says, and the rules that read it."""
    digest = hashlib.blake2b(rules(), digest_size=16)
    row = {key: value for key, value in (source.row or {}).items() if key not in _BOOKKEEPING}
    digest.update(repr((source.rcept_no, sorted(row.items()))).encode())
    if source.supplement:
        digest.update(source.supplement.read_bytes())
    with source.path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
