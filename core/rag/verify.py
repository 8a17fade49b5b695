"""Nothing unsupported reaches a reader: every number, date and name of a sentence bound to a source it cites.

A number is bound to a figure of the answer in account, period, basis, unit, part, sign and company, or to a
statement of a cited filing that says it of the same thing. Whatever cannot be bound is not said: wrong is
worse than missing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import chain

from core.korean import bare_name, squeeze
from core.model import AnswerFigure, Brief, Citation, Evidence, Level
from core.rag.checks.binding import Carried, Known, bind
from core.rag.checks.claims import Claims
from core.rag.checks.facts import Fact, facts_of, fits, is_amount
from core.rag.checks.holding import Held, holding
from core.rag.checks.sources import Source, unplain
from core.rag.figures.comparison import told_together
from core.rag.figures.disputes import disputed_sentence
from core.rag.language.accounts import key
from core.rag.language.companies import spellings
from core.rag.language.mentions import Amount, plain, strange_number
from core.rag.language.named import is_named, same_as
from core.rag.language.phrasing import Terms, advises, forecasts, planted
from core.rag.language.reading import CITED, Reading, read
from core.rag.language.whens import When
from core.rag.language.wording import source_number

_RECEIVED = re.compile(r"공시|접수|제출|정정|보고")
# A figure of a year told as one of a month, a head or a rank.
_EACH = re.compile(
    r"한\s*달|하루|매[월달일년주]|(?:월|연|일)?\s?평균|마다|(?<!해)당(?=\s\d)|[인명주]당|꼴로|씩"
)
_LONGEST = 1_000  # characters of a sentence; longer ones are no sentences


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was not said, and why, in Korean."""

    sentence: str
    reason: str


