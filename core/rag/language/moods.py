"""How a sentence says what it says: as so, or under a condition, as possible, due, heard of or to come.

`증설할 계획이며` told as `증설했습니다` keeps every noun of the filing and is a lie.
"""

import re


def ending_in(final: int) -> str:
    """A class of the Hangul syllables with this final consonant."""
    return "[" + "".join(chr(code) for code in range(0xAC00, 0xD7A4) if (code - 0xAC00) % 28 == final) + "]"


_N, _R, _B, _SS = (ending_in(final) for final in (4, 8, 17, 20))
# Conditions of telling, not of what is told: `공시에 따르면`, `자회사까지 합치면`; and nouns that end so.
_TELLING_IF = re.compile(
    r"(?:따르|의하|보|비하|견주|비교하|합치|합하|더하|포함하|제외하|빼|나누|말하|요약하|정리하)$"
    r"|^(?:[반측화표국장전정내외단도수]|예를들)$"
)
_IF = re.compile(r"([가-힣]+)면(?=[\s,])")
_CASE = re.compile(rf"(?:{_N}|{_R}|는)\s(?:경우|때)(?=[에는,\s])")
_TELLING_CAN = re.compile(r"(?:볼|알|할|견줄|살펴볼|나눌|읽을|찾을)$")
_CAN = re.compile(rf"([가-힣]*{_R})\s?수(?:도|는|가|조차)?\s?(?=있|없)")
_TELLING_DONE = re.compile(r"(?:비교|확인|말|정리|요약|설명)할$")
_MOODS = (
    (
        "가능",
        re.compile(
            rf"듯(?=하|합|이|한|$|\s|[.,])|{_R}지(?:도|는)?\s?(?:모[르릅]|알)|가능성|{_R}\s?(?:만하|만합|법하|법합|뻔)"
        ),
    ),
    (
        "당위",
        re.compile(
            r"(?:어|아|여|해|돼|라|와|워|려|져|춰|켜|써|가|봐|줘)야(?:만)?\s?(?:합|하|한|됩|된|될|할)"
        ),
    ),
    (
        "전언",
        re.compile(
            r"[라다단란]는\s?(?:말|이야기|얘기|소문|주장|설|보도|관측|평가|지적|의견|견해)"
            r"|[라다]고(?:들)?\s?(?:주장|말하|말한|말했|말합|전했|전해|전합|알려|봅|보[고는았]|본다|믿|생각|합니다|하지만|하나|해도)"
        ),
    ),
    ("되풀이", re.compile(r"마다|매[년월일주]|매\s?분기|연속|연이어|거듭|\d년째|줄곧|내내")),
    ("번복", re.compile(rf"{_SS}다가(?=[\s,])")),
    (
        "앞날",
        re.compile(
            rf"{_R}\s?(?:것|거(?=[예야라])|예정|계획|방침|전망|셈|작정|생각|참)|겠[습다어지고으네]|앞으로|향후|장차"
        ),
    ),
)
_CAUSE = re.compile(
    r"때문|까닭|이유|덕분|덕에|덕을|탓[에으이]|영향으로|영향을 받|인해|인하여|말미암"
    r"|[가-힣](?:어|아|여|라|해|려|져)서(?=[\s,])|따라서|그래서|그\s?결과"
)
_PAST = re.compile(rf"(?![있겠]){_SS}(?:습니다|다|어요|음|으며|고|지만|는데|으나)[.!?]?\s*$")
_PRESENT = re.compile(rf"(?:(?!입){_B}니다|는다|{_N}다|(?<![예에])요)[.!?]?\s*$")


def moods(text: str) -> frozenset[str]:
    """조건, 가능, 당위, 전언, 되풀이, 번복, 앞날: how the text tells, where it does not tell it as so."""
    found = {name for name, words in _MOODS if words.search(text)}
    if _CASE.search(text) or any(not _TELLING_IF.search(m[1]) for m in _IF.finditer(text)):
        found.add("조건")
    for can in _CAN.finditer(text):
        if not (_TELLING_DONE.search(can[1]) or (can[1] != "할" and _TELLING_CAN.fullmatch(can[1]))):
            found.add("가능")
    return frozenset(found)


def causal(text: str) -> bool:
    """Whether it says why."""
    return bool(_CAUSE.search(text))


def past(text: str) -> bool | None:
    """Whether the clause tells of what was or, by a verb, of what is; None where its end says neither."""
    if _PAST.search(text):
        return True
    return False if _PRESENT.search(text) else None
