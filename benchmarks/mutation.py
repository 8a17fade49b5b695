"""Filings gone wrong: mutations of real shapes, in markup, numbers, encoding, bytes and zips.

Every choice comes from the `random.Random` that is passed in: a seed, or hypothesis, names the document.
"""

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from core.etl.sanitise import decode

RCEPT_NO = "20250318000911"
_LARGE = (
    120_000  # characters; of a longer filing one window is mutated, so that a document takes milliseconds
)
_WINDOW = 40_000
_TAG = re.compile(r"<[^<>]*>")
_CELL = re.compile(r"<(?:TD|TE|TU|TH|td|th)\b")
_NUMBER = re.compile(r"\d[\d,.]*")
_TEXT = re.compile(r">([^<>]{2,})<")
_ATTRIBUTE = re.compile(r'\b[A-Za-z]+="([^"<>]*)"')
_KEY = re.compile(r'\b(?:AREGCIK|ACODE|AUNIT|AUNITVALUE|ACONTEXT|ADECIMAL|ACLASS)="([^"<>]*)"')

SPANS = (
    "0",
    "-1",
    "99999999",
    "9" * 5000,
    "３",
    "٣",
    "²",
    "2.5",
    "",
    " 2 ",
    "1e3",
    "300",
    "301",
    "0x10",
    "NaN",
)
NUMBERS = (
    *(
        "9" * 30,
        "9" * 31,
        "9" * 400,
        "1" + ",000" * 12,
        "0." + "0" * 20 + "1",
        "1.1234567",
        "(1",
        "1)",
        "((1))",
    ),
    *(
        "１２３",
        "٣٤٥",
        "१२",
        "²³",
        "½",
        "Ⅳ",
        "①",
        "1e9",
        "NaN",
        "Infinity",
        "-",
        "△",
        "--5",
        "−5",
        "＋7",
        "1,2,3",
    ),
    *("2024.06.30", "2024.06", "02-1234-5678", "12쪽", "1/2", "12:30", "0", "-0", "(0)", "٬", "1٫5", "9.9.9"),
)
WORDS = (
    *(
        "제 999 기",
        "제0기",
        "제 54 기 반기말",
        "0000년 00월",
        "2022년 99월 ~ 99월",
        "2022년 1월 ~ 13월",
        "당" * 40,
    ),
    *(
        "(단위 : 조원)",
        "(단위 : )",
        "(단위 : 원, %, 주)",
        "전전전기",
        "9999년 12월 31일 현재",
        "0001.01.01",
        "말말말",
    ),
    *(
        "정정전",
        "정정후",
        "정정사유",
        "1. 정정대상 공시서류의 최초제출일 : 0001-01-01",
        "영업이익",
        "자산총계",
    ),
    *(
        "매출액(주석 5",
        "주당",
        "비율(%)",
        "\u202e거꾸로\u202c",
        "\u200b",
        "\ufeff",
        "가" * 3000,
        "👩‍👩‍👧",
        "\u0301" * 50,
    ),
)
ENTITIES = (
    *(
        "&cr;",
        "&amp;cr;",
        "&nbsp;",
        "&undefined;",
        "&lol9;",
        "&",
        "&#0;",
        "&#xD800;",
        "&#x110000;",
        "&#99999999;",
    ),
    *("&lt;TD&gt;", "R&D", "&#;", "&#x;", "<", "<<", "< 부문 >", "<A 부문>", "<TD", "</", "]]>", "&#x1F600;"),
)
INSERTS = (
    *(
        "<![CDATA[ <TD>1</TD> ]]>",
        "<![CDATA[",
        "<!-- 주석 -->",
        "<!--",
        "-->",
        "<!-- -- -->",
        "<?php echo 1 ?>",
        "<?",
    ),
    *(
        '<?xml version="1.0" encoding="utf-16"?>',
        "<P>",
        "</P>",
        "<TABLE>",
        "</TABLE>",
        "<TR>",
        "</BODY>",
        "<html>",
    ),
    *(
        "<script>alert(1)</script>",
        "<style>",
        "<BODY>",
        "<TITLE></TITLE>",
        "<SECTION-9>",
        "<새태그>",
        "<td>",
        "<br/>",
    ),
)
DOCTYPES = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol">' + '<!ENTITY lol9 "&lol;&lol;">]>',
    '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">',
    "<!DOCTYPE html>",
    "<!ENTITY",
)
# What patterns with two ways to match would take their square over.
FILLERS = (
    *(
        "당",
        "(",
        "(주석",
        "(단위:",
        "일자(",
        "*",
        "1",
        "1,",
        "2022년",
        "제1",
        "가. ",
        "다. ",
        "- ",
        " ",
        "\n",
    ),
    *(
        "[",
        "①",
        "정정대상공시서류",
        "연결",
        "율(",
        "가\u00a0",
        "&cr;",
        "<",
        "&",
        "|",
        "a=",
        '"',
        "<?xml",
        "<P ",
    ),
)
VALUES = (
    "",
    "../../../../tmp/x",
    "/etc/passwd",
    "a" * 5000,
    "\t",
    "%00",
    "09900011 ",
    "٠٩٩",
    "0001",
    "20229999",
)
NESTED = ("SECTION-1", "LIBRARY", "P", "SPAN", "CORRECTION", "TITLE", "TABLE-GROUP", "div", "span", "A", "TD")


