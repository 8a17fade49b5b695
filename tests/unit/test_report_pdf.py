"""Reports as PDFs in three layouts: what is read, from which page; what is refused, in which words."""

import io
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from core.errors import InputError, UnreadableFiling
from core.etl.reports import pdf_text
from core.etl.reports.parse import find_reports, open_report, parse_report
from core.model import Company
from core.report import ParsedReport, ReportTopic
from tools.reports.make import DASOM, GAON, GOTHIC, MARKDOWN, NURI, Brochure, write_pdf

COMPANIES = [
    Company("09900011", "가온전자", "990011"),
    Company("09900022", "누리바이오", "990022"),
    Company("09900033", "다솜건설", "990033", ("다솜토건",)),
]
BROCHURES = {"left": GAON, "right": NURI, "columns": DASOM}


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("reports")
    for shape, brochure in BROCHURES.items():
        write_pdf(brochure, folder / f"{shape}.pdf")
    return {shape: (folder / f"{shape}.pdf").read_bytes() for shape in BROCHURES}


@pytest.fixture(scope="module")
def parsed(pdfs: dict[str, bytes]) -> dict[str, ParsedReport]:
    return {shape: parse_report(data, f"{shape}.pdf", COMPANIES) for shape, data in pdfs.items()}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("shape", "published", "rating", "won", "before"),
    [
        ("left", "2026-05-12", ("매수", "유지"), 85_000, 78_000),
        ("right", "2026-04-28", ("Buy", "유지"), 32_000, None),
        ("columns", "2026-08-21", ("중립", "하향"), 5_800, 6_400),
    ],
)
def test_first_page_facts(
    parsed: dict[str, ParsedReport],
    shape: str,
    published: str,
    rating: tuple[str, str],
    won: int,
    before: int | None,
) -> None:
    report, brochure = parsed[shape].report, BROCHURES[shape]
    assert (report.broker, report.corp_name, report.stock_code, report.title, report.pages) == (
        brochure.broker,
        brochure.company,
        brochure.stock_code,
        brochure.title,
        3,
    )
    assert report.published.isoformat() == published
    assert report.rating is not None
    assert report.target is not None
    assert (report.rating.word, report.rating.change, report.rating.page) == (*rating, 1)
    assert (report.target.won, report.target.page) == (won, 1)
    assert (report.previous_target and report.previous_target.won) == before
    assert report.cite(2) == f"증권사 리포트 ({brochure.broker} {published}, 2쪽)"
    assert not parsed[shape].warnings


@pytest.mark.parametrize("shape", BROCHURES)
def test_every_word_of_the_text_is_found_on_its_page(parsed: dict[str, ParsedReport], shape: str) -> None:
    brochure = BROCHURES[shape]
    pages = {
        page: squeezed(" ".join(c.text for c in parsed[shape].chunks if c.page == page)) for page in (1, 2)
    }
    assert all(squeezed(text) in pages[1] for _, text in brochure.summary)
    assert all(squeezed(text) in pages[2] for piece in brochure.pieces for text in piece.paragraphs)
    for rows, page in [(brochure.estimates, 1), *((p.table, 2) for p in brochure.pieces)]:
        assert all(squeezed("|".join(row)) in pages[page] for row in rows)
    for label, value in brochure.facts:
        assert squeezed(label) in pages[1]
        assert squeezed(value) in pages[1]


@pytest.mark.parametrize("shape", BROCHURES)
def test_columns_are_read_one_after_the_other(parsed: dict[str, ParsedReport], shape: str) -> None:
    text = squeezed(" ".join(chunk.text for chunk in parsed[shape].chunks))
    texts = [squeezed(body) for _, body in BROCHURES[shape].summary]
    assert [text.index(body) for body in texts] == sorted(text.index(body) for body in texts)
    assert squeezed(parsed[shape].report.summary).startswith(squeezed(BROCHURES[shape].summary[0][0]))


@pytest.mark.parametrize("shape", BROCHURES)
def test_notices_running_heads_and_page_numbers_are_gone(parsed: dict[str, ParsedReport], shape: str) -> None:
    text = " ".join(f"{s.title} {s.text}" for s in parsed[shape].sections)
    for word in ("Compliance", "법적 책임", "무단", "보유하고 있지", "투자의견 분류", "리서치센터"):
        assert word not in text
    assert "3쪽" not in text
    assert max(c.page or 0 for c in parsed[shape].chunks) == 2


