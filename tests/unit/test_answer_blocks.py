"""An answer as blocks: what it means is kept, no word is lost, and nothing leads anywhere but to DART."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bots.answer_blocks import allowed, answer_blocks, kept_sources, sources_block, spans, text_blocks
from bots.columns import width
from bots.message import Block, Bullets, Heading, Paragraph, Reply, Span, Table
from bots.plain_text import plain_text
from core.model import Answer, AnswerFigure, Citation, Figure, Level
from tests.doubles.gaon import ANNUAL

URL = ANNUAL.url
CITED = Citation(1, ANNUAL, "III. 재무에 관한 사항 > 2. 연결재무제표", "영업이익 | 3,451,234")
TEXT = """\
가온전자의 2024년 **영업이익**은 3조 4,512억원입니다 [1]. 2023년보다 15.5% 늘었습니다 [1].

관련 내용
- 메모리 값이 **24%** 올랐습니다. [1]
- 가동률이 높아졌습니다. [2]

쉬운 풀이
- 가동률: 공장을 얼마나 돌렸는지예요.

※ 2025-08-11에 정정된 공시입니다."""


def test_an_answer_becomes_what_its_text_means() -> None:
    answer = Answer(TEXT, Level.BEGINNER, "inferred", "ollama:gongsi", citations=[CITED])
    assert answer_blocks(answer) == [
        Paragraph(
            [
                Span("가온전자의 2024년 "),
                Span("영업이익", bold=True),
                Span("은 3조 4,512억원입니다 "),
                Span("[1]", link=URL),
                Span(". 2023년보다 15.5% 늘었습니다 "),
                Span("[1]", link=URL),
                Span("."),
            ]
        ),
        Heading("관련 내용"),
        Bullets(
            [
                [
                    Span("메모리 값이 "),
                    Span("24%", bold=True),
                    Span(" 올랐습니다. "),
                    Span("[1]", link=URL),
                ],
                [Span("가동률이 높아졌습니다. "), Span("[2]")],
            ]
        ),
        Heading("쉬운 풀이"),
        Bullets([[Span("가동률: 공장을 얼마나 돌렸는지예요.")]]),
        Paragraph([Span("※ 2025-08-11에 정정된 공시입니다.")], quote=True),
        Paragraph(
            [
                Span("근거", bold=True),
                Span("\n[1] 가온전자 · "),
                Span("사업보고서 (2024.12)", link=URL),
                Span(" · 2. 연결재무제표"),
            ],
            quote=True,
        ),
        Paragraph([Span("— 초급(대화에서 짐작) · Ollama gongsi")]),
    ]


def test_a_refusal_is_said_and_nothing_beside() -> None:
    answer = Answer("사고파는 판단은 하지 않아요.", Level.BEGINNER, "default", "extractive", refused=True)
    assert answer_blocks(answer) == [Paragraph([Span(answer.text)])]


def test_sources_show_what_was_quoted_when_they_are_asked_for() -> None:
    answer = Answer("", Level.BEGINNER, "default", "extractive", citations=[CITED])
    shown = plain_text([sources_block(kept_sources(answer), quotes=True)])
    assert shown == (
        f"근거\n[1] 가온전자 · 사업보고서 (2024.12) {URL} · III. 재무에 관한 사항 > 2. 연결재무제표\n"
        "“영업이익 | 3,451,234”"
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**삼성전자(005930)**는", [Span("삼성전자(005930)", bold=True), Span("는")]),
        ("3 ** 2 ** 1", [Span("3 ** 2 ** 1")]),
        ("`cell` 값", [Span("cell", code=True), Span(" 값")]),
        ("[원문](https://dart.fss.or.kr/x)", [Span("원문", link="https://dart.fss.or.kr/x")]),
        ("[여기](https://evil.example/x)", [Span("여기 (https[:]//evil[.]example/x)")]),
        ("[https://dart.fss.or.kr](https://evil.example)", None),
        ("<https://evil.example|DART>", [Span("<"), Span("https[:]//evil[.]example|DART"), Span(">")]),
        (f"{URL}에서", [Span(URL, link=URL), Span("에서")]),
        ("https://ok.example/a.", [Span("https://ok.example/a", link="https://ok.example/a"), Span(".")]),
        ("www.evil.example/x", [Span("www[.]evil[.]example/x")]),
        ("ir@evil.com으로", [Span("ir@"), Span("evil[.]com"), Span("으로")]),
        ("한국.com에서", [Span("한국[.]com"), Span("에서")]),
        ("dart.fss.or.kr에서", [Span("dart.fss.or.kr"), Span("에서")]),
        ("3조 4,512억원(15.5%)입니다.IFRS", [Span("3조 4,512억원(15.5%)입니다.IFRS")]),
        ("tg://resolve?domain=x", [Span("tg[:]//resolve?domain=x")]),
    ],
)  # fmt: skip
def test_marks_become_spans_and_other_addresses_text(text: str, found: list[Span] | None) -> None:
    made = spans(text, {}, ["ok.example"])
    if found is None:
        assert all(span.link is None for span in made)
    else:
        assert made == found


@pytest.mark.parametrize(
    "url",
    [
        "https://dart.fss.or.kr@evil.example/",
        "https://evil.example/dart.fss.or.kr",
        "https://dart.fss.or.kr.evil.example/",
        "https://xdart.fss.or.kr/",
        "https://dart.fss.or.kr:8080/",
        "https://dart.fss.or.kr\\@evil.example",
        "javascript://dart.fss.or.kr/%0aalert(1)",
        "https://[dart.fss.or.kr",
        "https://dart.fss.or.kr:x/",
        "//dart.fss.or.kr",
        "https://dart.fss.or.kr/\u202e",
        "",
    ],
)
def test_what_only_looks_like_dart_is_not_linked(url: str) -> None:
    assert not allowed(url, ())


def figure(period: str, value: int, corp_code: str = "09900011", label: str = "매출액") -> AnswerFigure:
    cell = Figure(
        "1", corp_code, label, Decimal(value), "원", period, "연결", "s", 1, label, period, 0, 0, str(value)
    )
    return AnswerFigure(label, f"{value}원", Decimal(value), "원", period, "연결", cell, verified=True)


def test_three_years_of_one_account_are_a_table_too() -> None:
    years = [figure(str(2022 + n), n) for n in (2, 1, 0)]
    answer = Answer("추이", Level.BEGINNER, "default", "extractive", citations=[CITED], figures=years)
    table = Table([("기간", "매출액"), ("2024년", "2원"), ("2023년", "1원"), ("2022년", "0원")])
    assert table in answer_blocks(answer)
    for figures in (years[:2], [*years, figure("2024", 5, label="영업이익")], [years[0]] * 3):
        made = answer_blocks(replace(answer, figures=figures))
        assert not any(isinstance(block, Table) for block in made)


def test_a_table_stands_straight_in_a_terminal() -> None:
    lines = plain_text([Table([("기간", "매출액"), ("2024", "1,234억원"), ("2023년 1~9월", "9원")])]).split(
        "\n"
    )
    assert len({width(line) for line in lines}) == 1


def test_a_title_in_brackets_keeps_its_address_and_the_number_of_a_source_needs_none() -> None:
    title, number = Span("[정정] 사업보고서", link="https://a.kr/1"), Span("[1]", link="https://a.kr/1")
    assert plain_text([Paragraph([title])]) == "[정정] 사업보고서 https://a.kr/1"
    assert plain_text([Paragraph([number])]) == "[1]"


def said(blocks: list[Block]) -> str:
    return "".join(plain_text([block]) for block in blocks)


def bare(text: str) -> str:
    """Without white space and whatever is, or may be taken for, markup."""
    return "".join(letter for letter in text if letter.isalnum())


TEXTS = st.text(
    st.sampled_from("가나. 다\n-*`[]()1234#※•/:abcom<>|@\\_~\u200b\u202e") | st.characters(codec="utf-8"),
    max_size=300,
)


@given(TEXTS)
@settings(max_examples=400, deadline=None)
@example("**" * 2_000)
@example("[" * 5_000)
@example("a." * 5_000 + "com")
@example("- " * 2_000)
@example("**a** [1] **b** `c` https://x.example\n\n\n- \n# \n※")
def test_no_text_is_lost_and_none_raises(text: str) -> None:
    blocks = text_blocks(text, {1: URL}, ["ok.example"])
    assert bare(said(blocks).replace(URL, "")) == bare(text.replace(URL, ""))
    assert Reply.from_json(Reply(blocks).to_json()).blocks == blocks


@given(TEXTS, st.sampled_from(["https://evil.example/a", "evil.com", "http://a.b", "www.x.co.kr"]), TEXTS)
@settings(max_examples=300, deadline=None)
def test_no_address_but_an_allowed_one_is_a_link_or_would_become_one(
    before: str, url: str, after: str
) -> None:
    for block in text_blocks(f"{before} {url} {after}", {1: URL}):
        runs = block.items if isinstance(block, Bullets) else [getattr(block, "spans", [])]
        for run in runs:
            assert all(span.link is None or allowed(span.link, ()) for span in run)
            assert f" {url}" not in "".join(span.text for span in run)
