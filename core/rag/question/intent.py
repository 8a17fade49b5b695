"""What kind of question it is: a figure, an event, advice, a prediction … Nothing in the text is obeyed."""

import re
from datetime import date

from core.model import Question
from core.rag.question.forecast import asks_forecast, asks_marked, asks_price_ahead

_INJECTION = re.compile(
    r"(?:지시|명령|규칙|설정).{0,12}(?:무시|잊|해제)|시스템\s*프롬프트|ignore .*instructions",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"집\s*주소|(?:휴대폰|핸드폰)\s*번호|전화번호|주민\s*(?:등록)?번호|연락처|가족\s*관계"
    r"|(?<![가-힣])(?:이웃|옆집|옆자리|친구|지인|동료|애인|남편|아내|부모님?|엄마|아빠|누나|언니|오빠|동생)\S{0,3}(?:\s\S+){0,4}\s*(?:주식|계좌|재산|연봉|급여|월급|보유)"
)
_OF_ALL = re.compile(
    r"평균\s?(?:급여|연봉|월급|보수)|1인(?:당)?\s?평균|직원(?:들)?(?:의)?\s평균"
)  # of nobody alone
_QUOTED = re.compile(r"[\"“‘'][^\"”’']{1,200}[\"”’']")  # what somebody else said is not asked
_ADVICE = re.compile(
    r"사도\s*(?:될|돼|되)|살까|팔까|팔아야|사야\s*(?:할|하|돼)|매수\s*(?:할|해도|추천)|매도\s*(?:할|해도)|물타기|손절|목표\s*주가|추천\s*(?:해|종목|하세요|하시|할\s?만|좀|\?)|(?:하나|한\s?종목|둘\s?중)\S*\s(?:\S+\s)?(?:담|산다면|살까|고른다면)|들어가도\s*(?:될|돼)|오를까|떨어질까"
    r"|(?:투자|참여|청약|매수|매도|보유)하는\s*(?:게|것이|편이)|어디에\s*투자|사는\s*(?:게|것이|편이)|(?:넣|담|옮기|갈아타)(?:는|으면|아도|어도)\s*(?:게|것이|편이|될|돼|되|좋)|(?:사|팔|들고\s*있으|넣으|담으)면\s*(?:돈|수익|대박|손해|이득|안\s*되|되나|될|좋|괜찮)|찍어\s*[줘주]|살\s*만\s*(?:한|해|할)|몇\s*대\s*몇.{0,12}(?:담|섞|넣|살|사[야서]|투자할)|존버|떡상|줍줍|파는\s*(?:게|것이|편이)"
    r"|호재\s*(?:죠|지|인가|맞|야|일까|\?)|악재\s*(?:죠|지|인가|맞|야|일까|\?)|(?:지금|오늘|내일|여기서)\s*(?:들어가|담으|타|사)면|먹을\s*수\s*있(?:을까|나|어)|물릴까|들어갈까|탈까"
)
# 완공 목표가 밀렸다: there 가 is a particle. The price 목표가 has a particle of its own or is asked for.
_TARGET_PRICE = re.compile(
    r"(?<!(?:완공|준공|생산|매출|이익|투자|감축|공급|판매|증설|수주|가동|사업|경영|달성)\s)(?<![가-힣])목표가"
    r"(?=[를는도까의로]|격|\s*(?:얼마|어떻|제시|알려|잡|몇\s*원|\?|$))"
)
# One's own means, then what would become of them: whoever asks so wants to be told what to do.
_OWN_MONEY = re.compile(
    r"몰빵|영끌|빚투|풀매수|올인"
    r"|(?:(?<![가-힣])(?:내|제|우리)\s*(?:돈|월급|퇴직금|통장|노후\s*자금)|적금|예금\s*(?:깨|빼)|대출\s*(?:받|내)|비상금|여윳돈|목돈|전세금|용돈|퇴직금|월급)"
    r".{0,40}(?:될까|돼요?\?|되나|될지|괜찮|좋을까|좋을지|나을까|어때|어떨까|넣|살까|말까)"
)
_DEFINITION = re.compile(
    r"(?:이|가|은|는|란|이란)?\s*(?:뭐야|뭐예요|뭔가요|뭐죠|무엇인가요|무슨\s*(?:뜻|말)|뜻이)"
)
_AMENDMENT = re.compile(
    r"정정|고친|고쳤|고쳐|바뀌었|바뀐|달라졌|달라진|변경된|미뤄졌|밀[렸린려]|연기[됐된되]|늦춰[졌진]|앞당겨[졌진]|늦어졌"
)
# 가동률은 2023년에서 2024년 사이에 어떻게 바뀌었나: no filing was corrected.
_BETWEEN_TIMES = re.compile(
    r"^(?!.*정정).*(?:(?:20)?\d{2}년.*(?:20)?\d{2}년|작년|지난해|전년|재작년|분기|상반기|하반기|\d년\s*(?:전|사이))"
)
_BUSINESS = re.compile(
    r"(?:뭐|뭘|무엇을|무슨\s*일)\s*(?:을)?\s*(?:하는|해서\s*돈)|(?:무슨|어떤|주력|주요)\s*사업"
)
_ORIGINAL = re.compile(
    r"정정\s*(?:되기\s*)?전|바뀌기\s*전|고치기\s*전|처음\s*공시|처음에|원래|당초|최초\s*공시|원공시"
)
# 원래 언제였고 언제로 바뀌었나, 정정 전이랑 후: what stands now is asked as well.
_BECAME = re.compile(
    r"전(?:이랑|하고|과|와|[,·/])?\s*(?:정정\s*)?(?:후|뒤)(?![가-힣]*보)"
    r"|(?:(?:언제|얼마|어디|누구|뭐|무엇|몇\s?\S{1,3})(?:으로|로)|어떻게|얼마나|무엇이|뭐가)\s*(?:\S{1,4}\s)?"
    r"(?:바뀌|바뀐|바꾼|바꿨|변경|변했|달라|정정|고[쳐친]|미뤄|미룬|늦[춰어]|밀[렸린려]|줄|늘|올[랐라]|내[렸려])"
    r"|(?:지금|현재|이번|새로|나중|이제)(?:은|에는|에|엔|는)?\s*(?:얼마|언제|누구|어디|뭐|몇|요?\s*\?|요?$)"
)
_WHAT_CHANGED = re.compile(
    r"(?:정정|변경|수정|바뀐|달라진|고[친쳐]\S?)\s*(?:된|한)?\s*(?:항목|내용|사항|부분|곳|것|게|건|점)(?!\s?(?:이후|전))"
    r"|(?:뭐가|무엇이|뭘|무엇을|어떤\s(?:게|것이|항목이|내용이))\s*(?:바뀌|바뀐|바꾼|바꿨|달라|정정|고[쳐친]|변경)"
)
# 처음 공시는 언제 냈나, 왜 고쳤나: the amendment says both, its original neither.
_OF_THE_AMENDMENT = re.compile(
    r"(?:정정|고[친쳐쳤])\S{0,4}\s*(?:사유|이유|까닭|배경)|(?:왜|무슨\s*사유로?|어떤\s*이유로?)\s*(?:정정|고)"
    r"|(?:처음|최초|원래|당초)\S{0,2}\s*(?:공시|보고서|제출)\S{0,3}\s*(?:[^일]{0,4}\s)?(?:언제|며칠|날짜|낸\s*날|제출일)"
)
# 부채비율을 얼마 이하로 지켜야: the bound of a covenant, never the ratio itself.
_BOUND = re.compile(r"(?:얼마|몇\s*(?:%|퍼센트|프로|배)?)\s*(?:이하|이상|미만|초과|이내)")
_AMOUNT = re.compile(r"얼마|몇|금액|규모|수치|액수|비율|비중|점유율|몇\s*(?:%|퍼센트)|알려|얼마나")
# RSU 때문에 비용으로 인식한 금액: the reason is known.
_REASON = re.compile(
    r"왜|이유|까닭|배경|원인|때문(?!에\s[^?]*(?:얼마|금액|몇\s|언제|누구|어디))|어째서|사유|취지|계기|뭣?\s*하러|뭐\s*하러"
)
_PAY = re.compile(
    r"(?:보수|급여|연봉|상여금?|퇴직금)(?:액|총액)?(?:은|는|이|가|도)?(?:\s(?:20)?\d\d년\S*|\s\S*[기월년])*\s*(?:[?.]|$|알려|궁금|좀)"
)
_PURPOSE = re.compile(r"목적|용도|뭐?\s?하려고|무엇에\s*쓰|어디에?\s*(?:쓰|써)")
_EVENT = re.compile(
    r"계약|증자|사채|CB|BW|배당|소송|투자|인수|양수|합병|분할|해지|자사주|자기주식|감자|상장폐지|공급|수주",
    re.IGNORECASE,
)
# What no filing tells, whatever it names: a place or a product of the question may stand in one.
_ELSEWHERE = re.compile(
    r"날씨|기온|미세\s?먼지|비\s?(?:올까|오나|와\?|온대)|우산|맛집|카페\s?추천|(?:점심|저녁|아침|야식)\s?(?:메뉴|뭐)|뭐\s?먹|레시피|요리법|여행지?\s?(?:추천|코스|어디)"
    r"|관광지|나들이|숙소|호텔\s?추천|항공권|비행기\s?표|지하철|버스\s?(?:노선|시간)|가는\s?(?:길|법|방법)|길\s?찾기|영화\s?(?:추천|뭐|볼)|드라마\s?(?:추천|뭐)"
    r"|노래\s?(?:추천|가사|불러)|가사\s?(?:알려|써)|(?<![가-힣])(?:축구|야구|농구|배구)|월드컵|올림픽|프로\s?(?:야구|축구)|경기\s?(?:결과|일정|몇\s?대)|로또|복권|운세|(?<![가-힣])사주\s?(?:풀이|봐|보)|궁합|타로|꿈\s?해몽"
    r"|파이썬|자바스크립트|코딩|코드\s?(?:짜|작성|를\s?짜)|프로그래밍|함수\s?(?:짜|만들어)|번역해|영어로\s?(?:뭐|번역|써)|영작|자기\s?소개서|자소서|독후감|숙제|수학\s?문제|방정식"
    r"|농담|끝말잇기|심심|사랑해|몇\s?살(?:이야|이니|이에요)|너\s?(?:이름|누구)|다이어트|운동\s?(?:루틴|추천)|감기|두통|병원\s?추천|약\s?추천|연애|소개팅|이상형"
    r"|대통령|선거|국회의원|지지율|축제|콘서트|티켓팅|아이돌|게임\s?(?:추천|공략)|핸드폰\s?추천|노트북\s?추천|휴대폰\s?추천"
)
_TOPIC = re.compile(
    r"공시|보고서|주식|주가|재무|실적|매출|이익|부채|자산|사업|회사|배당|증자|사채|계약|감사|직원|임원|주주|위험|전략|제품"
    r"|흑자|적자|상장|합병|인수|순익|지분|대표이사|사장|공장|수주|연봉|유상|무상|자사주|주총|영업|벌었|벌어|시가총액|시총|지배구조"
)


