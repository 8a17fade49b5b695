"""Which words of a draft say something that a source must say too."""

import re
from collections.abc import Callable, Sequence

from core.korean import squeeze

Terms = Callable[[str], Sequence[str]]

# Words of telling: they assert nothing of a company that its figures or sources would have to hold.
_TELLING_WORDS = """
기준 기록 증가 감소 상승 하락 확대 축소 전환 흑자 적자 전년 작년 지난해 올해 금년 재작년 동기 대비
비교 비율 증감 증감률 증가율 감소율 기간 분기 반기 상반기 하반기 누적 개월 연간 연도 회계 사업
보고서 공시 금액 규모 수준 수치 숫자 값 결과 이유 까닭 때문 영향 배경 의미 뜻 경우 회사 당사 기업
연결 별도 개별 포함 제외 총 모두 전체 각 약 정도 내외 달 말 초 중 년 월 일 원 조 억 만 천 백 퍼센트
포인트 주 명 배 개 건 회 차 기 수 것 점 등 데 바 측 편 쪽 내용 자료 근거 확인 설명 참고 요약 정리
말씀 질문 답 아래 다음 위 관련 동안 사이 시점 현재 이번 우리 여기 이것 그것 무엇 하나 자체 차이 변화
변동 그대로 사실 문서 원문 표 행 열 계산 식 폭 돈 손실 직전 이날 오늘 즉 및 또 또한 다만 한편
먼저 우선 이어 이어서 그리고 따라서 즉시 매 당 전 후 더 부문 부분 항목 이익 계정 출처 기재
표시 해당 이때
"""
# Verbs of telling a figure; whatever else a sentence says is done must be done in its source.
_SAYING_WORDS = """
올리 내 이르 달하 늘 줄 오르 내리 떨어지 돌아서 바뀌 나타나 보이 벌 남기 쓰 따르 대하 위하
합치 보 견주 비하 커지 늘어나 줄어들 높아지 낮아지 거두 얻 뜻하 말하 알 살피 적히 밝히 나오 오 가
들 두 받 주 있 없 하 되 이 않 말 의하 관하 통하 인하 나누 더하 빼 드리 싶 쉽 어떻 이렇 그렇
늘리 줄이 기록하 다르 움직이 옮기 붙 담기 담 실리
"""
# Adverbs that weigh nothing and claim nothing; 고작, 가장, 다시, 줄곧 and 크게 are what a source must say.
_ADVERBS = """
각각 모두 총 약 바로 즉 또 또한 함께 같이 따로 나란히 참고로 특히 실제로 더 및 우선 먼저 다만 그리고 한편
이어서 못 안 이렇게 그렇게 어떻게 대략 그대로 서로 반면 예컨대 물론 구체적으로 자세히 쉽게 간단히 끝으로
"""
_TELLING, _SAYING, _PLAIN_ADVERBS = (
    frozenset(words.split()) for words in (_TELLING_WORDS, _SAYING_WORDS, _ADVERBS)
)
_NUMERALS = frozenset("일이삼사오육칠팔구십백천만억조")
_NOUN = ("N", "SL", "SH", "XR")

_ADVICE = re.compile(
    r"매[수도](?:세|할|하|를|가|는|의견|추천|타이밍|시점|기회|포인트|에 나)|(?<![가-힣])(?:사"
    r"|파|담으|팔)(?:세요|십시오|시길|시는|아야|야 (?:합|해|돼)|도 (?:좋|됩|돼))"
    r"|사는 (?:게|것|편)|파는 (?:게|것|편)|사야 (?:합|할|해)|팔아야|목표\s*(?:주가|가격|가(?=[는를 ])"
    r")|적정\s*(?:주가|가치)|저평가|고평가|투자\s*(?:의견|추천|매력|적기)"
    r"|추천(?:합|드|해|할|주|종목)|비중\s*(?:확대|축소)|물타기|손절|익절|유망|(?:보유|투자|청약"
    r"|매입|참여)하(?:세요|십시오|시길|시는|는 것이|는 게)"
    r"|좋은 (?:기회|투자|주식|종목)|들어가(?:도|세요)|담(?:아|으)(?:도|세|두)"
)
_FORECAST = re.compile(
    r"것으로 (?:예상|전망|보입|기대|추정)|(?:오를|떨어질|상승할|하락할|늘어날|줄어들|증가할"
    r"|감소할|커질|좋아질|나빠질) (?:것|전망|가능성)|전망됩|예상됩|기대됩|전망이|예상이|전망입"
    r"|예상입|사상 최[대고]"
)
# A text that addresses whoever reads it for others: no source, whatever filing it stands in.
_PLANTED = re.compile(
    r"(?:지시|명령|규칙|지침|프롬프트|안내문|설정)[을를은는이가 ].{0,20}(?:무시|잊|따르지|해제|덮어)"
    r"|(?:이라고|라고|다고)(?:만)?\s*(?:답|말|출력|안내|보고|쓰|적|회신|응답|설명|전)(?:변)?(?:하[라"
    r"세십시여]|해[라주야]|하시|하도록|해야|할 것|으[라세]|라|세요)"
    r"|(?:AI|인공지능|챗봇|어시스턴트|언어\s*모델|assistant|chatbot|LLM)\S{0,3}[ ,:].{0,60}(?:하라"
    r"|하세요|하십시오|해라|답|출력|무시|must|should|ignore)"
    r"|시스템\s*(?:프롬프트|메시지|지시)|ignore\s.{0,40}(?:instruction|prompt|rule)|system\s*prompt|<\|?(?:im_start|system|assistant)",
    re.IGNORECASE,
)


def advises(text: str) -> bool:
    return bool(_ADVICE.search(text))


def forecasts(text: str) -> bool:
    return bool(_FORECAST.search(text))


def planted(text: str) -> bool:
    """Whether it gives orders to a reader of filings instead of telling of a company."""
    return bool(_PLANTED.search(text))


def nouns(text: str, terms: Terms) -> list[str]:
    """Nouns and foreign words that a source must say, lower case; words of telling left out."""
    found = []
    for term in terms(text):
        form, _, tag = term.rpartition("/")
        if tag in _NOUN and form not in _TELLING and (len(form) > 1 or form in _NUMERALS):
            found.append(form)
    return found


def verbs(text: str, terms: Terms) -> list[str]:
    """Stems of verbs and adjectives that are no mere telling."""
    parts = (term.rpartition("/") for term in terms(text))
    return [form for form, _, tag in parts if tag in ("VV", "VA") and form not in _SAYING]


def adverbs(text: str, terms: Terms) -> list[str]:
    """Adverbs that a source must say: how much, how often, how long, how remarkable."""
    parts = (term.rpartition("/") for term in terms(text))
    return [
        form for form, _, tag in parts if tag == "MAG" and form not in _PLAIN_ADVERBS and form not in _TELLING
    ]


def unknown(words: Sequence[str], known: str) -> list[str]:
    """The words that do not stand in `known`, which is squeezed."""
    return [word for word in words if word not in known and squeeze(word) not in known]
