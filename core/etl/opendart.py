"""The OpenDART client: every call paced, counted, retried where that helps, and free of the key.

Contract: https://opendart.fss.or.kr/guide/main.do (DS001, DS003, DS004, DS005).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import stamina
from pydantic import SecretStr

from core.errors import DartError, DartUnavailable, InputError, QuotaExceeded
from core.etl.answer import read_json, read_page, read_zip
from core.etl.transport import open_transport
from core.ports import Quota
from core.settings import Dart

_ATTEMPTS = 4
_MAX_JSON = 32 * 1024 * 1024
_MAX_ZIP = 100 * 1024 * 1024
_PAGE = 100  # rows; the most list.json gives
_MAX_PAGES = 100
_WINDOW = timedelta(days=88)  # without corp_code three months at most; the shortest three are 89 days

Row = dict[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Listed:
    """Every filing of one window of days, both ends included, once each."""

    since: date
    through: date
    rows: Sequence[Row]


class OpenDart:
    """An async context manager; its methods raise only errors of core.errors.

    InputError: the key or its account must be mended. QuotaExceeded: not before the Korean midnight.
    DartUnavailable: four attempts failed. DartError: OpenDART refused the call itself.
    """

    def __init__(self, settings: Dart, quota: Quota) -> None:
        key = settings.key.get_secret_value().strip()
        if not key:
            raise InputError(
                "OpenDART 인증키가 없습니다: https://opendart.fss.or.kr에서 받아 GONGSI_DART__KEY에 넣으세요."
            )
        self.calls = 0  # by this client, retries included
        self._quota = quota
        self._bucket = TokenBucket(settings.calls_per_second)
        self._whole_call = 3 * settings.read_timeout
        try:
            base = httpx.URL(settings.api_base_url)
        except httpx.InvalidURL:
            base = httpx.URL()
        if base.scheme not in ("http", "https") or not base.host:
            raise InputError("dart.api_base_url은 https://opendart.fss.or.kr/api/ 같은 주소여야 합니다.")
        self._http = httpx.AsyncClient(
            base_url=base,
            transport=open_transport(base, SecretStr(key)),
            timeout=httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def filings(
        self, since: date, through: date, kind: str, corp_code: str = ""
    ) -> AsyncIterator[Listed]:
        """Filings of a kind (`A` or `A001`) by day of receipt, amendments included, window by window.

        A window is as long as OpenDART allows and halved until it has at most 100 pages: all of
        March is more than one listing should hold.
        """
        windows = _windows(since, through, whole=bool(corp_code))
        while windows:
            begin, end = windows.pop()
            rows: dict[str, Row] = {}
            page = total = 1
            while page <= total:
                listed, total = await self._page(begin, end, kind, corp_code, page)
                if total > _MAX_PAGES and begin < end:
                    middle = begin + (end - begin) / 2
                    windows += [(middle + timedelta(days=1), end), (begin, middle)]
                    break
                rows |= {row["rcept_no"]: row for row in listed}  # the one identity of a filing
                page += 1
            else:
                yield Listed(begin, end, list(rows.values()))

    async def pages(self, since: date, through: date, kind: str) -> int:
        """About how many calls `filings` of all companies takes: the first window's pages, projected."""
        windows = _windows(since, through)
        begin, end = windows[-1]
        _, total = await self._page(begin, end, kind, "", 1)
        return total * len(windows)

    async def company(self, corp_code: str) -> Row | None:
        """company.json: the outline of one company."""
        return await self._json("company.json", {"corp_code": corp_code})

    async def corp_codes(self) -> bytes:
        """corpCode.xml: a zip with every company that ever filed (CORPCODE.xml)."""
        zipped = await self._zip("corpCode.xml", {})
        if zipped is None:
            raise DartError("OpenDART에 고유번호 파일이 없습니다.")
        return zipped

    async def document(self, rcept_no: str) -> bytes | None:
        """document.xml: the filing as a zip; None when DART has no original of it (014)."""
        return await self._zip("document.xml", {"rcept_no": rcept_no})

    async def statements(self, corp_code: str, bsns_year: int, reprt_code: str, fs_div: str) -> list[Row]:
        """fnlttSinglAcntAll: every line of one report's statements, `fs_div` OFS or CFS; 2015 and later."""
        return await self._list(
            "fnlttSinglAcntAll.json",
            {"corp_code": corp_code, "bsns_year": bsns_year, "reprt_code": reprt_code, "fs_div": fs_div},
        )

    async def holdings(self, endpoint: str, corp_code: str) -> list[Row]:
        """One table of DS004: every report on holdings of one company."""
        return await self._list(f"{endpoint}.json", {"corp_code": corp_code})

    async def events(self, endpoint: str, corp_code: str, since: date, through: date) -> list[Row]:
        """One table of DS005, by day of the first receipt; 2015 and later."""
        days = {"bgn_de": f"{since:%Y%m%d}", "end_de": f"{through:%Y%m%d}"}
        return await self._list(f"{endpoint}.json", {"corp_code": corp_code, **days})

    async def _page(
        self, begin: date, end: date, kind: str, corp_code: str, page: int
    ) -> tuple[list[Row], int]:
        """Oldest first, so that what is filed while we read is appended and shifts no page."""
        params = {
            "bgn_de": f"{begin:%Y%m%d}",
            "end_de": f"{end:%Y%m%d}",
            "pblntf_ty" if len(kind) == 1 else "pblntf_detail_ty": kind,
            "sort": "date",
            "sort_mth": "asc",
            "page_no": page,
            "page_count": _PAGE,
            **({"corp_code": corp_code} if corp_code else {}),
        }

        return await self._call("list.json", params, _MAX_JSON, lambda body: read_page(body, page))

    async def _list(self, endpoint: str, params: Mapping[str, Any]) -> list[Row]:
        answer = await self._json(endpoint, params)
        return list(answer.get("list") or ()) if answer else []

    async def _json(self, endpoint: str, params: Mapping[str, Any]) -> Row | None:
        return await self._call(endpoint, params, _MAX_JSON, read_json)

    async def _zip(self, endpoint: str, params: Mapping[str, Any]) -> bytes | None:
        return await self._call(endpoint, params, _MAX_ZIP, read_zip)

    async def _call(
        self, endpoint: str, params: Mapping[str, Any], limit: int, read: Callable[[bytes], _T]
    ) -> _T:
        """Retried only what may pass by waiting: network, 429, 5xx, 800, 900 and answers cut short."""
        attempts = stamina.retry_context(
            on=DartUnavailable, attempts=_ATTEMPTS, timeout=None, wait_initial=1, wait_max=8
        )
        async for attempt in attempts:
            with attempt:
                body = await self._once(endpoint, params, limit)
                try:
                    return await asyncio.to_thread(read, body)  # a checksum of 36 MB takes a while
                except QuotaExceeded:
                    await self._quota.close()
                    raise
        raise AssertionError  # the last attempt returns or raises

    async def _once(self, endpoint: str, params: Mapping[str, Any], limit: int) -> bytes:
        await self._bucket.take()
        # last: a call that waited for its turn may not be owed one any more
        await self._quota.take(listing=endpoint == "list.json")
        self.calls += 1
        try:
            async with (
                asyncio.timeout(self._whole_call),
                self._http.stream("GET", endpoint, params=dict(params)) as response,
            ):
                if response.status_code == 200:
                    return await _body(response, limit)
                status = response.status_code
        except (httpx.HTTPError, TimeoutError) as error:
            raise _unreachable(error) from None
        if status == 429 or status >= 500:
            raise DartUnavailable(f"OpenDART가 지금은 답하지 못합니다(HTTP {status}).")
        raise DartError(f"OpenDART가 요청을 받지 않습니다(HTTP {status}): dart.api_base_url을 확인하세요.")


