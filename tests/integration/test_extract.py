"""Extract against the double: what is listed, what is fetched, and a run that dies twice among faults."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import stamina

from core.errors import DartUnavailable, InputError, QuotaExceeded, StoreError
from core.etl.archive import Archive, Ledger
from core.etl.extract import Extract, Fetched
from core.etl.opendart import OpenDart
from core.etl.universe import corporations, resolve
from core.settings import Dart, Universe
from core.store.amendments import link_waiting
from core.store.connect import open_pool
from core.store.quota import PostgresQuota, calls_today
from core.store.receipts import PostgresReceipts, extracting, progress_of_extract
from tests.doubles import opendart as double
from tests.doubles.opendart import KEY, listed, serve, zipped

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 6, 30)
COMPANIES = [
    {"corp_code": "09900011", "corp_name": "가온전자", "stock_code": "990011"},
    {"corp_code": "09900022", "corp_name": "누리바이오", "stock_code": "990022"},
    {"corp_code": "09900033", "corp_name": "다온물산", "stock_code": ""},
    {"corp_code": "09900044", "corp_name": "다온물산", "stock_code": ""},
    {"corp_code": "09900055", "corp_name": "가온전자", "stock_code": ""},
]


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


def filing(rcept_no: str, company: int = 0, kind: str = "I001") -> dict[str, str]:
    one = COMPANIES[company]
    return listed(rcept_no, one["corp_code"], one["corp_name"], "수시공시", kind, one["stock_code"])


def document(rcept_no: str) -> bytes:
    return zipped(f"{rcept_no}.xml", DOCUMENT.format(rcept_no=rcept_no))


DOCUMENT = """<?xml version="1.0" encoding="utf-8"?>
<DOCUMENT><DOCUMENT-NAME ACODE="11303">주요사항보고서(영업정지)</DOCUMENT-NAME>
<COMPANY-NAME AREGCIK="09900011">가온전자</COMPANY-NAME>
<BODY><SECTION-1><TITLE ATOC="Y">영업정지</TITLE><P>접수번호 {rcept_no}의 공장이 하루 멈춥니다.</P>
<TABLE><TBODY><TR><TD>영업정지금액(원)</TD><TD>1,000,000</TD></TR></TBODY></TABLE></SECTION-1></BODY></DOCUMENT>
"""


def filings(count: int, start: date = date(2026, 1, 5), company: int = 0) -> list[dict[str, str]]:
    return [filing(f"{start + timedelta(days=n % 150):%Y%m%d}{n + 1:06d}", company) for n in range(count)]


@pytest.fixture
def server() -> Iterator[double.OpenDart]:
    rows = [*filings(8), filing("20260301000901", 1), filing("20260301000902", 2)]
    made = double.OpenDart(COMPANIES, rows, {row["rcept_no"]: document(row["rcept_no"]) for row in rows})
    with serve(made):
        yield made


@dataclass
class Silent:
    """core.ports.Progress that only remembers."""

    totals: list[int] = field(default_factory=list)
    done: int = 0

    def start(self, what: str, total: int) -> None:
        self.totals.append(total)

    def advance(self, by: int = 1) -> None:
        self.done += by

    def finish(self) -> None:
        pass


@dataclass
class Run:
    """One run of Extract in this process; each call is a new process's view of the same disk."""

    server: double.OpenDart
    database: str
    raw: Path
    limit: int = 1000

    async def list_new(self, *companies: str, today: date = TODAY, full: bool = False, **changed: Any) -> int:
        universe = Universe(
            **{"companies": list(companies), "file": "", "kinds": ["I"], "since": "2026-01-01"}
            | {"statements": True, **changed}
        )
        return await self._do(lambda extract: extract.list_new(universe, today, full=full))

    async def fetch(self) -> Fetched:
        return await self._do(lambda extract: extract.fetch())

    async def _do(self, what: Callable[[Extract], Any]) -> Any:
        settings = Dart(
            key=KEY,
            api_base_url=self.server.url,
            calls_per_second=10_000,
            daily_limit=self.limit,
            connect_timeout=2,
            read_timeout=2,
        )
        async with (
            open_pool(self.database, size=4, autocommit=True) as pool,
            OpenDart(settings, PostgresQuota(pool, self.limit)) as dart,
        ):
            archive = Archive("", self.raw / "archive")
            return await what(Extract(dart, PostgresReceipts(pool), archive, self.raw, Silent()))

    def archived(self) -> list[str]:
        return sorted(path.stem for path in (self.raw / "archive").glob("*"))

    def lines(self) -> list[dict[str, Any]]:
        return Ledger(self.raw / "filings.jsonl").lines()

    def status(self) -> dict[str, Any]:
        with psycopg.connect(self.database) as conn:
            return progress_of_extract(conn)


@pytest.fixture
def run(server: double.OpenDart, database: str, tmp_path: Path) -> Run:
    return Run(server, database, tmp_path / "raw")


