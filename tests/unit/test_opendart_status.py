"""Every status of OpenDART in every shape that an answer may have: notes/dart.md §2.1."""

import json

import pytest

from core.errors import DartError, DartUnavailable, GongsiError, InputError, QuotaExceeded
from core.etl.answer import read_json, read_zip
from tests.doubles.opendart import MESSAGES, zipped

ERRORS: dict[str, type[GongsiError]] = {
    "010": InputError,
    "011": InputError,
    "012": InputError,
    "901": InputError,
    "020": QuotaExceeded,
    "021": DartError,
    "100": DartError,
    "101": DartError,
    "800": DartUnavailable,
    "900": DartUnavailable,
    "777": DartError,
}


def bodies(status: str) -> list[bytes]:
    said = MESSAGES.get(status, "처음 보는 상태입니다.")
    return [
        json.dumps({"status": status, "message": said}).encode(),
        json.dumps({"status": status, "message": said}, ensure_ascii=False, indent=1).encode(),
        f"<result><status>{status}</status><message>{said}</message></result>".encode(),
        f'<?xml version="1.0" encoding="UTF-8"?>\n<result>\n <status> {status} </status></result>'.encode(),
    ]


@pytest.mark.parametrize("status", sorted(ERRORS))
def test_an_error_is_the_same_in_every_shape(status: str) -> None:
    for body in bodies(status):
        for read in (read_json, read_zip):
            with pytest.raises(ERRORS[status]) as raised:
                read(body)
            assert type(raised.value) is ERRORS[status]
            assert status in str(raised.value)


def test_nothing_is_not_an_error() -> None:
    for body in bodies("013"):
        assert read_json(body) is None
        assert read_zip(body) is None
    for body in bodies("014"):
        assert read_zip(body) is None


def test_a_zip_is_told_by_its_first_bytes() -> None:
    body = zipped("a.xml", "<status>010</status>")
    assert read_zip(body) == body
    with pytest.raises(DartUnavailable):
        read_zip(b" " + body)


def test_no_answer_is_not_an_empty_one() -> None:
    for body in (b"", b"<html></html>", b"[]", b"000", b'{"message": "x"}', b"\xff\xfe"):
        for read in (read_json, read_zip):
            with pytest.raises(DartUnavailable):
                read(body)
