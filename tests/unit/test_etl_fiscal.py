"""Years that do not end in December, years that are short, and what no page tells."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.etl.figures import extract_figures
from core.etl.fiscal import Calendar
from core.etl.narrate import period_words as narrated
from core.etl.periods import period_of
from core.etl.read import read_document
from core.model import Figure, Filing, Level
from core.rag.figures.comparison import with_comparison
from core.rag.figures.selection import fits_period
from core.rag.language.wording import period_words

FORMS = {"사업보고서": "11011", "반기보고서": "11012", "1분기보고서": "11013", "3분기보고서": "11014"}


def report(
    kind: str, period: str, cover: tuple[str, str] | None, captions: list[str], table: str
) -> list[Figure]:
    """Figures of the one table of a report of 가온전자 without XBRL attributes."""
    over = "".join(f"<P>{line}</P>" for line in captions)
    days = (
        "<COVER><TABLE><TR><TU AUNIT='PERIODFROM' AUNITVALUE='{}'>부터</TU></TR>"
        "<TR><TU AUNIT='PERIODTO' AUNITVALUE='{}'>까지</TU></TR></TABLE></COVER>".format(*cover)
        if cover
        else ""
    )
    text = (
        f"<DOCUMENT><DOCUMENT-NAME ACODE='11011'>{kind}</DOCUMENT-NAME><BODY>{days}<SECTION-1>"
        f"<TITLE>4. 재무제표</TITLE>{over}<P>(단위 : 백만원)</P>{table}</SECTION-1></BODY></DOCUMENT>"
    )
    filing = Filing(
        "20240814000911", "09900011", "가온전자", kind, FORMS[kind], date(2024, 8, 14), period=period
    )
    return extract_figures(read_document(text.encode(), "20240814000911.xml"), filing)


def table(head: list[str], *rows: list[str]) -> str:
    heads = "".join(f"<TH>{text}</TH>" for text in head)
    body = "".join("<TR>" + "".join(f"<TD>{text}</TD>" for text in row) + "</TR>" for row in rows)
    return f"<TABLE><THEAD><TR>{heads}</TR></THEAD><TBODY>{body}</TBODY></TABLE>"


def periods(found: list[Figure], account: str) -> list[str | None]:
    return [figure.period for figure in found if figure.account == account]


# ── years that close in March ────────────────────────────────────────────────────────────────────

TERMS = ["제 20 기", "제 19 기"]


def test_a_year_that_closes_in_march() -> None:
    captions = [
        "포괄손익계산서",
        "제 20 기 2023.04.01 부터 2024.03.31 까지",
        "제 19 기 2022.04.01 부터 2023.03.31 까지",
    ]
    found = report(
        "사업보고서",
        "2024.03",
        ("20230401", "20240331"),
        captions,
        table(["과목", *TERMS], ["매출액", "2", "1"]),
    )
    assert periods(found, "매출액") == ["2023.04~2024.03 누적", "2022.04~2023.03 누적"]
    ends = report(
        "사업보고서",
        "2024.03",
        ("20230401", "20240331"),
        ["재무상태표", "제 20 기 2024.03.31 현재", "제 19 기 2023.03.31 현재"],
        table(["과목", *TERMS], ["자산총계", "2", "1"]),
    )
    assert periods(ends, "자산총계") == ["2024.03 말", "2023.03 말"]


@pytest.mark.parametrize("cover", [("20240401", "20240630"), None])
def test_the_first_quarter_of_such_a_year(cover: tuple[str, str] | None) -> None:
    """From the cover, or from the day beside 전기말; 전기 is a whole year, 전년 1분기 three months."""
    found = report(
        "1분기보고서",
        "2024.06",
        cover,
        ["재무상태표", "제 21 기 1분기말 2024.06.30 현재", "제 20 기말 2024.03.31 현재"],
        table(["과목", "제 21 기 1분기말", "제 20 기말"], ["자산총계", "2", "1"])
        + "<P>포괄손익계산서</P><P>(단위 : 백만원)</P>"
        + table(["과목", "당 1분기", "전 1분기", "전기"], ["매출액", "3", "2", "1"]),
    )
    assert periods(found, "자산총계") == ["2024.06 말", "2024.03 말"]
    assert periods(found, "매출액") == [
        "2024.04~2024.06 누적",
        "2023.04~2023.06 누적",
        "2023.04~2024.03 누적",
    ]


def test_a_bare_year_may_be_named_after_its_start_or_its_end() -> None:
    found = report(
        "사업보고서",
        "2024.03",
        ("20230401", "20240331"),
        [],
        table(["과목", "2024년", "2023년", "2023년 3분기"], ["매출액", "3", "2", "1"]),
    )
    assert periods(found, "매출액") == [None, None, None]


# ── what is not told ─────────────────────────────────────────────────────────────────────────────


def test_a_quarter_that_nothing_places_in_a_year_has_no_sum_and_no_year_before() -> None:
    found = report(
        "1분기보고서",
        "2024.06",
        None,
        [],
        table(["과목", "당분기 3개월", "당분기", "전기", "2023년"], ["매출액", "4", "3", "2", "1"]),
    )
    assert periods(found, "매출액") == ["2024.06 3개월", None, None, None]


def test_cover_and_balance_sheet_that_disagree_tell_nothing() -> None:
    """A company split off in April: its cover begins then, its 전기말 is of the old December year."""
    found = report(
        "1분기보고서",
        "2024.06",
        ("20240401", "20240630"),
        ["재무상태표", "제 2 기 1분기말 2024.06.30 현재", "제 1 기말 2023.12.31 현재"],
        table(["과목", "당분기말", "전기말", "전전기말"], ["자산총계", "3", "2", "1"]),
    )
    assert periods(found, "자산총계") == ["2024.06 말", "2023.12 말", None]


# ── short years ──────────────────────────────────────────────────────────────────────────────────


def test_the_first_year_of_a_company_is_short() -> None:
    found = report(
        "사업보고서",
        "2024.12",
        ("20240610", "20241231"),
        ["손익계산서", "제 1 기 2024.06.10 부터 2024.12.31 까지"],
        table(["과목", "제 1 기"], ["매출액", "1"]),
    )
    assert periods(found, "매출액") == ["2024.06~2024.12 누적"]


def test_a_year_after_the_closing_month_was_moved() -> None:
    captions = [
        "손익계산서",
        "제 13 기 2023.04.01 부터 2023.12.31 까지",
        "제 12 기 2022.04.01 부터 2023.03.31 까지",
    ]
    found = report(
        "사업보고서",
        "2023.12",
        ("20230401", "20231231"),
        captions,
        table(["과목", "제 13 기", "제 12 기"], ["매출액", "2", "1"]),
    )
    assert periods(found, "매출액")[0] == "2023.04~2023.12 누적"
    ends = report(
        "사업보고서",
        "2023.12",
        ("20230401", "20231231"),
        ["재무상태표", *captions[1:]],
        table(["과목", "당기말", "전기말"], ["자산총계", "2", "1"]),
    )
    assert periods(ends, "자산총계") == ["2023.12 말", "2023.03 말"]


# ── ranges, stages, openings ─────────────────────────────────────────────────────────────────────

DECEMBER = Calendar(2024, 6, 12, 54, {53: (2023, 12)}, (2024, 1), "반기")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024년 1월~6월", "2024.06 누적"),
        ("2024년 4월~6월", "2024.06 3개월"),
        ("2024.04.01 부터 2024.06.30 까지", "2024.06 3개월"),
        ("2023년 1월 ~ 2023년 12월", "2023"),
        ("2023년 4월 ~ 2024년 3월", None),
        ("2024년 2월~6월", None),
        ("제 54 기 반기 3개월", "2024.06 3개월"),
        ("제 54 기 1분기", "2024.03 누적"),
        ("제 53 기 3분기", "2023.09 누적"),
        ("제 53 기", "2023"),
        ("제 99 기", None),
        ("전반기", "2023.06 누적"),
        ("전기", "2023"),
        ("2023년도", "2023"),
    ],
)
def test_flows(text: str, period: str | None) -> None:
    assert (period_of(text, DECEMBER, balance=False) or None) == period


def test_three_months_said_apart_from_the_term_hold_for_the_caption_too() -> None:
    found = report(
        "반기보고서",
        "2024.06",
        ("20240101", "20240630"),
        ["손익계산서", "제 54 기 반기 2024.01.01 부터 2024.06.30 까지"],
        table(["과목", "3개월", "누적"], ["매출액", "1", "2"]),
    )
    assert periods(found, "매출액") == ["2024.06 3개월", "2024.06 누적"]


def test_cash_at_the_beginning_is_that_of_the_day_before() -> None:
    found = report(
        "반기보고서",
        "2024.06",
        ("20240101", "20240630"),
        ["현금흐름표"],
        table(
            ["과목", "제 54 기 반기", "제 53 기 반기"],
            ["기초의 현금및현금성자산", "1", "2"],
            ["기말의 현금및현금성자산", "3", "4"],
            ["기초소재의 매출", "5", "6"],
        ),
    )
    assert periods(found, "기초의 현금및현금성자산") == ["2023.12 말", "2022.12 말"]
    assert periods(found, "기말의 현금및현금성자산") == ["2024.06 말", "2023.06 말"]
    assert periods(found, "기초소재의 매출") == ["2024.06 누적", "2023.06 누적"]


def test_rows_of_changes_in_equity_say_when() -> None:
    found = report(
        "반기보고서",
        "2024.06",
        ("20240101", "20240630"),
        ["자본변동표", "제 54 기 반기 2024.01.01 부터 2024.06.30 까지"],
        table(
            ["과목", "자본금", "이익잉여금"],
            ["2023.01.01 (기초자본)", "10", "20"],
            ["당기순이익", "", "5"],
            ["2023.06.30 (기말자본)", "10", "25"],
            ["2024.01.01 (기초자본)", "10", "27"],
            ["당기순이익", "", "6"],
            ["2024.06.30 (기말자본)", "10", "33"],
            ["주석", "", "7"],
        ),
    )
    assert {(f.value / 10**6, f.period) for f in found if "이익잉여금" in (f.account, f.segment)} == {
        (Decimal(20), "2022.12 말"),
        (Decimal(5), "2023.06 누적"),
        (Decimal(25), "2023.06 말"),
        (Decimal(27), "2023.12 말"),
        (Decimal(6), "2024.06 누적"),
        (Decimal(33), "2024.06 말"),
    }


def test_one_value_under_two_headers_is_of_neither() -> None:
    grid = (
        "<TABLE><THEAD><TR><TH>과목</TH><TH>제 54 기 반기</TH><TH>제 53 기 반기</TH></TR></THEAD>"
        "<TBODY><TR><TD>매출액</TD><TD>2</TD><TD>1</TD></TR>"
        "<TR><TD>영업이익</TD><TD COLSPAN='2'>3</TD></TR></TBODY></TABLE>"
    )
    found = report("반기보고서", "2024.06", None, ["손익계산서"], grid)
    assert periods(found, "매출액") == ["2024.06 누적", "2023.06 누적"]
    assert periods(found, "영업이익") == [None]


# ── said and compared ────────────────────────────────────────────────────────────────────────────


def test_a_year_from_april_is_said_as_such_and_compared_with_the_one_before() -> None:
    now, then = report(
        "사업보고서",
        "2024.03",
        ("20230401", "20240331"),
        ["손익계산서"],
        table(["과목", "당기", "전기"], ["매출액", "20", "10"]),
    )
    assert [a.value for a in with_comparison(now, [now, then])] == [now.value, then.value, Decimal("100.0")]
    for level in Level:
        assert period_words(now.period, level) == "2023년 4월~2024년 3월"
    assert narrated(now.period or "") == "2023년 4월~2024년 3월"


@pytest.mark.parametrize("asked", ["2023", "2024", "2024.03 누적", "2023.12 누적"])
def test_it_answers_no_question_about_calendar_months(asked: str) -> None:
    assert not fits_period(asked, "2023.04~2024.03 누적")
    assert fits_period(None, "2023.04~2024.03 누적")


# ── anything at all ──────────────────────────────────────────────────────────────────────────────

SPELLED = re.compile(
    r"\d{4}|\d{4}\.(0[1-9]|1[0-2]) (누적|3개월|말)|\d{4}\.(0[1-9]|1[0-2])~\d{4}\.(0[1-9]|1[0-2]) 누적"
)
WORDS = st.sampled_from(
    (
        *("제", "54", "53", "기", "반기", "1분기", "3분기", "분기", "당", "전", "전전", "(당)", "말", "현재"),
        *("누적", "3개월", "2024", "2023", "년", "12", "06", "월", "30일", "~", "부터", ".", "2024.06.30"),
    )
)


@settings(deadline=None)  # other work shares the cores
@given(
    st.lists(WORDS, max_size=7).map(" ".join),
    st.tuples(st.integers(2000, 2030), st.integers(1, 12)),
    st.one_of(st.none(), st.integers(1, 12)),
    st.one_of(st.none(), st.integers(50, 56)),
    st.sampled_from([None, "1분기", "반기", "3분기"]),
    st.sampled_from([None, True, False]),
)
def test_any_header_gives_a_spelled_period_or_none(
    text: str,
    own: tuple[int, int],
    year_end: int | None,
    term: int | None,
    stage: str | None,
    balance: bool | None,
) -> None:
    found = period_of(text, Calendar(*own, year_end, term, {}, None, stage), balance=balance)
    assert not found or SPELLED.fullmatch(found)
