"""Nothing between, inside or after tables is lost, and nothing is told twice."""

from core.etl.document import Block, Document, Paragraph, Table
from core.etl.read import read_document

NAME = "20250318000111.xml"


def dart(body: str, acode: str = "11011") -> Document:
    text = f'<DOCUMENT><DOCUMENT-NAME ACODE="{acode}">문서</DOCUMENT-NAME><BODY>{body}</BODY></DOCUMENT>'
    return read_document(text.encode(), NAME)


def section(inner: str) -> str:
    return f"<SECTION-1><TITLE>1. 본문</TITLE>{inner}</SECTION-1>"


def exchange(body: str) -> Document:
    head = "<head><title>가온전자/공급 계약/(2025.05.12)공급 계약</title><style>.x{}</style></head>"
    return read_document(f"<html>{head}<body>{body}</body></html>".encode(), "20250512800111.xml")


def told(document: Document) -> list[str | list[list[str]]]:
    blocks: list[Block] = [block for s in document.sections for block in s.blocks]
    return [b.text if isinstance(b, Paragraph) else [[c.text for c in row] for row in b.grid] for b in blocks]


ROW = "<TABLE><TR><TD>가</TD><TD>1</TD></TR><TR><TD>나</TD><TD>2</TD></TR></TABLE>"
GRID = [["가", "1"], ["나", "2"]]


def test_text_that_no_tag_holds_is_read() -> None:
    document = dart(section(f"앞<P>글</P>사이{ROW}뒤<LIBRARY>안<P>글2</P></LIBRARY>"))
    assert told(document) == ["앞", "글", "사이", GRID, "뒤", "안", "글2"]


def test_text_in_a_table_that_no_cell_holds_is_read_after_it() -> None:
    broken = "<TABLE>ㄱ<TR>ㄴ<TD>가</TD>ㄷ<TD>1</TD><P>ㄹ</P></TR><TR><TD>나</TD><TD>2</TD></TR></TABLE>"
    assert told(dart(section(broken))) == [GRID, "ㄱ", "ㄴ", "ㄷ", "ㄹ"]


def test_a_caption_with_a_unit_is_text_and_gives_the_unit() -> None:
    (section_,) = dart(section(f"<P>나. 영업부문의 재무현황(단위: 백만원)</P>{ROW}")).sections
    caption, table = section_.blocks
    assert isinstance(caption, Paragraph)
    assert isinstance(table, Table)
    assert (caption.text, table.unit) == ("나. 영업부문의 재무현황", "백만원")
    assert list(table.captions) == ["나. 영업부문의 재무현황"]


def test_a_word_with_unit_in_it_is_no_unit() -> None:
    document = dart(
        section(f"<P>연복리 2%(3개월 단위 복리계산)로 하며 현금창출단위집단에 배분합니다.</P>{ROW}")
    )
    (table,) = [b for b in document.sections[0].blocks if isinstance(b, Table)]
    assert table.unit is None


def test_the_caption_of_a_picture_is_text() -> None:
    image = "<IMAGE><IMG>조직도.jpg</IMG><IMG-CAPTION>연구개발조직도</IMG-CAPTION></IMAGE>"
    assert told(dart(section(image))) == ["연구개발조직도"]


def test_runs_of_one_sentence_are_one_line_and_others_are_not() -> None:
    runs = (
        "<P>현재 대형마트 \n<SPAN>154개점</SPAN>\n<SPAN>의 매장을 보유합니다.</SPAN>"
        "\n<SPAN>다음 줄</SPAN></P>"
        "<P><SPAN>2.3 연결</SPAN>\n<SPAN>연결회사는 작성합니다.</SPAN></P>"
    )
    said = ["현재 대형마트 154개점의 매장을 보유합니다.", "다음 줄", "2.3 연결", "연결회사는 작성합니다."]
    assert told(dart(section(runs))) == said


def test_numbers_in_neighbouring_runs_are_never_one_number() -> None:
    cell = "<TABLE><TR><TD>가</TD><TD><SPAN>1,000</SPAN>\n<SPAN>2,000</SPAN></TD></TR></TABLE>"
    assert told(dart(section(cell))) == [[["가", "1,000\n2,000"]]]


