"""Numbered sources for one answer: the rows its figures stand in, then the best passages found."""

import re
from collections.abc import Mapping, Sequence

from core.model import AnswerFigure, Evidence, Figure, Filing, Hit, Passage

CORE_PIECES = 2  # given at every level, whatever its budget: levels differ in depth, not in sources
_MIN_TEXT = 400  # a piece shorter than this says too little to be worth its number
# Statements only repeat the figures already given, and those of the other basis beside them.
_STATEMENT = re.compile(r"재무제표$|요약재무정보$")
_SENTENCE_END = re.compile(r"(?<=[가-힣)\]”\"])[.!?]\s+|\n+")


def gather(
    figures: Sequence[AnswerFigure],
    hits: Sequence[Hit],
    sections: Mapping[tuple[str, str], str],
    filings: Mapping[str, Filing],
    forms: Sequence[str],
    top_k: int,
    context_chars: int,
    prefer: Sequence[str] = (),
) -> list[Evidence]:
    """At most `context_chars` of text; figures' rows always come first and are never cut.

    `sections` are texts by (rcept_no, path), `forms` the word forms of the question's morphemes.
    """
    sources: dict[tuple[str, str], list[Figure]] = {}
    for shown in figures:
        for figure in [shown.source] if shown.source else shown.operands:
            of = sources.setdefault((figure.rcept_no, figure.section), [])
            if figure not in of:
                of.append(figure)
    gathered: list[Evidence] = []
    for (rcept_no, path), rows in sources.items():
        lines = [row_quote(sections.get((rcept_no, path), ""), figure) for figure in rows]
        quotes = list(dict.fromkeys(line for line in lines if line))
        text = "\n".join(quotes)
        gathered.append(
            Evidence(len(gathered) + 1, filings[rcept_no], path, quotes[0] if quotes else "", text, rows)
        )
    if gathered:
        hits = [hit for hit in hits if not _STATEMENT.search(hit.section)]
    left = context_chars - sum(len(piece.text) for piece in gathered)
    for place, hit in enumerate(hits[:top_k]):
        if place >= CORE_PIECES and left < _MIN_TEXT:
            break
        text = hit.chunk.text[: max(left, _MIN_TEXT)]
        left -= len(text)
        quote = best_sentences(text, forms, 1, prefer=prefer)
        if quote:
            gathered.append(Evidence(len(gathered) + 1, hit.filing, hit.section, quote[0], text))
    return gathered


def row_quote(text: str, figure: Figure) -> str:
    """The line of the section's table that holds the figure's cell, without its outer bars; else ''."""
    label = _squeeze(figure.row.split(" > ")[-1])
    best = ""
    for line in text.splitlines():
        if line.startswith("|") and figure.cell in line and label in _squeeze(line):
            bare = line.strip("| ").strip()
            if not best or len(bare) < len(best):
                best = bare
    return best


def sentences(text: str) -> list[str]:
    """Whole sentences and list items of a piece; table rows and headings are left out."""
    found = []
    for part in _SENTENCE_END.split(text):
        sentence = part.strip()
        if len(sentence) >= 12 and not sentence.startswith(("|", "#", "(단위")):
            found.append(sentence)
    return found


def best_sentences(text: str, forms: Sequence[str], count: int, *, prefer: Sequence[str] = ()) -> list[str]:
    """The `count` sentences that share most of the question's words, in the order of the text.

    A sentence with one of `prefer` (how reasons are given) goes before any without.
    """
    lines = sentences(text) or [
        line.strip("| ").strip() for line in text.splitlines() if line.startswith("|")
    ]

    def rank(at: int) -> tuple[bool, float, int]:
        lower = lines[at].lower()
        shared = sum(len(form) for form in forms if form in lower)
        reason = shared > 0 and any(word in lower for word in prefer)
        return not reason, -shared / (1 + len(lower) / 400), at

    return [lines[at] for at in sorted(sorted(range(len(lines)), key=rank)[:count])]


def section_texts(passages: Sequence[Passage]) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    for passage in passages:
        key = (passage.rcept_no, passage.path)
        texts[key] = f"{texts[key]}\n{passage.text}" if key in texts else passage.text
    return texts


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)
