"""The one cell whose labels say what was asked: row, column, part, caption and section together.

Accounts found by name (figures.py) miss whatever else a question says: 매출채권 of 매출채권의 대손충당금,
재고자산 of 재고자산 가운데 용지. Here every word that tells is held against every label of a cell. A cell
answers only when what the question calls as accounts are called is all its own, and no other cell that
fits as well says another number.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from operator import ne

from core.korean import squeeze
from core.model import AnswerFigure, Figure, Filing, Question
from core.rag.accounts import ACCOUNT_ENDING, account_groups, spoken_as
from core.rag.asked import says_when, telling, units_asked
from core.rag.comparison import told_together
from core.rag.figures import compared, fits_period
from core.rag.periods import PERIOD, three_months_said

# Words that many labels have or none needs to have; they decide between cells, and no cell is found by them.
_LIGHT = frozenset(
    """금액 잔액 액수 규모 수치 합계 총계 총액 전체 모두 계정 장부 내역 현황 주석 재무상태표 손익 계산서 정보 시점
    확인 기재 가운데 기말 기초 반기 당기 전기 연결 별도 누적 재무 요약 감사 반기보고서 발표 제시 표시 수준 산출
    대비 증가 감소 증감 변화 계산 비교 사이 쪽 기록 종류 부문 사업 사업부 회계 제표 재무제표 당반기 전반기 당분기
    전분기 동기 직전 분기 소재지 하나 시간 인원 수량 비율 비중 가격 가액 가치 반기말 당기말 전기말""".split()
)
# Words of asking and of time: no label needs to have them.
_ASIDE = frozenset(
    """때문 차지 동안 이상 이하 퍼센트 얘기 전년 지난 이번 금년 부탁 제일 포함 제외 사람 세계 실제 최근 공시 기간
    적자 흑자 추이 개년 회장 부회장 사장 부사장 대표 어치 대신 물건 자료 숫자 쯤 셈 정도""".split()
)
_LIGHT_WEIGHT, _MOST_WEIGHT = 0.25, 4.5  # a rare word is no more than a name: 20,000 chunks hold it once
_NEARLY = 0.93  # of the best cell's score: its equals, which must say the same number
_LEAST = 0.5  # of what the question's telling words weigh
_WEAK = 0.6  # a word that only stands over the table
_SAID = 0.8  # of a mean word's weight: labels that the question says whole
_WHOLE = 0.6  # of a mean word's weight: `유통주식수` said as one word
_BEFORE, _FOLLOWS_BELOW = 0.6, 5.0  # less than a name and an account
_OTHER_SPAN = 0.88  # likewise, one over the half-year where its end is asked, or the other way round
_NO_PERIOD = 0.75  # of its score: a cell of which no period is known, when one is asked
_MORE = 0.12  # of what the question's telling words weigh: clearly more
_TYPO = 5  # letters; a shorter word with one of them wrong is another word
_MOST_SAID = 0.6
_ALL_SAID, _EPSILON = 0.99, 1e-6
_MOST_REPORTS = 2
_SHOWN_BACK = 2  # years that a report shows before its own
_ROUNDED = Decimal("0.0005")  # relative: the same amount in 백만원 and in 원
_PREFIX = "비무미불희총순부"  # 비유동자산 is no 유동자산
_TOKEN = re.compile(r"[가-힣A-Za-z&]+(?:\d+(?![\d.,]))?")  # 이마트24
_MONEY = re.compile(r"금액|가액|총액|잔액|몇\s*(?:조|억|만|천)?\s*원")
_MOST_OF_SUBJECT = 0.6
_NUMBERED = re.compile(r"(?<![가-힣A-Za-z\d])[가-힣A-Za-z]{2,}\d{1,4}(?![\d.,년월일분기호차조항%])")
_ASKS_NEXT = re.compile(r"(?:(?!는데|지만|으나|면서)[^,]){0,30}?(?:얼마|몇|어느\s*정도|어떻|\?|$)")
_SUBJECT_END = re.compile(
    r"(?<=[가-힣A-Za-z)])(?:(?:은|는)(?=\s|\?|$)|(?:이|가|을|를|도)?(?=\s+(?:모두\s|총\s|다\s|대략\s)?(?:얼마|몇|알려|어떻))|(?=\s*\?|$))"
)
_FROM = r"{}(?:에서(?!만)|에게|한테|로부터|향(?![가-힣]))"  # 베트남에서 올린, 애플한테 판
# What a name may be interrupted by: a time, a basis.
_TIME = re.compile(
    r"^[\d~.∼-]+(?:년|월|분기|기)?(?:말|도)?$|^제?\d+기|^(?:연결|별도|누적|기준|말|상반기|하반기|올해|작년|지난해|전체|모두|총)$"
)
_LATIN_NAME = 4  # letters; labels lose their spaces, so that a longer one may be followed by another
_LATIN = re.compile(r"[A-Za-z]")
_NEUTRAL = re.compile(r"금액$|가액$|잔액$|^[남여]$|^최[고저]$")  # of whatever the row names
_SEXES = (("남", re.compile(r"남자|남성|남직원|남녀")), ("여", re.compile(r"여자|여성|여직원|남녀")))
_INNER = re.compile(r"(?<=\S)\([^()]*\)")
_NO_LABEL = re.compile(
    r"^(?:제|기|말|[당전]*(?:기|반기|분기)[말초]?|년|월|누적|개월|주|원|당|전|및|등|의|합계|소계|총계|계|금액|구분)$"
)
_STEM_END = re.compile(
    r"(?:이?랑은?|에서만|에서는?|으로는?|로는?|에는?|까지|부터|하고|한테서?|에게|보다|이?라고|이며|이고|인가요|인지요?|이?야|고|은|는|이|가|을|를|의|도|과|와|만|요|다)$"
)
_EOJEOL = re.compile(r"[가-힣A-Za-z&]{3,}(?:\([가-힣A-Za-z&]{3,}\))?")
_EARNED = re.compile(r"(?<=[가-힣])(?:이익|손실)(?!잉여|준비|률)")
_OPENS = re.compile(r"(?<![가-힣])[당전]?기\s?초|기초")
_AND = re.compile(r"(?:와|과|랑|하고|및|,|·|ㆍ|/|고|그리고)")
_TOPIC = re.compile(r"[은는]$")
_APART = 10  # characters between two things asked side by side: `매출액이랑 영업이익`, `얼마고 자산총계는`
_NOT_ASKED = re.compile(
    r"(?:\S+\s){0,1}\S+\s?(?:말고|빼고는?|제외하고|제외한|제외하면|아니라|아닌)(?![가-힣])"
)


def _even(text: str) -> str:
    """Squeezed, and one word for profit and loss: `영업이익(손실)` is the 영업손익 of another filing."""
    return _EARNED.sub("손익", squeeze(text).replace("(손실)", "").replace("(이익)", ""))


@dataclass(frozen=True)
class Sought:
    """What a question asks of labels: each word that tells, with its weight. `lay` gives the formal names of
    lay words in it (외상값 → 매출채권)."""

    question: Question
    weights: Mapping[str, float]
    lay: Mapping[str, str] = field(default_factory=dict)
    _told: dict[int, dict[str, float]] = field(default_factory=dict)

    def learn(self, cells: Sequence[Figure]) -> None:
        """Read a word with one wrong letter as the label it is meant for: 광고선젼비 as 광고선전비."""
        unknown = [w for w in self.words if len(w) >= _TYPO and not any(w in self.covered(c) for c in cells)]
        if unknown:
            tokens = {token for cell in cells for token in _TOKEN.findall(_spaceless(cell))}
            for word in unknown:
                like = [t for t in tokens if len(t) == len(word) and sum(map(ne, t, word)) == 1]
                if len(like) == 1:
                    self.ways[word] = (*self.ways[word], _even(like[0]))
                    self._told.clear()

    @cached_property
    def text(self) -> str:
        return _even(_NOT_ASKED.sub(" ", self.question.text))

    @cached_property
    def words(self) -> dict[str, float]:
        """A question that follows another means what that one named: `그게 몇 주였고`."""
        own = self.own
        if sum(w for form, w in own.items() if form not in _LIGHT) >= _FOLLOWS_BELOW:
            return own
        before = self._telling(self.question.before, None)
        return {form: _BEFORE * w for form, w in before.items() if form not in _LIGHT} | own

    @cached_property
    def own(self) -> dict[str, float]:
        return self._telling(self.question.terms, squeeze(_NOT_ASKED.sub(" ", self.question.text)))

    def _telling(self, terms: Sequence[str], left: str | None) -> dict[str, float]:
        own = telling(terms, self.question)
        if left is not None:  # 이마트24 is another company than 이마트
            own |= {name.lower(): f"{name.lower()}/N" for name in _NUMBERED.findall(self.question.text)}
        return {
            form: min(self.weights.get(form, 1.0), _MOST_WEIGHT) * (_LIGHT_WEIGHT if form in _LIGHT else 1.0)
            for form, term in own.items()
            if term.endswith(("/N", "/SL", "/XR"))
            and form not in _ASIDE
            and (left is None or form in left)
            and not (says_when(form) and form not in _LIGHT)
        }

    @cached_property
    def mean(self) -> float:
        return sum(self.words.values()) / max(len(self.words), 1)

    @cached_property
    def ways(self) -> dict[str, tuple[str, ...]]:
        """What labels may say for each word: itself, or the names of the account it is said for."""
        squeezed = squeeze(self.question.text)
        groups = [(spoken_as(names, squeezed), names) for names in account_groups(self.question.accounts)]
        groups += [([squeeze(word)], [name]) for word, name in self.lay.items()]
        return {
            word: tuple(
                dict.fromkeys(
                    [
                        "손익" if word in ("이익", "손실") else _even(word),
                        *(_even(n) for said, names in groups if any(word in s for s in said) for n in names),
                    ]
                )
            )
            for word in self.words
        }

    @cached_property
    def total(self) -> float:
        return sum(weight for word, weight in self.words.items() if word not in _LIGHT)

    @cached_property
    def wholes(self) -> list[str]:
        """Words of the question as they are spelled, particles off: `무담보차입금`, `영업권`."""
        runs = (_STEM_END.sub("", run) for run in _TOKEN.findall(_NOT_ASKED.sub(" ", self.question.text)))
        return [
            _even(run)
            for run in dict.fromkeys(runs)
            if len(run) > 2 and any(w in run.lower() for w in self.words if w not in _LIGHT)
        ]

    @cached_property
    def named(self) -> list[list[frozenset[str]]]:
        """The words of each thing that is called as accounts are, `대손충당금` or `전환사채`; two where
        brackets call it again."""
        found = []
        for run in _EOJEOL.findall(_NOT_ASKED.sub(" ", self.question.text)):
            ways = []
            for one in _TOKEN.findall(run):
                stem = _STEM_END.sub("", one)
                inside = frozenset(w for w in self.words if w in stem.lower() and w not in _LIGHT)
                if inside and len(stem) > 3 and (ACCOUNT_ENDING.search(stem) or _TOPIC.search(one)):
                    ways.append(inside)
            if ways:
                found.append(ways)
        return found

    def covered(self, figure: Figure) -> dict[str, float]:
        """Word → how much of its weight the labels of a figure say."""
        known = self._told.get(id(figure))
        if known is not None:
            return known
        strong, weak = labels(figure)
        found = {}
        for word, weight in self.words.items():
            if any(self._says(way, strong) for way in self.ways[word]):
                found[word] = weight
            elif any(self._says(way, weak) for way in self.ways[word]):
                found[word] = weight * _WEAK
        self._told[id(figure)] = found
        return found

    def _says(self, word: str, text: str) -> bool:
        at = text.find(word)
        while at >= 0:
            before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
            inside = (
                word.isascii() and len(word) < _LATIN_NAME and (_LATIN.match(before) or _LATIN.match(after))
            )  # ds of Services
            if not inside and (before not in _PREFIX or not before or before + word in self.text):
                return True
            at = text.find(word, at + 1)
        return False

    def said(self, figure: Figure) -> float:
        """How much of the labels' own words the question says, letter by letter."""
        tokens = {
            _even(token)
            for token in _TOKEN.findall(_spaceless(figure))
            if len(token) > 1 and not _NO_LABEL.match(token)
        }
        whole = sum(map(len, tokens))
        return sum(self.letters(token) for token in tokens) / whole if whole else 0.0

    def matched(self, figure: Figure) -> tuple[int, int]:
        """(words said whole, letters said) of the labels."""
        tokens = {_even(token) for token in _TOKEN.findall(_spaceless(figure)) if len(token) > 1}
        named = labels(figure)[0]
        return sum(1 for one in self.wholes if one in named), sum(map(self.letters, tokens))

    def letters(self, token: str) -> int:
        if token in self.text:
            return len(token)
        held = [False] * len(token)
        for way in (way for word in self.words for way in self.ways[word]):
            if (at := token.find(way)) >= 0:
                held[at : at + len(way)] = [True] * len(way)
        return sum(held)

    def score(self, figure: Figure) -> float:
        told = sum(self.covered(figure).values())
        whole = sum(1 for one in self.wholes if one in labels(figure)[0])
        asked = self.question.period
        known = 1.0 if asked in (None, figure.period) else _OTHER_SPAN if figure.period else _NO_PERIOD
        return known * (told + self.mean * (_SAID * self.said(figure) + _WHOLE * whole))

    @cached_property
    def subject(self) -> list[str]:
        """The words right before `은` or `얼마`, that name what is asked: `관련 법인세 효과는`."""
        bare = _INNER.sub("", _NOT_ASKED.sub(" ", self.question.text))
        best: list[str] = []
        for end in _SUBJECT_END.finditer(bare):
            stem = bare[: end.start()].lower().removesuffix("등").rstrip()
            if not (_ASKS_NEXT.match(bare[end.end() :]) and any(map(stem.endswith, self.words))):
                continue  # 운영하는, 이익은 늘었는데
            run: list[str] = []
            for word in reversed(bare[: end.start()].split()):
                if run and _TIME.search(word):
                    continue
                if run and not any(map(word.lower().endswith, self.words)):
                    break  # 이마트의, 올린: what stands before belongs to another word
                run.append(word)
            text = _even(" ".join(reversed(run))) + _even(end[0])
            best = [
                w for w in self.words if w not in _LIGHT and any(way in text for way in {w, *self.ways[w]})
            ]
        return best

    def missing(self, figures: Iterable[Figure]) -> bool:
        """Whether something the question calls as accounts are called is in none of the figures' labels, or
        most of what it names right before `은` in no one of them."""
        told = [set(self.covered(figure)) for figure in figures]
        whole = sum(self.words[w] for w in self.subject)
        if whole and told and not conjoined(self.question):
            most = max(sum(self.words[w] for w in self.subject if w in one) for one in told)
            if most < _MOST_OF_SUBJECT * whole:
                return True
        placed = {
            w for w in self.words if w not in _LIGHT and re.search(_FROM.format(re.escape(w)), self.text)
        }
        if told and not conjoined(self.question) and not any(placed <= one for one in told):
            return True
        return any(not any(way <= one for one in told for way in ways) for ways in self.named)

    def asked_of_labels(self) -> dict[str, float]:
        """What to look for in labels, with its weight."""
        found = {}
        for word, weight in self.words.items():
            for way in {word, *self.ways[word]}:
                for spelled in {way, way.replace("손익", "이익")}:
                    # What the turn before named weighs little in a choice, but must be there to be chosen.
                    found[spelled] = weight if word in self.own else _MOST_WEIGHT
        return found


