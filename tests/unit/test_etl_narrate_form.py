"""How the first sentence is put together: what is left out, what is compared, whose words are used."""

import re
from datetime import date

import pytest

from core.etl.document import Table
from core.etl.grid import expand
from core.etl.labelled import Form, bare_label
from core.etl.narrate_form import _read, narrate_form, report_name
from core.model import Filing
from core.narration import LEAD, ON_FIGURES


def table(*rows: tuple[str, ...], number: int = 1, unit: str | None = None) -> Table:
    width = max(map(len, rows))
    raw = [
        [(text, 1, 1, None) for text in row[:-1]] + [(row[-1], 1, width - len(row) + 1, None)] for row in rows
    ]
    return Table(number, expand(raw), unit=unit)


def said(report_nm: str, *tables: Table, company: str = "가온전자") -> str:
    filing = Filing("20250703800101", "09900011", company, report_nm, "I001", date(2025, 7, 3))
    (sentence,) = narrate_form(filing, tables, None)
    assert LEAD.search(sentence)
    return sentence


def test_two_values_in_one_table_are_neither_said() -> None:
    form = table(("계약금액(원)", "1,000"), ("2. 계약금액(원)", "2,000"), ("3. 계약상대", "아라모터스"))
    assert said("단일판매ㆍ공급계약체결", form) == (
        "가온전자는 공급계약을 체결했으며, 계약상대는 아라모터스라고 2025년 7월 3일 공시했다."
    )


def test_the_same_value_twice_is_said_and_the_first_table_goes_before_others() -> None:
    form = table(("계약금액(원)", "1,000"), ("- 계약금액 (원)", "1,000"))
    assert "계약금액은 1,000원이라고" in said(
        "단일판매ㆍ공급계약체결", form, table(("계약금액(원)", "7"), number=2)
    )


@pytest.mark.parametrize("empty", ["-", "", " - ", "해당사항 없음", "미정", "N/A"])
def test_an_empty_cell_is_not_said(empty: str) -> None:
    form = table(("투자금액(원)", empty), ("투자목적", empty), ("투자기간", "종료일", empty))
    assert said("신규시설투자등", form) == "가온전자는 신규시설투자를 결정했다고 2025년 7월 3일 공시했다."


def test_an_amount_without_a_unit_is_not_said() -> None:
    assert "투자금액" not in said("신규시설투자등", table(("투자금액", "1,000")))
    assert "10억원" in said("신규시설투자등", table(("투자금액", "1,000"), unit="백만원"))
    assert "10억원" in said("신규시설투자등", table(("1. 내역(단위 : 백만원)", "-"), ("투자금액", "1,000")))


def test_a_date_cell_with_two_dates_is_not_said() -> None:
    form = table(("배당기준일", "2024-12-31 또는 2025-03-31"), ("배당금지급 예정일자", "2025년 4월 18일"))
    assert said("현금ㆍ현물배당결정", form).count("일은") == 1


def test_long_prose_is_not_said_and_bullets_go() -> None:
    assert "목적" not in said("신규시설투자등", table(("투자목적", "가" * 81)))
    assert "투자목적은 가, 나라고" in said("신규시설투자등", table(("투자목적", "- 가.\n2) 나")))


def test_what_a_cell_says_is_no_template() -> None:
    form = table(("1. 사건의 명칭", "{없는말} [x] <a:b>~"), ("관할법원", "{회사}법원"))
    assert said("소송등의제기", form) == (
        "가온전자는 {없는말} [x] <a:b>~ 사건이 {회사}법원에 제기된 사실을 확인했다고 2025년 7월 3일 공시했다."
    )


def test_losses_are_said_with_their_sign_and_compared_only_where_it_makes_sense() -> None:
    head = ("구분", "구분 ", "당기실적", "전년동기실적")
    rows = (
        ("매출액", "당해실적", "100", "100"),
        ("영업이익", "당해실적", "-5", "-9"),
        ("당기순이익", "당해실적", "△3", "4"),
    )
    assert said("연결재무제표기준영업(잠정)실적(공정공시)", table(head, *rows, unit="억원, %")) == (
        "가온전자는 영업(잠정)실적을 2025년 7월 3일 공시했으며, 매출액은 100억원으로 전년 동기(100억원)와"
        " 거의 같고, 영업이익은 -5억원(전년 동기 -9억원)이며, 당기순이익은 -3억원으로 전년 동기(4억원)에서"
        " 적자로 돌아섰다."
    )


