"""Reports as Markdown or plain text → the same blocks as a PDF's."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from core.errors import UnreadableFiling
from core.etl.reports.layout import Block

MAX_BYTES = 5 * 2**20
_HEADING = re.compile(r"^(?P<marks>#{1,6})\s+(?P<title>.+?)\s*#*$")
_OUTLINE = re.compile(r"^(?:\d{1,2}\.|[IVX]{1,4}\.|[■▶□◆●])\s*(?P<title>\S.{0,58}[^.\s])$")
_RULE = re.compile(r"^[\s|:\-+=*_]+$")
_BODY, _TITLE = 10.0, 16.0


def read_text(data: bytes) -> str:
    """UTF-8, else CP949 as Korean editors write. Raises UnreadableFiling."""
    if len(data) > MAX_BYTES:
        raise UnreadableFiling(f"글 파일이 너무 큽니다({MAX_BYTES // 2**20}MB까지 읽습니다).")
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return unicodedata.normalize("NFC", text)
    raise UnreadableFiling("글 파일이 아니거나 글자 부호(UTF-8, CP949)를 알 수 없습니다.")


def text_blocks(text: str) -> list[Block]:
    """Pages part at form feeds and count from 1; a text without any is page 0, which is no page."""
    sheets = text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
    first = 1 if len(sheets) > 1 else 0
    return [block for number, sheet in enumerate(sheets, first) for block in _sheet(sheet, number)]


def _sheet(sheet: str, page: int) -> Iterator[Block]:
    run: list[str] = []
    for raw in [*sheet.split("\n"), ""]:
        line = raw.strip()
        heading = _HEADING.match(line)
        title = (heading or _OUTLINE.match(line)) if len(line) <= 200 else None
        row = line.startswith("|")
        alone = re.match(r"^[-*•]\s", line) is not None
        if run and (not line or title or alone or row != run[0].startswith("|")):
            yield _block(run, page)
            run = []
        if title:
            depth = len(heading["marks"]) if heading else 3
            yield Block(page, title["title"], max(11.0, _TITLE + 1 - depth), "heading")
        elif line and (row or not _RULE.match(line)):
            run.append(line)


def _block(run: Sequence[str], page: int) -> Block:
    if not run[0].startswith("|"):
        return Block(page, " ".join(run), _BODY)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in run if not _RULE.match(line)]
    return Block(page, "\n".join(" | ".join(row) for row in rows), _BODY, rows=rows)