@dataclass(frozen=True, slots=True)
class Shape:
    """A filing as bytes, before anything happens to it."""

    name: str
    data: bytes


def shapes_in(*folders: Path) -> list[Shape]:
    """Every filing below, the members of zips too, in name order."""
    found: list[Shape] = []
    for file in sorted(file for folder in folders for file in folder.glob("*")):
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                found += [Shape(name, archive.read(name)) for name in sorted(archive.namelist())]
        elif file.suffix == ".xml":
            found.append(Shape(file.name, file.read_bytes()))
    return found


def mutated(shapes: Sequence[Shape], rng: Random) -> tuple[str, bytes]:
    """(file name, bytes): one of the shapes with one to four things wrong."""
    text = _window(decode(rng.choice(shapes).data)[0], rng)
    for _ in range(rng.randint(1, 4)):
        text = rng.choice(_TEXT_MUTATIONS)(text, rng)
    if rng.randrange(16) == 0:  # most of these are refused at once
        text = rng.choice((_doctype, _cut_short))(text, rng)
    data = _encoded(text, rng)
    if rng.randrange(5) == 0:
        data = rng.choice(_BYTE_MUTATIONS)(data, rng)
    if rng.randrange(8) == 0:
        return f"{RCEPT_NO}.zip", _zipped(data, rng)
    return f"{RCEPT_NO}.xml", data


def _size(rng: Random, largest: int) -> int:
    """1..largest, as often in each order of magnitude."""
    orders = rng.randint(0, len(str(largest)) - 1)
    return min(rng.randint(1, 9) * int(10**orders), largest)


def _window(text: str, rng: Random) -> str:
    """A large filing's head and one stretch of its body; one time in thirty the whole."""
    if len(text) <= _LARGE or rng.randrange(30) == 0:
        return text
    body = text.find("<BODY>") + len("<BODY>")
    start = rng.randrange(body, len(text) - _WINDOW)
    return f"{text[:body]}{text[start : start + _WINDOW]}</BODY></DOCUMENT>"


def _place(text: str, rng: Random, pattern: re.Pattern[str] = _TAG) -> tuple[int, int]:
    """Where the pattern next stands, from somewhere; anywhere when it does not."""
    at = rng.randrange(len(text) + 1)
    found = pattern.search(text, at) or pattern.search(text)
    if not found:
        return at, at
    return found.span(found.lastindex or 0)


def _put(text: str, where: tuple[int, int], new: str) -> str:
    return text[: where[0]] + new + text[where[1] :]


def _replace(pattern: re.Pattern[str], choices: Sequence[str]) -> Callable[[str, Random], str]:
    def replace(text: str, rng: Random) -> str:
        for _ in range(rng.randint(1, 6)):
            text = _put(text, _place(text, rng, pattern), rng.choice(choices))
        return text

    return replace


