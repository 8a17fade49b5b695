"""What is worked out of cells: rates to four decimals, so much a piece, times, losses, which is more."""

from decimal import Decimal
from typing import Any

import pytest

from core.model import Evidence, Figure, Level
from core.models.kiwi import KiwiTokenizer
from core.rag.figures.arithmetic import worked_out
from core.rag.figures.beyond import beyond
from core.rag.figures.comparison import with_comparison
from core.rag.figures.pieces import each
from core.rag.figures.quarters import three_months
from core.rag.figures.ratios import percent, times
from core.rag.figures.working import work_out_percent
from core.rag.language.bands import band_asked, of_band
from core.rag.language.shown import rate, shown
from core.rag.language.wording import direction
from core.rag.verify import Verifier
from tests.doubles.gaon import ANNUAL
from tests.doubles.notes import FILINGS, asked, cell

TERMS = KiwiTokenizer().terms
NOW, THEN = cell("3,021", "영업이익"), cell("4,339", "영업이익", "전기", period="2023", column_no=2)
LOSS, GREATER = cell("(697)", "당기순손익"), cell("(1,041)", "당기순손익", "전기", period="2023", column_no=2)
DEBT = cell("30", "부채총계", period="2024.12 말", row_no=1)
EQUITY = cell("20", "자본총계", period="2024.12 말", row_no=2)
SHIPS = cell("1,412", "투자금액(원)", "", account="투자금액", period=None, basis=None)


def test_a_rate_is_exact_to_four_decimals_and_said_to_one() -> None:
    moved = with_comparison(NOW, [NOW, THEN])[-1]
    assert (moved.value, moved.text) == (Decimal("-30.3757"), "-30.4%")
    assert direction(moved, Level.INTERMEDIATE) == "30.4% 감소했습니다"
    assert rate("a", Decimal("0.0312"), "f", (NOW,)).text == "0.0312%"
    assert rate("a", Decimal(0), "f", (NOW,)).text == "0.0%"


def test_half_a_year_is_no_change_from_a_whole_one() -> None:
    half = NOW._replace(period="2024.06 누적")
    assert [one.period for one in with_comparison(half, [half, THEN], ("2023.06 누적", "2023"))] == [
        "2024.06 누적",
        "2023",
    ]


def test_of_two_losses_the_difference_is_said_of_the_loss() -> None:
    now, then, moved = with_comparison(LOSS, [LOSS, GREATER])
    assert (moved.value, moved.formula) == (344, "-697원 - (-1,041원)")
    assert direction(moved, Level.BEGINNER) == "적자가 344원 줄었어요"
    outflow = [one._replace(account="투자활동현금흐름", row="투자활동현금흐름") for one in (LOSS, GREATER)]
    assert len(with_comparison(outflow[0], outflow)) == 2
    evidence = [Evidence(1, ANNUAL, "III", "", "", (LOSS, GREATER))]
    right = "2024년 연결 기준 당기순손익은 -697원입니다. 2023년(-1,041원)보다 적자가 344원 줄었습니다."
    for said, kept in (
        (right, True),
        (right.replace("줄었", "늘었"), False),
        (right.replace("적자가 344원 줄었", "344원 증가했"), True),
        (right.replace("적자가 344원 줄었", "344원 감소했"), False),
    ):
        verifier = Verifier(evidence, [now, then, moved], TERMS)
        assert all(verifier.keep(f"{one}.") for one in said.rstrip(".").split(". ")) is kept, said


def test_so_much_a_piece() -> None:
    def a_piece(text: str, before: str = "", filed: tuple[str, ...] = ()) -> list[tuple[int, str | None]]:
        return [(int(one.value), one.formula) for one in each(text, [shown(SHIPS)], before, filed)]

    assert a_piece("배 9척인데 한 척당 얼마꼴이야?") == [(157, "1,412원 ÷ 9척")]
    assert a_piece("한 척당 얼마야?", before="배 4척에 얼마?") == [(353, "1,412원 ÷ 4척")]
    assert a_piece("한 척당 얼마야?", filed=("컨테이너선 9척 신조", "9척 인도")) == [(157, "1,412원 ÷ 9척")]
    assert a_piece("한 척당 얼마야?", filed=("컨테이너선 9척", "예비선 2척")) == []
    assert a_piece("한 척당 얼마야?") == []
    assert a_piece("9대인데 한 척당 얼마?") == []
    assert a_piece("1주당 배당금은? 100주", filed=()) == []
    assert a_piece("9척이면 얼마야?") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("자본하고 견주면 부채가 몇 배예요?", "1.5000"),
        ("부채는 자본의 몇 배?", "1.5000"),
        ("자본이 부채의 몇 배야?", "0.6667"),
        ("부채(자본총계 말고)가 몇 배가 됐어?", None),
        ("부채와 자본은 얼마?", None),
    ],
)
def test_how_many_times_one_account_is_the_other(text: str, value: str | None) -> None:
    sought = asked(text, accounts=("부채총계", "부채 총계", "자본총계", "자본 총계"), period="2024.12 말")
    found = times(sought, [DEBT, EQUITY], FILINGS)
    assert [str(one.value) for one in found[:1]] == ([value] if value else [])


