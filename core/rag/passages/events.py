"""Which event filing a question is about, all of it, and which version of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from core.model import AnswerFigure, Filing, Hit, Question
from core.narration import LEAD
from core.ports import Corpus
from core.rag.language.shown import shown
from core.rag.language.spoken import spoken
from core.rag.question.intent import asks_both, asks_original

_READ = 5  # event filings found, to see which of them the question is about
_CLEARLY = 0.1  # of the question's weight
_SIZED = re.compile(
    r"((?:\d[\d,.]*\s?[조억만]\s?)+)원?(?:\s?(?:규모|짜리)(?:의)?)?\s(?:\S{2,6}\s)?"
    r"[가-힣]{0,4}(?:계약|수주|발주|투자|사채|증자|소송|인수|양수)"
)
_AS_SAID = Decimal("1.1")  # 22조 of 22조 7,648억
# Types of event: how they are asked for, and how a filing about one says so.
_TYPES = (
    (re.compile(r"소송|피소|제소"), re.compile(r"소송|제소|판결|항소|의\s소|소의|법원")),
    (re.compile(r"합병"), re.compile(r"합병")),
    (re.compile(r"(?:현금|주식|중간|결산)?배당"), re.compile(r"배당")),
    (re.compile(r"감자(?![가-힣]*탕)"), re.compile(r"감자|자본\s?감소")),
    (re.compile(r"[유무]상\s?증자"), re.compile(r"증자|신주")),
)
_MOST_PIECES = 40  # of an event filing; few have more


async def foremost(
    question: Question, weights: Mapping[str, float], hits: list[Hit], corpus: Corpus
) -> list[Hit]:
    """The event filing that says clearly more of the question first, or the reports where they do: a piece
    that only has its 계약금액 may rank before the contract it asks about."""
    if not hits or question.about or len(question.companies) > 1:
        return hits
    events = list(dict.fromkeys(hit.filing.rcept_no for hit in hits if hit.filing.period is None))
    if meant := await _of_size(question.text, events[:_READ], corpus):
        return sorted(hits, key=lambda hit: hit.filing.rcept_no != meant)
    if hits[0].filing.period:
        return hits
    said: dict[str, float] = {}
    for rcept_no in events[:_READ]:
        said[rcept_no] = _says(" ".join(c.indexed for c in await corpus.chunks_of(rcept_no)), weights)
    best = max(said, key=lambda rcept_no: said[rcept_no])
    clearly = _CLEARLY * sum(weights.values())
    reports = _says(" ".join(hit.chunk.indexed for hit in hits if hit.filing.period), weights)
    if reports - said[best] > 2 * clearly:
        return sorted(hits, key=lambda hit: not hit.filing.period)
    if said[best] - said[events[0]] > clearly:
        return sorted(hits, key=lambda hit: hit.filing.rcept_no != best)
    return hits


async def _of_size(text: str, events: Sequence[str], corpus: Corpus) -> str | None:
    """The one event filing that has the amount which a question calls its event by: `22조 계약`."""
    sizes = [said.value for found in _SIZED.finditer(text) for said in spoken(found[1])]
    if not sizes:
        return None
    having = []
    for rcept_no in events:
        amounts = {cell.value for cell in await corpus.figures_of(rcept_no) if cell.unit == "원"}
        if all(any(size <= one < size * _AS_SAID for one in amounts) for size in sizes):
            having.append(rcept_no)
    return having[0] if len(having) == 1 else None


async def whole(
    question: Question, hits: list[Hit], filings: Mapping[str, Filing], corpus: Corpus
) -> list[Hit]:
    """With all pieces of the event filing asked about, for what its form says under a label asked; those of
    the filing it amends alone, when what stood there is asked."""
    if not hits or hits[0].filing.period is not None:
        return hits
    filing = hits[0].filing
    if asks_original(question.text) and (original := filings.get(filing.supersedes or "")):
        filing, hits = original, []
    known = {hit.chunk.chunk_id for hit in hits}
    chunks = [chunk for chunk in await corpus.chunks_of(filing.rcept_no) if chunk.chunk_id not in known]
    return [*hits, *(Hit(c, filing, c.header.split(" › ")[-1], 0.0) for c in chunks[:_MOST_PIECES])]


def of_type_named(question: Question, hits: list[Hit]) -> list[Hit]:
    """Without the event filing found first where the question names a type of event, a suit or a merger, that
    all its text never does: whose other side is asked is not that of another deal."""
    text = event_text(hits)
    if (
        not text
        or question.about
        or all(said.search(text) for asks, said in _TYPES if asks.search(question.text))
    ):
        return hits
    return [hit for hit in hits if hit.filing != hits[0].filing]


def changed(hits: Sequence[Hit]) -> list[Hit]:
    """What the amendment asked about says of itself; nothing of any other filing."""
    if not hits or hits[0].filing.period is not None:
        return []
    return [hit for hit in hits if hit.filing == hits[0].filing and hit.section.startswith("정정")]


def event_text(hits: Sequence[Hit]) -> str:
    """All that is there of the event filing asked about; '' for a report."""
    first = next((hit.filing for hit in hits), None)
    if first is None or first.period:
        return ""
    return "\n".join(hit.chunk.indexed for hit in hits if hit.filing.rcept_no == first.rcept_no)


def event_title(hits: Sequence[Hit]) -> str:
    """What the event filing asked about is called, and its first sentence: what all of its numbers are of."""
    first = next((hit.filing for hit in hits), None)
    lines = event_text(hits).splitlines()
    return " ".join([first.report_nm, *filter(LEAD.search, lines)]) if first and lines else ""


async def in_version(
    question: Question, figures: Sequence[AnswerFigure], filings: Mapping[str, Filing], corpus: Corpus
) -> list[AnswerFigure]:
    """The figures as first filed, where that is asked; each followed by what stood there before its filing
    was amended, where both are."""
    alone = asks_original(question.text)
    if not (alone or asks_both(question.text)):
        return list(figures)
    before = [await _original(figure, filings, corpus) for figure in figures]
    if alone:
        return before
    return [
        one
        for new, old in zip(figures, before, strict=True)
        for one in (new, *((replace(old, label=f"정정 전 {old.label}"),) if old.value != new.value else ()))
    ]


async def _original(shown_now: AnswerFigure, filings: Mapping[str, Filing], corpus: Corpus) -> AnswerFigure:
    """The same cell's figure in the filing that was amended; itself when that is not here."""
    now = shown_now.source
    before = filings[now.rcept_no].supersedes if now else None
    if now is None or before is None or before not in filings:
        return shown_now
    same = [
        figure
        for figure in await corpus.figures_of(before)
        if (figure.account, figure.row, figure.unit) == (now.account, now.row, now.unit)
    ]
    return shown(same[0]) if len(same) == 1 else shown_now


def _says(text: str, weights: Mapping[str, float]) -> float:
    lower = text.lower()
    return sum(weight for form, weight in weights.items() if form in lower)
