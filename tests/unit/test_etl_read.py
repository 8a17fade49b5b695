"""Bytes as DART serves them → Document: lying encodings, broken XML, hostile files, tables."""

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFiling
from core.etl.document import Document, Paragraph, Section, Table
from core.etl.grid import RawCell, expand, span
from core.etl.read import read_document
from core.etl.sanitise import decode, sanitise
from core.etl.transform import transform
from core.model import Filing

NAME = "20250318000111.xml"


def dart(body: str, *, declared: str = "utf-8", acode: str = "11011") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n'
        '<DOCUMENT xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="dart3.xsd">\n'
        f'<DOCUMENT-NAME ACODE="{acode}">사업보고서</DOCUMENT-NAME>\n'
        '<COMPANY-NAME AREGCIK="09900077">가온전자주식회사</COMPANY-NAME>\n'
        f"<BODY>{body}</BODY></DOCUMENT>"
    )


def section(inner: str, title: str = "1. 사업의 개요") -> str:
    return f"<SECTION-1><TITLE>{title}</TITLE>{inner}</SECTION-1>"


def read(inner: str) -> Document:
    return read_document(dart(section(inner)).encode(), NAME)


def lines(document: Document) -> list[str]:
    return [b.text for s in document.sections for b in s.blocks if isinstance(b, Paragraph)]


def tables(document: Document) -> list[Table]:
    return [b for s in document.sections for b in s.blocks if isinstance(b, Table)]


def exchange(tables_html: str, *, charset: str = "euc-kr") -> str:
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        "<title>다솜건설/단일판매ㆍ공급계약체결/(2025.05.12)</title></head>"
        f"<body>{tables_html}</body></html>"
    )


CONTRACT = (
    '<table id="XFormD1"><tr><td rowspan="2">2. 계약내역</td><td>계약금액(원)</td>'
    "<td>47,310,000,000</td></tr><tr><td>매출액대비(%)</td><td>12.5</td></tr></table>"
)


# ── encodings ────────────────────────────────────────────────────────────────────────────────────


def test_utf8_declared_over_cp949_bytes_is_read_by_the_bytes() -> None:
    document = read_document(dart(section("<P>똠방각하가 만든 회사</P>")).encode("cp949"), NAME)
    assert lines(document) == ["똠방각하가 만든 회사"]
    assert document.reading.encoding_declared == "utf-8"
    assert document.reading.encoding_used == "cp949"


def test_euc_kr_meta_over_utf8_bytes_is_read_by_the_bytes() -> None:
    document = read_document(exchange(CONTRACT).encode(), "20250512800111.xml")
    assert document.shape == "exchange"
    assert document.corp_name == "다솜건설"
    assert document.title == "단일판매ㆍ공급계약체결"
    assert document.reading.encoding_declared == "euc-kr"
    assert document.reading.encoding_used == "utf-8"
    assert document.period_to == date(2025, 5, 12)


def test_utf8_byte_order_mark_is_no_text() -> None:
    document = read_document(b"\xef\xbb\xbf" + dart(section("<P>글</P>")).encode(), NAME)
    assert lines(document) == ["글"]
    assert document.reading.mode == "strict"


def test_a_byte_of_no_encoding_is_replaced_with_a_warning() -> None:
    data = dart(section("<P>가나다</P>")).encode("cp949").replace("나".encode("cp949"), b"\xff\xff")
    document = read_document(data, NAME)
    assert document.reading.encoding_used == "cp949+replace"
    assert any("�" in warning for warning in document.reading.warnings)


@settings(deadline=None)  # other work shares the cores
@given(st.text(alphabet=st.characters(codec="cp949", min_codepoint=0x20)))
def test_decoding_never_fails_and_cp949_is_exact(text: str) -> None:
    data = text.encode("cp949")
    decoded, used = decode(data)
    assert used in ("utf-8", "cp949")
    assert decoded.encode(used) == data.removeprefix(b"\xef\xbb\xbf")


@settings(deadline=None)  # other work shares the cores
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_one_sentence(data: bytes) -> None:
    said = ""
    try:
        read_document(data, NAME)
    except UnreadableFiling as error:
        said = str(error)
    assert not said or NAME in said or "HTML" in said


@settings(deadline=None)  # other work shares the cores
@given(st.text(alphabet=st.sampled_from(list('<>&;/ !-PTD가나1="#x0cr')), max_size=80))
def test_any_markup_in_a_paragraph_is_read_or_refused(inner: str) -> None:
    try:
        document = read(f"<P>앞{inner}</P><P>뒤</P>")
    except UnreadableFiling:
        return
    assert document.sections


# ── characters that are no markup ────────────────────────────────────────────────────────────────


