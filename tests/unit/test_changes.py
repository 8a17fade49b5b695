"""What an amendment changed: its 정정사항 rows line by line, and the values that these leave out."""

from datetime import date

import pytest

from core.amendment import Change, Fact
from core.etl.changes import differences, merge
from core.etl.clues import read_clues, token
from core.etl.correction import read_correction
from core.etl.document import Paragraph
from core.etl.read import read_document
from core.etl.transform import transform
from core.model import Filing
from tests.doubles.chains import exchange

DAY = date(2026, 3, 2)


def xml(correction: str, body: str = "<P>글</P>") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><DOCUMENT><DOCUMENT-NAME ACODE="11305">주요사항보고서'
        '</DOCUMENT-NAME><COMPANY-NAME AREGCIK="09900011">가온전자</COMPANY-NAME><BODY>'
        f'<CORRECTION>{correction}</CORRECTION><SECTION-1><TITLE ATOC="Y">해산사유</TITLE>{body}</SECTION-1>'
        "</BODY></DOCUMENT>"
    ).encode()


def table(*rows: str) -> str:
    return f"<TABLE><TBODY>{''.join(f'<TR>{row}</TR>' for row in rows)}</TBODY></TABLE>"


def changes(
    *rows: str, head: str = "<TD>항목</TD><TD>정정사유</TD><TD>정정전</TD><TD>정정후</TD>"
) -> list[object]:
    document = read_document(xml(table(head, *rows)), "a.xml")
    assert document.correction
    return list(document.correction.changes)


def test_names_in_one_cell_and_values_in_the_next_are_paired_line_by_line() -> None:
    """The names end where the values do: breaks before the first value are padding (§5.1.8)."""
    row = (
        "<TD><P>2. 계약내역</P><P>- 계약금액</P><P>- 최근매출액</P><P>- 매출액대비(%)</P></TD><TD>변경</TD>"
        "<TD><P></P><P>100</P><P>900</P><P>11.1</P></TD><TD><P></P><P>200</P><P>900</P><P>22.2</P></TD>"
    )
    assert changes(row) == [
        ("2. 계약내역 - 계약금액", "100", "200"),
        ("2. 계약내역 - 매출액대비(%)", "11.1", "22.2"),
    ]


def test_of_a_text_only_the_lines_that_changed_are_told() -> None:
    before = "<P>1) 하나입니다.</P><P>2) 둘입니다.</P><P>3) 셋입니다.</P>"
    after = "<P>1) 하나입니다.</P><P>2) 다릅니다.</P><P>3) 셋입니다.</P><P>4) 넷입니다.</P>"
    assert changes(f"<TD>9. 기타</TD><TD>정정</TD><TD>{before}</TD><TD>{after}</TD>") == [
        ("9. 기타", "2) 둘입니다.", "2) 다릅니다."),
        ("9. 기타", "", "4) 넷입니다."),
    ]


def test_tables_in_the_cells_are_compared_row_by_row() -> None:
    before = table("<TD>자산</TD><TD>1,000</TD>", "<TD>부채</TD><TD>400</TD>")
    after = table("<TD>자산</TD><TD>1,000</TD>", "<TD>부채</TD><TD>500</TD>")
    assert changes(f"<TD>재무</TD><TD>오기</TD><TD>{before}</TD><TD>{after}</TD>") == [
        ("재무", "부채 400", "부채 500")
    ]


def test_a_form_of_five_columns_and_one_reason_for_many_rows() -> None:
    head = '<TD COLSPAN="2">항목</TD><TD>정정사유</TD><TD>정정전</TD><TD>정정후</TD>'
    rows = (
        '<TD ROWSPAN="2">6. 일정</TD><TD>기준일</TD><TD ROWSPAN="2">-</TD><TD>3월 1일</TD><TD>4월 1일</TD>',
        "<TD>납입일</TD><TD>3월 5일</TD><TD>4월 5일</TD>",
    )
    assert changes(*rows, head=head) == [
        ("6. 일정 기준일", "3월 1일", "4월 1일"),
        ("6. 일정 납입일", "3월 5일", "4월 5일"),
    ]