@pytest.mark.anyio
async def test_what_is_new_is_fetched_once(run: Run) -> None:
    assert await run.list_new("990011") == 8
    assert run.server.count("document.xml") == 0  # a plan fetches nothing
    assert await run.fetch() == Fetched(8, 0, [], 0, None)
    wanted = sorted(row["rcept_no"] for row in filings(8))
    assert run.archived() == wanted
    lines = run.lines()
    assert sorted(line["rcept_no"] for line in lines) == wanted
    assert (lines[0]["kind"], lines[0]["file"]) == ("I", f"{lines[0]['rcept_no']}.zip")
    assert lines[0]["bytes"] == (run.raw / "archive" / lines[0]["file"]).stat().st_size
    new = filing("20260702000001")
    run.server.filings.append(new)
    run.server.documents[new["rcept_no"]] = document(new["rcept_no"])
    run.server.calls.clear()
    assert await run.list_new("990011", today=TODAY + timedelta(days=3)) == 1
    assert await run.list_new("990011", today=TODAY + timedelta(days=3)) == 1
    # once a day sixty days back, where marks may have come; else the days that were not over
    assert [params["bgn_de"] for name, params in run.server.calls] == ["20260501", "20260630"]
    assert (await run.fetch()).fetched == 1
    assert set(run.server.sent.values()) == {1}
    assert run.status()["listed_through"] == TODAY + timedelta(days=3)


@pytest.mark.anyio
async def test_a_full_listing_finds_what_an_earlier_list_lacked(run: Run) -> None:
    late = run.server.filings.pop(0)
    today = date(2026, 6, 1)
    assert await run.list_new("990011", today=today) == 7
    run.server.filings.insert(0, late)  # of January, more than sixty days before
    assert await run.list_new("990011", today=today + timedelta(days=1)) == 7
    assert await run.list_new("990011", today=today + timedelta(days=1), full=True) == 8


@pytest.mark.anyio
async def test_a_mark_that_comes_late_is_noticed(run: Run) -> None:
    """철 and 정 of filings that were received weeks before; what is loaded is withdrawn then."""
    await run.list_new("990011", today=date(2026, 1, 20))
    marked, old = run.server.filings[7], run.server.filings[0]  # of January 12th and 5th
    with psycopg.connect(run.database, autocommit=True) as conn:
        for row in (marked, old):
            conn.execute(
                "insert into filing"
                " (rcept_no, corp_code, corp_name, report_nm, form, rcept_dt, digest, doc_path)"
                " values (%s, %s, '가온전자', '수시공시', 'I001', '2026-01-05', '', '')",
                [row["rcept_no"], row["corp_code"]],
            )
        link_waiting(conn)
        marked["rm"] = old["rm"] = "유철"
        run.server.calls.clear()
        conn.execute("update listed set through = '2026-03-09', marked = '2026-03-09'")
        await run.list_new("990011", today=date(2026, 3, 10))
        assert len(run.server.calls) == 1
        gone = conn.execute("select rcept_no from filing where withdrawn").fetchall()
        assert gone == [(marked["rcept_no"],)]  # the other one is more than sixty days old
        assert conn.execute("select corp_code from relink").fetchall() == [(marked["corp_code"],)]
        assert link_waiting(conn) == 1
        assert conn.execute("select count(*) from filing where withdrawn").fetchone() == (1,)


@pytest.mark.anyio
async def test_many_companies_are_listed_at_once_and_few_apart(run: Run) -> None:
    run.server.filings += filings(1100, company=1)
    assert await run.list_new("990011", "09900033") == 9
    apart = [params for name, params in run.server.calls if "corp_code" in params]
    assert {params["corp_code"] for params in apart} == {"09900011", "09900033"}
    run.server.filings = run.server.filings[:10]
    run.server.calls.clear()
    assert await run.list_new("990011", "990022", "09900033", since="2026-02-01", kinds=["I001"]) == 10
    assert not [params for name, params in run.server.calls if "corp_code" in params]


@pytest.mark.anyio
async def test_all_means_every_listed_company(run: Run) -> None:
    assert await run.list_new("all") == 9
    run.server.calls.clear()
    assert await run.list_new("all", today=TODAY + timedelta(days=1)) == 9
    assert run.server.count("corpCode.xml") == 0
    assert len(run.server.calls) == 1


@pytest.mark.anyio
async def test_an_earlier_beginning_is_listed_again(run: Run) -> None:
    assert await run.list_new("990011", since="2026-01-10") == 3
    assert await run.list_new("990011", since="2026-01-01") == 8


@pytest.mark.anyio
async def test_a_filing_without_an_original_is_not_asked_again(run: Run) -> None:
    gone = run.server.filings[3]["rcept_no"]
    del run.server.documents[gone]
    await run.list_new("990011")
    assert await run.fetch() == Fetched(7, 1, [], 0, None)
    assert [line["rcept_no"] for line in run.lines() if line["file"] is None] == [gone]
    calls = run.server.count("document.xml")
    await run.list_new("990011")
    assert await run.fetch() == Fetched(0, 0, [], 0, None)
    assert run.server.count("document.xml") == calls


