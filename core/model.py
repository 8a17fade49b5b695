"""The nouns every part shares. Standard library only; everything here is a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

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

    @property
    def url(self) -> str:
        return VIEWER + self.rcept_no

    @property
    def path(self) -> str:
        """`{corp_code}/{year}/{form}/{rcept_no}`; the year is the fiscal one, else that of receipt."""
        year = self.period[:4] if self.period else f"{self.rcept_dt:%Y}"
        return f"{self.corp_code}/{year}/{self.form}/{self.rcept_no}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number from one cell, with the address of the cell.

    `value` is in the base of `unit` (원, %, 주, 명, 배 …): a cell `28,218,454` under (단위 : 백만원) is
    28218454000000 원. `cell` is the text of the cell as filed, `scale` what it was multiplied by.
    `period`: `2022.06 누적`, `2022.06 3개월`, `2022.06 말`, `2024` (a full year), None when unknown.
    `basis`: `연결`, `별도` or None. `table` counts the tables of the filing from 1, `row_no` and
    `column_no` count within its expanded grid from 0; `row` and `column` are the labels found there.
    `account` is the row label cleaned of numbering, brackets and footnote marks.
    `segment` names the part of the company a value belongs to when it is not the whole (`DS 부문`).
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
class Change:
    """One row of a 정정사항 table: what an amendment says it changed."""

    item: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Transformed:
    """All that Transform makes of one filing; a pure function of its bytes and its listing.

    `first_filed` is what an amendment says of the receipt date of the filing it corrects: a hint.
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
    advice, off_topic, private, prediction, ambiguous.
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
    unknown: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered source offered to the writer; `quote` stands verbatim in the filing's Markdown."""

    n: int
    filing: Filing
    section: str
    quote: str
    text: str
    figures: Sequence[Figure] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A finance term of the glossary; `plain` is one sentence a beginner understands.

    `lay` are words people say for it (빚 → 부채), `level` the level from which it needs no explaining.
    """

    name: str
    level: Level
    topic: str
    plain: str
    lay: Sequence[str] = ()


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


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    level: Level
    level_source: str
    backend: str
    citations: Sequence[Citation] = ()
    figures: Sequence[AnswerFigure] = ()
    refused: bool = False
    reason: str | None = None
    amendment: str | None = None


class ReportTopic(StrEnum):
    """What a section of a broker's report is about; the values are shown to people."""

    SUMMARY = "요약"
    RESULTS = "실적"
    OUTLOOK = "전망"
    VALUATION = "밸류에이션"
    RISK = "리스크"
    OTHER = "기타"


@dataclass(frozen=True, slots=True)
class Rating:
    """A broker's opinion in its own word (`매수`, `Buy`). `quote` stands on `page`.

    `change` is 유지, 상향, 하향, 신규 or None where the report does not say.
    """

    word: str
    change: str | None
    quote: str
    page: int | None


@dataclass(frozen=True, slots=True)
class TargetPrice:
    """What a broker thinks a share is worth, in 원: its claim, never a Figure of the company."""

    won: int
    change: str | None
    quote: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """A broker's report that a user supplied: a source of its own kind, never a filing.

    `report_id` is a hash of the file's bytes. `corp_name` and `stock_code` are as the report has them;
    `corp_code` is known once a filing of that company is loaded. `pages` is None for text without pages.
    """

    report_id: str
    file_name: str
    broker: str
    published: date
    corp_name: str
    stock_code: str | None
    title: str
    rating: Rating | None = None
    target: TargetPrice | None = None
    previous_target: TargetPrice | None = None
    summary: str = ""
    pages: int | None = None
    corp_code: str | None = None
    fictional: bool = False

    def cite(self, page: int | None = None) -> str:
        """`증권사 리포트 (가나증권 2026-05-12, 3쪽)`; `가상 예시` where the company is one."""
        where = f", {page}쪽" if page else ""
        example = ", 가상 예시" if self.fictional else ""
        return f"증권사 리포트 ({self.broker} {self.published.isoformat()}{where}{example})"


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A headed part of a report, whole. Pages count from 1 and are None for text without pages."""

    ordinal: int
    topic: ReportTopic
    title: str
    first_page: int | None
    last_page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ReportChunk:
    """A retrievable piece of one section on one page; `header` says whose claim it is."""

    chunk_id: str
    ordinal: int
    section: int
    page: int | None
    header: str
    text: str

    @property
    def indexed(self) -> str:
        return f"{self.header}\n{self.text}"


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """All that is made of one report; a pure function of its bytes, its name and the known companies."""

    report: Report
    sections: Sequence[ReportSection]
    chunks: Sequence[ReportChunk]
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReportHit:
    """A piece of a report that was found; `score` is comparable within one search only."""

    chunk: ReportChunk
    report: Report
    topic: ReportTopic
    section: str
    score: float