def intent_of(question: Question, today: date, *, ambiguous: bool) -> str:
    text = question.text
    if _INJECTION.search(_QUOTED.sub(" ", text)):
        return "off_topic"
    if _PRIVATE.search(text) and not _OF_ALL.search(text):
        return "private"
    if _ELSEWHERE.search(text) and not (question.accounts or topical(text)):
        return "off_topic"
    if asks_price_ahead(text) or asks_marked(text):
        return "prediction"
    if _ADVICE.search(text) or _TARGET_PRICE.search(text) or _OWN_MONEY.search(text):
        return "advice"
    if asks_forecast(question, today):
        return "prediction"
    if ambiguous and len(question.companies) > 1:
        return "ambiguous"
    if not question.companies:
        return "definition" if _DEFINITION.search(text) else "text"
    if _AMENDMENT.search(text) and not _BETWEEN_TIMES.search(text):
        return "amendment"
    if question.accounts and _AMOUNT.search(text):
        return "figure"
    if _REASON.search(text):
        return "text"
    if _EVENT.search(text):
        return "event"
    return "figure" if question.accounts else "text"


def asks_original(text: str) -> bool:
    """Whether what stood before an amendment is asked, and that alone."""
    return bool(_ORIGINAL.search(text)) and not (_OF_THE_AMENDMENT.search(text) or _BECAME.search(text))


