"""What one message shows of its writer's knowledge: deterministic, from words, morphemes and patterns.

Pasted text gives no signal but `pasted`. Length, politeness, slang and emoji give none at all.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.model import Level, Term
from core.profile.cues import load_cues, load_misconceptions, load_morphemes, read_toml, words
from core.profile.glossary import Glossary, Mention
from core.profile.pasted import quoted_spans, without

_MAX_TEXT = 4000  # characters read of one message; the rest is a paste or noise
_MAX_OWN = 600  # characters analysed into morphemes: 1 ms each 200
_STRONGEST = 2.0
_LONG_PASTE = 12  # characters; a shorter quotation is a word pointed at
_BREAK = re.compile(r"[.?!\n…]+|(?<=[가-힣])[,;](?=\s)")
_HEARD = re.compile(r"(?:이)?(?:라고|라는|라던데|라는데|라면서|란 ?게|래요|이래|인지 ?뭔지|뭐시기|라든가)")
# A sentence that tells what others say (`나온대요`), or weighs their words (`상존한다는 건 좋은 말은 아닌`)
_HEARSAY = re.compile(
    r"[가-힣](?<!기)(?:대요|다더라고?요?|라더라고?요?|다네요|라네요)[\s.!~ㅋㅎㅠ]*$"
    r"|다는 ?(?:건|게|것은|말은|소리는|얘기는) [^.?!\n]{0,12}(?:좋|나쁜|안 ?좋|무슨|뭔)"
)
_REASON_BEFORE = re.compile(r"(?:이유|원인|근거|배경|까닭|기준|이름|번호)\s*(?:이|가|은|는|을|를)?\s*$")
_ASKS = re.compile(
    r"(?<![지죠야] )(?:뭐|머)(?!였|더|라도|든|랑|라고 (?:설명|했|말))|뭔(?!가)"
    r"|무슨|무엇|(?<!다는 )(?:뜻|의미)|어떤 ?(?:거|건|것)(?:예|야|인|이)"
    r"|왜 ?있|라는 ?(?:게|건|것은|거는) ?(?:왜|어떻)"
)
_KNOWS_NOT = re.compile(r"몰라|모르|뭘 ?뜻|처음 ?(?:듣|들|보|봐)")
# `아닌가요`, `거 아니에요` ask for a yes; `게 아니잖아요` denies
_DENIED = re.compile(r"[^.?!\n]{0,6}(?:(?:게|것이|것은|건) 아니|아니(?!야|에요|예요|죠|잖|겠)|않|없으니)")
_NEAR, _FAR = 14, 40  # characters between a term and the words that ask what it means, or deny knowing it
_WORD = re.compile(r"(?<![A-Za-z0-9&/.@_-])[A-Za-z][A-Za-z&/-]{2,}(?![A-Za-z0-9@_/.])")
_ACRONYM = re.compile(r"(?<![A-Za-z0-9&.@_-])[A-Z][A-Z&/-]*[A-Z](?![A-Za-z0-9@_가-힣])")
_SENTENCE = re.compile(r"[^.?!\n…~]+[.?!…~]*")
# Endings that ask how things are, not for a figure, a date or a name
_HOW_IT_IS, _FACT, _EVERYDAY_WORDS = words("how_it_is"), words("fact"), words("everyday")
_FOR_A_YES = re.compile(rf"{_HOW_IT_IS.pattern}|잖아|(?:이죠|지요|일까요)\s*[?ㅋㅎㅠ]*$")
_NO_TERMS = frozenset(read_toml("registers.toml")["no_terms"])
_WHY = re.compile(r"왜|어째서|어찌")


@dataclass(frozen=True, slots=True)
class Signal:
    """`strength` in (0, 2]; `quote` stands in the message (`", "` between several words of it)."""

    name: str
    strength: float
    quote: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One message read: its signals, and how much of it is about which topic (empty: it names none)."""

    signals: Sequence[Signal]
    topics: dict[str, float]


@dataclass(frozen=True, slots=True)
class Reader:
    """`terms(text)` are morphemes as core.ports.Tokenizer gives them."""

    glossary: Glossary
    terms: Callable[[str], Sequence[str]]

    def read(self, text: str) -> Reading:
        """Never raises, whatever the text is."""
        text = text[:_MAX_TEXT]
        pasted = [span for span in quoted_spans(text) if text[slice(*span)].strip()]
        own = without(text, pasted)
        mentions, lay = self.glossary.mentions(own), self.glossary.lay_words(own)
        wrong, glosses = _misused(own), _glosses(own, mentions)
        found = _Found(own)
        uses = {
            _use_of(mention, own, [*wrong, *glosses, *_hearsay(own)]) + "/" + mention.term.name: mention
            for mention in mentions
        }
        asked = {key.partition("/")[2] for key in uses if key.startswith("asked_")}
        for key, mention in uses.items():
            use, _, name = key.partition("/")
            if use and not (use.startswith("used_") and name in asked):
                found.add(use, mention.start, mention.end)
        for start, end in wrong:
            found.add("misused", start, end)
        for start, end in glosses:
            found.add("checks_term", start, end)
        knows = any(key.startswith(("used_intermediate/", "used_advanced/")) for key in uses)
        _find_cues(own, mentions, found, knows=knows)
        _find_latin(own, mentions, found)
        self._find_words(own, mentions, lay, found)
        if not any(mention.term.level is not Level.BEGINNER for mention in mentions):
            for hit in _WHY.finditer(own):
                found.add("plain_why", *hit.span())
            for sentence in _SENTENCE.findall(own):
                if _HOW_IT_IS.search(sentence) and not _FACT.search(sentence):
                    found.say("plain_question", sentence)
            long = [text[start:end] for start, end in pasted if end - start >= _LONG_PASTE]
            if long:
                found.say("pasted", max(long, key=len))
        topics = _topics(mentions, (term.topic for _, _, term in lay))
        return Reading(found.signals(), topics or _topics(self.glossary.mentions(text), ()))

    def _find_words(
        self, own: str, mentions: Sequence[Mention], lay: Sequence[tuple[int, str, Term]], found: "_Found"
    ) -> None:
        for start, word, _ in lay:
            if " " in word:  # `현금` or `자회사` is how everybody says it, `물건 판 돈` is not
                found.add("lay_word", start, start + len(word))
        inside = {form for m in mentions for form in (own[m.start : m.end],)}
        signal_of = load_morphemes()
        for morpheme in self.terms(own[:_MAX_OWN]):
            name, form = signal_of.get(morpheme), morpheme.partition("/")[0]
            if name and not (name == "jargon" and any(form in term for term in inside)):
                found.say(name, form)


