"""`쉽게`, `더 자세히`: one answer a step simpler or deeper than the person's level."""

import re

from core.model import Level

_SIMPLER = re.compile(r"쉽게|쉬운\s*말|풀어서\s*(?:설명|말|써)")
_DEEPER = re.compile(r"더\s*(?:자세|상세|깊)|(?:자세|상세)(?:히|하게)")
_ALONE = re.compile(
    r"\s*(?:더|좀|조금|그냥|아주|훨씬|\s)*(?:쉽게|쉬운\s*말로|풀어서|자세히|자세하게|상세히|상세하게|깊게|깊이)\s*"
    r"(?:좀|다시|더|\s)*(?:설명|말|답|얘기|이야기|알려|풀어|써|적어)?\s*(?:해|주|줘|달라)?\S{0,6}\s*(?:주세요|줘요?|부탁\S*|바랍니다)?[\s.!?~ㅠㅜㅎㅋ]*"
)
_ORDER = (Level.BEGINNER, Level.INTERMEDIATE, Level.ADVANCED)


def shifted(level: Level, text: str) -> Level:
    """The level for this one answer."""
    step = bool(_DEEPER.search(text)) - bool(_SIMPLER.search(text))
    return _ORDER[min(max(_ORDER.index(level) + step, 0), 2)]


def only_asks_depth(text: str) -> bool:
    """Whether the message asks for nothing else: the answer before is wanted again."""
    return bool(_ALONE.fullmatch(text))
