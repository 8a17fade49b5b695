"""Whose filing a question is about, where it names no company as filings do: by what else it names.

A part of a name (오토에버, LG유플) may be another company's whole one: it counts only when something else
that the question names stands in filings of that company and of no other. A question may also name no
company that files here but one that filings tell of, a subsidiary or a target: it is about the filing of
the only company that names it, and of that filing about nothing else (`Question.entities`).
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.korean import squeeze
from core.model import Company, Question
from core.ports import Corpus, Tokenizer
from core.profile.glossary import Glossary
from core.rag.language.accounts import ACCOUNT_ENDING
from core.rag.language.companies import ends_so, lowered_names, parts_of_names, spellings
from core.rag.language.particles import stems_of, without_particles
from core.rag.language.sounds import in_hangul, in_latin, sound_alike
from core.rag.question.asked import ASIDE, LIGHT, telling
from core.rag.question.listed import listed

_RUN = re.compile(r"[가-힣A-Za-z0-9&]+")
_SAME = re.compile(r"([가-힣A-Za-z0-9&]+)\s?\(\s?([가-힣A-Za-z0-9&]+)\s?\)")
_BEGUN, _ENDING = 3, 4  # letters of a name that is begun, or the end of one
_SIGN_ONLY = re.compile(
    r"[A-Z&]{1,4}|[A-Z]?\d.*"
)  # ERP tells whose filing it is, but has no figures of its own
OURS = re.compile(r"(?<![가-힣])(?:우리|저희|제|내|울)\s*(?:회사|기업|가게|법인|직장)")
_JOINS = re.compile(r"vs|versus|and|or|yoy|qoq|fy\d*", re.IGNORECASE)
_HANGUL = re.compile(r"[가-힣]{2,7}")
_MAY_BE_SHORT = re.compile(r"[가-힣]{4,7}")
_SAID_OF_ALL = LIGHT | ASIDE
_OF = ("", "의", "은", "는")
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Said:
    """`name` as asked, without particles; `stem` as found; `words`: corp_code → names of its filings; a legal
    form stands by it in those of `companies`."""

    name: str
    stem: str
    words: Mapping[str, set[str]]
    companies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Whose:
    """`companies`, and whether they are several that one word may mean; the others as in Question."""

    companies: Sequence[Company]
    ambiguous: bool = False
    entities: Sequence[Sequence[str]] = ()
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What a question names, held against what filings name."""

    corpus: Corpus
    tokenizer: Tokenizer
    glossary: Glossary

    async def whose(
        self, text: str, named: tuple[Sequence[Company], bool], every: Sequence[Company]
    ) -> Whose:
        """`named` is what companies.find_companies found in the text of `every` company."""
        found, ambiguous = named
        names = [] if OURS.search(text) else self._names(text, found)
        if not names and not found and not OURS.search(text):
            return await self._told_of(text, [], every)
        if not names or (len(found) > 1 and not ambiguous):
            return Whose(found, ambiguous)
        parts = {"": found} if ambiguous else parts_of_names(text, found, every)
        # no part beside others: 하만 of `SDC랑 하만 중`
        alone = [name for name in names if not set(stems_of(name)) & set(listed(text))]
        if found and not ambiguous and not parts:
            return Whose(found, entities=await self._within(found[0], alone, every))
        said = await asyncio.gather(*(self._said(name, every) for name in names))
        meant = _meant(parts, said)
        if ambiguous:
            entities = await self._entities(meant[0].corp_code, said) if len(meant) == 1 else []
            return Whose(meant, entities=entities) if len(meant) == 1 else Whose(found, True)
        companies = [*found, *(company for company in meant if company not in found)]
        if len(companies) > 1:
            return Whose(companies)
        if found:
            return Whose(found, entities=await self._within(found[0], alone, every))
        if companies:
            others = [one for one in said if one.name not in parts]
            return Whose(companies, entities=await self._entities(companies[0].corp_code, others))
        return await self._told_of(text, said, every)

    async def in_filings_of(self, company: Company, text: str) -> Sequence[Sequence[str]]:
        """What a text names that the filings of this company name."""
        said = await asyncio.gather(
            *(self._said(name, [company], within=company.corp_code) for name in self._names(text, [company]))
        )
        return await self._entities(company.corp_code, said)

    def _names(self, text: str, found: Sequence[Company]) -> list[str]:
        """Runs that may be names, particles included: no company found, no account, term or time."""
        own = [squeeze(name) for company in found for name in spellings(company)]
        runs = [
            run
            for run in self.tokenizer.names(text)
            if self._may_name(run, own) and (self._tells(text, run) or self._tells(run, run))
        ]
        return runs[:_MOST_NAMES]

    def _tells(self, text: str, run: str) -> bool:
        """Whether one of a text's words that tell what is asked stands in a run."""
        terms = self.tokenizer.terms(text)
        forms = [form for form in telling(terms, Question(text)) if form not in _SAID_OF_ALL]
        apart = text == run and all(term.find("/") == 1 for term in terms)  # 한/종/희
        return apart or any(form in run.lower() for form in forms)

    def _may_name(self, run: str, own: Sequence[str]) -> bool:
        if _JOINS.fullmatch(run):
            return False
        if any(name in run.lower() or name.startswith(run.lower()) for name in own):
            return False
        return not any(ACCOUNT_ENDING.search(stem) or self.glossary.find(stem) for stem in stems_of(run))

    def _compounds(self, text: str, said: Sequence[Said]) -> list[str]:
        """Long runs of common nouns: 스타필드 is a name only where filings make it a company's."""
        names = {one.name for one in said}
        runs = [
            run
            for run in dict.fromkeys(_RUN.findall(text))
            if len(stems_of(run)[-1]) >= _ENDING
            and stems_of(run)[-1] not in names
            and self._may_name(run, [])
            and self._tells(text, run)
        ]
        return runs[:_MOST_NAMES]

    async def _said(
        self, run: str, every: Sequence[Company], *, company: bool = False, within: str | None = None
    ) -> Said:
        """What filings call the run or begin with it; letters are read in either script. With `company` only
        what stands by a company's legal form; `within` the filings of one company only."""
        stems = stems_of(run)
        bare = stems[-1]
        readings: dict[str, Callable[[str], str]] = {bare: str}
        readings.setdefault(in_hangul(bare), in_hangul)
        readings.setdefault(in_latin(bare), in_latin)
        for read in readings.values():
            words, legal = await self._words(read(bare), every, company=company, within=within)
            # 삼성디스플레이 is itself, 코스알엑스의 is of 코스알엑스
            alone = any(
                not without_particles(word[len(read(bare)) :])
                for own in words.values()
                for word in own
                if not any(map(word.startswith, map(read, stems[:-1])))
            )
            for stem in (bare,) if alone else stems:
                begun = {
                    code: {word for word in own if _begins(read(stem), word)} for code, own in words.items()
                }
                if found := {code: _whole(read(stem), own) for code, own in begun.items() if own}:
                    return Said(stem, read(stem), found, legal)
        return Said(bare, bare, {} if company else await self._shortened(stems, every, within))

    async def _words(
        self, name: str, every: Sequence[Company], *, company: bool = False, within: str | None = None
    ) -> tuple[dict[str, set[str]], frozenset[str]]:
        """Words of filings that begin with a name, by company, and those that put a legal form by one. Names
        of who files here are nothing else's."""
        rows = await self.corpus.words_of(name, self.tokenizer.terms(name), corp_code=within)
        begun = name.lower()
        filers = [
            own
            for company in (every if rows else ())
            for own in lowered_names(company)
            if own.startswith(begun) and own != begun
        ]
        found: dict[str, set[str]] = {}
        companies = set()
        for corp_code, word, legal in rows:
            if (legal or not company) and not any(word.lower().startswith(filer) for filer in filers):
                found.setdefault(corp_code, set()).add(word)
                companies |= {corp_code} if legal else set()
        return found, frozenset(companies)

    async def _shortened(
        self, stems: Sequence[str], every: Sequence[Company], within: str | None
    ) -> dict[str, set[str]]:
        """엠지손해보험 of `MG손보`: the words that have all its syllables, the first of them together."""
        found: dict[str, set[str]] = {}
        for stem in filter(_MAY_BE_SHORT.fullmatch, map(in_hangul, stems)):
            pattern = re.compile(stem[:_BEGUN] + "".join(f"[가-힣]*{syllable}" for syllable in stem[_BEGUN:]))
            for corp_code, words in (await self._words(stem[:_BEGUN], every, within=within))[0].items():
                if names := {
                    without_particles(word)
                    for word in words
                    if pattern.match(word) and not word.startswith(stem)
                }:
                    found.setdefault(corp_code, set()).update(names)
        return found if len(set[str]().union(*found.values())) == 1 else {}

    async def _entities(self, corp_code: str, said: Sequence["Said"]) -> list[Sequence[str]]:
        """(as asked, as filed …) of each name that the filings of the company give to one alone."""
        entities: list[Sequence[str]] = []
        for one in said:
            full = one.words.get(corp_code, set())
            if len(full) == 1 and not _SIGN_ONLY.fullmatch(one.name):
                sounding = [] if one.stem in full else await self._sounding(corp_code, one.name)
                entities.append((one.name, *(sounding or full)))
        return entities

    async def _told_of(self, text: str, said: Sequence["Said"], every: Sequence[Company]) -> Whose:
        """The only company whose filings name all that is named, brackets that say the same apart."""
        plain = await asyncio.gather(
            *(self._said(run, every, company=True) for run in self._compounds(text, said))
        )
        said = [*said, *(one for one in plain if one.words)]
        pairs = [(one[1], one[2]) for one in _SAME.finditer(text)]
        same = {name: other for a, b in pairs for name, other in ((a, b), (b, a))}
        known = {one.name: one for one in said if one.words}
        if any(one.name not in known and same.get(one.name) not in known for one in said):
            return Whose([])  # somebody else is named, of whom no filing tells
        codes = {next(iter(one.words)) for one in known.values() if len(one.words) == 1}
        if len(codes) != 1 or any(not codes <= one.words.keys() for one in known.values()):
            return Whose([])
        (code,) = codes
        entities = await self._entities(code, list(known.values()))
        if not any(len(known[name].words) == 1 for name, *_ in entities):
            return Whose([])
        owners = [company for company in every if company.corp_code == code]
        return Whose(owners, entities=entities, strict=True)

    async def _within(
        self, company: Company, names: Sequence[str], every: Sequence[Company]
    ) -> list[Sequence[str]]:
        """What a question about a company asks of within its filings: the one other company that it names, by
        which or to which nothing is said to be done, or what labels have in Latin letters alone."""
        code = company.corp_code
        others: dict[str, Sequence[str]] = {}
        said = await asyncio.gather(*(self._said(run, every, within=code) for run in names))
        for run, one in zip(names, said, strict=True):
            if code not in one.words and (words := await self._sounding(code, one.name)):
                others[one.name] = words
            elif code in one.companies and not _SIGN_ONLY.fullmatch(one.name):
                plain = len(one.words[code]) == 1 and run[len(one.name) :] in _OF
                others.setdefault(one.name, tuple(one.words[code]) if plain else ())
        return (
            [(name, *words) for name, words in others.items()]
            if len(others) == 1 and all(others.values())
            else []
        )

    async def _sounding(self, corp_code: str, name: str) -> list[str]:
        """The one word in Latin letters of the labels that sounds like a name."""
        if not _HANGUL.fullmatch(name):
            return []
        labels = await self.corpus.latin_labels(corp_code)
        alike = {word.lower(): word for word in labels if sound_alike(name, word)}
        return list(alike.values()) if len(alike) == 1 else []


