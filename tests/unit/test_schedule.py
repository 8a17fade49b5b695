"""Trading days and slots."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.korean import korean_time
from core.schedule import daily, every, korean_trading_day, office_hours, weekly


@pytest.mark.parametrize(
    "day",
    [
        "2025-01-01", "2025-01-27", "2025-01-30", "2025-03-03", "2025-05-01", "2025-05-06", "2025-06-03",
        "2025-10-08", "2025-12-25", "2025-12-31", "2026-02-17", "2026-03-02", "2026-05-01", "2026-05-25",
        "2026-06-03", "2026-07-17", "2026-08-17", "2026-09-25", "2026-10-05", "2026-12-31",
        "2022-12-30", "2023-12-29",  # the 31st was a weekend
    ],
)  # fmt: skip
def test_closed(day: str) -> None:
    assert date.fromisoformat(day).weekday() < 5
    assert not korean_trading_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day",
    ["2025-01-02", "2025-01-31", "2025-05-02", "2025-07-17", "2025-10-02", "2025-10-10", "2025-12-30",
     "2026-01-02", "2026-04-30", "2026-07-16", "2026-09-28", "2026-12-30", "2022-12-29", "2023-12-28"],
)  # fmt: skip
def test_open(day: str) -> None:
    assert korean_trading_day(date.fromisoformat(day))


def test_a_weekend_is_closed() -> None:
    assert not korean_trading_day(date(2026, 11, 28))
    assert not korean_trading_day(date(2026, 11, 29))


def test_a_year_has_some_245_trading_days() -> None:
    """2024 had 244 by KRX's statistics."""
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    assert sum(map(korean_trading_day, days)) == 244


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Seoul; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, 31, tzinfo=korean_time(datetime.now(UTC)).tzinfo)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (at(23, 9, 17), at(23, 9, 10)),
        (at(23, 19, 0), at(23, 19, 0)),
        (at(23, 19, 5), at(23, 19, 0)),
        (at(23, 20, 59), at(23, 20, 0)),
        (at(23, 6, 59), at(23, 6, 0)),
        (at(28, 9, 17), at(28, 9, 0)),
        (at(23, 0, 3), at(23, 0, 0)),
    ],
)
def test_refresh_is_often_on_weekdays_and_hourly_at_other_times(now: datetime, slot: datetime) -> None:
    assert office_hours(10)(now.astimezone(UTC)) == slot.replace(second=0)


def test_daily_is_the_last_time_that_has_come() -> None:
    assert daily("02:30")(at(23, 2, 30)) == at(23, 2, 30).replace(second=0)
    assert daily("02:30")(at(23, 2, 29)) == at(22, 2, 30).replace(second=0)


def test_weekly_is_the_last_sunday_at_its_time() -> None:
    sunday = at(22, 2, 30).replace(second=0)
    assert weekly("02:30")(at(22, 2, 30)) == sunday
    assert weekly("02:30")(at(28, 9, 0)) == sunday
    assert weekly("02:30")(at(22, 2, 29)) == sunday - timedelta(days=7)


def test_slots_never_go_back_and_never_lie_ahead() -> None:
    for slot in (office_hours(7), office_hours(10), every(1), every(45), daily("18:30"), weekly("02:30")):
        before = slot(at(21, 0))
        for minutes in range(0, 3 * 24 * 60, 7):
            now = at(21, 0) + timedelta(minutes=minutes)
            assert before <= slot(now) <= now
            before = slot(now)
