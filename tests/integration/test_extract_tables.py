"""OpenDART's tables beside and instead of documents, through the command line against the double."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import stamina

from bots.cli import app
from core.errors import QuotaExceeded
from core.etl.extract_tables import _Report
from core.korean import korean_today
from core.ports import Tokenizer
from core.wiring.models import build_tokenizer
from tests.doubles import opendart as double
from tests.doubles.opendart import KEY, listed, serve, zipped

CORP, NAME = "09900011", "가온전자"
FIRST, LATER = korean_today() - timedelta(days=30), korean_today()
ORIGINAL, AMENDED = f"{FIRST:%Y%m%d}000111", f"{LATER:%Y%m%d}000112"
RAISED, SUED, BROKEN = f"{FIRST:%Y%m%d}000221", f"{FIRST:%Y%m%d}000222", f"{FIRST:%Y%m%d}000223"
STATEMENTS = "fnlttSinglAcntAll.json"
REPORT = "사업보고서 (2024.12)"
COMPANY = {"corp_code": CORP, "corp_name": NAME, "stock_code": "990011"}


def annual(sales: str) -> str:
    return (
        '<DOCUMENT><DOCUMENT-NAME ACODE="11011">사업보고서</DOCUMENT-NAME>'
        f'<COMPANY-NAME AREGCIK="{CORP}">{NAME}</COMPANY-NAME>'
        "<BODY><SECTION-1><TITLE>III. 재무에 관한 사항</TITLE>"
        "<SECTION-2><TITLE>2. 연결재무제표</TITLE><P>제 31 기 2024.01.01 부터 2024.12.31 까지</P>"
        "<TABLE><TR><TD>연결 손익계산서</TD></TR><TR><TD>(단위 : 백만원)</TD></TR></TABLE>"
        "<TABLE><THEAD><TR><TH>과목</TH><TH>제 31 기</TH></TR></THEAD><TBODY>"
        f"<TR><TD>매출액</TD><TD>{sales}</TD></TR><TR><TD>영업이익</TD><TD>120</TD></TR></TBODY></TABLE>"
        "</SECTION-2></SECTION-1></BODY></DOCUMENT>"
    )


def line(account: str, amount: str, rcept_no: str, fs_div: str = "CFS") -> dict[str, str]:
    return {
        "rcept_no": rcept_no,
        "reprt_code": "11011",
        "bsns_year": "2024",
        "corp_code": CORP,
        "sj_div": "IS",
        "sj_nm": "손익계산서",
        "account_id": "-표준계정코드 미사용-",
        "account_nm": account,
        "account_detail": "-",
        "thstrm_nm": "제 31 기",
        "thstrm_amount": amount,
        "ord": "1",
        "currency": "KRW",
        "fs_div": fs_div,
    }


@dataclass
class Operator:
    """`gongsi …` in this process, with the settings of one operator."""

    server: double.OpenDart
    database: str
    data: Path
    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __post_init__(self) -> None:
        self.configure(
            PATHS__DATA=str(self.data),
            DATABASE__URL=self.database,
            LLM__BACKEND="extractive",
            DART__KEY=KEY,
            DART__API_BASE_URL=self.server.url,
            DART__CALLS_PER_SECOND="300",
            UNIVERSE__COMPANIES='["990011"]',
            UNIVERSE__KINDS='["A", "B"]',
        )

    def configure(self, **settings: str) -> None:
        for name, value in settings.items():
            self.monkeypatch.setenv(f"GONGSI_{name}", value)

    def run(self, *arguments: str) -> str:
        app(arguments, standalone_mode=False)
        said = self.capture.readouterr()
        return said.err + said.out

    def figures(self, rcept_no: str) -> set[tuple[Any, ...]]:
        with psycopg.connect(self.database) as conn:
            return set(
                conn.execute(
                    "select account, value::bigint, basis, origin, disputed from figure where rcept_no = %s",
                    [rcept_no],
                ).fetchall()
            )

    def asked(self) -> list[tuple[str, dict[str, str]]]:
        return [(name, p) for name, p in self.server.calls if name not in ("list.json", "corpCode.xml")]

    def add(self, rcept_no: str, report_nm: str, kind: str, original: bytes | None) -> None:
        self.server.filings.append(listed(rcept_no, CORP, NAME, report_nm, kind))
        if original is not None:
            self.server.documents[rcept_no] = original


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """Takes a second or two to read its model."""
    return build_tokenizer()


@pytest.fixture
def operator(
    database: str,
    tmp_path: Path,
    tokenizer: Tokenizer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Operator]:
    company = {**COMPANY, "stock_name": "가온", "acc_mt": "12"}
    for module in ("answering", "etl", "models"):
        monkeypatch.setattr(f"core.wiring.{module}.build_tokenizer", lambda threads=None: tokenizer)
    with serve(double.OpenDart([company])) as server, stamina.set_testing(True, attempts=4):
        made = Operator(server, database, tmp_path / "data", capsys, monkeypatch)
        made.add(ORIGINAL, REPORT, "A001", zipped(f"{ORIGINAL}.xml", annual("1,235")))
        yield made


def test_statements_are_asked_once_and_read_with_their_filing(operator: Operator) -> None:
    server = operator.server
    server.tables[STATEMENTS] = [
        line("매출액", "1235000000", ORIGINAL),
        line("영업이익", "150000000", ORIGINAL),
        line("매출액", "900", ORIGINAL, "OFS"),
    ]
    assert "재무제표·주요정보 호출: 3번" in operator.run("etl", "extract", "--plan")
    assert operator.asked() == []
    said = operator.run("etl", "refresh")
    assert "재무제표·주요정보 1건" in said
    assert "주의" in said
    assert [name for name, _ in operator.asked()] == ["document.xml", "company.json", STATEMENTS, STATEMENTS]
    assert {params["fs_div"] for name, params in operator.asked() if name == STATEMENTS} == {"CFS", "OFS"}
    assert operator.figures(ORIGINAL) == {
        ("매출액", 1_235_000_000, "연결", "table", False),
        ("영업이익", 120_000_000, "연결", "table", True),
        ("영업이익", 150_000_000, "연결", "fnltt", True),
        ("매출액", 900, "별도", "fnltt", False),
    }
    answer = json.loads(operator.run("ask", "가온전자 2024년 영업이익은 얼마야?", "--json"))
    assert {figure["value"] for figure in answer["figures"]} == {120_000_000, 150_000_000}
    assert "1억 2,000만원" in answer["answer"]
    assert "1억 5,000만원" in answer["answer"]
    with psycopg.connect(operator.database) as conn:
        assert conn.execute("select aliases from company").fetchall() == [(["가온"],)]
    server.calls.clear()
    assert "새로 넣을 공시가 없습니다" in operator.run("etl", "refresh")
    assert operator.asked() == []


def test_statements_that_come_later_read_the_filing_again(operator: Operator) -> None:
    operator.configure(UNIVERSE__STATEMENTS="false")
    operator.run("etl", "refresh")
    assert [name for name, _ in operator.asked()] == ["document.xml"]
    assert {origin for *_, origin, _ in operator.figures(ORIGINAL)} == {"table"}
    operator.configure(UNIVERSE__STATEMENTS="true")
    operator.server.tables[STATEMENTS] = [line("기타수익", "777", ORIGINAL)]
    assert "새로 넣음 1건" in operator.run("etl", "refresh")
    assert ("기타수익", 777, "연결", "fnltt", False) in operator.figures(ORIGINAL)


def test_figures_belong_to_the_filing_that_the_answer_names(operator: Operator) -> None:
    server = operator.server
    server.tables[STATEMENTS] = [line("기타수익", "777", AMENDED)]  # amended before we ever asked
    operator.run("etl", "refresh")
    assert {origin for *_, origin, _ in operator.figures(ORIGINAL)} == {"table"}
    operator.add(AMENDED, f"[기재정정]{REPORT}", "A001", zipped(f"{AMENDED}.xml", annual("1,236")))
    server.calls.clear()
    operator.run("etl", "refresh")
    assert [name for name, _ in operator.asked()] == ["document.xml"]  # its figures were here before it
    assert ("기타수익", 777, "연결", "fnltt", False) in operator.figures(AMENDED)
    assert {origin for *_, origin, _ in operator.figures(ORIGINAL)} == {"table"}


def test_a_report_and_its_amendment_are_one_question(operator: Operator) -> None:
    operator.add(AMENDED, f"[기재정정]{REPORT}", "A001", zipped(f"{AMENDED}.xml", annual("1,236")))
    operator.server.tables[STATEMENTS] = [line("기타수익", "777", AMENDED)]
    operator.run("etl", "refresh")
    assert operator.server.count(STATEMENTS) == 2
    assert ("기타수익", 777, "연결", "fnltt", False) in operator.figures(AMENDED)
    assert {origin for *_, origin, _ in operator.figures(ORIGINAL)} == {"table"}


def test_none_is_remembered_by_disk_and_database(operator: Operator) -> None:
    operator.run("etl", "refresh")
    assert (operator.data / "raw" / "archive" / f"{ORIGINAL}.json").read_bytes() == b"{}"
    with psycopg.connect(operator.database, autocommit=True) as conn:
        assert conn.execute("select state from supplement").fetchall() == [("none",)]
        conn.execute("truncate supplement, receipt, listed")
    operator.server.calls.clear()
    operator.run("etl", "refresh")
    assert operator.asked() == []


def test_quota_and_faults_stop_and_go_on(operator: Operator) -> None:
    server = operator.server
    server.tables[STATEMENTS] = [line("기타수익", "777", ORIGINAL)]
    server.fault = lambda endpoint, params: "020" if params.get("fs_div") == "OFS" else ""
    with pytest.raises(QuotaExceeded):
        operator.run("etl", "refresh")
    assert operator.figures(ORIGINAL)  # the document needs no statements
    assert not (operator.data / "raw" / "archive" / f"{ORIGINAL}.json").exists()
    server.fault = lambda endpoint, params: ""
    with psycopg.connect(operator.database, autocommit=True) as conn:
        conn.execute("update dart_calls set day = day - 1")
    operator.run("etl", "refresh")
    assert ("기타수익", 777, "연결", "fnltt", False) in operator.figures(ORIGINAL)
    assert operator.server.count("company.json") == 1


def test_events_without_a_readable_original_are_answered(operator: Operator) -> None:
    server = operator.server
    operator.add(RAISED, "주요사항보고서(유상증자결정)", "B001", None)
    operator.add(SUED, "주요사항보고서(소송등의제기)", "B001", None)  # and no table either
    operator.add(
        BROKEN, "[기재정정]주요사항보고서(자기주식취득결정)", "B001", zipped("a.xml", "글자뿐입니다")
    )
    row = {"corp_code": CORP, "corp_name": NAME, "corp_cls": "Y"}
    server.tables["piicDecsn.json"] = [
        {
            **row,
            "rcept_no": RAISED,
            "nstk_ostk_cnt": "1,234,000",
            "fdpp_op": "7,184,339,000",
            "ssl_bgd": "미정",
        },
        {**row, "rcept_no": ORIGINAL, "nstk_ostk_cnt": "999"},  # another decision
    ]
    server.tables["tsstkAqDecsn.json"] = [
        {
            **row,
            "rcept_no": BROKEN,
            "aqpln_stk_ostk": "50,144",
            "first": f"{FIRST - timedelta(days=200):%Y%m%d}",
        }
    ]
    operator.run("etl", "refresh")
    said = operator.run("etl", "refresh")  # what is quarantined now is asked for now
    assert server.count("piicDecsn.json") == server.count("lwstLg.json") == 1
    assert server.count("tsstkAqDecsn.json") == 1
    assert "격리" not in said
    status = json.loads(operator.run("etl", "status", "--json").splitlines()[-1])
    assert (status["loaded"], status["quarantined"], status["pending"]) == (3, 0, 0)
    answer = json.loads(operator.run("ask", "가온전자 유상증자로 발행하는 신주는 몇 주야?", "--json"))
    assert "1,234,000주" in answer["answer"]
    assert answer["citations"][0]["rcept_no"] == RAISED
    assert answer["citations"][0]["section"] == "OpenDART 주요사항보고서 주요정보 > 유상증자 결정"
    answer = json.loads(operator.run("ask", "가온전자가 취득할 자기주식은 몇 주야?", "--json"))
    assert "50,144주" in answer["answer"]
    server.calls.clear()
    operator.run("etl", "refresh")
    assert operator.asked() == []


@pytest.mark.parametrize(
    ("report_nm", "acc_mt", "periods"),
    [
        ("사업보고서 (2024.12)", 12, [(2024, "11011")]),
        ("[기재정정]분기보고서 (2024.03)", 12, [(2024, "11013")]),
        ("분기보고서 (2024.09)", 12, [(2024, "11014")]),
        ("반기보고서 (2024.06)", None, [(2024, "11012")]),
        ("분기보고서 (2024.09)", None, []),  # the first or the third quarter
        ("분기보고서 (2024.12)", 3, [(2024, "11014"), (2025, "11014")]),
        ("사업보고서 (2024.03)", 3, [(2023, "11011"), (2024, "11011")]),
        ("반기보고서 (2024.12)", 6, [(2024, "11012"), (2025, "11012")]),
        ("분기보고서 (2024.06)", 12, []),  # the company had another fiscal year then
        ("사업보고서 (2014.12)", 12, []),
        ("사업보고서 (2024.13)", 12, []),
    ],
)
def test_a_reports_name_and_the_fiscal_year_tell_what_to_ask(
    report_nm: str, acc_mt: int | None, periods: list[tuple[int, str]]
) -> None:
    assert _Report([{"corp_code": CORP, "report_nm": report_nm}]).periods(acc_mt) == periods
