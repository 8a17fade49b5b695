"""Text of a DART XML cell or paragraph: P are lines, SPAN font runs of one line (notes/dart.md §5.2.3–4)."""

import re

from lxml import etree

from core.etl.blocks import clean, is_heading

Element = etree._Element

NOISE = frozenset(  # of the form and its editor, of layout, of DART's own database; IMG is a file's name
    (
        "INSERTION",
        "COMMENT",
        "LIBRARYLIST",
        "FILENAME",
        "WARNING",
        "PGBRK",
        "COLGROUP",
        "COL",
        "IMG",
        "TOC",
        "SUMMARY",
    )
)
CELLS = frozenset(("TD", "TH", "TE", "TU"))
# A run that goes on in mid-sentence: `154개점` + `의 매장을`. Elsewhere two runs are two lines, as headings
# stand over their text and numbers below each other that way: glued, they would be other numbers.
_GOES_ON = re.compile(
    r"(?:은|는|이|가|을|를|의|에|에서|에게|와|과|도|로|으로|부터|까지|및|등|인|이며|하여|하고|한|할)(?=[\s,])"
)


def block_text(element: Element, *, tables: bool = False) -> str:
    """Lines as DART breaks them; the text of nested tables only with `tables`."""
    if not len(element):
        return clean(element.text or "")
    lines: list[str] = []
    _collect(element, lines, tables)
    return "\n".join(line for line in map(clean, lines) if line)


def _collect(element: Element, lines: list[str], tables: bool) -> None:
    current = element.text or ""
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag not in NOISE and (tables or tag != "TABLE"):
            if tag in ("SPAN", "A") or tag in CELLS:
                current = _joined(current, all_text(child).strip("\n")) + (" " if tag in CELLS else "")
            else:
                lines.append(current)
                current = ""
                if len(child):
                    _collect(child, lines, tables)
                else:
                    lines.append(child.text or "")
        elif tag == "TABLE":
            lines.append(current)
            current = ""
        tail = child.tail or ""
        current = _joined(current, tail) if current.endswith("\n") else current + tail
    lines.append(current)


def _joined(before: str, run: str) -> str:
    """The line break between two runs is the source's own where the sentence goes on."""
    bare = before.rstrip("\n")
    if bare == before or not bare or not run.strip():
        return before + run
    line = bare.rsplit("\n", 1)[-1]
    spaced = line[-1:] in " \u00a0" and not is_heading(clean(line), bold=False)
    return (bare if spaced or (line[-1:].isalnum() and _GOES_ON.match(run)) else before) + run


def all_text(element: Element) -> str:
    return "".join(map(str, element.itertext()))
