"""HTML and MarkdownV2 → text and entities, refused as Telegram refuses them."""

import html
import re
from typing import Any

from tests.doubles.telegram.refusal import Refusal, bad_request

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)([^<>]*)>|<")
_MARKS = {"*": "bold", "__": "underline", "_": "italic", "~": "strikethrough", "||": "spoiler"}
_RESERVED = set("_*[]()~`>#+-=|{}.!")

Entity = dict[str, Any]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parsed(text: str, mode: str) -> tuple[str, list[Entity]]:
    if mode.lower() == "html":
        return _html(text)
    if mode.lower() == "markdownv2":
        return _Markdown(text).read()
    raise bad_request("unsupported parse_mode")


def cannot_parse(why: str) -> Refusal:
    return bad_request(f"can't parse entities: {why}")


def _html(text: str) -> tuple[str, list[Entity]]:
    out = ""
    found: list[Entity] = []
    opened: list[tuple[str, Entity]] = []
    done = 0
    for tag in _TAG.finditer(text):
        out += html.unescape(text[done : tag.start()])
        done = tag.end()
        closing, name, rest = tag[1], (tag[2] or "").lower(), tag[3] or ""
        at = len(text[: tag.start()].encode())
        if name not in _TAGS:
            raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {at}')
        if closing:
            if not opened or opened[-1][0] != name:
                raise cannot_parse(f"Unexpected end tag at byte offset {at}")
            entity = opened.pop()[1]
            entity["length"] = units(out) - entity["offset"]
            if entity["length"]:
                found.append(entity)
            continue
        entity = {"type": _TAGS[name], "offset": units(out), "length": 0}
        if name == "a":
            href = re.search(r'href="([^"]*)"', rest)
            entity["url"] = html.unescape(href[1]) if href else ""
        if name == "blockquote" and "expandable" in rest:
            entity["type"] = "expandable_blockquote"
        opened.append((name, entity))
    if opened:
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return out + html.unescape(text[done:]), found


class _Markdown:
    """core.telegram.org/bots/api#markdownv2-style, without custom emoji and block quotes over many lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._out = ""
        self._found: list[Entity] = []
        self._opened: list[tuple[str, int]] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self._at < len(self._text):
            self._step()
        if self._opened:
            mark, start = self._opened[-1]
            name = _MARKS.get(mark, "text_link").capitalize()
            raise cannot_parse(f"Can't find end of {name} entity at byte offset {start}")
        return self._out, self._found

    def _step(self) -> None:
        rest = self._text[self._at :]
        if rest[0] == "\\" and len(rest) > 1 and ord(rest[1]) < 128:
            self._out += rest[1]
            self._at += 2
        elif rest.startswith("```"):
            self._verbatim("```", "pre")
        elif rest[0] == "`":
            self._verbatim("`", "code")
        elif rest[0] == "[":
            self._opened.append(("[", units(self._out)))
            self._at += 1
        elif rest[0] == "]" and self._opened and self._opened[-1][0] == "[":
            self._link(rest)
        elif mark := next((one for one in ("__", "||", "*", "_", "~") if rest.startswith(one)), None):
            self._toggle(mark)
        elif rest[0] in _RESERVED:
            raise cannot_parse(
                f"Character '{rest[0]}' is reserved and must be escaped with the preceding '\\'"
            )
        else:
            self._out += rest[0]
            self._at += 1

    def _verbatim(self, fence: str, kind: str) -> None:
        start = self._at + len(fence)
        end = self._text.find(fence, start)
        if end < 0:
            raise cannot_parse(f"Can't find end of {kind.capitalize()} entity at byte offset {self._at}")
        inside = re.sub(r"\\([`\\])", r"\1", self._text[start:end])
        self._found.append({"type": kind, "offset": units(self._out), "length": units(inside)})
        self._out += inside
        self._at = end + len(fence)

    def _toggle(self, mark: str) -> None:
        if self._opened and self._opened[-1][0] == mark:
            start = self._opened.pop()[1]
            self._found.append({"type": _MARKS[mark], "offset": start, "length": units(self._out) - start})
        else:
            self._opened.append((mark, units(self._out)))
        self._at += len(mark)

    def _link(self, rest: str) -> None:
        start = self._opened.pop()[1]
        target = re.match(r"\]\(((?:\\.|[^)\\])*)\)", rest)
        if not target:
            raise cannot_parse(f"Can't find end of a URL at byte offset {self._at}")
        url = re.sub(r"\\(.)", r"\1", target[1])
        length = units(self._out) - start
        self._found.append({"type": "text_link", "offset": start, "length": length, "url": url})
        self._at += target.end()
