"""Words in one phrase with an account, which make another figure of it: 잠정 영업이익, 영업이익 목표.

They must be the fact's own: of its label, row, column and part. That the filing has such a word elsewhere,
or over the table, is not enough.
"""

import re
from collections.abc import Iterator

from core.korean import squeeze
from core.rag.checks.facts import Fact
from core.rag.figures.comparison import MOVED
from core.rag.language.accounts import key
from core.rag.language.mentions import Amount
from core.rag.language.named import Named
from core.rag.language.reading import Reading

_WORD = re.compile(r"[^\s,;·|]+")
_ENDS_PHRASE = re.compile(
    r"\S{2}(?:은|는|이|가|을|를|에|로|도|과|와|며|고|만|[에어아해여려져]서|면|라|보다|부터|까지|대비)$"
)
# 감사받지 않은, 목표로 한, 예상되는: they end as phrases do and still say which figure it is.
_ADNOMINAL = re.compile(r"(?:되는|된|될|하는|한|할|받은|받는|않은|않는|높은|낮은|큰|적은|많은|위한|따른|의)$")
_PARTICLE = re.compile(r"(?:으로|은|는|이|가|을|를|의|도|과|와|만|로|에|에서|부터|까지|보다)$")
# Words that frame a figure and change nothing of it.
_FRAMES = """
기준 기준의 연결 별도 개별 연간 당해 해당 회사 당사 회사의 당사의 이 그 총 전체 위 같은 그해
동안 중 및 또는 대한 전년 대비 공시 공시된 보고서 사업보고서 나온
"""
_FRAME = frozenset(_FRAMES.split())
_WHOLE = frozenset(("당기", "분기", "반기", "연결", "별도", "연결당기", "별도당기", "총"))
_MEASURES = frozenset(("금액", "규모", "수치", "값"))  # behind an account: `영업이익 규모는`
_TOPIC = re.compile(r"([가-힣A-Za-z]{2,})(?:은|는|이|가)(?=\s)")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_SIDES = frozenset(("손실", "이익", "손익", "적자", "흑자"))


def foreign_word(
    said: Amount, named: Named, reading: Reading, fact: Fact, company: str
) -> tuple[int, int] | None:
    """The place of the first word that stands in one phrase with the account and is not the fact's."""
    if _longer(named, fact):
        return named.start, named.end
    own = squeeze(" ".join([*_own(fact), company]))
    marks = [*reading.bases, *reading.directions]
    taken = [(w.start, w.end) for w in reading.whens] + [(m.start, m.end) for m in marks]
    for start, word in _beside(said, named, reading):
        if any(a < start + len(word) and start < b for a, b in taken) or any(c.isdigit() for c in word):
            continue
        if start >= named.end and _PARTICLE.sub("", word) in _MEASURES:
            continue
        bare = word.strip("'\"“”‘’<>[]「」")
        if bare in _FRAME or squeeze(bare) in own or _PARTICLE.sub("", bare) in _FRAME:
            continue
        stem = squeeze(_PARTICLE.sub("", bare))
        if stem and (stem if len(stem) > 1 else squeeze(bare)) not in own:
            return start, start + len(word)
    return None


def _longer(named: Named, fact: Fact) -> bool:
    """Whether the account is called by more than its name in the filing: 제품매출원가 of 매출원가. Questions
    may call it so, and companies do; of this one's it is a part."""
    label = fact.figure.label
    own = {key(label), *(key(label.removesuffix(ending)) for ending in MOVED)}
    own |= {key(cell.account) for cell in fact.figure.cells}
    return named.key not in own and any(
        name and named.key.endswith(name) and named.key.removesuffix(name) not in _WHOLE for name in own
    )


def foreign_topic(said: Amount, reading: Reading, fact: Fact, company: str) -> str:
    """What a number without an account is said of, if it is nothing of the fact: `세금은 2조원`."""
    left, _ = reading.window(said.start, said.end)
    own = squeeze(" ".join([*_own(fact), company]))
    taken = [(w.start, w.end) for w in reading.whens] + [(m.start, m.end) for m in reading.bases]
    for match in _TOPIC.finditer(reading.text, left, said.start):
        inside = any(a < match.end(1) and match.start(1) < b for a, b in taken)
        if not inside and match[1] not in _FRAME | _SIDES and squeeze(match[1]) not in own:
            return match[1]
    return ""


def _own(fact: Fact) -> Iterator[str]:
    """What the filing, and the label read from it, call the figure."""
    yield fact.figure.label
    for cell in fact.figure.cells:
        yield f"{cell.account} {cell.row} {cell.segment or ''} {cell.column}"


def _beside(said: Amount, named: Named, reading: Reading) -> Iterator[tuple[int, str]]:
    """The words before the account up to the last that ends its own phrase, and those behind it."""
    text = reading.text
    left = max(reading.clause(named.start)[0], said.end if said.end <= named.start else 0)
    left = max([left, *(a.end for a in reading.amounts if a.end <= named.start)])
    for match in reversed(list(_WORD.finditer(text, left, named.start))):
        if _ENDS_PHRASE.search(match[0]) and not _ADNOMINAL.search(match[0]):
            break
        yield match.start(), match[0]
    aside = _BRACKETED.match(text, said.end)
    # 3조원(자회사까지 합친 숫자), 3조원(전년보다 5% 늘어난 금액): read with its own numbers and basis
    said_inside = [a.start for a in reading.amounts] + [m.start for m in reading.bases]
    if aside and not any(aside.start() < start < aside.end() for start in said_inside):
        yield from ((aside.start(1) + m.start(), m[0]) for m in _WORD.finditer(aside[1]))
    right = said.start if named.end <= said.start else len(text)
    glued = _BRACKETED.match(text, named.end)
    if glued and glued[1] not in _SIDES:
        yield from ((glued.start(1) + m.start(), m[0]) for m in _WORD.finditer(glued[1]))
    at = glued.end() if glued else named.end
    if text[at : at + 1] == " ":
        for match in _WORD.finditer(text, at, right):
            yield match.start(), match[0]
            if _ENDS_PHRASE.search(match[0]):
                break