def test_sections_have_their_topic_and_page(parsed: dict[str, ParsedReport]) -> None:
    found = {(s.title, s.topic, s.first_page) for s in parsed["left"].sections}
    assert found >= {
        ("1분기 실적 리뷰", ReportTopic.RESULTS, 2),
        ("2026년 전망과 회사의 가이던스", ReportTopic.OUTLOOK, 2),
        ("밸류에이션", ReportTopic.VALUATION, 2),
        ("리스크 요인", ReportTopic.RISK, 2),
    }
    assert {"1분기 Preview": ReportTopic.OUTLOOK, "투자 위험": ReportTopic.RISK}.items() <= {
        s.title: s.topic for s in parsed["right"].sections
    }.items()
    assert all("증권사 리포트" in chunk.header for chunk in parsed["left"].chunks)


def test_the_same_bytes_give_the_same_report(pdfs: dict[str, bytes]) -> None:
    assert parse_report(pdfs["left"], "a.pdf", COMPANIES) == parse_report(pdfs["left"], "a.pdf", COMPANIES)


def test_markdown_and_text_reports() -> None:
    made = parse_report(MARKDOWN.encode(), "20260309.md", COMPANIES)
    report = made.report
    assert report.title == "다솜건설: 공사대금 소송, 영향은 제한적"
    assert report.target is not None
    assert report.previous_target is not None
    assert (report.broker, report.target.won, report.previous_target.won) == ("마바증권", 5_800, 6_400)
    assert (report.pages, report.cite(1)) == (None, "증권사 리포트 (마바증권 2026-03-09, 1쪽)")
    assert {s.topic for s in made.sections} >= {ReportTopic.SUMMARY, ReportTopic.OUTLOOK, ReportTopic.RISK}
    text = "가나증권 2026-03-10\n가온전자 (990011)\n투자의견 매수\n\f1. 리스크\n환율이 부담이다.\n"
    paged = parse_report(text.encode("cp949"), "메모.txt", COMPANIES)
    assert [(c.page, s.topic) for c, s in zip(paged.chunks, paged.sections, strict=True)][-1] == (
        2,
        ReportTopic.RISK,
    )


def drawn(draw: Callable[[Canvas], None], **options: object) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(GOTHIC))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, **{"pagesize": (595, 842), **options})
    canvas.setFont(GOTHIC, 10)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def typed(*texts: str) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for place, text in enumerate(texts):
            canvas.drawString(50, 780 - 20 * place, text)

    return draw


def scanned(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), "lightgrey")), 0, 0, 595, 842)


COVER = (
    "2026.05.12 가나증권 리서치센터",
    "가온전자 (990011)",
    "목표주가 85,000원, 투자의견 매수(유지)",
    "서버용 메모리의 값이 오르고 있다.",
)


def refusal(data: bytes, name: str = "리포트.pdf") -> str:
    with pytest.raises(UnreadableFiling) as refused:
        parse_report(data, name, COMPANIES)
    return str(refused.value)


def test_what_cannot_be_read_is_refused_in_a_sentence(pdfs: dict[str, bytes]) -> None:
    locked = drawn(typed(*COVER), encrypt=StandardEncryption("비밀", "주인"))
    assert "암호가 걸린 PDF" in refusal(locked)
    assert "스캔한" in refusal(drawn(scanned))
    assert "PDF가 아닌" in refusal(b"<html>not a report</html>")
    assert "PDF가 아닌" in refusal(b"")
    assert "깨졌거나" in refusal(b"%PDF-1.7\n" + b"\x00" * 2_000)
    assert "너무 큽니다" in refusal(b"%PDF-" + b"0" * pdf_text.MAX_BYTES)
    assert "글 파일이 아니거나" in refusal(b"\x00\xff\xfe\x80", "리포트.txt")
    assert "내용이 없는" in refusal(b"\n\n", "리포트.md")


def test_a_pdf_that_only_forbids_changes_is_read() -> None:
    report = parse_report(
        drawn(typed(*COVER), encrypt=StandardEncryption("", "주인", canPrint=0)), "a.pdf", COMPANIES
    ).report
    assert report.target is not None
    assert report.target.won == 85_000


