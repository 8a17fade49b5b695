"""Figures of what a filing tells of besides its own company: of a subsidiary, or of what is acquired.

Every label of a cell is held against the name; the company's own total never is its. What the company sold
to it or owes it is not its sales or debts, so that tables of dealings between the two (dealings.py) answer
nothing else, and an account of its own only stands where its profit stands as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from core.korean import LEGAL_FORM, bare_name, squeeze
from core.model import AnswerFigure, Evidence, Figure, Filing, Hit, Question
from core.ports import Corpus
from core.rag.candidates.dealings import asks_dealings, speaks_of_dealings, tells_dealings
from core.rag.candidates.scope import fits, reports_of
from core.rag.figures.selection import compared, of_basis
from core.rag.language.accounts import ACCOUNT_ENDING, account_groups, phrases_said, spoken_as
from core.rag.language.labels import even, is_sum, of_statement
from core.rag.language.particles import stems_of
from core.rag.language.periods import recency
from core.rag.question.asked import ASIDE, LIGHT, telling
from core.rag.question.sought import Sought

_MOST_CELLS = 600
_MOST_EVENTS = 3
_OVER_TIME = re.compile(r"전년|작년|지난해|늘|줄|증감|증가|감소|성장|변[동했화]")
_LAST_YEAR = re.compile(r"최근\s*(?:사업\s*연도|결산)")
_OF_STATEMENTS = re.compile(r"(?:매출|수익|손익|이익|손실|자산|부채|자본)(?:액|총계)?$")
_PROFIT = re.compile(r"(?:영업|순)손익")
_TERM = re.compile(r"^(?:[당전]+(?:기|반기|분기)|분기|반기)(?=순손익|총포괄손익)")
_WHOLE = re.compile(r"(?<=[가-힣])(?:액|총계)$")
_MARKS = re.compile(r"\([^()]*\)|[\d.,*()\s]")
_NAMED = re.compile(r"(?:회사|법인)명|상호|성명|명칭")
_ROLE, _BRACKETED = re.compile(r"[가-힣][가-힣 ]{1,11}"), re.compile(r"\([^()]*\)")
_CHANGE = re.compile(r"성장|증[가감]|감소|변[동화]|상승|하락|차이|비율")
_RUN = re.compile(r"[가-힣]+")
_POINTS_BACK, _BEFORE = re.compile(r"(?:이|그)\s?(?:중|가운데|에서)|이는\s"), 160
_SHORTEST = 2  # letters: 매출, 부채
_NUMBER = re.compile(r"^\s*(?:\d+\.|[-ㆍ·])\s*")


def names(figure: Figure, filed: Iterable[str]) -> bool:
    """Whether the labels of a cell have one of the names, for itself: Harman is not Harman International."""
    return _says(
        LEGAL_FORM.sub(" ", f"{figure.row} {figure.column} {figure.segment or ''} {figure.caption}"), filed
    )


def _says(text: str, filed: Iterable[str]) -> bool:
    return any(
        re.search(
            rf"(?<![가-힣A-Za-z0-9&]){re.escape(name)}(?![A-Za-z0-9&]|\s[A-Z])(?:(?:[과와의은는이가을를도]|에(?:는|서|게)?|으?로)(?![가-힣])|(?![가-힣]))",
            text,
            0 if name.isascii() else re.IGNORECASE,
        )
        for name in filed
    )


def _filed(question: Question) -> list[str]:
    """What filings call the entities of a question."""
    return [name for _, *filed in question.entities for name in filed]


def of_name(form: str, question: Question) -> bool:
    """Whether a word is of what the question calls an entity: 손보 of `MG손보`, filed as 엠지손해보험."""
    return any(form in name.lower() for name, *_ in question.entities)


def beside(question: Question) -> list[str]:
    """What a question names beside its entities and accounts."""
    asked = squeeze(question.text)
    accounts = phrases_said(question.accounts, asked)
    return [
        form
        for form, term in telling(question.terms, question).items()
        if term.endswith(("/N", "/SL"))
        and form in asked
        and form not in LIGHT | ASIDE
        and not of_name(form, question)
        and not any(form in squeeze(phrase) for phrase in accounts)
    ]


def asks_statement(question: Question) -> bool:
    """Whether it asks for an account that every company has, its own as well."""
    return any(_OF_STATEMENTS.search(even(group[0])) for group in account_groups(question.accounts))


async def figures_of_entities(
    question: Question, filings: Mapping[str, Filing], hits: Sequence[Hit], corpus: Corpus
) -> list[AnswerFigure]:
    """Each account asked of each entity, its own; none where one of them is not told."""
    if asks_dealings(question):
        return []
    if len(question.entities) > 1 and not (question.since or _OVER_TIME.search(question.text)):
        question = replace(question, compare=False)  # with each other
    reports = reports_of(question, filings)
    events = list(dict.fromkeys(hit.filing.rcept_no for hit in hits if not hit.filing.period))[:_MOST_EVENTS]
    groups = account_groups(question.accounts)
    found: list[AnswerFigure] = []
    for _, *filed in question.entities:
        cells: list[Figure] = []
        if reports:
            words = {squeeze(name): 1.0 for name in filed}
            cells += [c for c in await corpus.labelled(reports, words, limit=_MOST_CELLS) if names(c, filed)]
        for rcept_no in events:
            holders = holders_of([chunk.text for chunk in await corpus.chunks_of(rcept_no)])
            roles = [role for role, name in holders.items() if _says(name, filed)]
            cells += [c for c in await corpus.figures_of(rcept_no) if names(c, filed) or _under(c, roles)]
        told = [_figure(question, group, cells, filings, filed) for group in groups]
        if not all(told):
            return []
        found += [one for figures in told for one in figures]
    return found


def say_all(sought: Sought, figures: Sequence[AnswerFigure]) -> bool:
    """Whether the labels say all that narrows down what is asked of an entity, beside its name and what only
    compares; an account to the letter: 부채 is not 우발부채."""
    if not figures:
        return True
    cells = [cell for one in figures for cell in one.cells]
    named = [any(names(cell, filed) for cell in cells) for _, *filed in sought.question.entities]
    if any(named) and not all(named):
        return False
    told = {word for cell in cells for word in sought.told(cell)}
    called = [name.lower() for entity in sought.question.entities for name in entity]
    left = sought.own.keys() & sought.unsaid(told)
    if any(not _CHANGE.search(word) and not any(word in name for name in called) for word in left):
        return False
    labels = {label for cell in cells for label in _labels(cell)}
    spoken = {squeeze(word): {_measure(name)} for word, name in sought.lay.items()} | {
        squeeze(phrase): set(map(_measure, group))
        for group in account_groups(sought.question.accounts)
        for phrase in spoken_as(group, squeeze(sought.asked))
    }
    return all(
        any(
            spoken.get(one, set()) & labels or any(_measure(one) in label for label in labels) for one in ways
        )
        for ways in _accounts(sought.asked)
    )


def _accounts(text: str) -> Iterator[tuple[str, ...]]:
    """The words of a text that end as names of accounts do, with and without what may be particles."""
    for run in _RUN.findall(text):
        ways = tuple(stems_of(run))
        if any(
            len(one) > _SHORTEST and ACCOUNT_ENDING.search(one) and not _CHANGE.search(one) for one in ways
        ):
            yield ways


async def of_whom(
    question: Question, figures: Sequence[AnswerFigure], filings: Mapping[str, Filing], corpus: Corpus
) -> list[AnswerFigure]:
    """Without what a form says of another company, 매출액 under 발행회사, unless that is asked about by name
    or by what the form calls it; then with its name."""
    kept = list(figures)
    asked = squeeze(question.text) + "".join(squeeze(name) for entity in question.entities for name in entity)
    for rcept_no in {c.rcept_no for one in kept for c in one.cells if not filings[c.rcept_no].period}:
        holders = holders_of([chunk.text for chunk in await corpus.chunks_of(rcept_no)])
        for role, name in holders.items():
            under = [
                one for one in kept if all(c.rcept_no == rcept_no and _under(c, [role]) for c in one.cells)
            ]
            if squeeze(bare_name(filings[rcept_no].corp_name)) in squeeze(name):
                continue
            named = squeeze(name) in asked or squeeze(role) in asked
            kept = [
                one if one not in under or name in one.label else replace(one, label=f"{name} {one.label}")
                for one in kept
                if named or one not in under
            ]
    return kept


def telling_of(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sources with what answers of a report cut down to what names what is asked of within it."""
    named = _filed(question)
    others = beside(question)
    kept = []
    for one in evidence:
        if not question.strict or one.figures or not one.filing.period:
            kept.append(one)
        elif said := tuple(
            said
            for said in one.said[: one.core]
            if _says(LEGAL_FORM.sub(" ", _with_before(said, one.text)), named)
            and (not others or any(form in said.lower() for form in others))
        ):
            kept.append(replace(one, said=said, core=len(said)))
    return kept


