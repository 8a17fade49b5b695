"""Replies as Telegram messages: nothing missing, nothing refused, nothing to press but DART."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bots.columns import width
from bots.message import Block, Bullets, Button, Heading, Paragraph, Reply, Span, Table, says
from bots.telegram.rendering import TelegramPart, render
from bots.telegram.split import LIMIT, Mark, Marked, entities, split, trimmed, units
from tests.doubles.telegram.text import check, found

URL = "https://dart.fss.or.kr/dsaf001/main.do?rcpNo=20250318000123"
TEXT = st.text(st.sampled_from("가나 ab.\n😀\u200b 1다!,"), max_size=400)
SPAN = st.builds(
    Span, TEXT, st.booleans(), st.booleans(), st.sampled_from([None, URL, "https://evil.example"])
)
BLOCK: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, TEXT),
    st.builds(Paragraph, st.lists(SPAN, max_size=6), st.booleans()),
    st.builds(Bullets, st.lists(st.lists(SPAN, max_size=3), max_size=8)),
    st.builds(Table, st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=12)),
)


def drawn(*blocks: Block) -> TelegramPart:
    [part] = render(Reply(blocks), [])
    return part


def formatted(part: TelegramPart) -> list[tuple[str, str]]:
    encoded = part.text.encode("utf-16-le")
    return [
        (one.type, encoded[one.offset * 2 : (one.offset + one.length) * 2].decode("utf-16-le"))
        for one in part.entities
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(st.lists(BLOCK, max_size=12))
def test_telegram_takes_every_part_and_no_text_is_missing(blocks: list[Block]) -> None:
    parts = render(Reply(blocks), [])
    for part in parts:
        assert 1 <= units(part.text) <= LIMIT
        assert part.text == part.text.rstrip()
        check(part.text, [one.to_dict() for one in part.entities])
        assert {one.url for one in part.entities if one.url} <= {URL}
    whole = squeezed("".join(part.text for part in parts))
    for block in blocks:
        match block:
            case Heading():
                assert squeezed(block.text) in whole
            case Paragraph():
                assert squeezed("".join(span.text for span in block.spans)) in whole
            case Bullets():
                for item in block.items:
                    assert squeezed("".join(span.text for span in item)) in whole
            case Table():
                for row in block.rows:
                    assert squeezed("".join(row)) in whole


@st.composite
def marked(draw: st.DrawFn) -> Marked:
    text = draw(st.text(st.sampled_from("가 a.\n😀"), max_size=300))
    spots = draw(st.lists(st.integers(0, len(text)), max_size=8).map(sorted))
    marks = [Mark(*pair, "bold") for pair in zip(spots[::2], spots[1::2], strict=False) if pair[0] < pair[1]]
    return Marked(text, marks)


@given(marked(), st.integers(2, 80))
def test_pieces_are_the_whole_and_their_marks_are_its_marks(whole: Marked, limit: int) -> None:
    pieces = split(whole, limit)
    assert "".join(piece.text for piece in pieces) == whole.text
    bold = ["".join(piece.text[mark.start : mark.end] for mark in piece.marks) for piece in pieces]
    assert "".join(bold) == "".join(whole.text[mark.start : mark.end] for mark in whole.marks)
    for piece in pieces:
        assert 1 <= units(piece.text) <= limit
        check(piece.text, [one.to_dict() for one in entities(piece)])
        fit = trimmed(piece)
        check(fit.text, [one.to_dict() for one in entities(fit)])


def test_a_long_answer_ends_its_parts_where_a_reader_would() -> None:
    paragraph = "가온전자의 2024년 매출액은 100억원입니다. " * 40
    parts = render(Reply([Paragraph([Span(paragraph.strip())])] * 5), [])
    assert len(parts) == 2
    assert all(part.text.endswith("입니다.") for part in parts)
    first, *_ = render(says("가나다. " * 1_500), [])
    assert first.text.endswith("가나다.")


def test_a_short_mark_is_not_cut_in_two_and_a_long_quote_goes_on() -> None:
    name = Span("가온전자 2024년 사업보고서", bold=True)
    parts = render(Reply([Paragraph([Span("가" * 4_090 + " "), name])]), [])
    assert [formatted(part) for part in parts] == [[], [("bold", name.text)]]
    quoted = render(Reply([Paragraph([Span("공시 원문입니다. " * 700)], quote=True)]), [])
    assert len(quoted) == 2
    assert [one.entities[0].type for one in quoted] == ["expandable_blockquote"] * 2


def test_korean_particles_after_bold_leave_no_asterisk() -> None:
    part = drawn(
        Paragraph([Span("삼성전자(005930)", bold=True), Span("는 "), Span("17.35%", bold=True), Span("를")])
    )
    assert part.text == "삼성전자(005930)는 17.35%를"
    assert formatted(part) == [("bold", "삼성전자(005930)"), ("bold", "17.35%")]


def test_entities_count_in_utf_16() -> None:
    part = drawn(Paragraph([Span("😀😀 "), Span("굵게", bold=True)]))
    assert (part.entities[0].offset, part.entities[0].length) == (5, 2)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.com/",
        "https://dart.fss.or.kr.evil.com/",
        "https://dart.fss.or.kr@evil.com/",
        "https://evil.com/?https://dart.fss.or.kr",
        "javascript:alert(1)",
        "tg://resolve?domain=x",
        "https://[",
    ],
)
def test_links_lead_to_dart_or_nowhere(url: str) -> None:
    part = drawn(Paragraph([Span("원문", link=URL), Span(" · "), Span("누르세요", link=url)]))
    assert [(one.type, one.url) for one in part.entities] == [("text_link", URL)]


def test_a_configured_host_may_be_linked_to() -> None:
    [part] = render(
        Reply([Paragraph([Span("기사", link="https://news.example.com/1")])]), ["news.example.com"]
    )
    assert part.entities[0].url == "https://news.example.com/1"


@pytest.mark.parametrize(
    "text",
    [
        "http://evil.com/a?b",
        "www.evil.com",
        "evil.co.kr",
        "t.me/scam",
        "@scam_channel",
        "tg://x",
        "ir@evil.com",
    ],
)
def test_what_telegram_would_link_by_itself_is_no_link(text: str) -> None:
    part = drawn(Paragraph([Span(f"증가했습니다.ROE는 {text} 입니다", bold=True)]))
    assert ("code", text) in formatted(part)
    assert ("bold", "증가했습니다.ROE는 ") in formatted(part)
    assert not found(part.text, [one.to_dict() for one in part.entities])


def test_darts_own_address_stays_pressable() -> None:
    assert not drawn(Paragraph([Span(f"원문: {URL}")])).entities


def test_a_table_is_set_by_the_width_of_its_characters() -> None:
    rows = [["계정", "제31기", "증감"], ["매출액", "1,234", "△5.2%"], ["이익", "98", "+12.0%"]]
    assert drawn(Table(rows)).text.splitlines() == [
        "계정    제31기    증감",
        "------  ------  ------",
        "매출액   1,234   △5.2%",
        "이익        98  +12.0%",
    ]
    assert width("매출a") == 5
    part = drawn(Table([["a", "b"], ["1", "2"]]))
    assert part.entities[0].type == MessageEntity.PRE


def test_buttons_stand_under_the_last_part_and_one_too_long_costs_no_message() -> None:
    buttons = [[Button("도움됨", "useful:1"), Button("긴 것", "가" * 22)], []]
    parts = render(Reply([Paragraph([Span("가. " * 2_000)])], buttons), [])
    assert [part.keyboard is None for part in parts] == [True, False]
    assert parts[1].keyboard
    assert [[one.callback_data for one in row] for row in parts[1].keyboard.inline_keyboard] == [["useful:1"]]


def test_half_a_surrogate_pair_and_nul_are_mended() -> None:
    assert drawn(Paragraph([Span("가\ud83d\x00나")])).text == "가�나"


def test_a_reply_without_text_is_no_message() -> None:
    assert render(Reply(toast="고맙습니다"), []) == []
    assert render(says(" \n "), []) == []
