"""Brokers' sentences in the words of three readers: endings by Kiwi, hard words explained in brackets."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from core.model import Level, Term
from core.profile.glossary import Glossary, Mention

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

_TO_BE = re.compile(r"(?<!이)(?<!아니)에요$")
_NOUNS = ("NNG", "NNP", "NNB", "XSN", "NR")
_PARTICLE = re.compile(
    r"(?:은|는|이|가|을|를|의|에|와|과|도|로|으로|만|까지|보다|에서|에도|이다|입니다|예요|이에요)(?![가-힣])"
)


@cache
def _kiwi() -> "Kiwi":
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)


def polite(sentence: str, level: Level) -> str | None:
    """`…그쳤다.` → `…그쳤어요.` (beginner), `…그쳤습니다.`; `… 개선 전망` → `… 개선 전망입니다.`

    None for what is no sentence and cannot be made one.
    """
    body = sentence.strip().rstrip(".。!")
    morphemes: list[Any] = _kiwi().tokenize(body)
    if not morphemes:
        return None
    last = morphemes[-1]
    word = [m for m in morphemes if m.word_position == last.word_position]
    if last.tag == "EF" or last.tag == "ETN" or (last.tag == "EC" and last.form == "다"):
        stem, start = word[:-1], word[0].start
    elif last.tag in _NOUNS:
        stem, start = [], len(body)
    else:
        return None
    parts = [(m.form, m.tag) for m in stem] or [("이", "VCP")]
    soft = "에요" if parts[-1][1] == "VCP" else "어요"
    ending = soft if level is Level.BEGINNER else "습니다"
    said = body[:start] + _kiwi().join([*parts, (ending, "EF")], lm_search=False)
    return _to_be(said) + "."


def _to_be(said: str) -> str:
    """Kiwi joins `변수` and `이에요` to `변수에요`, which is written `변수예요`."""
    return _TO_BE.sub("예요", said)


def in_brackets(term: Term) -> str:
    """The glossary's sentence as what stands in brackets: `회사가 새로 찍어 내는 주식이에요.` → `… 주식`."""
    said = re.split(r"(?<=요)\.\s", term.plain)[0].rstrip(". ")
    if re.search(r"(?:이에요|예요|입니다)$", said):
        return re.sub(r"(?:이에요|예요|입니다)$", "", said)
    morphemes: list[Any] = _kiwi().tokenize(said)
    word = [m for m in morphemes if m.word_position == morphemes[-1].word_position]
    stem = [(m.form, m.tag) for m in word[:-1]]
    return f"{said[: word[0].start]}{_kiwi().join([*stem, ('는', 'ETM')], lm_search=False)} 것"


def hard_words(text: str, level: Level, glossary: Glossary) -> list[Mention]:
    """Where terms above the level stand as words of their own: `희석될` and `전환사채권` cannot be explained
    in brackets."""
    above = {term.name for term in glossary.above(text, level)}
    return [m for m in glossary.mentions(text) if m.term.name in above and _whole(text, m.end)]


def explain(sentences: Sequence[str], level: Level, glossary: Glossary) -> tuple[list[str], list[Term]]:
    """Each term above the level explained where it first stands; and which they were."""
    told: dict[str, Term] = {}
    said = []
    for sentence in sentences:
        text, at = "", 0
        for mention in hard_words(sentence, level, glossary):
            if mention.term.name not in told:
                told[mention.term.name] = mention.term
                text += f"{sentence[at : mention.end]}({in_brackets(mention.term)})"
                at = mention.end
        said.append(text + sentence[at:])
    return said, list(told.values())


def unexplained(text: str, glossary: Glossary) -> str:
    """Without the brackets of `explain`."""
    for term in glossary.find(text):
        text = text.replace(f"({in_brackets(term)})", "")
    return text


def _whole(sentence: str, end: int) -> bool:
    return not re.match(r"[가-힣A-Za-z]", sentence[end : end + 1]) or bool(_PARTICLE.match(sentence, end))


def cite(sentence: str, numbers: Sequence[int]) -> str:
    """`…줄었습니다.` → `…줄었습니다 [1].`"""
    marks = "".join(f"[{n}]" for n in numbers)
    return f"{sentence.strip().rstrip('.')} {marks}." if marks else sentence
