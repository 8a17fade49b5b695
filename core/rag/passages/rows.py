"""Sources of an answer's figures: the rows they stand in and what stands below these, marked (*) or (*2), or
the sentences that say them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import dropwhile, takewhile

from core.korean import squeeze
from core.model import AnswerFigure, Evidence, Figure, Filing, Passage
from core.rag.passages.statements import statements

_BEFORE = re.compile(r"\(\s*전(?:반|분)?기\s?말?\s*[:：]?\s*[\d,.]+[^\d()]{0,6}\)")
_BLOCKS = re.compile(r"\n\s*\n")  # between tables
MARK = re.compile(r"\(\*\d{0,2}\)")
_NOTE = re.compile(r"(?=\(\*\d{0,2}\))")
_SHORTEST_NAME = 2
_MUCH_MORE = 1.5  # times what figures say of their sentence: then it tells something beside them


def cells_by_section(figures: Sequence[AnswerFigure]) -> dict[tuple[str, str], list[Figure]]:
    sources: dict[tuple[str, str], list[Figure]] = {}
    for shown in figures:
        for figure in shown.cells:
            of = sources.setdefault((figure.rcept_no, figure.section), [])
            if figure not in of:
                of.append(figure)
    return sources


def source_of(
    n: int, filing: Filing, path: str, text: str, rows: Sequence[Figure], *, noted: bool
) -> Evidence:
    """The rows of figures; the sentences of those that sentences say are told whole, for they say what of."""
    quote, told = _rows_of(text, rows)
    sentences = dict.fromkeys(row.caption for row in rows if row.origin == "prose")
    notes = notes_below(text, (row_quote(text, row) for row in rows)) if noted else []
    said = (
        *notes,
        *(
            _without_before(one, rows)
            for one in sentences
            if not _of_each(one, rows) and len(squeeze(one)) > _MUCH_MORE * len(_named(one, rows))
        ),
    )
    return Evidence(n, filing, path, quote, told, tuple(rows), said=said, core=len(said))


def _without_before(sentence: str, rows: Sequence[Figure]) -> str:
    """Made readable; without the number of the period before in brackets, where that of one is told."""
    row = statements(f"| {sentence} |", form=True) if "|" in sentence else []
    shown = row[0].shown if row else sentence
    told = any(one.period for one in rows if one.caption == sentence)
    return _BEFORE.sub("(…)", shown) if told else shown


def _of_each(sentence: str, rows: Sequence[Figure]) -> bool:
    """Whether a sentence gives several periods theirs, 각각, of which one is told."""
    return "각각" in sentence and any(one.period for one in rows if one.caption == sentence)


def _named(sentence: str, rows: Sequence[Figure]) -> str:
    return squeeze("".join(f"{row.account}{row.cell}" for row in rows if row.caption == sentence))


def _rows_of(text: str, rows: Sequence[Figure]) -> tuple[str, str]:
    """(the first figure's row, all their rows)."""
    quotes = list(dict.fromkeys(line for line in (row_quote(text, figure) for figure in rows) if line))
    return (quotes[0] if quotes else "", "\n".join(quotes))


def row_quote(text: str, figure: Figure) -> str:
    """The line of the section's table that holds the figure's cell, without its outer bars; else ''."""
    if figure.origin == "prose":
        return figure.caption
    label = squeeze(figure.row.split(" > ")[-1])
    best = ""
    for line in text.splitlines():
        if line.startswith("|") and figure.cell in line and label in squeeze(line):
            bare = line.strip("| ").strip()
            if not best or len(bare) < len(best):
                best = bare
    return best


def notes_below(text: str, quotes: Iterable[str]) -> list[str]:
    """The notes of rows quoted from a section's text, which say why a number is as it is."""
    lines, found = [line for line in text.splitlines() if line.strip()], []
    for quote in dict.fromkeys(quotes):
        marks = tuple(MARK.findall(quote.split("|")[0]))
        at = next((n for n, line in enumerate(lines) if quote and quote in line), len(lines))
        below = dropwhile(lambda line: line.startswith("|"), lines[at:])
        for line in takewhile(MARK.match, below):
            found += [note.strip() for note in _NOTE.split(line) if marks and note.startswith(marks)]
    return found


def rows_of_others(
    figures: Sequence[AnswerFigure], text: str, sections: Mapping[tuple[str, str], str]
) -> set[str]:
    """The rows, as statements quote them, of the tables that figures stand in that are of somebody else than
    whom the question (`text`, squeezed) names: 전대영 beside 박정우."""
    found: set[str] = set()
    for cell in (cell for one in figures for cell in one.cells if cell.origin != "prose"):
        section = sections.get((cell.rcept_no, cell.section), "")
        own = row_quote(section, cell)
        name = squeeze(own.partition("|")[0])
        if len(name) < _SHORTEST_NAME or name not in text:
            continue
        for block in _BLOCKS.split(section):
            lines = [line.strip().strip("|").strip() for line in block.splitlines() if line.startswith("|")]
            if own in lines and not all(squeeze(line.partition("|")[0]) == name for line in lines):
                width = own.count("|")
                found |= {
                    line
                    for line in lines
                    if line.count("|") == width and squeeze(line.partition("|")[0]) not in text
                }
    return found


def section_texts(passages: Sequence[Passage]) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    for passage in passages:
        key = (passage.rcept_no, passage.path)
        texts[key] = f"{texts[key]}\n{passage.text}" if key in texts else passage.text
    return texts