def labels(figure: Figure) -> tuple[str, str]:
    """(what names the cell, what stands around it), for looking words up; brackets explain a name."""
    named = f"{figure.row} {figure.column} {figure.account}"
    bare = _INNER.sub(" ", named)
    aside = " ".join(_INNER.findall(named)) if len(bare) != len(named) else ""
    return _even(bare), _even(f"{figure.caption} {figure.section} {figure.segment or ''} {aside}")


def _spaceless(figure: Figure, *labels: str) -> str:
    """The labels that tell the measure, letter-spaced words joined: `당반기말 보유주식수`."""
    parts = labels or (figure.account, *figure.row.split(" > "), figure.column)
    return " ".join(re.sub(r"(?<=[가-힣]) (?=[가-힣](?:\s|$))", "", part) for part in dict.fromkeys(parts))


def reports_of(question: Question, filings: Mapping[str, Filing]) -> list[str]:
    """Receipt numbers of the reports that tell of the period asked, the newest two: of its year, or of the
    year after, which compares with it."""
    asked = question.period
    found = [
        filing
        for filing in filings.values()
        if filing.period
        and not filing.superseded_by
        and not filing.withdrawn
        and filing.corp_code in [company.corp_code for company in question.companies]
        and (asked is None or 0 <= int(filing.period[:4]) - int(asked[:4]) <= _SHOWN_BACK)
    ]
    found.sort(key=lambda f: (f.period != (asked or "")[:7], f.period, f.rcept_no), reverse=False)
    if asked is None:
        found.sort(key=lambda f: (f.period, f.rcept_no), reverse=True)
    return [filing.rcept_no for filing in found[:_MOST_REPORTS]]


