"""Mutated filings through the whole transform; ten thousand of them with `make fuzz`."""

import json
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz import examine
from benchmarks.mutation import Shape, mutated, shapes_in
from benchmarks.serving import RCEPT_NO
from core.errors import UnreadableFiling
from core.etl.document import Document
from core.etl.members import read_main
from core.etl.parquet import Made, write_shard
from core.etl.read import read_document
from core.etl.source import Source, listing
from core.etl.transform import transform

SAMPLES = Path(__file__).parents[2] / "samples"
NAME = f"{RCEPT_NO}.xml"
# Shapes that the samples do not have: nested tables, a form of labels, a correction within a report.
MAJOR = """<DOCUMENT><DOCUMENT-NAME ACODE="11305">주요사항보고서</DOCUMENT-NAME>
<COMPANY-NAME AREGCIK="09900033">다솜건설</COMPANY-NAME><BODY><LIBRARY>
<CORRECTION><P>3. 정정사유 : 기재 오류</P><TABLE><TR><TD>항목</TD><TD>정정전</TD><TD>정정후</TD></TR>
<TR><TD>금액</TD><TD><TABLE><TR><TD>1</TD></TR></TABLE></TD><TD>2</TD></TR></TABLE></CORRECTION>
<SECTION-1><TITLE ATOC='Y'>해산사유 발생</TITLE><TABLE><TR><TD>(단위 : 백만원, 주)</TD></TR></TABLE>
<TABLE-GROUP ACLASS='ACQ'><TABLE><TR><TD ROWSPAN='2'>1. 금액</TD><TD>자산총계(원)</TD>
<TE ACODE='FRN_AMT'><SPAN></SPAN><SPAN>1,000,000,000</SPAN></TE></TR>
<TR><TD>비율(%)</TD><TU AUNIT='DT' AUNITVALUE='20250814'>12.5</TU></TR></TABLE></TABLE-GROUP>
</SECTION-1></LIBRARY></BODY></DOCUMENT>"""
SHAPES = [*shapes_in(SAMPLES), Shape("20250704000933.xml", MAJOR.encode())]


@settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=250,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(st.integers(0, 2**64))
def test_a_mutated_filing_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    name, data = mutated(SHAPES, random.Random(seed))  # noqa: S311
    verdict = examine(name, data, tmp_path)
    if verdict.failure and "too slow" in verdict.failure:  # or the suite's garbage was collected meanwhile
        verdict = min((examine(name, data, tmp_path) for _ in range(3)), key=lambda again: again.seconds)
    assert verdict.failure is None, verdict


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_a_shape_as_it_is_is_read(shape: Shape, tmp_path: Path) -> None:
    """What is mutated is no chaff to begin with."""
    verdict = examine(shape.name, shape.data, tmp_path)
    assert (verdict.refusal, verdict.failure) == (None, None)


# ── what ten thousand documents found ────────────────────────────────────────────────────────────


def dart(
    body: str, *, corp_code: str = "09900011", title: str = "사업보고서", acode: str = "11011"
) -> Document:
    text = (
        f'<DOCUMENT><DOCUMENT-NAME ACODE="{acode}">{title}</DOCUMENT-NAME>'
        f'<COMPANY-NAME AREGCIK="{corp_code}">가온전자</COMPANY-NAME><BODY>{body}</BODY></DOCUMENT>'
    )
    return read_document(text.encode(), NAME)


def source(tmp_path: Path) -> Source:
    return Source(tmp_path / NAME, RCEPT_NO)


@pytest.mark.parametrize(
    "code", ["../../../../tmp/x", "/etc/passwd", "a" * 300, "1234567", "0990001\u0661", ""]
)
def test_a_document_does_not_choose_where_it_is_written(code: str, tmp_path: Path) -> None:
    filing = listing(dart("<P>글</P>", corp_code=code), source(tmp_path), NAME)
    assert filing.corp_code.startswith("N")
    assert len(filing.corp_code) == 8


