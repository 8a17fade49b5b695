"""Whatever a model or a filing writes, what the platforms show leads to DART or a configured host."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.answer_blocks import answer_blocks, unlinked
from bots.message import Reply
from bots.slack import rendering as slack
from bots.telegram import rendering as telegram
from core.model import Answer, Citation, Level
from tests.doubles.gaon import ANNUAL
from tests.doubles.telegram.text import found

HOSTS = ["news.example.kr"]
MAY = {"dart.fss.or.kr", *HOSTS}
LURES = [
    "https://evil.example/x",
    "http://evil.example:8080",
    "HTTPS://EVIL.EXAMPLE/",
    "[여기](https://evil.example)",
    "[https://dart.fss.or.kr](https://evil.example/a)",
    "[DART](https://dart.fss.or.kr@evil.example)",
    "[DART](https://dart.fss.or.kr.evil.example/)",
    "[DART](https://dart.fss.or.kr:8443/)",
    "[DART](javascript:alert(1))",
    "[입금](tg://resolve?domain=evil_bot)",
    "tg://user?id=1",
    "slack://open?team=T1",
    "javascript://dart.fss.or.kr/%0aalert(1)",
    "https://dаrt.fss.or.kr/",  # a Cyrillic а
    "https://xn--drt-5cd.fss.or.kr/",
    "[DART](https://xn--drt-5cd.fss.or.kr/)",
    "<https://evil.example|dart.fss.or.kr>",
    "<!channel> <@U123> <#C1>",
    "<a href='https://evil.example'>dart</a>",
    "evil.com",
    "www.evil.co.kr/경로?x=1",
    "t.me/evil_bot",
    "@evil_bot",
    "ir@evil.com",
    "**https://evil.example**",
    "`https://evil.example`",
    "한글.com",
    "https://dart.fss.or.kr\\@evil.example",
    "https://news.example.kr.evil.com",
    f"{ANNUAL.url}은{ANNUAL.url}HTTPS://EVIL.EXAMPLE/@evil_bot",
]
GLUE = st.sampled_from(
    ["", " ", "\n", "- ", "은", "** ", "(", ")", "[", "](", "<", "|", "\u200b", "/", ".", "1. "]
)
HONEST = st.sampled_from(["영업이익은 3조원입니다 [1].", ANNUAL.url, "https://news.example.kr/a", "가온전자"])
TEXTS = st.lists(st.one_of(st.sampled_from(LURES), GLUE, HONEST), min_size=1, max_size=8).map("".join)


def reply_to(text: str) -> Reply:
    """The lure as the answer, and as what a filing's section and quotation say."""
    cited = Citation(1, replace(ANNUAL, corp_name="가온전자"), f"III > {text[:60]}", text)
    return Reply(answer_blocks(Answer(text, Level.BEGINNER, "inferred", "ollama:x", [cited]), HOSTS))


def may(url: str) -> bool:
    parts = urlsplit(url if re.match(r"\w+:", url) else f"https://{url}")
    return parts.scheme in ("http", "https") and parts.hostname in MAY and "@" not in parts.netloc


def telegram_links(reply: Reply) -> Iterator[str]:
    """What can be pressed: links that were made, and what Telegram makes of a text by itself."""
    for part in telegram.render(reply, HOSTS):
        entities = [one.to_dict() for one in part.entities]
        yield from (one.url for one in part.entities if one.url)
        assert not any(one.type in ("text_mention", "mention") for one in part.entities)
        encoded = part.text.encode("utf-16-le")
        for one in found(part.text, entities):
            if one["type"] in ("url", "mention", "email"):
                start, end = one["offset"] * 2, (one["offset"] + one["length"]) * 2
                yield encoded[start:end].decode("utf-16-le")


def slack_links(reply: Reply) -> Iterator[str]:
    """Of every element of the blocks, and of the mrkdwn that stands in for them."""
    for part in slack.render(reply):
        for blocks in (part.blocks, part.simple):
            yield from re.findall(r'"url": "([^"]*)"', json.dumps(blocks))
            kinds = set(_types(blocks))
            assert not kinds & {"user", "usergroup", "broadcast", "channel", "mrkdwn", "markdown"}
        yield from (inside.partition("|")[0] for inside in re.findall(r"<([^>]*)>", part.text))


def _types(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value["type"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _types(one)


@pytest.mark.parametrize("lure", LURES)
def test_a_lure_is_no_link(lure: str) -> None:
    reply = reply_to(lure)
    for url in (*telegram_links(reply), *slack_links(reply)):
        assert may(url), url


@given(TEXTS)
def test_only_dart_and_configured_hosts_are_links(text: str) -> None:
    reply = reply_to(text)
    for url in (*telegram_links(reply), *slack_links(reply)):
        assert may(url), url


def test_honest_links_stay() -> None:
    reply = reply_to(f"공시는 {ANNUAL.url} 기사는 https://news.example.kr/a 입니다 [1].")
    for links in (telegram_links(reply), slack_links(reply)):
        assert {urlsplit(url).hostname for url in links} == MAY


@given(TEXTS)
def test_what_is_still_being_written_has_no_link(text: str) -> None:
    """Slack reads Markdown and addresses in a stream."""
    whole = unlinked(text)
    assert "](" not in whole
    assert not re.search(r"[a-z]://|[a-z0-9]\.(?:com|example|kr)\b", whole, re.IGNORECASE)
