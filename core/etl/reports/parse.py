"""A broker's report on disk → what it claims, by page."""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from core.errors import InputError, UnreadableFiling
from core.etl.reports.company import find_subject
from core.etl.reports.furniture import without_masthead, without_notices, without_running_heads
from core.etl.reports.imprint import read_broker, read_date
from core.etl.reports.layout import Block, page_blocks
from core.etl.reports.line import Line, label_over_value
from core.etl.reports.pdf_text import MAX_BYTES, Page, read_pdf
from core.etl.reports.plain_text import read_text, text_blocks
from core.etl.reports.rating import read_rating
from core.etl.reports.sections import cut_chunks, cut_sections, find_title, summarise
from core.etl.reports.target import read_target
from core.model import Company
from core.report import ParsedReport, Rating, Report, TargetPrice

SUFFIXES = frozenset((".pdf", ".md", ".txt"))
_READER = b"reports-1"  # to be changed with what is read from a file
_FRONT = 3  # pages that may carry the rating and the target price
_MAX_LINE = 2_000
_SPARSE = 40  # letters a page; a scanned page has none, a cover some hundred


def find_reports(paths: Sequence[Path]) -> list[Path]:
    """Every report under the paths, in name order. Raises InputError for a path that is not there."""
    found: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise InputError(f"그런 파일이나 폴더가 없습니다: {path}")
        if path.is_dir():
            found.update(f for f in path.rglob("*") if f.is_file() and f.suffix.lower() in SUFFIXES)
        else:
            found.add(path)
    if not found:
        raise InputError(f"리포트(PDF, md, txt)가 없습니다: {', '.join(map(str, paths))}")
    return sorted(found)


def open_report(path: Path) -> bytes:
    """Raises UnreadableFiling for a file too large to be one, of another kind, or that cannot be opened."""
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableFiling("PDF, md, txt만 읽습니다.")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFiling(f"파일이 너무 큽니다({MAX_BYTES // 2**20}MB까지 읽습니다).")
        return path.read_bytes()
    except OSError:
        raise UnreadableFiling("파일을 열 수 없습니다.") from None


def report_id(data: bytes) -> str:
    """Of the bytes and of how they are read: a better reader reads what is stored once more."""
    return hashlib.blake2b(data, digest_size=12, person=_READER).hexdigest()


def parse_report(data: bytes, file_name: str, companies: Sequence[Company]) -> ParsedReport:
    """Raises UnreadableFiling with one Korean sentence: unreadable, or without company, broker or date."""
    name = unicodedata.normalize("NFC", file_name)  # macOS writes 가 as ㄱ and ㅏ
    raw = _read(data, name)
    if not raw.blocks:
        raise UnreadableFiling("내용이 없는 파일입니다.")
    front = list(_lines(raw.fronts[0]))
    subject = find_subject(front, name, companies)
    broker = read_broker(front, name, subject.corp_name) or read_broker(raw.lines, name, subject.corp_name)
    published = read_date(front, name)
    if not broker:
        raise UnreadableFiling("어느 증권사의 리포트인지 찾지 못했습니다.")
    if not published:
        raise UnreadableFiling("리포트의 발간일을 찾지 못했습니다.")
    claims = _claims(raw.fronts)
    names = [said for said in (subject.corp_name, subject.stock_code, broker) if said]
    blocks = without_masthead(without_notices(raw.blocks), names)
    if not blocks:
        raise UnreadableFiling("읽을 본문이 없는 리포트입니다.")
    title = find_title(blocks) or subject.corp_name
    sections = cut_sections(blocks, title)
    report = Report(
        report_id=report_id(data),
        file_name=name,
        broker=broker,
        published=published,
        corp_name=subject.corp_name,
        stock_code=subject.stock_code,
        title=title,
        rating=claims.rating,
        target=claims.target,
        previous_target=claims.previous_target,
        summary=summarise(sections),
        pages=raw.pages,
    )
    warnings = [*raw.warnings, *claims.warnings]
    if not subject.known:
        warnings.append(f"{subject.corp_name}의 공시가 아직 없어, 공시가 들어오면 이어집니다.")
    return ParsedReport(report, sections, cut_chunks(report, blocks, sections), warnings)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file's text: `blocks` of the body, `fronts` of the first pages with their heads, `lines` of all."""

    blocks: Sequence[Block]
    fronts: Sequence[Sequence[Block]]
    lines: Sequence[Line]
    pages: int | None
    warnings: Sequence[str]


def _read(data: bytes, file_name: str) -> _Read:
    if Path(file_name).suffix.lower() == ".pdf" or data.startswith(b"%PDF-"):
        pages = read_pdf(data)
        warnings = _check_text(pages)
        blocks = [block for page in without_running_heads(pages) for block in page_blocks(page)]
        fronts = [page_blocks(page) for page in pages[:_FRONT]]
        lines = [Line(s.text, page.number, s.size) for page in pages for s in page.segments]
        return _Read(blocks, fronts, lines, len(pages), warnings)
    blocks = text_blocks(read_text(data))
    sheets = [list(sheet) for _, sheet in groupby(blocks, key=lambda block: block.page)]
    count = max((block.page for block in blocks), default=0)
    return _Read(blocks, sheets[:_FRONT], list(_lines(blocks)), count or None, [])


@dataclass(frozen=True, slots=True)
class _Claims:
    rating: Rating | None
    target: TargetPrice | None
    previous_target: TargetPrice | None
    warnings: Sequence[str]


def _claims(fronts: Sequence[Sequence[Block]]) -> _Claims:
    """Of the first page that claims anything: a cover and a list of contents may stand before it."""
    for front in fronts:
        blocks = without_notices(front)
        lines = [*_lines(blocks), *_pairs(blocks)]
        rating, unsure = read_rating(lines)
        target, previous, conflicts = read_target(lines)
        if rating or target or unsure or conflicts:
            return _Claims(rating, target, previous, [*unsure, *conflicts])
    return _Claims(None, None, None, ["투자의견과 목표주가를 찾지 못했습니다."])


def _lines(blocks: Sequence[Block]) -> Iterator[Line]:
    for block in blocks:
        for line in block.text.split("\n"):
            yield Line(line[:_MAX_LINE], block.page or None, block.size)


def _pairs(blocks: Sequence[Block]) -> Iterator[Line]:
    for block in blocks:
        for text in label_over_value(block.rows):
            yield Line(text, block.page or None, block.size)


def _check_text(pages: Sequence[Page]) -> list[str]:
    """Warnings for pages that are pictures. Raises UnreadableFiling when there is no text to speak of."""
    letters = [sum(c.isalpha() for s in page.segments for c in s.text) for page in pages]
    if sum(letters) < _SPARSE * len(pages):
        raise UnreadableFiling(
            "글자가 들어 있지 않은(스캔한) PDF입니다. 글자 인식(OCR)을 거친 파일로 다시 넣어 주세요."
        )
    characters = "".join(s.text for page in pages for s in page.segments)
    lost = sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in characters)
    if lost > 0.2 * len(characters):
        raise UnreadableFiling("글꼴 정보가 없어 글자를 알아볼 수 없는 PDF입니다.")
    blank = [str(p.number) for p, n in zip(pages, letters, strict=True) if p.pictures and n < _SPARSE]
    return [f"{', '.join(blank)}쪽은 그림뿐이라 읽지 못했습니다."] if blank else []
