"""A periodic report's zip holds its audit reports too: all are read, each as what it is."""

import zipfile
from pathlib import Path

import pytest

from core.etl.document import Document, Table
from core.etl.filing import read_filing
from core.etl.source import Source, discover, listing, read_source
from core.etl.transform import transform
from core.model import Transformed

RCEPT = "20250318000111"
OPINION = "우리의 의견으로는 회사의 재무제표는 중요성의 관점에서 공정하게 표시하고 있습니다."
NOTE = "재고자산은 순실현가능가치와 취득원가 가운데 낮은 금액으로 표시하며 총평균법을 씁니다."


def sheet(sales: int) -> str:
    return (
        "<P>손익계산서</P><P>제 31 기 2024.01.01 부터 2024.12.31 까지</P><P>(단위 : 백만원)</P>"
        "<TABLE><THEAD><TR><TH>과목</TH><TH>제 31 기</TH></TR></THEAD>"
        f"<TBODY><TR><TD>매출액</TD><TD>{sales:,}</TD></TR></TBODY></TABLE><P>{NOTE}</P>"
    )


def document(acode: str, name: str, sections: dict[str, str], corp: str = "09900011") -> bytes:
    body = "".join(f"<SECTION-1><TITLE>{t}</TITLE>{inner}</SECTION-1>" for t, inner in sections.items())
    cover = (
        '<TR><TU AUNIT="PERIODFROM" AUNITVALUE="20240101">a</TU>'
        '<TU AUNIT="PERIODTO" AUNITVALUE="20241231">b</TU></TR>'
    )
    return (
        f'<DOCUMENT><DOCUMENT-NAME ACODE="{acode}">{name}</DOCUMENT-NAME>'
        f'<COMPANY-NAME AREGCIK="{corp}">가온전자</COMPANY-NAME>'
        f"<BODY><COVER><TABLE>{cover}</TABLE></COVER>{body}</BODY></DOCUMENT>"
    ).encode()


REPORT = document(
    "11011", "사업보고서", {"2. 연결재무제표": sheet(900), "4. 재무제표": sheet(700), "5. 기타": "<P>글</P>"}
)
SEPARATE = document(
    "00760", "감사보고서", {"독립된 감사인의 감사보고서": f"<P>{OPINION}</P>", "주석": sheet(700)}
)
CONSOLIDATED = document("00761", "연결감사보고서", {"재무제표": sheet(901)})


def zipped(folder: Path, members: dict[str, bytes]) -> Source:
    with zipfile.ZipFile(folder / f"{RCEPT}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return discover([folder])[0]


def etl(source: Source) -> tuple[Document, Transformed, list[str]]:
    read, member, notes = read_source(source)
    return read, transform(read, listing(read, source, member)), notes


@pytest.fixture
def whole(tmp_path: Path) -> tuple[Document, Transformed, list[str]]:
    members = {"_00761": CONSOLIDATED, "_00760": SEPARATE, "": REPORT}
    return etl(zipped(tmp_path, {f"{RCEPT}{name}.xml": data for name, data in members.items()}))


def test_attached_sections_follow_under_the_name_of_their_document(
    whole: tuple[Document, Transformed, list[str]],
) -> None:
    read, made, notes = whole
    assert notes == []
    assert [(" > ".join(s.path), s.acode, s.attached) for s in read.sections] == [
        ("2. 연결재무제표", "11011", False),
        ("4. 재무제표", "11011", False),
        ("5. 기타", "11011", False),
        ("감사보고서 > 독립된 감사인의 감사보고서", "00760", True),
        ("감사보고서 > 주석", "00760", True),
        ("연결감사보고서 > 재무제표", "00761", True),
    ]
    assert (made.filing.form, made.filing.report_nm) == ("11011", "사업보고서 (2024.12)")


def test_tables_count_on_over_the_whole_filing(whole: tuple[Document, Transformed, list[str]]) -> None:
    tables = [b.number for s in whole[0].sections for b in s.blocks if isinstance(b, Table)]
    assert tables == [2, 3, 5, 7]  # each document's cover has one
    assert whole[0].tables == 7


def test_a_figure_that_the_audit_repeats_is_told_once_and_another_is_kept(
    whole: tuple[Document, Transformed, list[str]],
) -> None:
    assert [(f.basis, int(f.value), f.section) for f in whole[1].figures] == [
        ("연결", 900_000_000, "2. 연결재무제표"),
        ("별도", 700_000_000, "4. 재무제표"),
        ("연결", 901_000_000, "연결감사보고서 > 재무제표"),
    ]


def test_what_an_attachment_repeats_is_found_once_and_stays_in_its_passage(
    whole: tuple[Document, Transformed, list[str]],
) -> None:
    _, made, _ = whole
    found = [made.passages[c.passage].path for c in made.chunks if NOTE in c.text]
    assert found == [
        "2. 연결재무제표",
        "4. 재무제표",
        "연결감사보고서 > 재무제표",
    ]  # with 901, told there alone
    assert [made.passages[c.passage].path for c in made.chunks if OPINION in c.text] == [
        "감사보고서 > 독립된 감사인의 감사보고서"
    ]
    assert [p.path for p in made.passages if NOTE in p.text][-2:] == [
        "감사보고서 > 주석",
        "연결감사보고서 > 재무제표",
    ]


def test_a_broken_attachment_is_a_note_and_the_report_is_read(tmp_path: Path) -> None:
    members = {f"{RCEPT}.xml": REPORT, f"{RCEPT}_00760.xml": b"<DOCUMENT", "a.pdf": b"%PDF", "b.jpg": b"x"}
    source = zipped(tmp_path, members)
    read, _, notes = etl(source)
    assert len(read.sections) == 3
    assert notes[0] == "글이 아닌 첨부는 읽지 않았습니다: a.pdf, b.jpg"
    assert notes[1].startswith(f"첨부를 읽지 못했습니다. {RCEPT}_00760.xml:")
    assert read_filing(source)[1] == notes


def test_an_attachment_of_another_company_stays_out(tmp_path: Path) -> None:
    stray = document("00760", "감사보고서", {"주석": sheet(5)}, corp="09900022")
    read, made, _ = etl(zipped(tmp_path, {f"{RCEPT}.xml": REPORT, f"{RCEPT}_00760.xml": stray}))
    assert len(read.sections) == 3
    assert list(made.warnings) == ["첨부 감사보고서: 다른 회사의 문서라 읽지 않았습니다."]


def test_numbers_that_an_amended_audit_report_took_back_are_no_figures(tmp_path: Path) -> None:
    changed = (
        "<CORRECTION><TITLE>정 정 신 고 (보고)</TITLE><P>2. 정정대상 공시서류의 최초제출일 : 2025-03-18</P>"
        "<TABLE><TR><TD>항목</TD><TD>정정전</TD><TD>정정후</TD></TR>"
        "<TR><TD>매출액(원)</TD><TD>111</TD><TD>222</TD></TR></TABLE></CORRECTION>"
    )
    amended = SEPARATE.replace(b"<SECTION-1>", changed.encode() + b"<SECTION-1>", 1)
    read, made, _ = etl(zipped(tmp_path, {f"{RCEPT}.xml": REPORT, f"{RCEPT}_00760.xml": amended}))
    assert read.correction is not None
    assert [(c.before, c.after) for c in made.changes] == [("111", "222")]
    assert {int(f.value) for f in made.figures} == {900_000_000, 700_000_000}
