"""With whom or where something was done, as a question names it: an event of others is no answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.korean import squeeze
from core.model import Hit, Question
from core.ports import Corpus
from core.rag.language.companies import called
from core.rag.language.particles import stems_of
from core.rag.language.sounds import in_hangul, in_latin, sound_alike

# `엔비디아랑 맺은`, `헝가리 공장`: what follows a name that must be there; `구글 특허 계약`: one that may.
_DEAL = r"[가-힣]{0,6}(?:맺|체결|손잡|계약|공급|납품|합작|라이선스|소송|거래)"
_BETWEEN = r"\s+(?:[가-힣A-Za-z]{2,8}\s){0,2}?"
_WITH = re.compile(
    rf"(?:\([^()]*\))?(?:이?랑|하고|와의?|과의?|한테서?|에게서?)(?:\s+(?:20)?\d\d년)?{_BETWEEN}{_DEAL}"
)
_PLACE = re.compile(
    r"(?:미국|중국|베트남|헝가리|인도|인도네시아|폴란드|일본|멕시코|브라질|캐나다|독일|체코|터키|튀르키예|태국|말레이시아|필리핀|유럽|사우디)$"
)
_BUILT = re.compile(r"(?:에|의)?\s+(?:\S{2,6}\s)?(?:공장|법인)")
_OF = re.compile(rf"(?:에서|에|향|의)?{_BETWEEN}{_DEAL}")
_PARTICLES = re.compile(r"(?:이?랑은?|하고는?|와의?|과의?|한테서?|에게서?|에서|에|향|의|이|가|은|는|을|를)$")
_THINGS = re.compile(
    r"계약|공급|판매|투자|시설|공장|증자|사채|소송|특허|주식|합병|양수|양도|해지|신탁|장기|대선|신규|라이선스|기술|제품|사업|법인$|공시|정정|체결"
)
_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z&]{3,}")
_SIGNS = 2  # that two names share: of one word only, written with a capital
_HANGUL = re.compile(r"[가-힣]{3,}")
_SHORTEST, _BEGUN = 2, 3  # letters
_RUN, _LEGAL = re.compile(r"[가-힣A-Za-z0-9&]+"), r"(?:주식회사|㈜|\(주\))"
_WHOLE, _FEW = 5, 4  # letters; pieces that have it


@dataclass(frozen=True, slots=True)
class Parties:
    """`firm` are named as the other side or the place, `loose` stand before what is asked and may be either
    of these or a product."""

    firm: Sequence[str]
    loose: Sequence[str]


def parties(question: Question, names: Callable[[str], list[str]]) -> Parties:
    """Who else is named in what is asked of a company: runs with a name in them."""
    text = question.text
    own = {squeeze(name).lower() for company in question.companies for name in called(company)}
    firm: dict[str, None] = {}
    loose: dict[str, None] = {}
    for run in names(text) if len(question.companies) == 1 else ():
        name = _PARTICLES.sub("", run)
        if len(name) < _SHORTEST or _THINGS.search(name):
            continue
        if any(name.lower() in one or one in name.lower() for one in own):
            continue
        ends = [at.end() for at in re.finditer(re.escape(name), text)]
        place = _PLACE.match(name)
        if any(_WITH.match(text, end) or (place and _BUILT.match(text, end)) for end in ends):
            firm.setdefault(name)
        elif any(_OF.match(text, end) for end in ends):
            loose.setdefault(name)
    return Parties(list(firm), list(loose))


def written_whole(text: str, hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    """The firms that a question writes as filings do, 스타필드창원, and the few pieces of reports that name
    each with its legal form: to a search by morphemes it is 스타, 필드."""
    names = [name for run in _RUN.findall(text) if len(name := stems_of(run)[-1]) >= _WHOLE]
    pieces = [(hit, squeeze(hit.chunk.indexed)) for hit in hits if hit.filing.period] if names else []
    found: dict[str, list[Hit]] = {}
    for name in names:
        bare = name.lower()
        naming = [(hit, piece) for hit, piece in pieces if bare in piece]
        if not naming:
            continue  # as nearly all: no pattern is made for it
        firm = re.compile(f"{_LEGAL}{re.escape(bare)}|{re.escape(bare)}{_LEGAL}")
        having = [hit for hit, piece in naming if firm.search(piece)]
        if 0 < len(having) <= _FEW:
            found[name] = having
    return found


def names_it(name: str, text: str) -> bool:
    """Whether a text has a name, in either script, or what it is short for: 현대자동차 of 현대차."""
    lower = squeeze(text).lower()
    ways = {name, in_hangul(name), in_latin(name)}
    if any(way.lower() in lower for way in ways):
        return True
    hangul = in_hangul(name)
    if _HANGUL.fullmatch(hangul):
        rest = "".join(rf"[가-힣]{{0,4}}{letter}" for letter in hangul[_SHORTEST:])
        if rest and re.search(hangul[:_SHORTEST] + rest, lower):
            return True
    written = set(_NAME.findall(text))
    heads = [name, *(name[:end] for end in range(_BEGUN, len(name)))]  # 아마존 of 아마존게임즈
    return any(sound_alike(head, word, fewest=_SIGNS) for head in heads for word in written)


async def of_parties(
    question: Question, hits: Sequence[Hit], named: Parties, corpus: Corpus
) -> tuple[list[Hit], Sequence[str]]:
    """Without event filings that do not name all that is named, where reports do, or where it must be named;
    and who nothing that was found names."""
    if question.about or not (named.firm or named.loose):
        return list(hits), ()
    reports = "\n".join(hit.chunk.indexed for hit in hits if hit.filing.period)
    events = {hit.filing.rcept_no: hit.filing for hit in hits if hit.filing.period is None}
    others: set[str] = set()
    for rcept_no in events:
        text = "\n".join(chunk.indexed for chunk in await corpus.chunks_of(rcept_no))
        unsaid = [name for name in (*named.firm, *named.loose) if not names_it(name, text)]
        if any(name in named.firm or names_it(name, reports) for name in unsaid):
            others.add(rcept_no)
    kept = [hit for hit in hits if hit.filing.rcept_no not in others]
    told = any(hit.filing.period is None for hit in kept)
    unnamed = [] if told else [name for name in named.firm if not names_it(name, reports)]
    return ([] if unnamed else kept), unnamed