def test_cr_breaks_a_line_and_is_counted() -> None:
    document = read("<P>첫 줄&cr;둘째 줄&amp;cr;셋째 줄</P>")
    assert lines(document) == ["첫 줄", "둘째 줄", "셋째 줄"]
    assert document.reading.counts["cr"] == 2


def test_bare_ampersand_is_text_and_references_stay() -> None:
    document = read("<P>R&D 투자, M&amp;A, &#44032;, &lt;주&gt;, &copy;</P>")
    assert lines(document) == ["R&D 투자, M&A, 가, <주>, &copy;"]
    assert document.reading.counts["ampersand"] == 2
    assert document.reading.mode == "strict"


@pytest.mark.parametrize("heading", ["< 부문 >", "<반도체 부문>", "<P 사업>", "<A 부문>", "<TV 부문>"])
def test_headings_in_angle_brackets_are_text(heading: str) -> None:
    document = read(f"<P>앞</P><P>{heading}</P><P>뒤</P>")
    assert lines(document) == ["앞", heading, "뒤"]
    assert document.reading.mode == "strict"
    assert document.reading.counts["less_than"] == 1


def test_unknown_tag_is_text_with_a_warning() -> None:
    document = read("<P>앞 <NEWTAG>글</NEWTAG> 뒤</P>")
    assert lines(document) == ["앞 <NEWTAG>글</NEWTAG> 뒤"]
    assert document.reading.counts["unknown_tag"] == 2
    assert any("처음 보는 태그 2개" in warning for warning in document.reading.warnings)


def test_control_characters_go() -> None:
    document = read("<P>가\x0b나&#x1F;다&#11;라</P>")
    assert lines(document) == ["가나다라"]
    assert document.reading.counts["control"] == 3


@settings(deadline=None)  # other work shares the cores
@given(st.text(max_size=200))
def test_sanitising_leaves_no_forbidden_character(text: str) -> None:
    clean, counts = sanitise(text)
    assert not any(ord(c) < 32 and c not in "\t\n\r" for c in clean.decode())
    assert all(count >= 0 for count in counts.values())


# ── broken and hostile files ─────────────────────────────────────────────────────────────────────


def test_a_well_formed_filing_has_no_warning() -> None:
    document = read("<P>글</P><TABLE><TR><TD>가</TD><TD>1</TD></TR></TABLE>")
    assert document.reading.mode == "strict"
    assert list(document.reading.warnings) == []


def test_recover_mode_warns() -> None:
    document = read("<P>앞<SPAN>굵게</P><P>뒤</P>")
    assert document.reading.mode == "recover"
    assert "복구 모드" in document.reading.warnings[0]
    assert "뒤" in " ".join(lines(document))


def test_what_a_comment_hides_is_counted_by_tag() -> None:
    document = read("<P>글</P><!-- <P>숨은 글</P> -->")
    assert document.reading.mode == "strict"
    assert list(document.reading.warnings) == ["읽으면서 잃은 것: P 1개"]
    assert document.reading.counts["raw_P"] == 2
    assert document.reading.counts["P"] == 1


def test_what_recovery_loses_is_counted_by_tag() -> None:
    cut = dart(section("<P>앞</P>")) + section("<P>하나</P><P>둘</P>")
    document = read_document(cut.encode(), NAME)
    assert document.reading.mode == "recover"
    assert document.reading.counts["raw_P"] == 3
    assert document.reading.counts["P"] == 1
    assert any("잃은 것" in warning and "P 2개" in warning for warning in document.reading.warnings)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE DOCUMENT [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE DOCUMENT SYSTEM "http://example.invalid/x.dtd">',
        '<!entity x "y">',
    ],
)
def test_doctype_and_entities_are_refused(declaration: str) -> None:
    text = dart(section("<P>&x;</P>")).replace("<DOCUMENT ", f"{declaration}<DOCUMENT ", 1)
    with pytest.raises(UnreadableFiling, match="외부 개체"):
        read_document(text.encode(), NAME)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "빈 파일"),
        (b" \r\n\t", "빈 파일"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04rest", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "한글"),
        (b"a\x00b\x00", "이진"),
        ("안녕하세요, 그냥 글입니다.".encode(), "DART 공시 문서가 아닙니다"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "DART 공시 문서가 아닙니다"),
        (b'{"status":"014"}', "DART 공시 문서가 아닙니다"),
    ],
)
def test_what_is_no_filing_is_refused_by_its_real_kind(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFiling, match=said) as caught:
        read_document(data, NAME)
    assert NAME in str(caught.value)


def test_a_filing_without_content_is_refused() -> None:
    with pytest.raises(UnreadableFiling, match="내용이 없습니다"):
        read_document(dart("").encode(), NAME)