def test_an_amendment_says_why_and_long_clauses_come_last() -> None:
    filing = Filing(
        "20250703800101", "09900011", "가온전자", "[기재정정]신규시설투자등", "I001", date(2025, 7, 3)
    )
    form = table(
        ("투자금액(원)", "500"), ("투자목적", "늘어나는 " * 10 + "수요"), ("투자기간", "종료일", "2026-12-31")
    )
    (sentence,) = narrate_form(filing, [form], "단순 오기")
    assert sentence == (
        "가온전자는 신규시설투자를 결정했으며, 투자금액은 500원이고, 투자종료일은 2026년 12월 31일이며,"
        f" 투자목적은 {'늘어나는 ' * 10}수요라고 단순 오기를 이유로 2025년 7월 3일 정정 공시했다."
    )


def test_only_an_amendment_is_told_as_one() -> None:
    form = table(("계약금액(원)", "1,000"), ("3. 계약상대", "아라모터스"))
    assert said("[정정제출요구]단일판매ㆍ공급계약체결", form).endswith("라고 2025년 7월 3일 공시했다.")
    assert said("[첨부정정]단일판매ㆍ공급계약체결", form).endswith("라고 2025년 7월 3일 정정 공시했다.")


def test_a_subsidiary_is_named_as_the_one_that_did_it() -> None:
    form = (
        table(("자회사인", "누리바이오㈜", "의 주요경영사항신고")),
        table(("투자금액(원)", "500"), number=2),
    )
    assert said("신규시설투자등(자회사의 주요경영사항)", *form).startswith(
        "가온전자는 자회사 누리바이오㈜가 신규시설투자를 결정했으며, 투자금액은 500원이라고"
    )


@pytest.mark.parametrize(
    ("report_nm", "name"),
    [
        ("[기재정정]주요사항보고서(유상증자결정)", "유상증자결정"),
        ("단일판매ㆍ공급계약체결(자율공시)", "단일판매ㆍ공급계약체결"),
        ("투자판단관련주요경영사항(그룹 전속 계약 체결의 건)", "투자판단관련주요경영사항"),
        ("영업(잠정)실적(공정공시)", "영업(잠정)실적(공정공시)"),
    ],
)
def test_the_name_of_a_report(report_nm: str, name: str) -> None:
    assert report_name(report_nm) == name


@pytest.mark.parametrize(
    ("label", "bare"),
    [
        ("2. 양수금액(원)(A)", "양수금액"),
        ("- 자기자본대비(%)(A/C)", "자기자본대비"),
        ("2. 사채의 권면(전자등록)총액 (원)", "사채의권면(전자등록)총액"),
        ("9. 전환가액 (원/주)", "전환가액"),
        ("원고·신청인 :", "원고ㆍ신청인"),
    ],
)
def test_a_bare_label(label: str, bare: str) -> None:
    assert bare_label(label) == bare


def test_a_label_is_found_under_its_group_and_column() -> None:
    form = Form(
        [table(("구분", "당기", "전기"), ("매출액", "7", "5")), table(("기간", "시작일", "가"), number=2)]
    )

    def find(pattern: str) -> str | None:
        found = form.find([pattern], lambda _: True)
        return found.text if found else None

    assert (find("매출액@전기"), find("@전기"), find("기간>시작일")) == ("5", "5", "가")
    assert (find("매출액@전전기"), find("구간>시작일"), find("시작")) == (None, None, None)


def test_every_slot_is_used_and_every_used_slot_is_there() -> None:
    sentences, slots = _read()
    texts = [
        text
        for one in sentences
        for text in (*one.subject, *one.act, *one.about, *(c for options in one.clauses for c in options))
    ]
    used = {name for text in texts for slot in re.findall(r"\{([^{}:]+)", text) for name in slot.split("|")}
    used |= {name for text in texts for name in re.findall(r"<[^:<>]+:([^<>]+)>", text)}
    assert used - {"회사"} == set(slots) - {"자회사"}


def test_our_sentences_are_told_from_the_filings_words() -> None:
    assert not LEAD.search("당사는 2025년 7월 3일 이사회에서 유상증자를 결정하였습니다.")
    assert ON_FIGURES.search(
        "가온전자의 2024년 연결 기준 매출액은 40조원으로 2023년(38조원)보다 5.3% 늘었다."
    )
