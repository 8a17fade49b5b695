"""The text of a message as Telegram keeps it: parsed, checked, trimmed, with links found in it."""

import re
from typing import Any

from tests.doubles.telegram.markup import Entity, cannot_parse, parsed, units
from tests.doubles.telegram.refusal import bad_request

LONGEST = 4_096
_KINDS = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link", "text_mention",
    "blockquote", "expandable_blockquote", "custom_emoji", "mention", "hashtag", "url", "bot_command",
    "email",
}  # fmt: skip
_FOUND = (
    ("url", re.compile(r"\bhttps?://\S+|\b(?:[\w-]+\.)+(?:com|net|org|kr|me|io)\b(?:/\S*)?")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z]\w{3,31}", re.ASCII)),
    ("bot_command", re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?", re.ASCII)),
)


def kept(params: dict[str, Any], *, empty: bool = False) -> tuple[str, list[Entity]]:
    """Text and entities of a call. Raises Refusal."""
    text = str(params.get("text") or "")
    given = params.get("entities") or []
    if params.get("parse_mode"):
        text, given = parsed(text, str(params["parse_mode"]))
    check(text, given)
    text, given = _trimmed(text, given)
    if not text and not empty:
        raise bad_request("message text is empty")
    if units(text) > LONGEST:
        raise bad_request("message is too long")
    return text, sorted([*given, *found(text, given)], key=lambda one: (one["offset"], -one["length"]))


def check(text: str, entities: list[Entity]) -> None:
    """Raises Refusal for entities outside of the text, in half of a character, or across each other."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    borders = {0}
    at = 0
    for character in text:
        at += units(character)
        borders.add(at)
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] not in _KINDS:
            raise cannot_parse("unsupported entity type")
        if start < 0 or entity["length"] <= 0 or end * 2 > len(encoded):
            raise cannot_parse(f"entity ends after the end of the text at UTF-16 offset {end}")
        if start not in borders or end not in borders:
            raise cannot_parse(f"entity begins or ends in the middle of a UTF-16 symbol at {start}")
        if entity["type"] == "text_link" and not entity.get("url"):
            raise cannot_parse("text_link without a URL")
    for one in entities:
        for other in entities:
            if one["offset"] < other["offset"] < _end(one) < _end(other):
                raise cannot_parse("entities cross each other")


def found(text: str, taken: list[Entity]) -> list[Entity]:
    """What Telegram makes pressable by itself, outside of code and links that were given."""
    closed = [one for one in taken if one["type"] in ("code", "pre", "text_link")]
    hits: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, length = units(text[: match.start()]), units(match.group())
            if not any(one["offset"] < start + length and start < _end(one) for one in (*closed, *hits)):
                hits.append({"type": kind, "offset": start, "length": length})
    return hits


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """TDLib: space goes from the end, and from the start as far as no entity begins in it."""
    text = text.rstrip()
    first = min((one["offset"] for one in entities), default=len(text))
    lead = min(len(text) - len(text.lstrip()), first)
    text = text[lead:]
    left = []
    for one in entities:
        start = one["offset"] - lead
        length = min(one["length"], units(text) - start)
        if length > 0:
            left.append({**one, "offset": start, "length": length})
    return text, left


def _end(entity: Entity) -> int:
    return int(entity["offset"]) + int(entity["length"])
