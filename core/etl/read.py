"""Bytes of one filing → Document, whatever shape and encoding they have."""

import re
from collections import Counter

from lxml import etree

from core.errors import UnreadableFiling
from core.etl.dart_xml import read_dart_xml
from core.etl.document import Document, Reading
from core.etl.exchange_html import read_exchange_html
from core.etl.sanitise import count_tags, declared_encoding, decode, sanitise

MAX_BYTES = 100 * 1024 * 1024  # the largest real filing seen is 36.5 MB (notes/dart.md §1.1)
_CHECKED = (
    "TITLE",
    "TABLE",
    "TR",
    "TD",
    "TH",
    "TE",
    "TU",
    "P",
    "SECTION-1",
    "SECTION-2",
    "SECTION-3",
)
_HTML = re.compile(r"(?:<!doctype html[^>]*>\s*)?<html", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MAGIC = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "zip",
    b"\xd0\xcf\x11\xe0": "한글·오피스",
    b"\x89PNG": "그림",
}


def read_document(data: bytes, name: str) -> Document:
    """Raises UnreadableFiling, saying in one sentence what `name` really is."""
    _refuse_non_filing(data, name)
    text, encoding = decode(data)
    declared = declared_encoding(data)
    if _HTML.match(text[:2000].lstrip()):
        counts = {"raw_table": len(re.findall(r"<table[\s>]", text, re.IGNORECASE))}
        return read_exchange_html(text, Reading(declared, encoding, "html", counts))
    if "<!" in text and _DOCTYPE.search(text):
        raise UnreadableFiling(f"{name}: 외부 개체를 선언한 XML은 읽지 않습니다.")
    clean, counts = sanitise(text)
    if b"<DOCUMENT" not in clean[:15_000]:
        raise UnreadableFiling(f"{name}: DART 공시 문서가 아닙니다.")
    root, mode = _parse(clean, name)
    warnings = [] if mode == "strict" and b"<!--" not in clean else _loss(clean, root, counts)
    if mode == "recover":
        warnings.insert(0, "XML 문법이 깨져 복구 모드로 읽었습니다.")
    if encoding == "cp949+replace":
        warnings.append("글자 일부를 읽지 못해 �로 바꾸었습니다.")
    if counts["unknown_tag"]:
        warnings.append(f"처음 보는 태그 {counts['unknown_tag']}개를 글자로 읽었습니다.")
    try:
        document = read_dart_xml(root, Reading(declared, encoding, mode, counts, tuple(warnings)))
    except RecursionError:
        raise _too_deep(name) from None
    if not document.sections:
        raise UnreadableFiling(f"{name}: 문서에 내용이 없습니다.")
    return document


def _refuse_non_filing(data: bytes, name: str) -> None:
    if not data.strip():
        raise UnreadableFiling(f"{name}: 빈 파일입니다.")
    if len(data) > MAX_BYTES:
        raise UnreadableFiling(f"{name}: 너무 큰 파일입니다({len(data) / 1e6:,.0f}MB).")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise UnreadableFiling(f"{name}: 이름과 달리 {kind} 파일입니다.")
    if b"\x00" in data[:4096]:
        raise UnreadableFiling(f"{name}: 글이 아닌 이진 파일입니다.")


def _too_deep(name: str) -> UnreadableFiling:
    return UnreadableFiling(f"{name}: 태그가 지나치게 깊이 겹친 파일입니다.")


def _parse(data: bytes, name: str) -> tuple[etree._Element, str]:
    for recover in (False, True):
        parser = etree.XMLParser(
            huge_tree=True, recover=recover, resolve_entities=False, no_network=True, load_dtd=False
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            if "depth" in str(error):  # libxml2 stops at 2,048; real filings stay under 20
                raise _too_deep(name) from None
            continue
        if root is not None:
            return root, "recover" if recover else "strict"
    raise UnreadableFiling(f"{name}: XML로 읽을 수 없는 파일입니다.")


def _loss(data: bytes, root: etree._Element, counts: dict[str, int]) -> list[str]:
    """Compare the tags of the text with those of the tree; what is missing is said, tag by tag.

    A strict parse makes an element of every tag outside a comment, so there it has nothing to find.
    """
    raw, read = count_tags(data), Counter(element.tag for element in root.iter())
    lost = []
    for tag in _CHECKED:
        counts[f"raw_{tag}"], counts[tag] = raw[tag], read[tag]
        if read[tag] < raw[tag]:
            lost.append(f"{tag} {raw[tag] - read[tag]}개")
    return [f"읽으면서 잃은 것: {', '.join(lost)}"] if lost else []
