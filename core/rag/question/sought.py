"""What a question asks of the labels of cells: its telling words, and what it calls by name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from core.korean import squeeze
from core.model import Figure
from core.rag.language.accounts import ACCOUNT_ENDING, account_groups, names_account, spoken_as
from core.rag.language.companies import called
from core.rag.language.labels import INNER, TOKEN, even, labels
from core.rag.question.conditions import colours, narrowing
from core.rag.question.held import NO, Held
from core.rag.question.words import SHORTEST_NAME, STEM_END

_MOST_OF_SUBJECT = 0.6
_CALLED = re.compile(r"[가-힣A-Za-z&]{3,}(?:\([가-힣A-Za-z&]{3,}\))?")
_COMPOUND = re.compile(r"(?<![가-힣A-Za-z])[가-힣]{4,}")
_RESULT = "손익"
_SHORTEST_FRONT, _NET = 2, "순"  # letters: 총 belongs to the word behind it
_TOPIC = re.compile(r"[은는]$")
_SUBJECT_END = re.compile(
    r"(?<=[가-힣A-Za-z)])(?:(?:은|는)(?=\s|\?|$)"
    r"|(?:이|가|을|를|도)?(?=\s+(?:모두\s|총\s|다\s|대략\s)?(?:얼마|몇|알려|어떻))|(?=\s*\?|$))"
)
_ASKS_NEXT = re.compile(r"(?:(?!는데|지만|으나|면서)[^,]){0,30}?(?:얼마|몇|어느\s*정도|어떻|\?|$)")
# What a name may be interrupted by: a time, a basis.
_TIME = re.compile(
    r"^[\d~.∼-]+(?:년|월|분기|기)?(?:말|도)?$|^제?\d+기"
    r"|^(?:연결|별도|누적|기준|말|상반기|하반기|올해|작년|지난해|전체|모두|총)$"
)
_FROM = r"{}(?:에서(?!만)|에게|한테|로부터|향(?![^\W\d_]))"  # 베트남에서 올린, 애플한테 판
_CAUSE = re.compile(r".*?(?:때문에|덕분?에|탓에|바람에)\s")
_DENIED = rf"(?<![가-힣])[{NO}]{{}}[가-힣]*+(?!\s(?:중|가운데))"
# 얼마고, 몇 %고; but not 담보 잡히고 빌린
_AND = re.compile(r"와|과|랑|하고|및|,|·|ㆍ|/|(?:얼마|[%원주명개건회])고|그리고")
_APART = 10  # characters between two things asked side by side: `매출액이랑 영업이익`, `얼마고 자산총계는`
_POINTS_BACK = re.compile(
    r"(?<![가-힣])(?:거기|그곳|그쪽|여기|그\s?(?:회사|법인|부문|사업|사업부|지역|제품|펀드|자회사))"
)


@dataclass(frozen=True)
class Sought(Held):
    """Of a question also what it calls by name, and whether labels say all of it."""

    @cached_property
    def conjoined(self) -> bool:
        """Whether accounts are asked side by side: 매출채권의 대손충당금 is one thing."""
        text = squeeze(self.question.text)
        spans = sorted((text.find(said[0]), len(said[0])) for said, _ in self._spoken if said)
        between = [text[a + length : b] for (a, length), (b, _) in pairwise(spans)]
        return any(len(gap) <= _APART and _AND.search(gap) for gap in between)

    @cached_property
    def _called(self) -> list[list[frozenset[str]]]:
        """The words of each thing that is called as accounts are, `대손충당금` or `전환사채`; two where
        brackets call it again."""
        found = []
        for run in _CALLED.findall(self.asked):
            ways = []
            for one in TOKEN.findall(run):
                stem = STEM_END.sub("", one)
                inside = frozenset(w for w in self.words if w in stem.lower() and w not in self.light)
                account = ACCOUNT_ENDING.search(stem) or _TOPIC.search(one)
                if inside and len(stem) >= SHORTEST_NAME and account:
                    ways.append(inside)
            if ways:
                found.append(ways)
        return found

    @cached_property
    def _results(self) -> list[frozenset[str]]:
        """The names of each profit or loss that is asked: 영업손익 is no 영업활동 현금흐름."""
        text = squeeze(self.asked)
        groups = [(spoken_as(group, text), group) for group in account_groups(self.question.accounts)]
        return [
            frozenset(map(even, (*said, *group)))
            for said, group in groups
            if any(even(one).endswith(_RESULT) for one in said)
        ]

    @staticmethod
    def _names(figure: Figure, names: frozenset[str]) -> bool:
        said = " ".join(labels(figure))
        return any(name in said for name in names)

    @cached_property
    def _unread(self) -> list[str]:
        """Compounds of which only the head is known, as 개약부채: they are not answered by the head alone."""
        forms = [form for term in self.question.terms if len(form := term.partition("/")[0]) > 1]
        known = [name.lower() for company in self.question.companies for name in called(company)]
        spoken = [phrase for phrases, _ in self._spoken for phrase in phrases]
        found = []
        for run in _COMPOUND.findall(self.asked):
            stem = STEM_END.sub("", run)
            heavy = [word for word in self.words if word not in self.light]
            head = max(filter(stem.endswith, heavy), key=len, default="")
            front = stem.removesuffix(head)
            if not head or any(stem in one for one in spoken):
                continue
            if stem[0] == _NET and any(map(stem[1:].startswith, heavy)):
                found.append(even(stem))  # 순이자비용 is no 이자비용
            elif (
                len(front) >= _SHORTEST_FRONT
                and not any(one in front for one in (*forms, *known))
                and not any(one.endswith(front) for one in known)
            ):
                found.append(even(stem))
        return found

    @cached_property
    def subject(self) -> list[str]:
        """The words right before `은` or `얼마`, that name what is asked: `관련 법인세 효과는`."""
        bare = INNER.sub("", self.asked)
        found: list[str] = []
        for end in _SUBJECT_END.finditer(bare):
            stem = bare[: end.start()].lower().removesuffix("등").rstrip()
            ends = stem.removesuffix("액") if len(stem) > _SHORTEST_FRONT else stem  # 회수액은
            if not (_ASKS_NEXT.match(bare[end.end() :]) and any(map(ends.endswith, self.words))):
                continue  # 운영하는, 이익은 늘었는데
            run: list[str] = []
            for word in reversed(bare[: end.start()].split()):
                if run and _TIME.search(word):
                    continue
                if run and not any(map(word.lower().endswith, self.words)):
                    break  # 이마트의, 올린: what stands before belongs to another word
                run.insert(0, word)
            text = even(" ".join(run))
            found = [
                word
                for word in self.words
                if word not in self.light and any(way in text for way in (word, *self.ways[word]))
            ]
        return found

    def missing(self, figures: Iterable[Figure]) -> bool:
        """Whether what the question calls by name is not all in the figures' labels: a thing called as
        accounts are, most of what stands right before `은`, or where or whom it is from."""
        figures = list(figures)
        told = [frozenset(self.told(figure)) for figure in figures]
        if told and not all(any(self._names(one, names) for one in figures) for names in self._results):
            return True
        if told and not self.conjoined:
            subject = sum(self.words[word] for word in self.subject)
            most = max(sum(self.words[word] for word in self.subject if word in one) for one in told)
            placed = {
                word
                for word in self.words
                if word not in self.light and re.search(_FROM.format(re.escape(word)), self.text)
            }
            if most < _MOST_OF_SUBJECT * subject or not any(placed <= one for one in told):
                return True
        if told and self._caused is not None:
            said = {word for one in told for word in one if word not in self.light}
            if said and not any(word in self._caused for word in said):
                return True  # 건물 사기로 한 것 때문에 나갈 돈: the cause is not what is asked
        if told and any(not any(word in one for one in told) for word in self._denied):
            return True  # 비감사용역 is no 감사, however little 감사 weighs
        examined = {word for word in self.words if word in self._apart.examined}
        if told and examined and not any(examined & one for one in told):
            return True  # the 할인율 of another examination
        if told and self.unsaid(set[str]().union(*told)):
            return True
        return self.lacks_called(figures)

    @cached_property
    def _caused(self) -> str | None:
        """What is asked behind the cause that the question gives, squeezed; None where it gives none."""
        cause = _CAUSE.match(self.asked)
        return squeeze(self.asked[cause.end() :]).lower() if cause else None

    @cached_property
    def _denied(self) -> list[str]:
        """The words that the question says with a no before them, other than of where: 비현금거래 중."""
        text = self.asked.lower()
        return [w for w in self.words if self._negated(w) and re.search(_DENIED.format(re.escape(w)), text)]

    def calls(self, figure: Figure) -> bool:
        """Whether its row and column, and no caption, say all of a thing called as accounts are."""
        named = even(INNER.sub(" ", f"{figure.row} {figure.column}"))
        return any(all(word in named for word in way) for ways in self._called for way in ways)

    def lacks_called(self, figures: Iterable[Figure]) -> bool:
        """Whether a thing that is called as accounts are, or a compound of unknown words, is not whole in the
        labels of a figure."""
        figures = list(figures)
        told = [frozenset(self.told(figure)) for figure in figures]
        if told and any(
            not any(one in "".join(labels(figure)) for figure in figures) for one in self._unread
        ):
            return True
        return any(not any(way <= one for one in told for way in ways) for ways in self._called)

    def unsaid(self, said: set[str]) -> set[str]:
        """The words that narrow down what is asked and are not said; those of the turn before as well, when
        most of them are not: `거기 순손실은?`."""
        heavy = {word: weight for word, weight in self.own.items() if word not in self.light}
        spoken = " ".join(phrase for phrases, _ in self._spoken for phrase in phrases)
        accounts = {word for word in heavy if word in spoken}
        follows = heavy.keys() <= accounts and not self.names_company
        carried = self._carried if follows or _POINTS_BACK.search(self.asked) else {}
        left = {word: weight for word, weight in carried.items() if word not in said}
        back = set(left) if sum(left.values()) > sum(carried.values()) / 2 else set()
        return narrowing(self.asked, heavy, said, accounts) | back

    @cached_property
    def names_company(self) -> bool:
        """Whether it stands for itself: `가온전자 매출액은?` is of the company, whatever was asked before."""
        text = self.question.text
        return any(name in text for company in self.question.companies for name in called(company))

    @cached_property
    def _carried(self) -> dict[str, float]:
        """What the turn before was about, beside its account."""
        before = self._telling(self.question.before)
        return {
            word: weight
            for word, weight in before.items()
            if word not in self.light and not names_account(word) and not colours(word)
        }
