"""A loopback OpenDART with faults on demand; shapes as in the official guide and recorded answers."""

import io
import json
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "0123456789abcdef0123456789abcdef01234567"
MESSAGES = {
    "010": "등록되지 않은 키입니다.",
    "011": "사용할 수 없는 키입니다.",
    "012": "접근할 수 없는 IP입니다.",
    "013": "조회된 데이타가 없습니다.",
    "014": "파일이 존재하지 않습니다.",
    "020": "요청 제한을 초과하였습니다.",
    "021": "조회 가능한 회사 개수가 초과하였습니다.",
    "100": "필드의 부적절한 값입니다.",
    "101": "부적절한 접근입니다.",
    "800": "시스템 점검으로 인한 서비스가 중지 중입니다.",
    "900": "정의되지 않은 오류가 발생하였습니다.",
    "901": "사용자 계정의 개인정보 보유기간이 만료되어 사용할 수 없는 키입니다.",
}
_ZIPS = {"corpCode.xml", "document.xml", "fnlttXbrl.xml"}
# Parameters by which tables are told apart; days are those of the first receipt (`first`, else the number's).
_TOLD_BY = ("corp_code", "bsns_year", "reprt_code", "fs_div")
_NOT_SHOWN = ("fs_div", "first")
_NEEDED = {
    "company.json": {"corp_code"},
    "document.xml": {"rcept_no"},
    "fnlttSinglAcntAll.json": {"corp_code", "bsns_year", "reprt_code", "fs_div"},
    "majorstock.json": {"corp_code"},
    "elestock.json": {"corp_code"},
}


