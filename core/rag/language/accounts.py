"""Which accounts a text speaks of, by filed names and by what people say for them (accounts.toml)."""

import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib import resources

from core.korean import LETTER, lowered, squeeze

_GAP = r".{0,12}?"
_SHORT_PHRASE = 2
_BRACKETS = re.compile(r"\(.*?\)")
# How the names of accounts end; a row of a table may also be a product or a place.
ACCOUNT_ENDING = re.compile(
    r"(?:자산|부채|자본|이익|손익|손실|비용|원가|매출|매출액|수익|흐름|차입금|사채|채권|채무|급여|상각비|충당금|재고|자본금|잉여금|배당금"
    r"|대금|예금|리스|보증금|선급금|선수금|미수금|미지급금|예수금|관리비|연구비|개발비|수수료|보험료|임차료|선전비|공과|법인세"
    r"|총계|비율|[가-힣]률|[가-힣]율|비중|총액|금액|가액|단가|직원수|주식수|수주잔고|투자액|투자|금융상품|예치금)$"
)
# What a line of the cash flow or of a note does to an account: its whole name is another account.
_MOVEMENT = re.compile(
    r"[가-힣]{3}의?(?:증감|증가|감소|변동|환입|전입|처분|취득|상환|발행|지급|수취|납부|설정|손상|상각)$"
)
_GENERIC = re.compile(r"장부[금가]액|취득[금가]액|취득원가|공정가치|금액|총액|비율|비중|단가|투자")
_ALONE = r"(?<![^\W\d_a-z]){}(?=이|가|은|는|을|를|의|도|과|와|랑|하고|총액|전부|\s|$|[?.,()])"


@lru_cache(maxsize=16_384)  # the same labels are compared again and again: a ninth of an answer's time
def key(name: str) -> str:
    """By which names of accounts are compared: without brackets, spaces and dots."""
    return re.sub(r"[\s()·ㆍ,]", "", _BRACKETS.sub("", name)).lower()


def find_accounts(text: str, lay: Callable[[str], list[str]], filed: Sequence[str] = ()) -> tuple[str, ...]:
    """Names as filed, of every account the text speaks of, in the order spoken."""
    text = lowered(text)
    squeezed = squeeze(text)
    covered = [False] * len(squeezed)
    found: list[tuple[int, tuple[str, ...]]] = []
    bare = {name: _BRACKETS.sub("", name) for name in filed}
    alike: dict[str, list[str]] = {}  # 순확정급여부채 and 순확정급여부채(자산) are one account
    for name in filed:
        if _is_account(bare[name]):
            alike.setdefault(squeeze(bare[name]), []).append(name)
    # 계속영업이익(손실) too: else the longer 영업이익(손실) is read in it
    alike |= {squeeze(name): names for names in alike.values() for name in names}
    own = [(said, tuple(names)) for said, names in alike.items()]
    inside = {pair for pair in own if not _begins_word(pair[0], text)}  # 급여 is no word of 퇴직급여
    spoken_of = [pair for pair in (*_phrases(), *own) if pair not in inside]
    # Longest first, so that 영업이익 is not read as 이익.
    for phrase, names in sorted(spoken_of, key=lambda pair: -len(pair[0])):
        at, length = _find(phrase, squeezed)
        if len(phrase) <= _SHORT_PHRASE and not re.search(_ALONE.format(re.escape(phrase)), text):
            continue  # 자본 is no word of 조건부자본증권, nor 현금 of 현금창출단위
        if at >= 0 and not any(covered[at : at + length]):
            covered[at : at + length] = [True] * length
            found.append((at, names))
    if not found:
        known = {name: names for names in _groups() for name in names}
        found = [
            (place, known.get(name, (name,)))
            for place, name in enumerate(lay(text))
            if not _only_inside(known.get(name, ()), text)
        ]
    spoken = [name for _, names in sorted(found) for name in names]
    return tuple(dict.fromkeys(spoken))


def _only_inside(names: Sequence[str], text: str) -> bool:
    """Whether what is said for an account stands in the text as part of longer words alone: 현금창출단위."""
    said = spoken_as(names, squeeze(text)) if names else []
    return bool(said) and not any(
        len(one) > _SHORT_PHRASE or re.search(_ALONE.format(re.escape(one)), text) for one in said
    )


def _find(phrase: str, text: str) -> tuple[int, int]:
    """(place, length) of a phrase, whose `…` stands for up to a dozen characters; -1 when it is not there."""
    if "…" not in phrase:
        return text.find(phrase), len(phrase)
    found = re.search(_GAP.join(map(re.escape, phrase.split("…"))), text)
    return (found.start(), found.end() - found.start()) if found else (-1, 0)


def _is_account(name: str) -> bool:
    squeezed = squeeze(name)
    ends = ACCOUNT_ENDING.search(name) or _MOVEMENT.search(squeezed)
    return bool(ends) and not _GENERIC.fullmatch(squeezed)


def _begins_word(phrase: str, text: str) -> bool:
    spaced = r"\s*".join(map(re.escape, phrase))
    return bool(re.search(rf"(?<!{LETTER}){spaced}", text))


def account_groups(accounts: Sequence[str]) -> list[list[str]]:
    """The flat account names of a Question, one list for each account asked about."""
    groups: list[list[str]] = []
    of = _group_of()
    for name in accounts:
        names = list(of.get(name, (name,)))
        same = next((group for group in groups if key(group[0]) == key(name)), None)
        if same is not None and name not in same and name not in of:
            same.append(name)
        elif names not in groups and (same is None or name not in same):
            groups.append(names)
    return groups


def spoken_as(names: Sequence[str], text: str) -> list[str]:
    """The names and sayings of an account that stand in the squeezed text; a gap in one is as it stands."""
    for entry in account_table():
        if entry["names"] == list(names):
            phrases = map(squeeze, (*entry["names"], *entry["says"]))
            found = ((phrase, *_find(phrase, text)) for phrase in phrases)
            return [text[at : at + length] for _, at, length in found if at >= 0]
    bare = (squeeze(_BRACKETS.sub("", name)) for name in names)
    return [name for name in bare if name and name in text]


def phrases_said(accounts: Sequence[str], text: str) -> list[str]:
    """How the squeezed text says the accounts: `spoken_as` of each."""
    return [phrase for group in account_groups(accounts) for phrase in spoken_as(group, text)]


def names_account(word: str) -> bool:
    """Whether a word is an account's name or part of how people say one: 매출, 장사 of `장사로 번`."""
    return bool(ACCOUNT_ENDING.search(word)) or any(word in phrase for phrase, _ in _phrases())


@cache
def _group_of() -> dict[str, Sequence[str]]:
    return {name: names for names in _groups() for name in names}


@cache
def _groups() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(entry["names"]) for entry in account_table())


@cache
def _phrases() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(squeezed phrase, names) of every name and saying."""
    return tuple(
        (squeeze(phrase), tuple(entry["names"]))
        for entry in account_table()
        for phrase in (*entry["names"], *entry["says"])
    )


@cache
def account_table() -> list[dict[str, list[str]]]:
    file = resources.files("core.rag.language") / "accounts.toml"
    table: list[dict[str, list[str]]] = tomllib.loads(file.read_text(encoding="utf-8"))["account"]
    return table
