"""The periods and days that a Korean sentence names: 2024년 상반기, 작년 말, 2025-07-11."""

import re
from dataclasses import dataclass, replace

# Of one hand: `2024년 7.7%` is a year and a rate.
_DATE = (
    r"(?<!\d)(?P<dy>(?:19|20)\d{2})\s*(?:년\s*(?P<dm>\d{1,2})\s*월\s*(?P<dd>\d{1,2})(?!\d)\s*일?"
    r"|[-./]\s*(?P<em>\d{1,2})\s*[-./]\s*(?P<ed>\d{1,2})(?!\d)\s*일?)"
)
_YEAR = (
    r"(?<![\d.,])(?P<y>(?:19|20)\d{2})\s*(?:년도?|사업\s*연도|회계\s*연도)(?!\s*간)"
    r"|(?<![\d.,])(?P<dot>(?:19|20)\d{2})(?=\.\d{2}(?!\d)|\s*(?:연결|별도)\b|\)|$)"
    r"|FY\s*(?P<fy>(?:20)?\d{2})(?!\d)|(?<![\d.,])['‘’]?(?P<yy>[0-3]\d)년(?!\s*(?:간|동안|만|이|물))"
    r"|(?P<rel>재작년|작년|지난해|올해|금년|내년|전년도?|직전\s*연도|(?<![가-힣])전기(?![가-힣㈜])|같은\s*해|이듬해)"
)
_SPAN = (
    r"(?:(?P<a>\d{1,2})\s*월?\s*[~∼～\-–]\s*(?P<b>\d{1,2})\s*월|(?P<m>(?<!\d)\d{1,2})\s*월(?!\s*\d{1,2}\s*일)"
    r"|(?P<q>[1-4])\s*분기|(?P<h>상반기|하반기|반기)|\.(?P<dotm>\d{2})(?!\d)|(?P<same>같은\s*기간|동기(?![가-힣])|동기(?=보다|대비|에)))"
)
_KIND = r"(?P<kind>말|초(?!과)|기초|누적|3\s*개월|석\s*달|세\s*달)"
_WHEN = re.compile(
    rf"(?:{_DATE})|(?:{_YEAR})(?:의)?\s*(?:{_SPAN})?\s*(?:{_KIND})?|(?<![\d가-힣])(?:"
    rf"{_SPAN.replace('?P<', '?P<s_')})\s*(?:{_KIND.replace('?P<', '?P<s_')})?"
)
_RELATIVE = {"재작년": -2, "작년": -1, "지난해": -1, "올해": 0, "금년": 0, "내년": 1}
_BASE_AFTER = re.compile(
    r"\s*(?:의|에)?\s*(?:연결|별도)?\s*(\([^()]*\)|[-−–△▲]?\d[\d,.조억만천백\s]*[원%주명]p?)?\s*"
    r"(?:보다|대비|에\s*비(?:해|하여)|[과와]\s*비교|에\s*견|[과와]\s*견|에서(?!\s*는))"
)
_BRACKET_AFTER = re.compile(r"\s?(\([^()]*\))")


@dataclass(frozen=True, slots=True)
class When:
    """A period named. `year` None: that of the sentence before, `shift` years away.

    `kind`: '' (a whole year), 말, 초, 누적, 3개월, 월, 분기, 반기, 하반기, 동기 or 일 (a day).
    `base`: compared with, not spoken of.
    `inside` is the place of the brackets that follow it: `2023년(2조원)`.
    """

    year: int | None
    month: int | None
    kind: str
    start: int
    end: int
    day: int | None = None
    shift: int = 0
    same: bool = False
    base: bool = False
    inside: tuple[int, int] = (-1, -1)


def whens(text: str, this_year: int | None) -> list[When]:
    """The periods and days named; `this_year` is what 작년 counts from."""
    found = []
    for match in _WHEN.finditer(text):
        made = _when(match, this_year)
        if made is None:
            continue
        base = _BASE_AFTER.match(text, made.end)
        bracket = _BRACKET_AFTER.match(text, made.end)
        inside = bracket.span(1) if bracket else base.span(1) if base and base[1] else (-1, -1)
        found.append(replace(made, base=bool(base), inside=inside))
    return found


def _when(match: re.Match[str], this_year: int | None) -> When | None:
    group = match.groupdict()
    if group["dy"]:
        day = (int(group["dy"]), int(group["dm"] or group["em"] or 0), int(group["dd"] or group["ed"] or 0))
        return When(day[0], day[1], "일", *match.span(), day=day[2])
    year, shift = _year(group, this_year)
    part = "" if year is not None or shift or group["rel"] else "s_"
    kind = re.sub(r"\s|세", "", group[f"{part}kind"] or "").replace("석달", "3개월").replace("달", "3개월")
    month, kind = _month(group, part, kind)
    if part and not kind:
        return None
    same = bool(group[f"{part}same"])
    return When(year, month, kind, *match.span(), shift=shift, same=same)


def _year(group: dict[str, str | None], this_year: int | None) -> tuple[int | None, int]:
    """(year, None for that of the sentence; years away from it)."""
    if full := group["y"] or group["dot"]:
        return int(full), 0
    if short := group["fy"] or group["yy"]:
        return int(short) % 100 + 2000, 0
    relative = re.sub(r"\s", "", group["rel"] or "")
    if relative in _RELATIVE:
        return (this_year + _RELATIVE[relative], 0) if this_year else (0, 0)
    return None, {"": 0, "같은해": 0, "이듬해": 1}.get(relative, -1)


def _month(group: dict[str, str | None], part: str, kind: str) -> tuple[int | None, str]:
    def at(name: str) -> int:
        return int(group[part + name] or 0)

    if at("b"):
        if at("a") == 1:
            return at("b"), kind or "누적"
        return at("b"), "3개월" if at("b") - at("a") == 2 else "?"
    if month := at("m") or at("dotm"):
        return month, kind or "월"
    if quarter := at("q"):
        return quarter * 3, kind or "분기"
    if half := group[part + "h"]:
        return (12, "하반기") if half == "하반기" else (6, kind or "반기")
    if group[part + "same"]:
        return None, kind or "동기"
    return None, kind
