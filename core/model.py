"""The nouns every part shares. Standard library only; everything here is a value."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from core.amendment import Change, Clues

VIEWER = "https://dart.fss.or.kr/dsaf001/main.do?rcpNo="


class Level(StrEnum):
    """How much a reader knows about investing; decides the depth of an answer."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"

    @property
    def korean(self) -> str:
        return {"beginner": "초급", "intermediate": "중급", "advanced": "고급"}[self.value]


@dataclass(frozen=True, slots=True)
class Filing:
    """One receipt at DART, in the words of OpenDART's list.json.

    `form` is `reprt_code` for periodic reports (11011 …) and the detail type otherwise (B001, I001 …).
    `period` is the closing month of a periodic report, `2022.06`; None for event filings.
    `fictional` marks the bundled samples: whatever is shown from them must say so.
    `amended_by` is a later amendment that does not take this one's place: its text is not here, or it
    brings an attachment alone.
    """

    rcept_no: str
    corp_code: str
    corp_name: str
    report_nm: str
    form: str
    rcept_dt: date
    stock_code: str | None = None
    period: str | None = None
    supersedes: str | None = None
    superseded_by: str | None = None
    withdrawn: bool = False
    fictional: bool = False
    amended_by: str | None = None

    @property
    def url(self) -> str:
        return VIEWER + self.rcept_no

    @property
    def path(self) -> str:
        """`{corp_code}/{year}/{form}/{rcept_no}`; the year is the fiscal one, else that of receipt."""
        year = self.period[:4] if self.period else f"{self.rcept_dt:%Y}"
        return f"{self.corp_code}/{year}/{self.form}/{self.rcept_no}"


class Figure(NamedTuple):
    """One number from one cell, with the address of the cell.

    A tuple: a large report has 8,000 of these, and a frozen dataclass takes three times as long to make.

    `value` is in the base of `unit` (원, %, 주, 명, 배, or another that the filing states: 톤, 시간, 달러): a
    cell `28,218,454` under (단위 : 백만원) is 28218454000000 원. `cell` is the text of the cell as filed,
    `scale` what it was multiplied by.
    `period`: `2022.06 누적`, `2022.06 3개월`, `2022.06 말`, `2024` (a full year), `2023.04~2024.03 누적`
    where the fiscal year does not begin in January, None when unknown.
    `basis`: `연결`, `별도` or None. `table` counts the tables of the filing from 1, `row_no` and
    `column_no` count within its expanded grid from 0; `row` and `column` are the labels found there.
    `account` is the row label cleaned of numbering, brackets and footnote marks.
    `segment` names the part of the company a value belongs to when it is not the whole (`DS 부문`),
    `caption` the titles that stand over the table (`18. 비용의 성격별 분류`). `concept` is the XBRL element
    the filing itself gives (`ifrs-full_Revenue`). `origin` is what told account, period, basis and scale:
    `table` (labels and headers), `xbrl` (attributes of the cell) or `fnltt` (OpenDART's fnlttSinglAcntAll,
    whose table is 0, rows its lines, columns its amounts from 1). `disputed` when the filing has another
    value of this account, period and basis: neither is to be shown without the other.
    """

    rcept_no: str
    corp_code: str
    account: str
    value: Decimal
    unit: str
    period: str | None
    basis: str | None
    section: str
    table: int
    row: str
    column: str
    row_no: int
    column_no: int
    cell: str
    scale: int = 1
    segment: str | None = None
    caption: str = ""
    concept: str | None = None
    origin: str = "table"
    disputed: bool = False


class Address(NamedTuple):
    """Where a cell stands: what tells it from all others, however its labels are read."""

    rcept_no: str
    section: str
    table: int
    row_no: int
    column_no: int


def address(figure: Figure) -> Address:
    return Address(figure.rcept_no, figure.section, figure.table, figure.row_no, figure.column_no)


