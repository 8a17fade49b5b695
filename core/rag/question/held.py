"""The words of a question held against what labels say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import ne
from typing import Self

from core.model import Figure, Question
from core.rag.language.labels import SEXES, TOKEN, even, labels, names_of
from core.rag.language.sounds import label_alike
from core.rag.question.asked import LIGHT
from core.rag.question.words import STEM_END, Words

_AROUND = 0.6  # of its weight: a word that only stands around the cell
_SAID, _WHOLE = 0.8, 0.6  # of a mean word's weight: labels said to the letter; `유통주식수` said as one word
_OTHER_SPAN, _NO_PERIOD = 0.88, 0.75  # of its score: 누적 where 말 is asked, or the other way; no period
_SHORT_LATIN = re.compile(r"[a-z]{2,3}")
_TYPO = 5  # letters; a shorter word with one of them wrong is another word
_LATIN_NAME = 4  # letters; labels lose their spaces, so that a longer name may be followed by another
_LATIN = re.compile(r"[A-Za-z]")
_LATIN_WORD, _HANGUL = re.compile(r"[A-Za-z]{3,}"), re.compile(r"[가-힣]+")
_PREFIX, _REST = "비무미불희총순부", "기타"  # 비유동자산 is no 유동자산, 기타유형자산 no 유형자산
NO = "비무미불"
_OTHER_HEAD = re.compile(r"채권|채무|원가|총[이손][익실]|환입|에누리|금(?!액)")


@dataclass(frozen=True)
class Held(Words):
    """Of a question's words also how much of them each cell says."""

    _told: dict[tuple[object, ...], dict[str, float]] = field(default_factory=dict)
    _negations: dict[str, set[str]] = field(default_factory=dict, init=False)  # 60,000 looks at some 20 words

    def naming(self, cells: Sequence[Figure]) -> Self:
        """The same, with those of its unknown words that are names in the labels of the cells."""
        tokens = {token.lower() for cell in cells for token in names_of(cell)} if self.unknown else set()
        found = tokens.intersection(self.unknown)
        named = replace(self, names=frozenset(found), _told={}) if found else self
        named._hear(cells)
        return named

    def asking(self, question: Question) -> Self:
        """The same words asked otherwise."""
        return replace(self, question=question, _told={})

    def _hear(self, cells: Sequence[Figure]) -> None:
        """Read a word of Hangul that no label says as the one Latin word of labels that sounds like it."""
        foreign = [word for word in self.words if _HANGUL.fullmatch(word) and word not in LIGHT]
        said = even(" ".join({f"{cell.row} {cell.column}" for cell in cells})) if foreign else ""
        for word in foreign:
            if any(way in said for way in self.ways[word]):
                continue
            latin = {one for cell in cells for one in _LATIN_WORD.findall(f"{cell.row} {cell.column}")}
            alike = {one.lower() for one in latin if label_alike(word, one)}
            if len(alike) == 1:
                self.ways[word] = (*self.ways[word], *alike)
                self._told.clear()

    def learn(self, cells: Sequence[Figure]) -> None:
        """Read a word with one wrong letter as the label it is meant for: 광고선젼비 as 광고선전비."""
        unknown = [w for w in self.words if len(w) >= _TYPO and not any(w in self.told(c) for c in cells)]
        tokens = {token for cell in cells for token in names_of(cell)} if unknown else set()
        for word in unknown:
            like = [t for t in tokens if len(t) == len(word) and sum(map(ne, t, word)) == 1]
            if len(like) == 1:
                self.ways[word] = (*self.ways[word], even(like[0]))
                self._told.clear()

    def told(self, figure: Figure) -> dict[str, float]:
        """Word → how much of its weight the labels of a figure say."""
        where = (
            figure.rcept_no,
            figure.table,
            figure.row_no,
            figure.column_no,
            figure.account,
            figure.origin,
        )
        if where not in self._told:
            named, around = labels(figure)
            found = self._told[where] = {}
            for word, weight in self.words.items():
                ways = self.ways[word]
                if any(way in named and self._stands(way, named) for way in ways) or _alone(word, figure):
                    found[word] = weight
                elif any(sex in figure.row.split(" > ") for sex in self._sexes.get(word, ())):
                    found[word] = weight  # 여직원 of a row that is called 여
                elif any(way in around and self._stands(way, around) for way in ways):
                    found[word] = weight * _AROUND
        return self._told[where]

    @cached_property
    def _sexes(self) -> dict[str, list[str]]:
        """Of the words that say one: as labels call it."""
        said = {word: [sex for sex, called in SEXES if called.search(word)] for word in self.words}
        return {word: sexes for word, sexes in said.items() if sexes}

    def weigh(self, figure: Figure) -> float:
        return sum(self.told(figure).values())

    def _stands(self, word: str, text: str) -> bool:
        at = text.find(word)
        if at < 0:
            return False
        short = word.isascii() and len(word) < _LATIN_NAME  # ds is no word of Services
        negated = self._negated(word)
        while at >= 0:
            before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
            inside = short and (_LATIN.match(before) or _LATIN.match(after))
            said = not before or before not in _PREFIX or before + word in self.text
            said = said and (text[max(at - 2, 0) : at] != _REST or _REST + word in self.text)
            said = said and not self._of_another_account(word, text, at + len(word))
            if not inside and said and (before in negated or not negated):
                return True
            at = text.find(word, at + 1)
        return False

    def _of_another_account(self, word: str, text: str, end: int) -> bool:
        """매출채권 is no 매출, where that is the account asked."""
        head = _OTHER_HEAD.match(text, end) if word in self._accounts else None
        return head is not None and word + head[0] not in self.text

    @cached_property
    def _accounts(self) -> frozenset[str]:
        return frozenset(even(said) for phrases, _ in self._spoken for said in phrases)

    def _negated(self, word: str) -> set[str]:
        """The prefixes of no that stand before a word wherever the question says it: 비 of 비상장."""
        if word not in self._negations:
            before = re.findall(rf"(.?){re.escape(word)}", f" {self.asked.lower()}")
            self._negations[word] = set(before) if set(NO).issuperset(before) else set()
        return self._negations[word]

    def letters(self, token: str) -> int:
        """How many letters of a label's word the question says."""
        if token in self.text:
            return len(token)
        held = [False] * len(token)
        for way in (way for word in self.words for way in self.ways[word]):
            if (at := token.find(way)) >= 0:
                held[at : at + len(way)] = [True] * len(way)
        return sum(held)

    def said(self, figure: Figure) -> float:
        """The part of the labels' own words that the question says, letter by letter."""
        tokens = set(map(even, names_of(figure)))
        whole = sum(map(len, tokens))
        return sum(map(self.letters, tokens)) / whole if whole else 0.0

    def matched(self, figure: Figure) -> tuple[int, int]:
        """(words said whole, letters said) of the labels."""
        return self._whole(figure), sum(map(self.letters, set(map(even, names_of(figure)))))

    def _whole(self, figure: Figure) -> int:
        named = labels(figure)[0]
        return sum(self._stands(one, named) for one in self.wholes)

    @cached_property
    def wholes(self) -> list[str]:
        """Words of the question as they are spelled, particles off: `무담보차입금`, `시장가치`."""
        runs = dict.fromkeys(STEM_END.sub("", run) for run in TOKEN.findall(self.asked))
        told = [word for word in self.words if word not in self.light]
        return [even(run) for run in runs if len(run) > 2 and any(word in run.lower() for word in told)]

    def score(self, figure: Figure) -> float:
        asked = self.question.period
        known = 1.0 if asked in (None, figure.period) else _OTHER_SPAN if figure.period else _NO_PERIOD
        return known * (
            self.weigh(figure) + self.mean * (_SAID * self.said(figure) + _WHOLE * self._whole(figure))
        )

    def heavy(self, figure: Figure) -> float:
        """What the labels say of the words that a cell can be found by."""
        return self._heavy(self.told(figure))


def _alone(word: str, figure: Figure) -> bool:
    """Whether a short Latin word is one of a label's: byd of `BYD Company Limited`, squeezed."""
    if not _SHORT_LATIN.fullmatch(word):
        return False
    return bool(re.search(rf"(?<![a-z]){word}(?![a-z])", f"{figure.row} {figure.column}".lower()))
