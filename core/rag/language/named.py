"""Accounts named in a sentence, as filed or as people say them, and which of them are the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from core.korean import LETTER, lowered, squeeze
from core.profile.glossary import load_glossary
from core.rag.language.accounts import ACCOUNT_ENDING, account_table, key

_BRACKETS = re.compile(r"\([^)]*\)")
_PARTICLE = (
    r"(?=(?:은|는|이|가|을|를|의|도|과|와|만|으로|로|에|에서|보다|인|이나|까지|부터|이란|란|이라"
    r"|입니다|이에요|이며|이고)?(?:[\W\d_A-Za-z]|$))"
)
_STRIP = re.compile(r"(?:은|는|이|가|을|를|의|도|과|와|만|으로|로|에|에서|보다|인|이나|까지|부터)$")
_RUN = re.compile(r"[가-힣A-Za-z&]+(?:\((?:손실|이익)\))?[가-힣]*")
_SHORTEST_ENDING = 3  # 금액 of 계약금액 could be of anything


@dataclass(frozen=True, slots=True)
class Named:
    """`key`: that of the name (core.rag.language.accounts)."""

    key: str
    start: int
    end: int


@cache
def _same() -> dict[str, frozenset[str]]:
    """Key → keys of the names and sayings of the same account; a saying of two accounts is of neither."""
    of: dict[str, set[frozenset[str]]] = {}
    groups = [frozenset(key(n) for n in (*entry["names"], *entry["says"])) for entry in account_table()]
    for term in load_glossary().terms:
        extra = frozenset(map(key, (term.name, *term.lay)))
        at = next((i for i, group in enumerate(groups) if key(term.name) in group), None)
        if at is None:
            groups.append(extra)
        else:
            groups[at] |= extra
    for group in groups:
        for name in group:
            of.setdefault(name, set()).add(group)
    return {name: next(iter(found)) for name, found in of.items() if len(found) == 1}


def same_as(name: str) -> frozenset[str]:
    """Keys of all names of the account that has this name."""
    return _same().get(key(name), frozenset()) | {key(name)}


def is_named(said: str, names: frozenset[str]) -> bool:
    """Whether the key `said` names the account with these keys, whole or by its last words."""
    if said in names or same_as(said) & names:
        return True
    # 계속영업이익 ends in 영업이익 and is what is left of it after interest; 차감전순이익 is before tax.
    return len(said) > _SHORTEST_ENDING and any(
        name.endswith(said) and not name.removesuffix(said).endswith(("계속", "차감전")) for name in names
    )


def accounts_said(text: str, labels: Iterable[str]) -> list[Named]:
    """The accounts named, the longest name at each place: 영업이익률 is no 영업이익, nor 반도체매출 매출."""
    found = [
        Named(key(match[0]), *match.span())
        for pattern in (_known(), _pattern(tuple(sorted(set(labels)))))
        for match in (pattern.finditer(lowered(text)) if pattern else ())
    ]
    for run in _RUN.finditer(text):
        bare = run[0]
        while bare and not ACCOUNT_ENDING.search(_BRACKETS.sub("", bare)):
            shorter = _STRIP.sub("", bare)
            bare = shorter if shorter != bare else ""
        if len(bare) > 1:
            found.append(Named(key(bare), run.start(), run.start() + len(bare)))
    kept: list[Named] = []
    for one in sorted(found, key=lambda named: (named.start - named.end, named.start)):
        if not any(other.start < one.end and one.start < other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda named: named.start)


@cache
def _known() -> re.Pattern[str] | None:
    names = [name for entry in account_table() for name in (*entry["names"], *entry["says"])]
    terms = [t for t in load_glossary().terms if ACCOUNT_ENDING.search(t.name)]
    return _pattern(tuple({*names, *(n for t in terms for n in (t.name, *t.lay))}))


@lru_cache(maxsize=256)  # 2 ms to compile; labels differ from question to question without end
def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    spaced = [
        r"\s*".join(map(re.escape, squeeze(name))) + (r"(?:\(손실\)|\(이익\))?" if "(" not in name else "")
        for name in sorted({n for n in names if n}, key=lambda n: -len(n))
    ]
    if not spaced:
        return None
    return re.compile(rf"(?<!{LETTER})(?:{'|'.join(spaced)}){_PARTICLE}")