def asks_both(text: str) -> bool:
    """Whether what stood before an amendment is asked beside what stands now."""
    return bool(_ORIGINAL.search(text) and _BECAME.search(text)) and not _OF_THE_AMENDMENT.search(text)


def asks_bound(text: str) -> bool:
    """Whether the limit that something must keep is asked, which no account's own value answers."""
    return bool(_BOUND.search(text))


def asks_why_amended(text: str) -> bool:
    return bool(_OF_THE_AMENDMENT.search(text) or (_AMENDMENT.search(text) and _REASON.search(text)))


def asks_what_changed(text: str) -> bool:
    """Whether it asks what an amendment changed, whatever that is."""
    return bool(_WHAT_CHANGED.search(text))


def asks_pay(text: str) -> bool:
    """Whether it asks what somebody is paid, with or without 얼마."""
    return bool(_PAY.search(text))


def asks_business(text: str) -> bool:
    """Whether it asks what the company does."""
    return bool(_BUSINESS.search(text))


def topical(text: str) -> bool:
    """Whether the text speaks of companies' affairs at all."""
    return bool(_TOPIC.search(text))


def speaks_of_event(text: str) -> bool:
    """Whether it asks of something that happened: a contract, an issue, a suit."""
    return bool(_EVENT.search(text))


def purpose_words(text: str) -> tuple[str, ...]:
    """Words by which filings say what something is for, for a question that asks it."""
    return ("위하여", "위해", "위한", "위함") if _PURPOSE.search(text) else ()


def reason_words(text: str) -> tuple[str, ...]:
    """Words by which filings give reasons, or limits, for a question that asks for them."""
    if asks_bound(text):
        return ("이하", "이상", "미만", "초과", "이내")
    return (
        ("때문", "까닭", "원인", "영향", "따라", "따른", "사유", "위하여", "위해", "인하여", "인한", "목적")
        if _REASON.search(text)
        else ()
    )
