"""What a question says around what it asks: where a figure stands, what brackets explain, how it came up."""

import re

import pytest

from core.rag.question.asides import Apart, apart


def told_apart(text: str) -> Apart:
    found = apart(text, frozenset(re.findall(r"[가-힣A-Za-z]{2,}", text.lower())))
    return Apart(" ".join(found.asked.split()), found.where)


@pytest.mark.parametrize(
    ("text", "asked", "where"),
    [
        ("가온전자 이자비용(금융비용 주석) 얼마예요?", "가온전자 이자비용 얼마예요?", "금융비용주석"),
        (
            "2024년 국내 매출은 얼마인가요? 매출실적 표 기준이요.",
            "2024년 국내 매출은 얼마인가요?",
            "매출실적표기준이요.",
        ),
        (
            "누리바이오 순이익 얼마? 가온전자 감사보고서 보면",
            "누리바이오 순이익 얼마?",
            "가온전자감사보고서보면",
        ),
        ("부문별 보고에서 반도체 영업이익 얼마?", "반도체 영업이익 얼마?", "부문별보고에서"),
        ("연구개발비를 나란히 (판관비 주석, 누적)", "연구개발비를 나란히 ( 누적)", "판관비주석"),
        ("주석의 차입금 내역에서 담보부 단기차입금은?", "담보부 단기차입금은?", "주석의차입금내역에서"),
        ("반기보고서에 적힌 계약 기간은?", "계약 기간은?", "반기보고서에적힌"),
        ("종가가 얼마였지? 보고서 주가표", "종가가 얼마였지?", "보고서주가표"),
    ],
)
def test_where_a_figure_stands_is_not_what_is_asked(text: str, asked: str, where: str) -> None:
    assert told_apart(text) == Apart(asked, where)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "가온전자가 짓고 있어서 완공 안 된 공장·설비(건설중인자산)가 얼마나 되나요?",
            "가온전자가 건설중인자산가 얼마나 되나요?",
        ),
        ("미국 남부 반도체 공장 법인(GSA)은 벌었나요?", "GSA은 벌었나요?"),
        ("영상 쪽(화면기기)도 해 줘", "화면기기도 해 줘"),
        ("현금 많이 쌓아놨잖아요. 그걸로 이자를 얼마나 벌었대요?", "그걸로 이자를 얼마나 벌었대요?"),
        ("한빛생명 등 최대주주 및 특수관계인의 지분율은?", "최대주주 및 특수관계인의 지분율은?"),
        ("순이익(비지배 포함)은 얼마예요?", "순이익 은 얼마예요?"),
        ("자회사 다 합친 걸로 매출은?", "매출은?"),
        ("주요경영진 보상(급여+퇴직급여 합계) 얼마", "주요경영진 보상 합계 얼마"),
        ("사들인 비유동자산(공장 짓는 공사 등) 거래액은?", "사들인 비유동자산 거래액은?"),
    ],
)
def test_what_only_describes_is_left_out(text: str, asked: str) -> None:
    assert told_apart(text).asked == asked


@pytest.mark.parametrize(
    "text",
    [
        "이마을(매출액) 얼마예요?",  # the head is what is asked of
        "반도체 부문 돈(매출액)은?",  # no clause describes it: the part narrows
        "반도체 잘 나갔잖아요. 매출 얼마였어요?",
        "갤럭시 등의 매출은 얼마예요?",  # an example that narrows
        "주석 기준이요",  # nothing else would be left
        "재무상태표가 뭐예요?",
        "유동자산(재고자산) 얼마예요?",
        "매출액, 영업이익은?",
    ],
)
def test_what_may_narrow_stays(text: str) -> None:
    assert told_apart(text) == Apart(text)


def test_a_locative_beside_what_is_explained_stays() -> None:
    assert told_apart("외국에서 빌린 돈(차입금총액)은?").asked == "외국에서 차입금총액은?"


def test_a_text_as_long_as_a_page_is_no_question() -> None:
    text = "주석에서 " * 400
    assert apart(text, frozenset(("주석",))) == Apart(text)