def _meant(parts: Mapping[str, Sequence[Company]], said: Sequence[Said]) -> list[Company]:
    """Of the companies that a part of a name may mean those that something else named tells of alone; that a
    long ending may mean, which no other name begins with, those that tell of something else named."""
    signs = {next(iter(one.words)) for one in said if len(one.words) == 1 and one.name not in parts}
    told = {code for one in said if one.name not in parts for code in one.words}
    return list(
        dict.fromkeys(
            company
            for part, companies in parts.items()
            for company in companies
            if company.corp_code in signs
            or (company.corp_code in told and len(companies) == 1 and ends_so(part, company))
        )
    )


def _begins(name: str, word: str) -> bool:
    """Whether a word is the name, with particles or more behind it; short names and letters must be whole.

    A group is none of its companies."""
    rest = word[len(name) :]
    if not word.lower().startswith(name.lower()):
        return False
    if name.isascii():
        return not re.match(r"[A-Za-z0-9&]", rest)
    return not without_particles(rest) or (len(name) > _BEGUN and not rest.startswith("그룹"))


def _whole(name: str, words: set[str]) -> set[str]:
    """The names that the words are: this one if it stands for itself, else what it is the beginning of."""
    if any(not without_particles(word[len(name) :]) for word in words):
        return {name}
    names = {without_particles(word) for word in words}
    return {one for one in names if not any(one != other and one.startswith(other) for other in names)}
