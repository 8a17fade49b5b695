"""XBRL attributes of cells: what they tell alone, with the table, and against it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.etl.figures import extract_figures
from core.etl.fiscal import Calendar
from core.etl.read import read_document
from core.etl.xbrl import context_of, fact_of
from core.model import Figure, Filing

AXIS = "_ifrs-full_ConsolidatedAndSeparateFinancialStatementsAxis_ifrs-full_"
CONSOLIDATED, SEPARATE = f"{AXIS}ConsolidatedMember", f"{AXIS}SeparateMember"
SALES = "ifrs-full_Revenue"
ANNUAL = Calendar(2024, 12, 12, 31, {30: (2023, 12)})
HALF = Calendar(2025, 6, 12, 32, {31: (2024, 12)}, (2025, 1), "반기")
THIRD = Calendar(2025, 9, 12, 32, {}, None, "3분기")
MARCH = Calendar(2024, 3, 3, 20, {19: (2023, 3)})


def cell(text: str, context: str, *, code: str = SALES, decimals: str = "-6") -> str:
    return f'<TE ACODE="{code}" ACONTEXT="{context}" ADECIMAL="{decimals}" ANEGATED="N">{text}</TE>'


def figures(
    cells: str,
    *,
    unit: str = "(단위 : 백만원)",
    heads: str = "<TH>제31기</TH>",
    title: str = "2. 연결재무제표",
    caption: str = "연결 손익계산서",
) -> list[Figure]:
    text = (
        '<DOCUMENT><DOCUMENT-NAME ACODE="11011">사업보고서</DOCUMENT-NAME><BODY><SECTION-1>'
        f"<TITLE>{title}</TITLE><P>{caption}</P><P>{unit}</P>"
        f"<TABLE><THEAD><TR><TH>과목</TH>{heads}</TR></THEAD>"
        f"<TBODY><TR><TD>매출액</TD>{cells}</TR></TBODY></TABLE></SECTION-1></BODY></DOCUMENT>"
    )
    filing = Filing(
        "20250318000911", "09900011", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
    )
    return extract_figures(read_document(text.encode(), "20250318000911.xml"), filing)


# ── contexts ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("context", "calendar", "period"),
    [
        ("CFY2024dFY", ANNUAL, "2024"),
        ("PFY2023dFY", ANNUAL, "2023"),
        ("BPFY2022eFY", ANNUAL, "2022.12 말"),
        ("CFY2025dHYA", HALF, "2025.06 누적"),
        ("CFY2025dHYQ", HALF, "2025.06 3개월"),
        ("PFY2024dHYA", HALF, "2024.06 누적"),
        ("CFY2025eHYA", HALF, "2025.06 말"),
        ("CFY2025eHY", HALF, "2025.06 말"),
        ("PFY2024eFY", HALF, "2024.12 말"),
        ("CFY2025dTQQ", THIRD, "2025.09 3개월"),
        ("CFY2025dTQA", THIRD, "2025.09 누적"),
        ("CFY2025dFQA", THIRD, "2025.03 누적"),
        ("CFY2024dFY", MARCH, "2023.04~2024.03 누적"),
        ("CFY2023dFY", MARCH, "2023.04~2024.03 누적"),  # whichever year names it: it is the current one
        ("PFY2023eFY", MARCH, "2023.03 말"),
        ("PFY2022dFY", ANNUAL, None),  # 전기 of 2024 is 2023: the attribute contradicts itself
        ("CFY2025dFY", HALF, None),  # has not closed yet
        ("CFY2025dHY", HALF, None),  # neither A nor Q
        ("CFY2024dXY", ANNUAL, None),
        ("", ANNUAL, None),
    ],
)
def test_the_period_of_a_context(context: str, calendar: Calendar, period: str | None) -> None:
    for whose, basis in ((CONSOLIDATED, "연결"), (SEPARATE, "별도"), ("", None)):
        told = context_of(context + whose if context else "", calendar)
        assert told.period == period
        assert told.basis == (basis if context else None)
        assert told.part is None


def test_the_axis_does_not_make_a_separate_statement_consolidated() -> None:
    assert "Consolidated" in SEPARATE
    assert context_of("CFY2024dFY" + SEPARATE, ANNUAL).basis == "별도"


def test_another_axis_names_a_part() -> None:
    member = "_ifrs-full_ComponentsOfEquityAxis_ifrs-full_RetainedEarningsMember"
    assert context_of("CFY2024dFY" + CONSOLIDATED + member, ANNUAL).part == "RetainedEarnings"
    total = "_ifrs-full_CarryingAmountAxis_dart_ReportedAmountMember"
    assert context_of("CFY2024dFY" + CONSOLIDATED + total, ANNUAL).part is None


@pytest.mark.parametrize("code", ["X23", "FRN_AMT", "", "SUM_BMT_RT", "Revenue"])
def test_a_layout_code_is_no_concept(code: str) -> None:
    assert fact_of(code, None, None) is None


# ── with the table ───────────────────────────────────────────────────────────────────────────────


def test_attributes_that_agree_with_the_table_make_one_figure() -> None:
    (figure,) = figures(cell("(1,234)", "CFY2024dFY" + CONSOLIDATED))
    assert (figure.value, figure.period, figure.basis) == (Decimal(-1_234_000_000), "2024", "연결")
    assert (figure.concept, figure.origin, figure.disputed) == (SALES, "xbrl", False)
    assert (figure.cell, figure.scale) == ("(1,234)", 10**6)


def test_all_in_one_attribute_is_the_same() -> None:
    packed = f'<TE ACODE="{SALES}|CFY2024dFY{CONSOLIDATED}|-6|KRW|">1,234</TE>'
    assert figures(packed) == figures(cell("1,234", "CFY2024dFY" + CONSOLIDATED))


def test_a_concept_alone_leaves_the_telling_to_the_table() -> None:
    (figure,) = figures(f'<TE ACODE="{SALES}" ADECIMAL="-6">1,234</TE>')
    assert (figure.concept, figure.origin, figure.period) == (SALES, "table", "2024")


def test_attributes_say_what_the_table_does_not() -> None:
    (figure,) = figures(cell("1,234", "PFY2023dFY" + CONSOLIDATED), heads="<TH>금액</TH>")
    assert (figure.period, figure.origin) == ("2023", "xbrl")


@pytest.mark.parametrize(
    ("context", "decimals", "xbrl"),
    [
        ("CFY2024dFY" + SEPARATE, "-6", ("2024", "별도", 10**6)),
        ("PFY2023dFY" + CONSOLIDATED, "-6", ("2023", "연결", 10**6)),
        ("CFY2024dFY" + CONSOLIDATED, "-3", ("2024", "연결", 10**3)),
    ],
)
def test_a_disagreement_keeps_both_and_marks_both(
    context: str, decimals: str, xbrl: tuple[str, str, int]
) -> None:
    found = figures(cell("1,234", context, decimals=decimals))
    assert all(figure.disputed and figure.concept == SALES for figure in found)
    assert [(f.origin, f.period, f.basis, f.value) for f in found] == [
        ("xbrl", xbrl[0], xbrl[1], Decimal(1234 * xbrl[2])),
        ("table", "2024", "연결", Decimal(1_234_000_000)),
    ]
    assert len({(f.table, f.row_no, f.column_no) for f in found}) == 1


NOTES = {"title": "3. 연결재무제표 주석"}


def test_what_the_table_was_only_guessed_to_say_gives_way() -> None:
    instant = cell("1,234", "CFY2024eFY" + CONSOLIDATED)
    (note,) = figures(instant, caption="5. 재고자산", **NOTES)  # 매출액 looked like a flow
    assert (note.period, note.origin, note.disputed) == ("2024.12 말", "xbrl", False)
    assert len(figures(instant)) == 2  # an income statement is over a time
    last = cell("1,234", "PFY2023dFY" + CONSOLIDATED)
    (captioned,) = figures(last, heads="<TH>금액</TH>", caption="(1) 당기", **NOTES)
    assert (captioned.period, captioned.disputed) == ("2023", False)
    assert len(figures(last, caption="(1) 당기", **NOTES)) == 2  # the header itself says 제31기


def test_zero_in_any_unit_is_zero() -> None:
    (figure,) = figures(cell("0", "CFY2024dFY" + CONSOLIDATED, decimals="-3"))
    assert not figure.disputed


def test_a_part_of_equity_is_a_segment() -> None:
    member = "_ifrs-full_ComponentsOfEquityAxis_ifrs-full_RetainedEarningsMember"
    (figure,) = figures(cell("1,234", "CFY2024dFY" + CONSOLIDATED + member))
    assert figure.segment == "RetainedEarnings"
    assert not figure.disputed


@pytest.mark.parametrize(
    ("unit", "text", "decimals", "value"),
    [
        ("(단위 : 원)", "1,234,000,000", "-6", 1_234_000_000),  # rounded to millions, shown in 원
        ("(단위 : 천원)", "1,234", "0", 1_234_000),  # 0 stands in tables of 천원 too
    ],
)
def test_precision_is_no_other_unit(unit: str, text: str, decimals: str, value: int) -> None:
    (figure,) = figures(cell(text, "CFY2024dFY" + CONSOLIDATED, decimals=decimals), unit=unit)
    assert (figure.value, figure.disputed) == (Decimal(value), False)


def test_without_a_unit_only_a_won_value_with_its_scale_is_a_figure() -> None:
    def packed(decimals: str, currency: str) -> str:
        return f'<TE ACODE="{SALES}|CFY2024dFY{CONSOLIDATED}|{decimals}|{currency}|">1,234</TE>'

    assert [f.value for f in figures(packed("-6", "KRW"), unit="표")] == [Decimal(1_234_000_000)]
    assert figures(packed("0", "KRW"), unit="표") == []
    assert figures(packed("-6", "USD"), unit="표") == []
    assert figures(packed("-3", "USD")) == []  # whatever the table says: dollars are no won
    assert figures(cell("1,234", "CFY2024dFY" + CONSOLIDATED), unit="표") == []


def test_a_header_that_does_not_say_which_flow_is_not_contradicted() -> None:
    """`제 32 기 3분기` over three months: 누적 was only the table's guess."""
    text = (
        '<DOCUMENT><DOCUMENT-NAME ACODE="11013">분기보고서</DOCUMENT-NAME><BODY><SECTION-1>'
        "<TITLE>2. 연결재무제표</TITLE><P>연결 손익계산서</P><P>(단위 : 백만원)</P>"
        "<TABLE><THEAD><TR><TH>과목</TH><TH>{}</TH></TR></THEAD>"
        f"<TBODY><TR><TD>매출액</TD>{cell('7', 'CFY2025dTQQ' + CONSOLIDATED)}</TR></TBODY></TABLE>"
        "<P>제 31 기말 2024.12.31 현재</P></SECTION-1></BODY></DOCUMENT>"
    )
    filing = Filing(
        "20251114000913", "09900011", "가온전자", "분기보고서", "11014", date(2025, 11, 14), period="2025.09"
    )
    for head, disputed in (("제 32 기 3분기", False), ("제 32 기 3분기 누적", True)):
        found = extract_figures(read_document(text.format(head).encode(), "20251114000913.xml"), filing)
        assert found[0].period == "2025.09 3개월"
        assert [f.disputed for f in found] == [disputed] * (1 + disputed)


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=60)), st.one_of(st.none(), st.text()))
def test_any_attributes_are_survived(code: str, context: str | None, decimals: str | None) -> None:
    fact_of(code, context, decimals)
    context_of(context or "", MARCH)
