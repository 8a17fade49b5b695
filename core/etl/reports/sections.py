"""Blocks → headed sections with their topic, a summary, and chunks that never cross a page."""

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from core.etl.reports.layout import Block
from core.etl.reports.line import LABELS
from core.report import Report, ReportChunk, ReportSection, ReportTopic

TARGET_CHARS = 700
_SUMMARY_CHARS = 600
_SPACE = uuid.UUID("5b1f8e62-7c3d-4f0e-9d55-1a2b7c0e4f21")
# In this order: `2분기 실적 전망` is an outlook, `목표주가 상향` a valuation.
_TOPICS = {
    ReportTopic.SUMMARY: r"요약|투자\s*포인트|summary|key\s*(?:takeaways?|points?)|핵심",
    ReportTopic.RISK: r"리스크|위험|우려|하방|부담|변수|risk|downside",
    ReportTopic.OUTLOOK: (  # `추정을 밑돌았다` is of results
        r"^(?!.*(?:웃돌|밑돌|상회|하회|부합|(?<!프)리뷰|\breview)).*"
        r"(?:전망|가이던스|guidance|outlook|추정|예상|preview|프리뷰|계획|forecast)"
    ),
    ReportTopic.VALUATION: (
        r"밸류에이션|valuation|목표\s*주가|적정\s*주가|투자\s*의견|멀티플|\bP/?[EB]R?\b|SOTP|DCF|배수"
        r"|target\s*price|저평가|고평가"
    ),
    ReportTopic.RESULTS: r"실적|매출|이익|손익|분기|\b[1-4]Q|review|리뷰|earnings|results|마진|흑자|적자",
}

_KEY_FACTS = re.compile(f"{LABELS['target']}|{LABELS['rating']}", re.IGNORECASE)
_ESTIMATES = re.compile(r"(?:20\d\d|'\d\d|\b[1-4]Q\d\d)\s*\(?[EFP]\b")
_SENTENCE_END = re.compile(r"[다요음함임됨][.)]?$|\.$")


@dataclass(slots=True)
class _Part:
    path: Sequence[str]
    blocks: list[Block] = field(default_factory=list)


def topic_of(path: Sequence[str]) -> ReportTopic:
    """By the words of the nearest heading that says anything."""
    for title in reversed(path):
        for topic, words in _TOPICS.items():
            if re.search(words, title, re.IGNORECASE):
                return topic
    return ReportTopic.OTHER


def find_title(blocks: Sequence[Block]) -> str:
    """The largest words of the first page; the masthead is gone by then."""
    candidates = [
        block
        for block in blocks
        if block.page == blocks[0].page
        and not block.rows
        and len(block.text) <= 120
        and sum(c.isalpha() for c in block.text) >= 4
    ]
    best = max(candidates, key=lambda block: block.size, default=None)
    return best.text if best else ""


def cut_sections(blocks: Sequence[Block], title: str) -> list[ReportSection]:
    parts = [part for part in _parts(blocks, title) if part.blocks]
    return [
        ReportSection(
            ordinal=ordinal,
            topic=_topic(part, blocks[0].page),
            title=" > ".join(part.path),
            first_page=part.blocks[0].page or None,
            last_page=part.blocks[-1].page or None,
            text="\n\n".join(block.text for block in part.blocks),
        )
        for ordinal, part in enumerate(parts)
    ]


def _topic(part: _Part, first: int) -> ReportTopic:
    """By its heading; else tables by what they hold, and the text of the first page is its summary."""
    text = "\n".join(block.text for block in part.blocks)
    running = any(_SENTENCE_END.search(block.text) for block in part.blocks if not block.rows)
    if not running and part.blocks[0].page == first and _KEY_FACTS.search(text):
        return ReportTopic.VALUATION
    topic = topic_of(part.path)
    if topic is not ReportTopic.OTHER:
        return topic
    if not running:
        return ReportTopic.OUTLOOK if _ESTIMATES.search(text) else ReportTopic.OTHER
    return ReportTopic.SUMMARY if part.blocks[0].page == first else ReportTopic.OTHER