def test_a_nested_table_is_told_once_and_named_by_the_cell_before() -> None:
    outer = f"<TABLE><TR><TD>3. 내역</TD><TD>앞{ROW}뒤</TD></TR></TABLE>"
    document = dart(section(outer))
    assert told(document) == [[["3. 내역", "앞\n뒤"]], GRID]
    inner = document.sections[0].blocks[1]
    assert isinstance(inner, Table)
    assert list(inner.captions) == ["3. 내역"]
    assert [b.number for b in document.sections[0].blocks if isinstance(b, Table)] == [1, 2]


def test_a_frame_of_one_cell_is_read_in_order() -> None:
    frame = f"<TABLE><TR><TD><P>앞</P>{ROW}<P>뒤</P></TD></TR></TABLE>"
    document = dart(section(frame + ROW))
    assert told(document) == ["앞", GRID, "뒤", GRID]
    assert [b.number for b in document.sections[0].blocks if isinstance(b, Table)] == [2, 3]


def test_a_table_in_a_corrected_cell_stays_there() -> None:
    """What changed is told by the cells; the tables count all the same."""
    head = "<TR><TD>항목</TD><TD>정정전</TD><TD>정정후</TD></TR>"
    old, new = (f"<TABLE><TR><TD>기준일</TD><TD>{day}</TD></TR></TABLE>" for day in ("15일", "31일"))
    changed = f"<TABLE>{head}<TR><TD>일정</TD><TD>{old}</TD><TD>{new}</TD></TR></TABLE>"
    correction = f"<CORRECTION><TITLE>정 정 신 고 (보고)</TITLE>{changed}</CORRECTION>"
    document = dart(correction + section(ROW))
    assert document.correction is not None
    assert list(document.correction.changes) == [("일정", "기준일 15일", "기준일 31일")]
    assert [tuple(s.path) for s in document.sections] == [("정정신고(보고)",), ("1. 본문",)]
    assert [b.number for s in document.sections for b in s.blocks if isinstance(b, Table)] == [1, 4]
    assert document.tables == 4


def test_the_cover_of_an_offering_says_what_is_offered_but_not_who_answers_the_phone() -> None:
    cover = (
        "<COVER><COVER-TITLE>증 권 신 고 서</COVER-TITLE><P>금융위원회 귀중</P>"
        "<TABLE><TR><TD>모집총액 :</TD><TD>50,000,000,000원</TD></TR>"
        "<TR><TD>작성책임자 :</TD><TD>(전화번호) 02-000-0000</TD></TR></TABLE></COVER>"
    )
    offered = dart(cover + section(ROW), acode="10001")
    assert told(offered) == [[["모집총액 :", "50,000,000,000원"]], GRID]
    assert told(dart(cover + section(ROW), acode="11011")) == [GRID]
    assert [b.number for b in dart(cover + section(ROW)).sections[0].blocks if isinstance(b, Table)] == [2]


# ── exchange forms ───────────────────────────────────────────────────────────────────────────────

HTML_ROW = "<table><tr><td>가</td><td>1</td></tr><tr><td>나</td><td>2</td></tr></table>"


def test_text_outside_the_tables_of_an_exchange_form_is_read() -> None:
    body = (
        f"<div><span style='font-weight:bold'>공급계약</span><p>앞<b>글</b></p>{HTML_ROW}"
        "<div>뒤<br>끝</div></div><script>var x</script>"
    )
    assert told(exchange(body)) == ["앞글", GRID, "뒤", "끝"]


def test_a_nested_table_of_an_exchange_form_is_told_once() -> None:
    body = f"<table><tr><td>내역</td><td>앞{HTML_ROW}뒤</td></tr></table>"
    document = exchange(body)
    assert told(document) == [[["내역", "앞\n뒤"]], GRID]
    assert document.tables == 2
    corrected = exchange(f'<div id="LIB_LC000">{body}</div>{HTML_ROW}')
    assert told(corrected) == [[["내역", "앞\n가 1\n나 2\n뒤"]], GRID]
    assert [b.number for b in corrected.sections[1].blocks if isinstance(b, Table)] == [3]


def test_a_comment_in_a_cell_goes_and_what_follows_it_stays() -> None:
    cell = "<table><tr><td>내용</td><td>앞<!--?javax disable?-->뒤<!--?javax enable?--> 끝</td></tr></table>"
    assert told(exchange(cell)) == [[["내용", "앞뒤 끝"]]]


def test_paragraphs_in_a_cell_of_an_exchange_form_are_lines() -> None:
    cell = "<table><tr><td>금액</td><td><p>1,000</p><p>2,000</p></td></tr></table>"
    assert told(exchange(cell)) == [[["금액", "1,000\n2,000"]]]
