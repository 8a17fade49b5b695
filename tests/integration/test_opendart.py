"""The real client against a double of OpenDART: every status, every fault, and the key nowhere."""

import asyncio
import logging
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
import stamina

from core.errors import DartError, DartUnavailable, GongsiError, InputError, QuotaExceeded
from core.etl.events import HOLDINGS, event_tables
from core.etl.opendart import OpenDart
from core.etl.transport import tls_context
from core.settings import Dart
from core.store.connect import open_pool
from core.store.quota import PostgresQuota, calls_today
from tests.doubles import opendart as double
from tests.doubles.opendart import KEY, MESSAGES, listed, serve, zipped

CORP = "09900011"
RCEPT = "20260318000001"
DAY = date(2026, 3, 18)
DOCUMENT = zipped(f"{RCEPT}.xml", "<DOCUMENT>가온전자</DOCUMENT>" * 50)
Ask = Callable[[OpenDart], Awaitable[Any]]

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


@pytest.fixture
def server() -> Iterator[double.OpenDart]:
    made = double.OpenDart(
        companies=[{"corp_code": CORP, "corp_name": "가온전자", "stock_code": "990011"}],
        filings=[listed(RCEPT, CORP, "가온전자", "사업보고서 (2025.12)", "A001")],
        documents={RCEPT: DOCUMENT},
    )
    with serve(made):
        yield made


class Unlimited:
    """core.ports.Quota of tests that are not about it: a database for each would cost them their speed."""

    async def take(self, *, listing: bool = False) -> None:
        pass

    async def close(self) -> None:
        pass


@pytest.fixture
async def client(server: double.OpenDart) -> AsyncIterator[OpenDart]:
    async with OpenDart(settings(server), Unlimited()) as made:
        yield made


def settings(server: double.OpenDart, **changed: Any) -> Dart:
    return Dart(
        **{
            "key": KEY,
            "api_base_url": server.url,
            "calls_per_second": 10_000,
            "daily_limit": 100,
            "connect_timeout": 2,
            "read_timeout": 0.5,
            **changed,
        }
    )


@asynccontextmanager
async def opened(server: double.OpenDart, database: str, **changed: Any) -> AsyncIterator[OpenDart]:
    """A client whose calls are counted in the database."""
    dart = settings(server, **changed)
    async with (
        open_pool(database, size=2, autocommit=True) as pool,
        OpenDart(dart, PostgresQuota(pool, dart.daily_limit)) as made,
    ):
        yield made


def document(client: OpenDart) -> Awaitable[Any]:
    return client.document(RCEPT)


async def listing(client: OpenDart) -> list[str]:
    return [
        row["rcept_no"]
        async for window in client.filings(DAY - timedelta(days=20), DAY, "A")
        for row in window.rows
    ]


def once(fault: str, times: int = 1) -> Callable[[str, dict[str, str]], str]:
    left = [fault] * times
    return lambda endpoint, params: left.pop() if left else ""


async def test_every_call_answers_in_the_shape_of_the_api(client: OpenDart, server: double.OpenDart) -> None:
    assert await client.document(RCEPT) == DOCUMENT
    assert await listing(client) == [RCEPT]
    company = await client.company(CORP)
    assert company is not None
    assert company["corp_name"] == "가온전자"
    assert (await client.corp_codes()).startswith(b"PK")
    row = {"corp_code": CORP, "rcept_no": RCEPT, "account_nm": "자산총계", "thstrm_amount": "296857289000000"}
    names = ["fnlttSinglAcntAll", *HOLDINGS, "piicDecsn"]
    server.tables = {f"{name}.json": [row] for name in names}
    assert await client.statements(CORP, 2025, "11011", "CFS") == [row]
    for name in HOLDINGS:
        assert await client.holdings(name, CORP) == [row]
    day = date.fromisoformat(RCEPT[:8])
    assert await client.events("piicDecsn", CORP, day, day) == [row]
    for name in event_tables().keys() - HOLDINGS - {"piicDecsn"}:
        assert await client.events(name, CORP, day, day) == []


