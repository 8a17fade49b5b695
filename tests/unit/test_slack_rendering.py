"""Reply → Slack: every character arrives, within the limits that the double enforces."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bots.columns import aligned, is_number, width
from bots.message import Block, Bullets, Button, Heading, Home, Paragraph, Reply, Span, Table, says
from bots.slack.home import home_view
from bots.slack.rendering import clean, escape, render
from tests.doubles.slack.limits import refusal, refused_view

ALPHABET = st.one_of(
    st.sampled_from(list("가나다 삼성전자(005930)는\n.,*_~`<>&|\"'\\:@#!17.35%원[]")),
    st.characters(exclude_categories=["Cs"]),
)
WORDS = st.text(ALPHABET, max_size=60)
LONG = st.builds(
    lambda text, times: text * times, st.text(ALPHABET, min_size=1, max_size=40), st.integers(1, 900)
)
TEXT = st.one_of(WORDS, WORDS, LONG)
LINKS = st.one_of(
    st.none(),
    st.just("https://dart.fss.or.kr/dsaf001/main.do?rcpNo=20250318000123&x=1"),
    st.just("javascript:x"),
)
SPANS = st.lists(st.builds(Span, TEXT, st.booleans(), st.booleans(), LINKS), max_size=5)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 22))
    row = st.lists(WORDS, min_size=columns, max_size=columns)
    rows = draw(st.lists(row, min_size=1, max_size=6))
    return Table(rows * draw(st.sampled_from([1, 1, 1, 40])))


BLOCKS: st.SearchStrategy[list[Block]] = st.lists(
    st.one_of(
        st.builds(Paragraph, SPANS, st.booleans()),
        st.builds(Heading, TEXT),
        st.builds(Bullets, st.lists(SPANS, max_size=6)),
        tables(),
    ),
    max_size=12,
)
VALUES = st.text(min_size=1, max_size=16) | st.sampled_from(["good:1", "bad:1"])
BUTTONS = st.lists(
    st.lists(st.builds(Button, st.text(ALPHABET, max_size=90), VALUES), max_size=8),
    max_size=6,
)


def texts(blocks: Sequence[Any]) -> Iterator[str]:
    """Everything that is read, in order; table cells without their padding."""
    for block in blocks:
        kind = block["type"]
        if kind == "header":
            yield block["text"]["text"]
        elif kind == "table":
            yield from (cell["text"] for row in block["rows"] for cell in row)
        elif kind == "rich_text":
            for element in block["elements"]:
                for inner in element["elements"]:
                    yield from (one["text"] for one in inner.get("elements", [inner]))


def pressable(block: Any) -> Iterator[str]:
    for element in block.get("elements", []):
        if block["type"] == "actions":
            yield element["value"]
        if block["type"] == "context_actions":
            yield element["positive_button"]["value"]
            yield element["negative_button"]["value"]


def meant(reply: Reply) -> str:
    said = ""
    for block in reply.blocks:
        if isinstance(block, Paragraph):
            said += "".join(span.text for span in block.spans)
        elif isinstance(block, Heading):
            said += block.text
        elif isinstance(block, Bullets):
            said += "".join(span.text for item in block.items for span in item)
        else:
            said += "".join(cell for row in block.rows for cell in row)
    return bare(said)


def bare(text: str) -> str:
    """Without white space, which is ours to set, and the bars of a table that is too wide."""
    return "".join(clean(text).replace("|", "").split())


@given(BLOCKS, BUTTONS)
def test_nothing_is_missing_and_slack_takes_every_message(
    blocks: list[Block], buttons: list[list[Button]]
) -> None:
    reply = Reply(blocks=blocks, buttons=buttons)
    parts = render(reply)
    assert bare("".join(text for part in parts for text in texts(part.blocks))) == meant(reply)
    for part in parts:
        assert refusal(part.text, list(part.blocks)) is None
        assert json.loads(json.dumps(part.blocks))
    shown = [button for part in parts for block in part.blocks for button in pressable(block)]
    assert shown == [button.value for row in buttons for button in row if clean(button.label).strip()]
    assert render(reply) == parts


@given(BLOCKS)
def test_what_stands_in_for_blocks_says_the_same(blocks: list[Block]) -> None:
    for part in render(Reply(blocks=blocks)):
        if not part.blocks:
            continue
        assert bare("".join(texts(part.simple))) == bare("".join(texts(part.blocks)))
        assert {block["type"] for block in part.simple} <= {"rich_text", "header", "actions"}
        assert refusal(part.text, None) is None
        for mark in ("<!", "<@", "<#"):
            assert mark not in part.text


@given(BLOCKS)
def test_only_links_of_the_reply_are_links(blocks: list[Block]) -> None:
    for part in render(Reply(blocks=blocks)):
        found = json.dumps(part.blocks, ensure_ascii=False)
        assert found.count('"type": "link"') == found.count('"url": "https://dart.fss.or.kr/')
        assert "javascript:" not in "".join(w for w in part.text.split("<") if w.startswith("javascript"))


def test_bold_before_a_particle_needs_no_markup() -> None:
    reply = Reply(
        blocks=[
            Paragraph(
                [Span("가온전자(005930)", bold=True), Span("는 "), Span("17.35%", bold=True), Span("를")]
            )
        ]
    )
    (part,) = render(reply)
    assert "*" not in json.dumps(part.blocks) + part.text
    first = part.blocks[0]["elements"][0]["elements"][0]
    assert first == {"type": "text", "text": "가온전자(005930)", "style": {"bold": True}}


def test_a_long_answer_is_split_within_slacks_length() -> None:
    reply = Reply(
        blocks=[Paragraph([Span(f"{n}번째 문장은 이렇습니다. " * 60)]) for n in range(30)],
        buttons=[[Button("더 쉽게", "/simpler")]],
    )
    parts = render(reply)
    assert len(parts) > 2
    assert [any(b["type"] == "actions" for b in part.blocks) for part in parts] == [False] * (
        len(parts) - 1
    ) + [True]
    assert bare("".join(t for part in parts for t in texts(part.blocks))) == meant(reply)


def test_one_table_a_message_and_large_ones_as_lines() -> None:
    table = Table(
        [["구분", "2024", "2023"], ["매출액", "3조 4,512억원", "△1,234"], ["영업이익률", "15.5%", "-"]]
    )
    first, second = render(Reply(blocks=[table, table]))
    assert first.blocks[0]["type"] == second.blocks[0]["type"] == "table"
    assert [setting["align"] for setting in first.blocks[0]["column_settings"]] == ["left", "right", "right"]
    (element,) = first.simple[0]["elements"]
    lines = element["elements"][0]["text"].splitlines()
    assert len({width(line) for line in lines}) == 1
    rows = [["항목", *map(str, range(25))], ["값", *map(str, range(25))]]
    (wide,) = render(Reply(blocks=[Table(rows)]))
    assert wide.blocks[0]["type"] == "rich_text"


def test_korean_takes_two_columns() -> None:
    assert width("매출액 (A)") == 10
    assert list(aligned([["이름", "값"], ["가", "1,000"]])) == ["이름     값", "가    1,000"]
    assert all(map(is_number, ["3조 4,512억원", "-1.5%", "△1,234", "(12)", "15.5%p", "1.2배"]))
    assert not any(map(is_number, ["가온전자", "2024년말", "1분기"]))


def test_feedback_is_slacks_own() -> None:
    row = [Button("도움됨", "good:1"), Button("아쉬움", "bad:1"), Button("더 쉽게", "simpler:1")]
    (part,) = render(Reply(says("답").blocks, buttons=[row]))
    assert part.blocks[1]["elements"][0]["type"] == "feedback_buttons"
    assert [button["value"] for button in part.blocks[2]["elements"]] == ["simpler:1"]
    values = [button["value"] for block in part.simple[1:] for button in block["elements"]]
    assert values == ["good:1", "bad:1", "simpler:1"]
    assert escape("<@U1> & co") == "&lt;@U1&gt; &amp; co"


@given(st.lists(TEXT, max_size=120), TEXT, st.none() | TEXT)
def test_the_home_tab_is_a_view(watched: list[str], level: str, digest: str | None) -> None:
    assert not refused_view(home_view(Home(level, watched, digest)))
