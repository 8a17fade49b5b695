"""Tables as Korean sentences that carry company, period, basis, unit and comparison."""

import re
from collections.abc import Sequence
from decimal import Decimal

from core.etl.document import Table
from core.korean import amount, parse_amount, particle
from core.model import Figure, Filing

_MAIN = re.compile(
    r"^(?:수익\(매출액\)|매출액|영업수익|매출총이익|영업이익|영업손실|법인세비용차감전|.*당기순이익|.*당기순손실|.*반기순이익|.*분기순이익"
    r"|자산\s*총계|부채\s*총계|자본\s*총계|유동자산|유동부채|현금및현금성자산|재고자산|차입금|.*활동.*현금흐름|.*주당.*이익|.*주당.*손실)"
)
_STATEMENT = re.compile(r"요약재무정보|재무제표$|재무상태표|손익계산서|현금흐름표")
_MAX_SENTENCES = 24
_LABEL = re.compile(r"^(?:[\s\-※]|\d{1,2}(?:-\d)?[.)])+")
# What an investor asks of an event, in order: what, how much, against what, with whom, when, why.
_LEAD = (
    (
        "what",
        re.compile(
            r"계약명|투자대상|제목|사채의종류|신주의종류와수|배당구분|배당종류|사건의명칭|해지계약명|양수영업|발행회사|계약구분|계약내용"
        ),
    ),
    (
        "amount",
        re.compile(
            r"^(?:\d\.)?(?:.*계약내역.*)?.*(?:계약금액|투자금액|해지금액|권면.*총액|양수가액|양수금액|양도금액|배당금총액|1주당배당금|취득예정금액|청구금액|발행가액|시설자금|운영자금)"
        ),
    ),
    ("ratio", re.compile(r"대비\(%\)|시가배당률|지분비율\(%\)|표면이자율|전환가액")),
    ("party", re.compile(r"계약상대|거래상대|원고|양도인|배정대상")),
    (
        "when",
        re.compile(
            r"시작일|종료일|만기일|납입일|배당기준일|계약\(수주\)일자|이사회결의일|해지일자|지급예정일|신주배정기준일|결정일"
        ),
    ),
    ("why", re.compile(r"목적|사유")),
)
_MAX_LEAD_VALUE = 80


def period_words(period: str) -> str:
    """`2022.06 누적` → `2022년 1~6월 누적`, `2022.06 말` → `2022년 6월 말`, `2024` → `2024년`."""
    if "~" in period:  # a fiscal year that begins in another month than January
        begin, end = period.removesuffix(" 누적").split("~")
        return f"{begin[:4]}년 {int(begin[5:])}월~{end[:4]}년 {int(end[5:])}월"
    year, _, rest = period.partition(".")
    if not rest:
        return f"{year}년"
    month, _, kind = rest.partition(" ")
    number = int(month)
    if kind == "말":
        return f"{year}년 {number}월 말"
    first = number - 2 if kind == "3개월" else 1
    return f"{year}년 {first}~{number}월 {kind}"


def narrate_figures(filing: Filing, section: str, table: Table, figures: Sequence[Figure]) -> list[str]:
    """Sentences for the main rows of a statement; other tables speak through their compact form."""
    where = section + " ".join(table.captions)
    if not _STATEMENT.search(where.replace(" ", "")):
        return []
    rows: dict[int, list[Figure]] = {}
    for figure in figures:
        if figure.segment is None and figure.period and not figure.disputed and _MAIN.match(figure.account):
            rows.setdefault(figure.row_no, []).append(figure)
    said = [_sentence(filing, row) for row in rows.values()]
    return said[:_MAX_SENTENCES]


def _sentence(filing: Filing, row: Sequence[Figure]) -> str:
    now = row[0] if not (row[0].period or "").endswith("3개월") else _cumulative(row)
    basis = f"{now.basis} 기준 " if now.basis else ""
    when = period_words(now.period or "")
    name = particle(now.account, "은/는")
    shown = amount(now.value, now.unit)
    lead = f"{filing.corp_name}의 {when} {basis}{name}"
    before = next((f for f in row if f is not now and _comparable(now, f)), None)
    if before is None:
        return f"{lead} {shown}이다."
    then = f"{period_words(before.period or '')}({amount(before.value, before.unit)})"
    return f"{lead} {particle(shown, '으로/로')} {then}{_change(now.value, before.value)}."


def _cumulative(row: Sequence[Figure]) -> Figure:
    return next((f for f in row if not (f.period or "").endswith("3개월")), row[0])


def _comparable(now: Figure, other: Figure) -> bool:
    """The same kind of period, earlier."""
    a, b = now.period or "", other.period or ""
    return a[:4] > b[:4] and a[7:] == b[7:] and (a[4:7] == b[4:7] or a.endswith("말"))


def _change(now: Decimal, before: Decimal) -> str:
    if before < 0 < now:
        return "에서 흑자로 돌아섰다"
    if now < 0 < before:
        return "에서 적자로 돌아섰다"
    if before <= 0 or now < 0:
        return "와 견주어진다"
    rate = ((now - before) / before * 100).quantize(Decimal("0.1"))
    if rate == 0:
        return "와 거의 같다"
    return f"보다 {abs(rate)}% {'늘었다' if rate > 0 else '줄었다'}"


def narrate_form(filing: Filing, tables: Sequence[Table]) -> list[str]:
    """The first sentence of an event filing: what, how much, against what, with whom, when, why."""
    rows = labelled_rows(tables)
    parts: list[str] = []
    for _, pattern in _LEAD:
        found = 0
        for label, value in rows:
            squeezed = re.sub(r"\s", "", label)
            if (
                found < 2
                and pattern.search(squeezed)
                and value not in ("-", "")
                and len(value) <= _MAX_LEAD_VALUE
            ):
                parts.append(f"{_short(label)} {_valued(label, value)}")
                found += 1
    if not parts:
        return []
    report = re.sub(r"^\[[^\]]*\]", "", filing.report_nm)
    said = ", ".join(dict.fromkeys(" ".join(part.split()) for part in parts))
    return [
        (
            f"{particle(filing.corp_name, '은/는')} {filing.rcept_dt:%Y-%m-%d}에"
            f" {particle(report, '을/를')} 공시했다: {said}."
        )
    ]


def labelled_rows(tables: Sequence[Table]) -> list[tuple[str, str]]:
    """(label path, value) of every row of a label/value form."""
    found: list[tuple[str, str]] = []
    for table in tables:
        for row_no, row in enumerate(table.grid):
            cells = [c for c in dict.fromkeys(row) if c.text]
            if len(cells) >= 2 and any(c.row == row_no for c in cells):
                found.append((" ".join(c.text for c in cells[:-1]), cells[-1].text))
    return found


def _short(label: str) -> str:
    last = re.sub(r"\([^)]*\)$", "", label).strip()
    return _LABEL.sub("", last.split(". ")[-1].split("- ")[-1]).strip()


def _valued(label: str, value: str) -> str:
    """`22조 7,648억원` for a cell of 원; the cell's own words otherwise."""
    number = parse_amount(value)
    unit = re.search(r"\((원|주|%|명)\)", label)
    if number is None or unit is None:
        return " ".join(value.split())
    return amount(number, unit[1])
