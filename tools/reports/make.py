"""Write fictional brokers' reports on the sample companies: `python tools/reports/make.py FOLDER`.

No broker, analyst or number here is real. The shapes are those of Korean reports: a banner, a column of
key facts beside the text, pages of two columns with tables, a history of target prices, a notice at the end.
The fonts are the Korean ones every PDF reader brings (they are named, not embedded), so no font is bundled.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

GOTHIC, MYEONGJO = "HYGothic-Medium", "HYSMyeongJo-Medium"
WIDTH, HEIGHT = A4
MARGIN = 15 * mm


@dataclass(frozen=True)
class Piece:
    """A section of the inner pages; `table` follows the text."""

    title: str
    paragraphs: Sequence[str]
    table: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Brochure:
    """What one report says. `facts` are the label and value pairs beside the text of the first page."""

    broker: str
    day: str
    company: str
    stock_code: str
    title: str
    facts: Sequence[tuple[str, str]]
    summary: Sequence[tuple[str, str]]
    pieces: Sequence[Piece]
    estimates: Sequence[Sequence[str]]
    history: Sequence[Sequence[str]] = ()
    shape: str = "left"  # facts left or right of the text, or `columns`: in a strip above two columns of it
    kicker: str = "Company Update"


NOTICE = (
    "본 조사분석자료는 투자자의 증권투자를 돕기 위하여 작성된 것으로, 당사는 본 자료의 내용에 대하여 어떠한 경우에도 법적 책임을 지지 않습니다.",
    "당사는 자료 공표일 현재 {company} 발행주식의 1% 이상을 보유하고 있지 않습니다.",
    "본 자료는 외부의 부당한 압력이나 간섭 없이 작성되었으며, 당사의 허락 없이 무단 복제, 전재할 수 없습니다.",
    "투자의견 분류: 매수 +15% 이상, 중립 -15%~+15%, 매도 -15% 이하 (2026.03.31 기준 매수 84.1%, 중립 15.9%, 매도 0.0%)",
)


def style(name: str, font: str, size: float, **more: object) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.5, wordWrap="CJK", **more)


BODY = style("body", MYEONGJO, 9, alignment=TA_JUSTIFY, spaceAfter=5)
BULLET = style("bullet", GOTHIC, 9.5, spaceBefore=3, spaceAfter=2)
HEAD = style("head", GOTHIC, 11, spaceBefore=6, spaceAfter=4, textColor=colors.HexColor("#1b3a6b"))
TITLE = style("title", GOTHIC, 17, spaceAfter=8)
SMALL = style("small", MYEONGJO, 7)


def write_pdf(report: Brochure, path: Path) -> None:
    """The report as a PDF of three pages or more."""
    for font in (GOTHIC, MYEONGJO):
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    document = BaseDocTemplate(str(path), pagesize=A4, title=report.title, author=report.broker, invariant=1)
    document.addPageTemplates([_first(report), _inner(report)])
    document.build(list(_story(report)))


def _first(report: Brochure) -> PageTemplate:
    banner, foot = 32 * mm, 52 * mm
    inside = WIDTH - 2 * MARGIN
    tall = HEIGHT - 2 * MARGIN - banner - foot
    side = 46 * mm
    main = Frame(MARGIN + side + 5 * mm, MARGIN + foot, inside - side - 5 * mm, tall, 0, 0, 0, 0, id="main")
    facts = Frame(MARGIN, MARGIN + foot, side, tall, 0, 0, 0, 0, id="facts")
    if report.shape == "right":
        main = Frame(MARGIN, MARGIN + foot, inside - side - 5 * mm, tall, 0, 0, 0, 0, id="main")
        facts = Frame(WIDTH - MARGIN - side, MARGIN + foot, side, tall, 0, 0, 0, 0, id="facts")
    below = Frame(MARGIN, MARGIN, inside, foot, 0, 0, 0, 0, id="below")
    if report.shape == "columns":
        strip, gap = 16 * mm, 7 * mm
        wide = (inside - gap) / 2
        facts = Frame(MARGIN, MARGIN + foot + tall - strip, inside, strip, 0, 0, 0, 0, id="facts")
        columns = [
            Frame(x, MARGIN + foot, wide, tall - strip, 0, 0, 0, 0) for x in (MARGIN, MARGIN + wide + gap)
        ]
        return PageTemplate(
            "first", [facts, *columns, below], onPage=lambda canvas, _: _banner(canvas, report)
        )
    order = [facts, main, below] if report.shape == "left" else [main, facts, below]
    return PageTemplate("first", order, onPage=lambda canvas, _: _banner(canvas, report))


def _banner(canvas: Canvas, report: Brochure) -> None:
    canvas.saveState()
    top = HEIGHT - MARGIN
    canvas.setFont(GOTHIC, 9)
    canvas.drawString(MARGIN, top - 9, report.day)
    canvas.drawRightString(WIDTH - MARGIN, top - 9, f"{report.broker} 리서치센터")
    canvas.setFont(GOTHIC, 22)
    canvas.drawString(MARGIN, top - 38, report.company)
    canvas.setFont(GOTHIC, 11)
    canvas.drawString(MARGIN + 24 * len(report.company) + 8, top - 38, f"({report.stock_code})")
    canvas.drawRightString(WIDTH - MARGIN, top - 38, report.kicker)
    canvas.line(MARGIN, top - 48, WIDTH - MARGIN, top - 48)
    _footer(canvas, report, 1)
    canvas.restoreState()


def _footer(canvas: Canvas, report: Brochure, number: int) -> None:
    canvas.setFont(MYEONGJO, 7)
    canvas.drawString(MARGIN, 8 * mm, f"{report.broker} 리서치센터")
    canvas.drawRightString(WIDTH - MARGIN, 8 * mm, str(number))


def _inner(report: Brochure) -> PageTemplate:
    gap = 7 * mm
    wide = (WIDTH - 2 * MARGIN - gap) / 2
    tall = HEIGHT - 2 * MARGIN - 8 * mm
    frames = [
        Frame(MARGIN + place * (wide + gap), MARGIN, wide, tall, 0, 0, 0, 0, id=f"column{place}")
        for place in (0, 1)
    ]

    def page(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont(MYEONGJO, 8)
        canvas.drawString(MARGIN, HEIGHT - MARGIN - 2, f"{report.company} ({report.stock_code})")
        canvas.drawRightString(WIDTH - MARGIN, HEIGHT - MARGIN - 2, report.day)
        _footer(canvas, report, document.page)
        canvas.restoreState()

    return PageTemplate("inner", frames, onPage=page)


def _story(report: Brochure) -> list[Flowable]:
    facts = [_strip(report.facts) if report.shape == "columns" else _facts(report.facts), FrameBreak()]
    text: list[Flowable] = [Paragraph(report.title, TITLE)]
    for place, (lead, paragraph) in enumerate(report.summary):
        if place == 1 and report.shape == "columns":
            text.append(FrameBreak())
        text += [Paragraph(lead, BULLET), Paragraph(paragraph, BODY)]
    text.append(FrameBreak())
    story = [*text, *facts] if report.shape == "right" else [*facts, *text]
    story += [Paragraph("Financial Data", HEAD), _grid(report.estimates, 24 * mm), NextPageTemplate("inner")]
    story.append(PageBreak())
    for piece in report.pieces:
        story.append(Paragraph(piece.title, HEAD))
        story += [Paragraph(text, BODY) for text in piece.paragraphs]
        if piece.table:
            story += [_grid(piece.table, 20 * mm), Spacer(1, 6)]
    story.append(PageBreak())
    if report.history:
        story += [
            Paragraph("투자의견 및 목표주가 변동 추이", HEAD),
            _grid(report.history, 22 * mm),
            Spacer(1, 8),
        ]
    story.append(Paragraph("Compliance Notice", HEAD))
    story += [Paragraph("• " + line.format(company=report.company), SMALL) for line in NOTICE]
    return story


def _facts(pairs: Sequence[tuple[str, str]]) -> Table:
    table = Table(pairs, colWidths=[22 * mm, 24 * mm], rowHeights=14)
    table.setStyle(TableStyle([("FONT", (0, 0), (-1, -1), GOTHIC, 8), ("ALIGN", (1, 0), (1, -1), "RIGHT")]))
    return table


def _strip(pairs: Sequence[tuple[str, str]]) -> Table:
    """Labels with their values under them."""
    table = Table(list(zip(*pairs, strict=True)), colWidths=[30 * mm] * len(pairs), rowHeights=14)
    table.setStyle(TableStyle([("FONT", (0, 0), (-1, -1), GOTHIC, 9), ("ALIGN", (0, 0), (-1, -1), "CENTER")]))
    return table


def _grid(rows: Sequence[Sequence[str]], label: float) -> Table:
    others = (84 * mm - label) / max(1, len(rows[0]) - 1)
    table = Table(rows, colWidths=[label] + [others] * (len(rows[0]) - 1), rowHeights=12, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), MYEONGJO, 7.5),
                ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.grey),
            ]
        )
    )
    return table


GAON = Brochure(
    broker="가나증권",
    day="2026.05.12",
    company="가온전자",
    stock_code="990011",
    title="서버용 메모리가 이끄는 실적",
    facts=[
        ("투자의견", "매수(유지)"),
        ("목표주가", "85,000원(상향)"),
        ("기존 목표주가", "78,000원"),
        ("현재주가(5/11)", "66,400원"),
        ("상승여력", "28.0%"),
        ("시가총액", "16조 6,000억원"),
        ("발행주식수", "250,000,000주"),
        ("52주 최고/최저", "71,200/48,300원"),
        ("외국인 지분율", "31.4%"),
    ],
    summary=[
        (
            "1분기 영업이익은 1조 2,340억원으로 시장 기대를 웃돌았다",
            "1분기 매출액은 11조 8,200억원, 영업이익은 1조 2,340억원을 기록한 것으로 추정한다. 서버용 메모리의 평균 판매가격이 전분기보다 11% 오르면서 반도체 부문의 이익률이 18%까지 높아진 영향이다.",
        ),
        (
            "목표주가를 85,000원으로 올린다",
            "2026년 예상 주당순이익 6,540원에 목표 주가수익비율 13배를 적용하여 목표주가를 종전 78,000원에서 85,000원으로 9% 상향한다. 투자의견은 매수를 유지한다.",
        ),
    ],
    pieces=[
        Piece(
            "1분기 실적 리뷰",
            [
                "반도체 부문의 영업이익은 9,120억원으로 전분기보다 21% 늘어난 것으로 추정한다. 서버용 메모리의 출하량이 8% 늘고 평균 판매가격이 11% 올랐기 때문이다.",
                "가전 부문은 구리 값이 오르고 물류비가 늘어 영업이익이 1,480억원으로 줄었다. 디스플레이 부문은 계절적 비수기에도 손익분기점을 지켰다.",
            ],
            [
                ["(십억원)", "1Q26P", "4Q25", "1Q25", "QoQ"],
                ["매출액", "11,820", "11,240", "9,930", "5.2%"],
                ["영업이익", "1,234", "1,180", "842", "4.6%"],
                ["순이익", "911", "871", "604", "4.6%"],
            ],
        ),
        Piece(
            "2026년 전망과 회사의 가이던스",
            [
                "회사는 2026년 설비투자를 6조원 안팎으로 제시하였고, 당사는 2026년 연간 영업이익을 5조 1,200억원으로 전망한다. 하반기에는 차량용 메모리 신규 라인이 가동되기 시작한다.",
            ],
        ),
        Piece(
            "밸류에이션",
            [
                "목표주가 85,000원은 2026년 예상 주당순이익 6,540원에 목표 배수 13배를 적용하여 산출하였다. 목표 배수는 과거 5년 평균에 10% 할증한 것이다.",
            ],
        ),
        Piece(
            "리스크 요인",
            [
                "원/달러 환율이 10% 떨어지면 연간 영업이익이 약 2,900억원 줄어들 것으로 추정한다. 서버 투자가 하반기에 둔화될 경우 메모리 가격이 예상보다 빨리 꺾일 수 있다.",
            ],
        ),
    ],
    estimates=[
        ["12월 결산(십억원)", "2024A", "2025A", "2026E", "2027E"],
        ["매출액", "40,124", "43,720", "48,910", "52,300"],
        ["영업이익", "3,451", "4,301", "5,120", "5,610"],
        ["순이익", "2,512", "3,161", "3,790", "4,180"],
        ["EPS(원)", "4,410", "5,520", "6,540", "7,210"],
        ["PER(배)", "12.1", "11.9", "10.2", "9.2"],
    ],
    history=[
        ["제시일자", "투자의견", "목표주가(원)"],
        ["2026.05.12", "매수", "85,000"],
        ["2026.02.03", "매수", "78,000"],
        ["2025.11.04", "매수", "70,000"],
    ],
)
NURI = replace(
    GAON,
    broker="다라투자증권",
    day="2026년 4월 28일",
    company="누리바이오",
    stock_code="990022",
    title="누리맙, 유럽 다음은 미국",
    shape="right",
    kicker="Earnings Preview",
    facts=[
        ("Rating", "Buy (Maintain)"),
        ("Target Price", "₩32,000"),
        ("Price (4/27)", "₩24,150"),
        ("Upside", "32.5%"),
        ("Market Cap", "₩772.8bn"),
        ("Shares", "32,000,000"),
    ],
    summary=[
        (
            "1분기 영업이익 62억원 전망",
            "누리맙의 유럽 처방이 늘고 위탁생산 공장의 가동률이 높아져 1분기 매출액은 708억원, 영업이익은 62억원으로 추정한다. 연구개발비는 165억원으로 전분기와 비슷할 것으로 본다.",
        ),
        (
            "미국 임상 3상의 중간 결과가 하반기에 나온다",
            "중간 결과가 좋으면 미국 허가 신청이 2027년 상반기로 앞당겨질 수 있다. 당사는 성공 확률을 60%로 가정하고 있다.",
        ),
    ],
    pieces=[
        Piece(
            "1분기 Preview",
            [
                "위탁생산 부문의 수주잔고는 1,310억원으로 추정하며, 공장 가동률은 전분기 71%에서 78%로 높아진 것으로 본다. 환율 효과는 크지 않았을 것으로 추정한다.",
            ],
            [
                ["(억원)", "1Q26E", "4Q25", "1Q25"],
                ["매출액", "708", "671", "588"],
                ["영업이익", "62", "55", "31"],
            ],
        ),
        Piece(
            "Valuation",
            [
                "영업가치는 현금흐름 할인으로, 누리맙의 미국 가치는 성공 확률 60%를 반영하여 주당 9,800원으로 산출하였다."
            ],
        ),
        Piece(
            "투자 위험",
            [
                "임상 3상이 실패하면 목표주가를 구성하는 가치의 31%가 사라진다. 배양액의 70%를 한 회사에서 사들이는 점도 부담이다."
            ],
        ),
    ],
    estimates=[
        ["(억원)", "2024A", "2025A", "2026E", "2027E"],
        ["매출액", "2,468", "2,610", "3,020", "3,540"],
        ["영업이익", "183", "204", "291", "402"],
        ["지배순이익", "121", "148", "219", "311"],
    ],
    history=[
        ["제시일자", "투자의견", "목표주가(원)"],
        ["2026.04.28", "매수", "32,000"],
        ["2026.01.20", "매수", "32,000"],
        ["2025.10.30", "매수", "28,000"],
    ],
)
DASOM = Brochure(
    broker="마바증권",
    day="2026/08/21",
    company="다솜건설",
    stock_code="990033",
    title="수주잔고는 늘고 이익률은 더디다",
    shape="columns",
    kicker="기업 분석",
    facts=[
        ("투자의견", "중립(하향)"),
        ("목표주가", "5,800원"),
        ("직전 목표주가", "6,400원"),
        ("현재주가", "5,520원"),
        ("상승여력", "5.1%"),
    ],
    summary=[
        (
            "2분기 영업이익은 96억원으로 추정을 밑돌았다",
            "2분기 매출액은 2,180억원으로 전년 동기보다 3% 줄었고 영업이익은 96억원에 그쳤다. 주택 현장의 원가율이 93%까지 오르고 하자보수 충당금 31억원을 더 쌓은 탓이다. 토목 부문의 이익률은 6%로 지난해와 같았으나 매출이 줄어 이익을 지키지 못했다. 수주잔고는 1조 9,400억원으로 여덟 분기 만에 가장 많다.",
        ),
        (
            "전환사채의 전환가액 조정이 부담이다",
            "전환사채 500억원의 전환가액이 6,250원에서 낮아질 수 있어 주당 가치가 희석될 위험이 있다. 모두 전환되면 주식 수가 12.5% 늘어난다. 소송 충당금은 아직 쌓지 않았으며, 1심 판결이 연말에 나올 것으로 예상한다. 부채비율은 214%로 업계 평균보다 높지만 만기가 고르게 나뉘어 있다.",
        ),
    ],
    pieces=[
        Piece(
            "하반기 전망",
            ["하반기 영업이익은 248억원으로 추정한다. 분양이 예정대로 이루어지면 주택 매출이 늘어난다."],
        ),
        Piece(
            "밸류에이션",
            ["목표 주가순자산비율 0.4배를 적용하였다. 업황이 나아지기 전까지 배수를 올리기 어렵다."],
        ),
    ],
    estimates=[
        ["(억원)", "2024A", "2025A", "2026E"],
        ["매출액", "9,120", "8,910", "8,740"],
        ["영업이익", "471", "443", "412"],
    ],
)
MARKDOWN = """# 다솜건설: 공사대금 소송, 영향은 제한적

- 증권사: 마바증권
- 발간일: 2026-03-09
- 종목: 다솜건설 (990033)
- 투자의견: 중립(하향)
- 목표주가: 5,800원 (기존 6,400원)

## 요약

미르산업과의 공사대금 소송은 청구액이 자기자본의 6.3%에 그쳐 영향이 제한적이라고 본다. 다만 전환사채의 전환가액 조정이 이어져 주당 가치는 낮아진다.

## 실적 전망

2026년 영업이익은 412억원으로 전년보다 7% 줄 것으로 추정한다.

| (억원) | 2025A | 2026E |
| --- | --- | --- |
| 매출액 | 8,910 | 8,740 |
| 영업이익 | 443 | 412 |

## 리스크

전환사채 500억원이 모두 전환되면 주식 수가 12.5% 늘어난다.
"""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_pdf(GAON, folder / "20260512_가나증권_가온전자.pdf")
    write_pdf(NURI, folder / "20260428_다라투자증권_누리바이오.pdf")
    write_pdf(DASOM, folder / "마바_다솜건설_0821.pdf")
    (folder / "20260309_마바증권_다솜건설.md").write_text(MARKDOWN, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