async def test_nothing_is_empty_and_no_original_is_none(client: OpenDart, server: double.OpenDart) -> None:
    assert await client.document("20260318000009") is None
    assert await client.company("00000000") is None
    (window,) = [one async for one in client.filings(DAY, DAY, "J")]
    assert window.rows == []
    server.fault = once("json")
    assert await client.document(RCEPT) is None
    assert server.count("document.xml") == 2


@pytest.mark.parametrize("ask", [document, listing], ids=["zip", "json"])
@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        ("010", InputError, "GONGSI_DART__KEY"),
        ("011", InputError, "중지"),
        ("012", InputError, "IP"),
        ("901", InputError, "연장"),
        ("020", QuotaExceeded, "자정"),
        ("021", DartError, "100개"),
        ("100", DartError, "값"),
        ("101", DartError, "접근"),
        ("800", DartUnavailable, "점검"),
        ("900", DartUnavailable, "오류"),
    ],
)
async def test_every_status_says_what_to_do(
    client: OpenDart, server: double.OpenDart, ask: Ask, status: str, error: type[GongsiError], said: str
) -> None:
    server.fault = lambda endpoint, params: status
    with pytest.raises(error, match=said) as raised:
        await ask(client)
    assert type(raised.value) is error
    assert MESSAGES[status] not in str(raised.value)
    assert len(server.calls) == (4 if error is DartUnavailable else 1)


@pytest.mark.parametrize("ask", [document, listing], ids=["zip", "json"])
@pytest.mark.parametrize(
    "fault", ["http 500", "http 503", "http 429", "800", "900", "cut", "reset", "page", "slow"]
)
async def test_what_passes_by_waiting_is_tried_again(
    client: OpenDart, server: double.OpenDart, ask: Ask, fault: str
) -> None:
    server.fault = once(fault, 2)
    assert await ask(client) in (DOCUMENT, [RCEPT])
    assert len(server.calls) == (1 if fault == "slow" else 3)


async def test_half_a_zip_is_not_a_document(client: OpenDart, server: double.OpenDart) -> None:
    server.fault = once("truncated", 3)
    assert await client.document(RCEPT) == DOCUMENT
    assert server.count("document.xml") == 4
    broken = bytearray(DOCUMENT)
    broken[60] ^= 0xFF
    server.documents[RCEPT] = bytes(broken)
    with pytest.raises(DartUnavailable, match="끊겼습니다"):
        await client.document(RCEPT)


@pytest.mark.parametrize("fault", ["hang", "drip"])
async def test_a_call_ends_in_time(server: double.OpenDart, fault: str) -> None:
    server.fault = lambda endpoint, params: fault
    async with OpenDart(settings(server, read_timeout=0.06), Unlimited()) as client:
        with pytest.raises(DartUnavailable, match="시간 안에"):
            await client.document(RCEPT)