def test_which_of_two_is_more_is_told_with_the_difference() -> None:
    east, west = (
        cell(n, "매출액", name, segment=name, column_no=at)
        for at, (name, n) in enumerate([("동부", "9"), ("서부", "7")])
    )
    told = list(map(shown, (east, west)))
    more = worked_out("동부 매출이 많아 서부 매출이 많아?", told, [])
    assert [(one.label, one.value) for one in more] == [("동부가 서부보다 많은 금액", 2)]
    verifier = Verifier([Evidence(1, ANNUAL, "III", "", "", (east, west))], [*told, *more], TERMS)
    assert verifier.keep("2024년 연결 기준 동부가 서부보다 많은 금액은 2원입니다 [1].")
    assert not verifier.keep("2024년 연결 기준 서부가 동부보다 많은 금액은 2원입니다 [1].")
    assert worked_out("동부랑 서부 매출 알려줘", told, []) == []


def test_one_alone_does_not_tell_which_of_two_is_more() -> None:
    assert beyond("동부랑 서부 중 어디가 더 많아?", [shown(NOW)])
    assert not beyond("동부랑 서부 중 어디가 더 많아?", [shown(NOW), shown(THEN)])
    assert not beyond("영업이익이 더 늘었어?", [shown(NOW)])


def test_a_first_quarter_is_out_of_the_row_that_has_both() -> None:
    def row(table: int, name: str) -> list[Figure]:
        return [
            cell(n, name, period=period, table=table, column_no=at)
            for at, (n, period) in enumerate([("30", "2024.06 누적"), ("18", "2024.06 3개월")])
        ]

    both, note, other = row(1, "수익(매출액)"), row(5, "매출액"), row(6, "매출액")

    def best(period: str) -> Figure | None:
        return note[0] if "누적" in period else other[1]

    first = three_months("2024.03 누적", best, [*both, note[0], other[1]])
    assert [(one.value, one.operands[0].table) for one in first] == [(12, 1)]
    assert three_months("2024.03 누적", best, [note[0], other[1]]) == []


def test_a_band_is_no_whole_and_no_other_band() -> None:
    old = cell("81", "금 액", "3년 초과")
    mid = cell("91", "금 액", "1년 초과 3년 이하")
    band = band_asked("3년 넘게 못 받은 매출채권")
    assert [of_band(band, one) for one in (old, mid, NOW)] == [True, False, False]
    assert of_band(band_asked("3년 이내에 받을 매출채권"), mid)
    assert band_asked("2022년 이후 매출은?") is None
    assert band_asked("3년 만기 사채") is None


def test_one_account_in_percent_of_another() -> None:
    def of(text: str, *terms: str, **more: object) -> list[str]:
        accounts = ("부채총계", "부채 총계", "자본총계", "자본 총계")
        sought = asked(text, *terms, accounts=accounts, period="2024.12 말", **more)
        return [one.text for one in percent(sought, [DEBT, EQUITY], FILINGS)[:1]]

    assert of("자본이 부채의 몇 %야?") == ["66.67%"]
    assert of("자본이랑 부채는 몇 %야?") == []
    assert of("자본이 부채의 몇 % 늘었어?", compare=True) == []
    assert of("해외 자본이 부채의 몇 %야?", "해외") == []


class _Figures:
    """core.ports.Corpus, as far as working.py asks it: all that is there of any account."""

    async def figures(self, *_: object, **__: object) -> list[Figure]:
        return [DEBT, EQUITY]


@pytest.mark.anyio
async def test_a_rate_that_states_something_else_is_no_answer_in_percent() -> None:
    accounts = ("부채총계", "부채 총계", "자본총계", "자본 총계")
    sought = asked("자본이 부채의 몇 %야?", "자본", "부채", accounts=accounts, period="2024.12 말")
    other = cell("36.6", "부채비율", unit="%", period="2024.12 말")
    stated = cell("66.7", "자본 / 부채 비율", unit="%", period="2024.12 말")
    corpus: Any = _Figures()
    worked = await work_out_percent(sought, [shown(other)], FILINGS, corpus)
    assert [one.text for one in worked[:1]] == ["66.67%"]
    kept = await work_out_percent(sought, [shown(stated)], FILINGS, corpus)
    assert [one.text for one in kept] == ["66.7%"]
