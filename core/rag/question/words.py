"""The words of a question that tell, held against what labels say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import ne

from core.korean import squeeze
from core.model import Question
from core.rag.language.accounts import account_groups, spoken_as
from core.rag.language.companies import called
from core.rag.language.labels import TOKEN, even
from core.rag.language.sayings import labels_said
from core.rag.question.asides import Apart, apart
from core.rag.question.asked import ASIDE, LIGHT, telling
from core.rag.question.conditions import ASKED_OF_IT, does

_LIGHT_WEIGHT, _MOST_WEIGHT = 0.25, 4.5  # a rare word tells no more than a name: 20,000 chunks hold it once
_DONE_WEIGHT = 0.4  # 보유 of `보유한`: it may name a column, but none needs to say it
_WHERE = 0.6  # of its weight: a word that only says where the figure stands
_BEFORE, _FOLLOWS_BELOW = 0.6, 5.0  # less is asked than a name and an account weigh: the turn before counts
# 알려줘, 궁금합니다, 늘었는데: no names, however little their morphemes tell
_VERB = re.compile(
    r"(?:습니|합니|입니|십시오|세요|는데|[으이]면|[려해]줘|[었았했][던다고]|는지|나요|까요|[던된쓴인]$|이나)$"
)
_EXPLAINED = re.compile(r"([^\s()]+)\s?\(([^()]+)\)")
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
    r"|(?<=[는던])\s구조(?=인|이|예|야|죠|로)"  # 늘어나는 구조인가요
    r"|[가-힣]{2,}\s?(?:차감|공제|제외|반영)\s?[전후](?![가-힣])"  # 정부보조금 차감 전
    r"|(?:[^\s(]+로\s[^\s(]+[된한]\s)?(?:[^\s(?.,]+\s)?[^\s(]+\s?(?:말고|빼고는?|제외(?:하고|하면|한)?|아니라|아닌)요?(?![가-힣])"
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