async def test_an_answer_without_end_is_cut_off(
    client: OpenDart, server: double.OpenDart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.etl.opendart._MAX_ZIP", 2**20)
    server.fault = lambda endpoint, params: "endless"
    with pytest.raises(DartError, match="너무 큽니다"):
        await client.document(RCEPT)


@pytest.mark.parametrize("status", [302, 404])
async def test_other_http_answers_are_not_tried_again(
    client: OpenDart, server: double.OpenDart, status: int
) -> None:
    server.fault = lambda endpoint, params: f"http {status}"
    with pytest.raises(DartError, match=f"HTTP {status}"):
        await client.document(RCEPT)
    assert len(server.calls) == 1


def many(days: int, each: int) -> list[dict[str, str]]:
    start = date(2025, 1, 1)
    return [
        listed(f"{start + timedelta(days=day):%Y%m%d}{n:06d}", CORP, "가온전자", "수시공시", "I001")
        for day in range(days)
        for n in range(1, each + 1)
    ]


async def test_a_listing_is_read_to_its_end_in_windows_the_api_allows(
    client: OpenDart, server: double.OpenDart
) -> None:
    server.filings = many(days=200, each=2)
    server.fault = once("empty")
    windows = [one async for one in client.filings(date(2025, 1, 1), date(2025, 7, 31), "I")]
    assert [row["rcept_no"] for one in windows for row in one.rows] == [
        row["rcept_no"] for row in server.filings
    ]
    assert [(one.since, one.through) for one in windows] == [
        (date(2025, 1, 1), date(2025, 3, 30)),
        (date(2025, 3, 31), date(2025, 6, 27)),
        (date(2025, 6, 28), date(2025, 7, 31)),
    ]
    assert server.count("list.json") == 1 + 2 + 2 + 1
    asked = server.calls[0][1]
    assert (asked["pblntf_ty"], asked["page_count"], "corp_code" in asked) == ("I", "100", False)


async def test_one_company_needs_one_window(client: OpenDart, server: double.OpenDart) -> None:
    server.filings = many(days=200, each=1)
    (window,) = [one async for one in client.filings(date(2025, 1, 1), date(2026, 1, 1), "I001", CORP)]
    assert len(window.rows) == 200
    assert server.calls[0][1]["pblntf_detail_ty"] == "I001"


async def test_a_crowded_window_is_halved(
    client: OpenDart, server: double.OpenDart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.etl.opendart._MAX_PAGES", 2)
    server.filings = many(days=10, each=90)
    windows = [one async for one in client.filings(date(2025, 1, 1), date(2025, 1, 10), "I")]
    assert sum(len(one.rows) for one in windows) == 900
    assert [one.since for one in windows] == sorted(one.since for one in windows)
    for one, following in pairwise(windows):
        assert one.through + timedelta(days=1) == following.since
    assert max(len(one.rows) for one in windows) <= 200


async def test_a_filing_listed_twice_counts_once(client: OpenDart, server: double.OpenDart) -> None:
    server.filings += server.filings
    assert await listing(client) == [RCEPT]


async def test_the_limit_of_the_day_stops_before_the_call(server: double.OpenDart, database: str) -> None:
    async with opened(server, database, daily_limit=3) as client:
        for _ in range(3):
            await client.document(RCEPT)
        with pytest.raises(QuotaExceeded, match="자정"):
            await client.document(RCEPT)
    assert len(server.calls) == 3
    with psycopg.connect(database) as conn:
        assert calls_today(conn) == (3, False)
        conn.execute("update dart_calls set day = day - 1")  # midnight in Seoul
    async with opened(server, database, daily_limit=3) as client:
        await client.document(RCEPT)


async def test_what_is_new_is_still_listed_when_documents_have_used_the_day(
    server: double.OpenDart, database: str
) -> None:
    async with opened(server, database, daily_limit=19) as client:
        for _ in range(19):
            await client.document(RCEPT)
        with pytest.raises(QuotaExceeded):
            await client.document(RCEPT)
        assert await listing(client) == [RCEPT]
        with pytest.raises(QuotaExceeded):
            await listing(client)
    assert len(server.calls) == 20


async def test_020_closes_the_day_for_every_process(server: double.OpenDart, database: str) -> None:
    server.daily_limit = 1
    async with opened(server, database) as client:
        await client.document(RCEPT)
        with pytest.raises(QuotaExceeded, match="020"):
            await client.document(RCEPT)
    async with opened(server, database) as client:
        with pytest.raises(QuotaExceeded):
            await client.company(CORP)
    assert len(server.calls) == 2
    with psycopg.connect(database) as conn:
        assert calls_today(conn) == (2, True)


async def test_retries_are_counted(server: double.OpenDart, database: str) -> None:
    server.fault = once("http 500", 2)
    async with opened(server, database) as client:
        await client.document(RCEPT)
    with psycopg.connect(database) as conn:
        assert calls_today(conn)[0] == len(server.calls) == 3


async def test_calls_keep_their_distance(server: double.OpenDart) -> None:
    async with OpenDart(settings(server, calls_per_second=40), Unlimited()) as client:
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(client.document(RCEPT) for _ in range(13)))
        assert asyncio.get_running_loop().time() - began >= 12 / 40  # never earlier; later is the machine's
    assert len(server.calls) == 13


@pytest.mark.parametrize(
    "fault", ["010", "020", "100", "800", "http 302", "http 500", "cut", "reset", "page", "hang"]
)
async def test_the_key_is_in_no_error_and_no_log(
    server: double.OpenDart, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    server.fault = lambda endpoint, params: fault
    with caplog.at_level(logging.DEBUG):
        async with OpenDart(settings(server, read_timeout=0.06), Unlimited()) as client:
            with pytest.raises(GongsiError) as raised:
                await client.document(RCEPT)
            held = [repr(client), repr(vars(client)), repr(client._http), caplog.text]
    held += traceback.format_exception(raised.value)
    error: BaseException | None = raised.value
    while error:
        held += [repr(error), repr(error.args), repr(getattr(error, "_request", None) and error.request.url)]
        error = error.__cause__ or error.__context__
    assert "send_request_headers" in caplog.text  # the libraries did log the call
    assert not [text for text in held if KEY in text]


async def test_a_missing_key_or_a_wrong_address_is_said_before_any_call(server: double.OpenDart) -> None:
    for changed, said in [({"key": " "}, "GONGSI_DART__KEY"), ({"api_base_url": "opendart"}, "api_base_url")]:
        with pytest.raises(InputError, match=said):
            OpenDart(settings(server, **changed), Unlimited())
    async with OpenDart(settings(server, key=f"{KEY}\n"), Unlimited()) as client:  # as a paste leaves it
        assert await client.document(RCEPT) == DOCUMENT
    async with OpenDart(settings(server, api_base_url="http://127.0.0.1:9/api/"), Unlimited()) as client:
        with pytest.raises(DartUnavailable, match="연결하지 못했습니다"):
            await client.document(RCEPT)


async def test_a_proxy_of_the_system_is_used_but_not_for_hosts_that_need_none(
    server: double.OpenDart, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The double takes whole addresses, as a proxy does; no name server knows opendart.test."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("http_proxy", server.host)
    elsewhere = settings(server, api_base_url="http://opendart.test/api/")
    with caplog.at_level(logging.DEBUG):
        async with OpenDart(elsewhere, Unlimited()) as client:
            assert await client.document(RCEPT) == DOCUMENT
    assert KEY not in caplog.text
    monkeypatch.setenv("http_proxy", "http://user:secret@127.0.0.1:9")  # nothing listens there
    async with OpenDart(elsewhere, Unlimited()) as client:
        with pytest.raises(DartUnavailable) as raised:
            await client.document(RCEPT)
        assert "secret" not in repr(raised.value)
    monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
    async with OpenDart(settings(server), Unlimited()) as client:
        assert await client.document(RCEPT) == DOCUMENT
    monkeypatch.setenv("http_proxy", "gopher://user:secret@127.0.0.1")
    with pytest.raises(InputError, match="HTTP_PROXY") as refused:
        OpenDart(elsewhere, Unlimited())
    assert "secret" not in str(refused.value)


async def test_a_tunnel_that_is_refused_is_the_proxys_doing(
    server: double.OpenDart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", server.host)  # the double knows no CONNECT: 501
    async with OpenDart(settings(server, api_base_url="https://opendart.test/api/"), Unlimited()) as client:
        with pytest.raises(DartUnavailable, match="프록시"):
            await client.document(RCEPT)
    assert not server.calls


async def test_a_crowded_day_is_read_to_its_last_page(
    client: OpenDart, server: double.OpenDart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day cannot be halved."""
    monkeypatch.setattr("core.etl.opendart._MAX_PAGES", 2)
    server.filings = [
        listed(f"20260318{n:06d}", CORP, "가온전자", "사업보고서 (2025.12)", "A001") for n in range(1, 412)
    ]
    (window,) = [one async for one in client.filings(DAY, DAY, "A")]
    assert len(window.rows) == 411
    asked = [params for name, params in server.calls]
    assert [params["page_no"] for params in asked] == ["1", "2", "3", "4", "5"]
    assert all("last_reprt_at" not in params and "" not in params.values() for params in asked)


async def test_the_tls_context_offers_rsa_key_exchange_and_checks_certificates() -> None:
    context = tls_context()
    offered = {cipher["name"] for cipher in context.get_ciphers()}
    assert {"AES128-GCM-SHA256", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256"} <= offered
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
