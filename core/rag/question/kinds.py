"""What kind of thing each part of a question asks for: a name, a day, so many of something, an opinion
(kinds.toml).

A passage about the right words answers only where it says a thing of that kind.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from core.korean import squeeze
from core.model import Question
from core.rag.question.asked import ASIDE, LIGHT, parts_of, says_when, telling

SURE = ("typed", "opinion", "range", "foreign", "exchange")  # kinds that hardly anything else has
_APART = ("foreign", "exchange")  # asked beside anything else, they are asked as well: 달러 선가하고 환율
COUNT = "count"
_NUMBER = r"\d[\d,.]*(?:\s?(?:십|백|천|만|억|조)\s?)*\s?"
_HOW_MANY = r"몇\s*(?:십|백|천|만|억)*\s*"
_LIST = re.compile(
    r"누구누구|어디어디|무엇무엇|뭐뭐|어떤\s?것들|이름들|이름\s(?P<m>\d|두|세|네|다섯)\s?(?:개|곳|명)"
    r"|(?P<n>\d|두|세|네|다섯|여섯)\s?(?:개|곳|군데|명|분|사람|가지)(?:은|는|을|를|이|가)?\s"
    r"(?:\S+\s)?(?:알려|말해|대|어디|누구|뭐|무엇|이름)"
)
_WORDS_FOR, _SEVERAL = {"두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6}, 5
_ELLIPTIC = re.compile(r"[가-힣A-Za-z][은는도](?:요|여)?\s*[?.!]*\s*$|그\s?중|나눠|나누어|각각|따로|구분해")
# Where it is to be found, not what.
_SOURCE = re.compile(
    r"\([^()]*(?:보고서|공시)[^()]*\)|\S*(?:보고서|공시)\S{0,2}\s?(?:에서|에|상|기준|보면|보니)(?:는|선)?"
    r"(?:\s?(?:적힌|적혀|나온|나와|쓰인|있는))?(?![가-힣])"
)
# What only asks, or names the kind of thing asked.
_ASKING = re.compile(
    r"언제|며칠|날짜|일자|얼마나?|몇\s*\S{1,3}|누구|누가|이름|성명|어디|어느|무슨|의견|주소|소재지|기간|정도"
    r"|회계법인|법무법인|감사인|평가기관|은행|증권사|보험사|법원|거래소|신용평가사"
)
_BESIDE_TYPED = ("year", "span", "day", "opinion")
_WHO = re.compile(r"누구|누가|이름|성명")
_ORDINAL = re.compile(r"(?<![\d.,])(\d{1,3}(?:-\d)?)\s?(회차?|차|호)(?![가-힣])")
_TIME = re.compile(r"\d{4}년\s?(?:\d{1,2}월\s?(?:\d{1,2}일|말)?|(?:[상하]?반기|\d분기)?말?)")
_NAMELESS = "이름 날짜 누구 감사보고서 반기보고서 사업보고서 보고서 숫자 기준 시점 증감 사항 원화 시작 종료"
_NO_WORDS = frozenset(_NAMELESS.split())
_MOST_WEIGHT, _LIGHT_WEIGHT = 4.5, 0.25  # of a word: a rarer one tells no more; what many labels have


@dataclass(frozen=True, slots=True)
class Kind:
    """`gives`: what a statement must have; `unit` what a table's caption must count in for a bare number;
    with `labels` the value of a row that is labelled as a name gives it, too."""

    name: str
    asks: re.Pattern[str]
    gives: re.Pattern[str]
    unit: str = ""
    labels: bool = False

    @property
    def number(self) -> bool:
        return bool(self.unit) or self.name == "change"


@cache
def _table() -> dict[str, Any]:
    file = resources.files("core.rag.question") / "kinds.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _kinds() -> Sequence[Kind]:
    """What is counted first: it is the most telling."""
    counted = [
        Kind(
            f"{COUNT} {row['unit']}",
            re.compile(_HOW_MANY + row["asks"]),
            re.compile(_NUMBER + row["gives"]),
            row["unit"],
        )
        for row in _table()["counted"]
    ]
    typed = [
        Kind("typed", re.compile(asks.replace("TYPE", name)), re.compile(gives))
        for name, gives in _table()["typed"].items()
        for asks in _table()["asks_typed"]
    ]
    others = [
        Kind(
            row["name"],
            re.compile("|".join(row["asks"])),
            re.compile("|".join(row["gives"])),
            row.get("unit", ""),
            row.get("labels", False),
        )
        for row in _table()["kind"]
    ]
    return [*counted, *typed, *others]


def _kinds_of(text: str) -> Iterator[Kind]:
    found = [kind for kind in _kinds() if kind.asks.search(text)]
    typed = next((kind for kind in found if kind.name == "typed"), None)
    # a firm of a type is no other firm, place or person
    yield from (
        kind for kind in found if not typed or kind is typed or kind.number or kind.name in _BESIDE_TYPED
    )


@dataclass(frozen=True, slots=True)
class Part:
    """`kinds` of thing asked, any of which answers, with its telling `words` and the others of the question;
    `most`: how many statements may answer it together; `times` and `ordinals` (`3회`) are those the
    question says, squeezed."""

    kinds: Sequence[Kind]
    words: Mapping[str, float]
    rest: Mapping[str, float]
    most: int = 1
    times: Sequence[str] = ()
    ordinals: frozenset[str] = frozenset()


def parts_asked(question: Question, weights: dict[str, float]) -> list[Part]:
    """The parts that ask a thing of a kind that can be told; what follows one and names no kind asks its own:
    `몇 건이고, 그중 미국은?`."""
    text = _SOURCE.sub(" ", question.text)
    asking = squeeze(" ".join(found[0] for found in _ASKING.finditer(text)))
    texts = [part for part in parts_of(text) if part.strip()]
    plain = squeeze(text).lower()
    own = {
        form: min(weights.get(form, 1.0), _MOST_WEIGHT) * (_LIGHT_WEIGHT if form in LIGHT else 1.0)
        for form, term in telling(question.terms, question).items()
        if ((term.endswith(("/N", "/SL", "/XR")) and form in plain) or _tells_apart(form, term))
        and form not in (_NO_WORDS if _WHO.search(text) else _NO_WORDS | ASIDE)
        and form not in asking
        and not says_when(form)
    }
    times = [squeeze(time) for time in _TIME.findall(question.text)]
    found: list[Part] = []
    last: Sequence[Kind] = ()
    for one in texts:
        kinds = list(_kinds_of(one))
        if not kinds and last and (one is not texts[0]) and _ELLIPTIC.search(one):
            if found and found[-1].most > 1:
                continue  # `사유도`: what is listed says it
            kinds = list(last)
        if not kinds:
            continue
        last = kinds
        bare = squeeze(one)
        here = {
            form: weight
            for form, weight in own.items()
            if (form if form in plain else form[:-1]) in bare.lower()
        }
        rest = {form: weight for form, weight in own.items() if form not in here}
        if not here and not rest and kinds[0].name not in SURE:
            continue
        of_kinds = [[kind] for kind in kinds if kind.name in _APART] or [kinds]
        found += [Part(of, here, rest, _most(one), times, ordinals_of(text)) for of in of_kinds]
    return found


def _tells_apart(form: str, term: str) -> bool:
    """Whether a verb has a word of its own in filings: what 빠진 is 제외된 there, and not 편입된."""
    return term.endswith("/VV") and form in _table()["same"]


def ordinals_of(text: str) -> frozenset[str]:
    """`3회` of `제 3회`, `제3-2회`: of which of several things of one kind a text speaks."""
    return frozenset("".join(found) for found in _ORDINAL.findall(text))


def ways_of(question: Question) -> dict[str, Sequence[str]]:
    """Other words in which filings say what a question says: 계열회사 of 계열사, Qualcomm of 퀄컴."""
    forms, same = telling(question.terms, question), _table()["same"]
    found: dict[str, Sequence[str]] = {form: same[form] for form in forms if form in same}
    for said, *filed in question.entities:
        names = [name.lower() for name in filed]
        for form in forms:
            if form in said.lower():
                found[form] = (*found.get(form, ()), *names)
    return found


def wordless(parts: Sequence[Part], *, counts: bool) -> list[Part]:
    """Those parts that ask, besides numbers that figures answer, a name, a day or the like, or with `counts`
    how many."""
    kept = []
    for part in parts:
        kinds = [kind for kind in part.kinds if not kind.number or (counts and kind.name.startswith(COUNT))]
        if kinds:
            kept.append(replace(part, kinds=kinds))
    return kept


def _most(text: str) -> int:
    found = _LIST.search(text)
    if not found:
        return 1
    said = found["n"] or found["m"]
    return _SEVERAL if not said else int(said) if said.isdigit() else _WORDS_FOR[said]
