"""All that a reader sees of a filing is in what was made of it, as often as he sees it.

`tests/doubles/visible.py` reads the original bytes by its own means and lists what is left out and why.
"""

import zipfile
from collections import Counter
from pathlib import Path

import pytest

from core.etl import chunk
from core.etl.document import Document, Paragraph
from core.etl.source import Source, discover, listing, open_source, read_source
from core.etl.transform import transform
from tests.doubles.visible import lost_words, numbers, visible

REPO = Path(__file__).parents[2]
REAL = REPO.parent / "shared" / "data" / "filings"


def named() -> list[object]:
    found = [pytest.param(source, id=source.path.name) for source in discover([REPO / "samples"])]
    if REAL.is_dir():
        return found + [pytest.param(source, id=source.path.name) for source in discover([REAL])]
    skip = pytest.mark.skip(reason="../shared/data/filings is not there")
    return [*found, pytest.param(None, marks=skip, id="real filings")]


every = pytest.mark.parametrize("source", named())


def said_once(document: Document) -> tuple[str, str]:
    """(all text, that of units): paragraphs, every cell once however many places it spans, new titles."""
    parts: list[str] = []
    units: list[str] = []
    shown: tuple[str, ...] = ()
    for section in document.sections:
        path = tuple(section.path)
        new = [title for depth, title in enumerate(path) if path[: depth + 1] != shown[: depth + 1]]
        parts += new[1:] if section.attached and len(new) == len(path) else new  # without the document's name
        shown = path
        for block in section.blocks:
            if isinstance(block, Paragraph):
                parts.append(block.text)
                continue
            if block.unit:
                units.append(f"단위 {block.unit}")
            parts += [
                c.text
                for r, row in enumerate(block.grid)
                for k, c in enumerate(row)
                if (c.row, c.column) == (r, k)
            ]
    return "\n".join(parts), "\n".join(units)


def members(source: Source) -> list[bytes]:
    """The filing and, in a zip, what is attached to it, of which the name stands over its sections."""
    if source.path.suffix != ".zip":
        return [source.path.read_bytes()]
    with zipfile.ZipFile(source.path) as archive:
        return [archive.read(name) for name in archive.namelist()]


@every
def test_reading_loses_nothing_and_doubles_nothing(source: Source) -> None:
    read, units = said_once(read_source(source)[0])
    seen = "\n".join(map(visible, members(source)))
    both = f"{read}\n{units}"
    assert numbers(seen) - numbers(both) == Counter()
    assert lost_words(seen, both) == Counter()
    assert numbers(read) - numbers(seen) == Counter()
    assert lost_words(read, seen) == Counter()


@every
def test_markdown_and_chunks_hold_all_that_is_seen(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own sentences repeat numbers, which would hide a loss: so they are left unsaid here."""
    monkeypatch.setattr(chunk, "narrate_form", lambda *_: [])
    monkeypatch.setattr(chunk, "narrate_figures", lambda *_: [])
    document, member, _ = read_source(source)
    made = transform(document, listing(document, source, member))
    titles = "\n".join(" ".join(section.path) for section in document.sections)
    chunks = "\n".join([titles, *(piece.text for piece in made.chunks)])
    whole = "\n".join(map(visible, members(source)))
    main = visible(open_source(source)[0])  # what its attachments repeat of it is in no chunk
    for seen, text in ((whole, made.markdown), (main, chunks)):
        assert numbers(seen) - numbers(text) == Counter()
        assert lost_words(seen, text) == Counter()


def test_the_check_sees_a_loss() -> None:
    seen = visible(
        b"<DOCUMENT><P>&#47588;&#52636; 1,234 <SPAN>1,2</SPAN><SPAN>34</SPAN></P><TD>1</TD></DOCUMENT>"
    )
    assert numbers(seen) == Counter({"1,234": 2, "1": 1})
    assert lost_words("당기 매출액", "당 기") == Counter({"매출액": 1})
    assert lost_words("공급계약 체결", "공급계약체결") == Counter()
    assert lost_words("매출 매출", "매출") == Counter({"매출": 1})
