"""A follow-up that only asks for another place of the ranking before it: 꼴찌는요?, 두 번째는?, 그 다섯 명을
합하면.

It says nothing of its own to look for: what is ranked, of what and when, the question before said. So it is
that question, with this place in it.
"""

import re

from core.rag.language.particles import stems_of
from core.rag.question.ranks import MARK, PLACED, PLACES, SIZES, TOP, asks_rank, is_low, places_asked

_FILLERS = (
    "그럼|그러면|그렇다면|그리고|반대로|혹시|거기서?|그중에?서?|그|이|중에?서?|가운데서?|누구|어디|뭐|무엇|얼마"
    "|곳|데|쪽|알려"
)
_ENDINGS = (
    "은|는|이|가|도|을|를|로|으로|요|야|죠|지|고|인|의|에서|예요|에요|인가요|인데|건|거|것|게|줘|주세요"
)
_NOTHING = re.compile(rf"(?:{_FILLERS})?(?:{_ENDINGS})*")
_RUN = re.compile(r"[가-힣A-Za-z0-9&]+")
_NEXT = re.compile(
    r"(?:그럼\s|그러면\s)?(?:그\s?)?(?:다음|뒤)(?:으?로)?(?:은|는)?요?\s?(?:누구|어디|뭐)?\S{0,3}\??"
)
_COUNT = r"(?:[2-9]|두|세|네|다섯|여섯)\s?(?:명|곳|개사|개|사람|군데|회사)"
_THOSE = re.compile(rf"(?<![가-힣])(?:그|이|저)\s?{_COUNT}(?:이|가|을|를|의)?\s?")
_ADDS = re.compile(r"합(?:치|하|쳐|해|계)|더하|더해")
_SPELLED = {2: "두", 3: "세", 4: "네"}
_ENDS = re.compile(r"[?!]+|\.(?!\d)")


def asked_again(text: str, before: str) -> str:
    """The question `before` with the place that a follow-up asks for instead; the text as it is where it asks
    of something else, or that one ranked nothing."""
    if not asks_rank(before):
        return text
    if TOP.search(before) and _ADDS.search(text) and _THOSE.search(text):
        plain = MARK.sub(" ", PLACES.sub(" ", before))
        return f"{_ENDS.sub(' ', plain)} 순위 합하면 얼마?"  # one sentence, not two questions
    if _NEXT.fullmatch(text.strip()):
        last = max(places_asked(before), default=-1)
        return _in_place(before, last + 1) if last >= 0 else text
    places = places_asked(text)
    own = SIZES.sub(" ", MARK.sub(" ", PLACES.sub(" ", text)))
    if len(places) != 1 or not all(_says_nothing(run, before) for run in _RUN.findall(own)):
        return text
    return _in_place(before, places[0])


def _says_nothing(run: str, before: str) -> bool:
    """Whether a word asks of nothing that the question before did not."""
    return bool(_NOTHING.fullmatch(run)) or any(len(one) > 1 and one in before for one in stems_of(run))


def _in_place(before: str, place: int) -> str:
    """With another place where it tells its own: `두 번째로 큰` for `가장 작은`, `1위`."""
    nth = place + 1 if place >= 0 else -place
    mark = "가장" if nth == 1 else f"{_SPELLED.get(nth, nth)} 번째로"
    low = place < 0

    def instead(said: re.Match[str]) -> str:
        size = said["size"]
        if size is None:
            return f"{mark} {'작은' if low else '큰'} 곳"
        if low != is_low(size):
            adverb = size.endswith(("이", "게"))
            size = ("작" if low else "크") + "게" if adverb else "작은" if low else "큰"
        return f"{mark} {said['of'] or ''}{size}"

    return PLACED.sub(instead, before, count=1)