def _with_before(said: str, text: str) -> str:
    """`이중 상장사는 …` with the sentence before, which says of whom."""
    at = text.find(said) if _POINTS_BACK.match(said) else -1
    return text[max(at - _BEFORE, 0) : at] + said if at > 0 else said


def astray(question: Question, figure: Figure) -> bool:
    """Whether a cell tells of dealings with another company, or of its last year whatever that was, where the
    question speaks of neither: what was sold to it is not what it sold."""
    said = f"{figure.caption} {figure.section} {figure.row} {figure.column}"
    if (
        asks_statement(question)
        and tells_dealings(figure, labels=True)
        and not speaks_of_dealings(question.text)
    ):
        return True
    return bool(question.period and _LAST_YEAR.search(said) and not _LAST_YEAR.search(question.text))


def of_entities(question: Question, cells: Sequence[Figure], filings: Mapping[str, Filing]) -> bool:
    """Whether cells tell of what is asked of within a company's filings, if anything; any of an event do."""
    dealings = asks_dealings(question)
    return not (question.strict or dealings) or all(
        not filings[cell.rcept_no].period
        or (tells_dealings(cell) is dealings and any(names(cell, filed) for _, *filed in question.entities))
        for cell in cells
    )


def of_its_own(question: Question, cells: Sequence[Figure], filings: Mapping[str, Filing]) -> bool:
    """Whether cells of a company's statements answer what is asked of another that the question names: all
    of its stocks are not those of whom it bought."""
    of = _filed(question)
    return bool(of and cells) and all(
        filings[c.rcept_no].period and of_statement(c) and not names(c, of) for c in cells
    )


