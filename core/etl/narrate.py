"""Tables as Korean sentences that carry company, period, basis, unit and comparison."""

import re
from collections.abc import Sequence
from decimal import Decimal

from core.etl.document import Table
from core.korean import amount, particle
from core.model import Figure, Filing

_MAIN = re.compile(
    r"^(?:수익\(매출액\)|매출액|영업수익|매출총이익|영업이익|영업손실|법인세비용차감전|.*당기순이익|.*당기순손실|.*반기순이익|.*분기순이익"
    r"|자산\s*총계|부채\s*총계|자본\s*총계|유동자산|유동부채|현금및현금성자산|재고자산|차입금|.*활동.*현금흐름|.*주당.*이익|.*주당.*손실)"
)
_STATEMENT = re.compile(r"요약재무정보|재무제표$|재무상태표|손익계산서|현금흐름표")
_MAX_SENTENCES = 24
_MOST_RATE = 100_000  # percent; beyond it one of the two is no amount to compare with


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
    return f"{lead} {particle(shown, '으로/로')} {then}{change(now.value, before.value) or '와 견주어진'}다."


def _cumulative(row: Sequence[Figure]) -> Figure:
    return next((f for f in row if not (f.period or "").endswith("3개월")), row[0])


def _comparable(now: Figure, other: Figure) -> bool:
    """The same kind of period, earlier."""
    a, b = now.period or "", other.period or ""
    return a[:4] > b[:4] and a[7:] == b[7:] and (a[4:7] == b[4:7] or a.endswith("말"))


def change(now: Decimal, before: Decimal) -> str | None:
    """`보다 15.5% 늘었`, to which 다, 고 or 으며 is added; None between two losses and a thousandfold."""
    if before < 0 < now:
        return "에서 흑자로 돌아섰"
    if now < 0 < before:
        return "에서 적자로 돌아섰"
    if before <= 0 or now < 0:
        return None
    rate = (now - before) / before * 100
    if rate > _MOST_RATE:
        return None
    rate = rate.quantize(Decimal("0.1"))
    if rate == 0:
        return "와 거의 같"
    return f"보다 {abs(rate)}% {'늘었' if rate > 0 else '줄었'}"
