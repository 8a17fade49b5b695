"""OpenDART's statements: figures of every line, and their agreement with the document's."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.etl.agreement import compare
from core.etl.fnltt import ROOT, read_statements
from core.etl.read import read_document
from core.etl.transform import transform
from core.model import Figure, Filing, Transformed
from core.rag.passages.rows import row_quote

RCEPT = "20250318000111"
CORP = "09900011"
NAMES = {
    "BS": "재무상태표",
    "IS": "손익계산서",
    "CIS": "포괄손익계산서",
    "CF": "현금흐름표",
    "SCE": "자본변동표",
}


def row(account: str, sj: str = "BS", code: str = "11011", **given: str) -> dict[str, str]:
    """A row as fnlttSinglAcntAll gives it, of the 31st term."""
    return {
        "rcept_no": RCEPT,
        "reprt_code": code,
        "bsns_year": "2024",
        "corp_code": CORP,
        "sj_div": sj,
        "sj_nm": NAMES[sj],
        "account_id": "-표준계정코드 미사용-",
        "account_nm": account,
        "account_detail": "-",
        "thstrm_nm": "제 31 기",
        "frmtrm_nm": "제 30 기",
        "bfefrmtrm_nm": "제 29 기",
        "ord": "7",
        "currency": "KRW",
        **given,
    }


def filing(period: str = "2024.12", report_nm: str = "사업보고서 (2024.12)") -> Filing:
    return Filing(RCEPT, CORP, "가온전자", report_nm, "11011", date(2025, 3, 18), period=period)


def figures(*rows: Mapping[str, str], period: str = "2024.12", table: str = "CFS") -> list[Figure]:
    return [f for one in read_statements({table: rows}, filing(period)) for f in one.figures]


def told(*rows: Mapping[str, str], **where: str) -> list[tuple[str | None, int]]:
    return [(figure.period, int(figure.value)) for figure in figures(*rows, **where)]


def test_a_line_of_an_annual_report_tells_three_terms() -> None:
    assets = row(
        "자산총계",
        account_id="ifrs-full_Assets",
        thstrm_amount="296857289000000",
        frmtrm_amount="-1234",
        bfefrmtrm_amount="-",
    )
    now, before = figures(assets)
    assert (now.value, now.unit, now.scale, now.cell) == (296857289000000, "원", 1, "296857289000000")
    assert (now.period, before.period, before.value) == ("2024.12 말", "2023.12 말", -1234)
    assert (now.account, now.basis, now.concept, now.origin) == (
        "자산총계",
        "연결",
        "ifrs-full_Assets",
        "fnltt",
    )
    assert (now.section, now.table) == ("OpenDART 전체 재무제표 > 연결 재무상태표", 0)
    assert (now.row_no, now.column_no, now.column) == (0, 1, "제 31 기")
    assert figures(assets, table="OFS")[0].basis == "별도"
    assert told(row("매출액", "IS", thstrm_amount="5", bfefrmtrm_amount="3")) == [("2024", 5), ("2022", 3)]


def test_interim_income_is_of_three_months_and_of_the_year_so_far() -> None:
    terms = {"thstrm_nm": "제 31 기 반기", "frmtrm_q_nm": "제 30 기 반기"}
    amounts = {
        "thstrm_amount": "10",
        "thstrm_add_amount": "19",
        "frmtrm_q_amount": "8",
        "frmtrm_add_amount": "15",
    }
    sales = row("매출액", "CIS", "11012", **terms, **amounts)
    assert told(sales, period="2024.06") == [
        ("2024.06 3개월", 10),
        ("2024.06 누적", 19),
        ("2023.06 3개월", 8),
        ("2023.06 누적", 15),
    ]
    assert [f.column for f in figures(sales, period="2024.06")][1] == "제 31 기 반기 누적"
    cash = row("영업활동현금흐름", "CF", "11012", **terms, thstrm_amount="9", frmtrm_q_amount="7")
    assert told(cash, period="2024.06") == [("2024.06 누적", 9), ("2023.06 누적", 7)]
    # a whole year beside an interim flow is said by neither name nor contract
    assert told(row("매출액", "IS", "11012", frmtrm_amount="99"), period="2024.06") == []


@pytest.mark.parametrize(
    ("code", "period", "end"),
    [
        ("11013", "2024.03", "2023.12 말"),
        ("11012", "2024.09", "2024.03 말"),
        ("11014", "2024.12", "2024.03 말"),
    ],
)
def test_the_year_before_an_interim_report_ends_where_its_fiscal_year_begins(
    code: str, period: str, end: str
) -> None:
    assets = row("자산총계", code=code, thstrm_amount="2", frmtrm_amount="1", frmtrm_nm="제 30 기말")
    assert told(assets, period=period) == [(f"{period} 말", 2), (end, 1)]


def test_cash_opens_and_closes_at_a_day() -> None:
    terms = {"thstrm_nm": "제 31 기 반기", "frmtrm_q_nm": "제 30 기 반기"}
    amounts = {"thstrm_amount": "2", "frmtrm_q_amount": "1"}
    opening = row("기초현금및현금성자산", "CF", "11012", **terms, **amounts)
    closing = row("기말현금및현금성자산", "CF", "11012", **terms, **amounts)
    assert told(opening, period="2024.06") == [("2023.12 말", 2), ("2022.12 말", 1)]
    assert told(closing, period="2024.06") == [("2024.06 말", 2), ("2023.06 말", 1)]


def test_nine_months_to_december_are_no_year() -> None:
    sales = row("매출액", "IS", "11014", thstrm_nm="제 31 기 3분기", thstrm_add_amount="9")
    assert told(sales, period="2024.12") == [("2024.04~2024.12 누적", 9)]
    assert told(row("매출액", "IS", thstrm_amount="9"), period="2024.03") == [("2023.04~2024.03 누적", 9)]


def test_what_is_not_said_is_no_figure() -> None:
    amounts = {"thstrm_amount": "12", "frmtrm_amount": "10"}
    assert figures(row("자산총계", thstrm_amount="-", frmtrm_amount="", bfefrmtrm_amount="약 3조")) == []
    assert len(figures(row("자산총계", **amounts, frmtrm_nm="제 28 기"))) == 1  # not the term before
    assert figures(row("자산총계", **amounts, currency="")) == []
    assert figures(row("자산총계", **amounts, rcept_no="20250318000999")) == []  # of another filing
    assert figures(row("가중평균유통보통주식수", "IS", **amounts)) == []  # shares, not won
    assert {figure.unit for figure in figures(row("자산총계", **amounts, currency="USD"))} == {"USD"}
    assert read_statements({"CFS": [{}, {"sj_nm": ""}]}, filing()) == []
    assert read_statements({"CFS": [row("자산총계", **amounts)]}, filing(period="")) == []


def test_changes_in_equity_are_of_a_part() -> None:
    detail = "자본 [member]|지배기업 소유주지분|자본금 [member]"
    (figure,) = figures(row("기초자본", "SCE", account_detail=detail, thstrm_amount="8"))
    assert figure.segment == "자본 지배기업 소유주지분 자본금"
    (whole,) = figures(row("기초자본", "SCE", thstrm_amount="8"))
    assert whole.segment  # never the answer to a question that names no part


# ── agreement ────────────────────────────────────────────────────────────────────────────────────


def document(*lines: tuple[str, str, str], unit: str = "백만원") -> bytes:
    rows = "".join(f"<TR><TD>{a}</TD><TD>{b}</TD><TD>{c}</TD></TR>" for a, b, c in lines)
    over = f"<TABLE><TR><TD>연결 손익계산서</TD></TR><TR><TD>(단위 : {unit})</TD></TR></TABLE>"
    head = "<THEAD><TR><TH>과목</TH><TH>제 31 기</TH><TH>제 30 기</TH></TR></THEAD>"
    return (
        '<DOCUMENT><DOCUMENT-NAME ACODE="11011">사업보고서</DOCUMENT-NAME>'
        f'<COMPANY-NAME AREGCIK="{CORP}">가온전자</COMPANY-NAME>'
        "<BODY><SECTION-1><TITLE>III. 재무에 관한 사항</TITLE>"
        "<SECTION-2><TITLE>2. 연결재무제표</TITLE><P>제 31 기 2024.01.01 부터 2024.12.31 까지</P>"
        f"{over}<TABLE>{head}<TBODY>{rows}</TBODY></TABLE></SECTION-2></SECTION-1></BODY></DOCUMENT>"
    ).encode()


def income(account: str, now: str, before: str = "-", **given: str) -> dict[str, str]:
    return row(account, "IS", thstrm_amount=now, frmtrm_amount=before, **given)


SALES = ("매출액", "1,235", "1,100")
PROFIT = ("영업이익", "120", "(30)")


def made(rows: list[dict[str, Any]], *lines: tuple[str, str, str]) -> Transformed:
    return transform(read_document(document(*lines), f"{RCEPT}.xml"), filing(), {"CFS": rows})


def test_what_both_tell_alike_is_kept_once_with_its_element() -> None:
    alike = [
        income("매출액", "1234567890", "1100000001", account_id="ifrs-full_Revenue"),
        income("영업이익", "120000000", "-30000000", account_id="dart_OperatingIncomeLoss"),
    ]
    both = made(alike, SALES, PROFIT)
    assert [(f.origin, f.disputed) for f in both.figures] == [("table", False)] * 4
    assert {f.concept for f in both.figures} == {"ifrs-full_Revenue", "dart_OperatingIncomeLoss"}
    assert both.warnings == ()
    assert ROOT not in both.markdown
    alone = made([], SALES, PROFIT)
    assert [f.value for f in both.figures] == [f.value for f in alone.figures]
    assert both.chunks == alone.chunks


def test_what_they_tell_otherwise_is_kept_twice_and_said() -> None:
    found = made([income("매출액", "1234567890"), income("영업이익", "-120000000")], SALES, PROFIT)
    disputed = [f for f in found.figures if f.disputed]
    assert {(f.origin, f.account, f.period, int(f.value)) for f in disputed} == {
        ("table", "영업이익", "2024", 120_000_000),
        ("fnltt", "영업이익", "2024", -120_000_000),  # a profit is not a loss
    }
    (warning,) = found.warnings
    assert "영업이익(2024, 연결)" in warning
    assert "1억 2,000만원" in warning
    assert "-1억 2,000만원" in warning
    assert warning in found.markdown
    assert "영업이익은 1억" not in found.markdown  # no sentence tells one of the two as certain
    assert not any(f.disputed for f in found.figures if f.account == "매출액")


def test_a_sign_that_is_the_lines_own_is_no_dispute() -> None:
    found = made([income("이자의 지급", "-5000000")], ("이자의 지급", "5", "4"))
    assert found.warnings == ()
    assert {f.origin for f in found.figures} == {"table"}


def test_what_only_the_statements_tell_can_be_cited() -> None:
    found = made([income("매출액", "1235000000"), income("기타수익", "777", "-", ord="9")], SALES)
    (figure,) = [f for f in found.figures if f.origin == "fnltt"]
    assert (figure.account, figure.value, figure.disputed) == ("기타수익", 777, False)
    (passage,) = [p for p in found.passages if p.path == figure.section]
    quote = row_quote(passage.text, figure)
    assert quote == "기타수익 | 777"
    assert quote in found.markdown
    assert "매출액" not in passage.text  # told already
    assert any(figure.cell in chunk.text and chunk.passage == passage.ordinal for chunk in found.chunks)


def test_two_lines_of_one_name_do_not_dispute_each_other() -> None:
    lines = [income("리스부채", "5000000"), income("리스부채", "7000000")]
    found = made(lines, ("리스부채", "5", "-"))
    assert [(f.origin, int(f.value), f.disputed) for f in found.figures] == [
        ("table", 5_000_000, False),
        ("fnltt", 7_000_000, False),
    ]
    assert found.warnings == ()


def test_a_line_misread_beside_one_that_agrees_is_disputed() -> None:
    found = made([income("매출액", "5000000")], ("매출액", "5", "-"), ("매출액", "50", "-"))
    assert [(int(f.value), f.disputed) for f in found.figures] == [(5_000_000, False), (50_000_000, True)]
    assert len(found.warnings) == 1


def test_the_documents_own_words_for_a_period_win() -> None:
    (filed,) = made([], ("매출액", "5", "-")).figures
    moved = filed._replace(period="2023.03 누적")
    agreed = compare([moved], {}, figures(income("매출액", "-", "5000000")))
    assert (agreed.beyond, agreed.disputes, list(agreed.document)) == ({}, [], [moved])


def test_many_disputes_are_counted() -> None:
    lines = [(f"비용{n:02d}", "5", "-") for n in range(30)]
    found = made([income(name, "9000000") for name, _, _ in lines], *lines)
    assert len([f for f in found.figures if f.disputed]) == 60
    assert len(found.warnings) == 21
    assert "10개 더" in found.warnings[-1]


def test_same_statements_same_bytes() -> None:
    rows = [income("매출액", "1"), income("기타수익", "2")]
    assert made(rows, SALES) == made(rows, SALES)
    assert made(rows, SALES).digest != made([], SALES).digest


def test_a_value_too_large_to_store_is_no_figure() -> None:
    assert figures(row("자산총계", thstrm_amount="9" * 19, frmtrm_amount="9" * 40)) == []
    assert len(figures(row("자산총계", thstrm_amount="9" * 18))) == 1


_AMOUNT = {"말": ("thstrm_amount", "frmtrm_amount"), "3개월": ("thstrm_amount", "frmtrm_q_amount")}
_SO_FAR = ("thstrm_add_amount", "frmtrm_add_amount")


def test_a_real_report_and_its_own_statements_agree(shared_data: Path) -> None:
    """Statements as OpenDART would answer them, of a real half-year report: no dispute where all is alike,
    and one where one profit is not."""
    name = "20220816001711"
    read = read_document((shared_data / "filings" / f"{name}.xml").read_bytes(), f"{name}.xml")
    half = Filing(name, CORP, "x", "반기보고서 (2022.06)", "11012", date(2022, 8, 16), period="2022.06")
    tables: dict[str, list[dict[str, str]]] = {"CFS": [], "OFS": []}
    for figure in transform(read, half).figures:
        caption = figure.caption.replace(" ", "")
        sj = next((sj for sj, said in NAMES.items() if caption.endswith(said)), None)
        if (
            sj is None
            or sj == "SCE"
            or figure.segment
            or not figure.period
            or "재무제표" not in figure.section
        ):
            continue
        year, _, kind = figure.period.partition(".")
        back = 0 if year == "2022" else 1
        field = _AMOUNT.get(
            kind.split()[-1], _SO_FAR if sj in ("IS", "CIS") else ("thstrm_amount", "frmtrm_q_amount")
        )
        line = row(figure.account, sj, "11012", thstrm_nm="제 54 기 반기", frmtrm_q_nm="제 53 기 반기")
        line |= {"rcept_no": name, "frmtrm_nm": "제 53 기말", field[back]: str(figure.value)}
        tables["CFS" if figure.basis == "연결" else "OFS"].append(line)
    assert len(tables["CFS"]) > 200
    assert len(tables["OFS"]) > 150
    agreed = transform(read, half, tables)
    assert [f for f in agreed.figures if f.origin == "fnltt" or f.disputed] == []
    (profit, *_) = [
        one for one in tables["CFS"] if one["account_nm"] == "영업이익" and "thstrm_add_amount" in one
    ]
    profit["thstrm_add_amount"] = str(int(profit["thstrm_add_amount"]) + 10**6)
    found = transform(read, half, tables)
    assert {(f.account, f.period, f.basis) for f in found.figures if f.disputed} == {
        ("영업이익", "2022.06 누적", "연결")
    }
    assert len(found.warnings) == 1