def _parts(blocks: Sequence[Block], title: str) -> Iterator[_Part]:
    body = _body_type(blocks)
    stack: list[Block] = []
    part = _Part([title])
    for block in blocks:
        if block.text == title:
            continue
        if not _is_heading(block, body):
            part.blocks.append(block)
            continue
        yield part
        while stack and (stack[-1].size <= 1.05 * block.size or stack[-1].region != block.region):
            stack.pop()
        stack.append(block)
        part = _Part([heading.text.strip(" ■▶□◆●") for heading in stack[-2:]])
    yield part


def _body_type(blocks: Sequence[Block]) -> tuple[float, str]:
    """(size, font) in which most of the text is set."""
    sizes: Counter[float] = Counter()
    fonts: Counter[str] = Counter()
    for block in blocks:
        if not block.rows:
            sizes[round(block.size * 2) / 2] += len(block.text)
            fonts[block.font] += len(block.text)
    return (sizes.most_common(1)[0][0], fonts.most_common(1)[0][0]) if sizes else (0.0, "")


def _is_heading(block: Block, body: tuple[float, str]) -> bool:
    if block.rows or len(block.text) > 70 or block.text.endswith((".", ",")):
        return False
    size, font = body
    return block.size > 1.12 * size or (block.font != font and block.size >= 0.95 * size)


def summarise(sections: Sequence[ReportSection]) -> str:
    """The broker's own first words: its summary section, else the text of the first page."""
    stated = [s for s in sections if topic_of(s.title.split(" > ")) is ReportTopic.SUMMARY]
    first = sections[0].first_page if sections else None
    chosen = stated[:1] or [s for s in sections if s.first_page == first]
    said: list[str] = []
    for section in chosen:
        texts = [t for t in section.text.split("\n\n") if " | " not in t and _SENTENCE_END.search(t)]
        if texts and not stated:
            said.append(section.title.split(" > ")[-1])
        said += texts
    return _cut(" ".join(t if t.endswith((".", "!", "?")) else t + "." for t in said))


def _cut(text: str) -> str:
    if len(text) <= _SUMMARY_CHARS:
        return text
    end = text.rfind("다. ", 0, _SUMMARY_CHARS)
    return text[: end + 2] if end > 0 else text[:_SUMMARY_CHARS] + "…"


def cut_chunks(
    report: Report, blocks: Sequence[Block], sections: Sequence[ReportSection]
) -> list[ReportChunk]:
    """Pieces of about TARGET_CHARS; a page's end always ends one, so that each has one page to cite."""
    chunks: list[ReportChunk] = []
    parts = [part for part in _parts(blocks, report.title) if part.blocks]
    for section, part in zip(sections, parts, strict=True):
        header = (
            f"{report.corp_name} › 증권사 리포트 › {report.broker} {report.published.isoformat()}"
            f" › {section.topic.value} › {section.title}"
        )
        for page, on_page in groupby(part.blocks, key=lambda block: block.page):
            for text in _pieces(on_page):
                name = f"{report.report_id}/{len(chunks)}/{text}"
                chunks.append(
                    ReportChunk(
                        str(uuid.uuid5(_SPACE, name)),
                        len(chunks),
                        section.ordinal,
                        page or None,
                        header,
                        text,
                    )
                )
    return chunks


def _lines(block: Block) -> list[str]:
    """A table by its rows, a paragraph by its sentences where it is long."""
    if block.rows or len(block.text) <= TARGET_CHARS:
        return block.text.split("\n")
    sentences = re.split(r"(?<=[다요음함임됨]\.) ", block.text)
    return [s[i : i + 2 * TARGET_CHARS] for s in sentences for i in range(0, len(s), 2 * TARGET_CHARS)]


def _pieces(blocks: Iterable[Block]) -> Iterator[str]:
    """A table that is cut has its first row again at the head of each piece."""
    piece: list[str] = []
    size = 0
    for block in blocks:
        for place, line in enumerate(lines := _lines(block)):
            if piece and size + len(line) > TARGET_CHARS:
                yield "\n".join(piece)
                piece = lines[:1] if block.rows and place else []
                size = sum(map(len, piece))
            piece.append(line)
            size += len(line)
    if piece:
        yield "\n".join(piece)
