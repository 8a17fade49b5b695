"""Which words of a question tell what it is about, and how much each tells."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from core.model import Question
from core.rag.language.companies import called

# Words of asking: they are in no filing, so that their rarity says nothing.
_ASKING = """
얼마 얼마나 무엇 뭐 어디 언제 누구 어느 어떻 어떻게 무슨 이유 각각 알리 궁금 설명 말씀 질문 정도 혹시
사실 부탁 정리 요약 비교 기준 공시 보고서 내용 회사 우리 이번 현재 관련 경우 전체 모두 작년 올해 내년 지난해
나오 나와 적히 쓰이 되어 합치 밝히 말하 보이 드리 주시 궁금하 알려주 맞나 전년 그거
거기 이거 저거 그때 당시 구분
"""
# Words that many labels have or none needs to have: they decide between cells, but find none.
_LIGHT_WORDS = """
금액 잔액 액수 규모 수치 합계 총계 총액 전체 모두 계정 장부 내역 현황 주석 재무상태표 손익 계산서
정보 시점 확인 기재 가운데 기초 당기 전기 연결 별도 누적 재무 요약 감사 반기보고서 발표 제시 표시 수준
산출 대비 증가 감소 증감 변화 계산 비교 사이 쪽 기록 종류 부문 사업 사업부 회계 제표 재무제표 당반기
전반기 당분기 전분기 동기 직전 소재지 하나 시간 인원 수량 비율 비중 가격 가액 가치 반기말 당기말 전기말
당반기말 전반기말 당분기말 전분기말 분기말 연결실체 실체
"""
# Words of asking: no label needs to have them.
_ASIDE_WORDS = """
때문 차지 동안 이상 이하 퍼센트 얘기 전년 지난 이번 금년 부탁 제일 포함 제외 사람 세계 실제 최근
공시 기간 적자 흑자 추이 개년 회장 부회장 사장 부사장 대표 어치 프로 대신 물건 자료 숫자 쯤 셈 정도
꼴찌 꼴등 일등 그룹 토막 나중 상대로
"""
LIGHT, ASIDE = frozenset(_LIGHT_WORDS.split()), frozenset(_ASIDE_WORDS.split())
_TELLING = ("N", "SL", "XR", "VV", "VA")
_TIMES = re.compile(r"(?:상반기|하반기|반기|분기|반년|개월|[연년]도|연초|연말|기말|fy|cy)$")
_RATE, _WON = re.compile(r"\d\s*[%％]"), re.compile(r"\d\s*[조억만천]*\s*원")
_NUMBER_OF = {"비율": _RATE, "비중": _RATE, "대비": _RATE, "금액": _WON, "규모": _WON}
_BEFORE = 0.3  # what the turn before asked tells less of this one
_WHEN = re.compile(
    r"언제|(?<!보고)기간[은이]?\s*(?:\?|$|어떻|알려|얼마나)|며칠|날짜|기한|일자|시점|까지예요|까지야|[시종][작료]일|지급일"
)
_MANY = r"몇\s*(?:십|백|천|만|억)*\s*"
_ANY_NUMBER = re.compile(r"얼마|몇|수량|수치")
_HOW_MANY_PERCENT = re.compile(r"몇\s*(?:%|퍼센트|프로)")
_UNITS = (
    ("년", re.compile(r"몇\s*년")),
    ("명", re.compile(r"몇\s*(?:명|사람)|인원|직원\s*수")),
    ("주", re.compile(r"몇\s*주(?!일)|주식\s*수")),
    (
        "%",
        re.compile(
            rf"{_HOW_MANY_PERCENT.pattern}|비율|비중|점유율|금리|(?<!회전)(?:(?<!환)|(?<=상환))(?<=[가-힣])[률율]"
        ),
    ),
    ("시간", re.compile(r"몇\s*시간")),
    ("건", re.compile(_MANY + r"건|건수")),
    ("대", re.compile(_MANY + r"대(?!\s*몇)|대수(?!롭)")),
    ("톤", re.compile(_MANY + "톤")),
    ("tCO2-eq", re.compile(_MANY + "톤|tCO2", re.IGNORECASE)),
    ("회", re.compile(_MANY + r"(?:회|번(?!째))|횟수|회전율")),
    ("개", re.compile(_MANY + r"개(?!월|년)|회사\s*수")),
    ("개사", re.compile(_MANY + r"(?:개(?!월|년)|곳|군데)|회사\s*수")),
    ("달러", re.compile(_MANY + "달러")),
    ("유로", re.compile(_MANY + "유로")),
    ("엔", re.compile(_MANY + r"엔(?![가-힣])")),
    (
        "원",
        re.compile(
            r"몇\s*(?:조|억|만|천)?\s*원|금액|얼마(?!나)|돈|가액|가치|규모|총액|잔액(?!\s*수량)|장부가|취득가|[가-힣]{2}액(?:(?![가-힣]{2})|(?=하고|이랑|까지))"
        ),
    ),
)
# Where what a question asks ends, and the next thing it asks begins: `얼마고 언제`; in a list of things too:
# `납입일과 상장일은`, but `1차, 2차 지급액은` is one thing of two.
_ASKED = (
    r"(?:얼마|누구|언제|무엇|뭐|어디|며칠|어때|몇\s?(?:십|백|천|만)*\s?\S{1,3}?)\S{0,4}?(?:고|며|랑|하고|인지)[,?]?\s+"
    r"|[?]\s*(?=\S)"
)
_ASKED_ENDS = re.compile(_ASKED)
_LISTED_ENDS = re.compile(
    rf"{_ASKED}|,\s+|(?<=[었았했였])고\s+|(?<=어디)\s+(?=누구|언제)"
    r"|(?<=날짜)(?:랑|하고|와)\s+|(?<=일)(?:이랑|하고|과)\s+"
)
_BESIDE = re.compile(r"[가-힣](?:[와과]|이?랑|하고)\s|및|,|·|ㆍ|/|그리고|그\s?중|고\s|각각")
_RATE_ASKED = re.compile(r"[가-힣](?:[률율]|비율|비중)(?:은|는|이|가|도|요)?\s*(?:대략\s*|약\s*)?얼마")


def telling(terms: Sequence[str], question: Question) -> dict[str, str]:
    """Word form → term of the words that tell what is asked: no names of the companies, numbers or times."""
    names = " ".join(name.lower() for company in question.companies for name in called(company))
    asking = _ASKING.split()
    found: dict[str, str] = {}
    for term in terms:
        form, _, tag = term.partition("/")
        if tag not in _TELLING or len(form) < 2 or says_when(form):
            continue
        if form not in asking and form not in names:
            found.setdefault(form, term)
    return found


def weigh(question: Question, known: dict[str, float]) -> dict[str, float]:
    """Form → weight; `known` is the inverse document frequency of each term."""
    before = telling(question.before, question)
    own = telling(question.terms, question)
    if "원" in units_asked(question.text):
        own.setdefault("금액", "금액/N")
    weights = {form: _BEFORE * known.get(term, 0.0) for form, term in before.items()}
    return weights | {form: known.get(term, 1.0) for form, term in own.items()}


@lru_cache(maxsize=256)  # asked again for every figure
def units_asked(text: str) -> frozenset[str]:
    """The units that the question wants its answer in, as far as it says so: 명, 주, %, 원."""
    rateless = _RATE_ASKED.sub(" ", text)  # 지분율이 얼마: no money
    return frozenset(unit for unit, words in _UNITS if words.search(rateless if unit == "원" else text))


def asks_any_number(text: str) -> bool:
    return bool(_ANY_NUMBER.search(text))


def asks_percent(text: str) -> bool:
    return bool(_HOW_MANY_PERCENT.search(text))


def parts_of(text: str, *, listed: bool = True) -> list[str]:
    """The text cut where one thing asked ends and the next begins, with `listed` within lists as well."""
    ends = [found.end() for found in (_LISTED_ENDS if listed else _ASKED_ENDS).finditer(text)]
    return [text[a:b] for a, b in pairwise([0, *ends, len(text)]) if a < b]


def asks_one(text: str) -> bool:
    """Whether nothing is asked beside anything else."""
    return not _BESIDE.search(text)


def asks_when(text: str) -> bool:
    return bool(_WHEN.search(text))


def says_when(form: str) -> bool:
    """Whether a word only names a time, as `상반기` does: a figure of the period asked says it already."""
    return bool(_TIMES.match(form))


def gives_unit(form: str, text: str) -> bool:
    """Whether a text answers a word that asks for a kind of number: `7.7%` is a 비율, `612억원` a 금액."""
    number = _NUMBER_OF.get(form)
    return bool(number and number.search(text))
