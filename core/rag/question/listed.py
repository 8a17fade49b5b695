"""Things that a question lists by name, to ask which of them has most: (DX, DS, SDC, 하만), 국내·유럽 중.

What is listed is compared as a whole. Where a table does not have each of the names, in either script, none
of the others is said to have most.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from core.rag.language.labels import bare_label
from core.rag.language.particles import stems_of
from core.rag.language.sounds import in_hangul, label_alike
from core.rag.question.asked import ASIDE, LIGHT

_APART = r"\s*[,·ㆍ/]\s*"
_JOINED = rf"(?:{_APART}|(?:이?랑|하고|[와과])\s+)"
_NAME = r"[가-힣A-Za-z&][가-힣A-Za-z0-9&㈜]*?"
_BRACKETS = re.compile(r"\(([^()]*)\)")
_AMONG = re.compile(
    rf"(?<![가-힣A-Za-z0-9]){_NAME}(?:{_JOINED}{_NAME})+(?=\s*(?:중|가운데)(?![가-힣]*[요기단]))"
)
_SPLIT, _BESIDE = re.compile(_APART), re.compile(_JOINED)
_NAMED = re.compile(r"[가-힣A-Za-z]{2,}|[A-Z]")
_LATIN, _HANGUL = re.compile(r"[A-Za-z]{3,}"), re.compile(r"[가-힣]{2,}")
_FEWEST = 2


@lru_cache(maxsize=256)  # of one question, for every table
def listed(text: str) -> tuple[str, ...]:
    """The names, as they are spelled; empty where fewer than two stand side by side."""
    for found in _BRACKETS.finditer(text):
        if len(names := _names(_SPLIT.split(found[1]))) >= _FEWEST:
            return names
    among = _AMONG.search(text)
    return _names(_BESIDE.split(among[0])) if among else ()


def _names(items: Iterable[str]) -> tuple[str, ...]:
    found = [item.strip() for item in items]
    told = all(_NAMED.search(item) and not {item, *stems_of(item)} & (LIGHT | ASIDE) for item in found)
    return tuple(dict.fromkeys(found)) if told else ()


def meant(names: Sequence[str], labels: Iterable[str]) -> list[str]:
    """The label that each of the names means, in their order; empty unless each means one, and another."""
    bare = {label: bare_label(label) for label in labels}
    found = [_one(name, bare) for name in names]
    sure = [label for label in found if label is not None]
    return sure if len(sure) == len(found) == len(set(sure)) else []


def _one(name: str, labels: dict[str, str]) -> str | None:
    """The label that is the name, has it in it or sounds like it; None where several do."""
    name = bare_label(name)
    heard = in_hangul(name.upper()).lower()
    whole = [label for label, bare in labels.items() if name in (bare, *_levels(label))]
    inside = [
        label for label, bare in labels.items() if name in bare or heard in in_hangul(bare.upper()).lower()
    ]
    alike = [
        label
        for label in labels
        if _HANGUL.fullmatch(name) and any(label_alike(name, word) for word in _LATIN.findall(label))
    ]
    for found in (whole, inside, alike):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _levels(label: str) -> list[str]:
    return [bare_label(level) for level in label.split(" > ")]
