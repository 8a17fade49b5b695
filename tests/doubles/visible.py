"""What a reader of a filing sees, told from its bytes by other means than core/etl: no parser, no tree.

Words and numbers with how often each is seen, for comparison with what was made of the filing.
"""

import html
import re
from collections import Counter
from collections.abc import Mapping

# Left out on purpose: boilerplate of the form, or what stands elsewhere.
DROPPED = {
    "SUMMARY": "values extracted for DART's own database (EXTRACTION); the viewer does not show them",
    "DOCUMENT-NAME": "the report's name: front matter and the heads of all chunks",
    "COMPANY-NAME": "the company's name: likewise",
    "COVER-TITLE": "the report's name: likewise",
    "FORMULA-VERSION": "version of the form",
    "TOC": "table of contents",
    "INSERTION": "editor's hint",
    "COMMENT": "editor's hint",
    "LIBRARYLIST": "editor's hint",
    "FILENAME": "name of a picture's file",
    "WARNING": "editor's hint",
    "IMG": "name of a picture's file",
}
_TITLE, _NOTHING = r"<TITLE[^>]*>[^<]*</TITLE>", r"(?:\s|<P[^>]*>\s*</P>|</?PGBRK[^>]*>)"
DROPPED_SHAPES = {
    r"^\s*<\?xml[^>]*\?>": "declaration",
    r"<COVER(?:\s[^>]*)?>.*?</COVER>": "cover: term (front matter), officers in charge, phones",
    r"<SECTION-1[^>]*>\s*<TITLE[^>]*>\s*주\s*요\s*사\s*항\s*보\s*고\s*서\s*/\s*거.*?</SECTION-1>": "cover",
    r"<TITLE[^>]*>\s*목\s*차\s*</TITLE>.*?(?=<SECTION-1|<LIBRARY|<CORRECTION)": "contents",
    r"<P[^>]*>\s*▶[^<]*추가\s*</P>": "editor's hint",
    rf"<SECTION-(\d)[^>]*>\s*{_TITLE}{_NOTHING}*</SECTION-\1>": "title of nothing",
}
DROPPED_HTML = {
    r"<(style|script|title)\b.*?</\1\s*>": "layout; the title names company and report",
    r"<!--.*?-->": "comment",
}

_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)(?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>")
_DART = re.compile(
    "DOCUMENT(-HEADER)?|BODY|COVER(-TITLE)?|LIBRARY|APPENDIX|CORRECTION|PART|SECTION-[1-5]|TITLE|P|SPAN|A"
    "|PGBRK|TABLE(-GROUP)?|COLGROUP|COL|THEAD|TBODY|TFOOT|TR|TD|TH|TE|TU|IMAGE|IMG-CAPTION"
)
_INLINE = frozenset(("span", "a", "font", "b", "u", "strong"))
_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")


def visible(data: bytes, *, cover: bool = False) -> str:
    """The text of a filing, tags as spaces (font runs as nothing), what is DROPPED left out.

    `cover`: with the cover, where it says what is offered.
    """
    bare = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = bare.decode("utf-8")
    except UnicodeDecodeError:
        text = bare.decode("cp949", "replace")
    is_html = "<html" in text[:2000].lower()
    if is_html:
        for shape in DROPPED_HTML:
            text = re.sub(shape, " ", text, flags=re.DOTALL | re.IGNORECASE)
    else:
        for tag in DROPPED:
            text = re.sub(rf"<{tag}(?:\s[^>]*)?>.*?</{tag}>", " ", text, flags=re.DOTALL)
        for shape in DROPPED_SHAPES:
            if not (cover and "COVER" in shape):
                text = _until_gone(shape, text)
        text = re.sub(r"&(?:amp;)?cr;", "\n", text)

    def shown(tag: re.Match[str]) -> str:
        if not is_html and not _DART.fullmatch(tag[1]):
            return tag[0]  # `<TV 부문>` is text
        return "" if tag[1].lower() in _INLINE else " "

    return html.unescape(_TAG.sub(shown, text))


def _until_gone(shape: str, text: str) -> str:
    """A section of empty sections is empty too."""
    shorter = re.sub(shape, " ", text, flags=re.DOTALL)
    return text if shorter == text else _until_gone(shape, shorter)


def numbers(text: str) -> Counter[str]:
    """Numbers as written, `1,234.5`, with how often each is seen."""
    return Counter(_NUMBER.findall(text))


def words(text: str) -> Counter[str]:
    """Runs of letters with how often each is seen."""
    return Counter(_WORD.findall(text))


def lost_words(seen: str, made: str) -> Counter[str]:
    """Words of `seen` that `made` has not; a word that is only put together or apart is not lost."""
    want, got = words(seen), words(made)
    lost, more = want - got, got - want
    for wholes, parts, pool in ((more, lost, want), (lost, more, more)):
        for whole in list(wholes):
            for _ in range(wholes[whole] if parts and wholes[whole] else 0):
                found = Counter(_parts(whole, parts) or _parts(whole, {**pool, whole: 0}))
                if found & parts:
                    parts -= found
                    wholes -= Counter([whole])
    return lost


def _parts(whole: str, parts: Mapping[str, int]) -> list[str]:
    """Which of the parts make up the word; none when it is not made of them."""
    for end in range(len(whole), 0, -1):
        first = whole[:end]
        if not parts.get(first):
            continue
        rest = [] if end == len(whole) else _parts(whole[end:], {**parts, first: parts[first] - 1})
        if rest or end == len(whole):
            return [first, *rest]
    return []
