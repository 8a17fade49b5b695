"""What OpenDART's answers mean: zip, JSON or XML, each may carry an error under HTTP 200.

The codes: https://opendart.fss.or.kr/guide/detail.do?apiGrpCd=DS001&apiId=2019001 (메시지 설명).
"""

import json
import re
from typing import Any

from core.errors import DartError, DartUnavailable, GongsiError, InputError, QuotaExceeded
from core.etl.zips import is_whole

OK, EMPTY, ABSENT = "000", "013", "014"
_SITE = "https://opendart.fss.or.kr"
_CONFIGURATION = {
    "010": f"OpenDART가 모르는 인증키입니다(010): {_SITE}에서 확인해 GONGSI_DART__KEY를 고치세요.",
    "011": f"사용이 중지된 OpenDART 인증키입니다(011): {_SITE}에서 이유를 보거나 새 키를 받으세요.",
    "012": f"이 컴퓨터의 IP에서는 쓸 수 없는 인증키입니다(012): {_SITE}의 인증키 관리에서 IP를 더하세요.",
    "901": f"OpenDART 계정의 개인정보 보유기간이 끝났습니다(901): {_SITE}에서 연장하고 키를 다시 받으세요.",
}
_TEMPORARY = {
    "800": "OpenDART가 점검 중입니다(800). 나중에 같은 명령을 다시 실행하세요.",
    "900": "OpenDART에 오류가 났습니다(900). 나중에 같은 명령을 다시 실행하세요.",
}
_OURS = {
    "021": "회사를 100개 넘게 한꺼번에 물었습니다(021).",
    "100": "OpenDART에 보낸 값이 맞지 않습니다(100).",
    "101": "OpenDART에 잘못된 방법으로 접근했습니다(101).",
}
_NEEDED = ("rcept_no", "corp_code", "corp_name", "report_nm", "rcept_dt")
_STATUS = re.compile(rb"<status>\s*(\d{3})\s*</status>")


def read_json(body: bytes) -> dict[str, Any] | None:
    """The answer of a JSON endpoint; None when it says that there is nothing (013).

    Raises what `explain` says of any other status; DartUnavailable for what is no answer at all,
    such as a gateway's page.
    """
    answer = _object(body)
    status = str(answer["status"]) if answer and "status" in answer else _xml_status(body)
    if status == OK and answer:
        return answer
    if status == EMPTY:
        return None
    raise explain(status)


def read_page(body: bytes, page: int) -> tuple[list[dict[str, Any]], int]:
    """(rows, pages) of list.json. Raises DartUnavailable for a page that should have rows and has none.

    A row's `rcept_no` becomes a file name, so one that is not 14 digits is no row.
    """
    answer = read_json(body)
    if answer is None:
        if page > 1:
            raise DartUnavailable("OpenDART의 목록이 도중에 비었습니다.")
        return [], 0
    rows, pages = answer.get("list"), str(answer.get("total_page"))
    if not isinstance(rows, list) or not re.fullmatch(r"\d{1,6}", pages, re.ASCII):
        raise explain(None)
    if not rows and (page > 1 or int(pages) > 0):
        raise DartUnavailable("OpenDART의 목록이 도중에 비었습니다.")
    if not all(_is_row(row) for row in rows):
        raise explain(None)
    return rows, int(pages)


def _is_row(row: object) -> bool:
    """All values of OpenDART are strings."""
    return (
        isinstance(row, dict)
        and all(isinstance(value, str) and "\x00" not in value for value in row.values())
        and all(name in row for name in _NEEDED)
        and re.fullmatch(r"\d{14}", row["rcept_no"], re.ASCII) is not None
    )


def read_zip(body: bytes) -> bytes | None:
    """A whole zip; None when DART has no original (013, 014). Raises as `read_json`.

    The first bytes decide, not the content type: errors come as XML or JSON under HTTP 200.
    """
    if body.startswith(b"PK"):
        if not is_whole(body):
            raise DartUnavailable("OpenDART가 보낸 zip이 도중에 끊겼습니다.")
        return body
    answer = _object(body)
    status = str(answer["status"]) if answer and "status" in answer else _xml_status(body)
    if status in (EMPTY, ABSENT):
        return None
    raise explain(status)


def explain(status: str | None) -> GongsiError:
    """The error of a status, without the words of the server: those could repeat the request."""
    if status in _CONFIGURATION:
        return InputError(_CONFIGURATION[status])
    if status == "020":
        return QuotaExceeded(
            "OpenDART의 하루 한도를 다 썼습니다(020): 한국 시각 자정 뒤에 같은 명령을 실행하면 이어서 합니다."
        )
    if status in _TEMPORARY:
        return DartUnavailable(_TEMPORARY[status])
    if status in _OURS:
        return DartError(f"{_OURS[status]} 공시톡의 잘못이니 알려 주세요.")
    if status is None or status == OK:
        return DartUnavailable("OpenDART가 알 수 없는 답을 보냈습니다. 나중에 같은 명령을 다시 실행하세요.")
    return DartError(f"OpenDART가 처음 보는 상태를 답했습니다({status[:10]}).")


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _xml_status(body: bytes) -> str | None:
    found = _STATUS.search(body[:4096])
    return found[1].decode("ascii") if found else None