@dataclass
class OpenDart:
    """`fault(endpoint, params)` names what goes wrong with one call, "" nothing:

    a status of MESSAGES · `http 503` … · `slow` · `hang` · `drip` · `cut` (half a body) · `reset` (no
    answer) · `truncated` (half a zip, whole as HTTP sees it) · `page` (a gateway's HTML) · `empty` (a page
    without rows) · `json` (014 as JSON where a zip belongs) · `endless`.
    """

    companies: list[dict[str, str]] = field(default_factory=list)
    filings: list[dict[str, str]] = field(default_factory=list)  # rows of list.json and `pblntf_detail_ty`
    documents: dict[str, bytes] = field(default_factory=dict)  # rcept_no → zip; none: 014
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)  # endpoint → rows
    fault: Callable[[str, dict[str, str]], str] = lambda endpoint, params: ""
    daily_limit: int = 20_000
    host: str = ""
    calls: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)  # rcept_no → whole documents sent
    peak: int = 0  # calls within one second
    closing: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    _at: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.host}/api/"

    def count(self, endpoint: str) -> int:
        return sum(name == endpoint for name, _ in self.calls)

    def note(self, endpoint: str, params: dict[str, str]) -> int:
        """How many calls there have been, this one included."""
        with self.lock:
            self.calls.append((endpoint, params))
            now = time.monotonic()
            self._at = [at for at in self._at if now - at < 1] + [now]
            self.peak = max(self.peak, len(self._at))
            return len(self.calls)

    def answer(self, endpoint: str, params: dict[str, str]) -> bytes | dict[str, Any] | str:
        """A zip, a JSON object, or a status."""
        if _NEEDED.get(endpoint, set()) - params.keys() or "" in params.values():
            return "100"
        if endpoint == "corpCode.xml":
            return _corp_code_zip(self.companies)
        if endpoint == "document.xml":
            return self.documents.get(params["rcept_no"], "014")
        if endpoint == "list.json":
            return self._list(params)
        if endpoint == "company.json":
            found = [one for one in self.companies if one["corp_code"] == params["corp_code"]]
            return {"status": "000", "message": "정상", **found[0]} if found else "013"
        rows = [
            {name: value for name, value in row.items() if name not in _NOT_SHOWN}
            for row in self.tables.get(endpoint, ())
            if all(row.get(name, params[name]) == params[name] for name in _TOLD_BY if name in params)
            and params.get("bgn_de", "")
            <= row.get("first", row["rcept_no"][:8])
            <= params.get("end_de", "99999999")
        ]
        return {"status": "000", "message": "정상", "list": rows} if rows else "013"

    def _list(self, params: dict[str, str]) -> dict[str, Any] | str:
        begin, end = _day(params.get("bgn_de", "")), _day(params.get("end_de", ""))
        size, page = int(params.get("page_count", "10")), int(params.get("page_no", "1"))
        if not begin or not end or begin > end or not 1 <= size <= 100:
            return "100"
        if "corp_code" not in params and end - begin > timedelta(days=89):
            return "100"
        rows = [row for row in self.filings if _asked(row, params, begin, end)]
        rows.sort(key=lambda row: (row["rcept_dt"], row["rcept_no"]), reverse=params.get("sort_mth") != "asc")
        if not rows:
            return "013"
        return {
            "status": "000",
            "message": "정상",
            "page_no": page,
            "page_count": size,
            "total_count": len(rows),
            "total_page": -(-len(rows) // size),
            "list": [_shown(row) for row in rows[(page - 1) * size : page * size]],
        }


def _asked(row: dict[str, str], params: dict[str, str], begin: date, end: date) -> bool:
    kind = row["pblntf_detail_ty"]
    return (
        begin <= (_day(row["rcept_dt"]) or date.min) <= end
        and params.get("corp_code", row["corp_code"]) == row["corp_code"]
        and kind.startswith(params.get("pblntf_detail_ty", params.get("pblntf_ty", "")))
    )


def _shown(row: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in row.items() if key != "pblntf_detail_ty"}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def listed(
    rcept_no: str, corp_code: str, corp_name: str, report_nm: str, kind: str, stock_code: str = "990011"
) -> dict[str, str]:
    """A row as list.json gives it, and its detail type."""
    return {
        "corp_code": corp_code,
        "corp_name": corp_name,
        "stock_code": stock_code,
        "corp_cls": "Y" if stock_code else "E",
        "report_nm": report_nm,
        "rcept_no": rcept_no,
        "flr_nm": corp_name,
        "rcept_dt": rcept_no[:8],
        "rm": "",
        "pblntf_detail_ty": kind,
    }


def zipped(name: str, text: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return made.getvalue()


def _corp_code_zip(companies: list[dict[str, str]]) -> bytes:
    rows = "".join(
        f"<list><corp_code>{one['corp_code']}</corp_code><corp_name>{one['corp_name']}</corp_name>"
        f"<corp_eng_name></corp_eng_name><stock_code>{one['stock_code'] or ' '}</stock_code>"
        "<modify_date>20260101</modify_date></list>"
        for one in companies
    )
    return zipped("CORPCODE.xml", f'<?xml version="1.0" encoding="UTF-8"?><result>{rows}</result>')


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    double: OpenDart

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        endpoint, params = parts.path.removeprefix("/api/"), dict(parse_qsl(parts.query, True))
        key = params.pop("crtfc_key", "")
        number = self.double.note(endpoint, params)
        fault = self.double.fault(endpoint, params)
        if fault.startswith("http "):
            self._send(b"<html>Service Unavailable</html>", "text/html", int(fault[5:]))
            return
        if fault in ("hang", "drip", "reset", "endless"):
            self._never(fault)
            return
        if fault == "slow":
            self.double.closing.wait(0.1)
        if fault == "page":
            self._send(b"<html><body>\xec\xa0\x90\xea\xb2\x80</body></html>", "text/html")
            return
        answer: bytes | dict[str, Any] | str
        if fault in MESSAGES:
            answer = fault
        elif key != KEY:
            answer = "010"
        elif number > self.double.daily_limit:
            answer = "020"
        else:
            answer = self.double.answer(endpoint, params)
        self._answer(endpoint, params, answer, fault)

    def _answer(
        self, endpoint: str, params: dict[str, str], answer: bytes | dict[str, Any] | str, fault: str
    ) -> None:
        if isinstance(answer, bytes):
            if fault == "json":
                self._send(
                    json.dumps({"status": "014", "message": MESSAGES["014"]}).encode(), "application/json"
                )
                return
            body = answer[: len(answer) // 2] if fault == "truncated" else answer
            if endpoint == "document.xml" and fault in ("", "slow"):
                with self.double.lock:
                    self.double.sent[params["rcept_no"]] += 1
            self._send(body, "application/x-msdownload", cut=fault == "cut")
        elif isinstance(answer, dict):
            if fault == "empty":
                answer = {**answer, "list": []}
            self._send(
                json.dumps(answer, ensure_ascii=False).encode(), "application/json", cut=fault == "cut"
            )
        elif endpoint in _ZIPS:
            text = f"<result><status>{answer}</status><message>{MESSAGES[answer]}</message></result>"
            self._send(
                f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode(), "application/xml;charset=UTF-8"
            )
        else:
            said = {"status": answer, "message": MESSAGES[answer]}
            self._send(json.dumps(said, ensure_ascii=False).encode(), "application/json")

    def _send(self, body: bytes, kind: str, status: int = 200, *, cut: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut

    def _never(self, fault: str) -> None:
        self.close_connection = True
        if fault == "hang":
            self.double.closing.wait(30)
        elif fault == "drip":  # a byte now and then: no single read ever times out
            self._pieces(b" ", 0.05)
        elif fault == "endless":
            self._pieces(b" " * 2**20, 0)

    def _pieces(self, piece: bytes, wait: float) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.double.closing.wait(wait):
            self.wfile.write(piece)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the client was killed or gave up
            self.close_connection = True


@contextmanager
def serve(double: OpenDart) -> Iterator[OpenDart]:
    handler = type("Handler", (_Handler,), {"double": double})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    double.host = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield double
    finally:
        double.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
