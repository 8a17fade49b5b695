"""How a sentence tells, and what it calls a figure: moods, modifiers, comparisons, turns, clauses."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.rag.checks.telling import told
from core.rag.figures.comparison import with_comparison
from core.rag.language.mentions import amounts
from core.rag.language.moods import causal, moods, past
from core.rag.language.reading import read
from core.rag.language.shown import shown
from core.rag.language.whens import whens
from core.rag.verify import Verifier
from tests.doubles.analyst import Claim, Told
from tests.doubles.prompt import parse
from tests.doubles.reader import misled
from tests.unit.test_verify import BEFORE, EVIDENCE, PROFIT, TERMS, brief, verifier

PLANS = (
    "가온전자는 2025년에 생산라인을 증설할 계획이며, 이 계획은 시장 상황에 따라 바뀔 수 있습니다.\n"
    "재고자산은 반도체 판매가 늘면서 줄었고, 차입금을 갚아 부채비율이 낮아졌습니다.\n"
    "결과를 예측할 수 없어 충당부채를 인식하지 않았습니다.\n"
    "2024년에 영업이익 183억원을 내어 흑자로 돌아섰습니다.\n"
    "계약금액은 2조 6,500억원으로 최근 매출액의 6.60%이고, 계약상대는 아라모터스(가상)이며, 계약일은 2025년 "
    "5월 12일이다.\n"
)


def planned() -> Verifier:
    evidence = [replace(EVIDENCE[1], n=1, quote="", text=PLANS)]
    return Verifier(evidence, [], TERMS, brief([]), 2025)


@pytest.mark.parametrize(
    "said",
    [
        "2024년 잠정 영업이익은 3조 4,512억원입니다 [1].",
        "2024년 영업이익 목표는 3조 4,512억원입니다 [1].",
        "2024년 영업이익(예상)은 3조 4,512억원입니다 [1].",
        "2024년 확정 영업이익은 3조 4,512억원입니다 [1].",
        "2024년 3조 4,512억원의 추정 영업이익을 올렸습니다 [1].",
        "2024년 감사받지 않은 영업이익은 3조 4,512억원입니다 [1].",
        "2024년 서버용 영업이익은 3조 4,512억원입니다 [1].",
        "2024년 영업이익은 3조 4,512억원(일회성)입니다 [1].",
        "2024년 연결과 별도 영업이익은 모두 3조 4,512억원입니다 [1].",
        "2024년 초 영업이익은 3조 4,512억원입니다 [1].",
        "2024년 영업이익은 3조 4,512억원으로 모두 매출액에서 나왔습니다 [1].",
        "2024년 영업이익은 3조 4,512억원으로 가장 높습니다 [1].",
        "2024년 영업이익은 3조 4,512억원으로 낮은 수준입니다 [1].",
        "2024년 영업이익은 3조 4,512억원으로 2023년(2조 9,871억원)보다 낮습니다 [1].",
        "2024년 영업이익은 고작 3조 4,512억원입니다 [1].",
        "2024년 영업이익은 3조 4,512억원일 수도 있습니다 [1].",
        "2024년 영업이익은 3조 4,512억원이어야 합니다 [1].",
        "2024년 영업이익은 3조 4,512억원이라는 말이 있습니다 [1].",
        "2024년 영업이익은 3조 4,512억원이었다가 바뀌었습니다 [1].",
        "일이 잘되면 2024년 영업이익은 3조 4,512억원입니다 [1].",
        "영업이익은 해마다 늘었습니다 [1].",
        "영업이익은 전년보다 조금 늘었습니다 [1].",
        "영업이익은 전년과 같습니다 [1].",
        "앞으로도 영업이익은 계속 오릅니다 [1].",
        "2024년 영업이익은 3조 4,512억원의 두 배입니다 [1].",
        "서버용 메모리의 평균 판매가격이 24% 올라 2024년 매출액은 40조 1,235억원입니다 [1].",
        "오래 들고 있으면 됩니다.",
    ],
)
def test_a_figure_told_with_more_than_it_says_is_dropped(said: str) -> None:
    assert verifier().keep(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "2024년 영업이익은 3조 4,512억원으로 2023년(2조 9,871억원)보다 높습니다 [1].",
        "2024년 영업이익은 3조 4,512억원(자회사까지 합친 숫자)이에요 [1].",
        "2024년 연결 기준 영업이익 규모는 3조 4,512억원입니다 [1].",
        "가온전자의 2024년 3조 4,512억원의 영업이익은 공시에 따르면 연결 기준입니다 [1].",
    ],
)
def test_what_frames_a_figure_and_changes_nothing_is_kept(said: str) -> None:
    found = verifier()
    assert found.keep(said), found.dropped


@pytest.mark.parametrize(
    "said",
    [
        "가온전자는 2025년에 생산라인을 증설했습니다 [1].",
        "이 계획은 시장 상황에 따라 바뀝니다 [1].",
        "결과를 예측할 수 없어 충당부채를 인식했습니다 [1].",
        "반도체 부문은 반도체 판매가 늘면서 줄었습니다 [1].",
        "차입금을 갚아 재고자산이 줄었습니다 [1].",
        "계약상대는 가온전자입니다 [1].",
        "아라모터스는 가온전자를 상대로 공시했습니다 [1].",
        "매출액은 6.60%입니다 [1].",
        "계약일은 2025년 5월 13일입니다 [1].",
        "영업이익률은 흑자로 돌아섰습니다 [1].",
        "누리바이오의 영업이익은 흑자로 돌아섰습니다 [1].",
        "영업이익은 적자로 돌아섰습니다 [1].",
    ],
)
def test_a_sources_words_put_together_otherwise_are_dropped(said: str) -> None:
    assert planned().keep(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "가온전자는 2025년에 생산라인을 증설할 계획입니다 [1].",
        "이 계획은 시장 상황에 따라 바뀔 수 있습니다 [1].",
        "결과를 예측할 수 없어 충당부채를 인식하지 않았어요 [1].",
        "공시에 따르면 차입금을 갚아 부채비율이 낮아졌습니다 [1].",
        "계약상대는 아라모터스입니다 [1].",
        "계약금액은 2조 6,500억원으로 최근 매출액의 6.60%입니다 [1].",
        "계약일은 2025년 5월 12일입니다 [1].",
        "가온전자의 영업이익은 흑자로 돌아섰습니다 [1].",
    ],
)
def test_a_part_of_a_statement_told_as_it_stands_is_kept(said: str) -> None:
    found = planned()
    assert found.keep(said), found.dropped


def test_a_turn_needs_an_amount_and_the_two_figures_that_show_it() -> None:
    lost = BEFORE._replace(value=Decimal(-21670000000), cell="(21,670)")
    evidence = [replace(EVIDENCE[0], figures=(PROFIT, lost))]
    both = Verifier(evidence, with_comparison(PROFIT, [PROFIT, lost]), TERMS, brief([]), 2025)
    assert both.keep("2024년 영업이익은 흑자로 돌아섰습니다 [1].")
    assert both.keep("2024년 영업이익은 적자로 돌아섰습니다 [1].") is None
    assert both.keep("2024년 영업이익률은 흑자로 돌아섰습니다 [1].") is None
    one = Verifier(evidence, [shown(PROFIT)], TERMS, brief([]), 2025)
    assert one.keep("2024년 영업이익은 흑자로 돌아섰습니다 [1].") is None


def test_a_modifier_that_the_filing_gives_the_figure_is_its_own() -> None:
    early = PROFIT._replace(account="잠정 영업이익", row="잠정 영업이익")
    found = Verifier([replace(EVIDENCE[0], figures=(early,))], [shown(early)], TERMS, brief([]), 2025)
    assert found.keep("2024년 잠정 영업이익은 3조 4,512억원입니다 [1].")
    assert found.keep("2024년 확정 영업이익은 3조 4,512억원입니다 [1].") is None


def test_rounding_goes_to_the_nearer_digit_and_a_figure_without_a_period_is_read() -> None:
    debt = PROFIT._replace(
        account="부채총계", row="부채총계", value=Decimal(167550000000), cell="167,550", period=""
    )
    found = Verifier([replace(EVIDENCE[0], figures=(debt,))], [shown(debt)], TERMS, brief([]), 2025)
    assert found.keep("부채총계는 1,676억원입니다 [1].")
    assert found.keep("부채총계는 1,675억원입니다 [1].") is None


def test_a_year_and_a_rate_are_no_day() -> None:
    assert [when.kind for when in whens("2024년 7.7%의 비율", None)] == [""]
    assert [when.day for when in whens("2024년 7월 7일, 2024-07-08, 2024. 7. 9.", None)] == [7, 8, 9]
    assert [when.kind for when in whens("2024년 초, 2024년 초과", None)] == ["초", ""]
    read_ = read("가온전자는 2024년 7.7%의 매출액 대비 비율을 올렸습니다")
    assert [one.value for one in amounts(read_.text, [(w.start, w.end) for w in read_.whens])] == [
        Decimal("7.7")
    ]


def test_how_a_clause_tells() -> None:
    assert moods("금리가 떨어지면 이자비용이 줄어듭니다") == {"조건"}
    assert moods("증설할 계획이며 바뀔 수 있습니다") == {"앞날", "가능"}
    assert moods("공시에 따르면 자회사까지 합치면 3조원이며 2023년과 견줄 수 있습니다") == set()
    assert moods("석 달마다 조정합니다") == {"되풀이"}
    assert causal("패널 값이 떨어져서 줄었습니다")
    assert not causal("패널 값에서 줄었습니다")
    assert (past("늘었습니다."), past("늘어납니다."), past("3조원입니다.")) == (True, False, None)


def test_what_one_statement_does_not_tell_two_do_not_tell_together() -> None:
    source = planned().sources
    assert told(read("차입금을 갚아 부채비율이 낮아졌습니다."), source, TERMS, lambda *_: True)
    assert not told(read("차입금을 갚아 생산라인을 증설할 계획입니다."), source, TERMS, lambda *_: True)
    assert not told(read("차입금을 갚아 부채비율이 낮아졌습니다."), source, TERMS, lambda *_: False)


def test_a_changed_figure_that_is_so_by_the_true_ones_misleads_nobody() -> None:
    listed = parse(brief().prompt).figures[0]
    figures = [listed, replace(listed, basis="별도")]  # of one value on both bases, as rates may be
    text = "가온전자의 2024년 별도 기준 영업이익은 3조 4,512억원입니다."
    true = Claim("가온전자", "2024년", "별도", "영업이익", "3조 4,512억원")
    by_chance = Told(text, right=False, kind="basis", claim=true)
    lie = replace(by_chance, claim=replace(true, company="누리바이오"))
    assert misled(text, [by_chance, lie], figures) == [lie]


def test_a_ratio_that_rises_by_points_moves_the_way_its_figures_do() -> None:
    now = PROFIT._replace(
        account="부채비율", row="부채비율", unit="%", value=Decimal("52.5"), cell="52.5", scale=1
    )
    then = now._replace(value=Decimal("50.1"), cell="50.1", period="2023", column="제30기", column_no=2)
    evidence = [replace(EVIDENCE[0], figures=(now, then))]
    points = Verifier(evidence, with_comparison(now, [now, then]), TERMS, brief([]), 2025)
    assert points.keep("가온전자의 2024년 연결 기준 부채비율은 52.5%입니다 [1].")
    assert points.keep("2023년(50.1%)보다 2.4%p 높아졌습니다 [1].")
    assert points.keep("2023년(50.1%)보다 2.4%p 낮아졌습니다 [1].") is None
