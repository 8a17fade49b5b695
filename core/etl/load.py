"""Transformed filings → the database: analysed by an engine, put in by one writer, batch by batch.

A batch is one transaction of whole filings, so a killed run leaves whole filings only. Analysis (Korean
morphemes and vectors) is nearly all of the work and needs no database; what is left for the writer,
COPY, is enough for some forty cores of analysis.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from core.etl.engine import Engine, Here, Processes
from core.etl.parquet import Entry, read_chunks, read_shard
from core.etl.pipeline import Outcome
from core.etl.shards import Contents, Shards
from core.model import Transformed
from core.ports import Embedder, MorphemeVectors, Progress, Tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_UNREADABLE = (ValueError, RuntimeError)  # what Kiwi and its bindings raise of a text
Models = Callable[[], tuple[Tokenizer, Embedder]]

_BATCH_CHUNKS = 1_000  # some 10 MB between the processes, and seconds of work lost to a kill
_BATCH_FILINGS = 200
_ALONE = 600  # chunks; below this, another process and its Kiwi (3 s) take longer than they save


@dataclass(frozen=True, slots=True)
class Batch:
    """Filings of one shard that are loaded together."""

    shard: int
    rcept_nos: Sequence[str]


@dataclass(slots=True)
class Analysed:
    """Terms and vectors of the chunks of a batch, by filing in their order.

    `embedder` and `tokenizer` are the fingerprints of what made them; `words` are vectors of morphemes
    that this process had not told yet (`MorphemeVectors`).
    """

    embedder: str
    tokenizer: str
    terms: dict[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    vectors: "dict[str, NDArray[np.float32]]" = field(default_factory=dict)
    words: Mapping[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def of(self, rcept_nos: Iterable[str]) -> "tuple[list[Sequence[str]], NDArray[np.float32]]":
        """Terms and vectors of the chunks of these filings, one after another."""
        import numpy as np

        rcept_nos = list(rcept_nos)
        terms = [chunk for rcept_no in rcept_nos for chunk in self.terms[rcept_no]]
        return terms, np.concatenate([self.vectors[rcept_no] for rcept_no in rcept_nos])


@dataclass(frozen=True, slots=True)
class Destination:
    """A database, as far as loading sees it.

    `digests` of what is loaded or was refused, by rcept_no. `put` replaces filings by these, whole or
    not at all each, and gives the reason for each that was refused. `begin` is told how many chunks
    come, `end` settles what was put off, of earlier runs too. At most `processes` hold `models` at once.
    """

    names: Callable[[], Sequence[str]]
    digests: Callable[[], Mapping[str, str]]
    begin: Callable[[int], None]
    put: Callable[[Sequence[Transformed], Analysed], Mapping[str, str]]
    end: Callable[[], None]
    quarantine: Callable[[str, str | None, str, str | None], None]
    models: Models
    processes: int


@dataclass
class Analyse:
    """Reads chunks of a shard and analyses them. Each process builds the models once."""

    folder: Path
    models: Models
    names: Sequence[str]
    _told: set[str] = field(default_factory=set)

    def __call__(self, batch: Batch) -> tuple[Batch, Analysed]:
        tokenizer, embedder = self._models
        made = Analysed(embedder.fingerprint, tokenizer.fingerprint)
        texts = {
            rcept_no: [chunk.indexed for chunk in chunks]
            for rcept_no, chunks in read_chunks(self.folder, batch.shard, batch.rcept_nos)
        }
        try:
            self._analyse(texts, made)
        except _UNREADABLE:
            for rcept_no, its in texts.items():
                try:
                    self._analyse({rcept_no: its}, made)
                except _UNREADABLE as error:
                    made.refused[rcept_no] = f"글을 분석하지 못했습니다({type(error).__name__})."
        if isinstance(embedder, MorphemeVectors):
            words = {word for filing in made.terms.values() for chunk in filing for word in chunk}
            made.words = embedder.vectors(sorted(words - self._told))
            self._told |= words
        return batch, made

    def _analyse(self, texts: Mapping[str, Sequence[str]], made: Analysed) -> None:
        """All at once: the more texts, the better Kiwi's threads and a model's batches are filled."""
        tokenizer, embedder = self._models
        every = [text for its in texts.values() for text in its]
        terms = tokenizer.terms_many(every)
        vectors = embedder.documents(every, terms)
        at = 0
        for rcept_no, its in texts.items():
            made.terms[rcept_no] = terms[at : at + len(its)]
            made.vectors[rcept_no] = vectors[at : at + len(its)]
            at += len(its)

    @cached_property
    def _models(self) -> tuple[Tokenizer, Embedder]:
        tokenizer, embedder = self.models()
        # All at once, before the first analysis: each later one rebuilds Kiwi's dictionary (1.5 s),
        # and filings would be analysed by the words of whatever came before them.
        tokenizer.add_names(self.names)
        return tokenizer, embedder


def load_filings(
    shards: Shards, to: Destination, progress: Progress, engine: Engine | None = None
) -> Outcome:
    """Load every transformed filing that is not in the database with these contents.

    `engine` None: as many processes as cores and memory allow. Raises StoreError, ModelError; what was
    committed stays.
    """
    outcome = Outcome()
    with shards.alone():
        contents = shards.contents()
        pending = _pending(contents, to.digests())
        chunks = sum(entry.chunks for entry in pending)
        progress.start("공시를 넣는 중", len(pending))
        try:
            to.begin(chunks)
            if pending:
                names = sorted({*to.names(), *(str(entry.corp_name) for entry in pending)})
                analyse = Analyse(shards.folder, to.models, names)
                used = engine or (Processes(to.processes) if chunks > _ALONE else Here())
                for batch, analysed in used.map(analyse, list(_batches(pending))):
                    _put(batch, analysed, contents, shards, to, outcome)
                    progress.advance(len(batch.rcept_nos))
            to.end()
        finally:
            progress.finish()
        for refusal in contents.refusals.values():
            to.quarantine(str(refusal.source), refusal.rcept_no, str(refusal.refused), None)
    return outcome


def _pending(contents: Contents, digests: Mapping[str, str]) -> list[Entry]:
    waiting = [e for e in contents.filings.values() if digests.get(str(e.rcept_no)) != e.digest]
    return sorted(waiting, key=lambda entry: entry.shard)


def _batches(pending: Sequence[Entry]) -> Iterator[Batch]:
    taken: list[Entry] = []
    for entry in pending:
        chunks = sum(one.chunks for one in taken) + entry.chunks
        if taken and (
            entry.shard != taken[0].shard or chunks > _BATCH_CHUNKS or len(taken) == _BATCH_FILINGS
        ):
            yield _batch(taken)
            taken = []
        taken.append(entry)
    if taken:
        yield _batch(taken)


def _batch(entries: Sequence[Entry]) -> Batch:
    return Batch(entries[0].shard, [str(entry.rcept_no) for entry in entries])


def _put(
    batch: Batch, analysed: Analysed, contents: Contents, shards: Shards, to: Destination, outcome: Outcome
) -> None:
    wanted = [rcept_no for rcept_no in batch.rcept_nos if rcept_no not in analysed.refused]
    refused = {**analysed.refused, **to.put(read_shard(shards.folder, batch.shard, wanted), analysed)}
    for rcept_no in batch.rcept_nos:
        if (reason := refused.get(rcept_no)) is None:
            outcome.loaded.append(rcept_no)
        else:
            entry = contents.filings[rcept_no]
            to.quarantine(str(entry.doc_path), rcept_no, reason, entry.digest)
            outcome.quarantined.append((rcept_no, reason))
