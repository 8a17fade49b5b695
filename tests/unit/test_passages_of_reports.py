"""What a report is quoted for: the number asked or none, the row of the day asked, the firm asked."""

from datetime import date

import pytest

from core.model import Chunk, Filing, Hit, Question
from core.rag.passages.days import day_named
from core.rag.passages.evidence import gather
from core.rag.passages.parties import written_whole
from core.rag.passages.picks import Asked
from core.rag.passages.statements import statements
from core.rag.question.kinds import parts_asked

REPORT = Filing(
    "20250318000911", "09900011", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
)
TRAINING = (
    "나. 감사위원 교육 현황\n\n| 일자 | 교육주체 | 참석 감사위원 | 내용 |\n| --- | --- | --- | --- |\n"
    "| 2024.03.07 | 외부강사 | 한가람 | 입문교육 |\n| 2024.09.12 | 재무팀 | 도라지 | 내부통제 |\n"
)


def hit(text: str, n: int = 0) -> Hit:
    chunk = Chunk(f"{REPORT.rcept_no}-{n}", REPORT.rcept_no, REPORT.corp_code, 0, n, "가온전자", text)
    return Hit(chunk, REPORT, "본문", 1.0)


def said(text: str, asked: Asked) -> list[str]:
    found = gather([], [hit(text)], {}, {REPORT.rcept_no: REPORT}, asked, 3, 4_000)
    return [one for piece in found for one in piece.said[: piece.core]]


def asked(text: str, *words: str, rows: bool = True) -> Asked:
    return Asked(dict.fromkeys(words, 3.0), frozenset(words), text="".join(text.split()), rows=rows)


def test_a_passage_without_the_number_asked_is_not_quoted_for_it() -> None:
    text = "회사는 임원에게 성과주식을 부여하고 있으며 남은 수량은 이사회가 정합니다."
    assert said(text, asked("성과주식 남은 수량은 몇 주야?", "성과주식", "수량", rows=False)) == []
    given = "회사는 임원에게 성과주식을 부여하고 있으며 남은 수량은 1,250주입니다."
    assert said(given, asked("성과주식 남은 수량은 몇 주야?", "성과주식", "수량", rows=False)) == [given]


def test_what_is_asked_in_words_beside_a_number_is_quoted() -> None:
    text = "회사의 성과주식 제도는 퇴임한 임원에게 보통주를 주는 것입니다."
    words = asked("성과주식은 어떤 제도이고 몇 주야?", "성과주식", "제도", rows=False)
    assert said(text, words) == [text]


def test_the_amount_sold_is_none_where_another_quantity_is_told() -> None:
    text = "2023년 4월 가온폰 시리즈 3종을 출시하였습니다."
    assert said(text, asked("가온폰 시리즈 판매량", "가온폰", "시리즈")) == []


def test_the_row_of_the_day_asked_alone() -> None:
    words = asked(
        "감사위원 교육, 2024년 3월 7일 것은 누가 참석했고 무슨 내용이야?", "감사위원", "교육", "참석"
    )
    (row,) = said(TRAINING, words)
    assert row.startswith("2024.03.07")
    assert "한가람" in row


def test_a_day_is_read_as_it_is_written() -> None:
    assert (
        day_named("2024년3월7일교육") == day_named("2024.03.07: 참석") == day_named("24.3.7.") == (2024, 3, 7)
    )
    assert day_named("2024.03.07~2024.03.09") is None
    assert day_named("2024년 3월 말") is None


def test_a_law_of_old_ends_no_sentence() -> None:
    text = (
        "법원은 「구. 산업안전보건법」 위반으로 벌금(7백만원)을 선고하였습니다. 회사는 이를 납부하였습니다."
    )
    assert len(statements(text, form=False)) == 2


def test_the_caption_of_a_table_is_no_statement() -> None:
    assert [one.shown for one in statements("[나라별 등록 건수(2024년 말)]", form=False)] == []


def test_a_firm_written_whole_is_found_where_few_pieces_name_it() -> None:
    pieces = [
        hit("주식회사 별누리창원의 지분을 매각하였습니다.", 1),
        hit("별누리 매장은 창원에 있습니다.", 2),
    ]
    assert written_whole("별누리창원이 종속기업에서 빠진 이유는?", pieces) == {"별누리창원": pieces[:1]}
    assert written_whole("종속기업에서 빠진 이유는?", [hit("종속기업 내역입니다.", 3)]) == {}


@pytest.mark.parametrize("unit", ["개", "명", "건", "대", "회", "종"])
def test_a_count_before_a_verb_is_a_count(unit: str) -> None:
    (part,) = parts_asked(Question(f"공장은 몇 {unit}인가요?", terms=["공장/N"]), {})
    assert part.kinds[0].gives.search(f"공장은 모두 12{unit}입니다.")
