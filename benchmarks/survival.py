"""What of a filing is still there in a text made of it, counted without our own readers.

Rows are lines of the text: a number survives where one line holds it and the label of its row.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree, html

Element = etree._Element

_NUMBER = re.compile(r"[(△▲-]?\s*(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{4,}(?:\.\d+)?)\s*\)?\s*%?")
_DIGITS = re.compile(r"\d[\d,.]*\d|\d")
_WORD = re.compile(r"[가-힣]+|[A-Za-z]+|\d[\d,.]*")
_UNIT = re.compile(r"단위[:：]?([^()\[\]]{1,20})")
_CELLS = frozenset(("TD", "TH", "TE", "TU"))
# What DART's viewer does not show either.
_NOISE = frozenset(
    (
        *("INSERTION", "COMMENT", "LIBRARYLIST", "FILENAME", "WARNING", "COLGROUP", "SUMMARY", "TOC"),
        *("HEAD", "STYLE", "SCRIPT"),
    )
)
_NEAR = 3  # lines over a table in which its unit may stand


@dataclass(frozen=True, slots=True)
class Pair:
    """A number of a table with the first words of its row; `head` is what stands over its column in the
    first row, spans counted, `unit` as stated over or in the table."""

    label: str
    number: str
    head: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Original:
    pairs: Sequence[Pair]
    titles: Sequence[str]
    words: Counter[str]


@dataclass(slots=True)
class Score:
    """Kept and all: numbers beside their label, under their header, with their unit; titles that are
    headings; words."""

    rows: tuple[int, int] = (0, 0)
    columns: tuple[int, int] = (0, 0)
    units: tuple[int, int] = (0, 0)
    titles: tuple[int, int] = (0, 0)
    words: tuple[int, int] = (0, 0)

    def add(self, other: "Score") -> None:
        for name in self.__slots__:
            (a, b), (c, d) = getattr(self, name), getattr(other, name)
            setattr(self, name, (a + c, b + d))


def squeeze(text: str) -> str:
    return re.sub(r"[\s\\|*_#]|&nbsp;", "", text)


def original(root: Element) -> Original:
    """Of a DART document or an HTML form, as parsed by lxml."""
    pairs: list[Pair] = []
    titles: list[str] = []
    words: Counter[str] = Counter()
    unit: str | None = None  # stated since the last table with numbers
    for element in root.iter():
        tag = _tag(element)
        if tag == "TABLE":
            rows = [[*row] for row in _rows(element)]
            said = _UNIT.search(squeeze(" ".join(_text(cell) for row in rows[:2] for cell in row)))
            unit = said[1] if said else unit
            numbers = list(_pairs(rows, unit))
            pairs += numbers
            unit = None if numbers else unit
        elif tag in ("P", "SPAN") and (said := _UNIT.search(squeeze(_text(element)))):
            unit = said[1]
        elif tag == "TITLE" and element.getparent() is not None and _tag(element.getparent()) != "HEAD":
            titles += [squeeze(_text(element))]
    for text in _visible(root):
        words.update(_WORD.findall(text))
    return Original(pairs, [title for title in titles if title], words)


def score(of: Original, text: str, headings: Sequence[str]) -> Score:
    """`text`: a row of a table a line; `headings` are the lines that the tool itself calls headings."""
    lines = text.split("\n")
    squeezed = [squeeze(line) for line in lines]
    holding: dict[str, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        for number in set(_DIGITS.findall(line)):
            holding[number].append(place)
    rows = units = stated = columns = headed = 0
    for pair in of.pairs:
        there = [at for at in holding.get(pair.number, ()) if pair.label in squeezed[at]]
        rows += bool(there)
        if pair.head:
            headed += 1
            columns += any(_under_head(pair, lines, at) for at in there)
        if pair.unit:
            stated += 1
            units += any(_unit_near(pair.unit, lines, squeezed, at) for at in there)
    named = {squeeze(line) for line in headings}
    kept = Counter(_WORD.findall(text)) & of.words
    return Score(
        (rows, len(of.pairs)),
        (columns, headed),
        (units, stated),
        (sum(title in named for title in of.titles), len(of.titles)),
        (kept.total(), of.words.total()),
    )


def _unit_near(unit: str, lines: Sequence[str], squeezed: Sequence[str], at: int) -> bool:
    """In the line itself, in its table's lines above, or in the three lines over the table."""
    over = 0
    for place in range(at, -1, -1):
        if unit in squeezed[place] and (place == at or "단위" in squeezed[place]):
            return True
        if lines[place].strip() and not lines[place].lstrip().startswith("|"):
            over += place != at
            if over >= _NEAR:
                return False
    return False


def _under_head(pair: Pair, lines: Sequence[str], at: int) -> bool:
    """A row above in the same table has the header over the number; a blank one goes on from the left."""
    places = [place for place, cell in enumerate(_cells(lines[at])) if pair.number in _DIGITS.findall(cell)]
    for above in range(at - 1, -1, -1):
        line = lines[above]
        if not line.lstrip().startswith("|"):
            return False
        cells = _cells(line)
        for place in places:
            over = next((cell for cell in reversed(cells[: place + 1]) if cell.strip()), "")
            if pair.head in squeeze(over):
                return True
    return False


@lru_cache(maxsize=100_000)
def _cells(line: str) -> list[str]:
    return re.split(r"(?<!\\)\|", line.strip())[1:-1]


def _tag(element: Element | None) -> str:
    return str(element.tag).upper() if element is not None and isinstance(element.tag, str) else ""


def _text(element: Element) -> str:
    return "".join(map(str, element.itertext()))


def _rows(table: Element) -> Iterator[list[Element]]:
    """The cells of its own rows, not those of tables in it."""
    for row in table.iter("TR", "tr"):
        if next(row.iterancestors("TABLE", "table")) is table:
            yield [cell for cell in row if _tag(cell) in _CELLS]


def _pairs(rows: Sequence[Sequence[Element]], unit: str | None) -> Iterator[Pair]:
    """Numbers of four digits and more, which stand in no line by chance, with the row's first words."""
    taken: dict[tuple[int, int], str] = {}
    for at, row in enumerate(rows):
        texts = [_text(cell) for cell in row]
        label = next((text for text in texts if re.search(r"[가-힣A-Za-z]", text)), None)
        column = 0
        for cell, text in zip(row, texts, strict=True):
            while (at, column) in taken:
                column += 1
            down, right = (_span(cell, name) for name in ("ROWSPAN", "COLSPAN"))
            for below in range(down):
                for beside in range(right):
                    taken[at + below, column + beside] = text
            found = _NUMBER.fullmatch(text.strip())
            if found and label is not None and len(label) <= 200:
                over = squeeze(taken.get((0, column), "")) if at else ""
                head = "" if _NUMBER.fullmatch(over) else over
                yield Pair(squeeze(label), found[1], head, unit)
            column += right


def _span(cell: Element, name: str) -> int:
    said = cell.get(name) or cell.get(name.lower()) or "1"
    return min(max(int(said), 1), 300) if said.isdecimal() else 1


def _visible(root: Element) -> Iterator[str]:
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if not _tag(element) or _tag(element) in _NOISE:
                walk.skip_subtree()
            elif element.text:
                yield element.text
        elif element.tail:
            yield element.tail


def table_lines(markup: str) -> str:
    """An HTML table as text, a row a line, as Markdown has it."""
    root = html.fromstring(markup)
    rows = [
        [" ".join(_text(cell).split()) for cell in row if _tag(cell) in _CELLS] for row in root.iter("tr")
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
