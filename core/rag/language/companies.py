"""Which companies a text names: official, former and short names, stock codes, one wrong letter."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from operator import ne

from core.korean import bare_name, squeeze
from core.model import Company
from core.rag.language.particles import stems_of
from core.rag.language.sounds import in_hangul, letters_at_head

# What may stand right behind a name: nothing, particles, or the thing asked of the company.
_FOLLOWS = re.compile(
    r"(?![가-힣A-Za-z0-9])|(?:이?[는은가을를의와과도에로랑만측쪽께]|이(?=[가-힣]?(?![가-힣]))|에서|에게|으로|이랑|하고|까지|보다|한테|부터|처럼|이나|이란|라는|이라는|이?면"
    r"|이?야|이?지|이?요|이?고|인데|예요|에요|입니다|이?냐|인가요?|인지|님|네)+(?![가-힣])|주식|주가|주주|공시|실적|매출|영업|순이익|배당|부채|자산|자본|직원|재무|사업|반기|분기"
)
_RUN, _SIGNS = re.compile(r"[가-힣A-Za-z0-9&]+"), re.compile(r"[^가-힣A-Za-z0-9&]")
_MIN_TYPO = 4
_SHORTEST, _BEGUN, _ENDING = 2, 3, 4  # letters of a name that is whole, begun, or the end of one
_GROUPED = re.compile(r"([A-Z]{2,})([가-힣]{3,})$")
_OF_GROUPS = "LG SK KT CJ GS LS HD DB KB DL LX NH HL OCI HDC BNK DGB"
_GROUPS = frozenset(_OF_GROUPS.split())
_ABROAD = re.compile(r"\s+(?:Ent|Entertainment|Holdings|Group|Corp|Inc|Co|Ltd)\.?$", re.IGNORECASE)
_COMPARES = re.compile(r"어느\s?(?:쪽|회사|곳)|누가|어디가|비교|차이|각각|(?<![가-힣])더\s?[가-힣]")
_JOINS = re.compile(r"(?:이?랑|하고|와|과|보다|및|[,·/&])\s|vs", re.IGNORECASE)
_HOLDING = re.compile(r"(.{2,}?)(?:금융)?지주$")
_HOLDING_TAILS = ("지주", "금융지주", "금융")
_INDUSTRY = re.compile(
    r"(?:전자|자동차|반도체|약품|화학|건설|바이오|제약|홀딩스|지주|증권|은행|생명|화재|물산|중공업|에너지|디스플레이|전기|제철|텔레콤|엔터테인먼트|글로비스|솔루션)$"
)


def find_companies(text: str, companies: Sequence[Company]) -> tuple[list[Company], bool]:
    """(companies in the order named, whether one word could mean several of them)."""
    found: dict[str, tuple[int, Company]] = {}
    covered: list[tuple[int, int]] = []
    lower = text.lower()
    said = [(name, company) for company in companies for name in lowered_names(company) if name in lower]
    for name, company in sorted(said, key=lambda pair: -len(pair[0])):
        for start in _occurrences(name, text):
            span = (start, start + len(name))
            if not any(a < span[1] and span[0] < b for a, b in covered):
                covered.append(span)
                found.setdefault(company.corp_code, (start, company))
    if found:
        found |= _beside(text, found, companies)
        return [company for _, company in sorted(found.values(), key=lambda f: f[0])], False
    partial = _by_fragment(text, companies) or _by_typo(text, companies)
    return partial, len(partial) > 1


@lru_cache(maxsize=16_384)  # every company here, for every question
def lowered_names(company: Company) -> tuple[str, ...]:
    codes = [company.stock_code.lower()] if company.stock_code else []
    return (*(name.lower() for name in spellings(company)), *codes)


@lru_cache(maxsize=16_384)  # every company here, for every word of a question
def heard_names(company: Company) -> frozenset[str]:
    """Its names in small letters, capitals as they are read: 에스에스지닷컴."""
    return frozenset(in_hangul(name).lower() for name in spellings(company))


def spellings(company: Company) -> frozenset[str]:
    """Every way to write the company's names: 케이티 and KT, 신한지주 and 신한금융."""
    return frozenset().union(*map(_ways, (company.corp_name, *company.aliases)))


def called(company: Company) -> frozenset[str]:
    """Its names, and what Koreans make of them: 삼전 of 삼성전자."""
    names = spellings(company)
    return names.union(*map(_short_names, names))


@lru_cache(maxsize=65_536)  # every name here, for every question
def _ways(name: str) -> frozenset[str]:
    bare = bare_name(name)
    holding = _HOLDING.match(bare)
    plain = _ABROAD.sub("", bare)
    fronts = [*dict.fromkeys((bare, plain)), *(f"{holding[1]}{tail}" for tail in _HOLDING_TAILS if holding)]
    found = (way for front in fronts for way in (front, *letters_at_head(front), in_hangul(front)))
    return frozenset(way for way in found if len(way) >= _SHORTEST)


def _occurrences(name: str, text: str) -> Iterator[int]:
    """Places where the name stands as a word, with particles: 카카오 is not in 카카오뱅크."""
    for found in re.finditer(re.escape(name), text.lower()):
        before = text[found.start() - 1] if found.start() else " "
        if re.match(r"[가-힣A-Za-z0-9]", before):
            continue
        if _FOLLOWS.match(text[found.end() :]):
            yield found.start()