def test_values_that_span_their_names_rows_are_paired_with_them() -> None:
    values = '<TD ROWSPAN="2"><P>1</P><P>2</P></TD><TD ROWSPAN="2"><P>1</P><P>3</P></TD>'
    assert changes(f"<TD>가</TD><TD>-</TD>{values}", "<TD>나</TD><TD>-</TD>") == [("나", "2", "3")]


def test_the_day_of_the_original_is_not_any_day_of_submission() -> None:
    blocks = [
        Paragraph("주주명부 제출일 : 2026-01-01"),
        Paragraph("정정대상 공시서류의 최초제출일 : 2026년 2월 3일"),
    ]
    assert read_correction(blocks).first_filed == date(2026, 2, 3)


# ── facts and differences ────────────────────────────────────────────────────────────────────────


def filed(rows: list[tuple[str, str]], correction: str = "") -> tuple[Fact, ...]:
    filing = Filing("20260302800001", "09900011", "가온전자", "단일판매ㆍ공급계약체결", "I001", DAY)
    text = exchange("가온전자", filing.report_nm, DAY, rows, correction)
    return tuple(transform(read_document(text.encode(), "a.xml"), filing).clues.facts)


OLD = [
    ("체결계약명", "센서 공급"),
    ("계약금액(원)", "1,000"),
    ("종료일", "2026-12-31"),
    ("비고", "-"),
    ("관계", "-"),
]
NEW = [
    ("체결계약명", "센서 공급"),
    ("계약금액(원)", "2,000"),
    ("종료일", "2027년 12월 31일"),
    ("비고", "새 칸"),
]


def test_a_change_that_the_table_leaves_out_is_found_with_both_cells() -> None:
    listed = [Change("계약금액", "1,000", "2,000")]
    assert merge(listed, differences(filed(OLD), filed(NEW))) == [
        Change("계약금액", "1,000", "2,000", True, (1, 1, 1), (1, 1, 1)),
        Change("종료일", "2026-12-31", "2027년 12월 31일", False, (1, 2, 1), (1, 2, 1)),
    ]


def test_another_spelling_or_another_form_is_no_change() -> None:
    respelt = [("3. 계약금액 (원)", "1000"), ("종료일", "2026.12.31"), ("체결 계약명", "센서  공급")]
    assert differences(filed(OLD), filed(respelt)) == []
    assert differences(filed(OLD), filed([("대금지급 조건", "선급 30%")])) == []


def test_labels_that_stand_twice_tell_of_no_change() -> None:
    """Repeated investors share their labels: which is which is not known."""
    twice = [("투자자", "갑"), ("금액", "10"), ("투자자", "을"), ("금액", "20")]
    assert differences(filed(twice), filed([("투자자", "갑"), ("금액", "30")])) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("2025-07-28", "2025년 7월 28일"), ("1,000", "1000"), ("- 상기 금액은 원화임.", "상기 금액은 원화임")],
)
def test_one_value_in_two_spellings(one: str, other: str) -> None:
    assert token(one) == token(other)


def test_a_withdrawal_names_the_report_and_its_day() -> None:
    body = "<P>1. 철회대상 신고서 : 증권신고서(지분증권)</P><P>2. 신고서 제출일 : 2026년 2월 3일</P>"
    data = xml("", body).replace(b"<CORRECTION></CORRECTION>", b"")
    filing = Filing("20260302000001", "09900011", "가온전자", "철회신고서", "C001", DAY)
    made = transform(read_document(data, "a.xml"), filing)
    assert (made.clues.named, made.first_filed) == ("증권신고서(지분증권)", date(2026, 2, 3))
    assert read_clues(read_document(data, "a.xml"), filing) == made.clues
