"""Words that turn a statement round: what rises or falls, is better or worse, is or is not."""

import re

from core.rag.language.mentions import directions, negations

_PAIRS = (
    (r"개선|나아[지졌질]|회복|호전", r"악화|나빠|둔화|부진"),
    (r"웃돌|상회|넘어[서섰]", r"밑돌|하회|못 ?미[치쳤]"),
    (r"흑자", r"적자"),
    (r"높(?:다|아요|습니다|은|고|지만|았)", r"낮(?:다|아요|습니다|은|고|지만|았)"),
    (r"많(?:다|아요|습니다|은|고|지만|았)", r"적(?:다|어요|습니다|은|고|지만|었)"),
    (r"크(?:다|고|지만)|큽니다|커요|컸", r"작(?:다|아요|습니다|고|지만|았)"),
    (r"빠르|빨라|빨랐|앞당", r"느리|느려|더디|늦[추어췄]|지연"),
    (r"강(?:하|한|해|했|화)", r"약(?:하|한|해|했|화)"),
    (r"긍정적|우호적|유리", r"부정적|비우호적|불리"),
    (r"안정", r"불안"),
    (r"제한적|미미", r"상당|막대|치명"),
    (r"가능(?:하|해|합)", r"불가능|어렵|어려"),
    (r"(?<!피)(?:승소|이겼)", r"패소|졌"),
    (r"쉽|쉬워|수월", r"어렵|어려"),
)
_COMPILED = [(re.compile(f"(?<!불)(?:{up})"), re.compile(down)) for up, down in _PAIRS]


def sides(text: str) -> dict[int, frozenset[int]]:
    """Which sides (1, -1) of which pairs of opposites the text takes; rises and falls are pair -1."""
    found = {-1: frozenset(int(mark.value) for mark in directions(text))}
    for n, (up, down) in enumerate(_COMPILED):
        found[n] = frozenset([1] * bool(up.search(text)) + [-1] * bool(down.search(text)))
    return {n: said for n, said in found.items() if said}


def contradicts(said: str, true: str) -> bool:
    """Whether two sentences that are nearly the same say opposite things."""
    if negations(said) % 2 != negations(true) % 2:
        return True
    mine, theirs = sides(said), sides(true)
    return any(mine[n].isdisjoint(theirs[n]) for n in mine.keys() & theirs.keys())