class _Found:
    """Occurrences by signal; the same words twice tell no more than once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._quotes: dict[str, list[str]] = {}

    def add(self, name: str, start: int, end: int) -> None:
        self.say(name, self._text[start:end])

    def say(self, name: str, quote: str) -> None:
        quotes = self._quotes.setdefault(name, [])
        said = " ".join(quote.split())
        if said not in quotes:
            quotes.append(said)

    def signals(self) -> list[Signal]:
        return [
            Signal(name, min(math.log2(1 + len(quotes)), _STRONGEST), ", ".join(quotes[:3]))
            for name, quotes in self._quotes.items()
        ]


def _use_of(mention: Mention, own: str, heard_or_wrong: Sequence[tuple[int, int]]) -> str:
    """`asked_LEVEL`, `used_LEVEL`, or nothing for a term only repeated after others, or misused."""
    level = mention.term.level.value
    if any(start <= mention.start < end for start, end in heard_or_wrong):
        return ""
    after = _BREAK.split(own[mention.end : mention.end + _FAR], maxsplit=1)[0]
    asks = _ASKS.search(after[:_NEAR])
    if (asks and not _REASON_BEFORE.search(after[: asks.start()])) or _KNOWS_NOT.search(after):
        return f"asked_{level}"
    return "" if _HEARD.match(after) else f"used_{level}"


def _glosses(own: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Sentences that put a term into everyday words and ask for a yes: `발행가액이 제가 내는 돈이에요?`"""
    return [
        hit.span()
        for hit in _SENTENCE.finditer(own)
        if _EVERYDAY_WORDS.search(hit[0])
        and _FOR_A_YES.search(hit[0])
        and not _FACT.search(hit[0])
        and len(
            [m for m in mentions if hit.start() <= m.start < hit.end() and m.term.level is not Level.BEGINNER]
        )
        == 1
    ]


def _hearsay(own: str) -> list[tuple[int, int]]:
    """Sentences whose terms are others'."""
    return [hit.span() for hit in _SENTENCE.finditer(own) if _HEARSAY.search(hit[0])]


def _misused(own: str) -> list[tuple[int, int]]:
    """Spans that state a misconception and do not deny it at once."""
    hits = (hit for claim in load_misconceptions() for hit in claim.finditer(own))
    return [hit.span() for hit in hits if not _DENIED.match(own, hit.end())]


def _find_cues(own: str, mentions: Sequence[Mention], found: _Found, *, knows: bool) -> None:
    for cue in load_cues():
        if cue.needs_terms and not knows:
            continue
        for hit in cue.pattern.finditer(own):
            # 순위 in 후순위 or 흐름 in 현금흐름 is the term's, not the question's
            if cue.direction == "mid" and _inside(hit.start(), mentions) and _inside(hit.end() - 1, mentions):
                continue
            if _across_parts(hit.span(), mentions):  # 세부 in 이연법인세부채
                continue
            found.add(cue.name, *hit.span())


def _find_latin(own: str, mentions: Sequence[Mention], found: _Found) -> None:
    """Latin terms that no glossary lists; names of companies written together with Hangul are none."""
    for pattern, name in ((_ACRONYM, "acronym"), (_WORD, "english")):
        for hit in pattern.finditer(own):
            upper = hit[0] == hit[0].upper()
            if hit[0].upper() in _NO_TERMS or _inside(hit.start(), mentions) or upper != (name == "acronym"):
                continue
            if not _ASKS.search(own[hit.end() : hit.end() + _NEAR]):
                found.add(name, *hit.span())


def _topics(mentions: Sequence[Mention], lay: Iterable[str]) -> dict[str, float]:
    """Weight of each topic, the strongest 1; topics under half of it are left out."""
    scores: dict[str, float] = {}
    for mention in mentions:
        weight = 0.4 if mention.term.level is Level.BEGINNER else 1.0
        scores[mention.term.topic] = scores.get(mention.term.topic, 0.0) + weight
    for topic in lay:
        scores[topic] = scores.get(topic, 0.0) + 0.4
    most = max(scores.values(), default=0.0)
    return {topic: score / most for topic, score in scores.items() if score > most / 2}


def _across_parts(span: tuple[int, int], mentions: Sequence[Mention]) -> bool:
    """Within a term and at neither of its ends: 분류 of 재분류 is a word of its own."""
    return any(m.start < span[0] and span[1] < m.end for m in mentions)


def _inside(at: int, mentions: Sequence[Mention]) -> bool:
    return any(mention.start <= at < mention.end for mention in mentions)
