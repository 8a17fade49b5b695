"""Our transform beside markitdown and unstructured on the same filings, in one run: `make bench-compare`.

They get the best form they take: DART's XML as well-formed UTF-8 HTML with h1 to h6 for its titles, made
before the clock starts. Ours gets the file as filed, and makes chunks and figures too. Seconds are of CPU:
other work may share the cores. What survives is counted by benchmarks/survival.py.
"""

import io
import logging
import os
import re
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from lxml import etree, html

from benchmarks.survival import Original, Score, original, score, table_lines
from core.etl.sanitise import decode, sanitise
from core.etl.source import Source, discover, listing, open_source, read_source
from core.etl.transform import transform

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT.parent / "shared" / "data" / "filings", ROOT / "samples")
Made = tuple[str | list[tuple[str, str]], list[str]]
"""(text, a table's row a line, or elements of unstructured; the lines that are headings)."""
COLUMNS = (
    *(
        "도구",
        "CPU 초",
        "MB/s",
        "시간 배",
        "라벨과 한 줄인 숫자",
        "제 머리글 아래인 숫자",
        "단위를 아는 숫자",
    ),
    *("제목인 제목", "남은 낱말", "실패"),
)

_HTML_NAME = {
    "TABLE": "table",
    "TR": "tr",
    "TD": "td",
    "TE": "td",
    "TU": "td",
    "TH": "th",
    "P": "p",
    "A": "a",
}
_HTML_NAME |= {"SPAN": "span", "THEAD": "thead", "TBODY": "tbody", "TFOOT": "tfoot", "BODY": "body"}
_UNSEEN = (
    "INSERTION",
    "COMMENT",
    "LIBRARYLIST",
    "FILENAME",
    "WARNING",
    "COLGROUP",
    "SUMMARY",
    "TOC",
    "PGBRK",
)


@dataclass(slots=True)
class Tool:
    name: str
    work: Callable[[Source, str], Made]
    seconds: float = 0
    failed: int = 0
    score: Score = field(default_factory=Score)


def ours(source: Source, _page: str) -> Made:
    document, member, _ = read_source(source)
    made = transform(document, listing(document, source, member))
    return made.markdown, _headings(made.markdown)


def markitdown() -> Callable[[Source, str], Made]:
    from markitdown import MarkItDown, StreamInfo

    tool = MarkItDown(enable_plugins=False)
    info = StreamInfo(extension=".html", mimetype="text/html", charset="utf-8")

    def work(_source: Source, page: str) -> Made:
        text = tool.convert_stream(io.BytesIO(page.encode()), stream_info=info).markdown
        return text, _headings(text)

    return work


def unstructured() -> Callable[[Source, str], Made]:
    os.environ["UNSTRUCTURED_DISABLE_NOTICE"] = os.environ["DO_NOT_TRACK"] = "1"
    import spacy
    from unstructured.nlp import tokenize
    from unstructured.partition.html import partition_html

    if not spacy.util.is_package("en_core_web_sm"):  # it would be fetched; only tells prose from titles
        blank = spacy.blank("en")
        blank.add_pipe("sentencizer")
        tokenize._load_spacy_model = lambda: blank
        print("unstructured: en_core_web_sm을 받을 수 없어 빈 모델로 돌립니다(더 빠르고, 표와는 무관).")

    def work(_source: Source, page: str) -> Made:
        elements = partition_html(text=page, languages=["kor"])
        return [(e.category, e.metadata.text_as_html or e.text) for e in elements], []

    return work


def _as_text(made: Made) -> tuple[str, list[str]]:
    """Elements of unstructured as lines, its tables' HTML by rows; not counted as its time."""
    elements = made[0]
    if isinstance(elements, str):
        return elements, made[1]
    lines = [table_lines(text) if category == "Table" else text for category, text in elements]
    return "\n\n".join(lines), [text for category, text in elements if category == "Title"]


def _headings(markdown: str) -> list[str]:
    return [line.lstrip("# ") for line in markdown.split("\n") if line.startswith("#")]


def page_of(data: bytes) -> tuple[str, Original]:
    """(HTML for those who read HTML, what the filing holds)."""
    text = decode(data)[0]
    if re.search(r"<html", text[:2000], re.IGNORECASE):
        text = re.sub(r"charset=euc-kr", "charset=utf-8", text, flags=re.IGNORECASE)
        return text, original(html.document_fromstring(text))
    root = etree.fromstring(sanitise(text)[0], etree.XMLParser(huge_tree=True, resolve_entities=False))
    holds = original(root)
    for element in list(root.iter(*_UNSEEN)):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in ("TITLE", "COVER-TITLE"):
            depth = sum(1 for _ in element.iterancestors("SECTION-1", "SECTION-2", "SECTION-3", "SECTION-4"))
            element.tag = f"h{min(max(depth, 1), 6)}"
        else:
            element.tag = _HTML_NAME.get(element.tag, "div")
        spans = {name.lower(): value for name, value in element.items() if name in ("ROWSPAN", "COLSPAN")}
        element.attrib.clear()
        element.attrib.update(spans)
    body = etree.tostring(root, encoding="unicode", method="html")
    return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>', holds


def run(tools: Sequence[Tool], sources: Sequence[Source]) -> float:
    """Bytes read, in MB."""
    size = 0
    for source in sources:
        data = open_source(source)[0]
        size += len(data)
        page, holds = page_of(data)
        for tool in tools:
            started = time.process_time()
            try:
                made = tool.work(source, page)
            except Exception as error:  # a competitor's failure is a result, not ours to hide
                tool.failed += 1
                print(f"{tool.name} {source.path.name}: {type(error).__name__}", file=sys.stderr)
                made = "", []
            tool.seconds += time.process_time() - started
            tool.score.add(score(holds, *_as_text(made)))
    return size / 1e6


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    sources = discover([folder for folder in FOLDERS if folder.is_dir()])
    tools = [
        Tool("공시톡", ours),
        Tool(f"markitdown {version('markitdown')}", markitdown()),
        Tool(f"unstructured {version('unstructured')}", unstructured()),
    ]
    for tool in tools:  # imports and first uses are nobody's speed
        tool.work(sources[-1], page_of(open_source(sources[-1])[0])[0])
    size = run(tools, sources)
    print(f"{len(sources)}건, {size:.1f} MB")
    print(" | ".join(COLUMNS))
    print(" | ".join("---" for _ in COLUMNS))
    for tool in tools:
        times = tool.seconds / tools[0].seconds
        shares = [f"{100 * kept / whole:.1f}%" for kept, whole in _counts(tool.score)]
        print(
            f"{tool.name} | {tool.seconds:.2f} | {size / tool.seconds:.2f} | {times:.1f} | "
            f"{' | '.join(shares)} | {tool.failed}"
        )
    print("센 것:", ", ".join(f"{whole:,}" for _, whole in _counts(tools[0].score)))


def _counts(of: Score) -> list[tuple[int, int]]:
    return [of.rows, of.columns, of.units, of.titles, of.words]


if __name__ == "__main__":
    main()
