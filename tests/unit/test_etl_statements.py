"""Balance sheet, income statement and cash flow of real reports, samples and statements made at random."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from core.etl.figures import extract_figures
from core.etl.read import read_document
from core.etl.source import discover, listing, open_source
from core.etl.statements import Statement, statements_of
from core.model import Figure, Filing

REPO = Path(__file__).parents[2]
REAL = REPO.parent / "shared" / "data" / "filings"
SAMPLES = REPO / "samples"
HALF, AUDIT = "20220816001711.xml", "20250318000688_00761.xml"
MAIN = ("재무상태표", "손익계산서", "포괄손익계산서", "자본변동표", "현금흐름표")
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/filings is not there")


@cache
def statements(path: Path) -> list[Statement]:
    (source,) = discover([path])
    data, member, _ = open_source(source)
    document = read_document(data, member)
    return statements_of(document, extract_figures(document, listing(document, source, member)))


def one(path: Path, kind: str, basis: str) -> Statement:
    (found,) = [s for s in statements(path) if (s.kind, s.basis) == (kind, basis)]
    return found


# ── found ────────────────────────────────────────────────────────────────────────────────────────


@real
@pytest.mark.parametrize(("name", "bases"), [(HALF, ("연결", "별도")), (AUDIT, ("연결",))])
def test_every_statement_of_a_real_report_is_found_once(name: str, bases: Sequence[str]) -> None:
    found = [(s.kind, s.basis) for s in statements(REAL / name) if s.kind in MAIN]
    assert sorted(found) == sorted((kind, basis) for kind in MAIN for basis in bases)


@pytest.mark.parametrize("name", ["20250318000911.xml", "20250320000912.zip"])
def test_every_statement_of_a_sample_is_found(name: str) -> None:
    kinds = ("요약재무정보", "재무상태표", "손익계산서", "현금흐름표")
    assert [(s.kind, s.basis) for s in statements(SAMPLES / name)] == [
        *((kinds[0], basis) for basis in ("연결", "별도")),
        *((kind, "연결") for kind in kinds[1:]),
        *((kind, "별도") for kind in kinds[1:]),
    ]


# ── read again, by other means ───────────────────────────────────────────────────────────────────

WON = {"원": 1, "천원": 10**3, "백만원": 10**6}
NUMBER = re.compile(r"\(?(\d{1,3}(?:,\d{3})*|\d+)\)?")
Line = tuple[str, tuple[int, ...]]


@cache
def raw(name: str) -> etree._Element:
    data = (REAL / name).read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp949")
    return etree.fromstring(
        re.sub(r"^.*?\?>", "", text, count=1, flags=re.DOTALL), etree.XMLParser(recover=True, huge_tree=True)
    )


def words(element: etree._Element) -> str:
    return re.sub(r"[\s　]+", "", "".join(map(str, element.itertext())))


def lines_of(title: str, name: str) -> tuple[int, list[Line]]:
    """(what the unit over the statement multiplies by, its rows as label and values), by plain lxml.

    `title` is what the layout table over it begins with, squeezed.
    """
    tables = raw(name).findall(".//TABLE")
    (at,) = [i for i, t in enumerate(tables) if words(t).startswith(title + "제") and "단위:" in words(t)]
    (unit,) = re.findall(r"단위:(\w+)", words(tables[at]))
    rows = []
    for row in tables[at + 1].findall("./TBODY/TR"):
        texts = [words(cell).rstrip("=") for cell in row.findall("./TD")]
        shown = [text for text in texts[1:] if NUMBER.fullmatch(text) and re.search(r"\d", text)]
        if name == AUDIT:  # the second column counts the notes
            shown = [text for text in texts[2:] if NUMBER.fullmatch(text)]
        values = tuple(int(re.sub(r"\D", "", t)) * (-1 if t.startswith("(") else 1) for t in shown)
        if values:
            rows.append((texts[0], values))
    return WON[unit], rows


SHEET = ("2022.06 말", "2021.12 말")
INCOME = ("2022.06 3개월", "2022.06 누적", "2021.06 3개월", "2021.06 누적")
CASH = ("2022.06 누적", "2021.06 누적")
YEARS = ("2024", "2023")


@real
@pytest.mark.parametrize(
    ("name", "title", "kind", "basis", "periods", "least"),
    [
        (HALF, "연결재무상태표", "재무상태표", "연결", SHEET, 50),
        (HALF, "연결손익계산서", "손익계산서", "연결", INCOME, 17),
        (HALF, "연결포괄손익계산서", "포괄손익계산서", "연결", INCOME, 12),
        (HALF, "연결현금흐름표", "현금흐름표", "연결", CASH, 36),
        (HALF, "재무상태표", "재무상태표", "별도", SHEET, 44),
        (HALF, "손익계산서", "손익계산서", "별도", INCOME, 14),
        (HALF, "포괄손익계산서", "포괄손익계산서", "별도", INCOME, 6),
        (HALF, "현금흐름표", "현금흐름표", "별도", CASH, 28),
        (AUDIT, "연결재무상태표", "재무상태표", "연결", ("2024.12 말", "2023.12 말"), 48),
        (AUDIT, "연결손익계산서", "손익계산서", "연결", YEARS, 20),
        (AUDIT, "연결포괄손익계산서", "포괄손익계산서", "연결", YEARS, 14),
        (AUDIT, "연결현금흐름표", "현금흐름표", "연결", YEARS, 46),
    ],
)
def test_every_line_is_as_lxml_alone_reads_it(
    name: str, title: str, kind: str, basis: str, periods: tuple[str, ...], least: int
) -> None:
    scale, expected = lines_of(title, name)
    assert len(expected) >= least
    rows: dict[int, list[Figure]] = defaultdict(list)
    for figure in one(REAL / name, kind, basis).lines:
        rows[figure.row_no].append(figure)
    assert len(rows) == len(expected)
    for row, (label, values) in zip(rows.values(), expected, strict=True):
        per_share = "주당" in row[0].account
        assert not label or re.sub(r"\s", "", row[0].row) == label
        assert tuple(f.value for f in row) == tuple(v * (1 if per_share else scale) for v in values)
        assert all((f.unit, f.basis, f.segment) == ("원", basis, None) for f in row)
        if label.startswith("기초"):
            assert [f.period for f in row] == [f"{int(p[:4]) - 1}.12 말" for p in periods]
        elif label.startswith("기말"):
            assert [f.period for f in row] == [f"{p[:4]}.{p[5:7] or '12'} 말" for p in periods]
        elif len(row) == len(periods):
            assert tuple(f.period for f in row) == periods
        else:  # a `-` stands in the other column
            assert row[0].period in periods


# ── arithmetic ───────────────────────────────────────────────────────────────────────────────────

Column = dict[str, Decimal]
SUMS = (
    ("자산총계", ("부채총계", "자본총계"), ()),
    ("자산총계", ("유동자산", "비유동자산"), ()),
    ("매출총이익", ("매출액",), ("매출원가",)),
    ("영업이익", ("매출총이익",), ("판매비와관리비",)),
)
OPENING, CLOSING = re.compile(r"기초.*현금"), re.compile(r"기말.*현금")
CHANGE = re.compile(r"현금및현금성자산의(?:순)?(?:증가|증감|감소)")


def columns(statement: Statement) -> Iterator[tuple[int, list[Figure]]]:
    """Every column of values of a statement, since 기초 and 기말 are of other days than the rest."""
    by_column: dict[int, list[Figure]] = defaultdict(list)
    for figure in statement.lines:
        if figure.segment is None and not figure.disputed:
            by_column[figure.column_no].append(figure)
    yield from by_column.items()


def account(figure: Figure) -> str:
    name = re.sub(r"\s", "", figure.account).replace("수익(매출액)", "매출액")
    return re.sub(r"\([^)]*\)", "", name)


def identities(figures: Sequence[Figure]) -> Iterator[tuple[str, bool]]:
    """(the sum, whether it holds to the rounding of its terms) of every one that the column has."""
    values = {account(figure): figure.value for figure in reversed(figures)}  # the first of a name
    unit = max(figure.scale for figure in figures)
    for total, plus, minus in SUMS:
        if {total, *plus, *minus} <= values.keys():
            rest = sum(values[p] for p in plus) - sum(values[m] for m in minus)
            yield f"{total} = {plus} - {minus}", abs(values[total] - rest) <= 2 * unit
    cash = {
        kind: [i for i, f in enumerate(figures) if pattern.search(account(f))]
        for kind, pattern in (("opening", OPENING), ("closing", CLOSING), ("change", CHANGE))
    }
    if all(len(places) == 1 for places in cash.values()):
        (opening,), (closing,), (change,) = cash.values()
        grown = figures[closing].value - figures[opening].value
        after = [f.value for i, f in enumerate(figures) if i > change and i not in (opening, closing)]
        fits = [figures[change].value, figures[change].value + sum(after)]  # exchange effects before or after
        yield "기말현금 = 기초현금 + 증감", any(abs(grown - one) <= 2 * unit for one in fits)


def checked(found: Sequence[Statement]) -> list[tuple[str, bool]]:
    return [
        (f"{s.kind} {s.basis} 표 {s.table} 열 {column}: {name}", holds)
        for s in found
        for column, figures in columns(s)
        for name, holds in identities(figures)
    ]


@real
@pytest.mark.parametrize(("name", "least"), [(HALF, 40), (AUDIT, 10)])
def test_the_statements_of_a_real_report_add_up(name: str, least: int) -> None:
    sums = checked(statements(REAL / name))
    assert len(sums) >= least
    assert [said for said, holds in sums if not holds] == []


@pytest.mark.parametrize(
    ("name", "least"), [("20250318000911.xml", 36), ("20250320000912.zip", 36), ("20251114000913.xml", 2)]
)
def test_the_statements_of_a_sample_add_up(name: str, least: int) -> None:
    sums = checked(statements(SAMPLES / name))
    assert len(sums) >= least
    assert [said for said, holds in sums if not holds] == []


def test_a_statement_that_does_not_add_up_is_seen() -> None:
    """The identities themselves can fail."""
    sheet = one(SAMPLES / "20250318000911.xml", "재무상태표", "연결")
    (_, figures), *_ = columns(sheet)
    wrong = [f for f in figures if account(f) != "자본총계"]
    assert not all(holds for _, holds in identities([*wrong, wrong[0]._replace(account="자본총계")]))


# ── statements made at random ────────────────────────────────────────────────────────────────────

AMOUNT = st.integers(-(10**7), 10**8)
STYLES = (lambda v: f"({-v:,})", lambda v: f"△{-v:,}", lambda v: f"-{-v:,}")


def shown(value: int, style: int) -> str:
    return STYLES[style](value) if value < 0 else f"{value:,}"


@settings(deadline=None, max_examples=60)  # other work shares the cores
@given(
    parts=st.lists(st.tuples(*[AMOUNT] * 7), min_size=2, max_size=2),
    unit=st.sampled_from(sorted(WON)),
    style=st.integers(0, 2),
    consolidated=st.booleans(),
    spaced=st.booleans(),
    ruled=st.booleans(),
    notes=st.booleans(),
)
def test_a_statement_made_at_random_comes_back_and_adds_up(
    *,
    parts: list[tuple[int, ...]],
    unit: str,
    style: int,
    consolidated: bool,
    spaced: bool,
    ruled: bool,
    notes: bool,
) -> None:
    """Two columns of a balance sheet, an income statement and a cash flow, in DART's layouts."""

    def lines(of: tuple[int, ...]) -> dict[str, list[tuple[str, int]]]:
        current, fixed, debts, sales, cost, costs, opening = of
        return {
            "재무상태표": [
                ("유동자산", current),
                ("비유동자산", fixed),
                ("자산총계", current + fixed),
                ("부채총계", debts),
                ("자본총계", current + fixed - debts),
            ],
            "손익계산서": [
                ("매출액", sales),
                ("매출원가", cost),
                ("매출총이익", sales - cost),
                ("판매비와관리비", costs),
                ("영업이익(손실)", sales - cost - costs),
            ],
            "현금흐름표": [
                ("현금및현금성자산의 순증감", sales - cost),
                ("기초 현금및현금성자산", opening),
                ("환율변동효과", debts),
                ("기말 현금및현금성자산", opening + sales - cost + debts),
            ],
        }

    family = "연결" if consolidated else ""
    body = ""
    now, then = map(lines, parts)
    for kind in now:
        title = " ".join(f"{family}{kind}") if spaced else f"{family} {kind}"
        over = "".join(
            f"<TR><TD>{line}</TD></TR>" for line in (title, "제 2 기 2024년 12월 31일", f"(단위 : {unit})")
        )
        rows = ""
        for (label, value), (_, before) in zip(now[kind], then[kind], strict=True):
            rule = "=" * 12 if ruled and "총계" in label else ""
            note = "<TD>4,6</TD>" if notes else ""
            name = " ".join(label) if spaced and "총계" in label else f"　{label}"
            rows += f"<TR><TD>{name}</TD>{note}<TD>{shown(value, style)}{rule}</TD>"
            rows += f"<TD>{shown(before, style)}{rule}</TD></TR>"
        note = "<TH>주석</TH>" if notes else ""
        head = f"<THEAD><TR><TH>과 목</TH>{note}<TH>제 2 (당) 기</TH><TH>제 1 (전) 기</TH></TR></THEAD>"
        body += f"<TABLE><TBODY>{over}</TBODY></TABLE><TABLE>{head}<TBODY>{rows}</TBODY></TABLE>"
    number = 2 if consolidated else 4
    text = (
        f'<DOCUMENT><DOCUMENT-NAME ACODE="11011">사업보고서</DOCUMENT-NAME><BODY><SECTION-1><TITLE>'
        f"{number}. {family}재무제표</TITLE>{body}</SECTION-1></BODY></DOCUMENT>"
    )
    filing = Filing(
        "20250318000911", "09900011", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
    )
    document = read_document(text.encode(), "20250318000911.xml")
    found = statements_of(document, extract_figures(document, filing))
    assert [(s.kind, s.basis) for s in found] == [(kind, family or "별도") for kind in now]
    for statement in found:
        for place, side in enumerate((now, then)):
            column = [f for f in statement.lines if f.column_no == place + 1 + notes]
            assert [(f.account, f.value) for f in column] == [
                (label, Decimal(value) * WON[unit]) for label, value in side[statement.kind]
            ]
    sums = checked(found)
    assert len(sums) == 2 * (2 + 2 + 1)
    assert all(holds for _, holds in sums)