def test_a_manifest_does_not_choose_it_either(tmp_path: Path) -> None:
    row = json.loads('{"corp_code": "../../x"}')
    assert listing(dart("<P>글</P>"), Source(tmp_path / NAME, RCEPT_NO, row), NAME).corp_code == "09900011"


def test_a_year_before_our_time_is_no_period(tmp_path: Path) -> None:
    """`0001.01.01` made the period `1.01`, whose year is no number."""
    cover = '<TU AUNIT="PERIODTO" AUNITVALUE="00010101">1</TU>'
    document = dart(f"<TABLE><TR><TD>가</TD>{cover}</TR><TR><TD>나</TD><TD>2</TD></TR></TABLE><P>글</P>")
    filing = listing(document, source(tmp_path), NAME)
    assert filing.period is None
    assert transform(document, filing).chunks


def test_an_exchange_ratio_of_seven_decimals_is_stored(tmp_path: Path) -> None:
    """Parquet refused what six decimals would round: every merger would have stopped the import."""
    document = dart(
        "<TABLE><TR><TD>합병비율(주)</TD><TD>0.0328765</TD></TR><TR><TD>가</TD><TD>나</TD></TR></TABLE>",
        title="주요사항보고서(회사합병결정)",
        acode="11337",
    )
    made = transform(document, listing(document, source(tmp_path), NAME))
    assert [str(figure.value) for figure in made.figures] == ["0.0328765"]
    write_shard(tmp_path, 0, [Made("", made, rcept_no=made.filing.rcept_no)])


def test_a_correction_alone_is_a_filing(tmp_path: Path) -> None:
    document = dart("<CORRECTION><P>1. 정정대상 공시서류 : 사업보고서</P></CORRECTION>")
    assert transform(document, listing(document, source(tmp_path), NAME)).chunks


def test_a_label_of_a_book_is_no_label(tmp_path: Path) -> None:
    """It would stand in the figure of every row: 90 kB made 900 MB."""
    cover = '<TU AUNIT="PERIODTO" AUNITVALUE="20241231">1</TU>'
    rows = "<TR><TD>영업이익</TD><TD>1</TD></TR>" * 200
    head = f"<TR><TH>{'가' * 1_000}</TH><TH>{'제 54 기 ' * 200}</TH></TR>"
    document = dart(
        f"<TABLE><TR>{cover}<TD>글</TD></TR></TABLE><P>(단위 : 원)</P><TABLE>{head}{rows}</TABLE>"
    )
    assert not transform(document, listing(document, source(tmp_path), NAME)).figures


def test_a_title_of_a_book_is_text(tmp_path: Path) -> None:
    long = "가나다 " * 200
    document = dart(f"<SECTION-1><TITLE>{long}</TITLE><P>글</P></SECTION-1>")
    assert max(len(title) for section in document.sections for title in section.path) < 200
    assert long.strip() in transform(document, listing(document, source(tmp_path), NAME)).markdown


def test_sections_nested_a_thousand_deep_have_short_paths() -> None:
    document = dart("<SECTION-1><TITLE>제목</TITLE><P>글</P>" * 300 + "</SECTION-1>" * 300)
    assert max(len(section.path) for section in document.sections) <= 8


@pytest.mark.parametrize("span", ['ROWSPAN="300"', 'COLSPAN="300" ROWSPAN="300"'])
def test_a_giant_cell_over_many_rows_is_refused(span: str) -> None:
    """It would be written in each of them."""
    with pytest.raises(UnreadableFiling, match="칸"):
        dart(
            f"<TABLE><TR><TD {span}>{'가' * 50_000}</TD><TD>1</TD></TR>{'<TR><TD>2</TD></TR>' * 400}</TABLE>"
        )


def test_a_line_feed_in_a_zip_is_no_name(tmp_path: Path) -> None:
    """The sentence that says why would be two."""
    path = tmp_path / f"{RCEPT_NO}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a\n.xml"), "글")
    with pytest.raises(UnreadableFiling, match="글자가 아닌"):
        read_main(path, RCEPT_NO)
