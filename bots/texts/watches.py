"""What is said to /watch, /unwatch and /digest."""

from collections.abc import Sequence

from core.korean import particle
from core.model import Company

MARKET = "전체 중요 공시"
WATCH_HOW = f"회사 이름이나 종목코드를 적어 주세요: /watch 삼성전자, /watch 005930, /watch {MARKET}"
UNWATCH_HOW = "무엇을 그만 볼까요? 예) /unwatch 삼성전자, /unwatch 모두"
DIGEST_HOW = (
    "이렇게 바꿔요: /digest 18:30 (시각), /digest 끄기·켜기, /digest 없는 날에도 (공시가 없어도 알림), "
    "/digest 즉시 유상증자 (나오자마자 알림: 유상증자, 실적, 최대주주변경, 전체 …), /digest 즉시 끄기"
)
NOTHING = "지켜보는 회사가 없어요."
NOTHING_TO_UNWATCH = f"{NOTHING} /watch 회사이름 으로 더할 수 있어요."
NOTHING_WATCHED = f"{NOTHING[:-1]}: /watch 회사이름"
MARKET_NOT_WATCHED = f"{particle(MARKET, '은/는')} 지켜보고 있지 않았어요."
UNKNOWN_CODE = "그 종목코드의 회사를 찾지 못했어요. 이름이나 종목코드 여섯 자리로 다시 적어 주세요."
OFF = "알림이 꺼져 있어요. /digest 켜기 로 다시 켤 수 있어요."
NO_KINDS, ALL_KINDS = "없음", "모든 공시"

_LISTED = 30  # names shown at once
_QUOTED = 30  # characters of what a person wrote
_ASKED = 8  # companies that one is asked to choose from


def listed(names: Sequence[str]) -> str:
    more = f" 밖 {len(names) - _LISTED:,}곳" if len(names) > _LISTED else ""
    return f"지켜보는 곳 {len(names):,}: {', '.join(names[:_LISTED])}{more}"


def watching(names: str, clock: str) -> str:
    return f"{_watching(names)} 거래일 {clock}에 그날의 공시를 모아 알려 드려요(바꾸기: /digest)."


def watching_silently(names: str) -> str:
    return f"{_watching(names)} 알림이 꺼져 있으니 /digest 켜기 로 켜 주세요."


def _watching(names: str) -> str:
    return f"{particle(names, '을/를')} 지켜봐요."


def watched_already(names: str) -> str:
    return f"{particle(names, '은/는')} 이미 지켜보고 있어요."


def too_many(most: int) -> str:
    return f"한 대화방에서 지켜볼 수 있는 곳은 {most}곳까지예요. /unwatch 로 줄인 뒤 더해 주세요."


def unwatched(names: str) -> str:
    return f"{particle(names, '을/를')} 그만 지켜봐요."


def unwatched_all(count: int) -> str:
    return f"{count}곳을 모두 그만 지켜봐요."


def not_watched(asked: str) -> str:
    return f"‘{_short(asked)}’ 가운데 지켜보는 회사가 없어요. 목록은 /watch 로 볼 수 있어요."


def not_collected(company: Company) -> str:
    return (
        f"{particle(company.corp_name, '은/는')} 아직 공시를 모으지 않는 회사예요. 운영자가 모을"
        " 회사(universe)에 더하면 지켜볼 수 있어요."
    )


def unknown(asked: str) -> str:
    return f"‘{_short(asked)}’라는 회사를 찾지 못했어요. 이름이나 종목코드 여섯 자리로 다시 적어 주세요."


def which(found: Sequence[Company]) -> str:
    names = ", ".join(
        f"{one.corp_name}({one.stock_code})" if one.stock_code else one.corp_name for one in found[:_ASKED]
    )
    return f"어느 회사인가요? {names} 가운데 이름이나 종목코드로 다시 적어 주세요."


def no_such_setting(asked: str) -> str:
    return f"‘{_short(asked)}’라는 설정은 없어요."


def no_digest(clock: str) -> str:
    return f"아직 알림이 없어요. /watch 회사이름 을 적으면 거래일 {clock}에 알려 드려요."


def digest(clock: str, *, empty: bool, instant: str) -> str:
    days = "공시가 없는 날에도 알림" if empty else "공시가 없는 날은 쉼"
    return f"하루 요약: 거래일 {clock} · {days} · 나오자마자 알림: {instant}"


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
