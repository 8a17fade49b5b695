"""Which companies a text names: official, former and short names, stock codes, one wrong letter."""

import re
from collections.abc import Iterator, Sequence

from core.model import Company

_LEGAL = re.compile(r"\s*(?:주식회사|\(주\)|㈜)\s*")
_PARTICLES = "은는이가을를의와과도에서로랑만까지보다한테께"
_MIN_TYPO = 4
_INDUSTRY = re.compile(
    r"(?:전자|자동차|반도체|약품|화학|건설|바이오|제약|홀딩스|지주|증권|은행|생명|화재|물산|중공업|에너지|디스플레이|전기|제철|텔레콤|엔터테인먼트|글로비스|솔루션)$"
)


def find_companies(text: str, companies: Sequence[Company]) -> tuple[list[Company], bool]:
    """(companies in the order named, whether one word could mean several of them)."""
    found: dict[str, tuple[int, Company]] = {}
    covered: list[tuple[int, int]] = []
    for name, company in sorted(_names(companies), key=lambda pair: -len(pair[0])):
        for start in _occurrences(name, text):
            span = (start, start + len(name))
            if not any(a < span[1] and span[0] < b for a, b in covered):
                covered.append(span)
                found.setdefault(company.corp_code, (start, company))
    if found:
        return [company for _, company in sorted(found.values(), key=lambda f: f[0])], False
    partial = _by_fragment(text, companies) or _by_typo(text, companies)
    return partial, len(partial) > 1


def _names(companies: Sequence[Company]) -> Iterator[tuple[str, Company]]:
    for company in companies:
        for name in (company.corp_name, *company.aliases):
            bare = _LEGAL.sub("", name).strip()
            if len(bare) >= 2:
                yield bare.lower(), company
        if company.stock_code:
            yield company.stock_code.lower(), company


def _occurrences(name: str, text: str) -> Iterator[int]:
    """Places where the name stands as a word: not inside a longer one, particles may follow."""
    for found in re.finditer(re.escape(name), text.lower()):
        before = text[found.start() - 1] if found.start() else " "
        if re.match(r"[가-힣A-Za-z0-9]", before):
            continue
        after = text[found.end() : found.end() + 1]
        if name[-1].isascii() and name[-1].isalnum() and re.match(r"[A-Za-z0-9]", after):
            continue
        yield found.start()


def _by_fragment(text: str, companies: Sequence[Company]) -> list[Company]:
    """삼전 for 삼성전자, 글로비스 for 현대글로비스, 한미 for 한미반도체 and 한미약품."""
    words = [word.rstrip("?!.,") for word in text.split()]
    stems = {stem for word in words for stem in _stems(word) if len(stem) >= 2}
    exact: list[Company] = []
    for company in companies:
        name = _LEGAL.sub("", company.corp_name)
        if stems & _short_names(name):
            exact.append(company)
    return exact


def _stems(word: str) -> Iterator[str]:
    clean = re.sub(r"[^가-힣A-Za-z0-9&]", "", word)
    yield clean
    while clean and clean[-1] in _PARTICLES:
        clean = clean[:-1]
        yield clean


def _short_names(name: str) -> set[str]:
    """The abbreviations Koreans make: first syllables of two parts, or the part that is a name."""
    tail = _INDUSTRY.search(name)
    if not tail or not re.fullmatch(r"[가-힣A-Z]{4,}", name):
        return set()
    front = name[: tail.start()]
    if not front:
        return set()
    short = {front[0] + tail[0][0]}
    if len(front) >= 2:
        short.add(front)
    if len(tail[0]) >= 4:
        short.add(tail[0])
    return short


def _by_typo(text: str, companies: Sequence[Company]) -> list[Company]:
    """One letter wrong in a name of four or more."""
    words = {stem for word in text.split() for stem in _stems(word) if len(stem) >= _MIN_TYPO}
    return [
        company
        for company in companies
        if len(company.corp_name) >= _MIN_TYPO and any(_one_off(word, company.corp_name) for word in words)
    ]


def _one_off(a: str, b: str) -> bool:
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
