"""What a question says around what it asks: where a figure stands, what a bracket explains, how it came up.

`판관비 주석`, `감사보고서 보면` tell where to look and narrow no figure down; `완공 안 된 공장(건설중인자산)`
says one thing twice; `현금 많이 쌓아 놨잖아요. 그걸로 …` tells what the question is not about.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.korean import squeeze
from core.rag.language.accounts import ACCOUNT_ENDING
from core.rag.question.asked import ASIDE, LIGHT

# A part of a filing that figures stand in.
_PART = (
    r"(?:(?:연결|별도|개별)?\s?(?:재무제표|재무상태표|손익계산서|현금흐름표|자본변동표)(?:\s?주석)?(?:\s?표)?"
    r"|주석(?:\s?표)?|(?:감사|사업|반기|분기|주요\s?사항|검토)\s?보고서|보고서|요약\s?재무\s?(?:정보|상황|제표)"
    r"|(?<![가-힣])(?:표|도표)|[가-힣]{2,}표(?=\s?(?:기준|에|상|$|[.?!)]))|부문별\s?보고|항목별\s?표|명세서?)"
)
_NAMED_BY = r"(?:(?:\S*[^\s은는이가을를도와과에서로요,.?!()\d]|\S+[의별])\s){0,3}?"
_WRITTEN = (
    r"(?:나온|나오는|나와\s?있는|적힌|적혀\s?있는|적어\s?놓은|있는|실린|기재된|기재돼\s?있는"
    r"|써\s?있는|쓰인|공시된|보이는|찍힌)"
)
_STANDING = (
    rf"(?:상(?:의|으로|에서)?(?![가-힣])|에서(?:는|의)?|에는?\s(?:{_WRITTEN}(?:\s?(?:걸로|거로|것으로|대로|거|것|금액으로|숫자로))?|따르면|의하면)"
    r"|(?:을|를|만)?\s?(?:보면|보니까?|기준(?:으로|이?요|입니다|이에요|치)?|대로(?:요)?))"
)
_INLINE = re.compile(rf"{_NAMED_BY}{_PART}{_STANDING}(?=[\s,.?!)]|$)")
_LISTED = re.compile(rf"{_NAMED_BY}(?:내역|현황|명세|구성|분포)에서(?:는)?(?=\s)")
_EXAMINED = re.compile(
    rf"(?<!\S){_NAMED_BY}[가-힣]*(?:분석|검사|테스트)에서(?:는)?(?=\s)"
)  # 영업권 손상검사에서
_PLACE_ONLY = re.compile(
    rf"^[^?]*?{_PART}(?:{_STANDING}|으로(?:요)?|(?:이?요|요))?(?:\s?나올\s?텐데|\s?기준)?(?:이?요)?[\s.!?~]*$"
)
_ASKS = re.compile(
    r"얼마|몇|무엇|뭐|뭔|언제|누구|어디|어느|어떻|어떤|왜|알려|비교|궁금|찾아|보여|[가-힣]나요|인가|인지|는지|까요|죠\s?\?|\?"
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_SENTENCE = re.compile(r"(?<=[.?!~])\s+|\s*[—–]\s*|\s+-\s+")
# A sentence of background, and that the next one is about something made of it.
_BACKGROUND = re.compile(
    r"(?<![^.?!~])[^.?!~]*(?:잖아|거든|더라고|더라구|던데|네|군|구나|더라)요?\s?[.!~]*\s+"
    r"(?=(?:그|이)(?:걸로|거로|것으로|거\s?가지고|걸\s?가지고|\s?(?:돈|현금|자금|물건)(?:으로|을|를)?)\s)"
)
_EXAMPLE = re.compile(r"\S+\s등\s(?=(?:[^\s?.,]+\s){0,4}?[^\s?.,]+의\s)")
_RUN = re.compile(r"(?P<before>(?:[^\s(),.?!]+\s){0,9})(?P<head>[^\s(),.?!]+)\s?\((?P<inside>[^()]{2,30})\)")
_RELATIVE = re.compile(r"(?:[는던]|[가-힣]한|[된인쓴든간준낸번린친진은])$")
_STAYS = re.compile(r"(?:[은는이가]|에서|에게|한테|부터|향|부문|사업부?|의|\d\S*)$|\d")
_GENERIC_HEAD = re.compile(r"^(?:쪽|거|것|부분|분야|회사|법인|업체|자회사|계열사|브랜드|공장|기업)$")
_LETTERS = re.compile(r"[A-Z][A-Za-z&.]{1,9}")
_NAME = re.compile(r"[가-힣A-Za-z&]{2,16}")
# Brackets that only list: `(급여+퇴직급여 합계)`, `(공사 등)`; that all is asked stays.
_MADE_OF = re.compile(
    r"\((?:[^()+]{1,16}\+)+[^()+]{1,16}?\s?(합계|총계|총액|합)?\)|\([^()]{1,24}\s등(?:등|의\s\S+)?\)()"
)
# With or without subsidiaries: which statements are meant, not what is asked of them.
_WITH = re.compile(
    r"(?:계열\s?)?(?:자회사|종속\s?(?:회사|기업)|딸린\s회사|계열사)(?:들)?(?:까지|을|를|도|은|는)?\s?(?:다|모두|전부)?\s?"
    r"(?:포함|합친|합쳐|합하|합해|합산|더한|더해|빼고|뺀|제외)\S*(?:\s(?:걸로|거로|것으로|기준(?:으로)?)요?)?"
    r"|\([^(),]{1,16}(?:까지|도|을|를)?\s?포함(?:해서|한\s?거|한\s?것)?\)|비지배\s?(?:주주\s?)?(?:지분|몫)?(?:까지|도|을)?\s?(?:다\s)?(?:포함|합친|합쳐)\S*"
)
_NEAR = 2  # words before a head that may describe it: `짓는 공장 건물(…)`
_LONGEST = 1000  # characters: a longer text is no question about a figure
_BASIS = re.compile(r"연결|별도|개별|누적|포함|제외|기준|전체|합계")


@dataclass(frozen=True, slots=True)
class Apart:
    """`asked`: the text without its asides; `where`: what tells where the figure stands."""

    asked: str
    where: str = ""
    examined: str = ""  # the part of `where` that names an examination of something


@lru_cache(maxsize=256)  # asked of one question many times
def apart(text: str, told: frozenset[str]) -> Apart:
    """`told` are the words of the text that tell what it is about: some of them must be left."""
    if len(text) > _LONGEST:
        return Apart(text)
    asked = _WITH.sub(" ", _EXAMPLE.sub(" ", _BACKGROUND.sub(" ", text)))
    asked = _RUN.sub(_explained, _MADE_OF.sub(r" \1 ", asked))
    where: list[str] = []

    def take(found: re.Match[str]) -> str:
        where.append(found[0])
        return " "

    asked = _BRACKETS.sub(lambda found: _bracket(found, where), asked)
    asked = _places(asked, where)
    asked = _LISTED.sub(take, _INLINE.sub(take, asked))
    before = len(where)
    asked = _EXAMINED.sub(take, asked)
    left = squeeze(asked)
    if any(form in left for form in told if form not in LIGHT and form not in ASIDE):
        return Apart(asked, squeeze(" ".join(where)), squeeze(" ".join(where[before:])))
    return Apart(text)


def _bracket(found: re.Match[str], where: list[str]) -> str:
    """Without those of its parts that only say where."""
    parts = found[1].split(",")
    kept = [part for part in parts if not _PLACE_ONLY.match(part.strip())]
    where += [part for part in parts if part not in kept]
    return found[0] if len(kept) == len(parts) else f"({','.join(kept)})" if kept else " "


def _places(text: str, where: list[str]) -> str:
    """Without the sentences that only say where: `매출실적 표 기준이요.`"""
    ends = [*(end.end() for end in _SENTENCE.finditer(text)), len(text)]
    pieces = [text[start:end] for start, end in pairwise([0, *ends]) if end > start]
    kept = [one for one in pieces if _ASKS.search(one) or not _PLACE_ONLY.match(one.strip())]
    if len(kept) == len(pieces) or not kept:
        return text
    where += [one for one in pieces if one not in kept]
    return " ".join(kept)


def _explained(found: re.Match[str]) -> str:
    """`완공 안 된 공장(건설중인자산)` is 건설중인자산, `미국 공장 법인(SAS)` SAS: what stands before only
    describes it."""
    words, head, inside = found["before"].split(), found["head"], found["inside"].strip()
    if _BASIS.search(inside) or any(map(str.isdigit, inside)) or (_STAYS.search(head) and len(head) > 3):
        return found[0]
    account = len(inside) > 3 and ACCOUNT_ENDING.search(squeeze(inside))
    if account:
        if not any(map(_RELATIVE.search, words[-_NEAR:])) or ACCOUNT_ENDING.search(head):
            return found[0]
    elif not (_LETTERS.fullmatch(inside) or _NAME.fullmatch(inside)) or not _GENERIC_HEAD.match(head):
        return found[0]
    while words and not _STAYS.search(words[-1]):
        words.pop()
    return f"{' '.join(words)} {inside}"