def _insert(choices: Sequence[str]) -> Callable[[str, Random], str]:
    def insert(text: str, rng: Random) -> str:
        for _ in range(rng.randint(1, 6)):
            end = _place(text, rng)[1]
            text = _put(text, (end, end), rng.choice(choices))
        return text

    return insert


def _drop_tags(text: str, rng: Random) -> str:
    for _ in range(_size(rng, 30)):
        text = _put(text, _place(text, rng), "")
    return text


def _double_tags(text: str, rng: Random) -> str:
    for _ in range(_size(rng, 30)):
        start, end = _place(text, rng)
        text = _put(text, (end, end), text[start:end])
    return text


def _move_part(text: str, rng: Random) -> str:
    start = _place(text, rng)[0]
    end = min(start + _size(rng, 20_000), len(text))
    part, rest = text[start:end], text[:start] + text[end:]
    at = _place(rest, rng)[1]
    return rest[:at] + part * rng.randint(0, 3) + rest[at:]


def _odd_spans(text: str, rng: Random) -> str:
    for _ in range(_size(rng, 30)):
        end = _place(text, rng, _CELL)[1]
        name = rng.choice(("ROWSPAN", "COLSPAN", "rowspan", "colspan"))
        text = _put(text, (end, end), f' {name}="{rng.choice(SPANS)}"')
    return text


def _nest_tables(text: str, rng: Random) -> str:
    depth, end = _size(rng, 900), _place(text, rng)[1]
    rows = rng.choice(("<TABLE><TR><TD>", "<TABLE><TBODY><TR><TD>글</TD><TD>", "<table><tr><td>"))
    closing = "</TD></TR></TABLE>" if rows[1] == "T" else "</td></tr></table>"
    return _put(text, (end, end), rows * depth + "1,234" + closing * (depth - rng.randint(0, 1)))


def _nest_tags(text: str, rng: Random) -> str:
    tag, depth, end = rng.choice(NESTED), _size(rng, 3000), _place(text, rng)[1]
    inner = rng.choice(("", "글", "<TITLE>제목</TITLE>"))
    return _put(text, (end, end), f"<{tag}>{inner}" * depth + f"</{tag}>" * (depth - rng.randint(0, 1)))