def test_html_without_tables_is_refused() -> None:
    with pytest.raises(UnreadableFiling, match="표가 없는"):
        read_document(exchange("<p>글뿐</p>").encode(), NAME)


@pytest.mark.parametrize("tag", ["P", "SPAN", "SECTION-1", "LIBRARY", "TABLE"])
def test_deep_nesting_is_refused_quickly(tag: str) -> None:
    text = dart(section(f"<{tag}>" * 100_000 + "글" + f"</{tag}>" * 100_000))
    start = time.monotonic()
    with pytest.raises(UnreadableFiling, match="깊이"):
        read_document(text.encode(), NAME)
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("tag", ["SPAN", "SECTION-1", "LIBRARY", "TABLE-GROUP"])
def test_nesting_just_under_the_parser_limit_is_no_crash(tag: str) -> None:
    said = ""
    try:
        read(f"<{tag}>" * 1_900 + "<P>글</P>" + f"</{tag}>" * 1_900)
    except UnreadableFiling as error:
        said = str(error)
    assert not said or "깊이" in said


def test_deep_html_is_refused_or_read_quickly() -> None:
    text = exchange("<div>" * 100_000 + CONTRACT + "</div>" * 100_000)
    start = time.monotonic()
    try:
        document = read_document(text.encode(), NAME)
    except UnreadableFiling:
        pass
    else:
        assert document.sections
    assert time.monotonic() - start < 2


# ── structure ────────────────────────────────────────────────────────────────────────────────────


def paths(sections: list[Section] | tuple[Section, ...]) -> list[tuple[str, ...]]:
    return [tuple(s.path) for s in sections]


def test_library_is_transparent() -> None:
    body = (
        "<SECTION-1><TITLE>II. 사업의 내용</TITLE><LIBRARY><SECTION-2><TITLE>1. 개요</TITLE>"
        "<P>가</P></SECTION-2></LIBRARY><SECTION-2><TITLE>2. 설비</TITLE><P>나</P></SECTION-2></SECTION-1>"
    )
    document = read_document(dart(body).encode(), NAME)
    assert paths(tuple(document.sections)) == [
        ("II. 사업의 내용", "1. 개요"),
        ("II. 사업의 내용", "2. 설비"),
    ]


def test_text_after_a_nested_section_is_the_outer_ones() -> None:
    body = (
        "<SECTION-1><TITLE>I. 개요</TITLE><SECTION-2><TITLE>1. 안</TITLE><P>안</P></SECTION-2>"
        "<P>밖</P></SECTION-1>"
    )
    document = read_document(dart(body).encode(), NAME)
    assert [
        (tuple(s.path), [b.text for b in s.blocks if isinstance(b, Paragraph)]) for s in document.sections
    ] == [
        (("I. 개요", "1. 안"), ["안"]),
        (("I. 개요",), ["밖"]),
    ]


def test_the_cover_of_a_major_report_is_dropped_but_its_tables_count() -> None:
    cover = section(
        "<TABLE><TR><TD>작성책임자</TD><TD>김가온 02-000-0000</TD></TR></TABLE>",
        "주요사항보고서 / 거래소 신고의무 사항",
    )
    main = section("<TABLE><TR><TD>취득금액(원)</TD><TD>1,000</TD></TR></TABLE>", "자기주식 취득 결정")
    document = read_document(dart(cover + main, acode="10111").encode(), NAME)
    assert paths(tuple(document.sections)) == [("자기주식 취득 결정",)]
    assert [t.number for t in tables(document)] == [2]
    filing = Filing(
        NAME[:14], "09900077", "가온전자", "주요사항보고서(자기주식취득결정)", "B001", date(2025, 3, 18)
    )
    assert "02-000-0000" not in transform(document, filing).markdown


def test_correction_in_paragraphs_and_a_table() -> None:
    correction = (
        "<CORRECTION><TITLE>정 정 신 고 (보고)</TITLE>"
        "<P>1. 정정대상 공시서류 : 사업보고서(2024.12)</P>"
        "<P>2. 정정대상 공시서류의 최초제출일 : 2025년 03월 18일</P>"
        "<P>3. 정정사유 : 단순 오기</P>"
        "<TABLE><THEAD><TR><TH>항  목</TH><TH>정정사유</TH><TH>정 정 전</TH><TH>정 정 후</TH></TR></THEAD>"
        "<TBODY><TR><TD>5. 재무제표</TD><TD>오기</TD><TD>매출액 100</TD><TD>매출액 200</TD></TR>"
        "</TBODY></TABLE>"
        "</CORRECTION>"
    )
    document = read_document(dart(correction + section("<P>글</P>")).encode(), NAME)
    found = document.correction
    assert found is not None
    assert found.corrected_report == "사업보고서(2024.12)"
    assert found.first_filed == date(2025, 3, 18)
    assert found.reason == "단순 오기"
    assert [(before, after) for _, before, after in found.changes] == [("매출액 100", "매출액 200")]
    assert "5. 재무제표" in found.changes[0][0]


