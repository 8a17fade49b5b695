"""Whether what is said to be higher or lower than another is so, by the two figures said."""

import re
from collections.abc import Mapping

from core.rag.checks.facts import Fact, size_sign
from core.rag.language.reading import Reading

_THAN = re.compile(  # 보다 적습니다, and no 보다 적자가, 보다 작년
    r"(?:보다|에\s?비해|에\s?견주어)\s?(?:더\s)?"
    r"(?P<word>(?:[높낮많적작](?=[습다은고았었게지을])|큽|큰|컸|크(?=[다고기게지]))[가-힣]*)"
)
_GREATER = "높많큽크큰컸"
_BOTH = 2


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
