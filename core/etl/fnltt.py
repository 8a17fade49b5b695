"""fnlttSinglAcntAll → statements: every line with its figures.

https://opendart.fss.or.kr/guide/detail.do?apiGrpCd=DS003&apiId=2019020. Amounts are in full units of
`currency`, without commas; `-` and an empty value are no value. In an interim (comprehensive) income
statement `_amount` is of three months and `_add_amount` of the fiscal year so far; cash flows and changes
in equity are of the fiscal year so far. The answer names no day: the closing month is the filing's own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.etl.document import Paragraph, Section, Table
from core.etl.fiscal import Calendar, balance_at, before
from core.etl.grid import expand
from core.etl.headings import nature
from core.etl.labels import clean_account
from core.etl.supplement import STATEMENTS, Row, Supplement
from core.etl.units import table_units, unit_for, unit_words
from core.korean import parse_amount
from core.model import Figure, Filing

ROOT = "OpenDART 전체 재무제표"
_BASES = dict(zip(STATEMENTS, ("연결", "별도"), strict=True))
_AMOUNTS = {  # field → what names its term, terms back
    "thstrm_amount": ("thstrm_nm", 0),
    "thstrm_add_amount": ("thstrm_nm", 0),
    "frmtrm_amount": ("frmtrm_nm", 1),
    "frmtrm_q_amount": ("frmtrm_q_nm", 1),
    "frmtrm_add_amount": ("frmtrm_q_nm", 1),
    "bfefrmtrm_amount": ("bfefrmtrm_nm", 2),
}
_ANNUAL = "11011"
_MONTHS = {"11013": 3, "11012": 6, "11014": 9, _ANNUAL: 12}  # of the fiscal year, at the end of the report
_INCOME = frozenset(("IS", "CIS"))
_TERM = re.compile(r"제?\s*(\d{1,3})\s*(?:\(\s*[당전]+\s*\)\s*)?기")
_INTERIM = re.compile(r"분기|반기")
_CONCEPT = re.compile(r"^[A-Za-z][\w.-]*_\w+", re.ASCII)  # else `-표준계정코드 미사용-`
_MEMBER = re.compile(r" ?\[[^\[\]]*\]")
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Line:
    """One account of a statement: the cells of its row of the table, and the figures in them."""

    cells: Sequence[str]
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class AnsweredStatement:
    """`path` is (`OpenDART 전체 재무제표`, `연결 재무상태표`); `header` stands over the lines' cells."""

    path: tuple[str, str]
    currency: str
    header: Sequence[str]
    lines: Sequence[Line]

    @property
    def figures(self) -> list[Figure]:
        return [figure for line in self.lines for figure in line.figures]


def read_statements(supplement: Supplement, filing: Filing) -> list[AnsweredStatement]:
    """Of rows that name this filing; none for a filing without a closing month."""
    found: list[AnsweredStatement] = []
    for fs_div, basis in _BASES.items():
        by_statement: dict[str, list[Row]] = {}
        for row in supplement.get(fs_div, ()):
            if filing.period and row.get("rcept_no") == filing.rcept_no and row.get("sj_nm"):
                by_statement.setdefault(f"{basis} {clean_account(row['sj_nm'])}", []).append(row)
        for name, rows in by_statement.items():
            first = sum(len(one.lines) for one in found)  # a row is of one line alone, `ord` of several
            found.append(_statement(filing, (ROOT, name), basis, rows, first))
    return found


def statement_section(statement: AnsweredStatement) -> Section:
    grid = [statement.header, *(line.cells for line in statement.lines)]
    unit = "원" if statement.currency == "KRW" else statement.currency
    table = Table(0, expand([[(text, 1, 1, None) for text in row] for row in grid]), 1, unit or None)
    return Section(statement.path, [table])


def only(statement: AnsweredStatement, kept: Mapping[Figure, Figure]) -> AnsweredStatement | None:
    """The lines that have one of these figures, which are replaced; None when there is none."""
    lines = [
        replace(line, figures=[kept[figure] for figure in line.figures if figure in kept])
        for line in statement.lines
        if not kept.keys().isdisjoint(line.figures)
    ]
    return replace(statement, lines=lines) if lines else None


def disputes_section(disputes: Sequence[str]) -> Section:
    return Section((ROOT, "공시 문서와 다른 값"), [Paragraph(said) for said in disputes])