def settle(
    sought: Sought,
    chosen: Sequence[AnswerFigure],
    looked_up: Sequence[Figure],
    cells: Sequence[Figure],
) -> list[AnswerFigure]:
    """What accounts' names chose, unless a cell says clearly more of the question; nothing where neither
    says all that the question calls by name."""
    several = len(account_groups(sought.question.accounts)) > 1
    of = [cell for one in chosen for cell in one.cells]
    same = len({c.corp_code for c in of}) == 1 and len({c.basis for c in of if c.basis}) <= 1
    if several and same and not conjoined(sought.question):
        groups = told_together(chosen)
        chosen = max(groups, key=lambda g: _weigh(sought, g[0].cells[:1]), default=[])
    sources = [cell for one in chosen for cell in one.cells]
    told: dict[str, float] = {}
    for cell in sources:
        for word, weight in sought.covered(cell).items():
            told[word] = max(weight, told.get(word, 0.0))
    if looked_up:
        first = looked_up[0]
        if any(one.unit == first.unit for one in looked_up[1:]):  # of men and of women
            chosen = []
        beside = {c.unit: c for c in sources if (c.rcept_no, c.table) == (first.rcept_no, first.table)}
        looked_up = [first, *(beside.get(one.unit, one) for one in looked_up[1:])]
        kinds = units_asked(sought.question.text) - {"원"}
        if kinds & {one.unit for one in looked_up} and not kinds & {c.unit for c in sources}:
            if not sought.question.compare:
                chosen = []  # 비중: no amount answers it
        more = sum(sought.covered(looked_up[0]).values()) - sum(told.values())
        if not chosen or more > _MORE * sought.total:
            found = [compared(sought.question, one, cells) for one in looked_up]
            return [one for group in found for one in group]
    if chosen and (sought.missing(sources) or (not looked_up and _said_better(sought, sources, told, cells))):
        return []
    return list(chosen)


