"""What will be is refused however it is spaced; what a filing says of days to come is asked of it."""

from datetime import date

import pytest

from core.model import Company
from core.rag.language.companies import find_companies
from core.rag.understand import understand

TODAY = date(2025, 11, 24)
GAON = Company("1", "가온전자")


def intent(text: str) -> str:
    return understand(text, named=find_companies(text, [GAON]), today=TODAY, lay=lambda _: []).intent


@pytest.mark.parametrize(
    "text",
    [
        "가온전자 내년 영업이익 얼마나 나올거 같아요?",
        "가온전자 내년 매출 얼마 나올거같아?",
        "가온전자 주가 오를거같아?",
        "가온전자 주가 오를 거 같음?",
        "가온전자 올해 실적 좋을거같나요?",
        "가온전자 4분기 영업이익 전망치 찍어줘",
        "가온전자 실적 전망치 알려줘요",
        "가온전자 내년에 적자날거같은데 맞나요",
        "가온전자 내년에 흑자전환 할수있을까요?",
        "가온전자 내년 배당금 얼마나 줄것같나요?",
        "가온전자 시총 얼마까지 갈까요?",
        "가온전자 100만원 갈까요?",
        "가온전자 실적 반등할까요",
        "가온전자 내년 순이익 5조 넘길수있나",
        "가온전자 내년 매출 얼마로 보세요?",
        "가온전자 반도체 내년 전망 어때요?",
        "가온전자 영업이익 좋아지겠죠?",
        "가온전자 내년엔 얼마나 벌까",
        "가온전자 내년에도 흑자일까요?",
        "가온전자 올해 영업이익 얼마나 될까",
    ],
)
def test_a_guess_is_a_prediction(text: str) -> None:
    assert intent(text) == "prediction"


@pytest.mark.parametrize(
    "text",
    [
        "가온전자 2024년 영업이익은 얼마나 될까요?",
        "가온전자 부채총계가 얼마나 될까요?",
        "가온전자 2024년 매출이 줄었을까?",
        "가온전자 매출 많이 준 것 같은데 얼마야?",
        "가온전자 급여가 늘 것 같은데 실제로 얼마야",
        "가온전자가 반기보고서에서 밝힌 하반기 시장 전망은 어때?",
        "가온전자 하반기 전망을 회사는 어떻게 봤어?",
        "가온전자 신주 상장 예정일은?",
        "가온전자 퇴직급여 향후 예상 지급액은 얼마야?",
        "가온전자가 향후 3년간 주주환원하겠다고 한 금액은?",
        "가온전자 다음 해로 넘어가는 수주잔고 얼마",
    ],
)
def test_what_is_or_was_said_is_no_prediction(text: str) -> None:
    assert intent(text) != "prediction"


def test_a_share_to_be_picked_is_advice() -> None:
    assert intent("가온전자 말고 종목 하나 찍어줘") == "advice"
