"""What lay people say, read as filings call it, and accounts with one wrong letter (sayings.toml)."""

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from core.korean import squeeze
from core.model import Company
from core.ports import Corpus
from core.rag.language.accounts import account_table
from core.rag.language.companies import one_off
from core.rag.language.particles import stems_of

# Who asks what a word means must be told of that word.
_MEANING = re.compile(r"뭐야|뭐예요|뭔가요|뭐죠|뭐임|무엇인가요|무슨\s*(?:뜻|말)|뜻이|의미가?\s*뭐")
_RUN = re.compile(r"[가-힣]{4,}")
_SHORTEST = 4  # letters: in a shorter name another letter makes another word


async def plain(text: str, companies: Sequence[Company], corpus: Corpus, names: frozenset[str]) -> str:
    """A question in the words of filings. `names` are of accounts, and spelled as they are; a word with one
    wrong letter stays where a filing has that very spelling."""
    said = formal(text)
    spelled = mended(said, names)
    if spelled == said:
        return said
    filed = await corpus.accounts_in([company.corp_code for company in companies], said)
    return mended(said, names, set(map(squeeze, filed)))


def formal(text: str) -> str:
    """The text with what lay people say replaced by how filings call it: `개미들` by 소액주주."""
    if _MEANING.search(text):
        return text
    for says, name in _sayings():
        text = says.sub(name, text)
    return text


def mended(text: str, names: frozenset[str], known: Collection[str] = ()) -> str:
    """The text with one letter set right in names of accounts: 이자비영, 게약부채. What is a name itself, or
    one of the `known` words, is left."""
    every, masked = _names(names)
    for run in dict.fromkeys(_RUN.findall(text)):
        stems = stems_of(run)
        if any(stem in every or stem in known for stem in stems):
            continue
        for stem in stems:
            near = (
                {name for mask in _masks(stem) for name in masked.get(mask, ())}
                if len(stem) >= _SHORTEST
                else ()
            )
            meant = [name for name in near if one_off(stem, name)]
            if len(meant) == 1:
                text = text.replace(run, meant[0] + run[len(stem) :])
                break
    return text


def _masks(name: str) -> Iterator[str]:
    """The name with each of its syllables left open."""
    return (f"{name[:at]}?{name[at + 1 :]}" for at in range(len(name)))


@lru_cache(maxsize=4)
def _names(names: frozenset[str]) -> tuple[frozenset[str], dict[str, list[str]]]:
    """Every name of an account, and those that each mask may stand for."""
    accounts = (name for entry in account_table() for name in entry["names"])
    said = frozenset(filter(_RUN.fullmatch, map(squeeze, (*names, *accounts, *_table()["spelled"].split()))))
    masked: dict[str, list[str]] = {}
    for name in said:
        for mask in _masks(name):
            masked.setdefault(mask, []).append(name)
    return said, masked


@lru_cache(maxsize=256)  # of one question, for every look at its words
def labels_said(text: str) -> Sequence[tuple[list[str], Sequence[str]]]:
    """(how the squeezed text says it, how labels may) of each thing that labels call by several names."""
    found: list[tuple[list[str], Sequence[str]]] = []
    for said, names in _labels():
        if there := [one for one in said if one in text]:
            found.append((there, names))
    return found


@cache
def _table() -> dict[str, Any]:
    file = resources.files("core.rag.language") / "sayings.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _sayings() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(said), one["formal"]) for one in _table()["saying"] for said in one["says"])


@cache
def _labels() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return tuple(
        (tuple(squeeze(name) for name in (*one["names"], *one["says"])), tuple(one["names"]))
        for one in _table()["label"]
    )
