"""What a first page claims, in every spelling brokers use; doubt gives nothing, never a wrong number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.etl.reports.imprint import dates_in, read_broker, read_date
from core.etl.reports.line import Line
from core.etl.reports.rating import read_rating
from core.etl.reports.target import read_target


def lines(*texts: str) -> list[Line]:
    return [Line(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "won", "change", "before"),
    [
        ("목표주가 85,000원(상향)", 85_000, "상향", None),
        ("목표주가 | 85,000원(상향)", 85_000, "상향", None),
        ("목표주가(12M) 85,000", 85_000, None, None),
        ("목표주가 (원) | 85,000", 85_000, None, None),
        ("목표주가(유지): 85,000원", 85_000, "유지", None),
        ("목표주가 상향 85,000원", 85_000, "상향", None),
        ("12개월 목표주가 KRW 1,250,000", 1_250_000, None, None),
        ("TP 8.5만원", 85_000, None, None),
        ("TP W85,000", 85_000, None, None),
        ("Target Price | ₩32,000 (Maintain)", 32_000, "유지", None),
        ("적정주가 8만5천원", 85_000, None, None),
        ("목표가 8만 5,000원", 85_000, None, None),
        ("목표주가 85천원", 85_000, None, None),
        ("목표주가(천원) 85", 85_000, None, None),
        ("목표주가 85000", 85_000, None, None),
        ("목표주가 85,000원 66,400원 28%", 85_000, None, None),
        ("목표주가(원, 12M) 85,000", 85_000, None, None),
        ("목표주가(상향) ▲ 85,000원", 85_000, "상향", None),
        ("목표주가 (상향, 원) | 85,000", 85_000, "상향", None),
        ("6개월 목표주가 85,000 상향", 85_000, "상향", None),
        ("Target price (12M, W) 85,000", 85_000, None, None),
        ("목표주가 85,000 원 (상향) | 현재주가(5/11) 66,400 원", 85_000, "상향", None),
        ("목표주가 7만8천원에서 8만5천원으로 올린다", 85_000, "상향", 78_000),
        ("목표주가 100만원", 1_000_000, None, None),
        ("적정주가(원) | 85,231 | 목표주가 85,000원", 85_000, None, None),
        ("목표주가 85,000원 (기존 78,000원)", 85_000, None, 78_000),
        ("목표주가 78,000원 → 85,000원", 85_000, "상향", 78_000),
        ("목표주가 8.5만원 → 7.8만원", 78_000, "하향", 85_000),
        ("목표주가를 78,000원에서 85,000원으로 상향한다", 85_000, "상향", 78_000),
        ("목표주가를 종전 78,000원에서 85,000원으로 9% 상향한다", 85_000, "상향", 78_000),
    ],
)
def test_target_price_is_read_as_written(text: str, won: int, change: str | None, before: int | None) -> None:
    target, earlier, warnings = read_target(lines(text))
    assert target is not None
    assert (target.won, target.change, earlier and earlier.won, warnings) == (won, change, before, [])
    assert target.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "목표주가는 2026년 예상 EPS 5,000원에 PER 17배를 적용",
        "목표주가 대비 상승여력 20%",
        "목표주가 2026년",
        "목표주가 2026",
        "목표주가 12배",
        "목표주가 20% 상향",
        "목표주가 USD 120",
        "목표주가 120달러",
        "목표주가 12,000엔",
        "목표주가 N/A",
        "목표주가 85,000~90,000원",
        "목표주가 85,000원에서 90,000원 사이",
        "목표주가 1,234,567,890원",
        "목표주가 8만원대",
        "목표주가 85,000백만원",
        "목표주가 85,000 78,000",
        "Bull case 목표주가 110,000원",
        "컨센서스 평균 목표주가 91,000원",
        "기존 목표주가 78,000원",
        "현재주가 66,400원",
    ],
)
def test_what_is_no_target_price_gives_none(text: str) -> None:
    assert read_target(lines(text))[0] is None


def test_two_target_prices_give_none_and_say_so() -> None:
    target, _, warnings = read_target(lines("목표주가 85,000원", "목표주가를 90,000원으로 상향"))
    assert target is None
    assert "85,000원, 90,000원" in warnings[0]


def test_a_chart_is_no_box_of_facts() -> None:
    assert read_target(lines("수정주가", "목표주가", "120,000", "100,000", "80,000"))[0] is None
    target, _, _ = read_target(lines("목표주가", "85,000", "현재주가", "66,400"))
    assert target is not None
    assert target.won == 85_000


def test_a_value_under_its_label_and_a_price_said_twice_are_one_fact() -> None:
    target, earlier, _ = read_target(
        lines("투자의견", "매수", "목표주가", "85,000원", "기존 목표주가 | 78,000원", "TP 8.5만원(상향)")
    )
    assert target is not None
    assert earlier is not None
    assert (target.won, target.change, earlier.won) == (85_000, "상향", 78_000)
    rating, _ = read_rating(lines("투자의견", "매수(유지)"))
    assert rating is not None
    assert (rating.word, rating.change) == ("매수", "유지")


_SPELLINGS = {
    "{:,}원": 1,
    "{:,}": 1,
    "₩{:,}": 1,
    "KRW {:,}": 1,
    "{:,} 원": 1,
    "{}원": 1,
    "{}천원": 1_000,
    "{}만원": 10_000,
}


@given(
    st.integers(min_value=300, max_value=2_500),
    st.sampled_from(sorted(_SPELLINGS)),
    st.sampled_from(["목표주가", "목표 주가(12M)", "Target Price", "TP", "적정주가 |", "목표주가(원):"]),
    st.sampled_from(["", "(유지)", " (상향)", "[하향]", " 유지", "(Maintain)"]),
)
def test_any_price_in_any_spelling_comes_back(count: int, spelling: str, label: str, tail: str) -> None:
    scale = _SPELLINGS[spelling]
    shown = count if scale > 1 else count * 1_000
    if "(원)" in label and scale > 1:
        label = "목표주가"
    target, earlier, warnings = read_target(lines(f"{label} {spelling.format(shown)}{tail}"))
    assert target is not None
    assert (target.won, earlier, warnings) == (shown * scale, None, [])


@given(
    st.text(
        alphabet="목표주가투자의견매수기존에서→을를 |():0123456789,.만천원상향유지TPBuy₩%~-", max_size=200
    )
)
def test_any_line_is_read_without_fail_and_only_from_its_own_digits(text: str) -> None:
    target, earlier, _ = read_target(lines(text))
    read_rating(lines(text))
    for price in (target, earlier):
        if price:
            assert price.quote in text
            assert 10 <= price.won <= 100_000_000
            assert str(price.won).rstrip("0")[:1] in price.quote


@pytest.mark.parametrize(
    ("text", "word", "change"),
    [
        ("투자의견 매수(유지)/Buy", "매수", "유지"),
        ("투자의견 | 매수(유지)", "매수", "유지"),
        ("투자의견: 중립(하향)", "중립", "하향"),
        ("투자의견은 매수를 유지한다", "매수", None),
        ("Rating | Buy (Maintain)", "Buy", "유지"),
        ("BUY (Maintain)", "BUY", "유지"),
        ("Hold(Downgrade)", "Hold", "하향"),
        ("Trading Buy 유지", "Trading Buy", "유지"),
        ("가온전자 (990011/매수)", "매수", None),
        ("투자의견 Not Rated", "Not Rated", None),
        ("투자의견 비중확대 (신규)", "비중확대", "신규"),
        ("투자의견 시장수익률 상회", "시장수익률 상회", None),
        ("투자의견(유지) 매수", "매수", None),
        ("Buy (유지) | 목표주가 85,000원", "Buy", "유지"),
        ("BUY(유지) | 현재주가 66,400원", "BUY", "유지"),
        ("매수 목표주가 85,000원", "매수", None),
    ],
)
def test_rating_keeps_the_brokers_word(text: str, word: str, change: str | None) -> None:
    rating, warnings = read_rating(lines(text))
    assert rating is not None
    assert (rating.word, rating.change, warnings) == (word, change, [])


@pytest.mark.parametrize(
    "text",
    [
        "매수: 향후 12개월 +15% 이상",
        "매수세가 들어왔다",
        "자사주 매수 계획",
        "Buyback",
        "투자의견 분류",
        "매수 | 1,234",
        "매도 | 매수",
    ],
)
def test_what_is_no_rating_gives_none(text: str) -> None:
    assert read_rating(lines(text)) == (None, [])


def test_two_ratings_give_none_and_say_so() -> None:
    rating, warnings = read_rating(lines("투자의견 매수", "투자의견 중립"))
    assert rating is None
    assert "매수, 중립" in warnings[0]
    assert read_rating(lines("투자의견 매수", "Rating Buy"))[0] is not None


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["2026.05.12"], date(2026, 5, 12)),
        (["2026년 4월 28일 | 다라투자증권 리서치센터"], date(2026, 4, 28)),
        (["2026. 5. 12 (화)"], date(2026, 5, 12)),
        (["12 May 2026"], date(2026, 5, 12)),
        (["May 12, 2026"], date(2026, 5, 12)),
        (["현재주가(2026.05.11) 66,400원", "2026.05.12"], date(2026, 5, 12)),
        (["2026.05.11", "발간일: 2026-05-12"], date(2026, 5, 12)),
        (["2026년 5월 8일 발표한 실적이 좋았다."], date(2026, 5, 13)),
        (["2026.13.45", "2026.05"], date(2026, 5, 13)),
    ],
)
def test_date_is_the_reports_own(texts: list[str], day: date) -> None:
    assert read_date(lines(*texts), "20260513_가나증권.pdf") == day


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    for form in ("%Y.%m.%d", "%Y-%m-%d", "%Y/%m/%d", "%Y년 %m월 %d일", "%Y%m%d"):
        assert list(dates_in(day.strftime(form))) == [day]
    assert list(dates_in(f"{day.year}. {day.month}. {day.day}")) == [day]


@pytest.mark.parametrize(
    ("texts", "broker"),
    [
        (["가나증권 리서치센터", "다라증권 목표가 비교"], "가나증권"),
        (["NH투자증권"], "NH투자증권"),
        (["당사(가나증권)는 유가증권시장에서 거래하고 있습니다."], "가나증권"),
        (["Gana Securities Research"], "Gana Securities"),
        (["증권사: 마바증권"], "마바증권"),
        (["사아증권 (990044)", "가나증권 리서치센터"], "가나증권"),
        (["사아증권 (990044)"], "다라증권"),
    ],
)
def test_broker_is_who_wrote_not_who_is_written_about(texts: list[str], broker: str) -> None:
    assert read_broker(lines(*texts), "20260512_다라증권.pdf", "사아증권") == broker