@dataclass
class Verifier:
    """Sentences of one answer in order; each is read in the light of those kept before it."""

    evidence: Sequence[Evidence]
    figures: Sequence[AnswerFigure]
    terms: Terms
    brief: Brief | None = None
    this_year: int | None = None
    carried: Carried = field(default_factory=Carried)
    cited: set[int] = field(default_factory=set)
    dropped: list[Dropped] = field(default_factory=list)

    def keep(self, sentence: str) -> str | None:
        """The sentence as it may be said, with the citations that support it; None when it may not."""
        text = plain(sentence)
        found = self._check(text)
        if isinstance(found, str):
            self.dropped.append(Dropped(text.strip(), found))
            return None
        self.cited |= found.sources
        self.carried = found.carried
        return _cite(text, found.sources)

    @property
    def citations(self) -> list[Citation]:
        return [Citation(e.n, e.filing, e.section, e.quote) for e in self.evidence if e.n in self.cited]

    @cached_property
    def sources(self) -> list[Source]:
        return [Source(piece) for piece in self.evidence]

    @cached_property
    def known(self) -> Known:
        filings = [piece.filing for piece in self.evidence]
        names = {bare_name(f.corp_name): f.corp_code for f in filings}
        for company in self.brief.question.companies if self.brief else ():
            names |= dict.fromkeys(spellings(company), company.corp_code)
        return Known(
            facts_of(self.figures, self.evidence),
            names,
            frozenset(f.rcept_no for f in filings if f.superseded_by),
            frozenset(f.rcept_no for f in filings if f.supersedes),
        )

    @cached_property
    def labels(self) -> tuple[str, ...]:
        named = (fact.figure.label for fact in self.known.facts)
        return tuple(chain(named, (fact.figure.cells[0].account for fact in self.known.facts)))

    @cached_property
    def words(self) -> str:
        """What may be named beside the sources' words: labels of the figures, companies, the glossary."""
        cells = [cell for fact in self.known.facts for cell in fact.figure.cells]
        glossary = [f"{t.name} {t.plain} {' '.join(t.lay)}" for t in (self.brief.terms if self.brief else ())]
        labels = [f"{c.account} {c.row} {c.segment or ''} {c.caption} {c.unit}" for c in cells]
        names = chain.from_iterable(fact.names for fact in self.known.facts)
        return squeeze(" ".join([*labels, *glossary, *names, *self.known.companies]))

    @cached_property
    def formulas(self) -> frozenset[str]:
        return frozenset(squeeze(f"계산: {f.formula}") for f in self.figures if f.formula)

    @cached_property
    def disputes(self) -> dict[str, frozenset[int]]:
        """The one sentence that may be said of each disputed figure → its sources: code wrote it."""
        said = {}
        for group in told_together(self.figures):
            if not group[0].disputed:
                continue
            for level in Level:
                sentence = squeeze(plain(disputed_sentence(group, self.evidence, level)))
                said[sentence] = frozenset(source_number(one, self.evidence) for one in group)
        return said

    @cached_property
    def meanings(self) -> str:
        said = self.brief.terms if self.brief else ()
        return "\n".join(squeeze(f"{t.name}{end} {t.plain}") for t in said for end in ("은", "는", ":", ""))

    def _check(self, text: str) -> "_Supported | str":
        bare = read(text, self.this_year, self.labels)
        if not bare.text:
            return _Supported(frozenset(), self.carried)
        if len(text) > _LONGEST:
            return "너무 긺"
        if planted(text):
            return "자료 속의 지시"
        sources = self._in_order(text)
        for source in sources:
            if source.quoted(bare.text):
                fault = self._contradicted(bare, source)
                return fault or _Supported(frozenset({source.n}), self._carry(bare, {}, quoted=source))
        if whole := self.disputes.get(squeeze(text)):
            return _Supported(whole, self.carried)
        said = squeeze(bare.text).rstrip(".")
        if said in self.formulas:
            owner = next(
                f for f in self.known.facts if f.figure.formula and squeeze(f.figure.formula) in said
            )
            return _Supported(owner.sources, self.carried)
        if len(said) > 1 and said in self.meanings.replace(".\n", "\n"):
            return _Supported(frozenset(), self.carried)
        if advises(bare.text):
            return "투자 의견"
        if forecasts(bare.without_accounts):  # 지출될 것으로 예상되는 금액 is what a filing calls it
            return "공시에 없는 전망"
        if unplain(bare.text):
            return "글이 아닌 표나 링크"
        if strange_number(bare.text):
            return "숫자를 말로 적음"
        return self._bound(bare, sources)

    def _in_order(self, text: str) -> list[Source]:
        """Those the sentence cites first; another that supports it takes their place when none does."""
        cited = [int(n) for n in CITED.findall(text)]
        return sorted(self.sources, key=lambda s: (s.n not in cited, s.n))

    def _bound(self, bare: Reading, sources: Sequence[Source]) -> "_Supported | str":
        support: set[int] = set()
        facts: dict[int, Fact] = {}
        words: dict[int, Reading | None] = {}  # statements that say numbers; a day of filing has none
        days = [w for w in bare.whens if w.kind == "일"]
        numbers: list[Amount | When] = [*bare.amounts, *days]
        for said in numbers:
            found = self._bind(said, bare, sources)
            if isinstance(found, str):
                return found
            if isinstance(found, Fact) and (each := _EACH.search(bare.without_accounts)):
                return f"근거에 없는 말: {each[0]}"
            if isinstance(found, Fact):
                facts[said.start] = found
                support |= found.sources
            else:
                words[said.start] = found.reading if isinstance(found, Held) else None
                support.add(found.source.n if isinstance(found, Held) else found.n)
        claims = Claims(
            bare,
            facts,
            words,
            sources,
            support,
            self.known,
            self.carried,
            self.terms,
            self.words,
            self.meanings,
        )
        if fault := claims.fault():
            return fault
        return _Supported(frozenset(support), self._carry(bare, facts))

    def _bind(
        self, said: Amount | When, bare: Reading, sources: Sequence[Source]
    ) -> "Fact | Held | Source | str":
        reason = "날짜가 근거에 없음"
        if isinstance(said, Amount):
            if said.unit == "?" or (said.unit is None and not re.match("[가-힣]", bare.text[said.end :])):
                return "단위 없는 숫자"
            if any(other.end == said.start for other in bare.amounts):
                return "붙여 쓴 숫자"
            found = bind(said, bare, self.known, self.carried)
            if isinstance(found, Fact):
                return found
            reason = found.reason
            if found.final or self._denied(said, bare) or self._anothers(said, bare):
                return reason
            if found.phrase and not any(found.phrase in source.known for source in sources):
                return reason
        else:
            for source in sources:
                day = source.evidence.filing.rcept_dt
                if (day.year, day.month, day.day) == (said.year, said.month, said.day) and _RECEIVED.search(
                    bare.text[said.end :][:30]
                ):
                    return source
        company = self.known.company_of(bare.text, said.start, self.carried)
        speaks = partial(self.known.speaks_of, company)
        held = holding(bare, said, sources, self.terms, self.carried.spoken_year, speaks)
        return next(held, None) or reason

    def _denied(self, said: Amount, bare: Reading) -> bool:
        """Whether the answer has a figure of the very thing the number is said of, and it is another."""
        named = bare.account_of(said.start, said.end)
        if named is None or named.start < bare.clause(said.start)[0] or bare.direction_of(said):
            return False  # `이익이 약 2,140억원 줄어듭니다` tells no profit
        when, basis, part = bare.when_of(said.start), bare.basis_of(said), bare.part_of(said.start)
        same = [
            f
            for f in self.known.facts
            if is_named(named.key, f.names)
            and (key(part) in key(f.segment) if part else not f.segment)
            and f.figure.unit == said.unit
            and not f.moved
            and basis in (None, f.basis)
            and (when is None or fits(when, f.period, when.year, None))
        ]
        # `양수금액 7,551억원 가운데 6,080억원은 1차에`: beside the whole, a number is of a part of it.
        return bool(same) and not any(one.may_be(f.figure.value) for f in same for one in bare.amounts)

    def _anothers(self, said: Amount, bare: Reading) -> bool:
        """Whether the number is a figure of the answer and the sentence says it of another account."""
        named = bare.account_of(said.start, said.end)
        of = [fact for fact in self.known.facts if is_amount(said, fact)]
        return (
            named is not None
            and bool(of)
            and len(same_as(named.key)) > 1
            and not any(is_named(named.key, fact.names) for fact in of)
        )

    def _contradicted(self, bare: Reading, source: Source) -> str:
        """A filing's words that say another number than its cells, word for word."""
        corp = source.evidence.filing.corp_code
        if any(
            cell.origin == "prose" and cell.caption.endswith(bare.text) for cell in source.evidence.figures
        ):
            return ""  # the figure is read from these words
        if any(self._denied(a, bare) for a in bare.amounts) and any(
            f.corp_code == corp for f in self.known.facts
        ):
            return "표의 숫자와 다른 글"
        return ""

    def _carry(self, bare: Reading, facts: dict[int, Fact], quoted: Source | None = None) -> Carried:
        company = self.known.company_of(bare.text, len(bare.text), self.carried)
        if quoted is not None:
            company = quoted.evidence.filing.corp_code
        brackets = [w.inside for w in bare.whens if w.base]
        spoken = [f for at, f in facts.items() if not any(a <= at < b for a, b in brackets)]
        subject = next((f for f in spoken if not f.moved), None) or next(iter(spoken), None)
        if subject is not None:
            return Carried(subject, subject.corp_code)
        years = {w.year for w in bare.whens if w.year and not w.base}
        year = years.pop() if len(years) == 1 else self.carried.year
        return Carried(None if quoted else self.carried.fact, company, year)


@dataclass(frozen=True, slots=True)
class _Supported:
    sources: frozenset[int]
    carried: Carried


def _cite(text: str, sources: frozenset[int]) -> str:
    """The sentence without citations that do not support it, and with one that does."""
    kept = CITED.sub(lambda m: m[0] if int(m[1]) in sources else "", text)
    kept = re.sub(r"(?<=\S)[ \t]+(?=[.,])", "", re.sub(r"(?<=\S)[ \t]{2,}", " ", kept)).rstrip()
    if sources and not CITED.search(kept):
        end = kept[-1] if kept.endswith((".", "!", "?")) else ""
        kept = f"{kept.removesuffix(end)} [{min(sources)}]{end}"
    return kept
