"""An answer → neutral blocks: its text, its sources, the line that says who wrote it for whom.

The text is data: whatever a model or a filing put into it stays text. Links lead to DART's viewer and to
configured hosts; every other address is written so that no messenger makes a link of it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bots import texts
from bots.message import Block, Bullets, Heading, Paragraph, Span, Table
from core.model import VIEWER, Answer, AnswerFigure, Level
from core.rag.language.wording import period_words

_DART = "dart.fss.or.kr"
_HEADINGS = frozenset({"근거 셀", "쉬운 풀이", "관련 내용", "공시 원문의 관련 내용"})
_BULLET = re.compile(r"\s{0,3}[-•*]\s+(?=\S)")
_TITLE = re.compile(r"#{1,6}\s+(?=\S)")
_NOTE = "※"
# An address, with its scheme or without; bounded, as all below, so that nothing is read twice over.
_ADDRESS = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{1,20}://\S{1,500}"
    r"|(?<![A-Za-z0-9-])(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])(?:[/:?#]\S{0,500})?"
    r"|[A-Za-z0-9가-힣-]{0,30}[가-힣]\.(?:[A-Za-z0-9-]{1,63}\.){0,8}[a-z]{2,24}(?![A-Za-z0-9])(?:[/:?#]\S{0,500})?"
)
# Bold, code, a link of Markdown, a source, an address.
_INLINE = re.compile(
    r"\*\*(?=\S)(?P<bold>[^*\n]{0,400}[^*\s])\*\*"
    r"|`(?P<code>[^`\n]{1,200})`"
    r"|\[(?P<label>[^\[\]\n]{1,200})\]\((?P<target>[^\s()]{1,500})\)"
    r"|\[(?P<source>\d{1,3})\]"
    rf"|(?P<url>{_ADDRESS.pattern})"
)
_ASCII = re.compile(r"[!-~]*")
_TAIL = ".,;:!?)]}'\"”’」』>"
_COLUMNS = 3  # figures of one kind that are worth a table


def answer_blocks(answer: Answer, hosts: Sequence[str] = ()) -> list[Block]:
    """`hosts` may be linked to beside DART."""
    links = {citation.n: citation.filing.url for citation in answer.citations}
    blocks = text_blocks(answer.text, links, hosts)
    if table := _table(answer):
        blocks.append(table)
    if answer.citations:
        blocks.append(sources_block(kept_sources(answer), hosts))
    if not answer.refused:
        blocks.append(Paragraph([Span(texts.footer(answer.level, answer.level_source, answer.backend))]))
    return blocks


def text_blocks(text: str, links: Mapping[int, str], hosts: Sequence[str] = ()) -> list[Block]:
    """Paragraphs, headings and lists of a text; `[n]` leads to `links[n]`. Never raises, loses no word."""
    blocks: list[Block] = []
    lines: list[str] = []
    bullets: list[list[Span]] = []

    def close() -> None:
        if lines:
            said = "\n".join(lines)
            blocks.append(Paragraph(spans(said, links, hosts), quote=said.startswith(_NOTE)))
            lines.clear()
        if bullets:
            blocks.append(Bullets(list(bullets)))
            bullets.clear()

    for line in text.splitlines():
        bare = line.strip()
        if mark := _BULLET.match(line):
            if lines:
                close()
            bullets.append(spans(line[mark.end() :].strip(), links, hosts))
            continue
        if bullets or not bare:
            close()
        if not bare:
            continue
        if bare in _HEADINGS or _TITLE.match(bare):
            close()
            title = _TITLE.sub("", bare, count=1)
            blocks.append(Heading("".join(span.text for span in spans(title, {}, hosts))))
            continue
        if bare.startswith(_NOTE):
            close()
        lines.append(bare)
    close()
    return blocks


def spans(
    text: str, links: Mapping[int, str], hosts: Sequence[str] = (), *, bold: bool = False
) -> list[Span]:
    """Runs of one line or more; marks of Markdown become what they mean, or stay where they mean nothing."""
    found: list[Span] = []
    at = 0
    for mark in _INLINE.finditer(text):
        found += _plain(text[at : mark.start()], bold)
        at = mark.end()
        if mark["bold"] is not None:
            found += spans(mark["bold"], links, hosts, bold=True)
        elif mark["code"] is not None:
            found.append(Span(_defanged(mark["code"], hosts), bold=bold, code=True))
        elif mark["target"] is not None:
            label = _defanged(mark["label"], hosts)
            if allowed(mark["target"], hosts):
                found.append(Span(label, bold=bold, link=mark["target"]))
            else:
                found += _plain(f"{label} ({defang(mark['target'])})", bold)
        elif mark["source"] is not None:
            url = links.get(int(mark["source"]))
            found.append(Span(mark[0], bold=bold, link=url if url and allowed(url, hosts) else None))
        else:
            found += _address(mark["url"], hosts, bold)
    return found + list(_plain(text[at:], bold))


def _plain(text: str, bold: bool) -> Iterator[Span]:
    if text:
        yield Span(text, bold=bold)


def _address(written: str, hosts: Sequence[str], bold: bool) -> Iterator[Span]:
    shown = _ASCII.match(written)
    url = shown[0].rstrip(_TAIL) if shown else ""
    rest = _defanged(written[len(url) :], hosts)
    if allowed(url, hosts):
        yield Span(url, bold=bold, link=url)
    elif "://" not in url and allowed(f"https://{url}", hosts):
        yield from _plain(url, bold)
    else:
        yield from _plain(defang(url), bold)
    yield from _plain(rest, bold)


def _defanged(text: str, hosts: Sequence[str]) -> str:
    """Addresses inside a label or code: a label that looks like an address must not mislead either."""
    return _INLINE.sub(
        lambda mark: mark[0] if mark["url"] is None or allowed(mark[0], hosts) else defang(mark[0]), text
    )


def allowed(url: str, hosts: Sequence[str]) -> bool:
    """Whether a link may lead there: DART or a configured host itself, without a user name or a port."""
    if "\\" in url or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and parts.hostname in (_DART, *hosts)
        and "@" not in parts.netloc
        and port in (None, 80, 443)
    )


def defang(url: str) -> str:
    """`http[:]//evil[.]example`: readable, and no messenger links it."""
    return url.replace("://", "[:]//").replace(".", "[.]")


def unlinked(text: str) -> str:
    """For a platform that reads Markdown in what is still being written: no address and no link is left."""
    return _ADDRESS.sub(lambda found: defang(found[0]), text).replace("](", "] (")


def kept_sources(answer: Answer) -> list[dict[str, Any]]:
    """An answer's sources as plain values, to be kept for /sources."""
    return [
        {
            "n": citation.n,
            "corp_name": citation.filing.corp_name,
            "report_nm": citation.filing.report_nm,
            "rcept_no": citation.filing.rcept_no,
            "section": citation.section,
            "quote": citation.quote,
            "fictional": citation.filing.fictional,
        }
        for citation in answer.citations
    ]


