"""The words of a question that tell, held against what labels say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import ne
from typing import Self

from core.korean import squeeze
from core.model import Figure, Question
from core.rag.language.accounts import account_groups, spoken_as
from core.rag.language.companies import called
from core.rag.language.labels import SEXES, TOKEN, even, labels, names_of
from core.rag.language.sayings import labels_said
from core.rag.language.sounds import label_alike
from core.rag.question.asides import Apart, apart
from core.rag.question.asked import ASIDE, LIGHT, telling
from core.rag.question.conditions import ASKED_OF_IT, does

_LIGHT_WEIGHT, _MOST_WEIGHT = 0.25, 4.5  # a rare word tells no more than a name: 20,000 chunks hold it once
_DONE_WEIGHT = 0.4  # 보유 of `보유한`: it may name a column, but none needs to say it
_AROUND = 0.6  # of its weight: a word that only stands around the cell
_WHERE = 0.6  # of its weight: a word that only says where the figure stands
_BEFORE, _FOLLOWS_BELOW = 0.6, 5.0  # less is asked than a name and an account weigh: the turn before counts
_SAID, _WHOLE = 0.8, 0.6  # of a mean word's weight: labels said to the letter; `유통주식수` said as one word
_OTHER_SPAN, _NO_PERIOD = 0.88, 0.75  # of its score: 누적 where 말 is asked, or the other way; no period
# 알려줘, 궁금합니다, 늘었는데: no names, however little their morphemes tell
_VERB = re.compile(
    r"(?:습니|합니|입니|십시오|세요|는데|[으이]면|[려해]줘|[었았했][던다고]|는지|나요|까요|[던된쓴인]$|이나)$"
)
_EXPLAINED = re.compile(r"([^\s()]+)\s?\(([^()]+)\)")
_TYPO = 5  # letters; a shorter word with one of them wrong is another word
_LATIN_NAME = 4  # letters; labels lose their spaces, so that a longer name may be followed by another
_LATIN = re.compile(r"[A-Za-z]")
_LATIN_WORD, _HANGUL = re.compile(r"[A-Za-z]{3,}"), re.compile(r"[가-힣]+")
_PREFIX, _REST = "비무미불희총순부", "기타"  # 비유동자산 is no 유동자산, 기타유형자산 no 유형자산
_NO = frozenset("비무미불")
_OTHER_HEAD = re.compile(r"채권|채무|원가|총[이손][익실]|환입|에누리|금(?!액)")
STEM_END = re.compile(
    r"(?:이?랑은?|에서만|에서는?|으로는?|로는?|에는?|까지|부터|하고|한테서?|에게|보다|이?라고|이며|이고|인가요|인지요?"
    r"|이?야|고|은|는|이|가|을|를|의|도|과|와|만|요|다)$"
)
SHORTEST_NAME = 4  # letters; 이익 and 부채로 are said in passing
# D램: both its morphemes are one letter
_MIXED = re.compile(r"(?<![가-힣A-Za-z\d])[A-Za-z]{1,2}[가-힣](?=\s|$)")
_NUMBERED = re.compile(
    r"(?<![가-힣A-Za-z\d])(?!(?:FY|CY|fy|cy)\d)[가-힣A-Za-z]{2,}\d{1,4}(?![\d.,년월일분기호차조항%])"
)
NOT_ASKED = re.compile(
    r"(?<=[\d%로트])\s?인지도(?![가-힣])"  # `몇 %인지도 알려줘` asks of no 인지도
    r"|[가-힣]{2,}\s?(?:차감|공제|제외|반영)\s?[전후](?![가-힣])"  # 정부보조금 차감 전
    r"|(?:\S+\s){0,1}\S+\s?(?:말고|빼고는?|제외(?:하고|하면|한)?|아니라|아닌)(?![가-힣])"
)


def numbered(text: str) -> list[str]:
    """Terms of names that end in a number, which Kiwi takes apart: 이마트24 is not 이마트; and of D램."""
    found = dict.fromkeys([*_NUMBERED.findall(text), *_MIXED.findall(text)])
    return [f"{name.lower()}/N" for name in found]


@dataclass(frozen=True)
class Words:
    """`weights` are of the question's morphemes; `lay` gives the formal names of lay words in it (외상값 →
    매출채권); `names` are words that only labels told to be names (한종희, of which Kiwi makes 종 and 희)."""

    question: Question
    weights: Mapping[str, float]
    lay: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    _told: dict[tuple[object, ...], dict[str, float]] = field(default_factory=dict)
    _negations: dict[str, set[str]] = field(default_factory=dict, init=False)  # 60,000 looks at some 20 words

    @cached_property
    def _apart(self) -> Apart:
        return apart(self.question.text, frozenset(telling(self.question.terms, self.question)))

    @cached_property
    def asked(self) -> str:
        return NOT_ASKED.sub(" ", self._apart.asked)

    @cached_property
    def light(self) -> frozenset[str]:
        """Words that decide between cells and find none: of all questions, and of where this one looks."""
        left = squeeze(self.asked)
        told = telling(self.question.terms, self.question)
        aside = {form for form in told if form in self._apart.where and form not in left}
        return LIGHT | aside | (ASKED_OF_IT & told.keys())

    @cached_property
    def text(self) -> str:
        """What is asked, by the other names of labels for it too."""
        other = [name for _, names in labels_said(squeeze(self.asked)) for name in names]
        return even(" | ".join([self.asked, *other]))

    @cached_property
    def own(self) -> dict[str, float]:
        left, where = squeeze(self.asked), self.light - LIGHT
        found = self._telling(self.question.terms)
        found |= {term.removesuffix("/N"): _MOST_WEIGHT for term in numbered(self.question.text)}
        found |= dict.fromkeys(self.names, _MOST_WEIGHT)
        return {
            form: weight * (_WHERE if form in where else _DONE_WEIGHT if does(form, self.asked) else 1.0)
            for form, weight in found.items()
            if form in left or form in where
        }

    @cached_property
    def words(self) -> dict[str, float]:
        """Each word that tells, with its weight; a short question that follows another means what that one
        named: `그게 몇 주였고`."""
        if self._heavy(self.own) >= _FOLLOWS_BELOW:
            return self.own
        before = self._telling(self.question.before)
        return {form: _BEFORE * w for form, w in before.items() if form not in LIGHT} | self.own

    def _telling(self, terms: Sequence[str]) -> dict[str, float]:
        return {
            form: min(self.weights.get(form, 1.0), _MOST_WEIGHT) * (_LIGHT_WEIGHT if form in LIGHT else 1.0)
            for form, term in telling(terms, self.question).items()
            if term.endswith(("/N", "/SL", "/XR")) and form not in ASIDE and not self._misspelt(form)
        }

    @cached_property
    def unknown(self) -> list[str]:
        """Words of the question of which no morpheme tells anything: names, or no names at all."""
        known = {term.partition("/")[0] for term in self.question.terms}
        known = {form for form in known if len(form) > 1} | {
            name.lower() for company in self.question.companies for name in called(company)
        }
        stems = (STEM_END.sub("", run).lower() for run in TOKEN.findall(self.asked))
        return [
            stem
            for stem in dict.fromkeys(stems)
            if len(stem) > 2 and not _VERB.search(stem) and not any(form in stem for form in known)
        ]

    def naming(self, cells: Sequence[Figure]) -> Self:
        """The same, with those of its unknown words that are names in the labels of the cells."""
        tokens = {token.lower() for cell in cells for token in names_of(cell)} if self.unknown else set()
        found = tokens.intersection(self.unknown)
        named = replace(self, names=frozenset(found), _told={}) if found else self
        named._hear(cells)
        return named

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

    def _misspelt(self, word: str) -> bool:
        """Whether it is a company's name with one letter wrong."""
        names = [name.lower() for company in self.question.companies for name in called(company)]
        if any(name in self.question.text.lower() for name in names):
            return False  # 삼성전기 beside 삼성전자 is another company
        return any(len(word) == len(n) >= SHORTEST_NAME and sum(map(ne, word, n)) == 1 for n in names)

    def _heavy(self, told: Mapping[str, float]) -> float:
        return sum(weight for form, weight in told.items() if form not in self.light)

    @cached_property
    def total(self) -> float:
        """What all words weigh that a cell can be found by."""
        return self._heavy(self.words)

    def beside_names(self, told: Mapping[str, float]) -> float:
        """The total without words that only explain a name that is told: 스타벅스(에스씨케이컴퍼니)."""
        left = self.total
        for names in _EXPLAINED.findall(self.asked.lower()):
            one, other = ({word for word in self.words if word in name} - self.light for name in names)
            for explains, name in ((one, other), (other, one)):
                if name & told.keys() and not explains & told.keys():
                    left -= sum(self.words[word] for word in explains)
        return left

    @cached_property
    def mean(self) -> float:
        return sum(self.words.values()) / max(len(self.words), 1)

    @cached_property
    def _spoken(self) -> list[tuple[list[str], Sequence[str]]]:
        """(how it is said, how filings name it) of each account asked."""
        text = squeeze(self.question.text)
        groups: list[tuple[list[str], Sequence[str]]] = [
            (spoken_as(group, text), group) for group in account_groups(self.question.accounts)
        ]
        return groups + [([squeeze(word)], [name]) for word, name in self.lay.items()]

    @cached_property
    def ways(self) -> dict[str, tuple[str, ...]]:
        """What labels may say for each word: itself, or the names of what it is said for."""
        spoken = [*self._spoken, *labels_said(squeeze(self.question.text))]
        return {
            word: (
                # 환율 stands in 환율변동효과 as it is, in 가동율 evened
                *(("손익",) if word in ("이익", "손실") else {word: None, even(word): None}),
                *(even(name) for said, group in spoken if any(word in s for s in said) for name in group),
                *(
                    even(name)
                    for said, *filed in self.question.entities
                    if word in said.lower()
                    for name in filed
                ),
            )
            for word in self.words
        }

    def in_labels(self) -> dict[str, float]:
        """What to look for in labels, with its weight."""
        found = {}
        for word, weight in self.words.items():
            # What the turn before named weighs little in a choice, but must be there to be chosen.
            for way in {word, *self.ways[word]}:
                found[way] = found[way.replace("손익", "이익")] = weight if word in self.own else _MOST_WEIGHT
        return found

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
                if any(way in named and self._stands(way, named) for way in ways):
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

    def heavy(self, figure: Figure) -> float:
        """What the labels say of the words that a cell can be found by."""
        return self._heavy(self.told(figure))

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
            self._negations[word] = set(before) if _NO.issuperset(before) else set()
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
