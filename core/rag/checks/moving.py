"""Rises, falls and turns that a sentence tells without their numbers, and what it says to be higher or lower
than another: whether the figures say so."""

import re
from collections.abc import Mapping, Sequence

from core.rag.checks.binding import Carried, Known, way_of
from core.rag.checks.facts import Fact, fits, size_sign
from core.rag.language.accounts import key
from core.rag.language.mentions import Mark
from core.rag.language.named import is_named
from core.rag.language.reading import Reading
from core.rag.language.whens import When

_RATE = re.compile(r"[률율]$|비율$|배수$")
_THAN = re.compile(  # 보다 적습니다, and no 보다 적자가, 보다 작년
    r"(?:보다|에\s?비해|에\s?견주어)\s?(?:더\s)?"
    r"(?P<word>(?:[높낮많적작](?=[습다은고았었게지을])|큽|큰|컸|크(?=[다고기게지]))[가-힣]*)"
)
_GREATER = "높많큽크큰컸"
_BOTH = 2


def unused(reading: Reading, bound: Mapping[int, Fact]) -> When | None:
    """A period of the sentence that none of its numbers is of."""
    like = next((fact.period for fact in bound.values() if fact.period), None)
    year = int(like[:4]) if like else None
    for when in reading.whens:
        if not any(
            fits(when, fact.since if when.base and fact.moved else fact.period, year, like)
            or (when.base and fits(when, fact.period, year, like))
            for fact in bound.values()
        ):
            return when
    return None


def moved(mark: Mark, reading: Reading, known: Known, carried: Carried) -> bool | None:
    """Whether a rise, fall or turn is so of the account it is said of; None when the facts do not tell."""
    named = reading.account_of(mark.start, mark.start)
    before = carried.fact
    company = known.company_of(reading.text, mark.start, carried)
    of = [
        f
        for f in known.facts
        if (is_named(named.key, f.names) if named else bool(before and before.names & f.names))
        and company in (None, f.corp_code)
        and _alike(f, reading, mark, carried)
    ]
    if mark.turn:  # an amount turns, from below nothing to above it, and no ratio
        turning = [f for f in of if f.figure.unit == "원" and not f.moved]
        if (of and not turning) or (named and _RATE.search(named.key)):
            return False
        of = turning
    when = reading.when_of(mark.start)
    for fact in of:
        year = int(fact.period[:4]) if fact.period else None
        if not fact.moved or (when and not fits(when, fact.period, year, fact.period)):
            continue
        base = reading.base_of(mark.start)
        if base and not fits(base, fact.since, year, fact.period):
            continue
        if when is None and before and before.period and before.period != fact.period:
            continue
        if not mark.turn:
            return size_sign(fact.figure.value) == way_of(mark, reading, fact.figure.operands)
    return _by_values(mark, reading, [f for f in of if not f.moved], when)


def _alike(fact: Fact, reading: Reading, mark: Mark, carried: Carried) -> bool:
    basis = next((str(m.value) for m in reversed(reading.bases) if m.start <= mark.start), None)
    if basis is None and carried.fact:
        basis = carried.fact.basis
    part = reading.part_of(mark.start)
    if part is not None:
        return key(part) in key(fact.segment) and basis in (None, fact.basis)
    own = carried.fact.segment if carried.fact and not reading.account_of(mark.start, mark.start) else ""
    return fact.segment == own and basis in (None, fact.basis)


def _by_values(mark: Mark, reading: Reading, facts: Sequence[Fact], when: When | None) -> bool | None:
    """Of the first two periods of one account, newest first; a turn needs both signs."""
    base = reading.base_of(mark.start)
    if not facts:
        return None
    now = next((f for f in facts if when is None or fits(when, f.period, None, None)), None)
    if now is None or now.period is None:
        return None
    earlier = [
        f
        for f in facts
        if f.period
        and f.period < now.period
        and f.period[4:] in (now.period[4:], ".12 말")
        and f.basis == now.basis
        and f.corp_code == now.corp_code
        and (base is None or fits(base, f.period, int(now.period[:4]), now.period))
    ]
    if not earlier:
        return None
    then = max(earlier, key=lambda f: str(f.period))
    if mark.turn:
        wanted = (1, -1) if mark.value == 1 else (-1, 1)
        return (size_sign(now.figure.value), size_sign(then.figure.value)) == wanted
    cells = (*now.figure.cells, *then.figure.cells)
    return size_sign(now.figure.value - then.figure.value) == way_of(mark, reading, cells)


def compared(reading: Reading, facts: Mapping[int, Fact]) -> bool:
    """False unless each `보다 높습니다` has two figures of one unit before it that say so."""
    for match in _THAN.finditer(reading.without_accounts):
        before = [facts[at] for at in sorted(facts) if at < match.start()]
        if len(before) < _BOTH:
            return False
        one, other = before[-_BOTH:]
        if one.figure.unit != other.figure.unit or one.moved or other.moved:
            return False
        if size_sign(one.figure.value - other.figure.value) != (1 if match["word"][0] in _GREATER else -1):
            return False
    return True


def without_comparisons(text: str) -> str:
    """With blanks for `높습니다` of `보다 높습니다`, which `compared` answers for."""
    return _THAN.sub(lambda m: m[0][: m.start("word") - m.start()] + " " * len(m["word"]), text)