def sources_block(
    sources: Sequence[Mapping[str, Any]], hosts: Sequence[str] = (), *, quotes: bool = False
) -> Paragraph:
    """One line a source: company, report with its link, the section; with `quotes` what was quoted, too."""
    found = [Span(texts.SOURCES, bold=True)]
    for source in sources:
        url = VIEWER + str(source["rcept_no"])
        path = str(source["section"]).split(" > ")
        section = " > ".join(path) if quotes else path[-1]
        found += [
            Span(f"\n[{source['n']}] {source['corp_name']} · "),
            Span(str(source["report_nm"]), link=url if allowed(url, hosts) else None),
            Span(
                "".join(
                    (
                        f" · {texts.FICTIONAL}" if source["fictional"] else "",
                        f" · {section}" if section else "",
                    )
                )
            ),
        ]
        if quotes:
            found += [Span("\n“"), *spans(str(source["quote"]), {}, hosts), Span("”")]
    return Paragraph([span for span in found if span.text], quote=True)


def _table(answer: Answer) -> Table | None:
    """Three or more figures of one account: by period, or by company for one period."""
    read = [one for one in answer.figures if one.source and not one.disputed]
    if len(read) < _COLUMNS or len(read) < len(answer.figures):
        return None
    labels = {one.label for one in read}
    if len({one.unit for one in read}) > 1:
        return None
    names = {c.filing.corp_code: c.filing.corp_name for c in answer.citations}
    companies = [names.get(_corp(one), "") for one in read]
    if len(labels) == 1 and len(set(companies)) == 1 and len({one.period for one in read}) == len(read):
        rows = [(period_words(one.period, Level.INTERMEDIATE), one.text) for one in read]
        return Table([(texts.PERIOD, read[0].label), *rows])
    if all(companies) and len(set(companies)) == len(read) and len({one.period for one in read}) == 1:
        rows = [(name, one.text) for name, one in zip(companies, read, strict=True)]
        return Table([(texts.COMPANY, read[0].label), *rows])
    return None


def _corp(figure: AnswerFigure) -> str:
    return figure.source.corp_code if figure.source else ""
