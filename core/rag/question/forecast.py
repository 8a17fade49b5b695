"""Whether a question asks what will be: how a year turns out, where a price goes. No filing tells that.

What a filing itself says of days to come (its plans, terms and outlook) is asked of the filing. Guesses are
written with and without spaces (`나올 거 같아요`, `나올거같아요`): most are matched without any.
"""

import re
from datetime import date

from core.korean import squeeze
from core.model import Question
from core.rag.language.moods import ending_in

_PRICE_AHEAD = re.compile(r"주가.{0,12}(?:어디까지|얼마까지|얼마나)\s*(?:갈|오를|뛸|내릴|빠질|떨어질)")
_AHEAD = re.compile(
    r"(?:내년|내후년|앞으로|향후|다음\s*(?:달|주|분기|해)|올해\s*말|연말).{0,30}(?:주가|실적|매출|이익|순익|시총|시가총액).{0,20}(?:갈|될|오를|내릴|늘|줄|찍|예상|전망|것\s*같)"
    r"|주가.{0,20}(?:갈\s*(?:거|것)|까지\s*(?:갈|오를|내릴)|얼마나\s*갈)"
)
# Who asks for a forecast, or for what is so many years off; 예상 투자금액 of a filing is neither.
_FORECAST = re.compile(
    r"(?:예측|예상|전망|점쳐|맞[춰혀])(?:을|를)?\s*(?:해|하|좀|봐|줘|부탁)\S{0,4}\s*(?:줘|주|봐|보|달라|[?.!]|$)"
    r"|(?:\d+|한|두|세|몇)\s*(?:년|개월|달)\s*(?:뒤|후)(?:에는|에|엔|의|면)?\s.{0,20}(?:될[지까]|얼마일|갈까|오를|내릴|늘[지까]|것\s*같)"
)
# What a filing itself says of days to come: terms, plans, periods of withholding.
_PLANNED = re.compile(
    r"예정|계획|목표|기한|기간|유보|만기|완공|준공|착공|종료|까지|부터|상환|계약|약정|끝나|끝날|시작|지급|납입|만료|안\s*밝히|비공개|공개"
)
_FUTURE = re.compile(r"될까|늘까|줄까|벌까|날까|나올까|오를까|전망(?:이|은|해)|예상(?:해|되)")
_OUTCOME = re.compile(r"(?:성공|실패|상승|하락|전환|통과|승소|패소)\S{0,3}(?:할|될)까|늘어날까|줄어들까")
# Without spaces:
_SOON = re.compile(
    r"내년|내후년|명년|앞으로|향후|장차|다음(?:달|주|분기|해)|차기|올해말|연말에|내일|조만간|(?:\d+|한|두|세|몇)(?:년|개월|달)(?:뒤|후)"
)
_RESULT = re.compile(r"실적|매출|이익|순익|흑자|적자|업황|시황|운임|판매|수주|점유율|가입자|배당|마진")
_PRICE = re.compile(
    r"주가|시총|시가총액|\d만(?:원|전자|닉스)|주식(?:이|은|도)?(?:더)?(?:오를|내릴|떨어질|뛸|갈)"
)
# What becomes of a result or a price; 갚을, 지급할 are what somebody does and may have said.
_BECOMES = (
    r"(?:오를|내릴|늘|늘어날|늘려줄|줄|줄어들|나올|날|낼|벌|될|떨어질|올라갈|내려갈|커질|작아질|좋을|좋아질|나쁠|나빠질|갈"
    r"|넘을|넘길|뛸|빠질|어떨|찍을|망할|버틸|살아날|이어갈|이어질|돌아설|뚫을|깨질"
    r"|(?:성장|상승|하락|반등|회복|개선|급등|급락|악화|증가|감소|달성|유지|돌파|전환)(?:할|될))"
)
# How a guess is asked for behind a stem; `오를 것 같다고 했어` is what somebody said.
_GUESSED = (
    r"(?:[것거꺼]같(?!다고|다는|이|은데(?:실제|얼마|몇|언제))|듯(?:해|한가|하|요|\?|$)|까(?:요|욤|여|용)?(?:[?.!~,ㅋㅎㅠㅜ]|말까|$)|려나|런지|수(?:는|가)?있(?:을까|을지|나|겠)"
    r"|지(?:요|좀)?(?:궁금|모르|알려|알고|예측|예상|맞[춰혀]|찍|말해|봐|\?|$))"
)
_BECOMING = re.compile(
    _BECOMES
    + _GUESSED
    + r"|(?:내년|내후년|분기|하반기)(?:에|에도|에는|도)?[흑적]자일까"
    + r"|(?:오르|내리|늘|늘어나|줄|줄어들|나오|벌|떨어지|커지|좋아지|나빠지|넘)겠[죠지어나냐네니]"
)
_GUESSING = re.compile(rf"(?<![야{ending_in(20)[1:-1]}])(?!일까|알수|볼수){ending_in(8)}{_GUESSED}")
_GOES = re.compile(r"가(?:나|냐|니|려나|겠[나냐어])(?:요)?[?.!]*$")
# 얼마나 될까, 어떻게 될까요 without a time to come: how much it is.
_HOW_MUCH = re.compile(r"(?:얼마|몇[가-힣%]{1,4}|어떻게)(?:나|쯤|정도)?될(?:까|지)")
_MUCH = re.compile(r"얼마|몇|벌")
_OPINION = re.compile(
    r"(?:얼마|어떻게|몇\S{1,3}?)(?:로|쯤|정도)*(?:보세|보시|보나|보냐|봐요|봄)|어때|어떤가|어떻습|어떻게되"
)
# A forecast by its name: 전망치 알려줘, 실적 전망은?
_NUMBER_AHEAD = re.compile(r"(?:전망|추정|예측)치(?:는|은|가|를|좀|얼마|알려|[?]|$)|컨센서스")
_BY_NAME = re.compile(
    r"예상치(?:는|은|가|를|좀|얼마|알려|[?]|$)"
    r"|(?:전망|예상|예측)(?:은|이|도|을|좀)?(?:요|어때|어떻|어떤가|알려|부탁|궁금|얼마|[?.!~]|$)"
)
_MARKED = re.compile(r"(?:전망|예상|추정|예측|실적|매출|이익)치?(?:을|를|좀)?(?:한번|한번만)?찍어")
_SAID = re.compile(
    r"밝[힌혔]|적[힌혀]|쓰여|써[있놓]|제시[한했된]|언급|기재|나온|나와있|발표[한했된]|공시[한된했]|설명[한했]|따르면|의하면"
    r"|회사(?:가|는|측|에서)|경영진|[다라]고(?:했|봤|본|보[았는]|하[였는]|예상|전망|돼있|되어있)|것으로"
)