def _said_better(
    sought: Sought, sources: Sequence[Figure], told: Mapping[str, float], cells: Sequence[Figure]
) -> bool:
    """Whether another cell like the chosen ones says clearly more of the question, though none alone does."""
    alike = {(cell.corp_code, cell.period, cell.unit) for cell in sources}
    least = sum(told.values()) + _MORE * sought.total
    return any(
        (cell.corp_code, cell.period, cell.unit) in alike
        and sum(sought.covered(cell).values()) > least
        and sought.said(cell) >= _MOST_SAID
        for cell in cells
    )


def _weigh(sought: Sought, cells: Sequence[Figure]) -> float:
    return sum(sum(sought.covered(cell).values()) for cell in cells)


def conjoined(question: Question) -> bool:
    """Whether accounts are asked side by side: 매출채권의 대손충당금 is one thing."""
    text = squeeze(question.text)
    spans = sorted(
        (text.find(said), len(said))
        for names in account_groups(question.accounts)
        for said in spoken_as(names, text)[:1]
    )
    between = [text[a + length : b] for (a, length), (b, _) in pairwise(spans)]
    return any(len(gap) <= _APART and _AND.search(gap) for gap in between)


def look_up(sought: Sought, cells: Sequence[Figure], filings: Mapping[str, Filing]) -> list[Figure]:
    """The best cell for each unit asked (원, 주, %), all of one table; none where two cells disagree."""
    question = sought.question
    fitting = [cell for cell in cells if fits(question, cell, filings[cell.rcept_no])]
    if not fitting or not sought.total:
        return []
    units = units_asked(question.text)
    if question.compare:
        units -= {"%"}  # 몇 % 늘었나
    if units & {cell.unit for cell in fitting}:
        fitting = [cell for cell in fitting if cell.unit in units]
    elif units - {"원"} or (units and _MONEY.search(question.text)):
        return []  # 몇 주, 몇 %: no amount of another kind answers it
    sought.learn(fitting)
    scored = [(sought.score(cell), cell) for cell in fitting]
    if both := _by_sex(sought, scored):
        return both
    first = _best(question, scored)
    if first is None or not _enough(sought, first):
        return []
    if _one_of_many(sought, first, fitting):
        return []
    found = [first]
    for unit in sorted(units - {first.unit}):
        beside = [
            (score, cell)
            for score, cell in scored
            if cell.unit == unit
            and (cell.rcept_no, cell.table) == (first.rcept_no, first.table)
            and (cell.row_no == first.row_no or cell.column_no == first.column_no)
        ]
        if (other := _best(question, beside)) is not None:
            found.append(other)
    return found


