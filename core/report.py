"""A broker's report and its parts: what a broker claims, apart from what a company filed. Values all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