def test_correction_of_an_exchange_form() -> None:
    block = (
        '<div id="LIB_LC000"><table>'
        "<tr><td>1. 정정관련 공시서류</td><td colspan='3'>단일판매ㆍ공급계약체결</td></tr>"
        "<tr><td>2. 정정관련 공시서류제출일</td><td colspan='3'>2025-04-30</td></tr>"
        "<tr><td>3. 정정사유</td><td colspan='3'>계약금액 변경</td></tr>"
        "<tr><td colspan='2'>정정항목</td><td>정정전</td><td>정정후</td></tr>"
        "<tr><td colspan='2'>계약금액(원)</td><td>40,000,000,000</td><td>47,310,000,000</td></tr>"
        "</table></div>"
    )
    document = read_document(exchange(block + CONTRACT).encode("cp949"), "20250512800111.xml")
    found = document.correction
    assert found is not None
    assert found.corrected_report == "단일판매ㆍ공급계약체결"
    assert found.first_filed == date(2025, 4, 30)
    assert found.reason == "계약금액 변경"
    assert list(found.changes) == [("계약금액(원)", "40,000,000,000", "47,310,000,000")]


# ── tables ───────────────────────────────────────────────────────────────────────────────────────


def test_the_unit_table_is_attached_to_the_next_table_only() -> None:
    data = "<TABLE><TR><TD>매출액</TD><TD>1,000</TD></TR></TABLE>"
    unit = "<TABLE><TR><TD>(단위 : 백만원)</TD></TR></TABLE>"
    found = tables(read(unit + data + data))
    assert [(t.number, t.unit) for t in found] == [(2, "백만원"), (3, None)]


def test_a_nested_table_keeps_to_itself() -> None:
    inner = "<TABLE><TR><TD>안1</TD><TD>안2</TD></TR></TABLE>"
    outer = f"<TABLE><TR><TD>밖1</TD><TD>{inner}</TD></TR><TR><TD>밖3</TD><TD>밖4</TD></TR></TABLE>"
    first, second = tables(read(outer))
    assert [[c.text for c in row] for row in second.grid] == [["안1", "안2"]]
    assert len(first.grid) == 2
    assert first.grid[0][0].text == "밖1"
    assert [c.text for c in first.grid[1]] == ["밖3", "밖4"]


def test_spans_repeat_the_same_cell() -> None:
    (table,) = tables(
        read(
            '<TABLE><THEAD><TR><TH ROWSPAN="2">구분</TH><TH COLSPAN="2">당기</TH></TR>'
            "<TR><TH>3개월</TH><TH>누적</TH></TR></THEAD>"
            "<TBODY><TR><TD>매출액</TD><TD>1</TD><TD>2</TD></TR></TBODY></TABLE>"
        )
    )
    assert [[c.text for c in row] for row in table.grid] == [
        ["구분", "당기", "당기"],
        ["구분", "3개월", "누적"],
        ["매출액", "1", "2"],
    ]
    assert table.header_rows == 2
    assert table.grid[0][0] is table.grid[1][0]


RAW = st.tuples(st.sampled_from(["", "가", "1,234"]), st.integers(1, 300), st.integers(1, 12), st.none())


@settings(deadline=None)  # other work shares the cores
@given(st.lists(st.lists(RAW, max_size=6), max_size=8))
def test_every_grid_is_rectangular(rows: list[list[RawCell]]) -> None:
    grid = expand(rows)
    assert len(grid) == len(rows)
    assert all(len(a) == len(b) for a, b in pairwise(grid))
    for row_no, row in enumerate(grid):
        for column_no, cell in enumerate(row):
            assert grid[cell.row][cell.column].row == cell.row
            assert cell.row <= row_no < cell.row + cell.rowspan
            assert cell.column <= column_no < cell.column + cell.colspan


@settings(deadline=None)  # other work shares the cores
@given(st.one_of(st.none(), st.text(max_size=12), st.integers().map(str)))
def test_a_span_is_always_small_and_positive(value: str | None) -> None:
    assert 1 <= span(value) <= 300


def test_a_table_of_hostile_spans_is_bounded() -> None:
    start = time.monotonic()
    with pytest.raises(UnreadableFiling, match="칸"):
        expand([[("x", 300, 300, None)] * 40 for _ in range(300)])
    assert time.monotonic() - start < 10