def _one_of_many(sought: Sought, first: Figure, cells: Sequence[Figure]) -> bool:
    """Whether its row or column has others that the question speaks of as much, told apart from them only by
    labels that it does not say: one fine of a list of fines."""
    if sought.said(first) >= _ALL_SAID:
        return False
    told, matched = sum(sought.covered(first).values()), sought.matched(first)
    return any(
        (cell.rcept_no, cell.table, cell.unit, cell.period)
        == (first.rcept_no, first.table, first.unit, first.period)
        and (cell.row_no == first.row_no) != (cell.column_no == first.column_no)
        and abs(cell.value) != abs(first.value)
        and sum(sought.covered(cell).values()) >= told - _EPSILON
        and sought.matched(cell) >= matched
        for cell in cells
    )


def _by_sex(sought: Sought, scored: Sequence[tuple[float, Figure]]) -> list[Figure]:
    """`남녀 직원의 평균급여`: that of the men and of the women, both or none."""
    if not all(said.search(sought.question.text) for _, said in _SEXES):
        return []
    best = [
        _best(sought.question, [(score, cell) for score, cell in scored if sex in cell.row.split(" > ")])
        for sex, _ in _SEXES
    ]
    found = [cell for cell in best if cell is not None]
    same = len({(cell.rcept_no, cell.table, cell.column_no) for cell in found}) == 1
    return found if len(found) == len(_SEXES) and same and not sought.missing(found) else []