def _statement(
    filing: Filing, path: tuple[str, str], basis: str, rows: Sequence[Row], first: int
) -> AnsweredStatement:
    amounts = [name for name in _AMOUNTS if any(parse_amount(row.get(name, "")) is not None for row in rows)]
    details = any(_members(row) for row in rows)
    header = ["계정", *(["구성요소"] if details else []), *(_heading(name, rows) for name in amounts)]
    lines = []
    for row_no, row in enumerate(rows, first):
        cells = [
            _plain(row.get("account_nm", "")),
            *([_members(row)] if details else []),
            *(row.get(name, "").strip() for name in amounts),
        ]
        lines.append(Line(cells, list(_figures(filing, path, basis, row, row_no, rows))))
    return AnsweredStatement(path, rows[0].get("currency", ""), header, lines)


def _figures(
    filing: Filing, path: tuple[str, str], basis: str, row: Row, row_no: int, rows: Sequence[Row]
) -> Iterator[Figure]:
    account, unit = clean_account(_plain(row.get("account_nm", ""))), _unit(row)
    calendar = _calendar(row, filing)
    if not account or unit is None or calendar is None:
        return
    concept = row.get("account_id", "")
    for column_no, name in enumerate(_AMOUNTS, 1):
        value, period = parse_amount(row.get(name, "")), _period(name, row, account, calendar)
        if value is None or period is None:
            continue
        yield Figure(
            rcept_no=filing.rcept_no,
            corp_code=filing.corp_code,
            account=account,
            value=value,
            unit=unit,
            period=period,
            basis=basis,
            section=" > ".join(path),
            table=0,
            row=_plain(row["account_nm"]),
            column=_heading(name, rows),
            row_no=row_no,
            column_no=column_no,
            cell=row[name].strip(),
            caption=path[1],
            segment=(_members(row) or path[1]) if row.get("sj_div") == "SCE" else None,
            concept=concept if _CONCEPT.fullmatch(concept) else None,
            origin="fnltt",
        )


def _unit(row: Row) -> str | None:
    """원 for KRW, else the currency by its code; a line that counts shares or per cent has its own unit."""
    currency = row.get("currency", "")
    if currency != "KRW":
        return currency if _CURRENCY.fullmatch(currency) else None
    unit = unit_for(unit_words(row.get("account_nm", "")), unit_words(), "", table_units("원"))
    return unit[0] if unit and unit[1] == 1 else None


def _period(name: str, row: Row, account: str, calendar: Calendar) -> str | None:
    """As figures of documents spell it; None where the answer does not say which period it means."""
    term, back = _AMOUNTS[name]
    said, kind = row.get(term, ""), row.get("sj_div", "")
    now, then = _TERM.search(row.get("thstrm_nm", "")), _TERM.search(said)
    if now and then and int(now[1]) - int(then[1]) != back:
        return None  # not the term before: a column is out of place
    running, interim = name.endswith("add_amount"), row.get("reprt_code") != _ANNUAL
    if kind == "BS" and interim and name == "frmtrm_amount" and not _INTERIM.search(said):
        closing = calendar.closing(1)
        return balance_at(closing) if closing else None
    if (running and kind not in _INCOME) or (name == "bfefrmtrm_amount" and interim):
        return None
    if name == "frmtrm_q_amount" or running:
        if not interim or kind == "BS":
            return None
    elif name == "frmtrm_amount" and interim and not _INTERIM.search(said):
        return None
    end = calendar.year - back, calendar.month
    if kind == "BS":
        return balance_at(end)
    flow = calendar.flow(end, three=interim and kind in _INCOME and not running)
    _, _, opens, closes = nature(account)
    if flow and opens:
        return calendar.before_opening(flow)
    return balance_at(end) if closes else flow


def _calendar(row: Row, filing: Filing) -> Calendar | None:
    """The filing's closing month, and the fiscal year's, which the kind of report tells."""
    assert filing.period is not None  # noqa: S101  # read_statements
    own = int(filing.period[:4]), int(filing.period[5:7])
    months = _MONTHS.get(row.get("reprt_code", ""))
    return None if months is None else Calendar(*own, before(own, months)[1])


def _heading(name: str, rows: Sequence[Row]) -> str:
    term = _AMOUNTS[name][0]
    said = next((_plain(row[term]) for row in rows if row.get(term)), "")
    if rows[0].get("sj_div") in _INCOME and rows[0].get("reprt_code") != _ANNUAL:
        return f"{said} {'누적' if name.endswith('add_amount') else '3개월'}".strip()
    return said or {"thstrm_nm": "당기", "bfefrmtrm_nm": "전전기"}.get(term, "전기")


def _members(row: Row) -> str:
    """`자본 [member]|지배기업 소유주지분|자본금 [member]` → `자본 지배기업 소유주지분 자본금`."""
    detail = row.get("account_detail", "").strip()
    if detail in ("", "-"):
        return ""
    return " ".join(_plain(_MEMBER.sub("", part)) for part in detail.split("|"))


def _plain(text: str) -> str:
    return " ".join(text.split())