def asks_marked(text: str) -> bool:
    """전망치 찍어 줘: a number to be guessed, not a share to be picked."""
    return bool(_MARKED.search(squeeze(text)))


def asks_price_ahead(text: str) -> bool:
    return bool(_PRICE_AHEAD.search(text))


def asks_forecast(question: Question, today: date) -> bool:
    """Whether it asks what nobody has filed."""
    text, bare = question.text, squeeze(question.text)
    year = int(question.period[:4]) if question.period else 0
    if _AHEAD.search(text) or _FORECAST.search(text) or (year > today.year and not _PLANNED.search(text)):
        return True
    soon = bool(_SOON.search(bare)) or year > today.year
    if not soon and year < today.year and _HOW_MUCH.search(bare) and not _PRICE.search(bare):
        return False
    if (_FUTURE.search(text) and question.accounts) or _OUTCOME.search(text):
        return True
    return not _SAID.search(bare) and not 0 < year < today.year and _guessed(bare, question, soon=soon)


def _guessed(bare: str, question: Question, *, soon: bool) -> bool:
    result = bool(question.accounts or _RESULT.search(bare))
    price = bool(_PRICE.search(bare))
    if (result or price) and _BECOMING.search(bare):
        return True
    if (price and _GOES.search(bare)) or _NUMBER_AHEAD.search(bare):
        return True
    if (soon or result or price) and _BY_NAME.search(bare):
        return True
    if not soon:
        return False
    guessing = (result or _MUCH.search(bare)) and _GUESSING.search(bare) and not _PLANNED.search(bare)
    return bool(guessing or (result and _OPINION.search(bare)))