@dataclass(frozen=True, slots=True)
class Passage:
    """One section of a filing as natural-language Markdown: the parent of its chunks.

    `ordinal` counts the sections of the filing from 0; `path` is `III. 재무에 관한 사항 > 1. 요약재무정보`.
    """

    rcept_no: str
    ordinal: int
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A retrievable piece of one Passage. `header` is company › report › section › basis.

    Index, embed and prompt with `header + "\\n" + text`; quote from `text` alone, which stands
    verbatim in the passage. `ordinal` counts within the filing from 0; `passage` is the parent's.
    """

    chunk_id: str
    rcept_no: str
    corp_code: str
    ordinal: int
    passage: int
    header: str
    text: str

    @property
    def indexed(self) -> str:
        return f"{self.header}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Transformed:
    """All that Transform makes of one filing; a pure function of its bytes and its listing.

    `first_filed` is what an amendment says of the receipt date of the filing it corrects: a hint.
    `filed_as` is the company's name in the document; that of `filing` is today's. `clues` are for linking.
    """

    filing: Filing
    markdown: str
    passages: Sequence[Passage]
    chunks: Sequence[Chunk]
    figures: Sequence[Figure]
    changes: Sequence[Change]
    warnings: Sequence[str]
    digest: str
    first_filed: date | None = None
    filed_as: str | None = None
    clues: Clues = field(default_factory=Clues)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search may look at; empty means everything. Withdrawn and superseded filings are never seen."""

    corp_codes: Sequence[str] = ()
    rcept_nos: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found, with the score that ranked it and where it comes from."""

    chunk: Chunk
    filing: Filing
    section: str
    score: float


@dataclass(frozen=True, slots=True)
class Company:
    """A company that filed something here, with every name it is called by."""

    corp_code: str
    corp_name: str
    stock_code: str | None = None
    aliases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood of a question, without a language model.

    `period` is a Figure period or its prefix (`2022.06`, `2024`); `accounts` are terms as filings
    write them, most specific first; `intent` is one of figure, event, text, amendment, definition,
    advice, off_topic, private, prediction, ambiguous. `terms` are its morphemes. Of the turn that it
    follows, `before` are the morphemes and `about` the event filing that the answer was about.
    `since` are the ways to read an earlier period that it names beside `period`, likeliest first, `listed`
    those of each still earlier one;
    `periods` are (corp_code, period) where it names one for each of several companies. `entities` are what it
    asks of within the filings of its company, a subsidiary or a target: (as asked, as filed, …) of each.
    Where that company is not named (`strict`) nothing else answers. `told` are the addresses of the cells
    that the turn before told first, `text_before` is what it asked; `told_before` are those of the turn
    before that.
    """

    text: str
    companies: Sequence[Company] = ()
    period: str | None = None
    accounts: Sequence[str] = ()
    basis: str | None = None
    segment: str | None = None
    intent: str = "text"
    terms: Sequence[str] = ()
    compare: bool = False
    before: Sequence[str] = ()
    about: str | None = None
    since: Sequence[str] = ()
    listed: Sequence[Sequence[str]] = ()
    periods: Sequence[tuple[str, str]] = ()
    entities: Sequence[Sequence[str]] = ()
    strict: bool = False
    told: Sequence["Address"] = ()
    told_before: Sequence["Address"] = ()
    text_before: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered source offered to the writer; `quote` stands verbatim in the filing's Markdown.

    `said` are statements of `text` made readable, best first; the first `core` of them are what answers,
    and are said at every level.
    """

    n: int
    filing: Filing
    section: str
    quote: str
    text: str
    figures: Sequence[Figure] = ()
    said: Sequence[str] = ()
    core: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """A finance term of the glossary; `plain` is one sentence a beginner understands.

    `lay` are words people say for it (빚 → 부채), `also` its other names (유증 → 유상증자), `level` the level
    from which it needs no explaining.
    """

    name: str
    level: Level
    topic: str
    plain: str
    lay: Sequence[str] = ()
    also: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a writer is given. Every writer gets the same evidence and figures.

    `system` and `prompt` are the same facts as text, for writers that read prompts.
    """

    question: Question
    level: Level
    evidence: Sequence[Evidence]
    figures: Sequence["AnswerFigure"]
    terms: Sequence[Term]
    system: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Citation:
    n: int
    filing: Filing
    section: str
    quote: str


@dataclass(frozen=True, slots=True)
class AnswerFigure:
    """A figure as an answer shows it: re-read from its cell, or computed by `formula` from `operands`."""

    label: str
    text: str
    value: Decimal
    unit: str
    period: str | None
    basis: str | None
    source: Figure | None
    formula: str | None = None
    operands: Sequence[Figure] = ()
    verified: bool = False

    @property
    def disputed(self) -> bool:
        return self.source is not None and self.source.disputed

    @property
    def cells(self) -> Sequence[Figure]:
        """The cell it was read from, or those it was computed from."""
        return (self.source,) if self.source else self.operands


@dataclass(frozen=True, slots=True)
class Answer:
    """`suggestions` are questions that may be asked next, each for itself and each answerable."""

    text: str
    level: Level
    level_source: str
    backend: str
    citations: Sequence[Citation] = ()
    figures: Sequence[AnswerFigure] = ()
    refused: bool = False
    reason: str | None = None
    amendment: str | None = None
    suggestions: Sequence[str] = ()
