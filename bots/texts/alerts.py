"""What an operator is told unasked."""

from datetime import datetime

FRESH_AGAIN = "다시 정상이에요: 새 공시를 받고 있어요."


def stale(last: datetime) -> str:
    """`last` in Seoul's time."""
    return (
        f"{last.month}월 {last.day}일 {last:%H:%M} 뒤로 새 공시를 받지 못했어요."
        " gongsi etl status 로 까닭을 확인해 주세요."
    )
