"""How our own sentences in a filing's text are told from the filing's words, and taken apart again."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.korean import particle

# core/etl/narrate_form.py: `가온전자는 공급계약을 체결했으며, … 2025년 5월 12일 공시했다.`
LEAD = re.compile(r"^\S.*[은는] .+ \d{4}년 \d{1,2}월 \d{1,2}일 (?:정정 )?공시했(?:다\.$|으며, )")
# core/etl/narrate.py: `가온전자의 2024년 연결 기준 영업이익은 … 늘었다.`
ON_FIGURES = re.compile(r"^\S.*의 \d{4}년 .{0,24}기준 .+(?:이다|늘었다|줄었다|돌아섰다|견주어진다|같다)\.?$")

_DAY = r"\d{4}년 \d{1,2}월 \d{1,2}일 (?:정정 )?"
_BECAUSE = r"(?P<why>.{1,90}?)[을를] 이유로 "
_ACT = re.compile(rf"^(?P<body>.+?)(?P<end>이라고|라고|다고) (?:{_BECAUSE})?{_DAY}공시했다\.$")
_ABOUT = re.compile(rf"^(?P<body>.+?) {_DAY}(?P<end>공시했)(?:다\.|으며, (?P<rest>.+)\.)$")
_STEMS = "[었았했였렸졌혔섰갔왔됐같]"
_JOINTS = (
    re.compile(rf"(?:(?P<noun>이)|(?<={_STEMS})으)며, "),
    re.compile(rf"(?:(?P<noun>이)|(?<={_STEMS}))고, "),
)
_STEM = re.compile(rf"{_STEMS}$")


class Clause(NamedTuple):
    """`계약금액은 5억원`, or with `verb` a verb's stem, `영업이익은 … 15.5% 늘었`."""

    text: str
    verb: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A LEAD in its parts: `act` is the stem of what was done (`공급계약을 체결했`), with its subject where
    that is not the company; `why` is what an amendment says of itself."""

    act: str
    clauses: Sequence[Clause]
    why: str = ""


def take_apart(sentence: str, company: str) -> Told | None:
    """The inverse of narrate_form; None for a sentence that it did not write.

    What a cell says may look like a joint of ours: then a clause is cut in two, and no word is lost.
    """
    said = sentence.removeprefix(f"{particle(company, '은/는')} ")
    if found := _ACT.match(said):
        body, end = found["body"], found["end"]
        if end == "이라고" and particle(body, "이라고/라고") != f"{body}이라고":
            body += "이"  # 차이 + 라고
        act, *clauses = _clauses(body, 0, verb=end == "다고")
        return Told(act.text, clauses, found["why"] or "") if act.verb else None
    if found := _ABOUT.match(said):
        rest = found["rest"]
        clauses = list(_clauses(rest.removesuffix("다"), 1)) if rest else []
        if clauses and not clauses[-1].verb:
            clauses[-1] = Clause(clauses[-1].text.removesuffix("이"), False)
        return Told(f"{found['body']} {found['end']}", clauses)
    return None


def _clauses(body: str, place: int, *, verb: bool | None = None) -> Iterator[Clause]:
    """`…했으며, …이고, …이며, …`: the joints take turns, 으며 first."""
    while joint := _JOINTS[place % 2].search(body):
        noun = bool(joint["noun"])
        yield Clause(body[: joint.start()], not noun)
        body, place = body[joint.end() :], place + 1
    yield Clause(body, bool(_STEM.search(body)) if verb is None else verb)
