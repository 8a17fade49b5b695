"""What a digest says around its filings, which core/digest tells at the reader's level."""

from datetime import date

FICTIONAL = " (가상의 예시)"
HOW = "바꾸기: /digest · 지켜보는 회사: /watch"
NOTHING_NEW = "지켜보는 곳의 새 공시가 없어요."
CELLS, AMENDED = "근거 셀", "정정"

_WEEKDAYS = "월화수목금토일"


def heading(day: date, count: int, companies: int) -> str:
    """`companies` 0: not worth saying."""
    named = f"{_day(day)}({_WEEKDAYS[day.weekday()]})"
    if not count:
        return f"{named} 공시 없음"
    return f"{named} 공시 {count:,}건" + (f" · {companies}개 회사" if companies else "")


def instant(count: int) -> str:
    return f"새 공시 {count:,}건"


def more(count: int) -> str:
    return f"그 밖에 {count:,}건이 더 있어요."


def amended_why(why: str) -> str:
    return f"정정한 까닭: {why}"


def received(at: date, day: date) -> str:
    year = f"{at.year}년 " if at.year != day.year else ""
    return f" ({year}{_day(at)} 접수)"


def _day(day: date) -> str:
    return f"{day.month}월 {day.day}일"
