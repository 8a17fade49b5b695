"""Judgements worked out by hand, and gold files of every wrong shape."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.answer_report import reasons, report_text
from bots.commands.evaluate_answers import read_gold
from core.errors import InputError
from core.korean import amount
from core.model import Answer, AnswerFigure, Citation, Figure, Filing, Level
from core.rag.language.spoken import occurs, says, spoken
from core.rag.scoring.answer_card import card
from core.rag.scoring.answer_score import Gold, Verdict, judge

FILING = Filing("20250318000911", "09900011", "가온전자", "사업보고서 (2024.12)", "11011", date(2025, 3, 18))
CELL = Figure(
    FILING.rcept_no, FILING.corp_code, "영업이익", Decimal(3451234000000), "원", "2024", "연결",
    "III. 재무에 관한 사항", 1, "영업이익", "제31기", 2, 1, "3,451,234", 1_000_000,
)  # fmt: skip
SHOWN = AnswerFigure("영업이익", "3조 4,512억원", CELL.value, "원", "2024", "연결", CELL, verified=True)
TEXT = "2024년 연결 영업이익은 3조 4,512억원이에요. [1]"


def answered(*figures: AnswerFigure, text: str = TEXT, **more: Any) -> Answer:
    citations = () if more.get("refused") else (Citation(1, FILING, "III. 재무에 관한 사항", "영업이익"),)
    return Answer(
        text, Level.INTERMEDIATE, "default", "extractive", citations=citations, figures=figures, **more
    )


def gold(kind: str = "figure", *, refused: bool = False, reason: str | None = None, **expect: Any) -> Gold:
    return Gold.model_validate(
        {"id": "q1", "question": "가온전자 영업이익은?", "kind": kind,
         "expect": {"refused": refused, "reason": reason, **expect}}
    )  # fmt: skip


def wanted(value: float = 3451234000000, unit: str = "원", **more: Any) -> dict[str, Any]:
    return {
        "value": value,
        "unit": unit,
        "period": "2024",
        "basis": "연결",
        "rcept_no": FILING.rcept_no,
        **more,
    }


def verdict(one: Gold, answer: Answer) -> Verdict:
    return judge(one, answer, 12.5, one.level)


def test_a_figure_right_in_everything() -> None:
    found = verdict(gold(figures=[wanted()], citations_any=[FILING.rcept_no]), answered(SHOWN))
    assert found.right
    assert not found.wrong_figure
    (figure,) = found.figures
    assert (figure.value, figure.period, figure.basis, figure.shown, figure.filing, figure.exact) == (
        True,
    ) * 6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"period": "2023"}, "기간이 다름"),
        ({"basis": "별도"}, "연결·별도가 다름"),
        ({"value": Decimal(2987000000000)}, "값이 없음"),
        ({"unit": "주"}, "값이 없음"),
    ],
)
def test_a_figure_wrong_in_one_thing_is_a_wrong_figure(change: dict[str, Any], said: str) -> None:
    found = verdict(gold(figures=[wanted()]), answered(replace(SHOWN, **change)))
    assert not found.right
    assert found.wrong_figure
    assert said in reasons(found)[0]


def test_value_period_and_basis_must_come_from_one_figure() -> None:
    scattered = answered(replace(SHOWN, period="2023"), replace(SHOWN, basis="별도"))
    (figure,) = verdict(gold(figures=[wanted()]), scattered).figures
    assert (figure.value, figure.period, figure.basis, figure.exact) == (True, True, True, False)


def test_period_and_basis_not_given_are_not_compared() -> None:
    one = gold(figures=[wanted(period=None, basis=None)])
    found = verdict(one, answered(replace(SHOWN, period=None, basis=None)))
    assert found.right
    assert (found.figures[0].period, found.figures[0].basis) == (None, None)


def test_a_figure_the_text_does_not_show_is_not_right() -> None:
    found = verdict(gold(figures=[wanted()]), answered(SHOWN, text="영업이익은 표에 있어요. [1]"))
    assert not found.right
    assert reasons(found) == ["3,451,234,000,000원 (2024 · 연결): 글에 보이지 않음"]


def test_one_right_figure_of_two_is_no_wrong_figure_but_not_right() -> None:
    found = verdict(gold(figures=[wanted(), wanted(2987000000000, period="2023")]), answered(SHOWN))
    assert (found.right, found.wrong_figure) == (False, False)


@pytest.mark.parametrize(("off", "right"), [("1.0004", True), ("1.0006", False), ("0.9996", True)])
def test_amounts_within_half_a_thousandth(off: str, right: bool) -> None:
    answer = answered(replace(SHOWN, value=CELL.value * Decimal(off)))
    assert verdict(gold(figures=[wanted()]), answer).right is right


def test_counts_are_exact() -> None:
    shares = replace(SHOWN, unit="주", value=Decimal(37_500_000))
    for value, right in ((37_500_000, True), (37_500_001, False)):
        one = gold(figures=[wanted(value, "주", text_any=["3,750만주"])])
        assert verdict(one, answered(shares, text="3,750만주예요. [1]")).right is right


def test_a_rate_of_a_cell_may_be_as_the_cell_rounds_it() -> None:
    one = gold(figures=[wanted(13.64, "%")])
    cell = replace(SHOWN, unit="%", value=Decimal("13.6"))
    computed = replace(cell, source=None, formula="a ÷ b", operands=(CELL,))
    assert verdict(one, answered(cell, text="13.6%예요. [1]")).right
    assert not verdict(one, answered(computed, text="13.6%예요. [1]")).right


def test_losses_are_negative_values_and_shown_by_their_size() -> None:
    loss = replace(SHOWN, value=Decimal(-46935431343))
    one = gold(figures=[wanted(-46935431343)])
    assert verdict(one, answered(loss, text="469억 3,543만원 손실이에요. [1]")).right
    assert verdict(one, answered(replace(loss, value=-loss.value), text="469억 3,543만원")).wrong_figure


def test_other_currencies_are_looked_for_in_the_text_alone() -> None:
    one = gold(figures=[wanted(450_000_000, "달러", text_any=["4.5억 달러", "450,000,000"])])
    assert verdict(one, answered(text="450,000,000 달러예요. [1]")).right
    assert not verdict(one, answered(text="1,450,000,000 달러예요. [1]")).right


def test_words_that_must_and_must_not_occur() -> None:
    one = gold("text", contains_any=[["삼정", "한영"], ["적정"]], forbids=["한 정 의견"])
    assert verdict(one, answered(text="삼 정회계법인이 적정 의견을 냈어요. [1]")).right
    found = verdict(one, answered(text="삼정이 한정의견을 냈어요. [1]"))
    assert (list(found.missing), found.forbidden) == ([["적정"]], ["한 정 의견"])
    assert not found.wrong_figure  # no number in what was forbidden
    assert verdict(gold("text", forbids=["3조 4,512억"]), answered()).wrong_figure


def test_a_citation_of_another_filing_is_not_right() -> None:
    found = verdict(gold("text", citations_any=["20250812000001"]), answered())
    assert (found.right, found.cited) == (False, False)


@pytest.mark.parametrize(
    ("reason", "figures", "right", "wrong"),
    [("advice", (), True, False), ("off_topic", (), False, False), ("advice", (SHOWN,), False, True)],
)
def test_refusals(reason: str, figures: tuple[AnswerFigure, ...], right: bool, wrong: bool) -> None:
    answer = answered(*figures, text="판단은 대신하지 않아요.", refused=True, reason=reason)
    found = verdict(gold("advice", refused=True, reason="advice"), answer)
    assert (found.right, found.wrong_figure) == (right, wrong)


def test_refusing_what_can_be_answered_is_wrong_but_no_wrong_figure() -> None:
    refused = answered(text="찾지 못했어요.", refused=True, reason="not_in_corpus")
    found = verdict(gold(figures=[wanted()]), refused)
    assert (found.right, found.wrong_figure) == (False, False)
    assert reasons(found) == ["답해야 하는데 거절함(not_in_corpus)"]


def test_the_card_of_five_answers() -> None:
    refused = answered(text="찾지 못했어요.", refused=True, reason="not_in_corpus")
    one = gold(figures=[wanted()], citations_any=[FILING.rcept_no])
    made = card(
        [
            judge(one, answered(SHOWN), 10, Level.BEGINNER),
            judge(one, answered(replace(SHOWN, period="2023")), 20, Level.BEGINNER),
            judge(one, refused, 30, None),
            judge(gold("unanswerable", refused=True, reason="not_in_corpus"), refused, 40, None),
            judge(gold("advice", refused=True, reason="advice"), answered(), 50, None),
        ]
    )
    assert (made["questions"], made["right"], made["accuracy"]) == (5, 2, 0.4)
    figures = made["figures"]
    assert (figures["expected"], figures["exact"], figures["value"]) == (3, 0.3333, 0.6667)
    assert (figures["period"], figures["basis"], figures["wrong"]) == (0.3333, 0.6667, 0.2)
    assert made["refusal"] == {"precision": 0.5, "recall": 0.5, "reason": 1.0}
    assert (made["citation"], made["amendment"]) == (0.6667, None)
    assert made["latency_ms"] == {"p50": 30, "p95": 50}
    assert made["kinds"]["figure"] == {
        "questions": 3, "right": 1, "accuracy": 0.3333, "wrong_figure": 0.3333
    }  # fmt: skip
    assert [(name, part["right"]) for name, part in made["levels"].items()] == [
        ("beginner", 1),
        ("default", 1),
    ]


def test_the_report_shows_question_expectation_answer_and_cause() -> None:
    failed = verdict(gold(figures=[wanted(row="영업이익")]), answered(replace(SHOWN, period="2023")))
    page = report_text(card([failed]), [failed])
    for part in (
        "가온전자 영업이익은?",
        "기간이 다름",
        "3,451,234,000,000원 (영업이익 · 2024 · 연결)",
        f"> {TEXT}",
    ):
        assert part in page
    good = verdict(gold(figures=[wanted()]), answered(SHOWN))
    assert "틀린 답 0개" in report_text(card([good]), [good])


@pytest.mark.parametrize(
    "text",
    [
        "3조 4,512억원",
        "3조4512억 3,400만원",
        "34,512억원",
        "3.4512조원",
        "3,451,234,000,000원",
        "3451234000000원",
        "3,451,234백만원",
        "| 영업이익 | 3,451,234 |",
    ],
)
def test_usual_renderings_of_an_amount(text: str) -> None:
    assert says(f"2024년에 {text}을 벌었다 [1]", Decimal(3451234000000), "원")


@pytest.mark.parametrize(
    "text", ["13조 4,512억원", "4,512억원", "3조 4,612억원", "3,451,234주", "3조 [1] 4,512억원", "3,451원"]
)
def test_other_amounts_are_not_taken_for_it(text: str) -> None:
    assert not says(text, Decimal(3451234000000), "원")


@pytest.mark.parametrize(
    ("text", "value", "unit", "held"),
    [
        ("4억 5천만원", 450_000_000, "원", True),
        ("97만 3,300주", 973_300, "주", True),
        ("1,349원", 1349, "원", True),
        ("849원", 849, "원", True),
        ("[849] 849호", 849, "원", False),
        ("자료 [1]", 1, "주", False),
        ("1주를 받아요", 1, "주", True),
        ("부채비율 36.6%", 36.57, "%", True),
        ("부채비율 37%", 36.57, "%", False),
        ("부채비율 36.57퍼센트", 36.57, "%", True),
        ("36.57배", 36.57, "%", False),
        ("2,024년", 2024, "명", False),
        ("2,024", 2024, "명", True),
    ],
)
def test_renderings(text: str, value: float, unit: str, held: bool) -> None:
    assert says(text, Decimal(str(value)), unit) is held


@given(st.integers(min_value=1_000, max_value=10**15))
def test_what_the_program_writes_is_recognised(value: int) -> None:
    for unit in ("원", "주"):
        assert says(f"모두 {amount(Decimal(value), unit)}입니다.", Decimal(value), unit)


@given(st.text(alphabet="0123456789,.조억만천백원주% [](-", max_size=60), st.integers(-(10**9), 10**15))
def test_any_text_can_be_read(text: str, value: int) -> None:
    assert all(one.value >= 0 for one in spoken(text))
    for unit in ("원", "%", "주"):
        says(text, Decimal(value), unit)


@pytest.mark.parametrize(
    ("needle", "text", "held"),
    [
        ("154조 9,851억", "매출은 154조9,851억원", True),
        ("5개", "모두 15개", False),
        ("1%", "1.1%", False),
        ("1%", "0.1%", False),
        ("278,819", "(278,819,290,091)", True),
        ("278,819", "1,278,819", False),
        ("12", "123 12.5", False),
        ("3월 15일", "2025년 03월 15일", True),
        ("3월", "13월 1.03월 103월", False),
        ("12", "12.", True),
        ("2033년 12월 말", "2033년12월말", True),
        ("a.c", "abc", False),
    ],
)
def test_occurrence_ignores_spaces_and_minds_longer_numbers(needle: str, text: str, held: bool) -> None:
    assert occurs(needle, text) is held


GOOD: dict[str, Any] = {"id": "a", "question": "질문", "kind": "text", "expect": {"refused": False}}


def write(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def row(**changed: Any) -> str:
    return json.dumps({**GOOD, **changed}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "2번째 줄이 JSON이 아닙니다"),
        ("9" * 5000, "2번째 줄이 JSON이 아닙니다"),
        ("[1]", "2번째 줄이 JSON 객체가 아닙니다"),
        (row(id="b", kind="opinion"), "2번째 줄의 kind 값"),
        (row(id="b", level="신"), "2번째 줄의 level 값"),
        (row(id="b", question=" "), "2번째 줄의 question 값"),
        (row(id="b", question="가" * 3000), "2번째 줄: 질문이 너무 깁니다"),
        (row(id="b", expect={}), "2번째 줄의 expect.refused 값"),
        (row(id="b", expect={"refused": True, "reason": "bored"}), "2번째 줄의 expect.reason 값"),
        (
            row(id="b", expect={"refused": False, "figures": [{"value": float("nan"), "unit": "원"}]}),
            "2번째 줄의 expect.figures.0.value 값",
        ),
        (
            row(id="b", expect={"refused": False, "figures": [{"value": 10**40, "unit": "원"}]}),
            "2번째 줄의 expect.figures.0.value 값",
        ),
        (row(id="b", expect={"refused": False, "contains_any": [[]]}), "2번째 줄의 expect.contains_any.0 값"),
        (row(), "2번째 줄의 id가 앞에도 있습니다: a"),
        (row(id="b", after="c"), "2번째 줄의 after가 앞에 없는 질문입니다: c"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_gold(write(tmp_path, row(), line))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_empty_or_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="빈 파일입니다"):
        read_gold(write(tmp_path, "", " "))
    with pytest.raises(InputError, match="파일이 없습니다"):
        read_gold(tmp_path / "none.jsonl")


def test_the_shared_gold_is_read_whole(shared_data: Path) -> None:
    rows = read_gold(shared_data / "answers" / "dev.jsonl")
    assert len(rows) == 90
    assert sum(len(one.expect.figures) for one in rows) == 94
    assert {one.id: one.after for one in rows}["d002"] == "d001"