def test_too_many_pages_and_too_much_time_are_refused(
    pdfs: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(canvas: Canvas) -> None:
        for _ in range(pdf_text.MAX_PAGES + 1):
            canvas.showPage()

    assert "쪽수가 지나치게 많은" in refusal(drawn(many))
    monkeypatch.setattr(pdf_text, "_SECONDS", 0.001)
    assert "초 안에" in refusal(pdfs["left"])


LEFT = [f"{n}째 줄은 서버용 메모리의 값이 오른 까닭을 길게 말한다." for n in "가나다라마바사아자차"]
RIGHT = [f"{n}째 줄은 차량용 메모리의 수주가 늘어난 것을 길게 말한다." for n in "가나다라마바사아자차"]


def two_columns(canvas: Canvas) -> None:
    """Drawn across, line by line, as layout programs do; the heading twice, as they embolden."""
    for shift in (0, 0.3):
        canvas.drawString(40 + shift, 790, " ".join(COVER[:3]))
    for place, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        canvas.drawString(40, 740 - 15 * place, left)
        canvas.drawString(330, 740 - 15 * place, right)


def turned(canvas: Canvas) -> None:
    """A landscape sheet stored upright: its text runs upwards until the reader turns the page."""
    canvas.setPageRotation(90)
    canvas.translate(595, 0)
    canvas.rotate(90)
    canvas.setFont(GOTHIC, 10)
    two_columns(canvas)


@pytest.mark.parametrize("draw", [two_columns, turned])
def test_columns_drawn_across_and_turned_pages(draw: Callable[[Canvas], None]) -> None:
    size = (595, 842) if draw is two_columns else (595, 900)
    made = parse_report(drawn(draw, pagesize=size), "a.pdf", COMPANIES)
    text = squeezed(" ".join(chunk.text for chunk in made.chunks))
    assert text.index(squeezed("".join(LEFT))) < text.index(squeezed("".join(RIGHT)))
    assert made.report.target is not None
    assert made.report.target.won == 85_000


YEARS = ("", "2024A", "2025A", "2026E")


def table(rows: list[tuple[str, ...]], top: float = 700) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        typed(*COVER)(canvas)
        for place, row in enumerate(rows):
            y = top - 12 * place
            canvas.drawString(50, y, row[0])
            for column, cell in enumerate(row[1:], 1):
                canvas.drawRightString(150 + 70 * column, y, cell)

    return draw


def test_a_blank_cell_moves_no_number_to_another_year() -> None:
    rows = [
        YEARS,
        ("매출액", "40,124", "43,720", "48,910"),
        ("손익 항목",),
        ("영업이익", "", "4,301", "5,120"),
        ("순이익", "2,512", "", "3,790"),
        ("배당금", "", "", "900"),
    ]
    made = parse_report(drawn(table(rows)), "a.pdf", COMPANIES)
    text = "\n".join(chunk.text for chunk in made.chunks)
    for row in rows:
        assert " | ".join([*row, *[""] * (4 - len(row))]) in text


def test_a_table_that_is_cut_has_its_head_in_every_piece() -> None:
    lines = [(f"항목 {n}째의 긴 이름", f"{n},100", f"{n},200", f"{n},300") for n in range(1, 45)]
    made = parse_report(drawn(table([YEARS, *lines])), "a.pdf", COMPANIES)
    pieces = [chunk.text for chunk in made.chunks if "항목" in chunk.text]
    assert len(pieces) > 1
    assert all(" | 2024A | 2025A | 2026E" in piece for piece in pieces)
    assert sum(piece.count("항목") for piece in pieces) == 44


def test_file_names_as_macos_writes_them() -> None:
    data = drawn(typed(COVER[1], *COVER[2:] * 3))
    report = parse_report(data, unicodedata.normalize("NFD", "20260512_가나증권.pdf"), COMPANIES).report
    assert (report.broker, report.published.isoformat()) == ("가나증권", "2026-05-12")


def test_a_cover_may_stand_before_the_page_of_facts() -> None:
    def draw(canvas: Canvas) -> None:
        typed(*COVER[:2], *COVER[3:] * 3)(canvas)
        canvas.showPage()
        canvas.setFont(GOTHIC, 10)
        typed("투자의견 매수(유지), 목표주가 85,000원", *COVER[3:] * 3)(canvas)

    report = parse_report(drawn(draw), "a.pdf", COMPANIES).report
    assert report.target is not None
    assert (report.target.won, report.target.page) == (85_000, 2)


def test_a_page_that_is_a_picture_is_told() -> None:
    def draw(canvas: Canvas) -> None:
        typed(*COVER, *["서버용 메모리의 평균 판매가격이 오르고 있다고 본다."] * 4)(canvas)
        canvas.showPage()
        scanned(canvas)

    assert parse_report(drawn(draw), "a.pdf", COMPANIES).warnings == ["2쪽은 그림뿐이라 읽지 못했습니다."]


@pytest.mark.parametrize(
    ("gone", "reason"),
    [(0, "발간일"), (1, "어느 회사"), (2, None)],
)
def test_a_report_needs_company_and_date(gone: int, reason: str | None) -> None:
    kept = [text for place, text in enumerate(COVER) if place != gone]
    kept += ["가나증권은 이 회사의 이익이 늘어날 것으로 전망한다"] * 3
    data = drawn(typed(*kept))
    if reason:
        assert reason in refusal(data)
    else:
        made = parse_report(data, "a.pdf", COMPANIES)
        assert (made.report.target, made.report.rating) == (None, None)
        assert made.warnings == ["투자의견과 목표주가를 찾지 못했습니다."]


def test_company_by_code_by_former_name_and_unknown() -> None:
    def subject(*texts: str) -> tuple[str, str | None, int]:
        made = parse_report(drawn(typed(COVER[0], *texts, *COVER[3:] * 3)), "a.pdf", COMPANIES)
        return (
            made.report.corp_name,
            made.report.stock_code,
            sum("공시가 아직 없어" in w for w in made.warnings),
        )

    assert subject("다솜토건 투자의견 매수") == ("다솜건설", "990033", 0)
    assert subject("Gaon Electronics (990011 KS)", "가온전자") == ("가온전자", "990011", 0)
    assert subject("라온소재(999999) 매수") == ("라온소재", "999999", 1)
    assert subject("Company Update 라온소재 (999999)")[0] == "라온소재"
    assert subject("다솜건설", "누계 매출 (202606) 기준") == ("다솜건설", "990033", 0)
    several = drawn(typed(COVER[0], "가온전자 (990011)", "누리바이오 (990022)", *COVER[3:] * 3))
    assert "여러 회사" in refusal(several)
    assert parse_report(several, "20260512_누리바이오.pdf", COMPANIES).report.corp_name == "누리바이오"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.floats(0, 1), hits=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=20))
