"""요약재무정보 against 재무제표: what differs is marked, and nothing that only looks alike."""

from datetime import date

from core.etl.figures import extract_figures
from core.etl.read import read_document
from core.model import Figure, Filing


def figures(*sections: tuple[str, str, str, list[list[str]]]) -> list[Figure]:
    """Of sections of one table each: title, caption, unit, rows with two terms."""
    body = ""
    for title, caption, unit, rows in sections:
        lines = "".join("<TR>" + "".join(f"<TD>{t}</TD>" for t in row) + "</TR>" for row in rows)
        body += (
            f"<SECTION-1><TITLE>{title}</TITLE><P>{caption}</P><P>(단위 : {unit})</P><TABLE><THEAD><TR>"
            f"<TH>과목</TH><TH>당기</TH><TH>전기</TH></TR></THEAD><TBODY>{lines}</TBODY></TABLE></SECTION-1>"
        )
    text = f'<DOCUMENT><DOCUMENT-NAME ACODE="11011">사업보고서</DOCUMENT-NAME><BODY>{body}</BODY></DOCUMENT>'
    filing = Filing(
        "20250318000911", "09900011", "가온전자", "사업보고서", "11011", date(2025, 3, 18), period="2024.12"
    )
    return extract_figures(read_document(text.encode(), "20250318000911.xml"), filing)


def disputed(found: list[Figure]) -> list[tuple[int, str, str | None]]:
    return [(f.table, f.account, f.period) for f in found if f.disputed]


SUMMARY = ("1. 요약재무정보", "가. 요약연결재무정보", "백만원")
INCOME = ("2. 연결재무제표", "연결 손익계산서", "백만원")


def test_one_line_with_two_values_is_marked_in_both_places() -> None:
    found = figures(
        (*SUMMARY, [["매출액", "100", "90"], ["영업이익", "10", "9"]]),
        (*INCOME, [["수익(매출액)", "105", "90"], ["영업이익(손실)", "10", "9"]]),
    )
    assert disputed(found) == [(1, "매출액", "2024"), (2, "수익(매출액)", "2024")]


def test_what_the_coarser_unit_rounds_away_is_no_dispute() -> None:
    found = figures(
        (*SUMMARY, [["매출액", "100", "90"], ["영업이익", "10", "7"]]),
        (
            *INCOME[:2],
            "원",
            [["매출액", "100,499,999", "89,500,001"], ["영업이익", "10,400,000", "9,600,000"]],
        ),
    )
    assert disputed(found) == [(1, "영업이익", "2023"), (2, "영업이익", "2023")]


def test_names_that_mean_many_things_are_never_marked() -> None:
    rows = [["지배기업 소유주지분", "7", "6"], ["기타", "3", "2"], ["영업이익", "10", "9"]]
    other = [["지배기업 소유주지분", "8", "5"], ["기타", "4", "1"], ["영업이익", "10", "9"]]
    assert disputed(figures((*SUMMARY, rows), (*INCOME, other))) == []


def test_a_line_that_stands_twice_in_a_table_is_left_alone() -> None:
    rows = [["당기순이익", "7", "6"], ["당기순이익", "5", "4"]]
    assert disputed(figures((*SUMMARY, rows), (*INCOME, [["당기순이익", "7", "6"]]))) == []


def test_other_bases_notes_cash_flows_and_other_tables_are_not_compared() -> None:
    rows = [["매출액", "100", "90"], ["법인세비용", "10", "9"]]
    others = [["매출액", "60", "50"], ["법인세비용", "(10)", "(9)"]]
    found = figures(
        (*SUMMARY, rows),
        ("4. 재무제표", "손익계산서", "백만원", others),
        ("3. 연결재무제표 주석", "5. 부문별 정보", "백만원", others),
        ("2. 연결재무제표", "연결 현금흐름표", "백만원", others),
        ("IV. 이사의 경영진단", "연결 손익계산서", "백만원", others),
    )
    assert len(found) == 20
    assert disputed(found) == []
