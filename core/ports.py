"""What the use cases need from outside, as Protocols. Their docstrings are the specification."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from core.amendment import Change
from core.model import Brief, Chunk, Company, Figure, Filing, Hit, Passage, Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Tokenizer(Protocol):
    """Korean morphological analysis: the terms of the keyword index and of `kiwi-static`."""

    @property
    def fingerprint(self) -> str:
        """Names the analyser and its rules; indexes of another fingerprint must be rebuilt."""
        ...

    def add_names(self, names: Iterable[str]) -> None:
        """Company names that must stay whole; call before the first analysis that needs them."""
        ...

    def terms(self, text: str) -> list[str]:
        """Content morphemes in order, with repeats, as `form/TAG` (`부채/N`, `오르/VV`)."""
        ...

    def names(self, text: str) -> list[str]:
        """Runs of letters and digits, particles included, that may be names (`CAM9`), in order."""
        ...

    def terms_many(self, texts: Sequence[str]) -> list[list[str]]:
        """`terms` of each text, analysed on all cores."""
        ...


class Embedder(Protocol):
    """Dense vectors of texts. Rows are float32, unit length (or all zero when nothing is known)."""

    @property
    def fingerprint(self) -> str:
        """Model, revision, prompts and size in one string; vectors of two fingerprints never mix."""
        ...

    @property
    def dim(self) -> int: ...

    def documents(self, texts: Sequence[str], terms: Sequence[Sequence[str]]) -> "NDArray[np.float32]":
        """Shape (len(texts), dim). `terms` are the texts' morphemes, for models that read those."""
        ...

    def query(self, text: str, terms: Sequence[str]) -> "NDArray[np.float32]":
        """Shape (dim,)."""
        ...


@runtime_checkable
class MorphemeVectors(Protocol):
    """An embedder whose vectors of morphemes are worth keeping (`KiwiStatic`)."""

    @property
    def fingerprint(self) -> str: ...

    def missing(self, terms: set[str]) -> list[str]:
        """Those that it would have to work out."""
        ...

    def vectors(self, terms: Sequence[str]) -> Mapping[str, bytes]:
        """Of those of these terms that have one."""
        ...

    def remember(self, vectors: Mapping[str, bytes]) -> None:
        """Take what `vectors` gave, in any process of this fingerprint."""
        ...


class Retriever(Protocol):
    async def search(self, query: str, *, top_k: int, scope: Scope) -> list[Hit]:
        """The `top_k` best chunks within `scope`, best first, scores descending in [0, 1]."""
        ...

    async def weights(self, terms: Sequence[str]) -> dict[str, float]:
        """How much each term tells of a text: its inverse document frequency, highest for an unknown one."""
        ...


class Corpus(Protocol):
    """Read side of the loaded filings."""

    async def companies(self) -> list[Company]: ...

    async def filings(self, corp_codes: Sequence[str]) -> list[Filing]:
        """All filings of these companies, newest first, superseded and withdrawn ones included."""
        ...

    async def figures(
        self, corp_codes: Sequence[str], accounts: Sequence[str], *, limit: int
    ) -> list[Figure]:
        """Figures whose `account`, spaces and case aside, equals or contains one of `accounts`.

        Exact matches come first; superseded and withdrawn filings are left out.
        """
        ...

    async def figures_named(self, corp_code: str, accounts: Sequence[str], *, limit: int) -> list[Figure]:
        """Figures whose `account`, spaces and case aside, is one of `accounts`, the newest filing first.

        Cheap however many filings a company has. Superseded and withdrawn ones are left out.
        """
        ...

    async def accounts_in(self, corp_codes: Sequence[str], text: str) -> list[str]:
        """Accounts of these companies' filings that stand in the text, spaces and case aside."""
        ...

    async def words_of(
        self, name: str, terms: Sequence[str], *, corp_code: str | None = None
    ) -> list[tuple[str, str, bool]]:
        """(corp_code, word, whether a company's legal form stands by it) for each word of filings in force
        that begins with `name`, case aside.

        `terms` are its morphemes. Words that are analysed as one with what stands before are missed.
        """
        ...

    async def latin_labels(self, corp_code: str) -> list[str]:
        """Labels of the figures of this company's newest reports that are one foreign word, `Harman`."""
        ...

    async def figures_of(self, rcept_no: str) -> list[Figure]:
        """Every figure of one filing in document order."""
        ...

    async def figures_in(self, keys: Sequence[tuple[str, str]], *, within: str | None = None) -> list[Figure]:
        """Every figure of these sections by (rcept_no, path), in document order; of those `within` a squeezed
        text only, whose cell stands in it."""
        ...

    async def tables(self, keys: Sequence[tuple[str, int]]) -> list[Figure]:
        """Every figure of these tables by (rcept_no, table), in document order."""
        ...

    async def labelled(
        self, rcept_nos: Sequence[str], words: Mapping[str, float], *, limit: int
    ) -> list[Figure]:
        """Figures of these filings with any of the words in their labels or caption, white space and case
        aside; those that say most, by the weight of each word, come first. Words that together weigh less
        than half of any other alone are looked for only where no label says one of the others."""
        ...

    async def passages(self, keys: Sequence[tuple[str, int]]) -> list[Passage]:
        """Passages by (rcept_no, ordinal), in the order asked; unknown keys are left out."""
        ...

    async def sections(self, keys: Sequence[tuple[str, str]]) -> list[Passage]:
        """Passages by (rcept_no, path); every part of a section whose path occurs more than once."""
        ...

    async def changes(self, rcept_no: str) -> list[Change]:
        """What an amendment says it changed, then what it changed besides where its original is here."""
        ...

    async def chunks_of(self, rcept_no: str) -> list[Chunk]:
        """The chunks of one filing in document order."""
        ...