class TokenBucket:
    """One call every 1/rate seconds, and no burst: about 19 calls a second got addresses blocked
    without a word, and so did 1,000 a minute (reported by OneVth and josw123/dart-fss).
    """

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next = 0.0

    async def take(self) -> None:
        now = asyncio.get_running_loop().time()
        mine = max(self._next, now)
        self._next = mine + self._gap
        await asyncio.sleep(mine - now)


async def _body(response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > limit:
            raise DartError(f"OpenDART의 답이 너무 큽니다({limit // 1024**2}MB를 넘습니다).")
    return bytes(body)


def _unreachable(error: Exception) -> DartUnavailable:
    match error:
        case httpx.ProxyError():
            said = "프록시가 OpenDART에 이어 주지 않습니다. HTTPS_PROXY와 NO_PROXY를 확인하세요."
        case httpx.ConnectError() | httpx.ConnectTimeout():
            said = "OpenDART에 연결하지 못했습니다. 인터넷 연결과 dart.api_base_url을 확인하세요."
        case httpx.TimeoutException() | TimeoutError():
            said = "OpenDART가 시간 안에 답하지 않았습니다."
        case _:
            said = "OpenDART와의 연결이 도중에 끊겼습니다."
    return DartUnavailable(said)


def _windows(since: date, through: date, *, whole: bool = False) -> list[tuple[date, date]]:
    """Windows to list, the earliest last; one company's filings need only one."""
    windows = []
    while since <= through:
        end = through if whole else min(through, since + _WINDOW)
        windows.append((since, end))
        since = end + timedelta(days=1)
    return windows[::-1]
