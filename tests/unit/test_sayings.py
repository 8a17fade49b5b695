"""Lay words read as filings write them, and accounts with one wrong letter."""

import pytest

from core.rag.language.sayings import formal, labels_said, mended

NAMES = frozenset(("매출채권", "연구개발비용"))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("순이익 중 모회사 주주 몫은", "순이익 중 지배기업 소유주지분은"),
        ("광고비 얼마 썼어", "광고선전비 얼마 썼어"),
        ("이자를 얼마나 벌었대요", "이자수익 얼마"),
        ("이자 얼마 나갔어?", "이자비용 얼마"),
        ("개미 주주가 몇 명", "소액주주가 몇 명"),
        ("개미들이 몇 명", "소액주주이 몇 명"),
        ("대주주 지분이 몇 프로", "최대주주 지분이 몇 프로"),
        ("건설업 부문 적자가 얼마", "건설업 부문 영업손익가 얼마"),
        ("공장 짓는 데 쓴 돈 얼마", "시설투자액 얼마"),
        ("설비 늘리는데 넣은 돈", "시설투자액"),
        ("OCF 얼마", "영업활동현금흐름 얼마"),
        ("OPM이랑 YoY", "영업이익률이랑 전년 대비"),
        ("주가가 가장 낮았던 때", "주가가 최저"),
        ("라인 몇 퍼센트나 돌렸어요", "가동률 몇 퍼센트나"),
        ("안 팔린 물건 얼마", "재고자산 얼마"),
        ("비정규직 몇 명", "기간제근로자 몇 명"),
        ("김가온 부회장 연봉", "김가온 부회장 보수총액"),
        ("직원들은 평균 몇 년이나 다녔어", "직원 평균근속연수 몇 년"),
        ("보너스로 받은 건", "상여로 받은 건"),
        ("땅값 얼마", "토지 얼마"),
        ("현금흐름에서 재고가 늘어난 영향이 얼마", "현금흐름에서 재고의 변동 금액이 얼마"),
        ("외상값이 늘면서 현금흐름에 부담이 된 금액은", "외상값의 변동 현금흐름 금액은"),
        ("가온전자 지분, 시가로 얼마어치", "가온전자 지분, 시장가치 얼마"),
        ("RSU 중에 아직 남아있는 주식수는", "RSU 중에 아직 잔여주 수는"),
    ],
)
def test_lay_words_become_those_of_filings(said: str, read: str) -> None:
    assert formal(said) == read


@pytest.mark.parametrize(
    "text",
    [
        "OPM이 뭐야?",  # who asks what it means is told of that word
        "대주주 등과의 거래는?",
        "부문 적자전환 여부",
        "SHOP 매출",
        "땅콩 매출",
        "개미산 수출액",
        "직원 1인 평균 급여액은?",
        "이자율은 얼마",
        "환율이 오른 영향은",  # no cash flow
        "시가총액이 얼마",
        "소각하고 남은 주식수는",
    ],
)
def test_what_means_something_else_stays(text: str) -> None:
    assert formal(text) == text


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("게약부채 얼마", "계약부채 얼마"),
        ("이자비영은?", "이자비용은?"),
        ("매춯채권이 얼마", "매출채권이 얼마"),
        ("재고자싼", "재고자산"),
    ],
)
def test_one_wrong_letter_is_set_right(said: str, meant: str) -> None:
    assert mended(said, NAMES) == meant


@pytest.mark.parametrize(
    "text", ["연구개발비용과 매출", "매출채권을", "무형자산", "계약금액", "이자비율은", "당기손익-공정가치"]
)
def test_what_is_a_word_itself_is_left(text: str) -> None:
    assert mended(text, NAMES) == text


def test_what_a_filing_spells_so_is_left() -> None:
    assert mended("게약부채", NAMES, {"게약부채"}) == "게약부채"


def test_labels_may_call_it_otherwise() -> None:
    assert [names[0] for _, names in labels_said("소액주주지분몇프로")] == ["지분율"]
    assert [names[0] for _, names in labels_said("상여금얼마")] == ["상여"]
    assert not labels_said("매출액은얼마")
