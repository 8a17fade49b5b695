"""A filing as read: sections of paragraphs and tables, whatever shape it was filed in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Fact(NamedTuple):
    """What newer XML says of a value: XBRL element, context as filed, decimals, ISO currency."""

    concept: str
    context: str
    decimals: int | None
    currency: str | None


class Cell(NamedTuple):
    """One cell; a spanned cell is the same object at every position it covers.

    `row`, `column` are its first position. A tuple: a large report has 40,000, and a frozen dataclass
    takes four times as long to make.
    """

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An expanded, rectangular grid. `number` counts the filing's tables from 1 in document order.

    `unit` is what stands in `(단위 : 백만원)` over it (also from a table or paragraph before it);
    `captions` the lines before it that name it, nearest last (`연결 재무상태표`,
    `제 54 기 반기말 2022.06.30 현재`). `group` is TABLE-GROUP/@ACLASS, stripped.
    """

    number: int
    grid: Sequence[Sequence[Cell]]
    header_rows: int = 0
    unit: str | None = None
    captions: Sequence[str] = ()
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`heading` is true for a short bold line or one numbered like a title (`가. 요약연결재무정보`)."""

    text: str
    heading: bool = False


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Section:
    """`path` runs from the outermost title to this one; sections come flat, in document order.

    `acode` is that of the document it stands in: a filing may hold several (감사보고서 of a 사업보고서), and
    sections of all but the first are `attached`.
    """

    path: Sequence[str]
    blocks: Sequence[Block]
    acode: str | None = None
    attached: bool = False

    @property
    def title(self) -> str:
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Correction:
    """What an amendment says of itself; `changes` are (item, before, after) rows of 정정사항."""

    corrected_report: str | None = None
    first_filed: date | None = None
    reason: str | None = None
    changes: Sequence[tuple[str, str, str]] = ()


class Link(NamedTuple):
    """Another receipt that a filing points at, by its number at DART, and what the link is called."""

    rcept_no: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How the bytes were read, for the record: nothing lost may stay unseen.

    `counts` holds the sanitiser's replacements and, where a tag could be lost (recovery, comments), as
    `raw_TABLE`/`TABLE` and so on, how many stood in the text and how many were read. `mode` is `strict`
    or `recover`.
    """

    encoding_declared: str | None
    encoding_used: str
    mode: str
    counts: dict[str, int] = field(default_factory=dict)
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """`shape` is `dart3`, `dart4` or `exchange`. Everything the file itself says, nothing from a listing.

    `tables` is how many tables it has, dropped ones included: those attached to it count on from there.
    """

    shape: str
    acode: str | None
    corp_code: str | None
    corp_name: str | None
    title: str
    period_from: date | None
    period_to: date | None
    sections: Sequence[Section]
    correction: Correction | None
    reading: Reading
    tables: int = 0
    links: Sequence[Link] = ()
