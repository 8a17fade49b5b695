"""Bytes as DART serves them → text a strict parser takes.

Declared encodings lie both ways and hardly any large filing is well-formed; the rules and the counts
behind them are in notes/dart.md §1.2–1.4. Every replacement is counted.
"""

import re
from collections import Counter

# The frequent ones first: of the 110,000 `<` of a large report nine in ten stop in the first line.
_NAMES = (
    "TD|TR|TE|P|TH|COL|SPAN|TU|TABLE|TBODY|COLGROUP|THEAD|TFOOT|PGBRK|TITLE|A|DOCUMENT|DOCUMENT-HEADER"
    "|DOCUMENT-NAME|FORMULA-VERSION|COMPANY-NAME|SUMMARY|EXTRACTION|BODY|COVER|COVER-TITLE|TOC|LIBRARY"
    "|LIBRARYLIST|INSERTION|COMMENT|FILENAME|WARNING|APPENDIX|CORRECTION|PART|SECTION-[1-5]|TABLE-GROUP"
    "|IMAGE|IMG|IMG-CAPTION"
)
# A name alone, or a name and `attribute=`: `<P 사업>` and `<A 부문>` are text (checked, note §1.4).
_NOT_A_TAG = re.compile(rf"<(?!/?(?:{_NAMES})(?:>|\s+[A-Za-z_][\w:.-]*\s*=|\s*/?>)|!--)")
_LATIN_TAG = re.compile(r"</?[A-Z][A-Z0-9-]+(?:\s+[A-Z]+=|>)")
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_CONTROL = bytes({*range(0x20)} - set(b"\t\n\r"))
_NO_CHARACTER = re.compile(b"\xef\xbf[\xbe\xbf]")  # U+FFFE, U+FFFF
_REFERENCE = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}));")
_LINE_BREAK = re.compile(r"&(?:amp;)?cr;")
_DECLARATION = re.compile(r"<\?xml[^<>]{0,200}\?>")  # bounded: `<?xml<?xml…` would cost its square
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}encoding=[\"']([\w-]+)|charset=[\"']?([\w-]+)", re.IGNORECASE)
_OPEN_TAG = re.compile(rb"<([A-Z][A-Z0-9-]*)[\s>/]")


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


def sanitise(text: str) -> tuple[bytes, dict[str, int]]:
    """UTF-8, well-formed as far as characters go, and how often each rule fired. Linear in the text.

    A search that finds nothing is cheaper than a rule that does not fire, and a rule that fires copies
    the text: so the frequent rules come bare and the others behind a search.
    """
    counts = dict.fromkeys(("cr", "ampersand", "unknown_tag", "less_than", "control"), 0)
    text = _DECLARATION.sub("", text, count=1)
    if "cr;" in text:
        text, counts["cr"] = _LINE_BREAK.subn("\n", text)
    text = text.replace("&nbsp;", "\u00a0")
    text, counts["ampersand"] = _BARE_AMPERSAND.subn("&amp;", text)

    def escape(found: re.Match[str]) -> str:
        counts["unknown_tag"] += bool(_LATIN_TAG.match(text, found.start()))
        return "&lt;"

    text, counts["less_than"] = _NOT_A_TAG.subn(escape, text)

    def resolve(found: re.Match[str]) -> str:
        code = int(found[1], 16) if found[1] else int(found[2])
        if _allowed(code):
            return found[0]
        counts["control"] += 1
        return ""

    if "&#" in text:
        text = _REFERENCE.sub(resolve, text)
    data = text.strip().encode("utf-8", "replace")
    kept = data.translate(None, _CONTROL)
    counts["control"] += len(data) - len(kept)
    kept, removed = _NO_CHARACTER.subn(b"", kept)
    counts["control"] += removed
    return kept, counts


def _allowed(code: int) -> bool:
    """Whether XML 1.0 §2.2 has this character; a reference to a surrogate breaks lxml's own decoding."""
    return (
        code in (0x9, 0xA, 0xD)
        or 0x20 <= code < 0xD800
        or 0xE000 <= code < 0xFFFE
        or 0x10000 <= code < 0x110000
    )


def count_tags(data: bytes) -> Counter[str]:
    """Opening tags by name in sanitised text: what a parse must not lose."""
    return Counter(name.decode() for name in _OPEN_TAG.findall(data))