def _fill(text: str, rng: Random) -> str:
    """A giant cell, title, paragraph or attribute."""
    filler = rng.choice(FILLERS)
    new = filler * (_size(rng, 100_000) // len(filler) + 1) + rng.choice(("", "끝", "\n끝"))
    return _put(text, _place(text, rng, rng.choice((_TEXT, _ATTRIBUTE))), new)


def _many_cells(text: str, rng: Random) -> str:
    """Up to 100,000 cells, most of them empty, as one row, one column or between."""
    cell = rng.choice(("<TD></TD>", "<TD/>", "<TD>1</TD>", "<TE ACODE='X'>-</TE>", "<td></td>"))
    count = _size(rng, 100_000)
    width = rng.choice((1, 2, 30, count))
    row = f"<TR>{cell * width}</TR>"
    end = _place(text, rng)[1]
    return _put(text, (end, end), f"<TABLE>{row * max(count // width, 1)}</TABLE>")


def _bare_quotes(text: str, rng: Random) -> str:
    for _ in range(_size(rng, 30)):
        where = _place(text, rng, _ATTRIBUTE)
        text = _put(text, where, rng.choice(('"Other receivables"', "'", '"', "a>b", "<", "A=B C=", "&")))
    return text


def _doctype(text: str, rng: Random) -> str:
    return rng.choice(DOCTYPES) + text


def _controls(text: str, rng: Random) -> str:
    for _ in range(_size(rng, 30)):
        at = rng.randrange(len(text) + 1)
        text = _put(
            text, (at, at), chr(rng.choice((1, 8, 11, 12, 13, 27, 127, 0x85, 0x2028, 0xFFFE, 0xFFFF)))
        )
    return text


def _cut_short(text: str, rng: Random) -> str:
    return text[: rng.randrange(len(text) + 1)]


def _stray_library(text: str, rng: Random) -> str:
    """`div`s of corrections and subsidiaries opened where they never stand, some of them closed."""
    for _ in range(rng.randint(1, 4)):
        end = _place(text, rng)[1]
        opened = f'<div id="LIB_{rng.choice(("LC000", "LC101", "", "X" * 500))}">'
        text = _put(text, (end, end), opened + rng.choice(("", "</div>", "<table><tr><td>정정전</td></tr>")))
    return text


_TEXT_MUTATIONS: tuple[Callable[[str, Random], str], ...] = (
    *(_drop_tags, _double_tags, _move_part, _odd_spans, _nest_tables, _nest_tags, _fill, _many_cells),
    *(
        _bare_quotes,
        _bare_quotes,
        _stray_library,
        _controls,
        _odd_spans,
        _fill,
        _nest_tags,
        _drop_tags,
        _move_part,
    ),
    *(
        _replace(_NUMBER, NUMBERS),
        _replace(_TEXT, WORDS),
        _replace(_TEXT, NUMBERS),
        _replace(_ATTRIBUTE, VALUES),
    ),
    *(_replace(_KEY, VALUES), _replace(_KEY, NUMBERS)),
    *(_insert(ENTITIES), _insert(INSERTS)),
)


def _encoded(text: str, rng: Random) -> bytes:
    """Mostly right; else another encoding, a mark too many, two in one file or a character cut in half."""
    way = rng.randrange(24)
    if way < 17:
        return text.encode()
    if way < 20:
        return text.encode("cp949", "xmlcharrefreplace")
    if way == 20:
        return text.encode("utf-16")
    if way == 21:
        return b"\xef\xbb\xbf" * rng.randint(1, 2) + text.encode()
    if way == 22:
        at = rng.randrange(len(text) + 1)
        return text[:at].encode() + text[at:].encode("cp949", "ignore")
    data = text.encode()
    return data[: rng.randrange(len(data) + 1)]


def _flip(data: bytes, rng: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(_size(rng, 300) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _nuls(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + b"\0" * _size(rng, 10_000) + data[at:]


def _noise(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(_size(rng, 500)) + data[at:]


_BYTE_MUTATIONS: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _nuls, _noise)


def _zipped(data: bytes, rng: Random) -> bytes:
    """A zip as DART sends it, or broken, nested, a bomb, doubled, locked, lying or strangely named."""
    way = rng.randrange(11)
    names = [f"{RCEPT_NO}.xml"]
    if way == 1:
        names *= 2
    elif way == 2:
        names = [
            rng.choice(("../x.xml", "/x.xml", "C:\\x.xml", "a\\..\\x.xml", "\n.xml", "가/나.xml", "x" * 300))
        ]
    elif way == 3:
        names += [f"{RCEPT_NO}_00760.xml", "그림.jpg", "안.zip"]
    body = _archive(names, data)
    if way == 4:
        body = _archive([f"{RCEPT_NO}.xml", "a.zip"], body)
    elif way == 5:
        body = _archive(names, data[:2000] + b" " * _size(rng, 30_000_000))
    elif way == 6:
        body = body[: rng.randrange(4, len(body))]
    elif way == 7:
        body = _flip(body, rng)
    elif way == 8:  # the flag of a password, or a size that is not so, in the directory
        at = body.rfind(b"PK\x01\x02")
        offset, value = rng.choice(((8, 1), (24, 10), (24, 0x7FFFFFFF), (20, 0), (42, 0xFFFFFF00), (10, 99)))
        width = 2 if offset < 20 else 4
        body = body[: at + offset] + struct.pack("<I", value)[:width] + body[at + offset + width :]
    elif way == 9:  # a name in no encoding
        body = body.replace(RCEPT_NO[:6].encode(), b"\xff\xfe\x80\x81\xff\xff")
    elif way == 10:
        body = rng.randbytes(rng.randint(0, 50)) + body
    return body


def _archive(names: Sequence[str], data: bytes) -> bytes:
    sink = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(sink, "w") as archive:  # of doubled names
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return sink.getvalue()