def holders_of(texts: Iterable[str]) -> dict[str, str]:
    """What forms call companies → their names: 발행회사 → 가온, of `| 1. 발행회사 | 회사명 | ㈜가온 |`."""
    holders: dict[str, str] = {}
    for line in (line for text in texts for line in text.splitlines() if line.startswith("|")):
        head, *cells = [cell.strip() for cell in line.strip("| ").split("|")]
        at = next((n for n, cell in enumerate(cells) if _NAMED.match(cell)), len(cells))
        role = _NUMBER.sub("", head)
        if len(cells) > at + 1 and _ROLE.fullmatch(role):
            holders.setdefault(role, _BRACKETED.sub("", bare_name(cells[at + 1])).strip())
    return {role: name for role, name in holders.items() if len(name) > 1}


def _under(figure: Figure, roles: Iterable[str]) -> bool:
    labels = squeeze(f"{figure.row} {figure.caption}")
    return any(squeeze(role) in labels for role in roles)


def _figure(
    question: Question,
    group: Sequence[str],
    cells: Sequence[Figure],
    filings: Mapping[str, Filing],
    filed: Sequence[str],
) -> list[AnswerFigure]:
    """The account of one entity, with what it is compared with; none where its cells disagree."""
    wanted = {_measure(name) for name in group}
    own = [cell for cell in cells if not tells_dealings(cell)]
    if _OF_STATEMENTS.search(even(group[0])):
        whole = {(c.rcept_no, c.table) for c in own if any(map(_PROFIT.search, _labels(c)))}
        own = [cell for cell in own if (cell.rcept_no, cell.table) in whole]
    same = [cell for cell in own if wanted & set(_labels(cell))]
    fitting = [
        cell
        for cell in same
        if fits(question, cell, filings[cell.rcept_no]) and (cell.period or not question.period)
    ]
    if not fitting:
        return []
    best = min(_rank(question, cell, filed) for cell in fitting)
    first, *others = sorted(
        (cell for cell in fitting if _rank(question, cell, filed) == best),
        key=lambda cell: (-len(compared(question, cell, own)), cell.table, cell.row_no, cell.column_no),
    )
    if any(
        abs(other.value - first.value) * 2000 > abs(first.value) or other.unit != first.unit
        for other in others
    ):
        return []
    return compared(question, first, own)


def _rank(question: Question, figure: Figure, filed: Sequence[str]) -> tuple[bool, int, bool, int, bool]:
    """Smaller is better: the very period asked, the newest, the name alone, 연결, all months."""
    newest = recency(figure.period) if question.period is None else 0
    three = (figure.period or "").endswith("3개월")
    other = question.period is not None and figure.period != question.period
    return (other, newest, not _alone(figure, filed), of_basis(question, figure), three)


def _alone(figure: Figure, filed: Sequence[str]) -> bool:
    """Whether a label is the name and nothing else: Harman, not Harman과 그 종속기업."""
    bare = [_MARKS.sub("", LEGAL_FORM.sub("", label)) for label in (*figure.row.split(" > "), figure.column)]
    return any(_MARKS.sub("", name) in bare for name in filed)


def _labels(figure: Figure) -> list[str]:
    over = figure.caption.split(" > ") if is_sum(figure) else ()
    return [_measure(label) for label in (figure.account, *figure.row.split(" > "), figure.column, *over)]


def _measure(label: str) -> str:
    """`매출액` and `매출`, `전기순손익` and `당기순이익(손실)`, `자산총계` and `자산` are one."""
    bare = _MARKS.sub("", even(label))
    return _TERM.sub("당기", _WHOLE.sub("", bare))