def _enough(sought: Sought, figure: Figure) -> bool:
    told = sought.covered(figure)
    heavy = sum(weight for word, weight in told.items() if word not in _LIGHT)
    measure = [
        t for t in _TOKEN.findall(_spaceless(figure, figure.account)) if len(t) > 1 and not _NO_LABEL.match(t)
    ]
    if measure and not any(sought.letters(_even(t)) or _NEUTRAL.search(t) for t in measure):
        return False  # what is measured is not what is asked
    return heavy >= _LEAST * sought.total and not sought.missing([figure])


def fits(question: Question, figure: Figure, filing: Filing) -> bool:
    """Whether a cell is of the period and basis asked."""
    sexes = {sex for sex, said in _SEXES if said.search(question.text)}
    if len(sexes) == 1 and ({"남", "여"} - sexes) & set(figure.row.split(" > ")):
        return False
    if figure.disputed or (question.basis and figure.basis not in (None, question.basis)):
        return False
    if question.period and question.period.endswith("말") and figure.period != question.period:
        if _OPENS.search(f"{figure.row} {figure.column}"):
            return False
    three = bool(figure.period and figure.period.endswith("3개월"))
    if three and not three_months_said(question.text) and not (question.period or "").endswith("3개월"):
        return False
    if figure.period is None:  # a table without periods is of its report's
        asked = question.period
        return asked is None or (
            bool(filing.period) and asked[:4] == str(filing.period)[:4] and not asked.endswith("3개월")
        )
    return fits_period(question.period, figure.period)


def _best(question: Question, scored: Sequence[tuple[float, Figure]]) -> Figure | None:
    """None when its equals say another number."""
    if not scored:
        return None
    best = max(score for score, _ in scored)
    for nearly in (_NEARLY, 1 - 1e-9):
        equals = [cell for score, cell in scored if score >= nearly * best]
        first = min(equals, key=lambda cell: _preference(question, cell))
        rank = _preference(question, first)[:5]
        # A deduction in one table is the same amount in another.
        rivals = sorted(abs(c.value) for c in equals if _preference(question, c)[:5] == rank)
        if all(abs(b - a) <= abs(b) * _ROUNDED for a, b in pairwise(rivals)):
            return first
    return None


def _preference(question: Question, cell: Figure) -> tuple[bool, bool, int, int, bool, bool, int, int, int]:
    """Smaller is better: a period told, the very one asked, the newest, 연결, document order."""
    parts = PERIOD.match(cell.period or "")
    newest = -(int(parts[1]) * 100 + int(parts[2] or 12)) if parts and question.period is None else 0
    basis = {question.basis or "연결": 0, None: 1}.get(cell.basis, 2)
    three = bool(parts and parts[3] == "3개월")
    other = question.period is not None and cell.period != question.period
    less = cell.value < 0
    return cell.period is None, other, newest, basis, three, less, cell.table, cell.row_no, cell.column_no
