"""What stands on a page without being part of the report: running heads, page numbers, legal notices."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.etl.reports.layout import Block
from core.etl.reports.pdf_text import Page, Segment

_EDGE = 0.1  # of the page's height, at the top and at the bottom
_PAGE_NUMBER = re.compile(
    r"^(?:[-–\s]*\d{1,3}(?:\s*/\s*\d{1,3})?[-–\s]*|Page\s+\d{1,3}|\d{1,3}\s*쪽"
    r"|https?://\S+|www\.\S+)$",
    re.IGNORECASE,
)
_NOTICE_HEAD = re.compile(
    r"^\W*(?:compliance\s*notice|컴플라이언스\s*(?:노티스|고지)?|투자자\s*고지\s*사항|고지\s*사항|법적\s*고지|important\s*disclosures?|disclaimers?"
    r"|투자\s*(?:의견|등급)\s*(?:의\s*)?(?:분류|정의|구분|비율|체계)|(?:투자\s*의견\s*및\s*)?목표\s*주가\s*(?:변동|변경)?\s*(?:추이|내역|이력))",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"본\s*(?:조사\s*분석)?\s*(?:자료|보고서|리포트).{0,60}(?:책임|무단|저작|외부|압력|제3자|참고자료|신뢰할)"
    r"|당사는.{0,80}(?:보유하고\s*있지\s*않|해당\s*사항|계열|주간사|유동성\s*공급|지급\s*보증)"
    r"|(?:부당한|외부의)\s*(?:압력|간섭)|무단\s*(?:복제|전재|배포|인용)|법적\s*책임"
    r"|투자\s*(?:의견|등급)\s*(?:분류|비율|구분)"
)

# What mastheads say beside the company's name, its code and the broker's
_MASTHEAD = re.compile(
    r"company|corporate|update|note|report|brief|comment|preview|review|earnings|analysis|initiation|research"
    r"|리서치|센터|본부|기업|종목|분석|브리프|노트|리포트|코스피|코스닥|kospi|kosdaq|\bk[sq]\b|[\W\d_]",
    re.IGNORECASE,
)


def without_running_heads(pages: Sequence[Page]) -> list[Page]:
    """The pages less what most of them repeat near an edge, and less their numbers."""
    seen = Counter(key for page in pages for key in {_key(s) for s in page.segments if _at_edge(s, page)})
    repeated = {key for key, count in seen.items() if count >= max(2, 0.5 * len(pages))}
    return [replace(page, segments=list(_body(page, repeated))) for page in pages]


def _body(page: Page, repeated: set[tuple[str, int]]) -> Iterator[Segment]:
    for segment in page.segments:
        edge = _at_edge(segment, page)
        if not (edge and (_key(segment) in repeated or _PAGE_NUMBER.match(segment.text))):
            yield segment


def _key(segment: Segment) -> tuple[str, int]:
    """Its words without digits, and its place to ten points."""
    return re.sub(r"\d+", "#", segment.text), round(segment.top / 10)


def _at_edge(segment: Segment, page: Page) -> bool:
    return segment.bottom < _EDGE * page.height or segment.top > (1 - _EDGE) * page.height


def without_masthead(blocks: Sequence[Block], names: Sequence[str]) -> list[Block]:
    """The blocks less those of the first page that say little but these names (company, code, broker)."""
    return [block for block in blocks if block.page != blocks[0].page or not _is_masthead(block, names)]


def _is_masthead(block: Block, names: Sequence[str]) -> bool:
    rest = block.text
    for name in names:
        rest = rest.replace(name, "")
    return not block.rows and rest != block.text and not _MASTHEAD.sub("", rest)


def without_notices(blocks: Sequence[Block]) -> list[Block]:
    """The blocks less legal notices, rating legends and histories of target prices.

    A notice's heading takes the rest of its column with it; a sentence of one goes wherever it stands.
    """
    kept: list[Block] = []
    dropped: tuple[int, int] | None = None
    for block in blocks:
        place = block.page, block.region
        if len(block.text) <= 60 and not block.rows and _NOTICE_HEAD.match(block.text):
            dropped = place
        if place != dropped and not (_NOTICE.search(block.text) and not block.rows):
            kept.append(block)
    return kept