def _by_fragment(text: str, companies: Sequence[Company]) -> list[Company]:
    """삼전 for 삼성전자, 글로비스 for 현대글로비스, 한미 for 한미반도체 and 한미약품."""
    stems = _stems(text, _SHORTEST)
    found = [company for company in companies if not stems.isdisjoint(_fragments(company))]
    # 현대 of 현대제철 is 현대 of 현대오토에버 too, whatever its trade is called
    meant = {s for s in stems for c in found for name in spellings(c) if s in _short_names(name)}
    return [c for c in companies if c in found or any(map(bare_name(c.corp_name).startswith, meant))]


@lru_cache(maxsize=16_384)
def _fragments(company: Company) -> frozenset[str]:
    return frozenset().union(*map(_short_names, spellings(company)))


def _beside(
    text: str, found: Mapping[str, tuple[int, Company]], companies: Sequence[Company]
) -> dict[str, tuple[int, Company]]:
    """`삼전이랑 현대오토에버 중 어느 쪽이`: the one company that a short name of two syllables means, where
    it is compared with one that is named in full."""
    if not (_COMPARES.search(text) and _JOINS.search(text)):
        return {}
    others = [company for company in companies if company.corp_code not in found]
    beside: dict[str, tuple[int, Company]] = {}
    for word in dict.fromkeys(text.split()):
        stems = {stem for stem in stems_of(_SIGNS.sub("", word)) if len(stem) == _SHORTEST}
        meant = [company for company in others if not stems.isdisjoint(_fragments(company))]
        if len(meant) == 1 and not any(map(bare_name(meant[0].corp_name).startswith, stems)):
            beside.setdefault(meant[0].corp_code, (text.find(word), meant[0]))
    return beside


def _stems(text: str, least: int) -> set[str]:
    words = (_SIGNS.sub("", word) for word in text.split())
    return {stem for word in words for stem in stems_of(word) if len(stem) >= least}


def _short_names(name: str) -> set[str]:
    """The abbreviations Koreans make: first syllables of two parts, or the part that is a name."""
    grouped = _GROUPED.match(name)
    if grouped and _INDUSTRY.fullmatch(grouped[2]):  # YG for YG엔터테인먼트, but LG could be any of LG's
        return set() if grouped[1] in _GROUPS else {grouped[1]}
    if grouped:  # 하이닉스 for SK하이닉스
        return {grouped[2]}
    tail = _INDUSTRY.search(name)
    if not tail or not re.fullmatch(r"[가-힣A-Z]{4,}", name) or name == tail[0]:
        return set()
    front = name[: tail.start()]
    if not front:
        return set()
    short = {front[0] + tail[0][0]}
    if len(front) >= 2 and front not in _GROUPS:  # LG could be any of LG's
        short.add(front)
    if len(tail[0]) >= 4:
        short.add(tail[0])
    return short


def parts_of_names(text: str, found: Sequence[Company], every: Sequence[Company]) -> dict[str, list[Company]]:
    """Run of the text → the companies whose name begins or ends with it; beside a company that is named,
    only beginnings."""
    parts: dict[str, list[Company]] = {}
    own = [squeeze(name) for company in found for name in spellings(company)]
    heard = [(name, company) for company in every for name in heard_names(company)]
    lines = "\n".join(["", *(name for name, _ in heard), ""])
    for run in _RUN.findall(text):
        if any(name in run.lower() for name in own):
            continue
        for stem in stems_of(run):
            least = _BEGUN if found else _SHORTEST
            read = in_hangul(stem).lower()
            if len(stem) < least:
                break
            if f"\n{read}" not in lines and (found or f"{read}\n" not in lines):
                continue  # so are most, and there are thousands of names
            named = [
                company
                for name, company in heard
                if name != read and (name.startswith(read) or (not found and name.endswith(read)))
            ]
            if named:
                parts[stem] = list(dict.fromkeys(named))
                break
    return parts


def ends_so(part: str, company: Company) -> bool:
    """Whether one of its names ends with as many letters as name nothing else."""
    return len(part) >= _ENDING and any(name.endswith(part) for name in spellings(company))


def _by_typo(text: str, companies: Sequence[Company]) -> list[Company]:
    """One letter wrong in a name of four or more."""
    words = _stems(text, _MIN_TYPO)
    return [
        company
        for company in companies
        if len(company.corp_name) >= _MIN_TYPO and any(one_off(word, company.corp_name) for word in words)
    ]


def one_off(a: str, b: str) -> bool:
    """Whether one syllable differs, by one of its letters: 삼성전쟈, but not 삼성전기, is 삼성전자."""
    wrong = [(x, y) for x, y in zip(a, b, strict=True) if x != y] if len(a) == len(b) else []
    if len(wrong) != 1:
        return False
    letters = [_letters(syllable) for syllable in wrong[0]]
    return all(letters) and sum(map(ne, *letters)) == 1


def _letters(syllable: str) -> tuple[int, ...]:
    """Initial, vowel and final of a syllable; none of another sign."""
    code = ord(syllable) - ord("가")
    return (code // 588, code % 588 // 28, code % 28) if 0 <= code < 11_172 else ()
