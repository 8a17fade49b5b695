"""How a mutated filing reaches us: in a wrong encoding, with broken bytes, in a broken or unsafe zip."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from random import Random

RCEPT_NO = "20250318000911"


def served(text: str, rng: Random) -> tuple[str, bytes]:
    """(file name, bytes)."""
    data = _encoded(text, rng)
    if rng.randrange(5) == 0:
        data = rng.choice(_BYTE_MUTATIONS)(data, rng)
    if rng.randrange(8) == 0:
        return f"{RCEPT_NO}.zip", _zipped(data, rng)
    return f"{RCEPT_NO}.xml", data


def size(rng: Random, largest: int) -> int:
    """1..largest, as often in each order of magnitude."""
    orders = rng.randint(0, len(str(largest)) - 1)
    return min(rng.randint(1, 9) * int(10**orders), largest)


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
    for _ in range(size(rng, 300) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _nuls(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + b"\0" * size(rng, 10_000) + data[at:]


def _noise(data: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(size(rng, 500)) + data[at:]


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
        body = _archive(names, data[:2000] + b" " * size(rng, 30_000_000))
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