class LanguageModel(Protocol):
    @property
    def name(self) -> str:
        """As `ask --json` shows it: `ollama:NAME` or `extractive`."""
        ...

    def stream(self, brief: Brief) -> AsyncGenerator[str, None]:
        """Pieces of the reply as they are written.

        Raises ModelError (never a library's own type) when the model cannot be reached, times out,
        refuses, or stops before saying that it is done.
        """
        ...


class Progress(Protocol):
    """Told how far a long job is; never decides anything."""

    def start(self, what: str, total: int) -> None: ...

    def advance(self, by: int = 1) -> None: ...

    def finish(self) -> None: ...


class Turns(Protocol):
    def turn(self, conversation: str) -> AbstractAsyncContextManager[None]:
        """Held while one turn of a conversation runs; other turns of it, in any process, wait."""
        ...


class Quota(Protocol):
    async def take(self, *, listing: bool = False) -> None:
        """Count one call of the Korean day before it is made; a listing may be one of those kept back.

        Raises QuotaExceeded, having counted nothing, when the day's limit is reached or closed.
        """
        ...

    async def close(self) -> None:
        """OpenDART itself said that the limit is reached: no call until the Korean midnight."""
        ...


class Reach(NamedTuple):
    """First and last day of receipt that were listed, and when marks (정, 철) were last asked again."""

    since: date
    through: date
    marked: date | None


class Receipts(Protocol):
    """Filings that DART has listed, and which of them are fetched."""

    async def listed(self, kind: str) -> dict[str, Reach]:
        """`corp_code` (`*`: all listed) → how far filings of `kind` are listed."""
        ...

    async def marked(self, corp_codes: Sequence[str], kind: str, day: date) -> None:
        """Marks of these companies' filings of `kind` were asked again on this day."""
        ...

    async def add(
        self,
        rows: Sequence[Mapping[str, Any]],
        corp_codes: Sequence[str],
        kind: str,
        since: date,
        through: date,
    ) -> None:
        """Remember rows of list.json, and in the same transaction how far they reach."""
        ...

    async def adopt(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Lines of raw/filings.jsonl: these are fetched (`file`), or absent, whatever was known."""
        ...

    async def pending(self) -> list[dict[str, Any]]:
        """Rows still to be fetched, oldest first."""
        ...

    async def settle(self, rcept_no: str, state: str, reason: str | None = None) -> None:
        """`fetched`, `absent` (DART has no original) or still `pending`, with the reason."""
        ...

    async def unloaded(self) -> list[dict[str, Any]]:
        """Rows that are fetched but neither loaded nor quarantined, or have new tables, oldest first."""
        ...


class Supplements(Protocol):
    """Filings of which OpenDART's tables were asked, and the outlines of their companies."""

    async def due(self) -> list[dict[str, Any]]:
        """Rows of list.json, oldest first, of filings not asked yet that tables may tell of.

        These are the periodic reports, and whatever has no readable original. `document` of each is
        `pending`, `fetched`, `absent` or `unreadable`.
        """
        ...

    async def settle(self, kept: Sequence[str], none: Sequence[str]) -> None:
        """`kept`: the archive has tables of these to be read; `none`: there are none, ask no more."""
        ...

    async def year_ends(self, corp_codes: Sequence[str]) -> dict[str, int | None]:
        """`corp_code` → closing month of its fiscal year, None if company.json has none; else not asked."""
        ...

    async def keep_outline(self, corp_code: str, stock_name: str | None, acc_mt: int | None) -> None:
        """What company.json says."""
        ...
