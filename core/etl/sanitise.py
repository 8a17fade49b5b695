"""Bytes as DART serves them → text a strict parser takes.

Declared encodings lie both ways and hardly any large filing is well-formed; the rules and the counts
behind them are in notes/dart.md §1.2–1.4. Every replacement is counted.
"""

import re
from collections import Counter

_DART_TAGS = [
    "DOCUMENT",
    "DOCUMENT-HEADER",
    "DOCUMENT-NAME",
    "FORMULA-VERSION",
    "COMPANY-NAME",
    "SUMMARY",
    "EXTRACTION",
    "BODY",
    "COVER",
    "COVER-TITLE",
    "TOC",
    "LIBRARY",
    "LIBRARYLIST",
    "INSERTION",
    "COMMENT",
    "FILENAME",
    "WARNING",
    "APPENDIX",
    "CORRECTION",
    "PART",
    "SECTION-1",
    "SECTION-2",
    "SECTION-3",
    "SECTION-4",
    "SECTION-5",
    "TITLE",
    "P",
    "SPAN",
    "A",
    "PGBRK",
    "TABLE-GROUP",
    "TABLE",
    "COLGROUP",
    "COL",
    "THEAD",
    "TBODY",
    "TFOOT",
    "TR",
    "TD",
    "TH",
    "TE",
    "TU",
    "IMAGE",
    "IMG",
    "IMG-CAPTION",
]
_NAMES = "|".join(sorted(map(re.escape, _DART_TAGS), key=len, reverse=True))
# A name alone, or a name and `attribute=`: `<P 사업>` and `<A 부문>` are text (checked, note §1.4).
_NOT_A_TAG = re.compile(rf"<(?!/?(?:{_NAMES})(?:\s*/?>|\s+[A-Za-z_][\w:.-]*\s*=)|!--)")
_LATIN_TAG = re.compile(r"</?[A-Z][A-Z0-9-]+(?:\s+[A-Z]+=|>)")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));")
_LINE_BREAK = re.compile(r"&(?:amp;)?cr;")
_DECLARATION = re.compile(r"<\?xml[^<>]{0,200}\?>")  # bounded: `<?xml<?xml…` would cost its square
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}encoding=[\"']([\w-]+)|charset=[\"']?([\w-]+)", re.IGNORECASE)
_OPEN_TAG = re.compile(r"<([A-Z][A-Z0-9-]*)[\s>/]")


def decode(data: bytes) -> tuple[str, str]:
    """(text, encoding used): utf-8 if it is that, else CP949, whatever the declaration says."""
    bare = data.removeprefix(b"\xef\xbb\xbf")
    for encoding in ("utf-8", "cp949"):
        try:
            return bare.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return bare.decode("cp949", "replace"), "cp949+replace"


def declared_encoding(data: bytes) -> str | None:
    found = _ENCODING.search(data[:3000])
    return (found[1] or found[2]).decode("ascii").lower() if found else None


def sanitise(text: str) -> tuple[str, dict[str, int]]:
    """Well-formed as far as characters go, and how often each rule fired. Linear in the text."""
    counts: dict[str, int] = {}
    text = _DECLARATION.sub("", text, count=1)
    text, counts["cr"] = _LINE_BREAK.subn("\n", text)
    text = text.replace("&nbsp;", "\u00a0")
    text, counts["ampersand"] = _BARE_AMPERSAND.subn("&amp;", text)
    counts["unknown_tag"] = 0

    def escape(found: re.Match[str]) -> str:
        counts["unknown_tag"] += bool(_LATIN_TAG.match(text, found.start()))
        return "&lt;"

    text, counts["less_than"] = _NOT_A_TAG.subn(escape, text)
    text, counts["control"] = _CONTROL.subn("", text)

    def resolve(found: re.Match[str]) -> str:
        code = int(found[1], 16) if found[1] else int(found[2])
        if _allowed(code):
            return found[0]
        counts["control"] += 1
        return ""

    return _REFERENCE.sub(resolve, text), counts


def _allowed(code: int) -> bool:
    """Whether XML 1.0 §2.2 has this character; a reference to a surrogate breaks lxml's own decoding."""
    return (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code < 0xD800
        or 0xE000 <= code < 0xFFFE
        or 0x10000 <= code < 0x110000
    )


def count_tags(text: str) -> Counter[str]:
    """Opening tags by name in sanitised text: what a parse must not lose."""
    return Counter(_OPEN_TAG.findall(text))
