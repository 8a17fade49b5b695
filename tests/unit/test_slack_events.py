"""Slack's payloads → Incoming."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.message import Incoming
from bots.slack.events import from_action, from_left, from_message, readable
from bots.slack.rendering import escape


@pytest.mark.parametrize(
    ("slack", "read"),
    [
        ("<@UBOT> 삼성전자 매출은?", "삼성전자 매출은?"),
        ("저기 <@UBOT|gongsi> 매출은?", "저기 매출은?"),
        ("<@UBOT>", ""),
        ("<@U2> <@U3|kim> <#C1|general> <#C2>", "@U2 @kim #general #C2"),
        ("<!here> <!subteam^S1|@team> <!date^1^{date}|어제>", "@here @team 어제"),
        ("<https://dart.fss.or.kr/x?a=1&amp;b=2>", "https://dart.fss.or.kr/x?a=1&b=2"),
        (
            "<http://dart.fss.or.kr|dart.fss.or.kr>의 <https://a.kr|공시>",
            "dart.fss.or.kr의 공시 (https://a.kr)",
        ),
        ("<mailto:a@b.kr|a@b.kr>", "a@b.kr"),
        ("1 &lt; 2 &amp;amp; 3", "1 < 2 &amp; 3"),
        ("줄\n바꿈  둘", "줄\n바꿈 둘"),
    ],
)
def test_markup_is_read_as_people_see_it(slack: str, read: str) -> None:
    assert readable(slack, "UBOT") == read


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]).filter(lambda c: c not in " \t")))
def test_what_is_typed_is_what_is_read(text: str) -> None:
    assert readable(escape(text), "UBOT") == text.strip()


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    readable(text, "UBOT")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
SHARED = st.fixed_dictionaries({}, optional={"is_share": st.booleans(), "text": st.none() | st.text()})
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["message", "app_mention"]),
        "subtype": st.none() | st.text(max_size=5),
        "user": st.none() | st.sampled_from(["U1", "UBOT"]),
        "bot_id": st.none() | st.just("B1"),
        "channel": st.none() | st.sampled_from(["C1", "D1"]),
        "channel_type": st.none() | st.sampled_from(["im", "channel", "mpim"]),
        "ts": st.none() | st.sampled_from(["1732600000.000100", "x", ""]),
        "thread_ts": st.none() | st.just("1732500000.000100"),
        "text": st.none() | st.text() | st.just("<@UBOT> 매출은?"),
        "attachments": st.none() | st.lists(st.none() | SHARED, max_size=2),
    },
)


@given(FIELDS)
def test_any_message_is_taken_or_left(event: dict[str, Any]) -> None:
    incoming = from_message("T1", "UBOT", event)
    if incoming is not None:
        assert Incoming.from_json(incoming.to_json()) == incoming
        assert incoming.person == "slack:T1/U1"
        assert incoming.place.private or incoming.place.thread


@pytest.mark.parametrize(
    ("text", "attached", "read", "quoted"),
    [
        (
            "",
            {"is_share": True, "text": "A &amp; B의 <https://a.kr|공시>"},
            "A & B의 공시 (https://a.kr)",
            True,
        ),
        ("이게 뭐야?", {"is_share": True, "text": "EV/EBITDA"}, "이게 뭐야?", False),
        ("<https://a.kr>", {"text": "미리 보기", "from_url": "https://a.kr"}, "https://a.kr", False),
        ("", {"text": "미리 보기"}, "", False),
    ],
)
def test_a_shared_message_is_somebody_elses_words(
    text: str, attached: dict[str, Any], read: str, quoted: bool
) -> None:
    event = {"user": "U1", "channel": "D1", "ts": "1.1", "text": text, "attachments": [attached]}
    incoming = from_message("T1", "UBOT", event)
    assert incoming
    assert (incoming.text, incoming.quoted) == (read, quoted)


def test_buttons_without_a_value_and_tokens_of_people_are_left() -> None:
    body = {"actions": [{"action_ts": "1.1"}], "user": {"id": "U1"}, "team": {"id": "T1"}}
    assert from_action(body) is None
    assert from_left("T1", {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}, "Ev1") is None