def test_a_damaged_pdf_is_read_or_refused(
    pdfs: dict[str, bytes], cut: float, hits: list[tuple[float, int]]
) -> None:
    data = bytearray(pdfs["right"])
    for place, value in hits:
        data[int(place * len(data))] = value
    with suppress(UnreadableFiling):
        made = parse_report(bytes(data[: max(1, int(cut * len(data)))]), "a.pdf", COMPANIES)
        assert made.report.corp_name
        assert all(chunk.text for chunk in made.chunks)


def test_files_are_found_and_wrong_paths_refused(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text(MARKDOWN, encoding="utf-8")
    (tmp_path / "a.PDF").write_bytes(b"%PDF-")
    (tmp_path / "c.docx").write_bytes(b"")
    assert [file.name for file in find_reports([tmp_path, tmp_path / "b.md"])] == ["a.PDF", "b.md"]
    with pytest.raises(InputError, match="그런 파일이나 폴더가 없습니다"):
        find_reports([tmp_path / "none"])
    with pytest.raises(UnreadableFiling, match="PDF, md, txt만"):
        open_report(tmp_path / "c.docx")


def test_long_reports_of_many_layouts_keep_their_order(tmp_path: Path) -> None:
    long: Brochure = replace(GAON, pieces=[*GAON.pieces] * 6)
    write_pdf(long, tmp_path / "long.pdf")
    made = parse_report((tmp_path / "long.pdf").read_bytes(), "long.pdf", COMPANIES)
    titles = [s.title for s in made.sections if s.first_page and s.first_page > 1]
    assert titles == [piece.title for piece in long.pieces]