@pytest.mark.anyio
async def test_one_failing_document_stops_no_other(run: Run) -> None:
    bad = run.server.filings[2]["rcept_no"]
    run.server.fault = lambda endpoint, params: "http 500" if params.get("rcept_no") == bad else ""
    await run.list_new("990011")
    made = await run.fetch()
    assert (made.fetched, made.left, made.stopped) == (7, 1, None)
    assert [rcept_no for rcept_no, _ in made.failed] == [bad]
    run.server.fault = lambda endpoint, params: ""
    assert (await run.fetch()).fetched == 1


@pytest.mark.anyio
async def test_a_server_that_is_down_or_a_wrong_key_ends_the_run(run: Run) -> None:
    run.server.filings += filings(40, date(2026, 2, 1))
    await run.list_new("990011")
    for fault, error in [("http 503", DartUnavailable), ("011", InputError)]:
        run.server.calls.clear()
        run.server.fault = lambda endpoint, params, fault=fault: fault  # type: ignore[misc]
        made = await run.fetch()
        assert isinstance(made.stopped, error)
        assert len(run.server.calls) <= 4 * 10
    assert run.archived() == []


@pytest.mark.anyio
async def test_the_day_ends_and_the_next_goes_on(run: Run) -> None:
    await run.list_new("990011")
    with psycopg.connect(run.database) as conn:
        used = calls_today(conn)[0]
    run.limit = used + 5
    made = await run.fetch()
    assert (made.fetched, made.left) == (5, 3)
    assert isinstance(made.stopped, QuotaExceeded)
    assert run.server.count("document.xml") == 5
    with psycopg.connect(run.database) as conn:
        conn.execute("update dart_calls set day = day - 1")  # midnight in Seoul
    assert (await run.fetch()).left == 0
    assert set(run.server.sent.values()) == {1}


@pytest.mark.anyio
async def test_the_disk_outlives_the_database(run: Run, tmp_path: Path) -> None:
    await run.list_new("990011")
    await run.fetch()
    ledger = run.raw / "filings.jsonl"
    lines = ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    ledger.write_text("".join(lines[:-2]) + lines[-2][:40], encoding="utf-8")  # died while writing
    with psycopg.connect(run.database) as conn:
        conn.execute("truncate receipt, listed")
    run.server.calls.clear()
    assert await run.list_new("990011") == 2
    assert (await run.fetch()).fetched == 2
    assert run.server.count("document.xml") == 0
    assert len(run.lines()) == 8


@pytest.mark.anyio
async def test_one_extract_at_a_time(database: str) -> None:
    async with extracting(database):
        with pytest.raises(StoreError, match="이미 공시를 받고"):
            async with extracting(database, patience="10ms"):
                pass
    async with extracting(database, patience="10ms"):
        pass


def test_companies_are_named_in_many_ways(tmp_path: Path) -> None:
    zipped_list = double._corp_code_zip(COMPANIES)
    assert [one.stock_code for one in corporations(zipped_list)][:3] == ["990011", "990022", ""]

    def asked(*companies: str, file: str = "") -> list[str]:
        kinds: list[str] = []
        return resolve(
            Universe(companies=list(companies), file=file, kinds=kinds, since="", statements=True),
            zipped_list,
        )

    assert asked("990022", "가온 전자(주)", "09900033", "누리바이오") == ["09900022", "09900011", "09900033"]
    assert asked("ALL") == ["*"]
    krx = tmp_path / "krx.csv"
    krx.write_bytes('"순위","종목코드","종목명"\n"1","990022","누리바이오"\n'.encode("cp949"))
    plain = tmp_path / "plain.txt"
    plain.write_text("# 관심 회사\n가온전자\n\n990022\n", encoding="utf-8")
    assert asked(file=str(krx)) == ["09900022"]
    assert asked(file=str(plain)) == ["09900011", "09900022"]
    for companies, said in [
        ((), "모을 회사가"),
        (("없는회사", "990011"), "없는회사"),
        (("다온물산",), "여럿"),
    ]:
        with pytest.raises(InputError, match=said):
            asked(*companies)
    with pytest.raises(InputError, match=r"universe\.file"):
        asked(file=str(tmp_path / "none.txt"))


def test_an_archive_may_be_elsewhere(tmp_path: Path) -> None:
    far = Archive("memory://zips", tmp_path)
    assert not far.has("1")
    far.put("1", b"PK")
    assert far.has("1")
    with far.local("1", tmp_path / "brought") as path:
        assert path.read_bytes() == far.get("1") == b"PK"
    assert list((tmp_path / "brought").iterdir()) == []
    with pytest.raises(StoreError):
        far.get("2")
    with pytest.raises(InputError, match="nowhere") as raised:
        Archive("nowhere://user:secret@place", tmp_path)
    assert "secret" not in str(raised.value)
